"""Decode the best dependency tree: the maximum spanning arborescence (Chu and Liu 1965, Edmonds 1967)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FEW_ROOTS = 1e6
"""Subtracted from the score of every arc from the root, so that the best tree has as few of these as possible: one."""


def best_tree(scores: NDArray[np.floating]) -> NDArray[np.intp]:
    """Return the heads of the tree with the highest sum of scores and a single root.

    ``scores``: word × head, where index 0 is the root and the others are the words in order; the result uses the same indices.
    """
    arcs = scores.astype(np.float64)
    words = np.arange(len(arcs))
    arcs[words, words + 1] = -np.inf
    heads: NDArray[np.intp] = arcs.argmax(-1)
    if (heads == 0).sum() == 1 and not _cycle(heads - 1):
        return heads
    arcs[:, 0] -= _FEW_ROOTS
    square = np.full((len(arcs) + 1,) * 2, -np.inf)
    square[1:] = arcs
    return _arborescence(square)[1:]


def _cycle(heads: NDArray[np.intp]) -> list[int]:
    """Return the words of a cycle, empty if there is none; a head of -1 is the root."""
    state = [0] * len(heads)
    for start in range(len(heads)):
        path, node = [], start
        while node >= 0 and state[node] == 0:
            state[node] = 1
            path.append(node)
            node = int(heads[node])
        if node >= 0 and state[node] == 1:
            return path[path.index(node) :]
        for passed in path:
            state[passed] = 2
    return []


def _arborescence(scores: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the head of each node, -1 for node 0, the root; ``scores`` is node × head."""
    heads = np.full(len(scores), -1, dtype=np.intp)
    heads[1:] = scores[1:].argmax(-1)
    cycle = _cycle(heads)
    if not cycle:
        return heads
    inside = np.array(cycle)
    outside = np.setdiff1d(np.arange(len(scores)), inside)
    smaller, entered, left = _contracted(scores, heads, inside, outside)
    found = _arborescence(smaller)
    whole = heads.copy()
    new = len(outside)
    for index, node in enumerate(outside[1:], 1):
        whole[node] = left[index] if found[index] == new else outside[found[index]]
    entry = int(found[new])
    whole[entered[entry]] = outside[entry]
    return whole


def _contracted(
    scores: NDArray[np.float64], heads: NDArray[np.intp], inside: NDArray[np.intp], outside: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
    """Contract a cycle into one node behind the others; return the scores.

    Also, for each other node, at which node of the cycle an arc from it would enter, and from which one an arc to it would leave.
    """
    size = len(outside)
    smaller = np.full((size + 1,) * 2, -np.inf)
    smaller[:size, :size] = scores[np.ix_(outside, outside)]
    gains = scores[np.ix_(inside, outside)] - scores[inside, heads[inside]][:, None]
    smaller[size, :size] = gains.max(0)
    leaving = scores[np.ix_(outside, inside)]
    smaller[:size, size] = leaving.max(1)
    return smaller, inside[gains.argmax(0)], inside[leaving.argmax(1)]
