"""Multistream dumps: single pages of a compressed dump, found by its index without reading the whole.

A multistream dump is many bzip2 streams of 100 pages each, one behind the other; its index has a line
``offset:page id:title`` for each page (https://en.wikipedia.org/wiki/Wikipedia:Database_download).
"""

from __future__ import annotations

import bz2
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

from kg.wikitext.sources.exports import Page, read_pages
from kg.wikitext.sources.files import SourceError, number, unpacked

_CHUNK = 1 << 18
_LONGEST_LINE = 1 << 16


def index_of(dump: Path) -> Path | None:
    """The index that lies beside a multistream dump, if there is one."""
    if "multistream" not in dump.name or dump.suffix != ".bz2":
        return None
    name = dump.name.replace("multistream", "multistream-index").replace(".xml", ".txt")
    names = (name, name.removesuffix(".bz2"))
    return next((dump.with_name(n) for n in names if dump.with_name(n).is_file()), None)


def is_index(path: Path) -> bool:
    """Whether a file's name is that of such an index."""
    return "multistream-index" in path.name


def read_chosen(dump: Path, index: Path, wanted: Callable[[str], bool]) -> Iterator[Page]:
    """The pages whose titles are wanted, in the dump's order, and nothing else decompressed but their streams."""
    with dump.open("rb") as file:
        for offset in _offsets(index, wanted):
            file.seek(offset)
            yield from (p for p in read_pages(_stream(file.read, dump), dump) if wanted(p.title))


def _offsets(index: Path, wanted: Callable[[str], bool]) -> list[int]:
    """Where the streams begin that hold wanted titles."""
    offsets: dict[int, None] = {}
    for line_number, line in enumerate(_lines(index), 1):
        offset, _, rest = line.partition(":")
        _, colon, title = rest.partition(":")
        place = number(offset)
        if not colon or place is None:
            raise SourceError(f"{index}: line {line_number} is not offset:page:title.")
        if wanted(unescape(title)):
            offsets[place] = None
    return sorted(offsets)


def _lines(index: Path) -> Iterator[str]:
    """The lines of an index, none of which is kept beyond a limit, whatever it unpacks to."""
    rest = b""
    for chunk in unpacked(index):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > _LONGEST_LINE:
            raise SourceError(f"{index}: a line is over {_LONGEST_LINE:,} bytes long; it is no index of a dump.")
        yield from (_text(line, index) for line in lines)
    if rest:
        yield _text(rest, index)


def _text(line: bytes, index: Path) -> str:
    try:
        return line.removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError:
        raise SourceError(f"{index}: not UTF-8; it is no index of a dump.") from None


def _stream(read: Callable[[int], bytes], dump: Path) -> Iterator[bytes]:
    """One bzip2 stream, made a document of its own."""
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
