"""Worlds made and reckoned by hand, as a controller would who looks for what does not tie."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import test_close
import test_journal
import test_reconciliation
from compiled import Project
from conftest import Build
from golden import run_data_test
from test_journal import commitment, consumption, paper, posting

Row = dict[str, Any]


@pytest.fixture(scope="module")
def project(demo: Build) -> Project:
    return Project(demo)


def test_an_invoice_reissued_in_another_currency(project: Project) -> None:
    """6,132 USD, known in June, are replaced in July by 5,700 EUR at 1.07: 6,099.00. The accrual was 6,000."""
    number = {"invoice_id": "INV-5-R", "issued_on": "2026-07-09", "reference_invoice_id": "INV-5", "currency": "EUR"}
    lines = [paper("usage", 6132), paper("usage", 5700, known="2026-07-10 09:00:00", **number)]
    rate = {"currency_from": "EUR", "currency_to": "USD", "rate_type": "invoice", "rate": "1.07"}
    connection = test_journal.world(
        project,
        test_journal.R1_POSTINGS,
        lines,
        fx_rates=[rate | {"rate_date": "2026-07-09"}],
        int_as_of=[{"as_of": "2026-08-15 00:00:00"}],
    )
    booked = connection.execute(
        "select period, currency, sum(credit - debit), sum(functional_credit - functional_debit) "
        "from fct_journal_entries where account = 'payables' group by 1, 2 order by 1, 2"
    ).fetchall()
    assert booked == [("2026-06", "USD", 6132, 6132), ("2026-07", "EUR", 5700, 6099), ("2026-07", "USD", -6132, -6132)]
    assert connection.execute("select accrued, invoiced, true_up from fct_accruals").fetchall() == [(6000, 6099, 99)]


def days(amounts: dict[str, Any], cost_center: str = "support") -> list[Row]:
    """The use of `posting` by day."""
    return [
        {
            "event_month": f"{day[:7]}-01", "posting_month": f"{day[:7]}-01", "entity": "default", "layer": "model_api",
            "cost_center": cost_center, "issuer": "vendor", "billing_account_id": "acct",
            "usage_date": day, "amount_usd": amount,
        }
        for day, amount in amounts.items()
    ]  # fmt: skip


ACCRUALS = (
    "select period, accrued, open_accrual, invoiced, true_up, accuracy_rate, is_uninvoiced from fct_accruals order by 1"
)
ACCRUED = (
    "select period, sum(credit) from fct_journal_entries where entry_type = 'accrual' group by 1 order by 1"
)


def test_an_invoice_of_half_a_month_leaves_the_other_half_accrued(project: Project) -> None:
    """100 for May: 40 by the 15th, 60 after it. 50 are invoiced on the 16th for the first half: 60 are accrued.
    The second half comes in June with 63: the true-up is 3, accuracy 60 of 63."""
    half = paper("usage", 50, known="2026-05-16 00:00:00", billing_period_end="2026-05-16", issued_on="2026-05-16")
    second = paper("usage", 63, charge_period_start="2026-05-16", invoice_id="INV-5b")
    books = {"int_posting_days": days({"2026-05-03": 30, "2026-05-15": 10, "2026-05-16": 25, "2026-05-31": 35})}
    first = test_journal.world(project, [posting(100)], [half], **books)
    assert first.execute(ACCRUED).fetchall() == [("2026-05", 60), ("2026-06", 60)]
    assert first.execute(ACCRUALS).fetchall() == [
        ("2026-05", 60, 60, 50, None, None, True),
        ("2026-06", 0, 60, None, None, None, False),
    ]
    both = test_journal.world(project, [posting(100)], [half, second], **books)
    assert both.execute(ACCRUED).fetchall() == [("2026-05", 60)]
    assert both.execute(ACCRUALS).fetchall() == [("2026-05", 60, 60, 113, 3, Decimal("0.952380952381"), False)]


def test_a_line_names_its_own_days(project: Project) -> None:
    """A document for the whole of May whose one line of use names 1 to 10 May: the 70 of later days are accrued."""
    named = {"charge_period_start": "2026-05-01", "charge_period_end": "2026-05-11"}
    line = paper("usage", 30, known="2026-05-20 00:00:00", **named)
    books = {"int_posting_days": days({"2026-05-10": 30, "2026-05-11": 70})}
    connection = test_journal.world(project, [posting(100)], [line], **books)
    assert connection.execute(ACCRUED).fetchall() == [("2026-05", 70), ("2026-06", 70)]


@pytest.mark.parametrize(
    ("may", "june", "shares"),
    [
        # 210 for 100 and 100: 105 each. For 150 and 50: 157.50 and 52.50.
        (100, 100, [(100, 105, 5), (0, 105, 105)]),
        (150, 50, [(150, Decimal("157.5"), Decimal("7.5")), (0, Decimal("52.5"), Decimal("52.5"))]),
    ],
)
def test_one_invoice_of_two_months(project: Project, may: int, june: int, shares: list[Any]) -> None:
    """210 for May and June, known on 30 June: May was accrued at its end, June is invoiced and not accrued."""
    bill = paper("usage", 210, known="2026-06-30 00:00:00", billing_period_end="2026-07-01", issued_on="2026-06-30")
    connection = test_journal.world(
        project,
        [posting(may), posting(june, event=6)],
        [bill],
        int_posting_days=days({"2026-05-10": may, "2026-06-10": june}),
    )
    assert connection.execute(ACCRUED).fetchall() == [("2026-05", may)]
    found = connection.execute("select accrued, invoiced, invoiced - accrued from fct_accruals order by period")
    assert found.fetchall() == shares
    # June was invoiced by its end: nothing was accrued and nothing is trued up.
    assert connection.execute("select true_up from fct_accruals order by period").fetchall() == [(shares[0][2],), (0,)]


def test_an_invoice_of_two_months_without_a_ledger_goes_by_days(project: Project) -> None:
    """61.00 for 31 days of May and 30 of June, and a ledger that holds nothing of the days: 31.00 and 30.00."""
    bill = paper("usage", 61, known="2026-07-02 00:00:00", billing_period_end="2026-07-01", issued_on="2026-07-01")
    connection = test_journal.world(project, [posting(20), posting(20, event=6)], [bill])
    assert connection.execute("select invoiced, true_up from fct_accruals order by period").fetchall() == [
        (31, 11),
        (30, 10),
    ]


def test_a_billed_shortfall_is_compared_with_the_accrued_one(project: Project) -> None:
    """40 of 100 promised for May are used: 40.00 and a shortfall of 60.00 are accrued, and both billed: no true-up."""
    named = {"charge_period_start": "2026-05-01", "charge_period_end": "2026-06-01"}
    lines = [paper("usage", 40), paper("commitment", 60, **named)]
    promised = commitment("minimum_spend", 100, "straight_line", "2026-05-01", "2026-06-01")
    connection = test_journal.world(project, [posting(40)], lines, commitments=[promised])
    found = connection.execute("select accrued, accrued_shortfall, invoiced, true_up, accuracy_rate from fct_accruals")
    assert found.fetchall() == [(40, 60, 100, 0, 1)]


def test_the_ledger_by_day_is_read_where_a_document_covers_a_part(project: Project) -> None:
    """Calls of 40 and 60 on two days of May, one of June: May is covered in part, June by a document of its own."""
    calls = [
        {
            "provider": "vendor", "billing_account_id": "acct", "environment": "production", "layer": "model_api",
            "cost_center": owner, "occurred_at": f"{day} 10:00:00", "cost_micros_usd": micros,
        }
        for day, owner, micros in (
            ("2026-05-03", "support", 40_000_000), ("2026-05-31", "claims", 60_000_000), ("2026-06-02", "support", 7),
        )
    ]  # fmt: skip
    coverage = [
        {"issuer": "v-bill", "billing_account_id": "acct", "event_month": f"2026-{month}-01", "is_part": part}
        for month, part in (("05", True), ("05", True), ("06", False))
    ]
    account = {"billing_account_id": "acct", "provider": "vendor", "issuer": "v-bill", "entity": "north"}
    connection = project.world(
        {
            "int_usage_costs": calls,
            "int_invoice_coverage": coverage,
            "billing_accounts": [account],
            "cost_centers": [{"cost_center": "claims", "entity": "south"}],
            "int_api_key_months": (),
            "int_posting_price_changes": (),
        },
        ["int_posting_days"],
    )
    found = connection.execute(
        "select cast(usage_date as varchar), entity, issuer, cost_center, amount_usd "
        "from intermediate.int_posting_days order by 1"
    ).fetchall()
    assert found == [
        ("2026-05-03", "north", "v-bill", "support", 40),
        ("2026-05-31", "south", "v-bill", "claims", 60),
    ]


def test_the_mart_shows_what_the_journals_accrue(project: Project) -> None:
    """May's 100.006 and June's 50.006 are uninvoiced: June accrues 100.01 and 50.01, 150.02, and not 150.01."""
    connection = test_journal.world(project, [posting("100.006"), posting("50.006", event=6)], [])
    assert connection.execute(ACCRUED).fetchall() == [("2026-05", Decimal("100.01")), ("2026-06", Decimal("150.02"))]
    found = connection.execute("select accrued, open_accrual from fct_accruals order by period").fetchall()
    assert found == [(Decimal("100.01"), Decimal("100.01")), (Decimal("50.01"), Decimal("150.02"))]


@pytest.mark.parametrize(
    ("method", "charges"),
    [
        # 120,000 a year, 9,000 used a month: 10,000 less 9,000 a month; what such a year misses, at once; at the end.
        ("straight_line", dict.fromkeys(range(1, 13), 1000)),
        ("forecast_eac", {1: 12000}),
        ("at_expiry", {12: 12000}),
    ],
)
def test_a_shortfall_in_the_journals(project: Project, method: str, charges: dict[int, int]) -> None:
    connection = test_journal.world(
        project,
        [posting(9000, event=month) for month in range(1, 13)],
        [],
        commitments=[commitment("minimum_spend", 120000, method)],
        int_as_of=[{"as_of": "2027-01-10 00:00:00"}],
    )
    booked = connection.execute(
        "select period, sum(debit) from fct_journal_entries where entry_type = 'shortfall' and debit > 0 group by 1"
    ).fetchall()
    assert dict(booked) == {f"2026-{month:02d}": amount for month, amount in charges.items()}


@pytest.mark.parametrize(
    ("method", "effective"),
    [
        # FIFO: 60 of the first lot at 1, its 40 left are lost, then 30 of the second at 2, and 70 are lost with it.
        ("fifo", {1: (30, 0), 2: (30, 40), 3: (60, 140)}),
        # By the average of 1.50: 45 a month; the first lot leaves 100 - 90 of its price, the second 200 - 45.
        ("wac", {1: (45, 0), 2: (45, 10), 3: (45, 155)}),
    ],
)
def test_lots_that_end_are_used_up_or_lost(
    project: Project, method: str, effective: dict[int, tuple[int, int]]
) -> None:
    lots = [
        commitment("prepaid", 100, method, "2026-01-01", "2026-03-01", name="a"),
        commitment("prepaid", 100, method, "2026-01-02", "2026-04-01", name="b"),
    ]
    lines = [
        paper("prepayment", 100, 1, charge_period_start="2026-01-01"),
        paper("prepayment", 200, 1, charge_period_start="2026-01-02", invoice_id="INV-1b"),
    ]
    connection = test_journal.world(
        project,
        [posting(1)],
        lines,
        commitments=lots,
        int_account_consumption=consumption(dict.fromkeys((1, 2, 3), 30)),
    )
    found = connection.execute(
        "select month(period_month), sum(charge_amount - breakage_amount), sum(breakage_amount) "
        "from fct_commitment_charges group by 1 order by 1"
    ).fetchall()
    assert {month: (used, lost) for month, used, lost in found} == effective
    assert sum(used + lost for used, lost in effective.values()) == 300


def test_the_tolerance_of_the_first_day_holds_for_the_month(project: Project) -> None:
    """A bound of 50 until 15 May, 500 from then on: May is held to the old one, June to the new one."""
    old = test_reconciliation.POLICY | {"percent_tolerance": 0, "valid_to": "2026-05-15"}
    new = old | {"absolute_tolerance": 500, "material": 5000, "valid_from": "2026-05-15", "valid_to": None}
    used = [test_reconciliation.usage(month, 3000, input_tokens=1000 * test_reconciliation.MILLION) for month in (5, 6)]
    lines = [
        test_reconciliation.line(
            month, 3100, period=month, model="m", meter="input_uncached", quantity=1000, quantity_unit="MTok"
        )
        for month in (5, 6)
    ]
    found = test_reconciliation.world(
        project, used, lines, reconciliation_tolerances=[old, new]
    ).execute(
        "select month(period_month), tolerance, status = 'within_tolerance' from rpt_invoice_reconciliation order by 1"
    ).fetchall()
    assert found == [(5, 50, False), (6, 500, True)]


def test_each_entity_closes_its_own_month(project: Project) -> None:
    """One entity closed May on 5 June, the other on 10 June: what is known on 7 June is late for the first alone."""
    closes = {"north": "2026-06-05 00:00:00", "south": "2026-06-10 00:00:00"}
    periods = [
        {"period": "2026-05", "entity": entity, "closed_at": closed, "closed_by": "a", "approved_by": "b"}
        for entity, closed in closes.items()
    ] + [{"period": "2026-06", "entity": entity} for entity in closes]
    known = "2026-06-07 00:00:00"
    charges = [
        test_close.charge(number, "2026-05-10 00:00:00", 10, known, cost_center=entity)
        for number, entity in enumerate(closes)
    ]
    owners = [{"cost_center": entity, "entity": entity} for entity in closes]
    connection = test_close.world(project, charges, periods, cost_centers=owners)
    posted = connection.execute("select entity, posting_period, is_adjustment from fct_postings order by 1").fetchall()
    assert posted == [("north", "2026-06", True), ("south", "2026-05", False)]


def test_a_pool_restated_after_the_close_stands_three_times(project: Project) -> None:
    """24.00 of gateway for May, restated to 30.00 on 20 June: May keeps 24.00; June takes it back and books 30.00."""

    def said(row: int, amount: int, known: str) -> Row:
        return {
            "source_system": "canonical", "file_path": "f", "landed_row": row, "shared_cost_id": "sc-7",
            "pool": "gateway", "layer": "platform", "period_start": "2026-05-01", "period_end": "2026-06-01",
            "amount": amount, "currency": "USD", "ingested_at": known,
        }  # fmt: skip

    costs = [said(1, 24, "2026-05-20 00:00:00"), said(2, 30, "2026-06-20 00:00:00")]
    inputs = test_close.inputs([])
    tables = {name: rows for name, rows in inputs.items() if not name.startswith("int_shared_cost")}
    connection = project.world(
        tables | {"stg_canonical__shared_costs": costs}, ("fct_postings", "rpt_period_close", "int_shared_cost_slots")
    )
    booked = connection.execute(
        "select booking_id, amount_pico / 1e12 from intermediate.int_shared_cost_months order by 1"
    ).fetchall()
    assert booked == [("sc-7", 24), ("sc-7 #2", -24), ("sc-7 #3", 30)]
    assert test_close.closes(connection) == {"2026-05": (24, 30), "2026-06": (6, 0)}
    reasons = connection.execute(
        "select adjustment_reason, amount_usd from fct_postings where is_adjustment order by 1"
    ).fetchall()
    assert reasons == [("correction", -24), ("late_event", 30)]


def test_a_review_whose_case_turns_out_to_be_anothers(project: Project) -> None:
    """12.00 for claims in May; on 20 June the case is known to be lending's: -12.00 and 12.00 in June, May stays."""
    review = {
        "review_id": "r", "environment": "production", "unit_type": "t", "unit_id": "u",
        "started_at": "2026-05-10 00:00:00", "ingested_at": "2026-05-10 00:05:00",
        "review_minutes": 12, "cost_micros_usd": 12_000_000,
    }  # fmt: skip

    def fact(row: int, owner: str, known: str) -> Row:
        return {
            "source_system": "canonical", "file_path": "f", "landed_row": row, "event_id": "e", "unit_type": "t",
            "unit_id": "u", "event_type": "opened", "occurred_at": "2026-05-09 00:00:00", "cost_center": owner,
            "ingested_at": known,
        }  # fmt: skip

    facts = [fact(1, "claims", "2026-05-09 00:00:00"), fact(2, "lending", "2026-06-20 00:00:00")]
    inputs = test_close.inputs([]) | {
        "int_human_reviews_versions": [review],
        "stg_canonical__unit_events": facts,
        "int_usage_events": (),
        "int_usage_events_superseded": (),
        "int_unit_shares": (),
    }
    tables = {name: rows for name, rows in inputs.items() if name not in ("int_unit_dimensions", "int_unit_events")}
    connection = project.world(tables, ("fct_postings", "rpt_period_close"))
    posted = connection.execute(
        "select posting_period, cost_center, adjustment_reason, amount_usd from fct_postings order by 1, 2"
    ).fetchall()
    assert posted == [
        ("2026-05", "claims", None, Decimal(12)),
        ("2026-06", "claims", "owner", Decimal(-12)),
        ("2026-06", "lending", "owner", Decimal(12)),
    ]


