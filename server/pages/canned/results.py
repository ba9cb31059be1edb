"""The answer of a canned query as a table: columns, cells, order, pages, and the chart that its decorator names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from kg.sparql.canned import CannedQuery
from kg.sparql.rewriting import limited, tokens
from server.execution.engine import Rows
from server.pages.canned import charts
from server.pages.canned.forms import Asked
from server.pages.rendering import Cell, table
from server.web.current import engine

MOST = 5000
"""Rows that a page takes from the store; a download takes all."""

PAGE = 200
ORDERING = ("earliest", "latest", "start")
"""Columns that serve the order of rows only: they stand in downloads, not on the page."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the variable that it shows, that of its labels, its heading, and whether it holds numbers."""

    name: str
    label: str | None
    heading: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """All that the page shows of an answer."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    cut: bool
    milliseconds: float
    sort: str
    order: str
    page: int
    pages: int
    chart: object = None
    every: tuple[tuple[Cell, ...], ...] = ()


def answer(asked: Asked, sort: str, order: str, page: int) -> Result:
    """Run a canned query and lay its rows out."""
    begun = perf_counter()
    found = run(asked)
    milliseconds = (perf_counter() - begun) * 1000
    columns = _columns(found, asked)
    cells = [tuple(row) for row in table(found.rows[:MOST], [(c.name, c.label) for c in columns])]
    columns = tuple(
        Column(
            c.name,
            c.label,
            c.heading,
            any(row[i].kind == "number" for row in cells) and all(row[i].kind in ("number", "empty") for row in cells),
        )
        for i, c in enumerate(columns)
    )
    names = [column.name for column in columns]
    chart = draw(asked.query, names, cells)
    if sort in names:
        at = names.index(sort)
        filled = [row for row in cells if row[at].kind != "empty"]
        cells = sorted(filled, key=lambda row: row[at].sort, reverse=order == "down") + [row for row in cells if row[at].kind == "empty"]
    pages = max(1, -(-len(cells) // PAGE))
    page = min(page, pages)
    shown = tuple(cells[(page - 1) * PAGE : page * PAGE])
    return Result(columns, shown, len(cells), len(found.rows) > MOST, milliseconds, sort, order, page, pages, chart, tuple(cells))


def run(asked: Asked) -> Rows:
    """The rows of a canned query, at most one more than a page takes."""
    text = asked.query.prepare(asked.values)
    if not _is_limited(text):
        text = limited(text, MOST + 1)
    return engine().select(text, {name: value.rdflib() for name, value in asked.values.items()})


def _is_limited(text: str) -> bool:
    return any(token.kind == "word" and token.text.upper() == "LIMIT" for token in tokens(text))


def _columns(found: Rows, asked: Asked) -> tuple[Column, ...]:
    """The columns to show: not the bound parameters, not those that only order, a label beside its IRI as one."""
    hidden = {*asked.values, *ORDERING}
    names = [name for name in found.variables if name not in hidden]
    labelled = {f"{name}Label" for name in names} & set(names)
    return tuple(Column(n, f"{n}Label" if f"{n}Label" in labelled else None, heading(n)) for n in names if n not in labelled)


def heading(variable: str) -> str:
    """A column's heading: ``firstDate`` and ``_state_iri`` as words."""
    words = re.sub(r"_(iri|date|integer|literal)$", "", variable).strip("_").replace("_", " ")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words).capitalize()


def draw(query: CannedQuery, names: Sequence[str], cells: Sequence[Sequence[Cell]]) -> object:
    """The chart of a query's view, drawn from the cells of its table; None where there is none to draw here."""
    column = {name: names.index(name) for name in names}
    chart = query.chart
    if query.view == "timeline" and chart.get("date") in column and chart.get("label") in column:
        return _time_line(chart, column, cells)
    if query.view == "bar" and {chart.get("x"), chart.get("y")} <= set(column):
        return _bars(chart, column, cells)
    if query.view == "line" and {chart.get("x"), chart.get("y")} <= set(column):
        x, y = column[chart["x"]], column[chart["y"]]
        return charts.line_chart([(int(row[x].value), float(row[y].value)) for row in cells if row[x].value.isdigit() and row[y].value])
    return None


def _time_line(chart: Mapping[str, str], column: Mapping[str, int], cells: Sequence[Sequence[Cell]]) -> object:
    date, label, colour = column[chart["date"]], column[chart["label"]], column.get(chart.get("colour", ""))
    modality = column.get("modality")
    seen: dict[str, tuple[str, str, str | None, str, str]] = {}
    for row in cells:
        kind = row[colour].value if colour is not None else "plain"
        how = row[modality].value if modality is not None else "asserted"
        seen.setdefault(
            row[label].value, (row[date].value, f"{row[date].text}: {row[label].text}", row[label].href, kind or "neither", how)
        )
    return charts.time_line(list(seen.values()))


def _bars(chart: Mapping[str, str], column: Mapping[str, int], cells: Sequence[Sequence[Cell]]) -> object:
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
