"""Golden case R1 of semantics.md section 8, and the rules beside it, over the compiled models."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from compiled import Project
from conftest import Build

Row = dict[str, Any]
MARTS = ("fct_reconciliation_legs", "fct_reconciliation_variances", "rpt_invoice_reconciliation")
MILLION = 1_000_000
ACCOUNT: Row = {
    "billing_account_id": "acct",
    "provider": "vendor",
    "issuer": "vendor",
    "currency": "USD",
    "entity": "default",
}
POLICY: Row = {
    "issuer": "vendor",
    "absolute_tolerance": 50,
    "percent_tolerance": "0.01",
    "combine": "greater_of",
    "clearly_trivial": 1,
    "material": 1000,
    "valid_from": "2026-01-01",
    "approved_by": "x",
}


@pytest.fixture(scope="module")
def project(demo: Build) -> Project:
    return Project(demo)


def month(number: int) -> str:
    return f"2026-{number:02d}-01"


def usage(
    period: int, cost: Any, *, input_tokens: int = 0, output_tokens: int = 0, usd: Any = None, **more: Any
) -> Row:
    """A row of the monthly roll-up: all its cost is of one meter, input or output."""
    meter = "output" if output_tokens else "input_uncached"
    zeros = dict.fromkeys(
        (
            "cache_read_tokens",
            "cache_write_5m_tokens",
            "cache_write_1h_tokens",
            "cache_write_unknown_tokens",
            "requests",
            "web_searches",
            "unclassified_cost_micros",
            "request_cost_micros",
            "web_search_cost_micros",
            "cache_read_cost_micros",
            "cache_write_5m_cost_micros",
            "cache_write_1h_cost_micros",
            "cache_write_unknown_cost_micros",
            "input_uncached_cost_micros",
            "output_cost_micros",
            "other_cost_micros",
        ),
        0,
    )
    micros = Decimal(str(cost)) * MILLION
    return (
        zeros
        | {
            "period_month": month(period),
            "provider": "vendor",
            "billing_account_id": "acct",
            "model": "m",
            "reported_model": "m",
            "service_tier": "standard",
            "currency": "USD",
            "cost_basis": "repriced_list",
            "endpoint": "chat",
            "input_tokens": input_tokens,
            "output_tokens": output_tokens,
            f"{meter}_cost_micros": micros,
            "cost_micros": micros,
            "cost_usd": cost if usd is None else usd,
        }
        | more
    )


def line(number: int, amount: Any, *, period: int = 5, line_type: str = "usage", **more: Any) -> Row:
    """A line of the month's invoice INV-<month>, issued on the third of the next."""
    return {
        "invoice_id": f"INV-{period}",
        "invoice_line_id": str(number),
        "issuer": "vendor",
        "provider": "vendor",
        "billing_account_id": "acct",
        "billing_period_start": month(period),
        "billing_period_end": month(period + 1),
        "issued_on": f"2026-{period + 1:02d}-03",
        "status": "issued",
        "line_type": line_type,
        "service_tier": "standard",
        "amount": amount,
        "currency": "USD",
    } | more


def tokens(number: int, meter: str, quantity: int, price: str, **more: Any) -> Row:
    amount = Decimal(quantity) * Decimal(price)
    return line(
        number,
        amount,
        model="m",
        meter=meter,
        quantity=quantity,
        quantity_unit="MTok",
        unit_price=price,
        **more,
    )


def export(meter: str, quantity: int, period: int = 5) -> Row:
    return {
        "line_id": f"{meter}-{period}",
        "provider": "vendor",
        "billing_account_id": "acct",
        "model": "m",
        "meter": meter,
        "period_start": f"{month(period)} 00:00:00",
        "period_end": f"{month(period + 1)} 00:00:00",
        "service_tier": "standard",
        "quantity": quantity,
        "quantity_unit": "MTok",
        "currency": "USD",
    }


def world(
    project: Project,
    usages: Iterable[Row],
    lines: Iterable[Row],
    exports: Iterable[Row] = (),
    as_of: str = "2026-08-15 00:00:00",
    wanted: Iterable[str] = MARTS,
    **tables: Iterable[Row],
) -> duckdb.DuckDBPyConnection:
    given: dict[str, Iterable[Row]] = {
        "int_usage_costs_monthly": usages,
        "int_invoice_lines_unioned": [
            row | {"source_system": "canonical", "file_path": "f", "landed_row": number}
            for number, row in enumerate(lines)
        ],
        "int_provider_usage": exports,
        "int_usage_at_month_end": (),
        "billing_accounts": [ACCOUNT],
        "reconciliation_tolerances": [POLICY],
        "int_model_names": [
            {"provider": "vendor", "reported_model": "m", "model": "m", "valid_from": "2000-01-01"}
        ],
        "int_as_of": [{"as_of": as_of}],
        "thresholds": [{"threshold": "invoice_due_days", "value": 30, "valid_from": "2025-01-01"}],
    }
    return project.world(given | tables, wanted)