@pytest.mark.parametrize(
    ("used", "lost"),
    [
        # 100 until the end of July: what May and July did not draw is lost in July; July's draw is booked in August.
        ({5: 40}, 60),
        ({5: 40, 7: 10}, 50),
        ({}, 100),
    ],
)
def test_what_a_lot_has_left_at_its_end_is_a_cost_of_its_last_month(
    project: Project, used: dict[int, int], lost: int
) -> None:
    lines = [paper("prepayment", 100, known="2026-05-02 00:00:00", invoice_id="P", charge_period_start="2026-05-01")]
    for month, amount in used.items():
        known = f"2026-{month + 1:02d}-04 09:00:00"
        lines += [paper("usage", amount, month, known), paper("credit", -amount, month, known)]
    connection = test_journal.world(
        project,
        [posting(used.get(month, 0), event=month) for month in (5, 7)],
        lines,
        commitments=[commitment("prepaid", 100, "fifo", "2026-05-01", "2026-08-01")],
        int_account_consumption=consumption(used),
        int_as_of=[{"as_of": "2026-10-15 00:00:00"}],
    )
    booked = connection.execute(
        "select month(period_month), sum(credit) from fct_journal_entries "
        "where account = 'prepaid' and credit > 0 group by 1 order by 1"
    ).fetchall()
    assert dict(booked) == {month + 1: amount for month, amount in used.items()} | {7: lost}
    assert test_journal.balance(connection, "prepaid") == 0
    charged = connection.execute(
        "select sum(breakage_amount) filter (where period_month = '2026-07-01'), sum(breakage_amount), "
        "sum(charge_amount), min(remaining_amount) from fct_commitment_charges"
    ).fetchone()
    assert charged == (lost, lost, 100, 0)


