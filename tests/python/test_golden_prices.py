"""Golden cases of semantics.md section 3: one dated price for every call and meter."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest
from compiled import Project
from conftest import Build
from golden import World, figure, rows, run_data_test, same

DAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 4, 7, 9, tzinfo=UTC)
# The quantities of G3.10, at once and call by call.
TIERED = {"100": (100,), "150": (150,), "600": (600,), "parts": (60, 40, 50)}


def fx_rate(currency: str, rate: str) -> dict[str, str]:
    """The spot rate of a currency on the day of the cases."""
    day = f"{DAY:%Y-%m-%d}"
    return {
        "currency_from": currency, "currency_to": "USD", "rate_type": "spot", "rate": rate, "rate_date": day,
        "is_carried": "false", "origin_date": day,
    }  # fmt: skip


def cases(world: World) -> None:
    meters = {
        "input_uncached": "3",
        "cache_read": "0.30",
        "cache_write_5m": "3.75",
        "cache_write_1h": "6",
        "output": "15",
    }
    for meter, price in meters.items():
        world.contract("contract_c", "c", meter, price=price)
    for meter, price in {"input_uncached": "6", "cache_read": "0.60", "output": "22.50"}.items():
        world.contract("contract_c", "c", meter, price=price, context_tokens_over=200000)
    world.contract("contract_c", "c", "web_search", price="10", per_quantity=1000)

    def on_c(case: str, at: datetime = DAY, **usage: int) -> None:
        world.call(at, "c", usage, billing_account_id="contract_c", application=case)

    on_c(
        "g3_1",
        input_tokens=3200,
        cached_input_tokens=2000,
        cache_write_5m_tokens=600,
        cache_write_1h_tokens=400,
        output_tokens=410,
        reasoning_tokens=64,
        web_searches=2,
    )
    for _ in range(3):
        on_c("g3_2a", input_tokens=100_000)
    on_c("g3_2b", input_tokens=300_000)
    on_c("g3_3a", input_tokens=200_000)
    on_c("g3_3b", input_tokens=200_001)
    on_c("g3_4", input_tokens=250_000, cached_input_tokens=100_000)

    world.price("g3_5", "input_uncached", "3.00")
    world.price("g3_5", "input_uncached", "1.50", service_tier="batch")
    # Discounts in sequence make one rate: 1 - 0.90 x 0.95.
    world.contract("discount", "g3_5", "input_uncached", discount_rate="0.145")
    world.call(DAY, "g3_5", {"input_tokens": 1_000_000}, application="g3_5a", service_tier="batch")
    world.call(DAY, "g3_5", {"input_tokens": 1_000_000}, application="g3_5b", billing_account_id="discount")

    for meter, price in {"input_uncached": "1", "embedding_input": "0.02"}.items():
        world.price("embeds", meter, price)
    usage = {"input_tokens": 1_000_000}
    world.call(DAY, "embeds", usage, application="embedding", endpoint="embeddings")

    # A discount on the base tier follows the list's context tiers, and keeps all its decimals.
    world.price("tiers", "input_uncached", "75")
    world.price("tiers", "input_uncached", "275.558119", context_tokens_over=200000)
    world.contract("tiers", "tiers", "input_uncached", discount_rate="0.05")
    world.call(DAY, "tiers", {"input_tokens": 235_703}, application="discount_tier", billing_account_id="tiers")
    world.price("fine", "output", "0.088417568", per_quantity=1000)
    world.contract("fine", "fine", "output", discount_rate="0.333333")
    usage = {"input_tokens": 0, "output_tokens": 499_999}
    world.call(DAY, "fine", usage, application="discount_decimals", billing_account_id="fine")

    change = "2025-06-10 00:00:00"
    for meter, before, after in (("input_uncached", "10", "2"), ("output", "40", "8")):
        world.price("g3_7", meter, before, valid_to=change)
        world.price("g3_7", meter, after, valid_from=change)
    for case, at in (("g3_7a", datetime(2025, 6, 9, 23, 59, 59)), ("g3_7b", datetime(2025, 6, 10))):
        usage = {"input_tokens": 1_000_000, "output_tokens": 1_000_000}
        world.call(at.replace(tzinfo=UTC), "g3_7", usage, application=case)

    world.price("g3_8", "input_uncached", "3.00")
    world.contract(
        "ends", "g3_8", "input_uncached", price="2.70", valid_from="2026-04-01", valid_to="2026-07-01"
    )
    for case, at in enumerate(
        ("2026-03-31T23:59:59Z", "2026-04-01T00:00:00Z", "2026-06-30T23:59:59Z", "2026-07-01T00:00:00Z")
    ):
        world.call(
            at, "g3_8", {"input_tokens": 1_000_000}, application=f"g3_8{case}", billing_account_id="ends"
        )

    world.price("per_thousand", "input_uncached", "0.01", per_quantity=1000)
    world.call(DAY, "per_thousand", {"input_tokens": 2260}, application="g3_9")

    for account, terms in {"blocks": {"block_quantity": 1000}, "minimum": {"minimum_charge": "0.001"}}.items():
        world.contract(account, "per_thousand", "input_uncached", price="0.01", per_quantity=1000, **terms)
    world.call(DAY, "per_thousand", {"input_tokens": 2260}, application="g3_9_blocks", billing_account_id="blocks")
    world.call(DAY, "per_thousand", {"input_tokens": 50}, application="g3_9_minimum", billing_account_id="minimum")
    for mode in ("graduated", "volume"):
        for case, quantities in TIERED.items():
            account = f"{mode}_{case}"
            for over, price in ((0, "5"), (100, "4"), (500, "3")):
                terms = {"quantity_over": over, "tier_mode": mode, "tier_period": "month"}
                world.contract(account, "g3_10", "output", price=price, per_quantity=1, **terms)
            for minute, quantity in enumerate(quantities):
                at = DAY.replace(minute=minute)
                usage = {"input_tokens": 0, "output_tokens": quantity}
                world.call(at, "g3_10", usage, billing_account_id=account, application=f"g3_10_{account}")
    # In the next month the quantity starts anew.
    usage = {"input_tokens": 0, "output_tokens": 100}
    world.call(NEXT_MONTH, "g3_10", usage, billing_account_id="volume_600", application="g3_10_next")

    meters = {"input_uncached": "1", "input_audio": "10", "output": "4", "output_audio": "20"}
    for meter, price in meters.items():
        world.price("speaks", meter, price)
    for meter, price in {"input_uncached": "1", "output": "4"}.items():
        world.price("writes", meter, price)
    usage = {"input_tokens": 1000, "input_audio": 400, "output_tokens": 100, "output_audio": 100}
    for model in ("speaks", "writes"):
        world.call(DAY, model, usage, application=f"audio_{model}")
    beside = {"input_tokens": 0, "input_audio": 400, "output_tokens": 0}
    world.call(DAY, "speaks", beside, application="audio_beside")

    for model, quantity, price in (("g3_13a", 245, "1"), ("g3_13b", 5, "2"), ("g3_13c", 120, "3")):
        world.price(model, "output", price, per_quantity=1, currency="CRD")
        world.call(DAY, model, {"input_tokens": 0, "output_tokens": quantity}, application="g3_13")
    world.policy["fx_rates"].append(fx_rate("CRD", "2.00"))

    # The reporting currency is USD here, so the case runs the other way round: 6,000 of a currency at 0.92.
    world.policy["fx_rates"].append(fx_rate("CHF", "0.92"))
    world.charge(None, "6000", DAY, currency="CHF", application="g3_14")

    world.price("g3_15", "input_uncached", "2.5")
    world.call(DAY, "g3_15", {"input_tokens": 337}, cost="0.000842499999", application="g3_15")
    for case, cost in (("g3_16a", "0"), ("g3_16b", "0.02"), ("g3_16c", None)):
        world.call(DAY, "g3_16_unknown", {"input_tokens": 5000}, cost=cost, application=case)


COST = "select sum(cost_usd) from marts.fct_usage_costs where application = ?"


@pytest.mark.parametrize(
    ("case", "expected"),
    {
        "g3_1": "0.032000000000",
        "g3_2a": "0.90",
        "g3_2b": "1.80",
        "g3_3a": "0.600000",
        "g3_3b": "1.200006",
        "g3_4": "0.96",
        "g3_5a": "1.50",
        "g3_5b": "2.565",
        "embedding": "0.02",
        # 235,703 x 275.558119 x 0.95 and 499,999 x 88.417568 x 0.666667
        "discount_tier": "61.702381556524",
        "discount_decimals": "29.472478457853",
        "g3_7a": "50",
        "g3_7b": "10",
        "g3_80": "3.00",
        "g3_81": "2.70",
        "g3_82": "2.70",
        "g3_83": "3.00",
        "g3_9": "0.0226",
        "g3_9_blocks": "0.03",
        "g3_9_minimum": "0.001",
        "g3_10_graduated_100": "500",
        "g3_10_volume_100": "500",
        "g3_10_graduated_150": "700",
        "g3_10_volume_150": "600",
        "g3_10_graduated_600": "2400",
        "g3_10_volume_600": "1800",
        "g3_10_graduated_parts": "700",
        "g3_10_volume_parts": "600",
        "g3_10_next": "500",
        # 600 text and 400 audio in, 100 audio out; audio beside text where it does not fit into it.
        "audio_speaks": "0.0066",
        "audio_beside": "0.004",
    }.items(),
)
def test_g3_prices(golden: duckdb.DuckDBPyConnection, case: str, expected: str) -> None:
    assert figure(golden, COST, case) == Decimal(expected)


def test_g3_1_meters(golden: duckdb.DuckDBPyConnection) -> None:
    meters = ("input_uncached", "cache_read", "cache_write_5m", "cache_write_1h", "output", "web_search")
    columns = ", ".join(f"{meter}_micros * 0.000001" for meter in meters)
    got = rows(golden, f"select {columns} from intermediate.int_usage_costs where application = 'g3_1'")[0]
    for value, expected in zip(
        got, ("0.0006", "0.0006", "0.00225", "0.0024", "0.00615", "0.02"), strict=True
    ):
        same(value, expected + "0000")


def test_g3_10_call_by_call(golden: duckdb.DuckDBPyConnection) -> None:
    """A call bears what it adds to the charge of the period so far, so that earlier calls keep their cost."""
    query = "select cost_usd from marts.fct_usage_costs where application = ? order by occurred_at"
    for mode, costs in {"graduated": (300, 200, 200), "volume": (300, 200, 100)}.items():
        assert [cost for (cost,) in rows(golden, query, f"g3_10_{mode}_parts")] == list(map(Decimal, costs))


def test_audio_without_a_price_is_not_free(golden: duckdb.DuckDBPyConnection) -> None:
    """What has a price is charged, the call is marked, and its audio is not passed off as text."""
    query = "select cost_status, cost_basis, cost_usd from marts.fct_usage_costs where application = 'audio_writes'"
    assert rows(golden, query) == [("partially_priced", "partially_priced", Decimal("0.0006"))]


def test_g3_8_basis(golden: duckdb.DuckDBPyConnection) -> None:
    query = "select cost_basis from marts.fct_usage_costs where application like 'g3_8_' order by application"
    assert [basis for (basis,) in rows(golden, query)] == [
        "repriced_list",
        "repriced_contract",
        "repriced_contract",
        "repriced_list",
    ]


def test_g3_8_an_ended_contract_is_told(golden: duckdb.DuckDBPyConnection) -> None:
    """Only the price after the contract's end is one that a flag names, not the one before it began."""
    query = (
        "select calls.application from intermediate.int_usage_costs as calls "
        "inner join intermediate.int_expired_prices as expired on calls.price_number = expired.price_number"
    )
    assert rows(golden, query) == [("g3_83",)]


