"""More of the kitchen sink: splits on the bounds of their precision, and keys and pools that lack one thing each.

Weights lie on a power of a thousand and one step above it, so that the scale of a split shows; amounts lie on half a
minor unit in currencies of no, two, three and four decimals; each kind of target has a shared key some of whose calls,
or all, do not name it. All by counting; nothing is drawn.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kitchen_sink import Sink

Row = dict[str, Any]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONTHS = [date(2026, month, 1) for month in range(1, 9)]
# (account, currency, half of its minor unit)
HALVES = (
    ("acct_p0", "JPY", "0.5"),
    ("acct_p2", "USD", "0.005"),
    ("acct_p3", "BHD", "0.0005"),
    ("acct_p4", "CLF", "0.00005"),
)
STEP = Decimal("0.000000000001")
# The largest weight of a split, month by month: on a bound of its scale and one step above.
LARGEST = (Decimal(1), 1 + STEP, Decimal(1000), 1000 + STEP, Decimal(1_000_000), 1_000_000 + STEP, Decimal(1_000_000_000), 1_000_000_000 + STEP)
TARGETS: dict[str, Row] = {
    "cost_center": {"cost_center": "cc_b"}, "team": {"team": "team_b"}, "tenant": {"tenant_id": "t2"},
    "application": {"application": "app_1"}, "workflow": {"workflow": "flow_2"}, "agent": {"agent_id": "agent_1"},
}  # fmt: skip


def at(month: date, day: int, hour: float = 9) -> datetime:
    return datetime(month.year, month.month, day) + timedelta(hours=hour)


def told(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds") + "Z"


def following(month: date) -> date:
    return (month + 32 * DAY).replace(day=1)


def shared_key(sink: Sink, key: str, account: str, **fields: Any) -> None:
    for kind, owner, share in (("team", "team_a", "0.75"), ("cost_center", "cc_c", "0.25")):
        sink.put(
            "api_keys", api_key_id=key, provider="vend_p", billing_account_id=account, owner_type=kind, owner_id=owner, share=share,
            is_shared=True, **{"valid_from": "2026-01-01", "valid_to": None} | fields,
        )  # fmt: skip


def billed(sink: Sink, key: str, account: str, month: date, amount: str, currency: str = "USD", day: int = 1) -> None:
    """What the vendor's export names for a key."""
    sink.add(
        "provider_usage", provider="vend_p", billing_account_id=account, line_id=sink.number("exq"), api_key_id=key,
        period_start=told(at(month, day, 0)), period_end=told(at(month, day + 1, 0)), amount=amount, currency=currency,
    )  # fmt: skip


