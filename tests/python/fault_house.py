"""A project to break: this project's publish node and guard behind twenty marts that all tell which input they hold.

The input is A or B. A published file is whole when every mart tells the same letter and the marts agree in records and
money; anything else is a mix of two builds, or a part of one.
"""

from __future__ import annotations

import random
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
from conftest import DBT, clean_env
from small_project import PUBLISHED, write_project

MARTS = [f"rpt_sales_{number:02}" for number in range(1, 21)]
RECORDS = 20_000  # of each mart
AMOUNTS = {"A": "2.50", "B": "7.25"}
# Where a kill is aimed at: what dbt says when a mart or the publish node begins, and for how long it may then go on.
WINDOWS = {"marts": (r"START sql table model marts\.rpt_sales_", 0.3), "publish": (r"START python table model", 1.2)}


@dataclass(frozen=True)
class House:
    """The project's folder, and the settings that differ from the project's own."""

    root: Path
    warehouse: str = "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.root / PUBLISHED

    def deliver(self, world: str) -> None:
        """Put the input of this letter in place."""
        (self.root / "seeds/sales.csv").write_text(f"sale_id,world,amount\n1,{world},{AMOUNTS[world]}\n")

    def start(self, env: Mapping[str, str] | None = None, **options: object) -> subprocess.Popen[str]:
        """Begin `dbt build`; its log comes by stdout, line by line."""
        paths = {"AIUE_WAREHOUSE": self.warehouse, "PYTHONUNBUFFERED": "1"}
        if self.warehouse != "warehouse.duckdb":
            paths["DBT_TARGET_PATH"] = f"target_{self.warehouse}"
        return subprocess.Popen(
            [*DBT, "--no-use-colors", "build"],
            cwd=self.root,
            env=clean_env(paths | dict(env or {})),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,  # type: ignore[call-overload]
        )

    def build(self, world: str) -> str:
        """Build with this input to the end, which must be a good one; dbt's log."""
        self.deliver(world)
        process = self.start()
        log, _ = process.communicate(timeout=300)
        assert process.returncode == 0, log
        return log

    def hold(self, world: str) -> None:
        """Have this input built and published, by a build where it is not so yet."""
        if not self.published.exists() or self.holds() != world:
            self.build(world)
        assert self.holds() == world

    def kill(self, world: str, window: str, rng: random.Random) -> bool:
        """Begin a build with this input and kill it in the window; whether it was still running then."""
        self.deliver(world)
        pattern, longest = WINDOWS[window]
        process = self.start()
        assert process.stdout
        chosen = rng.randrange(1, len(MARTS)) if window == "marts" else 1
        for line in process.stdout:
            chosen -= bool(re.search(pattern, line))
            if not chosen:
                time.sleep(rng.uniform(0, longest))
                break
        was_running = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.stdout.close()
        process.wait()
        return was_running

    def holds(self) -> str:
        """The letter of the input that the published file holds; what is wrong with it where it is not whole."""
        return content(self.published)

    def leftovers(self) -> set[str]:
        """Files beside the published one that nobody expects."""
        own = {self.published.name + end for end in ("", ".lock", ".previous")}
        return {path.name for path in self.published.parent.iterdir()} - own


def content(path: Path) -> str:
    """The letter that every mart of the file tells, or a sentence on what does not agree."""
    with duckdb.connect(str(path), read_only=True) as file:
        listed = dict(file.execute("select mart, records from publication.marts").fetchall())
        rows = file.execute(
            " union all ".join(
                f"select '{mart}', count(*), min(world), max(world), sum(cost_usd) from marts.{mart}" for mart in MARTS
            )
        ).fetchall()
    letters = {letter for _, _, low, high, _ in rows for letter in (low, high)}
    if letters - set(AMOUNTS) or len(letters) != 1:
        return f"a mix of {letters}"
    if {(records, total) for _, records, _, _, total in rows} != {(RECORDS, rows[0][4])}:
        return "marts that do not agree"
    if listed != dict.fromkeys(MARTS, RECORDS):
        return "other records than its manifest says"
    return letters.pop()


def write_house(root: Path) -> House:
    """Write the project into `root`."""
    write_project(root)
    for name in ("seeds/sales.csv", "models/marts/fct_sales.sql", "models/marts/fct_usage_costs.sql"):
        (root / name).unlink()
    for name in ("models/marts/marts.yml", "tests/assert_gate.sql"):
        (root / name).unlink()
    (root / "seeds/seeds.yml").write_text(
        "seeds: [{name: sales, config: {column_types: {world: varchar, amount: 'decimal(38, 12)'}}}]\n"
    )
    for mart in MARTS:
        (root / f"models/marts/{mart}.sql").write_text(
            "{{ config(contract={'enforced': false}) }}\n"
            "select sales.world, numbers.range as sale_id, sales.amount as cost_usd\n"
            f"from {{{{ ref('sales') }}}} as sales cross join range({RECORDS}) as numbers\n"
        )
        (root / f"tests/assert_{mart}.sql").write_text(
            f"select 1 as broken from {{{{ ref('{mart}') }}}} where '{{{{ var('broken', '') }}}}' = '{mart}' limit 1\n"
        )
    node = root / "models/publish/published_marts.py"
    refs = "".join(f'    dbt.ref("{mart}")\n' for mart in MARTS)
    text = node.read_text().replace('    dbt.ref("fct_sales")\n    dbt.ref("fct_usage_costs")\n', refs)
    node.write_text(text)
    return House(root)
