"""Split the tree of an article into blocks of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.wikitext.article import PassageKind
from kg.wikitext.knowledge import table, template_name, words
from kg.wikitext.markup.inline import Inline, plain
from kg.wikitext.markup.links import Site
from kg.wikitext.markup.nodes import Heading, Hidden, Node, Parameter, Tag, Template, Text, texts
from kg.wikitext.markup.pieces import Block, BlockCell, Break, Fault, Found, Piece, Run
from kg.wikitext.markup.walker import has_signs
from kg.wikitext.sections import Section
from kg.wikitext.table_grid import Table


class Blocks(Inline):
    """Walks the whole article and splits it into blocks.

    ``flat`` is above 0 inside a cell, caption or field, each of which is always one block; ``visible`` is true if the current line shows
    text so far; ``solid`` if it contains something that prevents it from counting as blank (a comment, a reference).
    """

    def __init__(self, found: Found, redirects: Mapping[str, str] | None = None, site: Site | None = None) -> None:
        super().__init__(redirects, site)
        self.found = found
        self.section = Section()
        self.kind = PassageKind.SENTENCE
        self.one_line = False
        self.flat = 0
        self.visible = False
        self.solid = False

    # -- blocks

    def flush(self) -> None:
        """End the block."""
        while self.pieces and type(self.pieces[-1]) is Break:
            self.pieces.pop()
        if self.pieces:
            self.add(Block(self.kind, self.pieces, _start(self.pieces), self.section.path))
        self.pieces = []
        self.kind = PassageKind.SENTENCE
        self.one_line = self.visible = self.solid = False

    def add(self, block: Block) -> None:
        """Add a block."""
        self.found.blocks.append(block)

    def caption(self, nodes: Sequence[Node], start: int) -> None:
        """Add a block for the caption of an image or table."""
        if nodes:
            self.add(Block(PassageKind.CAPTION, self.inline(nodes), start, self.section.path))

    def inline(self, nodes: Sequence[Node]) -> list[Piece]:
        """Return the pieces of a cell, caption or field, with their references."""
        if len(nodes) == 1 and type(only := nodes[0]) is Text and (run := _only_run(only)):
            return [run]
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
        """As in Inline; if an error occurs, the node's plain text is kept and the fault is noted."""
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

    def count(self, reason: str) -> None:
        self.found.notes[reason] += 1

    # -- text

    def run(self, run: Run) -> None:
        self.pieces.append(run)
        if not self.visible and not run.text.isspace():
            self.visible = True

    def text(self, text: str, start: int) -> None:
        if "\n" not in text:
            super().text(text, start)
            return
        signs, broken = has_signs(text), False
        for line in text.split("\n"):
            if broken:
                self._newline(start - 1)
            broken = True
            end = start + len(line)
            if signs and line:
                super().text(line, start)
            elif line:
                self.run(Run(line, start, end))
            start = end + 1

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
        self.section = self.section.entered(node.level, plain(node.title))

    # -- tags, lists and tables

    def tag(self, node: Tag) -> None:
        if self.flat:
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
        said = _said(node, content)
        if said:
            self.run(Run("— ", said[0].start, said[0].start, False))
            self._inline_list(node, said, ", ")
            self.flush()
        for other in node.parameters:
            if other is not content and other not in said:
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
            cells = tuple([BlockCell(self._cell(c.tag, seen), c.header, c.from_above) for c in row])
            start = min([c.tag.start for c in row if not c.from_above])
            self.add(Block(PassageKind.ROW, [], start, self.section.path, cells=cells))
        for tag in table.headers():
            self.left(tag.children or (), "a table's header")

    def _cell(self, tag: Tag, seen: dict[int, list[Piece]]) -> list[Piece]:
        """Return the pieces of a cell; ``seen`` caches them for cells that extend into further rows."""
        pieces = seen.get(id(tag))
        if pieces is None:
            pieces = seen[id(tag)] = self.inline(tag.children or ())
        return pieces

    def _strays(self, table: Table) -> None:
        """Handle the content of a table outside its cells, which browsers show before the table."""
        for nodes in table.strays():
            self.flush()
            self.walk(nodes)
        self.flush()


def _only_run(node: Text) -> Run | None:
    """Return a text of one line without markup, as most cells are; None for any other. Line ends around it are not shown."""
    text = node.text
    shown = text.strip("\n")
    if not shown or "\n" in shown or has_signs(shown):
        return None
    start = node.start if shown[0] == text[0] else node.start + text.index(shown)
    return Run(shown, start, start + len(shown))


def _said(node: Template, content: Parameter | None) -> list[Parameter]:
    """Return the arguments of a quotation that name its author or source."""
    rules = table("templates")["said"]
    numbered = rules["numbered"].get(template_name(node.name))
    if numbered is None:
        return []
    given = {p.name.casefold(): p for p in node.parameters if p.raw.strip() and p is not content}
    return [given[name] for name in (*rules["arguments"], *numbered) if name in given]


def _start(pieces: list[Piece]) -> int:
    """Return where the first text of a block begins."""
    for piece in pieces:
        if type(piece) is Run and not piece.text.isspace():
            return piece.start
    return pieces[0].start
