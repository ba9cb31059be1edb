"""Quotations in a passage: where they stand and which predicate they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Span

QUOTED = re.compile(r"[\"“”]([^\"“”]{2,}?)[\"“”]|(?<!\w)['‘]{1,2}([^'‘’]{12,}?)['’]{1,2}(?!\w)")
"""Double quotation marks of any shape, or single ones around at least a dozen characters (so that no apostrophe counts)."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """``text`` stands between quotation marks at ``doc[start:end]`` (the tokens that the marks enclose)."""

    text: str
    start: int
    end: int


def quotations(doc: Doc) -> list[Quotation]:
    """The quotations of a passage in the order of the text."""
    found = []
    for match in QUOTED.finditer(doc.text):
        group = 1 if match.group(1) is not None else 2
        span: Span | None = doc.char_span(match.start(group), match.end(group), alignment_mode="expand")
        if span is not None:
            found.append(Quotation(match.group(group).strip(), span.start, span.end))
    return found
