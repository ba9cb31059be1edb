"""Tables to rows whose cells know the header of their column."""

from __future__ import annotations

from collections.abc import Iterator

from kg.wikitext.article import PassageKind
from kg.wikitext.inline import plain
from kg.wikitext.tree import Node, Tag, Text

_MOST_COLUMNS = 200

Row = tuple[PassageKind, int, list[tuple[tuple[Node, ...], str]]]


def rows(node: Tag) -> Iterator[Row]:
    """The rows with text of a table, each cell with its header; its caption first."""
    headers: dict[int, str] = {}
    spans: dict[int, tuple[int, Tag]] = {}
    body = False
    for row in _rows(node):
        cells = [c for c in row if not _is_caption(c)]
        for caption in (c for c in row if _is_caption(c)):
            yield PassageKind.CAPTION, caption.start, [(_caption(caption), "")]
        if not cells:
            continue
        placed = _place(cells, spans)
        if not body and all(c.name == "th" for c in cells):
            for column, cell in placed:
                title = plain(cell.children or ())
                if title and title not in headers.get(column, "").split(" – "):
                    headers[column] = f"{headers[column]} – {title}" if headers.get(column) else title
            continue
        body = True
        shown, seen = [], set[int]()
        for column, cell in placed:
            if id(cell) not in seen:
                seen.add(id(cell))
                shown.append((cell.children or (), headers.get(column, "")))
        yield PassageKind.ROW, cells[0].start, shown


def _rows(node: Tag) -> Iterator[list[Tag]]:
    loose: list[Tag] = []
    for child in node.children or ():
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


def _place(cells: list[Tag], spans: dict[int, tuple[int, Tag]]) -> list[tuple[int, Tag]]:
    """The column of each cell, with the cells that reach down from rows above."""
    placed: list[tuple[int, Tag]] = []
    queue = list(cells)
    column = 0
    while (queue or column in spans) and column < _MOST_COLUMNS:
        if column in spans:
            left, cell = spans.pop(column)
            if left > 1:
                spans[column] = (left - 1, cell)
            placed.append((column, cell))
            column += 1
            continue
        cell = queue.pop(0)
        for _ in range(_span(cell, "colspan")):
            placed.append((column, cell))
            if _span(cell, "rowspan") > 1:
                spans[column] = (_span(cell, "rowspan") - 1, cell)
            column += 1
    return placed


def _span(cell: Tag, name: str) -> int:
    digits = cell.attributes.get(name, "").strip("\"' ")
    return max(1, min(int(digits), _MOST_COLUMNS)) if digits.isdecimal() and len(digits) < 5 else 1


def _is_caption(cell: Tag) -> bool:
    first = cell.children[0] if cell.children else None
    return cell.name == "caption" or (cell.markup == "|" and isinstance(first, Text) and first.text.startswith("+"))


def _caption(cell: Tag) -> tuple[Node, ...]:
    first, *rest = cell.children or (None,)
    if cell.name != "caption" and isinstance(first, Text):
        return (Text(first.start + 1, first.end, first.text[1:]), *rest)
    return cell.children or ()
