"""`python -m ai_unit_economics.demo.issue` issues the statements of the demo's months afresh, as they would have been.

Each month is built as of the day after its close, with the statements issued before it, and issued from that build into
demo/issued_statements. Needed only where the feeds or the policy of the demo change on purpose: a change of the models
shows as adjustments on the next statements, which is what they are for.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .. import issue

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "demo" / "issued_statements"
# Halden Mutual issues statements since June 2026; each is closed on the 8th of the next month and issued on the 9th.
MONTHS = {"2026-06": "2026-07-09T09:00:00Z", "2026-07": "2026-08-09T09:00:00Z", "2026-08": "2026-09-09T09:00:00Z"}
PREPARED_BY, APPROVED_BY = "s.ito", "m.okafor"
DBT = (sys.executable, "-c", "from dbt.cli.main import cli; cli()")


def publish_as_of(moment: str, folder: Path) -> Path:
    """Build the demo as it was known at a moment; returns the published file. What came later is quarantined."""
    published = folder / "published.duckdb"
    settings = {"as_of": moment, "max_quarantine_share": 1, "publish_path": str(published)}
    environment = os.environ | {"AIUE_WAREHOUSE": str(folder / "warehouse.duckdb"), "DO_NOT_TRACK": "1"}
    command = [*DBT, "build", "--target-path", str(folder / "target"), "--vars", json.dumps(settings)]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True)
    return published


def main() -> int:
    """Issue every month; 1 where one of them could not be."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for period, moment in MONTHS.items():
        with tempfile.TemporaryDirectory() as folder:
            published = publish_as_of(moment, Path(folder))
            out = ["--published", str(published), "--out", str(FOLDER)]
            if issue.main([period, PREPARED_BY, APPROVED_BY, *out]):
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
