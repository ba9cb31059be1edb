"""Source files: compression, archives, and kinds of file."""

from __future__ import annotations

import bz2
import lzma
import os
from pathlib import Path

import pytest

from kg.wikitext.sources import SourceError, read_sources
from tests.wikitext.sources.made_up_exports import EXPORT, PAGES, titles


@pytest.mark.parametrize("padding", [b"", b"\0" * 8])
def test_xz_files_of_several_streams(tmp_path: Path, padding: bytes) -> None:
    half = len(EXPORT) // 2
    (tmp_path / "a.xml.xz").write_bytes(padding.join(lzma.compress(part.encode()) for part in (EXPORT[:half], EXPORT[half:])))
    assert titles(list(read_sources([tmp_path]))) == list(PAGES)


def test_xz_files_do_not_say_how_much_memory_they_take(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]
    (tmp_path / "a.xml.xz").write_bytes(lzma.compress(EXPORT.encode(), filters=filters))
    with pytest.raises(SourceError, match="Memory usage limit"):
        list(read_sources([tmp_path / "a.xml.xz"]))


@pytest.mark.parametrize("name", ["export", "dump.bz2", "pages.txt", "utf-16"])
def test_an_export_is_known_by_what_it_holds(tmp_path: Path, name: str) -> None:
    content = EXPORT.encode("utf-16") if name == "utf-16" else EXPORT.encode()
    (tmp_path / name).write_bytes(bz2.compress(content) if name.endswith("bz2") else content)
    assert titles(list(read_sources([tmp_path / name]))) == list(PAGES)


@pytest.mark.parametrize(
    ("magic", "form"), [(b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"PK\x03\x04", "zip")], ids=["7z", "zst", "zip"]
)
def test_archives_that_are_not_read_are_named(tmp_path: Path, magic: bytes, form: str) -> None:
    (tmp_path / f"pages.xml.{form}").write_bytes(magic + b"text")
    with pytest.raises(SourceError, match=f"in {form} format"):
        list(read_sources([tmp_path / f"pages.xml.{form}"]))


def test_a_pipe_is_no_source(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.wiki")
    with pytest.raises(SourceError, match="neither a file nor a folder"):
        list(read_sources([tmp_path / "p.wiki"]))
    assert list(read_sources([tmp_path])) == []
