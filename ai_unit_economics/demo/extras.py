"""What surrounds the lines of work: other environments, shared keys, sessions, late records and odd calls."""

from __future__ import annotations

from dataclasses import replace

from . import company
from .clock import AS_OF, DAY, HOUR, MONTHS, instant, next_month, stamp
from .records import Call, Fact, Usage, World
from .rng import Rng

CLOSED_MONTHS = MONTHS[:11]


def closed_at(month: str) -> int:
    """A month is closed on the eighth day of the next at 17:00."""
    return instant(f"{next_month(month)}-08T17:00:00Z")


def base_call(
    world: World, rng: Rng, at: int, environment: str | None, model: str, key: str, account: str
) -> Call:
    """A plain call outside of any unit."""
    return Call(
        number=len(world.calls) + 1,
        at=at,
        environment=environment,
        provider="openai",
        model=model,
        account=account,
        key=key,
        ingested=min(at + rng.between(2, 40), AS_OF),
    )


def month_start(month: str) -> int:
    return instant(f"{month}-01")


def add_other_environments(world: World) -> None:
    """Staging, development, load tests and graders: their cost is real, and in no headline."""
    rng = Rng(company.SEED, "environments")
    for month in MONTHS:
        start = month_start(month)
        for _ in range(70):
            at = start + rng.below(28) * DAY + rng.between(8 * HOUR, 18 * HOUR)
            call = base_call(world, rng, at, "staging", "gpt-5-mini", "key_ci_openai", company.LAB_ACCOUNT)
            call.application, call.workflow, call.step = "support-assistant", "case_resolution", "draft"
            call.version, call.usage = "v14", Usage(rng.around(1500, 5200), rng.around(150, 600))
            if rng.chance(300):
                call.units = (("support_case", f"case_stg_{rng.between(1, 400):04d}", "1"),)
            world.calls.append(call)
        for _ in range(64):
            at = start + 4 * DAY + rng.between(1 * HOUR, 5 * HOUR)
            call = base_call(
                world, rng, at, "evaluation", "gpt-5-mini", "key_eval_openai", company.LAB_ACCOUNT
            )
            call.application, call.step, call.agent, call.layer = (
                "evaluation-suite",
                "grade",
                "grader",
                "evaluation",
            )
            call.workflow, call.tier, call.team = "model_evaluation", "batch", "ml-platform"
            call.usage = Usage(rng.around(2200, 5400), rng.around(120, 420), reasoning=60)
            world.calls.append(call)
        for _ in range(8):
            at = start + rng.below(28) * DAY + rng.between(8 * HOUR, 18 * HOUR)
            call = base_call(
                world, rng, at, "development", "gpt-5-nano", "key_ci_openai", company.LAB_ACCOUNT
            )
            call.application, call.usage = "claims-copilot", Usage(rng.around(400, 900), rng.around(40, 90))
            world.calls.append(call)
    for day in ("2026-02-24", "2026-08-11"):
        for _ in range(260):
            at = instant(day) + 20 * HOUR + rng.below(HOUR)
            call = base_call(world, rng, at, "load_test", "gpt-5-nano", "key_ci_openai", company.LAB_ACCOUNT)
            call.application, call.usage = (
                "support-assistant",
                Usage(rng.around(500, 900), rng.around(30, 60)),
            )
            world.calls.append(call)


def add_shared_key_calls(world: World) -> None:
    """A notebook on a key that four teams share, and the indexing of documents: production without a unit."""
    rng = Rng(company.SEED, "shared key")
    for number, month in enumerate(MONTHS):
        for _ in range(64 + number * 5):
            at = month_start(month) + rng.below(28) * DAY + rng.between(7 * HOUR, 19 * HOUR)
            model = "gpt-5" if rng.chance(250) else "gpt-5-mini"
            call = base_call(world, rng, at, "production", model, "key_lab_openai", company.LAB_ACCOUNT)
            call.application, call.usage = (
                "analytics-notebook",
                Usage(rng.around(1200, 6800), rng.around(200, 1400)),
            )
            call.usage.reasoning = call.usage.output * rng.between(10, 60) // 100
            call.team = rng.weighted(["risk-models", "data-platform", "claims-motor", None], [40, 25, 10, 25])
            call.tenant = None
            world.calls.append(call)
        for part in range(26):
            at = month_start(month) + (part % 13) * 2 * DAY + 2 * HOUR + rng.below(1800)
            call = base_call(
                world, rng, at, "production", "gemini-embedding-001", "key_docs_google", "gcp-halden-ai"
            )
            call.provider, call.endpoint, call.application = "google", "embeddings", "knowledge-search"
            call.workflow, call.step, call.team = "knowledge_indexing", "index", "data-platform"
            call.cost_center, call.usage = "ai-platform", Usage(rng.around(20000, 90000), 0)
            world.calls.append(call)


