"""What the kitchen sink needs so that no mistake in the books goes unseen: names, numbers and months that collide.

A join that forgets one part of its key goes unnoticed where that part never matters. So here one name is a team, a
workflow and a tenant; one document number is at two issuers, for two accounts, months and dates; one pool is in three
environments; and every amount is another one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sink_papers

if TYPE_CHECKING:
    from kitchen_sink import Sink

Row = dict[str, Any]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TICK = timedelta(microseconds=1)
MONTHS = [date(2026, month, 1) for month in range(1, 9)]
# (account, vendor, issuer, currency, cost center, entity, model, price of a million tokens read, written)
ACCOUNTS = (
    ("acct_ke1", "vend_ke", "bill_e", "USD", "cc_a", "default", "e1", "310", "1250"),
    ("acct_ke2", "vend_ke", "bill_e", "USD", None, "branch", "e1", "310", "1250"),
    ("acct_ke3", "vend_ke", "bill_f", "USD", "cc_e", "default", "e2", "17", "71.5"),
    ("acct_kg", "vend_kg", "bill_e", "USD", None, "default", "g1", "1000", "3000"),
    ("acct_kh", "vend_kh", "bill_e", "BHD", "cc_c", "default", "h1", "37.7", "113.3"),
    ("acct_kf", "vend_kf", "bill_f", "CLF", None, "shop", "f1", "5.55", "22.2"),
)
WORDS = (
    ("tokens", 1), ("1000 tokens", 1000), ("1K tokens", 1000), ("KTok", 1000), ("thousand tokens", 1000), ("MTok", 1_000_000),
    ("1M tokens", 1_000_000), ("million tokens", 1_000_000), ("1000000 Tokens", 1_000_000), (None, 1),
)  # fmt: skip
KINDS = ("usage", "usage", "fee", "credit", "tax", "adjustment", "commitment", "rounding")


def told(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds") + "Z"


def at(month: date, day: int, hour: float = 9) -> datetime:
    return datetime(month.year, month.month, day) + timedelta(hours=hour)


def following(month: date) -> date:
    return (month + 32 * DAY).replace(day=1)


def namesakes(sink: Sink) -> None:
    """One name for a cost center, a team, an application, a workflow, an agent and a tenant; a chain of seven."""
    for center, above, entity in (
        ("same", "business", "default"), ("of_team", "same", "branch"), ("of_app", "same", "default"), ("of_flow", "of_team", "shop"),
        ("of_agent", "of_flow", "default"), ("deep", "of_agent", "branch"),
    ):  # fmt: skip
        sink.put(
            "cost_centers", cost_center=center, name=center.upper(), parent_cost_center=above, entity=entity
        )
    sink.put("teams", team="same", name="SAME", cost_center="of_team")
    sink.put("teams", team="other", name="OTHER", cost_center="of_agent")
    sink.put(
        "applications", application="same", name="s", team="other", cost_center="of_app", business_unit="B"
    )
    sink.put("workflows", workflow="same", name="s", team="other", cost_center="of_flow", business_unit="C")
    sink.put(
        "agents",
        agent_id="same",
        name="s",
        workflow=None,
        team="other",
        started_on="2026-01-01",
        productivity_target_per_day=3,
        quality_floor="0.5",
    )
    sink.put("tenants", tenant_id="same", name="S", segment="internal")
    sink.put(
        "unit_types",
        unit_type="kind_0",
        workflow="same",
        is_primary=True,
        reopen_window_hours=12,
        abandon_after_hours=100,
        attribution_window_days=30,
    )
    names = ("team", "application", "workflow", "agent_id", "tenant_id")
    for number, month in enumerate(MONTHS[:7]):
        for place, name in enumerate(names):
            for environment in ("production", "staging", "evaluation")[: 1 + (number + place) % 3]:
                known = at(following(month), 8) + place * HOUR if number % 2 else None
                said = {name: "same", "environment": environment}
                sink.call(
                    at(month, 4 + place),
                    "e1",
                    2000 + 300 * place + number,
                    40 + 7 * place,
                    known=known,
                    billing_account_id="acct_ke1",
                    provider="vend_ke",
                    **said,
                )
                late = {"ingested_at": told(at(following(month), 8, 12))} if (number + place) % 2 else {}
                sink.charge(
                    at(month, 5 + place),
                    ("retrieval", "platform")[place % 2],
                    "same",
                    amount=f"{3 + place}.{number}7",
                    currency=("USD", "EUR")[number % 2],
                    **said,
                    **late,
                )
                unit = {"unit_type": "kind_0", "unit_id": f"same-{place}"}
                sink.call(
                    at(month, 6 + place),
                    "e1",
                    1000 + place,
                    33,
                    billing_account_id="acct_ke2",
                    provider="vend_ke",
                    business_unit=unit,
                    **said,
                )
                sink.fact(
                    unit | said,
                    at(month, 6 + place, 11),
                    "outcome",
                    outcome=("resolved", "rejected")[(number + place) % 2],
                )
                sink.review(
                    unit,
                    at(month, 6 + place, 13),
                    f"{4 + place}",
                    reviewer_id="r8",
                    environment=environment,
                    **late,
                )
    # Delivered again with another owner, after the month was closed.
    for feed in ("ai_usage_events", "metered_costs"):
        rows = [row for row in sink.world.feeds[feed] if isinstance(row, dict) and "same" in row.values()]
        for number, row in enumerate(rows[::9]):
            known = (
                datetime.fromisoformat(str(row.get("timestamp_utc") or row["occurred_at"])[:-1]) + 50 * DAY
            )
            if known < sink.world.as_of:
                gone = dict.fromkeys(names) | {names[number % 5]: "same"}
                sink.add(feed, **row | gone | {"ingested_at": told(known)})


def everywhere(sink: Sink) -> None:
    """Pools of one name in three environments, with targets of one name of every type."""
    kinds = ("cost_center", "team", "tenant", "application", "workflow", "agent")
    sink.rule("mixed", "mixed", 100, "fixed")
    parts = ("0.05", "0.1", "0.15", "0.2", "0.22", "0.28")
    sink.weights("mixed", *((kind, "same", part) for kind, part in zip(kinds, parts, strict=True)))
    for number, kind in enumerate((*kinds, "unit")):
        pool = f"each_{kind}"
        driver = ("tokens", "cost", "requests", "units", "successful_units", "review_minutes", "requests")[
            number
        ]
        sink.rule(f"e{number}", pool, 101 + number, "proportional", driver=driver, scope=kind)
    sink.rule("tiny", "tiny", 110, "even")
    sink.weights(
        "tiny", *((kind, "same", "1") for kind in kinds), ("team", "team_a", "1"), ("team", "team_b", "1")
    )
    for number, month in enumerate(MONTHS[:7]):
        for place, environment in enumerate(("production", "staging", "evaluation")):
            sink.share(
                "mixed", month, f"{7 + place}.{number}3", environment=environment, invoice_id="inv-mixed"
            )
            sink.share("tiny", month, f"0.00000000000{1 + (number + place) % 7}", environment=environment)
            for turn, kind in enumerate((*kinds, "unit")):
                amount = (
                    Decimal(100 + 13 * turn + 5 * place + number)
                    * (-1 if (turn + number) % 6 == 5 else 1)
                    / 7
                )
                sink.share(f"each_{kind}", month, f"{amount:.9f}", environment=environment)


def accounts(sink: Sink) -> None:
    """Accounts of two issuers and four vendors, in currencies of two, three and four decimals, with calls."""
    for account, vendor, issuer, currency, center, entity, model, read, written in ACCOUNTS:
        sink.put(
            "billing_accounts",
            billing_account_id=account,
            provider=vendor,
            issuer=issuer,
            currency=currency,
            cost_center=center,
            entity=entity,
        )
        if account != "acct_ke2":
            for meter, price in (
                ("input_uncached", read),
                ("output", written),
                ("cache_read", f"{Decimal(read) / 4:f}"),
            ):
                sink.list_price(vendor, model, meter, price, currency=currency)
        for number, month in enumerate(MONTHS[:7]):
            if currency == "CLF" and not number:
                continue
            for place, center_told in enumerate((None, "cc_b", "cc_e", None)):
                moment = at(month, (2, 11, 20, 27)[place], place)
                known = at(following(month), 7) + 9 * place * DAY if (number + place) % 3 == 0 else None
                known = known if known and known < sink.world.as_of else None
                said = (
                    {"cost_center": center_told}
                    if center_told
                    else {"application": ("app_0", "app_1")[place % 2]}
                )
                sink.call(moment, model, 10_000 + 997 * number + 31 * place, 1000 + 10 * number + place, parts={"cached_input_tokens": 500 + place},
                          known=known, billing_account_id=account, provider=vendor, tenant_id=f"t{(number + place) % 5}",
                          environment=("production", "staging")[place == 3], **said)  # fmt: skip
    # A call that names an account of another vendor.
    for month in MONTHS[:5]:
        sink.call(at(month, 12), "m1", 5000, 100, billing_account_id="acct_ke1", provider="vend_a")
        sink.call(at(month, 12), "m1", 4000, 100, billing_account_id=None, provider="vend_a")


def documents(sink: Sink) -> None:
    """Documents that differ from one another in one part of their identity alone; each with another fate."""
    count = 0
    for turn, month in enumerate(MONTHS[:6]):
        issued, later = following(month) + 3 * DAY, following(following(month)) + 4 * DAY
        variants = (
            ("bill_e", "N-1", issued, "acct_ke1", month, "USD"), ("bill_f", "N-1", issued, "acct_ke1", month, "USD"),
            ("bill_f", "N-1", issued, "acct_ke3", month, "USD"), ("bill_e", f"N-{turn + 2}", issued, "acct_ke1", month, "USD"),
            ("bill_e", "N-1", later, "acct_ke1", month, "USD"), ("bill_e", "N-1", issued, "acct_ke2", month, "USD"),
            ("bill_e", "N-1", issued, "acct_ke1", following(month), "USD"), ("bill_e", f"H-{turn}", issued, "acct_kh", month, "BHD"),
            ("bill_f", f"H-{turn}", issued, "acct_kf", month, "CLF"), ("vend_d", "N-1", issued, "acct_ke1", month, "USD"),
        )  # fmt: skip
        for place, (issuer, number, day, account, start, currency) in enumerate(variants):
            count += 1
            if (turn + place) % 7 == 6 or (currency == "CLF" and not turn):
                continue
            model = next(row[6] for row in ACCOUNTS if row[0] == account)
            head = {
                "provider": next(row[1] for row in ACCOUNTS if row[0] == account),
                "billing_account_id": account,
            }
            known = datetime(day.year, day.month, day.day, 8) + (count % 5) * 6 * DAY
            bill = lines(count, model, currency, start)
            document = {"issued_on": day}
            sink.invoice(number, issuer, head, currency, start, known, bill, **document)
            again = known + (24 + count % 3 * 8) * DAY
            if count % 6 == 1:
                sink.invoice(number, issuer, head, currency, start, again, bill, status="voided", **document)
            if count % 6 == 2:
                sink.invoice(
                    number, issuer, head, currency, start, again, [bill[0] | {"amount": "7.5"}], **document
                )
            if count % 6 == 4:
                sink.invoice(
                    f"{number}-R{turn}",
                    issuer,
                    head,
                    currency,
                    start,
                    again,
                    lines(count + 50, model, currency, start),
                    reference_invoice_id=number,
                )
            if count % 6 == 5:
                sink.invoice(
                    f"{number}-C{turn}",
                    issuer,
                    head,
                    currency,
                    start,
                    again,
                    [
                        {"line_type": "credit", "amount": f"-{count}.25"},
                        {"line_type": "adjustment", "amount": "-0.75", "model": model, "meter": "output"},
                    ],
                    reference_invoice_id=number,
                )
            for paid in (10, 40)[: 1 + count % 2]:
                if number != "N-1" and day + paid * DAY < sink.world.as_of.date():
                    sink.put("invoice_settlements", issuer=issuer, invoice_id=number, settled_on=day + paid * DAY, amount=f"{count}.5",
                             currency=currency if place % 3 else "USD", prepared_by="p", approved_by="q")  # fmt: skip
    sink.put(
        "invoice_settlements",
        issuer="bill_e",
        invoice_id="N-1",
        settled_on="2026-06-07",
        amount="5",
        currency="EUR",
        prepared_by="p",
        approved_by="q",
    )
    for issuer in ("bill_e", "bill_f", "nobody"):
        sink.put(
            "invoice_settlements",
            issuer=issuer,
            invoice_id="N-1",
            settled_on="2026-06-06",
            amount="11.11",
            currency="USD",
            prepared_by="p",
            approved_by="q",
        )
    sink.put(
        "invoice_settlements",
        issuer="bill_e",
        invoice_id="N-1",
        settled_on="2026-08-21",
        amount="4",
        currency="USD",
        prepared_by="p",
        approved_by="q",
    )


def lines(count: int, model: str, currency: str, start: date) -> list[Row]:
    """The lines of a document: of each kind one with an amount of its own."""
    places = {"BHD": 3, "CLF": 4}.get(currency, 2)
    bill: list[Row] = []
    for place, kind in enumerate(KINDS):
        if kind not in ("usage", "fee") and (count + place) % 4 == 0:
            continue
        amount = Decimal(count * 37 + place * 11 + 5) / 8 + Decimal(place + 1) / 10**places
        row: Row = {
            "line_type": kind,
            "amount": f"{-amount if kind in ('credit', 'rounding') else amount:.{places}f}",
        }
        if kind == "usage":
            unit, scale = WORDS[(count + place) % len(WORDS)]
            row |= {"model": model, "meter": ("input_uncached", "output")[place], "service_tier": "standard", "quantity": f"{Decimal(1000 * count + place) / scale:f}",
                    "quantity_unit": unit}  # fmt: skip
            if count % 4 == 2:
                row |= {
                    "charge_period_start": start + 9 * DAY,
                    "charge_period_end": following(start) + 12 * DAY,
                }
            if count % 4 == 3:
                row |= {"charge_period_start": start - 12 * DAY, "charge_period_end": start - 2 * DAY}
        if kind == "commitment" and count % 3:
            row |= {"charge_period_start": start, "charge_period_end": following(start)}
        bill.append(row)
    return bill


def promises(sink: Sink) -> None:
    """Minimums of one name in two terms, of an account and of its vendor; twelve lots; lots at average cost."""
    for contract, account, vendor, kind, amount, currency, start, end, how in (
        ("min", "acct_ke1", "vend_ke", "minimum_spend", "900", "USD", "2026-01-01", "2026-04-01", "straight_line"),
        ("min", "acct_ke1", "vend_ke", "minimum_spend", "1100", "USD", "2026-04-01", "2026-07-01", "forecast_eac"),
        ("min_2", "acct_ke1", "vend_ke", "minimum_spend", "777.77", "USD", "2026-01-01", "2026-07-01", "at_expiry"),
        ("min_3", "acct_ke2", "vend_ke", "minimum_spend", "555", "USD", "2026-02-01", "2026-06-15", "straight_line"),
        ("min_4", None, "vend_ke", "minimum_spend", "5000", "USD", "2026-02-01", "2026-09-01", "straight_line"),
        ("min_5", "acct_kh", "vend_kh", "minimum_spend", "500", "BHD", "2026-01-01", "2026-09-01", "straight_line"),
        ("min_6", "acct_kg", "vend_kg", "minimum_spend", "333.33", "USD", "2026-01-01", "2026-05-01", "straight_line"),
        ("min_6", "acct_kg", "vend_kg", "prepaid", "20", "USD", "2026-01-04", "2026-03-01", "fifo"),
        ("lot-h1", "acct_kh", "vend_kh", "prepaid", "100", "BHD", "2026-01-01", "2026-07-01", "wac"),
        ("lot-h2", "acct_kh", "vend_kh", "prepaid", "5000", "BHD", "2026-01-06", "2026-08-01", "wac"),
        ("lot-f", "acct_kf", "vend_kf", "prepaid", "2.5", "CLF", "2026-02-01", "2026-05-01", "straight_line"),
    ):  # fmt: skip
        sink.put("commitments", contract_id=contract, provider=vendor, billing_account_id=account, kind=kind, amount=amount,
                 currency=currency, period_start=start, period_end=end, accrual_method=how)  # fmt: skip
    # One unit is missed each month; half of one is used beyond what was bought.
    sink.put(
        "billing_accounts", billing_account_id="acct_kn", provider="vend_kn", issuer="bill_kn", currency="USD", entity="default"
    )  # fmt: skip
    for contract, account, vendor, kind, amount, end in (
        ("min_7", "acct_kn", "vend_kn", "minimum_spend", "3", "2026-04-01"), ("lot-p", "acct_kp", "vend_kp", "prepaid", "9.5", "2026-02-01"),
    ):  # fmt: skip
        sink.put("commitments", contract_id=contract, provider=vendor, billing_account_id=account, kind=kind, amount=amount,
                 currency="USD", period_start="2026-01-01", period_end=end, accrual_method="straight_line")  # fmt: skip
    for number in range(11):
        start, end = MONTHS[number // 2], MONTHS[min(7, number // 2 + 2 + number % 3)]
        sink.put("commitments", contract_id=f"lot-{number:02}", provider="vend_kg", billing_account_id="acct_kg", kind="prepaid", amount=f"{4 + number}.5",
                 currency="USD", period_start=start + (number % 2) * 5 * DAY, period_end=end, accrual_method="fifo")  # fmt: skip
    for account, vendor, issuer, currency, model in (
        ("acct_kg", "vend_kg", "bill_e", "USD", "g1"),
        ("acct_kh", "vend_kh", "bill_e", "BHD", "h1"),
        ("acct_kf", "vend_kf", "bill_f", "CLF", "f1"),
    ):
        head = {"provider": vendor, "billing_account_id": account}
        for number, month in enumerate(MONTHS[:6]):
            if currency == "CLF" and not number:
                continue
            known = at(following(month), 6) + number % 3 * 13 * DAY
            bill: list[Row] = [
                {"line_type": "prepayment", "amount": f"{5 + number}.25", "charge_period_start": month + number % 2 * 5 * DAY},
                {"line_type": "credit", "amount": f"-{2 + number}.5"},
                {"line_type": "usage", "model": model, "meter": "output", "service_tier": "standard", "quantity": 1500, "quantity_unit": "tokens", "amount": f"{8 + number}.75"},
            ]  # fmt: skip
            if account == "acct_kh" and number == 0:
                bill += [
                    bill[0] | {"amount": amount, "charge_period_start": month + day * DAY}
                    for amount, day in (("130.5", 0), ("5250.125", 5))
                ]
                bill = bill[1:]
            sink.invoice(
                f"{'LOTB' if currency == 'BHD' else 'LOT'}-{number}",
                issuer,
                head,
                currency,
                month,
                known,
                bill if number % 4 != 3 else bill[1:],
            )
            if number == 2:
                sink.invoice(
                    f"{'LOTB' if currency == 'BHD' else 'LOT'}-{number}",
                    issuer,
                    head,
                    currency,
                    month,
                    known + 30 * DAY,
                    [bill[1] | {"amount": "-3.25"}],
                    issued_on=known.date(),
                )
            if number == 4:
                sink.invoice(
                    f"{'LOTB' if currency == 'BHD' else 'LOT'}-{number}",
                    issuer,
                    head,
                    currency,
                    month,
                    known + 30 * DAY,
                    bill,
                    issued_on=known.date(),
                    status="voided",
                )


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
            head = {
                "provider": vendor,
                "billing_account_id": account,
                "currency": currency,
                "period_start": told(at(month, 7, 0)),
                "period_end": told(at(month, 8, 0)),
            }
            for place, (meter, quantity, unit, amount) in enumerate((
                ("input_uncached", "41.5", "1000 tokens", "9.75"), ("output", "4300", "tokens", "6.5"), ("input_uncached", "3", "1K tokens", None),
                ("credit", "1", None, "-0.75"), ("fee", None, None, "1.25"), ("output", "0.002", "million tokens", "0.5"),
            )):  # fmt: skip
                if (number + place) % 4:
                    sink.add("provider_usage", **head, line_id=sink.number("exe"), model=model if place % 5 else None, meter=meter,
                             service_tier="standard", quantity=quantity, quantity_unit=unit, amount=amount)  # fmt: skip


def edges(sink: Sink) -> None:
    """Differences from an invoice that are just what policy lets pass, and more; use at the ends of months."""
    for account, model in (("acct_kp", "p1"), ("acct_kq", "q1"), ("acct_kr", "r1"), ("acct_kl", "l1")):
        sink.put(
            "billing_accounts",
            billing_account_id=account,
            provider="vend_kp",
            issuer="bill_p",
            currency="USD",
            cost_center="cc_b",
            entity="default",
        )
        for number, meter in enumerate(
            ("input_uncached", "output", "cache_read", "cache_write_5m", "cache_write_1h")
        ):
            sink.list_price("vend_kp", model, meter, str(10 + number))
    for number, month in enumerate(MONTHS[:7]):
        exact = ("0.02", "0.03", "2.00", "2.01", "25.00", "1.00", "-2.00")[number]
        for account, model in (("acct_kp", "p1"), ("acct_kq", "q1"), ("acct_kr", "r1")):
            head = {"provider": "vend_kp", "billing_account_id": account}
            sink.call(at(month, 10), model, 1_000_000, 0, cost_center=("cc_a", "cc_b")[number % 2], **head)
            quantity = 1_000_000 if account == "acct_kp" else 1_000_000 + int(Decimal(exact) * 100_000)
            line = {"line_type": "usage", "model": model, "meter": "input_uncached", "service_tier": "standard", "quantity": quantity,
                    "quantity_unit": "tokens", "amount": f"{10 + Decimal(exact):f}"}  # fmt: skip
            if account != "acct_kp":
                seen = quantity if account == "acct_kq" else 1_000_000
                sink.add("provider_usage", **head, line_id=sink.number("exq"), period_start=told(at(month, 10, 0)), period_end=told(at(month, 11, 0)),
                         model=model, meter="input_uncached", service_tier="standard", quantity=str(seen), quantity_unit="tokens", currency="USD")  # fmt: skip
            sink.invoice(
                f"P-{account}-{number}", "bill_p", head, "USD", month, at(following(month), 9), [line]
            )
            if number in (2, 4):
                sink.invoice(f"PC-{account}-{number}", "bill_p", head, "USD", month, at(following(month), 19),
                             [{"line_type": "credit", "amount": f"-{exact}", "model": model, "meter": "input_uncached"}, {"line_type": "credit", "amount": "-0.50", "model": model}],
                             reference_invoice_id=f"P-{account}-{number}")  # fmt: skip
        # What the last hours of a month hold is billed with the next.
        head = {"provider": "vend_kp", "billing_account_id": "acct_kl"}
        for tier, factor in (("standard", 1), ("batch", 2)):
            parts = {
                "cached_input_tokens": 20_000 * factor,
                "cache_write_5m_tokens": 30_000 * factor,
                "cache_write_1h_tokens": 40_000 * factor,
            }
            for moment, more in (
                (at(month, 5), 0),
                (at(following(month), 1, -24), 1000),
                (at(following(month), 1, -24) - TICK, 7),
                (at(following(month), 1, 0) - TICK, 500),
            ):
                sink.call(
                    moment,
                    "l1",
                    200_000 * factor + more,
                    10_000 * factor + more,
                    parts=parts,
                    service_tier=tier,
                    **head,
                )
        bill = []
        for place, (meter, whole) in enumerate(
            (
                ("input_uncached", 110_000),
                ("output", 10_000),
                ("cache_read", 20_000),
                ("cache_write_5m", 30_000),
                ("cache_write_1h", 40_000),
            )
        ):
            for tier, factor in (("standard", 1), ("batch", 2)):
                quantity = whole * factor * (4 if number else 2) + place
                bill.append({"line_type": "usage", "model": "l1", "meter": meter, "service_tier": tier, "quantity": quantity, "quantity_unit": "tokens",
                             "amount": f"{Decimal(quantity * (10 + place)) / 1_000_000:.2f}"})  # fmt: skip
        sink.invoice(f"L-{number}", "bill_p", head, "USD", month, at(following(month), 9), bill)


def chains(sink: Sink) -> None:
    """Fallbacks that all bear, in the wrong order of names; drivers on a step; targets named like pools."""
    sink.rule(
        "chain_0", "chain", 120, "proportional", driver="seats", scope="team", fallback_rule_id="chain_9"
    )
    for name, other, center, start, end in (
        ("chain_9", "chain_8", "cc_a", "2026-02-01", "2026-05-01"), ("chain_8", "chain_7", "cc_b", "2026-03-01", "2026-07-01"),
        ("chain_7", None, "cc_c", "2026-01-01", None),
    ):  # fmt: skip
        sink.rule(name, f"{name}_only", 121, "direct", valid_from=start, valid_to=end, fallback_rule_id=other)
        sink.weights(name, ("cost_center", center, "1"), valid_from=start, valid_to=end)
    for number, largest in enumerate(("1", "1000", "1000000")):
        sink.rule(f"edge_{number}", f"edge_{number}", 130 + number, "proportional", driver="seats")
        sink.weights(
            f"edge_{number}",
            ("cost_center", "cc_a", largest),
            ("cost_center", "cc_b", "0.123456789"),
            ("cost_center", "cc_c", "0.987654321"),
        )
    for center in ("network", "identity"):
        if center == "network":
            sink.put(
                "cost_centers",
                cost_center=center,
                name=center.upper(),
                parent_cost_center="business",
                entity="default",
            )
    for number, (method, start, end) in enumerate(
        (("reciprocal", "2026-01-01", "2026-04-01"), ("direct_service", "2026-04-01", None))
    ):
        dates = {"valid_from": start, "valid_to": end}
        for pool, other in (("relay", "vault"), ("vault", "relay")):
            sink.rule(f"{pool}_{method}", pool, 140, method, **dates)
            sink.weights(
                f"{pool}_{method}",
                ("cost_center", "network", "0.3"),
                ("cost_center", pool_center(pool), "0.2"),
                ("pool", other, "0.25"),
                **dates,
            )
            sink.weights(
                f"{pool}_{method}",
                ("team", "same", "0.25"),
                valid_from=start,
                valid_to="2026-02-01" if number == 0 else "2026-06-01",
            )
            if number == 0:
                sink.weights(
                    f"{pool}_{method}", ("tenant", "same", "0.25"), valid_from="2026-02-01", valid_to=end
                )
            else:
                sink.weights(f"{pool}_{method}", ("pool", "mixed", "0.25"), valid_from="2026-06-01")
    for number, month in enumerate(MONTHS[:7]):
        sink.share("chain", month, f"{11 + number}.5")
        for step in range(3):
            sink.share(f"edge_{step}", month, f"{123456 + number}.789")
        for place, environment in enumerate(("production", "staging")):
            sink.share("relay", month, f"{1000 + 17 * number + place}.25", environment=environment)
            sink.share("vault", month, f"{300 + 7 * number + place}.75", environment=environment)
        # Reserved capacity in words of every kind, used and not.
        for place, (unit, capacity) in enumerate(
            (
                ("1000 tokens", "900"),
                ("MTok", "1"),
                ("thousand tokens", "4000"),
                ("1k tokens", "9"),
                ("million", "0.5"),
                ("tokens", "0"),
            )
        ):
            sink.share("reserved", month, f"{50 + place}.{number}", environment=("production", "staging")[number % 2], billing_account_id=("acct_ke1", "acct_a2", None)[place % 3],
                       capacity_quantity=capacity, capacity_unit=unit)  # fmt: skip
    for number, driver in enumerate(("cost", "requests", "review_minutes", "units", "successful_units")):
        sink.rule(f"idle_{driver}", f"held_{driver}", 150, "idle", driver=driver, fallback_rule_id="chain_7")
        for month in MONTHS[:7]:
            sink.share(f"held_{driver}", month, "90.09", environment=("production", "staging")[number % 2], billing_account_id=(None, "acct_a", "acct_ke1")[month.month % 3],
                       capacity_quantity=f"{7 * (number + 1) * month.month}", capacity_unit=driver)  # fmt: skip


def pool_center(pool: str) -> str:
    """The cost center that is no namesake of a pool."""
    return {"relay": "cc_a", "vault": "cc_e"}[pool]


def rests(sink: Sink) -> None:
    """Costs of nothing, parts of nothing, halves of a minor unit; names and rates that are not the ones meant."""
    for month in MONTHS[:7]:
        sink.call(at(month, 24), "gift", 5000, 100, cost_center="deep")
        sink.call(
            at(max(month, MONTHS[1]), 24),
            "f0",
            1,
            0,
            billing_account_id="acct_kf",
            provider="vend_kf",
            environment="evaluation",
            cost_center="deep",
        )
        sink.charge(
            at(month, 24),
            "retrieval",
            "store",
            amount="0.005",
            currency="USD",
            environment="load_test",
            cost_center=("cc_a", "deep")[month.month % 2],
        )
        sink.share("licences", month, "0.005")
        sink.share("licences", month, "0.0005", currency="BHD")
        if month > MONTHS[0]:
            sink.share("licences", month, "0.00005", currency="CLF")
        sink.share("licences", month, "0.5", currency="JPY")
        for currency, rate in (("EUR", "0.86"), ("JPY", "0.0053"), ("BHD", "2.1"), ("CLF", "33")):
            for kind in ("spot", "invoice", "month_avg"):
                for day in {month, month + 3 * DAY, following(month) + 3 * DAY}:
                    rows = sink.world.policy["fx_rates"]
                    row = {
                        "currency_from": currency,
                        "currency_to": "GBP",
                        "rate_type": kind,
                        "rate_date": day,
                    }
                    if not any(row.items() <= other.items() for other in rows[-400:]):
                        sink.put("fx_rates", **row, rate=rate, is_carried=False, origin_date=day)
            sink.put(
                "fx_rates",
                currency_from=currency,
                currency_to="USD",
                rate_type="month_avg",
                rate=f"{rate}7",
                rate_date=month,
                is_carried=False,
                origin_date=month,
            )
        head = {"provider": "vend_ke", "billing_account_id": "acct_ke1"}
        sink.invoice(f"EUR-{month:%m}", "bill_e", head, "EUR", month, at(following(month), 12),
                     [{"line_type": "fee", "amount": "31.20"}, {"line_type": "usage", "model": "e1", "meter": "output", "service_tier": "standard", "amount": "4.40"}])  # fmt: skip
    sink.list_price("vend_kf", "f0", "input_uncached", "0.1", currency="CLF")
    for reported, model, start, end in (
        ("e-old", "e1", None, "2026-03-01T00:00:00"),
        ("e-old", "e2", "2026-03-01T00:00:00", None),
        ("e-new", "e2", None, None),
    ):
        sink.put("model_aliases", provider="vend_ke", reported_model=reported, model=model, price_provider="vend_ke", is_default_provider=True,
                 valid_from=start, valid_to=end, observed_on="2026-01-01")  # fmt: skip
    for month in MONTHS[:6]:
        head = {"provider": "vend_ke", "billing_account_id": "acct_ke3"}
        sink.call(at(month, 15), "e-old", 7000, 70, **head)
        sink.call(at(month, 15), "e-new", 9000, 90, **head)
        sink.invoice(f"OLD-{month:%m}", "bill_f", head, "USD", month, at(following(month), 5), [
            {"line_type": "usage", "model": "E-Old", "meter": "Output", "service_tier": "standard", "quantity": 70, "quantity_unit": "tokens", "amount": "0.40"},
            {"line_type": "usage", "model": None, "meter": "output", "service_tier": "standard", "quantity": 7, "quantity_unit": "tokens", "amount": "0.10"},
            {"line_type": "usage", "model": "e-new", "meter": None, "service_tier": "standard", "amount": "0.20"},
        ])  # fmt: skip
        sink.add("provider_usage", provider="vend_a", billing_account_id="acct_a", line_id=sink.number("exm"), period_start=told(at(month, 3, 0)),
                 period_end=told(at(month, 4, 0)), model="m1", meter="output", service_tier="standard", quantity="5", quantity_unit="tokens",
                 currency="USD", api_key_id="key_mute")  # fmt: skip
    sink.put("api_keys", api_key_id="key_mute", provider="vend_a", billing_account_id="acct_a", owner_type="team", owner_id="team_a", share="1",
             is_shared=True, valid_from="2026-01-01", valid_to=None)  # fmt: skip
    for start, end, team in (("2026-01-01", "2026-03-01", "team_a"), ("2026-03-01", "2026-06-01", "same")):
        for share, kind, owner in (("0.6", "team", team), ("0.4", "application", "same")):
            sink.put("api_keys", api_key_id="key_many", provider="vend_a", billing_account_id="acct_a", owner_type=kind, owner_id=owner, share=share,
                     is_shared=True, valid_from=start, valid_to=end)  # fmt: skip
    sink.rule(
        "many",
        "api_key:key_many",
        160,
        "gross_up",
        scope="cost_center",
        valid_from="2026-01-01",
        valid_to="2026-05-01",
    )
    for number, month in enumerate(MONTHS[:7]):
        for place in range(1 + number % 3):
            sink.call(at(month, 8 + place), "m1", 3000 + place, 30, api_key_id="key_many", environment=("production", "staging", "evaluation")[place],
                      **({"cost_center": "cc_c"} if (number + place) % 2 else {}))  # fmt: skip


def delivered_again(sink: Sink) -> None:
    """Records that come again: the same, another at the same time, and a bad one that would be the last."""
    for feed, field, value, bad in (
        ("shared_costs", "amount", "3.21", {"ingested_at": "2027-01-01T00:00:00Z"}), ("invoice_lines", "amount", "3.25", {"ingested_at": "2027-01-01T00:00:00Z"}),
        ("provider_usage", "amount", "1.125", {"ingested_at": "2027-01-01T00:00:00Z"}), ("tenant_revenue", "revenue_amount", "77.5", {"revenue_amount": "much"}),
    ):  # fmt: skip
        rows = [row for row in sink.world.feeds[feed] if isinstance(row, dict)]
        for number, row in enumerate(rows[7:420:41]):
            if row.get("currency") == "JPY" or (feed == "shared_costs" and row.get("capacity_quantity")):
                continue
            for _ in range(number % 3):
                sink.add(feed, **row)
            if number % 2:
                sink.add(feed, **row | {field: value})
                sink.add(feed, **row | {field: value})
                sink.add(feed, **row | {field: f"{value}1"})
            if number % 5 == 1:
                sink.add(feed, **row | bad)


def books(sink: Sink) -> None:
    accounts(sink)
    namesakes(sink)
    everywhere(sink)
    documents(sink)
    promises(sink)
    limits(sink)
    exports(sink)
    edges(sink)
    chains(sink)
    rests(sink)
    sink_papers.papers(sink)
    delivered_again(sink)
