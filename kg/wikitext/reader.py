"""``read_article``: wikitext to an Article."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from kg.wikitext.article import Article, Cell, Passage, PassageKind
from kg.wikitext.blocks import Block, Blocks
from kg.wikitext.pieces import Piece, Run
from kg.wikitext.render import Rendered, render
from kg.wikitext.sentences import sentence_spans
from kg.wikitext.tree import parse

SEPARATOR = " | "


def read_article(wikitext: str, title: str) -> Article:
    """Read an article; never raises, whatever the text: what is broken is counted in ``Article.notes``."""
    walk = Blocks()
    walk.walk(parse(wikitext))
    walk.flush()
    references = walk.references.finish()
    passages: list[Passage] = []
    for number, block in enumerate(sorted(walk.found.blocks, key=lambda b: b.start)):
        passages += _passages(block, len(passages), number)
    return Article(
        title=title,
        wikitext=wikitext,
        passages=tuple(passages),
        references=references,
        hatnotes=tuple(walk.found.hatnotes),
        see_also=tuple(dict.fromkeys(walk.found.see_also)),
        categories=tuple(dict.fromkeys(walk.found.categories)),
        infobox=walk.found.infobox,
        notes=tuple(sorted(walk.found.notes.items())),
    )


def _passages(block: Block, index: int, paragraph: int) -> list[Passage]:
    if block.cells:
        return _row(block, index, paragraph)
    rendered = render(block.pieces)
    if block.kind is PassageKind.FIELD:
        spans = [(0, len(rendered.text))]
    else:
        spans = sentence_spans(rendered.text, [m.position for m in rendered.marks])
    found: list[Passage] = []
    for (start, end), (following, _) in pairwise([*spans, (len(rendered.text) + 1, 0)]):
        if any(c.isalnum() for c in rendered.text[start:end]):
            passage = _passage(block, rendered, start, end, following)
            found.append(replace(passage, index=index + len(found), paragraph=paragraph))
    return found


def _passage(block: Block, rendered: Rendered, start: int, end: int, following: int) -> Passage:
    marks = [m for m in rendered.marks if start < m.position <= following or (start == 0 and not m.position)]
    if following > len(rendered.text):
        marks = [m for m in rendered.marks if start < m.position or not start]
    finish = rendered.source_end(end)
    return Passage(
        index=0,
        kind=block.kind,
        text=rendered.text[start:end],
        start=min([rendered.source_start(start), *(m.start for m in marks)]),
        end=max([finish, *(m.end for m in marks)]),
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


def _row(block: Block, index: int, paragraph: int) -> list[Passage]:
    pieces: list[Piece] = []
    cells: list[Cell] = []
    place = 0
    for cell in block.cells:
        text = render(cell.pieces).text
        if not text:
            continue
        if place:
            pieces.append(Run(SEPARATOR, _end(pieces), _end(pieces), False))
            place += len(SEPARATOR)
        pieces += cell.pieces
        cells.append(Cell(place, place + len(text), cell.header))
        place += len(text)
    rendered = render(pieces)
    if not any(c.isalnum() for c in rendered.text):
        return []
    passage = _passage(block, rendered, 0, len(rendered.text), len(rendered.text) + 1)
    return [replace(passage, index=index, paragraph=paragraph, cells=tuple(cells))]


def _end(pieces: list[Piece]) -> int:
    return max((p.end for p in pieces), default=0)
