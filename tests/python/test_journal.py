"""Journals of semantics.md section 9 and their export: balanced, mirrored, safe to open, the same every time."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from compiled import Project
from conftest import Build

from ai_unit_economics import journal

Row = dict[str, Any]
WANTED = ("fct_journal_entries", "fct_accruals", "fct_commitment_charges")
ACCOUNTS = [
    {"layer": "model_api", "entry_type": "accrual", "debit_account": "cost", "credit_account": "accrued"},
    {"layer": "model_api", "entry_type": "invoice", "debit_account": "cost", "credit_account": "payables"},
    {"entry_type": "tax", "debit_account": "tax", "credit_account": "payables"},
    {"entry_type": "fee", "debit_account": "fees", "credit_account": "payables"},
    {"entry_type": "prepayment", "debit_account": "prepaid", "credit_account": "payables"},
    {"entry_type": "prepaid_amortisation", "debit_account": "cost", "credit_account": "prepaid"},
    {"entry_type": "shortfall", "debit_account": "shortfall", "credit_account": "accrued"},
    {"entry_type": "payment", "debit_account": "payables", "credit_account": "cash"},
    {"entry_type": "fx", "debit_account": "fx", "credit_account": "cash"},
    {"entry_type": "chargeback", "debit_account": "cost", "credit_account": "recovery"},
]


@pytest.fixture(scope="module")
def project(demo: Build) -> Project:
    return Project(demo)


def posting(amount: Any, cost_center: str = "support", event: int = 5, posted: int | None = None) -> Row:
    """Use of an account in a month, posted in that month or a later one."""
    posted = posted or event
    return {
        "posting_id": f"{cost_center}-{event}-{posted}",
        "event_period": f"2026-{event:02d}",
        "posting_period": f"2026-{posted:02d}",
        "period_month": f"2026-{event:02d}-01",
        "posting_month": f"2026-{posted:02d}-01",
        "is_adjustment": event != posted,
        "entity": "default",
        "environment": "production",
        "source": "usage",
        "layer": "model_api",
        "cost_center": cost_center,
        "issuer": "vendor",
        "billing_account_id": "acct",
        "amount_usd": amount,
    }


def paper(
    line_type: str, amount: Any, month: int = 5, known: str = "2026-06-04 09:00:00", **more: Any
) -> Row:
    """A line of the month's invoice."""
    return {
        "issuer": "vendor",
        "invoice_id": f"INV-{month}",
        "issued_on": f"2026-{month + 1:02d}-03",
        "provider": "vendor",
        "billing_account_id": "acct",
        "line_type": line_type,
        "status": "issued",
        "billing_period_start": f"2026-{month:02d}-01",
        "billing_period_end": f"2026-{month + 1:02d}-01",
        "currency": "USD",
        "amount": amount,
        "ingested_at": known,
    } | more


def delivered(lines: Iterable[Row]) -> list[Row]:
    """Lines as they lie in the feed: each in a row of its own, numbered where the test does not name them."""
    place = {"source_system": "canonical", "file_path": "f"}
    return [
        {"invoice_line_id": str(number), "landed_row": number} | place | line
        for number, line in enumerate(lines)
    ]


def world(
    project: Project, postings: Iterable[Row], lines: Iterable[Row], **tables: Iterable[Row]
) -> duckdb.DuckDBPyConnection:
    given: dict[str, Iterable[Row]] = {
        "fct_postings": postings,
        "int_invoice_lines_unioned": delivered(lines),
        "int_account_consumption": (),
        "int_posting_days": (),
        "billing_accounts": [
            {
                "billing_account_id": "acct",
                "provider": "vendor",
                "issuer": "vendor",
                "currency": "USD",
                "entity": "default",
            }
        ],
        "gl_accounts": ACCOUNTS,
        "rpt_chargeback_statements": (),
        "int_shared_cost_slots": (),
        "int_as_of": [{"as_of": "2026-07-15 00:00:00"}],
    }
    return project.world(given | tables, WANTED)


