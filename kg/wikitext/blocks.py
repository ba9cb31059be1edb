"""Split the tree of an article into blocks of text, references, and what is beside the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.wikitext.article import Infobox, PassageKind
from kg.wikitext.hatnotes import hatnote_targets, is_hatnote
from kg.wikitext.infoboxes import infobox_fields
from kg.wikitext.knowledge import template_name, template_use, words
from kg.wikitext.markup.inline import Inline, plain
from kg.wikitext.markup.links import Site, Target, read_target
from kg.wikitext.markup.nodes import Heading, Hidden, Link, Node, Parameter, Tag, Template, Text, parts, texts
from kg.wikitext.markup.pieces import Block, BlockCell, Break, Fault, Found, Mark, Open, Piece, Run, shows_text
from kg.wikitext.markup.rendering import render
from kg.wikitext.markup.templates.parameters import argument
from kg.wikitext.pictures import captions, gallery_caption, gallery_lines, image_caption
from kg.wikitext.references.citations import is_citation, outermost
from kg.wikitext.references.footnotes import References
from kg.wikitext.table_grid import Table

_INFOBOX = frozenset({"infobox"})
_LONGEST_SHOWN = 300
_WORDS = re.compile(r"[^\W\d_]{2}")
_NO_WORDS = re.compile(r"://|^[a-z_-]+$|\.(?:svg|png|jpe?g|gif|ogg|webm)$", re.IGNORECASE | re.ASCII)


class _Title(NamedTuple):
    """A heading above the current text: its level, its text, and the name of such sections in tables."""

    level: int
    title: str
    name: str


class Blocks(Inline):
    """Walks the whole article and splits it into blocks.

    ``flat`` is above 0 inside a cell, caption or field, which are one block whatever they hold; ``in_field`` is true inside a field of an
    infobox, whose own infoboxes ``_fields`` reads; ``visible`` is true where the
    line so far shows text; ``solid`` where it holds what leaves no blank line behind (a comment, a reference).
    """

    def __init__(self, found: Found, redirects: Mapping[str, str] | None = None, site: Site | None = None) -> None:
        super().__init__(redirects, site)
        self.found = found
        self.references = References(found.notes)
        self.headings: list[_Title] = []
        self.section: tuple[str, ...] = ()
        self.kind = PassageKind.SENTENCE
        self.one_line = False
        self.flat = 0
        self.in_field = False
        self.visible = False
        self.solid = False
        self.left_out = False
        self.sees_also = False
        self.group = ""

    # -- blocks

    def flush(self) -> None:
        """End the block."""
        while self.pieces and type(self.pieces[-1]) is Break:
            self.pieces.pop()
        if self.pieces:
            self.add(Block(self.kind, self.pieces, _start(self.pieces), self.section))
        self.pieces = []
        self.kind = PassageKind.SENTENCE
        self.one_line = self.visible = self.solid = False

    def add(self, block: Block) -> None:
        """Add a block, unless its section is omitted or it shows no text."""
        pieces = [p for c in block.cells for p in c.pieces] if block.cells else block.pieces
        if block.kind is PassageKind.SENTENCE and is_hatnote(pieces):
            targets = [p.target for p in pieces if isinstance(p, Open) and p.target]
            self.found.hatnotes.append(("hatnote", tuple(targets)))
            self.found.notes["link in a hatnote"] += len(targets)
            return
        if not self.left_out and shows_text(pieces):
            self.found.blocks.append(block)
            return
        if self.left_out and block.kind is PassageKind.ITEM:
            shown = render(pieces)
            italics = [shown.text[a:b] for a, b in shown.italics]
            self.references.listed(shown.text, italics, block.start, max(p.end for p in pieces))
        for piece in pieces:
            if isinstance(piece, Open) and piece.target:
                self._left_link(piece)
            elif isinstance(piece, Mark):
                self.count("reference in a section left out" if self.left_out else "reference without text")

    def _left_link(self, piece: Open) -> None:
        if self.sees_also:
            self.found.see_also.append(piece.target)
            self.count("link in See also")
        else:
            self.count("link in a section left out" if self.left_out else "link without text")

    def inline(self, nodes: Sequence[Node]) -> list[Piece]:
        """Return the pieces of a cell, caption or field, with their references."""
        outer, visible = self.pieces, self.visible
        inner: list[Piece] = []
        self.pieces = inner
        self.flat += 1
        try:
            self.walk(nodes)
        finally:
            self.flat -= 1
            self.visible = visible
            self.pieces = outer
        return inner

    def within_line(self, nodes: Sequence[Node]) -> None:
        self.flat += 1
        try:
            super().within_line(nodes)
        finally:
            self.flat -= 1

    def node(self, node: Node, following: Text | None) -> int:
        """As in Inline; an error costs no more than the node's markup: its plain text is kept, and the fault is told."""
        pieces, length = self.pieces, len(self.pieces)
        try:
            return super().node(node, following)
        except (MemoryError, TimeoutError):
            raise
        except Exception as error:
            if self.pieces is pieces:
                del pieces[length:]
            self.found.faults.append(Fault(node.start, node.end, type(error).__name__))
            for text in texts(node):
                self.pieces += (Run(text.text, text.start, text.end), Break(text.end, text.end))
            return 0

    # -- text

    def run(self, run: Run) -> None:
        super().run(run)
        if not self.visible and not run.text.isspace():
            self.visible = True

    def text(self, text: str, start: int) -> None:
        if "\n" not in text:
            super().text(text, start)
            return
        place = 0
        while (end := text.find("\n", place)) >= 0:
            if end > place:
                super().text(text[place:end], start + place)
            self._newline(start + end)
            place = end + 1
        if place < len(text):
            super().text(text[place:], start + place)

    def _newline(self, start: int) -> None:
        """End a line: a list item ends too, and after a line without text the paragraph."""
        if self.flat:
            self.pieces.append(Break(start, start + 1))
        elif self.one_line or not (self.visible or self.solid):
            self.flush()
        else:
            self.pieces.append(Break(start, start + 1))
            self.visible = self.solid = False

    def hidden(self, node: Hidden) -> None:
        self.solid = True
        if node.what != "comment":
            self.count(f"{node.what} left out")
            self.gap(node)

    def heading(self, node: Heading) -> None:
        if self.flat:
            super().heading(node)
            return
        self.flush()
        self.left(node.title, "a heading")
        title = plain(node.title)
        self.headings = [h for h in self.headings if h.level < node.level] + [_Title(node.level, title, title.casefold().strip(" :."))]
        self.section = tuple(h.title for h in self.headings)
        self.left_out = any(h.name in words("sections", "left_out") for h in self.headings)
        self.sees_also = any(h.name in words("sections", "see_also") for h in self.headings)

    # -- tags

    def tag(self, node: Tag) -> None:
        if node.name == "ref":
            self.mark(node, self.references.tag(node))
        elif node.name == "references":
            self._reference_list((node.children or (),), node.attributes.get("group", "").strip("\"' "))
        elif node.name == "gallery":
            self.gap(node)
            self._gallery(node)
        elif self.flat:
            super().tag(node)
        elif node.name in words("tags", "heading"):
            self.heading(Heading(node.start, node.end, int(node.name[1]), node.children or ()))
        elif node.name == "table":
            self.flush()
            self._table(node)
        elif node.name == "br":
            self.pieces.append(Break(node.start, node.end))
        elif node.name in words("tags", "item"):
            self._item(node)
        elif node.name == "pre":
            self.flush()
            super().tag(node)
            self.flush()
        elif node.name in words("tags", "block"):
            self.flush()
            self.walk(node.children or ())
            self.flush()
        else:
            super().tag(node)

    def mark(self, node: Node, references: Sequence[int]) -> None:
        """Add references at this position."""
        self.pieces += [Mark(node.start, node.end, reference) for reference in references]
        self.solid = True

    def _item(self, node: Tag) -> None:
        """Start a list item (wiki markup; ``:`` alone only indents), or handle all of it (HTML)."""
        in_prefix = self.one_line and not self.visible
        described = self.one_line and self.kind is PassageKind.ITEM
        if not in_prefix:
            self.flush()
        if node.markup != ":" or described:
            self.kind = PassageKind.ITEM
        self.one_line = bool(node.markup)
        if node.children:
            self.walk(node.children)
            self.flush()

    def template_list(self, node: Template, items: list[Parameter]) -> None:
        if not self.flat and self.visible and template_name(node.name) in words("templates", "list", "inline"):
            self._inline_list(node, items, ", ")
            return
        if self.flat:
            super().template_list(node, items)
            return
        for item in items:
            self.flush()
            self.kind = PassageKind.ITEM
            self.walk(item.value)
        self.flush()

    def block(self, node: Template, content: Parameter | None) -> None:
        if self.flat:
            super().block(node, content)
            return
        self.flush()
        if content:
            self.walk(content.value)
        self.flush()
        for other in node.parameters:
            if other is not content:
                self.left(other.value, "an argument that is not shown")

    def _table(self, node: Tag) -> None:
        table = Table(node)
        if table.is_layout():
            self._strays(table)
            for tag in table.cells():
                self.flush()
                self.walk(tag.children or ())
            self.flush()
            return
        seen: dict[int, list[Piece]] = {}
        for caption in table.captions():
            self.caption(caption, node.start)
        self._strays(table)
        for row in table.rows():
            for cell in row:
                if id(cell.tag) not in seen:
                    seen[id(cell.tag)] = self.inline(cell.tag.children or ())
            cells = tuple(BlockCell(seen[id(c.tag)], c.header, c.from_above) for c in row)
            start = min(c.tag.start for c in row if not c.from_above)
            self.add(Block(PassageKind.ROW, [], start, self.section, cells=cells))
        for tag in table.headers():
            self.left(tag.children or (), "a table's header")

    def _strays(self, table: Table) -> None:
        """Handle the content of a table outside its cells, which browsers show before the table."""
        for nodes in table.strays():
            self.flush()
            self.walk(nodes)
        self.flush()

    # -- beside the text

    def image(self, node: Link) -> None:
        self.count("image")
        super().image(node)
        caption, options = image_caption(node, foreign=bool(self.namespaces))
        self.left(options, "an image's options")
        self.caption(caption, node.start)

    def caption(self, nodes: Sequence[Node], start: int) -> None:
        """Add a block for the caption of an image or table."""
        if nodes:
            self.add(Block(PassageKind.CAPTION, self.inline(nodes), start, self.section))

    def _gallery(self, node: Tag) -> None:
        self.caption(gallery_caption(node), node.start)
        for start, caption in gallery_lines(node):
            self.count("image")
            self.caption(caption, start)

    def category(self, node: Link, title: str) -> None:
        self.gap(node)
        self._categorise(title)

    def _categorise(self, title: str) -> None:
        self.count("category")
        self.found.categories.append(title)

    def beside(self, node: Template, use: str, detail: str) -> None:
        if use == "infobox" and self.in_field:
            self.gap(node)
            return
        if use == "unknown" and self._shows_first(node):
            return
        if use == "page" and self._page(node):
            return
        self.gap(node)
        if use == "hatnote":
            self.found.hatnotes.append((template_name(node.name), tuple(hatnote_targets(node, detail))))
            self.left_of(node, "a hatnote")
        elif use == "infobox":
            self._infobox(node)
        elif use == "reference_list":
            group = next((p.raw.strip().strip("\"'") for p in node.parameters if p.name.casefold() == "group"), "")
            self._reference_list([p.value for p in node.parameters], group)
        elif use == "images":
            self.count("image")
            for parameter, is_caption in captions(node):
                if is_caption:
                    self.caption(parameter.value, parameter.start)
                else:
                    self.left(parameter.value, "an image's options")
        elif use == "short_citation":
            self.mark(node, self.references.short(node))
        elif use == "reference":
            self.mark(node, self.references.template(node))
        elif use == "named_reference":
            self.mark(node, list(self._named(node)))
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

    def _named(self, node: Template) -> Iterator[int]:
        """Return the footnotes of ``{{r|a|b|p2=12}}``."""
        given = {p.name.casefold(): p.raw.strip() for p in node.parameters}
        group = given.get("group", given.get("g", ""))
        for number in (key for key, value in given.items() if key.isdigit() and value):
            pages = (f"{key}{end}" for end in (number, "") if end or number == "1" for key in ("p", "pp", "page", "pages"))
            footnote = self.references.use(given[number], group, node.start, node.end)
            yield self.references.paged(footnote, next((given[key] for key in pages if given.get(key)), ""))

    def _page(self, node: Template) -> bool:
        """Handle ``{{rp|12}}``: the page in the reference before it, if there is one."""
        mark = self.pieces[-1] if self.pieces else None
        if not isinstance(mark, Mark) or not node.parameters:
            return False
        footnote = self.references.paged(mark.reference, plain(node.parameters[0].value))
        self.pieces[-1] = mark._replace(end=node.end, reference=footnote)
        return True

    def harvard_text(self, node: Template, detail: str) -> None:
        super().harvard_text(node, detail)
        self.mark(node, self.references.short(node))

    def _reference_list(self, parts: Sequence[Sequence[Node]], group: str) -> None:
        outer, self.group = self.group, group
        for nodes in parts:
            self.left(nodes, "the reference list")
        self.group = outer

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

    def _infobox(self, node: Template) -> None:
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
                self.add(Block(kind, self._field(parameter.value), parameter.start, self.section, parameter.name))
            elif not inner:
                self.left(parameter.value, "a field left out")
            for infobox in inner:
                fields += self._fields(infobox)
        return fields

    def _field(self, value: Sequence[Node]) -> list[Piece]:
        outer, self.in_field = self.in_field, True
        pieces = self.inline(value)
        self.in_field = outer
        return pieces

    # -- accounts

    def left(self, nodes: Sequence[Node], where: str) -> None:
        """Handle nodes outside the text: their references and categories are kept, their links and images counted."""
        for node in nodes:
            if isinstance(node, Tag) and node.name == "ref":
                for _ in self.references.tag(node, self.group):
                    self.count(f"reference in {where}")
                continue
            if isinstance(node, Link):
                self._left_target(read_target(node.target, self.namespaces), where)
            elif isinstance(node, Template) and is_citation(node):
                self.references.full(node)
            elif isinstance(node, Template) and template_use(template_name(node.name))[0] == "reference":
                self.references.template(node)
            elif isinstance(node, Template) and template_use(template_name(node.name))[0] == "footnote":
                self.references.note(node)
            for part in parts(node):
                self.left(part, where)

    def _left_target(self, target: Target, where: str) -> None:
        if target.sort == "category" and not target.inline:
            self._categorise(target.title)
        else:
            self.count("image" if target.sort == "file" else f"link in {where}")

    def count(self, reason: str) -> None:
        self.found.notes[reason] += 1


def _start(pieces: list[Piece]) -> int:
    """Return where the first text of a block begins."""
    return next((p.start for p in pieces if isinstance(p, Run) and not p.text.isspace()), pieces[0].start)
