"""Read MediaWiki XML exports and dumps as a stream of pages (https://www.mediawiki.org/wiki/Help:Export#Export_format).

Pages are read one at a time and dropped, and no element is kept beyond a limit, so memory is constant however long the dump and
whatever its content. The format has no document type declaration, so one is refused: nothing in a dump can make the parser expand
entities or open files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate

from kg.wikitext.markup.links import Site, clean_title, namespace_sorts, normalise_title, read_target
from kg.wikitext.sources.files import SourceError, is_timestamp, number, unpacked

# MediaWiki saves no page over 2 MiB ($wgMaxArticleSize). A page beyond the first limit is skipped; beyond the second, reading ends.
LONGEST_PAGE = 8 << 20
_ENDLESS = 1 << 28
_LONGEST_FIELD = 2000
_BUFFER = 1 << 16
_PAGE_FIELDS = frozenset({"title", "ns", "id"})
_REVISION_FIELDS = frozenset({"id", "timestamp", "model"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a dump in its newest revision; ``redirect`` is the title to which it redirects, if it does.

    ``problem`` says why it cannot be read, if it cannot.
    """

    title: str
    wikitext: str
    namespace: int
    page_id: int | None
    revision: int | None
    timestamp: str
    redirect: str | None
    problem: str = ""


def read_dump(path: Path) -> Iterator[Page]:
    """Yield all pages of an export or dump, in order."""
    return read_pages(unpacked(path), path)


def read_site(path: Path) -> Site:
    """Read what an export or dump says about its wiki, before its pages."""
    reader = _PageReader(path)
    for chunk in unpacked(path):
        _feed(reader, chunk, path)
        if reader.site.namespaces or reader.pages:
            break
    return reader.site


def read_pages(chunks: Iterable[bytes], path: Path) -> Iterator[Page]:
    """Yield the pages in the bytes of an export; ``path`` names it in errors."""
    reader = _PageReader(path)
    for chunk in chunks:
        _feed(reader, chunk, path)
        yield from reader.take()
    _feed(reader, b"", path, last=True)
    yield from reader.take()


def _feed(reader: _PageReader, chunk: bytes, path: Path, last: bool = False) -> None:
    try:
        reader.parser.Parse(chunk, last)
    except ExpatError as error:
        if not reader.rooted:
            raise SourceError(f"{path}: not a MediaWiki export, nor well-formed XML ({error}).") from None
        raise SourceError(f"{path}: not well-formed XML ({error}); is the file complete?") from None
    except (LookupError, ValueError) as error:
        raise SourceError(f"{path}: its XML declaration names an encoding that cannot be read ({error}); convert it to UTF-8.") from None


class _PageReader:
    """Turns the parser's events into pages."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.elements: list[str] = []
        self.rooted = False
        self.pages: list[Page] = []
        self.site = Site()
        self.parser = ParserCreate()
        self.parser.buffer_text = True
        self.parser.buffer_size = _BUFFER
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype
        self._namespaces: dict[int, str] = {}
        self._namespace = 0
        self._text: list[str] = []
        self._size = 0
        self._page: dict[str, str] = {}
        self._revision: dict[str, str] = {}
        self._newest: dict[str, str] = {}

    def take(self) -> Iterator[Page]:
        """Return the pages that ended since the last call."""
        pages, self.pages = self.pages, []
        yield from pages

    def _doctype(self, *_: object) -> None:
        raise SourceError(f"{self.path}: has a document type declaration, which no MediaWiki export has.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if not self.elements:
            if name != "mediawiki":
                raise SourceError(f"{self.path}: not a MediaWiki export: its root element is <{name[:50]}>, not <mediawiki>.")
            self.rooted = True
            self.site = Site(attributes.get("xml:lang", "")[:_LONGEST_FIELD])
        elif name == "page":
            self._page, self._newest = {}, {}
        elif name == "revision":
            self._revision = {}
        elif name == "redirect":
            self._page["redirect"] = attributes.get("title", "")
        elif name == "namespace":
            self._namespace = number(attributes.get("key", "").removeprefix("-")) or 0
        elif name == "text" and ("deleted" in attributes or (attributes.get("bytes", "0") != "0" and "location" in attributes)):
            self._revision["problem"] = "its text was deleted" if "deleted" in attributes else "its text is not in the dump (a stub)"
        self.elements.append(name)
        self._text, self._size = [], 0

    def _characters(self, data: str) -> None:
        room = (LONGEST_PAGE if self.elements[-1] == "text" else _LONGEST_FIELD) - self._size
        self._size += len(data)
        if room > 0:
            self._text.append(data[:room])
        elif self._size > _ENDLESS:
            name = self.elements[-1][:50]
            raise SourceError(f"{self.path}: an element <{name}> is over {_ENDLESS >> 20} MB; MediaWiki writes no such dump.")

    def _end(self, _tag: str) -> None:
        name = self.elements.pop()
        parent = self.elements[-1] if self.elements else ""
        if name == "page":
            self._finish_page()
        elif name == "revision":
            if self._revision.get("timestamp", "") >= self._newest.get("timestamp", ""):
                self._newest = self._revision
        elif name == "siteinfo":
            self.site = Site(self.site.language, namespace_sorts(self._namespaces))
        elif name == "namespace":
            self._namespaces[self._namespace] = "".join(self._text)
        elif parent == "revision" and name == "text":
            self._end_of_text()
        elif parent == "page" and name in _PAGE_FIELDS:
            self._page[name] = "".join(self._text)
        elif parent == "revision" and name in _REVISION_FIELDS:
            self._revision[name] = "".join(self._text)
        self._text, self._size = [], 0

    def _end_of_text(self) -> None:
        self._revision["text"] = "".join(self._text)
        if self._size > LONGEST_PAGE:
            self._revision["problem"] = f"longer than {LONGEST_PAGE >> 20} million characters; MediaWiki saves no such page"

    def _finish_page(self) -> None:
        fields, revision = self._page, self._newest
        title = clean_title(fields.get("title", ""))
        if revision.get("model", "wikitext") != "wikitext" or not title:
            return
        problem = revision.get("problem", "") or ("" if revision.get("text") else "it has no text")
        for name, value in (("page id", fields.get("id")), ("revision", revision.get("id"))):
            if value and number(value) is None:
                problem = f"its {name} is not a number of at most 18 digits"
        timestamp = revision.get("timestamp", "").strip()
        self.pages.append(
            Page(
                title=title,
                wikitext=revision.get("text", ""),
                namespace=self._namespace_of(title, fields.get("ns")),
                page_id=number(fields.get("id")),
                revision=number(revision.get("id")),
                timestamp=timestamp if is_timestamp(timestamp) else "",
                redirect=normalise_title(fields["redirect"]) if fields.get("redirect") else None,
                problem=problem,
            )
        )

    def _namespace_of(self, title: str, given: str | None) -> int:
        """Return the number of a page's namespace; dumps before version 0.6 of the format give only the title's prefix."""
        if given is not None:
            return number(given.strip()) or (0 if given.strip() == "0" else -1)
        prefix, colon, _ = title.partition(":")
        named = dict(self.site.namespaces)
        return -1 if colon and (prefix.strip().lower() in named or read_target(title).sort not in ("page", "language")) else 0
