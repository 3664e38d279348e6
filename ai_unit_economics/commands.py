"""What the commands share: which published file they read, and who may sign."""

from __future__ import annotations

import json
import os
from pathlib import Path

import yaml

# Where the project publishes to unless a setting says otherwise; outside of its folder nothing else is known.
PUBLISHED = Path("published/ai_unit_economics.duckdb")


def default_path() -> Path:
    """Where the last `dbt build` published to; before the first one, where the project's setting says."""
    settings = Path("dbt_project.yml")
    if not settings.is_file():
        return PUBLISHED
    project = yaml.safe_load(settings.read_text(encoding="utf-8"))
    path = project["vars"]["publish_path"]
    results = Path(os.environ.get("DBT_TARGET_PATH", "target")) / "run_results.json"
    if results.is_file():
        path = (
            json.loads(results.read_text(encoding="utf-8"))["args"].get("vars", {}).get("publish_path", path)
        )
    return Path(path)


def are_two_people(prepared_by: str, approved_by: str) -> bool:
    """Whether two names are there and differ by more than case and blanks."""
    names = ["".join(name.split()).casefold() for name in (prepared_by, approved_by)]
    return all(names) and names[0] != names[1]
