"""Faults: kills, full disks, locked folders, failing tests, two builds at once, readers all the while.

Whatever happens, the published file is wholly the old one or wholly the new one, the next build repairs, nothing is
left over, and the message is one sentence. `make faults` plays 50 kills, 20 failing tests and 5,000 reads; every run of
the tests plays a few of each. The figures are printed (-s).
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import random
import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from fault_house import MARTS, House, content, write_house
from small_project import invoke

from ai_unit_economics import publish

KILLS = int(os.environ.get("AIUE_KILLS", "1"))
BROKEN = int(os.environ.get("AIUE_BROKEN_MARTS", "1"))
READS = int(os.environ.get("AIUE_READS", "80"))
READERS = 8 if READS > 1000 else 4
long_only = pytest.mark.skipif("AIUE_KILLS" not in os.environ, reason="several builds of dbt: `make faults` plays it")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The house with input A built and published."""
    made = write_house(tmp_path_factory.mktemp("faults") / "house")
    made.hold("A")
    return made


def test_a_killed_build_leaves_old_or_new_and_the_next_repairs(house: House) -> None:
    """kill -9 in two windows, the inputs taking turns, so that a mix would show."""
    rng = random.Random(20261122)
    house.hold("A")
    found: Counter[str] = Counter()
    held = "A"
    for number in range(KILLS):
        window = ("publish", "marts")[number % 2]
        new = "B" if held == "A" else "A"
        found["in time"] += house.kill(new, window, rng)
        after = house.holds()
        found[{held: "old", new: "new"}.get(after, after)] += 1
        found["left for the next build to sweep"] += bool(house.leftovers())
        house.build(new)
        found["repaired"] += house.holds() == new and not house.leftovers()
        held = new
    print(f"\nkills {KILLS}: {dict(found)}")
    assert found["old"] + found["new"] == KILLS, found
    assert found["repaired"] == KILLS, found


