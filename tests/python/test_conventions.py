"""The conventions of the architecture and of CONTRIBUTING.md, read off the files, the manifest and the build.

Each test collects every breach and names file and line, so that one run shows them all.
"""

from __future__ import annotations

import re
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import REPOSITORY, Build

MODELS = sorted((REPOSITORY / "models").rglob("*.sql"))
MACROS = sorted((REPOSITORY / "macros").rglob("*.sql"))
DATA_TESTS = sorted((REPOSITORY / "tests").rglob("*.sql"))
ANALYSES = sorted((REPOSITORY / "analyses").rglob("*.sql"))
YAML = sorted(
    path for folder in ("models", "seeds", "macros", "tests") for path in (REPOSITORY / folder).rglob("*.yml")
)
PUBLISH_NODE = "model.ai_unit_economics.published_marts"
PROJECT = "ai_unit_economics"
Node = dict[str, Any]


def relative(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def report(problems: list[str]) -> None:
    """Fail with the problems, one a line."""
    if problems:
        shown = [*problems[:40], *([f"and {len(problems) - 40} more"] if len(problems) > 40 else [])]
        pytest.fail(f"{len(problems)} breaches:\n" + "\n".join(shown), pytrace=False)


def blanked(text: str, pattern: str) -> str:
    """The text with every match of the pattern replaced by blanks; its lines stay where they are."""
    return re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match.group()), text, flags=re.DOTALL)


def bare_sql(path: Path) -> str:
    """The file's SQL without comments, text literals and Jinja."""
    text = path.read_text(encoding="utf-8")
    for pattern in (r"\{#.*?#\}", r"\{\{.*?\}\}", r"\{%.*?%\}", r"--[^\n]*", r"/\*.*?\*/", r"'(?:[^']|'')*'"):
        text = blanked(text, pattern)
    return text


def located(path: Path, text: str, pattern: str, why: str) -> list[str]:
    """Where the pattern occurs in the text of a file."""
    return [
        f"{relative(path)}:{text.count(chr(10), 0, match.start()) + 1}: {why}: {match.group().strip()}"
        for match in re.finditer(pattern, text, flags=re.IGNORECASE)
    ]


def own_nodes(build: Build, *kinds: str) -> Iterator[Node]:
    """The project's nodes of these resource types."""
    for node in build.manifest["nodes"].values():
        if node["resource_type"] in kinds and node["package_name"] == PROJECT:
            yield node


# Names and places

FOLDERS = {
    "staging": r"stg_{folder}__[a-z0-9_]+",
    "intermediate": r"int_[a-z0-9_]+",
    "marts": r"(fct|dim|rpt|focus)_[a-z0-9_]+",
    "publish": r"published_marts|started_builds",
}


def test_models_are_named_for_their_folder() -> None:
    problems = []
    for path in MODELS:
        layer, *folders = path.relative_to(REPOSITORY / "models").parts[:-1]
        pattern = FOLDERS[layer].replace("{folder}", folders[0] if folders else "")
        if not re.fullmatch(pattern, path.stem):
            problems.append(f"{relative(path)}: a model of {layer} is named {pattern}")
    report(problems)


def test_a_model_stands_beside_its_yaml() -> None:
    report(
        [
            f"{relative(path)}: no {path.stem}.yml beside it"
            for path in MODELS
            if not path.with_suffix(".yml").exists()
        ]
    )


def test_laws_are_named_as_what_they_assert() -> None:
    laws = REPOSITORY / "tests" / "conservation"
    report([relative(path) for path in laws.glob("*.sql") if not path.stem.startswith("assert_")])


