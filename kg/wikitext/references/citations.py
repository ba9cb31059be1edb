"""What a reference says of its source: from citation templates, short citations, or free text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from kg.wikitext.article import Reference
from kg.wikitext.knowledge import table, template_name, template_use, words
from kg.wikitext.markup.inline import Inline, plain
from kg.wikitext.markup.nodes import External, Node, Template, descend
from kg.wikitext.markup.rendering import render
from kg.wikitext.references.citation_dates import find_date, iso_date

_QUOTE_MARKS = "\"“”«»‘’' "
_YEAR = re.compile(r"\b\d{4}[a-z]?\b")
_QUOTED = re.compile(r"^[\"“](.+?),?[\"”]")
_RETRIEVED = re.compile(r"(?i)\b(?:retrieved|accessed|access date|archived)\b(?: on| from [^.]*)?:?\s*(.{0,40})")
_PLACE = re.compile(r"(?:[A-Z][\w.]+ ?){1,3}(?:, [A-Z][\w. ]+)?: ([A-Z][^,;:()]{2,60}?)(?=[,;(]|(?<=[a-z]{2})\. |\.?$)")
_AUTHOR = re.compile(r"[^\W\d_][\w'’-]+, [^\W\d_][\w.'’ -]*")
_MOST_AUTHORS = 30


class Key(NamedTuple):
    """What a short citation names its source by: the last names of its authors, and the year."""

    authors: tuple[str, ...]
    year: str

    def folded(self) -> Key:
        """The key without case."""
        return Key(tuple(a.casefold() for a in self.authors), self.year.casefold())


@dataclass(frozen=True, slots=True)
class Citation:
    """The fields of a citation template, and what short citations name it by."""

    reference: Reference
    key: Key

    def fill(self, reference: Reference) -> Reference:
        """A short citation with the fields of its source."""
        text = f"{reference.text}: {self.reference.text}" if reference.text else self.reference.text
        return replace(self.reference, index=reference.index, name=reference.name, start=reference.start, end=reference.end, text=text)


def is_citation(template: Template) -> bool:
    """Whether this is one of the citation templates."""
    return template_use(template_name(template.name))[0] == "citation"


def read_content(content: Sequence[Node], blank: Reference) -> Reference:
    """The content of a ``<ref>`` put into ``blank``: its first citation template, else its text."""
    templates = [n for n in descend(tuple(content)) if isinstance(n, Template)]
    names = [template_name(t.name) for t in templates]
    dead = not words("citations", "dead").isdisjoint(names)
    for template, name in zip(templates, names, strict=True):
        if template_use(name)[0] == "citation":
            cited = read_citation(template).reference
            return replace(cited, index=blank.index, name=blank.name, start=blank.start, end=blank.end, dead=cited.dead or dead)
    archive = next((t for t, name in zip(templates, names, strict=True) if name in words("citations", "archive")), None)
    return _from_text(content, replace(blank, dead=dead), archive)


def read_citation(template: Template) -> Citation:
    """The fields of a citation template."""
    given = {p.name.casefold(): plain(p.value) for p in template.parameters}
    value = {field: next((given[n] for n in names if given.get(n)), "") for field, names in table("citations")["fields"].items()}
    authors = _authors(given, "authors")
    title, url, archived = value["title"].strip(_QUOTE_MARKS), value["url"], value["archived_at"]
    shown = (", ".join(authors), title, value["publisher"], value["issued"])
    reference = Reference(
        index=0,
        name="",
        text=". ".join(part for part in shown if part) or url,
        start=template.start,
        end=template.end,
        url=url or archived,
        title=title,
        publisher=value["publisher"],
        authors=authors,
        issued=iso_date(value["issued"]),
        accessed=iso_date(value["accessed"]),
        archived_at=archived,
        language=value["language"],
        template=template_name(template.name),
        dead=value["status"].lower() in words("citations", "dead_status"),
    )
    return Citation(reference, _key(given, authors, value["issued"]))


def _authors(given: dict[str, str], role: str) -> tuple[str, ...]:
    """The authors of a citation in their order; editors where it has none."""
    found: list[str] = []
    for number in range(_MOST_AUTHORS):
        names = _numbered(role, number)
        whole, last, first = (next((given[n] for n in names[k] if given.get(n)), "") for k in ("whole", "last", "first"))
        if not (whole or last) and number > 1:
            break
        if last:
            found.append(f"{last}, {first}" if first else last)
        elif whole:
            found.append(whole)
    if not found and role == "authors":
        return _authors(given, "editors")
    return tuple(dict.fromkeys(found))


@cache
def _numbered(role: str, number: int) -> dict[str, list[str]]:
    """The names of an author's parameters: "last" (0), "last1", "author1-last" …"""
    end = str(number) if number else ""
    rules = table("citations")[role]
    return {k: [name.replace("#", end) if "#" in name else name + end for name in rules[k]] for k in ("whole", "last", "first")}


