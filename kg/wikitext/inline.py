"""From nodes to pieces: what of links, templates and tags a reader sees within a line."""

from __future__ import annotations

import re

from kg.wikitext.knowledge import table, template_name, template_use
from kg.wikitext.links import TRAIL, read_target
from kg.wikitext.pieces import Close, Gap, Open, Piece, Quotes, Run
from kg.wikitext.render import render
from kg.wikitext.template_text import FUNCTIONS, Arguments
from kg.wikitext.tree import Character, External, Heading, Hidden, Link, Node, Parameter, Tag, Template, Text

_MARKS = re.compile(r"'{2,}|__[A-Z]+__")


class Inline:
    """Walks nodes and collects ``pieces``. What stands beside the text (references, images …) is left out here;
    ``Blocks`` keeps it.
    """

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def walk(self, nodes: tuple[Node, ...]) -> None:
        """Collect the pieces of ``nodes``."""
        for i, node in enumerate(nodes):
            if isinstance(node, Text):
                previous = nodes[i - 1] if i else None
                skip = _trail(previous, node) if isinstance(previous, Link) else 0
                self.text(node.text[skip:] if skip else node.text, node.start + skip)
            elif isinstance(node, Template):
                self.template(node)
            elif isinstance(node, Link):
                following = nodes[i + 1] if i + 1 < len(nodes) else None
                self.link(node, following if isinstance(following, Text) else None)
            elif isinstance(node, Tag):
                self.tag(node)
            elif isinstance(node, Character):
                self.run(Run(node.text, node.start, node.end, False))
            elif isinstance(node, External):
                self.external(node)
            elif isinstance(node, Heading):
                self.heading(node)
            elif isinstance(node, Hidden):
                self.hidden(node)

    # -- text

    def run(self, run: Run) -> None:
        """Text that is shown."""
        self.pieces.append(run)

    def text(self, text: str, start: int) -> None:
        """A text node, or the rest of one behind a link's trail."""
        if "''" not in text and "__" not in text:
            if text:
                self.run(Run(text, start, start + len(text)))
            return
        place = 0
        for match in _MARKS.finditer(text):
            if match.start() > place:
                self.run(Run(text[place : match.start()], start + place, start + match.start()))
            if match.group()[0] == "'":
                self.pieces.append(Quotes(len(match.group()), start + match.start(), start + match.end()))
            place = match.end()
        if place < len(text):
            self.run(Run(text[place:], start + place, start + len(text)))

    # -- links

    def link(self, node: Link, following: Text | None) -> None:
        """A wikilink, with the letters right behind it, which belong to its text."""
        target = read_target(node.target)
        if target.sort == "file" and not target.inline:
            self.image(node)
        elif target.sort == "category" and not target.inline:
            self.category(node, target.title)
        elif target.sort == "other" and not target.inline and node.label is None:
            self.count("link to another wiki or namespace")
        else:
            trail = _trail(node, following) if following else 0
            page = target.title if target.sort == "page" else ""
            if not page:
                self.count("link to a section of the article" if target.sort == "section" else "link to another wiki or namespace")
            self.pieces.append(Open(node.start, node.start, page, target.fragment))
            self._link_text(node)
            if trail and following:
                self.run(Run(following.text[:trail], following.start, following.start + trail))
            self.pieces.append(Close(node.end, node.end + trail))

    def _link_text(self, node: Link) -> None:
        if node.label:
            self.walk(node.label)
            return
        bare = node.target.strip().lstrip(":")
        if node.label is not None:
            bare = re.sub(r"\s*\([^()]*\)$|,\s.*$", "", re.sub(r"^[^:]*:", "", bare))
        begin = node.start + 2 + node.target.find(bare)
        self.run(Run(bare.replace("_", " "), begin, begin + len(bare), "_" not in bare))

    def external(self, node: External) -> None:
        """A link out of the wiki: its text, or the bare address."""
        self.pieces.append(Open(node.start, node.start))
        if node.label:
            self.walk(node.label)
        elif node.end - node.start == len(node.url):
            self.run(Run(node.url, node.start, node.end))
        else:
            self.pieces.append(Gap(node.start, node.end))
        self.pieces.append(Close(node.end, node.end))

    # -- templates

    def template(self, node: Template) -> None:
        """A template: what the tables in ``knowledge/templates.toml`` say of it."""
        use, detail = template_use(template_name(node.name))
        if use == "literal":
            self.run(Run(detail, node.start, node.end, False))
        elif use in ("argument", "italic"):
            self._shown(node, argument(node, detail), use == "italic")
        elif use == "link":
            self._template_link(node, detail)
        elif use == "function":
            self._computed(node, FUNCTIONS[detail](arguments(node)))
        elif use == "list":
            self.template_list(node)
        elif use == "quotation":
            self.quotation(node, argument(node, detail))
        else:
            self.beside(node, use)

    def _shown(self, node: Template, shown: Parameter | None, italic: bool) -> None:
        self.pieces.append(Open(node.start, node.start, italic=italic))
        if shown:
            self.walk(shown.value)
        else:
            self.pieces.append(Gap(node.start, node.end))
        self.pieces.append(Close(node.end, node.end))

    def _computed(self, node: Template, text: str) -> None:
        self.run(Run(text, node.start, node.end, False)) if text else self.pieces.append(Gap(node.start, node.end))

    def _template_link(self, node: Template, detail: dict[str, list[str]]) -> None:
        target, label = argument(node, detail["target"]), argument(node, detail["label"])
        title = read_target(target.raw).title if target else ""
        self.pieces.append(Open(node.start, node.start, title))
        if label:
            self.walk(label.value)
        else:
            self.pieces.append(Gap(node.start, node.end))
        self.pieces.append(Close(node.end, node.end))

    # -- tags

    def tag(self, node: Tag) -> None:
        """An HTML or extension tag."""
        tags = table("tags")
        if node.name in tags["hidden"]:
            self.pieces.append(Gap(node.start, node.end))
        elif node.name == "br":
            self.line_break(node)
        elif node.children is not None:
            self.pieces.append(Open(node.start, node.start, italic=node.name in tags["italic"]))
            self.walk(node.children)
            self.pieces.append(Close(node.end, node.end))

    # -- what Blocks does more with

    def line_break(self, node: Tag) -> None:
        """``<br>``."""
        self.run(Run(" ", node.start, node.end, False))

    def heading(self, node: Heading) -> None:
        """A heading inside other markup."""
        self.walk(node.title)

    def hidden(self, node: Hidden) -> None:
        """A comment, or an unfilled parameter."""

    def image(self, node: Link) -> None:
        """An image; its caption is no part of the line."""
        self.pieces.append(Gap(node.start, node.end))

    def category(self, node: Link, title: str) -> None:
        """A category."""
        self.pieces.append(Gap(node.start, node.end))

    def quotation(self, node: Template, quoted: Parameter | None) -> None:
        """A block quotation."""
        self._shown(node, quoted, False)

    def template_list(self, node: Template) -> None:
        """A list written as a template."""
        items = [p for p in node.parameters if p.name.isdigit()]
        self.pieces.append(Open(node.start, node.start))
        for i, item in enumerate(items):
            if i:
                self.run(Run(", ", item.start, item.start, False))
            self.walk(item.value)
        self.pieces.append(Close(node.end, node.end))

    def beside(self, node: Template, use: str) -> None:
        """A template that is no part of the text."""
        self.pieces.append(Gap(node.start, node.end))

    def count(self, reason: str) -> None:
        """Something was left out or mended."""


def argument(node: Template, names: list[str]) -> Parameter | None:
    """The first of the named parameters that is given and not blank."""
    given = {p.name.casefold(): p for p in node.parameters}
    return next((given[n] for n in names if n in given and given[n].raw.strip()), None)


def arguments(node: Template) -> Arguments:
    """A template's arguments as a reader sees them."""
    given = {p.name.casefold(): plain(p.value) for p in node.parameters}
    numbered = []
    while str(len(numbered) + 1) in given:
        numbered.append(given[str(len(numbered) + 1)])
    return Arguments(node.name.strip(), numbered, given)


def plain(nodes: tuple[Node, ...]) -> str:
    """What a reader sees of ``nodes``, on one line."""
    if not nodes:
        return ""
    if len(nodes) == 1 and isinstance(nodes[0], Text) and "''" not in nodes[0].text:
        return " ".join(nodes[0].text.split())
    walker = Inline()
    walker.walk(nodes)
    return render(walker.pieces).text


def _trail(link: Node | None, text: Text) -> int:
    if not isinstance(link, Link) or link.target.lstrip(" ").lower().startswith(("file:", "image:", "category:")):
        return 0
    match = TRAIL.match(text.text)
    return match.end() if match else 0
