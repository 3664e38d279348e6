"""FOCUS charges 1.0 to 1.4: the samples' figures (FO1 to FO6) and the traps of the fixture.

The effective cost becomes provider usage, the billed cost of charges that name their invoice becomes invoice lines;
the two are never added. The samples' figures are of each file by itself, whatever becomes of its rows.
"""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from exports import Rows, fates, fixture_lines, rows, sample_lines

__all__ = ["fixture_lines", "sample_lines"]
Connection = duckdb.DuckDBPyConnection
D = Decimal
CHARGES = "staging.stg_focus__charges"


def totals(connection: Connection, name: str, *costs: str) -> tuple:
    """(rows, sum of each cost) of the file whose name has `name` in it."""
    sums = ", ".join(f"sum({cost})" for cost in costs)
    return rows(connection, f"select count(*), {sums} from {CHARGES} where file_path like '%{name}%'")[0]


# The samples


def test_fo1_the_sample_of_a_thousand_rows(sample_lines: Connection) -> None:
    costs = ("billed_cost", "effective_cost", "contracted_cost", "list_cost")
    assert totals(sample_lines, "focus_sample", *costs) == (
        1000,
        D("20.52022672899"),
        D("14.97651418586"),
        D("14.97626039326"),
        D("20.39090575119"),
    )
    by_name = "select {0}, count(*) from {1} where file_path like '%focus_sample%' group by all order by all"
    assert rows(sample_lines, by_name.format("provider_name", CHARGES)) == [
        ("AWS", 942),
        ("Microsoft", 51),
        ("Oracle", 7),
    ]
    assert rows(sample_lines, by_name.format("charge_category", CHARGES)) == [
        ("Adjustment", 2),
        ("Credit", 1),
        ("Usage", 997),
    ]
    assert not rows(
        sample_lines,
        f"select 1 from {CHARGES} where file_path like '%focus_sample%' and reject_reason is not null",
    )


def test_fo1_31_of_999_rows_break_the_identity_of_the_list_price(sample_lines: Connection) -> None:
    priced = rows(
        sample_lines,
        f"""select list_unit_price, pricing_quantity, list_cost from {CHARGES}
        where file_path like '%focus_sample%' and list_unit_price * 1 is not null and pricing_quantity is not null""",
    )
    broken = [row for row in priced if abs(row[0] * row[1] - row[2]) > D("1e-9") * max(1, row[2])]
    assert (len(priced), len(broken)) == (999, 31)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # FO2: money in the billing currency; 615 tokens are the pricing currency's.
        ("virtual_currency_pricing_model_a1", (1, 200000, 0)),
        ("virtual_currency_pricing_model_a2", (3, 0, 1230)),
        ("virtual_currency_pricing_model_b1", (1, 100000, 0)),
        ("virtual_currency_pricing_model_b2", (3, 0, 615)),
        ("virtual_currency_pricing_model_b3", (3, 0, 495)),
        ("virtual_currency_pricing_model_c", (2, 53000, 0)),
        # FO3
        ("saas_spend_agreements_a1", (4, 1200, 1200)),
        ("saas_spend_agreements_a2", (13, 1200, 1200)),
        ("saas_spend_agreements_b1", (5, 1200, 1200)),
        ("saas_spend_agreements_b2", (14, 1200, 1200)),
        # FO4: `$10,000.00 ` is money.
        ("simple_saas_agreements_a1", (1, 10000, 10000)),
        ("simple_saas_agreements_a2", (1, 50000, 50000)),
        ("simple_saas_agreements_a3", (1, 1000, 1000)),
        ("simple_saas_agreements_b", (1, 50000, 50000)),
        ("simple_saas_agreements_c", (3, 35800, 35800)),
        # FO5: 13 to 16 columns, without account, provider and currency.
        ("commitment_discount_purchase_scenario_1", (1, 8760, 0)),
        ("commitment_discount_purchase_scenario_2", (3, 3, 0)),
        ("commitment_discount_purchase_scenario_3", (4, D("4381.5"), 0)),
        ("commitment_discount_usage_scenario_1", (1, 0, 1)),
        ("commitment_discount_usage_scenario_2", (1, 0, 1)),
        ("commitment_discount_usage_scenario_3", (2, 0, 1)),
        ("commitment_discount_usage_scenario_4", (2, D("0.5"), D("1.5"))),
    ],
)
def test_fo2_to_fo5_billed_and_effective_cost(
    sample_lines: Connection, name: str, expected: tuple[int, Decimal, Decimal]
) -> None:
    assert totals(sample_lines, name, "billed_cost", "effective_cost") == expected


