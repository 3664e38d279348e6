"""Issued statements: their lines never change, what is found out later adjusts the next ones, disputes move nothing."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from allocation_world import World
from conftest import Build

Row = dict[str, Any]
MONTHS = ("2026-05", "2026-06", "2026-07", "2026-08")
MARTS = ("rpt_chargeback_statements", "rpt_statement_register", "rpt_chargeback_tie_outs")


def make(
    demo: Build,
    costs: Iterable[tuple[str, str, str]],
    weights: Mapping[str, int],
    issued: Sequence[Row] = (),
    events: Sequence[Row] = (),
    as_of: str = "2026-12-01 00:00:00",
    **seeds: Sequence[Row],
) -> World:
    """A world with shared costs (id, month, amount), split by fixed weights, and what was issued and decided."""
    world = World(demo, as_of)
    world.put("cost_centers", [{"cost_center": name, "name": name.upper()} for name in "abc"])
    world.rule("r", "p", "proportional", driver="seats")
    world.weights("r", weights)
    for identifier, month, amount in costs:
        start = f"{month}-01"
        end = f"2026-{int(month[5:]) + 1:02d}-01"
        world.shared_cost(identifier, "p", amount, period_start=start, period_end=end)
    world.put("stg_statements__issued_lines", issued)
    world.put("statement_events", events)
    world.put("thresholds", [{"threshold": "statement_accept_days", "value": 10, "valid_from": "2025-01-01"}])
    for seed, rows in seeds.items():
        world.put(seed, rows)
    world.build(*MARTS)
    return world


def issue(world: World, month: str, issued_at: str) -> list[Row]:
    """The drafts of a month as the rows that issuing them leaves."""
    columns = [column for column in world.columns["stg_statements__issued_lines"] if column not in ("file_path",)]
    digests = dict(world.rows("rpt_statement_register", "statement_id, digest", "state = 'draft'"))
    signed = {"issued_at": issued_at, "prepared_by": "x", "approved_by": "y", "has_wrong_column_count": False}
    listed = [column for column in columns if column not in (*signed, "digest")]
    found = world.rows("rpt_chargeback_statements", ", ".join(listed), f"period = '{month}' and not is_issued")
    rows = [dict(zip(listed, row, strict=True)) for row in found]
    return [row | signed | {"digest": digests[row["statement_id"]]} for row in rows]


def amounts(world: World, month: str) -> list[tuple[Any, ...]]:
    """(cost center, month of the cost, amount, is an adjustment) of a month's statements."""
    columns = "cost_center, event_period, amount, adjusts_line_id is not null"
    return world.rows("rpt_chargeback_statements", columns, f"period = '{month}'")


def states(world: World) -> dict[tuple[str, int], str]:
    """{(statement, version): state}."""
    found = world.rows("rpt_statement_register", "statement_id, version, state")
    return {(name, version): state for name, version, state in found}


def test_what_is_found_out_later_adjusts_the_next_statement(demo: Build) -> None:
    first = make(demo, [("s", "2026-05", "100.00"), ("j", "2026-06", "10.00")], {"a": 1, "b": 1})
    may = issue(first, "2026-05", "2026-06-09 09:00:00")
    assert amounts(first, "2026-05") == [("a", "2026-05", 50, False), ("b", "2026-05", 50, False)]

    costs = [("s", "2026-05", "100.00"), ("late", "2026-05", "0.99"), ("j", "2026-06", "10.00")]
    later = make(demo, costs, {"a": 1, "b": 3}, may)
    assert amounts(later, "2026-05") == amounts(first, "2026-05"), "issued lines stand"
    assert amounts(later, "2026-06") == [
        ("a", "2026-05", -25, True),
        ("a", "2026-05", Decimal("0.25"), True),
        ("a", "2026-06", Decimal("2.5"), False),
        ("b", "2026-05", Decimal("0.74"), True),
        ("b", "2026-05", 25, True),
        ("b", "2026-06", Decimal("7.5"), False),
    ]
    described = later.rows("rpt_chargeback_statements", "description", "adjusts_line_id is not null and amount = -25")
    assert described == [("Adjustment of 2026-05: Share of pool p, by seats (rule r)",)]
    tied = later.rows("rpt_chargeback_tie_outs", "cast(period_month as varchar), statement_amount, difference_amount")
    assert tied == [("2026-05-01", Decimal("100.99"), 0), ("2026-06-01", 10, 0)]

    june = issue(later, "2026-06", "2026-07-09 09:00:00")
    last = make(demo, costs, {"a": 1, "b": 3}, may + june)
    assert amounts(last, "2026-06") == amounts(later, "2026-06")
    assert amounts(last, "2026-07") == [], "an adjustment is made once"


def test_digests_of_drafts_are_those_of_the_issue(demo: Build) -> None:
    first = make(demo, [("s", "2026-05", "100.01")], {"a": 1, "b": 2, "c": 4})
    may = issue(first, "2026-05", "2026-06-09 09:00:00")
    second = make(demo, [], {"a": 1}, may)
    digests = second.rows("rpt_statement_register", "digest", "state <> 'draft'")
    assert sorted(digests) == sorted({(row["digest"],) for row in may})
    changed = [row | {"amount": row["amount"] + Decimal("0.01")} for row in may[:1]] + may[1:]
    third = make(demo, [], {"a": 1}, changed)
    assert sorted(third.rows("rpt_statement_register", "digest", "state <> 'draft'")) != sorted(digests)


def event(name: str, line: Row, kind: str, at: str, **fields: Any) -> Row:
    keys = {"statement_id": line["statement_id"], "version": line["version"], "event_id": name, "event": kind}
    return keys | {"recorded_at": at, "recorded_by": "x", "reason": "y"} | fields