def test_a_failing_test_of_any_mart_holds_the_publication_back(house: House) -> None:
    house.hold("A")
    before = house.published.read_bytes()
    house.deliver("B")
    chosen = MARTS[:: max(1, len(MARTS) // BROKEN)][:BROKEN]
    runs = {mart: ["build", "--vars", json.dumps({"broken": mart})] for mart in chosen}
    found = invoke(house.root, runs)
    refused = [mart for mart, outcome in found.items() if not outcome.success and outcome.status is None]
    print(f"\nfailing tests: {len(refused)} of {len(chosen)} marts held the publication back")
    assert refused == chosen
    assert house.published.read_bytes() == before


@long_only
def test_two_builds_at_once(house: House) -> None:
    """One warehouse: the second is told so. Two warehouses, one published file: they take turns."""
    house.hold("A")
    house.deliver("B")
    other = House(house.root, "other.duckdb")
    builds = [house.start(), house.start({"DBT_TARGET_PATH": "target_second"}), other.start()]
    logs = [process.communicate(timeout=300)[0] for process in builds]
    same = [process.returncode == 0 for process in builds[:2]]
    assert any(same), logs
    for is_good, log in zip(same, logs[:2], strict=True):
        assert is_good or "Could not set lock on file" in log, log
    assert builds[2].returncode == 0, logs[2]
    assert house.holds() == "B"
    assert not house.leftovers()


# Disks and folders, without dbt


def source_of(letter: str, records: int) -> duckdb.DuckDBPyConnection:
    """A build database in memory whose marts tell the letter."""
    connection = duckdb.connect()
    connection.execute("create schema marts; create table as_of as select timestamp '2026-01-01' as as_of")
    for mart in MARTS:
        connection.execute(
            f"create table marts.{mart} as select '{letter}' as world, range as sale_id, 2.5 as cost_usd "
            f"from range({records})"
        )
    return connection


def request_for(path: Path, invocation: str = "i1") -> dict[str, Any]:
    marts = [{"name": mart, "relation": f"marts.{mart}", "description": "", "columns": []} for mart in MARTS]
    return {
        "refusal": None, "path": str(path), "as_of_relation": "as_of", "invocation_id": invocation,
        "dbt_version": "1", "settings": {}, "tests": 0, "marts": marts,
    }  # fmt: skip


@contextlib.contextmanager
def file_size(most: int) -> Iterator[None]:
    """No file of this process may grow beyond `most` bytes: a write fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of the super-user, whom no permission stops; other users stay who they are."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, with A published in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        target = folder / "published"
        target.mkdir()
        with as_nobody_owner(target):
            publish.publish_marts(source_of("A", 20_000), request_for(target / "sales.duckdb"))
        yield target


@contextlib.contextmanager
def as_nobody_owner(folder: Path) -> Iterator[None]:
    if not os.geteuid():
        os.chown(folder, 65534, 65534)
    with as_nobody():
        yield


DISK = ["full while it copies", "full at once", "folder is read-only", "folder is closed", "lock may not be written"]


@pytest.mark.parametrize("fault", DISK)
def test_a_disk_that_fails_leaves_the_published_file(fault: str, open_folder: Path) -> None:
    """One sentence that names the file and the reason; the old file byte by byte, nothing beside it; then it works."""
    target = open_folder / "sales.duckdb"
    before, beside = target.read_bytes(), {path.name for path in open_folder.iterdir()}
    source = source_of("B", 20_000)
    with contextlib.ExitStack() as stack:
        if fault.startswith("full"):
            size = target.stat().st_size // 2 if "copies" in fault else 1000
            stack.enter_context(file_size(size))
        elif "folder" in fault:
            open_folder.chmod(0o555 if "read-only" in fault else 0o000)
        else:
            target.with_name(target.name + ".lock").chmod(0o444)
        stack.enter_context(as_nobody())
        with pytest.raises(publish.PublishError, match=r"could not be published to .*sales\.duckdb: ") as raised:
            publish.publish_marts(source, request_for(target))
    print(f"\n{fault}: {str(raised.value)[:160]}")
    open_folder.chmod(0o755)
    assert target.read_bytes() == before
    assert {path.name for path in open_folder.iterdir()} == beside
    target.with_name(target.name + ".lock").chmod(0o644)
    with as_nobody():
        publish.publish_marts(source, request_for(target, "i2"))
    assert content(target) == "B"


@long_only
def test_a_full_disk_stops_dbt_with_the_published_file_as_it_was(house: House) -> None:
    """The build database cannot grow either, and the next build, with room again, is a good one."""
    house.hold("A")
    before = house.published.read_bytes()
    house.deliver("B")
    most = 1_000_000

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    process = house.start(preexec_fn=limit)
    log, _ = process.communicate(timeout=300)
    assert process.returncode != 0, log
    assert house.published.read_bytes() == before
    assert not house.leftovers()
    house.build("B")
    assert house.holds() == "B"


# Readers


def read(path: str, reads: int, found: multiprocessing.SimpleQueue[tuple[int, list[str]]]) -> None:
    """Open the file again and again; tell how often, and what was wrong."""
    faults: list[str] = []
    for _ in range(reads):
        try:
            held = content(Path(path))
        except duckdb.Error as error:
            held = str(error)
        if held not in ("A", "B"):
            faults.append(held)
    found.put((reads, faults))


def test_readers_see_one_publication_or_the_next(tmp_path: Path) -> None:
    """Eight processes (in the short run four) read while A and B are published in turn."""
    target = tmp_path / "sales.duckdb"
    sources = {letter: source_of(letter, 20_000) for letter in "AB"}
    publish.publish_marts(sources["A"], request_for(target))
    context = multiprocessing.get_context("spawn")
    found = context.SimpleQueue()
    each = -(-READS // READERS)
    readers = [context.Process(target=read, args=(str(target), each, found)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    publications = 0
    while any(reader.is_alive() for reader in readers):
        publications += 1
        publish.publish_marts(sources["AB"[publications % 2]], request_for(target, str(publications)))
        time.sleep(0.1)
    for reader in readers:
        reader.join()
    told = [found.get() for _ in readers]
    faults = [fault for _, faults in told for fault in faults]
    reads = sum(number for number, _ in told)
    print(f"\nreaders {READERS}: {reads} reads over {publications} publications, {len(faults)} faults")
    assert not faults, faults[:5]
    assert reads >= READS
    assert publications > 2


def test_the_house_can_tell_a_mix(tmp_path: Path) -> None:
    """The check of the checks: one mart of the other letter, one row less."""
    sources = {letter: source_of(letter, 20_000) for letter in "AB"}
    for number, (statement, told) in enumerate(
        [
            (f"update marts.{MARTS[3]} set world = 'B'", "a mix"),
            (f"delete from marts.{MARTS[3]} where sale_id = 1", "marts that do not agree"),
        ]
    ):
        target = tmp_path / f"{number}.duckdb"
        publish.publish_marts(sources["A"], request_for(target))
        shutil.copy(target, tmp_path / "copy.duckdb")
        with duckdb.connect(str(tmp_path / "copy.duckdb")) as copy:
            copy.execute(statement)
        assert content(tmp_path / "copy.duckdb").startswith(told)
