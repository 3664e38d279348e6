"""Worlds whose every mart is frozen; the kitchen sink of them also keeps every law, and agrees with the oracle.

`make frozen` renews the frozen figures and prints what moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import frozen
import pytest
import test_histories
from compiled import Project
from conftest import Build
from kitchen_sink import kitchen_sink
from world_runner import Runner

HOW = "\nIf that is meant: `make frozen` renews the figures; read what moved."
# The number of histories whose marts are frozen at their ends.
HISTORIES = 4


def marts_of(project: Project) -> tuple[str, ...]:
    return tuple(sorted(node.name for node in project.nodes.values() if node.schema == "marts"))


def hold(world: str, got: frozen.Figures) -> None:
    told = frozen.moved(world, got)
    assert not told, "\n".join(told[:40]) + HOW


@pytest.fixture(scope="module")
def sink(world_template: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    runner = Runner(world_template)
    with kitchen_sink(runner, marts_of(runner.project)) as connection:
        yield connection


def test_marts_of_the_kitchen_sink(sink: duckdb.DuckDBPyConnection, world_template: Build) -> None:
    hold("kitchen sink", frozen.figures(sink, marts_of(Project(world_template))))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # 31 for licences by seats 7 : 11 : 13.
        (
            "select target_id, allocated_amount_usd from fct_allocated_costs where source_id = 'sc105'",
            [("team_a", "7"), ("team_b", "11"), ("team_d", "13")],
        ),
        # A charge of 50 and its credit of 20, two months later and by the charge's month, both to the only bearer.
        (
            "select target_id, allocated_amount_usd from fct_allocated_costs where source_id in ('charge', 'credit')",
            [("cc_b", "-20"), ("cc_b", "50")],
        ),
        # Half and half from April, when the rule changed: 100 in April.
        (
            "select target_id, allocated_amount_usd from fct_allocated_costs where source_id = 'sc117'",
            [("t0", "50"), ("t5", "50")],
        ),
        # 4.205 known a second before January is closed, -1.1 in the instant of the close: one stays, one is February's.
        # 41.5 and 7.123456789012 in the instants in which February is closed, once and again: March's.
        (
            """select posting_period, amount_usd from fct_postings
            where source = 'manual' and event_period = '2026-01' and entity = 'default'""",
            [("2026-01", "4.205"), ("2026-02", "-1.1"), ("2026-03", "48.623456789012")],
        ),
        # A shared key of an account billed in euros: 600,000 tokens at 2 a million are charged in euros, and once.
        (
            """select environment, sum(amount) from rpt_chargeback_statements
            where event_period = '2026-01' and (source_id = 'key_eur' or source_id like 'bill_b/%/closing')
            group by all""",
            [("production", "1.2"), ("staging", "0.2")],
        ),
        # A pool of 20.1235 in a currency of four decimals, at 41.505308641927 at the end of the month.
        (
            """select account, sum(debit) from fct_journal_entries where entry_type = 'chargeback' and currency = 'CLF'
            and source_id = '2026-01' and debit > 0 group by all union all
            select 'statements', sum(amount) from rpt_chargeback_statements
            where event_period = '2026-01' and currency = 'CLF' union all
            select 'ledger', functional_credit from fct_journal_entries
            where entry_type = 'chargeback' and currency = 'CLF' and source_id = '2026-01' and credit > 0""",
            [("6210", "20.1235"), ("ledger", "835.23"), ("statements", "20.1235")],
        ),
        # A fee of 70 that was told in euros, and in May in dollars: it is owed in one of them at a time.
        (
            """select concat(currency, ' ', period), sum(credit - debit) from fct_journal_entries
            where source_id = 'bill_y/Y-10/acct_y1/2026-02' and account = '2000' group by all""",
            [("EUR 2026-03", "70"), ("EUR 2026-05", "-70"), ("USD 2026-05", "70")],
        ),
        # Lots of 1 to 12: 70 are used in January and 30 in March, of which 22 are on demand.
        (
            """select concat(first_seen_period, ' ', last_seen_period), amount from rpt_reconciliation_exceptions
            where kind = 'prepaid_overdraft' and billing_account_id = 'acct_xx'""",
            [("2026-03 2026-03", "22")],
        ),
        # 10.0006 dinars were paid for a lot of 10, and lost in February; a bill of April says that 3 had been used.
        (
            """select period, sum(credit - debit) from fct_journal_entries
            where source_id = 'loss-BHD/2026-02-01' and account = '1300' group by all""",
            [("2026-02", "10.001"), ("2026-04", "-3.001")],
        ),
        # Reopened and resolved in one instant, reopened 60 hours later: that success stood; a second episode began.
        ("select state, episode_number from fct_units where unit_id = 'facts-6'", [("success", "1"), ("success", "2")]),
        # Two cancellations of one instant, after the window: neither of them breaks the success.
        (
            "select state, episode_number from fct_units where unit_id = 'd661' and environment = 'production'",
            [("cancelled", "2"), ("success", "1")],
        ),
        # 7,654,321.09 for a capacity of one dollar, of which 0.123456789012 were used.
        (
            """select target_id, allocated_amount_usd from fct_allocated_costs
            where pool = 'edge_idle' and environment = 'demo' and period_month = '2026-01-01'""",
            [("__idle__", "6709343.186161768137"), ("cc_a", "944977.903838231863")],
        ),
        # Weights of 1.000000000001 and a third of it, cut by a thousand: 12,345,678.91 as 1,000,000,000 to 333,333,333.
        (
            """select target_id, allocated_amount_usd from fct_allocated_costs
            where pool = 'edge_team' and period_month = '2026-02-01'""",
            [("team_a", "9259259.184814814796"), ("team_b", "3086419.725185185204")],
        ),
        # Half a minor unit of a currency of three decimals, and of one of none, is a whole one.
        (
            """select currency, sum(amount) from rpt_chargeback_statements
            where pool = 'thirds' and environment = 'demo' and event_period = '2026-03' and currency in ('BHD', 'JPY')
            group by all""",
            [("BHD", "0.001"), ("JPY", "1")],
        ),
        # Ten minutes of a clerk at 36.50 an hour.
        (
            "select unit_id, human_review_cost_usd from fct_units where unit_id = 'u9' and human_review_cost_usd > 0",
            [("u9", "6.083333333333")],
        ),
    ],
)
def test_figures_worked_out_by_hand(
    sink: duckdb.DuckDBPyConnection, query: str, expected: list[tuple[str, str]]
) -> None:
    found = sink.execute(f"{query} order by all").fetchall()
    assert found == [(name, Decimal(value)) for name, value in expected]


def test_laws_hold_in_the_kitchen_sink(sink: duckdb.DuckDBPyConnection, built_demo: Build) -> None:
    """Every data test of the project, of policy too, on the world instead of the demo."""
    there = {f'"{schema}"."{name}"' for schema, name in sink.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse' union "
        "select schema_name, view_name from duckdb_views() where database_name = 'warehouse'"
    ).fetchall()}  # fmt: skip
    broken, played = [], 0
    for node in built_demo.manifest["nodes"].values():
        parents = [built_demo.manifest["nodes"].get(parent) for parent in node["depends_on"].get("nodes", ())]
        if node["resource_type"] != "test" or not all(
            parent and f'"{parent["schema"]}"."{parent["name"]}"' in there for parent in parents
        ):
            continue
        played += 1
        found = sink.execute(node["compiled_code"]).fetchall()
        broken += [f"{node['name']}: {row}" for row in found[:3]]
    assert not broken, "\n".join(broken)
    assert played > 200


def test_marts_of_the_histories(built_demo: Build) -> None:
    project = Project(built_demo)
    for seed in range(HISTORIES):
        history = test_histories.play(seed)
        with test_histories.build(project, history, list(test_histories.moments(history))[-1]) as connection:
            hold(f"history {seed}", frozen.figures(connection, test_histories.WANTED, "warehouse.marts"))


@pytest.mark.parametrize("world", ["demo", "golden"])
def test_marts_of_the_builds(world: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if world == "golden":
        # Some of its calls are rows of the real data sets.
        request.getfixturevalue("shared_data")
    build: Build = request.getfixturevalue({"demo": "built_demo", "golden": "golden_build"}[world])
    with build.connect(build.warehouse) as connection:
        rows = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        hold(world, frozen.figures(connection, sorted(name for (name,) in rows)))
