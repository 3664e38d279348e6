"""Worlds for golden cases: small feeds and a policy of their own, built once, asked many questions.

A world keeps its cases apart by unit type, application or model, so that one build answers all of them. The
expectations stand in the tests and come from the specification, never from what the models say.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
from compiled import Project
from conftest import REPOSITORY, Build

# The moment that the marts of the golden world speak from; the cases count their hours back from it.
AS_OF = datetime(2026, 11, 21, tzinfo=UTC)
# Knowledge that holds for every company. All other seeds keep their header and take the rows of the world.
KEPT_SEEDS = frozenset(
    "currencies data_flags environments feed_fields feeds reject_reasons t_quantiles thresholds".split()
)
# The words of every golden source system.
OUTCOMES = {"resolved": "success", "rejected": "failed", "escalated": "escalated", "waiting": "pending"}
PROJECT = ("ai_unit_economics", "dbt_project.yml", "macros", "models", "profiles.yml", "tests")

# What the cases read, with everything before it and the tests of it; published is nothing.
SELECTION = (
    "--select",
    "+path:models/marts/unit_economics",
    "+rpt_coverage",
    "+int_direct_costs_monthly",
    "+rpt_showback",
    "+int_tenant_revenue",
    "int_expired_prices",
    "what_if_assumptions",
    "--indirect-selection",
    "cautious",
    "--exclude",
    "test_type:unit",
)

# What tests run by hand, the build done: the analyses, and what is to stop a build.
COMPILED = (
    "path:analyses",
    "assert_contracts_have_no_hole",
    "price_overlap__list_prices",
    "int_metered_costs",
    "int_metered_costs_versions",
    "int_spot_rates",
)


def stamp(at: datetime) -> str:
    """An instant as the feeds write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class World:
    """Feeds and policy in memory. Every record gets an id of its own unless it is given one."""

    def __init__(self) -> None:
        self.feeds: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.policy: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.analyses: dict[str, str] = {}

    def number(self, feed: str) -> str:
        return f"{feed}-{len(self.feeds[feed]) + 1}"

    def unit_type(self, name: str, window: int = 48, **targets: str) -> None:
        """A unit type with a workflow of the same name; `targets` make a row of unit_targets."""
        self.policy["workflows"].append({"workflow": name, "name": name})
        self.policy["unit_types"].append(
            {
                "unit_type": name,
                "workflow": name,
                "is_primary": "true",
                "reopen_window_hours": window,
                "abandon_after_hours": 720,
                "attribution_window_days": 90,
            }
        )
        for outcome, classification in OUTCOMES.items():
            self.policy["outcome_statuses"].append(
                {"unit_type": name, "outcome": outcome, "classification": classification}
            )
        if targets:
            defaults = {
                "target_cost": "1",
                "slo_share": "0.9",
                "human_cost_per_unit": "1",
                "human_minutes_per_unit": "6",
                "human_success_rate": "1",
                "price_per_unit": "1",
                "currency": "USD",
                "valid_from": "2020-01-01",
            }
            self.policy["unit_targets"].append({"unit_type": name, "workflow": name} | defaults | targets)

    def price(self, model: str, meter: str, price: str, **fields: Any) -> None:
        """A list price per million of the provider `golden`."""
        defaults = {
            "provider": "golden",
            "service_tier": "standard",
            "context_tokens_over": 0,
            "per_quantity": 1000000,
            "currency": "USD",
            "is_free": "false",
            "price_source": "golden",
            "date_basis": "effective",
            "observed_on": "2026-01-01",
            "is_deprecated": "false",
            "is_inherited": "false",
        }
        row = {"model": model, "meter": meter, "price": price} | defaults | fields
        self.policy["list_prices"].append(row)

    def contract(self, account: str, model: str, meter: str, **fields: Any) -> None:
        """A contract price or discount per million; the account is made known as well."""
        if account not in {row["billing_account_id"] for row in self.policy["billing_accounts"]}:
            self.policy["billing_accounts"].append(
                {
                    "billing_account_id": account,
                    "provider": "golden",
                    "issuer": "golden",
                    "currency": "USD",
                    "entity": "default",
                }
            )
        defaults = {
            "contract_id": f"contract-{account}",
            "provider": "golden",
            "service_tier": "standard",
            "context_tokens_over": 0,
            "per_quantity": 1000000,
            "currency": "USD",
            "valid_from": "2020-01-01",
            "recorded_at": "2020-01-01",
            "approved_by": "golden",
        }
        row = {"billing_account_id": account, "model": model, "meter": meter} | defaults | fields
        self.policy["contract_prices"].append(row)

    def call(
        self,
        at: datetime | str,
        model: str,
        usage: Mapping[str, int] | None = None,
        unit: tuple[str, str] | None = None,
        cost: str | None = None,
        **fields: Any,
    ) -> None:
        """One call of the provider `golden`; `cost` is the producer's own figure in USD."""
        record: dict[str, Any] = {
            "request_id": self.number("ai_usage_events"),
            "timestamp_utc": at if isinstance(at, str) else stamp(at),
            "provider": "golden",
            "model_or_deployment": model,
            "environment": "production",
            "status": "success",
        }
        if usage is not None:
            record["usage"] = dict(usage)
        if unit:
            record["business_unit"] = {"unit_type": unit[0], "unit_id": unit[1]}
        if cost is not None:
            record["cost_estimate"] = {"amount": cost, "currency": "USD"}
        self.feeds["ai_usage_events"].append(record | fields)

    def event(
        self, unit: tuple[str, str], event_type: str, at: datetime, outcome: str | None = None, **fields: Any
    ) -> None:
        """One thing that happened to a unit of work."""
        record = {
            "event_id": self.number("unit_events"),
            "unit_type": unit[0],
            "unit_id": unit[1],
            "event_type": event_type,
            "occurred_at": stamp(at),
        }
        if outcome:
            record["outcome"] = outcome
        self.feeds["unit_events"].append(record | fields)

    def charge(
        self,
        unit: tuple[str, str] | None,
        amount: str,
        at: datetime,
        layer: str = "tool_integration",
        currency: str = "USD",
        **fields: Any,
    ) -> None:
        """One metered charge."""
        record: dict[str, Any] = {
            "charge_id": self.number("metered_costs"),
            "occurred_at": stamp(at),
            "layer": layer,
            "service": "golden",
            "amount": amount,
            "currency": currency,
        }
        if unit:
            record["business_unit"] = {"unit_type": unit[0], "unit_id": unit[1]}
        self.feeds["metered_costs"].append(record | fields)

    def review(self, unit: tuple[str, str], role: str, minutes: str, at: datetime) -> None:
        """One sitting of a reviewer."""
        self.feeds["human_reviews"].append(
            {
                "review_id": self.number("human_reviews"),
                "unit_type": unit[0],
                "unit_id": unit[1],
                "reviewer_role": role,
                "minutes": minutes,
                "started_at": stamp(at),
            }
        )

    def units(
        self,
        unit_type: str,
        state: str,
        count: int,
        at: datetime,
        cost: str | Mapping[str, str] | None = None,
        outcome_after: timedelta = timedelta(hours=2),
        **fields: Any,
    ) -> list[tuple[str, str]]:
        """`count` units of one state, started `at`; `cost` per unit, or per unit and layer. Returns their keys."""
        layers = {"tool_integration": cost} if isinstance(cost, str) else dict(cost or {})
        keys = []
        for _ in range(count):
            unit = (unit_type, self.number("unit_events"))
            keys.append(unit)
            self.event(unit, "opened", at, **fields)
            for layer, amount in layers.items():
                self.charge(unit, amount, at, layer)
            if state == "cancelled":
                self.event(unit, "cancelled", at + outcome_after, **fields)
            elif state != "pending":
                outcome = "resolved" if state == "success" else "rejected"
                self.event(unit, "outcome", at + outcome_after, outcome, **fields)
        return keys

    def write(self, root: Path) -> None:
        """The project with the world's own seeds, and the world's feeds in `input`."""
        for name in PROJECT:
            (root / name).symlink_to(REPOSITORY / name)
        shutil.copytree(REPOSITORY / "analyses", root / "analyses")
        for name, sql in self.analyses.items():
            (root / "analyses" / f"{name}.sql").write_text(sql, encoding="utf-8")
        shutil.copytree(REPOSITORY / "seeds", root / "seeds")
        for seed in sorted((root / "seeds").rglob("*.csv")):
            if seed.stem not in KEPT_SEEDS:
                write_rows(seed, self.policy.get(seed.stem, []))
        for feed, records in self.feeds.items():
            folder = root / "input" / feed
            folder.mkdir(parents=True)
            if feed == "shared_costs":
                write_csv(folder / "golden.csv", list(records[0]), records)
                continue
            lines = "".join(json.dumps(record) + "\n" for record in records)
            (folder / "golden.jsonl").write_text(lines, encoding="utf-8")


