"""Find the quotations of a passage, and the references that support the text at a position in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from kg.wikitext.article import Passage

QUOTED = re.compile(r"[\"“”]([^\"“”]{2,}?)[\"“”]|(?<!\w)['‘]{1,2}([^'‘’]{12,}?)['’]{1,2}(?!\w)")
"""Double quotation marks of any shape, or single ones around at least a dozen characters (so that no apostrophe counts)."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A ``text`` between quotation marks at ``doc[start:end]`` (the tokens between the marks)."""

    text: str
    start: int
    end: int


def quotations(doc: Doc) -> list[Quotation]:
    """Return the quotations of a passage, in text order."""
    found = []
    for match in QUOTED.finditer(doc.text):
        group = 1 if match.group(1) is not None else 2
        span: Span | None = doc.char_span(match.start(group), match.end(group), alignment_mode="expand")
        if span is not None:
            found.append(Quotation(match.group(group).strip(), span.start, span.end))
    return found


def references_after(passage: Passage, position: int) -> tuple[int, ...]:
    """Return the indices of the first run of references at or after ``position`` in the passage's text.

    Marks form one run if only spaces and punctuation are between them. The result is empty if all marks are before ``position``,
    except in a table row, where a reference in any cell counts.
    """
    marks = sorted(passage.marks, key=lambda m: m.position)
    later = [m for m in marks if m.position >= position]
    if not later:
        return tuple(dict.fromkeys(m.reference for m in marks)) if passage.cells else ()
    run = [later[0]]
    for mark in later[1:]:
        if any(c.isalnum() for c in passage.text[run[-1].position : mark.position]):
            break
        run.append(mark)
    return tuple(dict.fromkeys(m.reference for m in run))
