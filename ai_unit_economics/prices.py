"""Write the list price seeds from the installed, pinned `genai-prices` package.

    python -m ai_unit_economics.prices [--observed-on 2026-11-21] [--check] [--seeds seeds/pricing]

Reads the package's own data module, never the network, and writes `list_prices.csv` and `model_aliases.csv`,
the same bytes every time. A published row is never rewritten. The rows of one key (provider, model, meter,
service tier, context tier, hour of day) that share an `observed_on` are an *edition* of its whole history: a
change appends a new edition, and the newest one counts. What the source dropped is closed on the day on which
that was noticed.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from genai_prices.data import providers as PROVIDERS
from genai_prices.data_units import unit_data
from genai_prices.types import ModelInfo, Provider, TieredPrices, TimeOfDateConstraint

PACKAGE = "genai-prices"
PINNED_ON = {"0.2.3": date(2026, 11, 21)}
CORE = (
    "openai", "anthropic", "google", "azure", "aws", "mistral", "cohere", "voyageai", "deepseek", "x-ai",
    "groq", "together", "fireworks",
)  # fmt: skip
FIRST_PARTIES = ("openai", "anthropic", "google", "mistral", "cohere", "voyageai", "deepseek", "x-ai")
RESELLERS = ("together", "fireworks")
NAMES_SHARED_WITH = {
    "azure": ("openai", "anthropic", "deepseek", "x-ai"),
    "google": ("anthropic",),
    "aws": ("anthropic",),
}
MAX_DECIMALS = 9
NEVER_IN_FORCE = "1970-01-01 00:00:00"
FOLDER = Path(__file__).resolve().parents[1] / "seeds" / "pricing"
REPORTED_MODELS = Path(__file__).with_name("reported_models.csv")

# Price key of the package -> meters. The first one is the printed price, any further one is assumed from it.
METERS: dict[str, tuple[str, ...]] = {
    "input_mtok": ("input_uncached",),
    "output_mtok": ("output",),
    "cache_read_mtok": ("cache_read",),
    "cache_write_mtok": ("cache_write_5m", "cache_write_unknown"),
    "cache_write_1h_mtok": ("cache_write_1h",),
    "input_audio_mtok": ("input_audio",),
    "output_audio_mtok": ("output_audio",),
    "cache_audio_read_mtok": ("cache_read_audio",),
    "input_image_mtok": ("input_image",),
    "output_image_mtok": ("output_image",),
    "cache_image_read_mtok": ("cache_read_image",),
    "input_video_mtok": ("input_video",),
    "output_video_mtok": ("output_video",),
    "input_mchars": ("input_character",),
    "input_text_messages_kcount": ("input_text_message",),
    "input_document_kpages": ("input_document_page",),
    "input_annotated_document_kpages": ("input_annotated_document_page",),
    "audio_hours": ("audio_second",),
    "input_audio_hours": ("input_audio_second",),
    "output_audio_hours": ("output_audio_second",),
    "requests_kcount": ("request",),
    "web_searches_kcount": ("web_search",),
    "social_searches_kcount": ("social_search",),
    "storage_searches_kcount": ("storage_search",),
    "rerank_searches_kcount": ("rerank_search",),
    "code_executions_kcount": ("code_execution",),
}
PER_QUANTITY = {unit["price_key"]: int(unit["per"]) for unit in unit_data.values()}

PriceSet = Mapping[str, Any]
"""Price key -> Decimal or TieredPrices."""


@dataclass(frozen=True)
class ListPrice:
    """One row of `list_prices.csv`: USD per `per_quantity` units of `meter`; all text, '' = open or none."""

    provider: str
    model: str
    meter: str
    service_tier: str
    context_tokens_over: str
    price: str
    per_quantity: str
    currency: str
    is_free: str
    valid_from: str
    valid_to: str
    price_source: str
    date_basis: str
    observed_on: str
    time_from_utc: str
    time_to_utc: str
    is_deprecated: str
    is_inherited: str

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.provider, self.model, self.meter, self.service_tier, int(self.context_tokens_over),
                self.time_from_utc)  # fmt: skip

    @property
    def content(self) -> tuple[str, ...]:
        return (self.valid_from, self.valid_to, self.price, self.per_quantity, self.currency, self.is_free,
                self.time_to_utc)  # fmt: skip


@dataclass(frozen=True)
class ModelAlias:
    """One row of `model_aliases.csv`: a lower-case reported name, and the list price it stands for."""

    provider: str
    reported_model: str
    model: str
    price_provider: str
    is_default_provider: str
    valid_from: str
    valid_to: str
    observed_on: str

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.provider, self.reported_model)

    @property
    def content(self) -> tuple[str, ...]:
        return (self.valid_from, self.valid_to, self.model, self.price_provider, self.is_default_provider)


Row = TypeVar("Row", ListPrice, ModelAlias)


# --------------------------------------------------------------------------- prices of the package
def midnight(day: date | None) -> str:
    """A day as its midnight UTC, or '' for an open end."""
    return f"{day.isoformat()} 00:00:00" if day else ""


def utc_time(moment: time) -> str:
    """A time of day as HH:MM:SS UTC; a naive time is UTC already."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.combine(date(1970, 1, 1), aware).astimezone(UTC).strftime("%H:%M:%S")