def test_fo2_tokens_of_a_virtual_currency(sample_lines: Connection) -> None:
    assert totals(sample_lines, "virtual_currency_pricing_model_a2", "pricing_currency_effective_cost") == (
        3,
        615,
    )


@pytest.mark.parametrize(("name", "contracted"), [("a1", 1200), ("a2", 1200), ("b1", 2400), ("b2", 2400)])
def test_fo3_contracted_cost(sample_lines: Connection, name: str, contracted: int) -> None:
    assert totals(sample_lines, f"saas_spend_agreements_{name}", "contracted_cost")[1] == contracted


def test_fo5_rows_without_account_and_currency_are_told_apart(sample_lines: Connection) -> None:
    """25 rows of 11 files; the hour 30 of two of them is seen too."""
    found = rows(
        sample_lines,
        f"""select reject_reasons, count(*) from {CHARGES} where file_path like '%/commitment_discount%'
        or file_path like '%_utilization_%' group by all order by all""",
    )
    reasons = "missing_provider;missing_billing_account_id;{}bad_currency;"
    assert found == [(reasons.format(""), 23), (reasons.format("bad_timestamp;"), 2)]


def test_fo6_tools_own_estimates_add_up_and_are_no_bill(sample_lines: Connection) -> None:
    costs = ("billed_cost", "effective_cost", "contracted_cost", "list_cost")
    assert totals(sample_lines, "litellm", *costs) == (2, *[D("0.049078")] * 4)
    assert totals(sample_lines, "tokencur", "billed_cost") == (7, D("0.01335"))
    assert fates(sample_lines, "focus_charges")[("excluded", "excluded_own_estimate")] == 9
    assert not rows(
        sample_lines,
        """select 1 from intermediate.int_provider_usage
        where billing_account_id = 'tokencur-local' or length(billing_account_id) = 64""",
    )


def test_fo6_model_and_meter_are_read_from_the_sku(sample_lines: Connection) -> None:
    found = rows(
        sample_lines,
        f"""select model, meter, service_tier, consumed_quantity from {CHARGES}
        where file_path like '%tokencur%' order by all""",
    )
    assert found == [
        ("claude-haiku-4-5", "input_uncached", "batch", 1200),
        ("claude-haiku-4-5", "output", "batch", 300),
        ("claude-sonnet-4-5", "cache_read", "standard", 2000),
        ("claude-sonnet-4-5", "cache_write_1h", "standard", 400),
        ("claude-sonnet-4-5", "cache_write_5m", "standard", 600),
        ("claude-sonnet-4-5", "input_uncached", "standard", 200),
        ("claude-sonnet-4-5", "output", "standard", 410),
    ]


# The fixture


def accrued(connection: Connection, columns: str, where: str = "true") -> Rows:
    """Kept provider lines of the FOCUS files."""
    return rows(
        connection,
        f"""select {columns} from intermediate.int_provider_usage_resolved
        where source_system = 'focus_charges' and record_status = 'kept' and {where} order by all""",
    )


def test_every_charge_has_one_fate(fixture_lines: Connection) -> None:
    """24 rows landed: 13 kept, 2 delivered again, 2 estimates of tools, 7 rejected."""
    assert fates(fixture_lines, "focus_charges") == {
        ("kept", None): 13,
        ("duplicate", None): 2,
        ("excluded", "excluded_own_estimate"): 2,
        ("quarantined", "bad_timestamp"): 1,
        ("quarantined", "bad_amount"): 1,
        ("quarantined", "unknown_line_type"): 1,
        ("quarantined", "bad_currency"): 1,
        ("quarantined", "bad_interval"): 1,
        ("quarantined", "missing_billing_account_id"): 1,
        ("quarantined", "missing_provider"): 1,
    }
    status = rows(
        fixture_lines,
        "select records_landed, quarantined, excluded from marts.rpt_feed_status where feed = 'focus_charges'",
    )
    assert status == [(24, 9, 2)]


def test_the_accrual_view_costs_what_was_used(fixture_lines: Connection) -> None:
    """3 + 0.6 covered + 0 + 0 purchases + 20 fee - 5 credit + 9.5 tax + 1 not invoiced + two equal rows of 0.00015."""
    assert accrued(fixture_lines, "sum(amount)", "billing_account_id = 'ant-halden'") == [(D("29.1003"),)]
    assert accrued(fixture_lines, "meter, quantity, amount", "model = 'claude-sonnet-4-5'") == [
        ("cache_read", 2000000, D("0.6")),
        ("input_uncached", 1000000, 3),
        ("output", 10, D("0.00015")),
        ("output", 10, D("0.00015")),
    ]


