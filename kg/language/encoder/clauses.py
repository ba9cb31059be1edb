"""Constrain trees at semicolons: between two main clauses only one arc may cross the mark."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MARK = ";"
FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})
"""Penn tags of finite verbs."""
SIDE_BY_SIDE = frozenset({"conj", "parataxis"})
"""The relations of a main clause to a preceding one (https://universaldependencies.org/u/dep/parataxis.html)."""
_CROSSING = 25.0
"""Subtracted from the score of an arc that crosses a mark: more than scores of arcs differ by."""


def separators(texts: Sequence[str], tags: Sequence[str]) -> list[int]:
    """Return the semicolons with a finite verb on either side, up to the next one or the end of the sentence."""
    marks = [index for index, text in enumerate(texts) if text == MARK]
    found = []
    for mark, before, behind in zip(marks, [-1, *marks], [*marks[1:], len(texts)], strict=False):
        if FINITE & set(tags[before + 1 : mark]) and FINITE & set(tags[mark + 1 : behind]):
            found.append(mark)
    return found


def kept_apart(arcs: NDArray[np.float32], marks: Sequence[int]) -> NDArray[np.float32]:
    """Return the scores of arcs (word × head, the root first), changed so that as few as possible cross a mark."""
    if not marks:
        return arcs
    kept = arcs.copy()
    for mark in marks:
        kept[: mark + 1, mark + 2 :] -= _CROSSING
        kept[mark + 1 :, 1 : mark + 2] -= _CROSSING
    return kept


def crosses(word: int, head: int, marks: Sequence[int]) -> bool:
    """Whether an arc crosses a mark."""
    return any(min(word, head) <= mark < max(word, head) for mark in marks)
