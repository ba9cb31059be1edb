"""Where the code that is tortured lies, for processes that run it."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def here() -> dict[str, str]:
    """The environment of a process that imports this checkout; no setting of the user's counts."""
    return {**{k: v for k, v in os.environ.items() if not k.startswith("ENTENTE_")}, "PYTHONPATH": str(ROOT)}
