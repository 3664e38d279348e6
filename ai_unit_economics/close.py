"""Closes an accounting period, or reopens the last one, by writing the policy that says so.

    python -m ai_unit_economics.close 2026-09 --prepared-by s.ito --approved-by m.okafor [--reopen REASON]

Reads the published file, prints what is being signed (totals, late adjustments, accruals, units, open exceptions), and
writes `periods.csv`, `period_snapshots.csv` and `period_unit_snapshots.csv` in the policy folder: when the period was
closed, by whom, the digests that every later build compares its postings and journals with, and the units and what they
cost. A period that is closed by hand and not signed is signed.
Exit code 2 with one sentence where the close is not allowed; then nothing is written.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from ai_unit_economics.commands import are_two_people, default_path

PERIODS = ("period", "entity", "closed_at", "closed_by", "approved_by", "expected_total", "reopened_at")
SNAPSHOTS = (
    "period", "entity", "close_version", "as_reported_total", "row_digest", "journal_digest",
    "prepared_by", "approved_by",
)  # fmt: skip
UNIT_SNAPSHOTS = (
    "period", "entity", "close_version", "environment", "unit_type", "workflow", "attempted_units", "final_units",
    "successful_units", "final_cost_usd",
)  # fmt: skip
REOPENINGS = ("period", "entity", "close_version", "reopened_at", "reason", "prepared_by", "approved_by")
STATE = """
select
    period, entity, status, close_version, is_signed, period_month, as_reported_usd, as_restated_usd,
    adjustments_usd, row_digest, journal_digest
from marts.rpt_period_close where entity = $entity order by period
"""
CHECKS = {
    "accrued without an invoice": """
        select count(*), sum(open_accrual) from marts.fct_accruals
        where period = $period and entity = $entity and open_accrual <> 0
    """,
    "journals of the period": """
        select count(distinct journal_id), sum(functional_debit) from marts.fct_journal_entries
        where period = $period and entity = $entity
    """,
}
UNITS = """
select
    environment, unit_type, workflow, as_restated_attempted_units as attempted_units,
    as_restated_final_units as final_units, as_restated_successful_units as successful_units,
    as_restated_final_cost_usd as final_cost_usd
from marts.rpt_period_unit_costs where period = $period and entity = $entity order by all
"""
EXCEPTIONS = """
select kind, currency, count(*), sum(amount), max(age_periods) from marts.rpt_reconciliation_exceptions
where first_seen_period <= $period group by kind, currency order by kind, currency
"""


class NotAllowedError(Exception):
    """A close that the rules forbid; its text says which rule and what to do."""


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a seed; none where there is no file."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def write_rows(path: Path, columns: Sequence[str], rows: list[dict[str, Any]]) -> None:
    """Write a seed whole; columns that only the file has are kept, after the known ones."""
    extra = [column for row in rows for column in row if column not in columns]
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, [*columns, *dict.fromkeys(extra)], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def judged(
    states: dict[str, dict[str, Any]], period: str, as_of: datetime, reopen: bool, listed: set[str]
) -> dict[str, Any]:
    """The state of the period, where it may be closed, signed or reopened as of the build; else NotAllowedError."""
    state = states.get(period)
    if state is None:
        raise NotAllowedError(f"The published file holds no period {period} of this entity.")
    later = [name for name, other in states.items() if name > period and other["status"] == "closed"]
    earlier = [name for name in listed if name < period and states.get(name, {}).get("status") != "closed"]
    if reopen:
        if state["status"] != "closed":
            raise NotAllowedError(f"{period} is {state['status']} already.")
        if later:
            raise NotAllowedError(f"{max(later)} is closed behind {period}: reopen {max(later)} first.")
        return state
    if (state["period_month"] + timedelta(days=32)).replace(day=1) > as_of.date():
        raise NotAllowedError(f"{period} is not over at {as_of} UTC, the moment that the published file speaks from.")
    if state["status"] == "closed" and state["is_signed"]:
        raise NotAllowedError(f"{period} is closed and signed already.")
    if earlier and state["status"] != "closed":
        raise NotAllowedError(f"{min(earlier)} is open before {period}: close {min(earlier)} first.")
    return state


def closed_rows(rows: list[dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of periods.csv with a close in them: in the period's open row, else in a new one after its last."""
    own = [n for n, row in enumerate(rows) if (row["period"], row["entity"]) == (new["period"], new["entity"])]
    for number in own:
        if not rows[number]["closed_at"]:
            return [*rows[:number], rows[number] | new, *rows[number + 1 :]]
    place = own[-1] + 1 if own else len(rows)
    return [*rows[:place], new, *rows[place:]]


