"""Control totals of the demo, counted here from the records themselves and by no SQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from .billing import Row, charges_of, plain
from .clock import AS_OF, HOUR, MONTHS, instant, month_of, stamp
from .company import CANCELLED, LINE_OF, SUCCESS, UNKNOWN_MODEL, WAITING
from .faults import Line
from .prices import PriceBook
from .records import Call, Fact, World

ABANDON_AFTER = 720 * HOUR
ENVIRONMENTS = {"production", "staging", "development", "load_test", "evaluation"}


def feed_counts(lines: list[Line]) -> dict[str, Any]:
    """Counts of one feed: landed = kept + duplicates + quarantined; the loser of a conflict is a duplicate."""
    fates = Counter(line.fate for line in lines)
    kept, copies, losers = fates.pop("kept"), fates.pop("duplicate", 0), fates.pop("conflict_loser", 0)
    return {
        "landed": len(lines),
        "kept": kept,
        "duplicates": copies + losers,
        "conflicts": losers,
        "quarantined": sum(fates.values()),
        "quarantined_by_reason": dict(sorted(fates.items())),
    }


def environment_of(call: Call) -> str:
    return call.environment if call.environment in ENVIRONMENTS else "unknown"


def usage_totals(world: World, book: PriceBook) -> dict[str, Any]:
    """Kept calls, tokens and exact cost in the currency of the price."""
    kept = [call for call in world.calls if not call.quarantined]
    tokens: Counter[str] = Counter()
    costs: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    meters: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    production: dict[str, Decimal] = defaultdict(Decimal)
    reported, basis = Decimal(0), Counter[str]()
    for call in kept:
        if call.usage is not None:
            usage = call.usage
            tokens.update(
                input_tokens=usage.input,
                cache_read_tokens=usage.cached,
                cache_write_5m_tokens=usage.write_5m,
                cache_write_1h_tokens=usage.write_1h,
                output_tokens=usage.output,
                web_searches=usage.searches,
                reasoning_tokens=usage.reasoning,
            )
        cost = book.cost(call)
        if cost is None:
            if call.estimate is not None:
                basis["reported"] += 1
                reported += Decimal(call.estimate)
            else:
                basis["usage_missing" if call.usage is None else "unpriced"] += 1
            continue
        basis["repriced"] += 1
        for meter, (_, amount, currency) in cost.items():
            costs[month_of(call.at)][f"{call.provider} {currency}"] += amount
            meters[meter][currency] += amount
            if call.environment == "production":
                production[currency] += amount
    return {
        "kept_by_environment": dict(sorted(Counter(environment_of(call) for call in kept).items())),
        "kept_by_status": dict(sorted(Counter(call.status for call in kept).items())),
        "kept_with_units": sum(1 for call in kept if call.units),
        "kept_with_several_units": sum(1 for call in kept if len(call.units) > 1),
        "tokens": dict(sorted(tokens.items())),
        "calls_by_basis": dict(sorted(basis.items())),
        "reported_cost_usd": plain(reported),
        "repriced_cost_in_production": texts(production),
        "repriced_cost_by_meter": {meter: texts(amounts) for meter, amounts in sorted(meters.items())},
        "repriced_cost_by_month_and_provider": {
            month: texts(amounts) for month, amounts in sorted(costs.items())
        },
    }


def texts(amounts: dict[str, Decimal]) -> dict[str, str]:
    return {name: plain(amount) for name, amount in sorted(amounts.items())}


def episode_state(episode: list[tuple[int, str]], last_activity: int, window: int) -> str:
    """The state of one episode at AS_OF from its facts (success, failed, reopened, cancelled) in time order."""
    accepted = negative = reopened = None
    for at, fact in episode:
        if fact == "cancelled":
            return "cancelled"
        if fact == "success":
            accepted, negative, reopened = at, None, None
        elif fact == "failed":
            negative = at
        elif fact == "reopened" and accepted is not None and reopened is None:
            reopened = at
    if negative is not None or reopened is not None:
        return "failed"
    if accepted is not None:
        return "success" if AS_OF - accepted > window else "pending"
    return "failed" if AS_OF - last_activity > ABANDON_AFTER else "pending"


def fact_of(fact: Fact) -> str | None:
    kind, outcome, unit_type = fact.fields["event_type"], fact.fields["outcome"], fact.fields["unit_type"]
    if kind == "outcome":
        if outcome == SUCCESS[unit_type]:
            return "success"
        if outcome == WAITING[unit_type]:
            return None
        return "cancelled" if outcome == CANCELLED[unit_type] else "failed"
    return None if kind == "opened" else kind


def unit_totals(world: World) -> dict[str, Any]:
    """Episodes by state at AS_OF, production, attempted ones and those never worked on."""
    work: dict[tuple[str, str], list[int]] = defaultdict(list)
    for call in world.calls:
        if not call.quarantined and environment_of(call) == "production":
            for unit_type, unit_id, _ in call.units:
                work[unit_type, unit_id].append(call.at)
    for fact in [*world.metered, *world.reviews]:
        work[fact.fields["unit_type"], fact.fields["unit_id"]].append(fact.at)
    facts: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in world.unit_events:
        facts[fact.fields["unit_type"], fact.fields["unit_id"]].append(fact)
    states: dict[str, Counter[str]] = defaultdict(Counter)
    for unit in sorted(set(work) | set(facts)):
        window = LINE_OF[unit[0]].window_hours * HOUR
        ordered = sorted(facts[unit], key=lambda fact: (fact.at, fact.fields["event_id"]))
        episodes: list[tuple[int, list[tuple[int, str]]]] = [(0, [])]
        accepted = None
        for fact in ordered:
            kind = fact_of(fact)
            if kind == "reopened" and accepted is not None and fact.at - accepted > window:
                episodes.append((fact.at, []))
                accepted = None
                continue
            if kind == "success":
                accepted = fact.at
            if kind is not None:
                episodes[-1][1].append((fact.at, kind))
        for number, (starts, found) in enumerate(episodes):
            ends = episodes[number + 1][0] if number + 1 < len(episodes) else 1 << 60
            moments = [at for at in work[unit] if starts <= at < ends]
            attempted = bool(moments) or any(kind != "reopened" for _, kind in found)
            seen = moments + [fact.at for fact in ordered if starts <= fact.at < ends]
            state = episode_state(found, max(seen), window)
            states[unit[0]][state if attempted else "not_attempted"] += 1
            if number:
                states[unit[0]]["later_episodes"] += 1
    return {unit_type: dict(sorted(counts.items())) for unit_type, counts in sorted(states.items())}


def invoice_totals(rows: list[Row]) -> dict[str, str]:
    """Amount per invoice with its status and currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[f"{row['issuer']} {row['invoice_id']} {row['status']} {row['currency']}"] += Decimal(
            row["amount"]
        )
    return texts(sums)