def entries(
    connection: duckdb.DuckDBPyConnection, entry_type: str, period: str
) -> list[tuple[str, str, Decimal, Decimal]]:
    return connection.execute(
        "select account, cost_center, debit, credit from fct_journal_entries where entry_type = ? and period = ? "
        "order by line_number",
        [entry_type, period],
    ).fetchall()


R1 = [
    paper("usage", "6132"),
    paper("fee", "150"),
    paper("credit", "-100"),
    paper("commitment", "80"),
    paper("tax", "500.96"),
]
R1_POSTINGS = [posting(4000, "support"), posting(2000, "claims")]


def test_g9_1_accrual_and_true_up(project: Project) -> None:
    connection = world(project, R1_POSTINGS, R1)
    found = connection.execute(
        "select accrued, reversed, reversal_period, invoiced, invoice_period, true_up, accuracy_rate from fct_accruals"
    ).fetchall()
    assert found == [(6000, 6000, "2026-06", 6262, "2026-06", 262, Decimal("0.958160332162"))]


def test_g9_5_accrual_and_its_mirror(project: Project) -> None:
    connection = world(project, R1_POSTINGS, R1)
    assert entries(connection, "accrual", "2026-05") == [
        ("cost", "claims", 2000, 0),
        ("cost", "support", 4000, 0),
        ("accrued", "__none__", 0, 6000),
    ]
    assert entries(connection, "reversal", "2026-06") == [
        ("cost", "claims", 0, 2000),
        ("cost", "support", 0, 4000),
        ("accrued", "__none__", 6000, 0),
    ]
    days = connection.execute(
        "select distinct entry_type, cast(posting_date as varchar) from fct_journal_entries "
        "where entry_type in ('accrual', 'reversal') order by 1"
    ).fetchall()
    assert days == [("accrual", "2026-05-31"), ("reversal", "2026-06-01")]


def test_g9_6_invoice(project: Project) -> None:
    found = entries(world(project, R1_POSTINGS, R1), "invoice", "2026-06")
    sums: dict[str, Decimal] = {}
    for account, _, debit, credit in found:
        sums[account] = sums.get(account, Decimal(0)) + debit - credit
    assert sums == {
        "cost": Decimal("6032"),
        "fees": 150,
        "shortfall": 80,
        "tax": Decimal("500.96"),
        "payables": Decimal("-6762.96"),
    }
    assert sums["cost"] + sums["fees"] + sums["shortfall"] == 6262


def test_use_without_an_invoice_is_accrued_again_at_every_month_end(project: Project) -> None:
    postings = [posting(100), posting(7, posted=6)]
    connection = world(project, postings, [])
    assert entries(connection, "accrual", "2026-05")[0] == ("cost", "support", 100, 0)
    assert entries(connection, "accrual", "2026-06")[0] == ("cost", "support", 107, 0)
    assert entries(connection, "reversal", "2026-07")[0] == ("cost", "support", 0, 107)


def test_g9_7_prepayment_and_drawdown(project: Project) -> None:
    bought = [
        {
            "contract_id": "c",
            "provider": "vendor",
            "billing_account_id": "acct",
            "kind": "prepaid",
            "amount": 500000,
            "currency": "USD",
            "period_start": "2026-05-01",
            "period_end": "2027-05-01",
            "accrual_method": "fifo",
        }
    ]
    consumed = [
        {
            "period_month": "2026-05-01",
            "issuer": "vendor",
            "billing_account_id": "acct",
            "provider": "vendor",
            "currency": "USD",
            "amount": 50,
        }
    ]
    lines = [paper("prepayment", 500000), paper("usage", 50), paper("credit", -50)]
    connection = world(project, [posting(50)], lines, commitments=bought, int_account_consumption=consumed)
    assert entries(connection, "invoice", "2026-06") == [
        ("prepaid", "__none__", 500000, 0),
        ("payables", "__none__", 0, 500000),
    ]
    assert entries(connection, "prepaid_amortisation", "2026-06") == [
        ("cost", "support", 50, 0),
        ("prepaid", "__none__", 0, 50),
    ]
    note = [paper("credit", -100, reference_invoice_id="INV-4")]
    credited = world(project, [posting(50)], note)
    assert entries(credited, "invoice", "2026-06") == [
        ("cost", "support", 0, 100),
        ("payables", "__none__", 100, 0),
    ]


