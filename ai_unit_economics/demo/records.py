"""The records of the demo before they are written, and how each becomes a line of its feed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .clock import instant, local_stamp, stamp
from .company import REPORTED

Json = dict[str, Any]
# From here on a gateway sends a field that the contract does not know.
DRIFT_FROM = instant("2026-07-06")


@dataclass(slots=True)
class Usage:
    """Tokens of one call as the contract counts them: details are parts of input or output."""

    input: int
    output: int
    cached: int = 0
    write_5m: int = 0
    write_1h: int = 0
    reasoning: int = 0
    searches: int = 0

    def meters(self, endpoint: str) -> dict[str, int]:
        """Disjoint billable quantities by meter; zeros are left out."""
        if endpoint == "embeddings":
            found = {"embedding_input": self.input}
        else:
            found = {
                "input_uncached": self.input - self.cached - self.write_5m - self.write_1h,
                "cache_read": self.cached,
                "cache_write_5m": self.write_5m,
                "cache_write_1h": self.write_1h,
                "output": self.output,
                "web_search": self.searches,
            }
        return {meter: quantity for meter, quantity in found.items() if quantity}


@dataclass(slots=True)
class Call:
    """One attempt. `usage` is what the caller knows; `billed` what the vendor counted where that differs."""

    number: int
    at: int
    environment: str | None
    provider: str
    model: str
    account: str
    key: str
    endpoint: str = "chat"
    tier: str = "standard"
    status: str = "success"
    usage: Usage | None = None
    billed: Usage | None = None
    application: str | None = None
    workflow: str | None = None
    step: str | None = None
    agent: str | None = None
    tenant: str | None = None
    team: str | None = None
    cost_center: str | None = None
    version: str | None = None
    attempt: int = 1
    fallback: bool = False
    retry_of: int | None = None
    units: tuple[tuple[str, str, str], ...] = ()
    trace: str | None = None
    session: str | None = None
    layer: str | None = None
    estimate: str | None = None
    ingested: int | None = None
    quarantined: bool = False
    offset_hours: int = 0

    @property
    def request_id(self) -> str:
        return f"req_{self.number:07d}"

    @property
    def reported_model(self) -> str:
        if self.workflow in ("claim_adjudication", "employee_onboarding"):
            return REPORTED.get((self.provider, self.model), self.model)
        return self.model

    @property
    def vendor_usage(self) -> Usage | None:
        """What the vendor counted."""
        return self.billed or self.usage

    @property
    def delivered(self) -> int:
        return self.ingested if self.ingested is not None else self.at

    def line(self) -> Json:
        """The canonical usage event."""
        found: Json = {
            "request_id": self.request_id,
            "timestamp_utc": local_stamp(self.at, self.offset_hours),
            "ingested_at": stamp(self.ingested) if self.ingested is not None else None,
            "environment": self.environment,
            "application": self.application,
            "workflow": self.workflow,
            "step": self.step,
            "agent_id": self.agent,
            "tenant_id": self.tenant,
            "team": self.team,
            "cost_center": self.cost_center,
            "provider": self.provider,
            "billing_account_id": self.account,
            "api_key_id": self.key,
            "endpoint": self.endpoint,
            "service_tier": self.tier,
            "layer": self.layer,
            "model_or_deployment": self.reported_model,
            "prompt_version": self.version,
            "status": self.status,
            "usage": self.usage_line(),
            "routing": self.routing_line(),
            "trace_id": self.trace,
            "session_id": self.session,
        }
        if len(self.units) == 1:
            found["business_unit"] = {"unit_type": self.units[0][0], "unit_id": self.units[0][1]}
        elif self.units:
            found["business_units"] = [
                {
                    "unit_type": unit_type,
                    "unit_id": unit_id,
                    "share": int(share) if share.isdigit() else float(share),
                }
                for unit_type, unit_id, share in self.units
            ]
        if self.application == "hr-helper" and self.at >= DRIFT_FROM:
            found["gateway_build"] = "2026.7"
        if self.estimate is not None:
            found["cost_estimate"] = {"amount": self.estimate, "currency": "USD"}
        return {name: value for name, value in found.items() if value is not None}

    def usage_line(self) -> Json | None:
        if self.usage is None:
            return None
        usage = self.usage
        found = {
            "input_tokens": usage.input,
            "cached_input_tokens": usage.cached,
            "cache_write_5m_tokens": usage.write_5m,
            "cache_write_1h_tokens": usage.write_1h,
            "output_tokens": usage.output,
            "reasoning_tokens": usage.reasoning,
            "web_searches": usage.searches,
        }
        kept = {
            name: value for name, value in found.items() if value or name in ("input_tokens", "output_tokens")
        }
        return {**kept, "total_tokens": usage.input + usage.output}

    def routing_line(self) -> Json:
        found: Json = {"attempt_number": self.attempt, "fallback_used": self.fallback}
        if self.retry_of is not None:
            found["retry_of_request_id"] = f"req_{self.retry_of:07d}"
        return found


@dataclass(slots=True)
class Fact:
    """A line of another feed: when it happened, when it was delivered, and its fields."""

    at: int
    delivered: int
    fields: Json


@dataclass(slots=True)
class World:
    """Everything that happened, before faults and files."""

    calls: list[Call] = field(default_factory=list)
    unlogged: list[Call] = field(default_factory=list)
    unit_events: list[Fact] = field(default_factory=list)
    reviews: list[Fact] = field(default_factory=list)
    metered: list[Fact] = field(default_factory=list)
