"""What the marts must say about the real data sets: one query and one figure each.

The figures are control totals: what the sources state about themselves, or what a plain sum over their rows
gives. Money is compared at the decimals that the figure is given with.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import duckdb

SUCCESSES = "count(*) filter (where state = 'success')"
FAILED_COST = "sum(total_cost_usd) filter (where state = 'failed')"


@dataclass(frozen=True)
class Check:
    """One figure. `sql` gives one row: a value, or a numerator and a denominator of a ratio."""

    data_set: str
    figure: str
    expected: str
    sql: str

    @property
    def name(self) -> str:
        """For test reports."""
        return f"{self.data_set}: {self.figure}"


def got(marts: duckdb.DuckDBPyConnection, check: Check) -> str:
    """The marts' figure as text, with as many decimals as the expected one; no value is `-`."""
    row = marts.execute(check.sql).fetchone()
    if row is None or row[0] is None:
        return "-"
    value = Decimal(row[0]) / row[1] if len(row) == 2 else Decimal(row[0])
    decimals = -int(Decimal(check.expected).as_tuple().exponent) if check.expected != "-" else 12
    return format(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), "f")


def of_units(data_set: str, figure: str, expected: str, expression: str, where: str = "true") -> Check:
    """A figure over the unit ledger of one data set."""
    return Check(
        data_set,
        figure,
        expected,
        f"select {expression} from marts.fct_units where application = '{data_set}' and {where}",
    )


def of_calls(data_set: str, figure: str, expected: str, expression: str, where: str = "true") -> Check:
    """A figure over the priced calls of one data set."""
    return Check(
        data_set,
        figure,
        expected,
        f"select {expression} from marts.fct_usage_costs where application = '{data_set}' and {where}",
    )


def of_months(data_set: str, figure: str, expected: str, expression: str) -> Check:
    """A figure over the monthly unit economics of one data set."""
    return Check(
        data_set,
        figure,
        expected,
        f"select {expression} from marts.rpt_unit_economics "
        f"where application = '{data_set}' and period_grain = 'month'",
    )


def of_days(data_set: str, figure: str, expected: str, expression: str) -> Check:
    """A figure over the daily unit economics of one data set."""
    return Check(
        data_set,
        figure,
        expected,
        f"select {expression} from marts.fct_unit_economics_daily where application = '{data_set}'",
    )


def of_coverage(data_set: str, column: str, expected: str) -> Check:
    """A sum over the coverage of one data set."""
    return Check(
        data_set,
        f"coverage: {column}",
        expected,
        f"select sum({column}) from marts.rpt_coverage where application = '{data_set}'",
    )


def of_agent(data_set: str, agent_id: str, figure: str, expected: str, expression: str) -> Check:
    """A figure over the units of one agent."""
    return of_units(data_set, f"{agent_id}: {figure}", expected, expression, f"agent_id = '{agent_id}'")


def of_dimension(data_set: str, dimension: str, value: str, column: str, expected: str) -> Check:
    """A measure of one agent's, model's or step's month; each of them has one month in these data sets."""
    return Check(
        data_set,
        f"{dimension} {value}: {column}",
        expected,
        f"select max({column}) from marts.rpt_unit_economics_by_dimension where application = '{data_set}' "
        f"and period_grain = 'month' and dimension = '{dimension}' and dimension_value = '{value}'",
    )


def of_leg(data_set: str, model: str, column: str, expected: str) -> Check:
    """What was metered, or what somebody else published, of one model's run: the legs of a reconciliation."""
    return Check(
        data_set,
        f"reconciliation of {model}: {column}",
        expected,
        f"select sum({column}) from marts.fct_reconciliation_legs where issuer = 'openhands' "
        f"and model = '{model.lower()}' and estimated_amount is not null and exported_amount is not null",
    )


