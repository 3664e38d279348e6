"""The committed demo is what its generator writes, and its parts tie."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from decimal import Decimal
from pathlib import Path

import pytest

from ai_unit_economics.demo import prices
from ai_unit_economics.demo.__main__ import FEEDS, generate
from ai_unit_economics.demo.rates import COLUMNS, rows

PROJECT = Path(__file__).resolve().parents[2]
DEMO, SEEDS = PROJECT / "demo", PROJECT / "seeds"


def files_of(root: Path) -> list[str]:
    """Relative names of the generated files."""
    found = [path for feed in FEEDS for path in (root / feed).rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(root)) for path in [*found, root / "EXPECTED.json"])


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def records(feed: str) -> list[dict[str, object]]:
    """The readable objects of a JSON feed."""
    found = []
    for path in sorted((DEMO / feed).rglob("*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).decode().splitlines():
            try:
                value = json.loads(line)
            except ValueError:
                continue
            if isinstance(value, dict):
                found.append(value)
    return found


def test_regenerating_gives_the_committed_bytes(tmp_path: Path) -> None:
    generate(tmp_path, SEEDS)
    assert files_of(tmp_path) == files_of(DEMO)
    for name in files_of(DEMO):
        new, old = (tmp_path / name).read_bytes(), (DEMO / name).read_bytes()
        if name.endswith(".gz"):
            assert gzip.decompress(new) == gzip.decompress(old), f"{name} has other records; run make demo"
            if "ng" in zlib.ZLIB_RUNTIME_VERSION:
                continue  # zlib-ng packs the same records into other bytes
        assert new == old, f"{name} differs; run make demo"


def test_the_demo_is_quick_to_clone() -> None:
    sizes = [(DEMO / name).stat().st_size for name in files_of(DEMO)]
    assert max(sizes) < 3_000_000
    assert sum(sizes) < 20_000_000


def test_the_rates_seed_is_what_its_generator_writes() -> None:
    assert (SEEDS / "pricing" / "fx_rates.csv").read_text(encoding="utf-8") == "\n".join(
        [COLUMNS, *rows()]
    ) + "\n"


def test_the_vendors_sheets_agree_with_the_list_prices() -> None:
    """Invoices are priced apart from the list price seed; both must say the same for the demo's models."""
    listed = {
        (
            row["provider"],
            row["model"],
            row["meter"],
            row["service_tier"],
            int(row["context_tokens_over"]),
        ): Decimal(row["price"]) / Decimal(row["per_quantity"])
        for row in seed("pricing/list_prices")
        if not row["valid_from"] and not row["valid_to"]
    }
    compared = 0
    for (provider, model, over), sheet in prices.SHEETS.items():
        for meter, price in zip(prices.TOKEN_METERS, sheet, strict=True):
            if price is not None:
                assert listed[provider, model, meter, "standard", over] == Decimal(price) / 1000000
                compared += 1
    for (provider, model), price in prices.EMBEDDINGS.items():
        assert listed[provider, model, "input_uncached", "standard", 0] == Decimal(price) / 1000000
        compared += 1
    for (provider, model), price in prices.SEARCHES.items():
        assert listed[provider, model, "web_search", "standard", 0] == Decimal(price) / 1000
        compared += 1
    assert compared > 35


@pytest.mark.parametrize(
    ("feed", "field", "name", "key"),
    [
        ("ai_usage_events", "api_key_id", "organization/api_keys", "api_key_id"),
        ("ai_usage_events", "billing_account_id", "organization/billing_accounts", "billing_account_id"),
        ("ai_usage_events", "tenant_id", "organization/tenants", "tenant_id"),
        ("ai_usage_events", "team", "organization/teams", "team"),
        ("ai_usage_events", "cost_center", "organization/cost_centers", "cost_center"),
        ("ai_usage_events", "application", "organization/applications", "application"),
        ("ai_usage_events", "workflow", "organization/workflows", "workflow"),
        ("ai_usage_events", "agent_id", "organization/agents", "agent_id"),
        ("unit_events", "tenant_id", "organization/tenants", "tenant_id"),
        ("unit_events", "unit_type", "policy/unit_types", "unit_type"),
        ("unit_events", "outcome", "policy/outcome_statuses", "outcome"),
        ("human_reviews", "reviewer_role", "pricing/labor_rates", "reviewer_role"),
        ("human_reviews", "team", "organization/teams", "team"),
        ("provider_usage", "billing_account_id", "organization/billing_accounts", "billing_account_id"),
    ],
)
def test_every_code_of_the_feeds_has_its_seed_row(feed: str, field: str, name: str, key: str) -> None:
    known = {row[key] for row in seed(name)}
    told = {record[field] for record in records(feed) if record.get(field)}
    assert told and told <= known, f"{feed}.{field}: {sorted(told - known)} have no row in {name}"


def test_every_pool_has_a_rule_and_every_metered_quantity_a_price() -> None:
    pools = set()
    for path in sorted((DEMO / "shared_costs").rglob("*.csv")):
        with path.open(newline="", encoding="utf-8") as handle:
            pools |= {row["pool"] for row in csv.DictReader(handle)}
    assert pools <= {row["pool"] for row in seed("policy/allocation_rules")}
    priced = {(row["service"], row["quantity_unit"]) for row in seed("pricing/service_prices")}
    counted = {
        (record["service"], record["quantity_unit"])
        for record in records("metered_costs")
        if "quantity" in record and "service" in record
    }
    assert counted == priced


def test_quarantine_stays_well_below_the_limit() -> None:
    feeds = json.loads((DEMO / "EXPECTED.json").read_text(encoding="utf-8"))["feeds"]
    assert sorted(feeds) == sorted(FEEDS)
    for feed, counts in feeds.items():
        assert counts["landed"] == counts["kept"] + counts["duplicates"] + counts["quarantined"], feed
        assert counts["quarantined"] * 1000 <= counts["landed"] * 2, f"{feed}: more than 0.2 % quarantined"