def test_g9_8_chargeback_is_nothing_to_the_company(project: Project) -> None:
    statements = [
        {
            "period_month": "2026-05-01",
            "cost_center": name,
            "layer": "model_api",
            "pool": "gateway",
            "currency": "USD",
            "amount": amount,
        }
        for name, amount in (("support", "60.00"), ("claims", "40.00"))
    ]
    connection = world(project, [posting(1)], [], rpt_chargeback_statements=statements)
    assert entries(connection, "chargeback", "2026-05") == [
        ("cost", "claims", 40, 0),
        ("cost", "support", 60, 0),
        ("recovery", "__none__", 0, 100),
    ]


def commitment(
    kind: str, amount: Any, method: str, start: str = "2026-01-01", end: str = "2027-01-01", name: str = "c"
) -> Row:
    return {
        "contract_id": name,
        "provider": "vendor",
        "billing_account_id": "acct",
        "kind": kind,
        "amount": amount,
        "currency": "USD",
        "period_start": start,
        "period_end": end,
        "accrual_method": method,
    }


def consumption(amounts: dict[int, Any]) -> list[Row]:
    return [
        {
            "period_month": f"2026-{month:02d}-01",
            "issuer": "vendor",
            "billing_account_id": "acct",
            "provider": "vendor",
            "currency": "USD",
            "amount": amount,
        }
        for month, amount in amounts.items()
    ]


@pytest.mark.parametrize(
    ("method", "expected"), [("straight_line", 8000), ("forecast_eac", 12000), ("at_expiry", 0)]
)
def test_g3_12_shortfall_to_date(project: Project, method: str, expected: int) -> None:
    connection = world(
        project,
        [posting(1)],
        [],
        commitments=[commitment("minimum_spend", 120000, method)],
        int_account_consumption=consumption(dict.fromkeys(range(1, 9), 9000)),
        int_as_of=[{"as_of": "2026-09-10 00:00:00"}],
    )
    found = connection.execute(
        "select accrued_to_date_amount, consumed_to_date_amount from fct_commitment_charges "
        "where period_month = '2026-08-01'"
    ).fetchall()
    assert found == [(expected, 72000)]


def test_g3_12_shortfall_at_the_end(project: Project) -> None:
    connection = world(
        project,
        [posting(1)],
        [],
        commitments=[commitment("minimum_spend", 120000, "straight_line")],
        int_account_consumption=consumption({5: 112500}),
        int_as_of=[{"as_of": "2027-01-10 00:00:00"}],
    )
    found = connection.execute(
        "select accrued_to_date_amount from fct_commitment_charges where period_month = '2026-12-01'"
    ).fetchone()
    assert found == (7500,)


@pytest.mark.parametrize(("method", "cost"), [("fifo", 120000), ("wac", 132000)])
def test_g3_11_prepaid_lots(project: Project, method: str, cost: int) -> None:
    lots = [
        commitment("prepaid", 100000, method, "2026-01-01", name="a"),
        commitment("prepaid", 25000, method, "2026-01-02", name="b"),
    ]
    lines = [
        paper("prepayment", 100000, 1, charge_period_start="2026-01-01"),
        paper("prepayment", 50000, 1, charge_period_start="2026-01-02", invoice_id="INV-1b"),
    ]
    connection = world(
        project,
        [posting(1)],
        lines,
        commitments=lots,
        int_account_consumption=consumption({2: 110000}),
    )
    charged, left = connection.execute(
        "select sum(charge_amount), sum(remaining_amount) filter (where period_month = '2026-02-01') "
        "from fct_commitment_charges"
    ).fetchone()
    assert (charged, left) == (cost, 150000 - cost)