def add_sessions(world: World) -> None:
    """One call that sorts two or three new cases at once; some shares are tokens, some are fractions."""
    rng = Rng(company.SEED, "sessions")
    opened = [
        fact
        for fact in world.unit_events
        if fact.fields["event_type"] == "opened" and fact.fields["unit_type"] == "support_case"
    ]
    for number in range(130):
        first = rng.below(len(opened) - 3)
        chosen = opened[first : first + rng.between(2, 3)]
        if chosen[-1].at - chosen[0].at > 6 * HOUR:
            continue
        at = chosen[-1].at + 3
        call = base_call(world, rng, at, "production", "gpt-5-nano", "key_support_openai", "org-halden-prod")
        tokens = [rng.around(300, 1200) for _ in chosen]
        shares = [str(count) for count in tokens]
        if number % 3 == 0:
            shares = ["0.5", "0.3", "0.2"][: len(chosen)] if len(chosen) == 3 else ["0.6", "0.4"]
        call.units = tuple(
            ("support_case", fact.fields["unit_id"], share)
            for fact, share in zip(chosen, shares, strict=True)
        )
        call.usage = Usage(sum(tokens), rng.around(40, 120))
        call.application, call.workflow, call.step, call.agent = (
            "support-assistant",
            "case_resolution",
            "triage",
            "triage-router",
        )
        call.team, call.session = "cx-frontline", f"ses_{number:04d}"
        world.calls.append(call)


def add_odd_calls(world: World) -> None:
    """A model that no price list knows, calls that only report a cost, and the edges of a price change."""
    rng = Rng(company.SEED, "odd")
    for number in range(14):
        at = instant("2026-04-20T09:00:00Z") + number * 2 * DAY + rng.below(HOUR)
        call = base_call(
            world, rng, at, "production", company.UNKNOWN_MODEL, "key_support_openai", "org-halden-prod"
        )
        call.application, call.workflow, call.step, call.agent = (
            "support-assistant",
            "case_resolution",
            "draft",
            "support-bot",
        )
        call.usage = Usage(rng.around(2000, 5000), rng.around(200, 500))
        call.estimate = f"0.{rng.between(9000, 21000):06d}" if number < 9 else None
        world.calls.append(call)
    for number in range(26):
        at = instant("2025-11-04T08:00:00Z") + number * 13 * DAY + rng.below(6 * HOUR)
        if at > AS_OF:
            continue
        call = base_call(
            world, rng, at, "production", "gemini-2.5-flash", "key_support_google", "gcp-halden-ai"
        )
        call.provider, call.application, call.workflow = "google", "support-assistant", "case_resolution"
        call.step, call.agent = "translate", "support-bot"
        call.estimate = f"0.{rng.between(1200, 4800):06d}"
        call.billed = Usage(rng.around(2000, 6000), rng.around(300, 900))
        world.calls.append(call)
    change = instant("2026-03-17T15:30:00Z")
    for at in (change - 1, change):
        call = base_call(world, rng, at, "production", "gpt-5-mini", "key_support_openai", "org-halden-prod")
        call.application, call.workflow, call.step = "support-assistant", "case_resolution", "check"
        call.usage = Usage(1000000, 100000)
        world.calls.append(call)
    for _ in range(6):
        at = instant("2026-05-04") + rng.below(90) * DAY + 10 * HOUR
        call = base_call(world, rng, at, None, "gpt-5-nano", "key_hr_openai", "org-halden-prod")
        call.application, call.usage = "hr-helper", Usage(rng.around(500, 900), rng.around(30, 80))
        world.calls.append(call)


def add_unlogged_calls(world: World) -> None:
    """Scripts that use the shared keys past the gateway: the vendor bills them, no log has them."""
    rng = Rng(company.SEED, "unlogged")
    for number in range(100):
        at = instant("2026-02-02") + rng.below(120) * DAY + rng.between(8 * HOUR, 18 * HOUR)
        call = base_call(world, rng, at, "production", "gpt-5-mini", "key_lab_openai", company.LAB_ACCOUNT)
        call.usage = Usage(rng.around(900, 4800), rng.around(200, 900))
        if number % 3 == 0:
            call.provider, call.model, call.key = "google", "gemini-2.5-flash", "key_docs_google"
            call.account = company.ACCOUNTS["google"]
        world.unlogged.append(call)


def add_strays(world: World) -> None:
    """Units that no source system knows, a call under another tenant, a tag that looks like a formula."""
    rng = Rng(company.SEED, "strays")
    for number, day in enumerate(("2026-01-15", "2026-08-20", "2026-10-30")):
        for _ in range(2):
            at = instant(day) + rng.between(8 * HOUR, 17 * HOUR)
            call = base_call(
                world, rng, at, "production", "gpt-5-mini", "key_support_openai", "org-halden-prod"
            )
            call.application, call.workflow, call.step = "support-assistant", "case_resolution", "check"
            call.agent, call.tenant = "support-bot", "tenant_09"
            call.units = (("support_case", f"case_orphan_{number + 1}", "1"),)
            call.usage = Usage(rng.around(1800, 3400), rng.around(180, 520))
            world.calls.append(call)
    others = [call for call in world.calls if call.tenant == "tenant_02" and call.step == "check"][:2]
    for call in others:
        call.tenant = "tenant_03"
    note = next(call for call in world.calls if call.application == "analytics-notebook")
    note.step = "=SUM(A1:A9)"


