"""Reject matches that are not times: counts, document numbers, month names used as ordinary words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from kg.language.dates.time_words import TimeWords, any_of

Match = re.Match[str]
OLDEST_NAMED = 1700
"""A smaller number before a noun, without other signs of being a year, is a count."""
_INNER = frozenset("_.'’")
_WORD_AFTER = re.compile(r"\s*([^\s\d,.;:()]+)")


def admits(rule: str, match: Match, text: str, words: TimeWords) -> bool:
    """Whether the match can be a time, by its context."""
    guard = _GUARDS.get(rule)
    return guard is None or guard(match, text, words)


def word_before(text: str, position: int) -> str:
    """Return the word that ends before a position (skipping spaces and an opening bracket), or ""."""
    left = text[max(0, position - 40) : position].rstrip()
    left = left[:-1].rstrip() if left.endswith(("(", "[")) else left
    start = len(left)
    while start and (left[start - 1].isalnum() or left[start - 1] in _INNER):
        start -= 1
    return left[start:]


def word_after(text: str, position: int) -> str:
    """Return the word that begins after a position, or "" if a number or punctuation follows."""
    found = _WORD_AFTER.match(text, position)
    return found[1] if found else ""


def stands_before_something(match: Match, words: TimeWords) -> bool:
    """Whether a noun phrase follows, from which the expression may count ("two years after *the war*")."""
    following = word_after(match.string, match.end())
    return following[:1].isupper() or following.lower() in words.cues["articles"] - {"that", "this"}


def _year(match: Match, text: str, words: TimeWords) -> bool:
    before, following = word_before(text, match.start()), word_after(text, match.end())
    if match[0].lower().startswith("the year"):
        return True
    if before in words.not_years_before or text[: match.start()].rstrip()[-1:] in words.cues["money"]:
        return _cue_two_before(match, text, before)
    if _no_year(words).match(text, match.end()):
        return False
    if following.lower() in words.counted and not _opens_with_in(match, text):
        return False
    return _has_cue(match, text, before, following, words)


@cache
def _no_year(words: TimeWords) -> re.Pattern[str]:
    return re.compile(rf"\s?{any_of(words.not_years_after)}(?!\w)")


def _cue_two_before(match: Match, text: str, before: str) -> bool:
    """ "since about 2008" is a year, "about 2008 soldiers" is not."""
    if before.lower() not in {"about", "over", "approximately", "roughly"}:
        return False
    earlier = word_before(text, text.rindex(before, 0, match.start())).lower()
    return earlier in {"in", "since", "until", "from", "by"} and not word_after(text, match.end())


def _has_cue(match: Match, text: str, before: str, following: str, words: TimeWords) -> bool:
    if before.lower() in words.cues["loose"]:
        return not _looks_plural(following) or following.lower() in words.function_words
    if before.lower() in words.year_cues or match.start() == 0:
        return True
    left = text[: match.start()].rstrip()[-1:]
    if left in {"(", "[", "–", "-", "—", ",", ":", ";", "|", "/"}:
        return not following or left in {"(", "["} or following.lower() in words.function_words
    if not following or following.lower() in words.function_words or int(match["y"]) < OLDEST_NAMED:
        return False
    return following[:1].isupper() or before.lower() in words.cues["articles"] or before.endswith(("'s", "’s"))


def _looks_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("'s", "’s", "ss", "is", "us", "was", "has"))


def _opens_with_in(match: Match, text: str) -> bool:
    return text[: match.start()].strip() == "In"


def _counts_nothing(match: Match, text: str, words: TimeWords) -> bool:
    following = word_after(text, match.end())
    return not following or following.lower() in words.function_words or following in {"AD", "CE"}


def _month(match: Match, text: str, words: TimeWords) -> bool:
    before, following = word_before(text, match.start()).lower(), word_after(text, match.end())
    if before in words.cues["month"]:
        return True
    if match["m"] in words.cues["ambiguous_months"]:
        return False
    attributive = before in words.cues["articles"] and following[:1].islower() and following not in words.function_words
    return attributive or before in words.cues["weak"]


def _offset(match: Match, text: str, words: TimeWords) -> bool:
    """ "a year before" must agree with its unit: "two day later" is something else; "aged 48 years after" too."""
    plural = match[0].lower().split(match["u"].lower(), 1)[1].startswith("s")
    one = match["n"].lower() in {"a", "an", "one", "1"}
    return plural != one and word_before(text, match.start()).lower() not in words.cues["age"]


def _range(match: Match, text: str, words: TimeWords) -> bool:
    before, following = word_before(text, match.start()), word_after(text, match.end())
    if before in words.not_years_before or text[: match.start()].rstrip()[-1:] in words.cues["money"]:
        return False
    if _no_year(words).match(text, match.end()):
        return False
    return following.lower() not in words.counted


def _no_duration(match: Match, text: str, words: TimeWords) -> bool:
    """ "over the next year" is a duration, not a date."""
    return word_before(text, match.start()).lower() not in words.cues["duration"] or "that" in match[0].lower()


def _vague(match: Match, text: str, words: TimeWords) -> bool:
    """ "three days later" is not vague, although it contains "days later"."""
    if match["n"]:
        return True
    before = word_before(text, match.start()).lower()
    return before not in words.numbers and not before[-1:].isdigit()


def _decade(match: Match, text: str, words: TimeWords) -> bool:
    return word_before(text, match.start()).lower() not in words.cues["aircraft"]


def _weekday(match: Match, text: str, words: TimeWords) -> bool:
    return word_before(text, match.start()).lower() in words.cues["weekday"] or bool(match["ref"])


_GUARDS: dict[str, Callable[[Match, str, TimeWords], bool]] = {
    "year": _year,
    "month": _month,
    "offset": _offset,
    "circa": _counts_nothing,
    "year-range": _range,
    "adjacent": _no_duration,
    "season-relative": _no_duration,
    "day-after": _no_duration,
    "vague-offset": _vague,
    "decade": _decade,
    "weekday": _weekday,
}
