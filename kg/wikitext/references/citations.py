"""Citation templates: the fields of a source, and the names by which short citations refer to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.wikitext.article import Reference, changed
from kg.wikitext.knowledge import table, template_name, template_use, words
from kg.wikitext.markup.characters import decode
from kg.wikitext.markup.inline import plain
from kg.wikitext.markup.nodes import External, Node, Parameter, Template, parts
from kg.wikitext.references.citation_dates import iso_date
from kg.wikitext.references.free_text import QUOTE_MARKS, read_free_text
from kg.wikitext.references.short_citations import ShortCitation, anchors, folded, years

_MOST_AUTHORS = 30
_PARTS = ("whole", "last", "first")
_SCRIPT = re.compile(r"[a-z]{2,3}(?:-[a-z]+)?:\s*(?=[^\x00-\x7f])")
_INITIALS = re.compile(r" [A-Z]{1,4}$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_EXPANDED = re.compile(r"\{\{\s*(!|=)\s*\}\}")


@dataclass(frozen=True, slots=True)
class FullCitation:
    """A full citation: its fields, the anchors to which short citations point, and looser names for it."""

    reference: Reference
    anchors: tuple[str, ...]
    names: tuple[tuple[str, str], ...] = ()

    def fill(self, reference: Reference) -> Reference:
        """Fill a short citation with the fields of its source."""
        text = f"{reference.text}: {self.reference.text}" if reference.text else self.reference.text
        return changed(
            self.reference,
            index=reference.index,
            name=reference.name,
            start=reference.start,
            end=reference.end,
            text=text,
            page=reference.page or self.reference.page,
        )


class CitedSources:
    """The full citations of an article, to find those that short citations refer to."""

    def __init__(self) -> None:
        self._by_anchor: dict[str, FullCitation] = {}
        self._by_name: dict[tuple[str, str], list[FullCitation]] = {}

    def add(self, source: FullCitation) -> None:
        """Add a source; of several with one anchor, the first counts."""
        for anchor in source.anchors:
            self._by_anchor.setdefault(anchor, source)
        for name, year in source.names:
            self._by_name.setdefault((folded(name), year), []).append(source)

    def by_anchor(self, short: ShortCitation) -> FullCitation | None:
        """Return the source to whose anchor a short citation points."""
        return self._by_anchor.get(short.anchor)

    def by_name(self, short: ShortCitation) -> FullCitation | None:
        """Return the only source to which a short citation can refer by its first author or title, and the year."""
        year = short.year if short.year.isdecimal() else short.year.rstrip("abcdefgh")
        for name in dict.fromkeys((*short.authors[:1], " ".join(short.authors))):
            for wanted in dict.fromkeys((short.year, year)):
                found = list({id(s): s for s in self._by_name.get((folded(name), wanted), ())}.values())
                if len(found) == 1:
                    return found[0]
        return None


def is_citation(template: Template) -> bool:
    """Whether this is one of the citation templates."""
    return template_use(template_name(template.name))[0] == "citation"


def outermost(nodes: Sequence[Node], uses: frozenset[str]) -> Iterator[Template]:
    """Return the templates of some uses in text order, except those inside another one or inside a reference."""
    for node in nodes:
        if isinstance(node, Template) and template_use(template_name(node.name))[0] in uses:
            yield node
        elif getattr(node, "name", "") != "ref":
            for part in parts(node):
                yield from outermost(part, uses)


def read_citation(template: Template) -> FullCitation:
    """Return the fields of a citation template, and its names."""
    name = template_name(template.name)
    given = {p.name.casefold(): plain(p.value) for p in template.parameters}
    if name == "wikicite":
        return _wikicite(template)
    rules = table("citations")
    own = rules["templates"].get(name, {})
    value = _fields(given, own)
    for field in ("url", "archived_at"):
        value[field] = _address(template, rules["fields"][field]) or value[field]
    authors, lasts = _authors(given, "authors")
    title = _SCRIPT.sub("", value["title"].strip(QUOTE_MARKS))
    issued = _issued(value["issued"], given)
    shown = (", ".join(authors), title, value["publisher"], value["issued"])
    reference = Reference(
        index=0,
        name="",
        text=". ".join(part for part in shown if part) or value["url"],
        start=template.start,
        end=template.end,
        url=value["url"] or value["archived_at"],
        title=title,
        publisher=value["publisher"] or own.get("default_publisher", ""),
        authors=authors,
        issued=iso_date(issued),
        accessed=iso_date(value["accessed"]),
        archived_at=value["archived_at"],
        language=value["language"],
        template=name,
        dead=_is_dead(value),
        page=value["page"],
    )
    dates = [date for date in (given.get("year", ""), value["issued"], given.get("date", "")) if date]
    return FullCitation(reference, tuple(anchors(template, lasts, dates)), tuple(_names(reference, lasts, given, dates)))


def _fields(given: dict[str, str], own: dict[str, Any]) -> dict[str, str]:
    """Return each field's value, from the best of the parameters that are given; the template's own take precedence over common ones."""
    ranks = _ranks()
    best: dict[str, tuple[int, str]] = {}
    for name, value in given.items():
        for field, rank in ranks.get(name, ()) if value else ():
            if field not in best or rank < best[field][0]:
                best[field] = (rank, value)
    found = {field: best[field][1] if field in best else "" for field in table("citations")["fields"]}
    for field, names in own.items():
        if field in found and (value := next((given[n] for n in names if given.get(n)), "")):
            found[field] = value
    return found


@cache
def _ranks() -> dict[str, list[tuple[str, int]]]:
    """Return, for each parameter, the fields that it may fill, with its rank among the field's parameters."""
    found: dict[str, list[tuple[str, int]]] = {}
    for field, names in table("citations")["fields"].items():
        for rank, name in enumerate(names):
            found.setdefault(name, []).append((field, rank))
    return found


