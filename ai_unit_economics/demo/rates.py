"""Made-up exchange rates of the demo: `python -m ai_unit_economics.demo.rates > seeds/pricing/fx_rates.csv`."""

from __future__ import annotations

import sys
from datetime import date, timedelta

from . import company
from .clock import days
from .rng import Rng

COLUMNS = "currency_from,currency_to,rate_type,rate,rate_date,is_carried,origin_date"
# In hundred-thousandths: where the rate begins, the budget rate and the contract rate.
PAIRS = {"EUR": (117200, 115000, 116000), "GBP": (134500, 132000, 133000)}
FIRST, LAST = "2025-10-01", "2026-11-30"
HOLIDAYS = {
    date(2025, 12, 25),
    date(2025, 12, 26),
    date(2026, 1, 1),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 1),
}


def text(rate: int) -> str:
    return f"{rate // 100000}.{rate % 100000:05d}"


def spot(currency: str) -> list[tuple[date, int, bool, date]]:
    """(day, rate, carried, day of origin): no fixing at weekends and holidays, the last one is carried."""
    rng = Rng(company.SEED, "fx", currency)
    anchor = rate = PAIRS[currency][0]
    origin, found = date.fromisoformat(FIRST), []
    for day in days(FIRST, LAST):
        fixed = day.weekday() < 5 and day not in HOLIDAYS
        if fixed:
            rate += rng.between(-520, 520) + (anchor - rate) // 40
            origin = day
        found.append((day, rate, not fixed, origin))
    return found


def rows() -> list[str]:
    """The seed's lines: daily spot, monthly mean, yearly budget, contract, and the rate of each issue date."""
    found = []
    for currency, (_, budget, contract) in PAIRS.items():
        daily = spot(currency)
        by_day = {day: rate for day, rate, _, _ in daily}
        for day, rate, carried, origin in daily:
            found.append(f"{currency},USD,spot,{text(rate)},{day},{str(carried).lower()},{origin}")
        months = sorted({day.replace(day=1) for day in by_day})
        for month in months:
            fixed = [rate for day, rate, carried, _ in daily if day.replace(day=1) == month and not carried]
            mean = (2 * sum(fixed) + len(fixed)) // (2 * len(fixed))
            found.append(f"{currency},USD,month_avg,{text(mean)},{month},false,{month}")
            found.append(f"{currency},USD,budget,{text(budget)},{month},false,{month}")
        found.append(f"{currency},USD,contract,{text(contract)},{FIRST},false,{FIRST}")
        for month in months:
            for number in (2, 3, 4, 5, 6, 9):
                day = month + timedelta(days=number - 1)
                # A vendor fixes its invoice rate a little under the day's spot.
                found.append(f"{currency},USD,invoice,{text(by_day[day] - 120)},{day},false,{day}")
    return found


if __name__ == "__main__":
    sys.stdout.write("\n".join([COLUMNS, *rows()]) + "\n")
