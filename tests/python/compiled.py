"""Runs compiled models in process over small tables made by hand: milliseconds a world instead of a dbt build.

The SQL is what dbt compiled for the demo's build; the columns and types of hand-made tables are those of the relations
that they stand for. Seeds that a test does not give are empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
from conftest import Build

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Node:
    """A model or seed: its schema, its compiled SQL (none for seeds) and the names of what it reads."""

    name: str
    schema: str
    sql: str | None
    parents: tuple[str, ...]


class Project:
    """The models of one finished build."""

    def __init__(self, build: Build) -> None:
        self.build = build

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """{model or seed name: node}."""
        found = {}
        for node in self.build.manifest["nodes"].values():
            if node["resource_type"] in ("model", "seed"):
                parents = tuple(parent.split(".")[-1] for parent in node["depends_on"].get("nodes", ()))
                found[node["name"]] = Node(node["name"], node["schema"], node.get("compiled_code"), parents)
        return found

    @cached_property
    def columns(self) -> dict[str, list[tuple[str, str]]]:
        """{relation: [(column, type)]} of the build database."""
        found: dict[str, list[tuple[str, str]]] = {}
        with self.build.connect(self.build.warehouse) as connection:
            for name, column, data_type in connection.execute(
                "select table_name, column_name, data_type from information_schema.columns order by ordinal_position"
            ).fetchall():
                found.setdefault(name, []).append((column, data_type))
        return found

    def order(self, given: Iterable[str], wanted: Iterable[str]) -> list[Node]:
        """What has to be made for `wanted` where `given` is there, parents first."""
        done = set(given)
        found: list[Node] = []

        def visit(name: str) -> None:
            if name in done:
                return
            done.add(name)
            for parent in self.nodes[name].parents:
                visit(parent)
            found.append(self.nodes[name])

        for name in wanted:
            visit(name)
        return found

    def world(self, tables: Mapping[str, Iterable[Row]], wanted: Iterable[str]) -> duckdb.DuckDBPyConnection:
        """A database in memory with `tables` ({relation: rows}) and every model of `wanted` made from them.

        Columns that a row lacks are null; values are cast to the column's type.
        """
        connection = duckdb.connect()
        connection.execute("set timezone = 'UTC'; set threads = 1; attach ':memory:' as warehouse")
        for schema in sorted({node.schema for node in self.nodes.values()}):
            connection.execute(f"create schema warehouse.{schema}")
        for name, rows in tables.items():
            self.fill(connection, self.nodes[name], rows)
        for node in self.order(tables, wanted):
            relation = f"warehouse.{node.schema}.{node.name}"
            if node.sql is None:
                self.fill(connection, node, ())
            else:
                connection.execute(f"create table {relation} as {node.sql}")
        connection.execute("use warehouse.marts")
        return connection

    def fill(self, connection: duckdb.DuckDBPyConnection, node: Node, rows: Iterable[Row]) -> None:
        columns = dict(self.columns[node.name])
        relation = f"warehouse.{node.schema}.{node.name}"
        listed = ", ".join(f"{column} {data_type}" for column, data_type in columns.items())
        connection.execute(f"create table {relation} ({listed})")
        given = list(rows)
        if not given:
            return
        used = sorted({column for row in given for column in row})
        unknown = set(used) - set(columns)
        if unknown:
            raise KeyError(f"{node.name} has no columns {sorted(unknown)}")
        marks = f"({', '.join('?' for _ in used)})"
        for start in range(0, len(given), 1000):
            some = given[start : start + 1000]
            values = [row.get(column) for row in some for column in used]
            connection.execute(
                f"insert into {relation} ({', '.join(used)}) values {', '.join([marks] * len(some))}",
                [None if value is None else str(value) for value in values],
            )
