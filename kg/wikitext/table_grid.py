"""Tables: rows of cells with the headers of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.wikitext.knowledge import words
from kg.wikitext.markup.inline import plain
from kg.wikitext.markup.nodes import Heading, Node, Tag, Text, descend

_MOST_COLUMNS = 100
_MOST_ROWS = 1000
_LONGEST_SPAN = 9
# Rows into which cells extend downwards, and header rows that are joined; more than any real table has.
_MOST_REACHING = 20
_MOST_JOINED = 4
_JOINT = " – "
_ATTRIBUTE_NAMES = "style|class|colspan|rowspan|align|valign|width|height|bgcolor|scope|nowrap|id|data-[a-z-]+|lang|dir|title"
_ATTRIBUTES = re.compile(rf"""\s*+((?:\b(?:{_ATTRIBUTE_NAMES})\s*+=\s*+(?:"[^"\n]*+"|'[^'\n]*+'|[\w.#%-]++)\s*+)++)(?!\|)""", re.IGNORECASE)
_SPAN = re.compile(r"(colspan|rowspan)\s*=\s*[\"']?(\d{1,9})", re.IGNORECASE)
_CELLS = frozenset({"td", "th", "caption"})
_PARTS = _CELLS | {"tr", "tbody", "thead", "tfoot", "colgroup", "col"}
_CAPTION = re.compile(r"\+(?:[^\n|\[\]{}]*+\|)?+")


class RowCell(NamedTuple):
    """A cell of a row, the header of its column, and whether it extends from a row above."""

    tag: Tag
    header: str
    from_above: bool


class _Placed(NamedTuple):
    """A cell in the grid: its first column, its width, and whether it extends from a row above."""

    column: int
    width: int
    tag: Tag
    above: bool


class _Reaching(NamedTuple):
    """A cell that extends into ``left`` more rows."""

    column: int
    width: int
    left: int
    tag: Tag


_Row = list[_Placed]


class Table:
    """A parsed table tag."""

    def __init__(self, tag: Tag) -> None:
        self._tag = tag
        self._rows = list(_rows(tag))
        self._captions = [c for row in self._rows for c in row if _is_caption(c)]
        rows = [[c for c in row if not _is_caption(c)] for row in self._rows] if self._captions else self._rows
        self._grid = [(row, _is_header(row)) for row in _grid(rows)]

    def cells(self) -> Iterator[Tag]:
        """All cells, in text order."""
        return (cell for row in self._rows for cell in row)

    def captions(self) -> Iterator[list[Node]]:
        """The table's captions."""
        return map(_caption, self._captions)

    def strays(self) -> Iterator[list[Node]]:
        """The content of the table or its rows outside cells: each with its neighbours."""
        return _strays(self._tag)

    def is_layout(self) -> bool:
        """Whether the table is used for layout only: it contains tables, or has no headers and contains lists or headings."""
        cells = list(self.cells())
        holds_blocks = False
        inside = [n for c in cells for n in c.children or () if type(n) is not Text]
        for node in descend(inside) if inside else ():
            if type(node) is Tag:
                if node.name == "table":
                    return True
                holds_blocks = holds_blocks or node.name in words("tags", "item")
            elif type(node) is Heading:
                holds_blocks = True
        return holds_blocks and all(c.name != "th" for c in cells)

    def headers(self) -> Iterator[Tag]:
        """Return the header cells, and the cells of rows that consist of headers only."""
        shown = {id(p.tag) for row, is_header in self._grid if not is_header for p in row}
        for row, is_header in self._grid:
            for placed in row if is_header else ():
                if id(placed.tag) not in shown:
                    shown.add(id(placed.tag))
                    yield placed.tag

    def rows(self) -> Iterator[list[RowCell]]:
        """Yield the rows that are not headers: each cell once, with the header of its (first) column.

        A cell that spans several rows belongs to each. Headers of several rows are joined; a new row of headers further down
        replaces them, and one cell over all columns counts if one was directly below the headers.
        """
        columns: dict[int, str] = {}
        headers: dict[int, str] = {}
        body = False
        for row, is_header in self._grid:
            if not is_header:
                body = True
                if not row[0].above or any(not p.above for p in row):
                    yield _distinct(row, headers)
            elif len({id(p.tag) for p in row}) == 1 and len(set(columns.values())) > 1:
                headers = columns if body and headers is columns else _headers(row, columns)
            else:
                columns = headers = _headers(row, {} if body else columns)
                body = False


def _is_header(row: _Row) -> bool:
    return row[-1].tag.name == "th" and all(placed.tag.name == "th" for placed in row)


def _headers(row: _Row, above: dict[int, str]) -> dict[int, str]:
    headers = dict(above)
    for first, width, cell, _ in row:
        title = plain(cell.children or ())
        for column in range(first, first + width) if title else ():
            joined = headers[column].split(_JOINT) if headers.get(column) else []
            if title not in joined and len(joined) < _MOST_JOINED:
                headers[column] = _JOINT.join([*joined, title])
    return headers


def _distinct(row: _Row, headers: dict[int, str]) -> list[RowCell]:
    cells: dict[int, RowCell] = {}
    for column, _, cell, above in row:
        if id(cell) not in cells:
            cells[id(cell)] = RowCell(cell, headers.get(column, ""), above)
    return list(cells.values())


def _rows(tag: Tag) -> Iterator[list[Tag]]:
    loose: list[Tag] = []
    for child in tag.children or ():
        if not isinstance(child, Tag):
            continue
        if child.name in ("td", "th", "caption"):
            loose += _cells(child)
            for row in [n for n in child.children or () if type(n) is Tag and n.name == "tr"]:
                yield loose
                loose = _cells_of(row)
            continue
        if loose:
            yield loose
            loose = []
        if child.name == "tr":
            yield _cells_of(child)
        elif child.name in ("tbody", "thead", "tfoot"):
            yield from _rows(child)
    if loose:
        yield loose


def _cells_of(row: Tag) -> list[Tag]:
    return [c for cell in row.children or () if isinstance(cell, Tag) and cell.name in ("td", "th") for c in _cells(cell)]


def _strays(tag: Tag) -> Iterator[list[Node]]:
    loose: list[Node] = []
    for child in tag.children or ():
        if isinstance(child, Tag) and child.name in _PARTS:
            if loose:
                yield loose
            loose = []
            if child.name not in _CELLS:
                yield from _strays(child)
        else:
            loose.append(child)
    if loose:
        yield loose


def _cells(cell: Tag) -> list[Tag]:
    """Return a cell, and the HTML cells in it if it is one of wiki markup; ``_rows`` handles the HTML rows."""
    if not cell.markup:
        return [cell]
    children = cell.children or ()
    inner = None
    if len(children) > 1 or (children and type(children[0]) is Tag):
        inner = next((i for i, n in enumerate(children) if type(n) is Tag and n.name in ("td", "th", "tr") and not n.markup), None)
    if inner is None:
        return [_without_attributes(cell)]
    cells = [child for child in children[inner:] if isinstance(child, Tag) and child.name in ("td", "th")]
    return [_without_attributes(cell._replace(children=children[:inner])), *cells]


def _without_attributes(cell: Tag) -> Tag:
    """Remove the attributes of a wiki-markup cell that no ``|`` follows, as before a template that brings its own."""
    first = cell.children[0] if cell.children else None
    if not cell.markup or cell.attributes or not isinstance(first, Text) or "=" not in first.text:
        return cell
    match = _ATTRIBUTES.match(first.text)
    if not match:
        return cell
    attributes = {name.lower(): value for name, value in _SPAN.findall(match[1])}
    rest = Text(first.start + match.end(), first.end, first.text[match.end() :])
    return cell._replace(attributes=attributes, children=(rest, *(cell.children or ())[1:]))


def _grid(rows: list[list[Tag]]) -> Iterator[_Row]:
    """Return the places of each row's cells, including those that extend from rows above."""
    reaching: list[_Reaching] = []
    for cells in rows:
        if not cells:
            continue
        if not reaching and not any(cell.attributes for cell in cells):
            yield [_Placed(column, 1, cell, False) for column, cell in enumerate(cells)]
            continue
        placed: _Row = []
        fresh: list[_Reaching] = []
        column = above = 0
        for cell in cells:
            while above < len(reaching) and reaching[above].column <= column:
                reached = reaching[above]
                placed.append(_Placed(reached.column, reached.width, reached.tag, True))
                column = max(column, reached.column + reached.width)
                above += 1
            width, height = _span(cell, "colspan", _MOST_COLUMNS), _span(cell, "rowspan", _MOST_ROWS)
            placed.append(_Placed(column, width, cell, False))
            if height > 1:
                fresh.append(_Reaching(column, width, height - 1, cell))
            column += width
        placed += (_Placed(r.column, r.width, r.tag, True) for r in reaching[above:])
        still = (r._replace(left=r.left - 1) for r in reaching if r.left > 1)
        reaching = sorted((*still, *fresh), key=lambda r: r.column)[:_MOST_REACHING]
        yield placed


def _span(cell: Tag, name: str, most: int) -> int:
    """Return the columns or rows that a cell spans, as in HTML: a ``rowspan`` of 0 means all that follow."""
    if not cell.attributes:
        return 1
    digits = cell.attributes.get(name, "").strip("\"' ")
    span = int(digits[:_LONGEST_SPAN]) if digits.isascii() and digits.isdigit() else 1
    return min(span, most) or (most if name == "rowspan" else 1)


def _is_caption(cell: Tag) -> bool:
    first = cell.children[0] if cell.children else None
    return cell.name == "caption" or (cell.markup == "|" and isinstance(first, Text) and first.text.startswith("+"))


def _caption(cell: Tag) -> list[Node]:
    children = list(cell.children or ())
    if cell.name != "caption" and children and isinstance(children[0], Text):
        first = children[0]
        skipped = len(match.group()) if (match := _CAPTION.match(first.text)) else 0
        children[0] = Text(first.start + skipped, first.end, first.text[skipped:])
    return children