def test_g3_13_credits_and_money(golden: duckdb.DuckDBPyConnection) -> None:
    """245, 5 and 120 units at 1, 2 and 3 credits of 2.00: what is paid in credits is kept beside the money."""
    query = (
        "select price_currency, priced_micros * 0.000001, cost_micros_usd * 0.000001 "
        "from intermediate.int_usage_costs where application = 'g3_13' order by output_tokens desc"
    )
    for got, (paid, money) in zip(rows(golden, query), ((245, 490), (360, 720), (10, 20)), strict=True):
        assert got == ("CRD", Decimal(paid), Decimal(money))


def test_g3_14(golden: duckdb.DuckDBPyConnection) -> None:
    query = "select sum(cost_usd) from intermediate.int_direct_costs_monthly where application = 'g3_14'"
    same(figure(golden, query), "5520.000000000000")


def test_g3_14_without_a_rate(golden_build: Build) -> None:
    charge = {
        "record_status": "kept",
        "charge_id": "c",
        "occurred_at": "2026-03-03",
        "layer": "platform",
        "amount": 6000,
        "currency": "CHF",
    }
    tables = {"int_metered_costs_resolved": [charge], "int_unit_other_environments": [], "int_unit_shares": []}
    with pytest.raises(
        duckdb.Error, match="fx_missing: there is no spot rate from CHF to USD for 2026-03-03"
    ):
        Project(golden_build).world(tables, ["int_metered_costs"])


