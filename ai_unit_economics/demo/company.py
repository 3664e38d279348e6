"""Halden Mutual: an insurer and bank that runs four lines of work with AI. Constants only."""

from __future__ import annotations

from dataclasses import dataclass

from .clock import instant

SEED = 20260511
TENANTS = [f"tenant_{number:02d}" for number in range(1, 45)]
TENANT_WEIGHTS = [1200 // (number + 4) for number in range(44)]
LANGUAGES = {3: "de", 5: "fr"}
ACCOUNTS = {
    "openai": "org-halden-prod",
    "anthropic": "ant-halden",
    "google": "gcp-halden-ai",
    "azure": "az-halden-eu",
    "mistral": "mis-halden-eu",
}
LAB_ACCOUNT = "org-halden-lab"
ISSUERS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "google": "google-cloud",
    "azure": "microsoft",
    "mistral": "mistral",
}
FALLBACKS = {
    "anthropic": ("google", "gemini-2.5-flash"),
    "openai": ("google", "gemini-2.5-flash"),
    "google": ("openai", "gpt-5-mini"),
    "azure": ("openai", "gpt-5-mini"),
    "mistral": ("openai", "gpt-5-mini"),
}
# Names that some applications report for a model of the price list.
REPORTED = {
    ("openai", "gpt-5-mini"): "gpt-5-mini-2025-08-07",
    ("anthropic", "claude-sonnet-4-5"): "claude-sonnet-4-5-20250929",
    ("azure", "o4-mini"): "o4-mini-2025-04-16",
}
UNKNOWN_MODEL = "halden-support-ft-0426"
# Vendor outages: provider, from, to, failed calls per mille.
OUTAGES = [
    ("openai", instant("2026-02-10T12:00:00Z"), instant("2026-02-10T18:00:00Z"), 550),
    ("anthropic", instant("2026-09-15T08:00:00Z"), instant("2026-09-17T02:00:00Z"), 380),
]
# Easy support cases move from the large to the small model.
ROUTING_CHANGE = instant("2026-07-20T09:00:00Z")
EXPERIMENT = (instant("2026-08-03"), instant("2026-09-28"))


@dataclass(frozen=True)
class Step:
    """One logical call of a workflow. Tokens are ranges for prompt version v13; shares are in percent."""

    name: str
    model: tuple[str, str]
    tokens_in: tuple[int, int]
    tokens_out: tuple[int, int]
    cached: int = 0
    written: int = 0
    reasoning: int = 0
    times: tuple[int, int] = (1, 1)
    endpoint: str = "chat"
    tier: str = "standard"


@dataclass(frozen=True)
class Line:
    """One line of work: how many units, when, who, and how a unit runs."""

    unit_type: str
    application: str
    workflow: str
    agent: str
    prefix: str
    key: str
    teams: tuple[str, str]
    cost_center: str
    units: int
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    window_hours: int
    ramp: tuple[int, int]
    steps: tuple[Step, ...]
    gap: tuple[int, int]
    role: str
    sign_off: int
    sign_off_seconds: tuple[int, int]
    escalated: tuple[int, int]
    escalated_seconds: tuple[int, int]
    failed: tuple[int, int]
    tenants: tuple[int, int]


SUCCESS = {
    "support_case": "resolved",
    "claim": "approved",
    "loan_application": "decision_accepted",
    "onboarding_case": "completed",
}
FAILED = {
    "support_case": "unresolved",
    "claim": "returned_for_rework",
    "loan_application": "decision_overturned",
    "onboarding_case": "incomplete",
}
ESCALATED = {
    "support_case": "escalated",
    "claim": "referred_to_adjuster",
    "loan_application": "referred_to_underwriter",
    "onboarding_case": "handed_to_hr",
}
WAITING = {
    "support_case": "awaiting_customer",
    "claim": "awaiting_documents",
    "loan_application": "awaiting_documents",
    "onboarding_case": "in_progress",
}
CANCELLED = {
    "support_case": "duplicate",
    "claim": "withdrawn",
    "loan_application": "withdrawn",
    "onboarding_case": "offer_withdrawn",
}

