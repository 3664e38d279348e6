"""Golden cases of semantics.md section 4: the state of a unit at the moment that the marts speak from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import duckdb
import pytest
from golden import AS_OF, OUTCOMES, World, rows

from tests.oracle.episodes import episodes_of, state_of
from tests.oracle.records import Fact, Owners

WINDOW = 48
SHARES = {"tokens": (1200, 800, 400), "even": (None, None, None)}

# case: (hours from r to as_of, events in hours from r, state of the episodes, is the first one reopened).
# An event is (hour, event type, outcome); a third number is the hour at which it became known.
Case = tuple[float, list[tuple[object, ...]], list[str], bool]
R = (0, "outcome", "resolved")
CASES: dict[str, Case] = {
    "g4_1a": (48, [R], ["pending"], False),
    "g4_1b": (48.1, [R], ["success"], False),
    "g4_2a": (100, [R, (47.999, "reopened", None)], ["failed"], True),
    "g4_2b": (100, [R, (48, "reopened", None)], ["failed"], True),
    "g4_2c": (100, [R, (48.001, "reopened", None)], ["success", "pending"], False),
    "g4_3": (20, [R, (30, "reopened", None)], ["pending"], False),
    "g4_4a": (15, [R, (10, "reopened", None), (20, "outcome", "resolved")], ["failed"], True),
    "g4_4b": (68, [R, (10, "reopened", None), (20, "outcome", "resolved")], ["pending"], True),
    "g4_4c": (68.1, [R, (10, "reopened", None), (20, "outcome", "resolved")], ["success"], True),
    "g4_5a": (80, [R, (30, "reopened", None, 90)], ["success"], False),
    "g4_5b": (95, [R, (30, "reopened", None, 90)], ["failed"], True),
    # The rest of the table of section 4: cancelled first, negative outcomes, no outcome.
    "cancelled": (100, [R, (1, "cancelled", None)], ["cancelled"], False),
    "rejected": (100, [(0, "outcome", "rejected")], ["failed"], False),
    "rejected_within": (100, [R, (48, "outcome", "rejected")], ["failed"], False),
    "rejected_after": (100, [R, (48.001, "outcome", "rejected")], ["success", "failed"], False),
    "rejected_then_resolved": (
        100,
        [(0, "outcome", "escalated"), (10, "outcome", "resolved")],
        ["success"],
        False,
    ),
    "resolved_again": (60, [R, (40, "outcome", "resolved")], ["pending"], False),
    "reopened_unanswered": (100, [R, (10, "reopened", None)], ["failed"], True),
    "open": (720, [(0, "opened", None)], ["pending"], False),
    "abandoned": (720.001, [(0, "opened", None)], ["failed"], False),
    # Outcomes of one instant that contradict each other: the one known last counts, of those the worse one.
    "contradicted_good": (
        100,
        [(0, "outcome", "rejected", 1), (0, "outcome", "resolved", 2)],
        ["success"],
        False,
    ),
    "contradicted_bad": (100, [(0, "outcome", "rejected", 2), (0, "outcome", "resolved", 1)], ["failed"], False),
    "contradicted_tie": (100, [(0, "outcome", "resolved", 1), (0, "outcome", "escalated", 1)], ["failed"], False),
    "contradicted_later": (100, [(0, "outcome", "resolved", 9), (1, "outcome", "rejected", 2)], ["failed"], False),
    # What comes after the window of a success that is undone already decides nothing.
    "escalated_then_late": (
        200,
        [R, (1, "outcome", "escalated"), (49, "reopened", None), (121, "outcome", "rejected")],
        ["failed"],
        True,
    ),
    "reopened_then_late": (200, [R, (10, "reopened", None), (60, "outcome", "rejected")], ["failed"], True),
    "waiting": (100, [(0, "outcome", "waiting")], ["pending"], False),
}


def cases(world: World) -> None:
    world.unit_type("g4", WINDOW)
    for case, (until_now, events, _, _) in CASES.items():
        start = AS_OF - timedelta(hours=until_now)
        for hour, event_type, outcome, *known in events:
            fields = {"ingested_at": (start + timedelta(hours=known[0])).isoformat()} if known else {}
            world.event(("g4", case), event_type, start + timedelta(hours=hour), outcome, **fields)

    world.unit_type("g4_6")
    for (session, shares), cost in zip(SHARES.items(), ("0.0226", "0.01"), strict=True):
        served = [
            {"unit_type": "g4_6", "unit_id": f"{session}_{number}"} | ({"share": share} if share else {})
            for number, share in enumerate(shares)
        ]
        world.call(
            AS_OF - timedelta(days=9),
            "g4_6_unknown",
            {"input_tokens": 2400},
            cost=cost,
            business_units=served,
        )


@pytest.mark.parametrize("case", CASES)
def test_g4_states(golden: duckdb.DuckDBPyConnection, case: str) -> None:
    query = (
        "select state, is_final, is_reopened from marts.fct_units where unit_type = 'g4' and unit_id = ? "
        "order by episode_number"
    )
    got = rows(golden, query, case)
    _, _, states, is_reopened = CASES[case]
    assert [state for state, _, _ in got] == states
    assert [is_final for _, is_final, _ in got] == [state != "pending" for state in states]
    assert {reopened for _, _, reopened in got} == {is_reopened}


@pytest.mark.parametrize(
    ("case", "outcome", "hour"),
    [
        ("rejected_within", "rejected", 48),
        ("reopened_unanswered", "reopened", 10),
        ("escalated_then_late", "rejected", 1),
        ("reopened_then_late", "reopened", 10),
    ],
)
def test_a_failed_unit_names_what_undid_it(
    golden: duckdb.DuckDBPyConnection, case: str, outcome: str, hour: int
) -> None:
    query = "select outcome, outcome_at from marts.fct_units where unit_type = 'g4' and unit_id = ?"
    resolved = AS_OF - timedelta(hours=CASES[case][0])
    assert rows(golden, query, case) == [(outcome, resolved.replace(tzinfo=None) + timedelta(hours=hour))]


@pytest.mark.parametrize("case", CASES)
def test_the_oracle_has_the_same_states(case: str) -> None:
    """The plain Python of tests/oracle gives every state of the table as well."""
    until_now, events, states, is_reopened = CASES[case]
    start = AS_OF - timedelta(hours=until_now)
    facts = [
        Fact(
            environment="production",
            unit_type="g4",
            unit_id=case,
            kind=str(kind),
            outcome=outcome,  # type: ignore[arg-type]
            at=start + timedelta(hours=hour),  # type: ignore[arg-type]
            known=start + timedelta(hours=known[0]) if known else None,  # type: ignore[arg-type]
            owners=Owners(),
        )
        for hour, kind, outcome, *known in events
        if all(start + timedelta(hours=moment) <= AS_OF for moment in (hour, *known))  # type: ignore[arg-type]
    ]
    words = {("g4", word): meaning for word, meaning in OUTCOMES.items()}
    found = episodes_of(sorted(facts, key=lambda fact: fact.at), WINDOW, words)
    moments = [max((fact.at for _, fact in episode.facts), default=start) for episode in found]
    got = [
        state_of(episode, AS_OF, WINDOW, 720, moment).state for episode, moment in zip(found, moments, strict=True)
    ]
    assert (got, {episode.was_reopened for episode in found}) == (states, {is_reopened})


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        ("tokens", ["0.011300000000", "0.007533333333", "0.003766666667"]),
        ("even", ["0.003333333334", "0.003333333333", "0.003333333333"]),
    ],
)
def test_g4_6(golden: duckdb.DuckDBPyConnection, session: str, expected: list[str]) -> None:
    query = "select total_cost_usd from marts.fct_units where unit_type = 'g4_6' and unit_id like ? order by unit_id"
    assert [cost for (cost,) in rows(golden, query, session + "%")] == [Decimal(cost) for cost in expected]