def test_the_invoice_view_costs_what_was_billed(fixture_lines: Connection) -> None:
    """Purchases are billed and the use that they cover is not: 177.5003, and nowhere 150 + 29.1003."""
    found = rows(
        fixture_lines,
        """select line_type, count(*), sum(amount) from intermediate.int_invoice_lines
        where invoice_id = 'INV-9' group by all order by all""",
    )
    assert found == [
        ("commitment", 1, 100),
        ("credit", 1, -5),
        ("fee", 1, 20),
        ("prepayment", 1, 50),
        ("tax", 1, D("9.5")),
        ("usage", 4, D("3.0003")),
    ]
    assert sum(row[2] for row in found) == D("177.5003")


def test_an_invoice_line_has_the_dates_and_parties_of_policy(fixture_lines: Connection) -> None:
    found = rows(
        fixture_lines,
        """select issuer, provider, billing_account_id, billing_period_start::varchar, billing_period_end::varchar,
            issued_on::varchar, charge_period_start::varchar, charge_period_end::varchar, unit_price, currency
        from intermediate.int_invoice_lines where invoice_id = 'MIS-9' or description = 'Sonnet input, standard'
        order by all""",
    )
    september = ("2026-09-01", "2026-10-01", "2026-10-01")
    cycle = ("2026-09-05", "2026-10-05", "2026-10-05")
    assert found == [
        ("anthropic", "anthropic", "ant-halden", *september, "2026-09-03", "2026-09-04", 3, "USD"),
        ("mistral", "mistral", "mis-halden-eu", *cycle, "2026-09-05", "2026-09-06", None, "EUR"),
    ]


def test_old_and_new_versions_read_alike(fixture_lines: Connection) -> None:
    """1.0 with American days, `$1,234.50 ` and the word NULL; 1.3 with exponents, minutes, times without a zone."""
    columns = """period_start::varchar, period_end::varchar, provider, model, meter, service_tier,
        quantity, amount, currency"""
    assert accrued(fixture_lines, columns, "billing_account_id in ('acct-77', 'mis-halden-eu')") == [
        (
            "2026-09-02 00:00:00",
            "2026-09-03 00:00:00",
            "microsoft",
            None,
            None,
            "standard",
            1000,
            D("1234.5"),
            "USD",
        ),
        (
            "2026-09-05 10:00:00",
            "2026-09-05 11:00:00",
            "mistral",
            "mistral-large",
            "cache_write_5m",
            "batch",
            600,
            D("0.00006"),
            "EUR",
        ),
    ]


def test_the_same_row_in_two_files_is_one_charge(fixture_lines: Connection) -> None:
    """Two equal rows of one file are two charges; the same rows delivered again are duplicates, in both views."""
    for table in ("int_provider_usage_resolved", "int_invoice_lines_resolved"):
        found = rows(
            fixture_lines,
            f"""select record_status, count(*) from intermediate.{table}
            where source_system = 'focus_charges' and model = 'claude-sonnet-4-5' group by all order by all""",
        )
        assert found == [("duplicate", 2), ("kept", 4)]


def test_both_views_of_a_charge_share_its_fate(fixture_lines: Connection) -> None:
    found = rows(
        fixture_lines,
        """select count(*) from intermediate.int_invoice_lines_resolved as invoiced
        left join intermediate.int_provider_usage_resolved as used
            on invoiced.file_path = used.file_path and invoiced.landed_row = used.landed_row
        where invoiced.source_system = 'focus_charges'
            and invoiced.record_status is distinct from used.record_status""",
    )
    assert found == [(0,)]


def test_parquet_reads_like_csv(fixture_lines: Connection) -> None:
    columns = "period_start::varchar, provider, model, meter, quantity, amount, currency"
    assert accrued(fixture_lines, columns, "billing_account_id = 'az-halden-eu'") == [
        ("2026-10-02 03:00:00", "azure", "gpt-4o", "output", 100000, D("0.25"), "USD")
    ]


def test_an_export_of_charges_that_no_meter_counts_has_no_model(fixture_lines: Connection) -> None:
    """As on the invoice, so that both meet; a purchase that costs nothing in the accrual view is no leg."""
    found = rows(
        fixture_lines,
        """select meter, amount from intermediate.int_reconciliation_exports
        where issuer = 'anthropic' and model = '__none__' order by all""",
    )
    assert found == [("credit", -5), ("fee", 20), ("tax", D("9.5"))]