def ljoukov_small() -> list[Check]:
    """The price list agrees with most of the reported costs, and the marts show where it does not."""
    name = "ljoukov_small"
    agent, grader = "step = 'agent'", "step = 'grader'"
    equal = "repriced_cost_usd = reported_cost_usd and cost_basis = 'repriced_list'"
    codex = f"{agent} and agent_id = 'chatgpt-gpt-5.3-codex'"
    return [
        of_units(name, "units", "16", "count(*)"),
        of_units(name, "successes", "9", "count(*)", "state = 'success'"),
        of_units(name, "final units", "16", "count(*)", "is_final"),
        of_calls(name, "input tokens", "756249", "sum(input_tokens)"),
        of_calls(name, "cached input tokens", "402729", "sum(cache_read_tokens)"),
        of_calls(name, "output tokens, response + thinking", "116673", "sum(output_tokens)"),
        of_calls(name, "thinking tokens", "57710", "sum(reasoning_tokens)"),
        of_calls(name, "reported cost, agent", "1.20927695", "sum(reported_cost_usd)", "layer = 'model_api'"),
        of_calls(
            name, "reported cost, grader", "0.22045450", "sum(reported_cost_usd)", "layer = 'evaluation'"
        ),
        of_calls(name, "reported cost", "1.42973145", "sum(reported_cost_usd)"),
        of_calls(
            name,
            "reported cost per success",
            "0.158859050000",
            "sum(reported_cost_usd), (select count(*) from marts.fct_units as units "
            f"where units.application = '{name}' and units.state = 'success')",
        ),
        of_calls(name, "events with tokens", "29", "count(*)", "input_tokens is not null"),
        of_calls(name, "events without tokens", "3", "count(*)", "input_tokens is null"),
        of_calls(name, "agent calls, list = reported", "8", "count(*)", f"{agent} and {equal}"),
        of_calls(name, "their cost", "0.9619319", "sum(cost_usd)", f"{agent} and {equal}"),
        of_calls(name, "grader calls, list = reported", "15", "count(*)", f"{grader} and {equal}"),
        of_calls(
            name,
            "gpt-5.3-codex calls at the list price",
            "2",
            "count(*)",
            f"{codex} and cost_basis = 'repriced_list'",
        ),
        of_calls(name, "gpt-5.3-codex, reported", "0.13995325", "sum(reported_cost_usd)", codex),
        of_calls(name, "gpt-5.3-codex, list = 1.4 x reported", "0.19593455", "sum(repriced_cost_usd)", codex),
        of_calls(
            name,
            "glm-5, not in the list: reported is used",
            "2",
            "count(*)",
            f"{agent} and agent_id = 'glm-5' and cost_basis = 'reported'",
        ),
        of_calls(name, "glm-5, cost", "0.1073918", "sum(cost_usd)", f"{agent} and agent_id = 'glm-5'"),
        of_calls(
            name,
            "gemini-flash-latest, reported 0: unpriced",
            "2",
            "count(*)",
            f"{agent} and agent_id = 'gemini-flash-latest' and cost_basis = 'unpriced'",
        ),
        of_calls(
            name,
            "its input tokens",
            "126249",
            "sum(input_tokens)",
            f"{agent} and agent_id = 'gemini-flash-latest'",
        ),
        of_units(name, "cost of the units", "1.48571275", "sum(total_cost_usd)"),
        of_units(name, "of it evaluation", "0.22045450", "sum(evaluation_cost_usd)"),
        of_months(name, "cost per success", "0.165079194444", "max(cost_per_successful_unit_usd)"),
        of_dimension(name, "step", "agent", "total_cost_usd", "1.26525825"),
        of_dimension(name, "step", "grader", "total_cost_usd", "0.22045450"),
        of_dimension(name, "agent", "glm-5", "cost_per_successful_unit_usd", "0.069468650000"),
        *[
            check
            for agent_id in ("gemini-flash-latest", "gemini-3-flash-preview")
            for check in (
                of_agent(name, agent_id, "units", "2", "count(*)"),
                of_agent(name, agent_id, "successes", "0", SUCCESSES),
                of_dimension(name, "agent", agent_id, "successful_units", "0"),
                of_dimension(name, "agent", agent_id, "cost_per_successful_unit_usd", "-"),
            )
        ],
    ]


