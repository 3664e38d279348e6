"""Golden requests priced by the project: the feed and the prices in, the cost of `fct_usage_costs` out (GO1 to GO5)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import duckdb
import pytest
from golden import World, rows
from golden_requests import Request, add_calls, dialect, requests, tokens_of_body, untold_input

BASES = ("own", "body", "list")
# By file and basis: rows priced, and why the others are not.
COUNTS: dict[tuple[str, str], tuple[int, dict[str, int]]] = {
    ("own", "own"): (11, {"a price of more than 9 decimals": 1}),
    ("own", "body"): (
        10, {"a price of more than 9 decimals": 1, "priced as an embedding: the body's output is left out": 1},
    ),
    ("own", "list"): (0, {"the price list leaves this seller out": 12}),
    ("shared", "own"): (400, {}),
    ("shared", "body"): (390, {"priced as an embedding: the body's output is left out": 10}),
    ("shared", "list"): (
        350, {"the price list leaves this seller out": 48, "the list has a context tier where this price is flat": 2},
    ),
}  # fmt: skip


def cases(world: World) -> None:
    add_calls(world)


def wanted(source: str) -> list[Request]:
    found = requests(source)
    if not found:
        pytest.skip("the golden requests are not here; set AIUE_SHARED_DATA to the folder of the real data sets")
    return found


@pytest.mark.parametrize(("source", "basis"), COUNTS)
def test_go1_every_request_costs_what_it_must(golden: duckdb.DuckDBPyConnection, source: str, basis: str) -> None:
    """Exactly, in decimals; every row is priced or listed with the reason why it is not."""
    asked = wanted(source)
    prefix = f"golden_request/{source}/%/{basis}"
    query = "select request_id, cost_usd, cost_status from marts.fct_usage_costs where request_id like ?"
    got = {request_id: (cost, status) for request_id, cost, status in rows(golden, query, prefix)}
    reasons = {request.line: request.excluded(basis) for request in asked}
    priced = [request for request in asked if not reasons[request.line]]
    wrong = {
        request.call(basis): (got.get(request.call(basis)), request.expected)
        for request in priced
        if got.get(request.call(basis)) != (request.expected, "priced")
    }
    print(f"golden requests of {source} by {basis}: {len(priced) - len(wrong)} of {len(asked)} exact, ", end="")
    print(f"sum {sum(got[name][0] for name in got)}, excluded {dict(Counter(filter(None, reasons.values())))}")
    assert wrong == {}
    assert (len(got), Counter(filter(None, reasons.values()))) == COUNTS[source, basis]


def test_go1_sum(golden: duckdb.DuckDBPyConnection) -> None:
    """With the cache charged like any input the sum would be another, so the prices of caches do count."""
    found = wanted("shared")
    query = "select sum(cost_usd) from marts.fct_usage_costs where request_id like 'golden_request/shared/%/own'"
    assert rows(golden, query) == [(Decimal("7.499520576"),)]
    micros = sum(
        request.tokens[0] * Decimal(request.row["input_usd_mtok"])
        + request.tokens[3] * Decimal(request.row["output_usd_mtok"])
        for request in found
    )
    assert micros / 1_000_000 == Decimal("7.544614116")


def test_go3_the_key_is_the_line() -> None:
    found = [request.row for request in wanted("shared")]
    assert len({row["row_id"] for row in found}) == 235
    assert len({(row["row_id"], row["provider_id"]) for row in found}) == 389
    assert len(found) - len({tuple(row.values()) for row in found}) == 1


def test_go2_tokens(golden: duckdb.DuckDBPyConnection) -> None:
    """Input, read, written, output; calls that read and that write."""
    wanted("shared")
    query = (
        "select sum(input_tokens), sum(cache_read_tokens), sum(cache_write_5m_tokens), sum(output_tokens), "
        "count(*) filter (where cache_read_tokens > 0), count(*) filter (where cache_write_5m_tokens > 0) "
        "from marts.fct_usage_costs where request_id like 'golden_request/shared/%/own'"
    )
    assert rows(golden, query) == [(2265670, 35199, 2792, 72084, 9, 3)]


def test_go4_bodies() -> None:
    found = wanted("shared")
    assert Counter(dialect(request.body) for request in found) == {
        "anthropic": 230, "openai chat": 86, "gemini": 70, "openai responses": 14,
    }  # fmt: skip
    assert sum(tokens_of_body(request.body) == request.tokens for request in found) == 390


UNTOLD = {"own": {("1", 50070)}, "shared": {("211", 55196), ("243", 55196)}}


@pytest.mark.parametrize(("source", "expected"), UNTOLD.items())
def test_go5_what_a_compaction_used_is_in_no_count(source: str, expected: set[tuple[str, int]]) -> None:
    """These bodies, and so their golden cost, leave out what their compaction used: the true cost is higher."""
    untold = {(request.row["row_id"], untold_input(request.body)) for request in wanted(source)}
    assert {pair for pair in untold if pair[1]} == expected
