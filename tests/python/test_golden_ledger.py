"""Golden cases of semantics.md sections 1 and 2: exact money, and a ledger that holds every cost once."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pytest
from conftest import Build
from golden import World, analysis, figure, rows, same

# What macros give for one value, compiled as an analysis of the golden project. Posted amounts are in minor units.
MACROS = {
    "g1_1_up": "cumulative_slice(pico('0.125'), 1, 1, minor_step(2))",
    "g1_1_down": "cumulative_slice(pico('-0.125'), 1, 1, minor_step(2))",
    "g1_2_usd": "in_units(cumulative_slice(pico('12.345'), 1, 1, minor_step(2)), 2)",
    "g1_2_jpy": "in_units(cumulative_slice(pico('1234.5'), 1, 1, minor_step(0)), 0)",
    "g1_2_bhd": "in_units(cumulative_slice(pico('1.2345'), 1, 1, minor_step(3)), 3)",
    "g1_4_line": "cumulative_slice(pico('0.333'), 1, 1, minor_step(2))",
    "g1_4_sum": "cumulative_slice(pico('0.999'), 1, 1, minor_step(2))",
    "g1_6": "as_cents(\"'1234.5'\")",
    "g1_8": "money_ratio('400.00', '700')",
    "g1_8_negative": "money_ratio('-400.00', '700')",
    "g1_8_half": "money_ratio('0.000000000001', '2')",
    "g1_8_half_negative": "money_ratio('-0.000000000001', '2')",
    "g1_8_zero": "money_ratio('1', '0')",
    "g1_8_null": "money_ratio('1', 'null')",
}
DAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
U1, U2, LATE = ("g2", "U1"), ("g2", "U2"), ("g2", "U3")


def cases(world: World) -> None:
    world.analyses["golden_macros"] = "select " + ", ".join(
        f"{{{{ {macro} }}}} as {name}" for name, macro in MACROS.items()
    )
    world.analyses["golden_ratios"] = (
        "select cast({{ money_ratio('n', 'd') }} as varchar) as q, cast({{ pico('n') }} as varchar) as p "
        "from numbers"
    )
    world.analyses["golden_parts"] = (
        "select cast({{ prorated('n', 'k', 'w') }} as varchar) as part, "
        "cast({{ pico_at_rate('u', 'r') }} as varchar) as converted, "
        "cast({{ cumulative_slice('u', 'i', 'j', 's') }} as varchar) as slice from numbers"
    )
    world.price("g1_3", "input_uncached", "0.075")
    world.call(DAY, "g1_3", {"input_tokens": 2260}, application="g1_3")
    world.call("2026-05-31T23:30:00-05:00", "g1_3", {"input_tokens": 1000}, application="g1_5")

    world.policy["provider_aliases"].append({"reported_provider": "golden vendor", "provider": "golden"})
    world.call(DAY, "g1_3", {"input_tokens": 2260}, provider="Golden Vendor", application="alias")

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

    # No call names the one it retries: attempts tell. The three calls of the loop are first attempts, and stay.
    world.unit_type("chain")
    world.event(("chain", "u"), "outcome", DAY + timedelta(hours=1), "resolved")
    for minute, (step, attempt, cost, fallback) in enumerate(
        [
            ("draft", 1, "0.01", False),
            ("loop", 1, "0.02", False),
            ("draft", 2, "0.04", False),
            ("loop", 1, "0.08", False),
            ("draft", 3, "0.16", True),
            ("loop", 1, "0.32", False),
        ]
    ):
        routing = {"attempt_number": attempt, "fallback_used": fallback}
        at = DAY + timedelta(minutes=minute)
        world.call(at, "chain", {"input_tokens": 10}, ("chain", "u"), cost, step=step, routing=routing)


DIRECT = "from intermediate.int_direct_costs_monthly where application = 'g2'"


@pytest.fixture(scope="module")
def macros(golden: duckdb.DuckDBPyConnection, golden_build: Build) -> dict[str, Any]:
    return dict(zip(MACROS, rows(golden, analysis(golden_build, "golden_macros"))[0], strict=True))


def test_g1_1(macros: dict[str, Any]) -> None:
    assert (macros["g1_1_up"], macros["g1_1_down"]) == (13, -13)


def test_g1_2(macros: dict[str, Any]) -> None:
    posted = [macros[f"g1_2_{currency}"] for currency in ("usd", "jpy", "bhd")]
    assert posted == [Decimal("12.35"), Decimal(1235), Decimal("1.235")]


def test_g1_4(macros: dict[str, Any]) -> None:
    assert (3 * macros["g1_4_line"], macros["g1_4_sum"]) == (99, 100)


def test_g1_6(macros: dict[str, Any]) -> None:
    assert macros["g1_6"] == Decimal("12.345000000000")


def test_g1_8_ratios(macros: dict[str, Any]) -> None:
    assert macros["g1_8"] == Decimal("0.571428571429")
    assert macros["g1_8_negative"] == Decimal("-0.571428571429")
    assert (macros["g1_8_half"], macros["g1_8_half_negative"]) == (Decimal("1e-12"), Decimal("-1e-12"))
    assert (macros["g1_8_zero"], macros["g1_8_null"]) == (None, None)


def amount(pico: int) -> str:
    """Pico units as the text of a decimal."""
    digits = f"{abs(pico):013d}"
    return f"{'-' if pico < 0 else ''}{digits[:-12]}.{digits[-12:]}"


def test_g1_8_against_fractions(golden_build: Build) -> None:
    """5,000 ratios of any size and sign, ties among them, equal Python's fractions: half away from zero at pico."""
    source = random.Random(18)
    pairs = []
    while len(pairs) < 5000:
        n = source.choice((1, -1)) * source.randrange(10 ** source.randrange(1, 26))
        d = source.choice((1, -1)) * source.randrange(1, 10 ** source.randrange(1, 26))
        if source.random() < 0.3:  # counts, which leave ties
            d = source.choice((1, -1)) * source.choice((1, 2, 3, 4, 7, 8, 16, 400, 1000)) * 10**12
        if abs(n) // abs(d) < 10**18:
            pairs.append((n, d))
    with duckdb.connect() as engine:
        engine.execute("create table numbers (n decimal(26, 12), d decimal(26, 12))")
        engine.executemany("insert into numbers values (?, ?)", [(amount(n), amount(d)) for n, d in pairs])
        got = engine.execute(f"select q, p from ({analysis(golden_build, 'golden_ratios')})").fetchall()
    for (n, d), (ratio, pico) in zip(pairs, got, strict=True):
        exact = abs(Fraction(n, d)) * 10**12
        rounded = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
        assert ratio == amount(rounded if (n < 0) == (d < 0) else -rounded).replace(
            "-0.000000000000", "0.000000000000"
        ), (n, d)
        assert int(pico) == n


