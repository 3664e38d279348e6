"""Random histories: late and corrected calls, reviews, pools and facts of units, late, voided and re-issued invoices,
late prices, closes and reopenings.

Each history is played to several moments. At each, every model is built from what was known then. A closed period shows
the same total, digest and journals at every later moment; as restated equals a build without any close; the postings
equal a reckoning in Python that shares no code with the SQL; bridges add up; journals balance and hold what stands.
AIUE_HISTORIES=500 plays that many (`make histories`), by default a few. A failure names its seed:
AIUE_HISTORY_SEED=<seed> plays it alone.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb
import pytest
from compiled import Project
from conftest import Build

Row = dict[str, Any]
WANTED = (
    "fct_postings",
    "rpt_period_close",
    "fct_accruals",
    "fct_journal_entries",
    "fct_reconciliation_variances",
    "fct_reconciliation_legs",
    "rpt_invoice_reconciliation",
)
MONTHS = [datetime(2026, month, 1) for month in range(1, 6)]
EVER = datetime(9999, 12, 31)
# What a price is quoted for.
PER = {"input_uncached": 1_000_000, "images": 1}
ACCOUNTS = ("acct_1", "acct_2")
TEAMS = {"t1": "cx", "t2": "hr"}
UNITS = ("u1", "u2", "u3")
COUNT = int(os.environ.get("AIUE_HISTORIES", "4"))
SEEDS = [int(os.environ["AIUE_HISTORY_SEED"])] if "AIUE_HISTORY_SEED" in os.environ else list(range(COUNT))


def after(month: datetime) -> datetime:
    return (month + timedelta(days=32)).replace(day=1)


def month_of(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, 1)


def period(month: datetime) -> str:
    return f"{month:%Y-%m}"


@dataclass(frozen=True)
class Copy:
    """One delivery of a call; copies of one number that differ are versions of it."""

    number: int
    at: datetime
    known: datetime
    account: str
    cost_center: str
    tokens: int
    unit: str | None = None
    images: int = 0

    def quantity(self, meter: str) -> int:
        return self.images if meter == "images" else self.tokens


@dataclass(frozen=True)
class Fact:
    """One delivery of what the source system of the work says of a unit."""

    number: int
    unit: str
    known: datetime
    cost_center: str | None
    team: str | None


@dataclass(frozen=True)
class Sitting:
    """One delivery of a review; a minute costs 1."""

    number: int
    unit: str
    at: datetime
    known: datetime
    minutes: int
    team: str | None


@dataclass(frozen=True)
class Pool:
    """One delivery of a shared cost."""

    number: int
    starts: datetime
    ends: datetime
    known: datetime
    amount: Decimal


@dataclass(frozen=True)
class Price:
    """A contract price, per million tokens or per image; further tiers are (quantity above which, price)."""

    account: str
    meter: str
    amount: Decimal
    starts: datetime
    ends: datetime | None
    recorded: datetime
    tiers: tuple[tuple[int, Decimal], ...] = ()
    mode: str | None = None
    period: str | None = None

    def charge(self, before: int, after: int) -> Decimal:
        """What the quantity from one count of the period to another costs, negative where it is taken back."""
        steps = [(0, self.amount), *self.tiers]
        if self.mode == "volume":
            rates = [max(step for step in steps if step[0] < count or step[0] == 0) for count in (before, after)]
            return after * rates[1][1] - before * rates[0][1]
        ends = [over for over, _ in steps[1:]] + [10**12]
        return sum(
            ((min(max(after, over), end) - min(max(before, over), end)) * rate)
            for (over, rate), end in zip(steps, ends, strict=True)
        )


@dataclass(frozen=True)
class Close:
    month: datetime
    closed: datetime
    reopened: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        return self.closed <= moment and (self.reopened is None or moment < self.reopened)


LIST = {
    "input_uncached": Price("", "input_uncached", Decimal(2), EVER, None, EVER),
    "images": Price("", "images", Decimal("0.04"), EVER, None, EVER),
}


@dataclass
class History:
    """What happened and when it became known. Prices are per million input tokens."""

    copies: list[Copy] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    pools: list[Pool] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)
    closes: list[Close] = field(default_factory=list)
    invoices: list[Row] = field(default_factory=list)

    def price(self, copy: Copy, meter: str, before: datetime) -> Price:
        """The newest price that was recorded before a moment and covers the call; else the list's."""
        found = [
            price
            for price in self.prices
            if (price.account, price.meter) == (copy.account, meter)
            and price.recorded < before
            and price.starts <= copy.at
            and (price.ends is None or copy.at < price.ends)
        ]
        return max(found, key=lambda price: price.recorded) if found else LIST[meter]

    def cost(self, copy: Copy, before: datetime) -> Decimal:
        return sum((self.charge(copy, meter, before) / PER[meter] for meter in PER), Decimal(0))

    def charge(self, copy: Copy, meter: str, before: datetime) -> Decimal:
        """What a version of a call adds to what its terms have charged so far, in the order of becoming known.

        A version that was replaced counted until then; the next one bears what taking it back has left.
        """
        price = self.price(copy, meter, before)
        if not price.mode:
            return copy.quantity(meter) * price.amount
        moves: list[tuple[datetime, int, datetime, str, int]] = []
        for number, versions in self.versions(before).items():
            for said, replaced in versions:
                if self.price(said, meter, before) is not price or not said.quantity(meter):
                    continue
                if price.period == "month" and month_of(said.at) != month_of(copy.at):
                    continue
                moves.append((said.known, 1, said.at, str(number), said.quantity(meter)))
                if replaced:
                    moves.append((replaced, 0, said.at, str(number), -said.quantity(meter)))
        count, charged = 0, Decimal(0)
        for known, is_said, _, number, quantity in sorted(moves):
            if number == str(copy.number):
                charged += price.charge(count, count + quantity)
            count += quantity
            if (known, is_said, number) == (copy.known, 1, str(copy.number)):
                return charged
        return Decimal(0)

    def versions(self, before: datetime) -> dict[int, list[tuple[Copy, datetime | None]]]:
        """{number: [(version, when the next one was known)]}; equal deliveries in a row are one version."""
        found: dict[int, list[Copy]] = defaultdict(list)
        for copy in sorted((copy for copy in self.copies if copy.known < before), key=lambda copy: copy.known):
            last = found[copy.number][-1:]
            if not last or replace(last[0], known=copy.known) != copy:
                found[copy.number].append(copy)
        return {
            number: list(zip(said, [*(copy.known for copy in said[1:]), None], strict=True))
            for number, said in found.items()
        }

    def bearers(self, item: tuple[str, int], month: datetime, before: datetime) -> dict[str, Decimal]:
        """{cost center: what a call, review or pool cost in a month}, by all that was known before a moment."""
        kind, number = item
        said = newest({"call": self.copies, "review": self.sittings, "pool": self.pools}[kind], before)
        if number not in said:
            return {}
        found = said[number]
        if isinstance(found, Pool):
            return {"__shared__": slice_of(found, month)}
        if month_of(found.at) != month:
            return {}
        if isinstance(found, Copy):
            [found] = [version for version, replaced in self.versions(before)[number] if not replaced]
            return {found.cost_center: self.cost(found, before)}
        return {self.owner(found, before): Decimal(found.minutes)}

    def owner(self, sitting: Sitting, before: datetime) -> str:
        """Who bears a review: whom its unit's source system names, else whom its calls name, else a team's."""
        facts = [fact for fact in newest(self.facts, before).values() if fact.unit == sitting.unit]
        calls = [copy for copy in newest(self.copies, before).values() if copy.unit == sitting.unit]
        named = [fact.cost_center for fact in facts if fact.cost_center] or [copy.cost_center for copy in calls]
        if named:
            return min(named)
        teams = [fact.team for fact in facts if fact.team] or [sitting.team]
        return TEAMS.get(min(teams, key=str) or "", "__unassigned__")

    def items(self) -> list[tuple[str, int]]:
        kinds = {"call": self.copies, "review": self.sittings, "pool": self.pools}
        return sorted({(kind, said.number) for kind, deliveries in kinds.items() for said in deliveries})


