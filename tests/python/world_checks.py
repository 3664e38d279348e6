"""Compares the marts of a world with what the oracle says of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb

from tests.oracle.bridge import COMPONENTS
from tests.oracle.money import Near

SKU = ("period_month", "issuer", "billing_account_id", "currency", "model", "meter", "service_tier")
PARTS = ", ".join(
    f"coalesce(sum(amount) filter (where component = '{name}'), 0) as {name}" for name in COMPONENTS
)
Rows = Mapping[tuple[Any, ...], Mapping[str, Any]]
KEYS = {
    "rpt_quarantine": ("feed", "reject_reason"),
    "rpt_feed_status": ("feed",),
    "fct_usage_costs": ("provider", "billing_account_id", "request_id"),
    "fct_allocated_costs": ("period_month", "environment", "source_id", "target_type", "target_id"),
    "fct_reconciliation_legs": SKU,
    "fct_reconciliation_variances": SKU,
    "bridge by account": SKU[:4],
    "fct_postings": ("event_period", "posting_period", "source", "cost_center"),
    "rpt_period_close": ("period",),
    "fct_units": ("environment", "unit_type", "unit_id", "episode_number"),
    "rpt_unit_economics": ("period_grain", "period_start", "environment", "application", "workflow", "unit_type"),
}
FROM = {
    "fct_allocated_costs": "(from warehouse.marts.fct_allocated_costs where allocated_amount_usd <> 0)",
    "fct_reconciliation_legs": f"""(
        select
            {", ".join(SKU)}, estimated_quantity, coalesce(estimated_amount, 0) as estimated_amount, exported_quantity,
            coalesce(exported_amount, 0) as exported_amount, invoiced_quantity,
            coalesce(invoiced_amount, 0) as invoiced_amount
        from warehouse.marts.fct_reconciliation_legs
        where estimated_amount <> 0 or exported_amount <> 0 or invoiced_amount <> 0
    )""",
    "fct_reconciliation_variances": f"""(
        select {", ".join(SKU)}, sum(amount) as total, {PARTS}
        from warehouse.marts.fct_reconciliation_variances
        group by all
        having sum(abs(amount)) <> 0
    )""",
    "fct_postings": """(
        select event_period, posting_period, source, cost_center, sum(amount_usd) as amount_usd
        from warehouse.marts.fct_postings group by all having sum(amount_usd) <> 0
    )""",
    "rpt_period_close": "(from warehouse.marts.rpt_period_close where as_reported_usd <> 0 or as_restated_usd <> 0)",
    "bridge by account": f"""(
        with
            legs as (
                select
                    {", ".join(SKU[:4])}, coalesce(sum(estimated_amount), 0) as estimated_amount,
                    coalesce(sum(exported_amount), 0) as exported_amount,
                    coalesce(sum(invoiced_amount), 0) as invoiced_amount
                from warehouse.marts.fct_reconciliation_legs
                group by all
                having sum(abs(estimated_amount)) <> 0 or sum(abs(exported_amount)) <> 0
                    or sum(abs(invoiced_amount)) <> 0
            ),
            parts as (
                select
                    {", ".join(SKU[:4])}, sum(amount) as total, sum(functional_amount) as functional,
                    sum(functional_amount) filter (where component = 'fx') as fx_functional, {PARTS}
                from warehouse.marts.fct_reconciliation_variances
                group by all
            )
        from legs left join parts using ({", ".join(SKU[:4])})
    )""",
}
# Ratios of figures that are rounded themselves: to the last place but one.
ROUNDED = {"change_rate": Decimal("0.0000000001")}


def mart_rows(
    connection: duckdb.DuckDBPyConnection, mart: str, columns: list[str]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """{key: {column: value}} of a mart."""
    keys = KEYS[mart]
    found = {}
    query = f"select {', '.join((*keys, *columns))} from {FROM.get(mart, f'warehouse.marts.{mart}')}"
    for row in connection.execute(query).fetchall():
        found[row[: len(keys)]] = dict(zip(columns, row[len(keys) :], strict=True))
    return found


def borne(connection: duckdb.DuckDBPyConnection) -> dict[tuple[Any, ...], Decimal]:
    """What the marts lay on each unit of the pools."""
    rows = mart_rows(connection, "fct_units", ["allocated_cost_usd"])
    return {key: row["allocated_cost_usd"] for key, row in rows.items()}


def same(column: str, expected: Any, got: Any) -> bool:
    """Equal, to the pico-dollar; what the oracle leaves open is."""
    if expected is ...:
        return True
    if isinstance(expected, Near):
        return got is not None and expected.is_met(got)
    if column in ROUNDED and expected is not None and got is not None:
        return abs(expected - got) <= ROUNDED[column] * max(1, abs(expected))
    return bool(expected == got)


def is_nothing(row: Mapping[str, Any]) -> bool:
    """Whether a row's only amount may as well be zero: no row tells that as well."""
    amounts = [value for value in row.values() if isinstance(value, Near)]
    return bool(amounts) and all(amount.is_met(Decimal(0)) for amount in amounts)


def differences(connection: duckdb.DuckDBPyConnection, said: Mapping[str, Rows]) -> list[str]:
    """One line for each figure that differs, as `mart key column: expected, got`."""
    found = []
    for mart, expected in said.items():
        columns = sorted({column for row in expected.values() for column in row})
        got = mart_rows(connection, mart, columns)
        if mart == "rpt_feed_status":
            got = {key: row for key, row in got.items() if key in expected}
        missing = [key for key in expected.keys() - got.keys() if not is_nothing(expected[key])]
        found += [f"{mart} {key}: not in the mart; {dict(expected[key])}" for key in missing]
        found += [f"{mart} {key}: not expected; {got[key]}" for key in got.keys() - expected.keys()]
        for key in expected.keys() & got.keys():
            for column, value in expected[key].items():
                if not same(column, value, got[key][column]):
                    found.append(f"{mart} {key} {column}: expected {value}, got {got[key][column]}")
    return sorted(found)
