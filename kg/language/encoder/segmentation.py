"""Split a Doc into the sentences that the network parses one at a time."""

from __future__ import annotations

from collections.abc import Sequence

from kg.language.encoder.word_pieces import WordPieceReader

LONGEST = 240
"""Largest number of pieces at once; longer sentences are split. The network was trained on sentences of up to 100 words."""
_STOPS = frozenset(".!?")
_CLOSING = frozenset("\"'”’)]»")
_CUTS = (";", ":", ",")


def sentence_spans(texts: Sequence[str], starts: Sequence[int]) -> list[tuple[int, int]]:
    """Return (first token, end) of each sentence.

    ``starts``: 1 where a sentence is known to begin, -1 where none does, 0 where unknown; there, one begins after a full stop.
    """
    spans: list[tuple[int, int]] = []
    first = 0
    for index in range(1, len(texts)):
        if starts[index] == 1 or (starts[index] == 0 and _ends(texts, index)):
            spans.append((first, index))
            first = index
    return [*spans, (first, len(texts))] if texts else []


def _ends(texts: Sequence[str], index: int) -> bool:
    """Whether a sentence ends before this token: after a stop and closing brackets or quotes, unless the text continues in lower case."""
    if texts[index] in _CLOSING or texts[index] in _STOPS or texts[index][:1].islower():
        return False
    before = index - 1
    while before > 0 and texts[before] in _CLOSING:
        before -= 1
    return set(texts[before]) <= _STOPS


def cut(span: tuple[int, int], texts: Sequence[str], pieces: WordPieceReader) -> list[tuple[int, int]]:
    """Split a sentence that is too long, at semicolons, colons or commas if possible."""
    sizes = [len(pieces.word(texts[index]).numbers) for index in range(*span)]
    parts, first, total = [], span[0], 0
    for index in range(*span):
        total += sizes[index - span[0]]
        if total > LONGEST:
            end = _place(texts, first, index)
            parts.append((first, end))
            first, total = end, sum(sizes[end - span[0] : index + 1 - span[0]])
    return [*parts, (first, span[1])]


def _place(texts: Sequence[str], first: int, end: int) -> int:
    for mark in _CUTS:
        for index in range(end - 1, first + (end - first) // 2, -1):
            if texts[index] == mark:
                return index + 1
    return max(end, first + 1)
