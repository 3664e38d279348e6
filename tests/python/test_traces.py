"""Every line of the demo's statements is traced to records that add up to it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import duckdb
import pytest
from conftest import Build

CHOSEN = "where statement_id = '2026-10/cx-operations/USD'"
# A month with a credit on a pool, one in which a key was billed less than traced, one with a prepayment in use.
MONTHS = ("2026-03", "2026-04", "2026-10")


@pytest.fixture(scope="module")
def traces(
    built_demo: Build, warehouse: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[str, Decimal, str]]]:
    """{line: (evidence, amount in the ledger, detail) of each row} of three months."""
    found: dict[str, list[tuple[str, Decimal, str]]] = defaultdict(list)
    target = tmp_path_factory.mktemp("traces")
    nowhere = {"AIUE_WAREHOUSE": ":memory:", "DBT_TARGET_PATH": str(target)}  # the build itself is open for reading
    compiled = built_demo.dbt("compile", "--select", "trace_direct_lines", "trace_shared_lines", env=nowhere)
    assert compiled.returncode == 0, compiled.stdout
    folder = target / "compiled" / "ai_unit_economics" / "analyses"
    for name in ("trace_direct_lines", "trace_shared_lines"):
        sql = (folder / f"{name}.sql").read_text(encoding="utf-8")
        assert CHOSEN in sql
        sql = sql.replace(CHOSEN, f"where period in {MONTHS}").replace('"memory".', '"warehouse".')
        for line, evidence, amount, detail in warehouse.execute(
            f"select chosen_line_id, evidence, ledger_amount_usd, detail from ({sql})"
        ).fetchall():
            found[line].append((evidence, amount, detail))
    return found


def test_traced_rows_add_up_to_their_line(
    traces: dict[str, list[tuple[str, Decimal, str]]], warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = warehouse.execute(
        "select coalesce(adjusts_line_id, line_id), ledger_amount_usd, source_type, source_id "
        f"from marts.rpt_chargeback_statements where period in {MONTHS} and adjusts_line_id is null"
    ).fetchall()
    assert len(lines) > 300
    for line, amount, source_type, source_id in lines:
        assert line in traces, (source_type, source_id)
        assert sum(part for _, part, _ in traces[line]) == amount, (source_type, source_id)


def test_a_true_up_names_its_invoice_lines(
    traces: dict[str, list[tuple[str, Decimal, str]]], warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = warehouse.execute(
        "select line_id, source_id from marts.rpt_chargeback_statements "
        f"where period in {MONTHS} and source_type = 'true_up'"
    ).fetchall()
    assert lines
    for line, source_id in lines:
        kinds = {evidence for evidence, _, _ in traces[line]}
        assert "invoice line" in kinds, source_id
        assert "true-up part" in kinds or source_id.endswith("/closing"), source_id
