"""Count true positives, false positives and misses, and compute precision, recall and F."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

Figure = dict[str, float]
"""``P``, ``R``, ``F``, ``gold``, ``found`` for items found or missed; ``share``, ``of`` for items right or wrong among those found."""

MEASURES = {
    "statements": "F",
    "facts": "F",
    "events": "F",
    "roles": "F",
    "dates": "share",
    "placed": "share",
    "modality": "share",
    "quotes": "share",
    "cites": "share",
    "entities": "F",
    "agreements": "F",
    "terms": "F",
    "tenures": "F",
    "single": "share",
}
"""The figures in display order, with how each is measured."""


@dataclass
class ScoreTally:
    """Counts by ``NAME.tp``, ``.fp``, ``.fn`` (found, invented, missed) or ``.ok``, ``.of``; and each error in one line."""

    count: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def add(self, key: str, value: int = 1) -> None:
        """Add to a count."""
        self.count[key] += value

    def found(self, name: str, hit: bool) -> None:
        """Count a required item as found or missed."""
        self.add(f"{name}.tp" if hit else f"{name}.fn")

    def share(self, name: str, right: bool) -> None:
        """Count an item found as right or wrong."""
        self.add(f"{name}.of")
        self.add(f"{name}.ok", right)

    def error(self, line: str) -> None:
        """Record an error: what it concerns, ``-`` for missed or ``+`` for invented, and the item."""
        self.errors.append(line)

    def figures(self) -> dict[str, Figure]:
        """Return all figures."""
        return {name: f_measure(self.count, name) if how == "F" else right_share(self.count, name) for name, how in MEASURES.items()}


def f_measure(count: Mapping[str, int], name: str) -> Figure:
    """Return precision, recall and their harmonic mean, 0 where undefined."""
    tp, fp, fn = (count.get(f"{name}.{key}", 0) for key in ("tp", "fp", "fn"))
    p = tp / (tp + fp) if tp + fp else 0.0
    r = tp / (tp + fn) if tp + fn else 0.0
    return {"P": p, "R": r, "F": 2 * p * r / (p + r) if p + r else 0.0, "gold": tp + fn, "found": tp + fp}


def right_share(count: Mapping[str, int], name: str) -> Figure:
    """Return the share of found items that is right."""
    of = count.get(f"{name}.of", 0)
    return {"share": count.get(f"{name}.ok", 0) / of if of else 0.0, "of": of}


def main_value(figure: Figure) -> float:
    """Return the main number of a figure: F, or the share."""
    return figure["F"] if "F" in figure else figure["share"]
