"""Golden cases of semantics.md section 5: unit costs as ratios of sums."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest
from golden import AS_OF, World, figure, rows, same

DAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 4, 7, 9, tzinfo=UTC)
# 20 days before the marts' moment: settled by then. Two days before it: open, with an age of two days.
SETTLED, OPEN = AS_OF - timedelta(days=20), AS_OF - timedelta(days=2)


def cases(world: World) -> None:
    for case in ("g5_1", "g5_3"):
        world.unit_type(case)
        # Of the 200 units that were open for longer than two days, 150 came to success: P = 0.75 at that age.
        slow = timedelta(days=3)
        world.units(case, "success", 550, SETTLED, "0.40")
        world.units(case, "success", 150, SETTLED, "0.40", outcome_after=slow)
        world.units(case, "failed", 150, SETTLED, "0.60")
        world.units(case, "failed", 50, SETTLED, "0.60", outcome_after=slow)
        world.units(case, "pending", 100, OPEN, "0.30")
    world.units("g5_3", "cancelled", 50, SETTLED, "0.20")

    world.unit_type("g5_5")
    world.units("g5_5", "success", 100, DAY, "0.10", application="g5_5a")
    world.units("g5_5", "success", 300, DAY, "0.30", application="g5_5b")

    errors = {"ai_error_rate": "0.03", "human_error_rate": "0.02", "rework_cost_per_error": "5.00"}
    world.unit_type("g5_6", human_cost_per_unit="0.90", **errors)
    world.units("g5_6", "success", 8200, DAY, "0.205")
    world.units("g5_6", "failed", 1800, DAY, "0.205")

    world.unit_type("g5_8")
    world.units("g5_8", "success", 200, DAY, "1.00")
    world.units("g5_8", "success", 1000, NEXT_MONTH, "0.60")
    world.units("g5_8", "success", 1000, datetime(2026, 5, 5, tzinfo=UTC), "0.70")

    # Charges of 1,000, of which the 100 of a pool without a rule find nobody, and a credit of 200.
    world.policy["cost_centers"].append({"cost_center": "g5_9", "name": "g5_9", "entity": "default"})
    rule = {"rule_id": "g5_9", "pool": "g5_9", "priority": 1, "method": "fixed", "approved_by": "golden"}
    world.policy["allocation_rules"].append(rule | {"valid_from": "2020-01-01"})
    weight = {"rule_id": "g5_9", "target_type": "cost_center", "target_id": "g5_9", "weight": 1}
    world.policy["allocation_weights"].append(weight | {"valid_from": "2020-01-01"})
    for pool, amount in (("g5_9", "900"), ("g5_9_ownerless", "100"), ("g5_9", "-200")):
        world.feeds["shared_costs"].append(
            {
                "shared_cost_id": world.number("shared_costs"),
                "pool": pool,
                "layer": "platform",
                "period_start": "2025-02-01",
                "period_end": "2025-03-01",
                "amount": amount,
                "currency": "USD",
                "vendor": "golden",
                "invoice_id": "",
                "billing_account_id": "",
                "environment": "production",
                "capacity_quantity": "",
                "capacity_unit": "",
                "ingested_at": "2025-03-02T00:00:00Z",
            }
        )

    world.unit_type("g5_10", price_per_unit="10", other_direct_cost_per_unit="2.20")
    world.units("g5_10", "success", 1000, DAY, "0.624")

    world.unit_type("g5_11")
    world.price("g5_11", "input_uncached", "2.00")
    for unit in world.units("g5_11", "success", 8, DAY) + world.units("g5_11", "failed", 2, DAY):
        for _ in range(5):
            world.call(DAY, "g5_11", {"input_tokens": 2500}, unit)

    world.unit_type("g5_12")
    for monday, successes in ((2, 700), (9, 760)):
        at = datetime(2026, 3, monday, 12, tzinfo=UTC)
        world.units("g5_12", "success", successes, at, "0.50")
        world.units("g5_12", "failed", 50, at, "1.00")

    world.unit_type("g5_0")
    world.units("g5_0", "failed", 3, DAY, "0.25")

    world.unit_type("g5_13")
    unit = ("g5_13", "u")
    world.event(unit, "opened", datetime(2026, 1, 30, tzinfo=UTC))
    world.charge(unit, "0.60", datetime(2026, 1, 30, tzinfo=UTC))
    world.call(datetime(2026, 2, 2, tzinfo=UTC), "g5_13", {"input_tokens": 10}, unit, "0.40")
    world.event(unit, "outcome", datetime(2026, 2, 3, tzinfo=UTC), "resolved")


def economics(
    golden: duckdb.DuckDBPyConnection, unit_type: str, *columns: str, period_start: str | None = None
) -> tuple[object, ...]:
    grain = "week" if period_start else "month"
    query = (
        f"select {', '.join(columns)} from marts.rpt_unit_economics where unit_type = '{unit_type}' "
        f"and period_grain = '{grain}'" + (f" and period_start = '{period_start}'" if period_start else "")
    )
    found = rows(golden, query)
    assert len(found) == 1, found
    return found[0]


def assert_economics(
    golden: duckdb.DuckDBPyConnection, unit_type: str, expected: dict[str, str | None]
) -> None:
    for got, figure_expected in zip(economics(golden, unit_type, *expected), expected.values(), strict=True):
        same(got, figure_expected)


def test_g5_1(golden: duckdb.DuckDBPyConnection) -> None:
    assert_economics(
        golden,
        "g5_1",
        {
            "successful_units": "700",
            "failed_units": "200",
            "pending_units": "100",
            "total_cost_usd": "430.00",
            "cost_per_attempted_unit_usd": "0.430000",
            "cost_per_successful_unit_usd": "0.571429",
            "cost_per_failed_unit_usd": "0.600000",
            "waste_share": "0.300000",
        },
    )


def test_g5_2(golden: duckdb.DuckDBPyConnection) -> None:
    assert_economics(
        golden,
        "g5_1",
        {
            "cost_per_successful_unit_low_usd": "0.537500",
            "cost_per_successful_unit_high_usd": "0.614286",
            "cost_per_successful_unit_nowcast_usd": "0.554839",
            "cohort_maturity": "0.900000",
        },
    )
    assert economics(golden, "g5_1", "figure_status") == ("provisional",)
    open_units = (
        "select distinct success_probability from marts.fct_units "
        "where unit_type = 'g5_1' and state = 'pending'"
    )
    assert figure(golden, open_units) == Decimal("0.75")


def test_g5_3(golden: duckdb.DuckDBPyConnection) -> None:
    assert_economics(
        golden,
        "g5_3",
        {
            "attempted_units": "1000",
            "cancelled_units": "50",
            "cost_per_attempted_unit_usd": "0.440000",
            "cost_per_successful_unit_usd": "0.585714",
            "waste_share": "0.317073",
        },
    )


def test_g5_5(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select cost_per_unit_usd, total_cost_usd, volume from marts.rpt_portfolio where unit_type = 'g5_5'"
    )
    assert rows(golden, query) == [(Decimal("0.25"), Decimal(100), 400)]


def test_g5_6(golden: duckdb.DuckDBPyConnection) -> None:
    assert_economics(
        golden,
        "g5_6",
        {
            "total_cost_usd": "2050.00",
            "cost_per_attempted_unit_usd": "0.205000",
            "cost_per_successful_unit_usd": "0.250000",
        },
    )
    savings = "select savings_usd from marts.rpt_portfolio where unit_type = 'g5_6'"
    assert figure(golden, savings) == Decimal("5330.00")


def test_g5_7(golden: duckdb.DuckDBPyConnection) -> None:
    savings = "select quality_adjusted_savings_usd from marts.rpt_portfolio where unit_type = 'g5_6'"
    assert figure(golden, savings) == Decimal("4920.00")


def test_g5_8(golden: duckdb.DuckDBPyConnection) -> None:
    query = "select cost_per_avoided_action_usd from marts.rpt_portfolio where unit_type = 'g5_8' order by period_month"
    assert rows(golden, query) == [(None,), (Decimal("0.50"),), (None,)]


def test_g5_9(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select gross_cost_usd, cost_usd, unallocated_cost_usd, allocation_coverage from marts.rpt_coverage "
        "where period_month = '2025-02-01' and endpoint = 'shared_cost'"
    )
    assert rows(golden, query) == [(Decimal(1000), Decimal(800), Decimal(100), Decimal("0.90"))]


def test_g5_10(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select revenue_usd, other_direct_cost_usd, total_cost_usd, margin_rate, ai_share_of_margin "
        "from marts.rpt_portfolio where unit_type = 'g5_10'"
    )
    *amounts, margin_rate, ai_share = rows(golden, query)[0]
    assert amounts == [Decimal(10_000), Decimal(2_200), Decimal(624)]
    same(margin_rate, "0.7176")
    same(ai_share, "0.08")


def test_g5_11(golden: duckdb.DuckDBPyConnection) -> None:
    query = "select step, amount_usd from marts.rpt_cost_bridge where unit_type = 'g5_11'"
    steps = dict(rows(golden, query))
    for step, expected in {
        "per_million_tokens": "2.000000",
        "per_request": "0.005000",
        "per_attempt": "0.025000",
        "per_success": "0.031250",
    }.items():
        same(steps[step], expected)


def test_g5_12(golden: duckdb.DuckDBPyConnection) -> None:
    columns = ("final_cost_usd", "successful_units", "previous_cost_per_successful_unit_usd", "change_rate")
    cost, successes, previous, change = economics(golden, "g5_12", *columns, period_start="2026-03-09")
    assert (cost, successes) == (Decimal(430), 760)
    same(previous, "0.571429")
    same(change, "-0.009868")
    assert economics(golden, "g5_12", "change_rate", period_start="2026-03-02") == (None,)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("cost_per_successful_unit_usd", None),
        ("waste_share", "1.000000"),
        ("figure_status", "insufficient_volume"),
    ],
)
def test_g5_no_success(golden: duckdb.DuckDBPyConnection, column: str, expected: str | None) -> None:
    """Cost without a success: no cost per success, all of it waste."""
    (got,) = economics(golden, "g5_0", column)
    assert got == expected if column == "figure_status" else same(got, expected) is None


def test_g5_13(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select calendar, cast(period_month as varchar), cost_usd, successful_units, cost_per_success_usd "
        "from marts.rpt_unit_cost_calendars where unit_type = 'g5_13' order by calendar, period_month"
    )
    assert rows(golden, query) == [
        ("cohort", "2026-01-01", Decimal("1.00"), 1, Decimal("1.00")),
        ("cost", "2026-01-01", Decimal("0.60"), 0, None),
        ("cost", "2026-02-01", Decimal("0.40"), 1, Decimal("0.40")),
        ("outcome", "2026-02-01", Decimal("1.00"), 1, Decimal("1.00")),
    ]
