"""Articles from wikitext files, folders, MediaWiki XML exports and dumps, in any mix.

- A text file (``.wiki`` or ``.txt`` in a folder, any name where it is given itself) is one article. Its title is found as
  ``page_titles`` says; a sidecar file beside it (``sidecars``) goes before.
- An XML export or dump, or part of one ("….xml-p1p41242.bz2"), plain or packed as ``.bz2``, ``.gz`` or ``.xz``, gives its articles
  (namespace 0) that the selection wants. Redirects in all dumps given resolve the links of their articles. A
  multistream dump with its index beside it is not read as a whole where titles alone decide; redirects are then only
  known as far as they are among the titles asked for.
- A folder holds any of these, at any depth, read in the order of their names. Symbolic links that lead out of it are not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from kg.wikitext.markup.links import REDIRECT, Site, clean_title, read_target
from kg.wikitext.sources.english import is_english, other_language
from kg.wikitext.sources.exports import LONGEST_PAGE, Page, read_dump, read_site
from kg.wikitext.sources.files import SourceError, is_dump, is_dump_name, read_text
from kg.wikitext.sources.multistream import index_of, is_index, numbered_pages, read_chosen
from kg.wikitext.sources.page_titles import article_title
from kg.wikitext.sources.redirects import Waiting, waiting_room
from kg.wikitext.sources.selection import Selection
from kg.wikitext.sources.sidecars import Sidecar, read_sidecar

_TEXTS = (".wiki", ".txt")
Unreadable = Callable[[Path, SourceError], None]
Numbered = Callable[[int, str], None]
"""Called with the number and the title of a page of the wiki."""


@dataclass(frozen=True, slots=True)
class Source:
    """One page of a source: its title, its wikitext, its location and revision.

    ``redirects`` gives the final targets of links that lead to redirects; ``site`` is what the dump says about its wiki, if that is
    not in English.
    """

    title: str
    wikitext: str
    path: Path
    page_id: int | None = None
    revision: int | None = None
    timestamp: str = ""
    redirects: tuple[tuple[str, str], ...] = ()
    site: Site | None = None


def read_sources(
    paths: Iterable[Path],
    selection: Selection | None = None,
    unreadable: Unreadable | None = None,
    any_language: bool = False,
    numbered: Numbered | None = None,
) -> Iterator[Source]:
    """Yield the articles in files and folders, in the order given; from dumps, only those that ``selection`` wants.

    A text file in a folder or a page of a dump that cannot be read, or is clearly not in English, is passed to ``unreadable`` and
    skipped. Its SourceError is raised if there is no ``unreadable``; that of a file given in ``paths``, or of a whole dump, always.
    With ``any_language``, languages are not checked. ``numbered`` is called with number and title of every page, wanted or not.
    Dumps are read twice: first all of them, for their redirects and (if there is a selection) the wanted pages.
    """
    paths = list(paths)
    files = list(_files(paths, unreadable))
    dumps = [f for f in files if is_dump(f)]
    wanted = selection or Selection()
    with ExitStack() as stack:
        waiting: Waiting | None = None
        for file in files:
            if file not in dumps:
                given = file in paths
                folders = () if given else tuple(path for path in paths if path in file.parents)
                for source in _text_files(file, folders, None if given else unreadable, any_language):
                    if numbered and source.page_id is not None:
                        numbered(source.page_id, source.title)
                    yield source
                continue
            if waiting is None:
                waiting = stack.enter_context(waiting_room())
                sites = {dump: _site(dump, any_language) for dump in dumps}
                for dump in dumps:
                    _first_reading(dump, wanted, waiting, numbered)
            yield from _dump(file, wanted, waiting, sites[file], unreadable, any_language)


def _files(paths: Iterable[Path], unreadable: Unreadable | None) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            for file in sorted(f for f in path.rglob("*") if _is_source(f)):
                if not _leads_out(file, (path,)):
                    yield file
                elif unreadable:
                    unreadable(file, SourceError(f"{file}: a symbolic link out of its folder; it is not followed."))
        elif path.exists():
            yield path
        else:
            raise SourceError(f"{path}: there is no such file or folder.")


def _leads_out(file: Path, folders: Iterable[Path]) -> bool:
    """Whether a symbolic link leads out of the folders in which its file was found."""
    return file.is_symlink() and not any(file.resolve().is_relative_to(folder.resolve()) for folder in folders)


def _is_source(path: Path) -> bool:
    texts = path.suffix.lower() in _TEXTS and not is_index(path)
    return (texts or is_dump_name(path)) and path.is_file()


def _text_files(path: Path, folders: Sequence[Path], unreadable: Unreadable | None, any_language: bool) -> Iterator[Source]:
    """Yield the article in a file; ``folders`` are those in which it was found, unless it was given itself."""
    try:
        source = _text_file(path, folders)
        if not any_language:
            _check_language(source.wikitext, path)
    except SourceError as error:
        if unreadable is None:
            raise
        unreadable(path, error)
    else:
        yield source


def _text_file(path: Path, folders: Sequence[Path]) -> Source:
    wikitext = _unescaped(read_text(path))
    if len(wikitext) > LONGEST_PAGE:
        raise SourceError(f"{path}: longer than {LONGEST_PAGE >> 20} million characters; MediaWiki saves no such page.")
    sidecar = path.with_suffix(".meta")
    if folders and _leads_out(sidecar, folders):
        raise SourceError(f"{sidecar}: a symbolic link out of its folder; it is not followed.")
    about = read_sidecar(sidecar) if sidecar.is_file() else Sidecar()
    title = about.title or clean_title(article_title(wikitext, path.stem))
    if not title:
        raise SourceError(f"{path}: neither its name nor its text gives it a title; write one into {sidecar.name}.")
    return Source(title, wikitext, path, about.page_id, about.revision, about.timestamp)


def _unescaped(wikitext: str) -> str:
    """Unescape a text copied from an export with ``&lt;ref&gt;`` for ``<ref>``."""
    escaped = wikitext.count("&lt;ref") > 1 and "<" not in wikitext
    return unescape(wikitext) if escaped else wikitext


def _check_language(wikitext: str, path: Path, title: str = "") -> None:
    if language := other_language(wikitext):
        what = f"{path}: {title}:" if title else f"{path}:"
        raise SourceError(f"{what} its text is not English ({language}); --language-unchecked reads it all the same.", title)


def _site(dump: Path, any_language: bool) -> Site:
    site = read_site(dump)
    if not is_english(site) and not any_language:
        raise SourceError(
            f"{dump}: a dump in another language ({site.language}); only English is read. --language-unchecked reads it all the same."
        )
    return site


def _first_reading(dump: Path, selection: Selection, waiting: Waiting, numbered: Numbered | None) -> None:
    """Store a dump's redirects, and the selected pages; if all are selected, they are not stored but read again."""
    index = index_of(dump)
    chosen = index if selection.by_title else None
    if chosen and numbered:
        for number, title in numbered_pages(chosen):
            numbered(number, title)
    for page in read_chosen(dump, chosen, selection.wants_title) if chosen else read_dump(dump):
        target = _leads_to(page)
        if page.namespace != 0:
            continue
        if numbered and page.page_id is not None:
            numbered(page.page_id, page.title)
        if target:
            waiting.add_redirect(page.title, target)
        elif not selection.everything and selection.wants(page.title, page.wikitext):
            waiting.add_page(dump, page)


def _dump(
    dump: Path, selection: Selection, waiting: Waiting, site: Site, unreadable: Unreadable | None, any_language: bool
) -> Iterator[Source]:
    for page in read_dump(dump) if selection.everything else waiting.pages(dump):
        if page.namespace != 0 or _leads_to(page):
            continue
        try:
            if page.problem:
                raise SourceError(f"{dump}: {page.title}: {page.problem}.", page.title)
            if not any_language:
                _check_language(page.wikitext, dump, page.title)
        except SourceError as error:
            if unreadable is None:
                raise
            unreadable(dump, error)
            continue
        redirects = waiting.of_links(page.wikitext)
        foreign = None if is_english(site) else site
        yield Source(page.title, page.wikitext, dump, page.page_id, page.revision, page.timestamp, redirects, foreign)


def _leads_to(page: Page) -> str:
    """Return the target of a redirect page; empty for other pages."""
    match = REDIRECT.match(page.wikitext)
    return page.redirect or (read_target(match.group(1)).title if match else "")