def test_price_overlap_and_e9(golden_build: Build) -> None:
    """0.10 per 1K and 0.10 per 1e6 for one model at one time are contradictory: the build stops."""
    key = {
        "provider": "p",
        "model": "m",
        "meter": "output",
        "service_tier": "standard",
        "context_tokens_over": 0,
    }
    two = [
        key | {"price": "0.10", "per_quantity": size, "observed_on": "2026-01-01"}
        for size in (1000, 1_000_000)
    ]
    with pytest.raises(duckdb.Error, match="price_overlap in list_prices"):
        run_data_test(golden_build, "price_overlap__list_prices", "list_prices", two)
    dated = [two[0] | {"valid_to": "2026-05-01"}, two[1] | {"valid_from": "2026-05-01"}]
    assert run_data_test(golden_build, "price_overlap__list_prices", "list_prices", dated) == []


def test_contract_price_gap(golden_build: Build) -> None:
    key = {"contract_id": "c", "provider": "p", "model": "m", "meter": "output", "price": 1}
    whole = [
        key | {"valid_from": "2026-01-01", "valid_to": "2026-04-01"},
        key | {"valid_from": "2026-04-01", "valid_to": "2026-07-01"},
    ]
    hole = [whole[0], whole[1] | {"valid_from": "2026-04-01 00:00:01"}]
    test = "assert_contracts_have_no_hole"
    assert run_data_test(golden_build, test, "contract_prices", whole) == []
    ((reason, *_),) = run_data_test(golden_build, test, "contract_prices", hole)
    assert reason.startswith("contract_price_gap: ")


def test_g3_15(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select repriced_cost_usd, reported_cost_usd, reported_cost_usd - repriced_cost_usd, cost_usd "
        "from marts.fct_usage_costs where application = 'g3_15'"
    )
    assert rows(golden, query) == [
        (Decimal("0.0008425"), Decimal("0.000842499999"), Decimal("-0.000000000001"), Decimal("0.0008425"))
    ]


def test_g3_16(golden: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select cost_status, cost_usd, input_tokens from marts.fct_usage_costs where application like 'g3_16_' "
        "order by application"
    )
    assert rows(golden, query) == [
        ("unpriced", None, 5000),
        ("reported", Decimal("0.02"), 5000),
        ("unpriced", None, 5000),
    ]
