"""Marts of fixed worlds, held to figures that are committed: frozen_marts.csv.

A frozen figure says that nothing has changed since people looked at it, not that it is right; what is right is told by
the oracle, the laws and the golden cases. `make frozen` renews the file and prints what moved: read that first.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

FILE = Path(__file__).with_name("frozen_marts.csv")
HEAD = ("world", "mart", "figure", "value")
RENEW = os.environ.get("AIUE_RENEW") == "1"
Figures = dict[tuple[str, str], str]  # {(mart, figure): value}


def figures(connection: duckdb.DuckDBPyConnection, marts: Iterable[str], schema: str = "marts") -> Figures:
    """Of each mart: `rows` with a digest of them in any order, and the total of every decimal column."""
    found: Figures = {}
    for mart in marts:
        columns = connection.execute(f"describe {schema}.{mart}").fetchall()
        # Statistics in floating point are held to nine places: their last ones are the machine's.
        shown = [f"round({name}, 9)" if kind in ("DOUBLE", "FLOAT") else name for name, kind, *_ in columns]
        digest = f"sum(cast(md5_number_lower(cast(row({', '.join(shown)}) as varchar)) as hugeint))"
        money = [name for name, kind, *_ in columns if kind.startswith("DECIMAL")]
        totals = "".join(f", sum(cast({name} as decimal(38, 12)))" for name in money)
        row = connection.execute(f"select count(*), {digest}{totals} from {schema}.{mart}").fetchone() or ()
        found[mart, "rows"] = f"{row[0]} {(row[1] or 0) % 2**64:016x}"
        for name, total in zip(money, row[2:], strict=True):
            found[mart, name] = "" if total is None else f"{total.normalize():f}"
    return found


def read() -> dict[str, Figures]:
    """{world: figures} as committed."""
    found: dict[str, Figures] = {}
    if FILE.exists():
        with FILE.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found.setdefault(row["world"], {})[row["mart"], row["figure"]] = row["value"]
    return found


def write(worlds: Mapping[str, Figures]) -> None:
    with FILE.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(HEAD)
        for world, rows in sorted(worlds.items()):
            writer.writerows([world, *key, value] for key, value in sorted(rows.items()))


def moved(world: str, got: Figures) -> list[str]:
    """One line for each figure that is not as it was frozen; where the file is to be renewed, they are printed."""
    worlds = read()
    frozen = worlds.get(world, {})
    told = [
        f"{world}: {' '.join(key)}: frozen {frozen.get(key, 'nothing')}, now {got.get(key, 'nothing')}"
        for key in sorted(frozen.keys() | got.keys())
        if frozen.get(key) != got.get(key)
    ]
    if RENEW:
        write(worlds | {world: got})
        print(*told, sep="\n")
        return []
    return told