def newest(deliveries: Iterable[Any], before: datetime) -> dict[int, Any]:
    """{number: what was said last before a moment}."""
    known = sorted((said for said in deliveries if said.known < before), key=lambda said: said.known)
    return {said.number: said for said in known}


def slice_of(pool: Pool, month: datetime) -> Decimal:
    """What of a shared cost falls into a month, by days; cumulative, to the pico."""

    def until(moment: datetime) -> Decimal:
        days = Decimal((min(max(moment, pool.starts), pool.ends) - pool.starts).days)
        return (pool.amount * days / (pool.ends - pool.starts).days).quantize(Decimal("1e-12"), ROUND_HALF_UP)

    return until(after(month)) - until(month)


def play(seed: int) -> History:
    """A history of five months; half of the moments lie on the edges of closes, months and prices."""
    rng = random.Random(seed)
    found = History()
    last = datetime(2026, 1, 1)
    for month in MONTHS[: rng.randint(1, 4)]:
        closed = max(
            after(month) + timedelta(days=rng.choice([0, 1, 4, 7, 20]), hours=rng.choice([0, 17])),
            last + timedelta(hours=1),
        )
        last = closed
        if rng.random() < 0.25:
            reopened = closed + timedelta(days=rng.choice([0, 1, 3]), hours=1)
            last = reopened + timedelta(days=rng.choice([0, 2]), hours=1)
            found.closes += [Close(month, closed, reopened), Close(month, last)]
        else:
            found.closes.append(Close(month, closed))
    edges = [*(close.closed for close in found.closes), *MONTHS]

    def moment(first: datetime, last: datetime) -> datetime:
        near = [edge + timedelta(seconds=rng.choice([-1, 0, 1])) for edge in edges]
        near = [edge for edge in near if first <= edge < last]
        if near and rng.random() < 0.4:
            return rng.choice(near)
        return first + timedelta(seconds=rng.randrange(int((last - first).total_seconds())))

    for account in ACCOUNTS:
        first = Price(account, "input_uncached", Decimal(3), MONTHS[0], None, datetime(2025, 12, 1))
        found.prices.append(first)
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            starts = moment(MONTHS[0], MONTHS[3])
            ends = rng.choice([None, starts + timedelta(days=rng.randint(1, 60))])
            recorded = moment(starts, datetime(2026, 6, 20))
            if all(recorded != price.recorded for price in found.prices):
                amount = Decimal(rng.choice(["0.5", "2.25", "3", "4.125", "7"]))
                meter = rng.choice(list(PER))
                tiers = ((10, amount / 2), (60, amount / 4)) if meter == "images" else ((2_000_000, amount / 2),)
                mode, span = rng.choice([None, "graduated", "volume"]), rng.choice(["month", "term"])
                terms = (tiers, mode, span) if mode else ()
                found.prices.append(Price(account, meter, amount, starts, ends, recorded, *terms))
    for number in range(rng.randint(5, 30)):
        at = moment(MONTHS[0], datetime(2026, 6, 1))
        known = (
            moment(at, datetime(2026, 6, 20))
            if rng.random() < 0.35
            else at + timedelta(seconds=rng.randint(0, 60))
        )
        tokens = rng.choice([1, 7, 1000, 1_000_000, rng.randrange(1, 90_000_000)])
        unit = rng.choice([None, None, *UNITS])
        images = rng.choice([0, 0, 0, 1, 10, 11, rng.randrange(90)])
        first = Copy(number, at, known, rng.choice(ACCOUNTS), rng.choice(["cx", "claims"]), tokens, unit, images)
        found.copies += again(rng, first, moment)
    work(rng, found, moment)
    for account in ACCOUNTS:
        for month in MONTHS[: rng.randint(0, 5)]:
            lines = bill(rng, account, month, moment(after(month), datetime(2026, 6, 20)))
            found.invoices += lines + corrected(rng, lines, moment)
    return found


