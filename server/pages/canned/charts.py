"""Charts drawn on the server as SVG, so that they need no script and print well. Lengths across are percentages: no text is ever scaled.

Each chart is a picture of a table that stands on the same page; the figures here are those of the table.
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
    """One rectangle: across in per cent, down in pixels. ``kind`` is a class for styles, ``title`` what it says."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A word along an axis: at ``x`` per cent or ``y`` pixels."""

    text: str
    x: float = 0.0
    y: float = 0.0
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Span:
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
    """Cooperation above a line and conflict below it, by year; what is neither in a band beneath."""

    spans: tuple[Span, ...]
    bars: tuple[Bar, ...]
    years: tuple[Mark, ...]
    levels: tuple[Mark, ...]
    zero: float
    bottom: float
    height: float
    width: int
    kinds: tuple[str, ...]
    total: int


def year_chart(rows: Iterable[tuple[int, str, int]]) -> YearChart | None:
    """The chart of (year, quad class or ``neither``, number of events); None where there is nothing to draw."""
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
    spans = tuple(Span(start + i * width, start + (i + 1) * width - 1, dict(kinds)) for i, kinds in sorted(bins.items()))
    kinds_seen = {kind for kinds in bins.values() for kind, number in kinds.items() if number}
    return YearChart(
        spans,
        tuple(bars),
        tuple(_year_marks(start, size, width)),
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
    """The bars of one year: verbal next to the line, material beyond it, and what is neither in its band."""
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


def _year_marks(start: int, size: int, width: int) -> Iterable[Mark]:
    """At most six years, evenly spaced, under the middle of their bars."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000) if size / s <= 6)
    shown = [i for i in range(size) if ((start + i * width) // width) % step == 0] or [0]
    for i in shown:
        x = (i + 0.5) * 100 / size
        yield Mark(str(start + i * width), x=x, anchor="start" if x < 4 else "end" if x > 96 else "middle")


def _levels(above: int, below: int, zero: float, unit: float) -> Iterable[Mark]:
    """The largest values of both sides, as lines across."""
    if above:
        yield Mark(str(above), y=zero - above * unit)
    if below:
        yield Mark(str(below), y=zero + below * unit)


@dataclass(frozen=True, slots=True)
class BarRow:
    """One row of a bar chart: name, where it leads, value as shown, length in per cent, and a class for its colour."""

    name: str
    href: str | None
    value: str
    length: float
    kind: str = "plain"


def bar_rows(values: Sequence[tuple[str, str | None, str, float, str]], most: int = 25) -> list[BarRow]:
    """The first ``most`` of (name, address, value as shown, value, class), as bars in proportion to the largest."""
    top = max((number for *_, number, _ in values), default=0)
    return [
        BarRow(name, href, shown, max(number, 0) * 100 / top if top > 0 else 0.0, kind) for name, href, shown, number, kind in values[:most]
    ]


@dataclass(frozen=True, slots=True)
class Dot:
    """A dated thing on a time line: across in per cent, down in pixels."""

    x: float
    y: float
    kind: str
    title: str
    href: str | None
    modality: str = "asserted"


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Dots in heaps above an axis of years."""

    dots: tuple[Dot, ...]
    years: tuple[Mark, ...]
    height: float
    kinds: tuple[str, ...]


def time_line(things: Sequence[tuple[str, str, str | None, str, str]], places: int = 90) -> TimeLine | None:
    """A time line of (ISO date, title, address, class, modality); things without a date are left out."""
    dated = sorted((_year_of(date), title, href, kind, modality) for date, title, href, kind, modality in things if date[:4].isdigit())
    if not dated:
        return None
    start, end = int(dated[0][0]), int(dated[-1][0]) + 1
    heaps: dict[int, int] = defaultdict(int)
    found = []
    for year, title, href, kind, modality in dated:
        place = int((year - start) / (end - start) * places)
        found.append((place, heaps[place], title, href, kind, modality))
        heaps[place] += 1
    step = min(12.0, 200 / max(heaps.values()))
    height = max(heaps.values()) * step + 14
    dots = [
        Dot((place + 0.5) * 100 / places, height - 7 - level * step, kind, title, href, modality)
        for place, level, title, href, kind, modality in found
    ]
    size = end - start
    kinds = {dot.kind for dot in dots}
    return TimeLine(tuple(dots), tuple(_year_marks(start, size, 1)), height, tuple(k for k in (*QUADS, "neither") if k in kinds))


def _year_of(date: str) -> float:
    """A date as a year with a fraction, good enough for drawing."""
    parts = [int(part) for part in date.split("-") if part.isdigit()]
    month = parts[1] if len(parts) > 1 else 7
    day = parts[2] if len(parts) > 2 else 15
    return parts[0] + (month - 1) / 12 + (day - 1) / 372


@dataclass(frozen=True, slots=True)
class Line:
    """A line chart: points of a polyline in a box of 100 by 100, and its axes."""

    points: str
    years: tuple[Mark, ...]
    top: str


def line_chart(values: Sequence[tuple[int, float]]) -> Line | None:
    """The line through (year, value), years without a value counted as nothing; None for fewer than two years."""
    by_year = dict(values)
    if len(by_year) < 2:
        return None
    start, end = min(by_year), max(by_year)
    top = max(by_year.values()) or 1
    size = end - start + 1
    points = " ".join(
        f"{(year - start + 0.5) * 100 / size:.2f},{100 - by_year.get(year, 0) * 100 / top:.2f}" for year in range(start, end + 1)
    )
    return Line(points, tuple(_year_marks(start, size, 1)), f"{top:g}")