R1_USAGE = [
    usage(5, 3000, input_tokens=1000 * MILLION),
    usage(5, 3000, output_tokens=200 * MILLION),
]
APRIL = {"charge_period_start": "2026-04-30", "charge_period_end": "2026-05-01"}
MAY_IN_JUNE = {"charge_period_start": "2026-05-31", "charge_period_end": "2026-06-01"}
R1_LINES = [
    tokens(1, "input_uncached", 1008, "3.10"),
    tokens(2, "input_uncached", 12, "3.10", **APRIL),
    tokens(3, "output", 198, "15.00"),
    line(4, "150.00", line_type="fee"),
    line(5, "-100.00", line_type="credit"),
    line(6, "80.00", line_type="commitment"),
    line(7, "500.96", line_type="tax"),
    tokens(1, "input_uncached", 5, "3.10", period=6, **MAY_IN_JUNE),
]


def report(connection: duckdb.DuckDBPyConnection, period: int = 5) -> dict[str, Any]:
    cursor = connection.execute(
        "select * from rpt_invoice_reconciliation where period_month = ?", [month(period)]
    )
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    assert len(rows) == 1
    return dict(zip(names, rows[0], strict=True))


def component(
    connection: duckdb.DuckDBPyConnection, name: str, column: str = "amount", where: str = "true"
) -> Decimal:
    return connection.execute(
        f"select sum({column}) from fct_reconciliation_variances where component = ? and period_month = ? and {where}",
        [name, month(5)],
    ).fetchone()[0]


EXPORTS = {
    "no export": [],
    "export by time of use": [export("input_uncached", 1013), export("output", 198)],
    "export by billing": [export("input_uncached", 1020), export("output", 198)],
}


@pytest.mark.parametrize("exports", EXPORTS.values(), ids=EXPORTS.keys())
def test_r1_bridge(project: Project, exports: list[Row]) -> None:
    found = report(world(project, R1_USAGE, R1_LINES, exports))
    assert found["estimated_amount"] == 6000
    assert found["invoiced_amount"] == Decimal("6762.96")  # R1.1
    assert found["price_amount"] == Decimal("102.00")  # R1.2
    assert found["timing_amount"] == Decimal("21.00")  # R1.3
    assert (found["unmetered_amount"], found["overmetered_amount"]) == (39, -30)  # R1.4
    assert (found["commitment_amount"], found["credit_amount"]) == (80, -100)  # R1.5
    assert (found["fee_amount"], found["tax_amount"]) == (150, Decimal("500.96"))
    assert (found["fx_amount"], found["rounding_amount"], found["unexplained_amount"]) == (0, 0, 0)  # R1.6
    assert found["variance_before_adjustments"] == Decimal("762.96")
    assert found["variance_before_adjustments_rate"] == Decimal("0.127160000000")
    assert found["variance_after_adjustments"] == Decimal("111.00")  # R1.8
    assert found["variance_after_adjustments_rate"] == Decimal("0.018500000000")
    assert found["tolerance"] == Decimal("67.6296")  # R1.9
    assert found["status"] == "investigate"


def test_r1_1_use_net_tax_and_invoice(project: Project) -> None:
    connection = world(project, R1_USAGE, R1_LINES)
    billed = connection.execute(
        "select meter, sum(estimated_amount), sum(invoiced_amount) from fct_reconciliation_legs "
        "where period_month = '2026-05-01' and meter in ('input_uncached', 'output') group by 1 order by 1"
    ).fetchall()
    assert billed == [("input_uncached", 3000, 3162), ("output", 3000, 2970)]
    assert sum(amount for _, _, amount in billed) == 6132
    found = report(connection)
    charges = found["commitment_amount"] + found["credit_amount"] + found["fee_amount"]
    assert 6132 + charges == 6262
    assert 6262 + found["tax_amount"] == found["invoiced_amount"] == Decimal("6762.96")


def test_r1_second_readings(project: Project) -> None:
    found = report(world(project, R1_USAGE, R1_LINES))
    assert found["quantity_amount"] == 30  # R1.7
    assert found["joint_amount"] == 2
    assert found["price_amount"] - found["joint_amount"] == 100
    assert (found["volume_amount"], found["mix_amount"]) == (90, -60)


def test_r1_in_a_foreign_currency(project: Project) -> None:
    foreign = [
        usage(5, 3000, input_tokens=1000 * MILLION, currency="EUR", usd="2760"),
        usage(5, 3000, output_tokens=200 * MILLION, currency="EUR", usd="2760"),
    ]
    lines = [
        row | {"currency": "EUR"}
        for row in R1_LINES
        if row["line_type"] == "usage" and row["invoice_id"] == "INV-5"
    ]
    rate = {
        "currency_from": "EUR",
        "currency_to": "USD",
        "rate_type": "invoice",
        "rate": "0.93",
        "rate_date": "2026-06-03",
    }
    connection = world(project, foreign, lines, fx_rates=[rate])
    found = report(connection)
    assert found["variance_before_adjustments"] == 132
    assert found["fx_functional_amount"] == Decimal("61.32")  # R1.10
    assert found["variance_functional_amount"] == Decimal("182.76")
    assert component(connection, "fx", "functional_amount") == Decimal("61.32")
    assert component(connection, "fx") == 0