def again(rng: random.Random, first: Copy, moment: Callable[[datetime, datetime], datetime]) -> list[Copy]:
    """A call as it was said first, and perhaps said again: the same, something else, or what it said before."""
    copies = [first]
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 3])):
        known = moment(first.known, datetime(2026, 6, 20))
        kind = rng.choice(["same", "same", "tokens", "images", "owner", "time", "unit"])
        said = rng.choice(copies)
        if kind == "tokens":
            said = replace(said, tokens=rng.choice([0, 1, 1_000_000, rng.randrange(1, 90_000_000)]))
        elif kind == "owner":
            said = replace(said, cost_center=rng.choice(["cx", "claims", "hr"]))
        elif kind == "images":
            said = replace(said, images=rng.choice([0, 1, 10, rng.randrange(90)]))
        elif kind == "unit":
            said = replace(said, unit=rng.choice([None, *UNITS]))
        elif kind == "time":
            said = replace(said, at=moment(MONTHS[0], first.known + timedelta(seconds=1)))
        if all(known != copy.known for copy in copies):
            copies.append(replace(said, known=known))
    return copies


def work(rng: random.Random, found: History, moment: Callable[[datetime, datetime], datetime]) -> None:
    """Facts of units, reviews and pools, each said once or again with something else in it."""
    end = datetime(2026, 6, 20)

    def later(known: datetime) -> list[datetime]:
        return [known, *sorted({moment(known, end) for _ in range(rng.choice([0, 0, 1, 2]))} - {known})]

    for number in range(rng.randint(0, 6)):
        unit = rng.choice(UNITS)
        for known in later(moment(MONTHS[0], end)):
            cost_center, team = rng.choice([None, "cx", "claims", "hr"]), rng.choice([None, "t1", "t2", "t3"])
            found.facts.append(Fact(number, unit, known, cost_center, team))
    for number in range(rng.randint(0, 8)):
        at = moment(MONTHS[0], datetime(2026, 6, 1))
        unit, team = rng.choice([*UNITS, "u4"]), rng.choice([None, "t1", "t2"])
        for known in later(moment(at, end) if rng.random() < 0.4 else at):
            found.sittings.append(Sitting(number, unit, at, known, rng.randint(1, 90), team))
            unit = rng.choice([unit, unit, *UNITS])
    for number in range(rng.randint(0, 4)):
        starts = rng.choice(MONTHS) + timedelta(days=rng.choice([0, 0, 10]))
        ends = starts + timedelta(days=rng.choice([1, 30, 31, 90]))
        for known in later(moment(MONTHS[0], end)):
            found.pools.append(Pool(number, starts, ends, known, Decimal(rng.randrange(-900, 90000)) / 100))
            ends = rng.choice([ends, ends + timedelta(days=7)])


