"""The golden cases of allocation (semantics.md section 7), on the models' own SQL over hand-made inputs."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from allocation_world import World, macros
from conftest import Build


@pytest.fixture
def world(demo: Build) -> World:
    """An empty world."""
    return World(demo)


def money(*amounts: str) -> list[Decimal]:
    """Decimals from text."""
    return [Decimal(amount) for amount in amounts]


def even(world: World, amount: str, targets: int, **fields: str) -> list[Decimal]:
    """Post one pool evenly to the targets a, b, c and so on."""
    names = [chr(ord("a") + number) for number in range(targets)]
    world.rule("r", "p", "even")
    world.weights("r", dict.fromkeys(names, 1))
    world.shared_cost("s", "p", amount, **fields)
    return world.posted()


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("100.00", ("33.34", "33.33", "33.33")),
        ("-100.00", ("-33.34", "-33.33", "-33.33")),
        ("0.05", ("0.02", "0.02", "0.01")),
    ],
)
def test_g7_1_thirds(world: World, amount: str, expected: tuple[str, ...]) -> None:
    assert even(world, amount, 3) == money(*expected)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("1000", "JPY", ("334", "333", "333")),
        ("1.000", "BHD", ("0.334", "0.333", "0.333")),
        ("0.002", "KWD", ("0.001", "0.001", "0.000")),
        ("-7.56", "EUR", ("-2.52", "-2.52", "-2.52")),
    ],
)
def test_g7_2_minor_units(world: World, amount: str, currency: str, expected: tuple[str, ...]) -> None:
    world.put(
        "fx_rates",
        [
            {
                "currency_from": currency,
                "currency_to": "USD",
                "rate_type": "spot",
                "rate": Decimal("0.0067"),
                "rate_date": "2026-05-01",
            }
        ],
    )
    posted = even(world, amount, 3, currency=currency)
    assert [*posted, Decimal(0)][:3] == money(*expected)
    assert world.rows("rpt_chargeback_statements", "distinct currency") == [(currency,)]


def test_g7_3_sevenths(world: World) -> None:
    posted = even(world, "100.00", 7)
    assert posted == money(*["14.29"] * 4, *["14.28"] * 3)
    assert sum(posted) == 100


@pytest.mark.parametrize(
    ("amount", "weights", "expected"),
    [
        ("10000", (7, 11, 13), ("2258.06", "3548.39", "4193.55")),
        ("12345.67", (40, 35, 25), ("4938.27", "4320.98", "3086.42")),
    ],
)
def test_g7_4_seats(world: World, amount: str, weights: tuple[int, ...], expected: tuple[str, ...]) -> None:
    world.rule("r", "p", "proportional", driver="seats")
    world.weights("r", dict(zip("abc", weights, strict=True)))
    world.shared_cost("s", "p", amount)
    assert world.posted() == money(*expected)


@pytest.mark.parametrize(
    ("method", "amount", "driver", "quantities", "expected"),
    [
        ("proportional", "50000", "requests", (360, 280, 210, 150), ("18000", "14000", "10500", "7500")),
        ("tiered", "700", "requests", (80, 70), ("373.33", "326.67")),
        ("proportional", "50000", "input_tokens", (360, 280, 210, 150), ("18000", "14000", "10500", "7500")),
    ],
)
def test_g7_5_drivers(
    world: World, method: str, amount: str, driver: str, quantities: tuple[int, ...], expected: tuple[str, ...]
) -> None:
    world.rule("r", "p", method, driver="tokens" if driver == "input_tokens" else driver)
    for target, quantity in zip("abcd", quantities, strict=False):
        world.usage("1", cost_center=target, **{driver: quantity})
    world.shared_cost("s", "p", amount)
    assert world.posted("target_id is not null") == money(*expected)
    rates = {rate for (rate,) in world.rows("rpt_chargeback_statements", "round(rate, 3)", "target_id is not null")}
    assert len(rates) == 1, "one blended rate"


SERVICE_WEIGHTS = {
    "s1": {"pool:S2": "0.2", "a": "0.5", "b": "0.3"},
    "s2": {"pool:S1": "0.1", "a": "0.6", "b": "0.3"},
}


def service(world: World, method: str, first: str = "S1") -> list[Decimal]:
    """What A and B bear of the service pools S1 (100,000) and S2 (40,000)."""
    for rule, pool in (("s1", "S1"), ("s2", "S2")):
        world.rule(rule, pool, method, priority=1 if pool == first else 2)
        world.weights(rule, SERVICE_WEIGHTS[rule])
    world.shared_cost("one", "S1", "100000")
    world.shared_cost("two", "S2", "40000")
    world.build("rpt_showback")
    found = world.rows("rpt_showback", "cost_center, round(total_cost_usd, 2)")
    return [amount for _, amount in found]


def test_g7_6_direct_service(world: World) -> None:
    assert service(world, "direct_service") == money("89166.67", "50833.33")


@pytest.mark.parametrize(("first", "expected"), [("S1", ("90000", "50000")), ("S2", ("89000", "51000"))])
def test_g7_7_step_down(world: World, first: str, expected: tuple[str, ...]) -> None:
    assert service(world, "step_down", first) == money(*expected)


def test_g7_8_reciprocal(world: World) -> None:
    assert service(world, "reciprocal") == money("89795.92", "50204.08")
    # What each pool hands on, its own cost and what it received, follows from what A and B bear:
    # A = 0.5 S1 + 0.6 S2 and B = 0.3 S1 + 0.3 S2.
    found = world.rows("rpt_showback", "cost_center, total_cost_usd")
    a, b = (amount for _, amount in found)
    both = b * 10 / 3
    second = (a - both / 2) * 10
    assert (round(both - second, 2), round(second, 2)) == (Decimal("106122.45"), Decimal("61224.49"))
    assert all(share == 0 for (share,) in world.rows("int_service_pool_shares", "share", "is_under_way"))


def test_g7_9_idle(world: World) -> None:
    world.rule("idle", "ptu", "idle", driver="tokens", fallback_rule_id="used")
    world.rule("used", "ptu", "proportional", driver="tokens", priority=20)
    world.usage("1", cost_center="a", input_tokens=62)
    world.shared_cost("s", "ptu", "7200", capacity_quantity=Decimal(100), capacity_unit="tokens")
    assert dict(world_targets(world)) == {"a": Decimal("4464"), "__idle__": Decimal("2736")}


def test_g7_9_over_driven(world: World) -> None:
    world.rule("idle", "ptu", "idle", driver="tokens", fallback_rule_id="used")
    world.rule("used", "ptu", "proportional", driver="tokens", priority=20)
    world.usage("1", cost_center="a", input_tokens=101)
    world.shared_cost("s", "ptu", "7200", capacity_quantity=Decimal(100), capacity_unit="tokens")
    assert dict(world_targets(world)) == {"a": Decimal("7200")}
    assert world.one("fct_allocated_costs", "flag") == "over_driven"


def world_targets(world: World) -> list[tuple[str, Decimal]]:
    """Target and amount of the pool lines of the statements."""
    world.build("rpt_chargeback_statements", "fct_allocated_costs")
    return world.rows("rpt_chargeback_statements", "target_id, amount", "target_id is not null")


def key_world(world: World, traced: tuple[int, ...], mode: str | None) -> dict[str, Decimal]:
    """A shared key billed 1,000, and what its telemetry traces to a, b, c. Returns the total of each cost center."""
    world.put(
        "api_keys",
        [
            {
                "api_key_id": "k",
                "is_shared": True,
                "owner_type": "team",
                "owner_id": "t",
                "share": 1,
                "valid_from": "2020-01-01",
            }
        ],
    )
    if mode:
        world.rule("key", "api_key:k", mode)
    for target, cost in zip("abc"[: len(traced)], traced, strict=True):
        world.usage(str(cost), cost_center=target, api_key_id="k")
    world.put(
        "int_provider_usage",
        [
            {
                "line_id": "1",
                "provider": "openai",
                "billing_account_id": "org-1",
                "api_key_id": "k",
                "period_start": "2026-05-01",
                "period_end": "2026-06-01",
                "amount": Decimal(1000),
                "currency": "USD",
            }
        ],
    )
    world.build("rpt_showback", "rpt_shared_keys")
    return dict(world.rows("rpt_showback", "cost_center, round(total_cost_usd, 2)", "total_cost_usd <> 0"))


@pytest.mark.parametrize("mode", ["keep_unattributed", None])
def test_g7_10_key_keeps(world: World, mode: str | None) -> None:
    found = key_world(world, (450, 300, 150), mode)
    assert found == {"a": 450, "b": 300, "c": 150, "__unallocated__": 100}
    row = world.rows("rpt_shared_keys", "billed_usd, traced_usd, mode, unattributed_usd, coverage")
    assert row == [(1000, 900, "keep_unattributed", 100, Decimal("0.9"))]


def test_a_key_of_a_month_without_any_call_is_charged(world: World) -> None:
    assert key_world(world, (), None) == {"__unallocated__": 1000}


def test_g7_10_key_grosses_up(world: World) -> None:
    found = key_world(world, (450, 300, 150), "gross_up")
    assert found == {"a": Decimal(500), "b": Decimal("333.33"), "c": Decimal("166.67")}


@pytest.mark.parametrize("mode", ["keep_unattributed", "gross_up"])
def test_g7_11_over_attributed(world: World, mode: str) -> None:
    found = key_world(world, (600, 400, 200), mode)
    assert found == {"a": Decimal(500), "b": Decimal("333.33"), "c": Decimal("166.67")}
    assert world.one("rpt_shared_keys", "is_over_attributed") is True


def test_g7_13_daily_slices() -> None:
    rendered = macros().cumulative_slice("u", "part", "7", "10000000000")
    before = macros().cumulative_slice("u", "part - 1", "7", "10000000000")
    found = duckdb.sql(
        f"select ({rendered}) - ({before}) from (select 10000000000000::hugeint as u, part::hugeint as part "
        "from range(1, 8) r(part)) order by part"
    ).fetchall()
    assert [cents for (cents,) in found] == [143, 143, 143, 142, 143, 143, 143]


def test_g7_13_slices_of_months(world: World) -> None:
    world.shared_cost("s", "p", "1000.00", period_start="2026-01-01", period_end="2027-01-01")
    world.build("int_shared_cost_months")
    cents = [units for (units,) in world.rows("int_shared_cost_months", "posted_units", order="period_month")]
    assert len(cents) == 12 and sum(cents) == 100000
    assert cents[:3] == [8493, 7671, 8494]


def test_g7_15_zero_drivers(world: World) -> None:
    world.rule("r", "p", "proportional", driver="requests")
    world.usage("1", cost_center="a", requests=0)
    world.shared_cost("s", "p", "50.00")
    assert world_targets(world) == [("__unallocated__", Decimal(50))]
    assert world.rows("fct_allocated_costs", "rule_id, method, confidence") == [(None, "unallocated", "none")]


def test_zero_driver_takes_the_fallback(world: World) -> None:
    world.rule("r", "p", "proportional", driver="requests", fallback_rule_id="f")
    world.rule("f", "nowhere", "fixed", priority=90)
    world.weights("f", {"a": "0.25", "b": "0.75"})
    world.shared_cost("s", "p", "50.00")
    assert world_targets(world) == [("a", Decimal("12.5")), ("b", Decimal("37.5"))]
    assert world.rows("fct_allocated_costs", "distinct rule_id, confidence") == [("f", "low")]


def test_a_credit_mirrors_its_charge(world: World) -> None:
    world.rule("r", "p", "proportional", driver="requests")
    for target, requests in zip("abc", (7, 11, 13), strict=True):
        world.usage("1", cost_center=target, requests=requests)
    world.shared_cost("charge", "p", "100.01")
    world.shared_cost("credit", "p", "-100.01")
    world.build("fct_allocated_costs")
    found = world.rows("fct_allocated_costs", "target_id, allocated_amount_usd")
    assert len(found) == 6
    for target in "abc":
        assert sum(amount for name, amount in found if name == target) == 0


def test_a_pool_without_a_rule_is_a_row(world: World) -> None:
    world.shared_cost("s", "p", "0.01")
    assert world_targets(world) == [("__unallocated__", Decimal("0.01"))]


def test_g7_12_recovery(world: World) -> None:
    world.make("fct_units")
    world.connection.execute(
        f"""
        insert into {world.relation("fct_units")} by name
        select 'production' as environment, 'support_case' as unit_type, 'u' || n as unit_id, 1 as episode_number,
            'cx' as cost_center, date '2026-05-01' as cohort_month, 'success' as state, true as is_attempted,
            0.47 as total_cost_usd
        from range(12400) units(n)
        """
    )
    world.put(
        "standard_rates",
        [
            {
                "unit_type": "support_case",
                "cost_center": "cx",
                "rate": Decimal("0.40"),
                "currency": "USD",
                "valid_from": "2026-01-01",
            }
        ],
    )
    world.build("rpt_chargeback_recovery")
    columns = "actual_cost_usd, units, standard_rate_usd, charged_usd, over_under_recovery_usd"
    found = world.rows("rpt_chargeback_recovery", columns)
    assert found == [(Decimal(5828), 12400, Decimal("0.40"), Decimal(4960), Decimal(868))]


def test_g7_14_true_up_and_tie_out(world: World) -> None:
    ledger = {"x": ("1800", "600"), "y": ("1200", "2400")}
    for target, (read, written) in ledger.items():
        world.usage(
            str(int(read) + int(written)),
            cost_center=target,
            cost_basis="repriced_contract",
            endpoint="chat",
            input_uncached_cost_micros=Decimal(read) * 1_000_000,
            output_cost_micros=Decimal(written) * 1_000_000,
        )
    leg = {
        "period_month": "2026-05-01",
        "issuer": "openai",
        "billing_account_id": "org-1",
        "currency": "USD",
        "model": "m",
        "service_tier": "standard",
    }
    world.put(
        "int_reconciliation_legs",
        [
            leg | {"meter": "input_uncached", "estimated_amount": 3000, "usage_amount": 3162, "invoiced_amount": 3162},
            leg | {"meter": "output", "estimated_amount": 3000, "usage_amount": 2970, "invoiced_amount": 2970},
        ],
    )
    line = {key: value for key, value in leg.items() if key not in ("model", "service_tier")}
    charges = {"fee": "150", "credit": "-100", "commitment": "80", "tax": "500.96", "usage": "6132"}
    world.put(
        "int_invoice_lines_measured",
        [
            line | {"payable_state": "payable", "line_type": kind, "amount": Decimal(amount)}
            for kind, amount in charges.items()
        ],
    )
    world.build("rpt_chargeback_tie_outs")
    found = world.rows(
        "rpt_chargeback_statements",
        "cost_center, case when source_type <> 'true_up' then 'ledger' when split_part(source_id, '/', 4) "
        "in ('fee', 'credit', 'commitment') then 'charges' else split_part(source_id, '/', 4) end as part, sum(amount)",
        "true group by cost_center, part",
        order="cost_center, sum(amount)",
    )
    assert found == [
        ("__unallocated__", "tax", Decimal("500.96")),
        ("x", "charges", Decimal("52")),
        ("x", "usage", Decimal("91.20")),
        ("x", "ledger", Decimal("2400")),
        ("y", "usage", Decimal("40.80")),
        ("y", "charges", Decimal("78")),
        ("y", "ledger", Decimal("3600")),
    ]
    columns = "ledger_amount, true_up_amount, invoiced_amount, statement_amount, difference_amount, status"
    tied = (Decimal(6000), Decimal("762.96"), Decimal("6762.96"), Decimal("6762.96"), Decimal(0), "tied")
    assert world.rows("rpt_chargeback_tie_outs", columns) == [tied]


def invoice(world: World, *lines: tuple[str, str], **fields: str) -> None:
    """An invoice of May for org-1 as (line type, amount), and the leg of its use against an estimate of 900."""
    key = {"period_month": "2026-05-01", "issuer": "openai", "billing_account_id": "org-1", "currency": "USD"}
    used = sum(Decimal(amount) for kind, amount in lines if kind == "usage")
    leg = {"model": "m", "meter": "output", "service_tier": "standard", "estimated_amount": 900, "usage_amount": used}
    world.put("int_reconciliation_legs", [key | leg])
    head = {"payable_state": "payable", "billing_period_start": "2026-05-01", "invoice_id": "i"}
    rows = [key | head | {"line_type": kind, "amount": Decimal(amount)} | fields for kind, amount in lines]
    world.put("int_invoice_lines_measured", rows)


@pytest.mark.parametrize("mode", ["keep_unattributed", "gross_up"])
def test_an_invoiced_key_is_charged_once(world: World, mode: str) -> None:
    """Billed 1,000 by export and invoice, 900 metered and traced: the 100 is charged with the key and not trued up."""
    key_world(world, (450, 300, 150), mode)
    other = World(world.demo)
    invoice(other, ("usage", "1000.00"))
    key_world(other, (450, 300, 150), mode)
    for one in (world, other):
        one.build("rpt_chargeback_statements", "rpt_chargeback_tie_outs")
    columns = "cost_center, sum(amount)"
    found = [one.rows("rpt_chargeback_statements", columns, "true group by cost_center") for one in (world, other)]
    assert found[0] == found[1]
    assert sum(amount for _, amount in found[1]) == 1000
    assert other.one("rpt_chargeback_tie_outs", "difference_amount", "invoiced_amount = 1000") == 0


def test_a_drawdown_takes_back_the_prepayment_not_the_charge(world: World) -> None:
    """Bought 600 in advance, 900 used and 350 of it paid from the balance: the users bear 900, the asset is 250."""
    world.usage("900", cost_center="a", cost_basis="repriced_list", output_cost_micros=Decimal(900_000_000))
    world.put(
        "commitments",
        [
            {
                "contract_id": "c",
                "provider": "openai",
                "billing_account_id": "org-1",
                "kind": "prepaid",
                "amount": 600,
                "currency": "USD",
                "period_start": "2026-05-01",
                "period_end": "2026-09-01",
                "accrual_method": "fifo",
            }
        ],
    )
    invoice(world, ("usage", "900"), ("prepayment", "600"), ("credit", "-350"))
    world.build("rpt_chargeback_statements", "rpt_chargeback_tie_outs")
    columns = "cost_center, description, amount"
    assert world.rows("rpt_chargeback_statements", columns, order="amount desc") == [
        ("a", "AI calls of no application to openai, model_api", 900),
        ("__unallocated__", "Prepayment bought, openai, account org-1", 600),
        ("__unallocated__", "Prepayment used, openai, account org-1", -350),
    ]
    assert world.one("rpt_chargeback_tie_outs", "invoiced_amount") == 1150


def test_g5_9_coverage_is_of_gross_charges(world: World) -> None:
    world.usage("700", cost_center="a")
    world.rule("r", "p", "even")
    world.weights("r", {"a": 1})
    world.shared_cost("charge", "p", "200")
    world.shared_cost("credit", "p", "-200")
    world.shared_cost("nobody", "q", "100")
    world.put(
        "coverage_thresholds",
        [{"environment": "production", "warn_below": Decimal("0.9"), "block_below": 0, "valid_from": "2026-01-01"}],
    )
    world.build("rpt_allocation_coverage")
    columns = "gross_cost_usd, credits_usd, unallocated_cost_usd, allocation_coverage, status"
    assert world.rows("rpt_allocation_coverage", columns) == [(1000, -200, 100, Decimal("0.9"), "ok")]


@pytest.mark.parametrize(
    ("nobody", "status", "stopped"),
    [("100", "ok", False), ("101", "warn", False), ("250", "warn", False), ("251", "block", True)],
)
def test_coverage_warns_and_blocks(world: World, nobody: str, status: str, stopped: bool) -> None:
    world.usage(str(1000 - int(nobody)), cost_center="a")
    world.shared_cost("nobody", "q", nobody)
    limits = {"warn_below": Decimal("0.9"), "block_below": Decimal("0.75"), "valid_from": "2026-01-01"}
    world.put("coverage_thresholds", [limits | {"environment": "production"}])
    world.usage("5", environment="staging")
    world.build("rpt_allocation_coverage")
    columns = "environment, allocation_coverage, status"
    share = 1 - Decimal(nobody) / 1000
    assert world.rows("rpt_allocation_coverage", columns) == [
        ("production", share, status),
        ("staging", 0, "no_threshold"),
    ]
    assert bool(world.failures("assert_allocation_coverage")) is stopped


def test_coverage_and_statements_agree_on_the_owner(world: World) -> None:
    """A key of one owner bears the call; what nobody owns is unallocated in both."""
    key = {"api_key_id": "k", "is_shared": False, "owner_type": "cost_center", "owner_id": "a", "share": 1}
    world.put("api_keys", [key | {"valid_from": "2020-01-01"}])
    world.usage("3", api_key_id="k")
    world.usage("2", api_key_id="other")
    world.build("rpt_coverage", "rpt_showback")
    columns = "cost_usd, allocated_cost_usd, unallocated_cost_usd"
    assert world.rows("rpt_coverage", columns) == [(5, 3, 2)]
    assert dict(world.rows("rpt_showback", "cost_center, total_cost_usd")) == {"a": 3, "__unassigned__": 2}


def test_a_close_freezes_the_driver_snapshot(world: World) -> None:
    """A call that became known after the close is charged to who made it and moves no share of the pool."""
    world.rule("r", "p", "proportional", driver="requests")
    world.usage("1", cost_center="a", requests=1)
    world.usage("1", cost_center="b", requests=1)
    world.usage("1", cost_center="b", requests=98, known_slot="2026-06-08 17:00:00")
    world.shared_cost("s", "p", "10.00")
    world.build("rpt_showback")
    columns = "cost_center, direct_cost_usd, allocated_cost_usd"
    assert world.rows("rpt_showback", columns) == [("a", 1, 5), ("b", 2, 5)]


@pytest.mark.parametrize(
    ("old", "basis", "by_old"),
    [
        ("fixed", "shares_of_the_month_before", {"a": 50, "b": 50}),
        ("requests", "drivers_of_the_month", {"a": 10, "b": 90}),
    ],
)
def test_a_changed_rule_shows_what_it_costs(world: World, old: str, basis: str, by_old: dict[str, int]) -> None:
    declared = {"a": "0.5", "b": "0.5"}
    if old == "fixed":
        world.rule("old", "p", "fixed", valid_to="2026-06-01")
        world.weights("old", declared)
    else:
        world.rule("old", "p", "proportional", driver="requests", valid_to="2026-06-01")
    world.rule("new", "p", "fixed", valid_from="2026-06-01")
    world.weights("new", {"a": "0.25", "b": "0.75"})
    world.usage("1", cost_center="a", requests=7)
    world.usage("1", cost_center="a", requests=1, period_month="2026-06-01")
    world.usage("1", cost_center="b", requests=9, period_month="2026-06-01")
    world.shared_cost("may", "p", "80")
    world.shared_cost("june", "p", "100", period_start="2026-06-01", period_end="2026-07-01")
    world.build("rpt_allocation_rule_changes")
    columns = "cost_center, previous_rule_id, rule_id, basis, amount_by_previous_rule_usd, amount_usd, effect_usd"
    assert world.rows("rpt_allocation_rule_changes", columns) == [
        ("a", "old", "new", basis, by_old["a"], 25, 25 - by_old["a"]),
        ("b", "old", "new", basis, by_old["b"], 75, 75 - by_old["b"]),
    ]


def test_pools_reach_units_and_layers_of_unit_types(world: World) -> None:
    world.rule("r", "p", "even")
    world.weights("r", {"a": 1, "b": 1})
    world.shared_cost("s", "p", "0.000000000011", layer="platform")
    for number in range(5):
        world.unit(f"u{number}", request_count=1 if number < 3 else 2)
    world.build("int_unit_allocated_costs", "int_unit_type_allocated_costs")
    found = dict(world.rows("int_unit_allocated_costs", "unit_id, cast(allocated_cost_usd * 1000000000000 as integer)"))
    # a bears 6 pico, b has no units. Weights 1, 1, 1, 2, 2 of 7: floors 0, 0, 0, 1, 1 and the largest remainders
    # 6/7 of the three light units, then 5/7 of the heavy ones by key.
    assert found == {"u0": 1, "u1": 1, "u2": 1, "u3": 2, "u4": 1}
    assert world.rows("int_unit_type_allocated_costs", "unit_type, layer") == [("support_case", "platform")]


def test_units_without_requests_share_evenly(world: World) -> None:
    world.rule("r", "p", "direct")
    world.weights("r", {"a": 1})
    world.shared_cost("s", "p", "-1")
    for number in range(3):
        world.unit(f"u{number}", request_count=0)
    world.build("int_unit_allocated_costs")
    found = [amount for (amount,) in world.rows("int_unit_allocated_costs", "allocated_cost_usd", order="unit_id")]
    assert found == money("-0.333333333334", "-0.333333333333", "-0.333333333333")


def test_a_tenant_scope_reaches_cost_centers_by_its_own_costs(world: World) -> None:
    world.rule("r", "p", "proportional", driver="requests", scope="tenant")
    world.usage("3", cost_center="a", tenant_id="t1", requests=1)
    world.usage("1", cost_center="b", tenant_id="t1", requests=1)
    world.usage("1", cost_center="b", tenant_id="t2", requests=2)
    world.shared_cost("s", "p", "8")
    world.build("rpt_showback", "fct_allocated_costs")
    assert dict(world.rows("fct_allocated_costs", "target_id, allocated_amount_usd")) == {"t1": 4, "t2": 4}
    columns = "cost_center, tenant_id, allocated_cost_usd"
    assert world.rows("rpt_showback", columns) == [("a", "t1", 3), ("b", "t1", 1), ("b", "t2", 4)]


def test_hierarchies_roll_up_one_allocation(world: World) -> None:
    world.put(
        "cost_centers",
        [
            {"cost_center": "group"},
            {"cost_center": "a", "parent_cost_center": "group"},
            {"cost_center": "a1", "parent_cost_center": "a"},
        ],
    )
    world.rule("r", "p", "fixed")
    world.weights("r", {"a": "0.25", "a1": "0.75"})
    world.shared_cost("s", "p", "100")
    world.build("rpt_showback_hierarchy")
    columns = "cost_center, own_cost_usd, total_cost_usd, is_top"
    assert world.rows("rpt_showback_hierarchy", columns) == [
        ("a", 25, 100, False),
        ("a1", 75, 75, False),
        ("group", 0, 100, True),
    ]


@pytest.mark.parametrize(
    ("driver", "expected"),
    [
        ("units", {"a": 75, "b": 25}),
        ("successful_units", {"a": 50, "b": 50}),
        ("requests", {"a": 20, "b": 80}),
        ("review_minutes", {"a": 90, "b": 10}),
        ("cost", {"a": 60, "b": 40}),
    ],
)
def test_every_driver(world: World, driver: str, expected: dict[str, int]) -> None:
    for number, (center, state) in enumerate([("a", "success"), ("a", "failed"), ("a", "failed"), ("b", "success")]):
        world.unit(f"u{number}", bearing_cost_center=center, cost_center=None, state=state)
    world.unit("cancelled", bearing_cost_center="a", state="cancelled")
    world.usage("6", cost_center="a", requests=1)
    world.usage("4", cost_center="b", requests=4)
    for center, minutes in (("a", 9), ("b", 1)):
        world.put(
            "int_human_reviews",
            [
                {
                    "unit_type": "t",
                    "unit_id": center,
                    "environment": "production",
                    "started_at": "2026-05-02",
                    "review_minutes": minutes,
                    "cost_micros_usd": 0,
                }
            ],
        )
        world.put(
            "int_unit_dimensions",
            [{"environment": "production", "unit_type": "t", "unit_id": center, "cost_center": center}],
        )
    world.rule("r", "p", "proportional", driver=driver)
    world.shared_cost("s", "p", "100")
    assert dict(world_targets(world)) == expected


def test_a_service_pool_hands_on_to_a_pool_of_another_kind(world: World) -> None:
    world.rule("s", "service", "step_down", priority=1)
    world.weights("s", {"pool:plain": "0.5", "a": "0.3", "pool:nobody": "0.2"})
    world.rule("p", "plain", "proportional", priority=2, driver="requests")
    world.usage("1", cost_center="a", requests=1)
    world.usage("1", cost_center="b", requests=3)
    world.shared_cost("one", "service", "100")
    assert dict(world_targets(world)) == {"a": Decimal("42.5"), "b": Decimal("37.5"), "__unallocated__": Decimal(20)}


def test_a_credit_follows_the_charge_that_it_corrects(world: World) -> None:
    world.rule("r", "p", "proportional", driver="requests")
    world.usage("1", cost_center="a", requests=1, period_month="2026-04-01")
    world.usage("1", cost_center="b", requests=1, period_month="2026-05-01")
    world.shared_cost("charge", "p", "10", period_start="2026-04-01", period_end="2026-05-01", invoice_id="i")
    world.shared_cost("credit", "p", "-4", invoice_id="i")
    world.shared_cost("general", "p", "-1")
    world.build("rpt_showback")
    columns = "period_month, cost_center, allocated_cost_usd"
    rows = world.rows("rpt_showback", columns, "allocated_cost_usd <> 0")
    found = [(str(month), center, amount) for month, center, amount in rows]
    assert found == [
        ("2026-04-01", "a", 10),
        ("2026-05-01", "a", -4),
        ("2026-05-01", "b", -1),
    ]