def test_states_and_an_upheld_dispute(demo: Build) -> None:
    costs = [("s", "2026-05", "100.00")]
    may = issue(make(demo, costs, {"a": 1, "b": 1}), "2026-05", "2026-06-09 09:00:00")
    line = next(row for row in may if row["cost_center"] == "a")
    named = {"line_id": line["line_id"]}
    events = [
        event("d1", line, "disputed", "2026-06-10 00:00:00", amount=30, **named),
        event("u1", line, "upheld", "2026-06-20 00:00:00", amount=20, dispute_id="d1", to_cost_center="c", **named),
        event("c1", line, "closed", "2026-07-30 00:00:00"),
    ]
    a, b = ("2026-05/a/USD", 1), ("2026-05/b/USD", 1)
    moments = {
        "2026-06-09 09:00:00": ("issued", "issued"),
        "2026-06-19 08:59:59": ("disputed", "issued"),
        "2026-06-19 09:00:00": ("disputed", "accepted"),
        "2026-06-20 00:00:00": ("resolved", "accepted"),
        "2026-07-30 00:00:00": ("closed", "accepted"),
    }
    for moment, expected in moments.items():
        world = make(demo, costs, {"a": 1, "b": 1}, may, events, moment)
        assert (states(world)[a], states(world)[b]) == expected, moment
        assert amounts(world, "2026-05") == [("a", "2026-05", 50, False), ("b", "2026-05", 50, False)]
    assert amounts(world, "2026-06") == [("a", "2026-05", -20, True), ("c", "2026-05", 20, True)]
    disputed = world.rows("rpt_statement_register", "disputed_amount, upheld_amount", "state = 'closed'")
    assert disputed == [(30, 20)]
    assert world.one("rpt_chargeback_tie_outs", "difference_amount") == 0


def test_decisions_on_what_was_never_issued_here_say_nothing_of_a_draft(demo: Build) -> None:
    """Policy names version 1 of a statement that these feeds did not issue yet: the draft stays one."""
    costs = [("s", "2026-05", "100.00")]
    may = issue(make(demo, costs, {"a": 1}), "2026-05", "2026-06-09 09:00:00")
    events = [event("d1", may[0], "disputed", "2026-06-10 00:00:00", amount=30, line_id=may[0]["line_id"])]
    for issued, told in ((may, (30, "disputed")), ([], (0, "draft"))):
        world = make(demo, costs, {"a": 1}, issued, events)
        found = world.rows("rpt_statement_register", "disputed_amount, state", "period_month = '2026-05-01'")
        assert found == [told]


def test_a_reopened_month_is_a_draft_of_the_next_version(demo: Build) -> None:
    costs = [("s", "2026-05", "100.00"), ("j", "2026-06", "10.00")]
    may = issue(make(demo, costs, {"a": 1}), "2026-05", "2026-06-09 09:00:00")
    late = [*costs, ("late", "2026-05", "7.00")]
    june = issue(make(demo, late, {"a": 1}, may), "2026-06", "2026-07-09 09:00:00")
    assert [row["amount"] for row in june if row["adjusts_line_id"]] == [7]
    closes = {
        "period": "2026-05",
        "entity": "default",
        "closed_at": "2026-06-08 17:00:00",
        "reopened_at": "2026-07-20 00:00:00",
    }
    world = make(demo, [*late, ("more", "2026-05", "1.00")], {"a": 1}, may + june, periods=[closes])
    assert states(world) == {
        ("2026-05/a/USD", 1): "superseded",
        ("2026-05/a/USD", 2): "draft",
        ("2026-06/a/USD", 1): "accepted",
    }
    # 7 was charged in June already: the second version of May does not charge it again.
    assert amounts(world, "2026-05") == [("a", "2026-05", 1, False), ("a", "2026-05", 100, False)]
    assert sum(amount for _, _, amount, _ in amounts(world, "2026-05") + amounts(world, "2026-06")) == 118


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_of_issues(demo: Build, seed: int) -> None:
    """Costs and rules change at random, months are issued in order: what is issued stays, each cost is charged once."""
    draw = random.Random(seed)
    costs: list[tuple[str, str, str]] = []
    issued: list[Row] = []
    stood: list[tuple[Any, ...]] = []
    serial = 0
    for number, month in enumerate(MONTHS):
        for _ in range(draw.randint(1, 4)):
            when = draw.choice(MONTHS[: number + 1])
            serial += 1
            costs.append((f"s{serial}", when, str(Decimal(draw.randint(-9_999, 99_999)).scaleb(-2))))
        if costs and draw.random() < 0.4:
            costs.pop(draw.randrange(len(costs)))
        weights = {name: draw.randint(0, 5) for name in "ab"} | {"c": 1}
        world = make(demo, costs, weights, issued)
        columns = "period, line_id, cost_center, amount, description"
        found = world.rows("rpt_chargeback_statements", columns, "is_issued")
        assert found == stood
        charged: dict[str, Decimal] = defaultdict(Decimal)
        expected: dict[str, Decimal] = defaultdict(Decimal)
        for when, amount in world.rows("rpt_chargeback_statements", "event_period, amount"):
            charged[when] += amount
        for _, when, amount in costs:
            expected[when] += Decimal(amount)
        assert {when: sum_ for when, sum_ in charged.items() if sum_} == {
            when: sum_ for when, sum_ in expected.items() if sum_
        }
        assert all(difference == 0 for (difference,) in world.rows("rpt_chargeback_tie_outs", "difference_amount"))
        issued += issue(world, month, f"2026-{int(month[5:]) + 1:02d}-09 09:00:00")
        stood = sorted(found + world.rows("rpt_chargeback_statements", columns, f"period = '{month}'"))
