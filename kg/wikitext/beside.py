"""What stands beside the text: captions of images, galleries, hatnotes, infoboxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from kg.wikitext.article import PassageKind
from kg.wikitext.inline import plain
from kg.wikitext.knowledge import table, words
from kg.wikitext.links import read_target
from kg.wikitext.parse import parse
from kg.wikitext.pieces import Piece, Run
from kg.wikitext.tree import Link, Node, Parameter, Tag, Template, Text, descend

_NAME_WORDS = re.compile(r"[^\W\d_]+")
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


def hatnote_targets(node: Template, manner: str) -> Iterator[str]:
    """The articles that a hatnote names (``manner``: the row of its table)."""
    if manner == "text":
        links = (n for p in node.parameters for n in descend(p.value) if isinstance(n, Link))
        yield from (t.title for t in (read_target(n.target) for n in links) if t.sort == "page")
        return
    numbered = [p for p in node.parameters if p.name.isdigit()]
    chosen = {"third": numbered[2::2], "second": numbered[1:]}.get(manner, numbered)
    for parameter in chosen:
        target = read_target(plain(parameter.value))
        if target.title and target.sort == "page":
            yield target.title


def is_hatnote(pieces: list[Piece]) -> bool:
    """Whether a paragraph is a hatnote written out ("Main article: …")."""
    text = "".join(p.text for p in islice((p for p in pieces if isinstance(p, Run)), 4)).lstrip()
    return re.match(table("templates")["hatnote"]["written"], text.lower()) is not None


def infobox_fields(node: Template) -> Iterator[tuple[Parameter, str, PassageKind | None]]:
    """The fields of an infobox, each with its text and the kind of passage that it makes, or None."""
    rules = table("templates")["infobox"]
    for parameter in node.parameters:
        value = plain(parameter.value)
        name = parameter.name.lower()
        if not value or not parameter.named or re.match(rules["empty"], value.casefold()):
            yield parameter, value, None
        elif name in rules["captions"]:
            yield parameter, value, PassageKind.CAPTION
        elif name in rules["unread"] or not words("templates", "infobox", "unread_words").isdisjoint(_NAME_WORDS.findall(name)):
            yield parameter, value, None
        else:
            yield parameter, value, PassageKind.FIELD
