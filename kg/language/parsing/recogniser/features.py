"""What the recogniser sees of a word: its form in several cuts, and what a table of 340,000 words knows about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import NORM, ORTH
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.language.parsing.recogniser.hashing import hash_of

Codes = NDArray[np.uint32]
FORMS: Final = ("norm", "first letter", "last 3", "shape", "first 3", "last 2", "last 4", "cluster", "person", "place", "case")
VECTOR, CASE = len(FORMS) - 1, len(FORMS)
_CACHED = 200_000
_LOW = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class WordTable:
    """What is known about lower-case words, found by the upper half of their 64-bit hash (``keys``, ascending).

    Four columns: the row of the word's vector, or of the nearest word that has one, counted from 1; the cluster of similar words that it
    belongs to; whether it is a first name and a surname; whether it is (part of) a place name. 0 means unknown everywhere.
    """

    keys: NDArray[np.uint32]
    columns: NDArray[np.uint16]

    @classmethod
    def empty(cls) -> WordTable:
        """A table that knows no word."""
        return cls(np.zeros(0, dtype=np.uint32), np.zeros((0, 4), dtype=np.uint16))

    @classmethod
    def read(cls, path: Path) -> WordTable:
        """The table in a file written by ``write``."""
        with np.load(path) as arrays:
            return cls(arrays["keys"], arrays["columns"])

    def write(self, path: Path) -> None:
        """Writes the table as two compressed arrays."""
        np.savez_compressed(path, keys=self.keys, columns=self.columns)

    def known(self, norm: int) -> list[int]:
        """The four columns of a word, given the hash of its NORM."""
        index = int(np.searchsorted(self.keys, np.uint32(norm >> 32)))
        if index < len(self.keys) and int(self.keys[index]) == norm >> 32:
            return [int(value) for value in self.columns[index]]
        return [0, 0, 0, 0]


@dataclass(slots=True)
class WordCodes:
    """Gives each word of a Doc its codes; remembers those of the words that it has seen."""

    table: WordTable
    _seen: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def __call__(self, doc: Doc) -> Codes:
        """A row for each word: the codes named in FORMS but the last, then the vector's row, then how the word is capitalised (0–4)."""
        seen = self._seen
        if len(seen) > _CACHED:
            seen.clear()
        words: Any = doc.to_array([ORTH, NORM]).reshape(len(doc), 2).tolist()
        rows = [seen.get((orth, norm)) or self._codes(orth, norm, doc.vocab) for orth, norm in words]
        return np.array(rows, dtype=np.uint32).reshape(len(doc), CASE + 1)

    def _codes(self, orth: int, norm: int, vocab: Vocab) -> list[int]:
        form = vocab.strings[orth]
        lower = form.lower()
        row, cluster, person, place = self.table.known(norm)
        cuts = (form[:1], form[-3:]), ("p" + lower[:3], "s" + lower[-2:], "4" + lower[-4:])
        first, last3 = (hash_of(cut) & _LOW for cut in cuts[0])
        shape = vocab[orth].shape & _LOW
        others = [hash_of(cut) & _LOW for cut in cuts[1]]
        codes = [norm & _LOW, first, last3, shape, *others, cluster, person, place, row, _capitals(form)]
        self._seen[orth, norm] = codes
        return codes


def _capitals(form: str) -> int:
    if not any(map(str.isalpha, form)):
        return 0
    return 1 if form.islower() else 2 if form.isupper() else 3 if form[0].isupper() else 4


def in_sentence(codes: Codes) -> Codes:
    """The codes of a sentence, in whose last column the word's capitals are joined with those of the sentence and with its place in it."""
    found = codes.copy()
    capitals = codes[:, CASE]
    first = np.zeros(len(codes), dtype=np.uint32)
    first[:1] = 1
    found[:, CASE] = _sentence_case(capitals) * 16 + capitals * 2 + first
    return found


def _sentence_case(capitals: Codes) -> int:
    """0: no letters, 1: no capitals, 2: in capitals, 3: like a title, 4: ordinary."""
    lettered = capitals[capitals > 0]
    if not len(lettered):
        return 0
    shares = np.bincount(lettered, minlength=5) / len(lettered)
    if shares[1] == 1:
        return 1
    if shares[2] > 0.6 and len(lettered) > 1:
        return 2
    return 3 if shares[2] + shares[3] > 0.7 and len(lettered) > 3 else 4