LINES = (
    Line(
        "support_case",
        "support-assistant",
        "case_resolution",
        "support-bot",
        "case_",
        "support",
        ("cx-frontline", "cx-premium"),
        "cx-operations",
        5000,
        (72, 76, 88, 90, 84, 92, 95, 98, 102, 104, 108, 116, 122),
        (100, 98, 94, 96, 92, 42, 30),
        48,
        (instant("2026-05-11T09:00:00Z"), instant("2026-05-25T09:00:00Z")),
        (
            Step("triage", ("openai", "gpt-5-nano"), (450, 900), (30, 90), cached=30),
            Step("retrieve", ("openai", "text-embedding-3-small"), (60, 240), (0, 0), endpoint="embeddings"),
            Step(
                "draft",
                ("anthropic", "claude-sonnet-4-5"),
                (4200, 8600),
                (320, 720),
                cached=38,
                written=8,
                times=(1, 4),
            ),
            Step("check", ("openai", "gpt-5-mini"), (1800, 3400), (180, 520), cached=25, reasoning=45),
        ),
        (180, 5400),
        "support_specialist",
        90,
        (75, 165),
        (88, 46),
        (120, 260),
        (95, 55),
        (1, 44),
    ),
    Line(
        "claim",
        "claims-copilot",
        "claim_adjudication",
        "claims-bot",
        "clm_",
        "claims",
        ("claims-motor", "claims-property"),
        "claims-operations",
        1840,
        (84, 92, 104, 138, 126, 100, 88, 84, 90, 104, 108, 100, 112),
        (100, 104, 98, 96, 88, 16, 10),
        168,
        (instant("2026-06-01T09:00:00Z"), instant("2026-06-15T09:00:00Z")),
        (
            Step("intake", ("openai", "gpt-5-nano"), (900, 1900), (60, 160), cached=25),
            Step("extract", ("google", "gemini-2.5-flash"), (7000, 15000), (600, 1300)),
            Step("retrieve", ("openai", "text-embedding-3-small"), (150, 520), (0, 0), endpoint="embeddings"),
            Step(
                "assess",
                ("anthropic", "claude-sonnet-4-5"),
                (8000, 16500),
                (650, 1350),
                cached=35,
                written=16,
                times=(1, 2),
            ),
            Step("letter", ("openai", "gpt-5-mini"), (2200, 4200), (420, 880), cached=20, reasoning=20),
        ),
        (1200, 60000),
        "claims_adjuster",
        380,
        (24, 66),
        (84, 52),
        (110, 260),
        (82, 44),
        (1, 30),
    ),
    Line(
        "loan_application",
        "lending-desk",
        "loan_decision",
        "loan-analyst",
        "loan_",
        "lending",
        ("lending-retail", "lending-sme"),
        "lending-operations",
        950,
        (92, 88, 60, 80, 92, 108, 112, 110, 104, 94, 90, 112, 118),
        (100, 102, 100, 98, 94, 8, 0),
        120,
        (instant("2026-06-15T09:00:00Z"), instant("2026-06-29T09:00:00Z")),
        (
            Step("extract", ("google", "gemini-2.5-pro"), (21000, 46000), (1100, 2200)),
            Step(
                "retrieve", ("openai", "text-embedding-3-small"), (400, 1100), (0, 0), endpoint="embeddings"
            ),
            Step(
                "policy",
                ("anthropic", "claude-sonnet-4-5"),
                (11000, 22000),
                (800, 1700),
                cached=42,
                written=14,
                times=(1, 2),
            ),
            Step(
                "risk",
                ("openai", "gpt-5"),
                (6500, 13500),
                (1800, 4200),
                cached=20,
                reasoning=68,
                times=(1, 2),
            ),
            Step(
                "summary",
                ("openai", "gpt-5-mini"),
                (5200, 9800),
                (500, 1100),
                cached=15,
                reasoning=25,
                tier="batch",
            ),
        ),
        (3600, 90000),
        "underwriter",
        600,
        (48, 112),
        (128, 82),
        (160, 330),
        (78, 46),
        (3, 36),
    ),
    Line(
        "onboarding_case",
        "hr-helper",
        "employee_onboarding",
        "onboarding-guide",
        "onb_",
        "hr",
        ("hr-services", "hr-services"),
        "hr-shared-services",
        740,
        (96, 70, 42, 128, 92, 96, 98, 88, 86, 84, 120, 142, 118),
        (118, 104, 98, 94, 86, 0, 0),
        336,
        (instant("2026-06-29T09:00:00Z"), instant("2026-07-13T09:00:00Z")),
        (
            Step("plan", ("azure", "o4-mini"), (16000, 38000), (1200, 2900), cached=20, reasoning=50),
            Step(
                "retrieve", ("azure", "text-embedding-3-large"), (2000, 9000), (0, 0), endpoint="embeddings"
            ),
            Step(
                "answer",
                ("openai", "gpt-5-mini"),
                (2600, 5600),
                (260, 640),
                cached=45,
                reasoning=20,
                times=(1, 4),
            ),
            Step("letters", ("mistral", "mistral-medium-3-1"), (14000, 30000), (900, 2200), cached=10),
        ),
        (1800, 100000),
        "hr_specialist",
        540,
        (50, 120),
        (70, 40),
        (140, 320),
        (60, 36),
        (5, 40),
    ),
)
LINE_OF = {line.unit_type: line for line in LINES}
