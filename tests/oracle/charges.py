"""What metered services cost: as stated, else quantity times the dated service price (input_contract.md section 2)."""

from __future__ import annotations

from decimal import Decimal

from .money import ledger, product
from .policy import Policy, first
from .records import Charge


def cost_of(charge: Charge, policy: Policy) -> Decimal | None:
    """Cost in the reporting currency; None where neither an amount nor a price is known."""
    if charge.amount is not None and charge.currency is not None:
        return policy.convert(ledger(charge.amount), charge.currency, charge.at)
    row = first(
        policy.in_force(
            "service_prices", charge.at, service=charge.service, quantity_unit=charge.quantity_unit
        )
    )
    if row is None or charge.quantity is None:
        return None
    # Exact until it is cast once: the divisor is a power of ten.
    amount = product(charge.quantity, row["price"], Decimal(1) / Decimal(row["per_quantity"]))
    return policy.convert(amount, row["currency"], charge.at)
