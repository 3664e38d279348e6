"""The analyses: every one runs, and the what-if and the fully loaded cost give the specification's figures."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import duckdb
import pytest
from conftest import REPOSITORY, Build
from golden import AS_OF, World, analysis, rows, same

# The bootstrap of every comparison takes long; test_g6_3 runs the one that the specification gives.
# The audit trail reads a reconciliation, and the golden world has no invoices. The traces read a statement of the demo.
ELSEWHERE = {"comparison_bootstrap", "audit_trail", "trace_direct_lines", "trace_shared_lines"}
ANALYSES = sorted({path.stem for path in (REPOSITORY / "analyses").glob("*.sql")} - ELSEWHERE)


def cases(world: World) -> None:
    def assume(scenario: str, unit_type: str, assumption: str, value: str, operation: str = "set") -> None:
        world.policy["what_if_assumptions"].append(
            {
                "scenario_id": scenario,
                "unit_type": unit_type,
                "assumption": assumption,
                "operation": operation,
                "value": value,
            }
        )

    # The units are those of test_golden_articles.py and test_golden_comparisons.py.
    assume("e6", "s3", "model_first_pass", "0.04")
    assume("e6", "s3", "human_review", "0.09")
    assume("g6_9", "s5", "model_first_pass", "0.3486")
    assume("g6_9", "s5", "success_share", "0.91")
    assume("nothing", "s5", "success_share", "1", "multiply")

    world.unit_type("g5_4")
    day = AS_OF - timedelta(days=25)
    world.units("g5_4", "success", 700, day, "0.40")
    world.units("g5_4", "failed", 200, day, "0.60")
    world.units("g5_4", "pending", 100, day, "0.30")
    world.charge(("g5_4", "judge"), "35.00", day, "evaluation", environment="evaluation")


@pytest.mark.parametrize("name", ANALYSES)
def test_analysis_runs(golden: duckdb.DuckDBPyConnection, golden_build: Build, name: str) -> None:
    assert rows(golden, f"select count(*) from ({analysis(golden_build, name)})")[0][0] > 0


def test_g5_4(golden: duckdb.DuckDBPyConnection, golden_build: Build) -> None:
    query = (
        "select full_cost_per_success_usd, fully_loaded_cost_per_success_usd "
        f"from ({analysis(golden_build, 'fully_loaded_cost')}) where unit_type = 'g5_4'"
    )
    ((full, loaded),) = rows(golden, query)
    same(full, "0.571429")
    same(loaded, "0.621429")


def what_if(
    golden: duckdb.DuckDBPyConnection, build: Build, scenario: str, unit_type: str, month: str = "2026-03-01"
) -> dict[str, tuple[Decimal, ...]]:
    query = (
        "select part, actual_cost_per_success_usd, scenario_cost_per_success_usd, difference_usd, "
        f"break_even_success_share from ({analysis(build, 'what_if')}) "
        "where scenario_id = ? and unit_type = ? and period_month = ?"
    )
    return {part: tuple(figures) for part, *figures in rows(golden, query, scenario, unit_type, month)}


def test_e6(golden: duckdb.DuckDBPyConnection, golden_build: Build) -> None:
    parts = what_if(golden, golden_build, "e6", "s3")
    assert parts["model_first_pass"][:2] == (Decimal("0.05"), Decimal("0.04"))
    assert parts["human_review"][:2] == (Decimal("0.06"), Decimal("0.09"))
    assert parts["total"][:3] == (Decimal("0.19"), Decimal("0.21"), Decimal("0.02"))


def test_g6_9(golden: duckdb.DuckDBPyConnection, golden_build: Build) -> None:
    actual, changed, _, break_even = what_if(golden, golden_build, "g6_9", "s5")["total"]
    assert (actual, break_even) == (Decimal("1.40"), Decimal("0.249"))
    same(changed, "0.383077")


@pytest.mark.parametrize("scenario", ["actual", "nothing"])
def test_no_override_is_actual(golden: duckdb.DuckDBPyConnection, golden_build: Build, scenario: str) -> None:
    query = (
        f"select count(*), count(*) filter (actual_cost_per_success_usd is distinct from scenario_cost_per_success_usd "
        f"or actual_cost_usd <> scenario_cost_usd) from ({analysis(golden_build, 'what_if')}) where scenario_id = ?"
    )
    lines, differing = rows(golden, query, scenario)[0]
    assert lines > 0 and differing == 0
    what_if_sql = analysis(golden_build, "what_if")
    total = (
        f"select w.actual_cost_per_success_usd = e.cost_per_successful_unit_usd from ({what_if_sql}) w "
        "inner join marts.rpt_unit_economics e on e.period_grain = 'month' and e.period_start = w.period_month "
        "and e.unit_type = w.unit_type and e.environment = 'production' "
        "where w.scenario_id = 'actual' and w.part = 'total' and w.unit_type in ('s3', 's5', 'g5_1', 'g5_3')"
    )
    assert rows(golden, total) == [(True,)] * 5
