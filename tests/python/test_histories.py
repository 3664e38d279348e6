"""Random histories: late calls, late invoices, corrected prices and closes. What was closed never moves.

Each history is played to several moments. At each, every model is built from what was known then. A closed period shows
the same total, digest and journals at every later moment; as restated equals a build without any close; the postings
equal a reckoning in Python that shares no code with the SQL; bridges add up; journals balance. AIUE_HISTORIES=500
plays that many (`make histories`), by default a few. A failure names its seed: AIUE_HISTORY_SEED=<seed> plays it alone.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
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
MILLION = Decimal(1_000_000)
ACCOUNTS = ("acct_1", "acct_2")
COUNT = int(os.environ.get("AIUE_HISTORIES", "4"))
SEEDS = [int(os.environ["AIUE_HISTORY_SEED"])] if "AIUE_HISTORY_SEED" in os.environ else list(range(COUNT))


def after(month: datetime) -> datetime:
    return (month + timedelta(days=32)).replace(day=1)


def month_of(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, 1)


def period(month: datetime) -> str:
    return f"{month:%Y-%m}"


@dataclass(frozen=True)
class Call:
    number: int
    at: datetime
    known: datetime
    account: str
    cost_center: str
    tokens: int


@dataclass(frozen=True)
class Price:
    account: str
    amount: Decimal
    starts: datetime
    ends: datetime | None
    recorded: datetime


@dataclass
class History:
    """What happened and when it became known. Prices are per million input tokens."""

    calls: list[Call] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)
    closes: dict[datetime, datetime] = field(default_factory=dict)
    invoices: list[Row] = field(default_factory=list)

    def price(self, call: Call, before: datetime) -> Decimal:
        """The newest price that was recorded before a moment and covers the call; the list price is 2."""
        found = [
            price
            for price in self.prices
            if price.account == call.account
            and price.recorded < before
            and price.starts <= call.at
            and (price.ends is None or call.at < price.ends)
        ]
        return max(found, key=lambda price: price.recorded).amount if found else Decimal(2)

    def cost(self, call: Call, before: datetime) -> Decimal:
        return call.tokens * self.price(call, before) / MILLION


def play(seed: int) -> History:
    """A history of five months; half of the moments lie on the edges of closes, months and prices."""
    rng = random.Random(seed)
    found = History()
    closed = datetime(2026, 1, 1)
    for month in MONTHS[: rng.randint(1, 4)]:
        closed = max(
            after(month) + timedelta(days=rng.choice([0, 1, 4, 7, 20]), hours=rng.choice([0, 17])),
            closed + timedelta(hours=1),
        )
        found.closes[month] = closed
    edges = [*found.closes.values(), *MONTHS]

    def moment(first: datetime, last: datetime) -> datetime:
        near = [edge + timedelta(seconds=rng.choice([-1, 0, 1])) for edge in edges]
        near = [edge for edge in near if first <= edge < last]
        if near and rng.random() < 0.4:
            return rng.choice(near)
        return first + timedelta(seconds=rng.randrange(int((last - first).total_seconds())))

    for account in ACCOUNTS:
        found.prices.append(Price(account, Decimal(3), MONTHS[0], None, datetime(2025, 12, 1)))
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            starts = moment(MONTHS[0], MONTHS[3])
            ends = rng.choice([None, starts + timedelta(days=rng.randint(1, 60))])
            recorded = moment(starts, datetime(2026, 6, 20))
            if all(recorded != price.recorded for price in found.prices):
                amount = Decimal(rng.choice(["0.5", "2.25", "3", "4.125", "7"]))
                found.prices.append(Price(account, amount, starts, ends, recorded))
    for number in range(rng.randint(5, 30)):
        at = moment(MONTHS[0], datetime(2026, 6, 1))
        known = (
            moment(at, datetime(2026, 6, 20))
            if rng.random() < 0.35
            else at + timedelta(seconds=rng.randint(0, 60))
        )
        tokens = rng.choice([1, 7, 1000, 1_000_000, rng.randrange(1, 90_000_000)])
        found.calls.append(
            Call(number, at, known, rng.choice(ACCOUNTS), rng.choice(["cx", "claims"]), tokens)
        )
    for account in ACCOUNTS:
        for month in MONTHS[: rng.randint(0, 5)]:
            found.invoices += bill(rng, account, month, moment(after(month), datetime(2026, 6, 20)))
    return found


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
    amount = (quantity * Decimal(price) / MILLION).quantize(Decimal("0.01"))
    lines: list[Row] = [
        {
            "line_type": "usage",
            "model": "m",
            "meter": "input_uncached",
            "quantity": quantity,
            "quantity_unit": "tokens",
            "unit_price": Decimal(price) / MILLION,
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


def build(
    project: Project, history: History, as_of: datetime, closes: bool = True
) -> duckdb.DuckDBPyConnection:
    """Every model, from what was known at a moment."""
    events = [
        {
            "source_system": "canonical",
            "file_path": "f",
            "landed_row": call.number,
            "request_id": str(call.number),
            "occurred_at": call.at,
            "ingested_at": call.known,
            "provider": "vendor",
            "billing_account_id": call.account,
            "cost_center": call.cost_center,
            "reported_model": "m",
            "input_tokens": call.tokens,
            "output_tokens": 0,
            "requests": 1,
            "environment": "production",
            "service_tier": "standard",
            "layer": "model_api",
            "status": "success",
        }
        for call in history.calls
        if call.known <= as_of
    ]
    contracts = [
        {
            "contract_id": f"c-{price.account}",
            "provider": "vendor",
            "billing_account_id": price.account,
            "model": "m",
            "meter": "input_uncached",
            "service_tier": "standard",
            "context_tokens_over": 0,
            "price": price.amount,
            "per_quantity": 1_000_000,
            "currency": "USD",
            "valid_from": price.starts,
            "valid_to": price.ends,
            "recorded_at": price.recorded,
            "approved_by": "x",
        }
        for price in history.prices
        if price.recorded <= as_of
    ]
    return project.world(
        {
            "int_usage_events": events,
            "contract_prices": contracts,
            "list_prices": [
                {
                    "provider": "vendor",
                    "model": "m",
                    "meter": "input_uncached",
                    "service_tier": "standard",
                    "context_tokens_over": 0,
                    "price": 2,
                    "per_quantity": 1_000_000,
                    "currency": "USD",
                    "is_free": False,
                    "observed_on": "2025-01-01",
                }
            ],
            "int_invoice_lines": [line for line in history.invoices if line["ingested_at"] <= as_of],
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
                    "period": period(month),
                    "entity": "default",
                    "closed_at": closed,
                    "closed_by": "a",
                    "approved_by": "b",
                }
                for month, closed in history.closes.items()
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
            "int_metered_costs": (),
            "int_human_reviews": (),
            "int_unit_dimensions": (),
            "int_shared_cost_months": (),
            "int_shared_costs": (),
            "int_owner_cost_centers": (),
            "int_api_key_months": (),
            "rpt_chargeback_statements": (),
        },
        WANTED,
    )


def reckoned(history: History, as_of: datetime) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """(as reported, as restated) by period, from the rules alone."""
    closes = {month: closed for month, closed in history.closes.items() if closed <= as_of}
    instants = sorted(closes.values())

    def posting(month: datetime, known: datetime) -> datetime:
        while closes.get(month, EVER) <= known:
            month = after(month)
        return month

    now = as_of + timedelta(microseconds=1)
    reported: dict[str, Decimal] = defaultdict(Decimal)
    restated: dict[str, Decimal] = defaultdict(Decimal)
    for call in history.calls:
        if call.known > as_of:
            continue
        month = month_of(call.at)
        restated[period(month)] += history.cost(call, now)
        later = [
            instant for instant in instants if instant > call.known and instant >= closes.get(month, EVER)
        ]
        value = history.cost(call, later[0]) if later else history.cost(call, now)
        reported[period(posting(month, call.known))] += value
        for number, instant in enumerate(later):
            until = later[number + 1] if number + 1 < len(later) else now
            new = history.cost(call, until)
            reported[period(posting(month, instant))] += new - value
            value = new
    return reported, restated


def sums(connection: duckdb.DuckDBPyConnection, column: str) -> dict[str, Decimal]:
    rows = connection.execute(f"select period, {column} from rpt_period_close where {column} <> 0").fetchall()
    return dict(rows)


def without_zeros(amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    return {name: amount for name, amount in amounts.items() if amount}


def closed_figures(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[Any, ...]]:
    """{closed period: (as reported, digest, its journals)}."""
    closed = connection.execute(
        "select period, as_reported_usd, row_digest from rpt_period_close where status = 'closed'"
    ).fetchall()
    journals: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(
        "select period, * exclude (period) from fct_journal_entries order by all"
    ).fetchall():
        journals[row[0]].append(row)
    return {name: (amount, digest, journals[name]) for name, amount, digest in closed}


def broken_laws(connection: duckdb.DuckDBPyConnection) -> list[Any]:
    """Bridges that do not add up and journals that do not balance."""
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
        select 'mirror', coalesce(reversal_of, journal_id), account, cost_center from fct_journal_entries
        where entry_type in ('accrual', 'reversal')
        group by all having sum(debit) <> sum(credit)
        """
    ).fetchall()


def moments(history: History) -> Iterable[datetime]:
    """Just after each close, and at the end."""
    yield from history.closes.values()
    yield datetime(2026, 6, 25)


@pytest.fixture(scope="module")
def project(demo: Build) -> Project:
    return Project(demo)


@pytest.mark.parametrize("seed", SEEDS)
def test_history(project: Project, seed: int) -> None:
    history = play(seed)
    before: dict[str, tuple[Any, ...]] = {}
    for as_of in moments(history):
        connection = build(project, history, as_of)
        reported, restated = reckoned(history, as_of)
        assert sums(connection, "as_reported_usd") == without_zeros(reported), f"seed {seed} at {as_of}"
        assert sums(connection, "as_restated_usd") == without_zeros(restated), f"seed {seed} at {as_of}"
        assert broken_laws(connection) == [], f"seed {seed} at {as_of}"
        now = closed_figures(connection)
        for name, figures in before.items():
            assert now[name] == figures, f"seed {seed}: {name} moved by {as_of}"
        before = now
        connection.close()
    scratch = build(project, history, as_of, closes=False)
    assert sums(scratch, "as_reported_usd") == without_zeros(restated), f"seed {seed}"
