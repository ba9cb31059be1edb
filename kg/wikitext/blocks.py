"""From the tree of an article to its blocks of text, its references and what stands beside the text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from kg.wikitext.article import Infobox, PassageKind
from kg.wikitext.inline import Inline, plain
from kg.wikitext.knowledge import table, template_name
from kg.wikitext.links import read_target
from kg.wikitext.pieces import Break, Gap, Mark, Open, Piece, Run
from kg.wikitext.references import References
from kg.wikitext.tree import Heading, Hidden, Link, Node, Parameter, Tag, Template, Text, descend, parse


@dataclass(frozen=True, slots=True)
class BlockCell:
    """The pieces of a table cell and the header of its column."""

    pieces: list[Piece]
    header: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item, caption, field or (with ``cells``) table row, still in pieces."""

    kind: PassageKind
    pieces: list[Piece]
    start: int
    section: tuple[str, ...]
    name: str = ""
    cells: tuple[BlockCell, ...] = ()


@dataclass
class Found:
    """What the walk through an article collects."""

    notes: Counter[str] = field(default_factory=Counter)
    blocks: list[Block] = field(default_factory=list)
    hatnotes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    see_also: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    infobox: Infobox | None = None


class Blocks(Inline):
    """Walks the whole article and splits it into blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Found()
        self.references = References(self.found.notes)
        self.headings: list[tuple[int, str]] = []
        self.kind = PassageKind.SENTENCE
        self.flat = 0
        self.visible = False
        self.beside_only = False
        self.left_out = False
        self.sees_also = False

    # -- blocks

    def flush(self) -> None:
        """End the block."""
        if any(isinstance(p, Run) and p.text.strip() for p in self.pieces):
            self.add(Block(self.kind, self.pieces, self.pieces[0].start, self.section))
        self.pieces = []
        self.kind = PassageKind.SENTENCE
        self.visible = self.beside_only = False

    @property
    def section(self) -> tuple[str, ...]:
        """The heading path."""
        return tuple(title for _, title in self.headings)

    def add(self, block: Block) -> None:
        """Keep a block, unless its section is left out."""
        if self.left_out:
            self._left_out(block.pieces)
            return
        self.found.blocks.append(block)

    def _left_out(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, Open) and piece.target:
                if self.sees_also:
                    self.found.see_also.append(piece.target)
                    self.count("link in See also")
                else:
                    self.count("link in a section left out")
            elif isinstance(piece, Mark):
                self.count("reference in a section left out")

    def inline(self, nodes: tuple[Node, ...]) -> list[Piece]:
        """The pieces of a cell, caption or field, with their references."""
        outer, self.pieces = self.pieces, []
        self.flat += 1
        self.walk(nodes)
        self.flat -= 1
        found, self.pieces = self.pieces, outer
        return found

    # -- text

    def run(self, run: Run) -> None:
        super().run(run)
        if not self.visible and run.text.strip():
            self.visible = True

    def text(self, text: str, start: int) -> None:
        if "\n" not in text:
            super().text(text, start)
            return
        place = 0
        for match in re.finditer("\n", text):
            if match.start() > place:
                super().text(text[place : match.start()], start + place)
            self.newline(start + match.start())
            place = match.end()
        if place < len(text):
            super().text(text[place:], start + place)

    def newline(self, start: int) -> None:
        """A line ends: so does a list item, and after a line with no text the paragraph."""
        if self.flat:
            self.pieces.append(Break(start, start + 1))
        elif self.kind is PassageKind.ITEM or not (self.visible or self.beside_only):
            self.flush()
        else:
            self.pieces.append(Break(start, start + 1))
            self.visible = self.beside_only = False

    def line_break(self, node: Tag) -> None:
        self.pieces.append(Break(node.start, node.end, not self.flat))

    def hidden(self, node: Hidden) -> None:
        self.beside_only = True
        if node.what != "comment":
            self.count(node.what)
            self.pieces.append(Gap(node.start, node.end))

    def heading(self, node: Heading) -> None:
        if self.flat:
            self.walk(node.title)
            return
        self.flush()
        title = plain(node.title)
        for child in descend(node.title):
            if isinstance(child, Link):
                self.count("link in a heading")
            elif isinstance(child, Tag) and child.name == "ref":
                self.references.tag(child)
                self.count("reference in a heading")
        self.headings = [h for h in self.headings if h[0] < node.level] + [(node.level, title)]
        names = [t.casefold().strip(" :.") for _, t in self.headings]
        self.left_out = any(n in table("sections")["left_out"] for n in names)
        self.sees_also = any(n in table("sections")["see_also"] for n in names)

    # -- tags

    def tag(self, node: Tag) -> None:
        tags = table("tags")
        if node.name == "ref":
            index = self.references.tag(node)
            self.pieces.append(Mark(node.start, node.end, index))
            self.beside_only = True
        elif node.name == "references":
            self.define(node.children or ())
        elif node.name == "table" and not self.flat:
            self.table(node)
        elif node.name == "gallery":
            self.gallery(node)
        elif node.name in tags["item"] and not self.flat:
            self.item(node)
        elif node.name in tags["block"] and not self.flat:
            self.flush()
            self.walk(node.children or ())
            self.flush()
        else:
            super().tag(node)

    def item(self, node: Tag) -> None:
        """A list item's beginning (wiki markup), or a whole one (HTML)."""
        if not node.markup or self.visible:
            self.flush()
        if node.markup != ":" or self.kind is PassageKind.ITEM:
            self.kind = PassageKind.ITEM
        if node.children:
            self.walk(node.children)
            self.flush()

    def define(self, nodes: tuple[Node, ...]) -> None:
        """References that are defined where they are listed."""
        for node in descend(nodes):
            if isinstance(node, Tag) and node.name == "ref":
                self.references.tag(node)
                self.count("reference defined in the reference list")

    def table(self, node: Tag) -> None:
        """A table: a block for each row with text."""
        from kg.wikitext.tables import rows

        self.flush()
        for kind, start, cells in rows(node):
            if kind is PassageKind.CAPTION:
                self.add(Block(kind, self.inline(cells[0][0]), start, self.section))
                continue
            found = tuple(BlockCell(self.inline(nodes), header) for nodes, header in cells)
            self.add(Block(kind, [p for c in found for p in c.pieces], start, self.section, cells=found))
        self.flush()

    def gallery(self, node: Tag) -> None:
        """A gallery: a caption for each picture."""
        place = node.children_start
        for line in "".join(c.text for c in node.children or () if isinstance(c, Text)).split("\n"):
            name, bar, caption = line.partition("|")
            if bar:
                self.count("image")
                self.caption(parse(caption, place + len(name) + 1), place)
            place += len(line) + 1

    # -- beside the text

    def image(self, node: Link) -> None:
        self.count("image")
        self.beside(None, "image")
        self.pieces.append(Gap(node.start, node.end))
        caption = _caption(node.label or ())
        if caption:
            self.caption(caption, node.start)

    def caption(self, nodes: tuple[Node, ...], start: int) -> None:
        """A block for an image's caption."""
        block = Block(PassageKind.CAPTION, self.inline(nodes), start, self.section)
        if any(isinstance(p, Run) and p.text.strip() for p in block.pieces):
            self.add(block)

    def category(self, node: Link, title: str) -> None:
        self.count("category")
        self.found.categories.append(title)
        super().category(node, title)

    def quotation(self, node: Template, quoted: Parameter | None) -> None:
        if self.flat:
            super().quotation(node, quoted)
        else:
            self.flush()
            if quoted:
                self.walk(quoted.value)
            self.flush()

    def template_list(self, node: Template) -> None:
        if self.flat:
            super().template_list(node)
            return
        self.flush()
        for item in (p for p in node.parameters if p.name.isdigit()):
            self.kind = PassageKind.ITEM
            self.walk(item.value)
            self.flush()

    def beside(self, node: Template | None, use: str) -> None:
        if node is None:
            return
        self.pieces.append(Gap(node.start, node.end))
        if use == "hatnote":
            self.hatnote(node)
        elif use == "infobox":
            self.infobox(node)
        elif use == "reference_list":
            for parameter in node.parameters:
                self.define(parameter.value)
        elif use in ("footnote", "unknown", "citation", "short_citation", "named_reference", "images"):
            name = template_name(node.name)
            self.count(f"unknown template: {name}" if use == "unknown" else f"{use.replace('_', ' ')} template")
            self._inside(node)

    def _inside(self, node: Template) -> None:
        for child in descend((node,)):
            if isinstance(child, Tag) and child.name == "ref":
                self.references.tag(child)
                self.count("reference in a template left out")
            elif isinstance(child, Link):
                self.count("link in a template left out")

    def hatnote(self, node: Template) -> None:
        """A hatnote and the articles that it names."""
        numbered = [p for p in node.parameters if p.name.isdigit()]
        targets = tuple(t for t in (read_target(p.raw).title for p in numbered) if t)
        self.found.hatnotes.append((template_name(node.name), targets))

    def infobox(self, node: Template) -> None:
        """An infobox: its fields, and a block for each that says something."""
        rules = table("templates")["infobox"]
        fields = []
        for parameter in node.parameters:
            value = plain(parameter.value)
            if not value:
                continue
            name = parameter.name.strip().lower()
            fields.append((parameter.name, value))
            if re.match(rules["unread"], name) or re.match(rules["empty"], value.casefold().strip()):
                self._unread(parameter)
                continue
            self.add(Block(PassageKind.FIELD, self.inline(parameter.value), parameter.start, self.section, parameter.name))
        if self.found.infobox is None:
            self.found.infobox = Infobox(" ".join(node.name.split()), tuple(fields))

    def _unread(self, parameter: Parameter) -> None:
        for child in descend(parameter.value):
            if isinstance(child, Link):
                self.count("link in a field left out")
            elif isinstance(child, Tag) and child.name == "ref":
                self.references.tag(child)
                self.count("reference in a field left out")

    def count(self, reason: str) -> None:
        self.found.notes[reason] += 1


def _caption(label: tuple[Node, ...]) -> tuple[Node, ...]:
    """The caption of a file link: what stands behind the last ``|``, unless that is an option."""
    parts: list[list[Node]] = [[]]
    for node in label:
        if not isinstance(node, Text):
            parts[-1].append(node)
            continue
        place = node.start
        for i, text in enumerate(node.text.split("|")):
            if i:
                parts.append([])
            if text:
                parts[-1].append(Text(place, place + len(text), text))
            place += len(text) + 1
    captions = [p for p in parts if not _is_option(p)]
    return tuple(captions[-1]) if captions else ()


def _is_option(part: list[Node]) -> bool:
    if len(part) > 1 or (part and not isinstance(part[0], Text)):
        return isinstance(part[0], Text) and bool(re.match(r"\s*(alt|link|class|lang|page|upright)\s*=", part[0].text))
    text = part[0].text.strip().lower() if part and isinstance(part[0], Text) else ""
    return not text or bool(re.fullmatch(table("templates")["images"]["options"], text))
