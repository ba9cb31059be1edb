"""The outcome of comparing a graph with its annotation: counts, errors, and a verdict on each fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.evaluation.tally import ScoreTally


@dataclass(frozen=True)
class Verdict:
    """The judgement of one event of the graph.

    ``whole`` is None if the event is optional in the gold, and so counts neither way; ``paired``: the gold contains it, right or
    not.
    """

    event: str
    category: str
    confidence: float | None
    whole: bool | None
    paired: bool


@dataclass(frozen=True)
class Comparison:
    """The outcome for one article: counts, errors, and a verdict on each event of the graph."""

    tally: ScoreTally
    verdicts: tuple[Verdict, ...]
    missed: tuple[str, ...]
    """The first accepted category of each required event that the graph lacks."""
    agreements: Mapping[str, bool | None]
    """Whether each agreement of the graph is right with all its terms; None if it is optional in the gold."""
    tenures: Mapping[tuple[str, str, str | None], bool | None]
    """The same for tenures, by holder, label of the office, and organization."""
