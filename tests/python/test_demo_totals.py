"""The pipeline gives the demo's control totals, which its generator counted without any SQL."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

EXPECTED = json.loads(
    (Path(__file__).resolve().parents[2] / "demo" / "EXPECTED.json").read_text(encoding="utf-8")
)
OTHER_FEEDS = sorted(set(EXPECTED["feeds"]) - {"ai_usage_events"})
TOKENS = (
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
    "web_searches",
)


def rows(warehouse: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return warehouse.execute(sql).fetchall()


def test_the_marts_speak_from_the_newest_record(warehouse: duckdb.DuckDBPyConnection) -> None:
    [(as_of,)] = rows(warehouse, "select as_of from intermediate.int_as_of")
    assert as_of.strftime("%Y-%m-%dT%H:%M:%SZ") == EXPECTED["as_of"]


@pytest.mark.parametrize("feed", OTHER_FEEDS)
def test_every_line_of_a_feed_has_its_fate(warehouse: duckdb.DuckDBPyConnection, feed: str) -> None:
    found = rows(
        warehouse,
        f"select record_status, final_reason, count(*) from intermediate.int_{feed}_resolved group by all",
    )
    fates: Counter[str] = Counter()
    for status, _, count in found:
        fates[status] += count
    expected = EXPECTED["feeds"][feed]
    assert fates["kept"] == expected["kept"]
    assert sum(fates.values()) == expected["landed"]
    assert {reason: count for _, reason, count in found if reason} == expected["quarantined_by_reason"]


def test_every_usage_line_has_its_fate(warehouse: duckdb.DuckDBPyConnection) -> None:
    expected = EXPECTED["feeds"]["ai_usage_events"]
    judged = dict(
        rows(warehouse, "select reject_reason, count(*) from intermediate.int_usage_events_judged group by 1")
    )
    accepted = judged.pop(None)
    assert judged == expected["quarantined_by_reason"]
    assert accepted == expected["kept"] + expected["duplicates"]
    kept = dict(rows(warehouse, "select environment, count(*) from intermediate.int_usage_events group by 1"))
    assert kept == EXPECTED["usage"]["kept_by_environment"]


def test_tokens_and_exact_cost_by_month_and_provider(warehouse: duckdb.DuckDBPyConnection) -> None:
    usage = EXPECTED["usage"]
    sums = ", ".join(f"sum({name})" for name in TOKENS)
    [tokens] = rows(warehouse, f"select {sums} from intermediate.int_usage_costs_monthly")
    assert {name: int(count) for name, count in zip(TOKENS, tokens, strict=True)} == usage["tokens"]
    columns = [
        name
        for (name, *_) in rows(warehouse, "describe intermediate.int_usage_costs_monthly")
        if name.endswith("_cost_micros")
    ]
    found = rows(
        warehouse,
        f"""
        select strftime(period_month, '%Y-%m'), provider || ' ' || currency, sum({" + ".join(columns)})
        from intermediate.int_usage_costs_monthly where cost_basis like 'repriced%' group by all""",
    )
    expected = {
        (month, provider): Decimal(amount) * 1000000
        for month, amounts in usage["repriced_cost_by_month_and_provider"].items()
        for provider, amount in amounts.items()
    }
    assert {(month, provider): micros for month, provider, micros in found} == expected


def test_calls_by_cost_basis(warehouse: duckdb.DuckDBPyConnection) -> None:
    found: Counter[str] = Counter()
    for basis, status, calls in rows(
        warehouse,
        """
            select cost_basis, cost_status, sum(usage_events)
            from intermediate.int_usage_costs_monthly group by all""",
    ):
        name = "repriced" if basis.startswith("repriced") else basis
        found["usage_missing" if status == "usage_missing" else name] += int(calls)
    assert dict(found) == EXPECTED["usage"]["calls_by_basis"]


def test_units_by_state(warehouse: duckdb.DuckDBPyConnection) -> None:
    found: dict[str, Counter[str]] = {}
    for unit_type, state, attempted, later, count in rows(
        warehouse,
        """
            select unit_type, state, is_attempted, episode_number > 1, count(*)
            from intermediate.int_units where environment = 'production' group by all""",
    ):
        states = found.setdefault(unit_type, Counter())
        states[state if attempted else "not_attempted"] += count
        if later:
            states["later_episodes"] += count
    assert {unit_type: dict(states) for unit_type, states in found.items()} == EXPECTED["units_in_production"]


def test_invoices_exports_pools_and_revenue(warehouse: duckdb.DuckDBPyConnection) -> None:
    invoices = rows(
        warehouse,
        """
        select issuer || ' ' || invoice_id || ' ' || status || ' ' || currency, sum(amount)
        from intermediate.int_invoice_lines group by 1""",
    )
    assert dict(invoices) == {name: Decimal(amount) for name, amount in EXPECTED["invoices"].items()}
    exports = rows(
        warehouse,
        "select billing_account_id || ' ' || currency, sum(amount) "
        "from intermediate.int_provider_usage group by 1",
    )
    assert dict(exports) == {
        name: Decimal(amount) for name, amount in EXPECTED["facts"]["exported_amounts"].items()
    }
    pools = rows(
        warehouse, "select pool || ' ' || currency, sum(amount) from intermediate.int_shared_costs group by 1"
    )
    assert dict(pools) == {name: Decimal(amount) for name, amount in EXPECTED["shared_costs_by_pool"].items()}
    revenue = rows(
        warehouse,
        "select product || ' ' || currency, sum(revenue_amount) "
        "from intermediate.int_tenant_revenue group by 1",
    )
    assert dict(revenue) == {name: Decimal(amount) for name, amount in EXPECTED["revenue_by_product"].items()}
