"""Langfuse observations: real exports (LF), and a fixture of the API's page and the blob export."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest

from tests.python.producer_checks import RECORDS, fates, needs_sample, plain, priced, row, rows

Connection = duckdb.DuckDBPyConnection

FEED = "langfuse_observations"
REAL = "file_name = 'observations.real.no_io.jsonl'"
OLDER = "file_name = 'observations.older_export.no_io.jsonl'"
USED = "coalesce(input_tokens, output_tokens) is not null"
SET_ASIDE = "('excluded_wrapper', 'excluded_rollup')"


def test_lf1_rows(producers: Connection) -> None:
    needs_sample(producers, FEED)
    distinct = "reject_reason is distinct from 'repeated_record'"
    select = (
        f"count(*), count(*) filter ({distinct}), count(*) filter ({distinct} and {USED}),"
        f" count(*) filter (reject_reason is null and not ({USED}))"
    )
    assert row(producers, select, REAL, RECORDS) == (138, 135, 40, 2)


def test_lf2_rollups_are_dropped(producers: Connection) -> None:
    needs_sample(producers, FEED)
    select = "count(*), count(*) filter (reject_reason = 'excluded_wrapper'), sum(reported_cost_amount)"
    where = f"{REAL} and reject_reason in {SET_ASIDE}"
    assert row(producers, select, where, RECORDS) == (4, 3, "0.0015298")


def test_lf3_calls(producers: Connection) -> None:
    needs_sample(producers, FEED)
    select = (
        "count(*), sum(input_tokens), sum(output_tokens), sum(unclassified_tokens), sum(reasoning_tokens),"
        " sum(input_tokens) + sum(output_tokens)"
    )
    assert row(producers, select, f"{REAL} and {USED}") == (36, 17356, 6234, 1173, 1168, 23590)


def test_lf4_reported_cost(producers: Connection) -> None:
    needs_sample(producers, FEED)
    total = "sum(reported_cost_amount)"
    assert row(producers, total, REAL) == ("0.021089449995",)
    deduplicated = f"{REAL} and reject_reason is distinct from 'repeated_record'"
    assert row(producers, total, deduplicated, RECORDS) == ("0.022619249995",)
    assert row(producers, total, REAL, RECORDS) == ("0.023656749995",)


def test_lf5_list_cost_at_the_day_of_the_call(producers: Connection) -> None:
    needs_sample(producers, FEED)
    used = f"{REAL} and {USED}"
    same = "abs(list_cost - reported_cost_amount) <= 0.000000001"
    assert row(producers, f"sum(list_cost), count(*) filter ({same})", used) == ("0.02623945", 32)
    differing = rows(producers, "reported_cost_amount, list_cost", f"{used} and not {same} order by 1, 2")
    assert differing == [
        ("0.000025", "0.0001325"),
        ("0.000075", "0.0003"),
        ("0.000159", "0.00078"),
        ("0.00085", "0.0050465"),
    ]


def test_lf6_older_export(producers: Connection) -> None:
    needs_sample(producers, FEED)
    assert row(producers, "count(*)", OLDER, RECORDS) == (9,)
    select = "count(*), sum(input_tokens), sum(output_tokens), sum(reported_cost_amount), sum(list_cost)"
    assert row(producers, select, OLDER) == (4, 1905, 160, "0.006669999999", "0.0069575")


def test_both_files_add_up(producers: Connection) -> None:
    """147 landed = 40 calls + 2 without usage + 3 duplicates + 102 excluded."""
    needs_sample(producers, FEED)
    found = fates(producers, FEED, "sample")
    excluded = sum(count for name, count in found.items() if name.startswith("excluded_"))
    assert (found["kept"], found["repeated_record"], excluded, sum(found.values())) == (42, 3, 102, 147)
    sample = f"{REAL} or {OLDER}"
    assert row(producers, "count(*) filter (cost_status = 'usage_missing')", sample) == (2,)
    assert row(producers, "sum(reported_cost_amount), sum(list_cost)", f"({sample}) and {USED}") == (
        "0.027759449994",
        "0.03319695",
    )


def test_every_record_of_the_fixture_has_its_fate(producers: Connection) -> None:
    assert fates(producers, FEED, "fixture") == {
        "kept": 15,
        "repeated_record": 1,
        "excluded_not_a_call": 3,
        "excluded_rollup": 1,
        "excluded_wrapper": 1,
        "total_mismatch": 2,
    }


def test_calls_of_the_fixture(producers: Connection) -> None:
    assert priced(producers, FEED) == {
        # parts = total: beside each other. 1000 x 0.25 + 500 x 0.025 + 160 x 2
        "gen-leaf": (1500, 500, None, None, None, 160, 60, None, "repriced_list", "582.5"),
        # parts above the total by the details: inside. 600 x 2.50 + 400 x 1.25 + 200 x 10
        "gen-inside": (1000, 400, None, None, None, 200, 100, None, "repriced_list", "4000"),
        # total above its parts: 10 x 0.30 + (20 + 70) x 2.50
        "gen-rest": (10, None, None, None, None, 90, None, 70, "repriced_list", "228"),
        # G3.6: 179 + 35 + 64 = 278; 5 + 845 of 2023; 6 + 2055 = 2061 with 1104 inside
        "gen-g3-6-beside": (179, None, None, None, None, 99, 64, None, "repriced_list", "242.75"),
        "gen-g3-6-rest": (5, None, None, None, None, 2018, None, 1173, "repriced_list", "5046.5"),
        "gen-g3-6-inside": (6, None, None, None, None, 2055, 1104, None, "repriced_list", "5139.3"),
        # audio beside text and audio inside the totals: 600 x 2.50 + 400 x 32 + 50 x 10 + 150 x 64
        "gen-speaks": (1000, None, None, None, None, 200, None, None, "repriced_list", "24400"),
        "gen-listens": (1000, None, None, None, None, 200, None, None, "repriced_list", "24400"),
        "gen-silent": (None, None, None, None, None, None, None, None, "unpriced", None),
        # no total: 10 x 3 + 2000 x 0.30 + 300 x 3.75 + 200 x 6 + 40 x 15
        "gen-anthropic": (2510, 2000, 300, 200, None, 40, None, None, "repriced_list", "3555"),
        "gen-twice": (1000, None, None, None, None, 100, None, None, "repriced_list", "3500"),
        "emb-1": (5000, None, None, None, None, None, None, None, "repriced_list", "100"),
        "gen-own-model": (10, None, None, None, None, 10, None, None, "reported", "10000"),
        "gen-old": (1000, None, None, None, None, 100, None, None, "repriced_list", "3500"),
        "blob-1": (10, None, None, None, None, 20, None, None, "repriced_list", "225"),
    }


@pytest.mark.parametrize(
    ("request_id", "expected"), [("gen-g3-6-beside", (99, None)), ("gen-g3-6-rest", (845 + 1173, 1173))]
)
def test_g3_6_parts_and_total(
    producers: Connection, request_id: str, expected: tuple[int, int | None]
) -> None:
    """179 in, 35 out, 64 reasoning of 278: output 99; 5 in, 845 out of 2,023: 1,173 unclassified, as output."""
    where = f"origin = 'fixture' and source_system = 'langfuse_observations' and request_id = '{request_id}'"
    assert row(producers, "output_tokens, unclassified_tokens", where) == expected


def test_what_an_observation_says(producers: Connection) -> None:
    select = (
        "provider, reported_model, environment, tenant_id, session_id, workflow, unit_type, unit_id,"
        " prompt_version, status, occurred_at"
    )
    where = "origin = 'fixture' and source_system = 'langfuse_observations' and request_id = '{}'"
    assert row(producers, select, where.format("gen-leaf")) == (
        "openai", "gpt-5-mini", "production", "tenant-4", "s-4", "claim_intake", "support_case", "CLM-3",
        "4", "success", datetime(2026, 11, 3, 9, 0, 0, 123000),
    )  # fmt: skip
    assert row(producers, select, where.format("blob-1")) == (
        "openai", "gpt-4o", "unknown", None, None, None, "support_case", "CLM-9",
        "2", "success", datetime(2026, 11, 3, 10, 0, 0, 250000),
    )  # fmt: skip
    assert row(producers, "provider, status", where.format("gen-own-model")) == ("not_told", "error")
    assert row(producers, "provider, reported_model", where.format("gen-rest")) == (
        "google",
        "gemini-2.5-flash",
    )


def test_a_cost_of_zero_without_parts_is_no_cost(producers: Connection) -> None:
    where = "origin = 'fixture' and request_id in ('gen-silent', 'emb-1')"
    assert [plain(value) for (value,) in rows(producers, "reported_cost_amount", where)] == [None, None]
