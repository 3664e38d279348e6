"""More of the kitchen sink: vendors of equal names, and units that differ in one part of a key.

A rule that asks for less than it should must meet a row that it then takes for another's: the same model at two
vendors, a team of a workflow's name, a unit of the same id in another environment, a request of the same id at another
account. What belongs to each differs in amount, in time and in every dimension. All by counting; nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kitchen_sink import Sink

Row = dict[str, Any]
HOUR, DAY, TICK, MINUTE = (
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(microseconds=1),
    timedelta(minutes=1),
)
MONTHS = [date(2026, month, 1) for month in range(1, 9)]
AS_OF = datetime(2026, 8, 20, 12)
# What a model of the two vendors is charged for, with the quantity that its price is for.
METERS = {
    "input_uncached": 1_000_000, "output": 1_000_000, "cache_read": 1_000_000, "cache_write_5m": 1000,
    "cache_write_1h": 1_000_000, "cache_write_unknown": 1_000_000, "web_search": 1000, "request": 1000,
    "input_audio": 1_000_000, "output_audio": 1_000_000, "pages": 1000, "images": 1,
}  # fmt: skip
FACTS = ("opened", "reopened", "resolved", "waiting", "rejected", "escalated", "cancelled")


def at(month: date, day: int, hour: float = 9) -> datetime:
    return datetime(month.year, month.month, day) + timedelta(hours=hour)


def told(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds") + "Z"


def same_names(sink: Sink) -> None:
    """Teams, workflows, applications, agents and accounts of one another's names, each with another cost center."""
    for name in ("flow_0", "app_0", "agent_0", "acct_d"):
        sink.put("teams", team=name, name=name, cost_center="cc_f")
    for name in ("team_a", "app_1", "agent_1", "acct_a"):
        sink.put("workflows", workflow=name, name=name, team=None, cost_center="cc_d", business_unit="B")
    for name in ("team_a", "flow_0", "agent_2", "acct_b"):
        sink.put(
            "applications", application=name, name=name, team=None, cost_center="cc_e", business_unit="B"
        )
    for name in ("team_a", "app_0", "flow_0", "acct_a2"):
        sink.put(
            "agents", agent_id=name, name=name, workflow="flow_1", team="team_c", started_on="2026-01-01",
            productivity_target_per_day=5, quality_floor="0.7",
        )  # fmt: skip
    for name in ("team_c", "app_2", "flow_3"):
        sink.put(
            "billing_accounts", billing_account_id=name, provider="vend_d", issuer="vend_d", currency="USD",
            cost_center="cc_a", entity="default",
        )  # fmt: skip
    day = MONTHS[0]
    while day <= AS_OF.date():  # A rate between two foreign currencies.
        sink.put(
            "fx_rates", currency_from="EUR", currency_to="JPY", rate_type="spot", rate="161.5", rate_date=day,
            is_carried=False, origin_date=day,
        )  # fmt: skip
        day += DAY


def sellers(sink: Sink) -> None:
    """Two vendors that sell models of the same names at other prices, in tiers, contexts, hours and editions."""
    for account, vendor, center in (
        ("acct_e", "vend_e", None), ("acct_e2", "vend_e", "cc_b"), ("acct_e3", "vend_e", "cc_c"), ("acct_f", "vend_f", None),
    ):  # fmt: skip
        sink.put(
            "billing_accounts", billing_account_id=account, provider=vendor, issuer=vendor, cost_center=center,
            currency="USD", entity="default",
        )  # fmt: skip
    number = 0
    for vendor, model in product(("vend_e", "vend_f"), range(10)):
        for meter, quantity in METERS.items():
            number += 1
            if (meter == "cache_read" and model % 3 == 1) or (meter == "cache_write_unknown" and model % 2):
                continue  # assumed from another meter
            if (meter == "output_audio" and model % 3) or (
                meter in ("web_search", "cache_write_1h") and model == 6
            ):
                continue  # without a price
            if meter.startswith("cache_write") and model == 8:
                continue
            price = Decimal(1_000_337 * number + 7) / 1_000_000_000 * quantity / 1_000_000
            row: Row = {"per_quantity": quantity, "currency": ("USD", "EUR")[vendor == "vend_f"]}
            row["observed_on"] = ("2025-12-01", "2026-01-02")[vendor == "vend_f"]
            if quantity == 1000:
                price *= 1000
            sink.list_price(vendor, f"n{model}", meter, f"{price:.9f}", **row)
            if model in (2, 4) and meter in ("input_uncached", "output", "cache_read"):
                for over in (100_000, 200_000):
                    dearer = price * (1 + Decimal(over) / 1_000_000)
                    sink.list_price(
                        vendor, f"n{model}", meter, f"{dearer:.9f}", context_tokens_over=over, **row
                    )
            if model in (1, 4) and meter in ("input_uncached", "output"):
                for tier, share in (("batch", "0.5"), ("flex", "0.7")):
                    sink.list_price(
                        vendor, f"n{model}", meter, f"{price * Decimal(share):.9f}", service_tier=tier, **row
                    )
            if model == 3 and meter in ("input_uncached", "output", "web_search"):
                hours = (("22:00:00", "00:00:00"), ("00:00:00", "06:15:00"), ("18:30:00", "06:30:00"))
                for count, (start, end) in enumerate(hours):
                    if (count == 2) == (meter == "input_uncached"):
                        night = price * (Decimal("1.5") + count)
                        sink.list_price(
                            vendor, "n3", meter, f"{night:.9f}", time_from_utc=start, time_to_utc=end, **row
                        )
            if model == 5 and meter == "cache_read":  # Hours within a day.
                sink.list_price(
                    vendor, "n5", meter, f"{price * 2:.9f}", time_from_utc="08:00:00", time_to_utc="12:30:00", **row
                )  # fmt: skip
            if model == 7 and meter in ("request", "cache_write_5m"):  # Hours that are the whole day.
                sink.list_price(
                    vendor, "n7", meter, f"{price * 3:.9f}", time_from_utc="07:00:00", time_to_utc="07:00:00", **row
                )  # fmt: skip
            if model == 1 and vendor == "vend_e":  # An older edition.
                sink.list_price(vendor, "n1", meter, "77", **row | {"observed_on": "2025-06-01"})
    sink.list_price("vend_e", "bare", "request", "9", per_quantity=1000)
    for meter, price in (("input_uncached", "0"), ("output", "3")):  # One of its two quantities is free.
        sink.list_price("vend_e", "tip", meter, price, is_free=price == "0")
    # A name from the instant in which a price of its model changes.
    sink.put(
        "model_aliases", provider="vend_a", reported_model="m2-late", model="m2", price_provider="vend_a",
        is_default_provider=True, valid_from="2026-04-15T12:00:00", valid_to=None, observed_on="2026-01-01",
    )  # fmt: skip
    for vendor, reported, model, seller, observed in (
        ("vend_e", "alias-1", "n1", "vend_e", "2026-01-01"), ("vend_e", "alias-1", "n3", "vend_e", "2025-06-01"),
        ("vend_f", "alias-1", "n2", "vend_f", "2026-02-01"), ("vend_e", "alias-2", "n4", "vend_f", "2026-01-01"),
        ("vend_e", "n9", "n0", "vend_e", "2026-01-01"), ("vend_f", "alias-3", "n8", "vend_e", "2026-01-01"),
    ):  # fmt: skip
        sink.put(
            "model_aliases", provider=vendor, reported_model=reported, model=model, price_provider=seller,
            is_default_provider=vendor == "vend_e", valid_from=None, valid_to=None, observed_on=observed,
        )  # fmt: skip


