"""OpenAI's organization usage and costs: the samples' figures (OA1 to OA3) and the traps of the fixture."""

from __future__ import annotations

from decimal import Decimal

import duckdb
from exports import fates, fixture_lines, incomplete_pages, kept, quantities, rows, sample_lines

__all__ = ["fixture_lines", "sample_lines"]
Connection = duckdb.DuckDBPyConnection
D = Decimal
MINI = "gpt-5-mini-2025-08-07"


# The samples


def test_oa1_ten_usage_rows_and_six_cents(sample_lines: Connection) -> None:
    assert fates(sample_lines, "openai_usage") == {("kept", None): 10}
    files = rows(
        sample_lines,
        "select count(distinct file_path) from staging.stg_openai__pages where feed = 'openai_usage'",
    )
    assert files == [(10,)]
    assert kept(sample_lines, "openai_costs") == [
        ("2024-11-01", None, None, "standard", None, D("0.060000000000"), "USD")
    ]


def test_oa2_input_is_the_sum_of_three_and_splits_are_not_added(sample_lines: Connection) -> None:
    told = rows(
        sample_lines,
        """select input_quantity, uncached_quantity, cached_quantity, write_quantity, output_quantity, model_requests
        from staging.stg_openai__results where report_kind = 'completions'""",
    )
    assert told == [(1000, 500, 400, 100, 500, 5)]
    completions = """line_id like (
        select report_key || '/%' from staging.stg_openai__results where report_kind = 'completions'
    )"""
    assert quantities(sample_lines, "openai_usage", completions) == {
        "input_uncached": 500,
        "cache_read": 400,
        "cache_write_unknown": 100,
        "output": 500,
        "request": 5,
    }


def test_oa2_modality_splits_of_the_sample_add_up_to_the_totals(sample_lines: Connection) -> None:
    """400 + 50 + 50 uncached, 300 + 50 + 50 cached, 400 + 50 + 50 output: parts, never more tokens."""
    raw = "staging.stg_openai__results_landed"
    splits = ["input_{}_tokens", "input_cached_{}_tokens", "output_{}_tokens"]
    for split, total in zip(splits, (500, 400, 500), strict=True):
        added = " + ".join(f"(raw_text->>'{split.format(kind)}')::int" for kind in ("text", "audio", "image"))
        found = rows(
            sample_lines, f"select {added} from {raw} where raw_text->>'object' like '%.completions.%'"
        )
        assert found == [(total,)]


def test_oa3_one_page_is_incomplete(sample_lines: Connection) -> None:
    assert incomplete_pages(sample_lines, "openai_usage") == 1
    assert incomplete_pages(sample_lines, "openai_costs") == 0


# The fixture


def test_every_result_is_kept_once_replaced_or_rejected(fixture_lines: Connection) -> None:
    """14 landed: 6 kept, 2 older states of a bucket, 6 rejected."""
    assert fates(fixture_lines, "openai_usage") == {
        ("kept", None): 6,
        ("duplicate", None): 2,
        ("quarantined", "malformed_json"): 1,
        ("quarantined", "total_mismatch"): 1,
        ("quarantined", "bad_quantity"): 1,
        ("quarantined", "unknown_report"): 3,
    }


def test_a_bucket_delivered_again_replaces_all_its_lines(fixture_lines: Connection) -> None:
    assert kept(fixture_lines, "openai_usage") == [
        ("2026-09-01", MINI, "cache_read", "standard", D(2500), None, None),
        ("2026-09-01", MINI, "cache_write_unknown", "standard", D(500), None, None),
        ("2026-09-01", MINI, "input_uncached", "batch", D(4000), None, None),
        ("2026-09-01", MINI, "input_uncached", "standard", D(7100), None, None),
        ("2026-09-01", MINI, "output", "batch", D(900), None, None),
        ("2026-09-01", MINI, "output", "standard", D(1250), None, None),
        ("2026-09-01", MINI, "request", "batch", D(3), None, None),
        ("2026-09-01", MINI, "request", "standard", D(13), None, None),
        # An older report gives all input and its cached part only: 1000 - 200.
        ("2026-09-03", MINI, "cache_read", "priority", D(200), None, None),
        ("2026-09-03", MINI, "input_uncached", "priority", D(800), None, None),
        ("2026-09-03", MINI, "output", "priority", D(50), None, None),
        ("2026-09-03", MINI, "request", "priority", D(1), None, None),
        ("2026-09-04", None, "embedding_input", "standard", D(16), None, None),
        ("2026-09-04", None, "image", "standard", D(3), None, None),
        ("2026-09-04", None, "request", "standard", D(1), None, None),
        ("2026-09-04", None, "request", "standard", D(2), None, None),
        ("2026-09-06", None, "web_search", "standard", D(4), None, None),
    ]