def apply(
    seeds: Path,
    state: dict[str, Any],
    units: list[dict[str, Any]],
    moment: str,
    people: tuple[str, str],
    reason: str | None,
) -> None:
    """Write the close, the signature or the reopening into the policy seeds; `units` are signed with the close."""
    prepared_by, approved_by = people
    key = {"period": state["period"], "entity": state["entity"]}
    periods = read_rows(seeds / "periods.csv")
    open_rows = [row for row in periods if row | key == row and row["closed_at"] and not row["reopened_at"]]
    if bool(open_rows) != (state["status"] == "closed"):
        raise NotAllowedError(f"periods.csv and the published file differ on {key['period']}: run `make build` first.")
    signed = {"prepared_by": prepared_by, "approved_by": approved_by}
    if reason is not None:
        open_rows[0]["reopened_at"] = moment
        version = {"close_version": state["close_version"], "reopened_at": moment, "reason": reason}
        made = read_rows(seeds / "period_reopenings.csv")
        write_rows(seeds / "period_reopenings.csv", REOPENINGS, [*made, key | version | signed])
        write_rows(seeds / "periods.csv", PERIODS, periods)
        return
    version = state["close_version"]
    if state["status"] != "closed":
        version += 1
        new = key | {"closed_at": moment, "closed_by": prepared_by, "approved_by": approved_by}
        write_rows(seeds / "periods.csv", PERIODS, closed_rows(periods, new))
    digests = {"row_digest": state["row_digest"], "journal_digest": state["journal_digest"]}
    total = {"close_version": version, "as_reported_total": state["as_reported_usd"]}
    rows = read_rows(seeds / "period_snapshots.csv")
    write_rows(seeds / "period_snapshots.csv", SNAPSHOTS, [*rows, key | total | digests | signed])
    counted = [key | {"close_version": version} | row for row in units]
    rows = read_rows(seeds / "period_unit_snapshots.csv")
    write_rows(seeds / "period_unit_snapshots.csv", UNIT_SNAPSHOTS, [*rows, *counted])


def fetched(connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, str]) -> list[dict[str, Any]]:
    """The rows of a query, as {column: value}."""
    cursor = connection.execute(query, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def run(given: argparse.Namespace) -> None:
    """Close, sign or reopen; NotAllowedError says why not."""
    if not are_two_people(given.prepared_by, given.approved_by):
        raise NotAllowedError("A close takes two people: --prepared-by and another --approved-by.")
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", given.period):
        raise NotAllowedError(f"The period '{given.period}' is not YYYY-MM.")
    if not given.published.exists():
        raise NotAllowedError(f"{given.published} is missing; run `make build` first.")
    seeds = given.seeds / "policy"
    if not (seeds / "periods.csv").exists():
        raise NotAllowedError(f"{seeds / 'periods.csv'} is missing; name the policy folder with --seeds.")
    parameters = {"period": given.period, "entity": given.entity}
    with duckdb.connect(str(given.published), read_only=True) as marts:
        [(as_of,)] = marts.execute("select as_of from publication.manifest").fetchall()
        states = {row["period"]: row for row in fetched(marts, STATE, {"entity": given.entity})}
        units = fetched(marts, UNITS, parameters)
        listed = {row["period"] for row in read_rows(seeds / "periods.csv") if row["entity"] == given.entity}
        state = judged(states, given.period, as_of, given.reopen is not None, listed)
        print(f"{given.period} ({given.entity}) as of {as_of} UTC, {state['status']}")
        for name in ("as_reported_usd", "as_restated_usd", "adjustments_usd"):
            print(f"  {name.removesuffix('_usd').replace('_', ' '):<28}{state[name]:>18,.2f}")
        for name, query in CHECKS.items():
            used = {key: value for key, value in parameters.items() if f"${key}" in query}
            [(count, amount)] = marts.execute(query, used).fetchall()
            print(f"  {name:<28}{amount or 0:>18,.2f}  ({count})")
        for row in units:
            name = f"{row['unit_type']}, {row['environment']}"
            print(f"  {name:<28}{row['final_cost_usd']:>18,.2f}  ({row['successful_units']:,} successful)")
        for kind, currency, count, amount, age in marts.execute(EXCEPTIONS, {"period": given.period}).fetchall():
            print(f"  open: {kind:<22}{amount:>18,.2f}  {currency or ''} ({count}, oldest {age} periods)")
    moment = f"{as_of.replace(microsecond=0) + timedelta(seconds=1)}"
    apply(seeds, state, units, moment, (given.prepared_by, given.approved_by), given.reopen)
    done = "reopened" if given.reopen is not None else "signed" if state["status"] == "closed" else "closed"
    print(f"{given.period} is {done} in {seeds}, for builds as of {moment} UTC and later.")
    print("Have the change of policy reviewed and committed, then run `make build`.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0; 2 and one sentence where the close is not allowed."""
    parser = argparse.ArgumentParser(prog="python -m ai_unit_economics.close", description="Close a period.")
    parser.add_argument("period", help="YYYY-MM")
    parser.add_argument("--prepared-by", required=True)
    parser.add_argument("--approved-by", required=True)
    parser.add_argument("--entity", default="default")
    parser.add_argument("--reopen", metavar="REASON", help="reopen it instead, and say why")
    parser.add_argument("--seeds", type=Path, default=Path(os.environ.get("AIUE_SEEDS", "seeds")))
    parser.add_argument("--published", type=Path, default=default_path())
    try:
        run(parser.parse_args(arguments))
    except NotAllowedError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
