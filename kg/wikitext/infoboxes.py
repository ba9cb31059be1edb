"""Fields of infoboxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.wikitext.article import PassageKind
from kg.wikitext.knowledge import table, words
from kg.wikitext.markup.inline import plain
from kg.wikitext.markup.nodes import Parameter, Template
from kg.wikitext.markup.parser import parse
from kg.wikitext.markup.repair import mask

_TABLE_SIGN = re.compile(r"\{\{\{!\}\}|\{\{!\}\}(?:[-+}]|\{\{!\}\})?")
_NAME_WORDS = re.compile(r"[^\W\d_]+")


def infobox_fields(node: Template) -> Iterator[tuple[Parameter, str, PassageKind | None]]:
    """Return the fields of an infobox, each with its text and the kind of passage that it makes, or None."""
    rules = table("templates")["infobox"]
    for parameter in map(_with_table, node.parameters):
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


def _with_table(parameter: Parameter) -> Parameter:
    """Return a parameter with its tables parsed in which ``|`` is written as ``{{!}}``; padding keeps the offsets."""
    if "{{{!}}" not in parameter.raw:
        return parameter
    text = _TABLE_SIGN.sub(lambda m: m.group().replace("{{!}}", "|").ljust(len(m.group())), parameter.raw)
    return parameter._replace(value=parse(text, parameter.start, mask(text)))
