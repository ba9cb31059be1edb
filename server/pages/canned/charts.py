"""Charts drawn on the server as SVG, so that they need no script and print well. Widths are percentages, so that text is never scaled.

Each chart shows the data of a table on the same page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.pages.term_display import QUADS

COOPERATION = ("verbalCooperation", "materialCooperation")
CONFLICT = ("verbalConflict", "materialConflict")
SPANS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
MOST_BARS = 72
HEIGHT = 150.0
BAND = 34.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle: horizontal values in per cent, vertical ones in pixels. ``kind`` is a CSS class, ``title`` the tooltip."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A label on an axis: at ``x`` per cent or ``y`` pixels."""

    text: str
    x: float = 0.0
    y: float = 0.0
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class YearRow:
    """A row of a year chart's table: the years, and the number of events by quad class."""

    first: int
    last: int
    counts: dict[str, int]

    @property
    def name(self) -> str:
        """``1998``, or ``1990–1999``."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    @property
    def total(self) -> int:
        """All events of the row."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class YearChart:
    """Cooperation above a line and conflict below it, by year; events of neither in a band beneath."""

    spans: tuple[YearRow, ...]
    bars: tuple[Bar, ...]
    years: tuple[AxisLabel, ...]
    levels: tuple[AxisLabel, ...]
    zero: float
    bottom: float
    height: float
    width: int
    kinds: tuple[str, ...]
    total: int


