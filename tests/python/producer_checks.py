"""What the tests of producers' formats ask the shared build (fixture `producers` of conftest.py)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb
import pytest

# One row a kept call with its cost; `origin` is `fixture` or `sample`, the folder that its file lies in.
CALLS = """
    select
        costs.*,
        regexp_extract(costs.file_path, '/(fixture|sample)/', 1) as origin,
        regexp_extract(costs.file_path, '[^/]+$') as file_name,
        costs.priced_micros * 0.000001 as list_cost,
        costs.cost_micros_usd * 0.000001 as cost
    from intermediate.int_usage_costs as costs
"""
# One row a landed record, whatever became of it.
RECORDS = """
    select
        judged.*,
        regexp_extract(judged.file_path, '/(fixture|sample)/', 1) as origin,
        regexp_extract(judged.file_path, '[^/]+$') as file_name
    from intermediate.int_usage_events_judged as judged
"""


def rows(
    connection: duckdb.DuckDBPyConnection, select: str, where: str, of: str = CALLS
) -> list[tuple[Any, ...]]:
    """Rows of `select` over calls (or records) that satisfy `where`; decimals without trailing zeros."""
    found = connection.execute(f"select {select} from ({of}) where {where}").fetchall()
    return [tuple(plain(value) for value in row) for row in found]


def row(connection: duckdb.DuckDBPyConnection, select: str, where: str, of: str = CALLS) -> tuple[Any, ...]:
    """The only row of such a query."""
    found = rows(connection, select, where, of)
    assert len(found) == 1, f"{len(found)} rows instead of one for: {select} where {where}"
    return found[0]


def plain(value: Any) -> Any:
    """A decimal as its shortest text without exponent, so that figures are written as one reads them."""
    if not isinstance(value, Decimal):
        return value
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def fates(connection: duckdb.DuckDBPyConnection, feed: str, origin: str) -> dict[str, int]:
    """Records of a feed by status, and by reason where one is given: {'kept': 3, 'excluded_rollup': 1}."""
    found = connection.execute(
        """
        select coalesce(reject_reason, record_status), sum(records)
        from intermediate.int_feed_records
        where feed = ? and contains(file_path, '/' || ? || '/') and records > 0
        group by 1
        """,
        [feed, origin],
    ).fetchall()
    return {name: int(count) for name, count in found}


def needs_sample(connection: duckdb.DuckDBPyConnection, feed: str) -> None:
    """Skip, saying why, where the feed's real sample was not there to be built."""
    if not fates(connection, feed, "sample"):
        pytest.skip(f"no sample of {feed}; set AIUE_SHARED_DATA to the folder of the real data sets")


def priced(connection: duckdb.DuckDBPyConnection, feed: str) -> dict[str, tuple[Any, ...]]:
    """Kept calls of a feed's fixture: request id -> input, read, 5m, 1h, unknown, output, reasoning, unclassified,
    cost basis, cost in micro-USD. The request id is cut to its last part after a slash."""
    found = rows(
        connection,
        "regexp_extract(request_id, '[^/]+$'), input_tokens, cache_read_tokens, cache_write_5m_tokens,"
        " cache_write_1h_tokens, cache_write_unknown_tokens, output_tokens, reasoning_tokens,"
        " unclassified_tokens, cost_basis, cost_micros_usd",
        f"origin = 'fixture' and source_system = '{feed}'",
    )
    return {name: tuple(figures) for name, *figures in found}
