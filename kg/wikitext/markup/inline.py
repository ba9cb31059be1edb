"""Convert nodes to pieces: what a reader sees of links, templates and tags within a line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from kg.wikitext.knowledge import table, template_name, template_use, words
from kg.wikitext.markup.characters import decode
from kg.wikitext.markup.leftovers import leftover_marks, leftover_table_marks
from kg.wikitext.markup.links import TRAIL, Site, Target, read_target
from kg.wikitext.markup.nodes import Character, External, Heading, Hidden, Link, Node, Parameter, Tag, Template, Text
from kg.wikitext.markup.parser import parse
from kg.wikitext.markup.pieces import Break, Close, Gap, Open, Piece, Quotes, Run
from kg.wikitext.markup.rendering import render
from kg.wikitext.markup.templates import FUNCTIONS, LINK_FUNCTIONS, Arguments
from kg.wikitext.markup.templates.parameters import argument, fill, is_language, segments, together

_PIPE_TRICK = re.compile(r"\s*\([^()]*\)$|,\s.*$")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNSEEN = re.compile(r"<!--.*?-->", re.DOTALL)
_UNSEEN_IN_ADDRESS = re.compile(r"[\u00ad\u200b-\u200d\u2060\ufeff]")
_NAMESPACE = re.compile(r"^:?[^:\s]+:(?=\S)")
_NOWIKI = re.compile(r"(<nowiki\s*>)((?:(?!</nowiki).)*+)(</nowiki\s*>)", re.IGNORECASE | re.DOTALL)


class Inline:
    """Walks nodes and collects ``pieces``.

    What is outside the text (references, images …) leaves a gap here; ``Blocks`` handles it.
    """

    def __init__(self, redirects: Mapping[str, str] | None = None, site: Site | None = None) -> None:
        self.pieces: list[Piece] = []
        self.namespaces = site.namespaces if site else ()
        self.redirects = redirects or {}

    def walk(self, nodes: Sequence[Node]) -> None:
        """Collect the pieces of ``nodes``."""
        trail = 0
        for i, node in enumerate(nodes):
            if isinstance(node, Text):
                self.text(node.text[trail:], node.start + trail)
                trail = 0
            else:
                following = nodes[i + 1] if i + 1 < len(nodes) else None
                trail = self.node(node, following if isinstance(following, Text) else None)

    def node(self, node: Node, following: Text | None) -> int:
        """Collect the pieces of a node other than text. Return the number of characters that it takes of the following text."""
        if isinstance(node, Template):
            self.template(node)
        elif isinstance(node, Link):
            return self.link(node, following)
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
        return 0

    # -- text

    def run(self, run: Run) -> None:
        """Add visible text."""
        self.pieces.append(run)

    def text(self, text: str, start: int) -> None:
        """Handle a text node (or its rest after a link's trail). Remaining signs are those of broken markup."""
        place = 0
        signs = leftover_table_marks() if "=" in text and "|" in text else leftover_marks()
        for match in signs.finditer(text):
            if match.start() > place:
                self.run(Run(text[place : match.start()], start + place, start + match.start()))
            place = match.end()
            self._sign(match.group(), start + match.start(), start + place)
        if place < len(text):
            self.run(Run(text[place:], start + place, start + len(text)))

    def _sign(self, sign: str, start: int, end: int) -> None:
        if sign[0] in "'`":
            self.pieces.append(Quotes(len(sign), start, end, sign[0] == "`"))
        elif sign[0] == "&":
            shown = decode(sign)
            self.run(Run(shown, start, end, shown == sign))
        elif sign[0] != "_":
            name = sign.strip("</>").partition(" ")[0].lower()
            self.pieces.append(Break(start, end) if sign[0] == "<" and name in words("tags", "break") else Gap(start, end))
            self.count("link not closed" if sign.startswith("[[") else "stray markup")

    def around(self, outer: Node, inner: Sequence[Node], italic: bool = False) -> None:
        """Add the pieces of ``inner``, inside the markup of ``outer``."""
        self.pieces.append(Open(outer.start, outer.start, italic=italic))
        self.walk(inner)
        self.pieces.append(Close(outer.end, outer.end))

    def gap(self, node: Node) -> None:
        """Add a gap for an omission."""
        self.pieces.append(Gap(node.start, node.end))

    # -- links

    def link(self, node: Link, following: Text | None) -> int:
        """Handle a wikilink. Return the number of immediately following letters, which belong to its text."""
        target = read_target(node.target, self.namespaces)
        if target.sort == "file" and not target.inline:
            self.image(node)
        elif target.sort == "category" and not target.inline:
            self.category(node, target.title)
        elif target.sort == "language" and not target.inline:
            self.gap(node)
            self.count("link to another wiki or namespace")
        elif "{{" in node.target and not node.label:
            self.gap(node)
            self.count("link to a computed page")
        else:
            return self._shown_link(node, target, following)
        return 0

    def _shown_link(self, node: Link, target: Target, following: Text | None) -> int:
        if target.sort != "page":
            self.count("link within the article" if target.sort == "section" else "link to another wiki or namespace")
        match = TRAIL.match(following.text) if following else None
        trail = match.end() if match else 0
        page = self.redirects.get(target.title, target.title) if target.sort == "page" and "{{" not in node.target else ""
        if any(isinstance(n, Link) for n in node.label or ()):
            page = ""  # links cannot contain links in MediaWiki; the inner one is the link
        self.pieces.append(Open(node.start, node.start, page, target.fragment))
        if node.label:
            self.walk(node.label)
        else:
            self._link_title(node)
        if trail and following:
            self.run(Run(following.text[:trail], following.start, following.start + trail))
        self.pieces.append(Close(node.end, node.end + trail))
        return trail

    def _link_title(self, node: Link) -> None:
        """Return the text of a link without one: its target; after a bare ``|``, without namespace and brackets (the pipe trick)."""
        bare = node.target.lstrip(" \n").removeprefix(":") if node.target.strip() else ""
        if node.label is not None:
            bare = _PIPE_TRICK.sub("", _NAMESPACE.sub("", bare.strip()))
        begin = node.start + 2 + max(0, node.target.find(bare))
        shown = _UNSEEN.sub("", decode(bare.replace("_", " ")))
        shown = unquote(shown) if _ENCODED.search(shown) else shown
        self.run(Run(shown, begin, begin + len(bare), shown == bare))

    def external(self, node: External) -> None:
        """Handle an external link: its text, or the bare address; nothing if it only shows a number."""
        if node.label:
            self.around(node, node.label)
        elif node.end - node.start == len(node.url):
            url = _UNSEEN_IN_ADDRESS.sub("", decode(node.url))
            self.run(Run(url, node.start, node.end, url == node.url))
        else:
            self.gap(node)

    # -- templates

    def template(self, node: Template) -> None:
        """Handle a template according to the tables in ``knowledge/templates.toml``."""
        use, detail = template_use(template_name(node.name))
        if use == "literal":
            self.run(Run(detail, node.start, node.end, False))
        elif use in ("argument", "italic"):
            self._shown_argument(node, argument(node, detail), use == "italic")
        elif use == "link":
            self._template_link(node, detail)
        elif use == "country":
            self._linked(node, detail, detail.partition(" (")[0])
        elif use == "computed_link":
            self._linked(node, *LINK_FUNCTIONS[detail](arguments(node)))
            self.left_of(node, "a template whose text is computed")
        elif use == "shown":
            self._patterned(node, detail)
        elif use == "status":
            self._status(node, detail)
        elif use == "inline_list":
            self._inline_list(node, [p for p in node.parameters if p.name.isdigit() and p.raw.strip()], detail)
        elif use == "function":
            self._computed(node, FUNCTIONS[detail](arguments(node)))
        elif use == "harvard_text":
            self.harvard_text(node, detail)
        elif use == "list":
            title = "title" if template_name(node.name) in words("templates", "list", "titled") else ""
            self.template_list(node, [p for p in node.parameters if (p.name.isdigit() or p.name == title) and p.raw.strip()])
        elif use == "block":
            self.block(node, argument(node, detail))
        else:
            self.beside(node, use, detail)

    def _shown_argument(self, node: Template, shown: Parameter | None, italic: bool) -> None:
        if shown:
            self.around(node, shown.value, italic)
        else:
            self.gap(node)
        for other in node.parameters:
            if other is not shown:
                self.left(other.value, "an argument that is not shown")

    def _computed(self, node: Template, text: str) -> None:
        if text:
            self.run(Run(text, node.start, node.end, False))
        else:
            self.gap(node)
        self.left_of(node, "a template whose text is computed")

    def harvard_text(self, node: Template, detail: str) -> None:
        """Handle a short citation that is part of the sentence: "Smith (2010)"."""
        self._computed(node, FUNCTIONS[detail](arguments(node)))

    def _template_link(self, node: Template, detail: dict[str, Any]) -> None:
        """Handle a link whose target and text are arguments; several joined, if the table has "1 2"."""
        if detail.get("foreign_first") and is_language(node):
            detail = {"target": ["3", "2"], "label": ["lt", "3", "2"]}
        target, label = (together(node, detail[part]) for part in ("target", "label"))
        if not label:
            self.gap(node)
            return
        title = read_target(" ".join(p.raw.strip() for p in target)).title
        if country := table("countries").get(title.upper()) if len(title) < 5 and title.isupper() else None:
            self._linked(node, country, plain(label[0].value) if label != target else country.partition(" (")[0])
            return
        self.pieces.append(Open(node.start, node.start, self.redirects.get(title, title)))
        for i, parameter in enumerate(label):
            if i:
                self.run(Run(" ", parameter.start, parameter.start, False))
            self.walk(parameter.value)
        self.pieces.append(Close(node.end, node.end))

    def _linked(self, node: Template, title: str, shown: str) -> None:
        """Add a link with computed target and text; text alone if there is no target."""
        if not shown:
            self.gap(node)
            return
        self.pieces.append(Open(node.start, node.start, self.redirects.get(title, title)))
        self.run(Run(shown, node.start, node.end, False))
        self.pieces.append(Close(node.end, node.end))

    def _patterned(self, node: Template, pattern: str) -> None:
        """Add arguments with text around them, by a pattern of knowledge/templates.toml."""
        filled = fill(node, segments(pattern))
        if not filled:
            self._shown_argument(node, None, False)
            return
        self.pieces.append(Open(node.start, node.start))
        place = node.start
        for part in filled:
            if isinstance(part, str):
                self.run(Run(part, place, place, False))
            else:
                self.within_line(part.value)
                place = part.end
        self.pieces.append(Close(node.end, node.end))
        for other in node.parameters:
            if other not in filled:
                self.left(other.value, "an argument that is not shown")

    def _status(self, node: Template, default: str) -> None:
        """Handle a cell with a status: its argument, or the template's default."""
        shown = argument(node, ["1"])
        if shown:
            self._shown_argument(node, shown, False)
        else:
            self.run(Run(default, node.start, node.end, False))

    def _inline_list(self, node: Template, items: list[Parameter], last: str) -> None:
        """Handle a list within a line; ``last`` precedes its last item."""
        self.pieces.append(Open(node.start, node.start))
        for i, item in enumerate(items):
            if i:
                self.run(Run(last if i == len(items) - 1 else ", ", item.start, item.start, False))
            self.within_line(item.value)
        self.pieces.append(Close(node.end, node.end))

    def template_list(self, node: Template, items: list[Parameter]) -> None:
        """Handle a list written as a template."""
        for item in items:
            self.pieces.append(Break(item.start, item.start, soft=False))
            self.walk(item.value)
        self.pieces.append(Break(node.end, node.end, soft=False))

    # -- tags

    def tag(self, node: Tag) -> None:
        """Handle an HTML or extension tag, or wiki markup for one."""
        if node.name in words("tags", "hidden") or node.name == "ref":
            self.gap(node)
            self.left(node.children or (), "a tag that is not shown")
        elif node.name in words("tags", "literal"):
            self._literally(node)
        elif node.name in words("tags", "break"):
            self.pieces.append(Break(node.start, node.end, soft=node.name == "br"))
            self.walk(node.children or ())
        elif node.children is not None:
            self.around(node, node.children, node.name in words("tags", "italic"))

    def _literally(self, node: Tag) -> None:
        """Handle ``<nowiki>`` and ``<pre>``: their content is literal; inside ``<pre>``, ``<nowiki>`` tags are dropped."""
        self.pieces.append(Open(node.start, node.start))
        for child in node.children or ():
            text = getattr(child, "text", "")
            place = child.start
            for i, part in enumerate(_NOWIKI.split(text) if node.name == "pre" else [text]):
                if part and not i % 2:
                    self.run(Run(part, place, place + len(part)))
                place += len(part)
        self.pieces.append(Close(node.end, node.end))

    # -- overridden by Blocks

    def within_line(self, nodes: Sequence[Node]) -> None:
        """Collect nodes with text around them that is not in the source, and that therefore belong to one block with it."""
        self.walk(nodes)

    def heading(self, node: Heading) -> None:
        """Handle a heading inside other markup."""
        self.walk(node.title)

    def hidden(self, node: Hidden) -> None:
        """Handle a comment, or an unfilled parameter."""

    def image(self, node: Link) -> None:
        """Handle an image, which separates the words around it; its caption is not part of the line."""
        self.run(Run(" ", node.start, node.end, False))
        self.gap(node)

    def category(self, node: Link, title: str) -> None:  # noqa: ARG002
        """Handle a category."""
        self.gap(node)

    def block(self, node: Template, content: Parameter | None) -> None:
        """Handle a template with a block of text, such as a quotation."""
        self._shown_argument(node, content, False)

    def beside(self, node: Template, use: str, detail: str) -> None:  # noqa: ARG002
        """Handle a template outside the text."""
        self.gap(node)

    def left(self, nodes: Sequence[Node], where: str) -> None:
        """Handle nodes outside the text."""

    def left_of(self, node: Template, where: str) -> None:
        """Handle a template without arguments in the text."""
        for parameter in node.parameters:
            self.left(parameter.value, where)

    def count(self, reason: str) -> None:
        """Count an omission or repair."""


def arguments(node: Template) -> Arguments:
    """Return a template's arguments as a reader sees them. The text after a parser function's colon is the first."""
    given = {p.name.casefold(): plain(p.value) for p in node.parameters}
    name, colon, first = node.name.strip().partition(":")
    if "{{" in first or "[[" in first or "&" in first:
        first = plain(parse(first))
    numbered = [first.strip()] if colon else []
    for number in range(1, len(given) + 1):
        if str(number) not in given:
            break
        numbered.append(given[str(number)])
    return Arguments(name, numbered, given)


def plain(nodes: Sequence[Node]) -> str:
    """Return what a reader sees of ``nodes``, on one line."""
    if not nodes:
        return ""
    if len(nodes) == 1 and isinstance(nodes[0], Text) and "''" not in nodes[0].text:
        return " ".join(nodes[0].text.split())
    walker = Inline()
    walker.walk(nodes)
    return render(walker.pieces).text
