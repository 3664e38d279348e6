"""Compare the models with one hand-written script: `python -m benchmarks.run [--rows 1000000]`.

Both read the same generated feeds and seeds and must give the same results to the last digit. Reported are CPU seconds
(user and system, of the whole process) and the largest resident memory; the machine may be shared, so read the ratio.
A run over few calls shows what a run costs whatever it reads; the rest is the cost of the calls.
"""

from __future__ import annotations

import argparse
import json
import os
import re
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
FEW_ROWS = 20_000  # small enough to cost next to nothing, large enough that every mart has rows
# The unit ledger: what each unit cost and how it ended. The models on one side, the script's steps on the other.
LEDGER_MODELS = [
    "int_unit_events_resolved", "int_unit_events_sequenced", "int_unit_outcomes", "int_metered_costs_versions",
    "int_human_reviews_versions", "int_unit_call_costs", "int_units",
]
LEDGER_STEPS = ["outcomes", "reviews", "ledger"]
STEP = re.compile(r"^-- @ (\w+):.*\n", flags=re.MULTILINE)

# The same question to both: (what, the models' answer, the hand-written answer). Rows are compared as sets.
RESULTS = [
    (
        "cost per success",
        """select cohort_month, environment, workflow, unit_type,
            count(*) filter (where state = 'success') as successful_units,
            sum(direct_cost_usd) as total, coalesce(sum(direct_cost_usd) filter (where state <> 'pending'), 0) as final
        from marts.fct_units where is_attempted group by all""",
        """select period_month, environment, workflow, unit_type, successful_units,
            total_micros * 0.000001, coalesce(final_micros, 0) * 0.000001 from floor.cost_per_success""",
    ),
    (
        "showback",
        """select period_month, environment, cost_center, sum(cost_usd)
        from intermediate.int_direct_costs_monthly where source = 'usage' group by all""",
        "select period_month, environment, cost_center, coalesce(direct_micros, 0) * 0.000001 from floor.showback",
    ),
    (
        "reconciliation",
        """select period_month, provider, billing_account_id, cost_currency, sum(cost_micros)
        from intermediate.int_usage_costs_monthly where cost_micros <> 0 group by all""",
        "select * from floor.reconciliation where cost_micros <> 0",
    ),
]


