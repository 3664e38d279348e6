"""Publish the marts: copy them into a file of their own, verify the copy, and swap it in whole.

Readers open the published file and nothing else. It holds the schema `marts` (the public tables, with their NOT NULL
constraints and descriptions) and the schema `publication`: `manifest`, one row on the build that made the file, and
`marts`, one row per table with the record count and the column totals that were verified after the copy.

The sequence leaves either the old file or the new one, whatever happens in between: lock, sweep what a killed run
left, copy into a temporary file beside the target, checkpoint, verify it read-only, fsync, keep the present file as
`<published>.previous` by a hard link, replace, fsync the folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

CATALOG = "aiue_publication"
# DuckDB 1.0's storage: every later version and most BI drivers read it.
STORAGE_VERSION = "v1.0.0"
MODE = 0o640
LOCK_SECONDS = 60.0


class PublishError(RuntimeError):
    """Publishing failed; the last published file is as it was. The message is one sentence."""


@dataclass(frozen=True)
class Column:
    """A published column: `type` is DuckDB's name of its type."""

    name: str
    type: str
    not_null: bool
    description: str

    @property
    def ddl(self) -> str:
        return f"{quoted(self.name)} {self.type}{' not null' if self.not_null else ''}"


@dataclass(frozen=True)
class Check:
    """What a table holds: its record count, and the exact total of each DECIMAL column as text."""

    records: int
    totals: dict[str, str | None]


def quoted(identifier: str) -> str:
    """The identifier in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def publish(session: Any) -> duckdb.DuckDBPyRelation:
    """The publish node's row, after publishing if the request of the node's pre-hook allows it.

    `session` is the connection that dbt gives to a Python model; the pre-hook left the request there as JSON.
    """
    request = json.loads(session.execute("select getvariable('publish_request')").fetchone()[0])
    if request["refusal"]:
        return session.sql(result_row(request, "not published", request["refusal"], 0, 0))
    # A cursor of its own: dbt holds a transaction open on the session, and one transaction writes to one file.
    connection = session.cursor()
    try:
        checks = publish_marts(connection, request)
    finally:
        connection.close()
    records = sum(check.records for check in checks.values())
    detail = f"{len(checks)} marts with {records} records in {request['path']}"
    return session.sql(result_row(request, "published", detail, len(checks), records))


def result_row(request: Mapping[str, Any], status: str, detail: str, marts: int, records: int) -> str:
    """The publish node's one row, as SQL."""
    return (
        f"select {literal(status)} as status, {literal(detail)} as detail, "
        f"{literal(request['invocation_id'])} as invocation_id, {literal(request['path'])} as publish_path, "
        f"cast({marts} as bigint) as marts, cast({records} as bigint) as records"
    )


def publish_marts(connection: duckdb.DuckDBPyConnection, request: Mapping[str, Any]) -> dict[str, Check]:
    """Publish the request's marts from the warehouse that `connection` has open; returns the check of each.

    Raises PublishError with one sentence; the published file is then as it was.
    """
    target = Path(request["path"]).absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target):
            sweep(target)
            temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
            try:
                checks = write(connection, request, target, temporary)
                verify(temporary, checks)
                swap(temporary, target)
            finally:
                sweep(target)
            return checks
    except (OSError, duckdb.Error) as error:
        raise PublishError(f"the marts could not be published to {request['path']}: {error}") from error


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the lock of the published file. The kernel releases it when the process ends, however it ends."""
    path = target.with_name(target.name + ".lock")
    with path.open("w") as lock:
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise PublishError(
                        f"another build is publishing to {target.name} and has held {path.name} for "
                        f"{LOCK_SECONDS:.0f} seconds; let it finish, then run this build again"
                    ) from error
                time.sleep(0.1)
        yield


def sweep(target: Path) -> None:
    """Remove what a killed publish left beside the target; only called while the lock is held."""
    for pattern in (f"{target.name}.*.tmp", f"{target.name}.*.tmp.wal"):
        for leftover in target.parent.glob(pattern):
            leftover.unlink(missing_ok=True)


def write(
    connection: duckdb.DuckDBPyConnection, request: Mapping[str, Any], target: Path, temporary: Path
) -> dict[str, Check]:
    """Copy the marts and the manifest into `temporary`; what was read is returned per mart."""
    manifest = manifest_row(connection, request, target)
    connection.execute(f"attach {literal(str(temporary))} as {CATALOG} (storage_version '{STORAGE_VERSION}')")
    try:
        connection.execute("begin transaction")
        for schema in ("marts", "publication"):
            connection.execute(f"create schema {CATALOG}.{schema}")
        checks = {mart["name"]: copy_mart(connection, mart) for mart in request["marts"]}
        write_manifest(connection, manifest, checks)
        connection.execute("commit")
        connection.execute(f"checkpoint {CATALOG}")
    except BaseException:
        with suppress(duckdb.Error):
            connection.rollback()
        raise
    finally:
        connection.execute(f"detach {CATALOG}")
    return checks


def copy_mart(connection: duckdb.DuckDBPyConnection, mart: Mapping[str, Any]) -> Check:
    """Create one mart as a table, with constraints and descriptions, and fill it."""
    described = {column["name"].lower(): column for column in mart["columns"]}
    columns = [
        Column(
            name,
            kind,
            described.get(name.lower(), {}).get("not_null", False),
            described.get(name.lower(), {}).get("description", ""),
        )
        for name, kind, *_ in connection.execute(f"describe select * from {mart['relation']}").fetchall()
    ]
    table = f"{CATALOG}.marts.{quoted(mart['name'])}"
    connection.execute(f"create table {table} ({', '.join(column.ddl for column in columns)})")
    connection.execute(f"insert into {table} select * from {mart['relation']}")
    comments = [f"comment on table {table} is {literal(mart['description'].strip())}"]
    comments += [
        f"comment on column {table}.{quoted(column.name)} is {literal(column.description.strip())}"
        for column in columns
        if column.description
    ]
    connection.execute("; ".join(comments))
    return check_table(connection, mart["relation"], columns)


def check_table(connection: duckdb.DuckDBPyConnection, relation: str, columns: list[Column]) -> Check:
    """Count the relation's records and total its DECIMAL columns, exactly."""
    exact = [column.name for column in columns if column.type.upper().startswith("DECIMAL")]
    totals = [f"cast(sum({quoted(name)}) as varchar)" for name in exact]
    row = connection.execute(f"select {', '.join(['count(*)', *totals])} from {relation}").fetchone()
    assert row is not None
    return Check(row[0], dict(zip(exact, row[1:], strict=True)))