def policy(sink: Sink) -> None:
    """Accounts, prices, keys and rules."""
    accounts = [(account, currency) for account, currency, _ in HALVES]
    for number, (account, currency) in enumerate((*accounts, ("acct_pw", "USD"), ("acct_pg", "USD"))):
        sink.put(
            "billing_accounts", billing_account_id=account, provider="vend_p", issuer="bill_p", currency=currency,
            cost_center=(None, "cc_a", "cc_c")[number % 3], entity="default",
        )  # fmt: skip
    for model, read, written, currency in (
        ("p0", "1", "2", "JPY"), ("p2", "1", "2", "USD"), ("p3", "1", "2", "BHD"), ("p4", "1", "2", "CLF"),
        ("w0", "1", "0.333333333", "USD"), ("w1", "1000", "333.333333333", "USD"), ("w2", "500000", "333333.333333333", "USD"),
    ):  # fmt: skip
        for meter, price in (("input_uncached", read), ("output", written), ("cache_read", "0.000001")):
            sink.list_price("vend_p", model, meter, price, currency=currency)
    sink.put("tenants", tenant_id="t7", name="T7", segment="small")
    for number, (account, *_) in enumerate(HALVES):
        shared_key(sink, f"key_{account[-2:]}", account)
        sink.rule(f"half_{number}", f"api_key:key_{account[-2:]}", 300 + number, "gross_up")
    shared_key(sink, "key_w", "acct_pw")
    sink.rule("weighty", "api_key:key_w", 305, "gross_up", scope="team")
    for number, kind in enumerate(TARGETS):
        shared_key(sink, f"key_g_{kind}", "acct_pg")
        sink.rule(f"up_{kind}", f"api_key:key_g_{kind}", 310 + number, "gross_up", scope=kind)
    # A key whose rule hands on to one that is no key's; another that is shared by its rule alone, and for a while.
    shared_key(sink, "key_on", "acct_pg")
    sink.rule("hand_on", "api_key:key_on", 320, "gross_up", scope="tenant", fallback_rule_id="hand_on_f")
    sink.rule("hand_on_f", "nobody", 321, "even")
    sink.weights("hand_on_f", ("cost_center", "cc_a", "1"), ("cost_center", "cc_b", "1"), ("tenant", "t3", "1"))
    for start, end, owner in (("2026-01-01", "2026-04-01", "team_b"), ("2026-04-01", "2026-06-01", "team_a")):
        sink.put(
            "api_keys", api_key_id="key_while", provider="vend_p", billing_account_id="acct_pg", owner_type="team", owner_id=owner,
            share="1", is_shared=False, valid_from=start, valid_to=end,
        )  # fmt: skip
    sink.rule("while", "api_key:key_while", 322, "gross_up", valid_from="2026-02-01", valid_to="2026-05-01")
    # Pools by cost, with weights on the bounds; a tenant of two cost centers; a rest that cannot be shared evenly.
    for pool, scope in (("edge_team", "team"), ("edge_center", "cost_center"), ("edge_agent", "agent")):
        sink.rule(pool, pool, 330 + len(scope), "proportional", driver="cost", scope=scope)
    sink.rule("edge_tenant", "edge_tenant", 340, "fixed")
    sink.weights("edge_tenant", ("tenant", "t7", "1"))
    sink.rule("edge_idle", "edge_idle", 341, "idle", driver="cost", fallback_rule_id="edge_used")
    sink.rule("edge_used", "nobody", 342, "proportional", driver="cost", scope="cost_center")
    # Reserved by seats, which nothing measures, behind a rule that bears and before it.
    sink.rule("first_even", "late_idle", 350, "even")
    sink.weights("first_even", ("cost_center", "cc_a", "1"), ("cost_center", "cc_c", "1"), ("cost_center", "cc_e", "1"))
    sink.rule("then_idle", "late_idle", 351, "idle", driver="tokens", fallback_rule_id="then_used")
    sink.rule("then_used", "nobody", 352, "proportional", driver="tokens")
    # Two idle rules, of which the first counts.
    sink.rule("idle_one", "two_idle", 353, "idle", driver="requests", fallback_rule_id="idle_two")
    sink.rule("idle_two", "nobody", 354, "idle", driver="tokens", fallback_rule_id="used")
    # Service pools that hand on to a key, to one that nobody bears, to themselves and in a long circle.
    for number, (pool, other) in enumerate((("circle_a", "circle_b"), ("circle_b", "circle_a"))):
        sink.rule(pool, pool, 360 + number, "reciprocal")
        sink.weights(pool, ("pool", other, "0.7"), ("cost_center", ("cc_a", "cc_b")[number], "0.3"))
    sink.rule("giver", "giver", 362, "step_down")
    sink.weights("giver", ("pool", "giver", "0.1"), ("pool", "api_key:key_p2", "0.2"), ("pool", "late", "0.3"), ("team", "team_d", "0.1"),
                 ("pool", "edge_tenant", "0.3"))  # fmt: skip
    sink.rule("selfish", "selfish", 363, "reciprocal")
    sink.weights("selfish", ("pool", "selfish", "0.4"), ("cost_center", "cc_e", "0.25"), ("pool", "giver", "0.35"))
    # Teams of one cost center; a rule of one month, of another scope than its neighbours; an owner of a common name.
    sink.rule("peers", "peers", 367, "even")
    sink.weights("peers", *(("team", name, "1") for name in ("flow_0", "app_0", "agent_0", "acct_d")))
    for number, (scope, start, end) in enumerate((("cost_center", "01", "03"), ("team", "03", "04"), ("tenant", "04", None))):
        sink.rule(f"turn_{number}", "turns", 370 + number, "proportional", driver="requests", scope=scope, valid_from=f"2026-{start}-01",
                  valid_to=end and f"2026-{end}-01")  # fmt: skip
    sink.put("api_keys", api_key_id="key_same", provider="vend_p", billing_account_id="acct_p2", owner_type="team", owner_id="same", share="1",
             is_shared=False, valid_from="2026-01-01", valid_to=None)  # fmt: skip
    sink.rule("passer", "passer", 365, "step_down")
    sink.weights("passer", ("pool", "late", "0.5"), ("pool", "thirds", "0.5"))
    sink.rule("sames", "sames", 366, "even")
    sink.weights("sames", *((kind, "same", "1") for kind in TARGETS))
    sink.rule("thirds", "thirds", 364, "even")
    sink.weights("thirds", ("cost_center", "cc_a", "1"), ("cost_center", "cc_b", "1"), ("tenant", "t1", "1"), ("team", "team_a", "1"),
                 ("application", "app_0", "1"), ("workflow", "flow_1", "1"), ("agent", "agent_0", "1"))  # fmt: skip