def measured(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """CPU seconds and peak memory in MiB of a command; raises CalledProcessError with its output where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    watcher = (
        "import resource, subprocess, sys; "
        "code = subprocess.call(sys.argv[1:]); "
        "print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", watcher, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments[:4])} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, float(re.findall(r"^peak (\d+)$", done.stderr, flags=re.MULTILINE)[-1])


def run_floor(folder: Path) -> None:
    """The hand-written script, in this process; writes its results and CPU seconds a step into `floor.duckdb`."""
    target = folder / "floor.duckdb"
    target.unlink(missing_ok=True)
    parts = STEP.split((HERE / "floor.sql").read_text())
    with duckdb.connect() as connection:
        connection.execute(
            f"set threads = 2; set memory_limit = '1GB'; set preserve_insertion_order = false; set TimeZone = 'UTC'; "
            f"set temp_directory = '{folder / 'floor_tmp'}'; attach '{target}' as result"
        )
        connection.execute("create table result.steps (step varchar, cpu_seconds decimal(18, 2))")
        for name, sql in zip(parts[1::2], parts[2::2], strict=True):
            before = resource.getrusage(resource.RUSAGE_SELF)
            connection.execute(sql.format(feeds=folder / "feeds", seeds=ROOT / "seeds", as_of=AS_OF, out="result"))
            after = resource.getrusage(resource.RUSAGE_SELF)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            connection.execute("insert into result.steps values (?, ?)", [name, round(cpu, 2)])


def differences(folder: Path) -> list[tuple[str, int, int]]:
    """Per result: its name, its rows and the rows that only one side has."""
    found = []
    with duckdb.connect() as connection:
        connection.execute(f"attach '{folder / 'warehouse.duckdb'}' as models (read_only)")
        connection.execute(f"attach '{folder / 'floor.duckdb'}' as floor (read_only)")
        for name, ours, theirs in RESULTS:
            ours = re.sub(r"\b(marts|intermediate)\.", r"models.\1.", ours)
            rows = connection.execute(f"select count(*) from ({theirs})").fetchone()[0]
            apart = connection.execute(
                f"select count(*) from (({ours} except all {theirs}) union all ({theirs} except all {ours}))"
            ).fetchone()[0]
            found.append((name, rows, apart))
    return found


def slowest(target: Path, most: int = 10) -> list[tuple[str, float]]:
    """The models that took longest in the last run, with their seconds on the clock."""
    results = json.loads((target / "run_results.json").read_text())["results"]
    times = [(result["unique_id"].split(".")[-1], result["execution_time"]) for result in results]
    return sorted(times, key=lambda each: -each[1])[:most]


def ledger_cpu(folder: Path) -> tuple[float, float]:
    """CPU seconds of the unit ledger: its models run once more, one after the other, and the script's same steps."""
    models = 0.0
    manifest = json.loads((folder / "target" / "manifest.json").read_text())["nodes"].values()
    compiled = {node["name"]: node["compiled_code"] for node in manifest if node["resource_type"] == "model"}
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute(
            f"set threads = 2; set memory_limit = '1GB'; set preserve_insertion_order = false; set TimeZone = 'UTC'; "
            f"set temp_directory = '{folder / 'tmp'}'"
        )
        for name in LEDGER_MODELS:
            before = resource.getrusage(resource.RUSAGE_SELF)
            connection.execute(f"create table intermediate.timed as {compiled[name]}")
            after = resource.getrusage(resource.RUSAGE_SELF)
            models += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            connection.execute("drop table intermediate.timed")
    with duckdb.connect(str(folder / "floor.duckdb"), read_only=True) as connection:
        steps = dict(connection.execute("select step, cpu_seconds from steps").fetchall())
    return models, sum(float(steps[step]) for step in LEDGER_STEPS)


def run_both(rows: int) -> tuple[Path, list[tuple[float, float]]]:
    """The folder of a data set, and (CPU seconds, peak MiB) of `dbt run` and of the hand-written script over it."""
    folder = generate(rows)
    environment = {
        **os.environ, "AIUE_WAREHOUSE": str(folder / "warehouse.duckdb"), "AIUE_TEMP_DIRECTORY": str(folder / "tmp"),
        "DO_NOT_TRACK": "1",
    }
    (folder / "warehouse.duckdb").unlink(missing_ok=True)
    dbt = [str(Path(sys.executable).parent / "dbt"), "--quiet"]
    settings = json.dumps({"input_dir": str(folder / "feeds"), "as_of": AS_OF, "publish": "off"})
    common = ["--vars", settings, "--target-path", str(folder / "target")]
    measured([*dbt, "seed", *common], environment)
    models = measured([*dbt, "run", *common], environment)
    script = measured([sys.executable, "-m", "benchmarks.run", "--rows", str(rows), "--floor-only"], environment)
    return folder, [models, script]


def main() -> None:
    """Command line: exit code 1 where the two sides differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--floor-only", action="store_true", help="only the hand-written script (used by this runner)")
    arguments = parser.parse_args()
    if arguments.floor_only:
        run_floor(generate(arguments.rows))
        return
    console = Console()
    console.print(f"Seeds, then dbt run, then the hand-written script: {FEW_ROWS:,} calls, then {arguments.rows:,} ...")
    _, few = run_both(FEW_ROWS)
    folder, all_rows = run_both(arguments.rows)
    millions = (arguments.rows - FEW_ROWS) / 1_000_000
    lines = {
        f"CPU seconds, {arguments.rows:,} calls": [cpu for cpu, _ in all_rows],
        f"CPU seconds, {FEW_ROWS:,} calls (fixed)": [cpu for cpu, _ in few],
        "CPU seconds for each further million": [
            (cpu - fixed) / millions for (cpu, _), (fixed, _) in zip(all_rows, few, strict=True)
        ],
        "CPU seconds of the unit ledger": list(ledger_cpu(folder)),
        "peak memory, MiB": [peak for _, peak in all_rows],
    }
    table = Table("", "dbt run", "hand-written script", "ratio", title=f"{arguments.rows:,} calls")
    for name, (models, script) in lines.items():
        table.add_row(name, f"{models:,.1f}", f"{script:,.1f}", f"{models / script:.2f}")
    console.print(table)
    table = Table("slowest models", "seconds")
    for name, seconds in slowest(folder / "target"):
        table.add_row(name, f"{seconds:.1f}")
    console.print(table)
    table = Table("result", "rows", "rows that differ")
    apart = differences(folder)
    for name, rows, rows_apart in apart:
        table.add_row(name, f"{rows:,}", f"{rows_apart:,}")
    console.print(table)
    sys.exit(any(rows_apart for _, _, rows_apart in apart))


if __name__ == "__main__":
    main()