def year_chart(rows: Iterable[tuple[int, str, int]]) -> YearChart | None:
    """Draw a chart of (year, quad class or ``neither``, number of events); None if there is nothing to draw."""
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for year, kind, number in rows:
        counts[year][kind] += number
    if not counts:
        return None
    first, last = min(counts), max(counts)
    width = next((span for span in SPANS if (last - first) // span < MOST_BARS), SPANS[-1])
    start = first - first % width
    bins: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for year, kinds in counts.items():
        for kind, number in kinds.items():
            bins[(year - start) // width][kind] += number
    size = (last - start) // width + 1
    above = max(sum(kinds[k] for k in COOPERATION) for kinds in bins.values())
    below = max(sum(kinds[k] for k in CONFLICT) for kinds in bins.values())
    neither = max(kinds["neither"] for kinds in bins.values())
    unit = HEIGHT / max(above + below, 1)
    zero, bottom = 14 + above * unit, 14 + (above + below) * unit
    height = bottom + (BAND if neither else 0)
    bars = [
        bar
        for i, kinds in sorted(bins.items())
        for bar in _stack(i, size, kinds, zero, unit, bottom, (BAND - 10) / max(neither, 1), _years(start + i * width, width))
    ]
    spans = tuple(YearRow(start + i * width, start + (i + 1) * width - 1, dict(kinds)) for i, kinds in sorted(bins.items()))
    kinds_seen = {kind for kinds in bins.values() for kind, number in kinds.items() if number}
    return YearChart(
        spans,
        tuple(bars),
        tuple(year_marks(start, size, width)),
        tuple(_levels(above, below, zero, unit)),
        zero,
        bottom,
        height,
        width,
        tuple(kind for kind in (*QUADS, "neither") if kind in kinds_seen),
        sum(span.total for span in spans),
    )


def _years(first: int, width: int) -> str:
    return str(first) if width == 1 else f"{first}–{first + width - 1}"


def _stack(i: int, size: int, kinds: dict[str, int], zero: float, unit: float, bottom: float, band: float, years: str) -> Iterable[Bar]:
    """Stack the bars of one year: verbal next to the line, material beyond it, and neither in its band."""
    across = 100 / size
    x, width = i * across + across * 0.1, across * 0.8
    y = zero
    for kind in COOPERATION:
        if kinds[kind]:
            y -= kinds[kind] * unit
            yield Bar(x, y, width, kinds[kind] * unit, kind, f"{years}: {kinds[kind]} {QUADS[kind]}")
    y = zero
    for kind in CONFLICT:
        if kinds[kind]:
            yield Bar(x, y, width, kinds[kind] * unit, kind, f"{years}: {kinds[kind]} {QUADS[kind]}")
            y += kinds[kind] * unit
    if kinds["neither"]:
        height = kinds["neither"] * band
        yield Bar(x, bottom + BAND - height, width, height, "neither", f"{years}: {kinds['neither']} neither cooperation nor conflict")


def year_marks(start: int, size: int, width: int) -> Iterable[AxisLabel]:
    """Yield at most six years, evenly spaced, under the middle of their bars."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000) if size / s <= 6)
    shown = [i for i in range(size) if ((start + i * width) // width) % step == 0] or [0]
    for i in shown:
        x = (i + 0.5) * 100 / size
        yield AxisLabel(str(start + i * width), x=x, anchor="start" if x < 4 else "end" if x > 96 else "middle")


def _levels(above: int, below: int, zero: float, unit: float) -> Iterable[AxisLabel]:
    """Yield the largest values of both sides, as horizontal lines."""
    if above:
        yield AxisLabel(str(above), y=zero - above * unit)
    if below:
        yield AxisLabel(str(below), y=zero + below * unit)


@dataclass(frozen=True, slots=True)
class BarRow:
    """One row of a bar chart: name, link, value as shown, length in per cent, and CSS class."""

    name: str
    href: str | None
    value: str
    length: float
    kind: str = "plain"


def bar_rows(values: Sequence[tuple[str, str | None, str, float, str]], most: int = 25) -> list[BarRow]:
    """Draw the first ``most`` of (name, address, value as shown, value, class) as bars in proportion to the largest."""
    top = max((number for *_, number, _ in values), default=0)
    return [
        BarRow(name, href, shown, max(number, 0) * 100 / top if top > 0 else 0.0, kind) for name, href, shown, number, kind in values[:most]
    ]


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: its name, the points of a polyline in a box of 100 by 100, and its number, which determines its style."""

    name: str
    points: str
    number: int
    total: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line chart: lines over the same years and with the same scale, axes, and the values by year for the table beside it."""

    series: tuple[Series, ...]
    years: tuple[AxisLabel, ...]
    levels: tuple[AxisLabel, ...]
    top: str
    rows: tuple[tuple[int, tuple[float, ...]], ...]


LINE_HEIGHT = 140.0


def line_chart(values: Sequence[tuple[int, float]]) -> Line | None:
    """Draw a line through (year, value), where missing years count as 0; None for fewer than two years."""
    return lines_chart([("", values)])


def lines_chart(named: Sequence[tuple[str, Sequence[tuple[int, float]]]]) -> Line | None:
    """Draw several such lines in one chart; None for fewer than two years."""
    by_year = [dict(values) for _, values in named]
    years = sorted({year for values in by_year for year in values})
    if len(years) < 2:
        return None
    start, end = years[0], years[-1]
    top = max((value for values in by_year for value in values.values()), default=0) or 1
    size = end - start + 1
    series = [
        Series(
            name,
            " ".join(
                f"{(year - start + 0.5) * 100 / size:.2f},{100 - found.get(year, 0) * 100 / top:.2f}" for year in range(start, end + 1)
            ),
            number,
            sum(found.values()),
        )
        for number, ((name, _), found) in enumerate(zip(named, by_year, strict=True))
    ]
    levels = [
        AxisLabel(f"{top:g}", y=0.0),
        *([AxisLabel(f"{top / 2:g}", y=LINE_HEIGHT / 2)] if top % 2 == 0 else []),
        AxisLabel("0", y=LINE_HEIGHT),
    ]
    rows = tuple((year, tuple(found.get(year, 0) for found in by_year)) for year in years)
    return Line(tuple(series), tuple(year_marks(start, size, 1)), tuple(levels), f"{top:g}", rows)
