"""Settings and policy: a bad one stops the build, before anything is published, with one clear sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import copy_project, run_dbt
from small_project import invoke, write_project

FROM_WHERE = "; correct it in dbt_project.yml or in --vars."
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "currency": ({"reporting_currency": "usd"}, "Setting 'reporting_currency' is 'usd', which does not match [A-Z]{3}"),
    "no currency": ({"reporting_currency": None}, "Setting 'reporting_currency' is 'None', which does not match"),
    "moment": ({"as_of": "yesterday"}, "Setting 'as_of' is 'yesterday', which does not match"),
    "no such day": ({"as_of": "2026-02-30"}, "Setting 'as_of' is '2026-02-30', which is no day of the calendar"),
    "date": ({"earliest_date": "2026-13-01"}, "Setting 'earliest_date' is '2026-13-01', which is no day"),
    "share": ({"max_quarantine_share": 5}, "Setting 'max_quarantine_share' is '5', which does not match"),
    "skew": ({"clock_skew_seconds": -1}, "Setting 'clock_skew_seconds' is '-1', which does not match"),
    "publish": ({"publish": "always"}, "Setting 'publish' is 'always', which does not match (auto|off)"),
    "path": ({"publish_path": "marts.parquet"}, "Setting 'publish_path' is 'marts.parquet', which does not match"),
    "name of a schema": ({"publish_path": "out/marts.duckdb"}, "which has the name of a schema in the file"),
    "code": ({"input_dir": "x') union select 1 --"}, "Setting 'input_dir' is 'x') union select 1 --', which"),
    "events": ({"publish_events": "some"}, "Setting 'publish_events' is 'some', which does not match"),
    "feeds as text": ({"required_feeds": "unit_events"}, "Setting 'required_feeds' is 'unit_events', which is no list"),
    "unknown feed": ({"required_feeds": ["unit_event"]}, "Setting 'required_feeds' is 'unit_event', which is no feed;"),
    "path of an unknown feed": ({"feed_paths": {"units": "x"}}, "Setting 'feed_paths' is 'units', which is no feed;"),
    "paths as a list": ({"feed_paths": ["x"]}, "Setting 'feed_paths' is '['x']', which is no mapping"),
    "model": ({"extra_usage_event_models": ["a; drop"]}, "Setting 'extra_usage_event_models' is 'a; drop', which is"),
    "missing feed": (
        {"required_feeds": ["unit_events"], "input_dir": "nowhere"},
        "missing_feed unit_events: the setting 'required_feeds' names it, and there is no file in nowhere/unit_events;",
    ),
}


def test_a_bad_setting_stops_the_build_with_one_sentence(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    found = invoke(project, {name: ["build", "--vars", json.dumps(settings)] for name, (settings, _) in BAD.items()})
    for name, (_, sentence) in BAD.items():
        outcome = found[name]
        assert not outcome.success, name
        assert outcome.published is None, name
        assert sentence in outcome.errors, f"{name}: {outcome.errors}"
        if "Setting" in sentence:
            assert FROM_WHERE in outcome.errors, f"{name}: {outcome.errors}"


GOOD: dict[str, dict[str, Any]] = {
    "moment": {"as_of": "2024-02-29T23:59:59.123456Z"},
    "day": {"as_of": "2026-11-06", "earliest_date": "2024-02-29"},
    "none": {"as_of": None, "earliest_date": None},
    "unpublished": {"publish": False},
    "share": {"max_quarantine_share": 1, "publish_events": True, "publish_path": "published/other.duckdb"},
}


def test_good_settings_pass(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    found = invoke(project, {name: ["build", "--vars", json.dumps(settings)] for name, settings in GOOD.items()})
    assert {name: outcome.errors for name, outcome in found.items()} == dict.fromkeys(GOOD, "")


def repeat_row(path: Path) -> None:
    """Append the file's first row once more: a range that overlaps itself."""
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("seed", ["contract_prices", "list_prices"])
def test_an_overlapping_price_stops_the_build_with_one_sentence(tmp_path: Path, seed: str) -> None:
    project = copy_project(tmp_path / "project")
    repeat_row(project / "seeds" / "pricing" / f"{seed}.csv")
    result = run_dbt(["build", "--select", seed], cwd=project)
    assert result.returncode == 1
    sentences = [line for line in result.stdout.splitlines() if f"price_overlap in {seed}: " in line]
    assert len(sentences) == 1, result.stdout[-3000:]
    assert sentences[0].endswith(f"correct valid_to in {seed}.csv")
    assert not (project / "published").exists()
