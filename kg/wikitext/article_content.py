"""The content of an article: its blocks of text, and what is beside the text (references, infoboxes, pictures, hatnotes, categories)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from kg.wikitext.article import Infobox, PassageKind
from kg.wikitext.blocks import Blocks
from kg.wikitext.hatnotes import hatnote_targets, is_hatnote
from kg.wikitext.infoboxes import infobox_fields
from kg.wikitext.knowledge import template_name, template_use
from kg.wikitext.markup.inline import plain
from kg.wikitext.markup.links import Site, Target, read_target
from kg.wikitext.markup.nodes import LinkNode, Node, Tag, Template, parts
from kg.wikitext.markup.pieces import Block, Found, Mark, Open, Piece, Run, shows_text
from kg.wikitext.markup.rendering import render
from kg.wikitext.markup.templates.parameters import argument
from kg.wikitext.pictures import captions, gallery_caption, gallery_lines, image_caption
from kg.wikitext.references.citations import outermost
from kg.wikitext.references.footnotes import References

_INFOBOX = frozenset({"infobox"})
_LONGEST_SHOWN = 300
_YEAR = re.compile(r"\d{4}")
_WORDS = re.compile(r"[^\W\d_]{2}")
_NO_WORDS = re.compile(r"://|^[a-z_-]+$|\.(?:svg|png|jpe?g|gif|ogg|webm)$", re.IGNORECASE | re.ASCII)

# How references are collected from a template in the text, and from one that is left out, by the template's table.
_MARKED: dict[str, Callable[[References, Template], list[int]]] = {
    "short_citation": References.short,
    "reference": References.template,
    "named_reference": References.named,
}
_KEPT: dict[str, Callable[[References, Template], object]] = {
    "citation": References.full,
    "reference": References.template,
    "footnote": References.note,
}


class ArticleContent(Blocks):
    """Walks the whole article and collects what is beside its text.

    ``in_field`` is true inside a field of an infobox, whose own infoboxes ``_fields`` reads; ``group`` is that of the references of
    the list around them.
    """

    def __init__(self, found: Found, redirects: Mapping[str, str] | None = None, site: Site | None = None) -> None:
        super().__init__(found, redirects, site)
        self.references = References(found.notes)
        self.in_field = False
        self.group = ""

    # -- blocks left out

    def add(self, block: Block) -> None:
        """Add a block, unless its section is omitted or it shows no text."""
        pieces = [p for c in block.cells for p in c.pieces] if block.cells else block.pieces
        if block.kind is PassageKind.SENTENCE and is_hatnote(pieces):
            targets = [p.target for p in pieces if isinstance(p, Open) and p.target]
            self.found.hatnotes.append(("hatnote", tuple(targets)))
            self.found.notes["link in a hatnote"] += len(targets)
        elif self.section.left_out or not shows_text(pieces):
            self._leave_out(block, pieces)
        else:
            super().add(block)

    def _leave_out(self, block: Block, pieces: list[Piece]) -> None:
        if self.section.left_out and block.kind is PassageKind.ITEM and any(_YEAR.search(p.text) for p in pieces if type(p) is Run):
            shown = render(pieces)
            italics = [shown.text[a:b] for a, b in shown.italics]
            self.references.listed(shown.text, italics, block.start, max(p.end for p in pieces))
        where = "in a section left out" if self.section.left_out else "without text"
        for piece in pieces:
            if isinstance(piece, Open) and piece.target and self.section.sees_also:
                self.found.see_also.append(piece.target)
                self.count("link in See also")
            elif isinstance(piece, Open) and piece.target:
                self.count(f"link {where}")
            elif isinstance(piece, Mark):
                self.count(f"reference {where}")

    # -- references

    def tag(self, node: Tag) -> None:
        if node.name == "ref":
            self.mark(node, self.references.tag(node))
        elif node.name == "references":
            self._reference_list((node.children or (),), node.attributes.get("group", "").strip("\"' "))
        elif node.name == "gallery":
            self.gap(node)
            self._gallery(node)
        else:
            super().tag(node)

    def mark(self, node: Node, references: Sequence[int]) -> None:
        """Add references at this position."""
        self.pieces += [Mark(node.start, node.end, reference) for reference in references]
        self.solid = True

    def harvard_text(self, node: Template, detail: str) -> None:
        super().harvard_text(node, detail)
        self.mark(node, self.references.short(node))

    def _page(self, node: Template) -> bool:
        """Handle ``{{rp|12}}``: the page in the reference before it, if there is one."""
        mark = self.pieces[-1] if self.pieces else None
        if not isinstance(mark, Mark) or not node.parameters:
            return False
        footnote = self.references.paged(mark.reference, plain(node.parameters[0].value))
        self.pieces[-1] = mark._replace(end=node.end, reference=footnote)
        return True

    def _reference_list(self, parts: Sequence[Sequence[Node]], group: str) -> None:
        outer, self.group = self.group, group
        try:
            for nodes in parts:
                self.left(nodes, "the reference list")
        finally:
            self.group = outer

    # -- templates

    def beside(self, node: Template, use: str, detail: str) -> None:
        if (use == "unknown" and self._shows_first(node)) or (use == "page" and self._page(node)):
            return
        self.gap(node)
        if use in _MARKED:
            self.mark(node, _MARKED[use](self.references, node))
        elif use == "infobox":
            self._infobox(node)
        elif use == "hatnote":
            self.found.hatnotes.append((template_name(node.name), tuple(hatnote_targets(node, detail))))
            self.left_of(node, "a hatnote")
        elif use == "reference_list":
            group = next((p.raw.strip().strip("\"'") for p in node.parameters if p.name.casefold() == "group"), "")
            self._reference_list([p.value for p in node.parameters], group)
        elif use == "images":
            self._images(node)
        else:
            self._dropped(node, use)

    def _shows_first(self, node: Template) -> bool:
        """Show the first argument of an unknown template within a line, as most such templates do."""
        shown = argument(node, ["1"])
        if not shown or shown.named or not (self.visible or self.flat) or len(shown.raw) > _LONGEST_SHOWN:
            return False
        value = plain(shown.value)
        if not _WORDS.search(value) or _NO_WORDS.search(value):
            return False
        self.count(f"unknown template: {template_name(node.name)[:60]}")
        self.count("first argument of an unknown template shown")
        self._shown_argument(node, shown, False)
        return True

    def _dropped(self, node: Template, use: str) -> None:
        if use == "footnote":
            self.count("footnote")
            self.mark(node, self.references.note(node))
        elif use == "citation":
            self.references.full(node)
            self.count("citation outside a reference")
        elif use == "unknown":
            self.count(f"unknown template: {template_name(node.name)[:60]}")
        self.left_of(node, "a footnote" if use == "footnote" else "a template left out")

    # -- infoboxes

    def _infobox(self, node: Template) -> None:
        if self.in_field:
            return
        fields = self._fields(node)
        if self.found.infobox is None:
            self.found.infobox = Infobox(" ".join(node.name.split()), tuple(fields))

    def _fields(self, node: Template) -> list[tuple[str, str]]:
        """Add the fields of an infobox, and of those inside it; return their names and values."""
        fields = []
        for parameter, value, kind in infobox_fields(node):
            inner = list(outermost(parameter.value, _INFOBOX))
            if value:
                fields.append((parameter.name, value))
            if kind is not None and value:
                self.add(Block(kind, self._field(parameter.value), parameter.start, self.section.path, parameter.name))
            elif not inner:
                self.left(parameter.value, "a field left out")
            for infobox in inner:
                fields += self._fields(infobox)
        return fields

    def _field(self, value: Sequence[Node]) -> list[Piece]:
        outer, self.in_field = self.in_field, True
        try:
            return self.inline(value)
        finally:
            self.in_field = outer

    # -- pictures

    def image(self, node: LinkNode) -> None:
        self.count("image")
        super().image(node)
        caption, options = image_caption(node, foreign=bool(self.namespaces))
        self.left(options, "an image's options")
        self.caption(caption, node.start)

    def _gallery(self, node: Tag) -> None:
        self.caption(gallery_caption(node), node.start)
        for start, caption in gallery_lines(node):
            self.count("image")
            self.caption(caption, start)

    def _images(self, node: Template) -> None:
        self.count("image")
        for parameter, is_caption in captions(node):
            if is_caption:
                self.caption(parameter.value, parameter.start)
            else:
                self.left(parameter.value, "an image's options")

    # -- categories and what is left

    def category(self, node: LinkNode, title: str) -> None:
        self.gap(node)
        self._categorise(title)

    def _categorise(self, title: str) -> None:
        self.count("category")
        self.found.categories.append(title)

    def left(self, nodes: Sequence[Node], where: str) -> None:
        """Handle nodes outside the text: their references and categories are kept, their links and images counted."""
        for node in nodes:
            if isinstance(node, Tag) and node.name == "ref":
                for _ in self.references.tag(node, self.group):
                    self.count(f"reference in {where}")
                continue
            if isinstance(node, LinkNode):
                self._left_target(read_target(node.target, self.namespaces), where)
            elif isinstance(node, Template) and (keep := _KEPT.get(template_use(template_name(node.name))[0])):
                keep(self.references, node)
            for part in parts(node):
                self.left(part, where)

    def _left_target(self, target: Target, where: str) -> None:
        if target.sort == "category" and not target.inline:
            self._categorise(target.title)
        else:
            self.count("image" if target.sort == "file" else f"link in {where}")