def test_what_a_lot_lost_follows_what_its_last_month_turns_out_to_have_used(project: Project) -> None:
    """By July's end 10 of July are known: 100 - 40 - 10 = 50 are lost. The invoice of August says 25: July keeps its
    50, August books 25 as drawn and takes 15 of the loss back."""
    lines = [paper("prepayment", 100, known="2026-05-02 00:00:00", invoice_id="P", charge_period_start="2026-05-01")]
    for month, amount in {5: 40, 7: 25}.items():
        known = f"2026-{month + 1:02d}-04 09:00:00"
        lines += [paper("usage", amount, month, known), paper("credit", -amount, month, known)]
    connection = test_journal.world(
        project,
        [posting(40), posting(10, event=7)],
        lines,
        commitments=[commitment("prepaid", 100, "fifo", "2026-05-01", "2026-08-01")],
        int_account_consumption=consumption({5: 40, 7: 25}),
        int_as_of=[{"as_of": "2026-10-15 00:00:00"}],
    )
    booked = connection.execute(
        "select month(period_month), sum(debit - credit) from fct_journal_entries "
        "where account = 'prepaid' group by 1 order by 1"
    ).fetchall()
    assert booked == [(5, 100), (6, -40), (7, -50), (8, -10)]


FIRST = {"charge_period_start": "2026-01-01", "charge_period_end": "2026-04-01"}
MONTHLY = [
    paper("commitment", 100, month, f"2026-{month + 1:02d}-04 09:00:00", invoice_id=f"S-{month}")
    for month in range(1, 7)
]
ALL = dict.fromkeys(range(1, 7), 100)


