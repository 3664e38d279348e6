"""Mutants of compiled SQL: one small mistake each, and worlds that may or may not notice it.

A mutant is noticed where a mart differs from what the model itself gives, or where the build would stop: at an error, a
null that a contract forbids, or a data test. Only the mutated model and what comes after it are made again, in memory;
all else is read from the world's own build database. A mutant whose rows are the same in every world may be no mistake
at all: it changes nothing that is possible.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from compiled import Node, Project
from conftest import Build
from sqlglot import exp

PROJECT = "ai_unit_economics"
SECONDS = 20.0  # a mutant that takes longer, as a join without its condition may, is noticed by that
Change = Callable[[exp.Expression], exp.Expression | None]

SWAPS: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.GT: exp.GTE, exp.GTE: exp.GT, exp.LT: exp.LTE, exp.LTE: exp.LT, exp.EQ: exp.NEQ, exp.NEQ: exp.EQ,
    exp.Add: exp.Sub, exp.Sub: exp.Add, exp.Mul: exp.Add, exp.IntDiv: exp.Mul, exp.And: exp.Or, exp.Or: exp.And,
    exp.Min: exp.Max, exp.Max: exp.Min, exp.Least: exp.Greatest, exp.Greatest: exp.Least,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change of one model. `name` tells the change, its place and, if need be, which of several equal places."""

    model: str
    name: str
    sql: str
    original: str = ""


def swapped(node: exp.Expression) -> exp.Expression | None:
    kind = SWAPS.get(type(node))
    return kind(**node.args) if kind else None


def first_part(node: exp.Expression) -> exp.Expression | None:
    return node.this if isinstance(node, (exp.And, exp.Coalesce)) else None


def second_part(node: exp.Expression) -> exp.Expression | None:
    return node.expression if isinstance(node, exp.And) else None


def without(name: str, kinds: tuple[type[exp.Expression], ...]) -> Change:
    """A change that takes away one part of a node."""

    def change(node: exp.Expression) -> exp.Expression | None:
        if not isinstance(node, kinds) or not node.args.get(name):
            return None
        node.set(name, None)
        return node

    return change


def without_filter(node: exp.Expression) -> exp.Expression | None:
    return node.this if isinstance(node, exp.Filter) else None


def without_not(node: exp.Expression) -> exp.Expression | None:
    return node.this if isinstance(node, exp.Not) else None


def flipped_order(node: exp.Expression) -> exp.Expression | None:
    if not isinstance(node, exp.Ordered):
        return None
    node.set("desc", not node.args.get("desc"))
    return node


def one_more(node: exp.Expression) -> exp.Expression | None:
    if isinstance(node, exp.Literal) and not node.is_string:
        return exp.Literal.number(f"({node.this} + 1)")
    return None


def other_truth(node: exp.Expression) -> exp.Expression | None:
    return exp.Boolean(this=not node.this) if isinstance(node, exp.Boolean) else None


def other_join(node: exp.Expression) -> exp.Expression | None:
    """left to inner, inner to left, full to left."""
    if not isinstance(node, exp.Join) or node.args.get("kind") == "CROSS" or not node.args.get("on"):
        return None
    side = node.args.get("side") or ""
    node.set("side", {"LEFT": "", "FULL": "LEFT", "": "LEFT"}.get(side, side))
    node.set("kind", "OUTER" if node.args["side"] else "INNER")
    return node


def other_union(node: exp.Expression) -> exp.Expression | None:
    if not isinstance(node, exp.Union):
        return None
    node.set("distinct", not node.args.get("distinct"))
    return node


def without_partition(node: exp.Expression) -> exp.Expression | None:
    """The first column by which a window is divided."""
    if not isinstance(node, exp.Window) or not node.args.get("partition_by"):
        return None
    node.set("partition_by", node.args["partition_by"][1:])
    return node


CHANGES: dict[str, Change] = {
    "swap": swapped,
    "keep only the first of": first_part,
    "keep only the second of": second_part,
    "drop where of": without("where", (exp.Select,)),
    "drop having of": without("having", (exp.Select,)),
    "drop distinct of": without("distinct", (exp.Select,)),
    "drop filter of": without_filter,
    "drop not of": without_not,
    "drop a partition of": without_partition,
    "flip": flipped_order,
    "one more than": one_more,
    "other truth than": other_truth,
    "other join than": other_join,
    "other union than": other_union,
}


def place(node: exp.Expression) -> str:
    """Where a node stands, in words: the step, and the expression around it."""
    step = node.find_ancestor(exp.CTE)
    around = node.parent if isinstance(node, (exp.Literal, exp.Boolean)) and node.parent else node
    text = " ".join(around.sql(dialect="duckdb").split())
    return f"{step.alias if step else 'last step'}: {text[:110]}"


