"""Time lines drawn on the server as SVG: a dot for each dated thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.pages.canned.charts import AxisLabel, Bar, year_marks
from server.pages.term_display import QUADS


@dataclass(frozen=True, slots=True)
class Dot:
    """A dated thing on a time line: horizontally in per cent, vertically in pixels."""

    x: float
    y: float
    kind: str
    title: str
    href: str | None
    modality: str = "asserted"


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Stacks of dots above an axis of years, or bars if the stacks would be too high; undated things have a lane of their own."""

    dots: tuple[Dot, ...]
    bars: tuple[Bar, ...]
    years: tuple[AxisLabel, ...]
    levels: tuple[AxisLabel, ...]
    height: float
    undated: tuple[Dot, ...]
    lane: float
    kinds: tuple[str, ...]


Dated = tuple[float, str, str | None, str, str]
PLACES = 40
"""Stacks side by side: as many as have room for a dot on a narrow screen."""
STEP = 9.5
"""Pixels between the dots of a stack, more than the height of a dot."""
HIGHEST = 22
"""Largest number of dots in a stack; above it, bars are drawn."""


def time_line(things: Sequence[tuple[str, str, str | None, str, str]], places: int = PLACES) -> TimeLine | None:
    """Draw a time line of (ISO date, title, address, class, modality); None if nothing has a date."""
    dated = sorted((_year_of(date), title, href, kind, modality) for date, title, href, kind, modality in things if date[:4].isdigit())
    if not dated:
        return None
    start, end = int(dated[0][0]), int(dated[-1][0]) + 1
    heaps: dict[int, list[Dated]] = defaultdict(list)
    for each in dated:
        heaps[int((each[0] - start) / (end - start) * places)].append(each)
    highest = max(map(len, heaps.values()))
    undated = [(title, href, kind, modality) for date, title, href, kind, modality in things if not date[:4].isdigit()]
    rows = -(-len(undated) // places)
    kinds = {kind for _, _, _, kind, _ in dated} | {kind for _, _, kind, _ in undated}
    crowded = highest > HIGHEST
    unit = 180 / highest if crowded else STEP
    height = 14 + highest * unit
    return TimeLine(
        () if crowded else tuple(_dots(heaps, places, height)),
        tuple(_heap_bars(heaps, places, height, unit, start, end)) if crowded else (),
        tuple(year_marks(start, end - start, 1)),
        (AxisLabel(str(highest), y=height - highest * unit),) if highest > 1 else (),
        height,
        tuple(
            Dot((n % places + 0.5) * 100 / places, height + 46 + n // places * STEP, kind, title, href, modality)
            for n, (title, href, kind, modality) in enumerate(undated[: places * MOST_UNDATED_ROWS])
        ),
        26 + min(rows, MOST_UNDATED_ROWS) * STEP if undated else 0.0,
        tuple(k for k in (*QUADS, "neither") if k in kinds),
    )


MOST_UNDATED_ROWS = 6


def _dots(heaps: dict[int, list[Dated]], places: int, height: float) -> Iterable[Dot]:
    for place, heap in sorted(heaps.items()):
        for level, (_, title, href, kind, modality) in enumerate(heap):
            yield Dot((place + 0.5) * 100 / places, height - 5.5 - level * STEP, kind, title, href, modality)


def _heap_bars(heaps: dict[int, list[Dated]], places: int, height: float, unit: float, start: int, end: int) -> Iterable[Bar]:
    """Draw a bar for each class of a stack, one upon the other."""
    across = 100 / places
    for place, heap in sorted(heaps.items()):
        first = start + place * (end - start) // places
        last = max(first, start + ((place + 1) * (end - start) - 1) // places)
        counts: dict[str, int] = defaultdict(int)
        for _, _, _, kind, _ in heap:
            counts[kind] += 1
        y = height
        for kind in (*QUADS, "neither", "plain"):
            if counts[kind]:
                y -= counts[kind] * unit
                years = str(first) if first == last else f"{first}–{last}"
                words = f" {QUADS.get(kind, 'neither')}" if kind != "plain" else ""
                yield Bar(place * across + across * 0.1, y, across * 0.8, counts[kind] * unit, kind, f"{years}: {counts[kind]}{words}")


def _year_of(date: str) -> float:
    """Return a date as a year with a fraction, precise enough for drawing."""
    parts = [int(part) for part in date.split("-") if part.isdigit()]
    month = parts[1] if len(parts) > 1 else 7
    day = parts[2] if len(parts) > 2 else 15
    return parts[0] + (month - 1) / 12 + (day - 1) / 372