def deals(sink: Sink) -> None:
    """Contracts of an account and of a whole provider for the same meters, known in another order than they precede."""

    def deal(account: str | None, model: str | None, meter: str | None, **fields: Any) -> None:
        number = sink.number("deal")
        row: Row = {
            "contract_id": f"e-{number}", "provider": "vend_e", "billing_account_id": account, "model": model,
            "meter": meter, "service_tier": None if "discount_rate" in fields else "standard", "context_tokens_over": 0,
            "per_quantity": 1_000_000, "currency": "USD", "valid_from": "2026-01-01T00:00:00", "approved_by": "w",
        }  # fmt: skip
        sink.put("contract_prices", **row | fields)

    late = {"recorded_at": "2026-03-20T00:00:00"}
    early = {"recorded_at": "2025-12-10T00:00:00"}
    # The provider's price is newer; the account's own comes first.
    for meter, price in (
        ("input_uncached", "2.000000007"),
        ("output", "9.000000003"),
        ("cache_read", "0.333333333"),
    ):
        deal(None, "n1", meter, price=price, **late)
        deal(None, "n2", meter, price=price, valid_from="2026-02-15T10:00:00", **late)
        deal(None, "n7", meter, price=price, **early)
    deal("acct_e", "n1", "input_uncached", price="1.100000003", **early)
    deal("acct_e2", "n1", "output", price="5.300000001", valid_to="2026-05-01T00:00:00", **early)
    # Each term alone: a least charge, whole blocks, tiers of a month.
    deal("acct_e", "n1", "output", price="5.5", minimum_charge="0.013", **early)
    deal("acct_e2", "n2", "output", price="6.25", block_quantity=1000, **early)
    for over, price in (("0", "4"), ("150000", "3"), ("400000", "1")):
        deal("acct_e2", "n3", "input_uncached", price=price, quantity_over=over, tier_mode="volume", tier_period="month",
             contract_id="e-tiers", **early)  # fmt: skip
        deal(None, "n5", "output", price=price, quantity_over=f"{int(over) // 100}", tier_mode="graduated",
             tier_period="month", contract_id="e-slices", **early)  # fmt: skip
    deal(
        "acct_e2",
        "n4",
        "pages",
        price="2.5",
        per_quantity=1000,
        block_quantity=10,
        minimum_charge="0.03",
        **early,
    )
    deal("acct_e2", "n4", "web_search", price="11", per_quantity=1000, minimum_charge="0.02", **late)
    deal("acct_e2", "n0", "output", price="7.7", minimum_charge="0.21", **late)
    deal("acct_e2", "n9", "output", price="7.9", block_quantity=700, **late)
    deal("acct_e2", "n7", "cache_read", price="0.9", block_quantity=7_000, **late)
    deal(
        "acct_e2",
        "n4",
        "pages",
        price="3.5",
        per_quantity=1000,
        block_quantity=10,
        minimum_charge="0.04",
        **late,
    )
    deal("acct_e2", "n2", "cache_read", price="0.81", valid_from=None, recorded_at="2026-04-10T00:00:00")
    for over, price in (("0", "0.002"), ("30", "0.001")):
        deal("acct_e", "n2", "images", price=price, per_quantity=1, quantity_over=over, tier_mode="graduated",
             contract_id="e-images", **early)  # fmt: skip
        deal("acct_e2", "n5", "pages", price=f"{float(price) * 900:.1f}", per_quantity=1000, quantity_over=over,
             tier_mode="volume", tier_period="month", contract_id="e-pages", **early)  # fmt: skip
    deal("acct_e2", "bare", "request", price="8", per_quantity=1000, **late)
    # For a whole provider that no account has a contract with.
    sink.contract(None, "vend_c", "m4", "output", price="1300", recorded_at="2026-05-30T00:00:00")
    # Discounts: broad and newest, narrow and oldest; above a context bound; of one tier only.
    deal("acct_e", None, None, discount_rate="0.03", recorded_at="2026-02-20T00:00:00")
    deal("acct_e", "n4", None, discount_rate="0.05", recorded_at="2026-01-15T00:00:00")
    deal("acct_e", None, "output", discount_rate="0.071", recorded_at="2026-01-10T00:00:00")
    deal("acct_e", "n4", "output", discount_rate="0.093", service_tier="flex", **early)
    deal("acct_e", "n5", None, discount_rate="0.043", recorded_at="2026-01-05T00:00:00")
    deal("acct_e", "n4", "input_uncached", discount_rate="0.11", recorded_at="2026-01-12T00:00:00")
    deal("acct_e", "n4", "input_uncached", discount_rate="0.13", context_tokens_over=100_000, **early)
    deal(
        "acct_e",
        "n2",
        "cache_read",
        discount_rate="0.171",
        context_tokens_over=150_000,
        valid_to="2026-06-01T00:00:00",
        **late,
    )
    deal("acct_e2", "n7", None, discount_rate="0.2", valid_from="2026-04-01T00:00:00", **early)
    deal("acct_e2", "n3", "output", discount_rate="0.27", valid_from=None, **early)
    # In another currency than the list, and than the provider's contract.
    deal("acct_e", "n5", "input_uncached", price="1.7", currency="EUR", **early)
    deal("acct_e2", "n8", "output", price="3.9", currency="EUR", **early)
    # An end, after which the list holds: another one for another tier, account and model.
    deal("acct_e", "n6", "input_uncached", price="2.2", valid_to="2026-03-01T00:00:00", **early)
    deal("acct_e2", "n6", "input_uncached", price="2.3", valid_to="2026-05-01T00:00:00", **early)
    deal("acct_e", "n0", "input_uncached", price="2.4", valid_to="2026-04-01T00:00:00", **early)
    deal("acct_e2", "n0", "input_uncached", price="2.5", valid_to="2026-06-01T00:00:00", **early)
    deal("acct_e", "n6", "output", price="2.6", valid_to="2026-05-01T00:00:00", **early)
    # An account at which two vendors are bought, known before and after closes.
    for vendor, price, known in (
        ("vend_f", "3.1", "2026-04-06T17:00:00"),
        ("vend_e", "2.9", "2026-05-30T00:00:00"),
    ):
        sink.contract("acct_f", vendor, "n3", "output", price=price, currency="USD", recorded_at=known,
                      contract_id=f"f-{vendor}")  # fmt: skip


