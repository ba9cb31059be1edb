"""Wikitext as a tree of plain nodes with their offsets.

Offsets are code points into the text that was parsed, half open. ``kg.wikitext.markup.parser`` makes the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias


class Text(NamedTuple):
    """Plain text, quote marks for bold and italics included."""

    start: int
    end: int
    text: str


class LinkNode(NamedTuple):
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
    """An HTML or extension tag, or wiki markup for one (``*``, ``{|`` …, then ``markup`` holds it).

    ``places`` maps its attributes to the offsets of their values.
    """

    start: int
    end: int
    name: str
    attributes: dict[str, str]
    children: tuple[Node, ...] | None
    markup: str
    children_start: int
    places: dict[str, int]


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


Node: TypeAlias = Text | LinkNode | External | Template | Tag | Heading | Character | Hidden


_LEAVES = frozenset({Text, Character, Hidden})


def descend(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield every node of a tree in text order, parents before children."""
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        yield node
        if type(node) not in _LEAVES:
            waiting += reversed(_children(node))


def parts(node: Node) -> Iterator[tuple[Node, ...]]:
    """The lists of nodes inside a node."""
    if isinstance(node, (LinkNode, External)):
        yield node.label or ()
    elif isinstance(node, Template):
        for parameter in node.parameters:
            yield parameter.value
    elif isinstance(node, Tag):
        yield node.children or ()
    elif isinstance(node, Heading):
        yield node.title


def _children(node: Node) -> Sequence[Node]:
    """The nodes right inside a node."""
    if isinstance(node, Template):
        return [child for parameter in node.parameters for child in parameter.value]
    return next(parts(node), ())


def texts(node: Node) -> Iterator[Text]:
    """The plain text in a node, in order."""
    return (n for n in descend([node]) if isinstance(n, Text))
