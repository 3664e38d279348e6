"""Golden cases of what a unit bears and says: shared charges, breakdowns, tenants, unattributed cost, savings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import duckdb
from golden import World, rows

DAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
AUGUST = datetime(2025, 8, 5, 9, tzinfo=UTC)


def served(unit_type: str, **shares: str | None) -> list[dict[str, str]]:
    """The list `business_units` of a record that served several units."""
    return [
        {"unit_type": unit_type, "unit_id": unit} | ({"share": share} if share else {})
        for unit, share in shares.items()
    ]


def cases(world: World) -> None:
    world.unit_type("charge_shares")
    world.charge(None, "0.01", DAY, business_units=served("charge_shares", a=None, b=None, c=None))
    world.charge(None, "-0.000000000001", DAY, business_units=served("charge_shares", a="0.25", b="0.75"))
    world.charge(("charge_shares", "d"), "0.07", DAY, business_units=served("charge_shares", a=None, b=None))
    for unit in ("e", "f"):
        world.event(("charge_shares", unit), "opened", DAY, environment="staging")
    world.charge(None, "0.04", DAY, business_units=served("charge_shares", e="0.5", f="0.5"))

    world.unit_type("charge_steps")
    unit = ("charge_steps", "u")
    world.call(DAY, "drafter", {"input_tokens": 10}, unit, "0.10", step="draft", agent_id="writer")
    world.charge(unit, "0.30", DAY, step="ocr", agent_id="reader")
    world.charge(unit, "0.05", DAY)

    world.unit_type("tenants")
    for unit_id, tenant in {"x": "one", "y": "two"}.items():
        world.event(("tenants", unit_id), "opened", DAY, tenant_id=tenant)
    session = served("tenants", x=None, y=None, only_shared=None)
    world.call(DAY, "chat", {"input_tokens": 10}, None, "0.03", tenant_id="one", business_units=session)
    world.event(("tenants", "called"), "opened", DAY, tenant_id="one")
    world.call(DAY, "chat", {"input_tokens": 10}, ("tenants", "called"), "0.03", tenant_id="two")
    moved = ("tenants", "moved")
    world.event(moved, "outcome", DAY, "resolved", tenant_id="one")
    world.event(moved, "reopened", DAY + timedelta(days=9), tenant_id="two")

    fields = {"environment": "demo", "application": "unattributed"}
    world.call(DAY, "chat", {"input_tokens": 10}, None, "0.01", request_id="lost", status="error", **fields)
    routing = {"attempt_number": 2, "retry_of_request_id": "lost"}
    world.call(DAY + timedelta(seconds=1), "chat", {"input_tokens": 10}, None, "0.02", routing=routing, **fields)
    world.charge(None, "0.004", DAY, **fields)

    world.unit_type("with_baseline", human_cost_per_unit="1.00")
    world.units("with_baseline", "success", 3, AUGUST, "0.20")
    world.unit_type("without_baseline")
    world.units("without_baseline", "success", 1, AUGUST, "0.10")


def test_a_charge_of_several_units_is_split_by_its_shares(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select environment, unit_id, direct_cost_usd, tool_integration_cost_usd from marts.fct_units "
        "where unit_type = 'charge_shares' order by unit_id"
    )
    expected = {
        "a": ("production", "0.003333333334"),
        "b": ("production", "0.003333333332"),
        "c": ("production", "0.003333333333"),
        "d": ("production", "0.07"),
        "e": ("staging", "0.02"),
        "f": ("staging", "0.02"),
    }
    assert rows(golden, query) == [
        (environment, unit, Decimal(cost), Decimal(cost)) for unit, (environment, cost) in expected.items()
    ]


def test_a_charge_stands_under_its_own_step_and_agent(golden: duckdb.DuckDBPyConnection) -> None:
    """The charge that names none follows the unit, which is led by where most of its cost arose."""
    query = (
        "select dimension, dimension_value, total_cost_usd, attempted_units from marts.rpt_unit_economics_by_dimension "
        "where unit_type = 'charge_steps' and period_grain = 'month' and dimension in ('agent', 'model', 'step') "
        "order by 1, 2"
    )
    assert rows(golden, query) == [
        ("agent", "reader", Decimal("0.35"), 1),
        ("agent", "writer", Decimal("0.10"), 0),
        ("model", "drafter", Decimal("0.45"), 1),
        ("step", "draft", Decimal("0.10"), 0),
        ("step", "ocr", Decimal("0.35"), 1),
    ]


def test_a_unit_known_to_two_tenants_is_a_conflict(golden: duckdb.DuckDBPyConnection) -> None:
    """A shared session's tenant says nothing of one of its units; all episodes of a unit are one unit."""
    query = (
        "select unit_id, episode_number, tenant_id, has_tenant_conflict from marts.fct_units "
        "where unit_type = 'tenants' order by 1, 2"
    )
    assert rows(golden, query) == [
        ("called", 1, "one", True),
        ("moved", 1, "one", True),
        ("moved", 2, "two", True),
        ("only_shared", 1, "one", False),
        ("x", 1, "one", False),
        ("y", 1, "two", False),
    ]


def test_waste_has_what_no_unit_bears(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select unit_type, call_class, unit_class, cost_usd, attempts, is_waste from marts.rpt_waste "
        "where environment = 'demo' order by call_class"
    )
    assert rows(golden, query) == [
        ("__unattributed__", "final", "unattributed", Decimal("0.02"), 1, False),
        ("__unattributed__", "no_call", "unattributed", Decimal("0.004"), 0, False),
        ("__unattributed__", "superseded_retry", "unattributed", Decimal("0.01"), 1, True),
    ]


def test_savings_say_how_many_successes_they_cover(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select unit_type, volume, volume_with_baseline, baseline_coverage, savings_usd from marts.rpt_portfolio "
        "where period_month = '2025-08-01' order by unit_type"
    )
    assert rows(golden, query) == [
        ("__total__", 4, 3, Decimal("0.75"), Decimal("2.40")),
        ("with_baseline", 3, 3, Decimal(1), Decimal("2.40")),
        ("without_baseline", 1, 0, Decimal(0), None),
    ]
