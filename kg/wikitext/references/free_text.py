"""References and list entries in free text: extract the fields of their sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kg.wikitext.article import Reference, changed
from kg.wikitext.markup.inline import Inline, plain
from kg.wikitext.markup.nodes import External, Node, Template, Text, descend
from kg.wikitext.markup.rendering import render
from kg.wikitext.references.citation_dates import find_date, iso_date

QUOTE_MARKS = "\"“”«»‘’' "
_PLAIN = re.compile(r"(?:[^\W_]|[ .,;:()/?!“”–—-])*+")
_QUOTED = re.compile(r"[\"“]([^\"”]{2,300}?),?[\"”]")
_RETRIEVED = re.compile(r"(?i)\b(?:retrieved|accessed|access date|archived)\b(?: on| from [^.]*)?:?\s*(.{0,40})")
_PLACE = re.compile(r"(?:[A-Z][\w.]+ ?){1,3}(?:, [A-Z][\w. ]+)?: ([A-Z][^,;:()]{2,60}?)(?=[,;(]|(?<=[a-z]{2})\. |\.?$)")
_AUTHOR = re.compile(r"[^\W\d_][\w'’-]+, [^\W\d_][\w.'’ -]*")
_FULL_NAME = re.compile(r"(?:[A-Z][\w'’-]+|[A-Z]\.)(?: (?:[A-Z][\w'’-]+|[A-Z]\.|de|von|van|al|bin)){1,3}")
_NO_PUBLISHER = re.compile(r"(?i)p+\.? ?\d|vol|no\.|retrieved|(?:isbn|issn|oclc|doi|pmid|pmc|jstor|arxiv|asin|lccn)\b")
# References are read only up to this length for their fields.
_LONGEST = 2000


def read_free_text(content: Sequence[Node], blank: Reference, archive: Template | None = None) -> Reference:
    """Return the fields of a reference in free text, added to ``blank``.

    These are its first address; as title, the link's text, quoted words or words in italics; what follows as publisher; the first
    date; and the date after "Retrieved".
    """
    if len(content) == 1 and type(content[0]) is Text and not archive and _PLAIN.fullmatch(content[0].text):
        return changed(blank, **_fields(plain(content), "", []))
    walker = Inline()
    walker.walk(content)
    shown = render(walker.pieces)
    links = (n for n in descend([n for n in content if getattr(n, "name", "") != "ref"]) if isinstance(n, External))
    link = next((n for n in links if not archive or not archive.start <= n.start < archive.end), None)
    given = {p.name: plain(p.value) for p in archive.parameters} if archive else {}
    archived = given.get("url", given.get("1", ""))
    title = plain(link.label) if link and link.label else given.get("title", "")
    italics = [shown.text[a:b] for a, b in shown.italics]
    return changed(blank, url=link.url.strip() if link else archived, archived_at=archived, **_fields(shown.text, title, italics))


def read_list_entry(text: str, italics: list[str], blank: Reference) -> Reference:
    """Return the fields of a book or article in free text in a list."""
    return changed(blank, **_fields(text, "", italics))


def _fields(written: str, title: str, italics: list[str]) -> dict[str, Any]:
    text = written[:_LONGEST]
    accessed = _RETRIEVED.search(text)
    rest = text[: accessed.start()] if accessed else text
    author = ""
    if not title:
        title, author = _quoted_title(rest, italics)
    if not title and italics:
        title = italics.pop(0)
    return {
        "text": written,
        "title": title.strip(QUOTE_MARKS + ","),
        "publisher": _publisher(rest, title, italics),
        "authors": (author,) if author else _author(rest, title),
        "issued": iso_date(find_date(rest.replace(title, " ") if title else rest)),
        "accessed": iso_date(find_date(accessed.group(1))) if accessed else "",
    }


def _quoted_title(text: str, italics: list[str]) -> tuple[str, str]:
    """Return a title in quotation marks, at the beginning or after the author's name, and that name."""
    quoted = _QUOTED.search(text)
    if not quoted:
        return "", ""
    before = text[: quoted.start()].strip(" ,.:;–—-")
    if not before:
        return quoted.group(1), ""
    named = _FULL_NAME.fullmatch(before) or _AUTHOR.fullmatch(before)
    if named and before not in italics:
        return quoted.group(1), before
    return "", ""


def _author(text: str, title: str) -> tuple[str, ...]:
    """Return the author ("Last, First") before a title."""
    before = text.partition(title)[0].partition("(")[0].strip(QUOTE_MARKS + ",;:") if title else ""
    return (before,) if len(before) < 60 and _AUTHOR.fullmatch(before) else ()


def _publisher(text: str, title: str, italics: list[str]) -> str:
    """Return the work in italics after a title, else the first part after it that is neither a date nor a page."""
    if italics:
        return italics[0].strip(QUOTE_MARKS + ",.")
    if not title or title not in text:
        return ""
    _, _, rest = text.partition(title)
    if place := _PLACE.match(rest.lstrip(" ,.;")):
        return place.group(1)
    for part in re.split(r"[,;:()]\s|\.\s|\.$", rest.strip(" \"”'").lstrip(",.;:– ")):
        name = part.strip(QUOTE_MARKS + ",.")
        if len(name) > 1 and name[0].isupper() and not find_date(name) and not _NO_PUBLISHER.match(name):
            return name if len(name) < 80 else ""
    return ""