def test_missing_invoice_rate_stops_the_build(project: Project) -> None:
    lines = [row | {"currency": "EUR"} for row in R1_LINES[:1]]
    with pytest.raises(
        duckdb.Error, match="fx_missing: there is no invoice rate from EUR to USD for 2026-06-03"
    ):
        world(project, R1_USAGE, lines)


def test_r1_11_gross_residual_fails_where_net_is_nothing(project: Project) -> None:
    lines = [
        line(1, 3500, model="m", meter="input_uncached", quantity=1000, quantity_unit="MTok"),
        line(2, 2500, model="m", meter="output", quantity=200, quantity_unit="MTok"),
    ]
    found = report(world(project, R1_USAGE, lines))
    assert (found["variance_after_adjustments"], found["gross_residual"]) == (0, 1000)  # R1.11
    assert found["status"] == "material"


@pytest.mark.parametrize(
    ("combine", "expected"), [("greater_of", "67.6296"), ("lesser_of", "50"), ("both", "50")], ids=str
)
def test_tolerances_combine(project: Project, combine: str, expected: str) -> None:
    policy = POLICY | {"combine": combine}
    found = report(world(project, R1_USAGE, R1_LINES, reconciliation_tolerances=[policy]))
    assert found["tolerance"] == Decimal(expected)


def test_tolerance_edge_is_inside(project: Project) -> None:
    policy = POLICY | {"absolute_tolerance": 0, "percent_tolerance": 0}
    exact = [tokens(1, "input_uncached", 1000, "3.00"), tokens(2, "output", 200, "15.00")]
    assert (
        report(world(project, R1_USAGE, exact, reconciliation_tolerances=[policy]))["status"]
        == "within_tolerance"
    )
    edge = [*exact, line(3, "0.00", line_type="fee")]
    edge[0] = line(1, "3050.00", model="m", meter="input_uncached", quantity=1000, quantity_unit="MTok")
    policy = POLICY | {"percent_tolerance": 0}
    assert (
        report(world(project, R1_USAGE, edge, reconciliation_tolerances=[policy]))["status"]
        == "within_tolerance"
    )
    edge[0]["amount"] = "3050.01"
    assert (
        report(world(project, R1_USAGE, edge, reconciliation_tolerances=[policy]))["status"] == "investigate"
    )


def test_bias_over_three_periods_is_looked_into(project: Project) -> None:
    usages = [usage(period, 1000, input_tokens=1000 * MILLION) for period in (3, 4, 5)]
    lines = [tokens(1, "input_uncached", 1005, "1.00", period=period) for period in (3, 4, 5)]
    connection = world(project, usages, lines)
    found = [report(connection, period) for period in (3, 4, 5)]
    assert [row["periods_same_sign"] for row in found] == [1, 2, 3]
    assert [row["status"] for row in found] == ["within_tolerance", "within_tolerance", "investigate"]


def test_what_the_export_does_not_bear_out_is_unexplained(project: Project) -> None:
    lines = [tokens(1, "input_uncached", 1100, "3.00"), tokens(2, "output", 200, "15.00")]
    exports = [export("input_uncached", 1020), export("output", 200)]
    found = report(world(project, R1_USAGE, lines, exports))
    assert (found["unmetered_amount"], found["unexplained_amount"]) == (60, 240)


def test_an_export_counts_use_when_it_took_place(project: Project) -> None:
    """May's bill has 700 of May and 100 of April, May's export 1,000 as we do: the 300 that May lacks are no error."""
    lines = [tokens(1, "input_uncached", 700, "3.00"), tokens(2, "input_uncached", 100, "3.00", **APRIL)]
    found = report(world(project, INPUT, lines, INPUT_EXPORTED))
    assert (found["timing_amount"], found["overmetered_amount"], found["unexplained_amount"]) == (300, 0, -900)


@pytest.mark.parametrize(
    ("status", "timing"), [("voided", (0, -1500)), ("draft", (0, -1500)), ("issued", (-180, 180))], ids=str
)
def test_only_an_invoice_that_counts_proves_that_use_was_billed_late(
    project: Project, status: str, timing: tuple[int, int]
) -> None:
    """Of May's 1,000 the bill lacks 60 of the last hours; June's bill has 560 where we and June's calls have 500.

    Until June's invoice is there, all of June is timing, and what June's export has too much proves nothing of May.
    """
    usages = [*INPUT, usage(6, 1500, input_tokens=500 * MILLION)]
    late = {"provider": "vendor", "issuer": "vendor", "billing_account_id": "acct", "model": "m"} | {
        "meter": "input_uncached", "service_tier": "standard", "period_month": month(5), "quantity": 60 * MILLION,
    }  # fmt: skip
    lines = [
        tokens(1, "input_uncached", 940, "3.00"),
        tokens(1, "input_uncached", 560, "3.00", period=6) | {"status": status},
    ]
    exports = [export("input_uncached", 1000), export("input_uncached", 560, 6)]
    connection = world(
        project, usages, lines, exports, as_of="2026-07-10 00:00:00", int_usage_at_month_end=[late]
    )
    found = [report(connection, period) for period in (5, 6)]
    assert tuple(row["timing_amount"] for row in found) == timing
    assert found[0]["unexplained_amount"] == (0 if status == "issued" else -180)


