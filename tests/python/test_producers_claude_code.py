"""Claude Code sessions: upstream sample (CC1) and a fixture of their traps."""

from __future__ import annotations

import duckdb

from tests.python.producer_checks import fates, needs_sample, priced, row, rows

Connection = duckdb.DuckDBPyConnection

FEED = "claude_code_jsonl"
SAMPLE = "origin = 'sample' and source_system = 'claude_code_jsonl'"


def test_cc1_calls_tokens_and_reported_cost(producers: Connection) -> None:
    needs_sample(producers, FEED)
    select = (
        "count(*), sum(input_tokens), sum(cache_read_tokens), sum(cache_write_unknown_tokens),"
        " sum(output_tokens), sum(reported_cost_amount)"
    )
    assert row(producers, select, SAMPLE) == (5, 930, 110, 90, 310, "1.09")


def test_cc1_list_cost_at_standard_speed(producers: Connection) -> None:
    """One call ran at the fast tier, which the list does not price: its reported cost stands."""
    needs_sample(producers, FEED)
    assert rows(
        producers, "service_tier, cost_basis, cost", f"{SAMPLE} and cost_basis <> 'repriced_list'"
    ) == [("fast", "reported", "0.34")]
    at_standard = """
        select sum(
            (calls.input_tokens - calls.cache_read_tokens - coalesce(calls.cache_write_unknown_tokens, 0))
            * prices.input_uncached_rate
            + calls.cache_read_tokens * prices.cache_read_rate
            + coalesce(calls.cache_write_unknown_tokens, 0) * prices.cache_write_unknown_rate
            + calls.output_tokens * prices.output_rate) * 0.000001
        from intermediate.int_usage_events as calls
        inner join intermediate.int_price_list as prices
            on prices.price_book = 'list'
            and prices.service_tier = 'standard'
            and prices.context_tokens_over = 0
            and prices.provider = calls.provider
            and prices.reported_model = lower(calls.reported_model)
            and calls.occurred_at >= prices.valid_from
            and calls.occurred_at < prices.valid_to
        where calls.source_system = 'claude_code_jsonl' and contains(calls.file_path, '/sample/')
    """
    assert format(producers.execute(at_standard).fetchone()[0].normalize(), "f") == "0.013979"


def test_every_record_of_the_fixture_has_its_fate(producers: Connection) -> None:
    assert fates(producers, FEED, "fixture") == {
        "kept": 4,
        "repeated_record": 2,
        "excluded_not_a_call": 3,
        "malformed_json": 1,
    }


def test_calls_of_the_fixture(producers: Connection) -> None:
    """A message counts once: with its last output, over the lines of its stream and the files of a resumed session."""
    assert priced(producers, FEED) == {
        # 100 x 3 + 1000 x 0.30 + 300 x 3.75 + 200 x 6 + 120 x 15
        "r-1": (1600, 1000, 300, 200, None, 120, None, None, "repriced_list", "4725"),
        # 50 x 1 + 400 x 1.25 + 10 x 5
        "r-2": (450, None, None, None, 400, 10, None, None, "repriced_list", "600"),
        # 1000 x 3 + 3 searches x 10,000
        "r-4": (1000, None, None, None, None, 0, None, None, "repriced_list", "33000"),
        "u-only": (1000, None, None, None, None, 100, None, None, "repriced_list", "4500"),
    }


def test_a_session_has_no_business_ids(producers: Connection) -> None:
    select = "distinct provider, session_id, environment, unit_id, tenant_id"
    found = rows(producers, select, "origin = 'fixture' and source_system = 'claude_code_jsonl'")
    assert found == [("anthropic", "sess-1", "unknown", None, None)]
