"""The references of an article: every ``<ref>`` once, wherever it is defined and however often it is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kg.wikitext.article import Reference
from kg.wikitext.markup.nodes import Hidden, Link, Node, Tag, Template, Text, descend
from kg.wikitext.references.citations import Citation, Key, is_citation, read_citation, read_content, short_citations

__all__ = ["References", "is_citation"]


class References:
    """Collects references while an article is read; ``notes`` counts what is odd about them."""

    def __init__(self, notes: Counter[str]) -> None:
        self.notes = notes
        self._found: list[Reference] = []
        self._named: dict[tuple[str, str], int] = {}
        self._defined: set[int] = set()
        self._full: dict[Key, Citation] = {}
        self._short: dict[int, Key] = {}

    def tag(self, tag: Tag) -> list[int]:
        """The references that a ``<ref>`` tag defines or uses: one, and those inside it, if any."""
        found = []
        self.notes.update("link in a reference" for n in descend(tag.children or ()) if isinstance(n, Link))
        inner = [n for n in descend(tag.children or ()) if isinstance(n, Tag) and n.name == "ref"]
        self.notes["reference inside a reference"] += len(inner)
        for one in (tag, *inner):
            name, content = _attribute(one, "name"), one.children or ()
            has_content = any(_is_content(n) for n in content)
            if not name and not has_content:
                self.notes["empty reference"] += 1
                continue
            found.append(self.use(name, _attribute(one, "group"), one.start, one.end))
            if has_content:
                self._define(found[-1], content, one)
        return found

    def use(self, name: str, group: str, start: int, end: int) -> int:
        """The index of a named reference; that of a new one where it has no name."""
        key = (group, name)
        if name and key in self._named:
            return self._named[key]
        index = len(self._found)
        self._found.append(Reference(index, name, "", start, end))
        if name:
            self._named[key] = index
        return index

    def _define(self, index: int, content: Sequence[Node], tag: Tag) -> None:
        """Give a reference its content; the first definition counts, as in MediaWiki."""
        if index in self._defined:
            self.notes["reference defined twice"] += 1
            return
        self._defined.add(index)
        blank = Reference(index, self._found[index].name, "", tag.start, tag.end)
        self._found[index] = read_content(content, blank)
        short = next((key for n in content if isinstance(n, Template) for key in short_citations(n)), None)
        if short:
            self._short[index] = short

    def short(self, node: Template) -> list[int]:
        """The references that a short citation template ("Smith 2004, p. 3") stands for; its source is found at the end."""
        found = []
        for key in short_citations(node):
            text = f"{' and '.join(key.authors)} {key.year}".strip()
            index = self.use(text, "short citation", node.start, node.end)
            if index not in self._defined:
                self._defined.add(index)
                self._short[index] = key
                self._found[index] = replace(self._found[index], text=text, authors=key.authors, issued=key.year)
            found.append(index)
        return found

    def full(self, node: Template) -> None:
        """A citation that stands outside a reference: what short ones refer to."""
        citation = read_citation(node)
        if citation.key.authors:
            self._full.setdefault(citation.key.folded(), citation)

    def finish(self) -> tuple[Reference, ...]:
        """All references, short citations filled in from the full ones. Those never defined are counted."""
        for index, key in self._short.items():
            if key.folded() in self._full:
                self._found[index] = self._full[key.folded()].fill(self._found[index])
            else:
                self.notes["short citation without a source"] += 1
        missing = sum(1 for r in self._found if r.index not in self._defined and r.name)
        if missing:
            self.notes["reference never defined"] += missing
        return tuple(self._found)


def _attribute(tag: Tag, name: str) -> str:
    return " ".join(tag.attributes.get(name, "").split()).strip("\"'“” /")


def _is_content(node: Node) -> bool:
    if isinstance(node, Text):
        return bool(node.text.strip())
    return not isinstance(node, Hidden)
