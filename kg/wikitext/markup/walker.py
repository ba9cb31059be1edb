"""Convert nodes to pieces: what a reader sees of links and tags within a line; ``markup.inline`` adds the templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from urllib.parse import unquote

from kg.wikitext.knowledge import known_tags, words
from kg.wikitext.markup.characters import decode
from kg.wikitext.markup.links import TRAIL, Site, Target, read_target
from kg.wikitext.markup.nodes import Character, External, Heading, Hidden, LinkNode, Node, Tag, Template, Text
from kg.wikitext.markup.pieces import Break, Close, Gap, Open, Piece, Quotes, Run

_ATTRIBUTE_LIKE = r"</?[A-Za-z][^<>\n=]*=[^<>\n]*>"
_PIPE_TRICK = re.compile(r"\s*\([^()]*\)$|,\s.*$")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_CODED = re.compile(r"[&%_<]")
_UNSEEN = re.compile(r"<!--.*?-->", re.DOTALL)
_UNSEEN_IN_ADDRESS = re.compile(r"[\u00ad\u200b-\u200d\u2060\ufeff]")
_NAMESPACE = re.compile(r"^:?[^:\s]+:(?=\S)")
_NOWIKI = re.compile(r"(<nowiki\s*>)((?:(?!</nowiki).)*+)(</nowiki\s*>)", re.IGNORECASE | re.DOTALL)


class Walker:
    """Walks nodes and collects ``pieces``.

    What is outside the text (references, images …) leaves a gap here; ``ArticleContent`` handles it.
    """

    def __init__(self, redirects: Mapping[str, str] | None = None, site: Site | None = None) -> None:
        self.pieces: list[Piece] = []
        self.namespaces = site.namespaces if site else ()
        self.redirects = redirects or {}

    def walk(self, nodes: Sequence[Node]) -> None:
        """Collect the pieces of ``nodes``."""
        trail = 0
        for i, node in enumerate(nodes, 1):
            if type(node) is Text:
                self.text(node.text[trail:], node.start + trail)
                trail = 0
            else:
                following = nodes[i] if type(node) is LinkNode and i < len(nodes) else None
                trail = self.node(node, following if type(following) is Text else None)

    def node(self, node: Node, following: Text | None) -> int:
        """Collect the pieces of a node other than text. Return the number of characters that it takes of the following text."""
        if type(node) is LinkNode:
            return self.link(node, following)
        if type(node) is Template:
            self.template(node)
        elif type(node) is Tag:
            self.tag(node)
        elif type(node) is Character:
            self.run(Run(node.text, node.start, node.end, False))
        elif type(node) is External:
            self.external(node)
        elif type(node) is Heading:
            self.heading(node)
        elif type(node) is Hidden:
            self.hidden(node)
        return 0

    # -- text

    def run(self, run: Run) -> None:
        """Add visible text."""
        self.pieces.append(run)

    def text(self, text: str, start: int) -> None:
        """Handle a text node (or its rest after a link's trail). Remaining signs are those of broken markup."""
        place = 0
        for match in _signs(text).finditer(text):
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

    def link(self, node: LinkNode, following: Text | None) -> int:
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

    def _shown_link(self, node: LinkNode, target: Target, following: Text | None) -> int:
        if target.sort != "page":
            self.count("link within the article" if target.sort == "section" else "link to another wiki or namespace")
        match = TRAIL.match(following.text) if following else None
        trail = match.end() if match else 0
        page = self.redirects.get(target.title, target.title) if target.sort == "page" and "{{" not in node.target else ""
        if page and node.label and any(type(n) is LinkNode for n in node.label):
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

    def _link_title(self, node: LinkNode) -> None:
        """Return the text of a link without one: its target; after a bare ``|``, without namespace and brackets (the pipe trick)."""
        if node.label is None and node.target[:1].isalnum() and not _CODED.search(node.target):
            self.run(Run(node.target, node.start + 2, node.start + 2 + len(node.target)))
            return
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

    # -- overridden by Inline, Blocks or ArticleContent

    def template(self, node: Template) -> None:
        """Handle a template."""

    def within_line(self, nodes: Sequence[Node]) -> None:
        """Collect nodes with text around them that is not in the source, and that therefore belong to one block with it."""
        self.walk(nodes)

    def heading(self, node: Heading) -> None:
        """Handle a heading inside other markup."""
        self.walk(node.title)

    def hidden(self, node: Hidden) -> None:
        """Handle a comment, or an unfilled parameter."""

    def image(self, node: LinkNode) -> None:
        """Handle an image, which separates the words around it; its caption is not part of the line."""
        self.run(Run(" ", node.start, node.end, False))
        self.gap(node)

    def category(self, node: LinkNode, title: str) -> None:  # noqa: ARG002
        """Handle a category."""
        self.gap(node)

    def left(self, nodes: Sequence[Node], where: str) -> None:
        """Handle nodes outside the text."""

    def count(self, reason: str) -> None:
        """Count an omission or repair."""


def has_signs(text: str) -> bool:
    """Whether a text, or a line of it, has signs that remain of broken markup."""
    return _signs(text).search(text) is not None


def _signs(text: str) -> re.Pattern[str]:
    return _leftover_table_marks() if "=" in text and "|" in text else _leftover_marks()


@cache
def _leftover_marks() -> re.Pattern[str]:
    """Return the pattern of signs left in a text after parsing: quotes, behaviour switches, character references, broken markup."""
    tags = "|".join(sorted(known_tags()))
    switches = "|".join(sorted(words("tags", "switches")))
    # Each alternative begins with a sign, so that the search runs over letters.
    return re.compile(
        rf"''+|``|__(?:{switches})__"
        r"|&(?:#0*+\d{1,7}|#[xX]0*+[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30}|רלמ|رلم);"
        r"|\[\[(?:File|Image|Category)\s*:[^\n]*|\[\[(?:[^\[\]|\n]{0,200}\|)?|\]\]"
        rf"|\{{\{{+|\}}\}}+|\{{\||\|\}}|</?(?:{tags})(?=[\s/>])[^<>\n]*>|{_ATTRIBUTE_LIKE}|<!--|-->",
        re.IGNORECASE,
    )


@cache
def _leftover_table_marks() -> re.Pattern[str]:
    """Return the same pattern with the attributes and signs of tables within a line."""
    attribute = (
        r"""\b(?:class|style|rowspan|colspan|align|valign|bgcolor|scope|cell(?:padding|spacing))\s*=\s*(?:"[^"\n]*"|'[^'\n]*'|\d[\w%]*)"""
    )
    return re.compile(rf"{_leftover_marks().pattern}|(?:{attribute}\s*)+(?:\|(?!\|))?|\|-+|\|\+|\|\||!!", re.IGNORECASE)
