"""Load the gazetteer's data files (``knowledge/*.toml``): states, public bodies, classes and word lists."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "knowledge"


def read_table(name: str) -> dict[str, Any]:
    """Return the content of ``knowledge/NAME.toml``."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
