"""Read, as a stream, files that map pages of the English Wikipedia to Wikidata items.

- SQL dumps of MediaWiki's tables ``page_props`` (item by page number), ``page`` (number and title) and ``wb_items_per_site`` (item by
  title, of all wikis): ``INSERT`` statements, https://www.mediawiki.org/wiki/Manual:Database_layout.
- The index of a multistream dump (number and title).
- A table of two columns with a tab between: title or address of the page, and the item; or the other way round, as the
  Wikidata Query Service gives them.

All may be packed as ``.gz``, ``.bz2`` or ``.xz``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain, starmap
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from kg.errors import EntenteError
from kg.graph.iris import WIKIPEDIA, normal_title
from kg.wikitext.sources.files import SourceError, unpacked_lines
from kg.wikitext.sources.multistream import is_index, numbered_pages

_LONGEST_LINE = 64 << 20  # mysqldump writes lines of 1 MiB; a server takes at most 64 MiB in one statement unless told otherwise
_SQL = re.compile(rb"\s*(?:--|/\*|INSERT\b|CREATE\b|DROP\b|SET\b|LOCK\b|USE\b)", re.IGNORECASE)
_TABLE = re.compile(rb"\s*(?:INSERT(?:\s+IGNORE)?\s+INTO|CREATE\s+TABLE(?:\s+IF\s+NOT\s+EXISTS)?)\s+[`\"]?(\w+)", re.IGNORECASE)
_TEXT = rb"'([^'\\]*(?:(?:\\.|'')[^'\\]*)*)'"  # quotation marks in it are escaped, so no text is taken for a row
_ESCAPED = re.compile(rb"\\(.)|'(')", re.DOTALL)
_ITEM = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/)?Q([1-9]\d{0,11})")
_CELL = re.compile(r'<(.*)>|"(.*)"(?:@[A-Za-z-]+)?')
_PAGE_ADDRESS = re.compile(re.escape(WIKIPEDIA).replace("https", "https?", 1))


class WikidataError(EntenteError):
    """A file of Wikidata items that cannot be read."""


class TitledItem(NamedTuple):
    """The item (its number, without the Q) of the page with this title."""

    title: str
    item: int


class NumberedItem(NamedTuple):
    """The item of the page with this number."""

    page: int
    item: int


class NumberedTitle(NamedTuple):
    """The title of the page with this number."""

    page: int
    title: str


Row = TitledItem | NumberedItem | NumberedTitle


def _page_props(match: re.Match[bytes]) -> Row:
    return NumberedItem(int(match[1]), int(match[2]))


def _page(match: re.Match[bytes]) -> Row:
    return NumberedTitle(int(match[1]), _title_of(match[2]))


def _items_per_site(match: re.Match[bytes]) -> Row:
    return TitledItem(_title_of(match[2]), int(match[1]))


_TABLES: dict[bytes, tuple[re.Pattern[bytes], Callable[[re.Match[bytes]], Row]]] = {
    b"page_props": (re.compile(rb"\((\d{1,18}),\s*'wikibase_item',\s*'Q([1-9]\d{0,11})'"), _page_props),
    b"page": (re.compile(rb"\((\d{1,18}),\s*0,\s*" + _TEXT + rb"\s*,"), _page),
    b"wb_items_per_site": (re.compile(rb"\(\d+,\s*([1-9]\d{0,11}),\s*'enwiki',\s*" + _TEXT + rb"\s*\)"), _items_per_site),
}


def item_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a file. WikidataError if it is damaged, or in an unsupported format."""
    try:
        if not path.exists():
            raise WikidataError(f"{path}: there is no such file.")
        if is_index(path):
            yield from starmap(NumberedTitle, numbered_pages(path))
            return
        lines = unpacked_lines(path, _LONGEST_LINE, "an SQL dump or a table of two columns")
        first = next(lines, b"").removeprefix(b"\xef\xbb\xbf")
        yield from (_sql_rows if _SQL.match(first) else _table_rows)(chain([first], lines), path)
    except SourceError as error:
        raise WikidataError(str(error)) from None


def _sql_rows(lines: Iterator[bytes], path: Path) -> Iterator[Row]:
    """Yield the rows of an SQL dump of one of the supported tables."""
    table = b""
    for line in lines:
        if named := _TABLE.match(line):
            table = named[1].lower()
            if table not in _TABLES:
                known = ", ".join(name.decode() for name in _TABLES)
                raise WikidataError(f"{path}: a dump of the table {table.decode()[:40]!r}; give that of one of {known}.")
        if table:
            pattern, row = _TABLES[table]
            yield from map(row, pattern.finditer(line))
    if not table:
        raise WikidataError(f"{path}: an SQL dump without any table in it.")


def _title_of(value: bytes) -> str:
    """Return the title in an SQL string; MediaWiki has normalized it except for underscores."""
    plain = _ESCAPED.sub(lambda match: match[1] or match[2], value) if b"\\" in value or b"'" in value else value
    return plain.decode("utf-8", "replace").replace("_", " ")


def _table_rows(lines: Iterator[bytes], path: Path) -> Iterator[Row]:
    """Yield the rows of a table; its first line may be a heading."""
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            raise WikidataError(f"{path}: line {number} is not UTF-8; save the table as UTF-8 text.") from None
        if not text.strip():
            continue
        row = _table_row(text)
        if row:
            yield row
        elif number > 1 or text.count("\t") != 1:
            raise WikidataError(f"{path}: line {number} is not a page's title or address, a tab, and an item such as Q42.")


def _table_row(line: str) -> Row | None:
    cells = [_cell(cell) for cell in line.split("\t")]
    if len(cells) != 2:
        return None
    for page, item in (cells, reversed(cells)):
        if (match := _ITEM.fullmatch(item)) and (title := _title(page)):
            return TitledItem(normal_title(title), int(match[1]))
    return None


def _cell(cell: str) -> str:
    """Return a cell's text without the delimiters of IRIs and strings in SPARQL's TSV."""
    match = _CELL.fullmatch(cell.strip())
    return (match[1] or match[2] or "") if match else cell.strip()


def _title(page: str) -> str:
    """Return a page's title, from a title or an address."""
    match = _PAGE_ADDRESS.match(page)
    return unquote(page[match.end() :]) if match else page
