"""Prints what a close is signed with: `python -m ai_unit_economics.close <prepared_by> <approved_by>`.

One CSV line per closed period and entity of the published file, ready for seeds/policy/period_snapshots.csv, without
those that are there already. Every later build compares the period's postings with the line and stops on a difference.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import duckdb

PUBLISHED = Path("published/ai_unit_economics.duckdb")
SNAPSHOTS = Path("seeds/policy/period_snapshots.csv")
COLUMNS = ("period", "entity", "close_version", "as_reported_total", "row_digest", "prepared_by", "approved_by")


def closed_periods(published: Path) -> list[tuple[str, str, str, str, str]]:
    """(period, entity, close_version, as reported, digest) as text, by period and entity."""
    with duckdb.connect(str(published), read_only=True) as connection:
        return connection.execute(
            "select period, entity, cast(close_version as varchar), cast(as_reported_usd as varchar), row_digest "
            "from marts.rpt_period_close where status = 'closed' order by period, entity"
        ).fetchall()


def recorded(snapshots: Path) -> set[tuple[str, str, str]]:
    """(period, entity, close_version) of the snapshots that policy has."""
    if not snapshots.exists():
        return set()
    with snapshots.open(newline="", encoding="utf-8") as handle:
        return {(row["period"], row["entity"], row["close_version"]) for row in csv.DictReader(handle)}


def main(arguments: list[str]) -> int:
    """Exit code 0; 2 with one sentence where the two people or the published file are missing."""
    if len(arguments) != 2 or arguments[0] == arguments[1]:
        usage = "python -m ai_unit_economics.close <prepared_by> <approved_by>"
        print(f"A close needs two people: {usage}", file=sys.stderr)
        return 2
    if not PUBLISHED.exists():
        print(f"{PUBLISHED} is missing; run `make build` first.", file=sys.stderr)
        return 2
    known = recorded(SNAPSHOTS)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for row in closed_periods(PUBLISHED):
        if row[:3] not in known:
            writer.writerow([*row, *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
