"""Look up lemmas of verbs and nouns in a dictionary (WordNet 3.0), which has more of them than the treebanks."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent / "lemmas.json.gz"
BASE_TAGS = frozenset({"VB", "VBP", "NN"})
"""Penn tags of uninflected forms."""
SHORTEST = 2
"""Minimum length of a lemma formed by removing an ending ("goes": go)."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The lemmas of one part of speech, its irregular forms, and its endings with their replacements."""

    irregular: dict[str, str]
    endings: tuple[tuple[str, str], ...]
    lemmas: frozenset[str]

    def lemma(self, form: str, *, base: bool) -> str | None:
        """Return the lemma of a form in lower case, None if unknown; ``base``: the form is tagged as uninflected."""
        if base and form in self.lemmas:
            return form
        if form in self.irregular:
            return self.irregular[form]
        for ending, instead in self.endings:
            stem = form.removesuffix(ending) + instead if form.endswith(ending) and ending else ""
            if len(stem) >= SHORTEST and stem in self.lemmas:
                return stem
        return form if form in self.lemmas else None


@cache
def dictionaries() -> dict[str, Dictionary]:
    """Return the dictionaries by universal part of speech, read once."""
    data = json.loads(gzip.decompress(FILE.read_bytes()))
    return {
        pos: Dictionary(table["irregular"], tuple(map(tuple, table["endings"])), frozenset(table["lemmas"])) for pos, table in data.items()
    }


def dictionary_lemma(text: str, pos: str, tag: str) -> str | None:
    """Return the lemma of a verb or noun with this Penn tag; None for other words and unknown ones."""
    dictionary = dictionaries().get(pos)
    if dictionary is None or not text.isalpha():
        return None
    return dictionary.lemma(text.lower(), base=tag in BASE_TAGS)
