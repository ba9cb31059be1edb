"""What the reader knows of English Wikipedia's templates, sections and sentences: the TOML files in ``knowledge/``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "knowledge"


@cache
def table(name: str) -> dict[str, Any]:
    """The data file ``knowledge/NAME.toml``, read once."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def template_name(raw: str) -> str:
    """A template's name as the tables write it: lower case, spaces for underscores, without its namespace."""
    name = re.sub(r"[\s_]+", " ", re.sub(r"<!--.*?-->", "", raw, flags=re.DOTALL)).strip().lower()
    return re.sub(r"^(:|template:|safesubst:|subst:)+\s*", "", name)


@cache
def template_use(name: str) -> tuple[str, Any]:
    """What is done with a template, and the details of that; ("unknown", None) where no table has it."""
    tables = table("templates")
    if name in _named():
        return _named()[name]
    if re.match(tables["infobox"]["pattern"], name):
        return "infobox", None
    if re.match(table("citations")["pattern"], name):
        return "citation", None
    for pattern, use, detail in _patterns():
        if pattern.search(name):
            return use, detail
    return "unknown", None


@cache
def _named() -> dict[str, tuple[str, Any]]:
    named: dict[str, tuple[str, Any]] = {}
    for use, rows in table("templates").items():
        if use in ("literal", "argument", "italic", "link", "quotation", "function"):
            named.update({name: (use, detail) for name, detail in rows.items() if name != "patterns"})
        elif use == "hatnote":
            for manner in ("all", "last", "text"):
                named.update({name: ("hatnote", manner) for name in rows[manner]})
        else:
            named.update({name: (use, None) for name in rows.get("names", ())})
    return named


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, Any], ...]:
    found = []
    for use, rows in table("templates").items():
        patterns = rows.get("patterns", ())
        if isinstance(patterns, dict):
            found += [(re.compile(p), use, detail) for p, detail in patterns.items()]
        else:
            found += [(re.compile(p), use, None) for p in patterns]
    return tuple(found)
