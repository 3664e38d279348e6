"""The statement files: one bearer each, safe to open, and equal to the mart."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import REPOSITORY, Build, clean_env

from ai_unit_economics.statements import csv_text, file_name, plain

PERIOD = "2026-06"


def run(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ai_unit_economics.statements", *args],
        cwd=cwd,
        env=clean_env({"PYTHONPATH": str(REPOSITORY)}),
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def folder(built_demo: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The statements of one month."""
    out = tmp_path_factory.mktemp("statements")
    result = run("--period", PERIOD, "--published", str(built_demo.published), "--out", str(out), cwd=out)
    assert result.returncode == 0, result.stderr
    yield out / PERIOD


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.mark.parametrize(
    ("audience", "mart", "bearer"),
    [("cost_centers", "rpt_chargeback_statements", "cost_center"), ("tenants", "rpt_tenant_statements", "tenant_id")],
)
def test_files_are_the_mart(
    folder: Path, published: duckdb.DuckDBPyConnection, audience: str, mart: str, bearer: str
) -> None:
    expected = {
        (name, currency): (lines, amount)
        for name, currency, lines, amount in published.execute(
            f"select {bearer}, currency, count(*), sum(amount) from marts.{mart} where period = '{PERIOD}' "
            rf"and {bearer} not like '\_\_%' escape '\' group by {bearer}, currency"
        ).fetchall()
    }
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for path in (folder / audience).iterdir():
        rows = read(path)
        assert len({row["bearer"] for row in rows}) == 1, "one bearer in a file"
        for row in rows:
            assert row["period"] == PERIOD
            found[row["bearer"], row["currency"]].append(Decimal(row["amount"]))
    assert {key: (len(amounts), sum(amounts)) for key, amounts in found.items()} == expected
    assert expected


def test_no_file_names_another_bearer(folder: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    tenants = {name for (name,) in warehouse.execute("select tenant_id from policy.tenants").fetchall()}
    centers = {name for (name,) in warehouse.execute("select cost_center from policy.cost_centers").fetchall()}
    for path in folder.glob("*/*.csv"):
        text = path.read_text(encoding="utf-8")
        (own,) = {row["bearer"] for row in read(path)}
        others = [name for name in (tenants | centers) - {own} if name in text.replace(own, "")]
        assert not others, (path.name, others)


def test_the_index_adds_up(folder: Path) -> None:
    index = read(folder / "index.csv")
    for row in index:
        lines = [line for line in read(folder / row["file"]) if line["currency"] == row["currency"]]
        assert int(row["lines"]) == len(lines)
        assert Decimal(row["total"]) == sum(Decimal(line["amount"]) for line in lines)
    assert {row["file"] for row in index} == {str(path.relative_to(folder)) for path in folder.glob("*/*.csv")}


def test_same_bytes_twice_and_the_last_month_by_default(built_demo: Build, tmp_path: Path) -> None:
    for out in ("one", "two"):
        result = run("--published", str(built_demo.published), "--out", out, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert "2026-10" in result.stdout
    first = {path.relative_to(tmp_path / "one"): path.read_bytes() for path in (tmp_path / "one").rglob("*.csv")}
    second = {path.relative_to(tmp_path / "two"): path.read_bytes() for path in (tmp_path / "two").rglob("*.csv")}
    assert first == second
    assert first


def test_text_that_looks_like_a_formula_is_quoted_and_numbers_keep_their_sign() -> None:
    line = {
        "statement_id": "s",
        "line_id": "l",
        "description": "=1+1",
        "quantity": Decimal("-2.500000000000"),
        "rate": None,
        "amount": Decimal("-3.10"),
        "currency": "USD",
    }
    (row,) = csv.DictReader(csv_text("@sum", "\tx", PERIOD, [line]).splitlines())
    assert row["description"] == "'=1+1"
    assert row["bearer"] == "'@sum"
    assert row["bearer_name"] == "'\tx"
    assert (row["quantity"], row["rate"], row["amount"]) == ("-2.5", "", "-3.10")
    assert plain(Decimal("100.000000000000")) == "100"


def test_file_names_are_plain_and_never_meet() -> None:
    names = ["a/b", "a_b", "../x", "x", "A", "a", "ä", "b/a"]
    assert len({file_name(name).lower() for name in names}) == len(names)
    assert all(file_name(name).isascii() and "/" not in file_name(name) for name in names)
    assert file_name("cx-operations") == "cx-operations.csv"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--period", "2026-13"), "no period"),
        (("--period", "1999-01"), "no statement of 1999-01"),
        (("--published", "nothing.duckdb"), "no published file"),
    ],
)
def test_nothing_to_write_is_one_sentence(built_demo: Build, tmp_path: Path, args: tuple[str, ...], said: str) -> None:
    published = () if "--published" in args else ("--published", str(built_demo.published))
    result = run(*args, *published, cwd=tmp_path)
    assert result.returncode == 2
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