def write_rows(seed: Path, rows: list[dict[str, Any]]) -> None:
    """Keep the seed's header, replace its rows; a column that it does not have is an error."""
    with seed.open(encoding="utf-8", newline="") as lines:
        columns = next(csv.reader(lines))
    write_csv(seed, columns, rows)


def write_csv(path: Path, columns: list[str], rows: list[dict[str, Any]]) -> None:
    """A CSV file with a header; what a row lacks is empty."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def build_world(world: World, root: Path, *selection: str) -> Build:
    """Write the world below `root` and build it; the log is kept beside it, whether or not the build passed."""
    root.mkdir(parents=True, exist_ok=True)
    world.write(root)
    build = Build(root)
    settings = {"input_dir": "input", "as_of": stamp(AS_OF).replace(".000000", ""), "publish": "off"}
    result = build.dbt("build", *selection, cwd=root, vars=settings)
    if not result.returncode:
        compiled = build.dbt("compile", "--select", *COMPILED, cwd=root, vars=settings)
        result.stdout += compiled.stdout
        result.returncode = compiled.returncode
    build.log.write_text(result.stdout + result.stderr, encoding="utf-8")
    (root / "done").write_text(str(result.returncode), encoding="utf-8")
    return build


def run_data_test(
    build: Build, name: str, seed: str, seed_rows: list[dict[str, Any]]
) -> list[tuple[Any, ...]]:
    """What a compiled data test says of a seed with these rows: the rows that break it, or the error it raises."""
    (sql,) = (
        node["compiled_code"]
        for node in build.manifest["nodes"].values()
        if node["resource_type"] == "test" and node["name"] == name
    )
    with Project(build).world({seed: seed_rows}, []) as connection:
        return connection.execute(sql).fetchall()


def analysis(build: Build, name: str) -> str:
    """The compiled SQL of an analysis."""
    return (build.target / "compiled/ai_unit_economics/analyses" / f"{name}.sql").read_text(encoding="utf-8")


def rows(warehouse: duckdb.DuckDBPyConnection, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return warehouse.execute(query, list(parameters)).fetchall()


def figure(warehouse: duckdb.DuckDBPyConnection, query: str, *parameters: Any) -> Any:
    """The one value of a query; anything but one row with one value is an error."""
    found = rows(warehouse, query, *parameters)
    assert len(found) == 1 and len(found[0]) == 1, f"{query}\n{parameters}\ngives {found[:5]}, not one value"
    return found[0][0]


def same(got: Any, expected: str | None) -> None:
    """`got` is `expected`, at the decimals that the specification prints; null only where null is expected."""
    if expected is None or got is None:
        assert got is None and expected is None, f"got {got}, expected {expected}"
        return
    value = Decimal(expected.replace(",", ""))
    step = Decimal(1).scaleb(int(value.as_tuple().exponent))
    rounded = Decimal(got).quantize(step, ROUND_HALF_UP)
    assert rounded == value, f"got {got}, expected {expected}"
