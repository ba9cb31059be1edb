"""Convert templates within a line to pieces: what a reader sees of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from kg.wikitext.knowledge import table, template_name, template_use, words
from kg.wikitext.markup.links import read_target
from kg.wikitext.markup.nodes import Node, Parameter, Template, Text, descend
from kg.wikitext.markup.parser import parse
from kg.wikitext.markup.pieces import Break, Close, Open, Run
from kg.wikitext.markup.rendering import render
from kg.wikitext.markup.templates import FUNCTIONS, LINK_FUNCTIONS, Arguments
from kg.wikitext.markup.templates.parameters import argument, fill, is_language, segments, together
from kg.wikitext.markup.walker import Walker

_PLAIN_WORDS = re.compile(r"[^{}\[\]<>&']*")


class Inline(Walker):
    """Walks nodes and collects ``pieces``, those of templates by the tables in ``knowledge/templates.toml``."""

    def template(self, node: Template) -> None:
        """Handle a template according to the tables in ``knowledge/templates.toml``."""
        use, detail = template_use(template_name(node.name))
        if use in _HANDLERS:
            _HANDLERS[use](self, node, detail)
        else:
            self.beside(node, use, detail)

    def _literal(self, node: Template, text: str) -> None:
        self.run(Run(text, node.start, node.end, False))

    def _computed_link(self, node: Template, name: str) -> None:
        self._linked(node, *LINK_FUNCTIONS[name](arguments(node)))
        self.left_of(node, "a template whose text is computed")

    def _list(self, node: Template) -> None:
        title = "title" if template_name(node.name) in words("templates", "list", "titled") else ""
        self.template_list(node, _items(node, title))

    def _shown_argument(self, node: Template, shown: Parameter | None, italic: bool) -> None:
        if shown:
            self.around(node, shown.value, italic)
        else:
            self.gap(node)
        for other in node.parameters:
            if other is not shown:
                self.left(other.value, "an argument that is not shown")

    def _function(self, node: Template, name: str) -> None:
        """Handle a template whose text is computed. If a parser function returned one of its arguments, show that with its links."""
        given = arguments(node)
        text = FUNCTIONS[name](given)
        chosen = next((p for p in node.parameters if text and ":" in node.name and given.given[p.name.casefold()] == text), None)
        if chosen and not any(type(n) is Template for n in descend(chosen.value)):  # each would be read once for every level
            self._shown_argument(node, chosen, False)
        else:
            self._computed(node, text)

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
            self._literal(node, default)

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

    # -- overridden by Blocks or ArticleContent

    def block(self, node: Template, content: Parameter | None) -> None:
        """Handle a template with a block of text, such as a quotation."""
        self._shown_argument(node, content, False)

    def beside(self, node: Template, use: str, detail: str) -> None:  # noqa: ARG002
        """Handle a template outside the text."""
        self.gap(node)

    def left_of(self, node: Template, where: str) -> None:
        """Handle a template without arguments in the text."""
        for parameter in node.parameters:
            self.left(parameter.value, where)


def _items(node: Template, title: str | None = None) -> list[Parameter]:
    """Return the numbered parameters that are not blank, and the one called ``title``."""
    return [p for p in node.parameters if (p.name.isdigit() or p.name == title) and p.raw.strip()]


def arguments(node: Template) -> Arguments:
    """Return a template's arguments as a reader sees them. The text after a parser function's colon is the first."""
    given = {p.name.casefold(): plain(p.value) for p in node.parameters}
    name, colon, first = node.name.strip().partition(":")
    if not _PLAIN_WORDS.fullmatch(first):
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


_HANDLERS: dict[str, Callable[[Inline, Template, Any], None]] = {
    "literal": Inline._literal,
    "break": lambda walker, node, _: walker.pieces.append(Break(node.start, node.end)),
    "argument": lambda walker, node, names: walker._shown_argument(node, argument(node, names), False),
    "italic": lambda walker, node, names: walker._shown_argument(node, argument(node, names), True),
    "link": Inline._template_link,
    "country": lambda walker, node, title: walker._linked(node, title, title.partition(" (")[0]),
    "computed_link": Inline._computed_link,
    "shown": Inline._patterned,
    "status": Inline._status,
    "inline_list": lambda walker, node, last: walker._inline_list(node, _items(node), last),
    "function": Inline._function,
    "harvard_text": lambda walker, node, name: walker.harvard_text(node, name),
    "list": lambda walker, node, _: walker._list(node),
    "block": lambda walker, node, names: walker.block(node, argument(node, names)),
}
"""How to show a template, by its table in ``knowledge/templates.toml``; methods that subclasses override are looked up when called."""