def test_what_was_drawn_stays_booked_and_later_news_is_a_change(project: Project) -> None:
    """Lots of 100 for 50 and 100 for 100. February draws 80 of the first: 40. Then January turns out to have drawn 60
    before it: 30, and February 40 of each lot, 60: the change of 20 is booked with January, in April."""
    lots = [
        commitment("prepaid", 100, "fifo", "2026-01-01", name="a"),
        commitment("prepaid", 100, "fifo", "2026-01-02", name="b"),
    ]
    bought = [
        paper("prepayment", 50, 1, charge_period_start="2026-01-01"),
        paper("prepayment", 100, 1, charge_period_start="2026-01-02", invoice_id="INV-1b"),
    ]
    drawn = [paper("usage", 80, 2, "2026-03-04 09:00:00"), paper("credit", -80, 2, "2026-03-04 09:00:00")]
    late = {"known": "2026-04-10 09:00:00", "invoice_id": "INV-1c"}
    found = [paper("usage", 60, 1, **late), paper("credit", -60, 1, **late)]
    paid = [posting(80, event=2)]
    then = world(
        project, paid, bought + drawn, commitments=lots, int_as_of=[{"as_of": "2026-04-05 00:00:00"}]
    )
    now = world(project, paid, bought + drawn + found, commitments=lots)
    march = entries(then, "prepaid_amortisation", "2026-03")
    assert march == [("cost", "support", 40, 0), ("prepaid", "__none__", 0, 40)]
    assert entries(now, "prepaid_amortisation", "2026-03") == march
    assert sum(debit for _, _, debit, _ in entries(now, "prepaid_amortisation", "2026-04")) == 30 + 20
    void = {"status": "voided", "ingested_at": "2026-05-10 09:00:00"}
    voided = world(project, paid, bought + drawn + found + [line | void for line in drawn], commitments=lots)
    assert entries(voided, "prepaid_amortisation", "2026-03") == march
    left = voided.execute(
        "select sum(debit - credit) from fct_journal_entries where account = 'cost' and memo like '%rawn by%'"
    ).fetchone()
    assert left == (30,)


def test_use_beyond_the_lots_is_on_demand_and_what_is_left_expires(project: Project) -> None:
    lots = [commitment("prepaid", 100, "fifo", "2026-01-01", "2026-03-01")]
    connection = project.world(
        {
            "int_account_consumption": consumption({1: 30, 2: 20}),
            "commitments": lots,
            "int_invoice_lines_unioned": (),
            "int_as_of": [{"as_of": "2026-07-15 00:00:00"}],
        },
        ["int_prepaid_draws", "fct_commitment_charges"],
    )
    found = connection.execute(
        "select charge_amount, remaining_amount, breakage_amount from fct_commitment_charges order by period_month"
    ).fetchall()
    assert found == [(30, 70, 0), (70, 0, 50)]
    more = project.world(
        {
            "int_account_consumption": consumption({1: 30, 2: 90}),
            "commitments": lots,
            "int_invoice_lines_unioned": (),
            "int_as_of": [{"as_of": "2026-07-15 00:00:00"}],
        },
        ["int_prepaid_draws"],
    )
    overdraft = more.execute(
        "select sum(drawn_amount) from intermediate.int_prepaid_draws where lot_id is null"
    ).fetchone()
    assert overdraft == (20,)


def test_r1_10_realised_difference(project: Project) -> None:
    lines = [paper("usage", 6132, currency="EUR")]
    settled = [
        {
            "issuer": "vendor",
            "invoice_id": "INV-5",
            "settled_on": "2026-06-30",
            "amount": 6132,
            "currency": "EUR",
        }
    ]
    rate = [
        {
            "currency_from": "EUR",
            "currency_to": "USD",
            "rate_type": "spot",
            "rate": "0.935",
            "rate_date": "2026-06-30",
        }
    ]
    rate.append(rate[0] | {"rate_type": "invoice", "rate": "0.93", "rate_date": "2026-06-03"})
    connection = world(project, [posting(1)], lines, invoice_settlements=settled, fx_rates=rate)
    assert entries(connection, "fx", "2026-06") == [
        ("fx", "__none__", Decimal("30.66"), 0),
        ("cash", "__none__", 0, Decimal("30.66")),
    ]


