"""Reconcile runs of capitalized words with the spans that the recognizer labels as names.

Capitals alone cannot tell where some names begin and end ("Park Sung-ming", "Pepin the Short", "the Ports and Harbours Association",
"Bologna, Ferrara and Ravenna"); the recognizer has read the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from kg.language.entities.unlinked import CapitalizedRun, run_of
from kg.language.parsing.tokens import Words

Range = tuple[int, int]


class LabelledName(NamedTuple):
    """The words ``start:end`` that the recognizer labels as one name, and whether as a person's."""

    start: int
    end: int
    is_person: bool


_ARTICLES = frozenset({"the", "a", "an"})
_POSSESSIVE = frozenset({"'s", "’s"})
_JOINTS = frozenset({"of", "for", "on", "and"})
_NO_NAME = frozenset('[](){}"“”,;:…_|')


def reconciled(
    words: Words, runs: Sequence[CapitalizedRun], names: Sequence[LabelledName], is_headed: Callable[[str], bool]
) -> list[CapitalizedRun]:
    """Return the runs of one passage, corrected by the recognizer's ``names``, in text order.

    A run that covers several names, or joins something to a person's ("Jane Doe for the United States"), gives way to them, and runs
    that a longer name covers or crosses give way to it. A run keeps its own extent where it holds one name, or where a noun for a class
    heads it (``is_headed``): the recognizer cuts "Ministry of Trade and Industry" short.
    """
    spans = [(name.start, name.end) for name in names]
    people = {(name.start, name.end) for name in names if name.is_person}
    kept: list[CapitalizedRun] = []
    given_way: set[Range] = set()
    for run in runs:
        extent = (run.start, run.end)
        inside = [s for s in spans if s != extent and extent[0] <= s[0] and s[1] <= extent[1]]
        wider = [s for s in spans if s != extent and _overlap(s, extent) and s not in inside]
        led = any(s in people and s[0] == run.start and _joins(words, s[1]) for s in inside)
        if wider or led or (len(inside) > 1 and not is_headed(run.text)):
            given_way.update(wider or inside)
        else:
            kept.append(run)
    covered = [(run.start, run.end) for run in kept]
    added = [s for s in spans if (s in given_way or s[1] - s[0] > 1) and not any(_overlap(s, c) for c in covered)]
    return sorted([*kept, *(run_of(words, *s) for s in added)], key=lambda run: run.start)


def name_ranges(
    words: Words, labels: Sequence[tuple[int, int, str]], titles: Collection[str], fixed: Collection[int], soft: Collection[int]
) -> Iterator[LabelledName]:
    """Yield the words of each labelled span that is written as a name, without articles, titles and owners.

    A span that contains ``fixed`` words (known names), or whose capitalized words are all ``soft`` (states, nationality words), is left
    out.
    """
    for first, last, label in labels:
        inside = words.inside(first, last)
        if inside is None:
            continue
        start, end = inside
        while start < end and words.lower[start] in _ARTICLES:
            start += 1
        if label == "recogniser-person" and start < end:
            start = _behind_title(words, start, end, titles, soft)
        owner = next((i for i in range(start + 1, end) if words.texts[i] in _POSSESSIVE and i - 1 in soft), None)
        start = start if owner is None else owner + 1
        known = any(i in fixed for i in range(start, end))
        hard = any(words.texts[i][0].isupper() and i not in soft for i in range(start, end))
        if hard and not known and _is_written_as_name(words, start, end):
            yield LabelledName(start, end, label == "recogniser-person")


def _behind_title(words: Words, start: int, end: int, titles: Collection[str], soft: Collection[int]) -> int:
    """Return where a person's name begins, after its titles ("US Foreign Minister X Y"); the last word is never a title ("Tom King")."""
    begin = at = start
    while at < end - 1 and (words.lower[at] in titles or at in soft):
        at += 1
        begin = at if words.lower[at - 1] in titles else begin
    if begin == start and at > start and at in range(start + 1, end - 1) and all(words.texts[i][0].isupper() for i in range(at, end)):
        begin = at  # "German Franz Halder": a nationality before a given name and a family name
    return begin if words.texts[begin][0].isupper() else end


def _is_written_as_name(words: Words, start: int, end: int) -> bool:
    """Whether a range begins with a capital or an ordinal, ends with a word, and has no bracket or quotation mark in it."""
    if any(_NO_NAME & set(word) for word in words.texts[start:end]):
        return False
    opens = words.texts[start][0].isupper() or (words.texts[start][0].isdigit() and any(w[0].isupper() for w in words.texts[start:end]))
    return opens and words.texts[end - 1][-1].isalnum()


def _joins(words: Words, i: int) -> bool:
    """Whether the word at ``i`` would join what follows to a name."""
    return i < len(words.lower) and words.lower[i] in _JOINTS


def _overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]
