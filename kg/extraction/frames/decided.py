"""Rolesets that were looked at and tell no act: ``none.txt``."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).resolve().parent / "none.txt"


def load_none(path: Path = FILE) -> frozenset[str]:
    """The rolesets of the list, in which "abandon.01,02" stands for two."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    entries = (word.rpartition(".") for line in lines for word in line.split())
    return frozenset(f"{lemma}{dot}{sense}" for lemma, dot, senses in entries for sense in senses.split(","))
