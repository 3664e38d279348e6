"""Accrual, close and restatement (semantics.md 9): what is closed never moves, late knowledge is a row of its own."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from compiled import Project
from conftest import Build

from ai_unit_economics import close

Row = dict[str, Any]
MARTS = ("fct_postings", "rpt_period_close", "rpt_period_unit_costs")
PERIODS = [
    {
        "period": f"2026-{number:02d}",
        "entity": "default",
        "closed_at": closed,
        "closed_by": "a",
        "approved_by": "b",
    }
    for number, closed in ((4, "2026-05-05 00:00:00"), (5, "2026-06-05 00:00:00"), (6, None), (7, None))
]


@pytest.fixture(scope="module")
def project(demo: Build) -> Project:
    return Project(demo)


def charge(number: int, occurred_at: str, amount: Any, ingested_at: str | None = None, **more: Any) -> Row:
    """A metered charge of `amount`, known at `ingested_at`."""
    return {
        "charge_id": str(number),
        "occurred_at": occurred_at,
        "ingested_at": ingested_at,
        "layer": "retrieval",
        "environment": "production",
        "cost_center": "cx",
        "cost_micros_usd": Decimal(str(amount)) * 1_000_000,
    } | more


def inputs(
    charges: Iterable[Row], periods: Iterable[Row] = PERIODS, as_of: str = "2026-07-20 00:00:00"
) -> dict[str, Iterable[Row]]:
    """A world of metered charges alone."""
    return {
        "int_metered_costs_versions": charges,
        "int_human_reviews_versions": (),
        "int_usage_costs_monthly": (),
        "int_usage_price_changes": (),
        "fct_journal_entries": (),
        "int_unit_dimensions": (),
        "int_owner_cost_centers": (),
        "int_shared_cost_months": (),
        "int_shared_costs": (),
        "int_unit_events": (),
        "int_unit_call_costs": (),
        "int_unit_allocated_costs": (),
        "int_as_of": [{"as_of": as_of}],
        "periods": periods,
    }


def world(
    project: Project,
    charges: Iterable[Row],
    periods: Iterable[Row] = PERIODS,
    as_of: str = "2026-07-20 00:00:00",
    **tables: Iterable[Row],
) -> duckdb.DuckDBPyConnection:
    return project.world(inputs(charges, periods, as_of) | tables, MARTS)


def closes(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[Decimal, Decimal]]:
    """{period: (as reported, as restated)} of the periods with figures."""
    found = connection.execute(
        "select period, as_reported_usd, as_restated_usd from rpt_period_close "
        "where posting_count > 0 or as_restated_usd <> 0"
    ).fetchall()
    return {period: (reported, restated) for period, reported, restated in found}


def digests(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[Decimal, str]]:
    """{closed period: (as reported, digest)}."""
    found = connection.execute(
        "select period, as_reported_usd, row_digest from rpt_period_close where status = 'closed'"
    ).fetchall()
    return {period: (reported, digest) for period, reported, digest in found}


G92 = [
    charge(1, "2026-05-10 00:00:00", 6000, "2026-05-10 00:01:00"),
    charge(2, "2026-05-31 12:00:00", 45, "2026-06-11 09:00:00"),
    charge(3, "2026-06-10 00:00:00", 7000, "2026-06-10 00:01:00"),
]


def test_g9_2_late_event_is_reported_in_the_open_period(project: Project) -> None:
    connection = world(project, G92)
    assert closes(connection) == {"2026-05": (6000, 6045), "2026-06": (7045, 7000)}
    late = connection.execute(
        "select event_period, posting_period, is_adjustment, adjustment_reason, amount_usd, "
        "adjusts_posting_id is not null from fct_postings where is_adjustment"
    ).fetchall()
    assert late == [("2026-05", "2026-06", True, "late_event", 45, True)]
    sums = connection.execute(
        "select sum(as_reported_usd), sum(as_restated_usd) from rpt_period_close"
    ).fetchone()
    assert sums == (13045, 13045)


@pytest.mark.parametrize(
    ("ingested_at", "expected"), [("2026-06-04 23:59:59", "2026-05"), ("2026-06-05 00:00:00", "2026-06")]
)
def test_g9_3_the_close_is_the_edge(project: Project, ingested_at: str, expected: str) -> None:
    connection = world(project, [charge(1, "2026-05-10 00:00:00", 10, ingested_at)])
    assert connection.execute("select posting_period from fct_postings").fetchall() == [(expected,)]


def test_a_charge_without_ingestion_time_was_known_when_it_happened(project: Project) -> None:
    connection = world(project, [charge(1, "2026-05-10 00:00:00", 10)])
    assert connection.execute("select posting_period from fct_postings").fetchall() == [("2026-05",)]


def test_a_late_event_passes_over_every_closed_period(project: Project) -> None:
    connection = world(project, [charge(1, "2026-04-10 00:00:00", 10, "2026-06-30 00:00:00")])
    assert closes(connection) == {"2026-04": (0, 10), "2026-06": (10, 0)}


def test_a_reopened_period_takes_what_becomes_known_until_it_is_closed_again(project: Project) -> None:
    again = [dict(row) for row in PERIODS]
    again[1]["reopened_at"] = "2026-06-20 00:00:00"
    again.append(again[1] | {"closed_at": "2026-06-25 00:00:00", "reopened_at": None})
    charges = [
        charge(1, "2026-05-10 00:00:00", 1, "2026-06-10 00:00:00"),
        charge(2, "2026-05-10 00:00:00", 2, "2026-06-22 00:00:00"),
        charge(3, "2026-05-10 00:00:00", 4, "2026-06-25 00:00:00"),
    ]
    connection = world(project, charges, again)
    assert closes(connection) == {"2026-05": (2, 7), "2026-06": (5, 0)}
    found = connection.execute(
        "select status, close_version from rpt_period_close where period = '2026-05'"
    ).fetchall()
    assert found == [("closed", 2)]
    open_again = world(project, charges, again, as_of="2026-06-21 00:00:00")
    assert open_again.execute("select status from rpt_period_close where period = '2026-05'").fetchall() == [
        ("reopened",)
    ]


def test_a_closed_digest_moves_only_when_the_period_does(project: Project) -> None:
    before = digests(world(project, G92))
    later = [*G92, charge(4, "2026-05-20 00:00:00", 5, "2026-07-01 00:00:00")]
    assert digests(world(project, later)) == before
    moved = [G92[0] | {"cost_micros_usd": 6001 * 1_000_000}, *G92[1:]]
    assert digests(world(project, moved))["2026-05"] != before["2026-05"]


def test_a_corrected_charge_is_reversed_and_booked_again(project: Project) -> None:
    first = charge(1, "2026-05-10 00:00:00", 100, "2026-05-10 00:01:00")
    closed = digests(world(project, [first]))["2026-05"]
    charges = [
        first | {"replaced_at": "2026-06-20 00:00:00"},
        charge(1, "2026-05-10 00:00:00", 70, "2026-06-20 00:00:00", cost_center="claims"),
    ]
    connection = world(project, charges)
    assert closes(connection) == {"2026-05": (100, 70), "2026-06": (-30, 0)}
    assert digests(connection)["2026-05"] == closed
    booked = connection.execute(
        "select cost_center, adjustment_reason, amount_usd from fct_postings where is_adjustment order by 1"
    ).fetchall()
    assert booked == [("claims", "late_event", 70), ("cx", "correction", -100)]


def test_what_came_and_went_before_the_close_leaves_no_trace(project: Project) -> None:
    charges = [
        charge(1, "2026-05-10 00:00:00", 100, "2026-05-10 00:01:00", replaced_at="2026-06-01 00:00:00"),
        charge(1, "2026-05-10 00:00:00", 70, "2026-06-01 00:00:00"),
    ]
    assert closes(world(project, charges)) == {"2026-05": (70, 70)}


def test_a_review_that_was_corrected_after_the_close_is_reversed(project: Project) -> None:
    review = {
        "review_id": "r",
        "environment": "production",
        "unit_type": "t",
        "unit_id": "u",
        "started_at": "2026-05-10 00:00:00",
        "ingested_at": "2026-05-10 00:05:00",
        "review_minutes": 10,
        "cost_micros_usd": 9_000_000,
    }
    newer = review | {"ingested_at": "2026-06-20 00:00:00", "cost_micros_usd": 4_500_000}
    versions = [review | {"replaced_at": "2026-06-20 00:00:00"}, newer]
    connection = world(project, [], int_human_reviews_versions=versions)
    assert closes(connection) == {"2026-05": (Decimal("9"), Decimal("4.5")), "2026-06": (Decimal("-4.5"), 0)}


def test_a_close_freezes_the_drivers_of_what_was_corrected_after_it(project: Project) -> None:
    """May closed with 5.00 of charges, a call of 0.30 and 150 tokens, and 12 minutes; all are told anew on 20 June."""
    shut = "2026-06-05 00:00:00"
    told, anew = {"ingested_at": "2026-05-10 00:05:00"}, {"ingested_at": "2026-06-20 00:00:00"}
    charges = [
        charge(1, "2026-05-10 00:00:00", 5, **told, tenant_id="x", replaced_at=anew["ingested_at"]),
        charge(1, "2026-05-10 00:00:00", 9, **anew, tenant_id="y"),
        charge(2, "2026-05-10 00:00:00", 7, **told, tenant_id="y", replaced_at="2026-06-04 00:00:00"),
        charge(3, "2026-06-10 00:00:00", 1, "2026-06-10 00:00:00", tenant_id="y"),
    ]
    call = {"period_month": "2026-05-01", "environment": "production", "layer": "model_api"}
    newer = call | {"tenant_id": "y", "requests": 2, "input_tokens": 900, "output_tokens": 0, "cost_usd": 4}
    older = call | {"tenant_id": "x", "bearing_cost_center": "__unassigned__"}
    changes = [
        older | {"change_usd": Decimal("-0.30"), "change_requests": -1, "change_tokens": -150},
        older | {"change_usd": -4, "change_requests": -2, "change_tokens": -900, "known_slot": shut},
    ]
    unit = {"environment": "production", "unit_type": "t", "unit_id": "u"}
    review = unit | {"review_id": "r", "started_at": "2026-05-10 00:00:00", "review_minutes": 12, "team": "p"}
    known = unit | {"review_id": "r", "known_at": told["ingested_at"], "looked_slot": shut, "tenant_id": "x"}
    tables = inputs(charges) | {
        "int_usage_costs_monthly": [newer | {"known_slot": shut, "last_known_at": anew["ingested_at"]}],
        "int_usage_price_changes": changes,
        "int_human_reviews_versions": [
            review | told | {"replaced_at": anew["ingested_at"]},
            review | anew | {"review_minutes": 20},
            review | told | {"review_id": "s", "started_at": "2026-06-10 00:00:00", "ingested_at": shut},
        ],
        "int_review_owners_known": [known | {"team": "q"}],
        "int_unit_dimensions": [unit | {"tenant_id": "y"}],
        "int_units": (),
    }
    connection = project.world(tables, ("int_allocation_drivers",))
    found = connection.execute(
        "select strftime(period_month, '%m'), target_type, target_id, cost, tokens, requests, review_minutes "
        "from warehouse.intermediate.int_allocation_drivers where target_type in ('tenant', 'team') order by all"
    ).fetchall()
    assert found == [
        ("05", "team", "q", 0, 0, 0, 12),
        ("05", "team", None, Decimal("5.30"), 150, 1, 0),
        ("05", "tenant", "x", Decimal("5.30"), 150, 1, 12),
        ("06", "team", "p", 0, 0, 0, 12),
        ("06", "team", None, 1, 0, 0, 0),
        ("06", "tenant", "y", 1, 0, 0, 12),
    ]


def broken(project: Project, test: str, **tables: Iterable[Row]) -> list[str]:
    """What a data test says of some tables, one sentence a row."""
    nodes = project.build.manifest["nodes"].values()
    [sql] = [node["compiled_code"] for node in nodes if node["name"] == test]
    with project.world(tables, ()) as connection:
        return [str(row[0]) for row in connection.execute(sql).fetchall()]


CLOSED = {
    "period": "2026-05",
    "entity": "default",
    "status": "closed",
    "close_version": 1,
    "as_reported_usd": 6000,
    "difference_usd": 0,
    "row_digest": "d",
    "journal_digest": "j",
}
SIGNED = {
    "period": "2026-05",
    "entity": "default",
    "close_version": 1,
    "as_reported_total": 6000,
    "row_digest": "d",
    "journal_digest": "j",
    "prepared_by": "a",
    "approved_by": "b",
}


@pytest.mark.parametrize(
    ("moved", "sentence"),
    [
        ({}, None),
        ({"row_digest": "other"}, "the postings of 2026-05 (default) are not those it was closed with"),
        ({"as_reported_usd": 6001}, "the postings of 2026-05 (default) are not those it was closed with (6000"),
        ({"journal_digest": "other"}, "the journals of 2026-05 (default) are not those it was closed with"),
        ({"difference_usd": 1, "expected_total_usd": 5999}, "policy/periods asserts 5999"),
        ({"status": "reopened", "row_digest": "other"}, None),
        ({"close_version": 2, "row_digest": "other"}, None),
    ],
    ids=str,
)
def test_drift_of_a_closed_period_stops_the_build(project: Project, moved: Row, sentence: str | None) -> None:
    said = broken(
        project,
        "assert_closed_periods_stand",
        rpt_period_close=[CLOSED | moved],
        period_snapshots=[SIGNED],
        periods=(),
    )
    assert said == [] if sentence is None else any(sentence in text for text in said)
    assert all(text.startswith("closed_period_drift") for text in said)


MAY = {
    "period": "2026-05",
    "entity": "default",
    "closed_at": "2026-06-08",
    "closed_by": "a",
    "approved_by": "b",
}
JUNE = MAY | {"period": "2026-06", "closed_at": "2026-07-08"}
AGAIN = [MAY | {"reopened_at": "2026-06-20"}, MAY | {"closed_at": "2026-06-25"}]


@pytest.mark.parametrize(
    ("periods", "sentence"),
    [
        ([MAY, JUNE], None),
        ([*AGAIN, JUNE], None),
        ([MAY, JUNE | {"period": "2026-07", "closed_at": None}], None),
        ([MAY | {"closed_at": "2026-05-31"}], "closed too early or before the one before it"),
        ([MAY | {"closed_at": "2026-07-08 00:00:01"}, JUNE], "closed too early or before the one before it"),
        ([MAY | {"closed_at": None}, JUNE], "closed too early or before the one before it"),
        ([MAY, MAY | {"closed_at": "2026-06-25"}], "closed twice without being reopened between"),
        (
            [MAY | {"reopened_at": "2026-07-20"}, JUNE],
            "reopened while a later one is closed; reopen that one first",
        ),
        (
            [AGAIN[0], AGAIN[1] | {"closed_at": "2026-07-20"}, JUNE],
            "closed too early or before the one before it",
        ),
    ],
    ids=str,
)
def test_periods_close_in_order(project: Project, periods: list[Row], sentence: str | None) -> None:
    said = broken(project, "assert_periods_close_in_order", periods=periods)
    assert said == [] if sentence is None else [sentence in text for text in said] == [True] * len(said) != []


RECORD = {
    "period": "2026-05",
    "entity": "default",
    "close_version": 1,
    "reopened_at": "2026-06-20",
    "reason": "an invoice was missing",
    "prepared_by": "a",
    "approved_by": "b",
}


@pytest.mark.parametrize(
    ("periods", "records", "sentence"),
    [
        ([MAY], [], None),
        (AGAIN, [RECORD], None),
        (AGAIN, [], "2026-05 (default) was reopened without a record in policy/period_reopenings"),
        (AGAIN, [RECORD | {"approved_by": "a"}], "without a reason and two different people"),
        (AGAIN, [RECORD | {"approved_by": None}], "without a reason and two different people"),
        (AGAIN, [RECORD | {"reason": None}], "without a reason and two different people"),
        ([MAY], [RECORD], "has a record in policy/period_reopenings that policy/periods does not know"),
        ([AGAIN[0], AGAIN[1] | {"reopened_at": "2026-06-30"}], [RECORD], "was reopened without a record"),
    ],
    ids=str,
)
def test_a_reopening_without_a_record_stops_the_build(
    project: Project, periods: list[Row], records: list[Row], sentence: str | None
) -> None:
    said = broken(project, "assert_reopenings_are_recorded", periods=periods, period_reopenings=records)
    assert said == [] if sentence is None else [sentence in text for text in said] == [True], said
    assert all(text.startswith("reopening_needs_two: ") for text in said)


def published(connection: duckdb.DuckDBPyConnection, folder: Path, as_of: str) -> Path:
    """A published file as `make close` reads it."""
    path = folder / "published.duckdb"
    path.unlink(missing_ok=True)
    connection.execute(f"attach '{path}' as out; create schema out.marts; create schema out.publication")
    connection.execute(
        f"create table out.publication.manifest as select timestamp '{as_of}' as as_of;"
        "create table out.marts.rpt_period_close as select * from rpt_period_close;"
        "create table out.marts.fct_journal_entries as select * from fct_journal_entries;"
        "create table out.marts.rpt_period_unit_costs as select * from rpt_period_unit_costs;"
        "create table out.marts.fct_accruals as "
        "select '2026-06' as period, entity, amount as open_accrual "
        "from (values ('default', 5.5), ('default', 2.25), ('north', 100.0)) as t(entity, amount);"
        "create table out.marts.rpt_reconciliation_exceptions as select "
        "'unexplained' as kind, 'EUR' as currency, 7.5 as amount, 2 as age_periods, '2026-06' as first_seen_period;"
        "detach out"
    )
    return path


def seed(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as handle:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(handle)]


def test_a_close_from_the_command_to_the_next_build(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = tmp_path / "policy"
    policy.mkdir()
    close.write_rows(policy / "periods.csv", close.PERIODS, [dict(row) for row in PERIODS])

    def run(period: str, *more: str, by: tuple[str, str] = ("s.ito", "m.okafor")) -> tuple[int, str]:
        people = ["--prepared-by", by[0], "--approved-by", by[1], "--seeds", str(tmp_path)]
        code = close.main([period, *people, "--published", str(path), *more])
        said = capsys.readouterr()
        return code, said.out + said.err

    def build(charges: list[Row], as_of: str) -> duckdb.DuckDBPyConnection:
        snapshots = seed(policy / "period_snapshots.csv") if (policy / "period_snapshots.csv").exists() else ()
        return world(project, charges, seed(policy / "periods.csv"), as_of, period_snapshots=snapshots)

    def drift(connection: duckdb.DuckDBPyConnection) -> list[str]:
        rows = connection.execute("select * from rpt_period_close").fetchall()
        names = [column[0] for column in connection.description]
        return broken(
            project,
            "assert_closed_periods_stand",
            rpt_period_close=[dict(zip(names, row, strict=True)) for row in rows],
            period_snapshots=seed(policy / "period_snapshots.csv"),
            periods=seed(policy / "periods.csv"),
        )

    path = published(build(G92, "2026-07-05 00:00:00"), tmp_path, "2026-07-05 00:00:00")
    assert run("2026-06", by=("s.ito", "s.ito")) == (
        2, "A close takes two people: --prepared-by and another --approved-by.\n"
    )  # fmt: skip
    for nobody_else in ("S.Ito ", " "):
        assert run("2026-06", by=("s.ito", nobody_else)) == run("2026-06", by=("s.ito", "s.ito"))
    assert "2026-07 is not over" in run("2026-07")[1]
    assert "holds no period 2026-09" in run("2026-09")[1]
    code, said = run("2026-06")
    assert (code, "7,045.00" in said, "open: unexplained" in said) == (0, True, True)
    assert "accrued without an invoice                7.75  (2)" in said
    assert {
        "period": "2026-06", "entity": "default", "closed_at": "2026-07-05 00:00:01", "closed_by": "s.ito",
        "approved_by": "m.okafor", "expected_total": None, "reopened_at": None,
    } in seed(policy / "periods.csv")  # fmt: skip

    late = [*G92, charge(4, "2026-06-20 00:00:00", 5, "2026-07-05 00:00:01")]
    connection = build(late, "2026-07-20 00:00:00")
    state = connection.execute(
        "select status, is_signed, as_reported_usd from rpt_period_close where period = '2026-06'"
    ).fetchall()
    assert (state, drift(connection)) == ([("closed", True, 7045)], [])
    moved = [*late, charge(5, "2026-06-21 00:00:00", 1, "2026-07-04 00:00:00")]
    assert any("the postings of 2026-06" in text for text in drift(build(moved, "2026-07-20 00:00:00")))

    path = published(connection, tmp_path, "2026-07-20 00:00:00")
    assert run("2026-06")[1].endswith("2026-06 is closed and signed already.\n")
    assert "2026-06 is closed behind 2026-05: reopen 2026-06 first." in run("2026-05", "--reopen", "why")[1]
    assert run("2026-06", "--reopen", "an invoice was missing")[0] == 0
    reopened = build(late, "2026-07-21 00:00:00")
    path = published(reopened, tmp_path, "2026-07-21 00:00:00")
    assert run("2026-06")[0] == 0
    closed_again = build(late, "2026-07-25 00:00:00")
    assert closed_again.execute(
        "select status, close_version, is_signed from rpt_period_close where period = '2026-06'"
    ).fetchall() == [("closed", 2, True)]
    assert drift(closed_again) == []
    [why] = seed(policy / "period_reopenings.csv")
    assert (why["close_version"], why["reason"]) == ("1", "an invoice was missing")
    recorded = {"periods": seed(policy / "periods.csv"), "period_reopenings": seed(policy / "period_reopenings.csv")}
    assert broken(project, "assert_reopenings_are_recorded", **recorded) == []
    assert broken(project, "assert_periods_close_in_order", periods=seed(policy / "periods.csv")) == []


def success(number: int, **more: Any) -> Row:
    """A unit of work that succeeded in May."""
    return {
        "unit_type": "case",
        "unit_id": str(number),
        "environment": "production",
        "workflow": "resolution",
        "cost_center": "cx",
        "event_type": "outcome",
        "outcome": "resolved",
        "classification": "success",
        "occurred_at": "2026-05-10 00:00:00",
        "ingested_at": "2026-05-10 00:00:00",
        "reopen_window_hours": 48,
    } | more


def unit_costs(connection: duckdb.DuckDBPyConnection, view: str) -> tuple[Any, ...]:
    """(cost, successful units, cost per successful unit) of May as reported or as restated."""
    [row] = connection.execute(
        f"select {view}_final_cost_usd, {view}_successful_units, "
        f"{view}_cost_per_successful_unit_usd from rpt_period_unit_costs where period = '2026-05'"
    ).fetchall()
    return row


def test_g9_4_cost_per_success_as_reported_and_as_restated(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """May is signed with 6,000 for 10,000 successes; then 45 more are known, and 50 units were reopened in time."""
    unit = {"unit_type": "case", "environment": "production"}
    charges = [
        charge(n, "2026-05-10 00:00:00", "0.6", "2026-05-10 00:00:00", unit_id=str(n), **unit) for n in range(10000)
    ]
    late = charge(10000, "2026-05-11 00:00:00", 45, "2026-06-11 00:00:00", unit_id="1", **unit)
    facts = [success(n) for n in range(10000)]
    reopened = {"event_type": "reopened", "outcome": None, "classification": None}
    told_late = {"occurred_at": "2026-05-11 00:00:00", "ingested_at": "2026-06-11 00:00:00"}
    undone = [success(n, **reopened, **told_late) for n in range(50)]
    policy = tmp_path / "policy"
    policy.mkdir()
    periods = [row | ({"closed_at": None} if row["period"] != "2026-04" else {}) for row in PERIODS]
    close.write_rows(policy / "periods.csv", close.PERIODS, periods)

    before = world(project, charges, periods, "2026-06-04 23:59:59", int_unit_events=facts)
    path = published(before, tmp_path, "2026-06-04 23:59:59")
    people = ["--prepared-by", "s.ito", "--approved-by", "m.okafor", "--seeds", str(tmp_path)]
    assert close.main(["2026-05", *people, "--published", str(path)]) == 0
    assert "case" in capsys.readouterr().out

    after = world(
        project,
        [*charges, late],
        seed(policy / "periods.csv"),
        int_unit_events=[*facts, *undone],
        period_snapshots=seed(policy / "period_snapshots.csv"),
        period_unit_snapshots=seed(policy / "period_unit_snapshots.csv"),
    )
    assert unit_costs(after, "as_reported") == (6000, 10000, Decimal("0.600000000000"))
    assert unit_costs(after, "as_restated") == (6045, 9950, Decimal("0.607537688442"))
    assert closes(after) == {"2026-05": (6000, 6045), "2026-06": (45, 0)}