def test_only_a_page_without_its_next_is_incomplete(fixture_lines: Connection) -> None:
    """The two pages of the first file follow each other; the one of the embeddings is followed by none."""
    assert incomplete_pages(fixture_lines, "openai_usage") == 1


def test_line_items_tell_model_meter_and_tier(fixture_lines: Connection) -> None:
    day = "2026-09-01"
    assert kept(fixture_lines, "openai_costs") == [
        (day, MINI, "cache_read", "standard", D("2.5"), D("0.0000625"), "USD"),
        (day, MINI, "input_uncached", "standard", D(7100), D("0.00175"), "USD"),
        (day, "gpt-5.6-sol", "output", "priority", D(1000), D("0.0125"), "USD"),
        (day, "gpt-audio-mini-2025-12-15", "audio_in", "standard", D(300), D("0.003"), "USD"),
        (day, "text-embedding-3-small", "embedding_input", "standard", D(1000), D("0.00002"), "USD"),
        (day, "whisper-1", "audio_second", "standard", D(60), D("0.006"), "USD"),
        (day, None, "web_search", "standard", None, D("0.04"), "USD"),
        (day, None, None, "standard", D(2), D("0.1"), "USD"),
        (day, None, None, "standard", None, D("-0.5"), "USD"),
    ]
    assert fates(fixture_lines, "openai_costs") == {
        ("kept", None): 9,
        ("quarantined", "bad_amount"): 1,
        ("quarantined", "bad_currency"): 1,
    }


def test_the_account_is_the_folder_that_policy_knows(fixture_lines: Connection) -> None:
    found = rows(
        fixture_lines,
        """select distinct billing_account_id, file_path like '%/org-halden-prod/%'
        from intermediate.int_provider_usage_resolved where provider = 'openai' order by all""",
    )
    assert found == [("__none__", False), ("org-halden-prod", True)]


def test_a_rejected_result_keeps_its_text(fixture_lines: Connection) -> None:
    found = rows(
        fixture_lines,
        """select reject_reason, raw_text from intermediate.int_quarantined_records
        where feed = 'openai_usage' and reject_reason = 'malformed_json'""",
    )
    assert found == [("malformed_json", '{"object": "page", "data": [')]


def test_use_that_both_reports_count_is_compared_once(fixture_lines: Connection) -> None:
    """7,100 tokens in the usage report and in the cost report are 7,100; where only the latter counts, it counts."""
    found = rows(
        fixture_lines,
        """select model, meter, service_tier, quantity, amount from intermediate.int_reconciliation_exports
        where billing_account_id = 'org-halden-prod' and (meter in ('input_uncached', 'cache_read') or amount > 0.01)
        order by all""",
    )
    assert found == [
        ("gpt-5-mini", "cache_read", "priority", 200, None),
        ("gpt-5-mini", "cache_read", "standard", 2500, D("0.0000625")),
        ("gpt-5-mini", "input_uncached", "batch", 4000, None),
        ("gpt-5-mini", "input_uncached", "priority", 800, None),
        ("gpt-5-mini", "input_uncached", "standard", 7100, D("0.00175")),
        ("gpt-5.6-sol", "output", "priority", 1000, D("0.0125")),
        (None, "web_search", "standard", None, D("0.04")),
    ]
