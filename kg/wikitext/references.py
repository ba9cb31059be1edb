"""References: every ``<ref>`` once, wherever it is defined, with the fields of its citation template or its text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from kg.wikitext.article import Reference
from kg.wikitext.dates import iso_date
from kg.wikitext.inline import plain
from kg.wikitext.knowledge import table
from kg.wikitext.tree import External, Node, Tag, Template, descend, parse


@dataclass
class References:
    """The references of an article while it is read."""

    notes: Counter[str]
    found: list[Reference] = field(default_factory=list)
    named: dict[tuple[str, str], int] = field(default_factory=dict)
    defined: set[int] = field(default_factory=set)

    def tag(self, tag: Tag) -> int:
        """The index of the reference that a ``<ref>`` tag defines or uses."""
        name = _attribute(tag, "name")
        index = self.use(name, _attribute(tag, "group"), tag.start, tag.end)
        if tag.children and any(not _blank(n) for n in tag.children):
            self.define(index, tag.children, tag.start, tag.end)
        elif not name:
            self.notes["empty reference"] += 1
        return index

    def use(self, name: str, group: str, start: int, end: int) -> int:
        """The index of the named reference; a new one where there is no name."""
        key = (group, name)
        if name and key in self.named:
            return self.named[key]
        index = len(self.found)
        self.found.append(Reference(index, name, "", start, end))
        if name:
            self.named[key] = index
        return index

    def define(self, index: int, content: tuple[Node, ...], start: int, end: int) -> None:
        """Give a reference its content; the first definition counts, as in MediaWiki."""
        if index in self.defined:
            self.notes["reference defined twice"] += 1
            return
        self.defined.add(index)
        blank = Reference(index, self.found[index].name, "", start, end)
        self.found[index] = read_reference(content, blank)

    def add(self, reference: Reference) -> int:
        """Append a reference that is no tag (a short citation)."""
        self.found.append(replace(reference, index=len(self.found)))
        self.defined.add(len(self.found) - 1)
        return len(self.found) - 1

    def finish(self) -> tuple[Reference, ...]:
        """All references; those never defined are counted."""
        missing = sum(1 for r in self.found if r.index not in self.defined and r.name)
        if missing:
            self.notes["reference never defined"] += missing
        return tuple(self.found)


def read_reference(content: tuple[Node, ...], blank: Reference) -> Reference:
    """The fields of a reference's content put into ``blank``."""
    templates = [n for n in descend(content) if isinstance(n, Template)]
    citation = next((t for t in templates if is_citation(t)), None)
    dead = any(t.name.strip().casefold() in table("citations")["dead"] for t in templates)
    if citation:
        return _from_template(citation, replace(blank, dead=dead))
    text = plain(content)
    link = next((n for n in descend(content) if isinstance(n, External)), None)
    url = _url(link.url) if link else ""
    title = plain(link.label) if link and link.label else ""
    archive = next((t for t in templates if t.name.strip().casefold() in table("citations")["archive"]), None)
    archived = _value(archive, ["url", "1"]) if archive else ""
    return _from_text(replace(blank, text=text, url=url, title=title.strip("\"“” "), archived_at=archived, dead=dead), content)


def is_citation(template: Template) -> bool:
    """Whether a template is one of the citation templates."""
    return re.match(table("citations")["pattern"], template.name.strip().replace("_", " ").casefold()) is not None


def _from_template(template: Template, blank: Reference) -> Reference:
    fields = table("citations")["fields"]
    value = {key: _value(template, names) for key, names in fields.items()}
    authors = _authors(template)
    url, archived = _url(value["url"]), _url(value["archived_at"])
    text = ". ".join(x for x in (", ".join(authors), value["title"], value["publisher"], value["issued"]) if x)
    return replace(
        blank,
        text=text or url,
        url=url or archived,
        title=value["title"].strip("\"“” "),
        publisher=value["publisher"],
        authors=authors,
        issued=iso_date(value["issued"]),
        accessed=iso_date(value["accessed"]),
        archived_at=archived,
        language=value["language"],
        template=re.sub(r"[\s_]+", " ", template.name.strip()).lower(),
        dead=blank.dead or value["status"].lower() in table("citations")["dead_status"],
    )


def _from_text(reference: Reference, content: tuple[Node, ...]) -> Reference:
    return reference


def _authors(template: Template) -> tuple[str, ...]:
    given = {p.name.casefold(): plain(p.value) for p in template.parameters}
    authors = []
    rules = table("citations")["authors"]
    for number in ["", *(str(n) for n in range(1, 30))]:
        whole = next((given[k + number] for k in rules["whole"] if given.get(k + number)), "")
        last = next((given[k + number] for k in rules["last"] if given.get(k + number)), "")
        first = next((given[k + number] for k in rules["first"] if given.get(k + number)), "")
        if whole:
            authors.append(whole)
        elif last:
            authors.append(f"{last}, {first}" if first else last)
    return tuple(dict.fromkeys(authors))


def _value(template: Template, names: list[str]) -> str:
    given = {p.name.casefold(): p.value for p in template.parameters}
    for name in names:
        if name in given:
            value = plain(given[name])
            if value:
                return value
    return ""


def _url(text: str) -> str:
    return text.strip()


def _attribute(tag: Tag, name: str) -> str:
    return re.sub(r"\s+", " ", tag.attributes.get(name, "")).strip("\"' /")


def _blank(node: Node) -> bool:
    return type(node).__name__ == "Hidden" or not getattr(node, "text", "x").strip()
