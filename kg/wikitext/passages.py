"""From blocks in pieces to passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.wikitext.article import Cell, Link, Passage, PassageKind, ReferenceMark
from kg.wikitext.markup.pieces import Block, Fault, Found, Run
from kg.wikitext.markup.rendering import Rendered, SourcedMark, render
from kg.wikitext.sentences import sentence_spans

SEPARATOR = " | "


def passages(found: Found, numbers: Mapping[int, Sequence[int]]) -> Iterator[Passage]:
    """The passages of an article's blocks, in the order of the text; those of one block share its paragraph's number.

    ``numbers`` says which references each footnote stands for.
    """
    index = 0
    for paragraph, block in enumerate(sorted(found.blocks, key=lambda b: b.start)):
        for passage in _of_block(block, found):
            marks = tuple(ReferenceMark(m.position, r) for m in passage.marks for r in numbers.get(m.reference, ()))
            yield replace(passage, index=index, paragraph=paragraph, marks=marks)
            index += 1


def _of_block(block: Block, found: Found) -> list[Passage]:
    """The passages of a block; where an error keeps them from being made, one with its plain text."""
    try:
        return list(_row(block) if block.cells else _sentences(block, found.notes))
    except (MemoryError, TimeoutError):
        raise
    except Exception as error:
        runs = [p for p in (*block.pieces, *(p for c in block.cells for p in c.pieces)) if isinstance(p, Run)]
        start, end = min((r.start for r in runs), default=block.start), max((r.end for r in runs), default=block.start)
        found.faults.append(Fault(start, end, type(error).__name__))
        text = " ".join("".join(r.text for r in runs).split())
        return [Passage(0, PassageKind.SENTENCE, text, start, end, block.section, 0)] if any(c.isalnum() for c in text) else []


def _sentences(block: Block, notes: Counter[str]) -> Iterator[Passage]:
    """A passage for each sentence of a block; a field is one whatever it holds."""
    rendered = render(block.pieces)
    length = len(rendered.text)
    whole = block.kind is PassageKind.FIELD
    spans = [(0, length)] if whole else sentence_spans(rendered.text, [m.position for m in rendered.marks])
    marks = _Window([(m.position, m.position) for m in rendered.marks])
    links = _Window([(k.start, k.end) for k in rendered.links])
    italics = _Window(list(rendered.italics))
    for (start, end), (following, _) in pairwise([*spans, (length + 1, 0)]):
        of_passage = (
            [rendered.marks[i] for i, at, _ in marks.take(start, following) if start < at or not start],
            [rendered.links[i] for i, a, b in links.take(start, end) if a < end and b > start],
            [rendered.italics[i] for i, a, b in italics.take(start, end) if a < end and b > start],
        )
        passage = _passage(block, rendered, (start, end), *of_passage)
        if any(c.isalnum() for c in passage.text):
            yield passage
        else:
            notes["link without text"] += len(passage.links)
            notes["reference without text"] += len(passage.marks)


class _Window:
    """Spans in the order of their beginnings, of which those that reach into one sentence after the other are taken."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = spans
        self._first = 0

    def take(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The numbers and bounds of the spans that touch ``start`` to ``end``; ``start`` never goes back."""
        while self._first < len(self._spans) and self._spans[self._first][1] < start:
            self._first += 1
        for i in range(self._first, len(self._spans)):
            begin, finish = self._spans[i]
            if begin > end:
                break
            yield i, begin, finish


def _passage(
    block: Block,
    rendered: Rendered,
    span: tuple[int, int],
    marks: list[SourcedMark],
    links: list[Link],
    italics: list[tuple[int, int]],
) -> Passage:
    """The passage of a span of a block's text, with the marks, links and italics that reach into it."""
    start, end = span
    source_start, source_end = _source(rendered, start, end, marks)
    return Passage(
        index=0,
        kind=block.kind,
        text=rendered.text[start:end],
        start=source_start,
        end=source_end,
        section=block.section,
        paragraph=0,
        links=tuple(Link(max(k.start, start) - start, min(k.end, end) - start, k.target, k.fragment) for k in links),
        marks=tuple(ReferenceMark(min(m.position, end) - start, m.reference) for m in marks),
        italics=tuple((max(a, start) - start, min(b, end) - start) for a, b in italics),
        name=block.name,
    )


def _source(rendered: Rendered, start: int, end: int, marks: list[SourcedMark]) -> tuple[int, int]:
    """The span of the source of ``text[start:end]``, its reference marks included."""
    return (
        min([rendered.source_start(start), *(m.start for m in marks)]),
        max([rendered.source_end(end), *(m.end for m in marks)]),
    )


def _row(block: Block) -> Iterator[Passage]:
    """A table row's passage: its cells with text, joined. Its source is that of its own cells, without those that reach
    down from rows above.
    """
    texts: list[str] = []
    cells: list[Cell] = []
    links: list[Link] = []
    marks: list[ReferenceMark] = []
    italics: list[tuple[int, int]] = []
    sources: list[tuple[int, int]] = []
    place = 0
    for cell in block.cells:
        rendered = render(cell.pieces)
        length = len(rendered.text)
        place += len(SEPARATOR) if length and texts else 0
        marks += (ReferenceMark(place + m.position, m.reference) for m in rendered.marks)
        if not length:
            continue
        texts.append(rendered.text)
        cells.append(Cell(place, place + length, cell.header))
        links += (Link(place + k.start, place + k.end, k.target, k.fragment) for k in rendered.links)
        italics += ((place + a, place + b) for a, b in rendered.italics)
        if not cell.from_above:
            sources.append(_source(rendered, 0, length, list(rendered.marks)))
        place += length
    text = SEPARATOR.join(texts)
    if sources and any(c.isalnum() for c in text):
        yield Passage(
            index=0,
            kind=block.kind,
            text=text,
            start=sources[0][0],
            end=sources[-1][1],
            section=block.section,
            paragraph=0,
            links=tuple(links),
            marks=tuple(marks),
            cells=tuple(cells),
            italics=tuple(italics),
        )
