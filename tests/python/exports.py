"""Builds of vendors' reports and exports: the fixtures of tests/fixtures/producers, and the samples of the shared data.

Each is one dbt build of the staging models, of `int_provider_usage*` and `int_invoice_lines*` and of the models that
count records; it is shared by the test files and made once per test session.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import REPOSITORY, Build

FIXTURES = REPOSITORY / "tests" / "fixtures" / "producers"
PRODUCERS = ("openai", "anthropic", "focus")
AS_OF = "2026-11-21"
SELECTED = (
    "+int_provider_usage",
    "+int_invoice_lines",
    "+int_reconciliation_exports",
    "+rpt_feed_status",
    "+int_quarantined_records",
    "+assert_no_record_is_lost",
)
# Where the samples of each feed lie below the shared data.
SAMPLES = {
    "focus_charges": ("focus/**/*.csv", "producers/focus/*.csv"),
    "openai_usage": ("producers/openai/organization_usage_*.json",),
    "openai_costs": ("producers/openai/organization_costs.*.json",),
    "anthropic_usage": ("producers/anthropic/usage_report_*.json",),
    "anthropic_costs": ("producers/anthropic/*cost_report*.json",),
}

Rows = list[tuple[Any, ...]]


def build_exports(build: Build, inputs: Path) -> Build:
    """Build the models of provider lines from the feeds in `inputs`, once per folder of the build.

    Raises AssertionError with dbt's log where the build, or a test of it, fails.
    """
    build.root.mkdir(parents=True, exist_ok=True)
    with (build.root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = build.root / "done"
        if not done.exists():
            settings = {"input_dir": str(inputs), "as_of": AS_OF, "publish": "off"}
            result = build.dbt("build", "-s", *SELECTED, "--indirect-selection", "cautious", vars=settings)
            assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
            done.touch()
    return build


def write_parquet(path: Path) -> None:
    """One charge of an October export as a cloud writes it: typed times, floating-point costs, details in a map."""
    duckdb.sql(
        """
        select
            0.25::double as BilledCost, 0.25::double as EffectiveCost, 'az-halden-eu' as BillingAccountId,
            'USD' as BillingCurrency, timestamp '2026-10-01' as BillingPeriodStart,
            timestamp '2026-11-01' as BillingPeriodEnd, timestamp '2026-10-02 03:00:00' as ChargePeriodStart,
            timestamp '2026-10-02 04:00:00' as ChargePeriodEnd, 'Usage' as ChargeCategory,
            100000::double as ConsumedQuantity, 'Tokens' as ConsumedUnit, 'Microsoft' as ServiceProviderName,
            'AI and Machine Learning' as ServiceCategory, 'Output Tokens' as SkuMeter,
            map {'x_Model': 'gpt-4o'} as SkuPriceDetails, null::varchar as InvoiceId
        """
    ).write_parquet(str(path))


def session_folder(factory: pytest.TempPathFactory, worker_id: str, name: str) -> Path:
    """A folder that all workers and test files of the session share."""
    base = factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / name


@pytest.fixture(scope="session")
def fixture_lines(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build of the repository's own fixtures, read only."""
    root = session_folder(tmp_path_factory, worker_id, "export_fixtures")
    for producer in PRODUCERS:
        shutil.copytree(FIXTURES / producer, root / "in", dirs_exist_ok=True)
    write_parquet(root / "in" / "focus_charges" / "v1_4.parquet")
    build = build_exports(Build(root), root / "in")
    with build.connect(build.warehouse) as connection:
        yield connection


@pytest.fixture(scope="session")
def sample_lines(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, shared_data: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build of the shared samples, read only; skipped, with the reason, where they are absent."""
    root = session_folder(tmp_path_factory, worker_id, "export_samples")
    for feed, patterns in SAMPLES.items():
        (root / "in" / feed).mkdir(parents=True, exist_ok=True)
        for path in (path for pattern in patterns for path in sorted(shared_data.glob(pattern))):
            shutil.copy(path, root / "in" / feed / path.name)
    build = build_exports(Build(root), root / "in")
    with build.connect(build.warehouse) as connection:
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    """All rows of a query."""
    return connection.execute(query).fetchall()


def kept(connection: duckdb.DuckDBPyConnection, feed: str) -> Rows:
    """The kept lines of a feed: (date, model, meter, service_tier, quantity, amount, currency), in that order.

    Lines that count and cost nothing are left out.
    """
    return rows(
        connection,
        f"""
        select cast(period_start as date)::varchar, model, meter, service_tier, quantity, amount, currency
        from intermediate.int_provider_usage_resolved
        where source_system = '{feed}' and record_status = 'kept' and (quantity <> 0 or amount <> 0)
        order by all
        """,
    )


def fates(connection: duckdb.DuckDBPyConnection, feed: str) -> dict[tuple[str, str | None], int]:
    """Number of landed records of a feed by (record_status, reject_reason)."""
    found = rows(
        connection,
        f"""
        select record_status, reject_reason, sum(records)::integer from intermediate.int_feed_records
        where feed = '{feed}' group by all
        """,
    )
    return {(status, reason): count for status, reason, count in found}


def incomplete_pages(connection: duckdb.DuckDBPyConnection, feed: str) -> int:
    """Number of pages of the feed that say more follows while that page is not there."""
    found = rows(
        connection, f"select incomplete_pages from intermediate.int_incomplete_pages where feed = '{feed}'"
    )
    return found[0][0] if found else 0


def quantities(connection: duckdb.DuckDBPyConnection, feed: str, where: str = "true") -> dict[str, Decimal]:
    """Sum of the kept quantities of a feed by meter."""
    found = rows(
        connection,
        f"""
        select meter, sum(quantity) from intermediate.int_provider_usage_resolved
        where source_system = '{feed}' and record_status = 'kept' and {where} group by meter
        """,
    )
    return dict(found)
