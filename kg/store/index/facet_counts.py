"""Count the facets of lists of events: by category, modality, basis of the date, and minimum confidence.

The counts of long lists are in the index (``facet_table``); those of short or filtered lists are made when they are asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from kg.store.index.search import SearchIndex
from kg.store.index.selections import Facets, RowSelection, from_clause

MOST_COUNTED = 20_000
"""Longest list, in facts, whose facets are counted when they are asked for."""
CONFIDENCES = (80, 50, 30)
"""The minimum confidences that lists offer as filters, in hundredths."""


def stored_facets(index: SearchIndex, thing: int, listed: str) -> Facets | None:
    """Return the facets of a list without a filter; None if they are not stored."""
    counts: dict[str, dict[str, int]] = {}
    for facet, value, events in index.rows("SELECT facet, value, events FROM facet WHERE thing = ? AND listed = ?", thing, listed):
        counts.setdefault(facet, {})[value] = events
    if not counts:
        return None
    sure = {least: sum(n for value, n in counts["confidence"].items() if int(value) >= least) for least in CONFIDENCES}
    return _facets(counts.get("category", {}), counts["modality"], counts["basis"], sure)


def stored_count(index: SearchIndex, thing: int, listed: str) -> int:
    """Return the number of events of a list whose facets are stored; 0 if they are not."""
    sql = "SELECT COALESCE(SUM(events), 0) FROM facet WHERE thing = ? AND listed = ? AND facet = 'modality'"
    return int(index.rows(sql, thing, listed)[0][0])


def counted_facets(index: SearchIndex, chosen: RowSelection) -> Facets:
    """Count the facets of a list now; empty if it is too long."""
    counts = _groups(index, chosen)
    if sum(number for _, _, number, *_ in counts) > MOST_COUNTED:
        return Facets()
    in_categories = RowSelection(
        f"{chosen.tables} CROSS JOIN categorized own ON own.fact = fact.id", "", "", chosen.conditions, chosen.values
    )
    by_category = index.rows(f"SELECT own.category, COUNT(*) {from_clause(in_categories)} GROUP BY 1", *in_categories.values)
    modalities, bases, confidences = Counter[str](), Counter[str](), Counter[int]()
    for modality, basis, number, *at_least in counts:
        modalities[modality] += number
        bases[basis] += number
        confidences.update(dict(zip(CONFIDENCES, at_least, strict=True)))
    return _facets(dict(by_category), modalities, bases, confidences)


def _groups(index: SearchIndex, chosen: RowSelection) -> list[tuple[Any, ...]]:
    """Count by modality and basis, in one pass that ends soon after ``MOST_COUNTED``: how many, and those with each confidence."""
    facts = f"SELECT fact.modality, fact.basis, fact.confidence AS sure {from_clause(chosen)} LIMIT {MOST_COUNTED + 1}"
    counts = ", ".join(["SELECT modality, basis, COUNT(*)", *(f"SUM(sure >= {least})" for least in CONFIDENCES)])
    return index.rows(f"{counts} FROM ({facts}) GROUP BY 1, 2", *chosen.values)


def _facets(categories: Mapping[str, int], modalities: Mapping[str, int], bases: Mapping[str, int], sure: Mapping[int, int]) -> Facets:
    based = {basis: number for basis, number in bases.items() if basis}
    return Facets(_descending(categories), _descending(modalities), _descending(based), tuple(pair for pair in sure.items() if pair[1]))


def _descending(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return values with their counts, the most frequent first."""
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
