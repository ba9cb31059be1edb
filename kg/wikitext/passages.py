"""Convert blocks to passages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from kg.wikitext.article import Cell, Link, Passage, PassageKind, ReferenceMark
from kg.wikitext.bibliography import is_bibliographic
from kg.wikitext.markup.pieces import Block, Fault, Found, Run
from kg.wikitext.markup.rendering import Rendered, SourcedMark, render
from kg.wikitext.sentences import sentence_spans

SEPARATOR = " | "
_WORD = re.compile(r"[^\W_]")


def passages(found: Found, numbers: Mapping[int, Sequence[int]]) -> Iterator[Passage]:
    """Yield the passages of an article's blocks in text order; those of one block share a paragraph number.

    ``numbers`` maps footnotes to their references.
    """
    index = 0
    cells: dict[int, Rendered] = {}
    for paragraph, block in enumerate(sorted(found.blocks, key=lambda b: b.start)):
        made = _of_block(block, found, _Place(index, paragraph, numbers, cells))
        yield from made
        index += len(made)


class _Place(NamedTuple):
    """The position of a block's passages: the index of the first, the number of the paragraph, the references of the article's footnotes,
    and the cells rendered so far, by the identity of their pieces, since a cell may extend into many rows.
    """

    first: int
    paragraph: int
    numbers: Mapping[int, Sequence[int]]
    cells: dict[int, Rendered]

    def marks(self, marks: Iterable[tuple[int, int]]) -> tuple[ReferenceMark, ...]:
        """Return the reference marks for footnotes given as (position, footnote) pairs."""
        return tuple([ReferenceMark(position, r) for position, footnote in marks for r in self.numbers.get(footnote, ())])


def _of_block(block: Block, found: Found, place: _Place) -> list[Passage]:
    """Return the passages of a block; after an error, one with its plain text."""
    try:
        return _row(block, place) if block.cells else _sentences(block, place, found.notes)
    except (MemoryError, TimeoutError):
        raise
    except Exception as error:
        runs = [p for p in (*block.pieces, *(p for c in block.cells for p in c.pieces)) if isinstance(p, Run)]
        start, end = min((r.start for r in runs), default=block.start), max((r.end for r in runs), default=block.start)
        found.faults.append(Fault(start, end, type(error).__name__))
        text = " ".join("".join(r.text for r in runs).split())
        if not _WORD.search(text):
            return []
        return [Passage(place.first, PassageKind.SENTENCE, text, start, end, block.section, place.paragraph)]


def _sentences(block: Block, place: _Place, notes: Counter[str]) -> list[Passage]:
    """Return a passage for each sentence of a block; a field is always one passage."""
    rendered = render(block.pieces)
    text = rendered.text
    whole = block.kind is PassageKind.FIELD
    if not whole and not rendered.marks and is_bibliographic(text):  # a text with references of its own is prose, whatever it cites
        notes["bibliographic entry left out"] += 1
        return []
    spans = [(0, len(text))] if whole else sentence_spans(text, [m.position for m in rendered.marks])
    made: list[Passage] = []
    single = len(spans) == 1
    sentences = (_Sentence(*spans[0], rendered.links, rendered.marks, rendered.italics),) if single else _cut(rendered, spans)
    for sentence in sentences:
        shown = text if single else text[sentence.start : sentence.end]
        if not _WORD.search(shown):
            if sentence.links:
                notes["link without text"] += len(sentence.links)
            if sentence.marks:
                notes["reference without text"] += sum(len(place.numbers.get(m.reference, ())) for m in sentence.marks)
            continue
        start, end = _source(rendered, sentence.start, sentence.end, sentence.marks)
        passage = Passage(
            index=place.first + len(made),
            kind=block.kind,
            text=shown,
            start=start,
            end=end,
            section=block.section,
            paragraph=place.paragraph,
            links=sentence.links,
            marks=place.marks([(min(m.position, sentence.end) - sentence.start, m.reference) for m in sentence.marks])
            if sentence.marks
            else (),
            italics=sentence.italics,
            name=block.name,
        )
        made.append(passage)
    return made


class _Sentence(NamedTuple):
    """A sentence's span in its block's text, its links and italics with offsets into the sentence, and its marks."""

    start: int
    end: int
    links: tuple[Link, ...]
    marks: Sequence[SourcedMark]
    italics: tuple[tuple[int, int], ...]


def _cut(rendered: Rendered, spans: list[tuple[int, int]]) -> Iterator[_Sentence]:
    """Yield the sentences of a block that has several, each with its share of the block's links, marks and italics."""
    if not (rendered.links or rendered.marks or rendered.italics):
        for start, end in spans:
            yield _Sentence(start, end, (), (), ())
        return
    marks = _Window([(m.position, m.position) for m in rendered.marks])
    links = _Window([(k.start, k.end) for k in rendered.links])
    italics = _Window(list(rendered.italics))
    for (start, end), (following, _) in pairwise([*spans, (len(rendered.text) + 1, 0)]):
        inside = [rendered.links[i] for i, a, b in links.take(start, end) if a < end and b > start]
        yield _Sentence(
            start,
            end,
            tuple([Link(max(k.start, start) - start, min(k.end, end) - start, k.target, k.fragment) for k in inside]),
            [rendered.marks[i] for i, at, _ in marks.take(start, following) if start < at or not start],
            tuple([(max(a, start) - start, min(b, end) - start) for _, a, b in italics.take(start, end) if a < end and b > start]),
        )


