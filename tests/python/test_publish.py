"""Publishing: the file appears whole or not at all, and only after a whole build whose tests all passed.

The guard and the gate run on a small project made of this project's own publish node and macros around one mart, so
that every way round the tests can be tried in seconds. The demo's published file shows the rest.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import Build
from small_project import PUBLISHED, Outcome, invoke, write_project

from ai_unit_economics import publish


def digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one mart with this project's publish node."""
    return write_project(tmp_path_factory.mktemp("publish") / "project")


@pytest.fixture(scope="module")
def first_build(project: Path) -> str:
    """The project built whole, once; the published file's digest."""
    built = invoke(project, {"build": ["build"]})["build"]
    assert built.success, built.errors
    assert built.status == "published"
    with duckdb.connect(str(project / "warehouse.duckdb"), read_only=True) as warehouse:
        row = warehouse.execute("select * exclude (invocation_id) from publish.published_marts").fetchone()
    assert row == ("published", f"1 marts with 2 records in {PUBLISHED}", PUBLISHED, 1, 2)
    assert built.published
    return built.published


PARTIAL = {
    "run": ["run"],
    "select": ["build", "--select", "published_marts"],
    "select all": ["build", "--select", "*"],
    "exclude": ["build", "--exclude", "test_type:singular"],
    "resource type": ["build", "--resource-type", "model", "seed"],
    "exclude resource type": ["build", "--exclude-resource-type", "unit_test"],
    "empty": ["build", "--empty"],
    "sample": ["build", "--sample", "1 day"],
    "off": ["build", "--vars", "{publish: 'off'}"],
}


def test_no_way_round_the_tests_publishes(project: Path, first_build: str) -> None:
    """A run that is not a whole build succeeds, publishes nothing, and says so in its row."""
    found = invoke(project, PARTIAL)
    selectors = project / "selectors.yml"
    only_the_node = "{method: fqn, value: published_marts}"
    selectors.write_text(f"selectors: [{{name: part, default: true, definition: {only_the_node}}}]\n")
    try:
        found |= invoke(project, {"default selector": ["build"], "selector": ["build", "--selector", "part"]})
    finally:
        selectors.unlink()
    assert found == dict.fromkeys(found, Outcome(True, first_build, "not published", ""))


def test_a_failed_test_leaves_the_published_file(project: Path, first_build: str) -> None:
    """Nor does a retry publish: it succeeds, and builds only what was missing."""
    broken, whole = "{clock_skew_seconds: 1}", "{clock_skew_seconds: 2}"
    runs = {"build": ["build", "--vars", broken], "retry": ["retry", "--vars", whole]}
    runs |= {"compile": ["compile"], "docs": ["docs", "generate"]}  # and reading commands pass the guard
    found = invoke(project, runs)
    assert found == {
        "build": Outcome(False, first_build, None, found["build"].errors),
        "retry": Outcome(True, first_build, "not published", ""),
        "compile": Outcome(True, first_build, None, ""),
        "docs": Outcome(True, first_build, None, ""),
    }


def test_the_published_file_is_whole(project: Path, first_build: str) -> None:
    path = project / PUBLISHED
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    left = {entry.name for entry in path.parent.iterdir()} - {path.name, path.name + ".lock", path.name + ".previous"}
    assert left == set()
    with duckdb.connect(str(path), read_only=True) as marts:
        tables = marts.execute("select schema_name, table_name, comment from duckdb_tables() order by all").fetchall()
        assert tables == [
            ("marts", "fct_sales", "One row per sale, with a quote' in it."),
            ("publication", "manifest", None),
            ("publication", "marts", None),
        ]
        columns = marts.execute(
            "select column_name, data_type, is_nullable, comment from duckdb_columns() where table_name = 'fct_sales'"
        ).fetchall()
        assert columns == [
            ("sale_id", "INTEGER", False, "Number of the sale."),
            ("cost_usd", "DECIMAL(38,12)", True, "What it came to."),
        ]
        manifest = marts.execute("select as_of, duckdb_version, tests from publication.manifest").fetchall()
        assert [(str(manifest[0][0]), *manifest[0][1:])] == [("2026-11-06 18:00:00", duckdb.__version__, 1)]
        assert marts.execute("select * from publication.marts").fetchall() == [
            ("fct_sales", 2, '{"cost_usd": "2.750000000000"}')
        ]


def test_events_are_published_on_request_and_the_present_file_is_kept(project: Path, first_build: str) -> None:
    found = invoke(project, {"events": ["build", "--vars", "{publish_events: true}"]})
    assert found["events"].status == "published"
    path = project / PUBLISHED
    with duckdb.connect(str(path), read_only=True) as marts:
        names = marts.execute("select mart from publication.marts order by mart").fetchall()
        before = marts.execute("select previous_invocation_id from publication.manifest").fetchone()
    assert names == [("fct_sales",), ("fct_usage_costs",)]
    previous = path.with_name(path.name + ".previous")
    assert digest(previous) == first_build
    with duckdb.connect(str(previous), read_only=True) as marts:
        assert marts.execute("select invocation_id from publication.manifest").fetchone() == before
    shutil.move(previous, path)  # going back is one rename


