"""The answer of a canned query as a table: columns, cells, order, pages, and the chart that its decorator names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from kg.sparql.canned import CannedQuery
from kg.sparql.lexer import tokens
from kg.sparql.rewriting import limited
from kg.store.index.selections import EventChoice
from kg.store.output.prepared_answers import KEPT_ROWS, Binding, Prepared, read_answer
from server.execution.engine import Row, term
from server.pages.canned import charts, event_lists
from server.pages.canned.forms import Asked
from server.pages.canned.time_lines import time_line
from server.pages.paging import lists
from server.pages.term_display import DisplayedTerm, between_in_words, cell, table
from server.protocol.problems import Problem
from server.web.request_context import engine

MOST = 5000
"""Rows requested and counted for a page; a download has all. Virtuoso, as installed by Debian, sorts no more than 10,000 rows."""

PAGE = 50
PICTURED = 500
"""Rows on a page whose chart (a map, a network) is drawn from its table by a script."""

DRAWN = KEPT_ROWS
"""Rows, from the first, that a chart shows."""

LISTED = 200
"""Rows of a list of events that are requested at least: its first pages, and what its chart shows."""

DATE = "date"
"""The column of dates: where it is empty, the page shows the interval bounded by the columns ``earliest`` and ``latest``."""

ORDERING = ("earliest", "latest", "start")
"""Columns that only serve the order of rows: included in downloads, not on the page."""


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column: its variable, that of its labels, its heading, and whether it contains numbers."""

    name: str
    label: str | None
    heading: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """All that the page shows of an answer. ``milliseconds`` is None for an answer stored with the build; ``drawn`` is the number of
    rows in the chart.

    If it is ``cut``, there are more rows than ``total``; ``events`` then limits the number of events that they are about (0: unknown).
    """

    columns: tuple[ResultColumn, ...]
    rows: tuple[tuple[DisplayedTerm, ...], ...]
    total: int
    cut: bool
    milliseconds: float | None
    sort: str
    order: str
    page: int
    pages: int
    chart: object = None
    drawn: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows of an answer as SPARQL JSON: all of them, or the first of ``total``.

    If there are ``more``, ``total`` is a number that they exceed; ``events`` as in ``Result``.
    """

    variables: tuple[str, ...]
    rows: Sequence[Binding]
    total: int
    milliseconds: float | None = None
    more: bool = False
    events: int = 0


def answer(asked: Asked, sort: str, order: str, page: int) -> Result:
    """Lay out the answer of a canned query: the one stored with the build if it has the requested rows, else by running the query."""
    size = PICTURED if asked.query.view in ("map", "network") else PAGE
    found = rows_of(asked, MOST if sort else page * size)
    columns = _columns(found.variables, asked)
    rows = _sorted(found.rows, columns, sort, order)
    pages = max(1, -(-min(found.total + found.more, MOST) // size))
    page = min(page, pages)
    drawn = _cells(found.rows[:DRAWN], columns) if asked.query.chart else []
    begin, end = (page - 1) * size, page * size
    shown = tuple(drawn[begin:end] if drawn and not sort and end <= DRAWN else _cells(rows[begin:end], columns))
    columns = tuple(replace(column, numeric=_numeric(drawn or shown, i)) for i, column in enumerate(columns))
    chart = draw(asked.query, [column.name for column in columns], drawn, found.rows[:DRAWN])
    return Result(columns, shown, found.total, found.more, found.milliseconds, sort, order, page, pages, chart, len(drawn), found.events)


def rows_of(asked: Asked, needed: int) -> _Found:
    """Return the first rows of an answer, ``needed`` ones or MOST: those stored with the build if they suffice, else by a query."""
    stored = read_answer(engine().build.folder, asked.query.name, asked.query.inline(asked.values))
    found = _prepared(stored) if stored and not stored.overran else None
    if found is not None and (needed if found.more else min(found.total, needed)) <= len(found.rows):
        return found
    chosen = event_lists.choice(asked)
    if chosen is None and stored and stored.overran:
        raise Problem(504, "It did not finish within the time that it was given when the graph was built.")
    return run(asked) if chosen is None else _listed(asked, chosen, min(max(needed, LISTED), MOST))


def _prepared(stored: Prepared) -> _Found:
    return _Found(tuple(stored.variables), stored.rows, stored.count, more=stored.events > 0, events=stored.events)


def run(asked: Asked) -> _Found:
    """Run a canned query for at most one row more than a page takes."""
    text = asked.query.inline(asked.values)
    if not _is_limited(text):
        text = limited(text, MOST + 1)
    begun = perf_counter()
    _, body = engine().serialize(text)
    milliseconds = (perf_counter() - begun) * 1000
    document = json.loads(body)
    rows = document["results"]["bindings"]
    more = len(rows) > MOST
    return _Found(tuple(document["head"]["vars"]), rows[:MOST] if more else rows, min(len(rows), MOST), milliseconds, more)


def _listed(asked: Asked, chosen: EventChoice, needed: int) -> _Found:
    """Run a canned query on the events with which its answer begins."""
    begun = perf_counter()
    variables, rows, more = event_lists.first_rows(asked, chosen, needed)
    more = more or len(rows) > MOST
    events = lists().count_chosen(chosen) if more else 0
    shown = rows[:needed] if more else rows
    return _Found(variables, shown, len(shown), (perf_counter() - begun) * 1000, more, events)


def _cells(rows: Sequence[Binding], columns: Sequence[ResultColumn]) -> list[tuple[DisplayedTerm, ...]]:
    terms = [{name: term(value) for name, value in row.items()} for row in rows]
    cells = table(terms, [(c.name, c.label) for c in columns])
    return [
        tuple(_shown(found, c.name, row) for found, c in zip(line, columns, strict=True)) for line, row in zip(cells, terms, strict=True)
    ]


def _shown(found: DisplayedTerm, name: str, row: Row) -> DisplayedTerm:
    """Show a year without separators, and for a date that no text tells the time that its context leaves."""
    if found.kind == "number" and _is_year(name):
        return replace(found, text=found.value)
    if found.kind == "empty" and name == DATE and "earliest" in row:
        return replace(found, text=between_in_words(row["earliest"], row.get("latest")), kind="text")
    return found


def _is_year(name: str) -> bool:
    """Whether a column's numbers are years, which are shown without separators."""
    return name.lower().endswith("year")