def bend_calls(world: World) -> None:
    """Ordinary calls made hard: an environment misspelt, long contexts, the context cliff, late arrivals."""
    rng = Rng(company.SEED, "bend")
    misspelt = 0
    pages = iter([200000, 200001, 213000, 238500, 251200, 264000, 227400, 241000])
    for call in world.calls:
        if call.environment != "production":
            continue
        in_june = instant("2026-06-03") <= call.at < instant("2026-06-05")
        if call.application == "claims-copilot" and call.step == "letter" and in_june and misspelt < 14:
            call.environment, misspelt = "prdo", misspelt + 1
        if call.step == "extract" and call.model == "gemini-2.5-pro" and call.usage and call.number % 97 == 0:
            call.usage.input = next(pages, call.usage.input)
    for call in world.calls:
        if call.provider == "mistral":
            call.offset_hours = 2
    months: dict[str, int] = {}
    for call in world.calls:
        month = stamp(call.at)[:7]
        fit = month in CLOSED_MONTHS and call.environment == "production" and call.units
        if fit and months.get(month, 0) < 6 and rng.chance(4):
            months[month] = months.get(month, 0) + 1
            call.ingested = closed_at(month) + rng.between(HOUR, 12 * DAY)
    for facts in (world.unit_events, world.reviews, world.metered):
        taken = 0
        for fact in facts:
            month = stamp(fact.at)[:7]
            if (
                month in CLOSED_MONTHS
                and taken < 10
                and rng.chance(2)
                and fact.fields.get("event_type") != "opened"
            ):
                fact.delivered = closed_at(month) + rng.between(HOUR, 6 * DAY)
                fact.fields["ingested_at"] = stamp(fact.delivered)
                taken += 1


def add_window_edges(world: World) -> None:
    """Reopened at the last second of the window (failed) and one second later (a second episode)."""
    last = instant("2026-10-01")
    chosen = []
    reopened = {
        fact.fields["unit_id"] for fact in world.unit_events if fact.fields["event_type"] == "reopened"
    }
    outcomes: dict[str, int] = {}
    for fact in world.unit_events:
        if fact.fields["event_type"] == "outcome":
            outcomes[fact.fields["unit_id"]] = outcomes.get(fact.fields["unit_id"], 0) + 1
    for fact in world.unit_events:
        unit = fact.fields["unit_id"]
        if (
            fact.fields["outcome"] == "resolved"
            and fact.at < last
            and unit not in reopened
            and outcomes[unit] == 1
        ):
            chosen.append(fact)
        if len(chosen) == 4:
            break
    for number, fact in enumerate(chosen):
        at = fact.at + 48 * HOUR + (number % 2)
        fields = {
            **fact.fields,
            "event_id": f"ue_{fact.fields['unit_id']}_edge",
            "event_type": "reopened",
            "outcome": None,
            "occurred_at": stamp(at),
            "ingested_at": stamp(at + 60),
        }
        world.unit_events.append(Fact(at, at + 60, fields))


def add_overlapping_reviews(world: World) -> None:
    """A reviewer with two sittings at once: the minutes of the overlap are worked once."""
    rng = Rng(company.SEED, "overlap")
    with_end = [fact for fact in world.reviews if "ended_at" in fact.fields]
    for number in range(24):
        fact = with_end[rng.below(len(with_end))]
        start = fact.at + 20
        seconds = rng.between(60, 200)
        fields = {
            **fact.fields,
            "review_id": f"rv_overlap_{number:02d}",
            "started_at": stamp(start),
            "ended_at": stamp(start + seconds),
            "ingested_at": stamp(min(start + seconds + 60, AS_OF)),
        }
        if start + seconds > AS_OF:
            continue
        world.reviews.append(Fact(start, min(start + seconds + 60, AS_OF), fields))


def add_estimates(world: World, sheet_cost: object) -> None:
    """The lending desk reports its own figure: the public price, which knows no contract."""
    for call in world.calls:
        if call.application == "lending-desk" and call.usage and call.estimate is None:
            amount = sheet_cost(replace(call, account="list", tier="standard"))  # type: ignore[operator]
            if amount is not None:
                call.estimate = amount


def add_all(world: World) -> None:
    """Everything above, in a fixed order."""
    add_other_environments(world)
    add_shared_key_calls(world)
    add_sessions(world)
    add_odd_calls(world)
    add_unlogged_calls(world)
    add_strays(world)
    bend_calls(world)
    add_window_edges(world)
    add_overlapping_reviews(world)
