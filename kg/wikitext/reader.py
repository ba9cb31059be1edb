"""``read_article``: wikitext to an Article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from kg.wikitext.article import Article, Cell, Passage, PassageKind, Reference
from kg.wikitext.block import Block, Found
from kg.wikitext.blocks import Blocks
from kg.wikitext.links import REDIRECT
from kg.wikitext.mend import Mended, mend
from kg.wikitext.parse import parse
from kg.wikitext.pieces import Piece, Run
from kg.wikitext.render import Rendered, render
from kg.wikitext.sentences import sentence_spans

SEPARATOR = " | "
_Part = TypeVar("_Part", Passage, Reference)


def read_article(wikitext: str, title: str, redirects: tuple[tuple[str, str], ...] = ()) -> Article:
    """Read an article.

    ``title`` is the page's title; ``kg.wikitext.titles`` finds that of a file. ``redirects`` says of titles where they lead:
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
    passages = tuple(_back(p, mended) for p in _passages(found))
    return Article(
        title=title,
        wikitext=wikitext,
        passages=passages,
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


def _passages(found: Found) -> Iterator[Passage]:
    index = 0
    for paragraph, block in enumerate(sorted(found.blocks, key=lambda b: b.start)):
        for passage in _row(block) if block.cells else _sentences(block, found.notes):
            yield replace(passage, index=index, paragraph=paragraph)
            index += 1


def _sentences(block: Block, notes: Counter[str]) -> Iterator[Passage]:
    rendered = render(block.pieces)
    length = len(rendered.text)
    whole = block.kind is PassageKind.FIELD
    spans = [(0, length)] if whole else sentence_spans(rendered.text, [m.position for m in rendered.marks])
    for (start, end), (following, _) in pairwise([*spans, (length + 1, 0)]):
        passage = _passage(block, rendered, start, end, following)
        if any(c.isalnum() for c in passage.text):
            yield passage
        else:
            notes["link without text"] += len(passage.links)
            notes["reference without text"] += len(passage.marks)


def _passage(block: Block, rendered: Rendered, start: int, end: int, following: int) -> Passage:
    """The passage of ``text[start:end]``; marks up to the following passage's start belong to it."""
    marks = [m for m in rendered.marks if (start < m.position or not start) and m.position <= following]
    return Passage(
        index=0,
        kind=block.kind,
        text=rendered.text[start:end],
        start=min([rendered.source_start(start), *(m.start for m in marks)]),
        end=max([rendered.source_end(end), *(m.end for m in marks)]),
        section=block.section,
        paragraph=0,
        links=tuple(
            replace(link, start=max(link.start, start) - start, end=min(link.end, end) - start)
            for link in rendered.links
            if link.start < end and link.end > start
        ),
        marks=tuple(m.moved(start, end) for m in marks),
        italics=tuple((max(a, start) - start, min(b, end) - start) for a, b in rendered.italics if a < end and b > start),
        name=block.name,
    )


def _row(block: Block) -> Iterator[Passage]:
    """A table row's passage. Its source is that of its own cells, without those that reach down from rows above."""
    pieces: list[Piece] = []
    cells: list[Cell] = []
    own: list[tuple[int, int]] = []
    place = 0
    for cell in block.cells:
        alone = render(cell.pieces)
        if not alone.text:
            pieces += cell.pieces
            continue
        if place:
            pieces.append(Run(SEPARATOR, block.start, block.start, False))
            place += len(SEPARATOR)
        pieces += cell.pieces
        cells.append(Cell(place, place + len(alone.text), cell.header))
        place += len(alone.text)
        if not cell.from_above:
            passage = _passage(block, alone, 0, len(alone.text), len(alone.text) + 1)
            own.append((passage.start, passage.end))
    rendered = render(pieces)
    if own and any(c.isalnum() for c in rendered.text):
        passage = _passage(block, rendered, 0, len(rendered.text), len(rendered.text) + 1)
        yield replace(passage, start=own[0][0], end=own[-1][1], cells=tuple(cells))
