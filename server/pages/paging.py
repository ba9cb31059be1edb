"""Paginate lists: the request's cursor, and its rows.

The build's index knows which rows are on a page (``kg.store.index.lists``), and the graph describes them: a query never reads more
than a page of rows, however long the list is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flask import request

from kg.sparql.query_parameters import IRI
from kg.store.index.lists import Lists
from kg.store.index.selections import Cursor, ListPage
from server.execution.engine import Row
from server.pages.base import Values, filled, page_query, part, search_index
from server.protocol.problems import Problem

_TOKEN = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Turn:
    """Links to the adjacent pages: parameters of their addresses, None where there is no such page."""

    previous: dict[str, int] | None = None
    next: dict[str, int] | None = None


def lists() -> Lists:
    """Return the lists of the build being served."""
    return Lists(search_index())


def cursor(name: str = "") -> Cursor:
    """Return the cursor in ``?after=`` and ``?before=`` (or ``?NAME-after=`` …); Problem 400 for an invalid token.

    A token is a row number. One from an older build leads to another place in the list, never to an error.
    """
    after, before = (_number(f"{name}{'-' if name else ''}{side}") for side in ("after", "before"))
    return Cursor(after, None if after is not None else before)


def _number(name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not _TOKEN.fullmatch(text):
        raise Problem(400, f"{name}={text[:20]} is not a position in a list.", "Begin at its first page and follow the links to the next.")
    return int(text)


def turn(page: ListPage, name: str = "") -> Turn:
    """Return the links of a page whose cursor is called ``name``."""
    prefix = f"{name}-" if name else ""
    return Turn(
        {f"{prefix}before": page.previous.before} if page.previous and page.previous.before is not None else None,
        {f"{prefix}after": page.next.after} if page.next and page.next.after is not None else None,
    )


def listed(query: str, variable: str, page: ListPage) -> tuple[Row, ...]:
    """Run a query of ``server/pages/queries`` on a page's rows, which fill its empty ``VALUES ?variable { }``."""
    return described(query, variable, [item.iri for item in page.items])


def described(query: str, variable: str, iris: Sequence[str], values: Values = MappingProxyType({})) -> tuple[Row, ...]:
    """Run the query on any IRIs; ``values`` as in ``ask``."""
    terms = " ".join(f"<{iri}>" for iri in iris if IRI.fullmatch(iri))
    if not terms:
        return ()
    text = filled(page_query(query), values)
    return part(query, text.replace(f"VALUES ?{variable} {{ }}", f"VALUES ?{variable} {{ {terms} }}")).rows
