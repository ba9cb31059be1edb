"""Captions of images, galleries and picture templates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.wikitext.knowledge import table, words
from kg.wikitext.markup.nodes import LinkNode, Node, Parameter, Tag, Template, Text
from kg.wikitext.markup.parser import parse
from kg.wikitext.markup.repair import mask

_FORMAT = re.compile(r"([^\s=]+)(?:\s*=.*)?")
_FILE = re.compile(r"(?i)^\s*(?:file|image):|\.(?:svg|png|jpe?g|gif|webp|tiff?|ogg|webm|pdf)\s*$")
_NO_CAPTION = re.compile(r"\s*(?:\d*\s*x?\s*\d*\s*(?:px|em|%)?|left|right|cent(?:er|re)|none|box|yes|no)?\s*", re.IGNORECASE)
_OPTION_NAME = re.compile(r"\s*(alt|link|class|lang|page|upright|thumb|start|end|thumbtime)\s*=")


def image_caption(node: LinkNode, always: bool = False, foreign: bool = False) -> tuple[list[Node], list[Node]]:
    """Return the caption of a file link, and the rest: MediaWiki takes the last part between ``|`` that is not an option.

    A picture without a frame shows none, unless ``always``; of several formats the first counts. ``foreign``: options in other
    languages are recognized too.
    """
    parts = _split(node.label or ())
    captions = [p for p in parts if p and not _is_option(p, foreign)]
    first = next((name for p in parts if (name := _format(p, foreign))), "frameless")
    framed = always or first != "frameless"
    caption = captions[-1] if captions and framed else []
    return caption, [n for p in parts if p is not caption for n in p]


def _format(part: list[Node], foreign: bool) -> str:
    """Return the format that a part names ("thumb", "frameless"), if any."""
    match = _FORMAT.fullmatch(_written(part))
    known = words("templates", "images", "formats") | (words("templates", "images", "foreign_formats") if foreign else frozenset())
    return match[1] if match and match[1] in known else ""


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


def _written(part: list[Node]) -> str:
    """Return the text at the beginning of a part, in lower case."""
    text = ""
    for node in part:
        if not isinstance(node, Text):
            break
        text += node.text
    return text.strip().lower()


def _is_option(part: list[Node], foreign: bool) -> bool:
    text = _written(part)
    if _OPTION_NAME.match(text) or _format(part, foreign):
        return True
    whole = all(isinstance(n, Text) for n in part)
    return whole and (not text or re.fullmatch(table("templates")["images"]["options"], text) is not None)


def gallery_lines(node: Tag) -> Iterator[tuple[int, list[Node]]]:
    """Return the pictures of a ``<gallery>``: where each line begins, and its caption."""
    place = node.children_start
    text = "".join(c.text for c in node.children or () if isinstance(c, Text))
    for line in text.split("\n"):
        name, bar, rest = line.partition("|")
        if name.strip():
            label = parse(rest, place + len(name) + 1, mask(rest)) if bar else ()
            yield place, image_caption(LinkNode(place, place + len(line), name, label), always=True)[0]
        place += len(line) + 1


def gallery_caption(node: Tag) -> tuple[Node, ...]:
    """Return the caption of a whole ``<gallery caption="…">``."""
    written = node.attributes.get("caption", "")
    return parse(written, node.places["caption"], mask(written)) if written else ()


def captions(node: Template) -> Iterator[tuple[Parameter, bool]]:
    """Return the arguments of a template of pictures, and whether each is a caption."""
    pattern = table("templates")["images"]["captions"]
    seen_file = False
    for parameter in node.parameters:
        numbered = parameter.name.isdigit()
        is_file = _FILE.search(parameter.raw) is not None
        text = numbered and seen_file and not is_file and not _NO_CAPTION.fullmatch(parameter.raw)
        yield parameter, text or re.match(pattern, parameter.name.lower()) is not None
        seen_file = seen_file or (numbered and is_file)