def _key(given: dict[str, str], authors: tuple[str, ...], issued: str) -> Key:
    year = _YEAR.search(given.get("year") or issued)
    return Key(tuple(a.split(",")[0] for a in authors[:4]), year.group() if year else "")


def short_citations(template: Template) -> list[Key]:
    """The sources that a short citation template names; none for other templates."""
    name = template_name(template.name)
    if template_use(name)[0] != "short_citation":
        return []
    numbered = [plain(p.value) for p in template.parameters if p.name.isdigit()]
    found = []
    authors: list[str] = []
    for argument in numbered:
        if _YEAR.fullmatch(argument) or argument.lower() in ("n.d.", "nd"):
            found.append(Key(tuple(authors), argument))
            authors = []
        elif argument:
            authors.append(argument)
    return found or [Key(tuple(authors), "")]


def _from_text(content: Sequence[Node], blank: Reference, archive: Template | None) -> Reference:
    """A reference in free text: its first address, the link's text, quoted words or words in italics as its title, what
    stands behind as publisher, the first date, and the date behind "Retrieved".
    """
    walker = Inline()
    walker.walk(content)
    shown = render(walker.pieces)
    link = next((n for n in descend(tuple(content)) if isinstance(n, External)), None)
    given = {p.name: plain(p.value) for p in archive.parameters} if archive else {}
    archived = given.get("url", given.get("1", ""))
    url = link.url.strip() if link else archived
    text = shown.text
    accessed = _RETRIEVED.search(text)
    rest = text[: accessed.start()] if accessed else text
    title = plain(link.label) if link and link.label else given.get("title", "")
    italics = [text[a:b] for a, b in shown.italics]
    if not title:
        quoted = _QUOTED.match(text)
        title = quoted.group(1) if quoted else italics.pop(0) if italics else ""
    return replace(
        blank,
        text=text,
        url=url,
        title=title.strip(_QUOTE_MARKS),
        publisher=_publisher(rest, title, italics),
        authors=_author(rest, title),
        issued=iso_date(find_date(rest.replace(title, " "))),
        accessed=iso_date(find_date(accessed.group(1))) if accessed else "",
        archived_at=archived,
    )


def _author(text: str, title: str) -> tuple[str, ...]:
    """The author ("Last, First") that stands before a title."""
    before = re.sub(r"\(.*", "", text.partition(title)[0]).strip(_QUOTE_MARKS + ",;:") if title else ""
    return (before,) if len(before) < 60 and _AUTHOR.fullmatch(before) else ()


def _publisher(text: str, title: str, italics: list[str]) -> str:
    """The work in italics behind a title, else the first part behind it that is no date or page."""
    if italics:
        return italics[0].strip(_QUOTE_MARKS + ",.")
    if not title or title not in text:
        return ""
    _, _, rest = text.partition(title)
    if place := _PLACE.match(rest.lstrip(" ,.;")):
        return place.group(1)
    for part in re.split(r"[,;:()]\s|\.\s|\.$", rest.strip(" \"”'").lstrip(",.;:– ")):
        name = part.strip(_QUOTE_MARKS + ",.")
        if len(name) > 1 and name[0].isupper() and not find_date(name) and not re.match(r"(?i)p+\.? ?\d|vol|no\.|retrieved", name):
            return name if len(name) < 80 else ""
    return ""
