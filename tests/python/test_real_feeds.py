"""The converters alone, before dbt: the feeds they write hold the totals of the real data sets, in Decimal.

Skipped where the data folder is absent: it is not part of the repository.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from examples.real.run import CONVERTERS, convert_all, shared_data

Feed = Callable[[str, str], list[dict[str, Any]]]

SHARED = shared_data()
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(),
    reason=f"the real data sets are not in {SHARED}; set AIUE_SHARED_DATA to the folder that holds them",
)

MONEY = re.compile(r"-?(0|[1-9][0-9]{0,17})([.][0-9]{1,12})?")
TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
AGENT_RUNS = {
    # run: resolved, cost, cost per success, failed cost, unknown, published x questions
    "alternative_agents/acp-claude/claude-opus-4-6": (
        109,
        "295.26910167",
        "2.70889084",
        "145.13209317",
        16,
        "295.35",
    ),
    "results/DeepSeek-V4-Pro": (21, "26.30100000", "1.25242857", "24.62936475", 0, "26.301"),
    "results/GPT-5.2": (108, "79.76641680", "0.73857793", "45.11789380", 2, "79.2"),
    "results/Gemini-3-Flash": (97, "62.32299055", "0.64250506", "18.69567325", 11, "62.7"),
    "results/MiniMax-M2.5": (79, "9.68550000", "0.12260127", "6.75961887", 0, "9.6855"),
    "results/Nemotron-3-Super": (66, "19.77840000", "0.29967273", "15.12245259", 1, "19.899"),
    "results/claude-fable-5": (139, "1304.52283800", "9.38505639", "911.85813000", 0, "1305.15"),
    "results/claude-opus-4-5": (114, "86.69591050", "0.76049044", "35.00355525", 7, "90.75"),
    "results/claude-sonnet-4-5": (120, "142.50232395", "1.18751937", "65.39745585", 2, "143.55"),
}


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Feed:
    """A reader of one data set's converted feed: `feed(data set, feed name)`."""
    target = tmp_path_factory.mktemp("real")
    convert_all(SHARED, target)

    def read(name: str, feed_name: str) -> list[dict[str, Any]]:
        path: Path = target / feed_name / f"{name}.jsonl"
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    return read


def amount(event: dict[str, Any]) -> Decimal:
    """The reported cost; an unknown one adds nothing."""
    return Decimal(event["cost_estimate"]["amount"]) if "cost_estimate" in event else Decimal(0)


def total(events: list[dict[str, Any]]) -> Decimal:
    return sum((amount(event) for event in events), Decimal(0))


