"""Measure two parts against the least that they could cost: `python -m benchmarks.parts [--rows 1000000]`.

* Pricing every call of the Parquet feed, against reading the same columns of the same files.
* Landing the calls as JSON lines, typed and judged, against `read_json` with the types given (which stops at a bad
  line).

Reported are CPU seconds (user and system) of one thread, the least of three runs; the machine may be shared, so read
the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from benchmarks.generate import HERE, generate

ROOT = HERE.parent
AS_OF = "2026-11-06 18:00:00"
RUNS = 3
PRICED = """
select count(*), sum(cost_micros), sum(cost_micros_usd), sum(priced_micros), count(price_number), count(cost_basis),
    count(cost_status), count(model)
from intermediate.int_usage_costs
"""
# What pricing reads of a call: who served it, when, its quantities, its reported cost; and what tells it apart.
TEXTS = ("provider", "billing_account_id", "reported_model", "service_tier", "endpoint", "environment", "request_id")
NUMBERS = (
    "input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens",
    "reasoning_tokens", "web_searches", "requests", "reported_cost_amount",
)  # fmt: skip
LANDED = ("stg_canonical__usage_events_landed", "stg_canonical__usage_events")
# The fields that the models read of a line, with their types.
TYPES = {
    "event_version": "varchar", "request_id": "varchar", "timestamp_utc": "timestamptz", "ingested_at": "timestamptz",
    "environment": "varchar", "application": "varchar", "workflow": "varchar", "step": "varchar", "agent_id": "varchar",
    "tenant_id": "varchar", "team": "varchar", "cost_center": "varchar", "provider": "varchar",
    "billing_account_id": "varchar", "api_key_id": "varchar", "endpoint": "varchar", "service_tier": "varchar",
    "model_or_deployment": "varchar", "prompt_version": "varchar", "status": "varchar", "trace_id": "varchar",
    "session_id": "varchar",
    "usage": "struct(input_tokens int, cached_input_tokens int, cache_write_5m_tokens int, cache_write_1h_tokens int, "
    "output_tokens int, reasoning_tokens int, total_tokens int, requests int, web_searches int)",
    "routing": "struct(attempt_number int, fallback_used boolean, retry_of_request_id varchar)",
    "business_unit": "struct(unit_type varchar, unit_id varchar)",
    "cost_estimate": "struct(amount decimal(38, 12), currency varchar)",
}  # fmt: skip


def dbt(folder: Path, *arguments: str, feeds: Path) -> None:
    """Run dbt over `feeds` with the benchmark's own warehouse; stops with dbt's last words where it fails."""
    environment = {
        **os.environ, "AIUE_WAREHOUSE": str(folder / "parts.duckdb"), "AIUE_TEMP_DIRECTORY": str(folder / "tmp"),
        "DO_NOT_TRACK": "1",
    }  # fmt: skip
    settings = json.dumps({"input_dir": str(feeds), "as_of": AS_OF, "publish": "off"})
    command = [str(Path(sys.executable).parent / "dbt"), "--quiet", *arguments, "--vars", settings]
    done = subprocess.run(
        [*command, "--target-path", str(folder / "parts")], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"dbt {' '.join(arguments[:3])} failed:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")


def cpu(connection: duckdb.DuckDBPyConnection, statements: list[str]) -> float:
    """CPU seconds of the statements, the least of some runs."""
    times = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_SELF)
        for statement in statements:
            connection.execute(statement).fetchall()
        after = resource.getrusage(resource.RUSAGE_SELF)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def pricing(folder: Path) -> list[tuple[str, float]]:
    """CPU seconds of pricing the Parquet feed and of reading the columns that it needs."""
    dbt(folder, "seed", feeds=folder / "feeds")
    dbt(folder, "run", "--select", "+int_usage_costs", feeds=folder / "feeds")
    files = folder / "feeds" / "ai_usage_events" / "**" / "*.parquet"
    with duckdb.connect(str(folder / "parts.duckdb"), read_only=True) as connection:
        connection.execute("set threads = 1; set TimeZone = 'UTC'")
        described = connection.execute(f"describe select * from read_parquet('{files}')").fetchall()
        present = {name for name, *_ in described}
        columns = [f"count({name})" for name in TEXTS if name in present]
        columns += [f"sum({name})" for name in NUMBERS if name in present] + ["max(occurred_at)"]
        return [
            ("price the calls", cpu(connection, [PRICED])),
            ("read their columns", cpu(connection, [f"select {', '.join(columns)} from read_parquet('{files}')"])),
        ]


def landing(folder: Path) -> list[tuple[str, float]]:
    """CPU seconds of landing JSON lines and judging them, of the first step alone, and of a typed `read_json`."""
    dbt(folder, "compile", "--select", *LANDED, feeds=folder / "lines")
    nodes = json.loads((folder / "parts" / "manifest.json").read_text(encoding="utf-8"))["nodes"].values()
    sql = {node["name"]: node["compiled_code"] for node in nodes if node["name"] in LANDED}
    create = [f"create or replace table parts.staging.{name} as {sql[name]}" for name in LANDED]
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in TYPES.items())
    files = folder / "lines" / "ai_usage_events" / "**" / "*.jsonl"
    typed = (
        f"create or replace table typed as select * from read_json('{files}', columns = {{{columns}}}, "
        "format = 'newline_delimited', filename = true)"
    )
    with duckdb.connect() as connection:
        connection.execute("set threads = 1; set TimeZone = 'UTC'; attach ':memory:' as parts")
        connection.execute("create schema parts.staging; create schema parts.policy")
        seed = ROOT / "seeds" / "policy" / "currencies.csv"
        connection.execute(f"create table parts.policy.currencies as from read_csv('{seed}')")
        return [
            ("land, type and judge", cpu(connection, create)),
            ("land alone", cpu(connection, create[:1])),
            ("typed read_json", cpu(connection, [typed])),
        ]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    folder = generate(rows)
    table = Table("", "CPU seconds", "ratio", "at most", title=f"{rows:,} calls")
    for measured, limit in ((pricing(folder), 3), (landing(folder), 1.5)):
        base = measured[-1][1]
        for name, seconds in measured[:-1]:
            table.add_row(name, f"{seconds:.2f}", f"{seconds / base:.2f}", str(limit))
        table.add_row(measured[-1][0], f"{base:.2f}", "1.00", "")
    Console().print(table)


if __name__ == "__main__":
    main()
