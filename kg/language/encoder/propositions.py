"""Decode propositions: PropBank predicates with their senses and numbered arguments (Palmer, Gildea and Kingsbury 2005; https://propbank.github.io)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.language.encoder.runtime import SentenceScores

NUMBERED = frozenset({"ARG0", "ARG1", "ARG2", "ARG3", "ARG4", "ARG5"})
"""Roles that a predicate has at most once."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A role of a predicate ("ARG0", "ARGM-TMP", "R-ARG1" …) and the head token of its filler."""

    label: str
    head: int


@dataclass(frozen=True, slots=True)
class Proposition:
    """A predicate, given by the number of its token in the Doc, with its sense and arguments.

    ``roleset`` is PropBank's identifier of the sense ("sign.02"), None if PropBank has no sense for the lemma. ``fallback`` means
    that none of the lemma's senses occurred in training, so that the first of PropBank's table was taken.
    """

    predicate: int
    roleset: str | None
    fallback: bool
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Rolesets:
    """The senses of lemmas. Those with numbers below ``known`` occurred in training; ``vectors`` are sense × width."""

    names: tuple[str, ...]
    known: int
    senses: dict[str, tuple[int, ...]]
    vectors: NDArray[np.float32]
    biases: NDArray[np.float32]

    def choose(self, lemma: str, said: NDArray[np.float32]) -> tuple[str | None, bool]:
        """Return the sense of a predicate with that lemma, given the network's output, and whether it is a fallback."""
        possible = self.senses.get(lemma, ())
        seen = [number for number in possible if number < self.known]
        if not seen:
            return (self.names[possible[0]] if possible else None), True
        if len(seen) == 1:
            return self.names[seen[0]], False
        fits = self.vectors[seen] @ said + self.biases[seen]
        return self.names[seen[int(fits.argmax())]], False


def propositions(
    scores: SentenceScores,
    lemmas: Sequence[str],
    roles: Sequence[str],
    rolesets: Rolesets,
    start: int = 0,
    predicates: Iterable[int] | None = None,
) -> Iterator[Proposition]:
    """Decode the propositions of a sentence that begins at token ``start``; ``lemmas`` are its words', ``roles`` the labels by number,
    0 for none.

    ``predicates``: words taken as the predicates, instead of those found by the network.
    """
    for predicate in np.flatnonzero(scores.predicate).tolist() if predicates is None else predicates:
        roleset, fallback = rolesets.choose(lemmas[predicate].lower(), scores.sense[predicate])
        row = scores.role[predicate].copy()
        row[predicate] = 0  # a predicate is not its own argument
        found = _arguments(row, scores.role_score[predicate], roles)
        arguments = tuple(Argument(label, start + word) for label, word in found)
        yield Proposition(start + predicate, roleset, fallback, arguments)


def _arguments(row: NDArray[np.int64], score: NDArray[np.float32], roles: Sequence[str]) -> list[tuple[str, int]]:
    """Return (label, word) in word order; of the words with the same numbered role, the one with the highest score gets it."""
    words = np.flatnonzero(row).tolist()
    best: dict[str, int] = {}
    for word in words:
        label = roles[row[word]]
        if label in NUMBERED and (label not in best or score[word] > score[best[label]]):
            best[label] = word
    return [(roles[row[word]], word) for word in words if best.get(roles[row[word]], word) == word]
