"""Captions of images, galleries and picture templates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.wikitext.knowledge import table
from kg.wikitext.markup.nodes import Link, Node, Parameter, Tag, Template, Text
from kg.wikitext.markup.parser import parse

_OPTION_NAME = re.compile(r"\s*(alt|link|class|lang|page|upright|thumb|start|end|thumbtime)\s*=")


def image_caption(node: Link) -> tuple[list[Node], list[Node]]:
    """The caption of a file link, and the rest: MediaWiki takes the last part between ``|`` that is no option."""
    parts = _split(node.label or ())
    captions = [p for p in parts if p and not _is_option(p)]
    caption = captions[-1] if captions else []
    return caption, [n for p in parts if p is not caption for n in p]


def _split(label: tuple[Node, ...]) -> list[list[Node]]:
    parts: list[list[Node]] = [[]]
    for node in label:
        if not isinstance(node, Text) or "|" not in node.text:
            parts[-1].append(node)
            continue
        place = node.start
        for i, text in enumerate(node.text.split("|")):
            if i:
                parts.append([])
            if text:
                parts[-1].append(Text(place, place + len(text), text))
            place += len(text) + 1
    return parts


def _is_option(part: list[Node]) -> bool:
    first = part[0]
    if not isinstance(first, Text):
        return False
    if len(part) > 1:
        return _OPTION_NAME.match(first.text) is not None
    text = first.text.strip().lower()
    return not text or re.fullmatch(table("templates")["images"]["options"], text) is not None


def gallery_lines(node: Tag) -> Iterator[tuple[int, list[Node]]]:
    """The pictures of a ``<gallery>``: where each line begins, and its caption."""
    place = node.children_start
    text = "".join(c.text for c in node.children or () if isinstance(c, Text))
    for line in text.split("\n"):
        name, bar, rest = line.partition("|")
        if name.strip():
            label = (Text(0, 0, ""), *parse(rest, place + len(name) + 1)) if bar else ()
            yield place, image_caption(Link(place, place + len(line), name, label))[0]
        place += len(line) + 1


def captions(node: Template) -> Iterator[tuple[Parameter, bool]]:
    """The arguments of a template of pictures, and whether each is a caption."""
    pattern = table("templates")["images"]["captions"]
    for parameter in node.parameters:
        yield parameter, re.match(pattern, parameter.name.lower()) is not None
