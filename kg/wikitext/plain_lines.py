"""Lines of wikitext as plain text: what is kept of a page, or of the rest of one, whose markup is not read.

Reading takes time in proportion to the signs of markup, whatever the length of the text: a page is read up to ``MOST_SIGNS`` of them,
of which a reference has two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from kg.wikitext.article import Passage, PassageKind

# Over five times those of any of 259 real pages of up to 328 KB (at most 16,000); MediaWiki itself stores no page over 2 MB.
MOST_SIGNS = 100_000
SIGN = re.compile(r"\n[:;]?|[|<{\[*&]|(?<=<)ref|''|!!|-->|\]\]")
_MARKUP = re.compile(r"(?:<[^<>\n]*>|[\[\]{}|<>]|'{2,}|^[*#:;=]+|(?<!=)=++$)+", re.MULTILINE)
_WORD = re.compile(r"[^\W_]")


def end_of_reading(wikitext: str, most: int = MOST_SIGNS) -> int:
    """Return up to where the markup of a page is read: the line in which it has more than ``most`` signs, or its end."""
    if len(wikitext) <= most:
        return len(wikitext)
    beyond = next(islice(SIGN.finditer(wikitext), most, None), None)
    return len(wikitext) if beyond is None else wikitext.rfind("\n", 0, beyond.start()) + 1 or beyond.start()


def plain_lines(wikitext: str, start: int = 0, index: int = 0, paragraph: int = 0) -> Iterator[Passage]:
    """Yield the lines from ``start`` on as passages; the first has this index and paragraph."""
    source = wikitext[start:]
    for line, shown in zip(source.split("\n"), _MARKUP.sub(" ", source).split("\n"), strict=True):
        if _WORD.search(shown):
            yield Passage(index, PassageKind.SENTENCE, " ".join(shown.split()), start, start + len(line), (), paragraph)
            index += 1
            paragraph += 1
        start += len(line) + 1
