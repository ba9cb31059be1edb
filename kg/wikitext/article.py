"""The result of reading wikitext: an Article with its passages, links and references, as plain frozen data.

Offsets into ``Article.wikitext`` and ``Passage.text`` are in Unicode code points, half open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar


class PassageKind(StrEnum):
    """The kinds of passages."""

    SENTENCE = "sentence"
    ITEM = "item"
    ROW = "row"
    CAPTION = "caption"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Link:
    """A wikilink in a passage: ``text[start:end]`` is the link's text (trail included).

    ``target`` is the page's title as normalized by MediaWiki, with spaces, without fragment.
    """

    start: int
    end: int
    target: str
    fragment: str | None = None


@dataclass(frozen=True, slots=True)
class ReferenceMark:
    """The position of a reference in a passage: after ``position`` characters of its text."""

    position: int
    reference: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell in a row passage (``text[start:end]``) and the header of its column ("" if there is none)."""

    start: int
    end: int
    header: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, list item, table row, image caption or infobox field.

    ``text`` is what a reader sees; ``wikitext[start:end]`` is its source; ``section`` the heading path; ``paragraph`` numbers the
    blocks of the article, so that sentences of one paragraph share a number; ``name`` is the name of an infobox field, else "";
    ``italics`` are spans of the text in italics (titles of works).
    """

    index: int
    kind: PassageKind
    text: str
    start: int
    end: int
    section: tuple[str, ...]
    paragraph: int
    links: tuple[Link, ...] = ()
    marks: tuple[ReferenceMark, ...] = ()
    cells: tuple[Cell, ...] = ()
    italics: tuple[tuple[int, int], ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """One citation of an article: a ``<ref>`` or short citation, or one of the citations in it.

    ``start`` and ``end`` are the span of the whole ``<ref>``; ``page`` says where in the source. Dates are ISO 8601 where they can be
    read, else as written; empty means not given.
    """

    index: int
    name: str
    text: str
    start: int
    end: int
    url: str = ""
    title: str = ""
    publisher: str = ""
    authors: tuple[str, ...] = ()
    issued: str = ""
    accessed: str = ""
    archived_at: str = ""
    language: str = ""
    template: str = ""
    dead: bool = False
    page: str = ""


_Part = TypeVar("_Part", Passage, Reference)


def changed(part: _Part, **changes: Any) -> _Part:
    """Return a passage or reference with some fields changed; ``dataclasses.replace`` takes three times as long, for thousands of them."""
    kind: Any = type(part)
    places, values = _read_fields(kind)
    fresh = list(values(part))
    for name, value in changes.items():
        fresh[places[name]] = value
    return kind(*fresh)  # type: ignore[no-any-return]


@cache
def _read_fields(kind: Any) -> tuple[dict[str, int], Callable[[Any], tuple[Any, ...]]]:
    names = [f.name for f in fields(kind)]
    return {name: place for place, name in enumerate(names)}, attrgetter(*names)


@dataclass(frozen=True, slots=True)
class Infobox:
    """The article's first infobox: its template's name and its fields as a reader sees them."""

    template: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A source article as read. ``notes`` counts what was dropped or repaired, by reason, sorted."""

    title: str
    wikitext: str
    passages: tuple[Passage, ...]
    references: tuple[Reference, ...]
    hatnotes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    see_also: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    infobox: Infobox | None = None
    notes: tuple[tuple[str, int], ...] = ()
    page_id: int | None = None
    revision: int | None = None
    timestamp: str = ""
    redirects: tuple[tuple[str, str], ...] = field(default=(), repr=False)