def test_a_payment_without_a_rate_stops_the_build(project: Project) -> None:
    paid = {"issuer": "vendor", "invoice_id": "INV-5", "settled_on": "2026-06-30", "amount": 1, "currency": "EUR"}
    invoice_rate = {"currency_from": "EUR", "currency_to": "USD", "rate_type": "invoice", "rate": "0.93"}
    with pytest.raises(
        duckdb.Error, match="fx_missing: there is no spot rate from EUR to USD for 2026-06-30"
    ):
        world(
            project,
            [posting(1)],
            [paper("usage", 6132, currency="EUR")],
            invoice_settlements=[paid],
            fx_rates=[invoice_rate | {"rate_date": "2026-06-03"}],
        )


def balance(connection: duckdb.DuckDBPyConnection, account: str, period: str | None = None) -> Decimal:
    """Debits less credits of an account, of one period or of all."""
    return connection.execute(
        "select coalesce(sum(debit - credit), 0) from fct_journal_entries "
        "where account = $account and ($period is null or period = $period)",
        {"account": account, "period": period},
    ).fetchone()[0]


LATER = "2026-07-10 09:00:00"


def test_a_void_after_the_close_is_a_mirror_and_the_accrual_comes_back(project: Project) -> None:
    bill = [paper("usage", 6132, invoice_line_id="1")]
    void = [paper("usage", 6132, invoice_line_id="1", known=LATER, status="voided")]
    as_of = [{"as_of": "2026-08-15 00:00:00"}]
    before = world(project, R1_POSTINGS, bill, int_as_of=as_of)
    after = world(project, R1_POSTINGS, bill + void, int_as_of=as_of)
    query = "select * from fct_journal_entries where period < '2026-07' order by all"
    assert after.execute(query).fetchall() == before.execute(query).fetchall()
    assert balance(after, "payables", "2026-06") == -6132
    assert balance(after, "payables") == 0
    assert entries(after, "reversal", "2026-07") == [
        ("cost", "claims", 0, 2044),
        ("cost", "support", 0, 4088),
        ("payables", "__none__", 6132, 0),
    ]
    assert entries(after, "accrual", "2026-06") == []
    assert entries(after, "accrual", "2026-07")[-1] == ("accrued", "__none__", 0, 6000)
    assert after.execute("select invoiced, true_up from fct_accruals where accrued <> 0").fetchall() == [(None, None)]
    assert after.execute("select open_accrual from fct_accruals order by period").fetchall() == [(6000,), (6000,)]


def test_a_reissued_invoice_takes_the_first_one_out(project: Project) -> None:
    bill = [paper("usage", 6132, invoice_line_id="1")]
    number = {"invoice_id": "INV-5-R", "issued_on": "2026-07-09", "reference_invoice_id": "INV-5"}
    anew = [paper("usage", 6000, known=LATER, **number)]
    connection = world(project, R1_POSTINGS, bill + anew)
    assert (balance(connection, "payables", "2026-06"), balance(connection, "payables", "2026-07")) == (-6132, 132)
    assert connection.execute("select invoiced, invoice_period, true_up from fct_accruals").fetchall() == [
        (6000, "2026-06", 0)
    ]


def test_a_corrected_line_is_reversed_and_booked_again(project: Project) -> None:
    bill = [paper("usage", 6132, invoice_line_id="1"), paper("tax", 500, invoice_line_id="2")]
    corrected = [paper("usage", 6100, invoice_line_id="1", known=LATER)]
    connection = world(project, R1_POSTINGS, bill + corrected)
    assert (balance(connection, "payables", "2026-06"), balance(connection, "payables", "2026-07")) == (-6632, 32)
    assert (balance(connection, "tax"), balance(connection, "cost") - balance(connection, "accrued")) == (500, 6100)
    reversed_ids = connection.execute(
        "select count(distinct reversal_of) from fct_journal_entries "
        "where entry_type = 'reversal' and source_type = 'invoice'"
    ).fetchone()
    assert reversed_ids == (1,)


