"""Prepares the engine for a dbt run: time zone, the only folders it may touch, and the pepper of personal ids.

dbt-duckdb loads this as a plugin (profiles.yml) and calls it for the connection and for each of its cursors. The order
matters: what is set stands before the lock, and after the lock nothing can be set again, by a model, by a hook or by
text in the data. So the profile has no `settings:` and the project no SET hooks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import yaml
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags

PEPPER = "aiue_pepper"  # the session variable that the macro `pseudonym` reads
SHORTEST_PEPPER = 16  # characters


class EngineError(RuntimeError):
    """The engine cannot be prepared; the message is one sentence."""


class Plugin(BasePlugin):
    """Sandbox and pepper. Its configuration is {pepper: text}; an empty text means none."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        self.pepper = str(plugin_config.get("pepper") or "")
        if 0 < len(self.pepper) < SHORTEST_PEPPER:
            raise EngineError(
                f"DBT_ENV_SECRET_AIUE_PEPPER has {len(self.pepper)} characters and needs {SHORTEST_PEPPER} or more; "
                "take a random text, keep it where secrets are kept, and never change it."
            )

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        confine(conn, list(folders(settings(Path.cwd()))))

    def configure_cursor(self, cursor: Any) -> None:
        if self.pepper:
            cursor.execute(f"set variable {PEPPER} = {literal(self.pepper)}")


def literal(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def confine(connection: duckdb.DuckDBPyConnection, allowed: list[Path]) -> None:
    """Let the engine read and write below `allowed`, its own database and its spill folder, and nowhere else; lock it.

    Raises EngineError where a link leads out of an allowed folder: the engine would pass such a file over in silence.
    """
    refuse_links(allowed)
    listed = ", ".join(literal(str(folder)) for folder in allowed)
    connection.execute("set global TimeZone = 'UTC'")
    connection.execute(f"set allowed_directories = [{listed}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def refuse_links(allowed: list[Path]) -> None:
    """One sentence on the first link that leads from an allowed folder to a place outside of all of them."""
    for folder in allowed:
        for entry in links(folder):
            target = Path(os.path.realpath(entry))
            if not any(target.is_relative_to(inside) for inside in allowed):
                raise EngineError(
                    f"{entry} is a link that leads out of the folders that the engine may read; put the file itself "
                    "there, or name its folder in the setting 'input_dir' or 'feed_paths'."
                )


def links(folder: Path) -> Iterator[str]:
    """The symbolic links below a folder, links to folders among them; none where there is no such folder."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_symlink():
            yield entry.path
        elif entry.is_dir():
            yield from links(Path(entry.path))


def settings(project: Path) -> dict[str, Any]:
    """The settings of this run as far as they name folders: dbt_project.yml, then vars.yml, then --vars."""
    found: dict[str, Any] = {}
    for name in ("dbt_project.yml", "vars.yml"):
        path = project / name
        given = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("vars") if path.is_file() else None
        if isinstance(given, Mapping):
            found |= given
            found |= given.get("ai_unit_economics") or {}
    return found | dict(getattr(get_flags(), "VARS", None) or {})


def folders(given: Mapping[str, Any]) -> Iterator[Path]:
    """The folders that a build needs: feeds, policy seeds, the published file's. Whether a setting is sound is judged
    by the project itself, in words; here what is no path is passed over."""
    paths = given.get("feed_paths")
    named = [given.get("input_dir"), *(paths.values() if isinstance(paths, Mapping) else ())]
    published = given.get("publish_path")
    if isinstance(published, str):
        named.append(str(Path(published).parent))
    named.append(os.environ.get("AIUE_SEEDS") or "seeds")
    for name in named:
        if isinstance(name, str) and name and "\x00" not in name:
            yield Path(os.path.realpath(name))
