"""Small worlds for the allocation models: hand-made inputs, the models' own compiled SQL, one connection in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from conftest import Build

REPOSITORY = Path(__file__).resolve().parents[2]
MACRO_FILES = ("portability", "splits", "money", "allocation")
# Where a world begins: these relations are filled by hand, whatever else they have as parents.
INPUTS = frozenset(
    {
        "int_shared_costs",
        "int_shared_costs_resolved",
        "int_usage_costs_monthly",
        "int_metered_costs",
        "int_metered_costs_versions",
        "int_human_reviews",
        "int_human_reviews_versions",
        "int_review_owners_known",
        "int_usage_price_changes",
        "int_unit_dimensions",
        "int_knowledge_slots",
        "int_units",
        "int_provider_usage",
        "int_tenant_revenue",
        "int_reconciliation_legs",
        "int_invoice_lines_measured",
        "int_billing_model_names",
        "fct_units",
        "int_as_of",
        "stg_statements__issued_lines",
    }
)
NUMERIC = ("DECIMAL", "BIGINT", "INTEGER", "HUGEINT")


def macros() -> Any:
    """The project's macros for DuckDB as a Jinja module; its members render SQL text."""
    text = "".join((REPOSITORY / "macros" / f"{name}.sql").read_text(encoding="utf-8") for name in MACRO_FILES)

    class Adapter:
        def dispatch(self, name: str, _package: str) -> Any:
            return getattr(template.module, f"duckdb__{name}")

    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals["adapter"] = Adapter()
    environment.globals["dbt"] = {"type_string": lambda: "varchar"}
    template = environment.from_string(text)
    return template.module


@cache
def known(demo: Build) -> tuple[dict[str, dict[str, str]], dict[str, list[dict[str, Any]]]]:
    """Columns and types of every relation of the build, and the rows of the seeds that every world has."""
    columns: dict[str, dict[str, str]] = {}
    seeds = {}
    with demo.connect(demo.warehouse) as source:
        for table, column, data_type in source.execute(
            "select table_name, column_name, data_type from duckdb_columns() order by table_name, column_index"
        ).fetchall():
            columns.setdefault(table, {})[column] = data_type
        for seed in ("currencies", "environments"):
            found = source.execute(f"select * from policy.{seed}")
            names = [column[0] for column in found.description]
            seeds[seed] = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return columns, seeds


