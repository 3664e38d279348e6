"""`python -m ai_unit_economics.demo [--out demo]` writes the feeds of Halden Mutual and their control totals."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from . import expected, files, ledgers
from .billing import INVOICE_COLUMNS, Row, bill
from .extras import add_all, add_estimates
from .faults import Line, fact_lines, usage_lines
from .prices import PriceBook
from .world import play_all

PROJECT = Path(__file__).resolve().parents[2]
FEEDS = (
    "ai_usage_events",
    "unit_events",
    "human_reviews",
    "metered_costs",
    "shared_costs",
    "provider_usage",
    "invoice_lines",
    "tenant_revenue",
)


def csv_counts(kept: int, duplicates: int = 0, **quarantined: int) -> dict[str, object]:
    bad = sum(quarantined.values())
    return {
        "landed": kept + duplicates + bad,
        "kept": kept,
        "duplicates": duplicates,
        "conflicts": 0,
        "quarantined": bad,
        "quarantined_by_reason": quarantined,
    }


def by_month(rows: list[Row], column: str) -> dict[str, list[Row]]:
    months: dict[str, list[Row]] = {}
    for row in rows:
        months.setdefault(row[column][:7], []).append(row)
    return dict(sorted(months.items()))


def generate(out: Path, seeds: Path) -> None:
    """Writes the eight feeds and EXPECTED.json below `out`; prices come from `seeds`/pricing."""
    book = PriceBook(seeds / "pricing" / "contract_prices.csv")
    world = play_all()
    add_all(world)
    add_estimates(
        world,
        lambda call: expected.plain(
            sum((part[1] for part in (book.cost(call) or {}).values()), expected.Decimal(0))
        ),
    )
    lines: dict[str, list[Line]] = {"ai_usage_events": usage_lines(world)}
    exports, invoices = bill(world, book, seeds / "pricing" / "commitments.csv")
    lines["unit_events"] = fact_lines("unit_events", world.unit_events)
    lines["human_reviews"] = fact_lines("human_reviews", world.reviews)
    lines["metered_costs"] = fact_lines("metered_costs", world.metered)
    lines["provider_usage"] = fact_lines("provider_usage", exports)
    shared, revenue = ledgers.shared_costs(), ledgers.tenant_revenue(world)
    for feed in FEEDS:
        shutil.rmtree(out / feed, ignore_errors=True)
    for feed, chosen in lines.items():
        files.write_lines(out / feed, chosen)
    for month, rows in by_month(shared, "period_start").items():
        text = files.csv_text(ledgers.SHARED_COLUMNS, rows)
        if month == "2026-01":
            text += f"{text.splitlines()[1]}\n"
        files.write_csv(out / "shared_costs", month, text)
    for month, rows in by_month(revenue, "period_start").items():
        columns = ledgers.REVENUE_COLUMNS
        if month == "2026-07":
            # The same columns in another order, and one that nobody asked for.
            columns = ["product", "account_manager", *reversed(columns[:-1])]
            rows = [{**row, "account_manager": "n/a"} for row in rows]
        text = files.csv_text(columns, rows)
        if month == "2026-05":
            text += "".join(f"{line}\n" for line in text.splitlines()[1:3])
        if month == "2026-04":
            text += "tenant_05,2026-04-01,2026-05-01,118.40,US$,support\n"
        files.write_csv(out / "tenant_revenue", month, text)
    for month, rows in by_month(invoices, "ingested_at").items():
        text = files.csv_text(INVOICE_COLUMNS, rows)
        if month == "2026-06":
            text += (
                "GCP-2026-05,99,google-cloud,google,gcp-halden-ai,2026-05-01,2026-06-01,2026-06-04,issued\n"
            )
        files.write_csv(out / "invoice_lines", month, text)
    again = [row for row in invoices if row["invoice_id"] == "AZR-2026-03"]
    files.write_csv(
        out / "invoice_lines" / "delivered_again", "AZR-2026-03", files.csv_text(INVOICE_COLUMNS, again)
    )
    counts: dict[str, object] = {feed: expected.feed_counts(chosen) for feed, chosen in lines.items()}
    counts["shared_costs"] = csv_counts(len(shared), 1)
    counts["tenant_revenue"] = csv_counts(len(revenue), 2, bad_currency=1)
    counts["invoice_lines"] = csv_counts(len(invoices), len(again), wrong_column_count=1)
    totals = {
        "as_of": expected.as_of_text(),
        "feeds": counts,
        "usage": expected.usage_totals(world, book),
        "units_in_production": expected.unit_totals(world),
        "facts": expected.fact_totals(world, exports),
        "vendor_bridge": expected.vendor_bridge(world, book),
        "invoices": expected.invoice_totals(invoices),
        "shared_costs_by_pool": expected.totals_by(shared, "pool", "amount"),
        "revenue_by_product": expected.totals_by(revenue, "product", "revenue_amount"),
    }
    (out / "EXPECTED.json").write_text(json.dumps(totals, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ai_unit_economics.demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=PROJECT / "demo", help="folder to write (default: demo)")
    parser.add_argument("--seeds", type=Path, default=PROJECT / "seeds", help="folder of the policy seeds")
    arguments = parser.parse_args()
    generate(arguments.out, arguments.seeds)


if __name__ == "__main__":
    main()
