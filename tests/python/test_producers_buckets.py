"""The one rule for details inside or beside a total (semantics.md G3.6), against an oracle written from its text."""

from __future__ import annotations

import random
from dataclasses import dataclass

from conftest import Build

from tests.python.compiled import Project

SEED = 20261122
CASES = 1000
COUNTS = (0, 1, 2, 3, 5, 7, 40, 100, 999_999_999)


@dataclass(frozen=True)
class Told:
    """What a row tells: counts, and details whose key stands beside its side or names a part of it."""

    input: int | None
    output: int | None
    total: int | None
    read: int
    is_read_inside: bool
    reasoning: int
    is_reasoning_inside: bool


def expected(told: Told) -> tuple[int | None, int | None, int | None, bool]:
    """All input, all output, unclassified tokens, and whether no way of counting explains the row."""
    if not any((told.input, told.output, told.total, told.read, told.reasoning)):
        return None, None, None, False
    parts = (told.input or 0) + (told.output or 0) + told.read + told.reasoning
    read_inside, reasoning_inside = told.is_read_inside, told.is_reasoning_inside
    if told.total:
        surplus = parts - told.total
        if surplus == 0:
            read_inside = reasoning_inside = False
        elif surplus == told.read + told.reasoning:
            read_inside = reasoning_inside = True
        elif surplus == told.read:
            read_inside, reasoning_inside = True, False
        elif surplus == told.reasoning:
            read_inside, reasoning_inside = False, True
    all_input = side(told.input, told.read, read_inside)
    all_output = side(told.output, told.reasoning, reasoning_inside)
    rest = told.total - (all_input or 0) - (all_output or 0) if told.total else 0
    is_wrong = rest < 0 or (all_input or 0) > 999_999_999 or (all_output or 0) > 999_999_999
    if rest > 0:
        all_output = (all_output or 0) + rest
    return all_input, all_output, rest if rest > 0 else None, is_wrong


def side(count: int | None, details: int, is_inside: bool) -> int | None:
    if is_inside or not details:
        return count
    return (count or 0) + details


def cases() -> list[Told]:
    """Rows whose totals lie on and around every way of counting."""
    rng = random.Random(SEED)
    found = []
    for _ in range(CASES):
        told_input, told_output = (rng.choice((None, *COUNTS[:-1])) for _ in range(2))
        read, reasoning = (rng.choice(COUNTS[:-1]) for _ in range(2))
        sides = (told_input or 0) + (told_output or 0)
        total = rng.choice(
            (None, 0, sides, sides + read, sides + reasoning, sides + read + reasoning, rng.choice(COUNTS))
        )
        total = None if total is None else min(max(0, total + rng.choice((0, 0, 0, 0, 1, -1))), COUNTS[-1])
        found.append(
            Told(told_input, told_output, total, read, rng.random() < 0.5, reasoning, rng.random() < 0.5)
        )
    return [told for told in found if is_plain(told)]


def is_plain(told: Told) -> bool:
    """A detail that names a part of its side fits into it, and something is told."""
    return told.read <= (told.input or 0) or not told.is_read_inside


def row(number: int, told: Told) -> dict[str, object]:
    """The row of the Langfuse model that tells this."""
    texts = {
        "input_text": told.input,
        "output_text": told.output,
        "total_text": told.total,
        "inner_read_text" if told.is_read_inside else "read_text": told.read,
        "inner_reasoning_text" if told.is_reasoning_inside else "reasoning_text": told.reasoning,
    }
    told_texts = {name: None if count is None else str(count) for name, count in texts.items()}
    return {
        "observation_id": str(number),
        "project_id": "p",
        "landed_row": number,
        "file_path": "f",
    } | told_texts


def test_each_row_decides_for_itself(producer_build: Build) -> None:
    told = cases()
    rows = [row(number, case) for number, case in enumerate(told)]
    with Project(producer_build).world(
        {"stg_langfuse__observations_told": rows}, ["stg_langfuse__observations_counted"]
    ) as world:
        found = world.execute(
            "select cast(observation_id as integer), input_tokens, output_tokens, unclassified_tokens, is_total_missed"
            " from warehouse.staging.stg_langfuse__observations_counted order by 1"
        ).fetchall()
    assert len(found) == len(told)
    wrong = [
        f"{case}: {given} instead of {expected(case)}"
        for case, (_, *given) in zip(told, found, strict=True)
        if tuple(given) != expected(case)
    ]
    assert not wrong, f"{len(wrong)} of {len(told)} rows (seed {SEED}):\n" + "\n".join(wrong[:10])
