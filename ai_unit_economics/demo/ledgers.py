"""The two feeds that finance delivers by hand: shared costs and what tenants paid."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from . import company
from .billing import Row
from .clock import AS_OF, MONTHS, instant, month_of, next_month, stamp
from .records import World
from .rng import Rng

SHARED_COLUMNS = [
    "shared_cost_id",
    "pool",
    "layer",
    "period_start",
    "period_end",
    "amount",
    "currency",
    "vendor",
    "invoice_id",
    "billing_account_id",
    "environment",
    "capacity_quantity",
    "capacity_unit",
    "ingested_at",
]
REVENUE_COLUMNS = ["tenant_id", "period_start", "period_end", "revenue_amount", "currency", "product"]
# pool, layer, first amount in cents, growth per month in cents, vendor, environment
POOLS = [
    ("platform", "platform", 1840, 62, "halden-cloud", "production"),
    ("network", "platform", 420, 8, "halden-cloud", "production"),
    ("identity", "security_compliance", 260, 4, "halden-cloud", "production"),
    ("observability", "observability", 760, 24, "lumetrics", "production"),
    ("vector_store", "retrieval", 540, 21, "vektra", "production"),
    ("reserved_capacity", "model_hosting", 2400, 0, "microsoft", "production"),
    ("security_scanning", "security_compliance", 310, 9, "clearpath", "production"),
    ("evaluation_suite", "evaluation", 480, 12, "halden-cloud", "production"),
    ("data_licence", "data_licence", 900, 0, "registry-data", "production"),
    ("support_desk", "platform", 350, 0, "halden-cloud", "production"),
    ("staging_platform", "platform", 380, 6, "halden-cloud", "staging"),
]
PRICES = {"support_case": 92, "claim": 185, "loan_application": 640, "onboarding_case": 290}
PRODUCTS = {
    "support_case": "support",
    "claim": "claims",
    "loan_application": "lending",
    "onboarding_case": "onboarding",
}


def money(amount_in_cents: int) -> str:
    sign = "-" if amount_in_cents < 0 else ""
    return f"{sign}{abs(amount_in_cents) // 100}.{abs(amount_in_cents) % 100:02d}"


def shared_costs() -> list[Row]:
    """One row per pool and month, the capacity that is reserved, and one credit."""
    found = []
    rng = Rng(company.SEED, "pools")
    for number, month in enumerate(MONTHS):
        known = min(instant(f"{next_month(month)}-04T10:00:00Z"), AS_OF)
        for pool, layer, first, growth, vendor, environment in POOLS:
            noise = rng.between(-15, 15) if growth else 0
            row = {
                "shared_cost_id": f"sc_{month}_{pool}",
                "pool": pool,
                "layer": layer,
                "period_start": f"{month}-01",
                "period_end": f"{next_month(month)}-01",
                "amount": money(first + growth * number + noise),
                "currency": "USD",
                "vendor": vendor,
                "environment": environment,
                "ingested_at": stamp(known),
            }
            if pool == "reserved_capacity":
                row |= {"capacity_quantity": "30000000", "capacity_unit": "tokens"}
            if pool == "vector_store":
                row["currency"] = "EUR"
            found.append(row)
        if month == "2026-03":
            found.append(
                {
                    "shared_cost_id": "sc_2026-03_observability_credit",
                    "pool": "observability",
                    "layer": "observability",
                    "period_start": "2026-03-01",
                    "period_end": "2026-04-01",
                    "amount": "-6.00",
                    "currency": "USD",
                    "vendor": "lumetrics",
                    "environment": "production",
                    "ingested_at": "2026-04-20T10:00:00Z",
                }
            )
    return [{column: row.get(column, "") for column in SHARED_COLUMNS} for row in found]


def tenant_revenue(world: World) -> list[Row]:
    """A fee per unit opened, by product, in the tenant's currency."""
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    for fact in world.unit_events:
        if fact.fields["event_type"] == "opened":
            counts[month_of(fact.at), fact.fields["tenant_id"], fact.fields["unit_type"]] += 1
    found = []
    for (month, tenant, unit_type), units in sorted(counts.items()):
        number = int(tenant[-2:])
        currency = "GBP" if number % 11 == 0 else ("EUR" if number % 7 in company.LANGUAGES else "USD")
        price = PRICES[unit_type] * {"USD": 100, "EUR": 88, "GBP": 77}[currency] // 100
        found.append(
            {
                "tenant_id": tenant,
                "period_start": f"{month}-01",
                "period_end": f"{next_month(month)}-01",
                "revenue_amount": str(Decimal(units * price) / 100),
                "currency": currency,
                "product": PRODUCTS[unit_type],
            }
        )
    return found
