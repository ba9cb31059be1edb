"""Patterns for markup delimiters that remain in text nodes after parsing."""

from __future__ import annotations

import re
from functools import cache

from kg.wikitext.knowledge import known_tags, words

_ATTRIBUTE_LIKE = r"</?[A-Za-z][^<>\n=]*=[^<>\n]*>"


@cache
def leftover_marks() -> re.Pattern[str]:
    """Signs that are left in a text: quote marks, behaviour switches, character references, and markup that is broken."""
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
def leftover_table_marks() -> re.Pattern[str]:
    """The same, and the attributes and signs of a table that stand within a line."""
    attribute = (
        r"""\b(?:class|style|rowspan|colspan|align|valign|bgcolor|scope|cell(?:padding|spacing))\s*=\s*(?:"[^"\n]*"|'[^'\n]*'|\d[\w%]*)"""
    )
    return re.compile(rf"{leftover_marks().pattern}|(?:{attribute}\s*)+(?:\|(?!\|))?|\|-+|\|\+|\|\||!!", re.IGNORECASE)
