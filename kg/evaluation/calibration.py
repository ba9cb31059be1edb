"""Measure confidences: calibration error, and precision and recall above each threshold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Judged = Sequence[tuple[float, bool]]
"""Confidences, each with whether the judged item was right."""

THRESHOLDS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9)
BINS = 10


def bins_of(judged: Judged) -> Iterator[tuple[float, float, int, float, float]]:
    """Return, for each non-empty tenth of the scale: its bounds, the number of items, their mean confidence, and the share that is
    right."""
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        inside = [(p, right) for p, right in judged if low <= p < high or (p == high == 1.0)]
        if inside:
            yield low, high, len(inside), sum(p for p, _ in inside) / len(inside), sum(right for _, right in inside) / len(inside)


def calibration_error(judged: Judged) -> float:
    """Return the expected calibration error over ten bins weighted by size (Guo et al. 2017)."""
    return sum(count * abs(mean - share) for _, _, count, mean, share in bins_of(judged)) / len(judged) if judged else 0.0


def thresholds(judged: Judged) -> Iterator[tuple[float, float, float]]:
    """Return, for each minimum confidence, precision and the share of all right items that is retained."""
    right = sum(ok for _, ok in judged)
    for least in THRESHOLDS:
        kept = [ok for p, ok in judged if p >= least]
        yield least, sum(kept) / len(kept) if kept else 0.0, sum(kept) / right if right else 0.0
