"""A small project for tests: this project's macros, settings and publish node around one mart.

Every way to run dbt and every bad setting can be tried on it in about a second each.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conftest import REPOSITORY, clean_env

PUBLISHED = "published/ai_unit_economics.duckdb"
NODE = """
from ai_unit_economics.publish import publish


def model(dbt, session):
    dbt.config(materialized="table")
    dbt.ref("fct_sales")
    dbt.ref("fct_usage_costs")
    dbt.ref("int_as_of")
    dbt.ref("started_builds")
    return publish(session)
"""
FILES = {
    "demo/ai_usage_events/calls.jsonl": "{}\n",  # a build without a single file is refused
    "seeds/sales.csv": "sale_id,amount\n1,2.50\n2,0.25\n",
    "seeds/seeds.yml": """
seeds:
  - name: sales
    config: {column_types: {sale_id: integer, amount: "decimal(38, 12)"}}
""",
    "models/intermediate/int_as_of.sql": "select timestamp '2026-11-06 18:00:00' as as_of\n",
    "models/marts/fct_sales.sql": "select sale_id, amount as cost_usd from {{ ref('sales') }}\n",
    "models/marts/fct_usage_costs.sql": "{{ config(materialized='view') }} select * from {{ ref('fct_sales') }}\n",
    "models/marts/marts.yml": """
models:
  - name: fct_sales
    description: One row per sale, with a quote' in it.
    config: {contract: {enforced: true}}
    columns:
      - {name: sale_id, data_type: integer, description: Number of the sale., constraints: [{type: not_null}]}
      - {name: cost_usd, data_type: "decimal(38,12)", description: What it came to.}
  - name: fct_usage_costs
    config: {contract: {enforced: false}}
unit_tests:
  - name: sales_pass_through
    model: fct_sales
    given: [{input: ref('sales'), rows: [{sale_id: 7, amount: 1}]}]
    expect: {rows: [{sale_id: 7}]}
""",
    "tests/assert_gate.sql": (
        "select 1 as broken from {{ ref('fct_sales') }} where {{ var('clock_skew_seconds') }} = 1\n"
    ),
    "models/publish/published_marts.py": NODE,
}
# Runs dbt several times in one process, since the import is the longest part of a small run. After each run it tells
# whether dbt succeeded, the published file's digest, what was said of publishing, and what dbt said of errors.
RUNNER = """
import gc, hashlib, json, pathlib, sys
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
published = pathlib.Path(sys.argv[2])
for name, args in json.loads(sys.argv[1]):
    errors, said = [], [None]
    def note(event):
        if event.info.msg.startswith("Published file: "):
            said.append(event.info.msg[16:].split(",")[0])
        if event.info.level == "error":
            errors.append(event.info.msg)
    outcome = dbtRunner(callbacks=[note]).invoke(["--quiet", *args])
    # The next run is confined to the folders that it names itself. What failed may still hold a cursor in a cycle,
    # and with it the engine of this run, whose settings are locked.
    DuckDBConnectionManager.close_all_connections()
    gc.collect()
    if outcome.exception:
        errors.append(str(outcome.exception))
    digest = hashlib.sha256(published.read_bytes()).hexdigest() if published.exists() else None
    print("RESULT " + json.dumps([name, [outcome.success, digest, said[-1], "\\n".join(errors)]]), flush=True)
"""


@dataclass(frozen=True)
class Outcome:
    """One run of dbt: success, digest of the published file after it, status of the publish node if it ran, errors."""

    success: bool
    published: str | None
    status: str | None
    errors: str


def write_project(root: Path) -> Path:
    """Write the small project into `root`."""
    for name in ("macros", "ai_unit_economics"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "demo"))
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(REPOSITORY / name, root / name)
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(REPOSITORY / "models/_groups.yml", root / "models")
    for name in ("published_marts.yml", "started_builds.sql", "started_builds.yml"):
        shutil.copy(REPOSITORY / "models/publish" / name, root / "models/publish")
    return root


def invoke(
    project: Path, runs: dict[str, list[str]], env: Mapping[str, str] | None = None
) -> dict[str, Outcome]:
    """Run dbt in the project with each list of arguments, one after the other, in one process."""
    result = subprocess.run(
        [sys.executable, "-c", RUNNER, json.dumps(list(runs.items())), PUBLISHED],
        cwd=project,
        env=clean_env(env),
        capture_output=True,
        text=True,
        timeout=300,
    )
    found = [json.loads(line[7:]) for line in result.stdout.splitlines() if line.startswith("RESULT ")]
    assert len(found) == len(runs), result.stdout[-3000:] + result.stderr[-3000:]
    return {name: Outcome(*outcome) for name, outcome in found}
