"""README shows what the commands print, names what exists, and leaves nothing out."""

from __future__ import annotations

import re

import duckdb
import yaml
from conftest import REPOSITORY, Build

from ai_unit_economics.readme import renewed

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "DECISIONS.md", "SECURITY.md", "examples/real/README.md"]
PROJECT = yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text(encoding="utf-8"))


def test_the_headline_and_the_marts_are_the_demos(built_demo: Build) -> None:
    """After a change that moves figures: `make readme`."""
    shown_as = PROJECT["vars"]["publish_path"]
    expected = renewed(README, built_demo.published, built_demo.manifest, shown_as)
    assert README.splitlines() == expected.splitlines(), "README.md is out of date: run `make readme`"


def test_the_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in DOCUMENTS:
        text = (REPOSITORY / name).read_text(encoding="utf-8")
        code = " ".join(re.findall(r"`[^`]+`", text)) + " ".join(re.findall(r"^(?:make .*)$", text, re.MULTILINE))
        assert set(re.findall(r"\bmake ([a-z]+)", code)) <= targets, name


def test_ci_runs_what_readme_names() -> None:
    commands = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert commands[-1] == "exec make test"


def test_links_and_paths_lead_somewhere() -> None:
    missing = []
    for name in DOCUMENTS:
        path = REPOSITORY / name
        text = path.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            if not (path.parent / link).exists():
                missing.append(f"{name}: {link}")
        for code in re.findall(r"`((?:models|seeds|macros|tests|ai_unit_economics|examples|demo|\.ci)/[\w./]*)`", text):
            if not (REPOSITORY / code).exists():
                missing.append(f"{name}: {code}")
    assert not missing


def test_every_setting_is_in_the_table() -> None:
    listed = re.findall(r"^\| `([a-z_]+)` \|", README.split("| setting |")[1].split("\n\n")[0], re.MULTILINE)
    assert sorted(listed) == sorted(PROJECT["vars"])


def test_the_headline_says_what_the_marts_say(published: duckdb.DuckDBPyConnection) -> None:
    """The cost per success of each workflow, read another way than the headline reads it."""
    month = re.search(r"Headline of (\w+ \d{4})", README)
    assert month
    rows = published.execute(
        """
        select workflow, sum(case when state in ('success', 'failed', 'cancelled') then total_cost_usd end)
            / nullif(sum(case when state = 'success' then 1 else 0 end), 0)
        from marts.fct_units
        where environment = 'production' and strftime(cohort_month, '%B %Y') = $month and is_attempted
        group by workflow
        """,
        {"month": month[1]},
    ).fetchall()
    assert rows
    for workflow, cost in rows:
        if workflow and cost:
            line = next(line for line in README.splitlines() if line.startswith(f"  {workflow} "))
            assert f"{cost:.4f}" in line, line
