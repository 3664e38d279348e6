"""The engine's sandbox and the pseudonyms of persons: what is refused, and where an id may be read.

The refusals are tried twice: on the engine as the plugin leaves it, and by statements that dbt runs.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import REPOSITORY, Build
from small_project import invoke, write_project

from ai_unit_economics import engine

LINE = '{"a": 1}\n'


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder that is allowed, `input`, another that is not, `secret`, and links between them."""
    for name in ("input", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.jsonl").write_text(LINE)
    (tmp_path / "alias").symlink_to(tmp_path / "input")
    return tmp_path


@pytest.fixture
def confined(house: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine that works in the house and is confined to `input`."""
    monkeypatch.chdir(house)
    with duckdb.connect(str(house / "build.duckdb"), config={"temp_directory": str(house / "spill")}) as connection:
        engine.confine(connection, [house / "input"])
        # After the fact, as somebody who can write there would do it.
        (house / "input" / "link.jsonl").symlink_to(house / "secret" / "a.jsonl")
        (house / "input" / "folder").symlink_to(house / "secret")
        yield connection


REFUSED = {
    "outside": "select * from read_ndjson_objects('secret/a.jsonl')",
    "traversal": "select * from read_ndjson_objects('input/../secret/a.jsonl')",
    "link to a file": "select * from read_ndjson_objects('input/link.jsonl')",
    "link to a folder": "select * from read_ndjson_objects('input/folder/a.jsonl')",
    "glob outside": "select * from glob('secret/*')",
    "glob by traversal": "select * from glob('input/../secret/*')",
    "sniffing": "select * from sniff_csv('/etc/passwd')",
    "text": "select * from read_text('/etc/hostname')",
    "environment": "select * from read_blob('/proc/self/environ')",
    "attach": "attach 'other.duckdb'",
    "copy": "copy (select 1) to 'out.csv'",
    "export": "export database 'dump'",
    "install": "install httpfs",
    "load": "load httpfs",
    "remote": "select * from read_csv('https://localhost:1/a.csv')",
    "access again": "set enable_external_access = true",
    "folders again": "set allowed_directories = ['/']",
    "unlock": "set lock_configuration = false",
    "zone": "set TimeZone = 'Europe/Paris'",
    "zone of all": "set global TimeZone = 'Europe/Paris'",
    "resources": "set memory_limit = '100GB'",
}
ALLOWED = {
    "inside": "select * from read_ndjson_objects('input/a.jsonl')",
    "through a link to the folder itself": "select * from read_ndjson_objects('alias/a.jsonl')",
    "glob": "select * from glob('input/**')",
    "zone": "select 1 where current_setting('TimeZone') = 'UTC'",
    "spill": "create table t as select range, repeat('x', 50) as x from range(100000) order by hash(range)",
}


@pytest.mark.parametrize("way", REFUSED)
def test_the_engine_refuses(way: str, confined: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error, match=r"Cannot access|disabled|Cannot change|not be found|HTTP"):
        confined.cursor().execute(REFUSED[way]).fetchall()


@pytest.mark.parametrize("way", ALLOWED)
def test_the_engine_still_does(way: str, confined: duckdb.DuckDBPyConnection) -> None:
    assert confined.cursor().execute(ALLOWED[way]).fetchall()


def test_a_link_that_leads_out_stops_the_run(house: Path) -> None:
    """The engine's glob would pass it over in silence, and a feed would be incomplete."""
    (house / "input" / "link.jsonl").symlink_to(house / "secret" / "a.jsonl")
    with duckdb.connect() as connection, pytest.raises(engine.EngineError, match=r"link\.jsonl is a link that leads"):
        engine.confine(connection, [house / "input"])
    with duckdb.connect() as connection:  # but a link from one allowed folder to another is none that leads out
        engine.confine(connection, [house / "input", house / "secret"])


def test_settings_name_the_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AIUE_SEEDS", raising=False)
    given = {"input_dir": "in", "feed_paths": {"unit_events": "/else/where"}, "publish_path": "out/m.duckdb"}
    names = ("in", "/else/where", "out", "seeds")
    assert list(engine.folders(given)) == [Path(tmp_path, name).resolve() for name in names]
    assert list(engine.folders({"input_dir": None, "feed_paths": ["x"], "publish_path": "a\x00/b"})) == [
        tmp_path / "seeds"
    ]


INLINE = {
    "outside": "select * from read_text('/etc/hostname')",
    "traversal": "select * from read_text('seeds/../dbt_project.yml')",
    "attach": "attach 'other.duckdb'",
    "install": "install httpfs",
    "unlock": "set lock_configuration = false",
}


def test_dbt_runs_confined(tmp_path: Path) -> None:
    """Whatever a model says; a folder that a setting names is open, and only while it names it."""
    project = write_project(tmp_path / "project")
    other = tmp_path / "feeds"
    other.mkdir()
    (other / "a.jsonl").write_text(LINE)
    for name, sql in INLINE.items():
        (project / "models" / f"try_{name}.sql").write_text(f"{{% do run_query({sql!r}) if execute %}}select 1 as a")
    (project / "models" / "try_feed.sql").write_text(f"select * from read_json('{other}/a.jsonl')")
    (project / "models" / "try_zone.sql").write_text("select error('zone') where current_setting('TimeZone') <> 'UTC'")
    runs = {name: ["run", "--select", f"try_{name}"] for name in [*INLINE, "feed", "zone"]}
    (other / "ai_usage_events").mkdir()  # a folder without a feed is refused as input
    shutil.copy(other / "a.jsonl", other / "ai_usage_events" / "a.jsonl")
    runs["feed as input"] = [*runs["feed"], "--vars", json.dumps({"input_dir": str(other)})]
    found = invoke(project, runs, {"TZ": "Asia/Kathmandu"})
    assert {name for name, outcome in found.items() if outcome.success} == {"feed as input", "zone"}
    for name in [*INLINE, "feed"]:
        assert re.search(r"Cannot access|Cannot change", found[name].errors), f"{name}: {found[name].errors}"


# Persons

REVIEWS = ("stg_canonical__human_reviews", "stg_canonical__human_reviews_landed")
STARTED = "2026-05-11T10:00:00Z"
REVIEW = {"unit_type": "case", "unit_id": "u", "reviewer_role": "clerk", "started_at": STARTED, "minutes": 1}
PERSONS = ["zoe.q.lindqvist", "abe.lindqvist", "zoe.q.lindqvist", None]
PEPPER = "correct horse battery staple"


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the reviews' staging, with four reviews of two persons and of nobody."""
    project = write_project(tmp_path_factory.mktemp("persons") / "project")
    for name in REVIEWS:
        (project / "models/staging").mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / "models/staging/canonical" / f"{name}.sql", project / "models/staging")
    folder = project / "demo" / "human_reviews"
    folder.mkdir(parents=True)
    lines = [
        json.dumps(REVIEW | {"review_id": f"r{number}", "reviewer_id": person}) for number, person in enumerate(PERSONS)
    ]
    (folder / "a.jsonl").write_text("\n".join(lines) + "\n")
    return project


def staged_reviewers(project: Path, pepper: str | None) -> list[str | None]:
    """The reviewers in order of their reviews, after a build with this pepper."""
    env = {"DBT_ENV_SECRET_AIUE_PEPPER": pepper} if pepper else {}
    outcome = invoke(project, {"run": ["run", "--select", *REVIEWS, "--debug", "--log-level-file", "debug"]}, env)
    assert outcome["run"].success, outcome["run"].errors
    with duckdb.connect(str(project / "warehouse.duckdb"), read_only=True) as warehouse:
        rows = warehouse.execute(f"select reviewer_id from staging.{REVIEWS[0]} order by review_id").fetchall()
    return [row[0] for row in rows]


def test_persons_are_hashed_with_the_pepper(reviews: Path) -> None:
    """By the text of the environment, which stands in no file afterwards; two peppers, two names."""
    expected = [person and hashlib.sha256((PEPPER + person).encode()).hexdigest() for person in PERSONS]
    assert staged_reviewers(reviews, PEPPER) == expected
    assert staged_reviewers(reviews, PEPPER * 2)[0] not in {*expected, *PERSONS}
    for path in reviews.rglob("*"):
        if path.is_file():
            assert PEPPER.encode() not in path.read_bytes(), f"{path} holds the pepper"


def test_without_a_pepper_persons_are_numbered(reviews: Path) -> None:
    assert staged_reviewers(reviews, None) == ["person 2", "person 1", "person 2", None]


def test_a_short_pepper_stops_the_run(reviews: Path) -> None:
    outcome = invoke(reviews, {"run": ["run"]}, {"DBT_ENV_SECRET_AIUE_PEPPER": "salt"})["run"]
    assert not outcome.success
    assert "has 4 characters and needs 16 or more" in outcome.errors


def test_no_reviewer_of_the_demo_is_named(built_demo: Build) -> None:
    """No id of the feed is part of any text of a mart or of the build, but for the line that was delivered."""
    with built_demo.connect(built_demo.warehouse) as warehouse:
        landed = "staging.stg_canonical__human_reviews_landed"
        persons = [
            row[0]
            for row in warehouse.execute(
                f"select distinct raw_text ->> 'reviewer_id' from {landed} where raw_text is not null"
            ).fetchall()
            if row[0]
        ]
        assert len(persons) > 5
        pattern = "|".join(map(re.escape, persons))
        columns = warehouse.execute(
            "select schema_name, table_name, column_name from duckdb_columns() join duckdb_tables() "
            "using (schema_name, table_name) where data_type = 'VARCHAR' "
            "and column_name not in ('raw_text', 'line_text')"
        ).fetchall()
        found = [
            f"{schema}.{table}.{column}"
            for schema, table, column in columns
            if warehouse.execute(
                f"select count(*) from {schema}.{table} where regexp_matches({column}, '\\b({pattern})\\b')"
            ).fetchone() != (0,)
        ]
    assert not found, f"a reviewer's id stands in {found}"