@pytest.mark.parametrize(
    ("account", "lines", "expenses", "accrued"),
    [
        # Two terms of three months for 3,000 each, 900 used a month: 100 a month are missed, 300 of each term.
        ("acct", [], ALL, 600),
        ("acct", [paper("commitment", 300, 3, "2026-04-04 09:00:00", **FIRST)], ALL, 300),
        ("acct", [paper("commitment", 50, 3, "2026-04-04 09:00:00", **FIRST)], ALL, 550),
        # Billed with April, in May: the first term's by its service period; without one, the oldest open term's.
        ("acct", [paper("commitment", 300, 4, "2026-05-04 09:00:00", **FIRST)], ALL, 300),
        ("acct", [paper("commitment", 300, 4, "2026-05-04 09:00:00")], ALL, 300),
        # Billed month by month, in the month after: June's 100 are not billed by the end of June.
        ("acct", MONTHLY[:5], ALL, 100),
        # 310 are billed where 300 are missed: 10 more are an expense of April, and nothing of the second term.
        ("acct", [paper("commitment", 310, 3, "2026-04-04 09:00:00", **FIRST)], ALL | {4: 110}, 300),
        ("acct", [paper("commitment", 310, 3, "2026-04-04 09:00:00")], ALL | {4: 110}, 300),
        # Voided in June: accrued again.
        (
            "acct",
            [
                paper("commitment", 300, 3, "2026-04-04 09:00:00", invoice_line_id="1", **FIRST),
                paper("commitment", 300, 3, "2026-06-10 09:00:00", invoice_line_id="1", status="voided", **FIRST),
            ],
            ALL,
            600,
        ),
        # A commitment to the provider, whatever the account.
        (None, [paper("commitment", 300, 3, "2026-04-04 09:00:00", **FIRST)], ALL, 300),
    ],
)
def test_a_billed_shortfall_is_its_terms(
    project: Project, account: str | None, lines: list[Row], expenses: dict[int, int], accrued: int
) -> None:
    terms = {"c1": ("2026-01-01", "2026-04-01"), "c2": ("2026-04-01", "2026-07-01")}
    connection = test_journal.world(
        project,
        [posting(900, event=month) for month in range(1, 7)],
        lines,
        commitments=[
            commitment("minimum_spend", 3000, "straight_line", *term, name) | {"billing_account_id": account}
            for name, term in terms.items()
        ],
        int_as_of=[{"as_of": "2026-07-01 00:00:00"}],
    )
    booked = connection.execute(
        "select month(period_month), sum(debit - credit) from fct_journal_entries "
        "where account = 'shortfall' group by 1"
    ).fetchall()
    assert dict(booked) == expenses
    left = connection.execute(
        "select sum(credit - debit) from fct_journal_entries where account = 'accrued' and entry_type = 'shortfall'"
    ).fetchone()
    assert left == (accrued,)