def decimal_text(amount: Decimal) -> str:
    """Plain decimal text without exponent or trailing zeros."""
    return format(amount.normalize(), "f")


def starts_on(item: Any) -> date | None:
    """The start date of a price set or variant; None when it has none."""
    return getattr(item.constraint, "start_date", None)


def variant_tier(when: Mapping[str, str]) -> str | None:
    """The service tier that a variant prices; None for `default`, which repeats the standard tier."""
    if len(when) != 1 or not set(when) <= {"processing", "service_tier", "speed"}:
        raise SystemExit(
            f"Variant condition {dict(when)} is unknown: teach variant_tier which service tier it means."
        )
    (tier,) = when.values()
    return None if tier == "default" else tier


@dataclass(frozen=True)
class Stretch:
    """A tier's price set in force from `start` to `end`; `own` are the price keys that the source prints."""

    tier: str
    start: date | None
    end: date | None
    prices: PriceSet
    own: frozenset[str]
    is_observed: bool = False
    hours: TimeOfDateConstraint | None = None


def stretches(model: ModelInfo) -> Iterator[Stretch]:
    """Every complete price set of a model: standard by date, tiers laid over it, and hours of the day."""
    sets = model.prices if isinstance(model.prices, list) else None
    if sets is None:
        dated: list[tuple[date | None, PriceSet]] = [(None, vars(model.prices))]
    else:
        dated = [
            (starts_on(s), vars(s.prices)) for s in sets if not isinstance(s.constraint, TimeOfDateConstraint)
        ]
        for timed in sets:
            if isinstance(timed.constraint, TimeOfDateConstraint):
                prices = vars(timed.prices)
                yield Stretch("standard", None, None, prices, frozenset(prices), hours=timed.constraint)
    tiers: dict[str, list[Any]] = defaultdict(list)
    for variant in model.price_variants or ():
        if tier := variant_tier(variant.when):
            tiers[tier].append(variant)
    for (start, prices), end in zip(dated, [day for day, _ in dated[1:]] + [None], strict=True):
        yield Stretch("standard", start, end, prices, frozenset(prices))
        for tier, variants in tiers.items():
            yield from tier_stretches(tier, variants, start, end, prices)


def tier_stretches(
    tier: str, variants: Sequence[Any], start: date | None, end: date | None, base: PriceSet
) -> Iterator[Stretch]:
    """A tier's sets inside one standard set. The first observed variant holds since that set began: the day
    on which a row was added says nothing about the day on which the price began."""

    def in_force(day: date | None) -> list[Any]:
        return [v for v in variants if starts_on(v) is None or (day is not None and starts_on(v) <= day)]

    later = sorted(
        {d for v in variants if (d := starts_on(v)) and (not start or d > start) and (not end or d < end)}
    )
    turns: list[tuple[date | None, date | None]] = [(day, day) for day in later]
    if in_force(start):
        turns.insert(0, (start, start))
    elif turns:
        turns[0] = (start, turns[0][1])
    else:
        return
    for (begin, as_of), following in zip(turns, [day for day, _ in turns[1:]] + [end], strict=True):
        own: dict[str, Any] = {}
        for variant in in_force(as_of):
            for price_key, amount in vars(variant.prices).items():
                own.setdefault(price_key, amount)
        observed = any(starts_on(v) for v in in_force(as_of))
        yield Stretch(tier, begin, following, {**base, **own}, frozenset(own), is_observed=observed)