def is_in_condition_of_join(node: exp.Expression) -> bool:
    """An equality that joins two tables: its opposite is a product of both, no mistake that anybody makes."""
    join = node.find_ancestor(exp.Join, exp.Select)
    return isinstance(node, exp.EQ) and isinstance(join, exp.Join)


def applies(name: str, node: exp.Expression) -> bool:
    """Whether a change can be made to a node, without making it."""
    part = {"drop where of": "where", "drop having of": "having", "drop distinct of": "distinct"}.get(name)
    if part:
        return isinstance(node, exp.Select) and bool(node.args.get(part))
    kinds: dict[str, tuple[type[exp.Expression], ...]] = {
        "swap": tuple(SWAPS), "keep only the first of": (exp.And, exp.Coalesce), "keep only the second of": (exp.And,),
        "drop filter of": (exp.Filter,), "drop not of": (exp.Not,), "flip": (exp.Ordered,),
        "one more than": (exp.Literal,), "other truth than": (exp.Boolean,), "other join than": (exp.Join,),
        "other union than": (exp.Union,),
        "drop a partition of": (exp.Window,),
    }  # fmt: skip
    if not isinstance(node, kinds[name]) or (name == "swap" and type(node) not in SWAPS):
        return False
    if name == "one more than":
        return not node.is_string and not node.find_ancestor(exp.DataType)
    if name == "other join than":
        return node.args.get("kind") != "CROSS" and bool(node.args.get("on"))
    if name == "drop a partition of":
        return bool(node.args.get("partition_by"))
    return not is_in_condition_of_join(node)


def of_whole_numbers(node: exp.Expression) -> tuple[exp.Expression, ...]:
    """What is given to a quotient, a slice or a conversion of whole numbers: each takes the sign off and puts it back.

    test_golden_ledger.py and test_allocation_properties.py hold these three to exact fractions.
    """
    scaled = node.this if isinstance(node, exp.Cast) else None
    if (
        isinstance(scaled, exp.Mul)
        and isinstance(scaled.this, exp.Mul)
        and scaled.expression.sql() == "0.000000000001"
    ):
        signs = scaled.this.this.this if isinstance(scaled.this.this, exp.Cast) else None
        if (
            isinstance(signs, exp.Mul)
            and isinstance(signs.this, exp.Sign)
            and isinstance(signs.expression, exp.Sign)
        ):
            return (signs.this.this, signs.expression.this)
    sign = node.this.this if isinstance(node, exp.Mul) and isinstance(node.this, exp.Cast) else None
    rest = node.expression.unnest() if isinstance(sign, exp.Sign) else None
    if (
        isinstance(sign, exp.Sign)
        and isinstance(rest, exp.IntDiv)
        and isinstance(rest.this.unnest(), exp.Add)
    ):
        step = rest.this.unnest().expression.this.unnest()
        return (sign.this,) if isinstance(step, exp.Literal) else (sign.this, step)
    if isinstance(sign, exp.Sign) and isinstance(rest, exp.Add) and isinstance(rest.this, exp.Mul):
        return (sign.this, rest.this.expression)
    return ()


def arguments(node: exp.Expression) -> tuple[exp.Expression, ...]:
    """What is given to an exact ratio or an exact count of pico units, where a node is what such a macro has become.

    Both say each of their arguments many times and guess in floating point before they correct the guess, so that most
    mistakes in their own steps are corrected away; test_golden_ledger.py (`golden_ratios`) holds them against exact
    fractions. An argument is mutated in all of its copies at once, as a mistake in the model would be.
    """
    signed = of_whole_numbers(node)
    if signed:
        return signed
    both = node.this if isinstance(node, exp.Paren) else None
    if not isinstance(both, exp.Add):
        return ()
    first, last = both.this, both.expression
    if (
        isinstance(last, exp.Mul)
        and last.expression.sql() == "0.000000000001"
        and isinstance(last.this, exp.Mul)
    ):
        steps, sign = last.this.this, last.this.expression
        if (
            isinstance(sign, exp.Sign)
            and isinstance(steps, exp.Mul)
            and isinstance(steps.expression, exp.Sign)
        ):
            rest = steps.expression.this.unnest()
            return (rest.this, sign.this) if isinstance(rest, exp.Sub) else ()
    if (
        isinstance(first, exp.Cast)
        and isinstance(first.this, exp.Mul)
        and first.this.expression.sql() == "1e12"
    ):
        return (first.this.this.this,)
    return ()


def copies(node: exp.Expression, given: tuple[exp.Expression, ...]) -> Iterator[tuple[int, exp.Expression]]:
    """(number of the argument, copy) of every place below a node where an argument stands."""
    for child in node.iter_expressions():
        number = next((at for at, one in enumerate(given) if type(one) is type(child) and one == child), None)
        if number is None:
            yield from copies(child, given)
        else:
            yield number, child


