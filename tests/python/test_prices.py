"""The list price seeds: the same bytes every time, the documented counts and calls, and the refresh."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from price_list import SEEDS, aliases, call_cost, meter_prices, prices_by_model, read_rows, served

pytest.importorskip(
    "genai_prices", reason="genai-prices is not installed: it is needed to write the price seeds"
)

from genai_prices.types import (
    ClauseEquals,
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    PriceVariant,
    Provider,
    StartDateConstraint,
    Tier,
    TieredPrices,
)

from ai_unit_economics import prices

NEXT_DAY = "2027-02-01"
FILES = ("list_prices.csv", "model_aliases.csv")


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the two committed seeds."""
    for name in FILES:
        (tmp_path / name).write_bytes((SEEDS / name).read_bytes())
    return tmp_path


def rewrite(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    """Doctor a seed's data lines."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *change(lines)]) + "\n", encoding="utf-8")


# ------------------------------------------------------------------------------------------- bytes
def test_regenerating_gives_the_committed_bytes(tmp_path: Path) -> None:
    assert prices.main(["--seeds", str(tmp_path)]) == 0
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (SEEDS / name).read_bytes(), (
            f"{name}: run `make prices` and commit"
        )


def test_check_passes_on_the_committed_seeds_and_writes_nothing(seeds: Path) -> None:
    before = {name: (seeds / name).stat().st_mtime_ns for name in FILES}
    assert prices.main(["--check", "--seeds", str(seeds)]) == 0
    assert before == {name: (seeds / name).stat().st_mtime_ns for name in FILES}


# ------------------------------------------------------------------------------------------ counts
def test_printed_rows_have_the_documented_counts() -> None:
    """3,089 printed rows; the file also holds what each tier takes over, so that every tier is complete."""
    rows = read_rows(SEEDS / "list_prices.csv")
    printed = [row for row in rows if row["is_inherited"] == "false"]
    assert len(printed) == 3089
    assert Counter(row["service_tier"] for row in printed) == {
        "standard": 2293, "batch": 424, "priority": 119, "flex": 117, "fast": 136,
    }  # fmt: skip
    assert Counter(row["date_basis"] for row in printed) == {
        "unknown": 2177, "observed": 713, "effective": 153, "announced": 46,
    }  # fmt: skip
    assert sum(row["context_tokens_over"] != "0" for row in printed) == 394
    assert sum(row["time_from_utc"] != "" for row in printed) == 24
    assert len(rows) == 3710


def test_models_of_the_core_providers() -> None:
    listed = [(p.id, m.id) for p in prices.PROVIDERS for m in p.models if p.id in prices.CORE]
    assert len(listed) == 646
    assert len(set(listed) - set(prices_by_model())) == 11, "models without any price"
    writers = {
        key
        for key, rows in prices_by_model().items()
        if any(row["meter"] == "cache_write_5m" for row in rows)
    }
    hourly = {
        key
        for key, rows in prices_by_model().items()
        if any(row["meter"] == "cache_write_1h" for row in rows)
    }
    assert (len(writers), len(writers - hourly)) == (120, 49)


def test_prices_fit_their_type() -> None:
    rows = read_rows(SEEDS / "list_prices.csv")
    assert max(prices.decimal_places(Decimal(row["price"])) for row in rows) == 6
    assert max(Decimal(row["price"]) for row in rows) == 600
    assert not any("e" in row["price"].lower() for row in rows)
    assert all(row["is_free"] == "false" and Decimal(row["price"]) > 0 for row in rows)


def test_every_tier_prices_the_meters_of_its_standard_set() -> None:
    """At one instant, a tier with any row has a row for each meter that the standard tier has."""
    for (provider, model), rows in prices_by_model().items():
        by_start: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for row in rows:
            if not row["time_from_utc"]:
                by_start[row["valid_from"], row["service_tier"], row["context_tokens_over"]].add(row["meter"])
        for (start, tier, context), meters in by_start.items():
            base = by_start.get((start, "standard", "0"), meters)
            assert base <= meters, (
                f"{provider} {model} {tier} over {context} from {start or 'open'} lacks {base - meters}"
            )


# -------------------------------------------------------------------------------- documented calls
SONNET, BATCH_DAY = ("anthropic", "claude-sonnet-4-5-20250929"), "2026-10-13"
M = 1_000_000


@pytest.mark.parametrize(
    ("case", "cost", "expected"),
    [
        ("PR1 at the edge", lambda: call_cost(*SONNET, "2026-03-01", input_uncached=200_000), "0.60"),
        ("PR1 over the edge", lambda: call_cost(*SONNET, "2026-03-01", input_uncached=200_001), "1.200006"),
        ("PR1 three calls", lambda: 3 * call_cost(*SONNET, "2026-03-01", input_uncached=100_000), "0.90"),
        ("PR1 one call", lambda: call_cost(*SONNET, "2026-03-01", input_uncached=300_000), "1.80"),
        (
            "PR1 reads count for the tier",
            lambda: call_cost(*SONNET, "2026-03-01", input_uncached=150_000, cache_read=100_000),
            "0.96",
        ),
        (
            "PR2 last day of the tier",
            lambda: call_cost("anthropic", "claude-opus-4-6", "2026-03-12T23:59:59Z", input_uncached=300_000),
            "3.00",
        ),
        (
            "PR2 tier removed",
            lambda: call_cost("anthropic", "claude-opus-4-6", "2026-03-13", input_uncached=300_000),
            "1.50",
        ),
        (
            "PR3 before",
            lambda: call_cost("openai", "o3", "2025-06-09T23:59:59Z", input_uncached=M, output=M),
            "50",
        ),
        ("PR3 after", lambda: call_cost("openai", "o3", "2025-06-10", input_uncached=M, output=M), "10"),
        (
            "PR4 before",
            lambda: call_cost("openai", "gpt-5.6-luna", "2026-07-29", input_uncached=100_000, output=100_000),
            "0.70",
        ),
        (
            "PR4 after",
            lambda: call_cost("openai", "gpt-5.6-luna", "2026-07-30", input_uncached=100_000, output=100_000),
            "0.14",
        ),
        (
            "PR5 a tier holds since its standard set began",
            lambda: call_cost(*SONNET, BATCH_DAY, tier="batch", input_uncached=100_000, output=1_000),
            "0.1575",
        ),
        (
            "PR6 batch keeps the standard cache read",
            lambda: call_cost(
                "openai", "gpt-4o", "2026-10-20", "batch", input_uncached=500_000, cache_read=500_000
            ),
            "1.25",
        ),
        (
            "PR7 off peak",
            lambda: call_cost(
                "deepseek", "deepseek-chat", "2025-05-01T00:29:59Z", input_uncached=M, output=M
            ),
            "0.685",
        ),
        (
            "PR7 peak",
            lambda: call_cost(
                "deepseek", "deepseek-chat", "2025-05-01T00:30:00Z", input_uncached=M, output=M
            ),
            "1.37",
        ),
        (
            "PR7 off peak again",
            lambda: call_cost(
                "deepseek", "deepseek-chat", "2025-05-01T16:30:00Z", input_uncached=M, output=M
            ),
            "0.685",
        ),
        (
            "PR8 last day of the introductory price",
            lambda: call_cost(
                "google", "gemini-3.6-flash", "2026-12-31", input_uncached=100_000, output=100_000
            ),
            "0.45",
        ),
        (
            "PR8 announced price",
            lambda: call_cost(
                "google", "gemini-3.6-flash", "2027-01-01", input_uncached=100_000, output=100_000
            ),
            "0.90",
        ),
    ],
)
def test_documented_call(case: str, cost: Callable[[], Decimal], expected: str) -> None:
    assert cost() == Decimal(expected), case


def test_pr5_the_package_itself_starts_the_tier_on_the_day_it_was_added() -> None:
    model = next(p for p in prices.PROVIDERS if p.id == "anthropic").find_model("claude-sonnet-4-5")
    assert model is not None
    found = model.get_prices(datetime(2026, 10, 13, tzinfo=UTC), {"processing": "batch"})
    assert (100_000 * found.input_mtok.base + 1_000 * found.output_mtok.base) / M == Decimal("0.315")


@pytest.mark.parametrize(
    "at", ["2026-11-21T00:00", "2026-11-21T02:00", "2026-11-21T12:00", "2027-01-01T00:00"]
)
def test_every_price_is_what_the_package_would_charge(at: str) -> None:
    """All core models, tiers and context sizes, once every observed tier has begun for the package too."""
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    compared = 0
    for provider in (p for p in prices.PROVIDERS if p.id in prices.CORE):
        for model in provider.models:
            contexts = [{}, *(v.when for v in model.price_variants or () if prices.variant_tier(v.when))]
            for when in contexts:
                package = vars(model.get_prices(instant, when))
                tier = prices.variant_tier(when) if when else "standard"
                edges = {t.start for p in package.values() if isinstance(p, TieredPrices) for t in p.tiers}
                for size in {1, *edges, *(edge + 1 for edge in edges)}:
                    ours = meter_prices(
                        provider.id, model.id, f"{instant:%Y-%m-%d %H:%M:%S}", str(tier), size
                    )
                    theirs = {
                        meter: (charged(amount, size), prices.PER_QUANTITY[price_key])
                        for price_key, amount in package.items()
                        for meter in prices.METERS[price_key]
                    }
                    assert ours == theirs, f"{provider.id} {model.id} {tier} {size}"
                    compared += len(ours)
    assert compared > 4000


def charged(amount: Decimal | TieredPrices, total_input: int) -> Decimal:
    """The package's own reading of a tiered price: the last tier whose start is below the input."""
    if not isinstance(amount, TieredPrices):
        return amount
    reached = [tier.price for tier in amount.tiers if total_input > tier.start]
    return reached[-1] if reached else amount.base


def test_a_meter_without_a_printed_price_has_no_row() -> None:
    with pytest.raises(KeyError, match="cache_write_1h"):
        call_cost("openai", "gpt-5.6-luna", "2026-10-01", cache_write_1h=1)
    with pytest.raises(KeyError, match="cache_read"):
        call_cost("openai", "gpt-4", "2026-10-01", cache_read=1)


# ----------------------------------------------------------------------------------------- aliases
def test_a_name_stands_for_one_model_at_one_instant() -> None:
    for (provider, name), rows in aliases().items():
        ranges = sorted((row["valid_from"] or "0001", row["valid_to"] or "9999") for row in rows)
        for (_, end), (start, _) in zip(ranges, ranges[1:], strict=False):
            assert end <= start, (
                f"{provider} {name} stands for two models at {start}: give one of them an end"
            )


def test_every_alias_leads_to_a_price_and_every_model_is_its_own_alias() -> None:
    targets = {(row["price_provider"], row["model"]) for rows in aliases().values() for row in rows}
    assert targets == set(prices_by_model())
    for provider, model in prices_by_model():
        assert served(provider, model, "2026-11-21 00:00:00") == (provider, model)


def test_a_name_without_a_provider_means_at_most_one() -> None:
    defaults = Counter(
        name for (_, name), rows in aliases().items() if rows[0]["is_default_provider"] == "true"
    )
    assert max(defaults.values()) == 1
    for name, provider in (
        ("gpt-4o-mini", "openai"), ("text-embedding-3-small", "openai"), ("gemini-2.5-flash", "google"),
        ("claude-opus-4-20250514", "anthropic"), ("mistral-large-latest", "mistral"),
    ):  # fmt: skip
        assert aliases()[provider, name][0]["is_default_provider"] == "true"


@pytest.mark.parametrize(
    ("provider", "reported", "target"),
    [
        ("anthropic", "claude-sonnet-4-5-20250929", ("anthropic", "claude-sonnet-4-5")),
        ("openai", "gpt-4o-2024-08-06", ("openai", "gpt-4o")),
        ("openai", "gpt-5-mini-20250807", ("openai", "gpt-5-mini")),
        ("openai", "chatgpt-gpt-5.3-codex", ("openai", "gpt-5.3-codex")),
        ("azure", "gpt-5-mini", ("openai", "gpt-5-mini")),
        ("azure", "claude-sonnet-4-6", ("anthropic", "claude-sonnet-4-6")),
        ("google", "claude-sonnet-4-5-20250929", ("google", "claude-sonnet-4-5")),
        ("aws", "claude-sonnet-4-5-20250929", ("aws", "regional.anthropic.claude-sonnet-4-5-20250929-v1:0")),
        (
            "groq",
            "meta-llama/Llama-4-Scout-17B-16E-Instruct",
            ("groq", "meta-llama/llama-4-scout-17b-16e-instruct"),
        ),
        ("openai", "gpt-4o-flaky", None),
    ],
)
def test_reported_name(provider: str, reported: str, target: tuple[str, str] | None) -> None:
    assert served(provider, reported, "2026-10-01 00:00:00") == target


def test_a_moving_pointer_is_never_todays_model_for_an_older_call() -> None:
    assert served("google", "gemini-flash-latest", "2026-02-12 00:00:00") is None
    assert served("google", "gemini-flash-latest", "2026-11-21 00:00:00") == ("google", "gemini-3.8-flash")


# ----------------------------------------------------------------------------------------- refresh
def refresh(folder: Path) -> None:
    assert prices.main(["--seeds", str(folder), "--observed-on", NEXT_DAY]) == 0


def editions(folder: Path, *key: str) -> list[tuple[str, ...]]:
    """(observed_on, price, valid_from, valid_to, date_basis) of a (provider, model, meter), standard tier."""
    return [
        (row["observed_on"], row["price"], row["valid_from"], row["valid_to"], row["date_basis"])
        for row in read_rows(folder / "list_prices.csv")
        if (row["provider"], row["model"], row["meter"]) == key
        and row["service_tier"] == "standard"
        and row["context_tokens_over"] == "0"
    ]


def test_refresh_of_an_unchanged_package_changes_nothing(seeds: Path) -> None:
    refresh(seeds)
    for name in FILES:
        assert (seeds / name).read_bytes() == (SEEDS / name).read_bytes()


def test_a_changed_price_is_a_new_edition_and_no_published_line_changes(
    seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Doctored so that the seed was published with another price than the package has now."""
    path = seeds / "list_prices.csv"
    rewrite(
        path,
        lambda lines: [
            x.replace("openai,o3,output,standard,0,8,", "openai,o3,output,standard,0,9,") for x in lines
        ],
    )
    published = path.read_text(encoding="utf-8").splitlines()
    refresh(seeds)
    after = path.read_text(encoding="utf-8").splitlines()
    assert set(published) <= set(after) and len(after) == len(published) + 2
    assert editions(seeds, "openai", "o3", "output") == [
        ("2026-11-21", "40", "", "2025-06-10 00:00:00", "unknown"),
        ("2026-11-21", "9", "2025-06-10 00:00:00", "", "effective"),
        (NEXT_DAY, "40", "", "2025-06-10 00:00:00", "unknown"),
        (NEXT_DAY, "8", "2025-06-10 00:00:00", "", "effective"),
    ]
    told = capsys.readouterr().out
    assert "changed: openai o3 output standard 0: 40 [open, 2025-06-10 00:00:00), 9 [" in told
    assert "list_prices.csv: 3712 rows, 1 keys changed" in told
    refresh(seeds)
    assert path.read_text(encoding="utf-8").splitlines() == after, "a second refresh must find nothing to do"


def test_a_new_price_is_added_and_a_gone_one_is_closed_on_the_day_it_was_noticed(
    seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = seeds / "list_prices.csv"
    invented = "openai,gone-1,output,standard,0,2,1000000,USD,false,,,gone,unknown,2026-10-01,,,false,false"
    announced = invented.replace("gone-1", "gone-2").replace(
        ",false,,,gone", ",false,2027-06-01 00:00:00,,gone"
    )

    def doctor(lines: list[str]) -> list[str]:
        return [x for x in lines if not x.startswith("openai,o3,output,standard,0,")] + [invented, announced]

    rewrite(path, doctor)
    refresh(seeds)
    assert editions(seeds, "openai", "gone-1", "output") == [
        ("2026-10-01", "2", "", "", "unknown"),
        (NEXT_DAY, "2", "", f"{NEXT_DAY} 00:00:00", "unknown"),
    ]
    assert editions(seeds, "openai", "gone-2", "output")[1] == (
        NEXT_DAY,
        "2",
        "",
        prices.NEVER_IN_FORCE,
        "unknown",
    )
    assert [row[:2] for row in editions(seeds, "openai", "o3", "output")] == [
        (NEXT_DAY, "40"),
        (NEXT_DAY, "8"),
    ]
    told = capsys.readouterr().out
    assert "added: openai o3 output standard 0" in told
    assert "gone: openai gone-1 output standard 0" in told and "gone: openai gone-2 output standard 0" in told
    written = path.read_bytes()
    assert prices.main(["--seeds", str(seeds), "--observed-on", "2027-03-01"]) == 0
    assert path.read_bytes() == written, "what is closed stays closed on the day it was noticed"


def test_a_change_on_the_day_of_publication_is_refused(seeds: Path) -> None:
    rewrite(
        seeds / "list_prices.csv",
        lambda lines: [
            x.replace("openai,o3,output,standard,0,8,", "openai,o3,output,standard,0,9,") for x in lines
        ],
    )
    with pytest.raises(SystemExit, match="openai o3 output standard 0 differs .* later day"):
        prices.main(["--seeds", str(seeds)])


def test_check_fails_and_tells_when_a_refresh_is_due(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = seeds / "list_prices.csv"
    rewrite(path, lambda lines: [x for x in lines if not x.startswith("openai,o3,output,standard,0,")])
    before = path.read_bytes()
    assert prices.main(["--seeds", str(seeds), "--observed-on", NEXT_DAY, "--check"]) == 1
    assert path.read_bytes() == before
    assert "added: openai o3 output standard 0" in capsys.readouterr().out


def test_a_moved_pointer_keeps_its_old_model_for_older_calls_and_a_corrected_name_does_not(
    seeds: Path,
) -> None:
    path = seeds / "model_aliases.csv"

    def doctor(lines: list[str]) -> list[str]:
        moved = [
            x.replace("gemini-flash-latest,gemini-3.8-flash", "gemini-flash-latest,gemini-3.7-flash")
            for x in lines
        ]
        return [
            x.replace("openai,gpt-4o-2024-08-06,gpt-4o,", "openai,gpt-4o-2024-08-06,gpt-4o-mini,")
            for x in moved
        ]

    rewrite(path, doctor)
    refresh(seeds)
    rows = [row for row in read_rows(path) if row["observed_on"] == NEXT_DAY]
    assert [(r["reported_model"], r["model"], r["valid_from"], r["valid_to"]) for r in rows] == [
        ("gemini-flash-latest", "gemini-3.7-flash", "2026-11-21 00:00:00", f"{NEXT_DAY} 00:00:00"),
        ("gemini-flash-latest", "gemini-3.8-flash", f"{NEXT_DAY} 00:00:00", ""),
        ("gpt-4o-2024-08-06", "gpt-4o", "", ""),
    ]


# -------------------------------------------------------------------------- rules, on a made model
def provider_of(*models: ModelInfo) -> Provider:
    return Provider(id="openai", name="", api_pattern="", models=list(models))


def made(**columns: object) -> ModelInfo:
    return ModelInfo(id="made", match=ClauseEquals("made"), **columns)  # type: ignore[arg-type]


def rows_of(model: ModelInfo) -> list[tuple[str, ...]]:
    """(tier, meter, context, price, from, to, basis) of a made model observed on 2026-11-21."""
    rows, _ = prices.list_prices([provider_of(model)], "made", date(2026, 11, 21))
    return [
        (
            r.service_tier,
            r.meter,
            r.context_tokens_over,
            r.price,
            r.valid_from[:10],
            r.valid_to[:10],
            r.date_basis,
        )
        for r in rows
    ]


def test_a_meter_missing_in_the_newer_set_is_gone() -> None:
    old, new = (
        ModelPrice(input_mtok=Decimal(2), web_searches_kcount=Decimal(10)),
        ModelPrice(input_mtok=Decimal(3)),
    )
    dated = [
        ConditionalPrice(prices=old),
        ConditionalPrice(StartDateConstraint(date(2026, 5, 1)), prices=new),
    ]
    assert rows_of(made(prices=dated)) == [
        ("standard", "input_uncached", "0", "2", "", "2026-05-01", "unknown"),
        ("standard", "input_uncached", "0", "3", "2026-05-01", "", "effective"),
        ("standard", "web_search", "0", "10", "", "2026-05-01", "unknown"),
    ]


def test_a_tier_takes_over_what_it_does_not_print_and_context_tiers_are_complete() -> None:
    tiered = TieredPrices(base=Decimal(2), tiers=[Tier(start=1000, price=Decimal(4))])
    variant = PriceVariant(
        when={"processing": "batch"},
        prices=ModelPrice(input_mtok=Decimal(1)),
        constraint=StartDateConstraint(date(2026, 10, 14)),
    )
    model = made(prices=ModelPrice(input_mtok=tiered, output_mtok=Decimal(9)), price_variants=[variant])
    assert rows_of(model) == [
        ("batch", "input_uncached", "0", "1", "", "", "observed"),
        ("standard", "input_uncached", "0", "2", "", "", "unknown"),
        ("standard", "input_uncached", "1000", "4", "", "", "unknown"),
        ("batch", "output", "0", "9", "", "", "observed"),
        ("standard", "output", "0", "9", "", "", "unknown"),
        ("standard", "output", "1000", "9", "", "", "unknown"),
    ]


def test_a_tier_observed_in_one_standard_set_says_nothing_about_the_set_before() -> None:
    dated = [
        ConditionalPrice(prices=ModelPrice(input_mtok=Decimal(4))),
        ConditionalPrice(StartDateConstraint(date(2026, 7, 1)), prices=ModelPrice(input_mtok=Decimal(2))),
        ConditionalPrice(StartDateConstraint(date(2027, 1, 1)), prices=ModelPrice(input_mtok=Decimal(6))),
    ]
    variants = [
        PriceVariant(
            {"processing": "batch"}, ModelPrice(input_mtok=Decimal(amount)), StartDateConstraint(start)
        )
        for start, amount in ((date(2027, 1, 1), 3), (date(2026, 10, 20), 9), (date(2026, 10, 14), 1))
    ]
    batch = [row for row in rows_of(made(prices=dated, price_variants=variants)) if row[0] == "batch"]
    assert batch == [
        ("batch", "input_uncached", "0", "1", "2026-07-01", "2026-10-20", "observed"),
        ("batch", "input_uncached", "0", "9", "2026-10-20", "2027-01-01", "observed"),
        ("batch", "input_uncached", "0", "3", "2027-01-01", "", "announced"),
    ]


def test_a_price_with_too_many_decimals_is_left_out_and_told() -> None:
    fine = ModelPrice(input_mtok=Decimal("0.0000000012"), output_mtok=Decimal("0.123456789"))
    rows, left_out = prices.list_prices([provider_of(made(prices=fine))], "made", date(2026, 11, 21))
    assert [(r.meter, r.price) for r in rows] == [("output", "0.123456789")]
    assert left_out == ["openai made input_mtok 0.0000000012"]


def test_an_unknown_price_key_or_condition_stops_the_run() -> None:
    with pytest.raises(SystemExit, match="price key smell_mtok has no meter"):
        rows_of(made(prices=ModelPrice(smell_mtok=Decimal(1))))
    odd = PriceVariant({"moon": "full"}, ModelPrice(input_mtok=Decimal(1)))
    with pytest.raises(SystemExit, match="teach variant_tier"):
        rows_of(made(prices=ModelPrice(input_mtok=Decimal(1)), price_variants=[odd]))
