"""Accrual, close and restatement (semantics.md 9): what is closed never moves, late knowledge is a row of its own."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from compiled import Project
from conftest import Build

Row = dict[str, Any]
MARTS = ("fct_postings", "rpt_period_close")
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


def world(
    project: Project,
    charges: Iterable[Row],
    periods: Iterable[Row] = PERIODS,
    as_of: str = "2026-07-20 00:00:00",
) -> duckdb.DuckDBPyConnection:
    return project.world(
        {
            "int_metered_costs_versions": charges,
            "int_human_reviews_versions": (),
            "int_usage_costs_monthly": (),
            "int_usage_price_changes": (),
            "fct_journal_entries": (),
            "int_unit_dimensions": (),
            "int_owner_cost_centers": (),
            "int_shared_cost_months": (),
            "int_shared_costs": (),
            "int_as_of": [{"as_of": as_of}],
            "periods": periods,
        },
        MARTS,
    )


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
