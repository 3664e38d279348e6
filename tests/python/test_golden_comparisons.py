"""Golden cases of semantics.md section 6: intervals, comparisons, levers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest
from conftest import Build
from golden import World, analysis, figure, rows, same

DAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 4, 7, 9, tzinfo=UTC)
SAMPLE = "0.30 0.42 0.25 0.90 0.38 0.31 1.20 0.28 0.45 0.51 0.33 0.27".split()
FAILED = {3, 6}


def cases(world: World) -> None:
    def compare(name: str, cluster: str = "unit", strata: str = "") -> None:
        world.unit_type(name)
        world.policy["comparisons"].append(
            {
                "comparison_id": name,
                "unit_type": name,
                "workflow": name,
                "arm_dimension": "cohort",
                "baseline_arm": "old",
                "treatment_arm": "new",
                "strata": strata,
                "cluster": cluster,
                "from_date": "2026-01-01",
                "to_date": "2027-01-01",
                "confidence_level": "0.95",
            }
        )

    def sample(name: str, arm: str) -> None:
        for number, cost in enumerate(SAMPLE):
            state = "failed" if number in FAILED else "success"
            world.units(name, state, 1, DAY, cost, cohort=arm, tenant_id=f"{name}_{arm}_{number // 3}")

    # Two successes at 0.35 and 0.45: cost per success 0.40, standard error 0.05.
    compare("g6_1")
    sample("g6_1", "old")
    world.units("g6_1", "success", 1, DAY, "0.35", cohort="new")
    world.units("g6_1", "success", 1, DAY, "0.45", cohort="new")

    compare("exact")
    for arm, costs in {"old": ("0.25", "0.25", "0.50"), "new": ("0.50", "0.50", "1.00")}.items():
        for cost in costs:
            world.units("exact", "success", 1, DAY, cost, cohort=arm)

    compare("g6_2")
    for state, cost in (("success", "0.30"), ("failed", "0.42"), ("failed", "0.25"), ("failed", "0.90")):
        world.units("g6_2", state, 1, DAY, cost, cohort="old")
    world.units("g6_2", "success", 2, DAY, "0.40", cohort="new")

    compare("g6_4", cluster="tenant")
    sample("g6_4", "old")
    sample("g6_4", "new")

    # The bootstrap draws by the cluster's name: the sample's units are called 1 to 12.
    compare("g6_3", cluster="tenant")
    for number, cost in enumerate(SAMPLE):
        state = "failed" if number in FAILED else "success"
        world.units("g6_3", state, 1, DAY, cost, cohort="old", tenant_id=str(number + 1))
    world.units("g6_3", "success", 1, DAY, "0.40", cohort="new", tenant_id="1")

    compare("g6_6", strata="kind")
    for arm, kind, successes, failures, cost in (
        ("old", "A", 900, 100, "0.18"),
        ("old", "B", 100, 100, "1.00"),
    ):
        world.units("g6_6", "success", successes, DAY, cost, cohort=arm, attributes={"kind": kind})
        world.units("g6_6", "failed", failures, DAY, cost, cohort=arm, attributes={"kind": kind})
    for kind, successes, failures, cost in (("A", 200, 20, "0.18"), ("B", 800, 200, "1.80")):
        said = {"cohort": "new", "attributes": {"kind": kind}}
        world.units("g6_6", "success", successes, DAY, cost, **said)
        world.units("g6_6", "failed", failures, DAY, None, **said)

    # The treatment took on the cheap work: within each kind the arms differ by a hair.
    compare("mix", strata="kind")
    for arm, kind, number, costs in (
        ("old", "A", 5, ("0.19", "0.21")),
        ("old", "B", 20, ("1.90", "2.10")),
        ("new", "A", 20, ("0.189", "0.209")),
        ("new", "B", 5, ("1.89", "2.09")),
    ):
        for cost in costs:
            world.units("mix", "success", number, DAY, cost, cohort=arm, attributes={"kind": kind})

    # Cost per attempt the same, success share 0.70 and 0.92.
    world.unit_type("g6_7")
    world.price("g6_7", "input_uncached", "1000")
    for at, successes in ((DAY, 70), (NEXT_MONTH, 92)):
        units = world.units("g6_7", "success", successes, at) + world.units(
            "g6_7", "failed", 100 - successes, at
        )
        for unit in units:
            world.call(at, "g6_7", {"input_tokens": 1000}, unit)

    lever_case(world)


def lever_case(world: World) -> None:
    """G6.8. 100 attempts a month, 4 calls each, 5 and 1 of 20 calls retried; half of the later input is read from the
    cache at a tenth of its price, so that 0.55 of the uncached price is paid."""
    world.unit_type("g6_8")
    for model, prices in {"large": ("5", "0.50", "25"), "small": ("1", "0.10", "5")}.items():
        for meter, price in zip(("input_uncached", "cache_read", "output"), prices, strict=True):
            world.price(f"g6_8_{model}", meter, price)
    before = {"input_tokens": 4000, "retrieved_tokens": 3000, "output_tokens": 200}
    after = {"input_tokens": 1300, "retrieved_tokens": 600, "cached_input_tokens": 650, "output_tokens": 180}
    for at, successes, retries, usage, small_of_5 in (
        (DAY, 72, 100, before, 0),
        (NEXT_MONTH, 91, 20, after, 4),
    ):
        states = (("success", successes), ("failed", 100 - successes))
        units = [unit for state, count in states for unit in world.units("g6_8", state, count, at, "0.05")]
        calls = [(unit, 1) for unit in units for _ in range(4)]
        calls += [(units[number % 100], 2) for number in range(retries)]
        for number, (unit, attempt) in enumerate(calls):
            model = "g6_8_small" if number % 5 < small_of_5 else "g6_8_large"
            world.call(at, model, usage, unit, routing={"attempt_number": attempt})


def arm(
    golden: duckdb.DuckDBPyConnection, comparison: str, side: str, stratum: str = "overall"
) -> dict[str, object]:
    columns = {
        "cps": "cost_per_successful_unit_usd",
        "low": "cost_per_successful_unit_low_usd",
        "high": "cost_per_successful_unit_high_usd",
        "log_low": "cost_per_successful_unit_log_low_usd",
        "log_high": "cost_per_successful_unit_log_high_usd",
        "fieller_low": "cost_per_successful_unit_fieller_low_usd",
        "fieller_high": "cost_per_successful_unit_fieller_high_usd",
    }
    query = (
        f"select {', '.join(f'{side}_{column}' for column in columns.values())} "
        "from marts.rpt_cost_comparisons where comparison_id = ? and stratum = ?"
    )
    return dict(zip(columns, rows(golden, query, comparison, stratum)[0], strict=True))


def standard_error(golden: duckdb.DuckDBPyConnection, comparison: str, side: str) -> Decimal:
    query = (
        "select standard_error from intermediate.int_comparison_arms "
        "where comparison_id = ? and arm = ? and stratum = 'overall'"
    )
    return Decimal(figure(golden, query, comparison, side))


def test_a_difference_is_that_of_the_published_figures(golden: duckdb.DuckDBPyConnection) -> None:
    """1.00 and 2.00 over three successes each: money to the pico, not a statistic of nine decimals."""
    query = (
        "select baseline_cost_per_successful_unit_usd, treatment_cost_per_successful_unit_usd, difference_usd "
        "from marts.rpt_cost_comparisons where comparison_id = 'exact' and stratum = 'overall'"
    )
    expected = ("0.333333333333", "0.666666666667", "0.333333333334")
    assert rows(golden, query) == [tuple(map(Decimal, expected))]


def test_g6_1(golden: duckdb.DuckDBPyConnection) -> None:
    got = arm(golden, "g6_1", "baseline")
    assert got["cps"] == Decimal("0.56")
    same(standard_error(golden, "g6_1", "baseline"), "0.173463")
    same(got["low"], "0.1782")
    same(got["high"], "0.9418")
    same(got["log_low"], "0.2832")
    same(got["log_high"], "1.1073")


def test_g6_2(golden: duckdb.DuckDBPyConnection) -> None:
    got = arm(golden, "g6_1", "baseline")
    same(got["fieller_low"], "0.2638")
    same(got["fieller_high"], "1.0996")
    unbounded = arm(golden, "g6_2", "baseline")
    assert (unbounded["fieller_low"], unbounded["fieller_high"]) == (None, None)


def test_g6_3(golden: duckdb.DuckDBPyConnection, golden_build: Build) -> None:
    sql = analysis(golden_build, "comparison_bootstrap")
    query = (
        "select cost_per_success_low_usd, cost_per_success_high_usd, repetitions "
        f"from ({sql}) where comparison_id = 'g6_3' and arm = 'baseline'"
    )
    ((low, high, repetitions),) = rows(golden, query)
    same(low, "0.3227")
    same(high, "1.0527")
    assert repetitions == 2000


def test_g6_4(golden: duckdb.DuckDBPyConnection) -> None:
    got = arm(golden, "g6_4", "baseline")
    same(standard_error(golden, "g6_4", "baseline"), "0.150820")
    same(got["low"], "0.0800")
    same(got["high"], "1.0400")


def test_g6_5(golden: duckdb.DuckDBPyConnection) -> None:
    same(standard_error(golden, "g6_1", "treatment"), "0.050000")
    query = (
        "select difference_usd, difference_low_usd, difference_high_usd, verdict from marts.rpt_cost_comparisons "
        "where comparison_id = 'g6_1' and stratum = 'overall'"
    )
    difference, low, high, verdict = rows(golden, query)[0]
    same(difference, "-0.16")
    same(low, "-0.5138")
    same(high, "0.1938")
    assert verdict == "not_significant"


def test_g6_6(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select crude_ratio, adjusted_ratio, strata_overlap, verdict, baseline_cost_usd, treatment_cost_usd, "
        "baseline_successful_units, treatment_successful_units "
        "from marts.rpt_cost_comparisons where comparison_id = 'g6_6' and stratum = 'overall'"
    )
    crude, adjusted, overlap, verdict, *sums = rows(golden, query)[0]
    assert sums == [Decimal(380), Decimal(1476), 1000, 1000]
    same(crude, "3.8842")
    same(adjusted, "0.9000")
    same(overlap, "1.0000")
    assert verdict == "mix_effect"
    standardised = (
        "select baseline_standardised_cost_usd, treatment_standardised_cost_usd from marts.rpt_cost_comparisons "
        "where comparison_id = 'g6_6' and stratum = 'overall'"
    )
    ((old, new),) = rows(golden, standardised)
    same(old, "0.3800")
    same(new, "0.3420")
    for stratum, expected in (("A", ("0.2000", "0.1800")), ("B", ("2.0000", "1.8000"))):
        for side, value in zip(("baseline", "treatment"), expected, strict=True):
            same(arm(golden, "g6_6", side, stratum)["cps"], value)


def test_a_difference_of_the_mix_is_no_verdict(golden: duckdb.DuckDBPyConnection) -> None:
    """The crude interval excludes no change and the adjusted one does not, though both ratios are below one."""
    query = (
        "select difference_high_usd < 0, crude_ratio < 0.5, adjusted_ratio < 1, adjusted_ratio > 0.99, "
        "adjusted_difference_low_usd < 0, adjusted_difference_high_usd > 0, verdict "
        "from marts.rpt_cost_comparisons where comparison_id = 'mix' and stratum = 'overall'"
    )
    assert rows(golden, query) == [(True, True, True, True, True, True, "mix_effect")]


def levers(golden: duckdb.DuckDBPyConnection, unit_type: str) -> dict[str, Decimal]:
    query = "select lever, effect_usd from marts.rpt_levers where unit_type = ?"
    return dict(rows(golden, query, unit_type))


def test_g6_7(golden: duckdb.DuckDBPyConnection) -> None:
    """From 0.70 to 0.92 at the same cost per attempt: the success effect is all, -23.91 %."""
    effects = levers(golden, "g6_7")
    assert {lever for lever, effect in effects.items() if abs(effect) > Decimal("0.000000001")} == {
        "failed_runs"
    }
    query = (
        "select change_rate from marts.rpt_unit_economics where unit_type = 'g6_7' and period_grain = 'month' "
        "and change_rate is not null"
    )
    same(figure(golden, query), "-0.2391")


@pytest.mark.parametrize(
    ("lever", "expected"),
    {
        # The p step -0.050748 and the rho step -0.021978.
        "failed_runs": "-0.072726",
        "routing": "-0.073846",
        "caching": "-0.014954",
        "retrieval": "-0.010966",
        "prompt_size": "-0.001371",
        "other": "-0.000831",
    }.items(),
)
def test_g6_8(golden: duckdb.DuckDBPyConnection, lever: str, expected: str) -> None:
    same(levers(golden, "g6_8")[lever], expected)


def test_g6_8_total(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select distinct previous_cost_per_successful_unit_usd, cost_per_successful_unit_usd "
        "from marts.rpt_levers where unit_type = 'g6_8'"
    )
    ((before, after),) = rows(golden, query)
    same(before, "0.243056")
    same(after, "0.068362")
    total = sum(levers(golden, "g6_8").values())
    assert total == after - before
    same(total, "-0.174694")
