"""Run the models on real data: convert the data sets, build them, print what came out beside what should.

    python -m examples.real.run                    convert, build into build/real, print
    python -m examples.real.run --convert-only     stop before dbt

The data is not part of the repository. It is read from AIUE_SHARED_DATA, else from ../shared/data beside the
repository.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from examples.real.azure_llm_2023 import convert as azure_llm_2023
from examples.real.checks import AGENTS, CHECKS, SUMMARY, got
from examples.real.ljoukov_small import convert as ljoukov_small
from examples.real.openhands_gaia import convert as openhands_gaia
from examples.real.tau_bench_airline import convert as tau_bench_airline
from examples.real.uci_incident_5k import convert as uci_incident_5k

REPOSITORY = Path(__file__).resolve().parents[2]
BUILD = REPOSITORY / "build" / "real"
OWN_POLICY = Path(__file__).resolve().parent / "policy"
CONVERTERS: dict[str, Callable[[Path, Path], dict[str, int]]] = {
    module.NAME: module.convert
    for module in (ljoukov_small, openhands_gaia, tau_bench_airline, uci_incident_5k, azure_llm_2023)
}
# After every record, and after every reopen window has passed.
AS_OF = "2026-11-21T00:00:00Z"
# Decisions of the demo company. They are not ours: such a seed keeps its header, and the rows of OWN_POLICY.
COMPANY_SEEDS = frozenset(
    """
    agents api_keys applications billing_accounts cost_centers teams tenants workflows
    commitments contract_prices labor_rates service_prices
    allocation_rules allocation_weights benchmarks budgets comparisons coverage_thresholds
    manual_adjustments outcome_statuses
    periods quarantine_waivers reconciliation_tolerances standard_rates statement_events
    unit_targets unit_types what_if_assumptions
    """.split()
)


def shared_data() -> Path:
    """The folder of the real data sets."""
    return Path(os.environ.get("AIUE_SHARED_DATA") or REPOSITORY.parent / "shared" / "data").resolve()


def why_skipped(source: Path) -> str | None:
    """One sentence that names the data sets which are not there, or None."""
    absent = [name for name in CONVERTERS if not (source / name).is_dir()]
    if not absent:
        return None
    return f"{source} lacks {', '.join(absent)}; set AIUE_SHARED_DATA to the folder that holds them"


def convert_all(source: Path, target: Path) -> dict[str, dict[str, int]]:
    """Convert every data set into one input folder; returns records per data set and feed."""
    return {name: convert(source, target) for name, convert in CONVERTERS.items()}


def write_policy(target: Path) -> None:
    """A seeds folder: general knowledge as it is, the demo company's decisions replaced by ours."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(REPOSITORY / "seeds", target)
    own = {path.stem: path for path in OWN_POLICY.glob("*.csv")}
    for seed in sorted(target.rglob("*.csv")):
        if seed.stem not in COMPANY_SEEDS and seed.stem not in own:
            continue
        with seed.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            columns = list(reader.fieldnames or [])
            rows = [] if seed.stem in COMPANY_SEEDS else list(reader)
        if seed.stem in own:
            rows += own_rows(own.pop(seed.stem), columns)
        with seed.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    if own:
        raise SystemExit(f"{OWN_POLICY}: no seed is called {', '.join(sorted(own))}; rename the file.")


def own_rows(path: Path, columns: list[str]) -> list[dict[str, str]]:
    """The rows of one policy file; a column that the seed does not have is an error."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        unknown = sorted(set(reader.fieldnames or []) - set(columns))
        if unknown:
            raise SystemExit(f"{path}: the seed has no column {', '.join(unknown)}; remove it.")
        return list(reader)


def build(out: Path) -> Path:
    """`dbt build` on the feeds with its own policy, warehouse and published file, which is returned.

    `out` lies inside the repository: dbt takes the seeds folder relative to the project, and writes what it
    compiles for a folder outside beside its target.
    """
    published = out / "published" / "ai_unit_economics.duckdb"
    settings = {
        "input_dir": str(out / "input"),
        "as_of": AS_OF,
        "publish_path": str(published),
        "publish_events": True,
    }
    environment = os.environ | {
        "AIUE_SEEDS": str((out / "seeds").relative_to(REPOSITORY)),
        "AIUE_WAREHOUSE": str(out / "warehouse.duckdb"),
        "DO_NOT_TRACK": "1",
    }
    command = [
        str(Path(sys.executable).parent / "dbt"),
        "build",
        "--vars",
        json.dumps(settings),
        "--target-path",
        str(out / "target"),
        "--log-path",
        str(out / "logs"),
    ]
    if subprocess.run(command, cwd=REPOSITORY, env=environment, check=False).returncode != 0:
        raise SystemExit(f"dbt build failed on the real data; its log is {out / 'logs' / 'dbt.log'}.")
    return published


def run(out: Path) -> Path:
    """Convert and build everything from scratch under `out`; returns the published file."""
    for folder in ("input", "published"):
        shutil.rmtree(out / folder, ignore_errors=True)
    (out / "warehouse.duckdb").unlink(missing_ok=True)
    for name, counts in convert_all(shared_data(), out / "input").items():
        print(f"{name}: " + ", ".join(f"{count} {feed}" for feed, count in counts.items()), flush=True)
    write_policy(out / "seeds")
    return build(out)


def economics(marts: duckdb.DuckDBPyConnection, query: str, title: str) -> Table:
    """A table of the query's rows, with the cost per success from their two last columns."""
    cursor = marts.execute(query)
    names = [column[0] for column in cursor.description]
    table = Table(*names, "cost_per_success_usd", title=title, box=SIMPLE, title_justify="left")
    for row in cursor.fetchall():
        *_, successes, cost = row
        shown = [f"{value:,.6f}" if isinstance(value, Decimal) else str(value) for value in row[:-1]]
        per_success = f"{cost / successes:,.6f}" if cost is not None and successes else "-"
        table.add_row(*shown, "-" if cost is None else f"{cost:,.6f}", per_success)
    return table


def report(published: Path) -> int:
    """Print unit economics and every figure beside what is expected; returns how many differ."""
    console = Console() if sys.stdout.isatty() else Console(width=130)
    figures = Table("data set", "figure", "expected", "got", title="Expected and got", box=SIMPLE)
    figures.title_justify = "left"
    differing = 0
    with duckdb.connect(str(published), read_only=True) as marts:
        for check in CHECKS:
            value = got(marts, check)
            differing += value != check.expected
            mark = "" if value == check.expected else "  DIFFERS"
            figures.add_row(check.data_set, check.figure, check.expected, value + mark)
        console.print(figures)
        console.print(economics(marts, AGENTS, "By agent"))
        console.print(economics(marts, SUMMARY, "By data set"))
    console.print(f"{len(CHECKS) - differing} of {len(CHECKS)} figures are as expected.")
    return differing


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--convert-only", action="store_true", help="write the feeds and stop before dbt")
    parser.add_argument(
        "--out", type=Path, default=REPOSITORY / "build" / "real", help="inside the repository"
    )
    arguments = parser.parse_args()
    reason = why_skipped(shared_data())
    if reason:
        print(f"skipped: {reason}")
        return 0
    out = arguments.out.resolve()
    if not out.is_relative_to(REPOSITORY):
        raise SystemExit(f"--out is {out}, which is outside the repository; name a folder inside it.")
    if arguments.convert_only:
        convert_all(shared_data(), out / "input")
        return 0
    return 1 if report(run(out)) else 0


if __name__ == "__main__":
    sys.exit(main())
