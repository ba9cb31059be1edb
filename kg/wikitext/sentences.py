"""Split paragraphs into sentences.

Every run of stops followed by a space is a candidate. Quotations and brackets keep their sentences together; false ends
(abbreviations, initials, numbers) are recognized by the words before and after.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from kg.wikitext.knowledge import table

_CANDIDATE = re.compile(r"([.!?…](?<![.!?…]{2})[.!?…]*+)([\"'”’»)\]]*+)(?= )")
_NO_WORD = frozenset(" \t\n\r\f\v\xa0\u2009\u202f\"'“”‘’«»()[]–—/")
_WORD = re.compile(r"[\w’'-]+")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_INITIAL = re.compile(r"[^\W\d_]\.")
_ITEM_NUMBER = re.compile(r"\(?(\d{1,3}|\w)[.)]+")
_ROMAN = re.compile(r"[IVXLC]+")
_BRACKETS = re.compile('["“”()\\[\\]«»]')
_PAIRS = {"“": "”", "(": ")", "[": "]", "«": "»"}
_NUMBER_BEFORE = re.compile(r"\d[\d.,]*[ \xa0-]$")
# Up to five words, names or "the president of", and the verb.
_SPEAKER_WORD = r"(?:[A-Z][\w’'.-]*|the|of|and|then|president|minister|foreign|prime)"
_SPEAKER = re.compile(rf"{_SPEAKER_WORD}(?: {_SPEAKER_WORD}){{0,4}} ([a-z]+)\b")
_OPENING = "\"'“‘«([–— …."
_LONGEST_QUOTATION = 1500
_WINDOW = 60


class Enclosed(NamedTuple):
    """A quotation or bracket, from its first character to its last."""

    start: int
    end: int
    sign: str


class _Enclosures:
    """The quotations and brackets of a text, by the positions that they enclose."""

    def __init__(self, enclosed: list[Enclosed]) -> None:
        found = sorted(enclosed)
        self._starts = [e.start for e in found]
        self._reach = list(accumulate((e.end for e in found), max))
        self._by_end = {e.end: e for e in reversed(found)}

    def hold(self, start: int, end: int) -> bool:
        """Whether one begins before ``start`` and ends at ``end`` or later."""
        i = bisect_left(self._starts, start)
        return i > 0 and self._reach[i - 1] >= end

    def ending(self, end: int) -> Enclosed | None:
        """Return the first that ends at ``end``."""
        return self._by_end.get(end)


_NOTHING_ENCLOSED = _Enclosures([])


def sentence_spans(text: str, marks: Sequence[int] = ()) -> list[tuple[int, int]]:
    """Return the spans of the sentences of ``text``, in order.

    ``text`` has no space at its ends and no double spaces; ``marks`` are positions of reference marks. A stop with a mark ends a
    sentence even after an abbreviation; a mark without a stop may end one before a word that begins sentences.
    """
    if not marks and not _CANDIDATE.search(text):
        return [(0, len(text))] if text else []
    enclosed = _Enclosures(enclosures(text)) if _BRACKETS.search(text) else _NOTHING_ENCLOSED
    marked = frozenset(marks)
    spans = []
    begin = 0
    for end in sorted({*_stops(text, marked, enclosed), *_marks(text, marked, enclosed)}):
        if end > begin and not _is_number(text[begin:end]):
            spans.append((begin, end))
            begin = end + 1
    if begin < len(text):
        spans.append((begin, len(text)))
    return spans


def _stops(text: str, marks: frozenset[int], enclosed: _Enclosures) -> Iterator[int]:
    for match in _CANDIDATE.finditer(text):
        start, end = match.span()
        if enclosed is not _NOTHING_ENCLOSED and enclosed.hold(start, end):
            continue
        if _ends(text, match, enclosed) or (end in marks and not text[end + 1].islower()):
            yield end


def _marks(text: str, marks: frozenset[int], enclosed: _Enclosures) -> Iterator[int]:
    for position in marks:
        if text[position : position + 1] != " " or text[position - 1] in ".,;:!?–—-(":
            continue
        if enclosed.hold(position, position):
            continue
        word = _WORD.match(text, position + 1)
        if word and word.group() in _words("starters"):
            yield position


def _ends(text: str, match: re.Match[str], enclosed: _Enclosures) -> bool:
    """Whether a sentence ends with the stops in ``match``, which no quotation or bracket encloses."""
    following = text[match.end() + 1 : match.end() + _WINDOW].lstrip(_OPENING)
    if not following:
        return True
    if following[0].islower():
        return False
    stops, closing = match.groups()
    word = _WORD.match(following)
    starts = word is not None and word.group().split("'")[0] in _words("starters") and not _INITIAL.match(following)
    if closing and closing[-1] in ")]":
        bracket = enclosed.ending(match.end() - 1)
        return starts or (bracket is not None and (bracket.start == 0 or text[bracket.start - 2] in _STOPS_AND_QUOTES))
    if stops[-1] in "?!" and closing and _speaker_follows(following):
        return False
    if stops != ".":
        return not any(text.endswith(name, 0, match.end(1)) for name in _words("marked_names"))
    return _stop_ends(text, match.start(), following, starts)


_STOPS_AND_QUOTES = frozenset('.!?…"”»')


def _stop_ends(text: str, stop: int, following: str, starts: bool) -> bool:
    """Whether the full stop at ``stop``, followed by a capital, digit or punctuation, ends a sentence.

    ``following`` is the text after it; ``starts`` is true if that begins with a word that begins sentences.
    """
    word = _word_before(text, stop)
    lower = word.lower()
    if lower in _words("units") and _NUMBER_BEFORE.search(text, max(0, stop - len(word) - _WINDOW), stop - len(word)):
        return True
    if len(word) == 1 and word.isupper():
        return starts or _is_numeral(text, stop, word)
    if lower in _words("times"):
        return True
    if lower in _words("never") or (lower in _words("titles") and word[0].isupper()):
        return False
    if lower in _words("before_number") and (following[0].isdigit() or _is_roman(following)):
        return False
    if word.isdigit() and len(word) < 3 and _follows_month(following):
        return False
    if lower in _words("ambiguous"):
        return starts
    return starts or not _INITIALS.fullmatch(word)


def _word_before(text: str, end: int) -> str:
    start = end
    while start > 0 and text[start - 1] not in _NO_WORD and end - start < _WINDOW:
        start -= 1
    return text[start:end]


def _speaker_follows(following: str) -> bool:
    """Whether the speaker of the preceding quotation follows: a name or "the president" and a verb of speech."""
    match = _SPEAKER.match(following)
    return match is not None and match.group(1) in _words("speech")


def _is_numeral(text: str, stop: int, word: str) -> bool:
    """Whether a single letter is a numeral ("World War I.", "Annex V.") rather than an initial."""
    previous = re.search(r"(\w+) $", text[max(0, stop - _WINDOW) : stop - len(word)])
    if not previous or not _ROMAN.fullmatch(word):
        return False
    return word == "I" or previous.group(1).lower() in _words("numbered")


def _is_roman(following: str) -> bool:
    word = _WORD.match(following)
    return word is not None and _ROMAN.fullmatch(word.group()) is not None and word.group() != "I"


def _follows_month(following: str) -> bool:
    word = _WORD.match(following)
    return word is not None and word.group().lower() in table("dates")["months"]


def _is_number(sentence: str) -> bool:
    """Whether this is only the number of an item ("1.", "a.")."""
    return _ITEM_NUMBER.fullmatch(sentence) is not None


def enclosures(text: str) -> list[Enclosed]:
    """Return the quotations and brackets in ``text`` that are closed and not too long.

    A straight quotation mark opens if one is expected; one that can only open (a space before it, none after) shows that the last
    was never closed.
    """
    found: list[Enclosed] = []
    stack: list[tuple[str, int, str]] = []
    waiting: Counter[str] = Counter()
    quote = -1
    for match in _BRACKETS.finditer(text):
        sign, at = match.group(), match.start()
        if sign == '"':
            opens = (at == 0 or text[at - 1] in " ([–—/'“‘") and text[at + 1 : at + 2] not in ("", " ")
            if quote >= 0 and not opens:
                found.append(Enclosed(quote, at, sign))
                quote = -1
            elif opens or quote < 0:
                quote = at
        elif sign in _PAIRS:
            stack.append((_PAIRS[sign], at, sign))
            waiting[_PAIRS[sign]] += 1
        elif waiting[sign]:
            while (top := stack.pop())[0] != sign:
                waiting[top[0]] -= 1
            waiting[sign] -= 1
            found.append(Enclosed(top[1], at, top[2]))
    return [e for e in found if e.end - e.start <= _LONGEST_QUOTATION]


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(table("sentences")[name])