@pytest.mark.parametrize(("priced", "expected"), [(100, (0, 300)), (0, (0, 600))])
def test_a_call_without_a_price_says_nothing_of_our_price(
    project: Project, priced: int, expected: tuple[int, int]
) -> None:
    """200 are billed at 3.00; of our 200 some had that price and the others none: that is no dearer price."""
    usages = [usage(5, 3 * priced, input_tokens=priced * MILLION)] if priced else []
    usages.append(usage(5, 0, input_tokens=(200 - priced) * MILLION, cost_basis="unpriced"))
    found = report(world(project, usages, [tokens(1, "input_uncached", 200, "3.00")], [export("input_uncached", 200)]))
    assert (found["price_amount"], found["unexplained_amount"]) == expected
    assert (found["unmetered_amount"], found["overmetered_amount"]) == (0, 0)


def test_a_line_that_does_not_multiply_is_unexplained(project: Project) -> None:
    lines = [tokens(1, "input_uncached", 1000, "3.00"), tokens(2, "output", 200, "15.00")]
    lines[0]["amount"] = "3007.00"
    found = report(world(project, R1_USAGE, lines))
    assert (found["price_amount"], found["rounding_amount"], found["unexplained_amount"]) == (0, 0, 7)
    lines[0]["amount"] = "3000.004"
    found = report(world(project, R1_USAGE, lines))
    assert (found["rounding_amount"], found["unexplained_amount"]) == (Decimal("0.004"), 0)


@pytest.mark.parametrize(
    ("amount", "told", "unexplained"),
    [
        ("9000", {}, 6000),  # three times the product: no price is guessed from it
        ("0", {}, -3000),
        ("3000", {"quantity": 1000 * MILLION, "quantity_unit": "tokens", "unit_price": "0.003"}, 0),  # per thousand
        ("3000", {"quantity": 1000 * MILLION, "quantity_unit": "tokens"}, 0),  # per million
    ],
)
def test_the_stated_price_stands_unless_its_unit_is_another(
    project: Project, amount: str, told: Row, unexplained: int
) -> None:
    lines = [tokens(1, "input_uncached", 1000, "3.00") | {"amount": amount} | told, tokens(2, "output", 200, "15.00")]
    found = report(world(project, R1_USAGE, lines))
    assert (found["price_amount"], found["rounding_amount"], found["unexplained_amount"]) == (0, 0, unexplained)


# `latest` was m1 until the second of June, and is m2 from then on.
DATED_NAMES = [
    {"provider": "vendor", "reported_model": name, "model": model, "valid_from": start, "valid_to": end}
    for name, model, start, end in (
        ("latest", "m1", "0001-01-01", "2026-06-02"),
        ("latest", "m2", "2026-06-02", "9999-12-31"),
        ("m1", "m1", "0001-01-01", "9999-12-31"),
        ("m2", "m2", "0001-01-01", "9999-12-31"),
    )
]


def test_use_at_the_end_of_a_month_has_the_model_that_its_name_meant_then(project: Project) -> None:
    """What vendors bill late of May is m1's, by which it was priced."""
    call = {"provider": "vendor", "billing_account_id": "acct", "reported_model": "latest", "input_tokens": 7}
    given: dict[str, Iterable[Row]] = {
        "int_usage_events": [call | {"occurred_at": f"2026-{month:02d}-30 23:50:00"} for month in (4, 6)],
        "int_model_names": DATED_NAMES,
        "billing_accounts": [ACCOUNT],
        "thresholds": [{"threshold": "billing_lag_hours", "value": 1, "valid_from": "2025-01-01"}],
    }
    with project.world(given, ["int_usage_at_month_end"]) as connection:
        found = connection.execute(
            "select period_month, model, quantity from warehouse.intermediate.int_usage_at_month_end order by all"
        ).fetchall()
    assert [(str(month), model, quantity) for month, model, quantity in found] == [
        ("2026-04-01", "m1", 7),
        ("2026-06-01", "m2", 7),
    ]


def test_a_call_without_a_price_has_the_model_that_its_name_meant_then(project: Project) -> None:
    """Calls of June that no price matches, and one that only its producer priced: m1's on the first day, then m2's."""
    call: Row = {
        "provider": "vendor", "billing_account_id": "acct", "reported_model": "Latest", "service_tier": "standard",
        "endpoint": "chat", "environment": "production", "requests": 1, "cost_currency": "USD",
        "cost_basis": "unpriced",
    }  # fmt: skip
    reported = call | {"cost_basis": "reported", "cost_micros": 3 * MILLION}
    given: dict[str, Iterable[Row]] = {
        "int_usage_costs": [
            call | {"occurred_at": "2026-06-01 23:59:59", "input_tokens": 7},
            call | {"occurred_at": "2026-06-02 00:00:00", "input_tokens": 11},
            reported | {"occurred_at": "2026-06-01 12:00:00"},
        ],
        "int_model_names": DATED_NAMES,
        "billing_accounts": [ACCOUNT],
    }
    with project.world(given, ["int_reconciliation_estimates"]) as connection:
        found = connection.execute(
            "select model, meter, quantity, amount from warehouse.intermediate.int_reconciliation_estimates "
            "order by all"
        ).fetchall()
    assert found == [("m1", "input_uncached", 7, 0), ("m1", "reported", None, 3), ("m2", "input_uncached", 11, 0)]


