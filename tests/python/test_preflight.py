"""Files that no reader of lines can judge are named in one sentence before the build reads them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ai_unit_economics import preflight

LINE = b'{"request_id": "a", "usage": {"input_tokens": 10}}\n'
PACKED = gzip.compress(LINE * 1000, mtime=0)
HEADER = b"shared_cost_id,pool,amount\n"
FATAL: dict[str, tuple[bytes, str]] = {
    "10.jsonl": (LINE.replace(b"\n", b"\r") * 3, "bad_newlines"),
    "15.jsonl": (LINE + b"x" * (preflight.LONGEST_LINE + 1) + b"\n" + LINE, "line_too_long"),
    "16_cut.jsonl.gz": (PACKED[: len(PACKED) // 2], "corrupt_file"),
    "16_checksum.jsonl.gz": (PACKED[:-8] + bytes(4) + PACKED[-4:], "corrupt_file"),
    "16_none.jsonl.gz": (LINE, "corrupt_file"),
    "16_rest.jsonl.gz": (PACKED + b"rest", "corrupt_file"),
    "utf_16.jsonl": (LINE.decode().encode("utf-16"), "bad_encoding"),
    "26.csv": (b"shared_cost_id,pool,amount,amount\na,b,1,2\n", "ambiguous_header"),
    "27.csv": (b"shared_cost_id;pool;amount\na;b;1\n", "header_mismatch"),
    "quote.csv": (HEADER + b'a,"b,1\n' + b"c,d,2\n" * 3, "unclosed_quote"),
    "latin.csv": (HEADER + "a,b\u00e9,1\n".encode("latin-1"), "bad_encoding"),
}  # fmt: skip
TOLD: dict[str, tuple[bytes, str]] = {
    "08.jsonl": (b"\xef\xbb\xbf" + LINE, "byte_order_mark"),
    "18.jsonl": (b"", "empty_file"),
    "28.csv": (HEADER + b"a,b,1\na,b\na,b,1,2\n", "wrong_column_count, 2 rows"),
}
GOOD: dict[str, bytes] = {
    "09_crlf.jsonl": LINE.replace(b"\n", b"\r\n") * 3,
    "09_mixed.jsonl": LINE + LINE.replace(b"\n", b"\r\n") + LINE,
    "11.jsonl": b"\n" + LINE + b"\n\n" + LINE,
    "17.jsonl.gz": gzip.compress(LINE, mtime=0) * 3,
    "good.csv": HEADER + b'a,"b, ""c""",1\n',
    "other.txt": b"\xff\xfe\x00",
}


@pytest.mark.parametrize(("name", "content", "fault", "code"), [
    *((name, content, fault, 1) for name, (content, fault) in FATAL.items()),
    *((name, content, fault, 0) for name, (content, fault) in TOLD.items()),
    *((name, content, "", 0) for name, content in GOOD.items()),
])  # fmt: skip
def test_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, fault: str, code: int
) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    (feed / name).write_bytes(content)
    (feed / "neighbour.jsonl").write_bytes(LINE)
    assert preflight.main([str(tmp_path)]) == code
    said = capsys.readouterr().out.splitlines()
    assert len(said) == (1 if fault else 0), said
    if fault:
        assert said[0].startswith(f"{feed / name}: {fault}") and said[0].endswith("."), said


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert preflight.main([str(tmp_path / "nowhere")]) == 2
    assert "nowhere; name the folder of the feeds." in capsys.readouterr().err


@pytest.mark.parametrize(("given", "said"), [
    ("{as_of: 2026-02-30}", "The settings '{as_of: 2026-02-30}' cannot be read (day is out of range for month); write"),
    ("{as_of: 2026-99-99T10:00:00Z}", "cannot be read (month must be in 1..12); write"),
    ("{as_of: yesterday: x", "The settings '{as_of: yesterday: x' cannot be read ("),
    ("as_of", "The settings 'as_of' name no values; write them as '{name: value}'."),
])  # fmt: skip
def test_settings_that_cannot_be_read_are_one_sentence(
    capsys: pytest.CaptureFixture[str], given: str, said: str
) -> None:
    assert preflight.main(["--vars", given]) == 2
    told = capsys.readouterr()
    assert said in told.err and len(told.err.splitlines()) == 1 and not told.out


@pytest.mark.parametrize(("named", "fault"), [
    ("nowhere", "which is no folder of this project"),
    ("..", "which is no folder of this project"),
    ("macros", "which holds no CSV file"),
])  # fmt: skip
def test_a_policy_folder_that_cannot_be_used_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, named: str, fault: str
) -> None:
    monkeypatch.setenv("AIUE_SEEDS", named)
    assert preflight.main(["--vars", "{}"]) == 2
    told = f"AIUE_SEEDS is '{named}', {fault}; name a copy of seeds/ inside the project.\n"
    assert capsys.readouterr().err == told


def test_lines_that_end_between_two_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CR and LF on two sides of an edge are one end of line, and a line's length adds up over pieces."""
    monkeypatch.setattr(preflight, "PIECE", 4)
    monkeypatch.setattr(preflight, "LONGEST_LINE", 8)
    (tmp_path / "a.jsonl").write_bytes(b"123\r\n1234567\n")
    assert preflight.check(tmp_path) == []
    (tmp_path / "a.jsonl").write_bytes(b"1\n123456789\n1")
    assert [finding.fault for finding in preflight.check(tmp_path)] == ["line_too_long, a line has 9 bytes"]


def test_the_demo_passes() -> None:
    """It holds one row on purpose that has too few fields."""
    findings = preflight.check(Path(preflight.__file__).parents[1] / "demo")
    assert [(finding.path.name, finding.is_fatal) for finding in findings] == [("2026-06.csv", False)]


def test_the_settings_name_the_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As `make build` asks: the folder of the feeds and that of a single one; a feed that is not there is no fault."""
    for name in ("feeds", "elsewhere"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.jsonl").write_bytes(LINE.replace(b"\n", b"\r") * 3)
    paths = f"{{unit_events: {tmp_path}/elsewhere, human_reviews: {tmp_path}/none}}"
    given = f"{{input_dir: {tmp_path}/feeds, feed_paths: {paths}}}"
    assert preflight.main(["--vars", given]) == 1
    assert capsys.readouterr().out.count("bad_newlines") == 2
    assert preflight.main(["--vars", "{}"]) == 0