def corrected(
    rng: random.Random, lines: list[Row], moment: Callable[[datetime, datetime], datetime]
) -> list[Row]:
    """What becomes of an invoice later: voided, re-issued, corrected, completed, or delivered again."""
    kind = rng.choice(["nothing"] * 4 + ["voided", "reissued", "corrected", "completed", "repeated"])
    later = {"ingested_at": moment(lines[0]["ingested_at"], datetime(2026, 6, 21))}
    if kind == "voided":
        return [line | later | {"status": "voided"} for line in lines]
    if kind == "reissued":
        number = lines[0]["invoice_id"]
        issued = {"status": "issued", "invoice_id": f"{number}-R", "reference_invoice_id": number}
        return [line | later | issued | {"issued_on": f"{later['ingested_at']:%Y-%m-%d}"} for line in lines]
    if kind == "corrected":
        return [lines[0] | later | {"amount": lines[0]["amount"] + 1}]
    if kind == "completed":
        return [lines[0] | later | {"invoice_line_id": "late", "line_type": "fee", "amount": Decimal("1.23")}]
    if kind == "repeated":
        return [line | later for line in lines]
    return []


def bill(rng: random.Random, account: str, month: datetime, known: datetime) -> list[Row]:
    """An invoice that agrees with nothing in particular."""
    head = {
        "invoice_id": f"{account}-{period(month)}",
        "issuer": "vendor",
        "provider": "vendor",
        "billing_account_id": account,
        "billing_period_start": f"{month:%Y-%m-%d}",
        "billing_period_end": f"{after(month):%Y-%m-%d}",
        "issued_on": f"{known:%Y-%m-%d}",
        "status": rng.choice(["issued"] * 6 + ["voided", "draft"]),
        "service_tier": "standard",
        "currency": "USD",
        "ingested_at": known,
    }
    quantity, price = rng.randrange(1, 2_000_000_000), rng.choice(["2.9", "3", "3.1"])
    amount = (quantity * Decimal(price) / 1_000_000).quantize(Decimal("0.01"))
    lines: list[Row] = [
        {
            "line_type": "usage",
            "model": "m",
            "meter": "input_uncached",
            "quantity": quantity,
            "quantity_unit": "tokens",
            "unit_price": Decimal(price) / 1_000_000,
            "amount": amount + rng.choice([0, 0, 0, Decimal("5.01")]),
        }
    ]
    if rng.random() < 0.3:
        before = month - timedelta(days=1)
        lines.append(
            lines[0] | {"charge_period_start": f"{before:%Y-%m-%d}", "charge_period_end": f"{month:%Y-%m-%d}"}
        )
    for line_type, sign in (
        ("fee", 1),
        ("credit", -1),
        ("tax", 1),
        ("rounding", -1),
        ("adjustment", -1),
        ("commitment", 1),
    ):
        if rng.random() < 0.25:
            lines.append({"line_type": line_type, "amount": sign * Decimal(rng.randrange(1, 9000)) / 100})
    return [head | {"invoice_line_id": str(number)} | line for number, line in enumerate(lines)]