def openhands_gaia() -> list[Check]:
    """Nine agents on the same 165 questions: cost per success beside the published cost per question."""
    name = "openhands_gaia"
    runs = {
        # agent run: successes, cost, cost per success, cost of failures, calls of unknown cost; published cost
        "alternative_agents/acp-claude/claude-opus-4-6": (
            "109",
            "295.26910167",
            "2.70889084",
            "145.13209317",
            "16",
            "295.35",
        ),
        "results/DeepSeek-V4-Pro": ("21", "26.30100000", "1.25242857", "24.62936475", "0", "26.301"),
        "results/GPT-5.2": ("108", "79.76641680", "0.73857793", "45.11789380", "2", "79.2"),
        "results/Gemini-3-Flash": ("97", "62.32299055", "0.64250506", "18.69567325", "11", "62.7"),
        "results/MiniMax-M2.5": ("79", "9.68550000", "0.12260127", "6.75961887", "0", "9.6855"),
        "results/Nemotron-3-Super": ("66", "19.77840000", "0.29967273", "15.12245259", "1", "19.899"),
        "results/claude-fable-5": ("139", "1304.52283800", "9.38505639", "911.85813000", "0", "1305.15"),
        "results/claude-opus-4-5": ("114", "86.69591050", "0.76049044", "35.00355525", "7", "90.75"),
        "results/claude-sonnet-4-5": ("120", "142.50232395", "1.18751937", "65.39745585", "2", "143.55"),
    }
    checks = [
        of_units(name, "units", "1485", "count(*)"),
        of_units(name, "successes", "853", "count(*)", "state = 'success'"),
        of_units(name, "failures", "632", "count(*)", "state = 'failed'"),
        of_units(name, "cost", "2026.84448147", "sum(total_cost_usd)"),
        of_units(name, "cost of failures", "1267.71623753", "sum(total_cost_usd)", "state = 'failed'"),
        of_months(name, "cost of all months", "2026.84448147", "sum(total_cost_usd)"),
        of_months(name, "cost per success", "2.37613656", "sum(total_cost_usd), sum(successful_units)"),
        of_calls(name, "calls of unknown cost", "39", "count(*)", "reported_cost_usd is null"),
        of_calls(name, "calls with a reported 0", "6", "count(*)", "reported_cost_usd = 0"),
        of_calls(name, "calls at their reported cost", "1440", "count(*)", "cost_basis = 'reported'"),
        of_calls(name, "calls without a cost", "45", "count(*)", "cost_status = 'usage_missing'"),
        of_units(name, "units without a cost", "45", "count(*)", "usage_missing_count = 1"),
        of_days(name, "cost of all days", "2026.84448147", "sum(total_cost_usd)"),
        of_days(name, "cost of failures of all days", "1267.71623753", "sum(failed_cost_usd)"),
        of_coverage(name, "requests", "1485"),
        of_coverage(name, "requests_with_usage", "0"),
        of_coverage(name, "requests_with_unit", "1485"),
        of_coverage(name, "units_with_outcome", "1485"),
        of_coverage(name, "cost_usd", "2026.84448147"),
        Check(
            name,
            "successes of unknown cost",
            "2",
            "select count(*) from marts.fct_usage_costs as calls inner join marts.fct_units as units "
            "on calls.unit_type = units.unit_type and calls.unit_id = units.unit_id "
            f"where calls.application = '{name}' and calls.reported_cost_usd is null "
            "and units.state = 'success'",
        ),
    ]
    for agent_id, (successes, cost, per_success, failed_cost, unknown, published) in runs.items():
        checks += [
            of_agent(name, agent_id, "attempts", "165", "count(*)"),
            of_agent(name, agent_id, "successes", successes, SUCCESSES),
            of_agent(name, agent_id, "cost", cost, "sum(total_cost_usd)"),
            of_agent(name, agent_id, "cost per success", per_success, f"sum(total_cost_usd), {SUCCESSES}"),
            of_agent(name, agent_id, "cost of failures", failed_cost, FAILED_COST),
            of_dimension(name, "agent", agent_id, "attempted_units", "165"),
            of_dimension(name, "agent", agent_id, "successful_units", successes),
            of_dimension(name, "agent", agent_id, "total_cost_usd", cost),
            of_dimension(name, "agent", agent_id, "failed_cost_usd", failed_cost),
            of_dimension(name, "agent", agent_id, "cost_per_successful_unit_usd", per_success),
            of_dimension(name, "model", agent_id.split("/")[-1], "cost_per_successful_unit_usd", per_success),
            of_leg(name, agent_id.split("/")[-1], "estimated_amount", cost),
            of_leg(name, agent_id.split("/")[-1], "exported_amount", published),
            of_calls(
                name,
                f"{agent_id}: calls of unknown cost",
                unknown,
                "count(*)",
                f"agent_id = '{agent_id}' and reported_cost_usd is null",
            ),
        ]
    return checks


