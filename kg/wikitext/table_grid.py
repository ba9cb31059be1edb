"""Tables: rows of cells that know the header of their column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.wikitext.knowledge import words
from kg.wikitext.markup.inline import plain
from kg.wikitext.markup.nodes import Heading, Node, Tag, Text, descend

_MOST_COLUMNS = 100
_MOST_ROWS = 1000
_JOINT = " – "

class RowCell(NamedTuple):
    """A cell of a row, the header of its column, and whether it reaches down from a row above."""

    tag: Tag
    header: str
    from_above: bool


class Table:
    """A table's tag, read."""

    def __init__(self, tag: Tag) -> None:
        self._rows = list(_rows(tag))
        self._grid = list(_grid([[c for c in row if not _is_caption(c)] for row in self._rows]))

    def cells(self) -> Iterator[Tag]:
        """All cells, in the order of the text."""
        return (cell for row in self._rows for cell in row)

    def captions(self) -> Iterator[list[Node]]:
        """The table's captions."""
        return (_caption(cell) for cell in self.cells() if _is_caption(cell))

    def is_layout(self) -> bool:
        """Whether the table only places text on the page: it holds tables, or has no headers and holds lists or headings."""
        cells = list(self.cells())
        inner = [n for c in cells for n in descend(c.children or ()) if isinstance(n, Tag | Heading)]
        if any(isinstance(n, Tag) and n.name == "table" for n in inner):
            return True
        blocks = words("tags", "item")
        return all(c.name != "th" for c in cells) and any(isinstance(n, Heading) or n.name in blocks for n in inner)

    def headers(self) -> Iterator[Tag]:
        """The cells of rows that are headers."""
        seen = set()
        for row in self._grid:
            for _, cell, _ in row if _is_header(row) else ():
                if id(cell) not in seen:
                    seen.add(id(cell))
                    yield cell

    def rows(self) -> Iterator[list[RowCell]]:
        """The rows that are no headers: each cell once, with the header of its (first) column. A cell that reaches down
        over several rows belongs to each. Headers of several rows are joined; a new row of headers further down replaces the
        old ones, unless it is one cell over all columns.
        """
        headers: dict[int, str] = {}
        body = False
        for row in self._grid:
            if not _is_header(row):
                body = True
                yield _distinct(row, headers)
            elif not body or len({id(c) for _, c, _ in row}) > 1:
                headers = _headers(row, {} if body else headers)
                body = False


_Row = list[tuple[int, Tag, bool]]


def _is_header(row: _Row) -> bool:
    return all(cell.name == "th" for _, cell, _ in row)


def _headers(row: _Row, above: dict[int, str]) -> dict[int, str]:
    headers = dict(above)
    for column, cell, _ in row:
        title = plain(cell.children or ())
        if title and title not in headers.get(column, "").split(_JOINT):
            headers[column] = f"{headers[column]}{_JOINT}{title}" if headers.get(column) else title
    return headers


def _distinct(row: _Row, headers: dict[int, str]) -> list[RowCell]:
    cells: dict[int, RowCell] = {}
    for column, cell, above in row:
        cells.setdefault(id(cell), RowCell(cell, headers.get(column, ""), above))
    return list(cells.values())


def _rows(tag: Tag) -> Iterator[list[Tag]]:
    loose: list[Tag] = []
    for child in tag.children or ():
        if not isinstance(child, Tag):
            continue
        if child.name in ("td", "th", "caption"):
            loose.append(child)
            continue
        if loose:
            yield loose
            loose = []
        if child.name == "tr":
            yield [c for c in child.children or () if isinstance(c, Tag) and c.name in ("td", "th")]
        elif child.name in ("tbody", "thead", "tfoot"):
            yield from _rows(child)
    if loose:
        yield loose


def _grid(rows: list[list[Tag]]) -> Iterator[_Row]:
    """The columns of each row's cells, those included that reach down from rows above."""
    reaching: dict[int, tuple[int, Tag]] = {}
    for cells in rows:
        if not cells:
            continue
        placed: _Row = []
        column = 0
        waiting = iter(cells)
        cell = next(waiting, None)
        while (cell is not None or any(c >= column for c in reaching)) and column < _MOST_COLUMNS:
            if column in reaching:
                left, above = reaching.pop(column)
                placed.append((column, above, True))
                if left > 1:
                    reaching[column] = (left - 1, above)
                column += 1
            elif cell is None:
                column += 1
            else:
                width, height = _span(cell, "colspan", _MOST_COLUMNS), _span(cell, "rowspan", _MOST_ROWS)
                for at in range(column, column + width):
                    placed.append((at, cell, False))
                    if height > 1:
                        reaching[at] = (height - 1, cell)
                column += width
                cell = next(waiting, None)
        yield placed


def _span(cell: Tag, name: str, most: int) -> int:
    digits = cell.attributes.get(name, "").strip("\"' ")
    return max(1, min(int(digits), most)) if digits.isdecimal() and len(digits) < 5 else 1


def _is_caption(cell: Tag) -> bool:
    first = cell.children[0] if cell.children else None
    return cell.name == "caption" or (cell.markup == "|" and isinstance(first, Text) and first.text.startswith("+"))


def _caption(cell: Tag) -> list[Node]:
    children = list(cell.children or ())
    if cell.name != "caption" and children and isinstance(children[0], Text):
        children[0] = Text(children[0].start + 1, children[0].end, children[0].text[1:])
    return children