class _Window:
    """A sliding window over spans sorted by start: for successive sentences, yields the spans that overlap each."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = spans
        self._first = 0

    def take(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """Return the numbers and bounds of the spans that touch ``start`` to ``end``; ``start`` must not decrease."""
        found: list[tuple[int, int, int]] = []
        if not self._spans:
            return found
        while self._first < len(self._spans) and self._spans[self._first][1] < start:
            self._first += 1
        for i in range(self._first, len(self._spans)):
            begin, finish = self._spans[i]
            if begin > end:
                break
            found.append((i, begin, finish))
        return found


def _source(rendered: Rendered, start: int, end: int, marks: Sequence[SourcedMark]) -> tuple[int, int]:
    """Return the span of the source of ``text[start:end]``, including its reference marks.

    A quotation's speaker may come after it in the source and before it in the text.
    """
    begin, finish = rendered.source_start(start), rendered.source_end(end)
    if begin > finish:
        begin, finish = finish, begin
    for mark in marks:
        begin, finish = min(begin, mark.start), max(finish, mark.end)
    return begin, finish


class _RowContent:
    """The rendered cells of a table row, joined; their spans are moved to their places in the row's text."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.cells: list[Cell] = []
        self.links: list[Link] = []
        self.marks: list[tuple[int, int]] = []
        self.italics: list[tuple[int, int]] = []
        self._place = 0

    def add(self, cell: Rendered, header: str) -> None:
        """Add a cell; of one without text, only its marks."""
        length = len(cell.text)
        self._place += len(SEPARATOR) if length and self.texts else 0
        place = self._place
        if cell.marks:
            self.marks += [(place + m.position, m.reference) for m in cell.marks]
        if not length:
            return
        self.texts.append(cell.text)
        self.cells.append(Cell(place, place + length, header))
        if cell.links:
            self.links += [Link(place + k.start, place + k.end, k.target, k.fragment) for k in cell.links]
        if cell.italics:
            self.italics += [(place + a, place + b) for a, b in cell.italics]
        self._place += length


def _row(block: Block, row: _Place) -> list[Passage]:
    """Return a table row's passage: its cells with text, joined. Cells that reach down from rows above are not part of its source."""
    content = _RowContent()
    own: list[Rendered] = []
    for cell in block.cells:
        rendered = row.cells.get(id(cell.pieces)) or render(cell.pieces)
        row.cells[id(cell.pieces)] = rendered
        content.add(rendered, cell.header)
        if rendered.text and not cell.from_above:
            own.append(rendered)
    text = SEPARATOR.join(content.texts)
    if not own or not _WORD.search(text):
        return []
    return [
        Passage(
            index=row.first,
            kind=block.kind,
            text=text,
            start=_source(own[0], 0, len(own[0].text), own[0].marks)[0],
            end=_source(own[-1], 0, len(own[-1].text), own[-1].marks)[1],
            section=block.section,
            paragraph=row.paragraph,
            links=tuple(content.links),
            marks=row.marks(content.marks),
            cells=tuple(content.cells),
            italics=tuple(content.italics),
        )
    ]
