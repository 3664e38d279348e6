"""Relations between two worlds that hold whatever the figures are (reliability.md section 6).

Each relation changes a random world and says what its marts must then be. No oracle is needed: both sides are the
project's own SQL, run in process. AIUE_RELATION_WORLDS=100 plays that many worlds a relation.

Every model is rebuilt from the files at each build, none is materialized incrementally: the order of arrival is the
order of lines and files, and `arrives_in_another_order` is the relation "incremental == full".
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from conftest import Build
from world_runner import Runner

from tests.oracle import worlds
from tests.oracle.worlds import DAY, HOUR, World

SEEDS = range(int(os.environ.get("AIUE_RELATION_WORLDS", "2")))
COLUMNS = {
    "fct_usage_costs": "provider, billing_account_id, request_id, environment, tenant_id, cost_status, cost_basis, "
    "repriced_cost_usd, cost_usd",
    "fct_units": "environment, unit_type, unit_id, episode_number, state, is_final, direct_cost_usd, "
    "allocated_cost_usd, wasted_cost_usd, request_count, tenant_id, cost_center",
    "fct_allocated_costs": "period_month, environment, source_id, target_type, target_id, allocated_amount_usd, "
    "rule_id",
    "rpt_unit_economics": "period_grain, period_start, environment, application, workflow, unit_type, total_cost_usd, "
    "attempted_units, successful_units, failed_units, pending_units, cost_per_successful_unit_usd",
    "rpt_quarantine": "feed, reject_reason, records",
    "rpt_feed_status": "feed, records_landed, records_kept, duplicates, quarantined",
}
MONEY = ("fct_usage_costs", "fct_units", "fct_allocated_costs", "rpt_unit_economics")
Figures = dict[str, list[tuple[Any, ...]]]
Relation = Callable[[World], World]


@pytest.fixture(scope="module")
def runner(world_template: Build) -> Runner:
    return Runner(world_template)


def figures(runner: Runner, world: World) -> Figures:
    """{mart: its rows}, ordered."""
    with closing(runner.run(world, tuple(COLUMNS))) as connection:
        return {
            mart: connection.execute(f"select {columns} from warehouse.marts.{mart} order by all").fetchall()
            for mart, columns in COLUMNS.items()
        }


@pytest.fixture(scope="module")
def before(runner: Runner) -> Callable[[int], Figures]:
    """The figures of an unchanged world."""
    return cache(lambda seed: figures(runner, worlds.make(seed)))


def records(world: World, feed: str) -> Iterator[dict[str, Any]]:
    for record in world.feeds.get(feed, []):
        if isinstance(record, dict):
            yield record


def with_lines(world: World, feed: str, lines: list[Any]) -> World:
    """The world with more lines."""
    return replace(world, feeds=world.feeds | {feed: world.feeds.get(feed, []) + lines})


def run_again(world: World) -> World:
    return world


def arrives_in_another_order(world: World) -> World:
    """Other files, other order of lines."""
    return replace(world, file_seed=world.file_seed + 1_000_003)


def crlf(world: World) -> World:
    return replace(world, rewrite=lambda content: content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def blank_lines(world: World) -> World:
    """A blank line after each line of the JSON feeds."""
    json_only = {b"{"}
    return replace(
        world,
        rewrite=lambda content: content.replace(b"\n", b"\n\n") if content[:1] in json_only else content,
    )


def new_field_and_key_order(world: World) -> World:
    """Keys in reverse and one that no contract knows."""
    feeds = {
        feed: [
            dict(reversed((line | {"colour": "blue"}).items()))
            if isinstance(line, dict) and feed in worlds.JSON_FEEDS
            else line
            for line in lines
        ]
        for feed, lines in world.feeds.items()
    }
    return replace(world, feeds=feeds)


def future_price(world: World) -> World:
    """A list price and a contract price that begin after every call, and a contract that is not known yet."""
    policy = dict(world.policy)
    starts = world.as_of + DAY
    open_rows = [row for row in policy["list_prices"] if row["valid_to"] is None]
    ended = [row | {"valid_to": starts} if row in open_rows else row for row in policy["list_prices"]]
    policy["list_prices"] = ended + [row | {"valid_from": starts, "price": row["price"] * 2} for row in open_rows]
    policy["contract_prices"] = policy.get("contract_prices", []) + [
        row | {"recorded_at": starts, "valid_from": datetime(2025, 1, 1), "valid_to": None, "contract_id": "c"}
        for row in policy.get("contract_prices", [])
        if row["price"] is not None
    ]
    return replace(world, policy=policy)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "relation",
    [run_again, arrives_in_another_order, crlf, blank_lines, new_field_and_key_order, future_price],
    ids=lambda relation: relation.__name__,
)
def test_nothing_changes(
    runner: Runner, before: Callable[[int], Figures], relation: Relation, seed: int
) -> None:
    assert figures(runner, relation(worlds.make(seed))) == before(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_replayed_lines_are_duplicates(runner: Runner, before: Callable[[int], Figures], seed: int) -> None:
    world = worlds.make(seed)
    again = list(records(world, "metered_costs"))
    now, then = figures(runner, with_lines(world, "metered_costs", again)), before(seed)
    assert all(now[mart] == then[mart] for mart in MONEY)


@pytest.mark.parametrize("seed", SEEDS)
def test_garbage_is_quarantined_and_nothing_else(
    runner: Runner, before: Callable[[int], Figures], seed: int
) -> None:
    garbage = ["upstream connect error", "[1, 2]", '{"request_id": "g"}']
    now, then = figures(runner, with_lines(worlds.make(seed), "ai_usage_events", garbage)), before(seed)
    assert all(now[mart] == then[mart] for mart in MONEY)
    landed = [sum(row[1] for row in found["rpt_feed_status"]) for found in (now, then)]
    quarantined = [sum(row[2] for row in found["rpt_quarantine"]) for found in (now, then)]
    assert [landed[0] - landed[1], quarantined[0] - quarantined[1]] == [3, 3]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_call_of_staging_leaves_production_alone(
    runner: Runner, before: Callable[[int], Figures], seed: int
) -> None:
    world = worlds.make(seed)
    call = next(records(world, "ai_usage_events")) | {"request_id": "staged", "environment": "staging"}
    call |= {"timestamp_utc": worlds.stamp(world.as_of - HOUR), "ingested_at": None}
    call |= {"provider": "vend_a", "model_or_deployment": "m1", "usage": {"input_tokens": 7, "output_tokens": 7}}
    call = {name: value for name, value in call.items() if name not in ("business_unit", "business_units", "layer")}
    now, then = figures(runner, with_lines(world, "ai_usage_events", [call])), before(seed)
    assert len(now["fct_usage_costs"]) == len(then["fct_usage_costs"]) + 1
    for mart, column in (("fct_units", 0), ("rpt_unit_economics", 2), ("fct_allocated_costs", 1)):
        production = [[row for row in found[mart] if row[column] == "production"] for found in (now, then)]
        assert production[0] == production[1], mart


@pytest.mark.parametrize("seed", SEEDS)
def test_calls_built_apart_cost_as_much_as_together(
    runner: Runner, before: Callable[[int], Figures], seed: int
) -> None:
    world = worlds.make(seed)
    calls = world.feeds["ai_usage_events"]
    tenants = {call.get("tenant_id") for call in records(world, "ai_usage_events")}
    # Copies of one call may name several tenants; of those, only one counts.
    ids: dict[Any, set[Any]] = {}
    for call in records(world, "ai_usage_events"):
        ids.setdefault(json.dumps(call.get("request_id")), set()).add(call.get("tenant_id"))
    shared = {name for name, told in ids.items() if len(told) > 1}
    found = []
    for tenant in [*sorted(tenants, key=str), ...]:
        own = [
            call
            for call in calls
            if isinstance(call, dict)
            and (
                json.dumps(call.get("request_id")) in shared
                if tenant is ...
                else call.get("tenant_id") == tenant and json.dumps(call.get("request_id")) not in shared
            )
        ]
        part = replace(world, feeds=world.feeds | {"ai_usage_events": own})
        with closing(runner.run(part, ("fct_usage_costs",))) as connection:
            query = f"select {COLUMNS['fct_usage_costs']} from warehouse.marts.fct_usage_costs"
            found += connection.execute(query).fetchall()
    assert sorted(found, key=str) == sorted(before(seed)["fct_usage_costs"], key=str)


@pytest.mark.parametrize("seed", SEEDS)
def test_prices_times_two_are_costs_times_two(
    runner: Runner, before: Callable[[int], Figures], seed: int
) -> None:
    world = worlds.make(seed)
    policy = dict(world.policy)
    for seed_name in ("list_prices", "contract_prices"):
        policy[seed_name] = [
            row | {"price": None if row["price"] is None else row["price"] * 2} for row in policy.get(seed_name, [])
        ]
    doubled = figures(runner, replace(world, policy=policy))["fct_usage_costs"]
    # Each meter is rounded once; a currency conversion carries that with it.
    step = Decimal("0.00000000002")
    for new, old in zip(doubled, before(seed)["fct_usage_costs"], strict=True):
        assert new[:7] == old[:7]
        if old[7] is not None:
            assert abs(new[7] - 2 * old[7]) <= step, (new, old)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_negated_pool_mirrors(runner: Runner, before: Callable[[int], Figures], seed: int) -> None:
    world = worlds.make(seed)
    negated = [
        cost | {"amount": cost["amount"][1:] if cost["amount"].startswith("-") else "-" + cost["amount"]}
        for cost in records(world, "shared_costs")
    ]
    now = figures(runner, replace(world, feeds=world.feeds | {"shared_costs": negated}))["fct_allocated_costs"]
    mirrored = sorted(((*row[:5], -row[5], row[6]) for row in now), key=str)
    assert mirrored == sorted(before(seed)["fct_allocated_costs"], key=str)


@pytest.mark.parametrize("seed", SEEDS)
def test_renamed_calls_permute_rows(
    runner: Runner, before: Callable[[int], Figures], seed: int
) -> None:
    text = json.dumps(worlds.make(seed).feeds["ai_usage_events"]).replace('"req-', '"renamed-')
    world = worlds.make(seed)
    now = figures(runner, replace(world, feeds=world.feeds | {"ai_usage_events": json.loads(text)}))
    renamed = [
        (*row[:2], row[2].replace("renamed-", "req-"), *row[3:]) for row in now["fct_usage_costs"]
    ]
    assert sorted(renamed, key=str) == sorted(before(seed)["fct_usage_costs"], key=str)
    assert now["fct_units"] == before(seed)["fct_units"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_later_moment_only_turns_pending_into_final(
    runner: Runner, before: Callable[[int], Figures], seed: int
) -> None:
    """Where nothing new is known. A contract that becomes known in between would price anew: there is none here."""
    world = worlds.make(seed)
    policy = world.policy | {
        "contract_prices": [
            row for row in world.policy.get("contract_prices", []) if row["recorded_at"] <= world.as_of
        ]
    }
    later = world.as_of + 400 * DAY
    feeds = {
        feed: [line for line in lines if not is_beyond(line, world)] for feed, lines in world.feeds.items()
    }
    now = figures(runner, replace(world, policy=policy, feeds=feeds, as_of=later))["fct_units"]
    then = figures(runner, replace(world, policy=policy, feeds=feeds))["fct_units"]
    assert [row[:4] for row in now] == [row[:4] for row in then]
    for new, old in zip(now, then, strict=True):
        assert old[4] == "pending" or new[4] == old[4], (new, old)
        assert new[4] != "pending" and new[6] == old[6], (new, old)


def is_beyond(line: Any, world: World) -> bool:
    """Whether a record lies after the moment of speaking: it would become known by a later one."""
    if not isinstance(line, dict):
        return False
    told = [line.get(name) for name in ("timestamp_utc", "occurred_at", "started_at")]
    found = [worlds.instant_of(value) for value in told if isinstance(value, str)]
    return any(at is None or at > world.as_of for at in found)


def test_a_world_is_a_function_of_its_seed() -> None:
    assert worlds.make(3).feeds == worlds.make(3).feeds != worlds.make(4).feeds