def landed(row: int, **more: Any) -> Row:
    """A record of a feed of the contract, in a row of its own."""
    return {"source_system": "canonical", "file_path": "f", "landed_row": row} | more


def build(
    project: Project, history: History, as_of: datetime, closes: bool = True
) -> duckdb.DuckDBPyConnection:
    """Every model, from what was known at a moment."""
    events = [
        {
            "source_system": "canonical",
            "file_path": "f",
            "landed_row": row,
            "request_id": str(call.number),
            "occurred_at": call.at,
            "ingested_at": call.known,
            "provider": "vendor",
            "billing_account_id": call.account,
            "cost_center": call.cost_center,
            "unit_type": "case" if call.unit else None,
            "unit_id": call.unit,
            "reported_model": "m",
            "input_tokens": call.tokens,
            "output_tokens": 0,
            "usage_json": f'{{"images": {call.images}}}' if call.images else None,
            "requests": 1,
            "environment": "production",
            "service_tier": "standard",
            "layer": "model_api",
            "status": "success",
        }
        for row, call in enumerate(history.copies)
        if call.known <= as_of
    ]
    contracts = [
        {
            "contract_id": f"c-{price.account}",
            "provider": "vendor",
            "billing_account_id": price.account,
            "model": "m",
            "meter": price.meter,
            "service_tier": "standard",
            "context_tokens_over": 0,
            "quantity_over": over if price.mode else None,
            "tier_mode": price.mode,
            "tier_period": price.period,
            "price": amount,
            "per_quantity": PER[price.meter],
            "currency": "USD",
            "valid_from": price.starts,
            "valid_to": price.ends,
            "recorded_at": price.recorded,
            "approved_by": "x",
        }
        for price in history.prices
        for over, amount in [(0, price.amount), *price.tiers]
        if price.recorded <= as_of
    ]
    return project.world(
        {
            "int_usage_events_unioned": events,
            "contract_prices": contracts,
            "list_prices": [
                {
                    "provider": "vendor",
                    "model": "m",
                    "meter": meter,
                    "service_tier": "standard",
                    "context_tokens_over": 0,
                    "price": price.amount,
                    "per_quantity": PER[meter],
                    "currency": "USD",
                    "is_free": False,
                    "observed_on": "2025-01-01",
                }
                for meter, price in LIST.items()
            ],
            "int_invoice_lines_unioned": [
                line | {"source_system": "canonical", "file_path": "f", "landed_row": row}
                for row, line in enumerate(history.invoices)
                if line["ingested_at"] <= as_of
            ],
            "int_provider_usage": (),
            "billing_accounts": [
                {
                    "billing_account_id": account,
                    "provider": "vendor",
                    "issuer": "vendor",
                    "currency": "USD",
                    "entity": "default",
                }
                for account in ACCOUNTS
            ],
            "periods": [
                {
                    "period": period(close.month),
                    "entity": "default",
                    "closed_at": close.closed,
                    "reopened_at": close.reopened,
                    "closed_by": "a",
                    "approved_by": "b",
                }
                for close in history.closes
            ]
            if closes
            else (),
            "gl_accounts": [
                {
                    "layer": "model_api",
                    "entry_type": "accrual",
                    "debit_account": "cost",
                    "credit_account": "accrued",
                },
                {
                    "layer": "model_api",
                    "entry_type": "invoice",
                    "debit_account": "cost",
                    "credit_account": "payables",
                },
            ],
            "thresholds": [{"threshold": "billing_lag_hours", "value": 24, "valid_from": "2025-01-01"}],
            "int_as_of": [{"as_of": as_of}],
            "int_metered_costs_versions": (),
            "stg_canonical__unit_events": [
                landed(row, event_id=f"fact-{fact.number}", event_type="opened", occurred_at=MONTHS[0])
                | {"unit_type": "case", "unit_id": fact.unit, "ingested_at": fact.known}
                | {"cost_center": fact.cost_center, "team": fact.team}
                for row, fact in enumerate(history.facts)
                if fact.known <= as_of
            ],
            "stg_canonical__human_reviews": [
                landed(row, review_id=f"review-{said.number}", started_at=said.at, minutes=said.minutes)
                | {"unit_type": "case", "unit_id": said.unit, "ingested_at": said.known}
                | {"team": said.team, "reviewer_role": "expert"}
                for row, said in enumerate(history.sittings)
                if said.known <= as_of
            ],
            "stg_canonical__shared_costs": [
                landed(row, shared_cost_id=f"pool-{pool.number}", pool="gateway", layer="platform", currency="USD")
                | {"period_start": f"{pool.starts:%Y-%m-%d}", "period_end": f"{pool.ends:%Y-%m-%d}"}
                | {"amount": pool.amount, "ingested_at": pool.known}
                for row, pool in enumerate(history.pools)
                if pool.known <= as_of
            ],
            "labor_rates": [{"reviewer_role": "expert", "hourly_rate": 60, "currency": "USD"}],
            "teams": [{"team": team, "cost_center": owner} for team, owner in TEAMS.items()],
            "environments": [{"reported_environment": "production", "environment": "production"}],
            "int_api_key_months": (),
            "rpt_chargeback_statements": (),
        },
        WANTED,
    )