def tau_bench_airline() -> list[Check]:
    """Four trials of each ticket: the chance that k trials all succeed falls with k."""
    name = "tau_bench_airline"
    tickets = (
        "(select split_part(unit_id, '/', 1) as ticket, count(*) filter (where state = 'success') as solved "
        f"from marts.fct_units where application = '{name}' group by 1)"
    )

    def of_tickets(figure: str, expected: str, expression: str) -> Check:
        return Check(name, figure, expected, f"select {expression} from {tickets}")

    return [
        of_units(name, "units", "200", "count(*)"),
        of_units(name, "successes", "84", "count(*)", "state = 'success'"),
        of_tickets("pass^1", "0.420000", "sum(solved), count(*) * 4"),
        of_tickets("pass^2", "0.273333", "sum((solved * (solved - 1)) // 2), count(*) * 6"),
        of_tickets("pass^3", "0.220000", "sum((solved * (solved - 1) * (solved - 2)) // 6), count(*) * 4"),
        of_tickets("pass^4", "0.200000", "count(*) filter (where solved = 4), count(*)"),
        of_tickets("tickets with a success", "36", "count(*) filter (where solved > 0)"),
        of_tickets("tickets with four successes", "10", "count(*) filter (where solved = 4)"),
        of_units(name, "cost", "0.50315", "sum(total_cost_usd)"),
        of_units(name, "of it evaluation", "0.50315", "sum(evaluation_cost_usd)"),
        of_units(name, "units of unknown cost", "5", "sum(usage_missing_count)"),
        of_months(name, "cost per success", "0.005989880952", "max(cost_per_successful_unit_usd)"),
    ]


def uci_incident_5k() -> list[Check]:
    """Outcomes without AI: a reopening within 48 hours stays in the episode, a later one opens another."""
    name = "uci_incident_5k"
    episodes = (
        "(select unit_id, max(episode_number) as episodes, count(*) filter (where is_reopened) as reopened "
        f"from marts.fct_units where application = '{name}' group by unit_id)"
    )

    def of_incidents(figure: str, expected: str, expression: str) -> Check:
        return Check(name, figure, expected, f"select {expression} from {episodes}")

    return [
        of_incidents("incidents", "732", "count(*)"),
        of_incidents("reopened later than 48 hours", "4", "count(*) filter (where episodes = 2)"),
        of_incidents(
            "reopened within 48 hours", "5", "count(*) filter (where episodes = 1 and reopened = 1)"
        ),
        of_incidents("reopened", "9", "count(*) filter (where episodes = 2 or reopened = 1)"),
        of_units(name, "incidents resolved for good", "731", "count(distinct unit_id)", "state = 'success'"),
        of_units(name, "incidents given up: the log ends before", "1", "count(*)", "state = 'failed'"),
        of_units(name, "AI cost", "0", "sum(total_cost_usd)"),
        of_months(name, "attempted episodes", "735", "sum(attempted_units)"),
        of_months(name, "successful episodes", "735", "sum(successful_units)"),
        of_months(name, "cost per success", "0", "max(cost_per_successful_unit_usd)"),
    ]


