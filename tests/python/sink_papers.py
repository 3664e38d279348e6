"""What the kitchen sink needs so that no mistake in paper and closes goes unseen: one thing differs, all else is alike.

Lots that end half used and lots that are all used at once; one number at two issuers, for two accounts and months;
lines that are told twice; unit prices in thousands and millions; owners who become known between two closes.
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
# The smallest amounts of currencies of 2, 0, 3 and 4 digits.
MINOR = {"USD": Decimal("0.01"), "JPY": Decimal(1), "BHD": Decimal("0.001"), "CLF": Decimal("0.0001")}


def told(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds") + "Z"


def at(month: date, day: int, hour: float = 9) -> datetime:
    return datetime(month.year, month.month, day) + timedelta(hours=hour)


def following(month: date) -> date:
    return (month + 32 * DAY).replace(day=1)


def account(sink: Sink, name: str, vendor: str, issuer: str, currency: str = "USD", **fields: Any) -> Row:
    """An account, with a model of its own at one unit of the currency a token."""
    row = {"billing_account_id": name, "provider": vendor, "issuer": issuer, "currency": currency}
    sink.put("billing_accounts", **row | {"cost_center": None, "entity": "default"} | fields)
    sink.list_price(vendor, f"by-{name}", "input_uncached", "1", per_quantity=1, currency=currency)
    return {"provider": vendor, "billing_account_id": name}


def numbered(bill: list[Row], prefix: object) -> list[Row]:
    """Lines with ids of their own, where one number has several documents."""
    return [line | {"invoice_line_id": f"{prefix}-{place}"} for place, line in enumerate(bill)]


def use(sink: Sink, head: Row, moment: datetime, tokens: int, **fields: Any) -> None:
    sink.call(moment, f"by-{head['billing_account_id']}", tokens, 0, **head, **fields)


def promise(
    sink: Sink,
    contract: str,
    head: Row,
    kind: str,
    amount: str,
    start: date,
    end: date,
    how: str = "straight_line",
    currency: str = "USD",
) -> None:
    sink.put(
        "commitments",
        contract_id=contract,
        kind=kind,
        amount=amount,
        currency=currency,
        period_start=start,
        period_end=end,
        accrual_method=how,
        **head,
    )


def lots(sink: Sink) -> None:
    """Lots that end half used, with use before and after; lots that are used up at once; losses that change."""
    for before in (0, 3, 6, 9):
        head = account(sink, f"acct_x{before}", "vend_x", "bill_x")
        for number in range(before):
            start = MONTHS[0] + number * DAY
            promise(sink, f"x{before}-{number}", head, "prepaid", f"{number + 1}", start, MONTHS[7], "fifo")
        for number, month in enumerate(MONTHS[1:7:2] if before else MONTHS[0:7:2]):
            promise(
                sink,
                f"x{before}-{before + number}",
                head,
                "prepaid",
                f"{100 + number}",
                month,
                following(month),
                "fifo",
            )
        for number, month in enumerate(MONTHS[:7]):
            use(sink, head, at(month, 3), (sum(range(before + 1)) if number == 0 else 0) + 30 + number)
    at_once = account(sink, "acct_xx", "vend_x", "bill_x")
    for number in range(12):
        start = MONTHS[0] + number * DAY
        promise(sink, f"xx-{number:02}", at_once, "prepaid", f"{number + 1}", start, MONTHS[6], "fifo")
    use(sink, at_once, at(MONTHS[0], 5), 70)
    use(sink, at_once, at(MONTHS[2], 5), 30)
    # A lot of all accounts of a vendor, one of them billed in another currency; a fee alone, before anything is used.
    for name, currency in (("acct_w1", "USD"), ("acct_w2", "USD"), ("acct_w3", "EUR")):
        head = account(sink, name, "vend_w", "bill_w", currency)
        for number, month in enumerate(MONTHS[1:5]):
            use(sink, head, at(month, 3), 4 + number)
    promise(
        sink,
        "wide",
        {"provider": "vend_w", "billing_account_id": None},
        "prepaid",
        "33",
        MONTHS[1],
        MONTHS[4],
        "fifo",
    )
    late, single = account(sink, "acct_x4", "vend_x", "bill_x"), account(sink, "acct_x5", "vend_x", "bill_x")
    promise(sink, "late", late, "prepaid", "40", MONTHS[1], MONTHS[6], "fifo")
    sink.invoice(
        "FEE", "bill_x", late, "USD", MONTHS[1], at(MONTHS[1], 26), [{"line_type": "fee", "amount": "2.25"}]
    )
    use(sink, late, at(MONTHS[3], 5), 7)
    # Lots of one unit, used up by one that is billed and drawn; credits that draw nothing.
    for number, month in enumerate(MONTHS[1:5]):
        if number < 3:
            promise(sink, f"single-{number}", single, "prepaid", "1", month, following(month), "fifo")
        sink.invoice(f"ONE-{number}", "bill_x", single, "USD", month, at(following(month), 3), [
            {"line_type": "usage", "model": "by-acct_x5", "meter": "input_uncached", "quantity": 1, "amount": "1"}, {"line_type": "credit", "amount": "-1"},
            {"line_type": "prepayment", "amount": "1.5", "charge_period_start": month}, {"line_type": "credit", "amount": "-0.25", "model": "by-acct_x5"}, {"line_type": "credit", "amount": "0.5"},
            {"line_type": "fee", "amount": "-0.3"}, {"line_type": "adjustment", "amount": "-0.7"},
        ])  # fmt: skip
        sink.invoice(
            f"ONE-C{number}",
            "bill_x",
            single,
            "USD",
            month,
            at(following(month), 4),
            [{"line_type": "credit", "amount": "-0.4"}],
            reference_invoice_id=f"ONE-{number}",
        )
    # The loss of a lot is known in fractions of the smallest unit; it is less once a late document bills its month.
    for currency, minor in MINOR.items():
        head = account(sink, f"acct_l{currency}", f"vend_l{currency}", "bill_l", currency)
        unbilled = account(sink, f"acct_u{currency}", f"vend_l{currency}", "bill_l", currency)
        promise(sink, f"loss-{currency}", head, "prepaid", "10", MONTHS[1], MONTHS[2], "fifo", currency)
        promise(
            sink, f"unbilled-{currency}", unbilled, "prepaid", "3", MONTHS[2], MONTHS[3], "fifo", currency
        )
        whole = account(sink, f"acct_o{currency}", f"vend_l{currency}", "bill_l", currency)
        promise(sink, f"one-{currency}", whole, "prepaid", "1", MONTHS[2], MONTHS[3], "fifo", currency)
        sink.invoice(
            f"WHOLE-{currency}",
            "bill_l",
            whole,
            currency,
            MONTHS[2],
            at(MONTHS[2], 10),
            [{"line_type": "prepayment", "amount": "1", "charge_period_start": MONTHS[2]}],
        )
        sink.invoice(f"BOUGHT-{currency}", "bill_l", head, currency, MONTHS[1], at(MONTHS[1], 10), [
            {"line_type": "prepayment", "amount": f"{10 + minor * 6 / 10:f}", "charge_period_start": MONTHS[1]}, {"line_type": "fee", "amount": f"{minor * 4 / 10:f}"},
        ])  # fmt: skip
        sink.invoice(
            f"ELSEWHERE-{currency}",
            "bill_k",
            head,
            "EUR",
            MONTHS[1],
            at(MONTHS[1], 10),
            [{"line_type": "prepayment", "amount": "5", "charge_period_start": MONTHS[1] + DAY}],
        )
        sink.invoice(f"USED-{currency}", "bill_l", head, currency, MONTHS[1], at(MONTHS[3], 20),
                     [{"line_type": "usage", "model": f"by-acct_l{currency}", "meter": "input_uncached", "amount": "3"}])  # fmt: skip


def minimums(sink: Sink) -> None:
    """Terms of one name and overlapping months; terms of a year, of a month, and to the second of a month."""
    first, second = (
        account(sink, "acct_m1", "vend_m", "bill_m"),
        account(sink, "acct_m2", "vend_m", "bill_m", entity="branch"),
    )
    euros = account(sink, "acct_m3", "vend_n", "bill_m", "EUR")
    for head, contract, amount, start, end, how in (
        (first, "overlap", "60", MONTHS[0], MONTHS[5], "straight_line"), (second, "overlap", "80", MONTHS[1], MONTHS[6], "straight_line"),
        (first, "year", "1200", MONTHS[1], date(2027, 2, 1), "straight_line"), (second, "month", "50", MONTHS[2], MONTHS[3], "straight_line"),
        (first, "second", "90", MONTHS[0], date(2026, 4, 2), "forecast_eac"), (second, "tie_b", "31", MONTHS[3], MONTHS[6], "straight_line"),
        (second, "tie_a", "33", MONTHS[3], MONTHS[6], "straight_line"), (euros, "euros", "77", MONTHS[0], MONTHS[4], "at_expiry"),
    ):  # fmt: skip
        promise(sink, contract, head, "minimum_spend", amount, start, end, how)
    promise(sink, "overlap", second, "prepaid", "5", MONTHS[0], date(2026, 8, 1), "fifo")
    promise(sink, "newest", first, "prepaid", "5", MONTHS[3], date(2026, 8, 1), "fifo")
    promise(sink, "newest", first, "minimum_spend", "5", MONTHS[3], date(2026, 8, 1), "at_expiry", "EUR")
    promise(
        sink,
        "whole",
        {"provider": "vend_m", "billing_account_id": None},
        "minimum_spend",
        "444",
        MONTHS[0],
        MONTHS[6],
    )
    for number, month in enumerate(MONTHS[:7]):
        use(sink, first, at(month, 3), 2 + number)
        use(sink, second, at(month, 3), 3 + 2 * number)
        use(sink, euros, at(month, 3), 4 + number)
    # Billed: with and without a service period, corrected, voided, in euros with fractions of a cent.
    for number, month in enumerate(MONTHS[:6]):
        for head, issuer, currency in (
            (first, "bill_m", "USD"),
            (second, "bill_m", "USD"),
            (euros, "bill_m", "EUR"),
            (second, "bill_o", "USD"),
        ):
            place = head["billing_account_id"][-1] + issuer[-1]
            spans = (
                {"charge_period_start": month, "charge_period_end": following(month)}
                if (number + int(place[0])) % 2
                else {}
            )
            bill: list[Row] = [
                {"line_type": "commitment", "amount": f"{5 + number}.37"} | spans, {"line_type": "commitment", "amount": "1.11"},
                {"line_type": "usage", "model": f"by-{head['billing_account_id']}", "meter": "input_uncached", "quantity": 2, "amount": f"{2 + number}.5"},
            ]  # fmt: skip
            known = at(following(month), 4)
            bill = numbered(bill, place)
            sink.invoice(f"MIN-{currency}-{number}", issuer, head, currency, month, known, bill)
            if number % 3 == 1:  # One line is another amount, and of an earlier term.
                changed = bill[0] | {
                    "amount": f"{number}.11",
                    "charge_period_start": MONTHS[0],
                    "charge_period_end": MONTHS[1],
                }
                sink.invoice(
                    f"MIN-{currency}-{number}",
                    issuer,
                    head,
                    currency,
                    month,
                    known + 35 * DAY,
                    [changed],
                    issued_on=known.date(),
                )
            if number == 2:
                sink.invoice(
                    f"MIN-{currency}-{number}",
                    issuer,
                    head,
                    currency,
                    month,
                    known + 65 * DAY,
                    bill,
                    issued_on=known.date(),
                    status="voided",
                )


def alike(sink: Sink) -> None:
    """One number at two issuers, for two accounts and two months, of one day; and issued anew on another."""
    heads = [
        account(sink, "acct_y1", "vend_y", "bill_y", cost_center="cc_a"),
        account(sink, "acct_y2", "vend_y", "bill_y", cost_center="cc_e", entity="branch"),
    ]
    for number, head in enumerate(heads):
        promise(sink, f"y-{number}", head, "prepaid", "400", MONTHS[0], MONTHS[6], "fifo")
        promise(sink, f"y-min-{number}", head, "minimum_spend", f"{3000 + number}", MONTHS[0], MONTHS[6])
        for place, month in enumerate(MONTHS[:6]):
            for day, tokens in ((1, 3), (10, 5), (12, 11), (13, 29), (20, 17), (27, 23)):
                use(
                    sink,
                    head,
                    at(month, day, place),
                    tokens + number + place,
                    cost_center=("cc_a", "cc_b", "deep")[(day + place) % 3],
                )
    issued = at(MONTHS[2], 6)
    count = 0
    for number in ("Y-1", "Y-2"):
        for issuer in ("bill_y", "bill_z"):
            for head in heads:
                for month in MONTHS[:2]:
                    count += 1
                    first, last = (
                        month + (count % 5 * 3) * DAY,
                        (following(month), following(month) + 12 * DAY, month + 19 * DAY)[count % 3],
                    )
                    sink.invoice(number, issuer, head, "USD", month, issued + count % 2 * 28 * DAY, numbered([
                        {"line_type": "usage", "model": f"by-{head['billing_account_id']}", "meter": "input_uncached", "quantity": 10 * count, "amount": f"{9 * count}.75",
                         "charge_period_start": first, "charge_period_end": last},
                        {"line_type": "credit", "amount": f"-{count}.5"}, {"line_type": "commitment", "amount": f"{count}.1"}, {"line_type": "fee", "amount": f"{count}.2"},
                        {"line_type": "tax", "amount": f"{count}.3"}, {"line_type": "prepayment", "amount": f"{count}.4", "charge_period_start": month},
                    ], count), issued_on=issued.date())  # fmt: skip
    # The first issue names other days and is voided a month later; the second stands from then on. Both are paid.
    for issuer, head in (("bill_y", heads[0]), ("bill_z", heads[1])):
        for day, known, first, last, status in (
            (at(MONTHS[2], 3), at(MONTHS[2], 3), 0, 14, "issued"), (at(MONTHS[3], 5), at(MONTHS[2], 30), 9, 40, "issued"),
            (at(MONTHS[2], 3), at(MONTHS[3], 5), 0, 14, "voided"),
        ):  # fmt: skip
            bill = [{"line_type": "usage", "model": "by-acct_y1", "meter": "input_uncached", "quantity": 30, "amount": "33.3",
                     "charge_period_start": MONTHS[1] + first * DAY, "charge_period_end": MONTHS[1] + last * DAY}, {"line_type": "commitment", "amount": "4.4"}]  # fmt: skip
            sink.invoice(
                "Y-3",
                issuer,
                head,
                "USD",
                MONTHS[1],
                known,
                [line | {"invoice_line_id": f"{day:%m}-{n}"} for n, line in enumerate(bill)],
                issued_on=day.date(),
                status=status,
            )
    # A replacement that is corrected to replace nothing; an invoice within its month, voided when it is over.
    bill = [
        {
            "line_type": "usage",
            "model": "by-acct_y1",
            "meter": "input_uncached",
            "quantity": 8,
            "amount": "8.25",
        }
    ]
    sink.invoice("Y-4", "bill_y", heads[0], "USD", MONTHS[3], at(MONTHS[4], 3), bill)
    sink.invoice(
        "Y-5", "bill_y", heads[0], "USD", MONTHS[3], at(MONTHS[5], 3), bill, reference_invoice_id="Y-4"
    )
    sink.invoice(
        "Y-5", "bill_y", heads[0], "USD", MONTHS[3], at(MONTHS[6], 3), bill, issued_on=at(MONTHS[5], 3).date()
    )
    for number, month in enumerate(MONTHS[3:6]):
        sink.invoice(
            f"Y-6-{number}",
            "bill_y",
            heads[1],
            "USD",
            month,
            at(month, 25),
            [{"line_type": "fee", "amount": f"6.{number}5"}, *bill],
        )
        if number:
            sink.invoice(
                f"Y-6-{number}",
                "bill_y",
                heads[1],
                "USD",
                month,
                at(following(month), 2, 30 * 24 * (number - 1)),
                bill,
                issued_on=at(month, 25).date(),
                status="voided",
            )
    # Days without an end, an end before the start, a line that begins where the month ends or ends where it begins.
    spans: tuple[tuple[date, date | None], ...] = (
        (MONTHS[4] + 4 * DAY, MONTHS[4] + 4 * DAY), (MONTHS[4] + 19 * DAY, MONTHS[4] + 2 * DAY), (MONTHS[5], MONTHS[5] + 4 * DAY), (MONTHS[4] - 9 * DAY, MONTHS[4]),
        (MONTHS[4] + 25 * DAY, None), (MONTHS[3] + 3 * DAY, None), (MONTHS[4] - DAY, MONTHS[4] + DAY),
    )  # fmt: skip
    for number, chosen in enumerate(((0, 1), (2,), (3,), (4,), (5,), (6,), (0, 6))):
        odd = account(sink, f"acct_o{number}", "vend_y", "bill_y")
        for day in range(1, 29, 3):
            use(sink, odd, at(MONTHS[4], day + number % 3, 1), day)
        lines = [{"line_type": ("usage", "fee")[number == 4 and n], "model": f"by-acct_o{number}", "meter": "input_uncached", "quantity": 3, "amount": f"{3 + number}.5", "charge_period_start": spans[place][0],
                  "charge_period_end": spans[place][1]} for n, place in enumerate(chosen)]  # fmt: skip
        sink.invoice(f"ODD-{number}", "bill_y", odd, "USD", MONTHS[4], at(MONTHS[5], 3 + number), lines)
        if number == 3:  # What is corrected names other days.
            changed = lines[0] | {"charge_period_start": MONTHS[4] + 8 * DAY, "invoice_line_id": "0"}
            sink.invoice(
                f"ODD-{number}",
                "bill_y",
                odd,
                "USD",
                MONTHS[4],
                at(MONTHS[6], 6),
                [changed],
                issued_on=at(MONTHS[5], 3 + number).date(),
            )
    # Use too small to weigh anything; a document that comes to nothing; one of a month that is to come, voided in it.
    tiny = account(sink, "acct_tiny", "vend_y", "bill_y")
    sink.list_price("vend_y", "tiny", "input_uncached", "0.0000002", per_quantity=1)
    promise(sink, "tiny", tiny, "prepaid", "9", MONTHS[1], MONTHS[3], "fifo")
    sink.call(at(MONTHS[1], 9), "tiny", 1, 0, **tiny)
    sink.invoice("TINY", "bill_y", tiny, "USD", MONTHS[1], at(MONTHS[2], 3), [
        {"line_type": "usage", "model": "tiny", "meter": "input_uncached", "quantity": 1, "amount": "2.5"}, {"line_type": "credit", "amount": "-1.5"},
    ])  # fmt: skip
    nothing = account(sink, "acct_nothing", "vend_y5", "bill_y", "EUR")
    sink.invoice("NOTHING", "bill_y", nothing, "EUR", MONTHS[1], at(MONTHS[2], 3), [
        {"line_type": "usage", "model": "n", "meter": "output", "amount": "5"}, {"line_type": "fee", "amount": "-5"},
    ])  # fmt: skip
    ahead = [
        {
            "line_type": "usage",
            "model": "by-acct_y2",
            "meter": "input_uncached",
            "quantity": 4,
            "amount": "4.44",
        }
    ]
    sink.invoice("AHEAD", "bill_y", heads[1], "USD", MONTHS[5], at(MONTHS[4], 20), ahead)
    sink.invoice(
        "AHEAD",
        "bill_y",
        heads[1],
        "USD",
        MONTHS[5],
        at(MONTHS[5], 10),
        ahead,
        issued_on=at(MONTHS[4], 20).date(),
        status="voided",
    )
    # A document replaces another only once a line of it that names none is corrected.
    names: Row = {"line_type": "usage", "model": "by-acct_y1", "meter": "input_uncached", "quantity": 1}
    sink.invoice("Y-11", "bill_y", heads[0], "USD", MONTHS[4], at(MONTHS[5], 3), [names | {"amount": "6.6"}])
    for known, amount, place in (
        (at(MONTHS[5], 4), "1", "0"),
        (at(MONTHS[5], 4), "-20", "1"),
        (at(MONTHS[6], 4), "20", "1"),
    ):
        more = {"reference_invoice_id": "Y-11"} if place == "0" else {}
        line = names | {"amount": amount, "invoice_line_id": place}
        sink.invoice(
            "Y-12",
            "bill_y",
            heads[0],
            "USD",
            MONTHS[4],
            known,
            [line | more],
            issued_on=at(MONTHS[5], 4).date(),
        )
    # Half a unit in each of two months that one document bills; days of an account that policy does not know.
    halves = account(sink, "acct_y4", "vend_y", "bill_y")
    sink.list_price("vend_y", "half-unit", "input_uncached", "0.5", per_quantity=1)
    for month in MONTHS[:2]:
        sink.call(at(month, 9), "half-unit", 1, 0, **halves)
    stranger = {"provider": "bill_s", "billing_account_id": "acct_stranger"}
    sink.list_price("bill_s", "by-acct_stranger", "input_uncached", "1", per_quantity=1)
    for day in (2, 14, 15, 20):
        use(sink, stranger, at(MONTHS[1], day), day)
    promise(
        sink,
        "another",
        {"provider": "another", "billing_account_id": None},
        "minimum_spend",
        "70",
        MONTHS[0],
        MONTHS[4],
    )
    for issuer, head, number, amount, last in (
        ("bill_y", halves, "HALVES", "10.01", MONTHS[2]),
        ("bill_s", stranger, "STRANGER", "40.4", MONTHS[0] + 45 * DAY),
    ):
        sink.invoice(number, issuer, head, "USD", MONTHS[0], at(MONTHS[2], 4), [{"line_type": "usage", "model": f"by-{head['billing_account_id']}", "meter": "input_uncached",
                     "quantity": 9, "amount": amount, "charge_period_start": MONTHS[0], "charge_period_end": last} | ({"provider": "another"} if issuer == "bill_s" else {})])  # fmt: skip
    # Paid: one number at two issuers and two rates, of a foreign issuer, of an unknown account; a huge payment.
    euro = account(sink, "acct_y5", "vend_y5", "bill_y", "EUR")
    sink.call(at(MONTHS[1], 4), "by-acct_y5", 1, 0, **euro)
    for known, day, status in (
        (at(MONTHS[2], 3), 3, "issued"),
        (at(MONTHS[3], 9), 9, "issued"),
        (at(MONTHS[3], 9), 3, "voided"),
    ):
        month = MONTHS[3] if day == 9 else MONTHS[2]
        sink.invoice("Y-7", "bill_y", euro, "EUR", MONTHS[1], known, [{"line_type": "usage", "model": "by-acct_y5", "meter": "input_uncached", "quantity": 1, "amount": "55.55",
                     "invoice_line_id": str(day)}], issued_on=at(month, day).date(), status=status)  # fmt: skip
    sink.invoice(
        "Y-8", "bill_y", euro, "EUR", MONTHS[2], at(MONTHS[3], 4), [{"line_type": "fee", "amount": "1"}]
    )
    for issuer, head, month in (("bill_y", heads[0], MONTHS[1]), ("bill_z", heads[1], MONTHS[4])):
        sink.invoice(
            "Y-9",
            issuer,
            head,
            "USD",
            month,
            at(following(month), 4),
            [{"line_type": "fee", "amount": "19.19"}],
        )
    # A document that was first told in euros; what stands is in dollars alone.
    for currency, known in (("EUR", at(MONTHS[2], 4)), ("USD", at(MONTHS[4], 4))):
        sink.invoice(
            "Y-10",
            "bill_y",
            heads[0],
            currency,
            MONTHS[1],
            known,
            [{"line_type": "fee", "amount": "70"}],
            issued_on=at(MONTHS[2], 4).date(),
        )
    for issuer, number, currency, amount, day in (
        ("bill_y", "Y-9", "USD", "19.19", MONTHS[6]), ("bill_z", "Y-9", "USD", "19.18", MONTHS[6]), ("bill_y", "Y-7", "EUR", "55.5", MONTHS[5]),
        ("bill_y", "Y-8", "EUR", "40000000000.01", MONTHS[5]), ("bill_s", "STRANGER", "USD", "40.4", MONTHS[4]), ("bill_z", "Y-3", "USD", "1", MONTHS[5]),
        ("bill_z", "Y-1", "USD", "2", MONTHS[5]), ("bill_y", "Y-1", "EUR", "2.5", MONTHS[5]), ("bill_y", "Y-1", "USD", "3", MONTHS[5] + DAY),
    ):  # fmt: skip
        sink.put(
            "invoice_settlements",
            issuer=issuer,
            invoice_id=number,
            settled_on=day,
            amount=amount,
            currency=currency,
            prepared_by="p",
            approved_by="q",
        )


def told_twice(sink: Sink) -> None:
    """The same line twice in a document, with and without a model and a meter, and credits that may settle it."""
    head = account(sink, "acct_t1", "vend_t", "bill_t")
    other = account(sink, "acct_t2", "vend_t", "bill_t")
    line: Row = {
        "line_type": "usage",
        "model": "by-acct_t1",
        "meter": "input_uncached",
        "service_tier": "standard",
        "quantity": 4,
        "amount": "4.5",
    }
    for number, (changes, times, credit) in enumerate((
        ({}, 2, {"amount": "-4.5"}), ({}, 3, {"amount": "-4.5"}), ({"model": None}, 2, {"amount": "-1.25", "model": "other"}), ({"meter": None}, 2, None), ({"amount": "0"}, 2, None),
        ({"amount": "1"}, 2, {"amount": "-1", "model": "by-acct_t1", "meter": "output"}), ({"line_type": "fee", "model": None, "meter": None}, 2, None),
        ({"model": None, "meter": None}, 2, {"amount": "-0.5", "meter": "output"}), ({"amount": "-4.5"}, 2, None), ({}, 2, {"amount": "-2", "model": "other", "meter": "input_uncached"}),
        ({}, 2, {"amount": "-2.5", "meter": "input_uncached"}), ({}, 2, {"amount": "2.5", "line_type": "adjustment", "meter": "input_uncached"}),
        ({}, 2, {"amount": "-2.5", "line_type": "adjustment"}), ({}, 2, {"amount": "-2.5", "line_type": "fee"}), ({}, 2, {"amount": "-0.9", "line_type": "adjustment", "meter": "input_uncached"}),
    )):  # fmt: skip
        month = MONTHS[number % 6]
        known = at(following(month), 3 + number)
        sink.invoice(f"T-{number}", "bill_t", head, "USD", month, known, [line | changes] * times)
        for whose, who in ((head, "bill_t"), (other, "bill_t"), (head, "bill_u")):
            if credit and (number < 2 or (whose is head and who == "bill_t")):
                more = (
                    {}
                    if credit.get("line_type") == "adjustment" and number == 14
                    else {"reference_invoice_id": f"T-{number}"}
                )
                target = f"T-{number}" if not more else f"TC-{number}"
                sink.invoice(
                    target,
                    who,
                    whose,
                    "USD",
                    month,
                    known + DAY,
                    [{"line_type": "credit", "invoice_line_id": "9" if whose is head else "8"} | credit],
                    issued_on=known.date() if not more else (known + DAY).date(),
                    **more,
                )
        if number in (3, 4):  # What does not count any more bills nothing twice.
            sink.invoice(
                f"TV-{number}",
                "bill_t",
                head,
                "USD",
                month,
                known,
                [line] * 2,
                status=("draft", "voided")[number == 4],
            )
    for number, month in enumerate(MONTHS[:6]):
        use(sink, head, at(month, 3), 8 + number)


def priced(sink: Sink) -> None:
    """Unit prices of one, of a thousand and of a million, on the bounds of where they fit, in each kind of currency."""
    for currency, minor in MINOR.items():
        head = account(sink, f"acct_p{currency}", f"vend_p{currency}", "bill_pr", currency)
        for number, month in enumerate(MONTHS[1:5]):
            bill: list[Row] = []
            for scale in (1, 1000, 1_000_000):
                # Posted it is the amount; a tenth above and below, and just beyond; two digits more than are posted.
                for amount, exact in ((minor, minor * Decimal("1.44")), (minor, minor * Decimal("0.5")), (10 * minor, 9 * minor), (10 * minor, 11 * minor), (1000 * minor, 1100 * minor),
                                      (1000 * minor, 900 * minor), (1000 * minor, 899 * minor), (-1000 * minor, -900 * minor), (1000 * minor, 1000 * minor + minor), (1000 * minor, 1000 * minor - minor),
                                      (1000 * minor, 1000 * minor + minor * Decimal("0.99")), (Decimal(0), minor / 100), (7 * minor, Decimal("7.04") * minor), (minor, minor * Decimal("0.44"))):  # fmt: skip
                    price = exact * scale
                    bill.append({"line_type": "usage", "model": f"by-{head['billing_account_id']}", "meter": "input_uncached", "quantity": 1, "amount": f"{amount:f}", "unit_price": f"{price:f}",
                                 "description": f"{scale} {amount} {exact}"})  # fmt: skip
            wanted = (
                bill[number::4]
                + [
                    {
                        "line_type": "usage",
                        "model": f"by-{head['billing_account_id']}",
                        "meter": "input_uncached",
                        "quantity": 3,
                        "amount": "2500000",
                        "unit_price": "1000000",
                    }
                ][: number % 2]
            )
            sink.invoice(
                f"P-{currency}-{number}", "bill_pr", head, currency, month, at(following(month), 3), wanted
            )
            use(sink, head, at(month, 3), 9 + number)


def annex(sink: Sink) -> None:
    """An entity whose books begin in March and are all closed; equal rests of three layers in them."""
    for name in ("annex_a", "annex_b"):
        sink.put("cost_centers", cost_center=name, name=name.upper(), parent_cost_center=None, entity="annex")
    for period, closed in (("2026-03", "2026-04-10T00:00:00"), ("2026-04", "2026-05-10T00:00:00")):
        sink.put(
            "periods",
            period=period,
            entity="annex",
            closed_at=closed,
            closed_by="p",
            approved_by="q",
            expected_total=None,
            reopened_at=None,
        )
    for number, month in enumerate(MONTHS[:5]):
        for known in (None, at(MONTHS[2], 28), at(MONTHS[4], 12), at(MONTHS[5], 25)):
            if known is None or known.date() > following(month):
                sink.call(at(month, 12), "m1", 1000 + number, 10, cost_center="annex_a", known=known)
        layers = ("retrieval", "platform", "security_compliance", "evaluation")
        for place, layer in enumerate(layers[: 2 + number % 3]):
            for center in ("annex_a", "annex_b")[: 1 + number % 2]:
                sink.charge(
                    at(month, 13),
                    layer,
                    "ends",
                    amount=("0.005", "0.015")[place == 3],
                    currency="USD",
                    cost_center=center,
                )
    # Charges of two instants alike, of no price, and replaced between closes and in their instants.
    moments = [
        datetime(2026, 3, 5, 17),
        datetime(2026, 3, 10, 8),
        datetime(2026, 3, 12, 17),
        datetime(2026, 4, 6, 17),
        datetime(2026, 5, 5, 17),
    ]
    for number, known in enumerate((at(MONTHS[0], 20), datetime(2026, 2, 5), *moments)):
        for place, replaced in enumerate(
            (*moments, *(moment + DAY for moment in moments), *(moment - TICK for moment in moments[:2]))
        ):
            if replaced <= known:
                continue
            for twin in range(2 if number == place else 1):
                name = f"re-{number}-{place}-{twin}"
                row = {
                    "charge_id": name,
                    "occurred_at": told(at(MONTHS[0], 20)),
                    "layer": "data_licence" if number == 2 and place == 3 else "retrieval",
                    "environment": "production",
                    "cost_center": ("cc_a", "annex_a")[place % 2],
                }
                price: Row = (
                    {"service": "unpriced", "quantity": "1", "quantity_unit": "scan"}
                    if number == 2 and place == 3
                    else {"service": "fee", "amount": f"{10 + number}.{place:02}", "currency": "USD"}
                )
                sink.add("metered_costs", **row | price, ingested_at=told(known))
                sink.add(
                    "metered_costs",
                    **row | {"service": "fee", "amount": "1.75", "currency": "USD"},
                    ingested_at=told(replaced),
                )
    for number, (amount, known) in enumerate(
        (
            ("41.5", "2026-03-05T17:00:00"),
            ("0.0000005", "2026-03-10T08:00:00"),
            ("7.123456789012", "2026-03-12T17:00:00"),
            ("1000000.0000015", "2026-04-06T17:00:00"),
        )
    ):
        sink.put("manual_adjustments", adjustment_id=f"edge-{number}", period="2026-01", entity=("default", "annex")[number % 2], layer="platform", amount=amount, currency="USD", reason="r",
                 prepared_by="p", approved_by="q", recorded_at=known)  # fmt: skip


def named_by_fact(sink: Sink, unit: Row, moment: datetime, known: datetime | None, **said: Any) -> None:
    more = {"ingested_at": told(known)} if known else {}
    row = {"event_id": sink.number("late"), "event_type": "opened", "occurred_at": told(moment)}
    sink.add("unit_events", **unit, **row, environment="production", **said, **more)


def named_by_call(sink: Sink, unit: Row, moment: datetime, known: datetime | None, **said: Any) -> None:
    sink.call(moment, "m1", 700, 7, known=known, business_unit=unit, **said)


def owners(sink: Sink) -> None:
    """Reviews of a closed month whose units' owners became known in parts: by facts, by calls, around closes."""
    names: dict[str, tuple[str, str, str]] = {
        "application": ("app_1", "same", "app_0"), "workflow": ("flow_1", "same", "flow_2"), "agent_id": ("agent_0", "same", "agent_1"), "team": ("team_a", "team_c", "team_b"),
        "cost_center": ("cc_b", "cc_e", "cc_a"),
    }  # fmt: skip
    closes = (
        datetime(2026, 2, 5),
        datetime(2026, 3, 5, 17),
        datetime(2026, 3, 10, 8),
        datetime(2026, 4, 6, 17),
    )
    count = 0
    for kind, (one, two, three) in names.items():
        for shape in range(6):
            count += 1
            unit = {"unit_type": "kind_2", "unit_id": f"late-{kind}-{shape}"}
            start = at(MONTHS[0], 5 + shape, count % 20)

            said, also = (named_by_fact, named_by_call) if shape % 2 else (named_by_call, named_by_fact)
            said(sink, unit, start, None, **{kind: two})
            if shape in (0, 1, 4):
                said(sink, unit, start + HOUR, None, **{kind: one})
            if shape in (2, 3):
                also(sink, unit, start + HOUR, closes[1] + DAY, **{kind: three})
            said(sink, unit, start + 2 * HOUR, closes[1 + shape % 3] + (shape % 2) * TICK, **{kind: three})
            if shape == 5:
                named_by_fact(sink, unit, closes[2], datetime(2026, 1, 20), **{kind: one})
            for place, known in enumerate((None, closes[0], closes[1], closes[2] - TICK)):
                review = {"review_id": f"late-{kind}-{shape}-{place}", "reviewer_role": "clerk", "reviewer_id": "r9", "environment": "production", **unit, "started_at": told(start + 3 * HOUR + place * HOUR),
                          "minutes": f"{5 + count}", "team": (None, "team_b")[place % 2]}  # fmt: skip
                known_so = {"ingested_at": told(known)} if known else {}
                sink.add("human_reviews", **review, **known_so)
                if (shape + place) % 3 == 0:
                    sink.add(
                        "human_reviews",
                        **review | {"minutes": "2.5"},
                        ingested_at=told(closes[3] + ((shape + place) % 2) * TICK),
                    )
                if shape == 2 and place == 0:  # Alike but for its name, and of a unit that nobody else names.
                    sink.add("human_reviews", **review | {"review_id": f"twin-{kind}"})
                    alone = review | {
                        "review_id": f"alone-{kind}",
                        "unit_id": f"alone-{kind}",
                        "team": "team_b",
                    }
                    sink.add("human_reviews", **alone)
                    sink.add("human_reviews", **alone | {"minutes": "1.5"}, ingested_at=told(closes[1]))