Sums = dict[tuple[str, str], Decimal]


def reckoned(history: History, as_of: datetime) -> tuple[Sums, Sums]:
    """(as reported, as restated) by period and cost center, from the rules alone.

    A month holds what was known before its first close. What is known from one close or reopening of any month to the
    next changes the month by the difference, and that goes to the first month that is open then.
    """
    closes = [close for close in history.closes if close.closed <= as_of]
    edges = {close.closed for close in closes} | {close.reopened for close in closes if close.reopened}
    instants = sorted(edge for edge in edges if edge <= as_of)

    def posting(month: datetime, moment: datetime) -> datetime:
        while any(close.month == month and close.holds(moment) for close in closes):
            month = after(month)
        return month

    now = as_of + timedelta(microseconds=1)
    reported: Sums = defaultdict(Decimal)
    restated: Sums = defaultdict(Decimal)
    for item in history.items():
        for month in [*MONTHS, *(datetime(2026, number, 1) for number in range(6, 10))]:
            for name, amount in history.bearers(item, month, now).items():
                restated[period(month), name] += amount
            shut = min((close.closed for close in closes if close.month == month), default=EVER)
            values: dict[str, Decimal] = {}
            target = month
            for instant in [*(instant for instant in instants if instant >= shut), now]:
                new = history.bearers(item, month, instant)
                for name in {*new, *values}:
                    reported[period(target), name] += new.get(name, Decimal(0)) - values.get(name, Decimal(0))
                values, target = new, posting(month, instant)
    return reported, restated


def sums(connection: duckdb.DuckDBPyConnection, column: str) -> Sums:
    """{(period, cost center): sum of the postings} by one of their two periods, and both equal to the report's."""
    rows = connection.execute(
        f"select {column}, cost_center, sum(amount_usd) from fct_postings group by all having sum(amount_usd) <> 0"
    ).fetchall()
    view = "as_reported_usd" if column == "posting_period" else "as_restated_usd"
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for name, _, amount in rows:
        totals[name] += amount
    shown = connection.execute(f"select period, {view} from rpt_period_close where {view} <> 0").fetchall()
    assert dict(shown) == {name: amount for name, amount in totals.items() if amount}
    return {(name, owner): amount for name, owner, amount in rows}


def without_zeros(amounts: Sums) -> Sums:
    return {name: amount for name, amount in amounts.items() if amount}


def closed_figures(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, int], tuple[Any, ...]]:
    """{(closed period, version of the close): (as reported, digest, its journals)}."""
    closed = connection.execute(
        "select period, close_version, as_reported_usd, row_digest from rpt_period_close where status = 'closed'"
    ).fetchall()
    journals: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(
        "select period, * exclude (period) from fct_journal_entries order by all"
    ).fetchall():
        journals[row[0]].append(row)
    return {(name, version): (amount, digest, journals[name]) for name, version, amount, digest in closed}