def half_away(exact: Fraction) -> int:
    """The whole number next to a fraction, of two the one farther from zero."""
    rounded = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return rounded if exact > 0 else -rounded


def test_parts_rates_and_slices_against_fractions(golden_build: Build) -> None:
    """Parts by quantity, conversions and slices of whole numbers, ties among them, equal Python's fractions."""
    source = random.Random(19)
    rows = []
    while len(rows) < 3000:
        n, u = (source.choice((1, -1)) * source.randrange(10 ** source.randrange(1, 20)) for _ in range(2))
        k, w = (source.choice((1, -1)) * source.randrange(10 ** source.randrange(1, 10)) for _ in range(2))
        r = source.randrange(1, 10 ** source.randrange(1, 16))
        j = source.randrange(1, 400)
        rows.append(
            (n, k, w, u, r, source.randrange(j + 1), j, source.choice((1, 10**8, 10**9, 10**10, 10**12)))
        )
    with duckdb.connect() as engine:
        engine.execute(
            "create table numbers (n decimal(26, 12), k decimal(20, 3), w decimal(20, 3), u hugeint, "
            "r decimal(24, 12), i integer, j integer, s hugeint)"
        )
        engine.executemany(
            "insert into numbers values (?, cast(? as bigint) * 0.001, cast(? as bigint) * 0.001, ?, ?, ?, ?, ?)",
            [(amount(n), k, w, u, amount(r), i, j, s) for n, k, w, u, r, i, j, s in rows],
        )
        got = engine.execute(f"select * from ({analysis(golden_build, 'golden_parts')})").fetchall()
    for (n, k, w, u, r, i, j, s), (part, converted, piece) in zip(rows, got, strict=True):
        exact = amount(half_away(Fraction(n * k, w))) if w else None
        assert part == (exact and exact.replace("-0.000000000000", "0.000000000000")), (n, k, w)
        assert int(converted) == half_away(Fraction(u * r, 10**12)), (u, r)
        assert int(piece) == half_away(Fraction(u * i, j * s)), (u, i, j, s)


def test_g1_3(golden: duckdb.DuckDBPyConnection) -> None:
    same(
        figure(golden, "select cost_usd from marts.fct_usage_costs where application = 'g1_3'"),
        "0.000169500000",
    )


def test_an_alias_of_a_provider_holds_in_any_case(golden: duckdb.DuckDBPyConnection) -> None:
    cost = "select cost_usd from marts.fct_usage_costs where application = 'alias'"
    assert figure(golden, cost) == Decimal("0.000169500000")


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


def test_g2_chains_without_links(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select call_class, sum(cost_usd) from marts.rpt_waste where unit_type = 'chain' and cost_usd <> 0 "
        "group by all order by all"
    )
    assert rows(golden, query) == [
        ("final", Decimal("0.58")),
        ("superseded_fallback", Decimal("0.04")),
        ("superseded_retry", Decimal("0.01")),
    ]


def test_g2_5(golden: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        golden, f"select environment, sum(cost_usd) {DIRECT} and layer = 'evaluation' group by 1"
    ) == [("evaluation", Decimal("0.050"))]
