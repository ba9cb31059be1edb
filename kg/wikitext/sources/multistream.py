"""Multistream dumps: read single pages of a compressed dump by its index, without reading all of it.

A multistream dump consists of many bzip2 streams of 100 pages each; its index has a line ``offset:page id:title`` for each page
(https://en.wikipedia.org/wiki/Wikipedia:Database_download).
"""

from __future__ import annotations

import bz2
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

from kg.wikitext.sources.exports import Page, read_pages
from kg.wikitext.sources.files import SourceError, number, unpacked_lines

_CHUNK = 1 << 18
_LONGEST_LINE = 1 << 16


def index_of(dump: Path) -> Path | None:
    """Return the index beside a multistream dump, if there is one."""
    if "multistream" not in dump.name or dump.suffix != ".bz2":
        return None
    name = dump.name.replace("multistream", "multistream-index").replace(".xml", ".txt")
    names = (name, name.removesuffix(".bz2"))
    return next((dump.with_name(n) for n in names if dump.with_name(n).is_file()), None)


def is_index(path: Path) -> bool:
    """Whether a file's name is that of such an index."""
    return "multistream-index" in path.name


def read_chosen(dump: Path, index: Path, wanted: Callable[[str], bool]) -> Iterator[Page]:
    """Yield the pages with wanted titles, in the dump's order, decompressing only their streams."""
    with dump.open("rb") as file:
        for offset in _offsets(index, wanted):
            file.seek(offset)
            yield from (p for p in read_pages(_stream(file.read, dump), dump) if wanted(p.title))


def numbered_pages(index: Path) -> Iterator[tuple[int, str]]:
    """Yield the number and the title of each page in an index."""
    for _, page, title in _entries(index):
        yield page, title


def _offsets(index: Path, wanted: Callable[[str], bool]) -> list[int]:
    """Return the offsets of the streams that contain wanted titles."""
    return sorted({offset for offset, _, title in _entries(index) if wanted(title)})


def _entries(index: Path) -> Iterator[tuple[int, int, str]]:
    """Yield offset, page number and title of each line of an index."""
    for line_number, line in enumerate(unpacked_lines(index, _LONGEST_LINE, "the index of a dump"), 1):
        offset, _, rest = _text(line, index).partition(":")
        page, colon, title = rest.partition(":")
        place, page_id = number(offset), number(page)
        if not colon or place is None or page_id is None:
            raise SourceError(f"{index}: line {line_number} is not offset:page:title.")
        yield place, page_id, unescape(title)


def _text(line: bytes, index: Path) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise SourceError(f"{index}: not UTF-8; this is not the index of a dump.") from None


def _stream(read: Callable[[int], bytes], dump: Path) -> Iterator[bytes]:
    """Return one bzip2 stream as a complete document."""
    decompressor = bz2.BZ2Decompressor()
    yield b"<mediawiki>"
    while not decompressor.eof:
        chunk = read(_CHUNK) if decompressor.needs_input else b""
        if not chunk and decompressor.needs_input:
            raise SourceError(f"{dump}: ends within a stream; is it the dump that the index belongs to?")
        try:
            yield decompressor.decompress(chunk, _CHUNK)
        except OSError:
            raise SourceError(f"{dump}: no bzip2 stream where its index says so; is it the index of another dump?") from None
    yield b"</mediawiki>"
