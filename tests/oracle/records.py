"""What a kept line of each feed says, typed (input_contract.md section 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Unit = tuple[str, str, str]  # environment, unit type, unit id


@dataclass(frozen=True)
class Owners:
    """Who a record names; None is not told."""

    application: str | None = None
    workflow: str | None = None
    agent_id: str | None = None
    tenant_id: str | None = None
    team: str | None = None
    cost_center: str | None = None


@dataclass(frozen=True)
class Call:
    """One attempt of an AI API call. Quantities are by key of `usage`; what was not told is absent."""

    request_id: str
    provider: str
    account: str | None
    at: datetime
    known: datetime | None
    environment: str
    owners: Owners
    model: str
    tier: str
    layer: str
    usage: dict[str, int]
    requests: int
    units: tuple[tuple[str, str, Decimal | None], ...]
    reported: tuple[Decimal, str] | None
    step: str | None = None
    key: str | None = None
    endpoint: str | None = None
    status: str | None = None
    attempt: int | None = None
    is_fallback: bool = False
    retry_of: str | None = None


@dataclass(frozen=True)
class Fact:
    """One thing that happened to a unit."""

    environment: str
    unit_type: str
    unit_id: str
    kind: str
    outcome: str | None
    at: datetime
    known: datetime | None
    owners: Owners
    event_id: str | None = None
    value: tuple[Decimal, str] | None = None
    cohort: str | None = None


@dataclass(frozen=True)
class Review:
    """One sitting; `minutes` at six decimals. The environment is None where it follows the unit; `end` is None where
    minutes were told.
    """

    review_id: str
    unit_type: str
    unit_id: str
    environment: str | None
    role: str
    reviewer: str | None
    start: datetime
    minutes: Decimal
    known: datetime | None
    team: str | None
    end: datetime | None = None


@dataclass(frozen=True)
class Charge:
    """One metered charge: an amount with a currency, or a quantity."""

    charge_id: str
    at: datetime
    layer: str
    service: str
    amount: Decimal | None
    currency: str | None
    quantity: Decimal | None
    quantity_unit: str | None
    environment: str | None
    owners: Owners
    units: tuple[tuple[str, str, Decimal | None], ...]
    known: datetime | None


@dataclass(frozen=True)
class SharedCost:
    """One shared cost and its period."""

    shared_cost_id: str
    pool: str
    layer: str
    start: date
    end: date
    amount: Decimal
    currency: str
    environment: str
    account: str | None
    capacity: Decimal | None
    capacity_unit: str | None
    known: datetime | None


@dataclass(frozen=True)
class Export:
    """One line of a provider's export."""

    line_id: str
    provider: str
    account: str
    start: datetime
    end: datetime
    model: str | None
    meter: str | None
    tier: str | None
    quantity: Decimal | None
    quantity_unit: str | None
    amount: Decimal | None
    currency: str | None
    key: str | None
    known: datetime | None


@dataclass(frozen=True)
class InvoiceLine:
    """One invoice line."""

    invoice_id: str
    line_id: str
    issuer: str
    provider: str | None
    account: str
    start: date
    end: date
    issued: date
    status: str
    line_type: str
    model: str | None
    meter: str | None
    tier: str | None
    quantity: Decimal | None
    quantity_unit: str | None
    unit_price: Decimal | None
    amount: Decimal
    currency: str
    reference: str | None
    known: datetime | None
    charged_from: date | None = None
    charged_to: date | None = None


@dataclass
class Feeds:
    """Everything that was kept, and the count of every fate: {(feed, fate or reject reason): records}."""

    calls: list[Call] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    shared_costs: list[SharedCost] = field(default_factory=list)
    exports: list[Export] = field(default_factory=list)
    invoice_lines: list[InvoiceLine] = field(default_factory=list)
    fates: dict[tuple[str, str], int] = field(default_factory=dict)
    conflicts: dict[str, int] = field(default_factory=dict)
