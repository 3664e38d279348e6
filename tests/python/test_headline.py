"""The headline: what `make build` ends with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
from conftest import REPOSITORY, Build, clean_env

from ai_unit_economics.headline import WIDTH, money, percent


def headline(*args: str, cwd: Path = REPOSITORY, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ai_unit_economics.headline", *args],
        cwd=cwd,
        env=clean_env({"PYTHONPATH": str(REPOSITORY), **env}),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_it_is_plain_text_of_a_fixed_width(built_demo: Build) -> None:
    result = headline(str(built_demo.published))
    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout
    *lines, last = result.stdout.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert last == f"Published: {built_demo.published}"
    for part in ("Cost per successful unit", "Cost stack", "Who bears", "Coverage", "Invoices", "Feeds"):
        assert any(line.startswith(part) for line in lines), part


def test_it_survives_a_terminal_that_knows_only_ascii(built_demo: Build) -> None:
    result = headline(str(built_demo.published), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 0, result.stderr
    assert result.stdout.isascii()


def test_the_parts_add_up(built_demo: Build) -> None:
    """The stack's total is the cost of the month's units; what the cost centers bear holds it."""
    with built_demo.connect() as marts:
        stack, units = marts.execute(
            """
            with month as (
                select max(period_start) as period_month
                from marts.rpt_unit_economics
                where period_grain = 'month' and environment = 'production'
                    and period_start + interval 1 month <= (select as_of from publication.manifest)
            )

            select
                (select sum(cost_usd) from marts.rpt_cost_stack
                 where environment = 'production' and period_month = month.period_month),
                (select sum(total_cost_usd) from marts.fct_units
                 where environment = 'production' and cohort_month = month.period_month)
            from month
            """
        ).fetchone() or (None, None)
    assert stack == units
    assert f"total                {money(stack)}" in headline(str(built_demo.published)).stdout


def test_without_a_published_file_it_says_how_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text("vars: {publish_path: here.duckdb}\n", encoding="utf-8")
    result = headline(cwd=tmp_path, DBT_TARGET_PATH="target")
    assert result.returncode == 1
    assert result.stderr == "There is no published file here.duckdb; `make build` writes it.\n"


def test_a_file_that_is_none_is_named_in_one_sentence(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "other.duckdb")).close()
    result = headline(str(tmp_path / "other.duckdb"))
    assert result.returncode == 1
    assert "does not hold the marts that the headline reads" in result.stderr
    assert "Traceback" not in result.stderr


def test_figures_are_written_for_people() -> None:
    assert [money(None), money(1234567.891), money(-0.001), money(2.5, 4)] == ["-", "1,234,567.89", "0.00", "2.5000"]
    assert [percent(None), percent(0.12345), percent(0.5, signed=True), percent(-0.0001, signed=True)] == [
        "-",
        "12.3 %",
        "+50.0 %",
        "+0.0 %",
    ]