def month_ends(sink: Sink) -> None:
    """Use of each meter in the last day of a month that lacks more than that, before a month that has too much."""
    known, other = (
        account(sink, "acct_e1", "vend_e", "bill_e9"),
        {"provider": "vend_e2", "billing_account_id": "acct_e2"},
    )
    wrong = {"provider": "vend_e2", "billing_account_id": "acct_e1"}
    meters = {
        "input_uncached": "2",
        "output": "3",
        "cache_read": "1",
        "cache_write_5m": "4",
        "cache_write_1h": "5",
        "cache_write_unknown": "6",
        "web_search": "7",
        "embedding_input": "1.5",
    }
    for vendor in ("vend_e", "vend_e2"):
        for model in ("end_a", "end_b"):
            for meter, price in meters.items():
                sink.list_price(
                    vendor, model, meter, f"{price}{'1' if model == 'end_b' else ''}", per_quantity=1000
                )
        for model, start, end in (
            ("end_a", None, "2026-03-31T12:00:00"),
            ("end_b", "2026-03-31T12:00:00", None),
        ):
            sink.put("model_aliases", provider=vendor, reported_model="end-name", model=model, price_provider=vendor, is_default_provider=True, valid_from=start, valid_to=end, observed_on="2026-01-01")  # fmt: skip
    for head, issuer in ((known, "bill_e9"), (other, "vend_e2"), (wrong, "vend_e2")):
        for month in MONTHS[1:4]:
            first = datetime(month.year, month.month, 1)
            for name in ("end_a", "end_b", "end-name"):
                parts = {
                    "cached_input_tokens": 300,
                    "cache_write_5m_tokens": 200,
                    "cache_write_1h_tokens": 100,
                }
                for moment, size in (
                    (first + 9 * DAY, 40),
                    (first + 30 * HOUR, 3),
                    (first - 20 * HOUR, 1),
                    (first - 12 * HOUR, 2),
                    (first - TICK, 1),
                ):
                    if moment > datetime(2026, 1, 2):
                        some = {key: value * size for key, value in parts.items()}
                        sink.call(
                            moment,
                            name,
                            1000 * size,
                            1 if size == 1 else 50 * size,
                            parts=some,
                            extra={"web_searches": size},
                            **head,
                        )
                        sink.call(moment, name, 7 * size, size, **head)
                        sink.call(
                            moment,
                            name,
                            1,
                            1,
                            parts={"cached_input_tokens": 1},
                            endpoint="embeddings",
                            **head,
                        )
                        sink.call(moment, name, 11 * size, 0, endpoint="embeddings", **head)
            bill = [
                {"line_type": "usage", "model": model, "meter": meter, "service_tier": "standard", "quantity": (40_000, 1, 90_000)[month.month - 2] + place, "amount": f"{70 + place}.5"}
                for model in ("end_a", "end_b") for place, meter in enumerate(meters)
            ]  # fmt: skip
            sink.invoice(
                f"END-{issuer}-{head['billing_account_id']}-{month:%m}",
                issuer,
                head,
                "USD",
                month,
                at(following(month), 5),
                bill,
            )


