"""Renew the parts of README.md that commands print: the demo's headline, and the table of the marts.

    python -m ai_unit_economics.readme

Reads the published file and target/manifest.json of the last build.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ai_unit_economics.commands import default_path
from ai_unit_economics.headline import plain_headline

README = Path(__file__).resolve().parents[1] / "README.md"
# What each folder of models/marts answers.
QUESTIONS = {
    "unit_economics": "what a unit costs",
    "chargeback": "who bears it",
    "reconciliation": "whether the invoices agree",
    "close": "what was closed and posted",
    "governance": "what to do about it",
    "quality": "how far to trust it",
    "focus": "the same, as FOCUS names it",
    "dimensions": "names to join",
}


def first_sentence(description: str) -> str:
    """The grain of a mart: the first sentence of its description, without its full stop."""
    return re.split(r"[.](?:\s|$)|[;:]\s", " ".join(description.split()), maxsplit=1)[0]


def marts_table(manifest: Mapping[str, Any]) -> str:
    """A table of the published marts by the question that they answer."""
    lines = ["| mart | grain |", "|---|---|"]
    models = (node for node in manifest["nodes"].values() if node["resource_type"] == "model")
    marts = [node for node in models if node["schema"] == "marts"]
    for folder, question in QUESTIONS.items():
        here = sorted((node["name"], node["description"]) for node in marts if node["fqn"][2] == folder)
        if here:
            lines.append(f"| **{question}** | |")
            lines += [f"| `{name}` | {first_sentence(description)} |" for name, description in here]
    return "\n".join(lines) + "\n"


def renewed(text: str, published: Path, manifest: Mapping[str, Any], shown_as: str) -> str:
    """README's text with both parts renewed."""
    parts = {
        "headline": f"```\n{plain_headline(published, shown_as)}```\n",
        "marts": marts_table(manifest),
    }
    for mark, part in parts.items():
        pattern = rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)"
        text = re.sub(pattern, lambda match, part=part: match[1] + part + match[2], text, flags=re.DOTALL)
    return text


def main() -> None:
    """Write README.md."""
    target = Path(os.environ.get("DBT_TARGET_PATH", "target"))
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    README.write_text(renewed(text, default_path(), manifest, str(default_path())), encoding="utf-8")


if __name__ == "__main__":
    main()
