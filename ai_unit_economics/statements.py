"""Writes the statements of the published file as CSV: one file for each cost center and one for each tenant.

    python -m ai_unit_economics.statements [--period YYYY-MM|all] [--published FILE] [--out FOLDER]

Without a period it takes the newest month that was over when the marts spoke. Files lie in
<out>/<period>/cost_centers/<cost center>.csv and <out>/<period>/tenants/<tenant>.csv; each holds the lines of one
bearer and names no other. <out>/<period>/index.csv is for finance: every file, its currency, lines and total. Amounts
have the minor units of their currency and no exponent; text that a spreadsheet would run as a formula gets a leading
apostrophe. The same published file gives the same bytes. Exit code 2 with one sentence where there is nothing to write.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from ai_unit_economics.commands import default_path

from .journal import money, safe

FOLDER = Path("statements")
# What a bearer may see. Targets, sources of other cuts and names of other bearers are not among the columns.
LINES = ("environment", "layer", "description", "quantity", "quantity_unit", "rate", "amount", "currency")
# `event_period` is the month that a line belongs to: an earlier one on adjustments.
COST_CENTER_LINES = (
    "version", "event_period", *LINES, "method", "confidence", "source_type", "source_id", "invoice_id",
)  # fmt: skip
AUDIENCES = {
    "cost_centers": ("rpt_chargeback_statements", "cost_center", "cost_center_name", COST_CENTER_LINES),
    "tenants": ("rpt_tenant_statements", "tenant_id", "tenant_name", LINES),
}
# What nobody bears is not a bearer's business: finance finds it in the mart.
NOBODY = re.compile(r"__[a-z]+__")
Line = dict[str, Any]


class NothingToWriteError(Exception):
    """There is no statement to write; the message is one sentence."""


def last_month(connection: duckdb.DuckDBPyConnection) -> str:
    """The newest period (YYYY-MM) that was over when the marts spoke."""
    found = connection.execute(
        "select max(period) from marts.rpt_chargeback_statements "
        "where period_month + interval 1 month <= (select as_of from publication.manifest)"
    ).fetchone()
    if not found or not found[0]:
        raise NothingToWriteError("No month of the published file is over; name one with --period.")
    return str(found[0])


def read_lines(
    connection: duckdb.DuckDBPyConnection, audience: str, period: str
) -> list[tuple[str, str | None, Line]]:
    """(bearer, its name, line) of every line of a period, in the order of export."""
    mart, bearer, name, columns = AUDIENCES[audience]
    cursor = connection.execute(
        f"select {bearer}, {name}, statement_id, line_id, {', '.join(columns)} from marts.{mart} "
        f"where period = ? order by {bearer}, currency, environment, source_type, layer, description, line_id",
        [period],
    )
    titles = ("statement_id", "line_id", *columns)
    return [(row[0], row[1], dict(zip(titles, row[2:], strict=True))) for row in cursor.fetchall()]


def plain(number: Decimal | None) -> str:
    """A quantity or rate without exponent and trailing zeros; empty where there is none."""
    if number is None:
        return ""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def csv_text(bearer: str, name: str | None, period: str, lines: Sequence[Line]) -> str:
    """The CSV of one bearer, header included."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    columns = list(lines[0])
    writer.writerow(["period", "bearer", "bearer_name", *columns])
    for line in lines:
        shown = dict(line)
        shown["amount"] = money(line["amount"], line["currency"])
        for column in ("quantity", "rate"):
            shown[column] = plain(line[column])
        texts = [
            value if column in ("amount", "quantity", "rate") else safe(value) for column, value in shown.items()
        ]
        writer.writerow([period, safe(bearer), safe(name), *texts])
    return buffer.getvalue()


def file_name(bearer: str) -> str:
    """A name for any file system: what is not plain is replaced, and a digest keeps two such names apart."""
    plain_name = re.sub(r"[^A-Za-z0-9._-]", "_", bearer).lstrip(".")[:100] or "_"
    if plain_name != bearer or bearer.lower() != bearer:
        plain_name += "-" + hashlib.sha256(bearer.encode()).hexdigest()[:8]
    return f"{plain_name}.csv"


def by_bearer(
    lines: Iterable[tuple[str, str | None, Line]],
) -> dict[str, tuple[str | None, list[Line]]]:
    """The lines of each bearer, those of nobody left out."""
    found: dict[str, tuple[str | None, list[Line]]] = {}
    for bearer, name, line in lines:
        if not NOBODY.fullmatch(bearer):
            found.setdefault(bearer, (name, []))[1].append(line)
    return found


def write_period(connection: duckdb.DuckDBPyConnection, period: str, folder: Path) -> int:
    """Write the files of one period, whole or not at all; returns how many bearers have one."""
    texts: dict[str, str] = {}
    index: list[list[str]] = []
    for audience in AUDIENCES:
        for bearer, (name, lines) in by_bearer(read_lines(connection, audience, period)).items():
            path = f"{audience}/{file_name(bearer)}"
            texts[path] = csv_text(bearer, name, period, lines)
            for currency in sorted({line["currency"] for line in lines}):
                own = [line["amount"] for line in lines if line["currency"] == currency]
                total = money(sum(own, Decimal(0)), currency)
                index.append([path, safe(bearer), currency, str(len(own)), total])
    if not texts:
        raise NothingToWriteError(f"The published file has no statement of {period}.")
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([["file", "bearer", "currency", "lines", "total"], *index])
    texts["index.csv"] = buffer.getvalue()

    target, draft = folder / period, folder / f".{period}.tmp"
    shutil.rmtree(draft, ignore_errors=True)
    for path, text in texts.items():
        (draft / path).parent.mkdir(parents=True, exist_ok=True)
        (draft / path).write_text(text, encoding="utf-8", newline="")
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    return len(texts) - 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the statements; 2 and one sentence where there is nothing to write."""
    parser = argparse.ArgumentParser(prog="python -m ai_unit_economics.statements", description=__doc__)
    parser.add_argument("--period", help="YYYY-MM, or all")
    parser.add_argument("--published", type=Path, default=default_path(), help="the published file")
    parser.add_argument("--out", type=Path, default=FOLDER, help="the folder to write to")
    chosen = parser.parse_args(arguments)
    if chosen.period and not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])|all", chosen.period):
        print(f"{chosen.period!r} is no period; write it as YYYY-MM, or all.", file=sys.stderr)
        return 2
    if not chosen.published.is_file():
        print(f"There is no published file {chosen.published}; `make build` writes it.", file=sys.stderr)
        return 2
    try:
        with duckdb.connect(str(chosen.published), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            periods = [chosen.period or last_month(connection)]
            if chosen.period == "all":
                query = "select distinct period from marts.rpt_chargeback_statements order by period"
                periods = [period for (period,) in connection.execute(query).fetchall()]
            for period in periods:
                count = write_period(connection, period, chosen.out)
                print(f"{period}: {count} statements in {chosen.out / period}")
    except NothingToWriteError as nothing:
        print(nothing, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
