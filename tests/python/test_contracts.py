"""What the YAML beside the models promises: classes of personal data, not-null columns, the reject vocabulary.

All is read off the manifest and the compiled SQL of the shared build of the demo.
"""

from __future__ import annotations

import csv
import re

from conftest import REPOSITORY, Build

RANKS = ["none", "pseudonymous", "restricted"]  # from the least to the most guarded
# Reasons that are given after staging: they depend on the moment the marts speak from, or on policy.
LATER_REASONS = {"future_timestamp", "before_start", "unknown_status"}


def models(build: Build) -> list[dict]:
    """The project's models as the manifest has them."""
    return [
        node
        for node in build.manifest["nodes"].values()
        if node["resource_type"] == "model" and node["package_name"] == "ai_unit_economics"
    ]


def pii_class(node: dict, column: dict) -> str | None:
    """The class of a column: its own, else the default of its model."""
    own = column.get("config", {}).get("meta", {}).get("pii")
    return own or node["config"]["meta"].get("pii_default")


def test_every_column_has_a_class_of_personal_data(demo: Build) -> None:
    problems = [
        f"{node['name']}.{name}: the class of personal data is {pii_class(node, column)!r}, none of {RANKS}"
        for node in models(demo)
        for name, column in node["columns"].items()
        if pii_class(node, column) not in RANKS
    ]
    assert not problems, "\n".join(problems)


def test_one_column_name_has_one_class(demo: Build) -> None:
    """`tenant_id` is pseudonymous in one model and so in all; `name` is a tenant's in one mart only."""
    classes: dict[str, dict[str, list[str]]] = {}
    for node in models(demo):
        for name, column in node["columns"].items():
            if name != "name":
                classes.setdefault(name, {}).setdefault(str(pii_class(node, column)), []).append(node["name"])
    problems = [
        f"{model}.{name} is {kind}, and {strictest} elsewhere; write config: {{meta: {{pii: {strictest}}}}}"
        for name, kinds in classes.items()
        for strictest in [max(kinds, key=RANKS.index)]
        for kind, owners in kinds.items()
        if kind != strictest
        for model in owners
    ]
    assert not problems, "\n".join(problems)


def test_no_restricted_column_is_in_a_mart(demo: Build) -> None:
    problems = [
        f"{node['name']}.{name} is restricted and must not be published"
        for node in models(demo)
        if node["schema"] == "marts"
        for name, column in node["columns"].items()
        if pii_class(node, column) == "restricted"
    ]
    assert not problems, "\n".join(problems)


def test_marts_have_an_owner(demo: Build) -> None:
    problems = [
        f"{node['name']}: no group, so no owner"
        for node in models(demo)
        if node["schema"] == "marts" and not node["group"]
    ]
    assert not problems, "\n".join(problems)


def vocabulary() -> dict[str, tuple[int, str]]:
    """Reject reasons with their order and class (`rejected`, `duplicate`, `excluded`), from the seed."""
    lines = (REPOSITORY / "seeds" / "policy" / "reject_reasons.csv").read_text(encoding="utf-8").splitlines()
    return {row["reject_reason"]: (int(row["sort_order"]), row["reason_class"]) for row in csv.DictReader(lines)}


def given_reasons(demo: Build) -> dict[str, list[str]]:
    """By staging model, the reasons that it gives in the order of judgement, from the compiled SQL."""
    return {
        str(path.relative_to(demo.target / "compiled")): re.findall(
            r"then '([a-z0-9_]+);' else ''", path.read_text(encoding="utf-8")
        )
        for path in sorted((demo.target / "compiled").glob("*/models/staging/**/*.sql"))
    }


def test_every_reject_reason_is_in_the_vocabulary(demo: Build) -> None:
    known = vocabulary()
    given = given_reasons(demo)
    problems = [
        f"{model}: {reason} is not in reject_reasons.csv"
        for model, reasons in given.items()
        for reason in reasons
        if reason not in known
    ]
    problems += [f"{reason} is not in reject_reasons.csv" for reason in LATER_REASONS - set(known)]
    said = LATER_REASONS.union(*given.values())
    problems += [
        f"{reason} is in reject_reasons.csv and no model gives it"
        for reason, (_, kind) in known.items()
        if kind == "rejected" and reason not in said
    ]
    assert not problems, "\n".join(problems)


def test_the_feeds_judge_in_the_order_of_the_vocabulary(demo: Build) -> None:
    """The first of a record's reasons in the vocabulary's order is the one that the marts show."""
    known = vocabulary()
    problems = [
        f"{model}: {later} is judged after {earlier}, against the order of reject_reasons.csv"
        for model, reasons in given_reasons(demo).items()
        if "/staging/canonical/" in model
        for earlier, later in zip(reasons, reasons[1:], strict=False)
        if known[earlier][0] >= known[later][0]
    ]
    assert not problems, "\n".join(problems)
