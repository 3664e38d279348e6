"""Looks at every file of the feeds before anything reads it: what a reader of lines cannot see, or would stop at.

    python -m ai_unit_economics.preflight [input_dir]
    python -m ai_unit_economics.preflight --vars '{input_dir: ...}'

Without a folder it looks at those that the settings name, as `make build` does before it builds, and first at what dbt
would answer with a traceback: settings that cannot be read, a policy folder (AIUE_SEEDS) that is not there. One
sentence a bad file: the file, what is wrong with it, what to do. Exit code 2 where a folder or setting cannot be used,
1 where a file cannot be read as it is meant; what the models take in their stride (a byte order mark, an empty file)
is told and leaves the exit code 0. Files are read once, piece by piece: memory stays at one piece plus one line,
whatever their size.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PIECE = 1 << 20  # bytes read at a time
LONGEST_LINE = 32 * (1 << 20)  # bytes; the reader of lines stops the build at a longer one
LONGEST_FIELD = 1_000_000  # characters of a CSV field; more is taken for a quote that is never closed
ENDINGS = (".jsonl", ".jsonl.gz", ".json", ".csv", ".csv.gz")


class SettingsError(ValueError):
    """A setting or a folder that it names cannot be used; the message is one sentence."""


@dataclass(frozen=True)
class Finding:
    """What is wrong with one file. `is_fatal` where it cannot be read as it is meant."""

    path: Path
    fault: str
    remedy: str
    is_fatal: bool = True

    def __str__(self) -> str:
        return f"{self.path}: {self.fault}; {self.remedy}."


def pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, inflated where its name ends with .gz; OSError, EOFError or zlib.error if that fails."""
    with gzip.open(path) if path.name.endswith(".gz") else path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def scan(path: Path) -> Iterator[Finding]:
    """What the bytes of a file show: encoding, ends of lines, their length."""
    size = line = longest = feeds = returns = lone = 0
    start, last = b"", b""
    try:
        for piece in pieces(path):
            start = start or piece[:4]
            size += len(piece)
            feeds += piece.count(b"\n")
            returns += piece.count(b"\r")
            lone += piece.count(b"\r\n") + (last == b"\r" and piece[:1] == b"\n")
            last = piece[-1:]
            parts = piece.split(b"\n")
            longest = max(longest, line + len(parts[0]), *map(len, parts[1:]))
            line = len(parts[-1]) + (line if len(parts) == 1 else 0)
    except (OSError, EOFError, zlib.error) as error:
        yield Finding(path, f"corrupt_file, it cannot be inflated to its end ({error})", "deliver it again")
        return
    if not size:
        yield Finding(path, "empty_file, it holds nothing", "ask whether the delivery was complete", False)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield Finding(path, "bad_encoding, it is UTF-16", "deliver it as UTF-8")
    elif start[:3] == b"\xef\xbb\xbf":
        yield Finding(path, "byte_order_mark, it starts with one", "nothing has to be done", False)
    if returns > lone and not feeds:
        yield Finding(path, "bad_newlines, its lines end with CR alone", "write lines that end with LF")
    if longest > LONGEST_LINE:
        yield Finding(path, f"line_too_long, a line has {longest:,} bytes", "leave prompts and outputs out of records")


def check_csv(path: Path) -> Iterator[Finding]:
    """What the header and the rows of a CSV file show."""
    csv.field_size_limit(LONGEST_FIELD)
    with gzip.open(path) if path.name.endswith(".gz") else path.open("rb") as stream:
        rows = csv.reader(io.TextIOWrapper(stream, "utf-8-sig", newline=""), strict=True)
        try:
            header = next(rows, [])
            repeated = sorted({name for name in header if header.count(name) > 1})
            if repeated:
                yield Finding(path, f"ambiguous_header, it names '{repeated[0]}' twice", "keep one of the two columns")
            if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
                yield Finding(path, "header_mismatch, its columns are not separated by commas", "write it with commas")
            ragged = sum(1 for row in rows if row and len(row) != len(header))
        except csv.Error as error:
            fault = f"unclosed_quote, its row at line {rows.line_num:,} does not end ({error})"
            yield Finding(path, fault, "close the quote, or double quotes inside a field")
        except UnicodeDecodeError as error:
            yield Finding(path, f"bad_encoding, it is no UTF-8 ({error.reason})", "deliver it as UTF-8")
        else:
            if ragged:
                fault = f"wrong_column_count, {ragged:,} rows have more or fewer fields than its header"
                yield Finding(path, fault, "they will be quarantined; quote fields that hold commas", False)


def check(folder: Path) -> list[Finding]:
    """The findings of all files below a folder, sorted by path. A folder that is not there raises SettingsError."""
    if not folder.is_dir():
        raise SettingsError(f"There is no folder {folder}; name the folder of the feeds.")
    found: list[Finding] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name.endswith(ENDINGS)):
        findings = list(scan(path))
        if ".csv" in path.name and not any(finding.is_fatal for finding in findings):
            findings += check_csv(path)
        found += findings
    return found


def settings_of(given: str) -> dict[str, Any]:
    """The settings in the text of `--vars`. SettingsError where it is no YAML, or an unquoted date is no day."""
    try:
        settings = yaml.safe_load(given) or {}
    except (yaml.YAMLError, ValueError) as error:
        problem = getattr(error, "problem", None) or str(error)
        raise SettingsError(
            f"The settings {given!r} cannot be read ({problem}); write them as '{{name: value}}', a moment as "
            "as_of: \"2026-11-06T18:00:00Z\"."
        ) from None
    if not isinstance(settings, dict):
        raise SettingsError(f"The settings {given!r} name no values; write them as '{{name: value}}'.")
    return settings


def check_policy(project: Path = Path()) -> None:
    """SettingsError where the folder of policy is not in the project, or holds no seed."""
    named = os.environ.get("AIUE_SEEDS") or "seeds"
    folder = (project / named).resolve()
    if not folder.is_dir() or not folder.is_relative_to(project.resolve()):
        fault = "is no folder of this project"
    elif not any(folder.rglob("*.csv")):
        fault = "holds no CSV file"
    else:
        return
    raise SettingsError(f"AIUE_SEEDS is '{named}', which {fault}; name a copy of seeds/ inside the project.")


def feed_folders(given: str, project: Path = Path()) -> list[Path]:
    """The folders that `--vars` (YAML), or else dbt_project.yml, names for the feeds, as far as they are there.

    An absent feed is no fault: the build says which feeds are absent, and stops where one is required.
    """
    settings = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    settings |= settings_of(given)
    paths = [settings.get("input_dir"), *(settings.get("feed_paths") or {}).values()]
    return [folder for folder in (project / str(path) for path in paths if path) if folder.is_dir()]


def main(arguments: list[str]) -> int:
    """Print one sentence a finding; 1 where a file cannot be read, 2 where a folder or setting cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m ai_unit_economics.preflight")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--vars", default="{}")
    asked = parser.parse_args(arguments)
    try:
        if not asked.folder:
            check_policy()
        folders = [asked.folder] if asked.folder else feed_folders(asked.vars)
        findings = [finding for folder in folders for finding in check(folder)]
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    for finding in findings:
        print(finding)
    return int(any(finding.is_fatal for finding in findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
