"""MediaWiki XML exports and dumps as a stream of pages (https://www.mediawiki.org/wiki/Help:Export#Export_format).

Pages are read one at a time and forgotten, so memory stays flat however long the dump. The format has no document type
declaration, so one is refused: nothing in a dump can make the parser expand entities or open other files.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from kg.errors import EntenteError

_NAME = re.compile(r"\.xml(-p\d+p\d+)?(\.(bz2|gz|xz))?$", re.IGNORECASE)
_CHUNK = 1 << 18
_HEAD = 1 << 16
_ROOT = b"<mediawiki"


class SourceError(EntenteError):
    """A source that cannot be read."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a dump in its newest revision; ``redirect`` is the title that it leads to, if it does."""

    title: str
    wikitext: str
    namespace: int
    page_id: int | None
    revision: int | None
    timestamp: str
    redirect: str | None


def is_dump(path: Path) -> bool:
    """Whether a file's name is that of an XML export or dump."""
    return _NAME.search(path.name) is not None


def read_dump(path: Path) -> Iterator[Page]:
    """All pages of an export or dump, in its order."""
    try:
        with _open(path) as stream:
            yield from read_pages(iter(lambda: stream.read(_CHUNK), b""), path)
    except (EOFError, zlib.error, lzma.LZMAError) as error:
        raise SourceError(f"{path}: ends too early or is damaged ({error}); download it again.") from None
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror or error}).") from None


def _open(path: Path) -> BufferedIOBase:
    name = path.name.lower()
    if name.endswith(".bz2"):
        return bz2.open(path)
    if name.endswith(".gz"):
        return gzip.open(path)
    return lzma.open(path) if name.endswith(".xz") else path.open("rb")


def read_pages(chunks: Iterable[bytes], path: Path) -> Iterator[Page]:
    """The pages in the bytes of an export; ``path`` names it in errors."""
    parser: XMLPullParser[Any] = XMLPullParser(("start", "end"))
    reader = _PageReader()
    try:
        for chunk in _checked(chunks, path):
            parser.feed(chunk)
            yield from reader.take(parser.read_events())
        parser.close()
        yield from reader.take(parser.read_events())
    except ParseError as error:
        raise SourceError(f"{path}: not well-formed XML ({error}); is the file whole?") from None


def _checked(chunks: Iterable[bytes], path: Path) -> Iterator[bytes]:
    """The bytes of an export, if they are one: a declaration can only stand before the root element."""
    head = b""
    chunks = iter(chunks)
    for chunk in chunks:
        head += chunk
        if _ROOT in head or len(head) > _HEAD:
            break
    before, root, _ = head.partition(_ROOT)
    if not root:
        raise SourceError(f"{path}: not a MediaWiki export: its root element is not <mediawiki>.")
    if b"<!" in before.replace(b"<!--", b""):
        raise SourceError(f"{path}: has a document type declaration, which no MediaWiki export has.")
    yield head
    yield from chunks


class _PageReader:
    """Turns parser events into pages and drops the elements that are done with."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.revision: dict[str, str] = {}

    def take(self, events: Iterable[tuple[Any, ...]]) -> Iterator[Page]:
        """The pages that end in these events."""
        for event, element in events:
            name = element.tag.rpartition("}")[2]
            if event == "start":
                self.root = element if self.root is None else self.root
            elif name == "revision":
                self._newest(_fields(element))
                element.clear()
            elif name == "page":
                page = self._page(element)
                self.revision = {}
                if self.root is not None:
                    self.root.clear()
                if page:
                    yield page

    def _newest(self, revision: dict[str, str]) -> None:
        if revision.get("timestamp", "") >= self.revision.get("timestamp", ""):
            self.revision = revision

    def _page(self, element: Element) -> Page | None:
        fields, revision = _fields(element), self.revision
        if revision.get("model", "wikitext") != "wikitext" or not fields.get("title"):
            return None
        return Page(
            title=fields["title"],
            wikitext=revision.get("text", ""),
            namespace=_number(fields.get("ns")) or 0,
            page_id=_number(fields.get("id")),
            revision=_number(revision.get("id")),
            timestamp=revision.get("timestamp", ""),
            redirect=next((e.get("title") for e in element if e.tag.endswith("redirect")), None),
        )


def _fields(element: Element) -> dict[str, str]:
    return {child.tag.rpartition("}")[2]: child.text or "" for child in element}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdecimal() else None
