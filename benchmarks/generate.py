"""Write the benchmark's feeds: `python -m benchmarks.generate --rows 1000000`.

The data lie in `benchmarks/data/<rows>/feeds/<feed>/` and, as JSON lines for the landing measurement, in
`benchmarks/data/<rows>/lines/`; both are ignored by git. All of it is made in SQL (`generate.sql`).
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
DATA = HERE / "data"
PERIOD_US = 396 * 86_400 * 1_000_000  # 2025-10-01 to 2026-11-01
ROWS_PER_FILE = 1_000_000
FEEDS = [
    "ai_usage_events", "unit_events", "human_reviews", "metered_costs", "shared_costs", "provider_usage",
    "invoice_lines", "tenant_revenue",
]


def sections() -> dict[str, str]:
    """The statements of generate.sql by the name that stands after `-- @`."""
    parts = re.split(r"^-- @ (\w+):.*\n", (HERE / "generate.sql").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def generate(rows: int, force: bool = False) -> Path:
    """The folder of a data set with `rows` calls and a fifth as many units, written unless it is already whole."""
    folder = DATA / str(rows)
    finished = folder / "finished"
    digest = str(hash_text((HERE / "generate.sql").read_text()))
    if not force and finished.exists() and finished.read_text() == digest:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    for feed in FEEDS:
        (folder / "feeds" / feed).mkdir(parents=True)
    (folder / "lines" / "ai_usage_events").mkdir(parents=True)
    step_us = PERIOD_US // rows
    fixed = {
        "rows": rows, "units": rows // 5, "step_us": step_us, "two_days": max(1, 2 * 86_400 * 1_000_000 // step_us),
        "folder": folder / "feeds", "lines": folder / "lines",
    }
    sql = sections()
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'; set memory_limit = '4GB'")
        connection.execute(sql["setup"].format(**fixed))
        for name, total in {"usage": rows, "units": rows // 5}.items():
            size = ROWS_PER_FILE if name == "usage" else ROWS_PER_FILE // 2
            for part, low in enumerate(range(0, total, size)):
                slots = {**fixed, "low": low, "high": min(low + size, total), "part": f"{part:02d}"}
                connection.execute(sql[name].format(**slots))
        for name in ["side", "finance", "lines"]:
            connection.execute(sql[name].format(**fixed))
    finished.write_text(digest)
    return folder


def hash_text(text: str) -> str:
    """A short fingerprint of the generator, so that changed statements write the data afresh."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--force", action="store_true", help="write the data even where they are already there")
    arguments = parser.parse_args()
    print(generate(arguments.rows, arguments.force))


if __name__ == "__main__":
    main()
