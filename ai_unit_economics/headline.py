"""Print the headline of a published file: what a successful unit costs, and how far the figures can be trusted.

    python -m ai_unit_economics.headline [published file]

Without a path it reads the file that the last build published (target/run_results.json), else the one that the
setting `publish_path` of dbt_project.yml names. Every figure is read from the marts; nothing is computed here but
sums over their rows. Plain text of a fixed width where the output is not a terminal.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ai_unit_economics.commands import default_path

WIDTH = 100
NONE = "-"

# The newest month that was over at as_of, by the units that counted in it.
MONTH = """
select max(period_start)
from marts.rpt_unit_economics
where
    period_grain = 'month'
    and environment = 'production'
    and period_start + interval 1 month <= (select as_of from publication.manifest)
"""
UNITS = """
select
    coalesce(workflow, '-'), unit_type, successful_units, attempted_units, success_rate,
    cost_per_successful_unit_usd, change_rate, target_cost_usd, figure_status
from marts.rpt_unit_economics
where period_grain = 'month' and environment = 'production' and period_start = $month
order by total_cost_usd desc, workflow, unit_type, application
"""
STACK = """
select
    layer, bool_or(is_visible), sum(cost_usd), sum(cost_usd) / nullif(sum(sum(cost_usd)) over (), 0)
from marts.rpt_cost_stack
where environment = 'production' and period_month = $month
group by layer
having sum(cost_usd) <> 0
order by sum(cost_usd) desc, layer
"""
BEARERS = """
select
    cost_center, sum(direct_cost_usd), sum(allocated_cost_usd), sum(total_cost_usd),
    sum(total_cost_usd) / nullif(sum(sum(total_cost_usd)) over (), 0)
from marts.rpt_showback
where environment = 'production' and period_month = $month
group by cost_center
having sum(total_cost_usd) <> 0
order by cost_center like '\\_\\_%' escape '\\', sum(total_cost_usd) desc, cost_center
"""
COVERAGE = """
select
    sum(allocated_cost_usd) / nullif(sum(cost_usd), 0),
    sum(requests_priced) / nullif(sum(requests), 0),
    sum(requests_with_unit) / nullif(sum(requests), 0),
    sum(requests_with_usage) / nullif(sum(requests), 0)
from marts.rpt_coverage
where environment = 'production' and period_month = $month
"""
FEEDS = """
with reasons as (
    select feed, list(reject_reason || ' ' || records order by records desc, reject_reason) as reasons
    from marts.rpt_quarantine
    group by feed
)

select
    feeds.feed, feeds.records_landed, feeds.records_kept, feeds.duplicates, feeds.quarantined,
    feeds.quarantined / nullif(feeds.records_landed, 0), coalesce(reasons.reasons, [])
from marts.rpt_feed_status as feeds
left join reasons using (feed)
where feeds.is_present
order by feeds.feed
"""
# Producers' own formats are ways to deliver the first two of these feeds: their absence is no news.
FEEDS_OF_THE_CONTRACT = (
    "ai_usage_events",
    "unit_events",
    "human_reviews",
    "metered_costs",
    "shared_costs",
    "provider_usage",
    "invoice_lines",
    "tenant_revenue",
)
ABSENT = "select feed from marts.rpt_feed_status where not is_present order by feed"
INVOICES = """
select
    issuer, billing_account_id, currency, estimated_amount, invoiced_amount, variance_after_adjustments,
    variance_after_adjustments_rate, status