def exported(sink: Sink) -> None:
    """Exports in every word for a quantity, of unknown accounts, without a currency, a meter or an amount."""
    own = account(sink, "acct_q1", "vend_q", "bill_q", "EUR")
    stranger, wrong = (
        {"provider": "vend_q2", "billing_account_id": "acct_q2"},
        {"provider": "vend_q2", "billing_account_id": "acct_q1"},
    )
    words = (
        "1000000 tokens",
        "1M tokens",
        "MTok",
        "million tokens",
        "1000 tokens",
        "1K tokens",
        "KTok",
        "thousand tokens",
        "tokens",
        None,
    )
    for name in ("q-one", "q-two"):
        sink.put("model_aliases", provider="vend_q", reported_model=name, model=name.replace("-", "_"), price_provider="vend_q", is_default_provider=True, valid_from=None, valid_to=None,
                 observed_on="2026-01-01")  # fmt: skip
    for month in MONTHS[:4]:
        for head in (own, stranger, wrong):
            said = head | {
                "period_start": told(at(month, 7, 0)),
                "period_end": told(at(month, 8, 0)),
                "service_tier": "standard",
            }
            for number, word in enumerate(words):
                sink.add(
                    "provider_usage",
                    **said,
                    line_id=sink.number("exw"),
                    model=f"w{number}",
                    meter="output",
                    quantity="3",
                    quantity_unit=word,
                )
            for number, (meter, quantity, amount, currency) in enumerate((
                ("output", "1", None, "EUR"), ("request", "5", None, "EUR"), ("credit", "5", None, "EUR"), (None, "7", None, None), ("fee", None, "1", "EUR"), ("credit", None, "-1", "EUR"),
                ("request", "5", "2.5", "EUR"), (None, None, "1", "USD"), ("output", "0", "0", "EUR"), ("output", None, "1", "EUR"),
            )):  # fmt: skip
                sink.add("provider_usage", **said, line_id=sink.number("exw"), model=(None, "q-one", "q-two", "Q-Two")[number % 4], meter=meter, quantity=quantity, quantity_unit="tokens",
                         amount=amount, currency=currency)  # fmt: skip
        for head, issuer, currency in (
            (own, "bill_q", "EUR"),
            (stranger, "vend_q2", "EUR"),
            (stranger, "vend_q2", "USD"),
            (own, "vend_q2", "EUR"),
        ):
            sink.invoice(f"Q-{head['billing_account_id']}-{currency}-{month:%m}", issuer, head, currency, month, at(following(month), 5), [
                {"line_type": "usage", "model": "w0", "meter": "output", "quantity": 3_000_000, "amount": "30"}, {"line_type": "usage", "model": "q-two", "meter": "output", "quantity": 2, "amount": "1"},
            ])  # fmt: skip
        for head, tokens in ((own, 1), (stranger, 3)):
            sink.call(at(month, 9), "by-acct_q1", tokens, 0, **head)
        sink.call(at(month, 10), "m1", 1000, 10, **wrong)
    # A key in one tier and one record only; use that is free, in a foreign currency.
    free = account(sink, "acct_q3", "vend_q3", "bill_q", "EUR")
    sink.list_price("vend_q3", "nothing", "output", "0", is_free=True, currency="EUR")
    for month in MONTHS[:3]:
        sink.call(at(month, 9), "nothing", 0, 1000, **free)
        sink.invoice(
            f"FREE-{month:%m}",
            "bill_q",
            free,
            "EUR",
            month,
            at(following(month), 5),
            [{"line_type": "usage", "model": "nothing", "meter": "output", "quantity": 1000, "amount": "1"}],
        )