def test_columns_say_what_they_hold(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Timestamps end in _at, dates in _date, _month or a word of a period, booleans begin with is_ or has_."""
    rules = {
        "TIMESTAMP": r".*_at|valid_from|valid_to|newest|oldest",
        "BOOLEAN": r"(is|has)_.*",
        "DATE": r".*(_date|_day|_month|_week|_on|_start|_end|_from|_to)|oldest|newest|period_start",
    }
    rows = warehouse.execute(
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'marts'"
    ).fetchall()
    report(
        [
            f"marts.{table}.{column}: a {kind} is named {rules[kind]}"
            for table, column, kind in rows
            if kind in rules and not re.fullmatch(rules[kind], column)
        ]
    )


# Descriptions and contracts


def test_descriptions_begin_with_the_grain(demo: Build) -> None:
    report(
        [
            f"{node['original_file_path']}: the description begins {node['description'][:40]!r}, not 'One row per'"
            for node in own_nodes(demo, "model", "seed")
            if not re.match(r"One row(s)? per |One row: ", node["description"])
        ]
    )


def test_every_column_is_described(demo: Build, warehouse: duckdb.DuckDBPyConnection) -> None:
    described = {
        (node["schema"], node["name"], column["name"].lower())
        for node in own_nodes(demo, "model", "seed")
        for column in node["columns"].values()
        if column["description"].strip() and "TODO" not in column["description"]
    }
    rows = warehouse.execute(
        "select table_schema, table_name, lower(column_name) from information_schema.columns "
        "where table_schema in ('policy', 'staging', 'intermediate', 'marts', 'publish')"
    ).fetchall()
    report(
        [
            f"{schema}.{table}.{column} is not described"
            for schema, table, column in rows
            if (schema, table, column) not in described
        ]
    )


def test_no_description_is_left_to_write(demo: Build) -> None:
    report(
        [
            f"{node['name']}: {node['description']}"
            for node in own_nodes(demo, "model", "seed")
            if "TODO" in node["description"]
        ]
    )


def test_yaml_describes_no_column_that_is_not_there(
    demo: Build, warehouse: duckdb.DuckDBPyConnection
) -> None:
    there = set(
        warehouse.execute(
            "select table_schema, table_name, lower(column_name) from information_schema.columns"
        ).fetchall()
    )
    report(
        [
            f"{node['name']}.{column} is described and not there"
            for node in own_nodes(demo, "model", "seed")
            for column in node["columns"]
            if (node["schema"], node["name"], column.lower()) not in there
        ]
    )


def test_marts_have_enforced_contracts_and_are_public(demo: Build) -> None:
    problems = []
    for node in own_nodes(demo, "model"):
        if node["schema"] == "marts":
            if not node["contract"]["enforced"]:
                problems.append(f"{node['name']}: the contract is not enforced")
            if node["access"] != "public":
                problems.append(f"{node['name']}: the access is {node['access']}, not public")
        if node["access"] == "private":
            problems.append(f"{node['name']}: private models cannot be replaced by a user's own")
    report(problems)


def test_every_macro_and_argument_is_described(demo: Build) -> None:
    problems = []
    for macro in demo.manifest["macros"].values():
        name = macro["name"]
        if macro["package_name"] != PROJECT or re.match(r"duckdb__|spark__|test_", name):
            continue
        if not macro["description"].strip():
            problems.append(f"{macro['original_file_path']}: {name} is not described")
        signature = re.search(rf"macro\s+{name}\s*\((.*?)\)\s*-?%\}}", macro["macro_sql"], re.DOTALL)
        expected = set(re.findall(r"(?:^|,)\s*(\w+)", re.sub(r"=[^,]*", "", signature[1]))) if signature else set()
        described = {argument["name"] for argument in macro["arguments"] if argument["description"].strip()}
        problems += [f"{name}: the argument {argument} is not described" for argument in sorted(expected - described)]
    report(problems)


# Sizes


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_models_fit_on_a_screen() -> None:
    sizes = {path: lines(path) for path in MODELS}
    report(
        [f"{relative(path)} has {size} lines, more than 150" for path, size in sizes.items() if size > 150]
    )
    # One column a line and three lines an import: DECISIONS.md.
    assert statistics.median(sizes.values()) <= 70


def test_yaml_files_are_short() -> None:
    report([f"{relative(path)} has {lines(path)} lines, more than 200" for path in YAML if lines(path) > 200])


def test_macros_are_short() -> None:
    problems = []
    for path in [*MACROS, *DATA_TESTS]:
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(
            r"\{%-?\s*(?:macro|test)\s+(\w+).*?\{%-?\s*end(?:macro|test)\s*-?%\}", text, re.DOTALL
        ):
            size = match.group().count("\n") + 1
            if size > 30:
                problems.append(f"{relative(path)}: {match.group(1)} has {size} lines, more than 30")
    report(problems)


# SQL that both engines read the same way

BANNED = {
    r"::": "write cast(x as t)",
    r"\bqualify\b": "filter in a CTE of its own",
    r"/": "divide money with money_ratio, integers with int_div",
    r"\bavg\s*\(": "avg of a decimal is a double; sum and count, then money_ratio",
    r"\*\s*exclude\b": "list the columns",
    r'"': "no quoted identifiers",
    r"\basof\b": "a range join sees gaps, ASOF does not",
    r"\bstring_agg\s*\([^()]*\border\s+by\b": "Spark has no ordered string_agg",
    r"\bextract\s*\(\s*epoch\b": "use seconds_between",
    r"\bwith\s+recursive\b": "not on Spark 3.5",
    r"\b(double|real|float)\b": "no floating point",
    r"\b[0-9]+([.][0-9]+)?e-?[0-9]+\b": "an exponent makes a literal a double",
    r"\b(now|random|uuid|gen_random_uuid|today)\s*\(": "nothing reads the clock or chance",
    r"\bcurrent_(date|timestamp|time)\b": "nothing reads the clock",
    r"\bselect\s+distinct\s+on\b": "rank, then filter",
    r"\t": "four spaces, no tabs",
}
# Where an engine's own words may stand.
ENGINE_WORDS = {"macros/portability.sql"}
# Estimates (standard errors, intervals, logarithms) are floating point inside and decimals in the marts: DECISIONS.md.
ESTIMATES = {"int_comparison_arms", "int_lever_months", "rpt_cost_comparisons", "levers", "statistics"}
FLOATING_POINT = {"/", r"\b(double|real|float)\b"}


@pytest.mark.parametrize("pattern", BANNED)
def test_banned_sql(pattern: str) -> None:
    problems = []
    for path in [*MODELS, *MACROS, *DATA_TESTS]:
        if relative(path) not in ENGINE_WORDS and not (pattern in FLOATING_POINT and path.stem in ESTIMATES):
            problems += located(path, bare_sql(path), pattern, BANNED[pattern])
    report(problems)


BANNED_JINJA = {
    r"\btarget\.type\b": "engines differ in macros/portability.sql only",
    r"\bdbt\.(dateadd|datediff)\b": "Spark drops sub-seconds",
    r"\brun_started_at\b|\binvocation_id\b": "the same input gives the same bytes",
    r"\benv_var\s*\(": "settings are vars that are checked",
    r"\bcurrent_timestamp\b": "nothing reads the clock",
    r"(?<![_a-z])var\s*\(": "a setting is code once it reaches SQL: checked_var, checked_list, checked_paths",
}
ALLOWED_JINJA = {
    ("macros/publish.sql", "invocation_id"),
    ("macros/settings.sql", "var("),
    ("models/publish/started_builds.sql", "invocation_id"),
    ("macros/time.sql", "run_started_at"),
}


@pytest.mark.parametrize("pattern", BANNED_JINJA)
def test_banned_jinja(pattern: str) -> None:
    problems = []
    for path in [*MODELS, *MACROS, *DATA_TESTS]:
        text = blanked(path.read_text(encoding="utf-8"), r"\{#.*?#\}")
        problems += [
            found
            for found in located(path, text, pattern, BANNED_JINJA[pattern])
            if (relative(path), found.rsplit(": ", 1)[1]) not in ALLOWED_JINJA
        ]
    report(problems)


def outermost(text: str) -> str:
    """The text outside of every pair of parentheses, with its lines in place."""
    depth, kept = 0, []
    for character in text:
        depth -= character == ")"
        kept.append(character if depth == 0 or character == "\n" else " ")
        depth += character == "("
    return "".join(kept)


def test_only_reports_are_ordered() -> None:
    problems = []
    for path in MODELS:
        if not path.stem.startswith("rpt_"):
            problems += located(
                path, outermost(bare_sql(path)), r"\border\s+by\b", "only rpt_ models are ordered"
            )
    report(problems)


def test_models_end_by_selecting_their_last_step() -> None:
    """One filter or a union of finished steps may stand there, no expression."""
    step = r"select \* from [a-z_]+( where [^\n]+)?"
    end = re.compile(rf"\n\n{step}(\nunion all\n{step})*(\norder by [a-z_, \n]+)?\n$")
    report(
        [
            f"{relative(path)}: the last line is not `select * from <last step>`"
            for path in MODELS
            if not end.search(path.read_text(encoding="utf-8"))
        ]
    )


def test_references_stand_in_import_steps() -> None:
    """A ref is read by a step of its own, at the top: `with events as (select * from ref), ...`."""
    problems = []
    for path in MODELS:
        text = blanked(path.read_text(encoding="utf-8"), r"\{#.*?#\}")
        problems += located(
            path, text, r"\bjoin \{\{ ref\([^)]*\) \}\}(?!\s+as\b)", "join an imported step, not a ref"
        )
    report(problems)


def test_joins_are_explicit() -> None:
    problems = []
    for path in [*MODELS, *DATA_TESTS]:
        text = bare_sql(path)
        problems += located(
            path,
            text,
            r"(?<!inner )(?<!left )(?<!full )(?<!cross )(?<!outer )(?<!semi )(?<!anti )\bjoin\b",
            "name the join's type",
        )
    report(problems)


def test_keywords_are_lower_case_and_indented_by_four() -> None:
    problems = []
    for path in MODELS:
        written = path.read_text(encoding="utf-8").splitlines()
        for number, (line, raw) in enumerate(zip(bare_sql(path).splitlines(), written, strict=True), start=1):
            if re.search(r"\b(SELECT|FROM|WHERE|JOIN|CASE|WHEN|CAST|NULL|AND)\b", line):
                problems.append(f"{relative(path)}:{number}: upper case")
            if line.strip() and (len(raw) - len(raw.lstrip())) % 4:
                problems.append(f"{relative(path)}:{number}: the indentation is no multiple of four")
    report(problems)


def test_spaces_are_single_and_follow_commas() -> None:
    problems = []
    for path in [*MODELS, *DATA_TESTS]:
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(bare_sql(path).splitlines(), start=1):
            if line.strip() == lines[number - 1].strip() and re.search(r"\S  +\S|,[^\s]", line):
                problems.append(f"{relative(path)}:{number}: {line.strip()[:80]}")
    report(problems)


# Money is exact


def test_no_column_is_floating_point(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns "
        "where data_type in ('DOUBLE', 'FLOAT', 'REAL') and table_schema not in ('information_schema', 'pg_catalog')"
    ).fetchall()
    report(
        [
            f"{schema}.{table}.{column} is {kind}"
            for schema, table, column, kind in rows
            if schema == "marts" or table not in ESTIMATES
        ]
    )


def test_money_is_decimal(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_schema = 'marts' and regexp_full_match(column_name, '.*(_usd|_amount|_rate|_share|_price)') "
        "and not data_type like 'DECIMAL%'"
    ).fetchall()
    report([f"marts.{table}.{column} is {kind}, not DECIMAL" for table, column, kind in rows])


# Tests guard the published file


def ancestors(build: Build, node: str) -> set[str]:
    parents = build.manifest["parent_map"]
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        for parent in parents.get(waiting.pop(), []):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return seen


def test_the_publish_node_names_every_mart(demo: Build) -> None:
    named = set(demo.manifest["parent_map"][PUBLISH_NODE])
    report(
        [
            f'models/publish/published_marts.py lacks dbt.ref("{node["name"]}")'
            for node in own_nodes(demo, "model")
            if node["schema"] == "marts" and node["unique_id"] not in named
        ]
    )


def test_every_blocking_test_runs_before_the_publish_node(demo: Build) -> None:
    """dbt runs a test before a node only where all of the test's parents are ancestors of the node."""
    before = ancestors(demo, PUBLISH_NODE)
    problems = set()
    for node in own_nodes(demo, "test"):
        for parent in demo.manifest["parent_map"][node["unique_id"]]:
            if parent not in before and parent != PUBLISH_NODE:
                name = demo.manifest["nodes"][parent]["name"]
                problems.add(
                    f'models/publish/published_marts.py lacks dbt.ref("{name}"), which {node["name"]} reads'
                )
    for test in demo.manifest["unit_tests"].values():
        if not set(test["depends_on"]["nodes"]) <= before:
            problems.add(f"unit test {test['name']}: its model is no ancestor of the publish node")
    report(sorted(problems))


def test_data_tests_are_errors(demo: Build) -> None:
    report(
        [
            f"{node['name']}: severity {node['config']['severity']}"
            for node in own_nodes(demo, "test")
            if node["config"]["severity"].lower() != "error" or not node["config"]["enabled"]
        ]
    )


def test_marts_are_tested(demo: Build) -> None:
    tested = {
        parent
        for node in own_nodes(demo, "test")
        for parent in demo.manifest["parent_map"][node["unique_id"]]
    }
    report(
        [
            f"{node['name']} has no data test"
            for node in own_nodes(demo, "model")
            if node["schema"] == "marts" and node["unique_id"] not in tested
        ]
    )


# Nothing of a machine or a registry in the repository


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True, text=True
    ).stdout.split("\0")
    return [REPOSITORY / name for name in listed if name and (REPOSITORY / name).is_file()]


