"""Shared fixtures: one build of the demo per test session, read-only connections to it, and a way to run dbt.

dbt runs by subprocess, with its own target path, warehouse and published file in a temporary folder: nothing of the
user's is touched. `AIUE_TEST_BUILD=<folder>` keeps the demo's build there and uses it again as long as nothing that it
was made of has changed, which saves the build while one works on tests; without it every session builds afresh.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytest.register_assert_rewrite("golden", "producer_checks")
REPOSITORY = Path(__file__).resolve().parents[2]
DBT = (sys.executable, "-c", "from dbt.cli.main import cli; cli()")
# Variables that would let a user's own settings change what the tests build.
OWN_SETTINGS = (
    "AIUE_WAREHOUSE",
    "AIUE_SEEDS",
    "AIUE_PROJECT_DIR",
    "DBT_PROFILES_DIR",
    "DBT_PROJECT_DIR",
    "DBT_TARGET_PATH",
    "DBT_ENV_SECRET_AIUE_PEPPER",
)


COMPARED = pytest.StashKey[list[tuple[str, str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--compared", action="store_true", help="list what passing tests compared: got == expected")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[COMPARED] = []


def pytest_assertion_pass(item: pytest.Item, lineno: int, orig: str, expl: str) -> None:
    figures = re.sub(r"Decimal\('([^']*)'\)", r"\1", expl.split("\n")[0])
    if item.config.getoption("compared") and "==" in figures and not figures.startswith(("1 == 1", "(1 == 1")):
        item.config.stash[COMPARED].append((item.name.removeprefix("test_"), figures))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for name, values in config.stash[COMPARED]:
        terminalreporter.write_line(f"{name:<32} {values}")


def clean_env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a subprocess: the user's without their settings of this project, plus `extra`."""
    env = {key: value for key, value in os.environ.items() if key not in OWN_SETTINGS}
    return env | {"DO_NOT_TRACK": "1", "NO_COLOR": "1"} | dict(extra or {})


def run_dbt(
    args: Sequence[str],
    vars: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path = REPOSITORY,
    timeout: float = 900,
) -> subprocess.CompletedProcess[str]:
    """Run `dbt <args>` in the project and return the finished process; never raises on a failing build.

    `vars` become `--vars`. stdout holds dbt's log in plain text.
    """
    command = [*DBT, "--no-use-colors", *args]
    if vars:
        command += ["--vars", json.dumps(dict(vars))]
    return subprocess.run(
        command, cwd=cwd, env=clean_env(env), capture_output=True, text=True, timeout=timeout
    )


def copy_project(target: Path) -> Path:
    """A copy of the project whose seeds may be changed; the rest, the feeds too, is linked."""
    for name in ("models", "macros", "tests", "analyses", "ai_unit_economics", "demo"):
        if (REPOSITORY / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).symlink_to(REPOSITORY / name)
    shutil.copytree(REPOSITORY / "seeds", target / "seeds")
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(REPOSITORY / name, target / name)
    return target


