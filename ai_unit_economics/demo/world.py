"""What happened at Halden Mutual: units of work, the calls they took, reviews and metered charges."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import company
from .clock import AS_OF, DAY, HOUR, MONTHS, days, instant, stamp
from .company import LINES, Line, Step
from .records import Call, Fact, Usage, World
from .rng import Rng

# External assessors worked before their rate was agreed: the labor rate starts on 1 February.
EXTERNAL_FROM = instant("2026-01-12")


@dataclass(slots=True)
class Unit:
    """One unit of work while it is being played."""

    line: Line
    number: int
    opened: int
    tenant: str
    team: str
    version: str
    complexity: str
    language: str
    cohort: str | None
    rng: Rng
    agent: str
    now: int = 0
    episode: int = 1
    events: int = 0
    charges: int = 0
    last_call: Call | None = None
    outcomes: list[str] = field(default_factory=list)

    @property
    def unit_id(self) -> str:
        return f"{self.line.prefix}{self.number:06d}"


def day_counts(line: Line) -> list[tuple[int, int]]:
    """(midnight, units opened that day): month and weekday weights with some noise, rounded down cumulatively."""
    rng = Rng(company.SEED, "days", line.unit_type)
    weights = []
    for day in days("2025-10-01", "2026-10-31"):
        month = line.months[MONTHS.index(day.isoformat()[:7])]
        weight = month * line.weekdays[day.weekday()] * rng.between(84, 116)
        if (day.month, day.day) in {(12, 24), (12, 25), (12, 26), (1, 1), (5, 1)}:
            weight //= 4
        weights.append((instant(day.isoformat()), weight))
    total, running, found = sum(weight for _, weight in weights), 0, []
    for midnight, weight in weights:
        before = running * line.units // total
        running += weight
        found.append((midnight, running * line.units // total - before))
    return found


def plan_units(line: Line) -> list[Unit]:
    """The units of one line of work in the order of their opening."""
    found: list[Unit] = []
    for midnight, count in day_counts(line):
        rng = Rng(company.SEED, "opened", line.unit_type, midnight)
        opened = sorted(midnight + rng.around(6 * HOUR, 21 * HOUR) + rng.below(HOUR) for _ in range(count))
        found += [plan_unit(line, len(found) + number, at) for number, at in enumerate(opened, start=1)]
    return found


def plan_unit(line: Line, number: int, opened: int) -> Unit:
    """Who, what kind and which prompt version: drawn from the unit's own stream."""
    rng = Rng(company.SEED, line.unit_type, number)
    first, last = line.tenants
    tenant = rng.weighted(company.TENANTS[first - 1 : last], company.TENANT_WEIGHTS[first - 1 : last])
    tenant_number = int(tenant[-2:])
    hard = 340 if tenant_number == 17 else 150
    complexity = "hard" if rng.chance(hard) else ("easy" if rng.chance(470) else "normal")
    ramp_from, ramp_to = line.ramp
    progress = min(1000, max(0, (opened - ramp_from) * 1000 // (ramp_to - ramp_from)))
    version = "v14" if rng.chance(progress) else "v13"
    cohort = None
    if line.unit_type == "claim" and company.EXPERIMENT[0] <= opened < company.EXPERIMENT[1]:
        cohort = "small_model" if rng.chance(500) else "control"
    return Unit(
        line=line,
        number=number,
        opened=opened,
        tenant=tenant,
        version=version,
        complexity=complexity,
        team=line.teams[1] if tenant_number <= 6 else line.teams[0],
        language=company.LANGUAGES.get(tenant_number % 7, "en"),
        cohort=cohort,
        rng=rng,
        agent=line.agent,
        now=opened,
    )


class Player:
    """Plays units and collects what the systems would have logged. Nothing after AS_OF is logged."""

    def __init__(self) -> None:
        self.world = World()

    # -- what is logged ---------------------------------------------------------------------------------
    def unit_event(
        self, unit: Unit, at: int, event_type: str, outcome: str | None = None, **extra: object
    ) -> None:
        if at > AS_OF:
            return
        unit.events += 1
        rng = unit.rng
        fields: dict[str, object] = {
            "event_id": f"ue_{unit.unit_id}_{unit.events}",
            "unit_type": unit.line.unit_type,
            "unit_id": unit.unit_id,
            "environment": "production",
            "application": unit.line.application,
            "event_type": event_type,
            "outcome": outcome,
            "occurred_at": stamp(at),
        }
        if event_type == "opened":
            fields.update(
                tenant_id=unit.tenant,
                team=unit.team,
                cost_center=unit.line.cost_center,
                workflow=unit.line.workflow,
                agent_id=unit.agent,
                cohort=unit.cohort,
                attributes={
                    "complexity": unit.complexity,
                    "language": unit.language,
                    "channel": rng.pick(["chat", "email", "portal"]),
                },
            )
        fields.update(extra)
        delivered = min(at + rng.between(5, 240), AS_OF)
        fields["ingested_at"] = stamp(delivered)
        self.world.unit_events.append(Fact(at, delivered, fields))

    def metered(self, unit: Unit, at: int, layer: str, service: str, **amounts: object) -> None:
        if at > AS_OF:
            return
        unit.charges += 1
        delivered = min(at + unit.rng.between(2, 90), AS_OF)
        self.world.metered.append(
            Fact(
                at,
                delivered,
                {
                    "charge_id": f"mc_{unit.unit_id}_{unit.charges}",
                    "occurred_at": stamp(at),
                    "layer": layer,
                    "service": service,
                    **amounts,
                    "environment": "production",
                    "application": unit.line.application,
                    "workflow": unit.line.workflow,
                    "agent_id": unit.agent,
                    "tenant_id": unit.tenant,
                    "unit_type": unit.line.unit_type,
                    "unit_id": unit.unit_id,
                    "ingested_at": stamp(delivered),
                },
            )
        )

    def review(self, unit: Unit, at: int, seconds: int, result: str, role: str | None = None) -> int:
        """One sitting; returns its end."""
        end = at + seconds
        if end > AS_OF:
            return end
        rng = unit.rng
        role = role or unit.line.role
        fields: dict[str, object] = {
            "review_id": f"rv_{unit.unit_id}_{unit.events}_{unit.charges}_{at % 100000}",
            "unit_type": unit.line.unit_type,
            "unit_id": unit.unit_id,
            "reviewer_role": role,
            "reviewer_id": f"{role[:2]}_{rng.between(1, 9):02d}",
            "started_at": stamp(at),
        }
        if rng.chance(700):
            fields["ended_at"] = stamp(end)
        else:
            fields["minutes"] = f"{seconds // 60}.{seconds % 60 * 100 // 60:02d}"
        fields.update(review_result=result, environment="production", team=unit.team)
        delivered = min(end + rng.between(10, 900), AS_OF)
        fields["ingested_at"] = stamp(delivered)
        self.world.reviews.append(Fact(at, delivered, fields))
        return end

    # -- calls ------------------------------------------------------------------------------------------
    def call(self, call: Call) -> Call:
        """Numbers a call and keeps it."""
        self.world.calls.append(call)
        return call

    def draw_usage(self, unit: Unit, step: Step, model: str, scale: int) -> Usage:
        """Tokens of a call; `scale` in per mille of prompt version v13."""
        rng = unit.rng
        inward = rng.around(*step.tokens_in) * scale // 1000
        inward = inward * {"easy": 82, "normal": 100, "hard": 145}[unit.complexity] // 100
        if unit.language != "en":
            inward = inward * 115 // 100
        if step.endpoint == "embeddings":
            return Usage(max(inward, 8), 0)
        outward = max(12, rng.around(*step.tokens_out) * (scale + 1000) // 2000)
        usage = Usage(inward, outward)
        usage.cached = (
            inward * rng.between(step.cached // 2, step.cached * 3 // 2) // 100 if step.cached else 0
        )
        usage.reasoning = outward * rng.between(step.reasoning // 2, min(95, step.reasoning * 3 // 2)) // 100
        if step.written and model.startswith("claude"):
            written = inward * rng.between(step.written // 2, step.written * 3 // 2) // 100
            if unit.line.unit_type == "loan_application":
                usage.write_1h = written
            else:
                usage.write_5m = written
        if step.name in ("risk", "assess") and model in ("gpt-5", "claude-sonnet-4-5") and rng.chance(120):
            usage.searches = rng.between(1, 2)
        return usage

    def model_of(self, unit: Unit, step: Step) -> tuple[str, str]:
        """The routing policy in force."""
        if step.name == "draft" and unit.complexity == "easy":
            if unit.opened >= company.ROUTING_CHANGE:
                return ("anthropic", "claude-haiku-4-5")
            if unit.version == "v14" and unit.rng.chance(300):
                return ("anthropic", "claude-haiku-4-5")
        if step.name == "assess" and unit.cohort == "small_model":
            return ("openai", "gpt-5-mini")
        return step.model

    def failure_rate(self, unit: Unit, provider: str) -> int:
        for name, starts, ends, per_mille in company.OUTAGES:
            if name == provider and starts <= unit.now < ends:
                return per_mille
        return 78 if unit.version == "v13" else 38

    def scale(self, unit: Unit) -> int:
        """Token scale against v13; a broken release in September 2026 doubled the claims context for four days."""
        if unit.line.unit_type == "claim" and instant("2026-09-21") <= unit.opened < instant("2026-09-25"):
            return 1450
        return 1000 if unit.version == "v13" else 640

    def run_step(self, unit: Unit, step: Step) -> bool:
        """A logical call with its retries and, after two failures, another vendor. False if none succeeded."""
        provider, model = self.model_of(unit, step)
        retry_of: int | None = None
        for attempt in range(1, 5):
            if unit.now > AS_OF:
                return False
            fallback = attempt > 2 and step.endpoint == "chat"
            if fallback:
                provider, model = company.FALLBACKS[step.model[0]]
            failed = unit.rng.chance(self.failure_rate(unit, provider))
            if fallback and attempt > 3:
                failed = False
            call = self.attempt(unit, step, provider, model, attempt, fallback, retry_of, failed)
            retry_of = call.number
            unit.now += unit.rng.between(2, 25)
            if not failed:
                return True
            if attempt > 1 and step.endpoint != "chat":
                return False
        return False

    def attempt(
        self,
        unit: Unit,
        step: Step,
        provider: str,
        model: str,
        attempt: int,
        fallback: bool,
        retry_of: int | None,
        failed: bool,
    ) -> Call:
        rng = unit.rng
        usage: Usage | None = self.draw_usage(unit, step, model, self.scale(unit))
        billed, status = None, "success"
        if failed:
            status = rng.weighted(["error", "timeout", "partial", "cancelled"], [50, 24, 22, 4])
            assert usage is not None
            if status == "timeout":
                # The caller saw nothing; in two of five cases the vendor worked on and bills it.
                billed, usage = (usage if rng.chance(400) else None), None
            elif status == "error" and rng.chance(600):
                usage = Usage(0, 0)
            else:
                usage.output //= 3
                usage.reasoning = min(usage.reasoning, usage.output)
        told = rng.chance(800)
        tier = step.tier if (provider, model) == step.model else "standard"
        delay = rng.between(2, 40)
        call = Call(
            number=len(self.world.calls) + 1,
            at=unit.now,
            environment="production",
            provider=provider,
            model=model,
            account=company.ACCOUNTS[provider],
            key=self.key_of(unit, provider),
            endpoint=step.endpoint,
            tier=tier,
            status=status,
            usage=usage,
            billed=billed,
            application=unit.line.application,
            workflow=unit.line.workflow,
            step=step.name,
            agent=unit.agent,
            tenant=unit.tenant,
            team=unit.team if told else None,
            cost_center=unit.line.cost_center if told else None,
            version=unit.version if step.endpoint == "chat" else None,
            attempt=attempt,
            fallback=fallback,
            retry_of=retry_of,
            units=((unit.line.unit_type, unit.unit_id, "1"),),
            trace=f"tr_{unit.unit_id}_{unit.episode}",
            ingested=unit.now + delay if rng.chance(950) else None,
        )
        unit.last_call = call
        return self.call(call)

    @staticmethod
    def key_of(unit: Unit, provider: str) -> str:
        """Every line has its keys; the document key at Google is shared by claims and lending."""
        if provider == "google" and unit.line.key in ("claims", "lending"):
            return "key_docs_google"
        return f"key_{unit.line.key}_{provider}"

    # -- a unit from opening to outcome -------------------------------------------------------------------
    def play(self, unit: Unit) -> None:
        rng, line = unit.rng, unit.line
        self.unit_event(unit, unit.opened, "opened")
        if rng.chance(2):
            return  # opened, never worked on
        unit.now = unit.opened + rng.between(4, 90)
        if rng.chance(16):
            self.work(unit, line.steps[:2])
            self.unit_event(
                unit, unit.now + rng.between(60, 7200), "cancelled", company.CANCELLED[line.unit_type]
            )
            return
        if rng.chance(7):
            self.work(unit, line.steps[:3])
            if rng.chance(500):
                self.unit_event(unit, unit.now + 600, "outcome", company.WAITING[line.unit_type])
            return  # left alone: pending, abandoned after 720 hours
        self.episode(unit, line.steps)

    def episode(self, unit: Unit, steps: tuple[Step, ...]) -> None:
        rng, line = unit.rng, unit.line
        done = self.work(unit, steps)
        new = 1 if unit.version == "v14" else 0
        hard = {"easy": 60, "normal": 100, "hard": 175}[unit.complexity]
        small = 130 if unit.cohort == "small_model" else 100
        if rng.chance(line.escalated[new] * hard * small // 10000):
            self.escalate(unit)
            return
        resolved = unit.now + rng.between(30, 900)
        if rng.chance(line.sign_off):
            resolved = self.review(unit, resolved, rng.between(*line.sign_off_seconds), "approved") + 30
        if not done or rng.chance(line.failed[new] * hard * small // 10000):
            self.unit_event(unit, resolved, "outcome", company.FAILED[line.unit_type])
            return
        self.succeed(unit, resolved)

    def escalate(self, unit: Unit) -> None:
        rng, line = unit.rng, unit.line
        at = unit.now + rng.between(30, 600)
        reason = rng.pick(["low_confidence", "policy_exception", "customer_request", "missing_data"])
        self.unit_event(unit, at, "outcome", company.ESCALATED[line.unit_type], escalation_reason=reason)
        role = None
        if (
            line.unit_type == "claim"
            and unit.complexity == "hard"
            and at >= EXTERNAL_FROM
            and rng.chance(500)
        ):
            role = "external_assessor"
        seconds = rng.between(*line.escalated_seconds)
        end = self.review(unit, at + rng.between(300, 14400), seconds, "corrected", role)
        if rng.chance(120):
            # The colleague settled it in the system: a later resolution counts.
            self.unit_event(unit, end + 60, "outcome", company.SUCCESS[line.unit_type])

    def succeed(self, unit: Unit, at: int) -> None:
        rng, line = unit.rng, unit.line
        extra: dict[str, object] = {}
        if line.unit_type == "support_case" and rng.chance(300):
            extra["csat"] = rng.between(60, 100) / 100
        if line.unit_type == "loan_application":
            extra.update(
                value_amount=f"{rng.between(900, 2600) / 100:.2f}",
                value_currency="EUR" if unit.language != "en" else "USD",
            )
        self.unit_event(unit, at, "outcome", company.SUCCESS[line.unit_type], **extra)
        window = line.window_hours * HOUR
        new = unit.version == "v14"
        if unit.episode > 1 or at > AS_OF:
            return
        if rng.chance(22 if new else 46):
            unit.now = at + rng.between(2 * HOUR, window - HOUR)
            self.unit_event(unit, unit.now, "reopened")
            if rng.chance(560):
                unit.now += rng.between(60, 7200)
                if self.work(unit, line.steps[-2:]):
                    self.unit_event(unit, unit.now + 120, "outcome", company.SUCCESS[line.unit_type])
        elif rng.chance(14):
            unit.now = at + window + rng.between(4 * HOUR, 20 * DAY)
            if unit.now > AS_OF:
                return
            self.unit_event(unit, unit.now, "reopened")
            unit.episode, unit.now = 2, unit.now + rng.between(60, 7200)
            self.episode(unit, line.steps[1:])

    def work(self, unit: Unit, steps: tuple[Step, ...]) -> bool:
        """All steps in turn with their metered charges; false when a step failed for good."""
        rng, done = unit.rng, True
        for step in steps:
            low, high = step.times
            turns = low if unit.complexity == "easy" else rng.between(low, high)
            if unit.version == "v14" and turns > 2:
                turns -= 1
            for _ in range(turns):
                done = self.run_step(unit, step) and done
                unit.now += rng.between(*unit.line.gap) // 8
            if step.endpoint == "embeddings":
                self.metered(
                    unit,
                    unit.now,
                    "retrieval",
                    "vector_lookup",
                    quantity=str(rng.between(3, 9)),
                    quantity_unit="query",
                )
            unit.now += rng.between(*unit.line.gap) // 6
        self.tools(unit)
        return done

    def tools(self, unit: Unit) -> None:
        """Third-party services of the line: some billed by quantity, some by amount."""
        rng, kind, at = unit.rng, unit.line.unit_type, unit.now
        layer = "tool_integration"
        if kind == "support_case" and rng.chance(240):
            self.metered(unit, at, layer, "sms", quantity=str(rng.between(1, 2)), quantity_unit="message")
        if kind == "claim":
            self.metered(unit, at - 30, layer, "ocr", quantity=str(rng.between(3, 12)), quantity_unit="page")
            self.metered(unit, at, layer, "fraud_check", amount="0.085", currency="USD")
            if rng.chance(120):
                self.metered(
                    unit,
                    at,
                    "security_compliance",
                    "moderation_scan",
                    quantity=str(rng.between(2, 6)),
                    quantity_unit="scan",
                )
        if kind == "loan_application":
            self.metered(unit, at - 40, layer, "ocr", quantity=str(rng.between(8, 30)), quantity_unit="page")
            if unit.episode == 1:
                currency = "EUR" if unit.language != "en" else "USD"
                self.metered(
                    unit,
                    at,
                    layer,
                    "credit_bureau",
                    amount="0.62" if currency == "USD" else "0.55",
                    currency=currency,
                )
        if kind == "onboarding_case":
            self.metered(unit, at, layer, "esignature", quantity="1", quantity_unit="envelope")
            self.metered(unit, at + 5, layer, "sms", quantity=str(rng.between(1, 3)), quantity_unit="message")


def play_all() -> World:
    """Every unit of every line of work."""
    player = Player()
    for line in LINES:
        for unit in plan_units(line):
            player.play(unit)
    return player.world
