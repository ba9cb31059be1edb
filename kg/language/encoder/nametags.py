"""Decode and encode names as BILOU tags: B(eginning), I(nside), L(ast) or U(nit) with a label, or O."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class NameTags:
    """Decodes scores of tags to names."""

    def __init__(self, tags: Sequence[str]) -> None:
        """``tags`` in the order of the network's output, such as "B-PER"."""
        self.tags = tuple(tags)
        self._places = [tag[0] for tag in tags]
        self._labels = [tag[2:] for tag in tags]
        self._follows = np.array([[self._may_follow(a, b) for b in range(len(tags))] for a in range(len(tags))])
        self._opens = np.array([place in "OBU" for place in self._places])
        self._closes = np.array([place in "OLU" for place in self._places])

    def _may_follow(self, first: int, second: int) -> bool:
        if self._places[first] in "BI":
            return self._places[second] in "IL" and self._labels[first] == self._labels[second]
        return self._places[second] in "OBU"

    def names(self, scores: NDArray[np.floating]) -> list[tuple[int, int, str]]:
        """Return the names (first word, end, label) of the best valid sequence of tags; ``scores`` is word × tag."""
        best = scores.argmax(-1)
        if not (self._opens[best[0]] and self._closes[best[-1]] and self._follows[best[:-1], best[1:]].all()):
            best = self._best(scores.astype(np.float64))
        return self._spans(best) if best.any() else []

    def _best(self, scores: NDArray[np.float64]) -> NDArray[np.intp]:
        """Viterbi's algorithm."""
        steps = np.where(self._follows, 0.0, -np.inf)
        total = np.where(self._opens, scores[0], -np.inf)
        back = []
        for row in scores[1:]:
            ways = total[:, None] + steps
            back.append(ways.argmax(0))
            total = ways.max(0) + row
        path = [int(np.where(self._closes, total, -np.inf).argmax())]
        for row in reversed(back):
            path.append(int(row[path[-1]]))
        return np.array(path[::-1])

    def _spans(self, tags: NDArray[np.intp]) -> list[tuple[int, int, str]]:
        spans, start = [], 0
        for index, tag in enumerate(tags.tolist()):
            if self._places[tag] in "BU":
                start = index
            if self._places[tag] in "LU":
                spans.append((start, index + 1, self._labels[tag]))
        return spans