def _numeric(rows: Sequence[Sequence[DisplayedTerm]], i: int) -> bool:
    return any(row[i].kind == "number" for row in rows) and all(row[i].kind in ("number", "empty") for row in rows)


def _sorted(rows: Sequence[Binding], columns: Sequence[ResultColumn], sort: str, order: str) -> Sequence[Binding]:
    """Sort the rows by a column, those without a value last."""
    column = next((column for column in columns if column.name == sort), None)
    if column is None:
        return rows
    name, label = column.name, column.label

    def key(row: Binding) -> tuple[int, float, str]:
        return cell(term(row[name]), row[label]["value"] if label and label in row else None).sort

    filled = sorted((row for row in rows if name in row), key=key, reverse=order == "down")
    return filled + [row for row in rows if name not in row]


def _is_limited(text: str) -> bool:
    return any(token.kind == "word" and token.text.upper() == "LIMIT" for token in tokens(text))


def _columns(variables: Sequence[str], asked: Asked) -> tuple[ResultColumn, ...]:
    """Return the columns to show: no bound parameters, no columns that only order, and a label and its IRI as one."""
    hidden = {*asked.values, *ORDERING}
    names = [name for name in variables if name not in hidden]
    labelled = {f"{name}Label" for name in names} & set(names)
    return tuple(ResultColumn(n, f"{n}Label" if f"{n}Label" in labelled else None, heading(n)) for n in names if n not in labelled)


def heading(variable: str) -> str:
    """Turn a variable into a heading: ``firstDate`` and ``_state_iri`` as words."""
    words = re.sub(r"_(iri|date|integer|literal)$", "", variable).strip("_").replace("_", " ")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words).capitalize()


def draw(query: CannedQuery, names: Sequence[str], cells: Sequence[Sequence[DisplayedTerm]], rows: Sequence[Binding]) -> object:
    """Draw the chart of a query's view from the cells of its table; None if there is none to draw here."""
    column = {name: names.index(name) for name in names}
    chart = query.chart
    if query.view == "timeline" and chart.get("date") in column and chart.get("label") in column:
        return _time_line(chart, column, cells, rows)
    if query.view == "bar" and {chart.get("x"), chart.get("y")} <= set(column):
        return _bars(chart, column, cells)
    if query.view == "line" and {chart.get("x"), chart.get("y")} <= set(column):
        x, y = column[chart["x"]], column[chart["y"]]
        return charts.line_chart([(int(row[x].value), float(row[y].value)) for row in cells if row[x].value.isdigit() and row[y].value])
    return None


def _time_line(
    chart: Mapping[str, str], column: Mapping[str, int], cells: Sequence[Sequence[DisplayedTerm]], rows: Sequence[Binding]
) -> object:
    """Draw a time line; a row without a date is placed on its earliest day."""
    date, label, colour = column[chart["date"]], column[chart["label"]], column.get(chart.get("colour", ""))
    modality = column.get("modality")
    seen: dict[str, tuple[str, str, str | None, str, str]] = {}
    for row, terms in zip(cells, rows, strict=True):
        when = row[date].value or terms.get("earliest", {}).get("value", "")
        kind = row[colour].value if colour is not None else "plain"
        how = row[modality].value if modality is not None else "asserted"
        seen.setdefault(
            row[label].value,
            (when, f"{row[date].text or when[:4] or 'undated'}: {row[label].text}", row[label].href, kind or "neither", how),
        )
    return time_line(list(seen.values()))


def _bars(chart: Mapping[str, str], column: Mapping[str, int], cells: Sequence[Sequence[DisplayedTerm]]) -> object:
    x, y = column[chart["x"]], column[chart["y"]]
    if chart.get("series") in column:
        series = column[chart["series"]]
        return charts.year_chart(
            (int(row[x].value), row[series].value or "neither", int(row[y].value)) for row in cells if row[x].value.isdigit()
        )
    colour = column.get(chart.get("colour", ""))
    values = [
        (
            row[x].text,
            row[x].href,
            row[y].text,
            float(row[y].value or 0),
            (row[colour].value or "neither") if colour is not None else "plain",
        )
        for row in cells
        if row[y].kind == "number"
    ]
    return charts.bar_rows(values)
