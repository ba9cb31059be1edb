"""Where articles come from: wikitext files, and folders of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import EntenteError
from kg.wikitext.titles import article_title

TEXT_SUFFIXES = (".wiki", ".txt")


class SourceError(EntenteError):
    """A source that cannot be read."""


@dataclass(frozen=True, slots=True)
class Source:
    """One page as it comes: its title, its wikitext, and where and which revision it is."""

    title: str
    wikitext: str
    path: Path
    page_id: int | None = None
    revision: int | None = None
    timestamp: str = ""
    redirects: tuple[tuple[str, str], ...] = ()


def read_sources(paths: Iterable[Path]) -> Iterator[Source]:
    """The pages in files and folders, in the order given; within a folder by name."""
    for path in paths:
        if path.is_dir():
            for file in sorted(f for f in path.rglob("*") if f.suffix.lower() in TEXT_SUFFIXES and f.is_file()):
                yield _text_file(file)
        elif path.is_file():
            yield _text_file(path)
        else:
            raise SourceError(f"{path}: there is no such file or folder.")


def _text_file(path: Path) -> Source:
    try:
        wikitext = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 at byte {error.start}; convert it to UTF-8 first.") from None
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}).") from None
    return Source(article_title(wikitext, path.stem), wikitext, path)
