"""From a line of the reconciliation down to what it is made of: the evidence of each leg sums to the leg."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb
import pytest
from conftest import Build


@pytest.fixture(scope="module")
def analysis(built_demo: Build, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The compiled analysis; it is compiled beside the build, whose own target stays as it is."""
    target = tmp_path_factory.mktemp("analysis")
    env = {"DBT_TARGET_PATH": str(target), "AIUE_WAREHOUSE": str(target / "warehouse.duckdb")}
    result = built_demo.dbt("compile", "--select", "audit_trail", env=env)
    assert result.returncode == 0, result.stdout
    [path] = target.rglob("compiled/**/audit_trail.sql")
    return path.read_text(encoding="utf-8")


def total(rows: list[dict[str, Any]], evidence: str, column: str) -> Decimal:
    return sum((row[column] or Decimal(0) for row in rows if row["evidence"] == evidence), Decimal(0))


@pytest.mark.parametrize("place", [1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
def test_evidence_sums_to_the_leg(analysis: str, warehouse: duckdb.DuckDBPyConnection, place: int) -> None:
    query = analysis.replace("place = 1\n", f"place = {place}\n")
    assert query != analysis or place == 1
    cursor = warehouse.execute(query)
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    [leg] = [row for row in rows if row["depth"] == 1]
    issuer, account, model, meter, tier = leg["reference"].split("/")
    found = warehouse.execute(
        "select estimated_quantity, estimated_amount, invoiced_amount, exported_quantity, "
        "invoiced_amount - estimated_amount from marts.fct_reconciliation_legs where issuer = ? "
        "and billing_account_id = ? and model = ? and meter = ? and service_tier = ? and currency = ? "
        "and invoiced_amount - estimated_amount = ?",
        [issuer, account, model, meter, tier, leg["currency"], leg["amount"]],
    ).fetchall()
    [(quantity, estimated, invoiced, exported, variance)] = found
    assert total(rows, "call", "quantity") == total(rows, "price row", "quantity") == quantity
    assert total(rows, "call", "amount") == total(rows, "price row", "amount") == estimated
    assert total(rows, "invoice line", "amount") == invoiced
    assert total(rows, "export record", "quantity") == (exported or 0)
    assert leg["amount"] == variance
    evidence = {row["evidence"] for row in rows}
    assert {"leg", "call", "price row", "tolerance", "invoice line"} <= evidence
    assert ("exchange rate" in evidence) == (leg["currency"] != "USD")
    assert all(row["source_file"] for row in rows if row["depth"] > 1)