def claimed(sink: Sink) -> None:
    """Equal claims; credits that equal one of several, are less than the largest, or name a part of what is claimed."""
    head = account(sink, "acct_c1", "vend_c1", "bill_c1")
    other = account(sink, "acct_c2", "vend_c1", "bill_c1")
    lines = [
        {"line_type": "usage", "model": model, "meter": meter, "service_tier": tier, "quantity": 10, "amount": amount}
        for model, meter, tier, amount in (
            ("a", "output", "standard", "5"), ("a", "output", "batch", "3"), ("a", "output", "priority", "3"), ("a", "cache_read", "standard", "3"), ("a", "input_uncached", "standard", "0.5"),
            ("b", "output", "standard", "3"), ("b", "output", "batch", "5"), ("b", "cache_read", "batch", "7"), ("c", "output", "flex", "3"), ("a", "web_search", "standard", "-2"),
        )
    ]  # fmt: skip
    given_back: tuple[tuple[dict[str, str], ...], ...] = (
        ({"amount": "-3", "model": "a", "meter": "output"},), ({"amount": "-4", "model": "a", "meter": "output"},), ({"amount": "-3", "model": "a"},), ({"amount": "-4", "model": "a"},),
        ({"amount": "-3"},), ({"amount": "-6"},), ({"amount": "-3", "meter": "output"},), ({"amount": "-7.5", "model": "b"}, {"amount": "-1", "model": "a", "meter": "output"}, {"amount": "-20"}),
        ({"amount": "-0.5"},), ({"amount": "-100"},), ({"amount": "-9", "model": "b"}, {"amount": "-9", "model": "a"}), ({"amount": "-5", "model": "a", "meter": "output"}, {"amount": "-5"}),
    )  # fmt: skip
    for number, given in enumerate(given_back):
        for turn, whose in enumerate((head, other)):
            month = MONTHS[number % 6]
            account_head = (
                account(sink, f"acct_c{number + 3}", "vend_c1", "bill_c1")
                if not turn and number > 5
                else whose
            )
            known = at(following(month), 4 + number)
            bill = (
                lines
                if not turn
                else [line | {"amount": f"{Decimal(str(line['amount'])) + 1}"} for line in lines[::2]]
            )
            sink.invoice(f"C-{number}-{turn}", "bill_c1", account_head, "USD", month, known, bill)
            sink.invoice(
                f"CC-{number}-{turn}",
                "bill_c1",
                account_head,
                "USD",
                month,
                known + DAY,
                [{"line_type": "credit"} | line for line in given],
                reference_invoice_id=f"C-{number}-{turn}",
            )
    # A price that is too high and a quantity that is, by the same amount; a whole invoice without models or meters.
    both = account(sink, "acct_c20", "vend_c1", "bill_c1")
    for number, month in enumerate(MONTHS[:6]):
        use(sink, both, at(month, 4), 10)
        sink.add("provider_usage", **both, line_id=sink.number("exc"), period_start=told(at(month, 4, 0)), period_end=told(at(month, 5, 0)), model="by-acct_c20", meter="input_uncached",
                 service_tier="standard", quantity="15", quantity_unit="tokens", currency="USD")  # fmt: skip
        named = {"model": "by-acct_c20", "meter": "input_uncached", "service_tier": "standard"}
        changes = (
            {},
            {"model": None},
            {"meter": None},
            {"model": None, "meter": None},
            {},
            {"service_tier": None},
        )[number]
        sink.invoice(
            f"B-{number}",
            "bill_c1",
            both,
            "USD",
            month,
            at(following(month), 4),
            [
                {"line_type": "usage", "quantity": (15, 15, 15, 15, 1, 3)[number], "amount": "20"}
                | named
                | changes
            ],
        )
        sink.invoice(f"BC-{number}", "bill_c1", both, "USD", month, at(following(month), 5), [{"line_type": "credit", "amount": "-5"} | ({"meter": "input_uncached"} if number % 2 else {})],
                     reference_invoice_id=f"B-{number}")  # fmt: skip


