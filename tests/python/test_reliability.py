"""RELIABILITY.md names every promise once, and only commands and tests that are there. `make promises` prints it."""

from __future__ import annotations

import re

from conftest import REPOSITORY

TEXT = (REPOSITORY / "RELIABILITY.md").read_text(encoding="utf-8")
ROWS = [line for line in TEXT.splitlines() if re.match(r"\| P[0-9]+ ", line)]


def test_every_promise_has_one_row_with_its_figures() -> None:
    assert [re.findall(r"P[0-9]+", row)[0] for row in ROWS] == [f"P{number}" for number in range(1, 21)]
    for row in ROWS:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 5 and all(cells), row


def test_every_command_and_test_is_there() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    named = re.findall(r"`make ([a-z]+)", TEXT)
    assert set(named) <= targets
    files = set(re.findall(r"`((?:tests|ai_unit_economics)/[a-z_/.]+)`", TEXT))
    assert files
    assert [name for name in sorted(files) if not (REPOSITORY / name).exists()] == []
    python = set(re.findall(r"`(test_[a-z_]+\.py)`", TEXT))
    assert [name for name in sorted(python) if not (REPOSITORY / "tests/python" / name).exists()] == []