def context_prices(prices: PriceSet) -> Iterator[tuple[str, int, Decimal, bool]]:
    """(price key, context tokens over, price, printed): every price key at every context tier of the set."""
    tiers = sorted({t.start for p in prices.values() if isinstance(p, TieredPrices) for t in p.tiers})
    for price_key, amount in prices.items():
        if amount is None:
            continue
        own = {t.start: t.price for t in amount.tiers} if isinstance(amount, TieredPrices) else {}
        current = amount.base if isinstance(amount, TieredPrices) else amount
        yield price_key, 0, current, True
        for over in tiers:
            current = own.get(over, current)
            yield price_key, over, current, over in own


def date_basis(provider: str, stretch: Stretch, observed_on: date) -> str:
    """How the start of a row is known: announced, observed, effective or unknown."""
    if stretch.start and stretch.start > observed_on:
        return "announced"
    if stretch.is_observed:
        return "observed"
    if stretch.start is None:
        return "unknown"
    return "observed" if provider in RESELLERS else "effective"


def list_prices(
    providers: Iterable[Provider], source: str, observed_on: date
) -> tuple[list[ListPrice], list[str]]:
    """All rows of the core providers, sorted; and a line for each price with too many decimals to be kept."""
    rows: list[ListPrice] = []
    left_out: list[str] = []
    for provider in providers:
        for model in provider.models if provider.id in CORE else ():
            for stretch in stretches(model):
                for price_key, over, amount, printed in context_prices(stretch.prices):
                    if price_key not in METERS:
                        raise SystemExit(
                            f"{provider.id} {model.id}: price key {price_key} has no meter: add to METERS."
                        )
                    if decimal_places(amount) > MAX_DECIMALS:
                        left_out.append(f"{provider.id} {model.id} {price_key} {decimal_text(amount)}")
                        continue
                    for position, meter in enumerate(METERS[price_key]):
                        is_inherited = position > 0 or not printed or price_key not in stretch.own
                        rows.append(
                            ListPrice(
                                provider=provider.id,
                                model=model.id,
                                meter=meter,
                                service_tier=stretch.tier,
                                context_tokens_over=str(over),
                                price=decimal_text(amount),
                                per_quantity=str(PER_QUANTITY[price_key]),
                                currency="USD",
                                is_free=flag(amount == 0),
                                valid_from=midnight(stretch.start),
                                valid_to=midnight(stretch.end),
                                price_source=source,
                                date_basis=date_basis(provider.id, stretch, observed_on),
                                observed_on=observed_on.isoformat(),
                                time_from_utc=utc_time(stretch.hours.start_time) if stretch.hours else "",
                                time_to_utc=utc_time(stretch.hours.end_time) if stretch.hours else "",
                                is_deprecated=flag(bool(model.deprecated)),
                                is_inherited=flag(is_inherited),
                            )
                        )
    return in_order(rows), sorted(left_out)


