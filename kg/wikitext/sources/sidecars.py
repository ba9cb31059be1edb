"""Sidecar files: ``name.meta`` beside ``name.wiki``, with lines ``title: …``, ``page_id: …``, ``revision: …``, ``timestamp: …``."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from kg.wikitext.markup.links import clean_title
from kg.wikitext.sources.files import SourceError, is_timestamp, number, read_text

_FIELDS = ("title", "page_id", "revision", "timestamp")


class Sidecar(NamedTuple):
    """The content of a sidecar file about an article; missing values are empty or None."""

    title: str = ""
    page_id: int | None = None
    revision: int | None = None
    timestamp: str = ""


def read_sidecar(path: Path) -> Sidecar:
    """Read the sidecar file at ``path``; SourceError for an invalid line."""
    about: dict[str, str] = {}
    for line_number, line in enumerate(read_text(path).splitlines(), 1):
        key, colon, value = line.partition(":")
        if not line.strip():
            continue
        if not colon or key.strip() not in _FIELDS:
            raise SourceError(f"{path}: line {line_number}: expected one of {', '.join(_FIELDS)}, a colon and a value.")
        about[key.strip()] = value.strip()
    timestamp = about.get("timestamp", "")
    if timestamp and not is_timestamp(timestamp):
        raise SourceError(f"{path}: timestamp is {timestamp[:40]!r}; write it as 2024-01-31T12:00:00Z.")
    title = clean_title(about.get("title", ""))
    if about.get("title") and not title:
        raise SourceError(f"{path}: title holds nothing that can be shown.")
    return Sidecar(title, _number(about, "page_id", path), _number(about, "revision", path), timestamp)


def _number(about: dict[str, str], key: str, path: Path) -> int | None:
    value = about.get(key, "")
    if value and number(value) is None:
        raise SourceError(f"{path}: {key} is {value[:40]!r}, not a number of at most 18 digits.")
    return number(value)