def trade(sink: Sink) -> None:
    """Calls over every account, vendor and model of the two, on the bounds of contexts, hours and months."""
    pairs = (("vend_e", "acct_e"), ("vend_e", "acct_e2"), ("vend_e", "acct_e3"), ("vend_f", "acct_f"), ("vend_f", "acct_e"),
             ("vend_e", "acct_f"), ("vend_e", None))  # fmt: skip
    hours = (0, 5.9999, 6.25, 6.5, 18.49999, 18.5, 21.99999, 22, 23.99999)
    names = [f"n{number}" for number in range(10)] + ["alias-1", "alias-2", "alias-3", "N1", "N7"]
    turn = 0
    for month, (vendor, account), (number, name) in product(MONTHS, pairs, enumerate(names)):
        if (number + pairs.index((vendor, account)) + month.month) % 3:
            continue
        turn += 1
        read = (50_000, 99_999, 100_000, 100_001, 150_001, 200_000, 200_001)[turn % 7]
        written = 1_000 + 37 * turn
        parts: Row = {}
        if turn % 4:
            parts = {"cached_input_tokens": 10_000 + turn, "cache_write_5m_tokens": (0, 800)[turn % 2]}
        if turn % 5 == 1:
            parts |= {"cache_write_1h_tokens": 91, "cache_write_unknown_tokens": 203}
        extra: Row = {}
        if turn % 6 == 2:
            extra |= {"unclassified_tokens": 150, "reasoning_tokens": 211}
        if turn % 6 == 4:
            extra |= {"web_searches": 3, "requests": 2, "pages": 25}
        if turn % 7 == 3:  # Parts that fit into their whole, and some that do not.
            extra |= {"input_audio": (3_000, 999_999)[turn % 2], "output_audio": 400, "retrieved_tokens": 777}
        fields: Row = {
            "provider": vendor, "billing_account_id": account, "service_tier": (None, None, "batch", None, "flex")[turn % 5],
            "application": f"app_{turn % 3}", "workflow": f"flow_{turn % 4}", "tenant_id": f"t{turn % 5}",
            "team": (None, "team_a", "team_b", "team_d")[turn % 4], "agent_id": (None, "agent_1")[turn % 2],
        }  # fmt: skip
        if turn % 11 == 5:
            fields["cost_estimate"] = {"amount": f"0.{turn:04d}", "currency": ("USD", "EUR")[turn % 2]}
        moment = min(at(month, 1 + turn % 27, hours[turn % 9]), AS_OF - DAY)
        known = moment + (2, 33, 70, 101)[turn % 4] * DAY if turn % 3 == 1 else None
        if known and known > AS_OF:
            known = None
        sink.call(moment, name, read, written, parts=parts, extra=extra, known=known, **fields)
        if (
            turn % 8 == 3 and moment + 95 * DAY < AS_OF
        ):  # Corrected twice, each time in another stretch between closes.
            row = sink.world.feeds["ai_usage_events"][-1]
            assert isinstance(row, dict)
            for times, days in ((2, 40), (3, 95)):
                usage = row["usage"] | {"output_tokens": written * times}
                sink.add(
                    "ai_usage_events", **row | {"usage": usage, "ingested_at": told(moment + days * DAY)}
                )


