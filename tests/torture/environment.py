"""The environment of processes that run the code under test."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def here() -> dict[str, str]:
    """Return the environment of a process that imports this checkout, without the user's settings."""
    return {**{k: v for k, v in os.environ.items() if not k.startswith("ENTENTE_")}, "PYTHONPATH": str(ROOT)}