def statuses(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(
        connection.execute(
            "select meter, match_status from fct_reconciliation_legs where period_month = ?", [month(5)]
        ).fetchall()
    )


def test_voided_reissued_and_repeated_invoices_count_once(project: Project) -> None:
    lines = [tokens(1, "input_uncached", 1000, "3.00"), tokens(2, "output", 200, "15.00")]
    voided = [row | {"status": "voided"} for row in lines]
    again = [
        row | {"invoice_id": "INV-5-R", "issued_on": "2026-06-09", "reference_invoice_id": "INV-5"}
        for row in lines
    ]
    late_copy = [
        row | {"issued_on": "2026-06-20", "invoice_line_id": row["invoice_line_id"] + "b"} for row in lines
    ]
    for paper in (voided + again, lines + again, lines + late_copy):
        found = report(world(project, R1_USAGE, paper))
        assert (found["invoiced_amount"], found["variance_before_adjustments"]) == (6000, 0)
    credit = line(3, "-7000.00", line_type="credit") | {"invoice_id": "INV-5-R", "issued_on": "2026-06-09"}
    assert report(world(project, R1_USAGE, [*lines, *again, credit]))["invoiced_amount"] == -1000
    connection = world(project, R1_USAGE, voided)
    assert report(connection)["invoiced_amount"] == 0
    assert statuses(connection)["output"] == "voided"


def test_same_amount_under_another_number_is_suspect_and_counts(project: Project) -> None:
    lines = [tokens(1, "input_uncached", 1000, "3.00"), tokens(2, "output", 200, "15.00")]
    twice = lines + [row | {"invoice_id": "INV-5-B"} for row in lines]
    connection = world(project, R1_USAGE, twice, [export("input_uncached", 1000), export("output", 200)])
    found = report(connection)
    assert (found["invoiced_amount"], found["unexplained_amount"]) == (12000, 6000)
    assert set(statuses(connection).values()) == {"duplicate_invoice"}


def test_statuses(project: Project) -> None:
    lines = [
        tokens(1, "input_uncached", 1000, "3.00"),
        tokens(2, "cache_read", 10, "0.30"),
        line(3, "5.00", model="m", meter="dust", quantity=1, quantity_unit="MTok"),
    ]
    exports = [export("input_uncached", 1000), export("cache_read", 10), export("dust", 1)]
    assert statuses(world(project, R1_USAGE, lines, exports)) == {
        "input_uncached": "matched_exact",
        "output": "missing_in_invoice",
        "cache_read": "missing_in_estimate",
        "dust": "unmapped_sku",
    }
    dear = [tokens(1, "input_uncached", 1000, "3.30"), tokens(2, "output", 300, "15.00")]
    assert statuses(world(project, R1_USAGE, dear, exports)) == {
        "input_uncached": "price_exception",
        "output": "missing_in_export",
        "cache_read": "missing_in_invoice",
        "dust": "unmapped_sku",
    }
    much = [tokens(1, "input_uncached", 1000, "3.00"), tokens(2, "output", 300, "15.00")]
    assert statuses(world(project, R1_USAGE, much))["output"] == "quantity_exception"
    elsewhere = [row | {"currency": "EUR"} for row in much]
    rate = {
        "currency_from": "EUR",
        "currency_to": "USD",
        "rate_type": "invoice",
        "rate": "1.1",
        "rate_date": "2026-06-03",
    }
    assert set(statuses(world(project, R1_USAGE, elsewhere, fx_rates=[rate])).values()) == {
        "currency_mismatch"
    }


def test_an_invoice_that_is_still_due_is_timing(project: Project) -> None:
    found = report(world(project, R1_USAGE, [], as_of="2026-06-20 00:00:00"))
    assert (found["timing_amount"], found["variance_after_adjustments"]) == (-6000, 0)
    assert (found["status"], found["is_invoice_awaited"]) == ("awaiting_invoice", True)
    last = report(world(project, R1_USAGE, [], as_of="2026-06-30 23:59:59"))
    assert last["status"] == "awaiting_invoice"
    overdue = report(world(project, R1_USAGE, [], as_of="2026-07-01 00:00:00"))
    assert (overdue["timing_amount"], overdue["overmetered_amount"]) == (0, -6000)
    assert (overdue["status"], overdue["is_invoice_awaited"]) == ("missing_invoice", False)


def test_an_invoice_without_meters_is_compared_as_a_whole(project: Project) -> None:
    lines = [line(1, "6100.00", model="m", quantity=1220, quantity_unit="MTok")]
    connection = world(project, R1_USAGE, lines)
    rows = connection.execute(
        "select model, meter, estimated_amount, invoiced_amount from fct_reconciliation_legs"
    ).fetchall()
    assert rows == [("m", "__all__", 6000, 6100)]
    assert report(connection)["variance_after_adjustments"] == 100


EXACT = [tokens(1, "input_uncached", 1000, "3.00"), tokens(2, "output", 200, "15.00")]
ALL_EXPORTED = [export("input_uncached", 1000), export("output", 200)]
EUR_RATE = {
    "currency_from": "EUR",
    "currency_to": "USD",
    "rate_type": "invoice",
    "rate": "1.1",
    "rate_date": "2026-06-03",
}
LOT = {
    "contract_id": "c",
    "provider": "vendor",
    "billing_account_id": "acct",
    "kind": "prepaid",
    "amount": 4000,
    "currency": "USD",
    "period_start": "2026-05-01",
    "period_end": "2026-08-01",
    "accrual_method": "fifo",
}
BIASED = [usage(period, 1000, input_tokens=1000 * MILLION) for period in (3, 4, 5)]
ALWAYS_MORE = [tokens(1, "input_uncached", 1005, "1.00", period=period) for period in (3, 4, 5)]
# {kind: (amount, months since it was first seen, estimates, invoice lines, exports, other tables)}
TROUBLE: dict[str, tuple[Any, int, list[Row], list[Row], list[Row], dict[str, list[Row]]]] = {
    "duplicate_invoice": (
        6000, 3, R1_USAGE,
        [*EXACT, *(row | {"issued_on": "2026-06-20", "invoice_line_id": row["meter"]} for row in EXACT)],
        ALL_EXPORTED, {},
    ),
    "suspected_duplicate": (
        6000, 3, R1_USAGE, [*EXACT, *(row | {"invoice_id": "INV-5-B"} for row in EXACT)], ALL_EXPORTED, {},
    ),
    "suspected_duplicate_line": (
        3000, 3, R1_USAGE, [*EXACT, EXACT[0] | {"invoice_line_id": "3"}], ALL_EXPORTED, {},
    ),
    "unresolved_reference": (
        -10, 3, R1_USAGE,
        [*EXACT, line(9, "-10.00", line_type="credit", invoice_id="CN-1", reference_invoice_id="INV-4")],
        ALL_EXPORTED, {},
    ),
    "draft_invoice": (6000, 3, R1_USAGE, [row | {"status": "draft"} for row in EXACT], ALL_EXPORTED, {}),
    "overdue_invoice": (-6000, 3, R1_USAGE, [], ALL_EXPORTED, {}),
    "currency_mismatch": (
        -3000, 3, R1_USAGE, [row | {"currency": "EUR"} for row in EXACT], ALL_EXPORTED, {"fx_rates": [EUR_RATE]},
    ),
    "unmapped_sku": (
        50, 3, R1_USAGE, [*EXACT, line(3, "50.00", model="m", meter="dust", quantity=1, quantity_unit="MTok")],
        [*ALL_EXPORTED, export("dust", 1)], {},
    ),
    "missing_in_invoice": (-3000, 3, R1_USAGE, EXACT[:1], ALL_EXPORTED, {}),
    "missing_in_export": (1500, 3, R1_USAGE, [EXACT[0], tokens(2, "output", 300, "15.00")], ALL_EXPORTED[:1], {}),
    "missing_in_estimate": (
        3, 3, R1_USAGE, [*EXACT, tokens(3, "cache_read", 10, "0.30")], [*ALL_EXPORTED, export("cache_read", 10)], {},
    ),
    "price_exception": (300, 3, R1_USAGE, [tokens(1, "input_uncached", 1000, "3.30"), EXACT[1]], ALL_EXPORTED, {}),
    "quantity_exception": (
        1500, 3, R1_USAGE, [EXACT[0], tokens(2, "output", 300, "15.00")],
        [ALL_EXPORTED[0], export("output", 300)], {},
    ),
    "unexplained": (1500, 3, R1_USAGE, [EXACT[0], tokens(2, "output", 300, "15.00")], ALL_EXPORTED, {}),
    "persistent_bias": (15, 5, BIASED, ALWAYS_MORE, [], {}),
    "prepaid_overdraft": (2000, 3, R1_USAGE, EXACT, ALL_EXPORTED, {"commitments": [LOT]}),
}  # fmt: skip


@pytest.mark.parametrize("kind", TROUBLE)
def test_every_kind_of_exception_has_amount_age_and_suggestion(project: Project, kind: str) -> None:
    amount, age, usages, lines, exports, tables = TROUBLE[kind]
    given: dict[str, Any] = {"wanted": ["rpt_reconciliation_exceptions"]} | tables
    found = world(project, usages, lines, exports, **given).execute(
        "select kind, amount, age_periods, first_seen_period, suggestion is not null "
        "from rpt_reconciliation_exceptions order by 1"
    )
    first = f"2026-{8 - age:02d}"
    assert (kind, Decimal(amount), age, first, True) in found.fetchall()


def test_what_agrees_is_no_exception(project: Project) -> None:
    connection = world(project, R1_USAGE, EXACT, ALL_EXPORTED, wanted=["rpt_reconciliation_exceptions"])
    assert connection.execute("select * from rpt_reconciliation_exceptions").fetchall() == []


def test_a_claim_that_the_vendor_credits_is_settled(project: Project) -> None:
    dear = [tokens(1, "input_uncached", 1000, "3.30"), EXACT[1]]
    credit = line(
        1, "-300.00", period=6, line_type="credit", model="m", meter="input_uncached", reference_invoice_id="INV-5"
    )
    connection = world(
        project, R1_USAGE, [*dear, credit], ALL_EXPORTED, wanted=["rpt_reconciliation_exceptions"]
    )
    kinds = connection.execute("select kind from rpt_reconciliation_exceptions").fetchall()
    assert ("price_exception",) not in kinds


# Tolerance 50 however large the invoice is; nothing is trivial up to 1, and 1,000 is material.
FLAT = {"reconciliation_tolerances": [POLICY | {"percent_tolerance": 0}]}
INPUT = [usage(5, 3000, input_tokens=1000 * MILLION)]
AS_AGREED = tokens(1, "input_uncached", 1000, "3.00")
TOO_DEAR = tokens(1, "input_uncached", 1000, "3.30")
INPUT_EXPORTED = [export("input_uncached", 1000)]
WHOLE = "vendor / acct / USD"
KEY = "vendor / acct / m / input_uncached / standard / USD"
Exceptions = list[tuple[str, str, Decimal, str]]


def judged(
    project: Project, usages: list[Row], lines: list[Row], exports: list[Row], **tables: Any
) -> tuple[str, Exceptions]:
    """May's status, and every exception as (kind, key, amount, first seen)."""
    wanted = ["rpt_invoice_reconciliation", "rpt_reconciliation_exceptions"]
    connection = world(project, usages, lines, exports, wanted=wanted, **(FLAT | tables))
    found = connection.execute(
        "select kind, key, amount, first_seen_period from rpt_reconciliation_exceptions order by 1, 2, 4"
    ).fetchall()
    return report(connection)["status"], found


def test_small_parts_of_one_key_that_are_too_much_together_are_an_exception(project: Project) -> None:
    # 1,010 at 3.03: price 1,010 x 0.03 = 30.30 and metering 10 x 3.00 = 30.00, each under 50 and together 60.30.
    lines = [tokens(1, "input_uncached", 1010, "3.03")]
    assert judged(project, INPUT, lines, [export("input_uncached", 1010)]) == (
        "investigate", [("price_exception", WHOLE, Decimal("30.30"), "2026-05")],
    )  # fmt: skip


def many(prices: list[int]) -> tuple[list[Row], list[Row], list[Row]]:
    """Estimates of 1,000 each of as many models, their lines, and their names."""
    numbered = [(f"m{number}", price) for number, price in enumerate(prices)]
    usages = [usage(5, 1000, input_tokens=1000 * MILLION, model=name, reported_model=name) for name, _ in numbered]
    lines = [
        line(number, price, model=name, meter="input_uncached", quantity=1000, quantity_unit="MTok")
        for number, (name, price) in enumerate(numbered)
    ]
    names = [
        {"provider": "vendor", "reported_model": name, "model": name, "valid_from": "2000-01-01"}
        for name, _ in numbered
    ]
    return usages, lines, names


def test_many_small_keys_that_are_material_together_are_one_exception(project: Project) -> None:
    usages, lines, names = many([1040] * 30)  # 30 x 40 = 1,200
    assert judged(project, usages, lines, [], int_model_names=names) == (
        "material", [("price_exception", WHOLE, Decimal(1200), "2026-05")],
    )  # fmt: skip
    usages, lines, names = many([1040] * 15 + [960] * 14)  # +600 and -560: net 40, gross 1,160
    assert judged(project, usages, lines, [], int_model_names=names) == (
        "material", [("price_exception", WHOLE, Decimal(600), "2026-05")],
    )  # fmt: skip


def test_what_has_its_own_exception_leaves_the_rest_to_be_named(project: Project) -> None:
    usages, lines, names = many([1060, 1040, 1040])  # 60 has its own; 80 are left, and 40 would not be too much
    own = ("price_exception", "vendor / acct / m0 / input_uncached / standard / USD", Decimal(60), "2026-05")
    assert judged(project, usages, lines, [], int_model_names=names) == (
        "investigate", [("price_exception", WHOLE, Decimal(80), "2026-05"), own],
    )  # fmt: skip
    usages, lines, names = many([1060, 1040])
    assert judged(project, usages, lines, [], int_model_names=names) == ("investigate", [own])


@pytest.mark.parametrize("exports", [[], INPUT_EXPORTED], ids=["no export", "export"])
def test_a_missing_invoice_is_one_exception(project: Project, exports: list[Row]) -> None:
    overdue = ("overdue_invoice", WHOLE, Decimal(-3000), "2026-05")
    assert judged(project, INPUT, [], exports) == ("missing_invoice", [overdue])


def test_a_line_that_is_not_billed_is_one_exception(project: Project) -> None:
    missing = ("missing_in_invoice", "vendor / acct / m / output / standard / USD", Decimal(-3000), "2026-05")
    assert judged(project, R1_USAGE, EXACT[:1], ALL_EXPORTED) == ("material", [missing])


def credited(amount: Any, **more: Any) -> Row:
    """A credit memo of June that refers to May's invoice."""
    more = {"line_type": "credit", "invoice_id": "CN-1", "reference_invoice_id": "INV-5", "period": 6} | more
    return line(9, amount, **more)


METER = {"model": "m", "meter": "input_uncached"}
SETTLING = {
    "credit": credited("-300"),
    "credit of a meter": credited("-300", **METER),
    "credit of a model": credited("-300", model="m"),
    "credit of May": credited("-300", period=5),
    "adjustment": credited("-300", line_type="adjustment", **METER),
    "adjustment of its own document": line(9, "-300", line_type="adjustment", **METER),
    "more than is claimed": credited("-400"),
}


@pytest.mark.parametrize("credit", SETTLING.values(), ids=SETTLING.keys())
def test_a_credit_settles_the_price_of_the_invoice_that_it_names(project: Project, credit: Row) -> None:
    assert judged(project, INPUT, [TOO_DEAR, credit], INPUT_EXPORTED) == ("within_tolerance", [])


OPEN = {
    "a part": (credited("-100"), 200, []),
    "another meter": (credited("-300", model="m", meter="output"), 300, []),
    "another model": (credited("-300", model="other"), 300, []),
    "no invoice that is here": (
        credited("-300", reference_invoice_id="INV-0"), 300,
        [("unresolved_reference", "vendor / CN-1", Decimal(-300), "2026-06")],
    ),
    "another currency": (
        credited("-300", currency="EUR"), 300, [("unresolved_reference", "vendor / CN-1", Decimal(-300), "2026-06")],
    ),
    "a fee": (credited("300", line_type="fee"), 300, []),
    "no reference": (line(9, "-300", line_type="credit"), 300, []),
}  # fmt: skip


@pytest.mark.parametrize(("credit", "left", "beside"), OPEN.values(), ids=OPEN.keys())
def test_what_a_credit_does_not_settle_stays_open(
    project: Project, credit: Row, left: int, beside: Exceptions
) -> None:
    rate = EUR_RATE | {"rate_date": credit["issued_on"]}
    found = judged(project, INPUT, [TOO_DEAR, credit], INPUT_EXPORTED, fx_rates=[rate])
    assert found == ("investigate", [("price_exception", KEY, Decimal(left), "2026-05"), *beside])


def test_a_credit_of_one_meter_is_not_spent_on_another(project: Project) -> None:
    # Input is 300 too dear, output 200; the credit of 300 names output: 200 of it are settled, and no input.
    lines = [TOO_DEAR, tokens(2, "output", 200, "16.00"), credited("-300", model="m", meter="output")]
    found = judged(project, R1_USAGE, lines, ALL_EXPORTED)
    assert found == ("investigate", [("price_exception", KEY, Decimal(300), "2026-05")])
    # Without a name it settles what it equals: 200 is the output's, though input is the larger.
    lines[2] = credited("-200")
    assert judged(project, R1_USAGE, lines, ALL_EXPORTED) == found


def test_a_credited_duplicate_is_settled(project: Project) -> None:
    twice = [AS_AGREED, AS_AGREED | {"invoice_id": "INV-5-B"}]
    copy, lump = ("suspected_duplicate", "vendor / INV-5-B"), ("unexplained", KEY)
    for given, left in ((0, 3000), (1000, 2000), (3000, 0)):
        memo = [credited(-given, reference_invoice_id="INV-5-B")] if given else []
        status, found = judged(project, INPUT, twice + memo, INPUT_EXPORTED)
        expected = [(*copy, Decimal(left), "2026-05"), (*lump, Decimal(left), "2026-05")]
        assert (status, found) == (("material", expected) if left else ("within_tolerance", []))
    same_line = [AS_AGREED, AS_AGREED | {"invoice_line_id": "2"}, credited("-3000", **METER)]
    assert judged(project, INPUT, same_line, INPUT_EXPORTED) == ("within_tolerance", [])


def test_months_of_opposite_sign_do_not_hide_one_another(project: Project) -> None:
    usages = [*INPUT, usage(6, 3000, input_tokens=1000 * MILLION)]
    lines = [TOO_DEAR, tokens(1, "input_uncached", 1000, "2.70", period=6)]
    exports = [*INPUT_EXPORTED, export("input_uncached", 1000, 6)]
    assert judged(project, usages, lines, exports)[1] == [
        ("price_exception", KEY, Decimal(300), "2026-05"),
        ("price_exception", KEY, Decimal(-300), "2026-06"),
    ]


def payment(invoice: str, amount: Any, currency: str = "USD", settled_on: str = "2026-06-20") -> Row:
    return {
        "issuer": "vendor", "invoice_id": invoice, "settled_on": settled_on, "amount": amount, "currency": currency,
        "prepared_by": "a", "approved_by": "b",
    }  # fmt: skip


def test_a_payment_that_meets_no_invoice_is_an_exception(project: Project) -> None:
    payments = [
        payment("INV-5", 3000),
        payment("INV-5", 2800, "EUR", "2026-07-04"),
        payment("INV-9", 70),
        payment("INV-8", 80, settled_on="2026-08-16"),
    ]
    assert judged(project, INPUT, [AS_AGREED], INPUT_EXPORTED, invoice_settlements=payments)[1] == [
        ("unmatched_payment", "vendor / INV-5 / 2026-07-04", Decimal(2800), "2026-07"),
        ("unmatched_payment", "vendor / INV-9 / 2026-06-20", Decimal(70), "2026-06"),
    ]
