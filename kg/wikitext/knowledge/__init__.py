"""The reader's knowledge of English Wikipedia's templates, sections and sentences: the TOML files in ``knowledge/``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
_WITH_DETAIL = (
    "literal", "argument", "italic", "link", "block", "function", "harvard_text", "shown", "status", "computed_link", "inline_list",
)  # fmt: skip
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NAMESPACE = re.compile(r"^(:|template:|safesubst:|subst:|msgnw:)+\s*")


@cache
def table(name: str) -> dict[str, Any]:
    """Return the data file ``knowledge/NAME.toml``, read once."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words(name: str, *keys: str) -> frozenset[str]:
    """Return a list in a data file, under ``keys``, as a set."""
    found: Any = table(name)
    for key in keys:
        found = found[key]
    return frozenset(found)


@cache
def known_tags() -> frozenset[str]:
    """Return every tag known to MediaWiki or one of its extensions."""
    return words("tags", "known") | words("tags", "void") | words("tags", "opaque")


@lru_cache(maxsize=4096)
def template_name(raw: str) -> str:
    """Return a template's name as written in the tables: lower case, spaces for underscores, without its namespace."""
    name = " ".join(_COMMENT.sub("", raw).replace("_", " ").split()).lower()
    return _NAMESPACE.sub("", name)


@lru_cache(maxsize=16384)  # a page may name any number
def template_use(name: str) -> tuple[str, Any]:
    """Return how to handle a template (the name of its table), and the details; ("unknown", None) if it is in no table.

    A parser function ("formatnum:1000") is looked up by the part before the colon.
    """
    if name in _named():
        return _named()[name]
    if re.match(table("templates")["infobox"]["pattern"], name):
        return "infobox", None
    if re.match(table("citations")["pattern"], name) and not re.match(table("citations")["no_pattern"], name):
        return "citation", None
    if name.upper() in table("countries"):
        return "country", table("countries")[name.upper()]
    function, colon, _ = name.partition(":")
    if colon and function in _named():
        return _named()[function]
    return next(((use, detail) for pattern, use, detail in _patterns() if pattern.search(name)), ("unknown", None))


@cache
def _named() -> dict[str, tuple[str, Any]]:
    return {name: (use, detail) for use, name, detail in template_rows()}


def template_rows() -> Iterator[tuple[str, str, Any]]:
    """Return every row of the template tables: table, name, details."""
    for use, rows in table("templates").items():
        for key, value in rows.items():
            if key == "patterns":
                continue
            if use in _WITH_DETAIL:
                yield use, key, value
            elif isinstance(value, list) and (use in ("hatnote", "silent") or key == "names"):
                yield from ((use, name, key) for name in value)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, Any], ...]:
    found: list[tuple[re.Pattern[str], str, Any]] = []
    for use, rows in table("templates").items():
        patterns = rows.get("patterns", ())
        details = patterns if isinstance(patterns, dict) else dict.fromkeys(patterns, "text")
        found += [(re.compile(pattern), use, detail) for pattern, detail in details.items()]
    return tuple(found)
