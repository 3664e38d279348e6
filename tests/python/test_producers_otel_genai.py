"""OpenTelemetry GenAI spans: two dialects of the same trace (OT), and a fixture of what traces get wrong."""

from __future__ import annotations

from datetime import datetime

import duckdb

from tests.python.producer_checks import RECORDS, fates, needs_sample, priced, row, rows

Connection = duckdb.DuckDBPyConnection

FEED = "otel_genai"
DIALECTS = ("official", "openllmetry")


def test_ot1_one_scope_a_response_is_kept(producers: Connection) -> None:
    needs_sample(producers, FEED)
    for dialect in DIALECTS:
        spans = f"source_system = '{FEED}' and file_name like '%.{dialect}.%'"
        select = (
            "count(*), count(*) filter (reject_reason is distinct from 'excluded_not_a_call'),"
            " count(*) filter (reject_reason is null)"
        )
        assert row(producers, select, spans, RECORDS) == (6, 5, 4)


def test_ot2_tokens(producers: Connection) -> None:
    needs_sample(producers, FEED)
    select = (
        "sum(input_tokens), sum(cache_read_tokens), sum(cache_write_5m_tokens), sum(cache_write_1h_tokens),"
        " sum(output_tokens), sum(reasoning_tokens)"
    )
    for dialect in DIALECTS:
        found = row(producers, select, f"file_name like 'otlp_traces.{dialect}.%'")
        assert found == (7208, 5000, 600, 400, 1010, 400)


def test_ot3_neither_all_spans_nor_one_a_response(producers: Connection) -> None:
    """All call spans count the Anthropic call twice; one span a response id loses an OpenAI call."""
    needs_sample(producers, FEED)
    for dialect in DIALECTS:
        spans = f"source_system = '{FEED}' and file_name like '%.{dialect}.%'"
        assert row(producers, "sum(input_tokens)", spans, RECORDS) == (10408,)
        kept = rows(producers, "input_tokens, reported_model", f"file_name like 'otlp_traces.{dialect}.%'")
        assert sum({model: tokens for tokens, model in kept}.values()) == 5208


def test_ot4_list_cost(producers: Connection) -> None:
    needs_sample(producers, FEED)
    without_split = "sum(list_cost) - sum(cache_write_1h_tokens) * (6 - 3.75) * 0.000001"
    for dialect in DIALECTS:
        found = row(
            producers, f"sum(list_cost), {without_split}", f"file_name like 'otlp_traces.{dialect}.%'"
        )
        assert found == ("0.02425016", "0.02335016")


def test_what_the_spans_around_a_call_say(producers: Connection) -> None:
    needs_sample(producers, FEED)
    select = "distinct environment, application, tenant_id, unit_type, unit_id, session_id"
    assert rows(producers, select, "file_name like 'otlp_traces.%'") == [
        ("production", "support-agent", "acme", "support_case", "TCK-1001", "conv-77")
    ]


def test_every_record_of_the_fixture_has_its_fate(producers: Connection) -> None:
    assert fates(producers, FEED, "fixture") == {
        "kept": 8,
        "repeated_record": 1,
        "excluded_not_a_call": 3,
        "excluded_other_scope": 1,
        "bad_timestamp": 2,
        "component_exceeds_total": 1,
        "malformed_json": 1,
    }


def test_calls_of_the_fixture(producers: Connection) -> None:
    assert priced(producers, FEED) == {
        # 2000 x 3 + 1000 x 3.75 + 100 x 15: only the SDK's own span knows the time to live
        "anthropicsdk0001": (3000, None, 1000, 0, None, 100, None, None, "repriced_list", "11250"),
        # one response id, two calls: both are paid
        "openai0000000101": (1000, None, None, None, None, 100, None, None, "repriced_list", "3500"),
        "openai0000000201": (1000, None, None, None, None, 100, None, None, "repriced_list", "3500"),
        # flex: 500 x 0.125 + 1500 x 0.0125 + 300 x 1
        "openaiflex000001": (2000, 1500, None, None, None, 300, 200, None, "repriced_list", "381.25"),
        "langchain0000001": (None, None, None, None, None, None, None, None, "unpriced", None),
        "timeout000000001": (None, None, None, None, None, None, None, None, "unpriced", None),
        # the total says that reasoning lies beside the output: 1000 x 0.30 + 400 x 2.50
        "oldnames00000001": (1000, None, None, None, None, 400, 300, None, "repriced_list", "1300"),
        "embedding0000001": (5000, None, None, None, None, None, None, None, "repriced_list", "100"),
    }


def test_the_nearest_span_is_believed(producers: Connection) -> None:
    select = (
        "regexp_extract(request_id, '[^/]+$'), tenant_id, unit_id, session_id, application, environment,"
        " provider, status, service_tier, layer"
    )
    common = ("CLM-7", "conv-1", "claims-desk", "staging")
    where = "origin = 'fixture' and source_system = 'otel_genai' order by 1"
    assert {name: figures for name, *figures in rows(producers, select, where)} == {
        "anthropicsdk0001": ["tenant-near", *common, "anthropic", "success", "standard", "model_api"],
        "langchain0000001": ["tenant-near", *common, "openai", "success", "standard", "model_api"],
        "timeout000000001": ["tenant-near", *common, "openai", "timeout", "standard", "model_api"],
        "openaiflex000001": ["tenant-near", *common, "openai", "success", "flex", "model_api"],
        "openai0000000101": ["tenant-root", *common, "openai", "success", "standard", "model_api"],
        "openai0000000201": ["tenant-root", *common, "openai", "success", "standard", "model_api"],
        "oldnames00000001": ["tenant-root", *common, "google", "success", "standard", "model_api"],
        "embedding0000001": ["tenant-root", *common, "openai", "success", "standard", "embedding"],
    }


def test_nanoseconds_are_cut_to_microseconds(producers: Connection) -> None:
    where = "origin = 'fixture' and request_id like '%/anthropicsdk0001'"
    assert row(producers, "occurred_at", where) == (datetime(2026, 11, 2, 10, 0, 4, 123456),)