def repeated(tree: exp.Expression) -> set[int]:
    """The ids of nodes that are a macro's own steps or a further copy of what was given to it."""
    found: set[int] = set()
    for node in tree.walk():
        given = () if id(node) in found else arguments(node)
        if given:
            firsts: dict[int, exp.Expression] = {}
            for number, copy in copies(node, given):
                firsts.setdefault(number, copy)
            kept = {id(item) for first in firsts.values() for item in first.walk()}
            found |= {id(item) for item in node.walk()} - kept
    return found


def change(
    target: exp.Expression, made: Callable[[exp.Expression], exp.Expression | None]
) -> exp.Expression | None:
    """Change a node, and with it the copies of the arguments that it lies in."""
    around = []
    inner, node = target, target.parent
    while node is not None:
        given = arguments(node)
        if given:
            same = list(copies(node, given))
            own = next(number for number, copy in same if any(item is inner for item in copy.walk()))
            mine = next(copy for number, copy in same if any(item is inner for item in copy.walk()))
            others = [copy for number, copy in same if number == own and copy is not mine]
            around.append((mine, others))
        node = node.parent
    done = made(target)
    if done is not None and done is not target:
        target.replace(done)
    for mine, others in around:
        new = done if mine is target and done is not None else mine
        for other in others:
            other.replace(new.copy())
    return done


def mutants(node: Node, chosen: Callable[[int], set[int]] | None = None) -> Iterator[Mutant]:
    """The mutants of a model; where `chosen` is given, those whose numbers it names, of as many as it is told."""
    sql = node.sql or ""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    left_out = repeated(tree)
    sites = [
        (position, name, item)
        for position, item in enumerate(tree.walk())
        if id(item) not in left_out
        for name in CHANGES
        if applies(name, item)
    ]
    wanted = chosen(len(sites)) if chosen else set(range(len(sites)))
    seen: dict[str, int] = {}
    for number, (position, name, item) in enumerate(sites):
        key = f"{name} {place(item)}"
        seen[key] = seen.get(key, 0) + 1
        if number not in wanted:
            continue
        copy = tree.copy()
        target = next(found for count, found in enumerate(copy.walk()) if count == position)
        assert change(target, CHANGES[name]) is not None, key
        yield Mutant(
            node.name, key + (f" ({seen[key]})" if seen[key] > 1 else ""), copy.sql(dialect="duckdb"), sql
        )


