"""``read_article``: wikitext to an Article."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from kg.wikitext.article import Article, Passage, Reference
from kg.wikitext.blocks import Blocks
from kg.wikitext.markup.links import REDIRECT
from kg.wikitext.markup.parser import parse
from kg.wikitext.markup.pieces import Found
from kg.wikitext.markup.repair import Mended, mend
from kg.wikitext.passages import passages

_Part = TypeVar("_Part", Passage, Reference)


def read_article(wikitext: str, title: str, redirects: tuple[tuple[str, str], ...] = ()) -> Article:
    """Read an article.

    ``title`` is the page's title; ``kg.wikitext.sources.page_titles`` finds that of a file. ``redirects`` says of titles where they lead:
    links to them get that target. Never raises, whatever the text: what is broken or left out is counted in ``Article.notes``.
    A list item or caption of several sentences gives a passage for each.
    """
    mended = mend(wikitext)
    found = Found(mended.notes)
    walk = Blocks(found, dict(redirects))
    if not REDIRECT.match(wikitext):
        walk.walk(parse(mended.text))
    walk.flush()
    references = tuple(_back(r, mended) for r in walk.references.finish())
    read = tuple(_back(p, mended) for p in passages(found))
    return Article(
        title=title,
        wikitext=wikitext,
        passages=read,
        references=references,
        hatnotes=tuple(found.hatnotes),
        see_also=tuple(dict.fromkeys(found.see_also)),
        categories=tuple(dict.fromkeys(found.categories)),
        infobox=found.infobox,
        notes=tuple(sorted((reason, count) for reason, count in found.notes.items() if count)),
        redirects=redirects,
    )


def _back(part: _Part, mended: Mended) -> _Part:
    """A passage or reference with its offsets in the text as it was before it was mended."""
    if not mended.places:
        return part
    return replace(part, start=mended.original(part.start), end=mended.original(part.end))
