"""Issuing statements by command: a closed month, in order, by two people."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import Build

from ai_unit_economics import issue


def test_the_drafts_of_a_closed_month_are_written_in_full(
    built_demo: Build, published: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    arguments = ["2026-05", "s.ito", "m.okafor", "--published", str(built_demo.published), "--out", str(tmp_path)]
    assert issue.main(arguments) == 0
    with (tmp_path / "2026-05-v1.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    lines = dict(
        published.execute(
            "select line_id, amount from marts.rpt_chargeback_statements where period = '2026-05'"
        ).fetchall()
    )
    assert {row["line_id"]: Decimal(row["amount"]) for row in rows} == lines
    digests = dict(
        published.execute(
            "select statement_id, digest from marts.rpt_statement_register where period = '2026-05'"
        ).fetchall()
    )
    assert {row["statement_id"]: row["digest"] for row in rows} == digests
    assert {(row["version"], row["prepared_by"], row["approved_by"]) for row in rows} == {("1", "s.ito", "m.okafor")}
    assert not [row for row in rows if "E" in row["rate"] + row["amount"] + row["quantity"]]
    assert issue.main(arguments) == 2, "a file is never written over"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2026-08", "a", "b"), "2026-08 is already issued."),
        (("2026-09", "a", "b"), "2026-09 is not closed in policy/periods."),
        (("2024-01", "a", "b"), "2024-01 has no statements."),
        (("2026-05", "a", "a"), "two people"),
        (("2026-05", "a", "A "), "two people"),
        (("2026-05", "a", ""), "two people"),
        (("May", "a", "b"), "no period"),
    ],
)
def test_what_cannot_be_issued_says_why(
    built_demo: Build,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    places = ["--published", str(built_demo.published), "--out", str(tmp_path)]
    assert issue.main([*arguments, *places]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_months_are_issued_in_order(tmp_path: Path) -> None:
    published = tmp_path / "published.duckdb"
    with duckdb.connect(str(published)) as connection:
        connection.execute(
            "create schema marts; create schema publication; "
            "create table marts.rpt_chargeback_statements as select * from (values "
            "('2026-05', true), ('2026-06', false), ('2026-07', false)) v(period, is_issued); "
            "create table marts.rpt_period_close as select * from (values "
            "('2026-05', 'closed'), ('2026-06', 'closed'), ('2026-07', 'closed')) v(period, status); "
            "create table publication.manifest as select '2026-08-09' as as_of"
        )
        with pytest.raises(issue.NotIssuedError, match="2026-07 comes after 2026-06, which is not issued"):
            issue.drafts(connection, "2026-07")
