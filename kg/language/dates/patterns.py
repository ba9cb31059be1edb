"""Build the regular expressions of time expressions from ``patterns.toml`` and the words of ``words.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from kg.language.dates.time_words import TimeWords, any_of, words

_FILE = Path(__file__).resolve().parent / "patterns.toml"
_PIECE = re.compile(r"<([A-Z]+)(?::(\w+))?>")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of expression: the name of its rule, the resolver of its value, the compiled pattern.

    ``needs`` are expressions, which may contain placeholders, that must match the text in lower case for the pattern to match.
    """

    rule: str
    resolver: str
    regex: re.Pattern[str]
    needs: tuple[str, ...]


@cache
def patterns() -> tuple[Pattern, ...]:
    """Return all patterns, in order of precedence."""
    pieces = _pieces(words())
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))["pattern"]
    return tuple(Pattern(row["rule"], row["resolver"], _compile(row["pattern"], pieces), tuple(row.get("needs", ()))) for row in table)


def possible(text: str) -> tuple[tuple[int, Pattern], ...]:
    """Return the patterns that may match in the text, with their rank."""
    as_written, in_lower = _needed()
    lower = text.lower()
    there = [name for name, need in as_written if need.search(text)] + [name for name, need in in_lower if need.search(lower)]
    return _satisfied(frozenset(there))


@cache
def _needed() -> tuple[list[tuple[str, re.Pattern[str]]], list[tuple[str, re.Pattern[str]]]]:
    """Compile the expressions that patterns need: those for the text as written, since months have capitals, and the others.

    None ignores case or begins with a word boundary: such expressions are several times slower to search for.
    """
    pieces = _pieces(words())
    names = sorted({name for pattern in patterns() for name in pattern.needs})
    needs = [(name, re.compile(_PIECE.sub(lambda piece: pieces[piece[1]], name), re.DOTALL)) for name in names]
    cased = [need for need in needs if "(?-i:" in need[1].pattern]
    return cased, [need for need in needs if need not in cased]


@lru_cache(maxsize=1024)
def _satisfied(there: frozenset[str]) -> tuple[tuple[int, Pattern], ...]:
    return tuple((rank, pattern) for rank, pattern in enumerate(patterns()) if there.issuperset(pattern.needs))


@cache
def quick() -> re.Pattern[str]:
    """Return an expression that matches in every text that any pattern matches; most sentences without a time fail it at once."""
    known = words()
    plain = [*known.units, *known.day_times, *known.seasons, "century", "time", "yesterday", "today", "tonight", "tomorrow", "eve"]
    names = [name.capitalize() for name in (*known.months, *known.weekdays)]
    return re.compile(rf"\d|\b(?:{any_of(names)}|(?i:{any_of(plain)})s?)\b")


def _compile(pattern: str, pieces: dict[str, str]) -> re.Pattern[str]:
    def piece(match: re.Match[str]) -> str:
        name, group = match.groups()
        return f"(?P<{group}>{pieces[name]}){_tail(name)}" if group else f"(?:{pieces[name]})"

    spaced = pattern.replace(" ", r"\s+").replace(r"[\s+-]", r"(?:\s+|-)").replace(r"[-\s+]", r"(?:\s+|-)")
    return re.compile(rf"(?<![\w.,/–-]){_PIECE.sub(piece, spaced)}(?![\w])", re.IGNORECASE)


def _tail(piece: str) -> str:
    return {"DAY": r"(?:st|nd|rd|th)?(?![\d,.]\d)", "MONTH": r"(?!\w)"}.get(piece, "")


def _pieces(known: TimeWords) -> dict[str, str]:
    names = [name.capitalize() for name in known.months if len(name) > 4 or name in {"may", "june", "july"}]
    shorts = [name.capitalize() for name in known.months if name.capitalize() not in names]
    numbers = [name for name in known.numbers if name not in {"a", "an"}]
    tens = any_of(name for name, value in known.numbers.items() if value >= 20)
    ones = any_of(name for name, value in known.numbers.items() if 0 < value < 10 and name not in {"a", "an"})
    return {
        "FOUR": r"\d{4}",
        "TWO": r"\d\d",
        "ONETWO": r"\d{1,2}",
        "SMALL": r"[1-9]\d{0,2}",
        "YEAR": r"(?:1\d{3}|20\d\d)(?!\d|[.,]\d)",
        "DAY": r"(?:3[01]|[12]\d|0?[1-9])",
        "DASH": r"\s?[-–—]\s?",
        "MONTH": rf"(?-i:{any_of(names)}|{any_of(shorts)}\b\.?)",
        "WEEKDAY": f"(?-i:{any_of(name.capitalize() for name in known.weekdays)})",
        "SEASON": any_of(known.seasons),
        "PART": any_of(known.parts),
        "NUMBER": rf"(?:{tens}[\s-]{ones}|{any_of([*numbers, 'a', 'an'])}|[1-9]\d{{0,2}})",
        "VAGUE": any_of(known.vague),
        "UNIT": any_of(known.units),
        "WHOLE": any_of([*known.units, *known.day_times]),
        "HEDGE": any_of(known.hedges),
        "WAY": any_of(known.ways),
        "THAT": any_of(known.references),
    }