# The sequence itself, without dbt


@pytest.fixture
def source() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema marts; create table marts.fct_a as select 1 as id, 2.5 as cost_usd")
        connection.execute("create table as_of as select timestamp '2026-01-01' as as_of")
        yield connection


def request_for(path: Path, invocation: str = "i1") -> dict[str, Any]:
    return {
        "refusal": None,
        "path": str(path),
        "as_of_relation": "as_of",
        "invocation_id": invocation,
        "dbt_version": "1",
        "settings": {},
        "tests": 0,
        "marts": [{"name": "fct_a", "relation": "marts.fct_a", "description": "One row per a.", "columns": []}],
    }


def test_what_a_killed_publish_left_is_swept(tmp_path: Path, source: duckdb.DuckDBPyConnection) -> None:
    target = tmp_path / "out.duckdb"
    for name in ("out.duckdb.99.tmp", "out.duckdb.99.tmp.wal"):
        (tmp_path / name).write_text("half")
    publish.publish_marts(source, request_for(target))
    assert {path.name for path in tmp_path.iterdir()} == {"out.duckdb", "out.duckdb.lock"}


def test_a_failure_leaves_the_published_file_and_one_sentence(
    tmp_path: Path, source: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.duckdb"
    publish.publish_marts(source, request_for(target))
    before = digest(target)
    broken = request_for(target)
    broken["marts"] = [*broken["marts"], {**broken["marts"][0], "name": "fct_b", "relation": "marts.fct_b"}]
    with pytest.raises(publish.PublishError, match="could not be published"):
        publish.publish_marts(source, broken)

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publish, "synced", full)
    with pytest.raises(publish.PublishError, match="No space left"):
        publish.publish_marts(source, request_for(target))
    monkeypatch.undo()
    assert digest(target) == before
    assert {path.name for path in tmp_path.iterdir()} == {"out.duckdb", "out.duckdb.lock"}
    publish.publish_marts(source, request_for(target, "i2"))  # the connection is usable again


def test_a_copy_that_differs_is_not_published(
    tmp_path: Path, source: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.duckdb"
    real = publish.copy_mart

    def wrong(connection: duckdb.DuckDBPyConnection, mart: dict[str, Any]) -> publish.Check:
        check = real(connection, mart)
        return publish.Check(check.records + 1, check.totals)

    monkeypatch.setattr(publish, "copy_mart", wrong)
    with pytest.raises(publish.PublishError, match="the copy of fct_a"):
        publish.publish_marts(source, request_for(target))
    assert not target.exists()


def test_two_publishers_take_turns(
    tmp_path: Path, source: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.duckdb"
    monkeypatch.setattr(publish, "LOCK_SECONDS", 0.2)
    with (tmp_path / "out.duckdb.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(publish.PublishError, match="another build is publishing"):
            publish.publish_marts(source, request_for(target))
    publish.publish_marts(source, request_for(target))


def test_readers_never_see_a_half(tmp_path: Path, source: duckdb.DuckDBPyConnection) -> None:
    """Readers that connect per query see one publication or the next, with its manifest and its rows alike."""
    target = tmp_path / "out.duckdb"
    source.execute("create or replace table marts.fct_a as select 0 as id, 0.0 as cost_usd")
    publish.publish_marts(source, request_for(target, "0"))
    stop, faults, reads = threading.Event(), [], []

    def read() -> None:
        while not stop.is_set():
            code = (
                "select (select invocation_id from publication.manifest), count(*), min(id), max(id) from marts.fct_a"
            )
            with duckdb.connect(str(target), read_only=True) as reader:
                name, records, low, high = reader.execute(code).fetchone() or ()
            reads.append(name)
            if not int(name) == low == high or records != int(name) + 1:
                faults.append((name, records, low, high))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 9):
        source.execute(
            f"create or replace table marts.fct_a as select {number} as id, 1.5 as cost_usd from range({number + 1})"
        )
        publish.publish_marts(source, request_for(target, str(number)))
    stop.set()
    for reader in readers:
        reader.join()
    assert not faults
    assert len(reads) > 5


# The demo's published file


def test_the_demo_is_published_whole(built_demo: Build, published: duckdb.DuckDBPyConnection) -> None:
    names = {
        node["name"]
        for node in built_demo.manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts" and node["name"] != "fct_usage_costs"
    }
    rows = published.execute("select mart, records from publication.marts").fetchall()
    assert {mart for mart, _ in rows} == names
    for mart, records in rows:
        assert published.execute(f"select count(*) from marts.{mart}").fetchone() == (records,)


def test_a_contract_keeps_its_not_null_columns(built_demo: Build, published: duckdb.DuckDBPyConnection) -> None:
    promised = {
        (node["name"], column["name"])
        for node in built_demo.manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts" and node["name"] != "fct_usage_costs"
        for column in node["columns"].values()
        if any(constraint["type"] == "not_null" for constraint in column["constraints"])
    }
    kept = set(
        published.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and not is_nullable"
        ).fetchall()
    )
    assert promised == kept
