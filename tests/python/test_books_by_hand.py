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