class World:
    """A build database with the project that made it."""

    def __init__(self, name: str, path: Path, project: Project, laws: Build | None = None) -> None:
        """`laws`: the build whose data tests are played; none are without it."""
        self.name, self.path, self.project, self.laws = name, path, project, laws
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute(
            "set timezone = 'UTC'; set memory_limit = '2GB'; attach ':memory:' as warehouse"
        )
        self.connection.execute(f"attach ':memory:' as base; attach '{path}' as built (read_only)")
        rows = self.connection.execute(
            "select schema_name, table_name, false from duckdb_tables() where database_name = 'built' and not internal "
            "union select schema_name, view_name, true from duckdb_views() "
            "where database_name = 'built' and not internal"
        ).fetchall()
        self.there = {table for _, table, _ in rows if table in project.nodes}
        self.views = {table for _, table, is_view in rows if is_view}
        for schema in sorted({schema for schema, _, _ in rows}):
            for catalog in ("warehouse", "base"):
                self.connection.execute(f"create schema if not exists {catalog}.{schema}")
        for node in project.order((), sorted(self.there)):
            if node.name in self.there:
                if node.name in self.views:  # as it is now: later it would tell what the mutant makes of it
                    relation = self.relation(node.name)
                    self.connection.execute(f"create table base.{relation} as select * from built.{relation}")
                self.show(node.name)
        self.known: dict[str, tuple[object, ...]] = {}
        self.kept: dict[str, bool] = {}
        self.sound: dict[str, bool] = {}
        self.order: list[Node] = []

    def relation(self, name: str) -> str:
        return f"{self.project.nodes[name].schema}.{name}"

    def original(self, name: str) -> str:
        """Where the rows that the world has built are."""
        return f"{'base' if name in self.views else 'built'}.{self.relation(name)}"

    def show(self, name: str) -> None:
        """Let a relation be what the world has built."""
        self.connection.execute(
            f"create view warehouse.{self.relation(name)} as select * from {self.original(name)}"
        )

    def make(self, name: str, sql: str) -> None:
        self.connection.execute(f"drop view warehouse.{self.relation(name)}")
        try:
            self.connection.execute(f"create table warehouse.{self.relation(name)} as {sql}")
        except duckdb.Error:
            self.show(name)
            raise

    def restore(self, name: str) -> None:
        self.connection.execute(f"drop table warehouse.{self.relation(name)}")
        self.show(name)

    def content(self, relation: str) -> tuple[object, ...]:
        """Columns, number of rows and the sum of their hashes: equal for equal rows in any order."""
        row = self.connection.execute(f"select count(*), sum(hash(t)) from {relation} as t").fetchone() or ()
        columns = [name for name, *_ in self.connection.execute(f"describe {relation}").fetchall()]
        return (*columns, *row)

    def differs(self, name: str) -> bool:
        """Whether a relation that was made again is not as it was built."""
        if name not in self.known:
            self.known[name] = self.content(self.original(name))
        return self.content(f"warehouse.{self.relation(name)}") != self.known[name]

    def later(self, model: str) -> list[Node]:
        """What is made from the model, in the order of making."""
        if not self.order:
            self.order = [node for node in self.project.order((), sorted(self.there)) if node.sql]
        return [node for node in self.order if node.name != model and node.name in self.there]

    def lacks(self, name: str) -> bool:
        """Whether a relation that was made again has nothing where its contract demands a value."""
        model = self.project.build.manifest["nodes"][f"model.{PROJECT}.{name}"]
        if not model["config"].get("contract", {}).get("enforced"):
            return False
        needed = [
            name
            for name, column in model["columns"].items()
            if any(constraint["type"] == "not_null" for constraint in column.get("constraints", ()))
        ]
        empty = " or ".join(f"{column} is null" for column in needed)
        return bool(needed) and bool(self.connection.execute(
            f"select 1 from warehouse.{self.relation(name)} where {empty} limit 1"
        ).fetchall())  # fmt: skip

    @cached_property
    def tests(self) -> list[dict[str, Any]]:
        """The data tests of which the world has every parent."""
        nodes = self.laws.manifest["nodes"] if self.laws else {}
        found = []
        for node in nodes.values():
            parents = [nodes.get(parent, {}).get("name") for parent in node["depends_on"].get("nodes", ())]
            if (
                node["resource_type"] == "test"
                and parents
                and all(parent in self.there for parent in parents)
            ):
                found.append(node | {"parents": set(parents)})
        return found

    def breaks(self, changed: set[str]) -> bool:
        """Whether a data test that the world passes fails on what was made again."""
        before = []
        for test in self.tests:
            if not test["parents"] & changed:
                continue
            if self.connection.execute(test["compiled_code"]).fetchone() is not None:
                before.append(test)
        return any(self.passes(test) for test in before)

    def passes(self, test: dict[str, Any]) -> bool:
        """Whether the world as it was built passes a data test."""
        name = test["unique_id"]
        if name not in self.kept:
            sql = test["compiled_code"]
            for parent in test["parents"]:
                relation = self.relation(parent).split(".")
                told = ".".join(f'"{part}"' for part in ("warehouse", *relation))
                sql = sql.replace(told, self.original(parent))
            self.kept[name] = self.connection.execute(sql).fetchone() is None
        return self.kept[name]

    def knows(self, mutant: Mutant) -> bool:
        """Whether the world has the model, by the same SQL."""
        return mutant.model in self.there and self.project.nodes[mutant.model].sql == mutant.original

    def is_sound_for(self, model: str) -> bool:
        """Whether the model itself, made again, gives what the world has built."""
        if model not in self.sound:
            tree = sqlglot.parse_one(self.project.nodes[model].sql or "", dialect="duckdb")
            self.sound[model] = self.notices(Mutant(model, "", tree.sql(dialect="duckdb"))) is None
        return self.sound[model]

    def notices(self, mutant: Mutant) -> str | None:
        """The mart that tells the mutant from the model, `error`, `time` or `test`; None where nothing does."""
        timer = threading.Timer(SECONDS, self.connection.interrupt)
        timer.start()
        made: list[str] = []
        try:
            self.make(mutant.model, mutant.sql)
            made.append(mutant.model)
            if not self.differs(mutant.model):
                return None
            if self.lacks(mutant.model):
                return "error"
            changed = {mutant.model}
            for node in self.later(mutant.model):
                if not changed.intersection(node.parents):
                    continue
                self.make(node.name, node.sql or "")
                made.append(node.name)
                if self.differs(node.name):
                    if node.schema == "marts":
                        return node.name
                    changed.add(node.name)
            if self.project.nodes[mutant.model].schema == "marts":
                return mutant.model
            return "test" if self.breaks(changed) else None
        except duckdb.InterruptException:
            return "time"
        except duckdb.Error:
            return "error"
        finally:
            timer.cancel()
            for name in made:
                self.restore(name)
