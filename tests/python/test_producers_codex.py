"""Codex sessions: upstream sample (CX1) and a fixture of their traps."""

from __future__ import annotations

import duckdb

from tests.python.producer_checks import fates, needs_sample, row, rows

Connection = duckdb.DuckDBPyConnection

FEED = "codex_jsonl"
SAMPLE = "origin = 'sample' and source_system = 'codex_jsonl'"


def test_cx1(producers: Connection) -> None:
    needs_sample(producers, FEED)
    assert sum(fates(producers, FEED, "sample").values()) == 3
    select = (
        "count(*), sum(input_tokens), sum(cache_read_tokens), sum(output_tokens), sum(reasoning_tokens),"
        " sum(input_tokens + output_tokens)"
    )
    assert row(producers, select, SAMPLE) == (2, 3500, 750, 700, 275, 4200)


def test_every_record_of_the_fixture_has_its_fate(producers: Connection) -> None:
    assert fates(producers, FEED, "fixture") == {"kept": 3, "repeated_record": 1, "excluded_not_a_call": 4}


def test_calls_of_the_fixture(producers: Connection) -> None:
    """The turn's model holds until the next turn; each line's total says whether reasoning lies inside the output."""
    found = rows(
        producers,
        "request_id, reported_model, input_tokens, cache_read_tokens, output_tokens, reasoning_tokens, cost_micros_usd",
        "origin = 'fixture' and source_system = 'codex_jsonl' order by occurred_at",
    )
    file = "fixture/2026/rollout-1.jsonl"
    assert found == [
        # 600 x 0.25 + 400 x 0.025 + (100 + 50) x 2
        (f"{file}/2026-11-05T08:00:03.000Z/1150", "gpt-5-mini", 1000, 400, 150, 50, "460"),
        # 1000 x 2.50 + 200 x 10
        (f"{file}/2026-11-05T08:01:00.000Z/2350", "gpt-4o", 1000, 0, 200, 80, "4500"),
        # 100 x 0.25 + 10 x 2
        (f"{file}/2026-11-05T08:02:00.000Z/2460", "gpt-5-mini", 100, 0, 10, 0, "45"),
    ]