def to_8(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.00000001"), ROUND_HALF_UP))


def outcomes(feed: Feed, name: str) -> dict[str, str]:
    return {e["unit_id"]: e["outcome"] for e in feed(name, "unit_events") if e["event_type"] == "outcome"}


@pytest.mark.parametrize("name", CONVERTERS)
def test_records_keep_to_the_input_contract(feed: Feed, name: str) -> None:
    """Money is decimal text of at most 12 decimals, times carry a zone, ids are present and not repeated."""
    seen: Counter[tuple[str, str]] = Counter()
    for feed_name, id_field, time_field in (
        ("ai_usage_events", "request_id", "timestamp_utc"),
        ("unit_events", "event_id", "occurred_at"),
    ):
        for record in feed(name, feed_name):
            seen[feed_name, record[id_field]] += 1
            assert TIME.fullmatch(record[time_field]), f"{name}: {record[time_field]} is no time with a zone"
            if "cost_estimate" in record:
                text = record["cost_estimate"]["amount"]
                assert isinstance(text, str) and MONEY.fullmatch(text), f"{name}: {text} is no exact money"
            used = record.get("usage", {})
            if "total_tokens" in used:
                assert used["total_tokens"] == used["input_tokens"] + used["output_tokens"]
                assert used["cached_input_tokens"] <= used["input_tokens"]
    assert max(seen.values()) == 1, f"{name}: an id is repeated"


def test_ljoukov_small(feed: Feed) -> None:
    events = feed("ljoukov_small", "ai_usage_events")
    used = [event["usage"] for event in events if "usage" in event]
    assert (len(used), len(events) - len(used)) == (29, 3)
    assert {key: sum(usage[key] for usage in used) for key in used[0]} == {
        "input_tokens": 756_249,
        "cached_input_tokens": 402_729,
        "output_tokens": 58_963 + 57_710,
        "reasoning_tokens": 57_710,
        "total_tokens": 872_922,
    }
    assert to_8(total([event for event in events if event["step"] == "agent"])) == "1.20927695"
    assert to_8(total([event for event in events if event["step"] == "grader"])) == "0.22045450"
    assert to_8(total(events)) == "1.42973145"
    assert Counter(outcomes(feed, "ljoukov_small").values()) == {"pass": 9, "fail": 7}
    zero = [event for event in events if "usage" in event and amount(event) == 0]
    assert [event["agent_id"] for event in zero] == ["gemini-flash-latest"] * 2
    assert sum(event["usage"]["input_tokens"] for event in zero) == 126_249


@pytest.mark.parametrize("run", AGENT_RUNS)
def test_openhands_run(feed: Feed, run: str) -> None:
    resolved, cost, per_success, failed_cost, unknown, published = AGENT_RUNS[run]
    events = [e for e in feed("openhands_gaia", "ai_usage_events") if e["agent_id"] == run]
    by_unit = outcomes(feed, "openhands_gaia")
    failed = [e for e in events if by_unit[e["business_unit"]["unit_id"]] == "unresolved"]
    assert (len(events), len(events) - len(failed)) == (165, resolved)
    assert to_8(total(events)) == cost
    assert to_8(total(events) / resolved) == per_success
    assert to_8(total(failed)) == failed_cost
    assert sum("cost_estimate" not in event for event in events) == unknown
    [line] = [e for e in feed("openhands_gaia", "provider_usage") if e["line_id"] == f"published/{run}"]
    assert line["amount"] == published


def test_openhands_gaia_altogether(feed: Feed) -> None:
    events = feed("openhands_gaia", "ai_usage_events")
    by_unit = outcomes(feed, "openhands_gaia")
    unknown = [event for event in events if "cost_estimate" not in event]
    assert (len(events), len(by_unit), len(unknown)) == (1485, 1485, 39)
    assert sum(by_unit[event["business_unit"]["unit_id"]] == "resolved" for event in unknown) == 2
    assert sum("cost_estimate" in event and amount(event) == 0 for event in events) == 6
    assert to_8(total(events)) == "2026.84448147"
    assert to_8(total(events) / 853) == "2.37613656"
    failed = [e for e in events if by_unit[e["business_unit"]["unit_id"]] == "unresolved"]
    assert to_8(total(failed)) == "1267.71623753"


def test_tau_bench_airline(feed: Feed) -> None:
    by_trial = outcomes(feed, "tau_bench_airline")
    solved = Counter(unit_id.split("/")[0] for unit_id, outcome in by_trial.items() if outcome == "resolved")
    assert (len(by_trial), sum(solved.values())) == (200, 84)
    assert (len(solved), sum(count == 4 for count in solved.values())) == (36, 10)
    events = feed("tau_bench_airline", "ai_usage_events")
    assert {event["layer"] for event in events} == {"evaluation"}
    assert to_8(total(events)) == "0.50315000"
    assert sum("cost_estimate" not in event for event in events) == 5


def test_uci_incident_5k(feed: Feed) -> None:
    kinds = Counter(event["event_type"] for event in feed("uci_incident_5k", "unit_events"))
    assert kinds == {"opened": 732, "outcome": 741, "reopened": 10}
    assert len(outcomes(feed, "uci_incident_5k")) == 731


def test_uci_incident_5k_beside_its_source(feed: Feed) -> None:
    """What the log says of itself, read apart from the converter: nothing else is left out of the feed."""
    with (SHARED / "uci_incident_5k" / "incident_event_log_first5000.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert (len(rows), len({row["number"] for row in rows})) == (5_000, 732)
    assert len({row["number"] for row in rows if row["incident_state"] == "Closed"}) == 731
    assert len({row["number"] for row in rows if row["resolved_at"] == "?"}) == 23
    late = {row["number"] for row in rows if row["made_sla"] == "false"}
    assert len({row["number"] for row in rows} - late) == 427
    reopened = {row["number"] for row in rows if row["reopen_count"] != "0"}
    events = feed("uci_incident_5k", "unit_events")
    assert {event["unit_id"] for event in events if event["event_type"] == "reopened"} == reopened
    assert len(reopened) == 9


def test_azure_llm_2023(feed: Feed) -> None:
    events = feed("azure_llm_2023", "ai_usage_events")
    sums = {}
    for service in ("code", "conv"):
        used = [event["usage"] for event in events if event["workflow"] == service]
        tokens = [sum(usage[kind] for usage in used) for kind in ("input_tokens", "output_tokens")]
        sums[service] = (len(used), *tokens)
    assert sums == {"code": (8_819, 18_059_974, 245_896), "conv": (19_366, 22_361_870, 4_088_665)}
    assert not any("cost_estimate" in event or "business_unit" in event for event in events)
