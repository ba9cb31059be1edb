"""Where the sentences of a paragraph begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg.wikitext.knowledge import table

_CANDIDATE = re.compile(r"[.!?…]+[\"'”’»)\]]*(?= )")
_WORD_BEFORE = re.compile(r"[^\s\"'“”‘’«»()\[\]–—/]*$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_OPENING = "\"'“‘«([–— …."
_LONGEST_QUOTATION = 1500


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences in ``text`` (which has no space at its ends and no double spaces), in order."""
    inside = _quoted(text)
    begin = 0
    for match in _CANDIDATE.finditer(text):
        if inside(match.start(), match.end()):
            continue
        if _ends_sentence(text, match):
            yield begin, match.end()
            begin = match.end() + 1
    if begin < len(text):
        yield begin, len(text)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(table("sentences")[name])


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() + 1 : match.end() + 40].lstrip(_OPENING)
    if not following:
        return True
    first = following[0]
    if first.islower():
        return False
    stop = match.group().rstrip("\"'”’»)]")
    closed = len(stop) < len(match.group())
    if stop != "." or closed and match.group()[-1] in "\"”’»":
        return not _marked_name(text, match.start() + len(stop))
    return _stop_ends(text, match.start(), following, closed)


def _marked_name(text: str, end: int) -> bool:
    return any(text.endswith(name, 0, end) for name in table("sentences")["marked_names"])


def _stop_ends(text: str, stop: int, following: str, closed: bool) -> bool:
    """Whether a single full stop at ``stop``, with a capital, digit or sign after it, ends a sentence."""
    before = _WORD_BEFORE.search(text, max(0, stop - 40), stop)
    word = before.group().lower() if before else ""
    next_word = re.match(r"[\w'’-]*", following).group()  # type: ignore[union-attr]
    starts = next_word in _words("starters") or next_word.split("'")[0] in _words("starters")
    if word in _words("titles") and not closed:
        return False
    if word in _words("times"):
        return following[0].isupper()
    if word in _words("never"):
        return False
    if word in _words("before_number") and (following[0].isdigit() or _roman(next_word)):
        return False
    if word in _words("ambiguous"):
        return starts
    if _INITIALS.fullmatch(word):
        return starts and _may_be_last(word, text, stop)
    return True


def _may_be_last(word: str, text: str, stop: int) -> bool:
    """An initial ("J.") before a starter: the end only where it is no lone letter that opens the text or a name."""
    return "." in word or stop > 1


def _roman(word: str) -> bool:
    return bool(word) and re.fullmatch(r"[IVXLC]+", word) is not None


def _quoted(text: str):  # type: ignore[no-untyped-def]
    """A test whether a stop (from its first to its last character) stands within a quotation or brackets."""
    depth = []
    spans: list[tuple[int, int]] = []
    straight = [m.start() for m in re.finditer('"', text)]
    if len(straight) % 2 == 0:
        spans += [(a, b) for a, b in zip(straight[::2], straight[1::2], strict=True)]
    pairs = {"“": "”", "(": ")", "[": "]", "«": "»"}
    for match in re.finditer("[“”()\\[\\]«»]", text):
        sign = match.group()
        if sign in pairs:
            depth.append((pairs[sign], match.start()))
        elif any(c == sign for c, _ in depth):
            while depth:
                closing, start = depth.pop()
                if closing == sign:
                    spans.append((start, match.start()))
                    break
    spans = [(a, b) for a, b in spans if b - a <= _LONGEST_QUOTATION]
    return lambda start, end: any(a < start and end <= b for a, b in spans)