def dimensions(number: int) -> Row:
    """Other words in every dimension; some are not told."""
    found = {
        "application": ("app_0", "app_1", "app_2", None)[number % 4], "agent_id": ("agent_2", "agent_0", None)[number % 3],
        "tenant_id": ("t1", "t3", "t0", None, "t2")[number % 5], "team": ("team_b", None, "team_a")[number % 3],
        "cost_center": (None, None, "cc_e", None, "cc_b", None, "cc_c")[number % 7],
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def keys() -> Iterator[tuple[int, str, str, str]]:
    """Twelve units: each differs from some others in one part of its key alone."""
    parts = product(("production", "staging"), ("kind_0", "kind_1", "kind_2"), ("w0", "w1"))
    for number, (environment, kind, unit) in enumerate(parts):
        yield number, environment, kind, unit


def twins(sink: Sink) -> None:
    """Units of several episodes, with costs in the instants in which an episode of nearly its key begins."""
    begins: dict[tuple[str, str, str], list[datetime]] = {}
    for number, environment, kind, unit in keys():
        named: Row = {"unit_type": kind, "unit_id": unit, "environment": environment}
        window = {"kind_0": 48, "kind_1": 168, "kind_2": 0}[kind] * HOUR
        moment = at(MONTHS[1], 2, 9) + 7 * number * HOUR
        begins[environment, kind, unit] = []
        sink.fact(named | dimensions(number), moment, "opened", cohort=("trial", "control")[number % 2],
                  value_amount=f"{number}.5", value_currency=("USD", "EUR")[number % 2],
                  attributes={"size": "LMS"[number % 3]})  # fmt: skip
        for episode in range(2 + number % 2):
            moment += (3 + number) * HOUR
            sink.fact(named | dimensions(number + 3 + episode), moment, "outcome", outcome="resolved",
                      cohort=("control", "trial")[number % 2], csat=(1 + (number + episode) % 9) / 10,
                      attributes={"size": "SML"[number % 3]})  # fmt: skip
            moment += window + DAY + 5 * number * HOUR
            if moment < AS_OF - 30 * DAY:
                sink.fact(named | dimensions(number + 5), moment, "reopened")
                begins[environment, kind, unit].append(moment)
        sink.fact(
            named | dimensions(number + 1),
            moment + HOUR,
            "outcome",
            outcome=("resolved", "rejected")[number % 2],
        )
    for number, environment, kind, unit in keys():
        mine = (environment, kind, unit)
        near = [key for key in begins if sum(a != b for a, b in zip(key, mine, strict=True)) <= 1]
        flow = {"workflow": ("flow_0", "flow_1", "flow_2")[int(kind[-1])]}
        for count, (key, moment) in enumerate((one, begun) for one in near for begun in begins[one]):
            told_of = flow | dimensions(number + count) | {"environment": environment}
            step = (0 * TICK, -TICK)[count % 2] if key == mine else 0 * TICK
            named = {"unit_type": kind, "unit_id": unit}
            sink.call(moment + step, "m2", 1000 * (number + 1) + count, 10 + count, business_unit=named,
                      step=("draft", "check")[count % 2], prompt_version=f"v{count % 3}", **told_of)  # fmt: skip
            sink.charge(moment + step, "retrieval", "scan", amount=f"0.{number + 10}{count:02d}", currency="USD",
                        business_unit=named, step=(None, "look")[count % 2], **told_of)  # fmt: skip
            if count % 3 == 0:
                sink.review(named, moment + step, f"{number + 1}.{count}", environment=environment,
                            team=("team_a", None, "team_b")[count % 3])  # fmt: skip
            units = [{"unit_type": other, "unit_id": name, "share": share} for other, name, share in
                     (("kind_0", "w0", 3), ("kind_1", "w0", 5), ("kind_1", "w1", 7))]  # fmt: skip
            if count == number % 4:
                sink.call(moment + step, "m1", 7_001 + 10 * number, 1_003, business_units=units, environment=environment,
                          parts={"cached_input_tokens": 1_009, "cache_write_5m_tokens": 503, "cache_write_1h_tokens": 307},
                          extra={"reasoning_tokens": 101}, tenant_id=f"t{number % 6}")  # fmt: skip
                sink.charge(moment + step, "evaluation", "bundle", amount=f"1.{number:011d}1", currency="USD",
                            business_units=units, environment=environment)  # fmt: skip


def quiet_units(sink: Sink) -> None:
    """Units that only their costs tell of, in the words of several callers; some are known by a review alone."""
    turn = 0
    for number, environment, kind in product(range(8), ("production", "staging"), ("kind_0", "kind_1")):
        unit: Row = {"unit_type": kind, "unit_id": f"q{number}"}
        flow = {"workflow": ("flow_0", "flow_3", "flow_1", None)[number % 4], "environment": environment}
        start = at(MONTHS[2 + number % 5], 3 + number, 8)
        for count in range(number % 4):
            turn += 1
            words = flow | dimensions(turn)
            sink.call(
                start + count * DAY,
                ("m3", "m1", "m5")[count % 3],
                3_000 + 101 * turn,
                20 + turn,
                business_unit=unit,
                **words,
            )
            if turn % 2:
                sink.charge(start + count * DAY + HOUR, "tool_integration", "fee", amount=f"0.0{turn}", currency=("USD", "EUR")[turn % 3 > 1],
                            business_unit=unit, **flow | dimensions(turn + 2))  # fmt: skip
        if (number + (kind == "kind_1")) % 2 or environment == "staging":
            sink.review(unit, start + 2 * HOUR, f"{2 + number}", environment=environment, team="team_b")
        if number == 3:
            # What one word cost is not known, and another is free: equal, and by name first the one or the other.
            for lone, unknown, order in (("q9", "unheard", 1), ("q12", "aaa", -1)):
                for model, turned in zip((unknown, "gift"), (0, 1)[::order], strict=True):
                    words = {
                        "prompt_version": f"v{turned}",
                        "step": "ab"[turned],
                        "agent_id": f"agent_{turned}",
                    }
                    named = {"unit_type": kind, "unit_id": lone}
                    sink.call(start, model, 500, 5, business_unit=named, environment=environment, **words)
    # No usage is told, so that no quantity is.
    sink.call(
        at(MONTHS[3], 5), "m1", 0, 0, usage=None, business_unit={"unit_type": "kind_0", "unit_id": "q10"}
    )
    for unit_type, unit_id in (("kind_0", None), (None, "q11")):
        half = {"unit_type": unit_type, "unit_id": unit_id}
        sink.charge(at(MONTHS[3], 6), "retrieval", "scan", amount="0.41", currency="USD", business_unit=half)
        sink.call(at(MONTHS[3], 6), "m2", 4_321, 12, business_unit=half)


def chains(sink: Sink) -> None:
    """Attempts: a request of the same id at another account, unit, kind and environment, and nearer ones that are no
    part of the chain."""
    moment = at(MONTHS[3], 8)
    accounts = ("acct_a", "acct_a2", "acct_b", "acct_d", "acct_e", "acct_f")
    places = (("production", "kind_0", "chain_0"), ("staging", "kind_0", "chain_0"), ("production", "kind_1", "chain_0"),
              ("production", "kind_0", "chain_1"))  # fmt: skip

    def attempt(
        when: datetime, place: tuple[str, str, str], count: int | None, size: int, **fields: Any
    ) -> str:
        environment, kind, unit = place
        routing = {"attempt_number": count} | fields.pop("routing", {})
        named = {"business_unit": {"unit_type": kind, "unit_id": unit}, "environment": environment}
        return sink.call(when, "m2", size, 10, **named | {"routing": routing} | fields)

    for number, (place, account) in enumerate(zip(places, accounts, strict=False)):
        attempt(moment, place, 1, 10_000 * (number + 1), request_id="again-1", billing_account_id=account)
    attempt(moment + MINUTE, places[0], 2, 500, routing={"retry_of_request_id": "again-1"})
    # Replaced twice, once by a fallback.
    first = attempt(moment, places[0], 1, 33_000, step="twice")
    attempt(moment + MINUTE, places[0], 2, 34_000, step="twice", routing={"retry_of_request_id": first})
    attempt(
        moment + MINUTE,
        places[0],
        2,
        35_000,
        step="twice",
        routing={"retry_of_request_id": first, "fallback_used": True},
    )
    # A second attempt that names none, after first ones of others in between; one later than it, one at its instant.
    for number, step in enumerate((None, "draft")):
        begin = moment + (1 + number) * DAY
        for place in places:
            attempt(begin, place, 1, 21_000 + 1000 * number, step=step)
        for count, place in enumerate(places[1:]):
            attempt(begin + (2 + count) * MINUTE, place, 1, 5_000 + count, step=step)
        attempt(begin + 6 * MINUTE, places[0], 1, 6_000, step="draft" if step is None else None)
        attempt(begin + 7 * MINUTE, places[0], 3, 7_000, step=step)
        attempt(begin + 9 * MINUTE, places[0], 2, 8_000, step=step, routing={"fallback_used": number == 1})
        attempt(begin + 12 * MINUTE, places[0], 1, 9_000, step=step)
        attempt(begin + HOUR, places[0], 1, 9_500, step=f"same{number}")
        attempt(begin + HOUR, places[0], 1, 9_700, step=f"same{number}")
        attempt(begin + HOUR, places[0], 2, 9_900, step=f"same{number}")
    # Numbered from zero.
    attempt(moment + 4 * DAY, places[3], 0, 12_000, step="zero")
    attempt(moment + 4 * DAY + MINUTE, places[3], 1, 13_000, step="zero")
    # Shared by several units.
    units = [
        {"unit_type": "kind_0", "unit_id": "chain_0"},
        {"unit_type": "kind_1", "unit_id": "chain_0", "share": 2},
    ]
    for number, environment in enumerate(("production", "staging")):
        sink.call(moment + 5 * DAY, "m2", 40_000 + number, 10, request_id="again-2", billing_account_id=accounts[number],
                  environment=environment, business_units=units)  # fmt: skip
    sink.call(moment + 5 * DAY + MINUTE, "m2", 41_000, 10, business_units=units,
              routing={"attempt_number": 2, "retry_of_request_id": "again-2"})  # fmt: skip
    sink.call(
        moment + 5 * DAY + 2 * MINUTE, "m2", 42_000, 10, business_units=units, routing={"attempt_number": 2}
    )


def disagreements(sink: Sink) -> None:
    """Two facts of every pair of kinds in one instant: within and after the window, one known later than the other, and
    the other way round in another environment."""
    for (one, first), (two, second), late in product(enumerate(FACTS), enumerate(FACTS), (0, 1)):
        for place, environment in enumerate(("production", "staging")):
            unit: Row = {"unit_type": "kind_0", "unit_id": f"d{one}{two}{late}", "environment": environment,
                         "workflow": "flow_0"}  # fmt: skip
            start = at(MONTHS[4 - late], 2 + one + two, 8 + place)
            known = (3 * DAY, None, 2 * DAY)[(one + 2 * two + place) % 3]

            def say(moment: datetime, what: str, known: timedelta | None, unit: Row = unit) -> None:
                spoken = len(sink.world.feeds["unit_events"])
                fields: Row = dimensions(spoken) | {"ingested_at": known and told(moment + known)}
                if what in ("opened", "reopened", "cancelled"):
                    sink.fact(unit, moment, what, **fields)
                else:
                    sink.fact(unit, moment, "outcome", outcome=what, csat=spoken % 7 / 10, **fields)

            say(start, "resolved", None)
            moment = start + (5 * HOUR, 60 * HOUR)[late] + place * MINUTE
            say(moment, (second, first)[place], known)
            say(moment, (first, second)[place], (2 * DAY, 3 * DAY)[two % 2] if known else None)
            if (one + two) % 2:
                say(
                    moment + (HOUR, 49 * HOUR)[one % 2],
                    ("resolved", "rejected", "resolved", "reopened")[two % 4],
                    None,
                )
            if (one + two) % 3 == 0:
                named = {"unit_type": "kind_0", "unit_id": unit["unit_id"]}
                sink.call(
                    moment, "m2", 2_000 + 10 * one + two, 7, business_unit=named, environment=environment
                )


def wishes(sink: Sink) -> None:
    """Targets of a whole type, from ever, and in a foreign currency."""
    for flow, currency, start, end, target in (
        (None, "EUR", None, None, "2"), ("flow_2", "JPY", "2026-03-01", "2026-06-01", "900"),
    ):  # fmt: skip
        sink.put(
            "unit_targets", unit_type="kind_2", workflow=flow, target_cost=target, slo_share="0.8",
            human_cost_per_unit=target, human_minutes_per_unit="5", human_success_rate="0.9", price_per_unit=target,
            other_direct_cost_per_unit="0.15", ai_error_rate="0.05", human_error_rate="0.02",
            rework_cost_per_error="3", currency=currency, valid_from=start, valid_to=end,
        )  # fmt: skip


def everything(sink: Sink) -> None:
    """Calls with every quantity at once, before and after late prices, by day and by night; some corrected."""
    sold = [("vend_e", account, f"n{number}") for account in ("acct_e", "acct_e2") for number in range(10)]
    sold += [(vendor, "acct_f", "n3") for vendor in ("vend_e", "vend_f")] + [
        ("vend_e", "acct_e3", "n2"),
        ("vend_e", "acct_e3", "n7"),
    ]
    for number, ((vendor, account, model), month) in enumerate(
        product(sold, (MONTHS[0], MONTHS[1], MONTHS[3]))
    ):
        words: Row = {"provider": vendor, "billing_account_id": account, "tenant_id": f"t{number % 5}"}
        if number % 5 == 2:
            words["business_unit"] = {"unit_type": "kind_0", "unit_id": f"all{number % 7}"}
        parts = {
            "cached_input_tokens": 20_003,
            "cache_write_5m_tokens": 403,
            "cache_write_1h_tokens": 57,
            "cache_write_unknown_tokens": 811,
        }
        extra = {
            "unclassified_tokens": 331, "reasoning_tokens": 97, "web_searches": 7, "requests": 3, "pages": 13,
            "input_audio": 5_003, "output_audio": 301, "retrieved_tokens": 1_501, "images": 9,
        }  # fmt: skip
        if number % 4 == 1:  # The parts are the whole.
            extra["input_audio"] = 130_000 + number - sum(parts.values())
        if number % 7 == 3:
            parts, extra = {}, {}
        if number % 9 == 4:
            words["service_tier"] = "batch"
            extra |= {"web_searches": 900_001}
        moment = at(month, 3 + number % 20, (3, 12, 20, 23)[number % 4])
        sink.call(moment, model, 130_000 + number, 20_001 + number, parts=parts, extra=extra, **words)
        if number % 3 == 0:
            row = sink.world.feeds["ai_usage_events"][-1]
            assert isinstance(row, dict)
            usage = row["usage"] | {"output_tokens": 31_000, "pages": 28, "input_audio": 6_007}
            known = moment + (45, 80)[number % 2] * DAY
            sink.add("ai_usage_events", **row | {"usage": usage, "ingested_at": told(known)})
    # Pages and nothing else, of a model without another price too; and what a producer says of a cost.
    for account, model in (("acct_e", "n4"), ("acct_e2", "n4"), ("acct_e", "unheard")):
        for count in (5, 30):
            sink.call(
                at(MONTHS[1], 9, 10),
                model,
                0,
                0,
                provider="vend_e",
                billing_account_id=account,
                usage={"pages": count},
            )
    for number, currency in enumerate(("USD", "EUR", "USD")):
        said = {"amount": f"0.{number + 3}1", "currency": currency}
        sink.call(at(MONTHS[2], 9), "unheard", 5_000, 100, cost_estimate=said, provider="vend_e", billing_account_id="acct_e",
                  business_unit={"unit_type": "kind_0", "unit_id": "all1"})  # fmt: skip
    # A vendor that bills in euros, with retrieved tokens; a half-hearted producer that tells no quantity but one.
    for number in range(4):
        sink.call(at(MONTHS[2], 10 + number), "m3", 9_000 + number, 90, extra={"retrieved_tokens": 800 + number},
                  business_unit={"unit_type": "kind_0", "unit_id": f"all{number}"}, workflow="flow_0")  # fmt: skip


def plain_units(sink: Sink) -> None:
    """Units with one fact that decides: what the facts say besides differs from one to the other."""
    for number, environment in product(range(12), ("production", "staging")):
        unit = {"unit_type": f"kind_{number % 3}", "unit_id": f"p{number}", "environment": environment}
        start = at(MONTHS[1 + number % 5], 4 + number, 7)
        for count, flow in enumerate(("flow_3", "flow_0", None)):
            words = dimensions(number + 2 * count) | {"workflow": flow, "cohort": f"c{(number + count) % 3}"}
            words |= {"attributes": {"size": "SML"[(number + count) % 3]}, "csat": (number + count) % 4 / 10}
            if count == number % 2:
                words |= {"value_amount": f"{number}.25", "value_currency": ("USD", "EUR")[number % 2]}
            if count == 1:
                sink.fact(unit, start + HOUR, "outcome", outcome=("resolved", "rejected", "escalated", "withdrawn")[number % 4],
                          escalation_reason=("policy", "unsure")[number % 2], **words)  # fmt: skip
            else:
                sink.fact(
                    unit,
                    start + count * HOUR,
                    "opened",
                    escalation_reason=("unsure", "other")[count // 2],
                    **words,
                )
        if number % 2:
            sink.review(
                {"unit_type": unit["unit_type"], "unit_id": unit["unit_id"]},
                start + HOUR,
                "3.3",
                environment=environment,
            )
        if number % 3:
            named = {"unit_type": unit["unit_type"], "unit_id": unit["unit_id"]}
            sink.call(
                start + HOUR,
                "m1",
                4_000,
                40,
                business_unit=named,
                environment=environment,
                **dimensions(number + 1),
            )


def corners(sink: Sink) -> None:
    """One case each."""
    base = at(MONTHS[2], 20)
    one: Row = {"unit_type": "kind_0", "unit_id": "x1"}
    # Equal remainders of unequal shares: the greater share takes the last step.
    shares = [
        {"unit_type": "kind_0", "unit_id": f"x{number}", "share": share} for number, share in ((1, 3), (2, 5))
    ]
    sink.call(base, "n0", 500, 0, provider="vend_e", billing_account_id=None, business_units=shares)
    sink.charge(base, "retrieval", "scan", amount="0.000000000004", currency="USD", business_units=shares)
    # A list of one, of none that is named, and beside a unit of its own.
    for number, (units, own) in enumerate((([one], None), ([{"unit_type": "kind_0"}], None), (shares, one))):
        named: Row = {"business_units": units} | ({"business_unit": own} if own else {})
        sink.call(base + HOUR, "m2", 700 + number, 70, tenant_id=f"t{number}", **named)
        sink.charge(
            base + HOUR,
            "retrieval",
            "scan",
            amount=f"0.0{number + 3}",
            currency="USD",
            tenant_id=f"t{number}",
            **named,
        )
        sink.charge(base + HOUR, "retrieval", "nobody", quantity="3", quantity_unit="scan", **named)
    # Every layer, of a unit that is looked at: a shared session's tenant serves where none other is told.
    layers = ("model_hosting", "embedding", "retrieval", "tool_integration", "observability", "platform", "security_compliance",
              "evaluation", "data_licence", "model_api")  # fmt: skip
    for number, layer in enumerate(layers):
        sink.charge(base, layer, "fee", amount=f"0.{number + 11}", currency="USD", business_unit=one)
    for number, (tenant, own) in enumerate((("t0", "t4"), ("t0", None), ("t4", "t0"))):
        unit = {"unit_type": "kind_0", "unit_id": f"y{number}"}
        sink.call(base, "m2", 900, 9, business_units=[unit, one], tenant_id=tenant)
        if own:
            sink.call(base, "m2", 901, 9, business_unit=unit, tenant_id=own)
        sink.review(unit, base + HOUR, "4.5", environment="production")
    # A wasted call of a layer that no vendor's model is.
    for count in (1, 2):
        sink.call(base + count * HOUR, "m2", 2_500, 25, business_unit=one, layer="evaluation", step="judge",
                  routing={"attempt_number": count})  # fmt: skip
    # One unit: whole though it is told as a list, of one tenant, and with calls of another.
    for number, tenants in enumerate((("t0", "t3"), ("t3", "t0"))):
        single = {"unit_type": "kind_0", "unit_id": f"v{number}"}
        sink.call(base, "m2", 950, 9, business_units=[single], tenant_id=tenants[0])
        sink.call(base, "m2", 960, 9, business_unit=single, tenant_id=tenants[1])
        other = {"unit_type": "kind_0", "unit_id": f"w{number + 7}"}
        sink.charge(
            base,
            "retrieval",
            "scan",
            amount="0.2",
            currency="USD",
            business_units=[other],
            tenant_id=tenants[0],
        )
        sink.charge(
            base, "retrieval", "scan", amount="0.3", currency="USD", business_unit=other, tenant_id=tenants[1]
        )
    # Of several episodes and one tenant; shared sessions are another's.
    for number in range(3):
        settled = {
            "unit_type": "kind_0",
            "unit_id": f"s{number + 20}",
            "environment": "production",
            "workflow": "flow_0",
        }
        alone = {"unit_type": "kind_0", "unit_id": f"s{number + 20}"}
        sink.fact(settled, base, "outcome", outcome="resolved", tenant_id="t1")
        sink.fact(settled, base + 60 * HOUR, "reopened", tenant_id="t1")
        if number == 0:
            sink.call(base + 61 * HOUR, "m2", 970, 9, business_units=[alone, one], tenant_id="t2")
        if number == 1:
            sink.charge(
                base + 61 * HOUR,
                "retrieval",
                "scan",
                amount="0.4",
                currency="USD",
                business_units=[alone, one],
                tenant_id="t2",
            )
    # What has no price, by pairs: the first kind of tokens and the output of a model that has a price a request alone.
    for number, meter in enumerate(
        (
            "cached_input_tokens",
            "cache_write_5m_tokens",
            "cache_write_1h_tokens",
            "cache_write_unknown_tokens",
        )
    ):
        for told_cost in (None, {"amount": "0.77", "currency": "USD"}):
            sink.call(at(MONTHS[number % 2], 22, number), "bare", 1_000, 10, parts={meter: 1_000}, provider="vend_e",
                      billing_account_id="acct_e2", cost_estimate=told_cost, tenant_id="t1")  # fmt: skip
    for number, (read, written, extra) in enumerate(
        (
            (1_000, 10, {}),
            (0, 10, {"web_searches": 2}),
            (0, 10, {"unclassified_tokens": 5}),
            (0, 0, {"pages": 2, "web_searches": 1}),
        )
    ):
        for told_cost in (None, {"amount": "0.78", "currency": "USD"}):
            sink.call(at(MONTHS[number % 2], 23, number), "bare", read, written, extra=extra, provider="vend_e",
                      billing_account_id="acct_e2", cost_estimate=told_cost, tenant_id="t2")  # fmt: skip
    # Kinds of tokens without a price, told and none; one of each.
    for number, meter in enumerate(
        ("cache_write_5m_tokens", "cache_write_1h_tokens", "cache_write_unknown_tokens")
    ):
        for count in (0, 1):
            for day, known in ((25, None), (26, None)):
                sink.call(at(MONTHS[0], day, number), ("n8", "n6")[number == 1], 2_000, 20, parts={meter: count}, provider="vend_e",
                          billing_account_id="acct_e2", tenant_id="t1", known=known,
                          cost_estimate={"amount": "0.79", "currency": "USD"} if day == 26 else None)  # fmt: skip
    # Equal in all but their ids; and the least share that there is.
    for _ in range(2):
        sink.charge(base + 2 * HOUR, "retrieval", "scan", amount="0.07", currency="USD", tenant_id="t3")
        sink.review(
            {"unit_type": "kind_0", "unit_id": "y0"},
            base + 3 * HOUR,
            "1.5",
            environment="production",
            reviewer_id=None,
        )
    least = [{"unit_type": "kind_0", "unit_id": "x4", "share": "0.000000001"}]
    sink.charge(base + 2 * HOUR, "retrieval", "scan", amount="0.09", currency="USD", business_units=least)
    # Minutes of reviews by tenant.
    sink.rule(
        "minutes",
        "by_minutes_tenant",
        10,
        "proportional",
        driver="review_minutes",
        scope="tenant",
        fallback_rule_id="minutes_f",
    )
    sink.rule("minutes_f", "by_minutes_tenant_none", 11, "even")
    sink.weights("minutes_f", ("cost_center", "cc_a", "1"))
    sink.share("by_minutes_tenant", MONTHS[2], "90.17")
    sink.call(base, "tip", 3_000, 0, provider="vend_e", billing_account_id=None)
    # Repeated successes in two environments: each has its own window.
    for environment, hours in (("production", (0, 40)), ("staging", (-20, 35))):
        unit = {"unit_type": "kind_0", "unit_id": "r0", "environment": environment, "workflow": "flow_0"}
        for hour in hours:
            sink.fact(unit, base + hour * HOUR, "outcome", outcome="resolved")
        sink.fact(unit, base + 70 * HOUR, "reopened")
        sink.fact(unit, base + 75 * HOUR, "outcome", outcome="rejected")
    # Rejected a while ago and never resolved; told in the instant in which it happened, and without saying when.
    for number, instant in enumerate((datetime(2026, 8, 10), datetime(2026, 8, 11))):
        unit = {
            "unit_type": "kind_0",
            "unit_id": f"j{number}",
            "environment": "production",
            "workflow": "flow_0",
        }
        for word, said in (("rejected", None), ("resolved", told(instant)))[: number + 1]:
            sink.fact(unit, instant, "outcome", outcome=word, ingested_at=said)
    # Long open: only one settled unit was open for longer; in staging, and in production without an attempt.
    for number, (environment, first) in enumerate(
        (("production", True), *4 * (("staging", True),), *4 * (("production", False),))
    ):
        unit = {
            "unit_type": "kind_1",
            "unit_id": f"long{number}",
            "environment": environment,
            "workflow": "flow_1",
        }
        sink.fact(unit, at(MONTHS[2 + 2 * (number > 0)], 1), "opened")
        sink.fact(
            unit,
            datetime(2026, 8, 15),
            "outcome" if first else "opened",
            outcome="waiting" if first else None,
        )
    unit = {"unit_type": "kind_1", "unit_id": "longest", "environment": "production", "workflow": "flow_1"}
    sink.fact(unit, at(MONTHS[0], 5), "opened")
    sink.fact(unit, datetime(2026, 7, 20), "outcome", outcome="resolved")
    # Months that are not settled beside months that are.
    for kind, flow, month, count, open_ones in (
        ("kind_1", "flow_1", 7, 12, 3), ("kind_2", "flow_2", 6, 3, 4), ("kind_2", "flow_2", 7, 25, 0),
    ):  # fmt: skip
        for number in range(count + open_ones):
            unit = {
                "unit_type": kind,
                "unit_id": f"m{month}{number}",
                "environment": "production",
                "workflow": flow,
            }
            sink.fact(unit, at(MONTHS[month], 2), "opened")
            settled = number < count
            sink.fact(unit, at(MONTHS[month], 3) if settled else datetime(2026, 8, 15), "outcome",
                      outcome="resolved" if settled else "waiting")  # fmt: skip
    # A type without a workflow, and one of its units.
    sink.put(
        "unit_types", unit_type="kind_5", workflow=None, is_primary=True, reopen_window_hours=5, abandon_after_hours=50,
        attribution_window_days=9,
    )  # fmt: skip
    sink.put("outcome_statuses", unit_type="kind_5", outcome="resolved", classification="success")
    for flow in (None, "flow_1"):
        unit = {"unit_type": "kind_5", "unit_id": f"z{flow}", "workflow": flow, "environment": "production"}
        sink.fact(unit, base, "outcome", outcome="resolved")
        sink.fact(unit, base + 6 * HOUR, "reopened")


def late_knowledge(sink: Sink) -> None:
    """A model without most prices whose output became dearer late: one token of each kind, and two of them."""
    sink.put(
        "billing_accounts", billing_account_id="acct_y", provider="vend_y", issuer="vend_y", cost_center="cc_a", currency="USD",
        entity="default",
    )  # fmt: skip
    sink.list_price("vend_y", "y0", "request", "3", per_quantity=1000)
    for model in ("y1", "y2", "y3"):
        for meter, price in (("input_uncached", "2"), ("output", "6")):
            for tier in ("standard", "batch"):
                sink.list_price("vend_y", model, meter, price, service_tier=tier)
    for meter, start, end in (("pages", "2026-02-10T08:00:00", "2026-04-10T08:00:00"), ("pages", "2026-04-10T08:00:00", None)):
        sink.list_price("vend_y", "y1", meter, ("5", "7")[end is None], per_quantity=1000, valid_from=start, valid_to=end)
    sink.list_price("vend_y", "y2", "pages", "9", per_quantity=1000, time_from_utc="08:00", time_to_utc="12:30")
    sink.list_price("vend_y", "y3", "pages", "11", per_quantity=1000)
    sink.list_price("vend_y", "y3", "pages", "13", per_quantity=1000, context_tokens_over=50_000)
    sink.put(
        "model_aliases", provider="vend_y", reported_model="y-then", model="y1", price_provider="vend_y", is_default_provider=True,
        valid_from="2026-03-02T08:00:00", valid_to="2026-03-12T08:00:00", observed_on="2026-01-01",
    )  # fmt: skip

    def deal(model: str, meter: str, price: str, **fields: Any) -> None:
        row: Row = {
            "contract_id": sink.number("y-"), "provider": "vend_y", "billing_account_id": "acct_y", "model": model, "meter": meter,
            "service_tier": "standard", "context_tokens_over": 0, "price": price, "per_quantity": 1_000_000, "currency": "USD",
            "valid_from": "2026-01-01T00:00:00", "recorded_at": "2025-12-10T00:00:00", "approved_by": "w",
        }  # fmt: skip
        sink.put("contract_prices", **row | fields)

    deal("y0", "request", "4", per_quantity=1000, context_tokens_over=None, recorded_at="2026-04-20T00:00:00")
    deal("y1", "output", "5", block_quantity=100, valid_from="2026-02-10T08:00:00", valid_to="2026-04-10T08:00:00")
    deal("y1", "output", "4", block_quantity=70, valid_from="2026-04-10T08:00:00", valid_to=None)
    # One tier ends, another does not; a price with a gap; two meters that end at different times.
    deal("y2", "input_uncached", "1", service_tier="batch", valid_to="2026-03-01T00:00:00")
    deal("y2", "output", "5", service_tier="batch", valid_to="2026-05-01T00:00:00")
    for start, end in (("2026-01-01", "2026-03-01"), ("2026-05-01", "2026-06-01")):
        for meter in ("input_uncached", "output"):
            deal("y3", meter, "1.5", valid_from=f"{start}T00:00:00", valid_to=f"{end}T00:00:00")
    head: Row = {"provider": "vend_y", "billing_account_id": "acct_y"}
    kinds: list[tuple[int, int, Row, Row]] = [(1, 0, {}, {}), (0, 1, {}, {}), (0, 1, {}, {"unclassified_tokens": 1}), (0, 0, {}, {"web_searches": 1})]
    for meter in ("cached_input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "cache_write_unknown_tokens"):
        kinds.append((1, 0, {meter: 1}, {}))
    for number, (read, written, parts, extra) in enumerate(kinds):
        for times, estimate in ((1, None), (1, {"amount": "0.66", "currency": "USD"}), (2, None)):
            more = {name: value * times for name, value in extra.items()}
            sink.call(at(MONTHS[number % 2], 3 + times, number), "y0", read * times, written * times, parts=dict.fromkeys(parts, times),
                      extra=more, cost_estimate=estimate, tenant_id="t1", **head)  # fmt: skip
    # Lists that change after a contract of another tier, model or vendor has ended.
    for vendor, model in (("vend_y", "y2"), ("vend_y", "y4"), ("vend_z", "y3")):
        for meter, price in (("input_uncached", "2.5"), ("output", "6.5"))[model == "y2":]:
            sink.list_price(vendor, model, meter, price, valid_from=("2026-04-01T00:00:00", "2026-06-10T00:00:00")[vendor == "vend_z"],
                            observed_on="2026-01-05")  # fmt: skip
    for month in MONTHS[3:7]:
        sink.call(at(month, 14), "y4", 5_000, 50, **head)
        sink.call(at(month, 15), "y3", 6_000, 60, **head | {"provider": "vend_z"})
    # At the very instants, and a tick before them.
    for model, moments in (
        ("y1", (datetime(2026, 2, 10, 8), datetime(2026, 4, 10, 8))), ("y2", (datetime(2026, 2, 3, 8), datetime(2026, 2, 3, 12, 30))),
        ("y3", (datetime(2026, 3, 1), datetime(2026, 5, 1), datetime(2026, 6, 1))), ("y-then", (datetime(2026, 3, 2, 8), datetime(2026, 3, 12, 8))),
    ):  # fmt: skip
        for moment in moments:
            for step in (-TICK, 0 * TICK):
                sink.call(moment + step, model, 3_000, 333, extra={"pages": 17}, **head)
    for read in (49_999, 50_000, 50_001):
        sink.call(at(MONTHS[3], 9), "y3", read, 250, extra={"pages": 19}, **head)
    for month, model, tier in product(MONTHS[:7], ("y2", "y3"), ("standard", "batch")):
        sink.call(at(month, 13), model, 2_000 + month.month, 20, service_tier=tier, **head)


def told_otherwise(sink: Sink) -> None:
    """Units that differ in one thing: two words of one dimension, two facts of one kind, one instant; few units."""
    words = {
        "application": ("app_0", "app_1", "app_2"), "workflow": ("flow_1", "flow_0", "flow_3"), "agent_id": ("agent_1", "agent_0", "agent_2"),
        "tenant_id": ("t3", "t1", "t4"), "team": ("team_c", "team_a", "team_b"), "cost_center": ("cc_e", "cc_b", "cc_c"),
    }  # fmt: skip
    for number, (name, said) in enumerate(words.items()):
        for turn, environment in enumerate(("production", "staging")):
            start = at(MONTHS[2 + turn], 6 + number)
            unit = {"unit_type": "kind_0", "unit_id": f"of-{name}"}
            for count, word in enumerate(said):
                tagged = {name: word, "environment": environment}
                if count == 2:
                    sink.charge(start + HOUR, "retrieval", "scan", amount=f"0.3{number}", currency="USD", business_unit=unit, **tagged)
                else:
                    sink.call(start + count * HOUR, "m2", 3_000 + count, 30, business_unit=unit, **tagged)
            sink.review(unit, start + 2 * HOUR, f"{3 + number}.5", environment=environment)
    # Two breakers of each kind; a window that a reopening of the same instant does not close.
    for number, facts in enumerate((
        ((0, "cancelled"), (5, "cancelled")), ((0, "rejected"), (5, "rejected")), ((0, "escalated"), (5, "rejected")), ((0, "resolved"), (5, "resolved")),
        ((0, "cancelled"), (2, "resolved"), (5, "cancelled")), ((0, "rejected"), (2, "resolved"), (60, "reopened"), (61, "reopened"), (70, "rejected")),
        ((0, "reopened"), (0, "resolved"), (60, "reopened"), (62, "resolved")), ((0, "resolved"), (0, "rejected"), (60, "reopened"), (62, "resolved")),
        ((0, "resolved"), (48, "resolved"), (97, "reopened")), ((0, "resolved"), (30, "reopened"), (31, "reopened")), ((0, "resolved"), (48, "reopened"), (49, "resolved")), ((0, "resolved"), (30, "reopened"), (31, "reopened"), (100, "cancelled")),
    )):  # fmt: skip
        unit = {"unit_type": "kind_0", "unit_id": f"facts-{number}", "environment": "production", "workflow": "flow_0"}
        start = at(MONTHS[4], 4 + number)
        for hours, what in facts:
            if what in ("reopened", "cancelled"):
                sink.fact(unit, start + hours * HOUR, what)
            else:
                sink.fact(unit, start + hours * HOUR, "outcome", outcome=what)
        sink.call(start, "m2", 1_234, 12, business_unit={"unit_type": "kind_0", "unit_id": f"facts-{number}"})
    # Charges of several units in every file, by turns.
    for number in range(30):
        shared = [{"unit_type": "kind_0", "unit_id": f"facts-{(number + turn) % 10}", "share": 1 + (number + turn) % 4} for turn in range(2 + number % 2)]
        sink.charge(at(MONTHS[4], 16, number / 4), "retrieval", "scan", amount=f"0.{number + 11}1", currency="USD", business_units=shared)
    # A unit settles in the last microsecond of its third day.
    unit = {"unit_type": "kind_1", "unit_id": "edge", "environment": "production", "workflow": "flow_1"}
    sink.fact(unit, at(MONTHS[3], 2), "opened")
    sink.fact(unit, at(MONTHS[3], 5) - TICK, "outcome", outcome="resolved")
    # Months of one unit, of one token, of one dollar, of no call; open ones elsewhere.
    sink.put("workflows", workflow="flow_6", name="f", team="team_b", cost_center=None, business_unit="B")
    sink.put(
        "unit_types", unit_type="kind_6", workflow="flow_6", is_primary=True, reopen_window_hours=5, abandon_after_hours=5000,
        attribution_window_days=9,
    )  # fmt: skip
    sink.put("outcome_statuses", unit_type="kind_6", outcome="resolved", classification="success")
    for kind, flow in (("kind_6", "flow_6"), ("kind_5", None)):
        sink.put("outcome_statuses", unit_type=kind, outcome="waiting", classification="pending")
        for number, calls in enumerate((
            ((1, 1, 1),), ((1, 1, 0), (500, 50, 7), (300, 30, 0)), ((1_000_000, 500_000, 100),), ((700, 0, 0),), (), ((900, 90, 9), (800, 80, 900)),
            ((0, 5, 0),),
        )):  # fmt: skip
            for place, environment in enumerate(("production", *("staging",) * 4)):
                unit = {"unit_type": kind, "unit_id": f"few-{number}-{place}", "environment": environment} | ({"workflow": flow} if flow else {})
                start = at(MONTHS[number], 8, place)
                sink.fact(unit, start, "outcome", outcome="waiting" if place else "resolved")
                if environment == "staging" or (number == 5 and flow is None):
                    continue
                for turn, (read, written, retrieved) in enumerate(calls):
                    sink.call(start, "p2", read, written, provider="vend_p", billing_account_id="acct_pg", workflow=flow, tenant_id="t1",
                              business_unit={"unit_type": kind, "unit_id": unit["unit_id"]}, routing={"attempt_number": 1 + turn % 2},
                              extra={"retrieved_tokens": retrieved} if retrieved else {})  # fmt: skip


def staged() -> dict[str, list[Row]]:
    """Calls of two other producers whose files and lines have the same names: only the producer tells them apart."""
    found: dict[str, list[Row]] = {}
    for source, (relation, feed) in enumerate(
        (
            ("stg_helicone__requests", "helicone_requests"),
            ("stg_langfuse__observations", "langfuse_observations"),
        )
    ):
        rows: list[Row] = []
        for number in range(24):
            month = MONTHS[number % 6]
            # Each tenth line is what the other producer's is not: shared, corrected, special, with parts, attempts.
            case = (number + 5 * source) % 8
            moment = at(month, 11 + number // 6, 9)
            row: Row = {
                "source_system": feed, "file_path": "f", "landed_row": number + 1, "request_id": f"other-{number // 2}",
                "occurred_at": moment + (number % 2) * HOUR, "environment": "production", "application": f"app_{number % 3}",
                "workflow": "flow_0", "provider": "vend_e", "billing_account_id": ("acct_e", "acct_e2")[number % 2],
                "endpoint": "chat", "reported_model": f"n{(number + source) % 8}", "status": "success", "requests": 1,
                "input_tokens": 40_000 + 1_000 * number + 77 * source, "output_tokens": 900 + 10 * number + source,
                "service_tier": "standard", "tenant_id": f"t{(number + source) % 4}",
            }  # fmt: skip
            if case in (0, 3):
                row["unit_shares"] = (
                    '[{"unit_type": "kind_0", "unit_id": "s0"}, {"unit_type": "kind_0", "unit_id": "s1", "share": 1}]'
                )
                if source:
                    row["unit_shares"] = (
                        '[{"unit_type": "kind_0", "unit_id": "s0", "share": 1}, {"unit_type": "kind_1", "unit_id": "s2", "share": 2}]'
                    )
            elif case in (1, 4, 5):
                row |= {
                    "unit_type": "kind_0",
                    "unit_id": f"s{number % 3}",
                    "attempt_number": 1 + case % 2,
                    "step": "look",
                }
            if case in (2, 3, 6):
                row["usage_json"] = f'{{"pages": {3 + number}, "input_audio": {1000 + source}}}'
            if case == 7:
                row |= {"cache_read_tokens": 2_000, "web_searches": 2}
            rows.append(row)
            if number % 4 == 0:  # Another version, known later.
                later = {
                    "landed_row": 100 + number,
                    "output_tokens": 5_000 + number,
                    "ingested_at": moment + (50 + 9 * source) * DAY,
                }
                rows.append(row | later)
        found[relation] = rows
    return found


def given(moment: datetime = AS_OF) -> dict[str, list[Row]]:
    """What of other producers' calls was known at a moment, landed and staged."""
    found = {}
    for relation, rows in staged().items():
        told_by_then = [row for row in rows if (row.get("ingested_at") or row["occurred_at"]) <= moment]
        found[relation] = told_by_then
        found[f"{relation}_landed"] = [
            {"feed": row["source_system"]} | {name: row[name] for name in ("file_path", "landed_row")}
            for row in told_by_then
        ]
    return found


def policy(sink: Sink) -> None:
    same_names(sink)
    sellers(sink)
    deals(sink)
    wishes(sink)


def work(sink: Sink) -> None:
    trade(sink)
    twins(sink)
    quiet_units(sink)
    chains(sink)
    disagreements(sink)
    everything(sink)
    plain_units(sink)
    corners(sink)
    late_knowledge(sink)
    told_otherwise(sink)
