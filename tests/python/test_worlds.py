"""The marts of random worlds against an independent derivation (reliability.md section 6).

The SQL is the project's own, compiled by dbt and run in process; the oracle (tests/oracle) is Python that was written
from the specification alone. Every figure is compared to the pico-dollar. `make worlds` plays a thousand
(AIUE_WORLDS=1000); a failure names its seed: AIUE_WORLD_SEED=<seed> plays that world alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import Build
from world_checks import borne, differences
from world_runner import Runner

from tests.oracle import worlds
from tests.oracle.verdict import verdict

COUNT = int(os.environ.get("AIUE_WORLDS", "50"))
# Worlds that failed once. What they showed stands beside them.
FAILED_ONCE = {
    0: "idle part of a capacity above a thousand million (F14), as in 1 to 3",
    4: "embedding_input price ignored (F11), metered charge in a foreign currency cast twice by the oracle",
    8: "discounted price rounded to nine decimals (F8), reason of a unit reopened and rejected (F10), idle (F14)",
    11: "discount drops the context tier (F9)",
    22: "unit that was opened and cancelled only",
    54: "cached tokens of an embedding priced as a chat's by the oracle",
    55: "cached tokens of an embedding priced as a chat's by the oracle",
    75: "assumed price of cached tokens cut to nine decimals where a discount made it longer",
    78: "review of a unit that no source system told of",
    164: "two tenants of one unit; the oracle took the first of its calls",
    190: "a capacity a thousand million times the use: a part too small for its weight",
    246: "a late reopening of a unit that was cancelled after its success",
    282: "a sitting told by its end",
    324: "a sitting of less than a second took no time from the next one",
    328: "a free call of no tokens",
    9: "a call that is corrected after a close counts in no frozen driver (F27), as in 55",
    251: "a billed line of nothing, without a quantity",
    575: "a late reopening of a unit that was cancelled before its success",
    767: "two first attempts of one step",
    851: "a sitting that was corrected at the close",
    1003: "frozen review minutes follow owners known later (F28)",
    1015: "meters of discounted calls cut to nine decimals (F24)",
    1016: "a replacing document with nothing to pay (F29)",
    1019: "how fine the weights of a shared key are, of more traced than billed",
}
SEEDS = (
    [int(os.environ["AIUE_WORLD_SEED"])]
    if "AIUE_WORLD_SEED" in os.environ
    else sorted(set(range(COUNT)) | set(FAILED_ONCE))
)


@pytest.fixture(scope="module")
def runner(world_template: Build) -> Runner:
    return Runner(world_template)


def problems(runner: Runner, world: worlds.World) -> list[str]:
    """Where the marts of a world and the oracle differ."""
    with runner.run(world) as connection:
        said = verdict(world.files(), world.decisions(runner.knowledge), borne(connection))
        return differences(connection, said)


@pytest.mark.parametrize("seed", SEEDS)
def test_world(runner: Runner, seed: int) -> None:
    found = problems(runner, worlds.make(seed))
    assert not found, f"AIUE_WORLD_SEED={seed} pytest tests/python/test_worlds.py\n" + "\n".join(found[:20])


def later(world: worlds.World) -> worlds.World:
    """The same world spoken of an hour later."""
    return replace(world, as_of=world.as_of + worlds.HOUR)


def dearer(world: worlds.World) -> worlds.World:
    """Hourly rates a cent higher."""
    rates = [row | {"hourly_rate": row["hourly_rate"] + 1} for row in world.policy["labor_rates"]]
    return replace(world, policy=world.policy | {"labor_rates": rates})


def without_calls(world: worlds.World) -> worlds.World:
    """No calls."""
    return replace(world, feeds=world.feeds | {"ai_usage_events": []})


@pytest.mark.parametrize("change", [later, dearer, without_calls], ids=lambda change: change.__name__)
def test_the_oracle_can_disagree(runner: Runner, change: Callable[[worlds.World], worlds.World]) -> None:
    """An oracle that is told of another world than the SQL differs: the comparison compares."""
    for seed in range(10):
        world = worlds.make(seed)
        other = change(world)
        with runner.run(world) as connection:
            said = verdict(other.files(), other.decisions(runner.knowledge), borne(connection))
            if differences(connection, said):
                return
    pytest.fail("ten worlds and no difference, though the oracle was told of others")