class World:
    """Relations of the build in memory. `put` fills an input, `build` runs the models towards `targets`."""

    def __init__(self, demo: Build, as_of: str = "2026-12-01 00:00:00") -> None:
        self.demo = demo
        self.nodes = {
            node["alias"]: node
            for node in demo.manifest["nodes"].values()
            if node["resource_type"] in ("model", "seed")
        }
        self.compiled = demo.target / "compiled" / "ai_unit_economics"
        self.by_id = {node["unique_id"]: name for name, node in self.nodes.items()}
        self.connection = duckdb.connect(config={"threads": 2})
        self.connection.execute("set timezone = 'UTC'")
        database = next(iter(self.nodes.values()))["database"]
        self.connection.execute(f'attach \':memory:\' as "{database}"')
        self.made: set[str] = set()
        self.columns, seeds = known(demo)
        for seed, rows in seeds.items():
            self.put(seed, rows)
        self.put("int_as_of", [{"as_of": as_of}])

    def relation(self, name: str) -> str:
        """The quoted name of a model or seed."""
        return str(self.nodes[name]["relation_name"])

    def make(self, name: str) -> None:
        """Create the relation `name`, empty, with the types that the build gave it."""
        node = self.nodes[name]
        self.connection.execute(f'create schema if not exists "{node["database"]}"."{node["schema"]}"')
        columns = ", ".join(f'"{column}" {kind}' for column, kind in self.columns[name].items())
        self.connection.execute(f"create table {self.relation(name)} ({columns})")
        self.made.add(name)

    def put(self, name: str, rows: Sequence[Mapping[str, Any]], fill: Any = None) -> None:
        """Insert rows; a column that a row lacks is null, or `fill` where it is a number."""
        if name not in self.made:
            self.make(name)
        kinds = self.columns[name]
        marks = "(" + ", ".join("?" for _ in kinds) + ")"
        values: list[Any] = []
        for row in rows:
            unknown = set(row) - set(kinds)
            assert not unknown, f"{name} has no {unknown}"
            values += [row.get(column, fill if kind.startswith(NUMERIC) else None) for column, kind in kinds.items()]
        if rows:
            every = ", ".join([marks] * len(rows))
            self.connection.execute(f"insert into {self.relation(name)} values {every}", values)

    def build(self, *targets: str) -> None:
        """Create every relation that the targets need and that is not there yet."""
        for target in targets:
            self._build(target)

    def _build(self, name: str) -> None:
        if name in self.made:
            return
        node = self.nodes[name]
        if node["resource_type"] == "seed" or name in INPUTS:
            self.make(name)
            return
        for parent in node["depends_on"]["nodes"]:
            self._build(self.by_id[parent])
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        self.connection.execute(f'create schema if not exists "{node["database"]}"."{node["schema"]}"')
        compiled = self.compiled / node["original_file_path"]
        self.connection.execute(f"create {kind} {self.relation(name)} as {compiled.read_text(encoding='utf-8')}")
        self.made.add(name)

    def rows(self, name: str, columns: str, where: str = "true", order: str = "all") -> list[tuple[Any, ...]]:
        """`columns` of a relation, ordered."""
        query = f"select {columns} from {self.relation(name)} where {where} order by {order}"
        return self.connection.execute(query).fetchall()

    def failures(self, test: str) -> list[tuple[Any, ...]]:
        """The rows of a data test of tests/policy; none where it passes."""
        return self.connection.execute((self.compiled / "tests" / "policy" / f"{test}.sql").read_text()).fetchall()

    def one(self, name: str, column: str, where: str = "true") -> Any:
        """A single value."""
        found = self.rows(name, column, where)
        assert len(found) == 1, found
        return found[0][0]

    # The inputs of a world, with sensible defaults.

    def shared_cost(self, identifier: str, pool: str, amount: str, **fields: Any) -> None:
        """A shared cost of May 2026 in USD."""
        row = {
            "shared_cost_id": identifier,
            "pool": pool,
            "layer": "platform",
            "period_start": "2026-05-01",
            "period_end": "2026-06-01",
            "amount": Decimal(amount),
            "currency": "USD",
            "environment": "production",
        }
        self.put("int_shared_costs", [row | fields])

    def rule(self, rule_id: str, pool: str, method: str, priority: int = 10, **fields: Any) -> None:
        """An allocation rule in force since 2020."""
        row = {"rule_id": rule_id, "pool": pool, "method": method, "priority": priority}
        self.put("allocation_rules", [row | {"valid_from": "2020-01-01", "approved_by": "x"} | fields])

    def weights(self, rule_id: str, weights: Mapping[str, str | int], kind: str = "cost_center") -> None:
        """Declared weights by target; a target `pool:x` is a pool."""
        self.put(
            "allocation_weights",
            [
                {
                    "rule_id": rule_id,
                    "target_type": "pool" if target.startswith("pool:") else kind,
                    "target_id": target.removeprefix("pool:"),
                    "weight": Decimal(str(weight)),
                    "valid_from": "2020-01-01",
                }
                for target, weight in weights.items()
            ],
        )

    def usage(self, cost: str, **fields: Any) -> None:
        """Calls of May 2026 in production, their cost in USD."""
        row = {
            "period_month": "2026-05-01",
            "environment": "production",
            "source_system": "canonical",
            "layer": "model_api",
            "provider": "openai",
            "billing_account_id": "org-1",
            "service_tier": "standard",
            "model": "m",
            "currency": "USD",
            "cost_currency": "USD",
            "cost_usd": Decimal(cost),
            "cost_micros": Decimal(cost) * 1_000_000,
            "requests": 1,
        }
        self.put("int_usage_costs_monthly", [row | fields], fill=0)

    def unit(self, unit_id: str, **fields: Any) -> None:
        """An attempted, successful support case that started in May 2026."""
        row = {
            "environment": "production",
            "unit_type": "support_case",
            "unit_id": unit_id,
            "episode_number": 1,
            "cohort_month": "2026-05-01",
            "cohort_date": "2026-05-04",
            "state": "success",
            "is_attempted": True,
            "request_count": 1,
            "bearing_cost_center": "a",
        }
        self.put("int_units", [row | fields], fill=0)

    def posted(self, where: str = "true") -> list[Decimal]:
        """Posted amounts of the statement lines, by target."""
        self.build("rpt_chargeback_statements")
        found = self.rows("rpt_chargeback_statements", "target_id, amount", where)
        return [amount for _, amount in found]
