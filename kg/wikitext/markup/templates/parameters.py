"""The parameters of a template in the tree, its arguments as plain text, and patterns of knowledge/templates.toml filled with them."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple, TypeAlias

from kg.wikitext.knowledge import words
from kg.wikitext.markup.nodes import Parameter, Template


class Arguments(NamedTuple):
    """A template's arguments as plain text: its own name, the numbered ones up to the first gap, and all by name."""

    template: str
    numbered: list[str]
    given: dict[str, str]


def argument(node: Template, names: list[str]) -> Parameter | None:
    """The first of the named parameters that is given and not blank."""
    given = {p.name.casefold(): p for p in node.parameters}
    return next((given[n] for n in names if n in given and given[n].raw.strip()), None)


def is_language(node: Template) -> bool:
    """Whether a template's first argument is the code of a language, as in the old form of ``{{ill|de|Ziel|Target}}``."""
    code = argument(node, ["1"])
    return code is not None and code.raw.strip() in words("namespaces", "languages") and argument(node, ["2"]) is not None


def together(node: Template, names: list[str]) -> list[Parameter]:
    """The first of the names whose parameters are all given ("1 2" names two)."""
    for name in names:
        found = [argument(node, [part]) for part in name.split()]
        if all(found):
            return [p for p in found if p]
    return []


_Segment: TypeAlias = "str | tuple[str, ...] | list[_Segment]"


@cache
def segments(pattern: str) -> list[_Segment]:
    """The parts of a pattern: text, ``{1/name}`` (names of an argument, the first that is given), ``<…>`` (shown where all in it are)."""
    stack: list[list[_Segment]] = [[]]
    for part in re.findall(r"\{[^{}]+\}|[<>]|[^{}<>]+", pattern):
        if part == "<":
            stack.append([])
        elif part == ">":
            group = stack.pop()
            stack[-1].append(group)
        else:
            stack[-1].append(tuple(part[1:-1].split("/")) if part[0] == "{" else part)
    return stack[0]


def fill(node: Template, parts: list[_Segment]) -> list[str | Parameter]:
    """Fill a pattern's parts with the template's arguments; empty if an argument outside an optional group is missing."""
    found: list[str | Parameter] = []
    for segment in parts:
        if isinstance(segment, str):
            found.append(segment)
        elif isinstance(segment, list):
            found += fill(node, segment)
        elif shown := argument(node, list(segment)):
            found.append(shown)
        else:
            return []
    return found
