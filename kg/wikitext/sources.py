"""Where articles come from: wikitext files, folders, MediaWiki XML exports and dumps, in any mix.

- A ``.wiki`` or ``.txt`` file is one article. Its title is found as ``kg.wikitext.titles`` says; where a sidecar file lies
  beside it (same name, suffix ``.meta``), its lines ``title: …``, ``page_id: …``, ``revision: …``, ``timestamp: …`` count.
- A ``.xml``, ``.xml.bz2``, ``.xml.gz`` or ``.xml.xz`` file is an export or dump: its articles (namespace 0) that the
  selection wants. Redirects in it resolve the links of the articles. A multistream dump with its index beside it is not
  read as a whole where titles alone decide; redirects are then only known as far as they are among the titles asked for.
- A folder holds any of these, at any depth, read in the order of their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.wikitext.dumps import Page, SourceError, is_dump, read_dump
from kg.wikitext.links import REDIRECT, read_target
from kg.wikitext.multistream import index_of, read_chosen
from kg.wikitext.redirects import Waiting, waiting_room
from kg.wikitext.selection import Selection
from kg.wikitext.titles import article_title

__all__ = ["Selection", "Source", "SourceError", "read_sources"]

_TEXTS = (".wiki", ".txt")
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


def read_sources(paths: Iterable[Path], selection: Selection | None = None) -> Iterator[Source]:
    """The articles in files and folders, in the order given; of dumps only those that ``selection`` wants."""
    for path in paths:
        if path.is_dir():
            for file in sorted(f for f in path.rglob("*") if _is_source(f)):
                yield from _read(file, selection or Selection())
        elif path.exists():
            yield from _read(path, selection or Selection())
        else:
            raise SourceError(f"{path}: there is no such file or folder.")


def _is_source(path: Path) -> bool:
    texts = path.suffix.lower() in _TEXTS and not path.name.endswith("-index.txt")
    return (texts or is_dump(path)) and path.is_file()


def _read(path: Path, selection: Selection) -> Iterator[Source]:
    if is_dump(path):
        yield from _dump(path, selection)
    else:
        yield _text_file(path)


def _text_file(path: Path) -> Source:
    wikitext = _text(path)
    sidecar = path.with_suffix(".meta")
    about = _sidecar(sidecar) if sidecar.is_file() else {}
    return Source(
        title=about.get("title") or article_title(wikitext, path.stem),
        wikitext=wikitext,
        path=path,
        page_id=_number(about, "page_id", sidecar),
        revision=_number(about, "revision", sidecar),
        timestamp=about.get("timestamp", ""),
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


def _dump(path: Path, selection: Selection) -> Iterator[Source]:
    index = index_of(path)
    pages = read_chosen(path, index, selection.wants_title) if index and selection.by_title else read_dump(path)
    with waiting_room() as waiting:
        for page in pages:
            _sort(page, selection, waiting)
        wanted = (p for p in read_dump(path) if not _leads_to(p)) if selection.everything else waiting.pages()
        for page in wanted:
            if page.namespace == 0:
                redirects = waiting.of_links(page.wikitext)
                yield Source(page.title, page.wikitext, path, page.page_id, page.revision, page.timestamp, redirects)


def _sort(page: Page, selection: Selection, waiting: Waiting) -> None:
    """Keep a redirect, and a page that is wanted; a page waits only where not all are wanted (they are read again)."""
    target = _leads_to(page)
    if page.namespace != 0:
        return
    if target:
        waiting.add_redirect(page.title, target)
    elif not selection.everything and selection.wants(page.title, page.wikitext):
        waiting.add_page(page)


def _leads_to(page: Page) -> str:
    """The title that a redirect leads to; empty where the page is none."""
    match = REDIRECT.match(page.wikitext)
    return page.redirect or (read_target(match.group(1)).title if match else "")
