"""Multistream dumps, read by their index."""

from __future__ import annotations

import bz2
import tracemalloc
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from kg.wikitext.sources import Selection, SourceError, read_sources
from tests.wikitext.sources.made_up_exports import EXPORT, HEAD, PAGES, REDIRECTS, pages, titles


def test_a_multistream_dump_is_read_by_its_index(tmp_path: Path) -> None:
    streams = [HEAD.encode(), *("".join(pages()[i : i + 2]).encode() for i in range(0, 8, 2)), b"</mediawiki>"]
    packed = [bz2.compress(s) for s in streams]
    offsets = [sum(map(len, packed[:i])) for i in range(len(packed))]
    names = [*PAGES, *REDIRECTS, "Talk:Kosovo", "Module"]
    index = "".join(f"{offsets[1 + i // 2]}:{i}:{escape(name)}\n" for i, name in enumerate(names))
    dump = tmp_path / "enwiki-20240101-pages-articles-multistream.xml.bz2"
    (tmp_path / "enwiki-20240101-pages-articles-multistream-index.txt.bz2").write_bytes(bz2.compress(index.encode()))
    dump.write_bytes(b"".join(packed))
    assert titles(list(read_sources([tmp_path]))) == list(PAGES)
    broken = bytearray(dump.read_bytes())
    broken[offsets[1] : offsets[2]] = b"x" * (offsets[2] - offsets[1])
    dump.write_bytes(broken)
    assert titles(list(read_sources([dump], Selection(titles=frozenset({"Pristina"}))))) == ["Pristina"]
    with pytest.raises(SourceError, match="index of another dump"):
        list(read_sources([dump], Selection(patterns=("Kosovo*",))))


NAME = "x-multistream"


@pytest.mark.parametrize("index", [
    b"9" * 5000 + b":1:Pristina",
    b"1:2:" + b"x" * 200_000,
    bz2.compress(bytes(1 << 26)),
    bz2.compress(b"1:2:Pristina")[:-9],
    b"0:1:\xff",
    b"no index",
])  # fmt: skip
def test_an_index_that_is_none(tmp_path: Path, index: bytes) -> None:
    ending = ".bz2" if index.startswith(b"BZh") else ""
    (tmp_path / f"{NAME}-index.txt{ending}").write_bytes(index)
    (tmp_path / f"{NAME}.xml.bz2").write_bytes(bz2.compress(EXPORT.encode()))
    tracemalloc.start()
    with pytest.raises(SourceError, match="index"):
        list(read_sources([tmp_path / f"{NAME}.xml.bz2"], Selection(titles=frozenset({"Pristina"}))))
    assert tracemalloc.get_traced_memory()[1] < 1 << 24
    tracemalloc.stop()


def test_a_stream_of_a_dump_unpacks_in_pieces(tmp_path: Path) -> None:
    """A few bytes that decompress to 300 million, in the stream that an index names."""
    first = bz2.compress((HEAD + pages()[0]).encode())
    bomb = bz2.compress(b"<page><title>Pristina</title><revision><text>" + bytes(260 << 20).replace(b"\0", b" "))
    (tmp_path / f"{NAME}-index.txt").write_text(f"{len(first)}:1:Pristina\n")
    (tmp_path / f"{NAME}.xml.bz2").write_bytes(first + bomb)
    tracemalloc.start()
    with pytest.raises(SourceError, match="over 256 MB"):
        list(read_sources([tmp_path / f"{NAME}.xml.bz2"], Selection(titles=frozenset({"Pristina"}))))
    assert tracemalloc.get_traced_memory()[1] < 1 << 25
    tracemalloc.stop()