@dataclass(frozen=True)
class Build:
    """One build in a folder of its own: warehouse, published file, target path, and how it was run."""

    root: Path

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.root / "published" / "ai_unit_economics.duckdb"

    @property
    def target(self) -> Path:
        return self.root / "target"

    @property
    def log(self) -> Path:
        return self.root / "dbt_build.txt"

    def dbt(
        self,
        *args: str,
        vars: Mapping[str, Any] | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path = REPOSITORY,
    ) -> subprocess.CompletedProcess[str]:
        """Run dbt against this build's warehouse, target path and published file."""
        settings = {"publish_path": str(self.published)} | dict(vars or {})
        paths = {
            "AIUE_WAREHOUSE": str(self.warehouse),
            "AIUE_TEMP_DIRECTORY": str(self.root / "duckdb_tmp"),
            "DBT_TARGET_PATH": str(self.target),
            "DBT_LOG_PATH": str(self.root / "logs"),
        }
        return run_dbt(args, settings, paths | dict(env or {}), cwd)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """target/manifest.json of the last dbt command of this build."""
        return json.loads((self.target / "manifest.json").read_text(encoding="utf-8"))

    def connect(self, path: Path | None = None) -> duckdb.DuckDBPyConnection:
        """A read-only connection to the published file, or to `path`, in UTC."""
        connection = duckdb.connect(str(path or self.published), read_only=True)
        connection.execute("set timezone = 'UTC'")
        return connection


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that workers of one test run share."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fingerprint() -> str:
    """Of everything that a build is made of: path, size and time of change of each file."""
    digest = hashlib.sha256()
    for name in ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests", "demo", "ai_unit_economics"):
        top = REPOSITORY / name
        for path in sorted([top] if top.is_file() else top.rglob("*")):
            if path.parent.name == "python":  # the tests themselves
                continue
            if path.is_file() and (path.suffix not in {".pyc", ".py"} or path.name == "publish.py"):
                digest.update(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def build_demo(build: Build) -> None:
    """Build the shipped demo into `build`, once: a second caller waits for the first and takes its result.

    `done` says what was built and with which exit code.
    """
    build.root.mkdir(parents=True, exist_ok=True)
    with (build.root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done, made_of = build.root / "done", fingerprint()
        if done.exists() and done.read_text(encoding="utf-8").startswith(made_of):
            return
        shutil.rmtree(build.target, ignore_errors=True)
        for old in build.root.glob("*.duckdb*"):
            old.unlink()
        result = build.dbt("build")
        build.log.write_text(result.stdout + result.stderr, encoding="utf-8")
        done.write_text(f"{made_of} {result.returncode}", encoding="utf-8")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Build:
    """The demo as `dbt build` left it, whether or not every test of it passed."""
    kept = os.environ.get("AIUE_TEST_BUILD")
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    build = Build(Path(kept).resolve() if kept else shared / "demo")
    build_demo(build)
    return build


@pytest.fixture(scope="session")
def built_demo(demo: Build) -> Build:
    """The demo's build, which must have passed."""
    if (demo.root / "done").read_text(encoding="utf-8").endswith(" 0"):
        return demo
    log = demo.log.read_text(encoding="utf-8")
    pytest.fail("dbt build of the demo failed:\n" + "\n".join(log.splitlines()[-60:]), pytrace=False)


@pytest.fixture(scope="session")
def published(built_demo: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    """Read-only connection to the demo's published file (schema `marts`)."""
    with built_demo.connect() as connection:
        yield connection


@pytest.fixture(scope="session")
def warehouse(built_demo: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    """Read-only connection to the demo's build database (schemas policy, staging, intermediate, marts)."""
    with built_demo.connect(built_demo.warehouse) as connection:
        yield connection


@pytest.fixture(scope="session")
def golden_build(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Build:
    """The one build that answers the golden cases of every test_golden_* module, its analyses compiled."""
    import golden

    base = tmp_path_factory.getbasetemp()
    root = (base if worker_id == "master" else base.parent) / "golden"
    with locked(root.with_suffix(".lock")):
        if not (root / "done").exists():
            world = golden.World()
            for module in sorted(path.stem for path in Path(__file__).parent.glob("test_golden_*.py")):
                add_cases = getattr(importlib.import_module(module), "cases", None)
                if add_cases:  # others ask a build of their own
                    add_cases(world)
            golden.build_world(world, root, *golden.SELECTION)
    build = Build(root)
    if (root / "done").read_text(encoding="utf-8") != "0":
        pytest.fail("dbt build of the golden cases failed:\n" + build.log.read_text(encoding="utf-8")[-6000:])
    return build


@pytest.fixture(scope="session")
def golden(golden_build: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    """Read-only connection to the golden cases' build database."""
    with golden_build.connect(golden_build.warehouse) as connection:
        yield connection


def shared_data_folder() -> Path:
    """The folder of the real data sets: AIUE_SHARED_DATA, else ../shared/data beside the repository."""
    return Path(os.environ.get("AIUE_SHARED_DATA") or REPOSITORY.parent / "shared" / "data").resolve()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data sets; the test is skipped, and says why, where they are absent."""
    folder = shared_data_folder()
    if not folder.is_dir():
        pytest.skip(
            f"the real data sets are not in {folder}; set AIUE_SHARED_DATA to the folder that holds them"
        )
    return folder


# Feeds in producers' own formats: the fixtures of this repository and, where they are there, the real samples.
PRODUCER_FIXTURES = REPOSITORY / "tests" / "fixtures" / "producers"
PRODUCER_SAMPLES = {
    "litellm_spend_logs": ["producers/litellm/spend_logs_*.json*"],
    "litellm_standard_logging": ["producers/litellm/standard_logging_*.json*"],
    "otel_genai": ["producers/otel_genai/*.jsonl"],
    "helicone_requests": [],
    "langfuse_observations": ["producers/langfuse/observations.*.jsonl"],
    "claude_code_jsonl": ["ccusage_fixtures/claude_*.jsonl"],
    "codex_jsonl": ["ccusage_fixtures/codex_*.jsonl"],
    "azure_llm_trace": ["azure_llm_2023/*.csv"],
    "mooncake_trace": ["mooncake_2k/*.jsonl"],
}
PRODUCER_NODES = [
    "+int_usage_costs",
    "stg_mooncake_trace__prefix_reads",
    "+rpt_feed_status",
    "+rpt_quarantine",
    "assert_no_record_is_lost",
]


def build_producers(build: Build) -> None:
    """Land fixtures and samples side by side, as <feed>/fixture and <feed>/sample; build the calls and their cost."""
    build.root.mkdir(parents=True, exist_ok=True)
    with (build.root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (build.root / "done").exists():
            return
        feeds = build.root / "input"
        for feed, patterns in PRODUCER_SAMPLES.items():
            for folder in PRODUCER_FIXTURES.glob(f"*/{feed}"):
                shutil.copytree(folder, feeds / feed / "fixture")
            (feeds / feed / "sample").mkdir(parents=True, exist_ok=True)
            for path in [path for pattern in patterns for path in shared_data_folder().glob(pattern)]:
                shutil.copyfile(path, feeds / feed / "sample" / path.name)
        # Not in the repository: dbt reads every .csv below tests/fixtures, and this one is no UTF-8.
        corrupt = feeds / "azure_llm_trace" / "fixture" / "corrupt.csv"
        corrupt.write_bytes(b"TIMESTAMP,ContextTokens,GeneratedTokens\r\n\x00\xff\xfe,1,1\r\n")
        settings = {"input_dir": str(feeds), "as_of": "2026-11-22T00:00:00Z"}
        result = build.dbt(
            "build", "--indirect-selection", "empty", "--select", *PRODUCER_NODES, vars=settings
        )
        build.log.write_text(result.stdout + result.stderr, encoding="utf-8")
        (build.root / "done").write_text(str(result.returncode), encoding="utf-8")


@pytest.fixture(scope="session")
def producer_build(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Build:
    """One build of all producers' fixtures and samples; that landed = accounted has passed."""
    base = tmp_path_factory.getbasetemp()
    build = Build((base if worker_id == "master" else base.parent) / "producers")
    build_producers(build)
    if (build.root / "done").read_text(encoding="utf-8") != "0":
        lines = build.log.read_text(encoding="utf-8").splitlines()
        pytest.fail("dbt build of the producers failed:\n" + "\n".join(lines[-60:]), pytrace=False)
    return build


@pytest.fixture(scope="session")
def producers(producer_build: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    """Read-only connection to the build of all producers' fixtures and samples."""
    with producer_build.connect(producer_build.warehouse) as connection:
        yield connection


@pytest.fixture(scope="session")
def world_template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Build:
    """The models compiled once over template files, for random worlds to be run through in process."""
    import world_runner

    kept = os.environ.get("AIUE_TEST_BUILD")
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    return world_runner.build_template(Path(kept).resolve() / "worlds" if kept else shared / "worlds")
