"""LiteLLM: spend log rows and callback payloads, on the real samples (LL, SL) and on a fixture of their traps."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest

from tests.python.producer_checks import CALLS, RECORDS, fates, needs_sample, row, rows

Connection = duckdb.DuckDBPyConnection
HTTP = "file_name = 'spend_logs_rows.http.generated.jsonl'"
ROUTER = "file_name = 'spend_logs_rows.generated.jsonl'"
TOKENS = (
    "count(*), count(*) filter (status = 'success'), sum(input_tokens), sum(cache_read_tokens),"
    " sum(cache_write_5m_tokens), sum(cache_write_1h_tokens), sum(cache_write_unknown_tokens),"
    " sum(output_tokens), sum(reasoning_tokens), sum(web_searches), sum(reported_cost_amount)"
)


def test_ll1_ll2_calls_over_http(producers: Connection) -> None:
    needs_sample(producers, "litellm_spend_logs")
    found = row(producers, TOKENS, HTTP)
    assert found == (8, 7, 15600, 10000, 1200, 800, None, 2020, 800, 4, "0.07266525")


def test_ll3_calls_of_the_router(producers: Connection) -> None:
    needs_sample(producers, "litellm_spend_logs")
    assert row(producers, TOKENS, ROUTER) == (8, 5, 5228, 3500, None, None, 1000, 736, 200, None, "0.0172435")


def test_ll4_a_chain_counts_its_attempts(producers: Connection) -> None:
    needs_sample(producers, "litellm_spend_logs")
    chain = rows(
        producers,
        "attempt_number, is_fallback, reported_cost_amount, retry_of_request_id is not null",
        f"{ROUTER} and session_id like '862f5d90%' order by attempt_number",
    )
    assert chain == [(1, False, "0", False), (2, False, "0", True), (3, True, "0.0000135", True)]


def test_ll5_list_price_is_what_the_gateway_reported(producers: Connection) -> None:
    needs_sample(producers, "litellm_spend_logs")
    select = "count(*), count(*) filter (list_cost = reported_cost_amount), sum(list_cost), min(cost_basis)"
    where = f"({HTTP} or {ROUTER}) and input_tokens is not null"
    assert row(producers, select, where) == (12, 12, "0.08990875", "repriced_list")


def test_ll6_upstream_fixture(producers: Connection) -> None:
    needs_sample(producers, "litellm_spend_logs")
    select = "input_tokens, output_tokens, reported_cost_amount, occurred_at"
    assert row(producers, select, "file_name = 'spend_logs_payload.upstream_test.json'") == (
        10, 20, "0.000225", datetime(2025, 1, 24, 9, 20, 46, 847371),
    )  # fmt: skip


def test_sl1_both_feeds_tell_each_call_once(producers: Connection) -> None:
    needs_sample(producers, "litellm_standard_logging")
    generated = "origin = 'sample' and file_name like '%generated%' and source_system like 'litellm%'"
    assert row(producers, "count(*), count(distinct span_id)", generated, RECORDS) == (32, 16)
    assert row(producers, "count(*), count(distinct source_system)", generated) == (16, 1)
    unequal = f"""
        select span_id
        from ({RECORDS})
        where {generated}
        group by span_id
        having count(*) <> 2 or count(distinct [
            cast(input_tokens as text), cast(cache_read_tokens as text), cast(cache_write_5m_tokens as text),
            cast(cache_write_1h_tokens as text), cast(cache_write_unknown_tokens as text), cast(output_tokens as text),
            cast(reasoning_tokens as text), cast(web_searches as text), cast(reported_cost_amount as text),
            cast(occurred_at as text)]) <> 1
    """
    assert producers.execute(unequal).fetchall() == []
    assert fates(producers, "litellm_standard_logging", "sample") == {"kept": 1, "duplicate": 16}
    assert producers.execute(
        "select conflicts from marts.rpt_feed_status where feed = 'litellm_spend_logs'"
    ).fetchone() == (0,)


def test_sl2_seconds_since_1970_keep_their_microseconds(producers: Connection) -> None:
    needs_sample(producers, "litellm_standard_logging")
    where = (
        "file_name = 'standard_logging_payload.http.generated.jsonl' and request_id like 'chatcmpl-539a90ff%'"
    )
    assert row(producers, "occurred_at", where, RECORDS) == (datetime(2026, 11, 21, 22, 37, 22, 771397),)


def test_every_record_of_the_fixture_has_its_fate(producers: Connection) -> None:
    assert fates(producers, "litellm_spend_logs", "fixture") == {
        "kept": 16,
        "duplicate": 1,
        "excluded_rollup": 1,
        "excluded_status_poll": 1,
        "excluded_health_check": 1,
        "excluded_silent_experiment": 1,
        "total_mismatch": 2,
        "bad_timestamp": 1,
        "bad_input_tokens": 1,
        "bad_amount": 2,
        "malformed_json": 1,
    }
    assert fates(producers, "litellm_standard_logging", "fixture") == {"kept": 3, "duplicate": 1}


# request: provider, input, read, 5m, 1h, unknown, output, unclassified, basis, cost by hand in micro-USD
PRICED = {
    # 1000 x 3 + 6000 x 0.30 + 2000 x 3.75 + 1000 x 6 + 1000 x 15
    "msg_01": ("anthropic", 10000, 6000, 2000, 1000, None, 1000, None, "repriced_list", "33300"),
    # 1000 x 3 + 4000 x 3.75 (time to live not told: the five-minute rate) + 200 x 15
    "msg_02": ("anthropic", 5000, 0, None, None, 4000, 200, None, "repriced_list", "21000"),
    # 1000 x 0.30 + 500 x 2.50: the total is 400 above its parts
    "gen_03": ("google", 1000, 0, None, None, None, 500, 400, "repriced_list", "1550"),
    "chatcmpl-6": ("openai", 1000, 0, None, None, None, 100, None, "repriced_list", "3500"),
    # a hit of the gateway's own cache buys nothing
    "chatcmpl-6_cache_hit1793613700.25": ("openai", 0, None, None, None, None, 0, None, "repriced_list", "0"),
    # the job's money row: 900,000 tokens of many requests are no request of 900,000 tokens
    "batch_9_batch_cost": ("openai", None, None, None, None, None, None, None, "reported", "1150000"),
    # flex: 500 x 0.125 + 1500 x 0.0125 + 300 x 1
    "resp_15": ("openai", 2000, 1500, None, None, None, 300, None, "repriced_list", "381.25"),
    # a tier without a price is not the standard tier
    "chatcmpl-16": ("openai", 1000, 0, None, None, None, 0, None, "reported", "9000"),
    # reported at 0 with tokens: not free
    "chatcmpl-17": ("openai", 5000, 0, None, None, None, 0, None, "unpriced", None),
    # audio is a part of the totals: 600 x 2.50 + 400 x 32 + 50 x 10 + 150 x 64
    "chatcmpl-26": ("openai", 1000, 0, None, None, None, 200, None, "repriced_list", "24400"),
    "img-18": ("openai", None, None, None, None, None, None, None, "reported", "42000"),
    # the cap of a count, twice; the metadata is no JSON
    "edge-23": ("openai", 999999999, None, None, None, None, 999999999, None, "unpriced", None),
    "emb-p3": ("voyageai", 3000, 0, None, None, None, 0, None, "repriced_list", "180"),
}


@pytest.mark.parametrize("request_id", PRICED)
def test_a_call_of_the_fixture(producers: Connection, request_id: str) -> None:
    select = (
        "provider, input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens,"
        " cache_write_unknown_tokens, output_tokens, unclassified_tokens, cost_basis, cost_micros_usd"
    )
    where = f"origin = 'fixture' and source_system like 'litellm%' and request_id = '{request_id}'"
    assert row(producers, select, where) == PRICED[request_id]


def test_attempts_of_the_fixture(producers: Connection) -> None:
    """Two requests through the router in one session are two chains; a callback tells its chain on its last row."""
    found = rows(
        producers,
        "request_id, attempt_number, is_fallback, retry_of_request_id, status",
        "origin = 'fixture' and source_system like 'litellm%' and attempt_number is not null"
        " order by occurred_at",
    )
    assert found == [
        ("fail-4", 1, False, None, "error"),
        ("fail-5", 2, False, "fail-4", "timeout"),
        ("chatcmpl-6", 3, True, "fail-5", "success"),
        ("fail-7", 1, False, None, "cancelled"),
        ("chatcmpl-8", 2, False, "fail-7", "success"),
        ("fail-p1", 1, None, None, "error"),
        ("chatcmpl-p2", 2, False, "fail-p1", "success"),
    ]


def test_labels_become_business_ids(producers: Connection) -> None:
    select = "workflow, environment, tenant_id, team, unit_type, unit_id, ingested_at"
    where = "origin = 'fixture' and source_system like 'litellm%' and request_id = '{}'"
    assert row(producers, select, where.format("msg_01")) == (
        "claim_intake", "production", "tenant-9", "team-claims", "support_case", "CLM-1", None,
    )  # fmt: skip
    assert row(producers, select, where.format("resp_15")) == (
        "claim_intake", "unknown", "tenant-9", "team-claims", "support_case", "CLM-2",
        datetime(2026, 11, 2, 10, 5),
    )  # fmt: skip


def test_a_retry_never_adds_a_second_call(producers: Connection) -> None:
    found = rows(producers, "span_id", "origin = 'fixture' and span_id = 'call-01'", CALLS)
    assert len(found) == 1
