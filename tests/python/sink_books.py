"""What the kitchen sink needs so that no mistake in the books goes unseen: names, numbers and months that collide.

A join that forgets one part of its key goes unnoticed where that part never matters. So here the same name is a team, a
workflow and a tenant; the same document number is at two issuers, for two accounts, months and dates; the same pool is in
three environments; and every amount is another one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kitchen_sink import Sink

Row = dict[str, Any]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TICK = timedelta(microseconds=1)
MONTHS = [date(2026, month, 1) for month in range(1, 9)]
# (account, vendor, issuer, currency, cost center, entity, model, price of a million tokens read, written)
ACCOUNTS = (
    ("acct_e1", "vend_e", "bill_e", "USD", "cc_a", "default", "e1", "310", "1250"),
    ("acct_e2", "vend_e", "bill_e", "USD", None, "branch", "e1", "310", "1250"),
    ("acct_e3", "vend_e", "bill_f", "USD", "cc_e", "default", "e2", "17", "71.5"),
    ("acct_g", "vend_g", "bill_e", "USD", None, "default", "g1", "1000", "3000"),
    ("acct_h", "vend_h", "bill_e", "BHD", "cc_c", "default", "h1", "37.7", "113.3"),
    ("acct_f", "vend_f", "bill_f", "CLF", None, "shop", "f1", "5.55", "22.2"),
)
KINDS = ("usage", "usage", "fee", "credit", "tax", "adjustment", "commitment", "rounding")


def told(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds") + "Z"


def at(month: date, day: int, hour: float = 9) -> datetime:
    return datetime(month.year, month.month, day) + timedelta(hours=hour)


def following(month: date) -> date:
    return (month + 32 * DAY).replace(day=1)


def namesakes(sink: Sink) -> None:
    """One name for a cost center, team, application, workflow, agent and tenant, each of another cost center; a chain of seven."""
    for center, above, entity in (
        ("same", "business", "default"), ("of_team", "same", "branch"), ("of_app", "same", "default"), ("of_flow", "of_team", "shop"),
        ("of_agent", "of_flow", "default"), ("deep", "of_agent", "branch"),
    ):  # fmt: skip
        sink.put("cost_centers", cost_center=center, name=center.upper(), parent_cost_center=above, entity=entity)
    sink.put("teams", team="same", name="SAME", cost_center="of_team")
    sink.put("teams", team="other", name="OTHER", cost_center="of_agent")
    sink.put("applications", application="same", name="s", team="other", cost_center="of_app", business_unit="B")
    sink.put("workflows", workflow="same", name="s", team="other", cost_center="of_flow", business_unit="C")
    sink.put("agents", agent_id="same", name="s", workflow=None, team="other", started_on="2026-01-01", productivity_target_per_day=3, quality_floor="0.5")
    sink.put("tenants", tenant_id="same", name="S", segment="internal")
    sink.put("unit_types", unit_type="kind_0", workflow="same", is_primary=True, reopen_window_hours=12, abandon_after_hours=100, attribution_window_days=30)
    names = ("team", "application", "workflow", "agent_id", "tenant_id")
    for number, month in enumerate(MONTHS[:7]):
        for place, name in enumerate(names):
            for environment in ("production", "staging", "evaluation")[: 1 + (number + place) % 3]:
                known = at(following(month), 8) + place * HOUR if number % 2 else None
                said = {name: "same", "environment": environment}
                sink.call(at(month, 4 + place), "e1", 2000 + 300 * place + number, 40 + 7 * place, known=known, billing_account_id="acct_e1", provider="vend_e", **said)
                late = {"ingested_at": told(at(following(month), 8, 12))} if (number + place) % 2 else {}
                sink.charge(at(month, 5 + place), ("retrieval", "platform")[place % 2], "same", amount=f"{3 + place}.{number}7", currency=("USD", "EUR")[number % 2], **said, **late)
                unit = {"unit_type": "kind_0", "unit_id": f"same-{place}"}
                sink.call(at(month, 6 + place), "e1", 1000 + place, 33, billing_account_id="acct_e2", provider="vend_e", business_unit=unit, **said)
                sink.fact(unit | said, at(month, 6 + place, 11), "outcome", outcome=("resolved", "rejected")[(number + place) % 2])
                sink.review(unit, at(month, 6 + place, 13), f"{4 + place}", reviewer_id="r8", environment=environment, **late)
    # Delivered again with another owner, after the month was closed.
    for feed in ("ai_usage_events", "metered_costs"):
        rows = [row for row in sink.world.feeds[feed] if isinstance(row, dict) and "same" in row.values()]
        for number, row in enumerate(rows[::9]):
            known = datetime.fromisoformat(str(row.get("timestamp_utc") or row["occurred_at"])[:-1]) + 50 * DAY
            if known < sink.world.as_of:
                gone = {name: None for name in names} | {names[number % 5]: "same"}
                sink.add(feed, **row | gone | {"ingested_at": told(known)})


def everywhere(sink: Sink) -> None:
    """Pools of one name in three environments, with targets of one name of every type."""
    kinds = ("cost_center", "team", "tenant", "application", "workflow", "agent")
    sink.rule("mixed", "mixed", 100, "fixed")
    parts = ("0.05", "0.1", "0.15", "0.2", "0.22", "0.28")
    sink.weights("mixed", *((kind, "same", part) for kind, part in zip(kinds, parts, strict=True)))
    for number, kind in enumerate((*kinds, "unit")):
        pool = f"each_{kind}"
        driver = ("tokens", "cost", "requests", "units", "successful_units", "review_minutes", "requests")[number]
        sink.rule(f"e{number}", pool, 101 + number, "proportional", driver=driver, scope=kind)
    sink.rule("tiny", "tiny", 110, "even")
    sink.weights("tiny", *((kind, "same", "1") for kind in kinds), ("team", "team_a", "1"), ("team", "team_b", "1"))
    for number, month in enumerate(MONTHS[:7]):
        for place, environment in enumerate(("production", "staging", "evaluation")):
            sink.share("mixed", month, f"{7 + place}.{number}3", environment=environment, invoice_id="inv-mixed")
            sink.share("tiny", month, f"0.00000000000{1 + (number + place) % 7}", environment=environment)
            for turn, kind in enumerate((*kinds, "unit")):
                amount = Decimal(100 + 13 * turn + 5 * place + number) * (-1 if (turn + number) % 6 == 5 else 1) / 7
                sink.share(f"each_{kind}", month, f"{amount:.9f}", environment=environment)


def accounts(sink: Sink) -> None:
    """Accounts of two issuers and three vendors, in currencies of two, three and four decimals, with calls of every month."""
    for account, vendor, issuer, currency, center, entity, model, read, written in ACCOUNTS:
        sink.put("billing_accounts", billing_account_id=account, provider=vendor, issuer=issuer, currency=currency, cost_center=center, entity=entity)
        if account != "acct_e2":
            for meter, price in (("input_uncached", read), ("output", written), ("cache_read", f"{Decimal(read) / 4:f}")):
                sink.list_price(vendor, model, meter, price, currency=currency)
        for number, month in enumerate(MONTHS[:7]):
            for place, center_told in enumerate((None, "cc_b", "cc_e", None)):
                moment = at(month, (2, 11, 20, 27)[place], place)
                known = at(following(month), 7) + 9 * place * DAY if (number + place) % 3 == 0 else None
                known = known if known and known < sink.world.as_of else None
                said = {"cost_center": center_told} if center_told else {"application": ("app_0", "app_1")[place % 2]}
                sink.call(moment, model, 10_000 + 997 * number + 31 * place, 1000 + 10 * number + place, parts={"cached_input_tokens": 500 + place},
                          known=known, billing_account_id=account, provider=vendor, tenant_id=f"t{(number + place) % 5}",
                          environment=("production", "staging")[place == 3], **said)  # fmt: skip
    # A call that names an account of another vendor.
    for month in MONTHS[:5]:
        sink.call(at(month, 12), "m1", 5000, 100, billing_account_id="acct_e1", provider="vend_a")
        sink.call(at(month, 12), "m1", 4000, 100, billing_account_id=None, provider="vend_a")


def documents(sink: Sink) -> None:
    """Documents that differ from one another in one part of their identity alone; each with another fate."""
    count = 0
    for turn, month in enumerate(MONTHS[:6]):
        issued, later = following(month) + 3 * DAY, following(following(month)) + 4 * DAY
        variants = (
            ("bill_e", "N-1", issued, "acct_e1", month, "USD"), ("bill_f", "N-1", issued, "acct_e1", month, "USD"),
            ("bill_f", "N-1", issued, "acct_e3", month, "USD"), ("bill_e", f"N-{turn + 2}", issued, "acct_e1", month, "USD"),
            ("bill_e", "N-1", later, "acct_e1", month, "USD"), ("bill_e", "N-1", issued, "acct_e2", month, "USD"),
            ("bill_e", "N-1", issued, "acct_e1", following(month), "USD"), ("bill_e", f"H-{turn}", issued, "acct_h", month, "BHD"),
            ("bill_f", f"H-{turn}", issued, "acct_f", month, "CLF"), ("vend_d", "N-1", issued, "acct_e1", month, "USD"),
        )  # fmt: skip
        for place, (issuer, number, day, account, start, currency) in enumerate(variants):
            count += 1
            if (turn + place) % 7 == 6:
                continue
            model = next(row[6] for row in ACCOUNTS if row[0] == account)
            head = {"provider": next(row[1] for row in ACCOUNTS if row[0] == account), "billing_account_id": account}
            known = datetime(day.year, day.month, day.day, 8) + (count % 5) * 6 * DAY
            bill = lines(count, model, currency, start)
            document = {"issued_on": day}
            sink.invoice(number, issuer, head, currency, start, known, bill, **document)
            again = known + (24 + count % 3 * 8) * DAY
            if count % 6 == 1:
                sink.invoice(number, issuer, head, currency, start, again, bill, status="voided", **document)
            if count % 6 == 2:
                sink.invoice(number, issuer, head, currency, start, again, [bill[0] | {"amount": "7.5"}], **document)
            if count % 6 == 4:
                sink.invoice(f"{number}-R{turn}", issuer, head, currency, start, again, lines(count + 50, model, currency, start), reference_invoice_id=number)
            if count % 6 == 5:
                sink.invoice(f"{number}-C{turn}", issuer, head, currency, start, again, [{"line_type": "credit", "amount": f"-{count}.25"}, {"line_type": "adjustment", "amount": "-0.75", "model": model, "meter": "output"}], reference_invoice_id=number)
            for paid in (10, 40)[: 1 + count % 2]:
                if number != "N-1" and day + paid * DAY < sink.world.as_of.date():
                    sink.put("invoice_settlements", issuer=issuer, invoice_id=number, settled_on=day + paid * DAY, amount=f"{count}.5",
                             currency=currency if place % 3 else "USD", prepared_by="p", approved_by="q")  # fmt: skip
    for issuer in ("bill_e", "bill_f", "nobody"):
        sink.put("invoice_settlements", issuer=issuer, invoice_id="N-1", settled_on="2026-06-06", amount="11.11", currency="USD", prepared_by="p", approved_by="q")
    sink.put("invoice_settlements", issuer="bill_e", invoice_id="N-1", settled_on="2026-08-21", amount="4", currency="USD", prepared_by="p", approved_by="q")


def lines(count: int, model: str, currency: str, start: date) -> list[Row]:
    """The lines of a document: of each kind one with an amount of its own."""
    places = {"BHD": 3, "CLF": 4}.get(currency, 2)
    bill: list[Row] = []
    for place, kind in enumerate(KINDS):
        if kind not in ("usage", "fee") and (count + place) % 4 == 0:
            continue
        amount = Decimal(count * 37 + place * 11 + 5) / 8 + Decimal(place + 1) / 10**places
        row: Row = {"line_type": kind, "amount": f"{-amount if kind in ('credit', 'rounding') else amount:.{places}f}"}
        if kind == "usage":
            row |= {"model": model, "meter": ("input_uncached", "output")[place], "service_tier": "standard", "quantity": 1000 * count + place,
                    "quantity_unit": ("tokens", "1000 tokens")[count % 9 == 0]}  # fmt: skip
            if count % 4 == 2:
                row |= {"charge_period_start": start + 9 * DAY, "charge_period_end": following(start) + 12 * DAY}
            if count % 4 == 3:
                row |= {"charge_period_start": start - 12 * DAY, "charge_period_end": start - 2 * DAY}
        if kind == "commitment" and count % 3:
            row |= {"charge_period_start": start, "charge_period_end": following(start)}
        bill.append(row)
    return bill


def promises(sink: Sink) -> None:
    """Minimums of one name in two terms, of an account and of its vendor; an account with twelve lots; lots at average cost."""
    for contract, account, vendor, kind, amount, currency, start, end, how in (
        ("min", "acct_e1", "vend_e", "minimum_spend", "900", "USD", "2026-01-01", "2026-04-01", "straight_line"),
        ("min", "acct_e1", "vend_e", "minimum_spend", "1100", "USD", "2026-04-01", "2026-07-01", "forecast_eac"),
        ("min_2", "acct_e1", "vend_e", "minimum_spend", "777.77", "USD", "2026-01-01", "2026-07-01", "at_expiry"),
        ("min_3", "acct_e2", "vend_e", "minimum_spend", "555", "USD", "2026-02-01", "2026-06-15", "straight_line"),
        ("min_4", None, "vend_e", "minimum_spend", "5000", "USD", "2026-02-01", "2026-09-01", "straight_line"),
        ("min_5", "acct_h", "vend_h", "minimum_spend", "500", "BHD", "2026-01-01", "2026-09-01", "straight_line"),
        ("min_6", "acct_g", "vend_g", "minimum_spend", "333.33", "USD", "2026-01-01", "2026-05-01", "straight_line"),
        ("min_6", "acct_g", "vend_g", "prepaid", "20", "USD", "2026-01-04", "2026-03-01", "fifo"),
        ("lot-h1", "acct_h", "vend_h", "prepaid", "100", "BHD", "2026-01-01", "2026-07-01", "wac"),
        ("lot-h2", "acct_h", "vend_h", "prepaid", "5000", "BHD", "2026-01-06", "2026-08-01", "wac"),
        ("lot-f", "acct_f", "vend_f", "prepaid", "2.5", "CLF", "2026-02-01", "2026-05-01", "straight_line"),
    ):  # fmt: skip
        sink.put("commitments", contract_id=contract, provider=vendor, billing_account_id=account, kind=kind, amount=amount,
                 currency=currency, period_start=start, period_end=end, accrual_method=how)  # fmt: skip
    for number in range(11):
        start, end = MONTHS[number // 2], MONTHS[min(7, number // 2 + 2 + number % 3)]
        sink.put("commitments", contract_id=f"lot-{number:02}", provider="vend_g", billing_account_id="acct_g", kind="prepaid", amount=f"{4 + number}.5",
                 currency="USD", period_start=start + (number % 2) * 5 * DAY, period_end=end, accrual_method="fifo")  # fmt: skip
    for account, vendor, issuer, currency, model in (("acct_g", "vend_g", "bill_e", "USD", "g1"), ("acct_h", "vend_h", "bill_e", "BHD", "h1"), ("acct_f", "vend_f", "bill_f", "CLF", "f1")):
        head = {"provider": vendor, "billing_account_id": account}
        for number, month in enumerate(MONTHS[:6]):
            known = at(following(month), 6) + number % 3 * 13 * DAY
            bill: list[Row] = [
                {"line_type": "prepayment", "amount": f"{5 + number}.25", "charge_period_start": month + number % 2 * 5 * DAY},
                {"line_type": "credit", "amount": f"-{2 + number}.5"},
                {"line_type": "usage", "model": model, "meter": "output", "service_tier": "standard", "quantity": 1500, "quantity_unit": "tokens", "amount": f"{8 + number}.75"},
            ]  # fmt: skip
            if account == "acct_h" and number == 0:
                bill += [bill[0] | {"amount": amount, "charge_period_start": month + day * DAY} for amount, day in (("130.5", 0), ("5250.125", 5))]
                bill = bill[1:]
            sink.invoice(f"{'LOTB' if currency == 'BHD' else 'LOT'}-{number}", issuer, head, currency, month, known, bill if number % 4 != 3 else bill[1:])
            if number == 2:
                sink.invoice(f"{'LOTB' if currency == 'BHD' else 'LOT'}-{number}", issuer, head, currency, month, known + 30 * DAY, [bill[1] | {"amount": "-3.25"}], issued_on=known.date())
            if number == 4:
                sink.invoice(f"{'LOTB' if currency == 'BHD' else 'LOT'}-{number}", issuer, head, currency, month, known + 30 * DAY, bill, issued_on=known.date(), status="voided")


def limits(sink: Sink) -> None:
    """What may differ: of an issuer of its own, and of all others."""
    for issuer, absolute, share, how, start, end in (
        ("*", "2", "0.1", "greater_of", "2026-01-01", None), ("bill_e", "1", "0.5", "lesser_of", "2026-02-01", "2026-04-01"),
        ("bill_e", "3", "0.02", "both", "2026-04-01", "2026-06-01"),
    ):  # fmt: skip
        sink.put("reconciliation_tolerances", issuer=issuer, absolute_tolerance=absolute, percent_tolerance=share, combine=how,
                 clearly_trivial="0.02", material="25", valid_from=start, valid_to=end, approved_by="w")  # fmt: skip


def exports(sink: Sink) -> None:
    """Exports of the same accounts: in units of their own, without a model, and lines that are no use."""
    for account, vendor, _, currency, _, _, model, *_ in ACCOUNTS:
        for number, month in enumerate(MONTHS[:6]):
            head = {"provider": vendor, "billing_account_id": account, "currency": currency, "period_start": told(at(month, 7, 0)), "period_end": told(at(month, 8, 0))}
            for place, (meter, quantity, unit, amount) in enumerate((
                ("input_uncached", "41.5", "1000 tokens", "9.75"), ("output", "4300", "tokens", "6.5"), ("input_uncached", "3", "1K tokens", None),
                ("credit", "1", None, "-0.75"), ("fee", None, None, "1.25"), ("output", "0.002", "million tokens", "0.5"),
            )):  # fmt: skip
                if (number + place) % 4:
                    sink.add("provider_usage", **head, line_id=sink.number("exe"), model=model if place % 5 else None, meter=meter,
                             service_tier="standard", quantity=quantity, quantity_unit=unit, amount=amount)  # fmt: skip


def books(sink: Sink) -> None:
    accounts(sink)
    namesakes(sink)
    everywhere(sink)
    documents(sink)
    promises(sink)
    limits(sink)
    exports(sink)
