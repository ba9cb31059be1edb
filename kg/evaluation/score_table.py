"""Format the scores as text tables for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kg.evaluation.calibration import thresholds
from kg.evaluation.comparison import Comparison
from kg.evaluation.tally import Figure


def table(title: str, figures: Mapping[str, Figure]) -> Iterator[str]:
    """Return the lines of one article's table, under its title."""
    yield title
    for name, figure in figures.items():
        if "share" in figure:
            yield f"  {name:<11} {figure['share']:.3f}  of {figure['of']:.0f}"
        else:
            numbers = "  ".join(f"{key} {figure[key]:.3f}" for key in ("F", "P", "R"))
            yield f"  {name:<11} {numbers}  gold {figure['gold']:.0f}  found {figure['found']:.0f}"


def breakdown(compared: Sequence[Comparison]) -> Iterator[str]:
    """Return precision and recall of whole statements by minimum confidence and by category.

    The category is the graph's or, for what the graph lacks, the first of the gold.
    """
    verdicts = [v for c in compared for v in c.verdicts if v.whole is not None]
    missed = Counter(code.split("-")[0] for c in compared for code in c.missed)
    demanded = sum(v.paired for v in verdicts) + missed.total()
    judged = [(v.confidence, bool(v.whole)) for v in verdicts if v.confidence is not None]
    if judged:
        yield "whole statements by confidence"
        right = sum(ok for _, ok in judged)
        for least, precision, kept in thresholds(judged):
            found = sum(p >= least for p, _ in judged)
            yield f"  at least {least:.1f}  P {precision:.3f}  R {kept * right / demanded if demanded else 0.0:.3f}  found {found}"
    yield "whole statements by category"
    for category in sorted({v.category.split("-")[0] for v in verdicts} | set(missed)):
        own = [v for v in verdicts if v.category.split("-")[0] == category]
        whole, gold = sum(bool(v.whole) for v in own), sum(v.paired for v in own) + missed[category]
        precision, recall = whole / len(own) if own else 0.0, whole / gold if gold else 0.0
        yield f"  {category:<11} P {precision:.3f}  R {recall:.3f}  gold {gold}  found {len(own)}"
