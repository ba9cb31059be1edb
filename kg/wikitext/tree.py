"""The one place that knows mwparserfromhell: wikitext to a tree of plain nodes that know where they stand.

Offsets are code points into the text that was parsed, half open. mwparserfromhell keeps no offsets but reproduces its
input exactly, so they follow from the lengths of what it gives back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import mwparserfromhell
from mwparserfromhell import nodes as mw


class Text(NamedTuple):
    """Plain text, quote marks for bold and italics included."""

    start: int
    end: int
    text: str


class Link(NamedTuple):
    """``[[target|label]]``; ``label`` is None where there is no ``|``."""

    start: int
    end: int
    target: str
    label: tuple[Node, ...] | None


class External(NamedTuple):
    """``[url label]`` or a bare URL; ``label`` is None where there is none."""

    start: int
    end: int
    url: str
    label: tuple[Node, ...] | None


class Parameter(NamedTuple):
    """An argument of a template: its name (or number) and its value, as nodes and as written."""

    name: str
    named: bool
    start: int
    end: int
    value: tuple[Node, ...]
    raw: str


class Template(NamedTuple):
    """``{{name|…}}``."""

    start: int
    end: int
    name: str
    parameters: tuple[Parameter, ...]


class Tag(NamedTuple):
    """An HTML or extension tag, or wiki markup for one (``*``, ``{|`` …, then ``markup`` holds it)."""

    start: int
    end: int
    name: str
    attributes: dict[str, str]
    children: tuple[Node, ...] | None
    markup: str
    children_start: int


class Heading(NamedTuple):
    """A section's heading."""

    start: int
    end: int
    level: int
    title: tuple[Node, ...]


class Character(NamedTuple):
    """A character written as an HTML entity."""

    start: int
    end: int
    text: str


class Hidden(NamedTuple):
    """What no reader sees: a comment, or a template's unfilled parameter."""

    start: int
    end: int
    what: str


Node: TypeAlias = Text | Link | External | Template | Tag | Heading | Character | Hidden


def parse(wikitext: str, offset: int = 0) -> tuple[Node, ...]:
    """The nodes of ``wikitext``; their offsets are moved by ``offset``."""
    return _convert(mwparserfromhell.parse(wikitext, skip_style_tags=True), offset)


def descend(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every node of a tree, parents before children, in the order of the text."""
    for node in nodes:
        yield node
        for part in parts(node):
            yield from descend(part)


def parts(node: Node) -> Iterator[tuple[Node, ...]]:
    """The lists of nodes inside a node."""
    if isinstance(node, Link | External):
        yield node.label or ()
    elif isinstance(node, Template):
        for parameter in node.parameters:
            yield parameter.value
    elif isinstance(node, Tag):
        yield node.children or ()
    elif isinstance(node, Heading):
        yield node.title


def _convert(code: Any, start: int) -> tuple[Node, ...]:
    found: list[Node] = []
    for node in code.nodes:
        end = start + len(str(node))
        found.append(_CONVERTERS[type(node)](node, start, end))
        start = end
    return tuple(found)


def _text(node: Any, start: int, end: int) -> Node:
    return Text(start, end, node.value)


def _link(node: Any, start: int, end: int) -> Node:
    target = str(node.title)
    label = None if node.text is None else _convert(node.text, start + 3 + len(target))
    return Link(start, end, target, label)


def _external(node: Any, start: int, end: int) -> Node:
    url = str(node.url)
    if node.title is None:
        return External(start, end, url, None)
    return External(start, end, url, _convert(node.title, end - 1 - len(str(node.title))))


def _template(node: Any, start: int, end: int) -> Node:
    name = str(node.name)
    place = start + 2 + len(name)
    parameters = []
    for parameter in node.params:
        key = str(parameter.name)
        finish = place + len(str(parameter)) + 1
        begin = place + 1 + (len(key) + 1 if parameter.showkey else 0)
        parameters.append(Parameter(key.strip(), parameter.showkey, begin, finish, _convert(parameter.value, begin), str(parameter.value)))
        place = finish
    return Template(start, end, name, tuple(parameters))


def _tag(node: Any, start: int, end: int) -> Node:
    attributes = {str(a.name).strip().lower(): "" if a.value is None else str(a.value) for a in node.attributes}
    name = str(node.tag).strip().lower()
    markup = node.wiki_markup or ""
    if node.contents is None or node.self_closing:
        return Tag(start, end, name, attributes, None, markup, end)
    closing = (node.closing_wiki_markup or "") if markup else f"</{node.closing_tag}>"
    begin = end - len(closing) - len(str(node.contents))
    return Tag(start, end, name, attributes, _convert(node.contents, begin), markup, begin)


def _heading(node: Any, start: int, end: int) -> Node:
    return Heading(start, end, node.level, _convert(node.title, start + node.level))


def _character(node: Any, start: int, end: int) -> Node:
    try:
        return Character(start, end, node.normalize())
    except (ValueError, OverflowError):
        return Text(start, end, str(node))


def _hidden(node: Any, start: int, end: int) -> Node:
    return Hidden(start, end, "comment" if isinstance(node, mw.Comment) else "template parameter")


_CONVERTERS = {
    mw.Text: _text,
    mw.Wikilink: _link,
    mw.ExternalLink: _external,
    mw.Template: _template,
    mw.Tag: _tag,
    mw.Heading: _heading,
    mw.HTMLEntity: _character,
    mw.Comment: _hidden,
    mw.Argument: _hidden,
}
