"""Bare token logs: Azure's trace (AZ1), Mooncake's trace (MO1), and a fixture of each."""

from __future__ import annotations

from datetime import datetime

import duckdb

from tests.python.producer_checks import fates, needs_sample, row, rows

Connection = duckdb.DuckDBPyConnection


def test_az1(producers: Connection) -> None:
    needs_sample(producers, "azure_llm_trace")
    select = "count(*), sum(input_tokens), sum(output_tokens)"
    code = row(producers, select, "file_name = 'AzureLLMInferenceTrace_code.csv'")
    conv = row(producers, select, "file_name = 'AzureLLMInferenceTrace_conv.csv'")
    assert (code, conv) == ((8819, 18059974, 245896), (19366, 22361870, 4088665))
    status = "distinct cost_basis, cost_status, unit_id"
    where = "origin = 'sample' and source_system = 'azure_llm_trace'"
    assert rows(producers, status, where) == [("unpriced", "unpriced", None)]


def test_mo1(producers: Connection) -> None:
    needs_sample(producers, "mooncake_trace")
    where = "origin = 'sample' and source_system = 'mooncake_trace'"
    select = "count(*), sum(input_tokens), sum(output_tokens), epoch_ms(max(occurred_at)) - epoch_ms(min(occurred_at))"
    assert row(producers, select, where) == (2000, 27441774, 704602, 669000)
    assert row(producers, "sum(cache_read_tokens)", where) == (None,), (
        "what a cache could have read is not metered"
    )
    reads = """
        select sum(possible_cache_read_tokens), round(sum(possible_cache_read_tokens) / sum(input_tokens), 6)
        from staging.stg_mooncake_trace__prefix_reads
        where contains(file_path, '/sample/')
    """
    assert producers.execute(reads).fetchone() == (8070959, 0.294112)


def test_a_reordered_csv_is_read_by_name(producers: Connection) -> None:
    assert fates(producers, "azure_llm_trace", "fixture") == {
        "kept": 2,
        "wrong_column_count": 1,
        "bad_output_tokens": 1,
        "malformed_json": 1,
    }
    where = "origin = 'fixture' and source_system = 'azure_llm_trace' order by request_id"
    assert rows(producers, "request_id, occurred_at, input_tokens, output_tokens, cost_status", where) == [
        ("fixture/reordered.csv:2", datetime(2026, 11, 6, 18, 17, 3, 979960), 4808, 10, "unpriced"),
        ("fixture/reordered.csv:3", datetime(2026, 11, 6, 18, 17, 4, 31960), 3180, 8, "unpriced"),
    ]


def test_milliseconds_from_the_start_and_prefixes(producers: Connection) -> None:
    assert fates(producers, "mooncake_trace", "fixture") == {
        "kept": 5,
        "malformed_json": 1,
        "bad_timestamp": 1,
    }
    where = "origin = 'fixture' and source_system = 'mooncake_trace' order by request_id"
    assert rows(producers, "request_id, occurred_at, input_tokens, output_tokens", where)[1] == (
        "fixture/trace.jsonl:2", datetime(2024, 1, 1, 0, 0, 0, 250000), 1200, 5,
    )  # fmt: skip
    reads = """
        select request_id, possible_cache_read_tokens
        from staging.stg_mooncake_trace__prefix_reads
        where contains(file_path, '/fixture/')
        order by request_id
    """
    assert [tokens for _, tokens in producers.execute(reads).fetchall()] == [
        0,  # all blocks are new
        1024,  # two blocks seen before, the third is new
        512,  # one block seen before
        500,  # never more than the input
        0,  # a block seen before behind a new one is no prefix
    ]