def test_a_shortfall_in_thirds_of_a_cent(project: Project) -> None:
    """10.00 in six months: 1.67 3.33 5.00 6.67 8.33 10.00 to date; 1.67 1.66 1.67 1.67 1.66 1.67 sum to 10.00."""
    connection = test_journal.world(
        project,
        [posting(0, event=1)],
        [],
        commitments=[commitment("minimum_spend", 10, "straight_line", "2026-01-01", "2026-07-01")],
        int_as_of=[{"as_of": "2026-08-15 00:00:00"}],
    )
    booked = connection.execute(
        "select month(period_month), sum(debit) from fct_journal_entries "
        "where account = 'shortfall' group by 1 order by 1"
    ).fetchall()
    cents = (167, 166, 167, 167, 166, 167)
    assert booked == [(month, Decimal(amount) / 100) for month, amount in enumerate(cents, 1)]


def test_values_in_two_currencies_are_added_in_one(project: Project) -> None:
    """10 EUR at 1.10 on the first day and 20 EUR at 1.20 on the second, and 5 USD: 11 + 24 + 5 = 40."""
    unit = {"environment": "production", "unit_type": "case", "unit_id": "u", "reopen_window_hours": 48}
    facts = [
        unit
        | {"event_type": "opened", "occurred_at": f"2026-05-{day} 09:00:00"}
        | {"value_amount": amount, "value_currency": currency}
        for day, amount, currency in (("01", 10, "EUR"), ("02", 20, "EUR"), ("02", 5, "USD"))
    ]
    rates = [
        {"currency_from": "EUR", "currency_to": "USD", "rate_type": "spot", "rate_date": f"2026-05-{day}", "rate": rate}
        for day, rate in (("01", "1.10"), ("02", "1.20"))
    ]
    tables = {
        "int_unit_events": facts, "int_unit_events_sequenced": [], "int_unit_costs": [],
        "int_unit_tenant_conflicts": [], "int_unit_type_rules": [], "int_owner_cost_centers": [], "fx_rates": rates,
        "int_as_of": [{"as_of": "2026-05-03 00:00:00"}],
    }  # fmt: skip
    with project.world(tables, ["int_units"]) as connection:
        assert connection.execute("select value_usd from warehouse.intermediate.int_units").fetchall() == [(40,)]


