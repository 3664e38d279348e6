"""The last node of a build: every mart goes whole into the published file, once every test has passed.

A test runs before a node only where all of the test's parents are ancestors of the node. So this node names every
mart, and every other relation that a test reads and no mart does; tests/python/test_conventions.py keeps the lists
complete. dbt reads the names from this text: they stay literal.
"""

from ai_unit_economics.publish import publish


def model(dbt, session):
    dbt.config(materialized="table")
    # The marts.
    dbt.ref("dim_agents")
    dbt.ref("dim_cost_centers")
    dbt.ref("dim_dates")
    dbt.ref("dim_models")
    dbt.ref("dim_prices")
    dbt.ref("dim_teams")
    dbt.ref("dim_tenants")
    dbt.ref("dim_workflows")
    dbt.ref("fct_allocated_costs")
    dbt.ref("fct_accruals")
    dbt.ref("fct_commitment_charges")
    dbt.ref("fct_journal_entries")
    dbt.ref("fct_postings")
    dbt.ref("fct_reconciliation_legs")
    dbt.ref("fct_reconciliation_variances")
    dbt.ref("fct_unit_economics_daily")
    dbt.ref("fct_units")
    dbt.ref("fct_usage_costs")
    dbt.ref("rpt_chargeback_statements")
    dbt.ref("rpt_cost_bridge")
    dbt.ref("rpt_cost_comparisons")
    dbt.ref("rpt_cost_stack")
    dbt.ref("rpt_coverage")
    dbt.ref("rpt_data_flags")
    dbt.ref("rpt_feed_status")
    dbt.ref("rpt_invoice_reconciliation")
    dbt.ref("rpt_levers")
    dbt.ref("rpt_outlier_units")
    dbt.ref("rpt_period_close")
    dbt.ref("rpt_portfolio")
    dbt.ref("rpt_price_coverage")
    dbt.ref("rpt_quarantine")
    dbt.ref("rpt_shared_keys")
    dbt.ref("rpt_showback")
    dbt.ref("rpt_reconciliation_exceptions")
    dbt.ref("rpt_unit_cost_calendars")
    dbt.ref("rpt_unit_economics")
    dbt.ref("rpt_unit_economics_by_dimension")
    dbt.ref("rpt_waste")
    # Not published: the build's mark, the moment that the marts speak from, and what only tests read.
    dbt.ref("started_builds")
    dbt.ref("int_as_of")
    dbt.ref("allocation_rules")
    dbt.ref("allocation_weights")
    dbt.ref("api_keys")
    dbt.ref("budgets")
    dbt.ref("commitments")
    dbt.ref("gl_accounts")
    dbt.ref("int_direct_costs_monthly")
    dbt.ref("manual_adjustments")
    dbt.ref("period_snapshots")
    dbt.ref("periods")
    dbt.ref("standard_rates")
    dbt.ref("what_if_assumptions")
    return publish(session)