def azure_llm_2023() -> list[Check]:
    """Calls of which only the size is known: kept, unpriced, unattributed."""
    name = "azure_llm_2023"
    return [
        of_calls(name, "calls", "28185", "count(*)"),
        of_calls(name, "input tokens", "40421844", "sum(input_tokens)"),
        of_calls(name, "output tokens", "4334561", "sum(output_tokens)"),
        of_calls(name, "unpriced calls", "28185", "count(*)", "cost_basis = 'unpriced'"),
        of_calls(name, "calls with a unit", "0", "count(*)", "unit_id is not null"),
        of_calls(name, "code: calls", "8819", "count(*)", "workflow = 'code'"),
        of_calls(name, "code: input tokens", "18059974", "sum(input_tokens)", "workflow = 'code'"),
        of_calls(name, "code: output tokens", "245896", "sum(output_tokens)", "workflow = 'code'"),
        of_units(name, "units", "0", "count(*)"),
        of_coverage(name, "requests", "28185"),
        of_coverage(name, "requests_with_usage", "28185"),
        of_coverage(name, "requests_priced", "0"),
        of_coverage(name, "requests_with_unit", "0"),
        of_coverage(name, "cost_usd", "0"),
    ]


def all_together() -> list[Check]:
    """Nothing is lost on the way in."""
    return [
        Check(
            "all",
            f"{feed}: {column}",
            expected if column != "quarantined" else "0",
            f"select sum({column}) from marts.rpt_feed_status where feed = '{feed}'",
        )
        for feed, expected in (("ai_usage_events", "29902"), ("unit_events", "3184"), ("provider_usage", "9"))
        for column in ("records_landed", "records_kept", "quarantined")
    ]


CHECKS: list[Check] = [
    *ljoukov_small(),
    *openhands_gaia(),
    *tau_bench_airline(),
    *uci_incident_5k(),
    *azure_llm_2023(),
    *all_together(),
]

# One row per data set; the two last columns are a ratio's numerator and denominator.
SUMMARY = """
with units as (
    select
        application,
        count(*) filter (where is_attempted) as attempts,
        count(*) filter (where state = 'success') as successes,
        count(*) filter (where state = 'failed' and is_attempted) as failures,
        sum(total_cost_usd) as cost_usd
    from marts.fct_units
    group by application
),

calls as (
    select
        application,
        count(*) as calls,
        count(*) filter (where cost_basis = 'unpriced') as calls_without_cost
    from marts.fct_usage_costs
    group by application
)

select
    coalesce(units.application, calls.application) as data_set,
    coalesce(calls.calls, 0) as calls,
    coalesce(calls.calls_without_cost, 0) as calls_without_cost,
    coalesce(units.attempts, 0) as attempts,
    coalesce(units.failures, 0) as failures,
    coalesce(units.successes, 0) as successes,
    units.cost_usd
from units
full join calls on units.application = calls.application
order by data_set
"""

# One row per agent and data set, in the same order of columns.
AGENTS = """
select
    application as data_set,
    agent_id,
    count(*) as attempts,
    count(*) filter (where state = 'failed') as failures,
    count(*) filter (where state = 'success') as successes,
    sum(total_cost_usd) as cost_usd
from marts.fct_units
where agent_id is not null
group by application, agent_id
order by data_set, agent_id
"""
