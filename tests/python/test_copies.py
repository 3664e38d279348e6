"""One record counts once: 10,000 keys with up to four copies each, equal or not, read in any order."""

from __future__ import annotations

import duckdb
import pytest
from compiled import Project
from conftest import Build

KEYS = 10_000
# Key k has 1 + k % 4 copies. Every third key's copies differ in minutes, every fifth has no time at which it was known.
COPIES = f"""
    insert into warehouse.staging.stg_canonical__human_reviews by name
    select 'canonical' as source_system, concat('r', k) as review_id, 'case' as unit_type, 'u' as unit_id,
        'clerk' as reviewer_role, timestamp '2026-05-11 10:00:00' as started_at,
        case when k % 3 = 0 then 1 + copy else 1 end as minutes,
        case when k % 5 > 0 then timestamp '2026-05-12' + to_hours((k * 7 + copy * 5) % 3) end as ingested_at,
        concat('f', (k + copy * {{turn}}) % 7) as file_path, (k * 4 + copy) * {{turn}} % 1000003 as landed_row
    from range({KEYS}) as keys(k), range(4) as copies(copy) where copy <= k % 4
"""


def resolved(project: Project, turn: int) -> duckdb.DuckDBPyConnection:
    """The copies judged, delivered in an order that `turn` changes."""
    as_of = [{"as_of": "2026-11-21"}]
    connection = project.world({"stg_canonical__human_reviews": (), "int_as_of": as_of}, [])
    connection.execute(COPIES.format(turn=turn))
    relation = "warehouse.intermediate.int_human_reviews_resolved"
    connection.execute(f"create table {relation} as {project.nodes['int_human_reviews_resolved'].sql}")
    connection.execute(f"create view resolved as select * from {relation}")
    return connection


@pytest.fixture(scope="module")
def judged(demo: Build) -> duckdb.DuckDBPyConnection:
    return resolved(Project(demo), 1)


def test_each_key_is_kept_once(judged: duckdb.DuckDBPyConnection) -> None:
    told = judged.execute(
        "select count(*), count(*) filter (record_status = 'kept'), count(*) filter (record_status = 'duplicate'), "
        "count(distinct review_id) filter (record_status = 'kept') from resolved"
    ).fetchone()
    copies = sum(1 + key % 4 for key in range(KEYS))
    assert told == (copies, KEYS, copies - KEYS, KEYS)


def test_conflicts_are_named_and_equal_copies_are_none(judged: duckdb.DuckDBPyConnection) -> None:
    """A conflict is a key with two contents; every copy of it says so."""
    expected = {f"r{key}" for key in range(KEYS) if key % 3 == 0 and key % 4 > 0}
    rows = judged.execute("select review_id, bool_and(is_conflict), bool_or(is_conflict) from resolved group by 1")
    told = rows.fetchall()
    assert {name for name, every, _ in told if every} == {name for name, _, some in told if some} == expected


def test_what_is_known_last_wins(judged: duckdb.DuckDBPyConnection) -> None:
    """By the time at which it was known; nothing that a key says of itself is later than what was kept."""
    later = judged.execute(
        "select count(*) from (select * from resolved where record_status = 'kept' and is_conflict) as kept "
        "inner join resolved as other using (review_id) where other.ingested_at > kept.ingested_at"
    ).fetchone()
    assert later == (0,)


def test_the_order_of_delivery_decides_nothing(judged: duckdb.DuckDBPyConnection, demo: Build) -> None:
    """The same content is kept for every key when lines and files are dealt out anew."""
    kept = "select review_id, minutes, ingested_at from resolved where record_status = 'kept' order by review_id"
    assert resolved(Project(demo), 13).execute(kept).fetchall() == judged.execute(kept).fetchall()
