"""The classes of common nouns: ``nouns.txt``, which ``kg.extraction.frames.wordnet`` makes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FILE = Path(__file__).resolve().parent / "nouns.txt"
NOTHING: frozenset[str] = frozenset()


def load_nouns(path: Path = FILE) -> Mapping[str, frozenset[str]]:
    """The classes of each lemma: "treaty" → agreement, law. A phrase ("state of emergency") is listed as such."""
    found: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, words = line.partition(": ")
            for word in words.split(", "):
                found.setdefault(word, set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}