def test_a_model_has_one_currency_at_once(demo: Build) -> None:
    """Input in dollars and output in euros would give a call two rows of prices; one after the other does not."""
    key = {"provider": "p", "model": "m", "service_tier": "standard"}
    spring = {"valid_from": "2026-01-01", "valid_to": "2026-05-01"}
    two = [key | spring | {"currency": currency} for currency in ("USD", "EUR")]
    name = "assert_models_have_one_currency"
    ((reason, *_),) = run_data_test(demo, name, "int_list_rates", two)
    assert reason.startswith("price_currencies: ")
    two[1] |= {"valid_from": "2026-05-01", "valid_to": "9999-12-31"}
    assert run_data_test(demo, name, "int_list_rates", two) == []


def test_hours_of_a_price_hold_to_the_second(project: Project) -> None:
    hours = {"time_from_utc": "22:30:45", "time_to_utc": "23:00:00", "observed_on": "2026-01-01"}
    price = {"provider": "p", "model": "m", "meter": "output", "service_tier": "standard"}
    price |= {"price": 1, "per_quantity": 1000}
    with project.world({"list_prices": [price | hours]}, ["int_list_rates"]) as connection:
        found = connection.execute("select day_second_from, day_second_to from warehouse.intermediate.int_list_rates")
        assert found.fetchall() == [(22 * 3600 + 30 * 60 + 45, 23 * 3600)]


