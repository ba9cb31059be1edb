"""Normalize names for comparison, and derive their short forms (surname, initials, acronym)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from kg.language.gazetteer.knowledge_files import read_table

_REMEMBERED = 2**14  # cache of names, which are looked up again and again
_WORDS_REMEMBERED = 2**16

# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans(
    {"đ": "d", "Đ": "D", "ð": "d", "ı": "i", "İ": "I", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "Æ": "Ae"}
    | {"œ": "oe", "þ": "th", "Þ": "Th", "ə": "a", "Ə": "A", "ʻ": "'", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "\u00a0": " "}
    | dict.fromkeys("‐‑‒–—−", "-")
)
_BRACKET = re.compile(r"\s*\([^()]*\)\s*$")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATED = re.compile(
    rf"(?:AD )?\d[\d,.]*(?:s|st|nd|rd|th)?(?: century)?(?: (?:BC|BCE|AD|CE))?|(?:{_MONTHS})(?: \d{{1,2}})?(?:,? \d{{4}})?"
    rf"|\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?|\d{{4}} in .+|\d{{1,2}}(?:st|nd|rd|th)[ -]century .*"
)
_WORD = re.compile(r"[^\W_]+(?:['.][^\W_]+)*\.?")


@cache
def name_words(group: str) -> frozenset[str]:
    """Return a list of ``knowledge/names.toml``."""
    return frozenset(read_table("names")[group])


@lru_cache(maxsize=_WORDS_REMEMBERED)
def fold(text: str) -> str:
    """Fold a text: no accents, plain dashes, quotes and spaces; case is kept: "Malé" becomes "Male".

    "dj" becomes "d", since that is how "đ" is often transcribed.
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return text.replace("dj", "d").replace("Dj", "D")


@lru_cache(maxsize=_REMEMBERED)
def loose(text: str) -> str:
    """Fold a text as `fold` does, and drop case, leading "the" and surrounding spaces, so that spellings of one name become equal."""
    return fold(text).casefold().strip(" .,'\"").removeprefix("the ")


@lru_cache(maxsize=_REMEMBERED)
def bare_title(title: str) -> str:
    """Strip a title's disambiguator: "Paris (city)" and "Paris, Texas" become "Paris"."""
    title = _BRACKET.sub("", title)
    head, comma, rest = title.partition(", ")
    return head if comma and rest[:1].isupper() and " and " not in rest and "," not in rest else title


def bracket(title: str) -> str:
    """Return the text in the bracket at a title's end, or ""."""
    found = _BRACKET.search(title)
    return found.group().strip(" ()") if found else ""


def words(text: str) -> list[str]:
    """Return the words of a name, with inner apostrophes and abbreviation points: "N'Djamena", "U.S."."""
    return _WORD.findall(text)


def is_small(word: str) -> bool:
    """Whether a word may be in lower case inside a name ("of", "the", "van")."""
    return word.casefold() in name_words("small")


@lru_cache(maxsize=_REMEMBERED)
def is_proper(text: str) -> bool:
    """Whether a text is written as a name: every word, hyphenated ones as a whole, is capitalized, a number, or small."""
    parts = [found[0] for word in text.split() if (found := words(word))]
    capitals = [w for w in parts if w[0].isupper()]
    return bool(capitals) and all(w[0].isupper() or w[0].isdigit() or is_small(w) for w in parts)


@lru_cache(maxsize=_REMEMBERED)
def is_date(title: str) -> bool:
    """Whether a page title is a day, a month, a year, a decade, a century or a number: such a page is not about an agent."""
    return _DATED.fullmatch(fold(title)) is not None


@lru_cache(maxsize=_REMEMBERED)
def surname(name: str) -> str:
    """Return a person's family name as texts use it: "Alexander Van der Bellen" gives "Van der Bellen", "John Doe Jr." "Doe"."""
    parts = bare_title(name).split()
    while len(parts) > 1 and parts[-1].casefold() in name_words("suffixes"):
        parts.pop()
    start = len(parts) - 1
    while start > 1 and parts[start - 1].casefold() in name_words("particles"):
        start -= 1
    return " ".join(parts[start:]) if parts else ""


def without_initials(name: str) -> str:
    """Return a person's name without middle initials: "John Q. Public" gives "John Public"."""
    parts = name.split()
    kept = [p for i, p in enumerate(parts) if not (0 < i < len(parts) - 1 and re.fullmatch(r"\w\.?", p))]
    return " ".join(kept)


@lru_cache(maxsize=_REMEMBERED)
def initials(name: str, small: bool = False) -> str:
    """Return the acronym of a name: "International Criminal Court" gives "ICC"; with ``small``, small words count too."""
    parts = [p for w in bare_title(name).split() for i, p in enumerate(re.split(r"[-–/]", w)) if p and (i == 0 or p[0].isupper())]
    return "".join(fold(p)[0].upper() for p in parts if p[0].isalpha() and (small or not is_small(p)))


@lru_cache(maxsize=_REMEMBERED)
def is_acronym(text: str) -> bool:
    """Whether a text is written as an acronym: two or more capitals, no lower case ("TARC", "ENTSO-E", "U.N.")."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters) and " " not in text
