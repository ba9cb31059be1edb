"""Collect the references of an article: every footnote once, wherever defined and however often used, and the citations in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.wikitext.article import Reference, changed
from kg.wikitext.knowledge import template_name, template_use, words
from kg.wikitext.markup.nodes import External, Hidden, LinkNode, Node, Parameter, Tag, Template, Text, descend
from kg.wikitext.references.citations import CitedSources, FullCitation, outermost, read_citation
from kg.wikitext.references.free_text import read_free_text, read_list_entry
from kg.wikitext.references.short_citations import ShortCitation, harvid_anchor, short_citations

_CITING = frozenset({"citation", "short_citation", "harvard_text"})
_MOST_CITATIONS = 50
_NOTE = "explanatory note"
_LONGEST_NAME = 500


@dataclass(slots=True)
class _Citation:
    """One citation of a footnote; if it is a short one, its source is found at the end."""

    reference: Reference
    short: ShortCitation | None = None


@dataclass(slots=True)
class _Footnote:
    """A footnote: its citations, or the footnote that it repeats for another page."""

    name: str
    group: str
    start: int
    end: int
    citations: list[_Citation] = field(default_factory=list)
    defined: bool = False
    repeats: int | None = None
    page: str = ""


class References:
    """Collects the footnotes of an article while it is read; ``notes`` counts irregularities.

    Its methods identify footnotes by numbers of their own; ``finish`` maps each to references.
    """

    def __init__(self, notes: Counter[str]) -> None:
        self.notes = notes
        self._footnotes: list[_Footnote] = []
        self._named: dict[tuple[str, str], int] = {}
        self._paged: dict[tuple[int, str], int] = {}
        self._sources = CitedSources()

    # -- while the article is read

    def tag(self, tag: Tag, group: str = "") -> list[int]:
        """Return the footnotes that a ``<ref>`` tag defines or uses: its own and any inside it. ``group`` is that of the list around it."""
        if not tag.children:
            name = _attribute(tag, "name")
            self.notes["empty reference"] += not name
            return [self.use(name, _attribute(tag, "group") or group, tag.start, tag.end)] if name else []
        found = []
        inner: list[Tag] = []
        if len(tag.children) > 1 or type(tag.children[0]) is not Text:
            inside = list(descend(tag.children))
            self.notes["link in a reference"] += sum([type(n) is LinkNode for n in inside])
            inner = [n for n in inside if type(n) is Tag and n.name == "ref"]
            self.notes["reference inside a reference"] += len(inner)
        for one in (tag, *inner):
            name, content = _attribute(one, "name"), one.children or ()
            has_content = any(_is_content(n) for n in content)
            if not name and not has_content:
                self.notes["empty reference"] += 1
                continue
            found.append(self.use(name, _attribute(one, "group") or group, one.start, one.end))
            if has_content:
                self._define(found[-1], content, one)
        return found

    def template(self, node: Template) -> list[int]:
        """Return the footnotes that a template (``{{refn|…|name=a}}``, ``{{#tag:ref|…}}``) defines or uses, including those inside it."""
        found = self._template(node, "")
        inner = [n for p in node.parameters for n in descend(p.value) if isinstance(n, Tag) and n.name == "ref"]
        return [*found, *(number for one in inner for number in self.tag(one))]

    def _template(self, node: Template, group: str) -> list[int]:
        given = {p.name.casefold(): p for p in node.parameters}
        name, own_group = (" ".join(given[key].raw.split()).strip("\"' ") if key in given else "" for key in ("name", "group"))
        content = _content(given)
        if not name and not any(_is_content(n) for n in content):
            return []
        found = self.use(name, own_group or group, node.start, node.end)
        if any(_is_content(n) for n in content):
            self._define(found, content, node)
        return [found]

    def named(self, node: Template) -> list[int]:
        """Return the footnotes of ``{{r|a|b|p2=12}}``."""
        given = {p.name.casefold(): p.raw.strip() for p in node.parameters}
        group = given.get("group", given.get("g", ""))
        found = []
        for number in (key for key, value in given.items() if key.isdigit() and value):
            pages = (f"{key}{end}" for end in (number, "") if end or number == "1" for key in ("p", "pp", "page", "pages"))
            footnote = self.use(given[number], group, node.start, node.end)
            found.append(self.paged(footnote, next((given[key] for key in pages if given.get(key)), "")))
        return found

    def note(self, node: Template) -> list[int]:
        """Return the footnotes of an explanatory note: one for its own citations. References inside the note belong to the note."""
        given = {p.name.casefold(): p for p in node.parameters}
        named = "name" in given and not any(_is_content(n) for n in _content(given))
        if named or any(True for p in node.parameters for _ in outermost(p.value, _CITING)):
            return self._template(node, _NOTE)
        return []

    def use(self, name: str, group: str, start: int, end: int) -> int:
        """Return a named footnote; a new one if it has no name."""
        key = (group, name)
        if name and key in self._named:
            return self._named[key]
        self._footnotes.append(_Footnote(name, group, start, end))
        if name:
            self._named[key] = len(self._footnotes) - 1
        return len(self._footnotes) - 1

    def paged(self, footnote: int, page: str) -> int:
        """Return a footnote, for a page given after its mark (``{{rp|12}}``)."""
        if not page:
            return footnote
        key = (footnote, page)
        if key not in self._paged:
            base = self._footnotes[footnote]
            self._paged[key] = self.use("", base.group, base.start, base.end)
            self._footnotes[-1].repeats, self._footnotes[-1].page = footnote, page
        return self._paged[key]

    def short(self, node: Template) -> list[int]:
        """Return the footnotes for a short citation template ("Smith 2004, p. 3")."""
        found = []
        for citation in short_citations(node):
            number = self.use(citation.text, "short citation", node.start, node.end)
            footnote = self._footnotes[number]
            if not footnote.defined:
                footnote.defined = True
                footnote.citations = [_short(citation, footnote)]
            found.append(number)
        return found

    def full(self, node: Template) -> None:
        """Add a citation outside a footnote, to which short ones may refer."""
        self._sources.add(read_citation(node))

    def listed(self, text: str, italics: list[str], start: int, end: int) -> None:
        """Add a book or article in free text in a list."""
        reference = read_list_entry(text, italics, Reference(0, "", "", start, end))
        name = text.partition(",")[0].partition("(")[0].strip()
        year = reference.issued[:4]
        if name and year.isdecimal() and len(name) < _LONGEST_NAME:
            names = dict.fromkeys((name, name.split()[-1]))
            self._sources.add(FullCitation(reference, (), tuple((n, year) for n in names)))

    def _define(self, number: int, content: Sequence[Node], node: Node) -> None:
        """Give a footnote its content; the first definition counts, as in MediaWiki."""
        footnote = self._footnotes[number]
        if footnote.defined:
            self.notes["reference defined twice"] += 1
            return
        footnote.defined = True
        footnote.start, footnote.end = node.start, node.end
        footnote.citations = list(self._read(content, Reference(0, footnote.name, "", node.start, node.end)))

    def _read(self, content: Sequence[Node], blank: Reference) -> Iterator[_Citation]:
        """Return the citations in a footnote's content: its citation templates, else its free text."""
        if len(content) == 1 and type(content[0]) is Text and ";" not in content[0].text:
            yield _Citation(read_free_text(content, blank))
            return
        templates = [n for n in descend(tuple(content)) if isinstance(n, Template)]
        names = [template_name(t.name) for t in templates]
        dead = not words("citations", "dead").isdisjoint(names)
        found = list(outermost(content, _CITING))[:_MOST_CITATIONS]
        for template in found:
            if template_use(template_name(template.name))[0] == "citation":
                source = read_citation(template)
                self._sources.add(source)
                cited = source.reference
                yield _Citation(changed(cited, name=blank.name, start=blank.start, end=blank.end, dead=cited.dead or dead))
            else:
                yield from (_short(c, blank) for c in short_citations(template))
        if not found:
            archive = next((t for t, name in zip(templates, names, strict=True) if name in words("citations", "archive")), None)
            for part in _parts(content):
                yield _Citation(read_free_text(part, changed(blank, dead=True) if dead else blank, archive))

    # -- at the end

    def finish(self) -> tuple[tuple[Reference, ...], dict[int, tuple[int, ...]]]:
        """Return all references, short citations filled from their sources, and the references of each footnote."""
        references: list[Reference] = []
        numbers: dict[int, tuple[int, ...]] = {}
        elsewhere = {f.name: i for i, f in enumerate(self._footnotes) if f.defined and f.name}
        for number, footnote in enumerate(self._footnotes):
            if footnote.group == _NOTE and not footnote.defined:
                numbers[number] = ()  # a note that is named again and cites nothing
                continue
            if footnote.repeats is None and not footnote.defined and footnote.name in elsewhere:
                numbers[number] = numbers.get(elsewhere[footnote.name], ())
                footnote.repeats = elsewhere[footnote.name]
            if footnote.repeats is None:
                numbers[number] = self._append(references, [self._tied(c) for c in self._citations(footnote)])
        for number, footnote in enumerate(self._footnotes):
            if footnote.repeats is not None and not footnote.page:
                numbers[number] = numbers[footnote.repeats]
            elif footnote.repeats is not None:
                base = (references[i] for i in numbers[footnote.repeats])
                numbers[number] = self._append(references, [changed(r, page=footnote.page) for r in base])
        return tuple(references), numbers

    def _citations(self, footnote: _Footnote) -> list[_Citation]:
        if not footnote.defined and footnote.name:
            self.notes["reference never defined"] += 1
        return footnote.citations or [_Citation(Reference(0, footnote.name, "", footnote.start, footnote.end))]

    @staticmethod
    def _append(references: list[Reference], found: list[Reference]) -> tuple[int, ...]:
        first = len(references)
        references += (changed(r, index=first + i) for i, r in enumerate(found))
        return tuple(range(first, len(references)))

    def _tied(self, citation: _Citation) -> Reference:
        """Return a citation, with the fields of its source if it is a short one."""
        short = citation.short
        if short is None:
            return citation.reference
        source = self._sources.by_anchor(short)
        if source is None:
            source = self._sources.by_name(short)
            self.notes["short citation without a source" if source is None else "short citation tied by author and year alone"] += 1
        return source.fill(citation.reference) if source else citation.reference


def _short(citation: ShortCitation, place: Reference | _Footnote) -> _Citation:
    reference = Reference(
        0, place.name, citation.text, place.start, place.end, authors=citation.authors, issued=citation.year, page=citation.page
    )
    return _Citation(reference, citation)


def _content(given: dict[str, Parameter]) -> tuple[Node, ...]:
    """Return the content of a footnote template: its first unnamed argument, or that of another name."""
    chosen = next((given[key] for key in ("1", "text", "refn", "reference", "content") if key in given and given[key].raw.strip()), None)
    return chosen.value if chosen else ()


def _parts(content: Sequence[Node]) -> list[list[Node]]:
    """Split content in free text at semicolons and bullets, if each part has a link of its own with text."""
    parts: list[list[Node]] = [[]]
    for node in content:
        if isinstance(node, Tag) and node.name in ("li", "br"):
            parts.append(list(node.children or ()))
        elif isinstance(node, Text) and ";" in node.text:
            place = node.start
            for i, text in enumerate(node.text.split(";")):
                if i:
                    parts.append([])
                if text:
                    parts[-1].append(Text(place, place + len(text), text))
                place += len(text) + 1
        else:
            parts[-1].append(node)
    parts = [p for p in parts if any(_is_content(n) for n in p)]
    linked = all(sum(isinstance(n, External) and bool(n.label) for n in part) == 1 for part in parts)
    return parts if linked and 1 < len(parts) <= _MOST_CITATIONS else [list(content)]


def _attribute(tag: Tag, name: str) -> str:
    return " ".join(tag.attributes.get(name, "").split()).strip("\"'“” /")


def _is_content(node: Node) -> bool:
    if isinstance(node, Text):
        return bool(node.text.strip())
    return not isinstance(node, Hidden) and not (isinstance(node, Template) and harvid_anchor(node))