def broken_laws(connection: duckdb.DuckDBPyConnection) -> list[Any]:
    """Bridges that do not add up, journals that do not balance, and books that hold other documents than stand."""
    return connection.execute(
        """
        select 'bridge', issuer, billing_account_id, cast(period_month as varchar) from (
            select period_month, issuer, billing_account_id, currency, model, meter, service_tier, sum(amount) as amount
            from fct_reconciliation_variances group by all
        ) join fct_reconciliation_legs
            using (period_month, issuer, billing_account_id, currency, model, meter, service_tier)
        where amount <> coalesce(invoiced_amount, 0) - coalesce(estimated_amount, 0)
        union all
        select 'journal', journal_id, currency, '' from fct_journal_entries
        group by journal_id, currency
        having sum(debit) <> sum(credit) or sum(functional_debit) <> sum(functional_credit)
        union all
        select 'two journals', journal_id, min(source_id), max(source_id) from fct_journal_entries
        group by journal_id having count(distinct (period, entry_type, posting_date, source_id)) > 1
        union all
        select 'mirror', coalesce(reversal_of, journal_id), account, cost_center from fct_journal_entries
        where entry_type in ('accrual', 'reversal') or journal_id in (select reversal_of from fct_journal_entries)
        group by all having sum(debit) <> sum(credit)
        union all
        select 'payables', cast(booked as varchar), cast(standing as varchar), '' from (
            select
                (select coalesce(sum(credit - debit), 0) from fct_journal_entries where account = 'payables') as booked,
                (select coalesce(sum(invoiced_amount), 0) from fct_reconciliation_legs) as standing
        ) where booked <> standing
        """
    ).fetchall()


def moments(history: History) -> Iterable[datetime]:
    """At each close, and at the end."""
    yield from sorted(close.closed for close in history.closes)
    yield datetime(2026, 6, 25)


@pytest.fixture(scope="module")
def project(demo: Build) -> Project:
    return Project(demo)


@pytest.mark.parametrize("seed", SEEDS)
def test_history(project: Project, seed: int) -> None:
    history = play(seed)
    before: dict[tuple[str, int], tuple[Any, ...]] = {}
    for as_of in moments(history):
        connection = build(project, history, as_of)
        reported, restated = reckoned(history, as_of)
        assert sums(connection, "posting_period") == without_zeros(reported), f"seed {seed} at {as_of}"
        assert sums(connection, "event_period") == without_zeros(restated), f"seed {seed} at {as_of}"
        assert broken_laws(connection) == [], f"seed {seed} at {as_of}"
        now = closed_figures(connection)
        for name, figures in before.items():
            if (name[0], name[1] + 1) not in now and name in now:  # not reopened since
                assert now[name] == figures, f"seed {seed}: {name} moved by {as_of}"
        before = now
        connection.close()
    scratch = build(project, history, as_of, closes=False)
    assert sums(scratch, "posting_period") == without_zeros(restated), f"seed {seed}"


def test_late_tiers_and_corrected_images_post_the_exact_difference(project: Project) -> None:
    """January: 60 and 80 images at 0.04. In February, after the close, a contract turns up: 100 at 5, then 4.

    In March, after February's close, the first call had 10 images: 90 in all, 450; the correction bears what taking
    back the 60 has left.
    """
    known = datetime(2026, 1, 10)
    calls = [
        Copy(number, known, known, "acct_1", "cx", 0, None, images) for number, images in enumerate((60, 80))
    ]
    tiers = Price(
        "acct_1", "images", Decimal(5), MONTHS[0], None, datetime(2026, 2, 20),
        tiers=((100, Decimal(4)),), mode="graduated", period="term",
    )
    history = History(
        copies=[*calls, replace(calls[0], images=10, known=datetime(2026, 3, 20))],
        prices=[tiers],
        closes=[Close(MONTHS[0], datetime(2026, 2, 5)), Close(MONTHS[1], datetime(2026, 3, 5))],
    )
    at_list = (60 + 80) * Decimal("0.04")
    by_contract = 60 * 5 + 40 * 5 + 40 * 4
    expected = {
        ("2026-01", "cx"): at_list,
        ("2026-02", "cx"): by_contract - at_list,
        ("2026-03", "cx"): 90 * 5 - Decimal(by_contract),
    }
    now = datetime(2026, 3, 25)
    assert reckoned(history, now)[0] == expected
    assert sums(build(project, history, now), "posting_period") == expected