def test_further_quantities_are_charged_in_one_currency(project: Project) -> None:
    """3 images at 1 EUR by contract, 2 videos at 5 USD by list: 3 EUR are charged, the videos have no price."""
    call = {"source_system": "s", "file_path": "f", "landed_row": 1, "own_book": "a", "price_book": "a"}
    rates = [
        call
        | {"kind": "further", "meter": meter, "quantity": quantity, "rate": price, "exact_rate": price}
        | {"currency": currency, "contract_id": contract}
        for meter, quantity, price, currency, contract in (
            ("images", 3, 1_000_000, "EUR", "c"), ("videos", 2, 5_000_000, "USD", None),
        )
    ]  # fmt: skip
    with project.world({"int_usage_other_rates": rates}, ["int_usage_other_costs"]) as connection:
        found = connection.execute(
            "select other_micros, currency, meters, unpriced_meters from warehouse.intermediate.int_usage_other_costs"
        ).fetchall()
    assert found == [(3_000_000, "EUR", 2, 1)]


def lots_by_average(project: Project, demo: Build, first: str, second: str, used: dict[int, int]) -> list[Any]:
    """What the policy test says of 3 bought for 5.25 on the first day and 5 bought for 5.00 on the second."""
    lots = [
        commitment("prepaid", 3, "wac", first, "2026-12-01", name="a"),
        commitment("prepaid", 5, "wac", second, "2026-12-01", name="b"),
    ]
    lines = [
        paper("prepayment", "5.25", 1, charge_period_start=first),
        paper("prepayment", "5.00", 1, charge_period_start=second, invoice_id="INV-1b"),
    ]
    (sql,) = (
        node["compiled_code"]
        for node in demo.manifest["nodes"].values()
        if node["name"] == "assert_averaged_lots_are_paid_for"
    )
    connection = test_journal.world(
        project, [posting(1)], lines, commitments=lots, int_account_consumption=consumption(used)
    )
    return connection.execute(sql).fetchall()