def totals_by(rows: list[Row], key: str, amount: str) -> dict[str, str]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[f"{row[key]} {row['currency']}"] += Decimal(row[amount])
    return texts(sums)


def fact_totals(world: World, exports: list[Fact]) -> dict[str, Any]:
    """Sums of the other JSON feeds."""
    quantities: dict[str, Decimal] = defaultdict(Decimal)
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for fact in world.metered:
        fields = fact.fields
        if "quantity" in fields:
            quantities[f"{fields['service']} {fields['quantity_unit']}"] += Decimal(fields["quantity"])
        else:
            amounts[f"{fields['service']} {fields['currency']}"] += Decimal(fields["amount"])
    exported: dict[str, Decimal] = defaultdict(Decimal)
    for fact in exports:
        fields = fact.fields
        exported[f"{fields['billing_account_id']} {fields['currency']}"] += Decimal(fields["amount"])
    seconds: Counter[str] = Counter()
    for fact in world.reviews:
        if "ended_at" in fact.fields:
            seconds[fact.fields["reviewer_role"]] += instant(fact.fields["ended_at"]) - fact.at
    return {
        "metered_quantities": texts(quantities),
        "metered_amounts": texts(amounts),
        "exported_amounts": texts(exported),
        "review_seconds_with_an_end": dict(sorted(seconds.items())),
        "unit_events_by_type": dict(
            sorted(Counter(fact.fields["event_type"] for fact in world.unit_events).items())
        ),
    }


def vendor_bridge(world: World, book: PriceBook) -> dict[str, Any]:
    """By billing account and month: our estimate, the named differences, the vendor's count; they add up."""
    names = ("estimated", "timing", "unmetered", "over_metered", "unknown_model", "exported")
    found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(names, Decimal(0)))
    for call, logged in [
        *((call, not call.quarantined) for call in world.calls),
        *((call, False) for call in world.unlogged),
    ]:
        charges = charges_of(call, book)
        billed = sum((charge.amount for charge in charges), Decimal(0))
        cost = (book.cost(call) or {}) if logged else {}
        estimated = sum((amount for _, amount, _ in cost.values()), Decimal(0))
        made = found[call.account, month_of(call.at)]
        counted = found[call.account, month_of(charges[0].counted_at)] if charges else made
        made["estimated"] += estimated
        counted["exported"] += billed
        if call.model == UNKNOWN_MODEL:
            counted["unknown_model"] += billed
        elif not charges:
            made["over_metered"] -= estimated
        elif not cost:
            counted["unmetered"] += billed
        elif counted is not made:
            made["timing"] -= estimated
            counted["timing"] += billed
    for key, parts in found.items():
        if sum(parts[name] for name in names[:-1]) != parts["exported"]:
            raise ValueError(f"the bridge of {key} does not add up: {parts}")
    return {
        f"{account} {month}": texts({name: amount for name, amount in parts.items() if amount})
        for (account, month), parts in sorted(found.items())
        if month in MONTHS
    }


def as_of_text() -> str:
    return stamp(AS_OF)
