"""Load the time vocabulary (``words.toml``), and build regular expressions from it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parent / "words.toml"


@dataclass(frozen=True, slots=True, eq=False)
class TimeWords:
    """The lists of ``words.toml``, with keys in lower case."""

    months: dict[str, int]
    weekdays: dict[str, int]
    seasons: dict[str, tuple[int, int]]
    numbers: dict[str, int]
    vague: dict[str, tuple[int, int]]
    units: dict[str, tuple[int, int, int]]
    parts: dict[str, tuple[int, int, int]]
    ordinals: dict[str, int]
    day_times: tuple[str, ...]
    ways: dict[str, int]
    references: dict[str, int]
    hedges: tuple[str, ...]
    relations: dict[str, str]
    year_cues: frozenset[str]
    not_years_before: tuple[str, ...]
    not_years_after: tuple[str, ...]
    counted: frozenset[str]
    function_words: frozenset[str]
    cues: dict[str, frozenset[str]]

    def number(self, text: str) -> int:
        """Return the value of a number in digits or words ("fifteen", "twenty-one", "12")."""
        if text.isdigit():
            return int(text)
        return sum(self.numbers[word] for word in re.split(r"[-\s]", text.lower()))


@cache
def words() -> TimeWords:
    """Return the lists, read once."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    months = {**data["months"], **data["month_abbreviations"]}
    return TimeWords(
        months=_lower(months),
        weekdays=_lower(data["weekdays"]),
        seasons={name: (first, last) for name, (first, last) in data["seasons"].items()},
        numbers=_lower(data["numbers"]),
        vague={name: (least, most) for name, (least, most) in data["vague_numbers"].items()},
        units={name: (days, months, years) for name, (days, months, years) in data["units"].items()},
        parts={name: (first, last, of) for name, (first, last, of) in data["parts"].items()},
        ordinals=data["ordinals"],
        day_times=tuple(data["day_times"]["words"]),
        ways=data["ways"],
        references=data["references"],
        hedges=tuple(data["hedges"]["words"]),
        relations={phrase: relation for relation, phrases in data["relations"].items() for phrase in phrases},
        year_cues=frozenset(data["year_cues"]["before"]),
        not_years_before=tuple(data["not_years"]["before"]),
        not_years_after=tuple(data["not_years"]["after"]),
        counted=frozenset(data["counted"]["words"]),
        function_words=frozenset(data["function_words"]["words"]),
        cues={name: frozenset(options) for name, options in data["cues"].items()},
    )


def any_of(options: Iterable[str]) -> str:
    """Return a group that matches any of the options, longest first; a space in one matches any run of spaces."""
    longest_first = sorted(options, key=lambda option: (-len(option), option))
    return "(?:" + "|".join(re.escape(option).replace(r"\ ", r"\s+") for option in longest_first) + ")"


def _lower(table: dict[str, int]) -> dict[str, int]:
    return {name.lower(): value for name, value in table.items()}
