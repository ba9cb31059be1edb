"""The lists of the site as CSV: events by facets, and things of a class."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from flask import Response

from kg.store.index.selections import Cursor
from server.pages import facets
from server.pages.base import blueprint
from server.pages.browsing import MOST_ROWS, browsed_class
from server.pages.paging import listed, lists
from server.pages.term_display import local

_BLOCK = 1000
EVENTS = ("event", "label", "date", "earliest", "latest", "basis", "modality", "code", "categoryLabel", "quad", "quote")
_NAMES = frozenset({"basis", "modality", "quad"})
"""The columns whose values are terms of the ontology, written by their local names."""


@blueprint.route("/events.csv")
def events_table() -> Response:
    """Return the first ``MOST_ROWS`` reported events, oldest first, by the facets of ``/events``."""
    return _csv("events", EVENTS, _events())


@blueprint.route("/things.csv")
def things_table() -> Response:
    """Return the first ``MOST_ROWS`` things of a class, most active first."""
    kind = browsed_class()
    _, rows = lists().of_class(kind, Cursor(), MOST_ROWS)
    return _csv(kind.lower(), ("id", "name", "events", "sentences"), rows)


def _events() -> Iterator[Sequence[str]]:
    wanted, at = facets.asked_for(), Cursor()
    for _ in range(MOST_ROWS // _BLOCK):
        found = lists().events(at, wanted, _BLOCK)
        rows = {str(row["event"]): row for row in reversed(listed("events-listed", "event", found))}
        for item in found.items:
            row = rows.get(item.iri, {})
            texts = {name: str(row.get(name, "")) for name in EVENTS}
            yield [local(text) if name in _NAMES and text else text for name, text in texts.items()]
        if found.next is None:
            return
        at = found.next


def _csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    response = Response(text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
