"""The tags of words inside and outside of names, and the best legal sequence of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

LABELS = ("PER", "ORG", "LOC", "OTH")
TAGS = ("O", *(f"{place}-{label}" for label, place in product(LABELS, "BILU")))
NUMBERS = {tag: number for number, tag in enumerate(TAGS)}
IMPOSSIBLE = -1e4
Floats = NDArray[np.float32]


def _may_follow(tag: str, following: str) -> bool:
    if tag[0] in "OLU":
        return following[0] in "OBU"
    return following[0] in "IL" and tag[2:] == following[2:]


FOLLOWS = np.array([[_may_follow(tag, following) for following in TAGS] for tag in TAGS])
BEGINS = np.array([tag[0] in "OBU" for tag in TAGS])
ENDS = np.array([tag[0] in "OLU" for tag in TAGS])


def padded(scores: Floats, lengths: Sequence[int]) -> Floats:
    """The scores of the words of all sentences, one below the other, as position × sentence × tag, with zeros after each sentence's end."""
    table = np.zeros((max(lengths), len(lengths), len(TAGS)), dtype=np.float32)
    start = 0
    for sentence, length in enumerate(lengths):
        table[:length, sentence] = scores[start : start + length]
        start += length
    return table


def best_tags(table: Floats, lengths: Sequence[int], transitions: Floats, first: Floats, last: Floats) -> list[list[int]]:
    """The legal sequence of tags with the highest score for each sentence (Viterbi's algorithm, all sentences side by side)."""
    ends, moves = np.asarray(lengths), np.where(FOLLOWS, transitions, IMPOSSIBLE)
    score = table[0] + np.where(BEGINS, first, IMPOSSIBLE)
    final, back = score.copy(), np.zeros(table.shape, dtype=np.uint8)
    for position in range(1, len(table)):
        paths = score[:, :, None] + moves
        back[position] = chosen = paths.argmax(axis=1)
        score = np.take_along_axis(paths, chosen[:, None, :], axis=1)[:, 0] + table[position]
        ending = ends == position + 1
        final[ending] = score[ending]
    tag = (final + np.where(ENDS, last, IMPOSSIBLE)).argmax(axis=1)
    found = np.zeros(table.shape[:2], dtype=np.uint8)
    sentences = np.arange(len(ends))
    for position in range(len(table) - 1, -1, -1):
        found[position] = tag
        tag = np.where(position < ends, back[position, sentences, tag] if position else tag, tag)
    return [found[:length, sentence].tolist() for sentence, length in enumerate(lengths)]


def spans(tags: Sequence[int]) -> list[tuple[int, int, str]]:
    """The names in a legal sequence of tags: first word, the word after the last, label."""
    names, start = [], 0
    for index, number in enumerate(tags):
        place = TAGS[number][0]
        if place in "BU":
            start = index
        if place in "LU":
            names.append((start, index + 1, TAGS[number][2:]))
    return names