def test_lots_by_average_cost_what_was_paid_for_them(project: Project, demo: Build) -> None:
    """10.25 for 8, all used: the lots cost 3.84 and 6.41, which is what was paid for both.

    Is the second bought in March, when the first is used up, the average of 1.28 is of nothing that is there: 5.25 and
    6.41 are more than was paid, and the build stops.
    """
    assert lots_by_average(project, demo, "2026-01-01", "2026-01-02", {1: 3, 2: 5}) == []
    ((reason, *_, charged, paid),) = lots_by_average(project, demo, "2026-01-01", "2026-03-01", {1: 3, 3: 5})
    assert reason.startswith("lots_average: ")
    assert (round(charged, 2), paid) == (Decimal("11.66"), Decimal("10.25"))


def test_one_lot_by_average_may_cost_more_than_was_paid_for_it(demo: Build) -> None:
    (name,) = (
        node["name"]
        for node in demo.manifest["nodes"].values()
        if node["resource_type"] == "test" and "nothing_below_zero" in str(node.get("test_metadata"))
        and "fct_commitment_charges" in str(node["depends_on"])
    )
    row = {"accrued_to_date_amount": "6.41", "committed_amount": 5, "remaining_amount": "-1.41"}
    assert run_data_test(demo, name, "fct_commitment_charges", [row | {"method": "wac"}]) == []
    assert run_data_test(demo, name, "fct_commitment_charges", [row | {"method": "fifo"}]) != []
