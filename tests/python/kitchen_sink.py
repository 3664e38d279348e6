"""One small company that has everything: the world whose marts are frozen (tests/python/frozen.py).

Eight months of 2026 at three vendors in four currencies. Every kind of rule, contract, document, close and dispute is
there at least once, and instants and amounts lie on boundaries: windows that end to the microsecond, ranges that touch,
halves of a minor unit, equal remainders, a tier reached exactly. Nothing is drawn; the same rows come out every time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import sink_books
import sink_costs
import sink_pools
from world_runner import Runner

from tests.oracle.worlds import World

Row = dict[str, Any]
AS_OF = datetime(2026, 8, 20, 12)
MONTHS = [date(2026, month, 1) for month in range(1, 9)]
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)
# (model, account, vendor, price of a million tokens read, written)
SOLD = (
    ("m1", "acct_a", "vend_a", "3", "15"),
    ("m2", "acct_a2", "vend_a", "0.5", "2.5"),
    ("m3", "acct_b", "vend_b", "2", "8.000000001"),
    ("m4", "acct_c", "vend_c", "450", "1350"),
    ("m5", "acct_d", "vend_d", "1", "4"),
)
CLOSES = {
    "default": (
        ("2026-01", "2026-02-05T00:00:00", None), ("2026-02", "2026-03-05T17:00:00", "2026-03-10T08:00:00"),
        ("2026-02", "2026-03-12T17:00:00", None), ("2026-03", "2026-04-06T17:00:00", None),
        ("2026-04", "2026-05-05T17:00:00", None), ("2026-05", "2026-06-05T17:00:00", "2026-06-20T09:00:00"),
        ("2026-05", "2026-06-25T17:00:00", None), ("2026-06", "2026-07-06T17:00:00", None),
        ("2026-07", "2026-08-06T17:00:00", "2026-08-15T10:00:00"), ("2026-08", None, None),
    ),
    "branch": (
        ("2026-01", "2026-02-10T00:00:00", None), ("2026-02", "2026-03-10T08:00:00", None),
        ("2026-03", "2026-04-20T17:00:00", None), ("2026-04", "2026-08-20T12:00:00", None),
        ("2026-05", None, None),
    ),
    "shop": (("2026-01", "2026-02-15T00:00:00", "2026-08-20T12:00:00"), ("2026-02", None, None)),
}  # fmt: skip


def following(month: date) -> date:
    return (month + 32 * DAY).replace(day=1)


def at(month: date, day: int, hour: float = 9) -> datetime:
    return datetime(month.year, month.month, day) + timedelta(hours=hour)


def told(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds") + "Z"


class Sink:
    """Collects the rows of the world."""

    def __init__(self) -> None:
        self.world = World(0, AS_OF)
        self.counts: dict[str, int] = defaultdict(int)
        self.metered: dict[tuple[str, date, str, str, str], int] = defaultdict(int)

    def put(self, seed: str, **row: Any) -> None:
        self.world.policy.setdefault(seed, []).append(row)

    def add(self, feed: str, **record: Any) -> None:
        kept = {name: value for name, value in record.items() if value is not None}
        self.world.feeds.setdefault(feed, []).append(kept)

    def number(self, what: str) -> str:
        self.counts[what] += 1
        return f"{what}{self.counts[what]}"

    # Who there is.

    def organization(self) -> None:
        for center, above, entity in (
            ("group", None, "default"), ("business", "group", "default"), ("retail", "business", "default"),
            ("cc_a", "retail", "default"), ("cc_b", "retail", "default"), ("cc_c", "business", "default"),
            ("cc_d", None, "branch"), ("cc_e", "group", "branch"), ("cc_f", "retail", "shop"), ("identity", "cc_f", "default"),
        ):  # fmt: skip
            self.put("cost_centers", cost_center=center, name=center.upper(), parent_cost_center=above, entity=entity)
        for team, center in (("team_a", "cc_a"), ("team_b", "cc_b"), ("team_c", "cc_c"), ("team_d", None)):
            self.put("teams", team=team, name=team.upper(), cost_center=center)
        for number in range(6):
            self.put(
                "tenants", tenant_id=f"t{number}", name=f"T{number}", segment=("small", "enterprise")[number % 2]
            )
        for name, team, center in (("app_0", "team_a", None), ("app_1", None, "cc_c"), ("app_2", "team_d", None)):
            self.put("applications", application=name, name=name, team=team, cost_center=center, business_unit="B")
        for number, (team, center) in enumerate((("team_a", None), ("team_b", "cc_e"), (None, "cc_c"), (None, None))):
            self.put(
                "workflows", workflow=f"flow_{number}", name="f", team=team, cost_center=center, business_unit="B"
            )
        for number, (flow, team) in enumerate((("flow_0", "team_a"), ("flow_1", "team_b"), (None, "team_d"))):
            self.put(
                "agents", agent_id=f"agent_{number}", name="g", workflow=flow, team=team, started_on="2026-01-01",
                productivity_target_per_day=10, quality_floor="0.8",
            )  # fmt: skip
        for account, vendor, issuer, currency, center, entity in (
            ("acct_a", "vend_a", "vend_a", "USD", None, "default"),
            ("acct_a2", "vend_a", "vend_a", "USD", "cc_c", "default"),
            ("acct_b", "vend_b", "bill_b", "EUR", None, "default"), ("acct_c", "vend_c", "vend_c", "JPY", "cc_d", "branch"),
            ("acct_d", "vend_d", "vend_d", "USD", "cc_b", "default"),
        ):  # fmt: skip
            self.put(
                "billing_accounts", billing_account_id=account, provider=vendor, issuer=issuer, currency=currency,
                cost_center=center, entity=entity,
            )  # fmt: skip
        keys = (
            ("key_team", "acct_a", "vend_a", "team", "team_b", "1", False, "2026-01-01", None),
            ("key_app", "acct_a", "vend_a", "application", "app_1", "1", False, "2026-01-01", "2026-05-01"),
            ("key_app", "acct_a", "vend_a", "cost_center", "cc_e", "1", False, "2026-05-01", None),
            ("key_up", "acct_a", "vend_a", "team", "team_a", "0.5", True, "2026-01-01", None),
            ("key_up", "acct_a", "vend_a", "team", "team_b", "0.25", True, "2026-01-01", None),
            ("key_up", "acct_a", "vend_a", "cost_center", "cc_c", "0.25", True, "2026-01-01", None),
            ("key_keep", "acct_a2", "vend_a", "cost_center", "cc_a", "0.4", True, "2026-01-01", "2026-04-01"),
            ("key_keep", "acct_a2", "vend_a", "cost_center", "cc_b", "0.6", True, "2026-01-01", "2026-04-01"),
            ("key_keep", "acct_a2", "vend_a", "cost_center", "cc_b", "1", True, "2026-04-01", None),
            ("key_dead", "acct_a", "vend_a", "cost_center", "cc_f", "1", True, "2026-02-01", None),
            ("key_plain", "acct_d", "vend_d", "cost_center", "cc_c", "1", True, "2026-01-01", None),
            ("key_eur", "acct_b", "vend_b", "team", "team_a", "0.5", True, "2026-01-01", None),
            ("key_eur", "acct_b", "vend_b", "cost_center", "cc_c", "0.5", True, "2026-01-01", None),
        )
        for key, account, vendor, kind, owner, share, shared, start, end in keys:
            self.put(
                "api_keys", api_key_id=key, provider=vendor, billing_account_id=account, owner_type=kind,
                owner_id=owner, share=share, is_shared=shared, valid_from=start, valid_to=end,
            )  # fmt: skip

    def unit_policy(self) -> None:
        for kind, flow, primary, window, abandon, days in (
            ("kind_0", "flow_0", True, 48, 720, 30), ("kind_0", "flow_3", True, 24, 240, 30),
            ("kind_1", "flow_0", False, 10, 20, 5), ("kind_1", "flow_1", True, 168, 500, 60), ("kind_2", "flow_2", True, 0, 300, 90),
        ):  # fmt: skip
            self.put(
                "unit_types", unit_type=kind, workflow=flow, is_primary=primary, reopen_window_hours=window,
                abandon_after_hours=abandon, attribution_window_days=days,
            )  # fmt: skip
        words = {"resolved": "success", "rejected": "failed", "escalated": "escalated", "waiting": "pending",
                 "withdrawn": "cancelled"}  # fmt: skip
        for kind in ("kind_0", "kind_1", "kind_2"):
            for word, meaning in words.items():
                self.put("outcome_statuses", unit_type=kind, outcome=word, classification=meaning)
        for kind, flow, currency, start, end, target in (
            ("kind_0", "flow_0", "USD", "2026-01-01", "2026-04-01", "4"),
            ("kind_0", "flow_0", "USD", "2026-04-01", None, "3.5"), ("kind_1", "flow_1", "EUR", "2026-02-01", None, "9"),
        ):  # fmt: skip
            self.put(
                "unit_targets", unit_type=kind, workflow=flow, target_cost=target, slo_share="0.9",
                human_cost_per_unit="6.4", human_minutes_per_unit="8", human_success_rate="0.95", price_per_unit="7.5",
                other_direct_cost_per_unit="0.35", ai_error_rate="0.03", human_error_rate="0.02",
                rework_cost_per_error="5", currency=currency, valid_from=start, valid_to=end,
            )  # fmt: skip
        for kind, name, amount, basis in (("kind_0", "own", "2.1", "cost"), ("kind_0", "vendor", "0.99", "price"),
                                          ("kind_0", "vendor, upper", "1.5", "price"), ("kind_1", "peer", "6", "cost")):  # fmt: skip
            self.put(
                "benchmarks", unit_type=kind, name=name, amount=amount, currency="USD", basis=basis,
                unit_definition="d", source="s", as_of="2026-03-01",
            )  # fmt: skip
        for number, (dimension, base, treated, strata, cluster) in enumerate(
            (
                ("cohort", "control", "trial", "size", "tenant"), ("prompt_version", "v1", "v2", "size;language", "unit"),
                ("model", "m1", "m2", "", "unit"), ("agent", "agent_0", "agent_1", "language", "tenant"),
            )
        ):  # fmt: skip
            self.put(
                "comparisons", comparison_id=f"cmp_{number}", unit_type="kind_0", workflow="flow_0",
                arm_dimension=dimension, baseline_arm=base, treatment_arm=treated, strata=strata, cluster=cluster,
                from_date="2026-01-01", to_date=("2026-08-01", "2026-06-01")[number % 2], confidence_level="0.95",
            )  # fmt: skip
        for kind, center, rate, currency, start, end in (
            ("kind_0", "cc_a", "4.10", "USD", "2026-01-01", "2026-05-01"),
            ("kind_0", "cc_a", "3.60", "USD", "2026-05-01", None), ("kind_1", "cc_b", "7", "EUR", "2026-01-01", None),
        ):  # fmt: skip
            self.put(
                "standard_rates", unit_type=kind, cost_center=center, rate=rate, currency=currency, valid_from=start,
                valid_to=end,
            )  # fmt: skip
        for scenario, kind, what, how, value in (
            ("small", "kind_0", "model_first_pass", "multiply", "0.5"), ("small", "kind_0", "wasted_calls", "multiply", "1.2"),
            ("small", "kind_0", "success_share", "set", "0.6"), ("hands", "kind_1", "human_review", "set", "1.25"),
            ("hands", "kind_1", "shared_costs", "multiply", "0.8"), ("hands", "kind_1", "retrieval", "set", "0"),
        ):  # fmt: skip
            self.put(
                "what_if_assumptions", scenario_id=scenario, unit_type=kind, assumption=what, operation=how,
                value=value, reason="r", prepared_by="p",
            )  # fmt: skip

    # What things cost.

    def rates(self) -> None:
        day = date(2025, 12, 20)
        number = 0
        while day <= AS_OF.date() + 3 * DAY:
            number += 1
            for currency, base in (("EUR", "1.08"), ("JPY", "0.0067"), ("BHD", "2.65"), ("CLF", "41.5")):
                for kind, step in (("spot", "0.000123456789"), ("invoice", "0.000023456789")):
                    rate = Decimal(base) + Decimal(step) * (number % 97)
                    self.put(
                        "fx_rates", currency_from=currency, currency_to="USD", rate_type=kind, rate=rate, rate_date=day,
                        is_carried=False, origin_date=day,
                    )  # fmt: skip
            # Rates into another currency are nobody's business here.
            self.put(
                "fx_rates", currency_from="USD", currency_to="EUR", rate_type="spot", rate="0.91", rate_date=day,
                is_carried=False, origin_date=day,
            )  # fmt: skip
            day += DAY

    def list_price(self, vendor: str, model: str, meter: str, price: str, **fields: Any) -> None:
        row: Row = {
            "provider": vendor, "model": model, "meter": meter, "service_tier": "standard", "context_tokens_over": 0,
            "price": price, "per_quantity": 1_000_000, "currency": {"vend_b": "EUR", "vend_c": "JPY"}.get(vendor, "USD"),
            "is_free": False, "valid_from": None, "valid_to": None, "price_source": "list", "date_basis": "effective",
            "observed_on": "2025-12-01", "is_deprecated": False, "is_inherited": False,
        }  # fmt: skip
        self.put("list_prices", **row | fields)

    def prices(self) -> None:
        for model, _, vendor, read, written in SOLD:
            for meter, price in (("input_uncached", read), ("output", written)):
                self.list_price(vendor, model, meter, price)
            factor = Decimal(read) / 10
            for meter, times in (("cache_read", "1"), ("cache_write_5m", "12.5"), ("cache_write_1h", "20")):
                self.list_price(vendor, model, meter, f"{factor * Decimal(times):f}")
        for meter, price in (("input_uncached", "6"), ("output", "22.50"), ("cache_read", "0.60")):
            self.list_price("vend_a", "m1", meter, price, context_tokens_over=200_000)
        for meter, price in (("input_uncached", "1.5"), ("output", "7.5")):
            self.list_price("vend_a", "m1", meter, price, service_tier="batch")
        self.list_price("vend_a", "m1", "web_search", "10", per_quantity=1000)
        self.list_price("vend_a", "m1", "request", "0.5", per_quantity=1000)
        self.list_price("vend_a", "m2", "images", "0.04", per_quantity=1)
        # A price that changed within a month, a dearer one by night, and an older edition of the list.
        change = {"valid_from": "2026-04-15T12:00:00"}
        rows = [row for row in self.world.policy["list_prices"] if row["model"] == "m2" and row["meter"] == "output"]
        rows[0]["valid_to"] = change["valid_from"]
        self.list_price("vend_a", "m2", "output", "3.125", **change)
        self.list_price("vend_b", "m3", "output", "9", time_from_utc="22:00:00", time_to_utc="06:00:00")
        self.list_price("vend_b", "m3", "output", "99", observed_on="2025-06-01")
        self.list_price("vend_a", "emb", "input_uncached", "0.1")
        self.list_price("vend_a", "emb", "embedding_input", "0.02", valid_from="2026-03-01T00:00:00")
        for meter in ("input_uncached", "output"):
            self.list_price("vend_a", "gift", meter, "0", is_free=True)
            self.list_price("vend_a", "gone", meter, "2", valid_to="2026-03-01T00:00:00")
            self.list_price("vend_a", "twin", meter, {"output": "2.5"}.get(meter, "0.5"))
        self.list_price("vend_a", "half", "input_uncached", "1")
        for vendor, reported, model, start, end in (
            ("vend_a", "m1-2026", "m1", None, None), ("vend_a", "latest", "m1", None, "2026-05-01T00:00:00"),
            ("vend_a", "latest", "m2", "2026-05-01T00:00:00", None),
        ):  # fmt: skip
            self.put(
                "model_aliases", provider=vendor, reported_model=reported, model=model, price_provider=vendor,
                is_default_provider=True, valid_from=start, valid_to=end, observed_on="2026-01-01",
            )  # fmt: skip
        self.put("provider_aliases", reported_provider="vendor-a", provider="vend_a")

    def contract(self, account: str | None, vendor: str, model: str, meter: str, **fields: Any) -> None:
        row: Row = {
            "contract_id": f"c-{account}-{model}", "provider": vendor, "billing_account_id": account, "model": model,
            "meter": meter, "service_tier": "standard", "context_tokens_over": 0, "price": None, "discount_rate": None,
            "per_quantity": 1_000_000, "currency": {"vend_b": "EUR", "vend_c": "JPY"}.get(vendor, "USD"),
            "valid_from": "2026-01-01T00:00:00", "valid_to": None, "recorded_at": "2025-12-15T00:00:00",
            "approved_by": "w",
        }  # fmt: skip
        self.put("contract_prices", **row | fields)

    def contracts(self) -> None:
        """Prices, corrected after a close and in its instant; discounts; tiers by quantity; blocks."""
        for meter, price, later in (("input_uncached", "2.7", "2.4"), ("output", "13.5", "12")):
            self.contract("acct_a", "vend_a", "m1", meter, price=price, valid_from="2026-02-10T06:30:00",
                          valid_to="2026-07-01T00:00:00")  # fmt: skip
            self.contract("acct_a", "vend_a", "m1", meter, price=later, valid_from="2026-03-01T00:00:00",
                          valid_to="2026-06-01T00:00:00", recorded_at="2026-04-06T17:00:00")  # fmt: skip
            self.contract("acct_a", "vend_a", "m1", meter, price=price, valid_from="2026-05-01T00:00:00",
                          valid_to="2026-06-01T00:00:00", recorded_at="2026-06-21T00:00:00")  # fmt: skip
        self.contract("acct_a", "vend_a", "m1", "web_search", price="8", per_quantity=1000)
        self.contract("acct_a", "vend_a", "m1", "output", price="1", valid_from="2026-07-01T00:00:00",
                      recorded_at=told(AS_OF)[:-1])  # fmt: skip
        self.contract("acct_a", "vend_a", "m1", "input_uncached", price="1", valid_from="2026-07-01T00:00:00",
                      recorded_at=told(AS_OF + TICK)[:-1])  # fmt: skip
        for meter in ("input_uncached", "output"):
            self.contract("acct_b", "vend_b", "m3", meter, discount_rate="0.145", valid_from="2026-02-01T00:00:00")
        graduated = (("0", "1"), ("100000", "0.8"), ("300000", "0.5"))
        for over, price in graduated:
            self.contract("acct_d", "vend_d", "m5", "input_uncached", price=price, quantity_over=over,
                          tier_mode="graduated", tier_period="month")  # fmt: skip
        for over, price in (("0", "4"), ("50000", "3"), ("200000", "2")):
            self.contract("acct_d", "vend_d", "m5", "output", price=price, quantity_over=over, tier_mode="volume",
                          tier_period="term", valid_to="2026-07-01T00:00:00")  # fmt: skip
        self.contract("acct_a2", "vend_a", "m2", "images", price="0.03", per_quantity=1, block_quantity=5,
                      minimum_charge="0.2")  # fmt: skip

    def services(self) -> None:
        for service, unit, price, per, currency, start, end in (
            ("sms", "message", "0.0079", 1, "USD", "2026-01-01T00:00:00", "2026-04-01T00:00:00"),
            ("sms", "message", "0.0083", 1, "EUR", "2026-04-01T00:00:00", None),
            ("ocr", "page", "1.5", 1000, "USD", "2026-01-01T00:00:00", None),
        ):  # fmt: skip
            self.put(
                "service_prices", service=service, quantity_unit=unit, price=price, per_quantity=per, currency=currency,
                valid_from=start, valid_to=end,
            )  # fmt: skip
        for role, rate, currency, start, end in (
            ("clerk", "36.5", "USD", "2026-01-01", "2026-05-01"), ("clerk", "38.333333333", "USD", "2026-05-01", None),
            ("expert", "52", "EUR", "2026-01-01", None),
        ):  # fmt: skip
            self.put(
                "labor_rates", reviewer_role=role, hourly_rate=rate, currency=currency, valid_from=start, valid_to=end
            )

    # Who bears what nobody owns.

    def rule(self, rule_id: str, pool: str, priority: int, method: str, **fields: Any) -> None:
        row = {"rule_id": rule_id, "pool": pool, "priority": priority, "method": method, "approved_by": "w"}
        self.put("allocation_rules", **row | {"valid_from": "2026-01-01"} | fields)

    def weights(self, rule_id: str, *targets: tuple[str, str, str], **fields: Any) -> None:
        for kind, target, weight in targets:
            row = {"rule_id": rule_id, "target_type": kind, "target_id": target, "weight": weight}
            self.put("allocation_weights", **row | {"valid_from": "2026-01-01"} | fields)

    def pools(self) -> None:
        """A pool of every method, driver and scope; service pools in three ways; idle capacity."""
        for number, (driver, scope) in enumerate(
            (
                ("tokens", "cost_center"), ("requests", "team"), ("units", "tenant"), ("successful_units", "application"),
                ("review_minutes", "workflow"), ("cost", "agent"), ("tokens", "unit"), ("successful_units", "unit"),
                ("cost", "cost_center"), ("requests", None), ("review_minutes", "unit"), ("units", "unit"),
            )
        ):  # fmt: skip
            pool = f"by_{driver}_{scope}"
            self.rule(
                f"r{number}", pool, 10, "proportional", driver=driver, scope=scope, fallback_rule_id=f"r{number}f"
            )
            self.rule(f"r{number}f", f"{pool}_none", 11, "even")
            self.weights(f"r{number}f", ("cost_center", "cc_a", "1"), ("cost_center", "cc_c", "5"))
            self.pool(pool, number)
        self.rule("seats", "licences", 20, "proportional", driver="seats", scope="team")
        self.weights("seats", ("team", "team_a", "7"), ("team", "team_b", "11"), ("team", "team_d", "13"))
        self.rule("tiered", "scans", 30, "tiered", driver="requests", scope="workflow")
        self.rule("fixed", "data", 40, "fixed", valid_to="2026-04-01")
        self.weights("fixed", ("cost_center", "cc_a", "0.333333333"), ("cost_center", "cc_b", "0.333333333"),
                     ("cost_center", "cc_c", "0.333333334"), valid_to="2026-04-01")  # fmt: skip
        self.rule("fixed_2", "data", 41, "fixed", valid_from="2026-04-01")
        self.weights("fixed_2", ("tenant", "t0", "0.5"), ("tenant", "t5", "0.5"))
        self.rule("direct", "desk", 50, "direct")
        self.weights("direct", ("cost_center", "cc_b", "1"))
        self.rule("idle", "reserved", 60, "idle", driver="tokens", fallback_rule_id="used")
        self.rule("used", "reserved", 61, "proportional", driver="tokens", scope="unit")
        self.rule("idle_seats", "chairs", 62, "idle", driver="seats", fallback_rule_id="chairs_used")
        self.rule("chairs_used", "chairs", 63, "proportional", driver="seats")
        self.weights("chairs_used", ("cost_center", "cc_a", "3"), ("cost_center", "cc_e", "4"))
        # Nobody bears the first two in some months; the third is in force from April.
        self.rule(
            "late_0", "late", 70, "proportional", driver="seats", scope="agent", fallback_rule_id="late_f"
        )
        self.rule("late_f", "late_none", 71, "proportional", driver="seats", scope="agent", valid_to="2026-06-01",
                  fallback_rule_id="late_g")  # fmt: skip
        self.rule("late_g", "late_none", 72, "direct", valid_from="2026-05-01")
        self.weights("late_g", ("cost_center", "cc_e", "1"))
        self.rule("late_1", "late", 73, "even", valid_from="2026-04-01")
        self.weights(
            "late_1", ("cost_center", "cc_a", "1"), ("cost_center", "cc_b", "2"), ("cost_center", "cc_c", "0")
        )
        for method, start, end in (
            ("direct_service", "01", "03"),
            ("step_down", "03", "05"),
            ("reciprocal", "05", None),
        ):
            dates = {"valid_from": f"2026-{start}-01", "valid_to": f"2026-{end}-01" if end else None}
            for number, (pool, other, to_other, mine, yours) in enumerate(
                (("network", "identity", "0.2", "0.5", "0.3"), ("identity", "network", "0.1", "0.6", "0.2"))
            ):
                if method == "step_down" and pool == "identity":
                    to_other = "0"
                self.rule(f"{pool}_{method}", pool, 80 + number, method, **dates)
                rest = 1 - Decimal(to_other) - Decimal(mine) - Decimal(yours)
                parts = [("cost_center", "cc_a", mine), ("cost_center", "cc_b", yours)]
                parts += [("pool", other, to_other)] if Decimal(to_other) else []
                parts += [("pool", "by_requests_None", f"{rest:f}")] if rest else []
                self.weights(f"{pool}_{method}", *parts, **dates)
            for number, month in enumerate(MONTHS):
                if dates["valid_from"] <= str(month) < (dates["valid_to"] or "9"):
                    self.share("network", month, f"{123456 + number}.01")
                    self.share("identity", month, f"{400 + number}.005")
        self.rule("up", "api_key:key_up", 90, "gross_up")
        self.rule("up_2", "api_key:key_team", 91, "gross_up", scope="tenant", valid_from="2026-06-01")
        self.rule("keep", "api_key:key_keep", 92, "keep_unattributed", valid_to="2026-06-01")
        self.rule("keep_2", "api_key:key_keep", 93, "gross_up", scope="team", valid_from="2026-06-01")
        for month in MONTHS:
            days = {
                "capacity_quantity": ("4000000000", "900000", "500000")[month.month % 3],
                "capacity_unit": "tokens",
            }
            self.share("reserved", month, "720.00", billing_account_id="acct_a", **days)
            self.share("licences", month, "20.12345", currency="CLF")
            self.share("chairs", month, "70", capacity_quantity="10", capacity_unit="seats")
            self.share("orphan", month, "0.400000000001", environment=("production", "staging")[month.month % 2])
        self.share(
            "reserved", MONTHS[2], "99.99", billing_account_id=None, capacity_quantity="40", capacity_unit="tokens"
        )
        for pool, amount in (
            ("licences", "31"),
            ("scans", "10.00"),
            ("data", "100.00"),
            ("desk", "3.5"),
            ("late", "0.05"),
        ):
            for month in MONTHS:
                currency = ("USD", "EUR", "JPY", "BHD")[month.month % 4]
                self.share(pool, month, "334" if currency == "JPY" else amount, currency=currency)
        # Over several months, from within a month to within another; a credit of an earlier charge; a copy known later.
        self.share(
            "licences",
            MONTHS[0],
            "1000.00",
            period_start="2026-01-10",
            period_end="2026-06-03",
            shared_cost_id="year",
        )
        self.share("desk", MONTHS[1], "50.00", invoice_id="inv-desk", shared_cost_id="charge")
        self.share("desk", MONTHS[3], "-20.00", invoice_id="inv-desk", shared_cost_id="credit")
        self.share("by_tokens_cost_center", MONTHS[1], "40.00", invoice_id="inv-t")
        self.share("by_tokens_cost_center", MONTHS[3], "0", invoice_id="inv-t", shared_cost_id="nothing-t")
        self.share("by_tokens_cost_center", MONTHS[4], "-10.00", invoice_id="inv-t", shared_cost_id="credit-t")
        self.share("data", MONTHS[2], "9", shared_cost_id="twice")
        self.share("data", MONTHS[2], "11", shared_cost_id="twice", ingested_at="2026-04-20T00:00:00Z")
        self.share("data", MONTHS[3], "7", shared_cost_id="thrice", ingested_at="2026-04-20T00:00:00Z")
        self.share("data", MONTHS[3], "8", shared_cost_id="thrice", ingested_at="2026-05-05T17:00:00Z")
        self.share("data", MONTHS[3], "6", shared_cost_id="edge", ingested_at="2026-06-05T17:00:00Z")
        self.share("data", MONTHS[0], "5", shared_cost_id="late", ingested_at="2026-03-11T00:00:00Z")

    def pool(self, pool: str, number: int) -> None:
        for month in MONTHS[number % 2 :: 2]:
            environment = ("production", None, "staging")[(number + month.month) % 5 % 3]
            self.share(pool, month, f"{100 + number}.{month.month}7", environment=environment)

    def share(self, pool: str, month: date, amount: str, **fields: Any) -> None:
        row = {
            "shared_cost_id": self.number("sc"), "pool": pool, "period_start": month, "period_end": following(month),
            "layer": {"network": "platform", "data": "data_licence", "reserved": "model_hosting"}.get(pool, "observability"),
            "amount": amount, "currency": "USD", "environment": "production", "vendor": "v",
        }  # fmt: skip
        self.add("shared_costs", **row | fields)

    # The work.

    def call(self, moment: datetime, model: str, read: int, written: int, **fields: Any) -> str:
        """A call, tallied as its vendor would. `fields` say more of it; `parts` are parts of what was read."""
        account, vendor = next(((row[1], row[2]) for row in SOLD if row[0] == model), ("acct_a", "vend_a"))
        number = self.number("req")
        parts, extra = fields.pop("parts", {}), fields.pop("extra", {})
        known = fields.pop("known", None)
        row: Row = {
            "request_id": number, "timestamp_utc": told(moment), "environment": "production", "provider": vendor,
            "billing_account_id": account, "model_or_deployment": model, "status": "success", "endpoint": "chat",
            "usage": {"input_tokens": read, "output_tokens": written} | parts | extra,
            "ingested_at": known and told(known),
        }  # fmt: skip
        row |= fields
        self.add("ai_usage_events", **row)
        if "cost_estimate" not in row:
            month, tier = moment.date().replace(day=1), row.get("service_tier") or "standard"
            meters = {"input_uncached": read - sum(parts.values()), "output": written}
            meters["cache_read"] = parts.get("cached_input_tokens", 0)
            for meter, quantity in meters.items():
                self.metered[row["billing_account_id"], month, row["model_or_deployment"], meter, tier] += quantity
        return number

    def fact(self, unit: Row, moment: datetime, kind: str, **fields: Any) -> None:
        row = {"event_id": self.number("fact"), "event_type": kind, "occurred_at": told(moment)}
        self.add("unit_events", **unit | row | fields)

    def review(self, unit: Row, moment: datetime, minutes: str | None, **fields: Any) -> None:
        row: Row = {"review_id": self.number("rev"), "reviewer_role": "clerk", "reviewer_id": "r1"}
        named = {key: unit[key] for key in ("unit_type", "unit_id")}
        self.add("human_reviews", **named | row | {"started_at": told(moment), "minutes": minutes} | fields)

    def charge(self, moment: datetime, layer: str, service: str, **fields: Any) -> None:
        row = {"charge_id": self.number("chg"), "occurred_at": told(moment), "layer": layer, "service": service}
        self.add("metered_costs", **row | {"environment": "production"} | fields)

    def units(self) -> None:
        """Units of four kinds at every hour of eight months, each with another course, chain and owner."""
        for number in range(176):
            month = MONTHS[number % 8]
            kind = number % 4
            start = at(month, 1 + number * 7 % 26, number * 5 % 24)
            if number in (8, 17, 26):
                start = at(month, 1, 0) - (SECOND, 0 * SECOND, -TICK)[number % 3]
            if start > AS_OF - 2 * HOUR:
                start = AS_OF - 8 * DAY - number * HOUR / 8
            told_of: Row = {
                "application": f"app_{number % 3}", "workflow": ("flow_3" if number % 16 == 4 else f"flow_{kind}"),
                "agent_id": f"agent_{number // 4 % 3}", "tenant_id": f"t{number % 7}", "team": ("team_a", "team_b", None)[number % 3],
            }  # fmt: skip
            if number % 11 == 3:
                told_of |= {"cost_center": "cc_e"}
            if number % 13 == 5:
                told_of = {"tenant_id": told_of["tenant_id"]}
            environment = "staging" if number % 10 == 7 else "evaluation" if number % 23 == 9 else "production"
            unit: Row = {"unit_type": f"kind_{kind}", "unit_id": f"u{number}"}
            named = unit | told_of | {"environment": environment}
            named |= {"cohort": ("control", "trial")[number // 4 % 2]}
            named |= {"attributes": {"size": "SML"[number // 8 % 3], "language": ("en", "de")[number // 4 % 2]}}
            self.course(number, named, start)
            if number % 8 == 0:  # Another unit of the same name.
                self.course(number, named | {"environment": "staging"}, start + HOUR)
                self.call(start + 5 * HOUR, "m2", 3000, 30, business_unit=unit, environment="staging", tenant_id="t1")
            self.chain(number, unit, told_of | {"environment": environment}, start)
            self.hands(number, unit, told_of | {"environment": environment}, start)

    def course(self, number: int, unit: Row, start: datetime) -> None:
        """What becomes of a unit: every line of the table of states, on both sides of its windows."""
        kind = unit["unit_type"]
        if kind == "kind_3" or number % 19 == 6:
            return
        window = {"kind_0": 48, "kind_1": 168, "kind_2": 0}[kind] * HOUR
        if number % 5:
            self.fact(unit, start, "opened", value_amount="12.50", value_currency=("USD", "EUR")[number % 2])
        end = start + 3 * HOUR + number * SECOND
        course = number // 4 % 16
        if course in (10, 15) and number % 8 < 6:
            course -= 10  # what stays open is among the last months

        def outcome(moment: datetime, word: str, **fields: Any) -> None:
            if moment <= AS_OF:
                self.fact(unit, moment, "outcome", outcome=word, **fields)

        if course in (0, 1, 2, 3, 4, 5, 6, 14):
            late = end + 40 * DAY if course == 6 and end + 40 * DAY < AS_OF else None
            outcome(end, "resolved", ingested_at=late and told(late), csat=0.9)
        if course == 1:
            self.fact(unit, end + window, "reopened")
        if course == 2 and end + window + TICK <= AS_OF:
            self.fact(unit, end + window + TICK, "reopened")
            outcome(end + window + HOUR, "resolved")
            if number % 8 < 4:  # A third episode.
                self.fact(unit, end + 2 * window + DAY, "reopened")
                outcome(end + 2 * window + DAY + HOUR, "resolved")
        if course == 3 and end + window + HOUR < AS_OF:
            self.fact(unit, end + window / 2 + TICK, "reopened")
            outcome(end + window / 2 + HOUR, "resolved")
        if course == 4 and end + HOUR < AS_OF:
            self.fact(unit, end + HOUR, "reopened", ingested_at=told(min(AS_OF, end + 33 * DAY)))
        if course == 5:
            outcome(end + window + DAY, "rejected")
        if course == 7:
            outcome(end, "rejected")
        if course == 8:
            outcome(end, "escalated", escalation_reason=("policy", "unsure")[number % 2])
        if course == 9:
            self.fact(unit, end, "cancelled")
        if course == 10:
            outcome(end, "waiting")
        if course == 11:
            outcome(end, "withdrawn")
        if course == 13:
            outcome(end, "rejected")
            outcome(end, "resolved")
        if course == 15:
            outcome(AS_OF - window - (number % 3 - 1) * TICK, "resolved")

    def chain(self, number: int, unit: Row, named: Row, start: datetime) -> None:
        """Calls: first attempts, retries, fallbacks, two steps, some known after a close."""
        model, *_ = SOLD[(number // 2) % 5]
        served: Row = {"business_unit": unit, "prompt_version": f"v{number // 4 % 2 + 1}", **named}
        read, written = 10_000 + number * 997, 500 + number * 13
        parts = {"cached_input_tokens": read // 3, "cache_write_5m_tokens": number % 5 * 100} if number % 3 else {}
        if number % 9 == 4:
            parts["cache_write_1h_tokens"] = 77
        keys = {"m1": ("key_team", "key_app", "key_up"), "m2": ("key_keep",), "m5": ("key_plain",), "m3": ("key_eur",)}.get(model, ())
        if number % 3 != 2 and keys:
            served["api_key_id"] = keys[number // 10 % len(keys)]
        late = (
            datetime(2026, start.month + 1, 6, 3) + number % 3 * 20 * DAY
            if start.month < 8 and number % 7 == 2
            else None
        )
        known = min(late, AS_OF) if late else None
        shape = number % 6
        if shape == 1:
            first = self.call(
                start,
                model,
                read,
                0,
                **served | {"status": "error", "step": "draft", "routing": {"attempt_number": 1}},
            )
            served |= {"routing": {"attempt_number": 2, "retry_of_request_id": first}}
        if shape == 2:
            self.call(start, "m2", read, 10, **served | {"status": "timeout", "step": "draft", "api_key_id": None})
            served |= {"routing": {"attempt_number": 2, "fallback_used": True}}
        if shape == 3:
            self.call(start + HOUR, model, 1000, 1000, **served | {"step": "check"})
        if shape == 4:
            for attempt in range(1, 5):
                routing = {"attempt_number": attempt}
                self.call(
                    start + attempt * SECOND,
                    model,
                    2000,
                    100,
                    **served | {"status": "error", "step": "send", "routing": routing},
                )
        status = "error" if number % 17 == 8 else "success"
        extra = {"web_searches": number % 3, "requests": 1 + number % 2} if model == "m1" else {}
        if model == "m2" and number % 2:
            extra["images"] = (1, 5, 6)[number % 3]
        self.call(
            start + 2 * HOUR,
            model,
            read,
            written,
            parts=parts,
            extra=extra,
            known=known,
            step="draft",
            **served | {"status": status},
        )
        if number % 12 == 7:  # Equal costs, none among them.
            for other, version in (("gift", "v9"), ("gift", "v3"), ("m2", "v7"), ("twin", "v6")):
                named_so = served | {"prompt_version": version, "api_key_id": None}
                self.call(start + 3 * HOUR, other, 4000, 40, **named_so)
        if number % 6 == 5:
            self.call(
                start, "emb", 50_000, 0, **served | {"endpoint": "embeddings", "step": "look", "api_key_id": None}
            )

    def hands(self, number: int, unit: Row, named: Row, start: datetime) -> None:
        """Reviews and charges of a unit; two reviewers' sittings overlap and touch."""
        reviewed = {"environment": named["environment"], "team": named.get("team")}
        if number % 3 == 0:
            role = ("clerk", "expert", "clerk", "astronaut")[number // 3 % 4]
            self.review(unit, start + 150 * timedelta(minutes=1), ("7.5", "12", "0.333333")[number % 9 // 3],
                        reviewer_role=role, **reviewed)  # fmt: skip
        if number % 8 == 1:
            begin = at(MONTHS[number % 7], 20, 9) + (0, 4, 10, 22)[number // 56] * timedelta(minutes=1)
            self.review(unit, begin, None, reviewer_id="r2", ended_at=told(begin + 10 * timedelta(minutes=1)), **reviewed)  # fmt: skip
        if number % 5 == 2:
            self.charge(
                start + HOUR,
                "tool_integration",
                "sms",
                quantity="3",
                quantity_unit="message",
                business_unit=unit,
                **named,
            )
        if number % 7 == 3:
            self.charge(start + HOUR, ("retrieval", "security_compliance", "evaluation")[number % 3], "scan",
                        amount=("0.125", "1.005", "-0.5")[number // 7 % 3], currency=("USD", "EUR", "BHD")[number % 3],
                        business_unit=unit, **named)  # fmt: skip

    def loose_ends(self) -> None:
        """Calls of several units and of none, on the edges of prices, tiers and closes; copies; corrections."""
        base: Row = {"application": "app_0", "workflow": "flow_0", "team": "team_a"}
        for month in MONTHS:
            edge = at(month, 1, 0)
            for step in (-TICK, 0 * TICK, TICK):
                if edge + step > datetime(2026, 1, 1):
                    self.call(edge + step, "m1", 200_000 + step // TICK, 0, **base)
                    parts = {"cached_input_tokens": 5000, "cache_write_5m_tokens": 700, "cache_write_1h_tokens": 90}
                    self.call(edge + step, "m2", 20_000, 7, parts=parts, **base)
            for key in ("key_up", "key_keep", "key_team", "key_plain"):
                self.call(
                    at(month, 9),
                    "m5" if key == "key_plain" else "m1" if key != "key_keep" else "m2",
                    90_000,
                    3_000,
                    api_key_id=key,
                )
            # A shared key of an account that is billed in another currency, in two environments.
            for environment, read in (("production", 600_000), ("staging", 100_001)):
                self.call(at(month, 9), "m3", read, 7, api_key_id="key_eur", environment=environment)
            self.call(at(month, 10), "m5", 100_000, 50_000, tenant_id="t1")
            self.call(at(month, 11), "m5", 200_001, 0, tenant_id="t2")
            self.call(at(month, 12, 22), "m3", 1000, 5000, **base)
            self.call(at(month, 13, 5.9999), "m3", 1000, 5000, agent_id="agent_1")
            self.call(
                at(month, 14), "stranger", 5000, 100, cost_estimate={"amount": "0.02", "currency": "EUR"}, **base
            )
            self.call(at(month, 14), "unheard", 5000, 100, **base)
            self.call(at(month, 15), "gift", 5000, 100, **base)
            self.call(at(month, 15), "half", 5000, 100, **base)
            self.call(at(month, 15), "gone", 5000, 100, **base)
            self.call(at(month, 16), "latest", 7000, 100, environment="staging")
            self.call(at(month, 16), "m1-2026", 7000, 100, provider="vendor-a", service_tier="batch")
            self.call(at(month, 17), "m2", 8000, 10, environment=None, extra={"images": 6})
            self.call(at(month, 17), "m1", 8000, 10, layer="evaluation", environment="evaluation")
            self.call(at(month, 17), "m1", 100, 10, usage=None)
            if month.month < 8:
                self.call(
                    at(month, 23),
                    "m1",
                    1000,
                    999_999_999,
                    business_unit={"unit_type": "kind_0", "unit_id": f"u{month.month * 8 - 8}"},
                    **base,
                )
                self.call(
                    at(month, 23),
                    "m5",
                    999_999_999,
                    0,
                    tenant_id="t3",
                    team="team_b",
                    api_key_id=("key_plain", None)[month.month % 2],
                )
                self.call(at(month, 23), "m3", 999_999_999, 999_999_999, tenant_id="t3", team="team_b")
            self.charge(at(month, 18), "retrieval", "store", amount="54321.123456789012", currency="USD", **base)
            self.charge(at(month, 18), "platform", "ocr", quantity="250.5", quantity_unit="page", **base)
            self.charge(at(month, 18), "retrieval", "store", amount="3.333333333333", currency="JPY", team="team_d")
            self.charge(at(month, 19), "security_compliance", "unknown", quantity="1", quantity_unit="scan")
            if month.month < 8:
                # Known in the instant of the close, just before it, and after a reopening.
                for closed in (close for period, close, _ in CLOSES["default"] if close and period == str(month)[:7]):
                    instant = datetime.fromisoformat(closed)
                    for step in (-TICK, 0 * TICK, DAY):
                        self.call(at(month, 20), "m1", 11_000, 110, known=instant + step, **base)
                        self.charge(at(month, 20), "tool_integration", "fee", amount="0.0000005", currency="USD",
                                    ingested_at=told(instant + step), **base)  # fmt: skip
                        self.add("human_reviews", review_id=self.number("rev"), unit_type="kind_0", unit_id="u0",
                                 reviewer_role="clerk", reviewer_id="r3", started_at=told(at(month, 20, 10) + step),
                                 minutes="5", ingested_at=told(instant + step), environment="production")  # fmt: skip
            shares = ({}, {"share": 1}, {"share": 0.333})[month.month % 3]
            units = [{"unit_type": "kind_0", "unit_id": f"u{n}"} | shares for n in (0, 4, 12)]
            for number, amount in enumerate(("10.000000000001", "-0.05")):
                self.charge(at(month, 19), "tool_integration", "bundle", amount=amount, currency="USD", business_units=units[number:])
            self.call(at(month, 21), "m1", 10_000, 1000, business_units=units)
            self.call(
                at(month, 21), "m2", 10_001, 1000, business_units=[units[0] | {"share": 2}, units[1] | {"share": 0}]
            )

    def copies(self) -> None:
        """Records that are delivered again: the same, and with another content that became known later."""
        for row in self.world.feeds["tenant_revenue"][::4]:
            if isinstance(row, dict):
                self.add("tenant_revenue", **row)
                self.add("tenant_revenue", **row | {"revenue_amount": "5.55"})
        for feed, field, value in (
            ("ai_usage_events", "tenant_id", "t5"), ("metered_costs", "amount", "0.75"),
            ("human_reviews", "minutes", "9"), ("provider_usage", "quantity", "999"),
        ):  # fmt: skip
            rows = [row for row in self.world.feeds[feed] if isinstance(row, dict) and row.get(field) is not None]
            for number, row in enumerate(rows[5:200:23]):
                self.add(feed, **row)
                moment = datetime.fromisoformat(
                    str(
                        next(
                            row[name]
                            for name in ("timestamp_utc", "occurred_at", "started_at", "period_start")
                            if name in row
                        )
                    )[:-1]
                )
                self.add(
                    feed,
                    **row | {field: value, "ingested_at": told(min(AS_OF, moment + (5, 40, 75)[number % 3] * DAY))},
                )

    # Paper.

    def paper(self) -> None:
        """Exports and invoices of every account and month, each with another difference from what was metered."""
        for number, (account, vendor, issuer, currency) in enumerate(
            (("acct_a", "vend_a", "vend_a", "USD"), ("acct_a2", "vend_a", "vend_a", "USD"), ("acct_b", "vend_b", "bill_b", "EUR"),
             ("acct_c", "vend_c", "vend_c", "JPY"), ("acct_d", "vend_d", "vend_d", "USD"))
        ):  # fmt: skip
            for month in MONTHS[:7]:
                self.month_of(number * 3 + month.month, account, vendor, issuer, currency, month)

    def lines_of(self, account: str, month: date) -> Iterator[tuple[str, str, str, int, Decimal]]:
        """(model, meter, tier, quantity, price of a million) that we metered."""
        prices = {(row["model"], row["meter"], row["service_tier"]): Decimal(row["price"])
                  for row in self.world.policy["list_prices"] if not row["context_tokens_over"] and row["per_quantity"] > 1000}  # fmt: skip
        for (name, day, model, meter, tier), quantity in self.metered.items():
            if (name, day) == (account, month) and quantity and (model, meter, tier) in prices:
                yield model, meter, tier, quantity, prices[model, meter, tier]

    def month_of(self, case: int, account: str, vendor: str, issuer: str, currency: str, month: date) -> None:
        head = {"provider": vendor, "billing_account_id": account}
        places = {"JPY": 0}.get(currency, 2)
        bill: list[Row] = []
        for number, (model, meter, tier, quantity, price) in enumerate(self.lines_of(account, month)):
            exported = quantity + (0, 0, 1000, -500)[case % 4]
            for part, day in ((exported // 2, 3), (exported - exported // 2, 17)):
                if case % 5 == 4 and number == 0:
                    continue
                self.add(
                    "provider_usage", **head, line_id=self.number("exp"), period_start=told(at(month, day, 0)),
                    period_end=told(at(month, day + 1, 0)), model=model, meter=meter, service_tier=tier,
                    quantity=str(part), quantity_unit="tokens", currency=currency,
                    amount=f"{part * price / 1_000_000:f}" if case % 6 else None,
                    ingested_at=told(at(following(month), 2)) if case % 3 else None,
                )  # fmt: skip
            if case % 7 == 6 and number == 0:
                continue
            billed = quantity + (0, 1000, 0, -500, 2500)[case % 5]
            tier = tier if vendor != "vend_c" else None
            charged = price * (1, 1, Decimal("1.1"))[case % 3]
            exact = billed * charged / 1_000_000
            bill.append({
                "line_type": "usage", "model": model, "meter": meter, "service_tier": tier, "quantity": billed,
                "quantity_unit": "tokens", "unit_price": f"{charged / 1_000_000:f}",
                "amount": f"{round(exact, places):f}",
            })  # fmt: skip
            if case % 4 == 1 and number == 1:
                before = month - DAY
                bill.append(bill[-1] | {"charge_period_start": before, "charge_period_end": month, "quantity": 100_000,
                                        "amount": f"{round(charged / 10, places):f}"})  # fmt: skip
        key = {"acct_a": "key_up", "acct_a2": "key_keep", "acct_d": "key_plain"}.get(account)
        if key and month.month % 3:
            self.add(
                "provider_usage", **head, line_id=self.number("exp"), period_start=told(at(month, 1, 0)),
                period_end=told(at(following(month), 1, 0)), amount=("0.5", "3.25", "0.0001")[month.month % 3],
                currency=currency, api_key_id=key,
            )  # fmt: skip
        bill.append({"line_type": "usage", "model": "surprise", "meter": "output", "service_tier": "standard",
                     "quantity": 5000, "quantity_unit": "tokens", "amount": "3"} if case % 8 == 3 else
                    {"line_type": "fee", "amount": ("1.50", "56789.01")[case % 2] if places else "2"})  # fmt: skip
        for kind, amount, every in (
            ("credit", "-23456.78", 3), ("tax", "12345.67", 2), ("rounding", "-1.01", 4), ("adjustment", "45678.90", 5),
            ("commitment", "34567.89", 6),
        ):  # fmt: skip
            if case % every == 1:
                bill.append({"line_type": kind, "amount": amount if places else amount.split(".")[0]})
        if case % 9 == 2:
            return
        document = f"INV-{account}-{month:%m}"
        known = at(following(month), 4 + case % 20, 8)
        status = ("issued", "issued", "issued", None, "issued", "draft", "issued")[case % 7]
        arrived = {"ingested_at": None} if case % 6 == 3 else {}
        self.invoice(document, issuer, head, currency, month, known, bill, status=status, **arrived)
        if case % 6 == 2:  # Voided, and issued again under another number.
            self.invoice(document, issuer, head, currency, month, known + 25 * DAY, bill, status="voided")
            self.invoice(
                f"{document}-R", issuer, head, currency, month, known + 26 * DAY, bill, reference_invoice_id=document
            )
        if case % 6 == 4:  # A credit memo, of the invoice and of none.
            self.invoice(f"{document}-C", issuer, head, currency, month, known + 10 * DAY, [{"line_type": "credit", "amount": "-1.00"}, {"line_type": "credit", "amount": "-2.00", "model": "m1", "meter": "output", "service_tier": "standard"}],
                         reference_invoice_id=document if case % 4 else "nowhere")  # fmt: skip
        if case % 10 == 5:  # The same again under another number, and the same number a second time.
            self.invoice(f"{document}-S", issuer, head, currency, month, known + DAY, bill)
            self.invoice(
                document, issuer, head, currency, month, known + 3 * DAY, bill, issued_on=known.date() + 3 * DAY
            )
        if case % 5 == 2 and known + 30 * DAY < AS_OF:  # A line corrected later.
            self.invoice(
                document,
                issuer,
                head,
                currency,
                month,
                known + 30 * DAY,
                [bill[0] | {"amount": "4"}],
                issued_on=known.date(),
            )
        if case % 4 == 3:
            self.put("invoice_settlements", issuer=issuer, invoice_id=document, settled_on=min(AS_OF.date(), known.date() + 20 * DAY),
                     amount=("2.00", "3")[case % 2], currency=currency, prepared_by="p", approved_by="q")  # fmt: skip

    def invoice(
        self,
        number: str,
        issuer: str,
        head: Row,
        currency: str,
        month: date,
        known: datetime,
        bill: list[Row],
        **fields: Any,
    ) -> None:
        if known > AS_OF:
            return
        row = head | {
            "invoice_id": number, "issuer": issuer, "billing_period_start": month, "billing_period_end": following(month),
            "issued_on": known.date(), "status": "issued", "currency": currency, "ingested_at": told(known),
        }  # fmt: skip
        for position, line in enumerate(bill):
            self.add("invoice_lines", **row | {"invoice_line_id": str(position)} | line | fields)

    def commitments(self) -> None:
        for contract, account, vendor, kind, amount, currency, start, end, how in (
            ("min-a", "acct_a", "vend_a", "minimum_spend", "98765.43", "USD", "2026-01-01", "2026-07-01", "straight_line"),
            ("min-b", "acct_b", "vend_b", "minimum_spend", "30", "EUR", "2026-02-01", "2026-12-01", "forecast_eac"),
            ("min-c", "acct_c", "vend_c", "minimum_spend", "2000", "JPY", "2026-01-01", "2026-05-15", "at_expiry"),
            ("min-all", None, "vend_a", "minimum_spend", "5", "USD", "2026-03-01", "2026-09-01", "straight_line"),
            ("pre-1", "acct_d", "vend_d", "prepaid", "1500.5", "USD", "2026-01-01", "2026-04-01", "straight_line"),
            ("pre-2", "acct_d", "vend_d", "prepaid", "1000", "USD", "2026-03-01", "2026-06-01", "straight_line"),
            ("pre-3", "acct_d", "vend_d", "prepaid", "20000", "USD", "2026-07-15", "2026-08-15", "straight_line"),
            ("min-d", "acct_d", "vend_d", "minimum_spend", "9876.54", "USD", "2026-01-15", "2026-05-15", "straight_line"),
            ("min-e", "acct_d", "vend_d", "minimum_spend", "7654.32", "USD", "2026-02-01", "2026-06-01", "forecast_eac"),
            ("min-f", "acct_a2", "vend_a", "minimum_spend", "300", "USD", "2026-03-10", "2026-07-20", "at_expiry"),
            ("pre-b", "acct_b", "vend_b", "prepaid", "30000", "EUR", "2026-04-01", "2027-01-01", "straight_line"),
        ):  # fmt: skip
            self.put("commitments", contract_id=contract, provider=vendor, billing_account_id=account, kind=kind, amount=amount,
                     currency=currency, period_start=start, period_end=end, accrual_method=how)  # fmt: skip
        for account, vendor, issuer, currency, month, amount in (
            ("acct_d", "vend_d", "vend_d", "USD", MONTHS[0], "1200.02"), ("acct_b", "vend_b", "bill_b", "EUR", MONTHS[3], "25000.05"),
        ):  # fmt: skip
            head = {"provider": vendor, "billing_account_id": account}
            self.invoice(f"PRE-{account}", issuer, head, currency, month, at(month, 10), [
                {"line_type": "prepayment", "amount": amount, "charge_period_start": month, "charge_period_end": following(month)}
                if account == "acct_d" else {"line_type": "prepayment", "amount": amount},
            ])  # fmt: skip
            for later in MONTHS[4:6]:
                self.invoice(f"DRAW-{account}-{later:%m}", issuer, head, currency, later, at(following(later), 5),
                             [{"line_type": "credit", "amount": "-0.30"}])  # fmt: skip
        for month in MONTHS[1:6:2]:  # A key that no call names; an account that policy does not know.
            head = {"provider": "vend_a", "billing_account_id": "acct_a", "api_key_id": "key_dead"}
            self.add("provider_usage", **head, line_id=self.number("exp"), period_start=told(at(month, 1, 0)),
                     period_end=told(at(month, 2, 0)), amount="7.77", currency="USD")  # fmt: skip
            head = {"provider": "vend_a", "billing_account_id": "acct_x"}
            self.call(at(month, 8), "m1", 300_000, 20_000, billing_account_id="acct_x", cost_center="cc_f")
            self.invoice(f"X-{month:%m}", "vend_a", head, "USD", month, at(following(month), 3), [
                {"line_type": "usage", "model": "m1", "meter": "output", "service_tier": "standard", "quantity": 20_000,
                 "quantity_unit": "tokens", "amount": "0.31"}, {"line_type": "usage", "model": "m1", "meter": "input_uncached",
                 "service_tier": "standard", "quantity": 300, "quantity_unit": "1000 tokens", "amount": "0.90"},
            ])  # fmt: skip
        for number, issuer in enumerate(("vend_a", "bill_b", "vend_c")):
            for start, end in (("2026-01-01", "2026-04-01"), ("2026-04-01", None)):
                self.put("reconciliation_tolerances", issuer=issuer, absolute_tolerance=("0.5", "0.01", "5")[number],
                         percent_tolerance=("0.01", "0.05")[start > "2026-02"], combine=("greater_of", "lesser_of", "both")[number % 3],
                         clearly_trivial="0.01", material=("3", "8", "9")[number], valid_from=start, valid_to=end, approved_by="w")  # fmt: skip

    def books(self) -> None:
        for entity, closes in CLOSES.items():
            for period, closed, reopened in closes:
                self.put("periods", period=period, entity=entity, closed_at=closed, closed_by=closed and "p", approved_by=closed and "q",
                         expected_total=None, reopened_at=reopened)  # fmt: skip
                if reopened:
                    self.put("period_reopenings", period=period, entity=entity, close_version=1, reopened_at=reopened, reason="late",
                             prepared_by="p", approved_by="q")  # fmt: skip
        for period, entity, layer, amount, currency, known in (
            ("2026-01", "default", "platform", "4.205", "USD", "2026-02-04T23:59:59"),
            ("2026-01", "default", "platform", "-1.1", "USD", "2026-02-05T00:00:00"),
            ("2026-03", "branch", "human_review", "7", "EUR", "2026-05-01T00:00:00"),
            ("2026-05", "default", "evaluation", "2", "JPY", "2026-06-22T00:00:00"),
            ("2026-07", "default", "model_api", "3.333333333333", "USD", "2026-08-16T00:00:00"),
            ("2026-08", "default", "model_api", "9", "USD", told(AS_OF + TICK)[:-1]),
        ):  # fmt: skip
            self.put("manual_adjustments", adjustment_id=self.number("adj"), period=period, entity=entity, layer=layer, amount=amount,
                     currency=currency, reason="r", prepared_by="p", approved_by="q", recorded_at=known)  # fmt: skip
        for tenant in range(6):
            for start, end in (
                (MONTHS[0], MONTHS[3]),
                (MONTHS[3], MONTHS[4]),
                (MONTHS[4] + 14 * DAY, MONTHS[6] + 9 * DAY),
            ):
                self.add("tenant_revenue", tenant_id=f"t{tenant}", period_start=start, period_end=end,
                         revenue_amount=f"{123400 + tenant * 33}.01", currency=("USD", "EUR", "JPY")[tenant % 3], product="p")  # fmt: skip


def company() -> World:
    """The world without issued statements."""
    sink = Sink()
    sink.organization()
    sink.unit_policy()
    sink.rates()
    sink.prices()
    sink.contracts()
    sink.services()
    sink.pools()
    sink_costs.policy(sink)
    sink_pools.policy(sink)
    sink.units()
    sink.loose_ends()
    sink_costs.work(sink)
    sink.paper()
    sink.commitments()
    sink.books()
    sink_books.books(sink)
    sink_pools.work(sink)
    sink.copies()
    return sink.world


def earlier(world: World, as_of: datetime) -> World:
    """The same company as it stood at a moment: records that were not known yet are not there."""

    def is_known(feed: str, record: Any) -> bool:
        known = record.get("ingested_at") or next(
            (
                record[name]
                for name in ("timestamp_utc", "occurred_at", "started_at", "issued_on", "period_end")
                if name in record
            ),
            "",
        )
        return str(known) <= told(as_of)

    feeds = {feed: [record for record in rows if is_known(feed, record)] for feed, rows in world.feeds.items()}
    return replace(world, as_of=as_of, feeds=feeds)


def issued(connection: duckdb.DuckDBPyConnection, periods: tuple[str, ...], moment: datetime) -> list[Row]:
    """The drafts of closed months as the lines that issuing them leaves."""
    columns = [
        name for name, *_ in connection.execute("describe warehouse.staging.stg_statements__issued_lines").fetchall()
    ]
    signed = {
        "issued_at": moment,
        "prepared_by": "p",
        "approved_by": "q",
        "has_wrong_column_count": False,
        "file_path": "f",
    }
    listed = [column for column in columns if column not in (*signed, "digest")]
    found = connection.execute(
        f"select {', '.join(f'lines.{column}' for column in listed)}, register.digest from marts.rpt_chargeback_statements as lines "
        "inner join marts.rpt_statement_register as register using (statement_id, version) "
        f"where lines.period in {periods!r} and not lines.is_issued".replace(",)", ")")
    ).fetchall()
    return [dict(zip([*listed, "digest"], row, strict=True)) | signed for row in found]


def disputes(lines: list[Row]) -> list[Row]:
    """What the bearers of issued statements said of them: each kind of event, on the first lines of some statements."""
    first: dict[str, Row] = {}
    for line in sorted(lines, key=lambda line: (line["statement_id"], -abs(line["amount"]), line["line_id"])):
        first.setdefault(line["statement_id"], line)
    events = []
    for number, (statement, line) in enumerate(sorted(first.items())):
        row = {"statement_id": statement, "version": line["version"], "reason": "r", "recorded_by": "p"}
        moment = line["issued_at"] + (3, 10, 11)[number % 3] * DAY
        kind = ("disputed", "accepted", "disputed", "closed", "disputed", None)[number % 6]
        half = (line["amount"] / 2).quantize(Decimal("0.01"))
        if kind == "disputed" and half:
            named = row | {"line_id": line["line_id"]}
            events.append(named | {"event_id": f"se-{number}", "event": kind, "amount": half, "recorded_at": moment})
            ends = ("upheld", "rejected", "upheld")[number // 2 % 3]
            decided = moment + 20 * DAY if number // 2 % 3 < 2 else AS_OF + DAY  # not known yet
            if ends:
                bearer = "cc_b" if "cc_c" in statement else ("cc_c", "__unallocated__")[number // 6 % 2]
                if "__unallocated__" in statement:
                    bearer = "cc_e"
                taken = {"amount": half, "to_cost_center": bearer, "approved_by": "q"}
                events.append(
                    named | {"event_id": f"se-{number}-e", "event": ends, "dispute_id": f"se-{number}", "recorded_at": decided}
                    | (taken if ends == "upheld" else {})
                )  # fmt: skip
        elif kind in ("accepted", "closed"):
            events.append(row | {"event_id": f"se-{number}", "event": kind, "recorded_at": moment})
    return events


def kitchen_sink(runner: Runner, wanted: tuple[str, ...]) -> duckdb.DuckDBPyConnection:
    """The marts of the whole world: statements of January to May issued in June, May's again after it was reopened."""
    world = company()
    lines: list[Row] = []
    for moment, periods in (
        (datetime(2026, 6, 15, 12), ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")),
        (datetime(2026, 7, 10, 12), ("2026-05",)),
    ):
        given = sink_costs.given(moment) | {"stg_statements__issued_lines": lines}
        marts = ("rpt_chargeback_statements", "rpt_statement_register")
        then = earlier(world, moment)
        if not lines:  # The cost centers are called something else since.
            centers = [row | {"name": f"{row['name']} I"} for row in world.policy["cost_centers"]]
            then = replace(then, policy=then.policy | {"cost_centers": centers})
        with runner.run(then, marts, given) as connection:
            lines = lines + issued(connection, periods, moment)
    world = replace(world, policy=world.policy | {"statement_events": disputes(lines)})
    return runner.run(world, wanted, sink_costs.given() | {"stg_statements__issued_lines": lines})
