"""Where articles come from: wikitext files, folders, MediaWiki XML exports and dumps, in any mix.

- A ``.wiki`` or ``.txt`` file is one article. Its title is found as ``kg.wikitext.sources.page_titles`` says; where a sidecar file lies
  beside it (same name, suffix ``.meta``), its lines ``title: …``, ``page_id: …``, ``revision: …``, ``timestamp: …`` count.
- A ``.xml``, ``.xml.bz2``, ``.xml.gz`` or ``.xml.xz`` file is an export or dump, or part of one ("….xml-p1p41242.bz2"): its
  articles (namespace 0) that the selection wants. Redirects in all dumps given resolve the links of their articles. A
  multistream dump with its index beside it is not read as a whole where titles alone decide; redirects are then only
  known as far as they are among the titles asked for.
- A folder holds any of these, at any depth, read in the order of their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kg.wikitext.markup.links import REDIRECT, read_target
from kg.wikitext.sources.exports import Page, SourceError, is_dump, read_dump
from kg.wikitext.sources.multistream import index_of, is_index, read_chosen
from kg.wikitext.sources.page_titles import article_title
from kg.wikitext.sources.redirects import Waiting, waiting_room
from kg.wikitext.sources.selection import Selection

_TEXTS = (".wiki", ".txt")
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_FIELDS = ("title", "page_id", "revision", "timestamp")


@dataclass(frozen=True, slots=True)
class Source:
    """One page as it comes: its title, its wikitext, and where and which revision it is.

    ``redirects`` says of links in it that lead to a redirect where that ends.
    """

    title: str
    wikitext: str
    path: Path
    page_id: int | None = None
    revision: int | None = None
    timestamp: str = ""
    redirects: tuple[tuple[str, str], ...] = ()


def read_sources(
    paths: Iterable[Path],
    selection: Selection | None = None,
    unreadable: Callable[[Path, SourceError], None] | None = None,
) -> Iterator[Source]:
    """The articles in files and folders, in the order given; of dumps only those that ``selection`` wants.

    A text file of a folder that cannot be read is told to ``unreadable`` and left out; its SourceError is raised where there is none,
    and where ``paths`` name the file itself.
    Dumps are read twice: first all of them for their redirects and (where there is a selection) the pages that are wanted.
    """
    paths = list(paths)
    files = list(_files(paths))
    dumps = [f for f in files if is_dump(f)]
    wanted = selection or Selection()
    with ExitStack() as stack:
        waiting: Waiting | None = None
        for file in files:
            if file not in dumps:
                yield from _text_files(file, None if file in paths else unreadable)
                continue
            if waiting is None:
                waiting = stack.enter_context(waiting_room())
                for dump in dumps:
                    _first_reading(dump, wanted, waiting)
            yield from _dump(file, wanted, waiting)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(f for f in path.rglob("*") if _is_source(f) and _is_within(f, path))
        elif path.is_file():
            yield path
        elif path.exists():
            raise SourceError(f"{path}: neither a file nor a folder.")
        else:
            raise SourceError(f"{path}: there is no such file or folder.")


def _is_within(file: Path, folder: Path) -> bool:
    """Whether a file lies in a folder, and not only a link in it that leads elsewhere."""
    return file.resolve().is_relative_to(folder.resolve())


def _is_source(path: Path) -> bool:
    texts = path.suffix.lower() in _TEXTS and not is_index(path)
    return (texts or is_dump(path)) and path.is_file()


def _text_files(path: Path, unreadable: Callable[[Path, SourceError], None] | None) -> Iterator[Source]:
    try:
        source = _text_file(path)
    except SourceError as error:
        if unreadable is None:
            raise
        unreadable(path, error)
    else:
        yield source


def _text_file(path: Path) -> Source:
    wikitext = _text(path)
    sidecar = path.with_suffix(".meta")
    about = _sidecar(sidecar) if sidecar.is_file() else {}
    title = printable(about.get("title") or article_title(wikitext, path.stem))
    if not title:
        raise SourceError(f"{path}: its name is no title; write one into {sidecar.name}: title: ….")
    timestamp = about.get("timestamp", "")
    if timestamp and not is_timestamp(timestamp):
        raise SourceError(f"{sidecar}: timestamp is {timestamp!r}, not a time such as 2024-05-17T08:30:00Z.")
    return Source(
        title=title,
        wikitext=wikitext,
        path=path,
        page_id=_number(about, "page_id", sidecar),
        revision=_number(about, "revision", sidecar),
        timestamp=timestamp,
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 at byte {error.start}; convert it to UTF-8 first.") from None
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}).") from None


def _sidecar(path: Path) -> dict[str, str]:
    about = {}
    for number, line in enumerate(_text(path).splitlines(), 1):
        key, colon, value = line.partition(":")
        if not line.strip():
            continue
        if not colon or key.strip() not in _FIELDS:
            raise SourceError(f"{path}: line {number}: expected one of {', '.join(_FIELDS)}, a colon and a value.")
        about[key.strip()] = value.strip()
    return about


def _number(about: dict[str, str], key: str, path: Path) -> int | None:
    value = about.get(key, "")
    if value and not value.isdecimal():
        raise SourceError(f"{path}: {key} is {value!r}, not a number.")
    return int(value) if value else None


def printable(title: str) -> str:
    """A title without control characters, which no article has and which terminals obey; spaces are single."""
    return " ".join("".join(c if c.isprintable() else " " for c in title).split())


def is_timestamp(text: str) -> bool:
    """Whether a text is a time as MediaWiki writes it, and so a valid xsd:dateTime."""
    try:
        return datetime.strptime(text, _TIME).strftime(_TIME) == text
    except ValueError:
        return False


def _first_reading(dump: Path, selection: Selection, waiting: Waiting) -> None:
    """Keep a dump's redirects, and the pages that are wanted; where all are, they do not wait but are read again."""
    index = index_of(dump)
    pages = read_chosen(dump, index, selection.wants_title) if index and selection.by_title else read_dump(dump)
    for page in pages:
        target = _leads_to(page)
        if page.namespace != 0:
            continue
        if target:
            waiting.add_redirect(page.title, target)
        elif not selection.everything and selection.wants(page.title, page.wikitext):
            waiting.add_page(dump, page)


def _dump(dump: Path, selection: Selection, waiting: Waiting) -> Iterator[Source]:
    for page in read_dump(dump) if selection.everything else waiting.pages(dump):
        if page.namespace == 0 and not _leads_to(page):
            redirects = waiting.of_links(page.wikitext)
            timestamp = page.timestamp if is_timestamp(page.timestamp) else ""
            yield Source(printable(page.title), page.wikitext, dump, page.page_id, page.revision, timestamp, redirects)


def _leads_to(page: Page) -> str:
    """The title that a redirect leads to; empty where the page is none."""
    match = REDIRECT.match(page.wikitext)
    return page.redirect or (read_target(match.group(1)).title if match else "")
