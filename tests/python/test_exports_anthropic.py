"""Anthropic's usage and cost reports: the samples' figures (AN1 to AN3) and the traps of the fixture."""

from __future__ import annotations

from decimal import Decimal

import duckdb
from exports import fates, fixture_lines, incomplete_pages, kept, quantities, rows, sample_lines

__all__ = ["fixture_lines", "sample_lines"]
Connection = duckdb.DuckDBPyConnection
D = Decimal
SONNET = "claude-sonnet-4-5-20250929"


# The samples


def test_an1_input_is_the_sum_of_four(sample_lines: Connection) -> None:
    found = quantities(sample_lines, "anthropic_usage")
    assert found == {
        "input_uncached": 1500,
        "cache_read": 200,
        "cache_write_5m": 500,
        "cache_write_1h": 1000,
        "output": 500,
        "web_search": 10,
    }
    assert sum(found[meter] for meter in found if meter not in ("output", "web_search")) == 3200


def test_an2_cents_are_no_dollars(sample_lines: Connection) -> None:
    assert kept(sample_lines, "anthropic_costs") == [
        ("2025-08-01", "claude-sonnet-4-20250514", "input_uncached", "standard", None, D("1.2378912"), "USD"),
        ("2026-08-01", "claude-opus-5-5", "output", "standard", None, D("41.255"), "USD"),
    ]
    enterprise = rows(
        sample_lines,
        "select amount, list_amount from staging.stg_anthropic__results where list_amount is not null",
    )
    assert enterprise == [(D("41.255"), D("51.56875"))]
    assert 1 - enterprise[0][0] / enterprise[0][1] == D("0.2")


def test_an3_both_official_pages_are_incomplete(sample_lines: Connection) -> None:
    assert (
        incomplete_pages(sample_lines, "anthropic_usage") + incomplete_pages(sample_lines, "anthropic_costs")
        == 2
    )


# The fixture


def test_every_result_is_kept_once_replaced_or_rejected(fixture_lines: Connection) -> None:
    assert fates(fixture_lines, "anthropic_usage") == {
        ("kept", None): 4,
        ("duplicate", None): 2,
        ("quarantined", "bad_quantity"): 1,
    }
    assert fates(fixture_lines, "anthropic_costs") == {("kept", None): 12, ("quarantined", "bad_amount"): 1}


def test_a_revised_bucket_leaves_no_line_behind(fixture_lines: Connection) -> None:
    """The revision has no 1h writes: the 400 of the older report are gone. The other context window is another key."""
    day, next_day = "2026-09-01", "2026-09-02"
    assert kept(fixture_lines, "anthropic_usage") == [
        (day, SONNET, "cache_read", "standard", D(5000), None, None),
        (day, SONNET, "cache_write_5m", "standard", D(600), None, None),
        (day, SONNET, "input_uncached", "standard", D(1100), None, None),
        (day, SONNET, "input_uncached", "standard", D(250000), None, None),
        (day, SONNET, "output", "standard", D(310), None, None),
        (day, SONNET, "output", "standard", D(700), None, None),
        (day, SONNET, "web_search", "standard", D(2), None, None),
        (next_day, SONNET, "input_uncached", "batch", D(40), None, None),
        # Told again in an older file by name, which says when it was told: 15 and 25 instead of 10 and 20.
        (next_day, SONNET, "input_uncached", "priority", D(15), None, None),
        (next_day, SONNET, "output", "batch", D(60), None, None),
        (next_day, SONNET, "output", "priority", D(25), None, None),
    ]


def test_costs_are_cents_by_meter(fixture_lines: Connection) -> None:
    day = "2026-09-01"
    assert kept(fixture_lines, "anthropic_costs") == [
        (day, SONNET, "cache_read", "standard", None, D("0.0015"), "USD"),
        (day, SONNET, "cache_write_1h", "standard", None, D("0.0024"), "USD"),
        (day, SONNET, "cache_write_5m", "standard", None, D("0.00225"), "USD"),
        (day, SONNET, "input_uncached", "standard", None, D("0.0033"), "USD"),
        (day, SONNET, "input_uncached", "standard", None, D("1.5"), "USD"),
        (day, SONNET, "output", "standard", None, D("0.00465"), "USD"),
        (day, SONNET, None, "standard", None, D("-1"), "USD"),
        (day, None, "code_execution", "standard", None, D("0.055"), "USD"),
        (day, None, "web_search", "standard", None, D("0.02"), "USD"),
        # 1.2345678901234 cents, rounded once at 12 decimals.
        (day, None, None, "standard", None, D("0.012345678901"), "USD"),
        ("2026-09-10", "claude-opus-4-6", "output", "standard", None, D("0.8"), "USD"),
        ("2026-09-10", "claude-opus-4-6", "output", "standard", None, D("8"), "USD"),
    ]


def test_the_priority_tier_has_use_and_no_cost(fixture_lines: Connection) -> None:
    found = rows(
        fixture_lines,
        """select source_system, sum(quantity), sum(amount) from intermediate.int_provider_usage_resolved
        where service_tier = 'priority' and provider = 'anthropic' and record_status = 'kept' group by all""",
    )
    assert found == [("anthropic_usage", D(40), None)]


def test_the_only_account_of_the_vendor_is_meant(fixture_lines: Connection) -> None:
    found = rows(
        fixture_lines,
        "select distinct billing_account_id from intermediate.int_provider_usage where provider = 'anthropic'",
    )
    assert found == [("ant-halden",)]


def test_the_cost_report_says_more_follows(fixture_lines: Connection) -> None:
    assert incomplete_pages(fixture_lines, "anthropic_usage") == 0
    assert incomplete_pages(fixture_lines, "anthropic_costs") == 1
