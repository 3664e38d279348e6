"""Golden cases of semantics.md sections 1 and 2: exact money, and a ledger that holds every cost once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import duckdb
from golden import World, figure, rows, same

DAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
U1, U2, LATE = ("g2", "U1"), ("g2", "U2"), ("g2", "U3")


def cases(world: World) -> None:
    world.price("g1_3", "input_uncached", "0.075")
    world.call(DAY, "g1_3", {"input_tokens": 2260}, application="g1_3")
    world.call("2026-05-31T23:30:00-05:00", "g1_3", {"input_tokens": 1000}, application="g1_5")

    world.unit_type("g1_7")
    for cost in ("0.10", None):
        world.call(DAY, "g1_7_unknown", {"input_tokens": 5000}, ("g1_7", "u"), cost, application="g1_7")

    world.unit_type("g1_8")
    world.units("g1_8", "success", 600, DAY, "0.50")
    world.units("g1_8", "success", 100, DAY, "1.00")

    def call(
        event: str, layer: str, cost: str, unit: tuple[str, str] | None = None, **fields: object
    ) -> None:
        said = {"request_id": event, "application": "g2", "layer": layer}
        world.call(DAY, "g2", {"input_tokens": 10}, unit, cost, **(said | fields))

    world.unit_type("g2")
    world.policy["labor_rates"].append(
        {"reviewer_role": "g2", "hourly_rate": "45.00", "currency": "USD", "valid_from": "2020-01-01"}
    )
    for unit, outcome in ((U1, "resolved"), (U2, "rejected")):
        world.event(unit, "opened", DAY, application="g2")
        world.event(unit, "outcome", DAY + timedelta(hours=1), outcome, application="g2")
    call("e1", "model_api", "0.010", U1, status="error")
    call("e2", "model_api", "0.012", U1, routing={"attempt_number": 2, "retry_of_request_id": "e1"})
    call("e3", "retrieval", "0.003", U1)
    call("e4", "model_api", "0.020", U2)
    call("e5", "model_api", "0.005")
    shared = [{"unit_type": unit[0], "unit_id": unit[1], "share": 1} for unit in (U1, U2)]
    call("e6", "embedding", "0.008", business_units=shared, session_id="s")
    world.review(U1, "g2", "2", DAY)
    call("e7", "evaluation", "0.050", environment="evaluation")


DIRECT = "from intermediate.int_direct_costs_monthly where application = 'g2'"


def test_g1_3(golden: duckdb.DuckDBPyConnection) -> None:
    same(
        figure(golden, "select cost_usd from marts.fct_usage_costs where application = 'g1_3'"),
        "0.000169500000",
    )


def test_g1_5(golden: duckdb.DuckDBPyConnection) -> None:
    month = "select cast(period_month as varchar) from intermediate.int_usage_costs_monthly where application = 'g1_5'"
    assert figure(golden, month) == "2026-06-01"


def test_g1_7(golden: duckdb.DuckDBPyConnection) -> None:
    costs = rows(
        golden, "select cost_usd from marts.fct_usage_costs where application = 'g1_7' order by 1 nulls last"
    )
    assert costs == [(Decimal("0.10"),), (None,)]
    unit = "select total_cost_usd, unpriced_request_count from marts.fct_units where unit_type = 'g1_7'"
    assert rows(golden, unit) == [(Decimal("0.10"), 1)]
    coverage = (
        "select sum(cost_usd), sum(requests) - sum(requests_priced), sum(requests_priced) / sum(requests) "
        "from marts.rpt_coverage where application = 'g1_7'"
    )
    assert rows(golden, coverage) == [(Decimal("0.10"), 1, 0.5)]


def test_g1_8(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select total_cost_usd, successful_units, cost_per_successful_unit_usd from marts.rpt_unit_economics "
        "where unit_type = 'g1_8' and period_grain = 'month'"
    )
    assert rows(golden, query) == [(Decimal("400.00"), 700, Decimal("0.571428571429"))]


def test_g2_1(golden: duckdb.DuckDBPyConnection) -> None:
    same(figure(golden, f"select sum(cost_usd) {DIRECT} and environment = 'production'"), "1.558000000000")
    unit = "select total_cost_usd from marts.fct_units where unit_type = 'g2' and unit_id = ?"
    same(figure(golden, unit, "U1"), "1.529000000000")
    same(figure(golden, unit, "U2"), "0.024000000000")
    loose = (
        "select sum(cost_usd) from intermediate.int_usage_costs_monthly "
        "where application = 'g2' and environment = 'production' and not has_unit"
    )
    same(figure(golden, loose), "0.005000000000")


def test_g2_2(golden: duckdb.DuckDBPyConnection) -> None:
    query = f"select layer, sum(cost_usd) {DIRECT} and environment = 'production' group by layer"
    assert dict(rows(golden, query)) == {
        "model_api": Decimal("0.047"),
        "retrieval": Decimal("0.003"),
        "embedding": Decimal("0.008"),
        "human_review": Decimal("1.500"),
    }


def test_g2_3(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select sum(case when layer = 'model_api' then cost_usd end), sum(cost_usd) "
        f"{DIRECT} and environment = 'production'"
    )
    model, total = rows(golden, query)[0]
    same(model / total, "0.030167")


def test_g2_4(golden: duckdb.DuckDBPyConnection) -> None:
    waste = "select sum(cost_usd) from marts.rpt_waste where unit_type = 'g2' and is_waste"
    same(figure(golden, waste), "0.034000000000")
    same(
        figure(golden, "select sum(wasted_cost_usd) from marts.fct_units where unit_type = 'g2'"),
        "0.034000000000",
    )
    everything = "select sum(cost_usd) from marts.rpt_waste where unit_type = 'g2'"
    same(figure(golden, everything), "1.553000000000")


def test_g2_5(golden: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        golden, f"select environment, sum(cost_usd) {DIRECT} and layer = 'evaluation' group by 1"
    ) == [("evaluation", Decimal("0.050"))]