def _names(reference: Reference, lasts: Sequence[str], given: dict[str, str], dates: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Return looser names of a source, each with a year: its first author in other forms, its editors, its title, its publisher."""
    _, editors = _authors(given, "editors")
    first = [lasts[0], lasts[0].split()[-1]] if lasts and lasts[0].split() else []
    cited = years(dates)
    for name in (*first, *editors[:1], reference.title, reference.publisher):
        if name:
            yield from ((name, year) for year in cited)


def _wikicite(template: Template) -> FullCitation:
    """Handle ``{{wikicite|ref=…|reference=…}}``: a citation in free text with an anchor."""
    content = next((p.value for p in template.parameters if p.name.casefold() in ("reference", "1")), ())
    blank = Reference(0, "", "", template.start, template.end, template="wikicite")
    return FullCitation(read_free_text(content, blank), tuple(anchors(template, (), ())))


def _address(template: Template, names: Sequence[str]) -> str:
    """Return the first address given, without comments and with its character references resolved."""
    given: dict[str, Parameter] = {p.name.casefold(): p for p in template.parameters}
    for name in names:
        if name in given and (raw := _COMMENT.sub("", given[name].raw).strip()):
            raw = _EXPANDED.sub(lambda m: "|" if m[1] == "!" else "=", raw)
            if "{{" in raw or "[" in raw:
                link = next((n for n in given[name].value if isinstance(n, External)), None)
                raw = link.url if link else plain(given[name].value)
            return decode(raw).split()[0] if raw.split() else ""
    return ""


def _issued(issued: str, given: dict[str, str]) -> str:
    """Return the date as written; if it is a year, with the month and day that older citations give separately."""
    if issued.isdecimal() and len(issued) == 4 and given.get("month"):
        return " ".join(x for x in (given.get("day", ""), given["month"], issued) if x)
    return issued


def _is_dead(value: dict[str, str]) -> bool:
    status = value["status"].lower()
    return status in words("citations", "dead_status") or value["dead"].lower() in words("citations", "dead_flag")


def _authors(given: dict[str, str], role: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the authors of a citation in order, and their last names; editors if it has no authors."""
    found: list[tuple[str, str]] = []
    parameters = _author_parameters(role)
    best: dict[tuple[int, str], tuple[int, str]] = {}
    for name, value in given.items():
        if value and name in parameters:
            place, rank = parameters[name]
            best[place] = min(best.get(place, (rank, value)), (rank, value))
    for number in range(_MOST_AUTHORS) if best else ():
        whole, last, first = (best.get((number, part), (0, ""))[1] for part in _PARTS)
        if not (whole or last) and number > 1:
            break
        if last:
            found.append((f"{last}, {first}" if first else last, last))
        elif whole:
            found.append((whole, whole.split(",")[0].strip()))
    for name in given.get(table("citations")[role]["vancouver"], "").split(","):
        if name := name.strip(" ()"):
            found.append((name, _INITIALS.sub("", name)))
    if not found and role == "authors":
        return _authors(given, "editors")
    found = list(dict.fromkeys(found))
    return tuple(whole for whole, _ in found), tuple(last for _, last in found)


@cache
def _author_parameters(role: str) -> dict[str, tuple[tuple[int, str], int]]:
    """Return every parameter that names an author (or editor): its number and part of the name, and its rank among synonyms."""
    rules = table("citations")[role]
    found: dict[str, tuple[tuple[int, str], int]] = {}
    for number in range(_MOST_AUTHORS):
        end = str(number) if number else ""
        for part in _PARTS:
            for rank, name in enumerate(rules[part]):
                found.setdefault(name.replace("#", end) if "#" in name else name + end, ((number, part), rank))
    return found
