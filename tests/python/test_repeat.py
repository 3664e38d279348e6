"""The same input gives the same bytes: threads, time zone, locale, hash seed, the order of lines and files.

A digest is taken of every published mart: SHA-256 of its rows as text, in order. Every run of the tests makes all
models of the demo's build once more in process, with other threads; `make repeat` builds it in every setting with dbt.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import os
import random
import shutil
from pathlib import Path

import duckdb
import pytest
from compiled import Project
from conftest import REPOSITORY, Build

FEEDS = REPOSITORY / "demo"
NOT_MADE_HERE = {"published_marts", "started_builds"}
# What tells of files and so changes with them: how many there are, and the flags whose subject is a file.
ABOUT_FILES = {
    "rpt_feed_status": "(select * exclude (files) from marts.rpt_feed_status)",
    "rpt_data_flags": "(select * from marts.rpt_data_flags "
    "where flag not in ('conflict', 'duplicate_file', 'empty_file'))",
}
# How a build may differ: its environment, and whether its input is dealt out anew.
SETTINGS: dict[str, tuple[dict[str, str], bool]] = {
    "again": ({}, False),
    "one thread, another zone": ({"AIUE_THREADS": "1", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "1"}, False),
    "four threads, another locale": ({"AIUE_THREADS": "4", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "42"}, False),
    "lines and files shuffled": ({"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "7"}, True),
    "shuffled, four threads": ({"AIUE_THREADS": "4", "PYTHONHASHSEED": "8"}, True),
    "a third order of arrival": ({}, True),
    "a fourth order of arrival": ({}, True),
}


def digests(connection: duckdb.DuckDBPyConnection, is_dealt: bool = False) -> dict[str, str]:
    """{mart of a published file: digest}; without what tells of files where the input lies in other files."""
    names = connection.execute("select mart from publication.marts order by mart").fetchall()
    relations = {name: f"marts.{name}" for (name,) in names} | (ABOUT_FILES if is_dealt else {})
    return {name: digest(connection, relation) for name, relation in relations.items()}


def digest(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """SHA-256 over the rows of a relation as text, in the order of that text."""
    total = hashlib.sha256()
    rows = connection.execute(f"select cast(t as varchar) as row from {relation} as t order by row")
    while batch := rows.fetchmany(10_000):
        for (row,) in batch:
            total.update(row.encode() + b"\n")
    return total.hexdigest()


def deal(source: Path, target: Path, seed: int) -> None:
    """The feeds of `source` with their records in another order, in other files of other names."""
    rng = random.Random(seed)
    for feed in sorted(path for path in source.iterdir() if path.is_dir()):
        paths = sorted(path for path in feed.rglob("*") if path.is_file())
        folder = target / feed.name
        folder.mkdir(parents=True)
        lines = [line for path in paths if ".jsonl" in path.name for line in lines_of(path)]
        rng.shuffle(lines)
        for number in range(5 if lines else 0):
            name = folder / f"{rng.randrange(10**6):06}_{number}.jsonl"
            name.write_bytes(b"\n".join(lines[number::5]) + b"\n")
        for path in paths:
            if path.suffix == ".csv":
                deal_table(path, folder, rng)


def lines_of(path: Path) -> list[bytes]:
    """The lines of a file that are not blank."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [line for line in data.splitlines() if line.strip()]


def deal_table(path: Path, folder: Path, rng: random.Random) -> None:
    """The rows of a CSV file in another order, in two files; the columns turned round, if no row lacks any."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    rng.shuffle(rows)
    step = -1 if all(len(row) == len(header) for row in rows) else 1
    for half in (0, 1):
        with (folder / f"{rng.randrange(10**6):06}_{half}_{path.name}").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(row[::step] for row in [header, *rows[half::2]])


def test_made_again_in_process(built_demo: Build, published: duckdb.DuckDBPyConnection) -> None:
    """Every model from the same files and seeds, with four threads where dbt's build had two."""
    project = Project(built_demo)
    expected = digests(published)
    seeds = [name for name, node in project.nodes.items() if node.sql is None]
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'; set threads = 4; set preserve_insertion_order = false")
        connection.execute(f"attach ':memory:' as warehouse; attach '{built_demo.warehouse}' as built (read_only)")
        for schema in sorted({node.schema for node in project.nodes.values()}):
            connection.execute(f"create schema warehouse.{schema}")
        for name in seeds:
            relation = f"{project.nodes[name].schema}.{name}"
            connection.execute(f"create table warehouse.{relation} as select * from built.{relation}")
        for node in project.order(seeds, [name for name in project.nodes if name not in NOT_MADE_HERE]):
            kind = built_demo.manifest["nodes"][f"model.ai_unit_economics.{node.name}"]["config"]["materialized"]
            connection.execute(f"create {kind} warehouse.{node.schema}.{node.name} as {node.sql}")
        found = {}
        for name in expected:  # in the order and types of columns that the contract gives them
            columns = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in project.columns[name])
            found[name] = digest(connection, f"(select {columns} from warehouse.marts.{name})")
    assert [name for name in expected if found[name] != expected[name]] == []


@pytest.mark.skipif("AIUE_REPEAT" not in os.environ, reason="a build of the demo a setting: `make repeat` makes them")
@pytest.mark.parametrize("name", SETTINGS)
def test_built_in_another_setting(name: str, published: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    environment, is_dealt = SETTINGS[name]
    build = Build(tmp_path / "build")
    settings = {}
    if is_dealt:
        deal(FEEDS, tmp_path / "feeds", list(SETTINGS).index(name))
        settings["input_dir"] = str(tmp_path / "feeds")
    result = build.dbt("build", vars=settings, env=environment)
    assert result.returncode == 0, result.stdout[-3000:]
    expected = digests(published, is_dealt)
    with build.connect() as marts:
        found = digests(marts, is_dealt)
    differ = [mart for mart in expected if found.get(mart) != expected[mart]]
    print(f"\n{name}: {len(expected) - len(differ)} of {len(expected)} marts have the same digest")
    shutil.rmtree(tmp_path / "build")
    assert differ == []
