"""Writing feeds: one file per feed and month of delivery, the same bytes wherever it runs."""

from __future__ import annotations

import csv
import io
import struct
import zlib
from collections import defaultdict
from pathlib import Path

from .billing import Row
from .clock import month_of
from .faults import Line


def gzip_bytes(data: bytes) -> bytes:
    """A gzip member without name and time, so that it depends on the data alone."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    body = deflate.compress(data) + deflate.flush()
    return (
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + body + struct.pack("<II", zlib.crc32(data), len(data))
    )


def write_lines(folder: Path, lines: list[Line]) -> None:
    """`<folder>/<month of delivery>.jsonl.gz`, lines in the order of delivery."""
    months: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        months[month_of(line.delivered)].append(line)
    folder.mkdir(parents=True, exist_ok=True)
    for month, chosen in sorted(months.items()):
        ordered = sorted(chosen, key=lambda line: (line.delivered, line.text))
        newline = "\r\n" if (folder.name, month) == ("human_reviews", "2026-03") else "\n"
        text = "".join(f"{line.text}{newline}" for line in ordered)
        if (folder.name, month) == ("unit_events", "2026-02"):
            text += "\n"
        (folder / f"{month}.jsonl.gz").write_bytes(gzip_bytes(text.encode()))


def csv_text(columns: list[str], rows: list[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in rows)
    return out.getvalue()


def write_csv(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_bytes(text.encode())
