"""Source files: their kind, decompressed bytes, text, and encoding."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BufferedIOBase
from pathlib import Path
from typing import Any, cast

from kg.errors import EntenteError

_NAME = re.compile(r"\.xml(-p\d+p\d+)?(\.(bz2|gz|xz|zst|7z|zip))?$|(?<!\.txt)\.(bz2|gz|xz)$", re.IGNORECASE)
_INDEX = "multistream-index"
_CHUNK = 1 << 18
_HEAD = 1 << 14
_LONGEST_FILE = 64 << 20
_XZ = b"\xfd7zXZ\x00"
_XZ_MEMORY = 256 << 20  # memory limit of decompression in bytes: xz -9 needs 65 MiB
_PACKED: dict[bytes, Callable[[Path], Any]] = {b"BZh": bz2.open, b"\x1f\x8b": gzip.open, _XZ: lzma.open}
_UNREAD = {b"7z\xbc\xaf'\x1c": "7z", b"\x28\xb5\x2f\xfd": "zstd", b"PK\x03\x04": "zip", b"Rar!": "RAR", b"\x04\x22\x4d\x18": "LZ4"}
_TAR = slice(257, 262)
_ROOT = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?mediawiki\b", re.DOTALL)
_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml\b|^(?:\xef\xbb\xbf)?\s*<!DOCTYPE|^(?:\xff\xfe<\x00|\xfe\xff\x00<)", re.IGNORECASE)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_FARTHEST_ZONE = timedelta(hours=14)  # https://www.w3.org/TR/xmlschema11-2/#vp-dt-timezone
_MOST_DIGITS = 18


class SourceError(EntenteError):
    """A source that cannot be read; ``title`` is that of the page, if it is one page of many."""

    def __init__(self, message: str, title: str = "") -> None:
        super().__init__(message)
        self.title = title


def is_dump_name(path: Path) -> bool:
    """Whether a file's name is that of an XML export or dump."""
    return _NAME.search(path.name) is not None and _INDEX not in path.name


def is_dump(path: Path) -> bool:
    """Whether a file is an XML export or dump, by its name or its first bytes. Raises SourceError for unsupported archives."""
    head = _head(path)
    for magic, form in _UNREAD.items():
        if head.startswith(magic):
            raise SourceError(f"{path}: a file in {form} format; unpack it first, or give it as .xml, .xml.bz2, .xml.gz or .xml.xz.")
    if head[_TAR] == b"ustar":
        raise SourceError(f"{path}: a file in tar format; unpack it first, and give the files or the folder.")
    if is_dump_name(path) or _ROOT.match(head) or _DECLARED.match(head):
        return True
    return any(head.startswith(magic) for magic in _PACKED)


def unpacked(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in blocks, decompressed if it is compressed, whatever its name."""
    try:
        if _head(path).startswith(_XZ):
            yield from _xz(path)
            return
        with _open(path) as stream:
            yield from iter(lambda: stream.read(_CHUNK), b"")
    except (EOFError, zlib.error, lzma.LZMAError) as error:
        raise SourceError(f"{path}: ends too early or is damaged ({error}); download it again.") from None
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror or error}).") from None


def unpacked_lines(path: Path, longest: int, what: str) -> Iterator[bytes]:
    """Yield the lines of a file, decompressed, without line ends, each cut at ``longest`` bytes, whatever the file decompresses to.

    ``what`` names the expected kind of file in errors.
    """
    rest = b""
    for chunk in unpacked(path):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > longest:
            raise SourceError(f"{path}: a line is over {longest:,} bytes long; this is not {what}.")
        yield from (line.removesuffix(b"\r") for line in lines)
    if rest:
        yield rest.removesuffix(b"\r")


def _xz(path: Path) -> Iterator[bytes]:
    """Decompress the streams of an .xz file one after the other; the standard library's own reader takes as much memory as the file
    requests."""
    with path.open("rb") as file:
        data = file.read(_CHUNK)
        while data:
            decompressor = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
            while not decompressor.eof:
                if decompressor.needs_input:
                    data = data or file.read(_CHUNK)
                    if not data:
                        raise EOFError("the stream has no end")
                yield decompressor.decompress(data, _CHUNK)
                data = b""
            data = decompressor.unused_data.lstrip(b"\x00") or file.read(_CHUNK).lstrip(b"\x00")


def _open(path: Path) -> BufferedIOBase:
    head = _head(path)
    opening = next((opening for magic, opening in _PACKED.items() if head.startswith(magic)), None)
    if opening is None and path.suffix.lower() in (".bz2", ".gz", ".xz") and head:
        raise SourceError(f"{path}: cannot be read (not in the format that its name says).")
    return cast("BufferedIOBase", opening(path) if opening else path.open("rb"))


def _head(path: Path) -> bytes:
    if not path.is_file():
        raise SourceError(f"{path}: neither a file nor a folder (a pipe or device); give a file.")
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}).") from None


def read_text(path: Path) -> str:
    """Return a file's text: UTF-8, or UTF-16 with a byte order mark."""
    try:
        if path.stat().st_size > _LONGEST_FILE:
            raise SourceError(f"{path}: over {_LONGEST_FILE >> 20} MB; an article is one page of a wiki.")
        content = path.read_bytes()
        encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        if encoding == "utf-8-sig" and (place := content.find(b"\0")) >= 0:
            raise SourceError(f"{path}: not a text file (zero byte at {place}).")
        return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        form = "UTF-16, as it begins," if error.encoding.startswith("utf-16") else "UTF-8"
        raise SourceError(f"{path}: not {form} at byte {error.start}; convert it to UTF-8 first.") from None
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}).") from None


def number(text: str | None) -> int | None:
    """Parse a number of at most 18 digits; None for anything else."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def is_timestamp(text: str) -> bool:
    """Whether a text is a valid ``xsd:dateTime`` with a time zone."""
    if not _TIMESTAMP.fullmatch(text):
        return False
    try:
        offset = datetime.fromisoformat(text).utcoffset()
    except ValueError:
        return False
    return offset is not None and abs(offset) <= _FARTHEST_ZONE
