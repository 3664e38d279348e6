"""Golden cases of semantics.md section 12: the figures of the source articles, and what they should have printed.

A printed error is never expected here; a test that mentions one shows that the models do not repeat it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest
from golden import World, figure, rows, same

DAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 4, 7, 9, tzinfo=UTC)
CLAIMS = {
    "model_api": "0.08",
    "retrieval": "0.15",
    "tool_integration": "0.12",
    "human_review": "0.45",
    "observability": "0.08",
    "platform": "0.12",
}
SUPPORT = {
    "model_api": "0.18",
    "retrieval": "0.08",
    "tool_integration": "0.06",
    "human_review": "0.08",
    "observability": "0.07",
}
ICEBERG = {"retrieval": "0.03", "human_review": "0.06", "observability": "0.03"}

# The portfolio at a hundredth of its volume, so that unit costs, savings per unit and rates are those printed. It has
# its months to itself, because the total row sums over all unit types.
PRINTED, BLENDED = datetime(2024, 6, 4, tzinfo=UTC), datetime(2024, 7, 2, tzinfo=UTC)
MONTH_BEFORE, YEAR_BEFORE = datetime(2024, 5, 7, tzinfo=UTC), datetime(2023, 6, 6, tzinfo=UTC)
# type: volume / 100, unit cost, human cost, price, unit cost of the month before, (volume, cost) of the year before.
PORTFOLIO = {
    "p_support": (1000, "0.45", "1.40", "1", "0.454", (112, "45.00")),
    "p_loan": (80, "2.10", "6.00", "10", "2.16", (95, "210.00")),
    "p_claim": (12, "1.50", "3.00", "10", "1.47", (103, "150.00")),
    "p_hr": (500, "0.34", "1.00", "1", "0.347", (108, "34.00")),
}


def cases(world: World) -> None:
    world.unit_type("s1")
    world.units("s1", "success", 10, DAY, CLAIMS)
    # E16: 0.47 is 60 % cheaper where a person costs 1.175, and nowhere else.
    world.unit_type("s2", human_cost_per_unit="1.175")
    costs = {layer: str(12_400 * Decimal(cost)) for layer, cost in SUPPORT.items()}
    world.units("s2", "success", 12_399, DAY)
    world.units("s2", "success", 1, DAY, costs)

    # A ticket of one request, which was tried twice; and, for E15, one of two requests.
    for name, requests in (("s3", 1), ("e15", 2)):
        world.unit_type(name, human_cost_per_unit="3.00")
        for number, unit in enumerate(world.units(name, "success", 4, DAY, ICEBERG)):
            lost = f"{name}_{number}"
            world.call(DAY, name, {"input_tokens": 10}, unit, "0.02", request_id=lost, status="error")
            retry = {"attempt_number": 2, "retry_of_request_id": lost}
            for _ in range(requests):
                world.call(DAY, name, {"input_tokens": 10}, unit, "0.05", routing=retry)
    world.policy["benchmarks"].append(
        {"unit_type": "s3", "name": "Human ticket", "amount": "3.00", "currency": "USD", "basis": "cost"}
    )

    world.unit_type("s5")
    for model, price in (("s5_v1", "50.40"), ("s5_v2", "87.15")):
        world.price(model, "input_uncached", price)
    for at, model, tokens, successes in ((DAY, "s5_v1", 20_000, 7_200), (NEXT_MONTH, "s5_v2", 4_000, 9_100)):
        for state, count in (("success", successes), ("failed", 10_000 - successes)):
            for unit in world.units("s5", state, count, at):
                world.call(at, model, {"input_tokens": tokens}, unit)

    world.unit_type("s6")
    world.units("s6", "success", 1, DAY, "62964")
    world.units("s6", "success", 1, NEXT_MONTH, "85521")

    for name, (volume, cost, human, price, before, (year_volume, year_cost)) in PORTFOLIO.items():
        world.unit_type(name, human_cost_per_unit=human, price_per_unit=price)
        world.units(name, "success", volume, PRINTED, cost)
        world.units(name, "success", 1, MONTH_BEFORE, before)
        world.units(name, "success", year_volume - 1, YEAR_BEFORE)
        world.units(name, "success", 1, YEAR_BEFORE, year_cost)
        if name != "p_hr":
            world.units(name, "success", volume, BLENDED, cost)
    # E1: 0.30 for each, and a review of 2 minutes at 12 an hour for 8 of 100: 0.30 + 0.08 x 0.40.
    world.policy["labor_rates"].append(
        {"reviewer_role": "p_hr", "hourly_rate": "12", "currency": "USD", "valid_from": "2020-01-01"}
    )
    for unit in world.units("p_hr", "success", 500, BLENDED, "0.30")[:40]:
        world.review(unit, "p_hr", "2", BLENDED)

    world.price("e7", "input_uncached", "0.10")
    for _ in range(10):
        world.call(DAY, "e7", {"input_tokens": 100_000_000}, application="e7")
    world.call(DAY, "e7", {"input_tokens": 1000}, application="e7_small")
    world.price("e8", "input_uncached", "0.10", per_quantity=1000)
    world.call(DAY, "e8", {"input_tokens": 1500}, application="e8")

    # E17: a vendor's price is no cost, and without a price of our own there is no margin.
    world.unit_type("e17")
    world.units("e17", "success", 10, DAY, "0.50")
    for name, amount in (("Vendor, lower", "0.99"), ("Vendor, upper", "1.50")):
        world.policy["benchmarks"].append(
            {"unit_type": "e17", "name": name, "amount": amount, "currency": "USD", "basis": "price"}
        )


def stack(golden: duckdb.DuckDBPyConnection, unit_type: str) -> dict[str, tuple[Decimal, Decimal]]:
    query = (
        "select layer, cost_per_successful_unit_usd, share from marts.rpt_cost_stack "
        "where unit_type = ? and cost_usd > 0"
    )
    return {layer: (cost, share) for layer, cost, share in rows(golden, query, unit_type)}


def test_s1(golden: duckdb.DuckDBPyConnection) -> None:
    got = stack(golden, "s1")
    assert {layer: cost for layer, (cost, _) in got.items()} == {k: Decimal(v) for k, v in CLAIMS.items()}
    assert sum(cost for cost, _ in got.values()) == Decimal("1.00")
    same(got["model_api"][1], "0.0800")


def test_s2(golden: duckdb.DuckDBPyConnection) -> None:
    got = stack(golden, "s2")
    assert {layer: cost for layer, (cost, _) in got.items()} == {k: Decimal(v) for k, v in SUPPORT.items()}
    assert sum(cost for cost, _ in got.values()) == Decimal("0.47")
    same(got["model_api"][1], "0.3830")
    query = "select total_cost_usd, volume from marts.rpt_portfolio where unit_type = 's2'"
    assert rows(golden, query) == [(Decimal("5828.00"), 12_400)]


def bridge(golden: duckdb.DuckDBPyConnection, unit_type: str) -> dict[str, Decimal]:
    query = "select step, amount_usd from marts.rpt_cost_bridge where unit_type = ? and period_month = '2026-03-01'"
    return dict(rows(golden, query, unit_type))


def test_s3(golden: duckdb.DuckDBPyConnection) -> None:
    steps = bridge(golden, "s3")
    shown = {step: amount for step, amount in steps.items() if step.startswith("plus_") and amount}
    assert shown == {"plus_wasted_calls": Decimal("0.02")} | {
        f"plus_{layer}": Decimal(cost) for layer, cost in ICEBERG.items()
    }
    first, whole = steps["per_success_first_pass"], steps["per_success"]
    assert (first, whole, whole - first) == (Decimal("0.05"), Decimal("0.19"), Decimal("0.14"))
    same(first / whole, "0.2632")
    model = stack(golden, "s3")["model_api"]
    assert model[0] == Decimal("0.07")
    same(model[1], "0.3684")


def test_s4_and_e2(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select unit_type, total_cost_usd * 100, savings_usd * 100 from marts.rpt_portfolio "
        "where period_month = '2024-06-01' and not is_total"
    )
    got = {unit_type: (cost, savings) for unit_type, cost, savings in rows(golden, query)}
    assert got["p_support"] == (Decimal(45_000), Decimal(95_000))
    assert got["p_loan"] == (Decimal(16_800), Decimal(31_200))
    assert got["p_claim"][0] == Decimal(1_800)


def test_s5_and_e10(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select total_cost_usd, attempted_units, successful_units, cost_per_attempted_unit_usd, "
        "cost_per_successful_unit_usd, failed_cost_usd, change_rate from marts.rpt_unit_economics "
        "where unit_type = 's5' and period_grain = 'month' order by period_start"
    )
    first, second = rows(golden, query)
    assert first[:6] == (10_080, 10_000, 7_200, Decimal("1.008"), Decimal("1.40"), Decimal("2822.40"))
    assert second[:4] == (3_486, 10_000, 9_100, Decimal("0.3486"))
    same(second[4], "0.383077")
    same(second[5], "313.74")
    same(second[6], "-0.7264")


def test_g6_7_effects(golden: duckdb.DuckDBPyConnection) -> None:
    """The case of S5 in section 6: success effect -0.2923, cost effect -0.7246."""
    query = "select lever, effect_usd from marts.rpt_levers where unit_type = 's5'"
    effects = dict(rows(golden, query))
    same(effects["failed_runs"], "-0.2923")
    same(sum(effects.values()) - effects["failed_runs"], "-0.7246")
    same(sum(effects.values()), "-1.0169")


def test_s6(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select change_rate from marts.rpt_unit_economics "
        "where unit_type = 's6' and change_rate is not null and period_grain = 'month'"
    )
    same(figure(golden, query), "0.3583")


def portfolio(
    golden: duckdb.DuckDBPyConnection, month: str, unit_type: str, *columns: str
) -> tuple[object, ...]:
    query = f"select {', '.join(columns)} from marts.rpt_portfolio where period_month = ? and unit_type = ?"
    return rows(golden, query, month, unit_type)[0]


def test_e1(golden: duckdb.DuckDBPyConnection) -> None:
    columns = ("cost_per_unit_usd", "total_cost_usd * 100", "savings_usd * 100")
    got = portfolio(golden, "2024-07-01", "p_hr", *columns)
    assert got == (Decimal("0.332"), Decimal(16_600), Decimal(33_400))


def test_e3(golden: duckdb.DuckDBPyConnection) -> None:
    for month, cost, expected in (("2024-06-01", 80_600, "0.5063"), ("2024-07-01", 80_200, "0.5038")):
        columns = ("total_cost_usd * 100", "volume * 100", "cost_per_unit_usd")
        total, volume, unit_cost = portfolio(golden, month, "__total__", *columns)
        assert (total, volume) == (cost, 159_200)
        same(unit_cost, expected)


def test_e4(golden: duckdb.DuckDBPyConnection) -> None:
    for unit_type, expected in {
        "p_support": "0.1200",
        "p_loan": "-0.0500",
        "p_claim": "0.0300",
        "p_hr": "0.0800",
    }.items():
        same(portfolio(golden, "2024-06-01", unit_type, "year_on_year_rate")[0], expected)
    same(portfolio(golden, "2024-06-01", "__total__", "year_on_year_rate")[0], "0.0697")


def test_e5(golden: duckdb.DuckDBPyConnection) -> None:
    points = [portfolio(golden, "2024-06-01", unit_type, "margin_change")[0] for unit_type in PORTFOLIO]
    assert sum(points) == Decimal("0.014")
    assert portfolio(golden, "2024-06-01", "__total__", "margin_change") == (None,)


@pytest.mark.parametrize(("case", "expected"), [("e7", "100"), ("e7_small", "0.0001"), ("e8", "0.15")])
def test_e7_and_e8(golden: duckdb.DuckDBPyConnection, case: str, expected: str) -> None:
    query = "select sum(cost_usd) from marts.fct_usage_costs where application = ?"
    assert figure(golden, query, case) == Decimal(expected)


def test_e11(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select amount_usd from marts.rpt_cost_bridge where unit_type = 's5' and step = 'per_million_tokens' "
        "order by period_month"
    )
    (before,), (after,) = rows(golden, query)
    assert (before, after) == (Decimal("50.40"), Decimal("87.15"))
    same(after / before - 1, "0.7292")


def test_e12(golden: duckdb.DuckDBPyConnection) -> None:
    columns = ("cost_per_unit_usd", "benchmark_low_usd", "benchmark_low_gap_rate")
    cost, benchmark, gap = portfolio(golden, "2026-03-01", "s3", *columns)
    assert (cost, benchmark) == (Decimal("0.19"), Decimal("3.00"))
    same(gap, "-0.9367")
    same(benchmark / cost, "15.79")


def test_e13(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select cost_per_failed_unit_usd, total_cost_usd / failed_units from marts.rpt_unit_economics "
        "where unit_type = 'g5_1' and period_grain = 'month'"
    )
    assert rows(golden, query) == [(Decimal("0.60"), 2.15)]


def test_e14(golden: duckdb.DuckDBPyConnection) -> None:
    """The model's share of cost is computed: 8, 38.30 and (first pass) 26.32 %, never about 10 %."""
    same(stack(golden, "s1")["model_api"][1], "0.0800")
    same(stack(golden, "s2")["model_api"][1], "0.3830")
    steps = bridge(golden, "s3")
    same(steps["per_success_first_pass"] / steps["per_success"], "0.2632")


def test_e15(golden: duckdb.DuckDBPyConnection) -> None:
    assert bridge(golden, "s3")["per_success"] == Decimal("0.19")
    assert bridge(golden, "e15")["per_success"] == Decimal("0.24")


def test_e16(golden: duckdb.DuckDBPyConnection) -> None:
    columns = ("cost_per_unit_usd", "human_cost_per_unit_usd", "savings_usd")
    cost, human, savings = portfolio(golden, "2026-03-01", "s2", *columns)
    assert 1 - cost / human == Decimal("0.6")
    # G11.7: 12,400 x 1.175 = 14,570, less 5,828.
    assert savings == Decimal("8742.00")


def test_e17(golden: duckdb.DuckDBPyConnection) -> None:
    columns = (
        "benchmark_low_usd",
        "benchmark_high_usd",
        "benchmark_basis",
        "revenue_usd",
        "margin_rate",
        "savings_usd",
    )
    got = portfolio(golden, "2026-03-01", "e17", *columns)
    assert got == (Decimal("0.99"), Decimal("1.50"), "price, not like for like", None, None, None)
