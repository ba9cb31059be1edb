"""Hatnotes: the articles to which they point, including those written without a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from kg.wikitext.knowledge import table
from kg.wikitext.markup.inline import plain
from kg.wikitext.markup.links import read_target
from kg.wikitext.markup.nodes import LinkNode, Template, descend
from kg.wikitext.markup.pieces import Piece, Run

_LONGEST_OPENING = 200


def hatnote_targets(node: Template, manner: str) -> Iterator[str]:
    """Return the articles that a hatnote names (``manner``: the row of its table)."""
    if manner == "text":
        links = (n for p in node.parameters for n in descend(p.value) if isinstance(n, LinkNode))
        yield from (t.title for t in (read_target(n.target) for n in links) if t.sort == "page")
        return
    numbered = [p for p in node.parameters if p.name.isdigit()]
    chosen = {"third": numbered[2::2], "second": numbered[1:]}.get(manner, numbered)
    for parameter in chosen:
        target = read_target(plain(parameter.value))
        if target.title and target.sort == "page":
            yield target.title


def is_hatnote(pieces: list[Piece]) -> bool:
    """Whether a paragraph is a hatnote written in plain text ("Main article: …")."""
    text = "".join([p.text for p in islice((p for p in pieces if type(p) is Run), 4)]).lstrip()[:_LONGEST_OPENING]
    return _written().match(text.lower()) is not None


@cache
def _written() -> re.Pattern[str]:
    return re.compile(table("templates")["hatnote"]["written"])
