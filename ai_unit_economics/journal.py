"""Exports the journals of the published file as CSV, with control totals beside them.

    python -m ai_unit_economics.journal [--period YYYY-MM] [--published FILE] [--out FOLDER]

Writes journal_<period>.csv and journal_<period>.control.json (lines, journals, debits and credits per currency and per
account, who closed the period, the sha256 of the CSV); without a period, one pair per period. Amounts have the minor
units of their currency and no exponent. Text that a spreadsheet would run as a formula is written with a leading
apostrophe. The same published file gives the same bytes. Exit code 2 with one sentence where there is nothing to
export; 1 where the journals do not balance, and then nothing is written.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from ai_unit_economics.commands import default_path

FOLDER = Path("journals")
TEXTS = (
    "journal_id", "line_number", "entry_type", "posting_date", "period", "entity", "account", "cost_center", "layer",
)
AMOUNTS = ("debit", "credit")
FUNCTIONAL = ("functional_debit", "functional_credit")
COLUMNS = (
    *TEXTS, *AMOUNTS, "currency", "fx_rate", *FUNCTIONAL, "source_type", "source_id", "reversal_of", "memo",
    "prepared_by", "approved_by",
)  # fmt: skip
NO_MINOR = set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
THREE_DIGITS = set("BHD IQD JOD KWD LYD OMR TND".split())
FORMULA = tuple("=+-@\t\r\x00")


def minor_digits(currency: str) -> int:
    """Digits after the point of the currency's smallest unit (ISO 4217)."""
    return 0 if currency in NO_MINOR else 3 if currency in THREE_DIGITS else 2


def money(amount: Decimal, currency: str) -> str:
    """Plain decimal text in minor units; ValueError where the amount is finer than those."""
    text = amount.quantize(Decimal(1).scaleb(-minor_digits(currency)))
    if text != amount:
        raise ValueError(f"{amount} {currency} is finer than a minor unit")
    return f"{text:f}"


def safe(text: Any) -> str:
    """The text as a spreadsheet may open it: what looks like a formula gets an apostrophe in front."""
    found = "" if text is None else str(text)
    return f"'{found}" if found.startswith(FORMULA) else found


def read_lines(published: Path, period: str | None) -> tuple[list[dict[str, Any]], str]:
    """(journal lines in the order of export, reporting currency); sqlite-like errors of DuckDB pass through."""
    with duckdb.connect(str(published), read_only=True) as connection:
        chosen = "where period = $period" if period else ""
        cursor = connection.execute(
            f"select {', '.join(COLUMNS)} from marts.fct_journal_entries {chosen} "
            "order by period, posting_date, entry_type, source_id, journal_id, line_number",
            {"period": period} if period else {},
        )
        lines = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
        functional = connection.execute("select max(currency) from marts.fct_accruals").fetchone()
    return lines, (functional[0] if functional and functional[0] else "USD")


def unclosed(published: Path, period: str | None) -> list[str]:
    """Periods with journals that nobody has closed, of all or of the one chosen."""
    query = """
        select distinct period from marts.fct_journal_entries
        where approved_by is null and coalesce(period = $period, true) order by period
    """
    with duckdb.connect(str(published), read_only=True) as connection:
        return [name for (name,) in connection.execute(query, {"period": period}).fetchall()]


def unbalanced(lines: list[dict[str, Any]]) -> list[str]:
    """Journals whose debits and credits differ in one of the two currencies."""
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for line in lines:
        for number, (debit, credit) in enumerate((AMOUNTS, FUNCTIONAL)):
            sums[line["journal_id"], line["currency"]][number] += line[debit] - line[credit]
    return sorted({journal for (journal, _), differences in sums.items() if any(differences)})


def csv_text(lines: list[dict[str, Any]], functional: str) -> str:
    """The CSV of some journal lines, header included."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        row = []
        for column in COLUMNS:
            value = line[column]
            if column in AMOUNTS:
                row.append(money(value, line["currency"]))
            elif column in FUNCTIONAL:
                row.append(money(value, functional))
            elif column == "fx_rate":
                row.append(f"{value:f}")
            else:
                row.append(safe(value))
        writer.writerow(row)
    return buffer.getvalue()


def control_totals(lines: list[dict[str, Any]], text: str, functional: str) -> dict[str, Any]:
    """What the receiver checks: counts, sums per currency and account as text, who closed, the digest of the CSV."""
    accounts: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(FUNCTIONAL, Decimal(0)))
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(AMOUNTS, Decimal(0)))
    for line in lines:
        for side in AMOUNTS:
            sums[line["currency"]][side] += line[side]
        for side in FUNCTIONAL:
            accounts[line["account"]][side] += line[side]
    return {
        "lines": len(lines),
        "journals": len({line["journal_id"] for line in lines}),
        "totals": {
            currency: {side: money(amount, currency) for side, amount in sides.items()}
            for currency, sides in sorted(sums.items())
        },
        "accounts": {
            account: {side: money(amount, functional) for side, amount in sides.items()}
            for account, sides in sorted(accounts.items())
        },
        "closed": [
            {"entity": entity, "prepared_by": prepared_by, "approved_by": approved_by}
            for entity, prepared_by, approved_by in sorted(
                {
                    (line["entity"], line["prepared_by"], line["approved_by"])
                    for line in lines
                    if line["prepared_by"] is not None
                }
            )
        ],
        "functional_currency": functional,
        "functional_debit": money(sum((line["functional_debit"] for line in lines), Decimal(0)), functional),
        "functional_credit": money(sum((line["functional_credit"] for line in lines), Decimal(0)), functional),
        "sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
    }


def export(published: Path, folder: Path, period: str | None = None) -> list[Path]:
    """Write the files and return the CSV paths; ValueError where journals do not balance or there are none."""
    lines, functional = read_lines(published, period)
    if not lines:
        raise LookupError(f"There are no journals{f' in {period}' if period else ''} in {published}.")
    wrong = unbalanced(lines)
    if wrong:
        raise ValueError(f"{len(wrong)} journals do not balance, the first is {wrong[0]}; nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for chosen in sorted({line["period"] for line in lines}):
        own = [line for line in lines if line["period"] == chosen]
        text = csv_text(own, functional)
        path = folder / f"journal_{chosen}.csv"
        path.write_text(text, encoding="utf-8", newline="")
        control = json.dumps(control_totals(own, text, functional), indent=2) + "\n"
        path.with_suffix(".control.json").write_text(control, encoding="utf-8")
        written.append(path)
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Export the journals as CSV with control totals.")
    parser.add_argument("--period", help="YYYY-MM; all periods without it")
    parser.add_argument("--published", type=Path, default=default_path())
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args(arguments)
    if given.period and not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", given.period):
        print(f"The period '{given.period}' is not YYYY-MM.", file=sys.stderr)
        return 2
    if not given.published.exists():
        print(f"{given.published} is missing; run `make build` first.", file=sys.stderr)
        return 2
    try:
        written = export(given.published, given.out, given.period)
    except LookupError as error:
        print(error, file=sys.stderr)
        return 2
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(written)} journal file(s) in {given.out}, control totals beside each.")
    open_periods = unclosed(given.published, given.period)
    if open_periods:
        print(f"Not closed, so that their amounts may still change: {', '.join(open_periods)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
