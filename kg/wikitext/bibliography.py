"""Distinguish bibliographic entries, footnotes and categories from prose, by signs of citations (``knowledge/bibliography.toml``).

Sections of references are left out by their headings; excerpts, plain texts and pages with unusual headings have such entries too.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from kg.wikitext.knowledge import table


class _Sign(NamedTuple):
    """A sign of a citation; only texts that contain one of ``holds`` are searched for its pattern."""

    pattern: re.Pattern[str]
    holds: tuple[str, ...]


class _Rules(NamedTuple):
    """The content of the data file: strong and weak signs, how many make an entry, and patterns for sentences and mere pointers."""

    strong: tuple[_Sign, ...]
    weak: tuple[_Sign, ...]
    least: int
    long: int
    longest: int
    sentence: re.Pattern[str]
    titled: re.Pattern[str]
    pointer: _Sign
    words: int
    categories: str


def is_bibliographic(text: str) -> bool:
    """Whether the text of a block is a bibliographic entry ("Doe, Jane. _Title_ (2004), pp. 3–5."), or lists categories, rather than
    being prose."""
    rules = _rules()
    if text.startswith(rules.categories):
        return True
    if len(text) > rules.longest:
        return False
    points = _points(rules.pointer, text) and len(text.split()) <= rules.words
    strong = _count(rules.strong, text)
    if not (points or strong):
        return False
    told = rules.sentence.search(rules.titled.sub(" ", text)) is not None
    if points and not told:
        return True
    return strong > 0 and strong + _count(rules.weak, text) >= rules.least + (len(text) > rules.long) + 2 * told


def _points(pointer: _Sign, text: str) -> bool:
    return any(held in text for held in pointer.holds) and pointer.pattern.match(text) is not None


def _count(signs: tuple[_Sign, ...], text: str) -> int:
    found = 0
    for pattern, holds in signs:
        for held in holds:
            if held in text:
                found += pattern.search(text) is not None
                break
    return found


@cache
def _rules() -> _Rules:
    rows = table("bibliography")
    signs = {name: _Sign(re.compile(pattern), tuple(rows["holds"][name])) for name, pattern in sorted(rows["sign"].items())}
    return _Rules(
        strong=tuple(sign for name, sign in signs.items() if name not in rows["weak"]),
        weak=tuple(sign for name, sign in signs.items() if name in rows["weak"]),
        least=rows["least"],
        long=rows["long"],
        longest=rows["longest"],
        sentence=re.compile(rows["sentence"]),
        titled=re.compile(rows["titled"]),
        pointer=_Sign(re.compile(rows["pointer"]["pattern"]), tuple(rows["pointer"]["holds"])),
        categories=rows["categories"],
        words=rows["pointer"]["words"],
    )
