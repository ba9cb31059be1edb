"""The language stage's data files: what is known of states, bodies, classes and words stands there, not in code."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "knowledge"


def read_table(name: str) -> dict[str, Any]:
    """The contents of ``knowledge/NAME.toml``."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
