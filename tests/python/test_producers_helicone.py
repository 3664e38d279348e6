"""Helicone requests: no real row is public, so a fixture of the two shapes (HE1)."""

from __future__ import annotations

import duckdb

from tests.python.producer_checks import fates, priced, row, rows

Connection = duckdb.DuckDBPyConnection

FEED = "helicone_requests"
MINE = "origin = 'fixture' and source_system = 'helicone_requests'"


def test_he1_an_integer_cost_is_nano_usd(producers: Connection) -> None:
    found = rows(producers, "request_id, reported_cost_amount", f"{MINE} order by 1")
    assert dict(found) == {
        "hql-1": "0.006125",
        "hql-2": "0",
        "hql-3": None,
        "hql-4": None,
        "hql-5": "0.0001",
        "hql-6": "0.00083",
        "rest-1": "0.006125",
        "rest-2": "0.0111",
        "rest-3": "0.0035",
    }


def test_every_record_has_its_fate(producers: Connection) -> None:
    assert fates(producers, FEED, "fixture") == {
        "kept": 9,
        "duplicate": 1,
        "bad_amount": 2,
        "missing_timestamp": 1,
    }


def test_cached_tokens_stand_beside_the_prompt(producers: Connection) -> None:
    nothing = (None, None, None, None, None, None, None, None, "unpriced", None)
    assert priced(producers, FEED) == {
        # 500 x 2.50 + 1500 x 1.25 + 300 x 10
        "rest-1": (2000, 1500, None, None, 0, 300, None, None, "repriced_list", "6125"),
        # 200 x 3 + 2000 x 0.30 + 1000 x 3.75 (time to live not told) + 410 x 15
        "rest-2": (3200, 2000, None, None, 1000, 410, None, None, "repriced_list", "11100"),
        "rest-3": (1000, 0, None, None, 0, 100, None, None, "repriced_list", "3500"),
        "hql-1": (2000, 1500, None, None, 0, 300, None, None, "repriced_list", "6125"),
        # the gateway's own cache answered: nothing was bought
        "hql-2": (0, None, None, None, None, 0, None, None, "repriced_list", "0"),
        "hql-3": nothing,
        "hql-4": nothing,
        "hql-5": (5000, 0, None, None, 0, 0, None, None, "repriced_list", "100"),
        # 600 x 0.30 text and 400 x 1 audio in, 100 x 2.50 out
        "hql-6": (1000, 0, None, None, 0, 100, None, None, "repriced_list", "830"),
    }


def test_what_a_request_says(producers: Connection) -> None:
    select = (
        "provider, reported_model, environment, tenant_id, session_id, workflow, unit_type, unit_id, requests"
    )
    common = ("production", "tenant-5", "s-5", "claim_intake", "support_case", "CLM-5")
    assert row(producers, select, f"{MINE} and request_id = 'rest-1'") == ("openai", "gpt-4o", *common, 1)
    assert row(producers, select, f"{MINE} and request_id = 'hql-2'") == ("openai", "gpt-4o", *common, 0)
    status = dict(rows(producers, "request_id, status", MINE))
    assert (status["hql-1"], status["hql-3"], status["hql-4"]) == ("success", "cancelled", "error")
    endpoint = dict(rows(producers, "request_id, endpoint || '/' || layer", MINE))
    assert endpoint["hql-5"] == "/v1/embeddings/embedding"
    assert endpoint["hql-2"] == "gateway_cache_hit/model_api"