def grained(sink: Sink) -> None:
    """One line without a model, a meter or a tier, beside documents out of force that name them; one record only."""
    for number in range(8):
        name = f"acct_g{number}"
        currency = ("USD", "EUR")[number in (5, 6)]
        head = account(sink, name, "vend_g", "bill_g", currency)
        plain: Row = {
            "line_type": "usage",
            "model": f"by-{name}",
            "meter": "input_uncached",
            "service_tier": "standard",
            "quantity": 4,
            "amount": f"{4 + number}",
        }
        for place, month in enumerate(MONTHS[:3]):
            changes: Row = (
                {"model": None},
                {"meter": None},
                {"service_tier": "batch"},
                {"model": None, "meter": None},
                {},
                {},
                {},
                {},
            )[number]
            # Billed in the other currency, with one estimate, one line, or both twice.
            billed = "USD" if number in (4, 5) else currency
            for copy in range(1 + (place == 2)):
                use(
                    sink,
                    head,
                    at(month, 5, copy),
                    4,
                    **({"service_tier": ("batch", "flex")[copy]} if number in (2, 7) and place == 1 else {}),
                )
            if number == 4 and place == 0:
                sink.call(at(month, 6), "by-acct_g5", 3, 0, **head)
            if number != 6:
                sink.invoice(
                    f"G-{number}-{place}",
                    "bill_g",
                    head,
                    billed,
                    month,
                    at(following(month), 5),
                    [plain | changes] * (1 + (place == 2)),
                )
            if number in (0, 1, 3, 7):
                known = at(following(month), 6)
                for status, moment in (("issued", known), ("voided", known + HOUR)):
                    sink.invoice(
                        f"GV-{number}-{place}",
                        "bill_g",
                        head,
                        billed,
                        month,
                        moment,
                        [
                            plain | {"service_tier": "batch"},
                            {"line_type": "fee", "model": "x", "amount": "1"},
                        ],
                        issued_on=known.date(),
                        status=status,
                    )
            if number == 6:
                sink.invoice(
                    f"G-{number}-{place}",
                    "bill_g",
                    head,
                    billed,
                    month,
                    at(following(month), 5),
                    [{"line_type": "fee", "amount": "2"}],
                )
            if number in (3, 4) and place == 0:
                sink.add("provider_usage", **head, line_id=sink.number("exg"), period_start=told(at(month, 4, 0)), period_end=told(at(month, 5, 0)), model=f"by-{name}", meter="input_uncached",
                         service_tier="standard", quantity="4", quantity_unit="tokens", currency=currency)  # fmt: skip
    # Documents of nothing, of a half and of one: alike, referring to what is not here, replacing what is.
    head = account(sink, "acct_g9", "vend_g", "bill_g")
    line: Row = {"line_type": "usage", "model": "by-acct_g9", "meter": "input_uncached", "quantity": 1}
    for number, (kind, amount, more) in enumerate((
        ("usage", "0", {}), ("usage", "1", {}), ("usage", "0.5", {}), ("fee", "0", {}), ("fee", "-0.5", {}), ("usage", "0", {"reference_invoice_id": "HERE"}), ("usage", "0.5", {"reference_invoice_id": "HERE"}),
        ("usage", "-0.5", {"reference_invoice_id": "HERE"}), ("fee", "2", {"reference_invoice_id": "HERE"}), ("fee", "3", {"reference_invoice_id": "GONE"}), ("fee", "3", {"reference_invoice_id": "GONE", "status": "draft"}),
        ("usage", "7", {"status": "draft"}), ("usage", "8", {"reference_invoice_id": "HERE", "status": "draft"}),
    )):  # fmt: skip
        for place, month in enumerate(MONTHS[:2] if number % 2 else MONTHS[2:4]):
            known = at(following(month), 5, number)
            said = {
                key: (value if value != "HERE" else f"HERE-{number}-{place}") for key, value in more.items()
            }
            if "HERE" in more.values():
                sink.invoice(
                    f"HERE-{number}-{place}",
                    "bill_g",
                    head,
                    "USD",
                    month,
                    known,
                    [line | {"amount": f"{11 + number}"}],
                )
            for twin in range(2 - place):
                sink.invoice(
                    f"G9-{number}-{place}-{twin}",
                    "bill_g",
                    head,
                    "USD",
                    month,
                    known + DAY,
                    [line | {"line_type": kind, "amount": amount}],
                    **said,
                )


