"""Read wikitext to an Article.

Reading takes time in proportion to the signs of markup, whatever the length of the text: a page is read up to ``MOST_SIGNS`` of them,
of which a reference has two. The rest, or a page that cannot be parsed, is kept as plain lines.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from kg.wikitext.article import Article, Passage, PassageKind, Reference, changed
from kg.wikitext.article_content import ArticleContent
from kg.wikitext.markup.links import REDIRECT, Site
from kg.wikitext.markup.parser import parse
from kg.wikitext.markup.pieces import Fault, Found
from kg.wikitext.markup.repair import Repaired, repair
from kg.wikitext.passages import passages

_Part = TypeVar("_Part", Passage, Reference)
# Over five times those of any of 259 real pages of up to 328 KB (at most 16,000); MediaWiki itself stores no page over 2 MB.
MOST_SIGNS = 100_000
SIGN = re.compile(r"\n[:;]?|[|<{\[*&]|(?<=<)ref|''|!!|-->|\]\]")
_MARKUP = re.compile(r"(?:<[^<>\n]*>|[\[\]{}|<>]|'{2,}|^[*#:;=]+|(?<!=)=++$)+", re.MULTILINE)
_WORD = re.compile(r"[^\W_]")


def read_article(wikitext: str, title: str, redirects: tuple[tuple[str, str], ...] = (), site: Site | None = None) -> Article:
    """Read an article.

    ``title`` is the page's title; ``kg.wikitext.sources.page_titles`` finds that of a file. ``redirects`` maps titles to the
    targets that links to them get. ``site`` describes the wiki if it is not in English.

    Raises nothing but MemoryError, and TimeoutError from outside, whatever the text: broken or omitted markup is counted in
    ``Article.notes``, and an error of the reader itself with its offsets. A list item or caption of several sentences gives a passage
    for each. Everything after the first ``MOST_SIGNS`` signs of markup is read as plain text, one passage per line.
    """
    try:
        with _without_collection():
            return _read(wikitext, title, redirects, site)
    except (MemoryError, TimeoutError):
        raise
    except Exception as error:
        return _bare(wikitext, title, redirects, error)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Suspend Python's cycle collector, which would traverse the growing tree of an article again and again, for a quarter of the
    time.

    The tree has no cycles, so all of it is freed without the collector.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read(wikitext: str, title: str, redirects: tuple[tuple[str, str], ...], site: Site | None) -> Article:
    end = end_of_reading(wikitext)
    repaired = repair(wikitext[:end])
    found = Found(notes=repaired.notes)
    walk = ArticleContent(found, dict(redirects), site)
    if site:
        found.notes[f"language unchecked: {site.language}"] += 1
    is_redirect = REDIRECT.match(wikitext) is not None
    if not is_redirect:
        walk.walk(parse(repaired.text, 0, repaired.masked, repaired.cuts, found.faults))
    walk.flush()
    references, numbers = walk.references.finish()
    read = [_back(p, repaired) for p in passages(found, numbers)]
    if end < len(wikitext):
        found.notes[f"character behind {MOST_SIGNS:,} signs of markup, read as plain text"] += len(wikitext) - end
        read += plain_lines(wikitext, end, len(read), len(found.blocks)) if not is_redirect else ()
    for fault in found.faults:
        found.notes[_told(Fault(repaired.original(fault.start), repaired.original(fault.end), fault.error))] += 1
    return Article(
        title=title,
        wikitext=wikitext,
        passages=tuple(read),
        references=tuple(_back(r, repaired) for r in references),
        hatnotes=tuple(found.hatnotes),
        see_also=tuple(dict.fromkeys(found.see_also)),
        categories=tuple(dict.fromkeys(found.categories)),
        infobox=found.infobox,
        notes=tuple(sorted((reason, count) for reason, count in found.notes.items() if count)),
        redirects=redirects,
    )


def _bare(wikitext: str, title: str, redirects: tuple[tuple[str, str], ...], error: Exception) -> Article:
    """Return the fallback for an article that could not be parsed: its lines as plain text."""
    notes = ((_told(Fault(0, len(wikitext), type(error).__name__)), 1),)
    return Article(title, wikitext, tuple(plain_lines(wikitext)), (), notes=notes, redirects=redirects)


def _told(fault: Fault) -> str:
    """Return the note of a fault: the same in every run."""
    return f"not read, {fault.error} at {fault.start}–{fault.end}"


def _back(part: _Part, repaired: Repaired) -> _Part:
    """Return a passage or reference with its offsets in the text before its repair."""
    if not repaired.places:
        return part
    start, end = repaired.original(part.start), repaired.original(part.end)
    if start == end:  # all that it shows was read from signs that the repair added: point to the character before them
        start, end = max(0, start - 1), max(1, end)
    return changed(part, start=start, end=end)


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
