"""The same models on real data: one build of five data sets, and every figure that the marts must give.

Skipped where the data is absent: it is not part of the repository. The figures are listed in
examples/real/checks.py; `make real` prints the same list.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import duckdb
import pytest

from examples.real.checks import CHECKS, Check, got
from examples.real.run import REPOSITORY, run, shared_data, why_skipped

ABSENT = why_skipped(shared_data())
pytestmark = pytest.mark.skipif(ABSENT is not None, reason=ABSENT or "")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published file of one build a session, shared by all workers of a parallel run."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    out = REPOSITORY / "build" / "real-tests"
    out.mkdir(parents=True, exist_ok=True)
    with (out / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / "real-data-built").exists():
            try:
                run(out)
            except SystemExit as stop:  # pytest reports a failed fixture once, but forgets one that left the process
                pytest.fail(str(stop))
            (base / "real-data-built").touch()
    return out / "published" / "ai_unit_economics.duckdb"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_figure_of_the_marts(published: Path, check: Check) -> None:
    with duckdb.connect(str(published), read_only=True) as marts:
        value = got(marts, check)
    assert value == check.expected, f"{check.name} is {value} instead of {check.expected}: {check.sql}"


def test_none_of_the_data_is_in_the_repository() -> None:
    """Converted feeds and builds lie in ignored folders; the repository holds converters and figures only."""
    files = (REPOSITORY / "examples" / "real").rglob("*")
    held = [path.name for path in files if path.suffix in (".json", ".jsonl", ".parquet", ".duckdb")]
    assert held == [], f"examples/real holds data files: {held}; remove them"