def leftovers(sink: Sink) -> None:
    """What is taken back while lots are drawn; averages of two months; names and months outside of policy."""
    drawn = account(sink, "acct_v1", "vend_v", "bill_v")
    for contract, face, paid, start in (
        ("v-cheap", "3", "3", MONTHS[1]),
        ("v-dear", "10", "20", MONTHS[1] + DAY),
    ):
        promise(sink, contract, drawn, "prepaid", face, start, MONTHS[6], "fifo")
        sink.invoice(
            f"{contract}-paid",
            "bill_v",
            drawn,
            "USD",
            MONTHS[1],
            at(MONTHS[1], 9),
            [{"line_type": "prepayment", "amount": paid, "charge_period_start": start}],
        )
    for number, day, status in (
        ("V-1", at(MONTHS[2], 3), "issued"),
        ("V-1", at(MONTHS[3], 6), "voided"),
        ("V-2", at(MONTHS[3], 8), "issued"),
    ):
        amount = 4 if number == "V-1" else 3
        bill: list[Row] = [
            {
                "line_type": "usage",
                "model": "by-acct_v1",
                "meter": "input_uncached",
                "quantity": amount,
                "amount": f"{amount}",
            },
            {"line_type": "credit", "amount": f"-{amount}"},
        ]
        sink.invoice(
            number,
            "bill_v",
            drawn,
            "USD",
            MONTHS[1],
            day,
            bill,
            status=status,
            issued_on=(at(MONTHS[2], 3) if number == "V-1" else day).date(),
        )
    average = account(sink, "acct_v2", "vend_v", "bill_v")
    for number, (paid, month) in enumerate((("10", MONTHS[0]), ("12", MONTHS[1]))):
        promise(sink, f"v-average-{number}", average, "prepaid", "10", month, MONTHS[6], "wac")
        sink.invoice(
            f"V-AVG-{number}",
            "bill_v",
            average,
            "USD",
            month,
            at(month, 9),
            [{"line_type": "prepayment", "amount": paid, "charge_period_start": month}],
        )
        use(sink, average, at(month, 20), 7)
    promise(
        sink,
        "wide_b",
        {"provider": "vend_w", "billing_account_id": None},
        "prepaid",
        "5",
        MONTHS[1],
        MONTHS[5],
        "fifo",
    )
    # Units of a type without a rule and of an unknown environment, whose owner becomes known late.
    for kind, environment in (("kind_9", "production"), ("kind_0", "lab")):
        unit = {"unit_type": kind, "unit_id": f"odd-{kind}"}
        for known, center in ((None, "cc_b"), (datetime(2026, 3, 8), "cc_a")):
            more = {"ingested_at": told(known)} if known else {}
            row = {
                "event_id": sink.number("odd"),
                "event_type": "opened",
                "occurred_at": told(at(MONTHS[0], 8, 1 if known else 0)),
            }
            sink.add("unit_events", **unit, **row, environment=environment, cost_center=center, **more)
        sink.add(
            "human_reviews",
            **unit,
            review_id=f"odd-{kind}",
            reviewer_role="clerk",
            reviewer_id="r9",
            environment=environment,
            started_at=told(at(MONTHS[0], 9)),
            minutes="11",
        )
    # A document in a currency of which no average is known, that comes to nothing.
    day = date(2025, 12, 20)
    while day <= date(2026, 8, 23):
        for kind in ("spot", "invoice"):
            sink.put(
                "fx_rates",
                currency_from="CHF",
                currency_to="USD",
                rate_type=kind,
                rate="1.25",
                rate_date=day,
                is_carried=False,
                origin_date=day,
            )
        day += DAY
    francs = account(sink, "acct_v3", "vend_v3", "bill_v", "CHF")
    sink.invoice(
        "V-3",
        "bill_v",
        francs,
        "CHF",
        MONTHS[1],
        at(MONTHS[2], 3),
        [
            {"line_type": "usage", "model": "n", "meter": "output", "quantity": 5, "amount": "5"},
            {"line_type": "fee", "amount": "-5"},
        ],
    )
    # An unknown account beside a known one; a month before policy begins; a part of a month, billed for days after it.
    unknown = {"provider": "vend_q", "billing_account_id": "acct_q9"}
    use_of = {
        "line_type": "usage",
        "model": "by-acct_q1",
        "meter": "input_uncached",
        "quantity": 4,
        "amount": "5",
    }
    sink.call(at(MONTHS[1], 9), "by-acct_q1", 3, 0, **unknown)
    sink.invoice("V-4", "vend_q", unknown, "EUR", MONTHS[1], at(MONTHS[2], 3), [use_of])
    sink.invoice(
        "V-5",
        "bill_v",
        drawn,
        "USD",
        date(2025, 12, 1),
        at(MONTHS[0], 5),
        [{"line_type": "usage", "model": "old", "meter": "output", "quantity": 3, "amount": "3"}],
    )
    part = account(sink, "acct_v4", "vend_v", "bill_v")
    for number, (start, end) in enumerate(((21, 24), (2, 4), (12, 14))):
        use(sink, part, at(MONTHS[4], start + 1), 6)
        sink.invoice(f"V-6-{number}", "bill_v", part, "USD", MONTHS[4], at(MONTHS[5], 3 + number), [{"line_type": "usage", "model": "by-acct_v4", "meter": "input_uncached", "quantity": 5, "amount": f"{5 + number}",
                     "charge_period_start": MONTHS[4] + start * DAY, "charge_period_end": MONTHS[4] + end * DAY}], billing_period_start=MONTHS[4] + 9 * DAY, billing_period_end=MONTHS[4] + 19 * DAY)  # fmt: skip
    sink.invoice(
        "V-7",
        "bill_v",
        part,
        "USD",
        MONTHS[2],
        at(MONTHS[3], 3),
        [{"line_type": "fee", "amount": "3"}],
        reference_invoice_id="GONE",
        status="voided",
    )
    use(sink, part, at(MONTHS[2], 4), 4, service_tier="batch")
    sink.invoice("V-8", "bill_v", part, "USD", MONTHS[2], at(MONTHS[3], 3), [{"line_type": "usage", "model": "by-acct_v4", "meter": "input_uncached", "quantity": 5, "amount": "6"},
                 {"line_type": "fee", "amount": "3", "service_tier": "batch"}])  # fmt: skip
    # The same account, model and meter claimed of two issuers.
    twice = account(sink, "acct_v5", "vend_v", "bill_v")
    for issuer, amounts, given in (("bill_v", ("5", "4"), "-3"), ("bill_v9", ("6", "2"), "-7")):
        sink.invoice("V-9", issuer, twice, "USD", MONTHS[2], at(MONTHS[3], 3), [{"line_type": "usage", "model": "a", "meter": "output", "service_tier": tier, "quantity": 2, "amount": amount}
                     for tier, amount in zip(("standard", "batch"), amounts, strict=True)])  # fmt: skip
        for number, named in enumerate(({"model": "a", "meter": "output"}, {"model": "a"}, {})):
            sink.invoice(
                f"V-10-{number}",
                issuer,
                twice,
                "USD",
                MONTHS[2],
                at(MONTHS[3], 4),
                [{"line_type": "credit", "amount": given} | named],
                reference_invoice_id="V-9",
            )


def papers(sink: Sink) -> None:
    lots(sink)
    minimums(sink)
    alike(sink)
    told_twice(sink)
    priced(sink)
    month_ends(sink)
    exported(sink)
    claimed(sink)
    grained(sink)
    leftovers(sink)
    annex(sink)
    owners(sink)