def decimal_places(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def flag(value: bool) -> str:
    return "true" if value else "false"


# ----------------------------------------------------------------------------------------- aliases
def literals(clause: Any) -> Iterator[tuple[str, str]]:
    """(kind, text) of every literal in a match rule; regular expressions cannot be listed."""
    for kind in ("equals", "starts_with", "contains", "ends_with"):
        if text := getattr(clause, kind, None):
            yield kind, text.lower()
    for inner in (*getattr(clause, "or_", ()), *getattr(clause, "and_", ())):
        yield from literals(inner)


def names_in_rules(model: ModelInfo) -> set[str]:
    """Names that a model's rules spell out: its id, `equals`, and literals that look like whole names."""
    names = {model.id.lower()}
    version = re.search(r"-v\d+:\d+$", model.id)
    for kind, text in literals(model.match):
        if kind != "equals" and (text[-1] in "-@./" or text[0] == "/" or re.search(r"-20\d\d$", text)):
            continue
        names.add(text)
        if version and not re.search(r"-v\d+(:\d+)?$", text):
            names.add(text + version.group())
    compact = {re.sub(r"-(20\d\d)-(\d\d)-(\d\d)$", r"-\1\2\3", name) for name in names}
    return names | compact


def read_reported_models(path: Path = REPORTED_MODELS) -> list[tuple[str, str, str]]:
    """(provider, reported name, name to resolve it as) from the committed list of names met in practice."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return [
        (r["provider"], r["reported_model"].lower(), (r["same_as"] or r["reported_model"]).lower())
        for r in rows
    ]


def is_moving(name: str, model: str) -> bool:
    """A `-latest` name that may mean another model tomorrow: the rest of it does not tell the model."""
    if not re.search(r"(^|-)latest($|-)", name) or name == model:
        return False
    stem = re.sub(r"(\d)-(\d)(?!\d)", r"\1.\2", re.sub(r"(^|-)latest", "", name))
    return not (
        stem == model or stem.startswith(model + "-") or re.fullmatch(re.escape(stem) + r"-\d{4,8}", model)
    )


def model_aliases(
    providers: Sequence[Provider], reported: Iterable[tuple[str, str, str]], observed_on: date
) -> list[ModelAlias]:
    """Reported names, resolved by the package's rules (first match in list order, then other providers)."""
    core = {p.id: p for p in providers if p.id in CORE}
    priced = {(p.id, m.id) for p in core.values() for m in p.models if any(s.prices for s in stretches(m))}
    owner = {id(m): p.id for p in core.values() for m in p.models}
    reported = list(reported)
    names = {
        p.id: {name for m in p.models for name in names_in_rules(m)}
        | {name for listed_for, name, _ in reported if listed_for == p.id}
        for p in core.values()
    }
    same_as = {(listed_for, name): resolves_as for listed_for, name, resolves_as in reported}
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for provider in core.values():
        known = names[provider.id].union(*(names[other] for other in NAMES_SHARED_WITH.get(provider.id, ())))
        own_ids = {m.id.lower(): m for m in provider.models}
        for name in known:
            asked = same_as.get((provider.id, name), name)
            model = provider.find_model(asked, all_providers=list(providers)) or own_ids.get(asked)
            if model and (owner.get(id(model)), model.id) in priced:
                found[provider.id, name] = (owner[id(model)], model.id)
    sellers: dict[str, set[str]] = defaultdict(set)
    for provider_id, name in found:
        sellers[name].add(provider_id)
    return in_order(
        ModelAlias(
            provider=provider_id,
            reported_model=name,
            model=model_id,
            price_provider=price_provider,
            is_default_provider=flag(provider_id == default_provider(name, sellers[name], providers)),
            valid_from=midnight(observed_on) if is_moving(name, model_id) else "",
            valid_to="",
            observed_on=observed_on.isoformat(),
        )
        for (provider_id, name), (price_provider, model_id) in found.items()
    )


def default_provider(name: str, sellers: set[str], providers: Sequence[Provider]) -> str | None:
    """The provider of a name told without one: the package's rule, else first party, else only seller."""
    for provider in providers:
        if provider.id in sellers and provider.model_match and provider.model_match.is_match(name):
            return provider.id
    makers = [p for p in FIRST_PARTIES if p in sellers]
    return makers[0] if makers else min(sellers) if len(sellers) == 1 else None


# ----------------------------------------------------------------------------------------- refresh
def in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.key, row.observed_on, row.content))


def current(rows: Iterable[Row]) -> dict[tuple[Any, ...], list[Row]]:
    """Key -> the rows of its newest edition."""
    editions: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        editions[row.key].append(row)
    return {
        key: [r for r in held if r.observed_on == max(h.observed_on for h in held)]
        for key, held in editions.items()
    }


def closed(rows: Iterable[Row], observed_on: date) -> list[Row]:
    """An edition that the source dropped: in force until that was noticed; what had not begun never was."""
    end = midnight(observed_on)
    begun = [r for r in rows if r.valid_from < end]
    if not begun:
        return [replace(min(rows, key=lambda r: r.valid_from), valid_from="", valid_to=NEVER_IN_FORCE)]
    return [replace(r, valid_to=min(r.valid_to or end, end)) for r in begun]


def moved(old: Sequence[ModelAlias], new: Sequence[ModelAlias], observed_on: date) -> list[ModelAlias]:
    """A moving name keeps its old model for older calls; any other new model is a correction throughout."""
    if not any(is_moving(row.reported_model, row.model) for row in (*old, *new)):
        return list(new)
    return [*closed(old, observed_on), *(replace(row, valid_from=midnight(observed_on)) for row in new)]


