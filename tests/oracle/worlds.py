"""Random worlds: the feed files and policy of a small company, drawn near boundaries (reliability.md section 6).

A world is a function of its seed alone. Two draws in five lie on an edge: of a price, a month, `as_of`, a reopen
window, an equal remainder, an odd identity. Nothing is drawn that the specification leaves open.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from .bills import bills
from .landing import CSV_FEEDS, JSON_FEEDS
from .late import closes
from .policy import Policy, Row
from .times import DAY, HOUR, MICROSECOND, instant, month, next_month, stamp

FILES = 3
SECOND = timedelta(seconds=1)
EDGE_SHARE = 0.4
EARLIEST = date(2026, 1, 1)
TOKEN_EDGES = (0, 1, 499_999, 500_001, 199_999, 200_000, 200_001, 999_999_999)
PRICES = ("0.000000001", "0.5", "1", "2.5", "3", "15", "0.075", "0.999999999", "0.123456789", "7.1", "22.50")
MODELS = (("vend_a", "m1"), ("vend_a", "m2"), ("vend_a", "emb"), ("vend_a", "gift"), ("vend_b", "m3"))
LAYERS = ("tool_integration", "retrieval", "evaluation", "security_compliance", "platform")
COST_CENTERS = ("cc_a", "cc_b", "cc_c", "cc_d")
Fields = dict[str, Any]


@dataclass
class World:
    """Feed records, policy rows, and the lines that are no record or a bad one, with what must become of them."""

    seed: int
    as_of: datetime
    policy: dict[str, list[Fields]] = field(default_factory=dict)
    feeds: dict[str, list[Fields | str]] = field(default_factory=dict)
    file_seed: int = 0
    rewrite: Callable[[bytes], bytes] = bytes

    def decisions(self, knowledge: Mapping[str, list[Row]]) -> Policy:
        """The policy that the oracle reads; `knowledge` are the seeds that hold for every company."""
        return Policy({**knowledge, **self.policy}, self.as_of, earliest=EARLIEST)

    def files(self) -> dict[str, list[bytes]]:
        """{feed: contents of its files}. How records lie in files depends on `file_seed` alone."""
        rng = random.Random(self.file_seed)
        found = {}
        for feed in JSON_FEEDS:
            lines = [record if isinstance(record, str) else json.dumps(record) for record in self.feeds.get(feed, [])]
            rng.shuffle(lines)
            found[feed] = [self.rewrite(write_lines(rng, part)) for part in parts(rng, lines)]
        for feed in CSV_FEEDS:
            rows = [record for record in self.feeds.get(feed, []) if not isinstance(record, str)]
            odd = [record for record in self.feeds.get(feed, []) if isinstance(record, str)]
            columns = CSV_COLUMNS[feed]
            lines = [",".join(cell(row.get(column)) for column in columns) for row in rows] + odd
            rng.shuffle(lines)
            told = ["\n".join([",".join(columns), *part, ""]).encode() for part in parts(rng, lines)]
            found[feed] = [self.rewrite(content) for content in told]
        return found


CSV_COLUMNS = {
    "shared_costs": "shared_cost_id pool layer period_start period_end amount currency vendor invoice_id "
    "billing_account_id environment capacity_quantity capacity_unit ingested_at".split(),
    "invoice_lines": "invoice_id invoice_line_id issuer provider billing_account_id billing_period_start "
    "billing_period_end issued_on status line_type model meter service_tier description quantity quantity_unit "
    "unit_price amount currency charge_period_start charge_period_end reference_invoice_id ingested_at".split(),
    "tenant_revenue": "tenant_id period_start period_end revenue_amount currency product".split(),
}


def instant_of(text: str) -> datetime | None:
    """The instant that a record tells, if it can be read."""
    return instant(text)[0]


def cell(value: Any) -> str:
    """A field of a CSV row."""
    text = "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text


def parts(rng: random.Random, lines: Sequence[str]) -> list[list[str]]:
    """Lines over the files; some may stay empty."""
    found: list[list[str]] = [[] for _ in range(FILES)]
    used = rng.randint(1, FILES)
    for line in lines:
        found[rng.randrange(used)].append(line)
    return found


def write_lines(rng: random.Random, lines: Sequence[str]) -> bytes:
    """Lines of text with either kind of newline and blank lines between."""
    newline = rng.choice(["\n", "\n", "\r\n"])
    text = [part for line in lines for part in ([line, ""] if rng.random() < 0.05 else [line])]
    return "".join(line + newline for line in text).encode("utf-8", "surrogatepass")


class Maker:
    """Draws one world."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        base = datetime(2026, self.rng.randint(4, 9), self.rng.randint(1, 28), self.rng.randint(0, 23), 17, 5)
        if self.chance(EDGE_SHARE):
            base = datetime(2026, self.rng.randint(4, 9), 1)
        self.world = World(seed, base, file_seed=seed)
        self.as_of = base
        self.begin = base - 75 * DAY
        self.edges = [base, base + 300 * SECOND]
        first = month(self.begin.date())
        while first <= base.date():
            self.edges.append(datetime(first.year, first.month, 1))
            first = next_month(first)
        self.numbers: dict[str, int] = {}

    # Draws.

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, *values: Any) -> Any:
        return self.rng.choice(values)

    def maybe(self, share: float, value: Any) -> Any:
        return value if self.chance(share) else None

    def near(self, edge: datetime) -> datetime:
        return edge + self.pick(-SECOND, -MICROSECOND, 0 * SECOND, MICROSECOND, SECOND, HOUR)

    def moment(self, first: datetime | None = None, last: datetime | None = None) -> datetime:
        """An instant between two others, often on an edge."""
        first, last = first or self.begin, last or self.as_of
        near = [edge for edge in map(self.near, self.edges) if first <= edge <= last]
        if near and self.chance(EDGE_SHARE):
            return self.pick(*near)
        return first + timedelta(seconds=self.rng.randrange(max(1, int((last - first).total_seconds()))))

    def day(self) -> date:
        return self.moment().date()

    def told(self, at: datetime) -> str:
        """The same instant, sometimes in another zone."""
        if self.chance(0.7):
            return stamp(at)
        hours = self.pick(-11, -5, 1, 2, 5, 14)
        minutes = 0 if hours == 14 else self.pick(0, 30)
        offset = timedelta(hours=abs(hours), minutes=minutes) * (1 if hours >= 0 else -1)
        return stamp(at + offset)[:-1] + f"{'+' if hours >= 0 else '-'}{abs(hours):02}:{minutes:02}"

    def tokens(self) -> int:
        return self.pick(*TOKEN_EDGES) if self.chance(EDGE_SHARE) else self.rng.randrange(1, 300_000)

    def amount(self, low: int = -200, high: int = 5_000_000) -> str:
        """An amount of money as text, up to twelve places."""
        if self.chance(EDGE_SHARE):
            return self.pick("0.01", "1", "0.000000000001", "99.999999999", "0.005", "12.345", "-3.10", "100.00")
        value = Decimal(self.rng.randrange(low, high)).scaleb(-self.pick(2, 3, 6))
        return f"{value:f}"

    def number(self, what: str) -> str:
        self.numbers[what] = self.numbers.get(what, 0) + 1
        return f"{what}-{self.numbers[what]}"

    def known(self, at: datetime) -> str | None:
        """When a record became known: not told, at once, or late, and never after the moment of speaking."""
        if self.chance(0.5) or at > self.as_of:
            return None
        return stamp(min(self.as_of, at + self.pick(0 * SECOND, SECOND, 5 * HOUR, 20 * DAY)))

    def put(self, seed: str, **row: Any) -> None:
        self.world.policy.setdefault(seed, []).append(row)

    def add(self, feed: str, record: Fields | str) -> None:
        self.world.feeds.setdefault(feed, []).append(record)

    def ranges(self, most: int = 3, hole: float = 0.2) -> list[tuple[datetime | None, datetime | None]]:
        """Ranges of validity, open at the ends, at times with a hole between."""
        cuts = sorted({self.cut() for _ in range(self.rng.randrange(most))})
        self.edges += cuts
        starts: list[datetime | None] = [self.pick(None, datetime(2025, 1, 1)), *cuts]
        ends: list[datetime | None] = [*cuts, None]
        found = list(zip(starts, ends, strict=True))
        if len(found) > 2 and self.chance(hole):
            found.pop(1)
        return found

    def cut(self) -> datetime:
        """An instant inside the world's time at which a policy changes."""
        at = self.begin + timedelta(hours=self.rng.randrange(75 * 24))
        return at if self.chance(0.5) else at.replace(hour=0, minute=0, second=0, microsecond=0)

    # The company.

    def organization(self) -> None:
        for center in COST_CENTERS:
            self.put("cost_centers", cost_center=center, name=center, entity="default")
        for number, center in enumerate(COST_CENTERS[:3]):
            self.put("teams", team=f"team_{number}", name="t", cost_center=self.pick(center, None))
        for number in range(3):
            self.put(
                "workflows",
                workflow=f"flow_{number}",
                name="f",
                team=self.maybe(0.5, "team_1"),
                cost_center=self.maybe(0.5, self.pick(*COST_CENTERS)),
            )
        for number in range(2):
            self.put(
                "applications",
                application=f"app_{number}",
                name="a",
                team=self.maybe(0.5, "team_2"),
                cost_center=self.maybe(0.5, self.pick(*COST_CENTERS)),
            )
        self.put("agents", agent_id="agent_0", name="g", team=self.pick("team_0", "team_1"))
        self.put("tenants", tenant_id="tenant_0", name="T", segment="small")
        for account, provider, currency in (("acct_a", "vend_a", "USD"), ("acct_b", "vend_b", "EUR")):
            self.put(
                "billing_accounts",
                billing_account_id=account,
                provider=provider,
                issuer=self.pick(provider, f"issuer_{provider[-1]}"),
                currency=currency,
                cost_center=self.maybe(0.4, "cc_d"),
                entity="default",
            )
        self.put(
            "api_keys",
            api_key_id="key_own",
            provider="vend_a",
            billing_account_id="acct_a",
            owner_type=self.pick("team", "cost_center", "application"),
            owner_id="",
            share=Decimal(1),
            is_shared=False,
            valid_from=date(2025, 1, 1),
        )
        own = self.world.policy["api_keys"][-1]
        own["owner_id"] = {"team": "team_2", "cost_center": "cc_c", "application": "app_1"}[own["owner_type"]]

    def unit_types(self) -> None:
        for number, (window, abandon) in enumerate(((48, 720), (self.pick(0, 1, 168), self.pick(169, 500)))):
            self.put(
                "unit_types",
                unit_type=f"kind_{number}",
                workflow=f"flow_{number}",
                is_primary=True,
                reopen_window_hours=window,
                abandon_after_hours=abandon,
                attribution_window_days=90,
            )
        words = {"resolved": "success", "rejected": "failed", "escalated": "escalated", "waiting": "pending",
                 "withdrawn": "cancelled"}  # fmt: skip
        for kind in ("kind_0", "kind_1", "kind_2"):
            for word, meaning in words.items():
                self.put("outcome_statuses", unit_type=kind, outcome=word, classification=meaning)

    def rates(self) -> None:
        day = self.begin.date() - 40 * DAY
        while day <= self.as_of.date() + 3 * DAY:
            for currency, whole in (("EUR", 1), ("JPY", 0)):
                rate = whole + Decimal(self.rng.randrange(5_000_000_000, 90_000_000_000)).scaleb(-12)
                for kind in ("spot", "invoice"):
                    self.put(
                        "fx_rates",
                        currency_from=currency,
                        currency_to="USD",
                        rate_type=kind,
                        rate=rate,
                        rate_date=day,
                        is_carried=False,
                        origin_date=day,
                    )
            day += DAY

    def price(self, highest: float = 40) -> Decimal:
        if self.chance(0.6):
            return Decimal(self.pick(*[price for price in PRICES if Decimal(price) <= highest]))
        return Decimal(self.rng.randrange(1, int(highest * 1_000_000_000))).scaleb(-9)

    def list_prices(self) -> None:
        """Two vendors' lists: complete tiers, holes in time, hours of the day, an older edition, a free model."""
        for vendor, model in MODELS:
            ranges = self.ranges()
            meters = ["input_uncached", "output"]
            meters += [meter for meter in ("cache_read", "cache_write_5m", "cache_write_1h", "web_search", "images")
                       if self.chance(0.7)]  # fmt: skip
            if model == "emb" and self.chance(0.5):
                meters.append("embedding_input")
            if self.chance(0.2):
                meters.append("request")
            bounds = [0, *self.pick([], [], [200_000], [1000, 200_000])]
            for tier in ("standard", *self.pick([], ["batch"])):
                for meter in meters:
                    for bound in bounds:
                        for start, end in ranges:
                            self.list_row(vendor, model, meter, tier, bound, start, end)
        if self.chance(0.3):
            rows = [row for row in self.world.policy["list_prices"] if row["model"] == "m2"]
            for row in rows:
                self.put("list_prices", **row | {"observed_on": date(2025, 6, 1), "price": self.price(0.2)})
        if self.chance(0.3):
            hours = self.pick(("22:00:00", "06:00:00"), ("08:30:00", "17:00:00"))
            day = self.day()
            for clock in hours:
                self.edges.append(datetime.fromisoformat(f"{day}T{clock}"))
            rows = [row for row in self.world.policy["list_prices"] if row["model"] == "m1"]
            for row in rows:
                told = {"time_from_utc": hours[0], "time_to_utc": hours[1], "price": self.price(0.2)}
                self.put("list_prices", **row | told)

    def list_row(
        self, vendor: str, model: str, meter: str, tier: str, bound: int, start: datetime | None, end: datetime | None
    ) -> None:
        is_free = model == "gift"
        # A call of 999,999,999 tokens may not cost a million: amounts of a call are DECIMAL(18, 6), by design.
        usual = {"web_search": 1000, "request": 1000, "images": 1_000_000}
        per_quantity = usual.get(meter) or self.pick(1000, 1_000_000)
        highest = 40 if per_quantity == 1_000_000 or meter in ("web_search", "request") else 0.2
        if meter == "images":
            per_quantity, highest = 1, 40
        self.put(
            "list_prices",
            provider=vendor,
            model=model,
            meter=meter,
            service_tier=tier,
            context_tokens_over=bound,
            price=Decimal(0) if is_free else self.price(highest),
            per_quantity=per_quantity,
            currency="EUR" if vendor == "vend_b" else "USD",
            is_free=is_free,
            valid_from=start,
            valid_to=end,
            price_source="w",
            date_basis="effective",
            observed_on=date(2026, 1, 1),
            is_deprecated=False,
            is_inherited=False,
        )

    def contracts(self) -> None:
        """Contracts of an account or a whole vendor: prices or discounts, corrected at times, ended at times."""
        for account, vendor, model in (("acct_a", "vend_a", "m1"), (None, "vend_a", "m2"), ("acct_b", "vend_b", "m3")):
            if self.chance(0.35):
                continue
            start, end = self.cut(), None
            if self.chance(0.5):
                end = start + timedelta(days=self.rng.randint(1, 60))
                self.edges.append(end)
            self.edges.append(start)
            listed = {row["meter"] for row in self.world.policy["list_prices"] if row["model"] == model}
            by_discount = self.chance(0.4)
            other = self.pick("cache_read", "web_search")
            for meter in sorted(listed & {"input_uncached", "output", other}):
                self.contract_row(account, vendor, model, meter, by_discount, start, end, datetime(2025, 12, 1))
                if self.chance(0.3):
                    known = self.pick(start, self.as_of, self.as_of + MICROSECOND, self.as_of - DAY)
                    self.contract_row(account, vendor, model, meter, by_discount, start + DAY, end and end + DAY, known)

    def contract_row(
        self, account: str | None, vendor: str, model: str, meter: str, by_discount: bool, start: datetime,
        end: datetime | None, known: datetime,
    ) -> None:  # fmt: skip
        self.put(
            "contract_prices",
            contract_id=f"contract-{account}-{model}",
            provider=vendor,
            billing_account_id=account,
            model=model,
            meter=meter,
            service_tier="standard",
            context_tokens_over=0,
            price=None if by_discount else self.price(),
            discount_rate=self.discount() if by_discount else None,
            per_quantity=1_000_000,
            currency="EUR" if vendor == "vend_b" else "USD",
            valid_from=start,
            valid_to=end,
            recorded_at=known,
            approved_by="w",
        )

    def discount(self) -> Decimal:
        return Decimal(self.pick("0.1", "0.145", "0.05", "0.333333"))

    def names(self) -> None:
        self.put("provider_aliases", reported_provider="venda", provider="vend_a")
        turn = self.cut()
        self.edges.append(turn)
        base = {"price_provider": "vend_a", "is_default_provider": True, "observed_on": date(2026, 1, 1)}
        self.put("model_aliases", provider="vend_a", reported_model="m1-2026", model="m1", **base)
        self.put("model_aliases", provider="vend_a", reported_model="latest", model="m1", valid_to=turn, **base)
        self.put("model_aliases", provider="vend_a", reported_model="latest", model="m2", valid_from=turn, **base)
        base |= {"is_default_provider": False}
        self.put("model_aliases", provider="vend_c", reported_model="m1", model="m1", **base)

    def services(self) -> None:
        for start, end in self.ranges():
            self.put(
                "service_prices",
                service="sms",
                quantity_unit="message",
                price=self.price(),
                per_quantity=self.pick(1, 1000),
                currency=self.pick("USD", "EUR"),
                valid_from=start or datetime(2025, 1, 1),
                valid_to=end,
            )
        for role in ("clerk", "expert"):
            cuts = sorted({self.cut().date() for _ in range(self.rng.randrange(2))})
            for start, end in zip([date(2025, 1, 1), *cuts], [*cuts, None], strict=True):
                if role == "expert" and self.chance(0.2):
                    continue
                self.put(
                    "labor_rates",
                    reviewer_role=role,
                    hourly_rate=Decimal(self.pick("45", "36.5", "38.333333333", "0.01")),
                    currency=self.pick("USD", "EUR"),
                    valid_from=start,
                    valid_to=end,
                )

    # The work.

    def usage(self) -> Fields | None:
        """Quantities of a call; parts never exceed their total."""
        if self.chance(0.08):
            return None
        inputs, outputs = self.tokens(), self.tokens()
        if inputs == outputs == 0:
            inputs = 1
        found: Fields = {"input_tokens": inputs, "output_tokens": outputs}
        rest = inputs
        for part in ("cached_input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens"):
            if self.chance(0.3):
                found[part] = self.pick(0, rest, rest // 2, self.rng.randint(0, rest))
                rest -= found[part]
        if self.chance(0.3):
            found["reasoning_tokens"] = self.pick(0, outputs, outputs // 3)
        if self.chance(0.3):
            found["total_tokens"] = inputs + outputs
        if self.chance(0.2):
            found["requests"] = self.pick(1, 2, 3)
        if self.chance(0.2):
            found["web_searches"] = self.pick(0, 1, 2)
        if self.chance(0.15):
            found["images"] = self.pick(0, 1, 7)
        if self.chance(0.05):
            del found["output_tokens"]
            found.pop("reasoning_tokens", None)
            if "total_tokens" in found:
                found["total_tokens"] = inputs
        return found

    def call(self, at: datetime, **fields: Any) -> Fields:
        """One call; `fields` say whom it served."""
        provider, model, account = self.pick(
            ("vend_a", "m1", "acct_a"), ("vend_a", "m2", "acct_a"), ("vend_a", "m2", None), ("vend_b", "m3", "acct_b"),
            ("VendA", "M1-2026", "acct_a"), ("vend_a", "latest", "acct_a"),
            ("vend_c", "m1", "acct_a"),
            ("vend_a", "gift", "acct_a"), ("vend_a", "stranger", "acct_a"), ("vend_a", "emb", None),
        )  # fmt: skip
        record: Fields = {
            "request_id": self.number("req"),
            "timestamp_utc": self.told(at),
            "ingested_at": self.known(at),
            "provider": provider,
            "model_or_deployment": model,
            "billing_account_id": account,
            "api_key_id": self.maybe(0.2, "key_own"),
            "service_tier": self.pick(None, "standard", "standard", "batch"),
            "status": "success",
            "usage": self.usage(),
            "endpoint": "embeddings" if model == "emb" else self.pick("chat", None),
        }
        if self.chance(0.25):
            record["cost_estimate"] = {
                "amount": self.pick("0", "0.02", self.amount(low=0)),
                "currency": self.pick("USD", "USD", "EUR"),
            }
            if record["cost_estimate"]["amount"].startswith("-"):
                record["cost_estimate"]["amount"] = "0.0000005"
        if self.chance(0.04):
            record["layer"] = "evaluation"
        self.add("ai_usage_events", {name: value for name, value in (record | fields).items() if value is not None})
        return record

    def dimensions(self, number: int) -> Fields:
        """Who a unit's records name, the same on each of them."""
        found = {
            "application": self.pick("app_0", "app_1", None),
            "workflow": self.pick(f"flow_{number % 3}", None),
            "agent_id": self.maybe(0.3, "agent_0"),
            "tenant_id": self.pick("tenant_0", "tenant_1", None),
            "team": self.pick("team_0", "team_1", None),
            "cost_center": self.maybe(0.2, self.pick(*COST_CENTERS)),
        }
        return {name: value for name, value in found.items() if value is not None}

    def unit(self, number: int) -> None:
        """A unit with its facts, calls, charges and reviews."""
        kind = self.pick("kind_0", "kind_0", "kind_1", "kind_2")
        unit = {"unit_type": kind, "unit_id": f"u{number}" if self.chance(0.9) else f"a-b {number}|,x"}
        environment = self.pick(*["production"] * 7, "staging", "prod", "evaluation", "typo")
        told = self.dimensions(number) | {"environment": environment}
        start = self.moment(self.begin, self.as_of)
        if self.chance(0.8):
            self.facts(unit, told, start)
        self.chain(unit, told, start)
        for _ in range(self.pick(0, 0, 1, 2)):
            self.charge(self.moment(start, self.as_of), told, unit)
        for _ in range(self.pick(0, 0, 1, 2)):
            self.review(self.moment(start, self.as_of), told, unit)

    def facts(self, unit: Fields, told: Fields, start: datetime) -> None:
        """What happened to the unit, with reopenings on either side of the window."""
        types = {row["unit_type"]: row for row in self.world.policy["unit_types"]}
        window = (types[unit["unit_type"]]["reopen_window_hours"] if unit["unit_type"] in types else 48) * HOUR
        abandon = (types[unit["unit_type"]]["abandon_after_hours"] if unit["unit_type"] in types else 720) * HOUR
        if self.chance(0.15):
            start = self.as_of - abandon + self.pick(-SECOND, -MICROSECOND, 0 * SECOND, MICROSECOND)
        if self.chance(0.7):
            self.fact(unit, told, "opened", start)
        at = start
        if self.chance(0.15):
            at = max(start, self.as_of - window)
            at += self.pick(-SECOND, -MICROSECOND, 0 * SECOND, MICROSECOND)
        for _ in range(self.pick(0, 1, 1, 1, 2, 3)):
            at += self.pick(0 * SECOND, HOUR, window - SECOND, window, window + MICROSECOND, window + DAY)
            word = self.pick("resolved", "resolved", "resolved", "resolved", "rejected", "escalated", "waiting")
            self.fact(unit, told, "outcome", at, outcome=word)
            after = at + self.pick(
                MICROSECOND, HOUR, window - MICROSECOND, window, window + MICROSECOND, window + HOUR, 30 * DAY
            )
            if self.chance(0.45):
                self.fact(unit, told, "reopened", max(at + MICROSECOND, after))
                at = max(at + MICROSECOND, after)
            at += HOUR
        if self.chance(0.06):
            self.fact(unit, told, "cancelled", at - HOUR - SECOND)

    def fact(self, unit: Fields, told: Fields, kind: str, at: datetime, **fields: Any) -> None:
        if at > self.as_of and not self.chance(0.2):
            return
        record = dict(unit) | told | {
            "event_type": kind,
            "occurred_at": self.told(at),
            "ingested_at": self.known(at),
            "event_id": self.maybe(0.7, self.number("fact")),
        } | fields  # fmt: skip
        if told["environment"] == "production" and self.chance(0.3):
            record["environment"] = None
        self.add("unit_events", {name: value for name, value in record.items() if value is not None})

    def chain(self, unit: Fields, told: Fields, start: datetime) -> None:
        """Calls of a unit: each step is one chain of attempts."""
        for step in self.rng.sample(["draft", "check", "send"], self.pick(0, 1, 1, 2)):
            at = self.moment(start, self.as_of)
            previous = None
            attempts = self.pick(1, 1, 2, 3)
            for attempt in range(1, attempts + 1):
                is_last = attempt == attempts
                routing = {"attempt_number": attempt, "fallback_used": False, "retry_of_request_id": previous}
                failures = ("error", "timeout")
                status = self.pick("success", "success", "success", "error") if is_last else self.pick(*failures)
                if at > self.as_of:
                    break
                record = self.call(at, business_unit=unit, step=step, routing=routing, **told | {"status": status})
                previous = record["request_id"]
                at += self.pick(SECOND, HOUR, DAY)

    def charge(self, at: datetime, told: Fields, unit: Fields | None) -> None:
        record: Fields = {
            "charge_id": self.number("charge"),
            "occurred_at": self.told(at),
            "ingested_at": self.known(at),
            "layer": self.pick(*LAYERS),
            "service": self.pick("sms", "ocr"),
        } | told
        if self.chance(0.5):
            record |= {"amount": self.amount(), "currency": self.pick("USD", "USD", "EUR", "JPY")}
        else:
            record |= {"quantity": self.pick("1", "3", "0.5", "0.000001", "250"), "quantity_unit": "message"}
        if unit:
            record |= unit if self.chance(0.5) else {"business_unit": unit}
        self.add("metered_costs", {name: value for name, value in record.items() if value is not None})

    def review(self, at: datetime, told: Fields, unit: Fields) -> None:
        number = self.number("review")
        reviewer = self.maybe(0.7, self.pick("rev_0", "rev_1"))
        # No two sittings start at one instant: which came first would be open.
        at = at.replace(microsecond=int(number.split("-")[1]))
        record: Fields = dict(unit) | {
            "review_id": number,
            "reviewer_role": self.pick("clerk", "clerk", "expert", "astronaut"),
            "reviewer_id": reviewer,
            "started_at": self.told(at),
            "ingested_at": self.known(at),
            "environment": told["environment"],
            "team": told.get("team"),
        }
        if self.chance(0.4):
            record["minutes"] = self.pick("0", "2", "7.5", "1440", "0.000001", "33.333333")
        else:
            record["ended_at"] = self.told(at + self.pick(0 * SECOND, SECOND, 79 * SECOND, HOUR, DAY, 20 * HOUR))
        self.add("human_reviews", {name: value for name, value in record.items() if value is not None})

    def loose_ends(self, units: list[Fields]) -> None:
        """Calls without a unit and for several, charges without one, other environments."""
        for number in range(self.rng.randint(1, 5)):
            told = self.dimensions(number) | {"environment": self.pick("production", "staging", None)}
            self.call(self.moment(), **told)
        for _ in range(self.rng.randint(0, 3)):
            served = self.rng.sample(units, min(len(units), self.pick(2, 3, 3)))
            shares = self.pick(None, (1, 1, 1), (0.5, 0.25, 0.25), (0.3, 0.3, 0.1), (1200, 800, 400), (1, 0, 2))
            listed = [dict(unit) | ({"share": shares[n]} if shares else {}) for n, unit in enumerate(served)]
            # What a call for several units names is said of none of them.
            told = {"environment": "production"}
            if len(listed) > 1:
                self.call(self.moment(), business_units=listed, **told)
        for number in range(self.rng.randint(0, 3)):
            told = self.dimensions(number) | {"environment": self.pick("production", "staging", None)}
            self.charge(self.moment(), told, None)

    def copies(self) -> None:
        """Records that are delivered again: the same, or changed and known later or earlier."""
        ids = {"ai_usage_events": "request_id", "metered_costs": "charge_id", "human_reviews": "review_id"}
        for feed in ids:
            for record in list(self.world.feeds.get(feed, [])):
                if isinstance(record, str) or not self.chance(0.06):
                    continue
                again = dict(record)
                if self.chance(0.5):
                    again |= {"ingested_at": stamp(self.as_of), "tenant_id": "tenant_9"}
                    if feed == "human_reviews":
                        again |= {"reviewer_role": "clerk"}
                    record["ingested_at"] = stamp(self.as_of - DAY)
                self.add(feed, again)

    def bad_lines(self) -> None:
        """Lines that are rejected, each for one reason or several."""
        for feed in ("ai_usage_events", "unit_events", "human_reviews", "metered_costs"):
            good = [record for record in self.world.feeds.get(feed, []) if not isinstance(record, str)]
            for _ in range(self.rng.randint(0, 3) if good else 0):
                record = json.loads(json.dumps(self.pick(*good)))
                if self.chance(0.25):
                    line = json.dumps(record)
                    self.add(feed, self.pick(line[:-4], "upstream connect error", "[1, 2]", "42", "null", line + line))
                    continue
                identity = {"ai_usage_events": "request_id", "unit_events": "event_id", "human_reviews": "review_id",
                            "metered_costs": "charge_id"}[feed]  # fmt: skip
                record[identity] = self.number("bad")
                for _ in range(self.pick(1, 1, 2)):
                    self.pick(*FAULTS[feed])(self, record)
                self.add(feed, record)


def shared_costs(maker: Maker) -> None:
    """Pools of every sign and size, over a month or several, with rules that find bearers, fall back or do not."""
    for pool in maker.rng.sample(["gateway", "tracing", "licence", "store"], maker.pick(2, 3, 4)):
        if maker.chance(0.85):
            rules(maker, pool)
        for _ in range(maker.pick(1, 2, 3)):
            first = month(maker.day())
            end = next_month(first)
            if maker.chance(0.3):
                first, end = first + maker.pick(0, 1, 9) * DAY, next_month(end) + maker.pick(0, 1, 13) * DAY
            maker.add(
                "shared_costs",
                {
                    "shared_cost_id": maker.number("shared"),
                    "pool": pool,
                    "layer": maker.pick("platform", "observability", "data_licence"),
                    "period_start": first,
                    "period_end": end,
                    "amount": maker.pick("0.000000000001", "0.000000000002", "0.01", "100.00", "99999.999999999",
                                         "-40.00", maker.amount()),
                    "currency": maker.pick("USD", "USD", "EUR", "JPY"),
                    "environment": maker.pick("production", "production", None, "staging"),
                },
            )  # fmt: skip


def further_pools(maker: Maker) -> None:
    """Idle capacity, seats, tiers and service pools, drawn apart: the other draws of a seed stay as they are."""
    drawn, maker.rng = maker.rng, random.Random(f"{maker.world.seed} pools")

    def rule(rule_id: str, pool: str, priority: int, method: str, **fields: Any) -> None:
        row: Fields = {"driver": None, "scope": None, "fallback_rule_id": None, "approved_by": "w"}
        row |= {"rule_id": rule_id, "pool": pool, "priority": priority, "method": method}
        maker.put("allocation_rules", **row | {"valid_from": date(2025, 1, 1)} | fields)

    def weights(rule_id: str, *targets: tuple[str, str, str]) -> None:
        for kind, target, weight in targets:
            row = {"rule_id": rule_id, "target_type": kind, "target_id": target, "weight": Decimal(weight)}
            maker.put("allocation_weights", **row, valid_from=date(2025, 1, 1))

    driver = maker.pick("tokens", "requests", "cost", "review_minutes")
    scope = maker.pick("cost_center", "tenant", "workflow", None)
    rule("idle", "reserve", 1, "idle", driver=driver, fallback_rule_id=maker.pick("used", "used", None))
    rule("used", maker.pick("reserve", "reserve-none"), 2, "proportional", driver=driver, scope=scope)
    scope = maker.pick("team", "cost_center")
    rule("seats", "desks", 1, maker.pick("proportional", "tiered"), driver="seats", scope=scope)
    names = ("team_0", "team_1", "team_2") if scope == "team" else COST_CENTERS[:3]
    weights("seats", *((scope, name, maker.pick("7", "11", "13", "0", "0.5")) for name in names))
    rule("tiered", "scans", 1, "tiered", driver="requests", scope=maker.pick("workflow", "tenant", None))
    method = maker.pick("direct_service", "step_down", "reciprocal")
    order = maker.rng.sample([1, 2, 3], 3)
    services = ("net", "idn", "log")[: maker.pick(2, 3)]
    for place, pool in enumerate(services):
        rule(pool, pool, order[place], method)
        others = [(other, maker.pick("0.2", "0.1", "0.05")) for other in services if other != pool]
        rest = Decimal(1) - sum(Decimal(weight) for _, weight in others)
        first = rest * maker.pick(1, 2, 3) / 4
        weights(pool, *(("pool", other, weight) for other, weight in others), ("cost_center", "cc_a", f"{first:f}"),
                (*maker.pick(("cost_center", "cc_b"), ("tenant", "tenant_0")), f"{rest - first:f}"))  # fmt: skip
    for pool in ("reserve", "desks", "scans", *services):
        for _ in range(maker.pick(1, 1, 2)):
            first_day = month(maker.day())
            cost = {
                "shared_cost_id": maker.number("further"),
                "pool": pool,
                "layer": "platform",
                "period_start": first_day,
                "period_end": next_month(first_day),
                "amount": maker.pick("720.00", "0.01", "99999.99", "-40.00", "1000"),
                "currency": maker.pick("USD", "USD", "EUR"),
                "environment": maker.pick("production", "production", "staging"),
            }
            if pool == "reserve":
                cost |= {"capacity_quantity": maker.pick("100", "3", "900000", "2000000000"), "capacity_unit": "units"}
            maker.add("shared_costs", cost)
    maker.rng = drawn


def shared_keys(maker: Maker) -> None:
    """Keys that several use, what the vendor bills them, and what becomes of the rest: drawn apart, like the pools."""
    drawn, maker.rng = maker.rng, random.Random(f"{maker.world.seed} keys")
    for key, account, vendor in (("key_many", "acct_a", "vend_a"), ("key_few", "acct_a", "vend_a")):
        if maker.chance(0.3):
            continue
        owners = maker.pick((("team", "team_0", "0.5"), ("cost_center", "cc_b", "0.5")),
                            (("team", "team_1", "0.25"), ("application", "app_0", "0.75")))  # fmt: skip
        for kind, owner, share in owners:
            row: Fields = {"api_key_id": key, "provider": vendor, "billing_account_id": account, "is_shared": True}
            row |= {"owner_type": kind, "owner_id": owner, "share": Decimal(share), "valid_from": date(2025, 1, 1)}
            maker.put("api_keys", **row)
        mode = maker.pick("keep_unattributed", "gross_up", "gross_up", None)
        if mode:
            rule: Fields = {"rule_id": f"rule-{key}", "pool": f"api_key:{key}", "priority": 1, "method": mode}
            rule |= {"driver": None, "scope": None, "fallback_rule_id": None, "approved_by": "w"}
            maker.put("allocation_rules", **rule, valid_from=maker.pick(date(2025, 1, 1), maker.day()))
        calls = [
            record for record in maker.world.feeds.get("ai_usage_events", [])
            if not isinstance(record, str) and record.get("billing_account_id") == account
            and "api_key_id" not in record
        ]  # fmt: skip
        chosen = {str(record.get("request_id")) for record in calls if maker.chance(0.4)}
        for record in calls:
            if str(record.get("request_id")) in chosen:
                record["api_key_id"] = key
        for line in maker.world.feeds.get("provider_usage", []):
            if not isinstance(line, str) and line["billing_account_id"] == account and maker.chance(0.4):
                line["api_key_id"] = key
                line["amount"] = maker.pick("0.01", "12.345", "100.00", "99999.999999999999", "0.000000000001")
    maker.rng = drawn


def paper(maker: Maker) -> None:
    """What the vendors export and invoice: it agrees with nothing in particular."""
    for account in maker.world.policy["billing_accounts"]:
        vendor, models = account["provider"], [name for of, name in MODELS if of == account["provider"]]
        head = {"provider": vendor, "billing_account_id": account["billing_account_id"]}
        first = month(maker.begin.date())
        while next_month(first) <= maker.as_of.date():
            end = next_month(first)
            for _ in range(maker.pick(0, 0, 2, 4)):
                day = first + maker.rng.randrange((end - first).days) * DAY
                line = head | {
                    "line_id": maker.number("export"),
                    "period_start": f"{day}T00:00:00Z",
                    "period_end": f"{day + DAY}T00:00:00Z",
                    "model": maker.pick(*models),
                    "meter": maker.pick("input_uncached", "output"),
                    "service_tier": "standard",
                    "quantity": str(maker.rng.randrange(1, 999_999)),
                    "quantity_unit": "tokens",
                    "amount": maker.pick("0.01", "12.345", "0.000000000001", "3"),
                    "currency": account["currency"],
                }
                maker.add("provider_usage", line)
            if maker.chance(0.6):
                invoice(maker, account, first, end, models)
            first = end


def invoice(maker: Maker, account: Fields, first: date, end: date, models: list[str]) -> None:
    """One document: use of the models, and what else vendors put on a bill."""
    others = ["fee", "credit", "tax", "rounding", "commitment"]
    kinds = ["usage", "usage", *maker.rng.sample(others, maker.pick(0, 1, 2))]
    number, status = maker.number("invoice"), maker.pick("issued", "issued", None, "draft", "voided")
    for position, kind in enumerate(kinds):
        line = {
            "invoice_id": number,
            "invoice_line_id": str(position),
            "issuer": account["issuer"],
            "provider": account["provider"],
            "billing_account_id": account["billing_account_id"],
            "billing_period_start": first,
            "billing_period_end": end,
            "issued_on": min(end + 2 * DAY, maker.as_of.date()),
            "status": status,
            "line_type": kind,
            "amount": maker.pick("-1.25", "-0.01") if kind == "credit" else f"{maker.rng.randrange(1, 9_000_000)}.17",
            "currency": account["currency"],
        }
        if kind == "usage":
            line |= {
                "model": maker.pick(*models),
                "meter": ("input_uncached", "output")[position],
                "service_tier": "standard",
                "quantity": maker.rng.randrange(1, 9_999_999),
                "quantity_unit": "tokens",
            }
        maker.add("invoice_lines", line)


def rules(maker: Maker, pool: str) -> None:
    """A pool's rules: the first may have nobody to bear it, then its fallback, then the next."""
    measured = ("tokens", "requests", "units", "successful_units", "review_minutes")
    for priority in range(maker.pick(1, 1, 2)):
        rule_id = f"{pool}-{priority}"
        fallback = maker.maybe(0.5, f"{rule_id}-fallback")
        for name, falls in ((rule_id, fallback), (fallback, None)):
            if name is None:
                continue
            method = maker.pick("proportional", "proportional", "even", "fixed")
            scope = maker.pick("cost_center", "tenant", "team", "application", None)
            maker.put(
                "allocation_rules",
                rule_id=name,
                pool=pool if name == rule_id else f"{pool}-none",
                priority=priority,
                method=method,
                driver=maker.pick(*measured) if method == "proportional" else None,
                scope=scope if method == "proportional" else None,
                fallback_rule_id=falls,
                valid_from=maker.pick(date(2025, 1, 1), date(2025, 1, 1), maker.day()),
                approved_by="w",
            )
            if method != "proportional":
                centers = maker.rng.sample(COST_CENTERS, 3)
                weights = ("0.333333333", "0.333333333", "0.333333334") if method == "fixed" else ("1", "1", "1")
                for center, weight in zip(centers, maker.rng.sample(weights, 3), strict=True):
                    maker.put(
                        "allocation_weights",
                        rule_id=name,
                        target_type="cost_center",
                        target_id=center,
                        weight=Decimal(weight),
                        valid_from=date(2025, 1, 1),
                    )


def setting(name: str, *values: Any) -> Any:
    """A fault that gives a field one of some values; `...` leaves it out."""

    def fault(maker: Maker, record: Fields) -> None:
        value = maker.pick(*values)
        if value is ...:
            record.pop(name, None)
        else:
            record[name] = value

    return fault


def usage_fault(name: str, *values: Any) -> Any:
    """A fault inside `usage`."""

    def fault(maker: Maker, record: Fields) -> None:
        usage = record.get("usage") or {"input_tokens": 5, "output_tokens": 5}
        usage[name] = maker.pick(*values)
        record["usage"] = usage

    return fault


def late(name: str) -> Any:
    """A time beyond what is accepted, or before the first day."""

    def fault(maker: Maker, record: Fields) -> None:
        record[name] = stamp(
            maker.pick(
                maker.as_of + 300 * SECOND + MICROSECOND,
                maker.as_of + 40 * DAY,
                datetime(2026, 1, 1) - MICROSECOND,
                datetime(2025, 12, 31, 23, 59, 59),
            )
        )
        record.pop("ended_at", None)
        if name == "started_at":
            record["minutes"] = "5"

    return fault


BAD_TIMES = (..., None, " ", "yesterday", "2026-02-30T10:00:00Z", "2026-05-11T24:00:00Z", "2026-05-11T10:00:00+99:00",
             "2026-05-11T10:00:60Z", "2026-05-11T10:00:00", 1778493600)  # fmt: skip
BAD_COUNTS = (-1, 1.5, "10", 1_000_000_000, True, 2**63, 10**20)
FAULTS: dict[str, list[Any]] = {
    "ai_usage_events": [
        setting("request_id", ..., None, "  ", 17, True, {"id": 1}, "r" * 257, "a\tb"),
        setting("provider", ..., None, " "),
        setting("model_or_deployment", ..., None, " "),
        setting("timestamp_utc", *BAD_TIMES),
        late("timestamp_utc"),
        usage_fault("input_tokens", *BAD_COUNTS),
        usage_fault("output_tokens", *BAD_COUNTS),
        usage_fault("cached_input_tokens", *BAD_COUNTS, 999_999_999),
        usage_fault("cache_write_1h_tokens", -1, "1"),
        usage_fault("reasoning_tokens", -1, 999_999_999),
        usage_fault("total_tokens", 7, -1),
        setting("layer", "wrong"),
        setting("cost_estimate", {"amount": "1,5", "currency": "USD"}),
        setting("cost_estimate", {"amount": "1", "currency": "usd"}, {"amount": "1"}),
    ],
    "unit_events": [
        setting("unit_type", ..., None, " "),
        setting("unit_id", ..., None, " ", "u" * 257),
        setting("event_type", ..., "finished", None),
        setting("occurred_at", *BAD_TIMES),
        late("occurred_at"),
        lambda maker, record: record.update(event_type="outcome", outcome=maker.pick("sorted-out", None, " ")),
        setting("csat", 1.5, -0.1),
        setting("unit_id", 5),
    ],
    "human_reviews": [
        setting("review_id", ..., None, " "),
        setting("unit_id", ..., None, " "),
        setting("reviewer_role", ..., None, " "),
        setting("started_at", *BAD_TIMES),
        late("started_at"),
        setting("minutes", "-5", "1441", "NaN", "1e3"),
    ],
    "metered_costs": [
        setting("charge_id", ..., None, " "),
        setting("layer", ..., "wrong", None),
        setting("service", ..., None, " "),
        setting("occurred_at", *BAD_TIMES),
        late("occurred_at"),
        lambda maker, record: record.update(amount=maker.pick("9,5", "1e3", "abc", ".5"), currency="USD"),
        lambda maker, record: record.update(amount="9", currency=maker.pick("usd", None, "EURO")),
    ],
}


def make(seed: int) -> World:
    """The world of a seed."""
    maker = Maker(seed)
    maker.organization()
    maker.unit_types()
    maker.rates()
    maker.list_prices()
    maker.contracts()
    maker.names()
    maker.services()
    for number in range(maker.rng.randint(3, 14)):
        maker.unit(number)
    units = [
        {"unit_type": record["unit_type"], "unit_id": record["unit_id"]}
        for record in maker.world.feeds.get("unit_events", [])
        if not isinstance(record, str)
    ]
    maker.loose_ends(list({(unit["unit_type"], unit["unit_id"]): unit for unit in units}.values()))
    shared_costs(maker)
    further_pools(maker)
    paper(maker)
    maker.copies()
    maker.bad_lines()
    bills(maker)
    closes(maker)
    # What a close freezes of a key's telemetry is not derived.
    if not maker.world.policy.get("periods"):
        shared_keys(maker)
    return maker.world