from marts.rpt_invoice_reconciliation
where period_month = $month
order by issuer, billing_account_id, currency
"""


def money(value: Decimal | None, decimals: int = 2) -> str:
    """An amount with thousands separators; `-` where it is not known, and no minus before a zero."""
    return NONE if value is None else f"{Decimal(value):z,.{decimals}f}"


def percent(value: float | Decimal | None, signed: bool = False, decimals: int = 1) -> str:
    """A rate between 0 and 1 as per cent."""
    return NONE if value is None else f"{Decimal(value) * 100:{'+' if signed else ''}z,.{decimals}f} %"


def count(value: int | None) -> str:
    """A count with thousands separators."""
    return NONE if value is None else f"{int(value):,}"


def table(title: str, columns: Sequence[str]) -> Table:
    """An empty table; a column whose name starts with `<` is text and aligned left, the others are numbers."""
    made = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    made.collapse_padding = True
    for name in columns:
        text = name.startswith("<")
        made.add_column(
            name.lstrip("<"),
            justify="left" if text else "right",
            overflow="fold",
            no_wrap=name not in ("<reasons", "<status"),
        )
    return made


def units_table(rows: Sequence[Sequence[Any]], currency: str) -> Table:
    """What a successful unit costs, per workflow."""
    made = table(
        f"Cost per successful unit, {currency}",
        (
            "<workflow",
            "<unit",
            "successes",
            "success\nrate",
            "cost per\nsuccess",
            "change on\nmonth",
            "target",
            "<",
        ),
    )
    for workflow, unit, successes, _, rate, cost, change, target, status in rows:
        verdict = "" if cost is None or target is None else "missed" if cost > target else "met"
        if verdict and status == "provisional":
            verdict = "open"  # too many of the units are still pending
        made.add_row(
            workflow,
            unit,
            count(successes),
            percent(rate),
            money(cost, 4),
            percent(change, signed=True),
            money(target, 4),
            verdict,
        )
    return made


def stack_table(rows: Sequence[Sequence[Any]], currency: str) -> Table:
    """What the cost of the units is made of."""
    made = table(
        f"Cost stack of all units of the month, {currency}",
        ("<layer", "cost", "share", "<in the vendor's API bill"),
    )
    for layer, visible, cost, share in rows:
        made.add_row(layer, money(cost), percent(share), "yes" if visible else "no")
    made.add_row("total", money(sum(row[2] for row in rows)), "", "")
    return made


def bearers_table(rows: Sequence[Sequence[Any]], currency: str) -> Table:
    """Who bears the cost."""
    made = table(
        f"Who bears the cost of the month, {currency}",
        ("<cost center", "direct", "allocated", "total", "share"),
    )
    for center, direct, allocated, total, share in rows:
        made.add_row(center, money(direct), money(allocated), money(total), percent(share))
    made.add_row("total", *(money(sum(row[column] for row in rows)) for column in (1, 2, 3)), "")
    return made


def shortened(reasons: Sequence[str]) -> str:
    """The most frequent reason, and how many more there are."""
    return ", ".join([*reasons[:1], f"{len(reasons) - 1} more"] if len(reasons) > 1 else reasons)


def feeds_table(rows: Sequence[Sequence[Any]]) -> Table:
    """What became of the records of each feed, over the whole input."""
    made = table(
        "Feeds, all records",
        ("<feed", "landed", "kept", "duplicates", "quarantined", "share", "<reasons"),
    )
    for feed, landed, kept, duplicates, quarantined, share, reasons in rows:
        made.add_row(
            feed,
            count(landed),
            count(kept),
            count(duplicates),
            count(quarantined),
            percent(share, decimals=2),
            shortened(reasons),
        )
    return made


def invoices_table(rows: Sequence[Sequence[Any]]) -> Table:
    """Whether the vendors' invoices agree with what was metered."""
    made = table(
        "Invoices against metered usage, in the currency of the invoice",
        ("<issuer", "<account", "<", "metered", "invoiced", "left to\nexplain", "rate", "<status"),
    )
    for issuer, account, currency, estimated, invoiced, variance, rate, status in rows:
        made.add_row(
            issuer,
            account,
            currency,
            money(estimated),
            money(invoiced),
            money(variance),
            percent(rate, signed=True),
            status.replace("_", " ") if status else NONE,
        )
    return made


def print_headline(path: Path, console: Console) -> None:
    """Read the published file and print its headline. Raises duckdb.Error where it is no published file."""
    with duckdb.connect(str(path), read_only=True) as marts:
        manifest = marts.execute("select as_of, settings from publication.manifest").fetchone()
        as_of, settings = manifest if manifest else (None, "{}")
        currency = json.loads(settings).get("reporting_currency", "USD")
        month = (marts.execute(MONTH).fetchone() or (None,))[0]

        def rows(query: str) -> list[tuple[Any, ...]]:
            try:
                return marts.execute(query, {"month": month} if "$month" in query else None).fetchall()
            except duckdb.CatalogException as error:  # a project may do without a mart
                console.print(Text(str(error).splitlines()[0]))
                return []

        if month is None:
            console.print("No month is over yet at as_of: there is no headline to print.")
        else:
            console.print(Text(f"Headline of {month:%B %Y}, production, as of {as_of:%Y-%m-%d %H:%M} UTC"))
            console.print()
            console.print(units_table(rows(UNITS), currency))
            console.print(stack_table(rows(STACK), currency))
            console.print(bearers_table(rows(BEARERS), currency))
            for allocated, priced, with_unit, with_usage in rows(COVERAGE):
                console.print(
                    f"Coverage: {percent(allocated)} of the cost is allocated; of the requests {percent(priced)} "
                    f"are priced, {percent(with_unit)} belong to a unit of work, {percent(with_usage)} report usage.\n"
                )
            console.print(invoices_table(rows(INVOICES)))
        console.print(feeds_table(rows(FEEDS)))
        if absent := [feed for (feed,) in rows(ABSENT) if feed in FEEDS_OF_THE_CONTRACT]:
            console.print(f"Feeds without files: {', '.join(absent)}.\n")
    console.print(Text(f"Published: {path}"), soft_wrap=True)


def plain_headline(path: Path, shown_as: str) -> str:
    """The headline as plain text, without blanks at the ends of lines; the path is shown as `shown_as`."""
    written = io.StringIO()
    print_headline(path, Console(file=written, width=WIDTH, color_system=None, highlight=False))
    text = written.getvalue().replace(str(path), shown_as)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the headline; 1 and one sentence where there is nothing to read."""
    parser = argparse.ArgumentParser(prog="python -m ai_unit_economics.headline", description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, help="the published file")
    path = parser.parse_args(arguments).path or default_path()
    if not path.is_file():
        print(f"There is no published file {path}; `make build` writes it.", file=sys.stderr)
        return 1
    terminal = sys.stdout.isatty()
    console = Console(
        width=None if terminal else WIDTH, color_system="auto" if terminal else None, highlight=False
    )
    try:
        print_headline(path, console)
    except duckdb.Error as error:
        print(f"{path} does not hold the marts that the headline reads: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