def manifest_row(
    connection: duckdb.DuckDBPyConnection, request: Mapping[str, Any], target: Path
) -> dict[str, Any]:
    """The manifest of this publication. It is the only place that reads the clock."""
    as_of = connection.execute(f"select as_of from {request['as_of_relation']}").fetchone()
    changes = git("status", "--porcelain")
    return {
        "invocation_id": request["invocation_id"],
        "published_at": datetime.now(UTC).replace(tzinfo=None),
        "as_of": as_of[0] if as_of else None,
        "git_commit": git("rev-parse", "HEAD"),
        "git_has_changes": None if changes is None else bool(changes),
        "dbt_version": request["dbt_version"],
        "duckdb_version": duckdb.__version__,
        "requirements_sha256": sha256(Path("requirements.lock")),
        "settings": json.dumps(request["settings"], sort_keys=True),
        "tests": request["tests"],
        "previous_invocation_id": previous_invocation(target),
    }


def write_manifest(
    connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], checks: Mapping[str, Check]
) -> None:
    """Create the schema `publication`: the manifest's row, and a row per mart."""
    connection.execute(
        f"create table {CATALOG}.publication.manifest ("
        "invocation_id varchar not null, published_at timestamp not null, as_of timestamp, git_commit varchar, "
        "git_has_changes boolean, dbt_version varchar not null, duckdb_version varchar not null, "
        "requirements_sha256 varchar, settings varchar not null, tests bigint not null, "
        "previous_invocation_id varchar)"
    )
    connection.execute(
        f"insert into {CATALOG}.publication.manifest by name select "
        + ", ".join(f"${name} as {quoted(name)}" for name in manifest),
        dict(manifest),
    )
    connection.execute(
        f"create table {CATALOG}.publication.marts ("
        "mart varchar primary key, records bigint not null, totals varchar not null)"
    )
    for name, check in checks.items():
        connection.execute(
            f"insert into {CATALOG}.publication.marts values (?, ?, ?)",
            [name, check.records, json.dumps(check.totals)],
        )


def verify(temporary: Path, checks: Mapping[str, Check]) -> None:
    """Open the copy read-only and compare every count and total with what was read from the warehouse."""
    if temporary.with_name(temporary.name + ".wal").exists():
        raise PublishError(f"the copy for {temporary.name} was not written out whole; run the build again")
    with duckdb.connect() as copy:
        copy.execute(f"attach {literal(str(temporary))} as {CATALOG} (read_only)")
        for name, check in checks.items():
            relation = f"{CATALOG}.marts.{quoted(name)}"
            columns = [
                Column(column, kind, False, "")
                for column, kind, *_ in copy.execute(f"describe {relation}").fetchall()
            ]
            if check_table(copy, relation, columns) != check:
                raise PublishError(
                    f"the copy of {name} does not hold the same records and totals; run the build again"
                )


def swap(temporary: Path, target: Path) -> None:
    """Put `temporary` in the target's place, durably; the present file stays as `<published>.previous`."""
    temporary.chmod(MODE)
    synced(temporary)
    if target.exists():
        link = target.with_name(f"{target.name}.{os.getpid()}.previous.tmp")
        link.unlink(missing_ok=True)
        os.link(target, link)
        os.replace(link, target.with_name(target.name + ".previous"))  # noqa: PTH105 (named as the system call)
    os.replace(temporary, target)  # noqa: PTH105
    synced(target.parent)


def synced(path: Path) -> None:
    """fsync a file or a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def git(*args: str) -> str | None:
    """What git prints for `args` in the present folder; None where there is no repository or no git."""
    try:
        result = subprocess.run(["git", *args], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return result.stdout.strip()


def sha256(path: Path) -> str | None:
    """The file's digest in hex; None where there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def previous_invocation(target: Path) -> str | None:
    """The invocation that made the file that is published now; None where there is none to read."""
    if not target.exists():
        return None
    try:
        with duckdb.connect(str(target), read_only=True) as present:
            row = present.execute("select invocation_id from publication.manifest").fetchone()
    except duckdb.Error:
        return None
    return row[0] if row else None