def bounds(sink: Sink) -> None:
    """Costs on the bounds of a weight's scale, by team, tenant, cost center, key and account."""
    for month, largest in zip(MONTHS, LARGEST, strict=False):
        parts = (largest // 2, largest - largest // 2) if largest > 500_000 else (largest,)
        owners: tuple[Row, ...] = (
            {"team": "team_a", "cost_center": "cc_b", "agent_id": "agent_0"}, {"team": "team_b", "cost_center": "cc_c", "agent_id": "agent_1"},
            {"team": "team_d", "cost_center": "cc_e", "agent_id": "agent_2"},
        )  # fmt: skip
        for owner, amounts in zip(owners, (parts, ((largest / 3).quantize(STEP),), (STEP,)), strict=True):
            for amount in amounts:
                sink.charge(at(month, 6), "retrieval", "edge", amount=f"{amount:f}", currency="USD", environment="load_test",
                            tenant_id="t7", **owner)  # fmt: skip
        for pool in ("edge_team", "edge_center", "edge_agent", "edge_tenant"):
            sink.share(pool, month, "12345678.91", environment="load_test")
    # Capacity in dollars: of 1, 1,000 and 1,000,000, a little above each, and used wholly.
    for month, capacity in zip(MONTHS, ("1000", "1000.000001", "1000000", "1000000.000001", "1000000000", "1000000000.000001"), strict=False):
        sink.share("edge_idle", month, "7654321.09", environment="load_test", capacity_quantity=capacity, capacity_unit="usd")
    for month, capacity, cost in zip(MONTHS, ("1", "1.000001", "0.25", "0.250001"), ("0.123456789012", "0.123456789012", "0.25", "0.25"), strict=False):
        sink.charge(at(month, 6), "retrieval", "edge", amount=cost, currency="USD", environment="demo", cost_center="cc_a")
        sink.share("edge_idle", month, "7654321.09", environment="demo", capacity_quantity=capacity, capacity_unit="usd")
    sink.share("edge_idle", MONTHS[5], "44.00", environment="development", capacity_quantity="10", capacity_unit="usd")  # used by nobody
    for month in MONTHS[:4]:
        sink.share("late_idle", month, "91.00", capacity_quantity="9000000000", capacity_unit="tokens")
        sink.share("two_idle", month, "92.00", capacity_quantity="100000", capacity_unit="requests", billing_account_id="acct_a")
        for pool, amount in (("circle_a", "1234567.89"), ("giver", "55.55"), ("selfish", "77.77"), ("thirds", "100.00"), ("passer", "33.34")):
            sink.share(pool, month, amount)
        sink.share("thirds", month, "-0.000000000005", environment="staging")


def weights(sink: Sink) -> None:
    """A key whose cost lies on the bounds of a weight's scale in one of two environments; a fee by the same costs."""
    shapes = (("w0", 0), ("w0", 1), ("w1", 0), ("w1", 1), ("w2", 0), ("w2", 1))
    for month, (model, step) in zip(MONTHS, shapes, strict=False):
        for environment, center, read, written in (("production", "cc_a", 1_000_000, 0), ("staging", "cc_b", 0, 1_000_001)):
            for times in range(1 + (model == "w2" and bool(read))):
                parts = {"cached_input_tokens": step} if step and read and not times else {}
                sink.call(at(month, 7), model, read + sum(parts.values()), written, parts=parts, provider="vend_p", billing_account_id="acct_pw",
                          api_key_id="key_w", environment=environment, cost_center=center, team=("team_a", "team_b")[read == 0])  # fmt: skip
        billed(sink, "key_w", "acct_pw", month, f"{3_000_017 * (month.month % 2)}.{month.month}1")
        head = {"provider": "vend_p", "billing_account_id": "acct_pw"}
        sink.invoice(f"W-{month:%m}", "bill_p", head, "USD", month, at(following(month), 3), [
            {"line_type": "fee", "amount": "12345.67"}, {"line_type": "credit", "amount": "-765432.10"},
            {"line_type": "usage", "model": "w0", "meter": "cache_read", "service_tier": "standard", "amount": "5.00"},
        ])  # fmt: skip
        # A pico is all that anyone is charged of what the invoice charges five dollars for.
        if month == MONTHS[4]:
            sink.call(at(month, 8), "w0", 1, 0, parts={"cached_input_tokens": 1}, cost_center="cc_e", **head)


def halves(sink: Sink) -> None:
    """Calls, keys, pools and invoices on half a minor unit, and slices on half a minor unit or half a pico."""
    for number, (account, currency, half) in enumerate(HALVES):
        head = {"provider": "vend_p", "billing_account_id": account}
        model, key = account[-2:], f"key_{account[-2:]}"
        tokens = int(Decimal(half) * 1_000_000)
        whole = Decimal(half) * 2
        for count, month in enumerate((MONTHS[1], MONTHS[2], MONTHS[5], MONTHS[4])):
            # Half a unit of calls in one environment, one and a half in another, by two bearers each.
            for environment, sizes in (("production", (tokens,)), ("staging", (tokens, 2 * tokens))):
                for place, size in enumerate(sizes):
                    sink.call(at(month, 8), model, size, 0, environment=environment, tenant_id=f"t{place}",
                              cost_center=("cc_a", "cc_b")[place], **head)  # fmt: skip
            if count < 3:
                # Traced and untraced calls of a key that is billed half a unit more, or less, than they cost.
                sink.call(at(month, 9), model, 4 * tokens, 0, api_key_id=key, cost_center="cc_e", **head)
                sink.call(at(month, 9), model, 2 * tokens, 0, api_key_id=key, **head)
                billed(sink, key, account, month, f"{(whole * (4, 3, 1)[count] + Decimal(half) * (1, 0, 1)[count]):f}", currency)
            if count == 3:
                continue
            fees = [(kind, Decimal(half) * times) for kind, times in (("fee", 1), ("credit", -3), ("tax", 5), ("commitment", -1))]
            sink.invoice(f"P-{account}-{month:%m}", "bill_p", head, currency, month, at(following(month), 3), [
                {"line_type": "usage", "model": model, "meter": "input_uncached", "service_tier": "standard", "quantity": tokens,
                 "quantity_unit": "tokens", "amount": f"{whole * (3 + count):f}"},
                *({"line_type": kind, "amount": f"{amount:f}"} for kind, amount in fees),
            ])  # fmt: skip
        for month in (MONTHS[1], MONTHS[2], MONTHS[5]):
            for sign in (1, -1):
                sink.share("thirds", month, f"{sign * Decimal(half):f}", currency=currency, environment=("staging", "demo")[sign > 0])
        # Two months of 31 days: half of it lies in each.
        for pieces in (1, 3, -1, -5):
            sink.share("thirds", MONTHS[6], f"{whole * pieces:f}", currency=currency, period_start="2026-07-01", period_end="2026-09-01",
                       environment="evaluation")  # fmt: skip
        sink.share("thirds", MONTHS[6], ("0.000000000001", "-0.000000000003")[number % 2], currency=currency, period_start="2026-07-01",
                   period_end="2026-09-01", environment="demo")  # fmt: skip
        sink.add("tenant_revenue", tenant_id=f"t{number}", period_start="2026-07-01", period_end="2026-09-01",
                 revenue_amount=("0.000000000001", "7.000000000003", "-0.000000000005", "9")[number], currency=currency, product="half")  # fmt: skip


def keys(sink: Sink) -> None:
    """Shared keys that split by each kind of target, of which some calls, or all of a month, say nothing."""
    for number, (kind, words) in enumerate(TARGETS.items()):
        key = f"key_g_{kind}"
        head: Row = {"billing_account_id": "acct_pg", "provider": "vend_p", "api_key_id": key}
        other = {"cost_center": "cc_e"} if kind != "cost_center" else {"team": "team_c"}
        for count, month in enumerate(MONTHS[:6]):
            size = 100_000 * (number + 1) + 1_000 * count
            if count != 1:
                sink.call(at(month, 10), "p2", size, 0, **head, **other | words)
                sink.call(at(month, 10), "p2", 2 * size, 0, **head, **other | {name: f"{value[:-1]}0" for name, value in words.items()})
            if count != 4:  # Traced, but by another word.
                sink.call(at(month, 10), "p2", 3 * size, 0, **head, **other)
                sink.call(at(month, 11), "p2", 5 * size, 0, **head)
            billed(sink, key, "acct_pg", month, f"{number + 3}.0{count}")
    for count, month in enumerate(MONTHS[:6]):
        head = {"billing_account_id": "acct_pg", "provider": "vend_p"}
        for center, size in (("cc_b", 9_000), ("cc_e", 7_000), (None, 3_000)):
            tenant = {"tenant_id": "t4"} if count == 3 else {}
            sink.call(at(month, 12), "p2", size, 0, api_key_id="key_on", cost_center=center, **head, **tenant)
            sink.call(at(month, 12), "p2", size + 7, 0, api_key_id="key_while", **{"cost_center": center} if size > 7_000 else {}, **head)
        billed(sink, "key_on", "acct_pg", month, f"1.1{count}")
        if count % 2:
            billed(sink, "key_while", "acct_pg", month, f"2.1{count}")
    for month in MONTHS[:7]:
        sink.call(at(month, 15), "p2", 70_000, 0, provider="vend_p", billing_account_id="acct_p2", api_key_id="key_same")
        sink.share("peers", month, f"10.0{1 + month.month % 3}")
        sink.share("turns", month, "64.00")
    # A key whose calls name another vendor than its account's.
    for month in MONTHS[1:7:2]:
        sink.call(at(month, 13), "y3", 40_000, 400, provider="vend_y", billing_account_id="acct_pg", api_key_id="key_on", environment="staging")
    # A key that is billed in euros, in the currency of its account and of its calls.
    for count, month in enumerate(MONTHS[1:4]):
        sink.add("provider_usage", provider="vend_b", billing_account_id="acct_b", line_id=sink.number("exq"), api_key_id="key_eur",
                 period_start=told(at(month, 2, 0)), period_end=told(at(month, 3, 0)), amount=f"{count * 2}.505", currency="EUR")  # fmt: skip


def sames(sink: Sink) -> None:
    """Three units of each kind of target of one name, with a step for one or two; an id like another's."""
    words = ("team", "application", "workflow", "agent_id", "tenant_id", "cost_center")
    for month, environment in ((MONTHS[1], "production"), (MONTHS[2], "staging")):
        for place, name in enumerate(words):
            for number in range(3):
                unit = {"unit_type": "kind_0", "unit_id": f"alike-{place}-{number}", "environment": environment}
                said = {name: "same"} | ({"workflow": "flow_0"} if name != "workflow" else {})
                sink.fact(unit | said, at(month, 19), "outcome", outcome="resolved")
                sink.call(at(month, 19), "p2", 1_000, 0, provider="vend_p", billing_account_id="acct_pg",
                          business_unit={"unit_type": "kind_0", "unit_id": f"alike-{place}-{number}"}, environment=environment, **said)  # fmt: skip
        for steps in (6, 11, -7):
            sink.share("sames", month, f"{steps * STEP:f}", environment=environment)
    # The second episode of one unit in April, and a unit of May whose id ends as its target does.
    unit = {"unit_type": "kind_1", "unit_id": "like", "environment": "production", "workflow": "flow_1"}
    sink.fact(unit, at(MONTHS[2], 3), "outcome", outcome="resolved")
    sink.fact(unit, at(MONTHS[3], 20), "reopened")
    sink.fact(unit, at(MONTHS[3], 21), "outcome", outcome="resolved")
    sink.fact(unit | {"unit_id": "like#2"}, at(MONTHS[4], 3), "outcome", outcome="resolved")
    for month, day, name in ((MONTHS[3], 20, "like"), (MONTHS[4], 3, "like#2"), (MONTHS[2], 3, "like")):
        sink.call(at(month, day, 10), "m1", 9_000, 90, business_unit={"unit_type": "kind_1", "unit_id": name}, workflow="flow_1")
        sink.share("by_tokens_unit", month, "17.03")


def corners(sink: Sink) -> None:
    """Credits of a charge of two months; the last instant that is accepted; bad copies; a key of two currencies."""
    for month, amount in ((MONTHS[0], "60.00"), (MONTHS[2], "30.00"), (MONTHS[4], "-15.00")):
        sink.share("by_requests_None", month, amount, invoice_id="inv-two")
        sink.share("each_team", month, amount, invoice_id="inv-two")
    sink.share("data", MONTHS[5], "13.13", period_start="2026-10-01", period_end="2026-11-01")  # not yet
    sink.share("data", MONTHS[5], "13.13", ingested_at=told(sink.world.as_of + timedelta(minutes=5)))
    revenue: Row = {"tenant_id": "t1", "period_start": MONTHS[2], "period_end": MONTHS[3], "currency": "USD", "product": "again"}
    for amount in ("41.41", "41.41", "42.42", "much"):
        sink.add("tenant_revenue", **revenue, revenue_amount=amount)
    for number in range(160):
        paid = {"tenant_id": f"t{number % 6}", "period_start": MONTHS[number % 3], "period_end": MONTHS[3 + number % 4], "currency": "USD"}
        sink.add("tenant_revenue", **paid, product=f"plan {number}", revenue_amount=f"{1000 + number}.{number:02d}")
    shared_key(sink, "key_two", "acct_pg")
    sink.rule("two", "api_key:key_two", 323, "gross_up")
    sink.list_price("vend_p", "q2", "input_uncached", "1.7", currency="EUR")
    head: Row = {"billing_account_id": "acct_pg", "provider": "vend_p", "api_key_id": "key_two"}
    for month, models, bills in (
        (MONTHS[0], ("p2", "q2"), ()), (MONTHS[1], ("p2",), ("EUR", "USD")), (MONTHS[2], ("q2",), ("USD",)), (MONTHS[3], ("q2",), ("EUR",)),
        (MONTHS[4], ("p2",), ("EUR",)), (MONTHS[5], ("q2",), ("EUR", "USD")),
    ):  # fmt: skip
        for number, model in enumerate(models):
            for center in ("cc_a", None):
                sink.call(at(month, 14), model, 31_000 + number, 0, environment=("staging", "production")[number], cost_center=center, **head)
        for number, currency in enumerate(bills):
            billed(sink, "key_two", "acct_pg", month, f"{number + 1}.07", currency, 4 + number)


def work(sink: Sink) -> None:
    bounds(sink)
    weights(sink)
    halves(sink)
    keys(sink)
    sames(sink)
    corners(sink)
