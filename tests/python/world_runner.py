"""Runs the project's compiled SQL in process on a random world (tests/oracle/worlds.py).

The project is built once over template files, three a feed; a world's files then take their place in the compiled SQL,
and its policy takes the place of the seeds. About a second a world instead of half a minute a build.
"""

from __future__ import annotations

import csv
import fcntl
import tempfile
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
from compiled import Node, Project
from conftest import Build, fingerprint

from tests.oracle.landing import CSV_FEEDS, JSON_FEEDS
from tests.oracle.worlds import CSV_COLUMNS, EARLIEST, FILES, World

TEMPLATE_AS_OF = "2026-07-15T00:00:00"
# Knowledge that holds for every company; all other seeds are the world's.
KNOWLEDGE = (
    "coverage_thresholds",
    "currencies",
    "data_flags",
    "environments",
    "feed_fields",
    "feeds",
    "gl_accounts",
    "reject_reasons",
    "t_quantiles",
    "thresholds",
)
MARTS = (
    "fct_usage_costs",
    "fct_units",
    "rpt_unit_economics",
    "rpt_quarantine",
    "rpt_feed_status",
    "fct_allocated_costs",
    "fct_reconciliation_legs",
    "fct_reconciliation_variances",
    "fct_postings",
    "rpt_period_close",
)


def write_template(folder: Path) -> None:
    """Files in the places of a world's: each with a line that is no record, so that the second reader reads it too."""
    for feed in (*JSON_FEEDS, *CSV_FEEDS):
        (folder / feed).mkdir(parents=True)
        for number in range(1, FILES + 1):
            if feed in CSV_FEEDS:
                (folder / feed / f"f{number}.csv").write_text(",".join(CSV_COLUMNS[feed]) + "\nx,,\n", encoding="utf-8")
            else:
                (folder / feed / f"f{number}.jsonl").write_text(f"no record {number}\n", encoding="utf-8")


def build_template(root: Path) -> Build:
    """The project built over the template files, once for all workers and sessions that share `root`."""
    root.mkdir(parents=True, exist_ok=True)
    build = Build(root)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done, made_of = root / "done", fingerprint()
        if done.exists() and done.read_text(encoding="utf-8") == made_of:
            return build
        folder = root / "input"
        if not folder.exists():
            write_template(folder)
        settings = {
            "input_dir": str(folder),
            "as_of": TEMPLATE_AS_OF + "Z",
            "earliest_date": str(EARLIEST),
            "publish": "off",
        }
        result = build.dbt(
            "build", "--exclude-resource-type", "test", "unit_test", "--select", "+path:models/marts", vars=settings
        )
        if result.returncode:
            raise RuntimeError("dbt build of the template failed:\n" + result.stdout[-6000:])
        done.write_text(made_of, encoding="utf-8")
    return build


class Runner:
    """The compiled project, ready for worlds. One per process."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.project = Project(build)
        # Other producers' feeds are empty in every world, as they are in the template.
        self.empty = {name for name in self.project.nodes if name.startswith("stg_") and "_canonical__" not in name}
        self.views = {
            node["name"]
            for node in build.manifest["nodes"].values()
            if node["config"].get("materialized") == "view"
        }

    @cached_property
    def knowledge(self) -> dict[str, list[dict[str, Any]]]:
        """Rows of the seeds that hold for every company, as the oracle reads them."""
        found = {}
        with self.build.connect(self.build.warehouse) as source:
            for seed in KNOWLEDGE:
                rows = source.execute(f"select * from policy.{seed}")
                names = [column[0] for column in rows.description]
                found[seed] = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        return found

    def needed(self, wanted: Iterable[str]) -> list[Node]:
        """What has to be made, parents first; other producers' models without their parents."""
        nodes = self.project.order(self.empty, wanted)
        parents = {parent for node in nodes for parent in node.parents}
        return [self.project.nodes[name] for name in sorted(self.empty & parents)] + nodes

    def run(
        self,
        world: World,
        wanted: Iterable[str] = MARTS,
        given: Mapping[str, Iterable[Mapping[str, Any]]] = MappingProxyType({}),
    ) -> duckdb.DuckDBPyConnection:
        """Every model that `wanted` needs, made from the world's files and policy, in a database in memory.

        `given` are rows of other producers' relations, which are empty else.
        """
        nodes = self.needed(wanted)
        connection = duckdb.connect()
        connection.execute("set timezone = 'UTC'; set threads = 1; attach ':memory:' as warehouse")
        connection.execute(f"attach '{self.build.warehouse}' as built (read_only)")
        for schema in sorted({node.schema for node in self.project.nodes.values()}):
            connection.execute(f"create schema warehouse.{schema}")
        template = str(self.build.root / "input")
        with tempfile.TemporaryDirectory() as scratch:
            self.write(world, Path(scratch))
            for node in nodes:
                relation = f"warehouse.{node.schema}.{node.name}"
                if node.name in self.empty:
                    self.project.fill(connection, node, given.get(node.name, ()))
                elif node.name in KNOWLEDGE:
                    connection.execute(f"create table {relation} as from built.{node.schema}.{node.name}")
                elif node.sql is None:
                    connection.execute(f"create table {relation} as from built.{node.schema}.{node.name} limit 0")
                    self.fill(connection, relation, node.name, world.policy.get(node.name, []), Path(scratch))
                else:
                    kind = "view" if node.name in self.views else "table"
                    sql = node.sql.replace(template, scratch).replace(TEMPLATE_AS_OF, world.as_of.isoformat())
                    connection.execute(f"create {kind} {relation} as {sql}")
        connection.execute("use warehouse.marts")
        return connection

    def write(self, world: World, folder: Path) -> None:
        """The world's feed files."""
        for feed, contents in world.files().items():
            (folder / feed).mkdir()
            suffix = "csv" if feed in CSV_FEEDS else "jsonl"
            for number, content in enumerate(contents, 1):
                (folder / feed / f"f{number}.{suffix}").write_bytes(content)

    def fill(
        self, connection: duckdb.DuckDBPyConnection, relation: str, name: str, rows: list[dict[str, Any]], folder: Path
    ) -> None:
        """A seed's rows, as text that is cast to the seed's types."""
        if not rows:
            return
        columns = [column for column, _ in self.project.columns[name]]
        unknown = {column for row in rows for column in row} - set(columns)
        if unknown:
            raise KeyError(f"{name} has no columns {sorted(unknown)}")
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(columns)
            writer.writerows([["" if row.get(column) is None else row[column] for column in columns] for row in rows])
        connection.execute(
            f"insert into {relation} select * from read_csv('{path}', all_varchar = true, header = true, nullstr = '')"
        )