def test_no_registry_and_no_path_of_a_machine() -> None:
    # Written in parts, so that this file is not among what it finds.
    hosts = [
        ".".join(parts)
        for parts in (("py" + "pi", "org"), ("python" + "hosted", "org"), ("npm" + "js", "org"))
    ]
    folders = ["/" + name + "/" for name in ("home", "root", "work", "Users", "tmp", "private/var")]
    needles = re.compile(
        "|".join([*map(re.escape, hosts), *(rf"(?<![\w.*)/]){folder}(?=\w)" for folder in folders)])
    )
    problems = []
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" in data or path.suffix in {".gz", ".zst", ".parquet"}:
            continue
        for number, line in enumerate(data.decode("utf-8").splitlines(), start=1):
            if needles.search(line):
                problems.append(f"{relative(path)}:{number}: {line.strip()[:100]}")
    report(problems)


def test_lock_files_hold_hashes_and_no_addresses() -> None:
    problems = []
    for path in REPOSITORY.glob("requirements*.lock"):
        text = path.read_text(encoding="utf-8")
        problems += located(path, text, r"^.*(://|--(extra-)?index-url|--find-links|@ file).*$", "an address")
        for requirement in re.split(r"\n(?=\S)", text.strip()):
            if not requirement.startswith("#") and "--hash=sha256:" not in requirement:
                problems.append(f"{path.name}: {requirement.splitlines()[0]} has no hash")
    report(problems)


def test_no_dbt_package_is_needed() -> None:
    assert not (REPOSITORY / "packages.yml").exists()
    assert not (REPOSITORY / "dependencies.yml").exists()


def test_files_end_with_one_newline() -> None:
    problems = []
    for path in tracked_files():
        if path.suffix in {".sql", ".yml", ".py", ".md", ".toml"}:
            text = path.read_text(encoding="utf-8")
            if text and (not text.endswith("\n") or text.endswith("\n\n")):
                problems.append(f"{relative(path)}: ends without a newline or with several")
            problems += [
                f"{relative(path)}:{number}: blanks at the end of the line"
                for number, line in enumerate(text.splitlines(), start=1)
                if line != line.rstrip() and path.suffix != ".md"
            ]
    report(problems)