def test_the_same_line_delivered_again_books_nothing(project: Project) -> None:
    bill = [paper("usage", 6132, invoice_line_id="1")]
    again = [paper("usage", 6132, invoice_line_id="1", known=LATER)]
    books = [
        world(project, R1_POSTINGS, lines).execute("select * from fct_journal_entries order by all").fetchall()
        for lines in (bill, bill + again)
    ]
    assert books[0] == books[1]


def test_a_credit_memo_is_booked_where_it_came(project: Project) -> None:
    lines = [paper("usage", 6132), paper("credit", -32, invoice_id="CN-1", known=LATER, reference_invoice_id="INV-5")]
    connection = world(project, R1_POSTINGS, lines)
    assert entries(connection, "reversal", "2026-07") == []
    assert (balance(connection, "payables", "2026-06"), balance(connection, "payables", "2026-07")) == (-6132, 32)
    assert connection.execute("select invoiced, true_up from fct_accruals").fetchall() == [(6100, 100)]


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1", "\x00=1"])
def test_a_formula_is_text(text: str) -> None:
    assert journal.safe(text) == f"'{text}"


def test_amounts_have_minor_units() -> None:
    assert journal.money(Decimal("12.340000000000"), "USD") == "12.34"
    assert journal.money(Decimal("1235"), "JPY") == "1235"
    assert journal.money(Decimal("1.235"), "BHD") == "1.235"
    with pytest.raises(ValueError, match="finer than a minor unit"):
        journal.money(Decimal("0.001"), "USD")


def test_export_of_the_demo(built_demo: Build, tmp_path: Path) -> None:
    written = journal.export(built_demo.published, tmp_path / "one")
    again = journal.export(built_demo.published, tmp_path / "two")
    assert journal.unclosed(built_demo.published, None) == [
        path.stem.removeprefix("journal_") for path in written if path.stem > "journal_2026-08"
    ]
    assert journal.unclosed(built_demo.published, "2026-08") == []
    assert [path.read_bytes() for path in written] == [path.read_bytes() for path in again]
    for path in written:
        text = path.read_text(encoding="utf-8")
        control = json.loads(path.with_suffix(".control.json").read_text(encoding="utf-8"))
        assert control["sha256"] == hashlib.sha256(text.encode()).hexdigest()
        rows = list(csv.DictReader(text.splitlines()))
        assert len(rows) == control["lines"]
        signed = [{"entity": "default", "prepared_by": "s.ito", "approved_by": "m.okafor"}]
        assert control["closed"] == (signed if path.stem <= "journal_2026-08" else [])
        assert {(row["prepared_by"], row["approved_by"]) for row in rows} == (
            {("s.ito", "m.okafor")} if control["closed"] else {("", "")}
        )
        for account, sides in control["accounts"].items():
            for side, amount in sides.items():
                own = [Decimal(row[side]) for row in rows if row["account"] == account]
                assert sum(own) == Decimal(amount)
        for side in ("functional_debit", "functional_credit"):
            assert sum(Decimal(sides[side]) for sides in control["accounts"].values()) == Decimal(control[side])
        for currency, totals in control["totals"].items():
            own = [row for row in rows if row["currency"] == currency]
            for side in ("debit", "credit"):
                assert sum(Decimal(row[side]) for row in own) == Decimal(totals[side])
            assert totals["debit"] == totals["credit"]
        assert not any("e" in row[side].lower() for row in rows for side in ("debit", "credit", "fx_rate"))


def test_export_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert journal.main(["--published", str(tmp_path / "none.duckdb")]) == 2
    assert "run `make build` first" in capsys.readouterr().err
    assert journal.main(["--period", "2026-13"]) == 2
    assert "is not YYYY-MM" in capsys.readouterr().err
