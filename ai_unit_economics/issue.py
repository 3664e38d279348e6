"""Issues the statements of one month: `python -m ai_unit_economics.issue YYYY-MM <prepared_by> <approved_by>`.

Writes the drafts of the published file, every cost center's, into one CSV of the folder `issued_statements` beside
the feeds (--out names another one). From the next build on these lines are shown as they are; whatever is found out
later about the month becomes adjustments on the first statements that are not issued. The time of issue is the moment
that the marts speak from. A month is issued once it is closed, in order, by two people; a month that was reopened after
its issue is a draft again and is issued as the next version. Exit code 2 with one sentence where that is not so.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from ai_unit_economics.commands import are_two_people, default_path

HEAD = ("period", "statement_id", "version", "issued_at", "prepared_by", "approved_by", "digest")
LINE = (
    "event_period", "line_id", "adjusts_line_id", "cost_center", "cost_center_name", "environment", "layer", "pool",
    "application", "description", "quantity", "quantity_unit", "rate", "amount", "currency", "rule_id", "method",
    "confidence", "target_type", "target_id", "source_type", "source_id", "vendor", "issuer", "billing_account_id",
    "invoice_id", "ledger_amount_usd",
)  # fmt: skip
BLOCKING = """
select 'is already issued'
where exists (select 1 from marts.rpt_chargeback_statements where period = $period and is_issued)
union all
select 'has no statements' where not exists (select 1 from marts.rpt_chargeback_statements where period = $period)
union all
select 'is not closed in policy/periods' where not exists (select 1 from marts.rpt_period_close where period = $period)
    or exists (select 1 from marts.rpt_period_close where period = $period and status <> 'closed')
union all
select 'comes after ' || min(period) || ', which is not issued'
from marts.rpt_chargeback_statements
where period < $period and not is_issued
    and period > (select min(period) from marts.rpt_chargeback_statements where is_issued)
having count(*) > 0
"""


class NotIssuedError(Exception):
    """The statements cannot be issued; the message is one sentence."""


def drafts(connection: duckdb.DuckDBPyConnection, period: str) -> tuple[str, list[dict[str, Any]]]:
    """(moment that the marts speak from, draft lines of the period with their statement's version and digest)."""
    found = connection.execute(BLOCKING, {"period": period}).fetchone()
    if found:
        raise NotIssuedError(f"{period} {found[0]}.")
    as_of = connection.execute("select cast(as_of as varchar) from publication.manifest").fetchone()
    columns = [f"lines.{column}" for column in LINE]
    cursor = connection.execute(
        f"select lines.period, lines.statement_id, lines.version, register.digest, {', '.join(columns)} "
        "from marts.rpt_chargeback_statements as lines "
        "inner join marts.rpt_statement_register as register using (statement_id, version) "
        "where lines.period = $period order by lines.statement_id, lines.description, lines.line_id",
        {"period": period},
    )
    titles = [column[0] for column in cursor.description]
    return str(as_of[0]) if as_of else "", [dict(zip(titles, row, strict=True)) for row in cursor.fetchall()]


def exact(value: Any) -> str:
    """A value as text, in full and without exponent; nothing as nothing."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def issued_text(lines: Sequence[dict[str, Any]], issued_at: str, prepared_by: str, approved_by: str) -> str:
    """The CSV of an issue: every value in full, nothing as null."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow((*HEAD, *LINE))
    signed = {"issued_at": issued_at, "prepared_by": prepared_by, "approved_by": approved_by}
    for line in lines:
        values = line | signed
        writer.writerow([exact(values[column]) for column in (*HEAD, *LINE)])
    return buffer.getvalue()


def folder_of(connection: duckdb.DuckDBPyConnection) -> Path:
    """`issued_statements` beside the feeds that the published file was built from."""
    found = connection.execute("select settings from publication.manifest").fetchone()
    settings = json.loads(found[0]) if found else {}
    return Path(settings.get("input_dir", "demo")) / "issued_statements"


def main(arguments: Sequence[str] | None = None) -> int:
    """Issue; 2 and one sentence where that cannot be."""
    parser = argparse.ArgumentParser(prog="python -m ai_unit_economics.issue", description=__doc__)
    parser.add_argument("period", help="YYYY-MM")
    parser.add_argument("prepared_by")
    parser.add_argument("approved_by")
    parser.add_argument("--published", type=Path, default=default_path(), help="the published file")
    parser.add_argument("--out", type=Path, help="the folder of issued statements")
    chosen = parser.parse_args(arguments)
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", chosen.period):
        print(f"{chosen.period!r} is no period; write it as YYYY-MM.", file=sys.stderr)
        return 2
    if not are_two_people(chosen.prepared_by, chosen.approved_by):
        print("An issue needs two people: one prepares, another approves.", file=sys.stderr)
        return 2
    if not chosen.published.is_file():
        print(f"There is no published file {chosen.published}; `make build` writes it.", file=sys.stderr)
        return 2
    try:
        with duckdb.connect(str(chosen.published), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            issued_at, lines = drafts(connection, chosen.period)
            folder = chosen.out or folder_of(connection)
        target = folder / f"{chosen.period}-v{lines[0]['version']}.csv"
        if target.exists():
            raise NotIssuedError(f"{target} is there already; build with it first.")
    except NotIssuedError as refused:
        print(refused, file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(
        issued_text(lines, issued_at, chosen.prepared_by, chosen.approved_by), encoding="utf-8", newline=""
    )
    count = len({line["statement_id"] for line in lines})
    print(f"{chosen.period}: {count} statements issued in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