def same_dates(old: Sequence[ListPrice], new: Sequence[ListPrice], observed_on: date) -> list[ListPrice]:
    """A new edition of a price; starts that were known before keep how they were known."""
    bases = {(row.valid_from, row.price): row.date_basis for row in old}
    return [replace(row, date_basis=bases.get((row.valid_from, row.price), row.date_basis)) for row in new]


def refreshed(
    published: Sequence[Row],
    generated: Sequence[Row],
    observed_on: date,
    merge: Callable[[Sequence[Row], Sequence[Row], date], list[Row]],
) -> tuple[list[Row], list[str]]:
    """Published rows, untouched, plus a new edition of every changed key; and one line for each such key."""
    before, now = current(published), current(generated)
    appended: list[Row] = []
    changes: list[str] = []
    for key in sorted(before.keys() | now.keys()):
        old, new = before.get(key, []), now.get(key, [])
        same_now = {r.content for r in old} == {r.content for r in new}
        if isinstance((old or new)[0], ModelAlias) and old and new:
            same_now = in_force_target(old) == in_force_target(new)
        if same_now:
            continue
        edition = new if not old else closed(old, observed_on) if not new else merge(old, new, observed_on)
        if {r.content for r in edition} == {r.content for r in old}:
            continue
        if old and old[0].observed_on >= observed_on.isoformat():
            raise SystemExit(
                f"{' '.join(map(str, key)).strip()} differs from what was published on {old[0].observed_on}: "
                f"give --observed-on a later day than that, published rows are never rewritten."
            )
        word = "added" if not old else "gone" if not new else "changed"
        changes.append(f"{word}: {' '.join(map(str, key)).strip()}: {told(old)} -> {told(edition)}")
        appended += [replace(r, observed_on=observed_on.isoformat()) for r in edition]
    return in_order([*published, *appended]), changes


def in_force_target(rows: Sequence[ModelAlias]) -> set[tuple[str, str, str]]:
    """What an alias means from now on; when a moving name began to mean it is not a change."""
    return {(r.price_provider, r.model, r.is_default_provider) for r in rows if not r.valid_to}


def told(rows: Sequence[Row]) -> str:
    if not rows:
        return "nothing"
    return ", ".join(
        f"{row.price if isinstance(row, ListPrice) else row.model}"
        f" [{row.valid_from or 'open'}, {row.valid_to or 'open'})"
        for row in in_order(rows)
    )


# ------------------------------------------------------------------------------------------- files
def csv_text(rows: Sequence[Row], kind: type[Row]) -> str:
    names = [field.name for field in fields(kind)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([getattr(row, name) for name in names] for row in rows)
    return out.getvalue()


def read_csv(path: Path, kind: type[Row]) -> list[Row]:
    """Rows of a seed; [] when it is not there yet."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return [kind(**row) for row in csv.DictReader(handle)]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ai_unit_economics.prices", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "--observed-on", type=date.fromisoformat, help="the day on which the package was pinned"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if anything would change")
    parser.add_argument("--seeds", type=Path, default=FOLDER, help="folder of the two seeds")
    options = parser.parse_args(arguments)
    version = metadata.version(PACKAGE)
    observed_on: date | None = options.observed_on or PINNED_ON.get(version)
    if observed_on is None:
        parser.error(
            f"{PACKAGE} {version} is not a known pin: say with --observed-on on which day it was pinned"
        )
    prices, left_out = list_prices(PROVIDERS, f"{PACKAGE} {version}", observed_on)
    aliases = model_aliases(PROVIDERS, read_reported_models(), observed_on)
    stale = False
    for name, kind, generated, merge in (
        ("list_prices.csv", ListPrice, prices, same_dates),
        ("model_aliases.csv", ModelAlias, aliases, moved),
    ):
        path = options.seeds / name
        rows, changes = refreshed(read_csv(path, kind), generated, observed_on, merge)
        text = csv_text(rows, kind)
        differs = not path.exists() or path.read_text(encoding="utf-8") != text
        stale = stale or differs
        if differs and not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        if path.exists() or options.check:
            for change in changes[:40]:
                print(f"{name}: {change}")
            if len(changes) > 40:
                print(f"{name}: and {len(changes) - 40} more")
        print(f"{name}: {len(rows)} rows, {len(changes)} keys changed{'' if differs else ', as committed'}")
    for line in left_out:
        print(f"left out, more than {MAX_DECIMALS} decimals: {line}")
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
