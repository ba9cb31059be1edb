"""Find names that resemble a misspelt one: words of the index by trigrams and consonants, then by edit distance.

A word that occurs in no name is replaced by the nearest words that do, and the index is searched again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.store.index.search import NameHit, SearchIndex

MOST_WORDS = 6
CANDIDATES = 200
"""Words compared with a misspelt one, for each way of finding candidates."""
LOOKED_AT = 20_000
"""Words sharing a trigram with a misspelt one, among which the best are chosen."""
ALTERNATIVES = 4
"""Nearest words tried in place of one."""
COMBINATIONS = 24
_SOUNDS = str.maketrans({"c": "k", "q": "k", "z": "s", "w": "v", "y": "", "h": "", **dict.fromkeys("aeiou", "")})
SPELT = re.compile(r"[^\W\d_]{3,40}")
"""Words of names that serve as candidates for misspelt ones."""
_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word of the index and its distance from the one typed."""

    word: str
    distance: int


def skeleton(word: str) -> str:
    """Reduce a folded word to the sound of its consonants: the same for ``lybia`` and ``libya``."""
    return _TWICE.sub(r"\1", word.replace("ph", "f").translate(_SOUNDS))


def framed(word: str) -> str:
    """Mark the ends of a word, so that its first and last letters have trigrams of their own."""
    return f"^{word}$"


def allowed(word: str) -> int:
    """Return how many letters of a word may be wrong."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2 if len(word) < 10 else 3


def edit_distance(one: str, other: str, most: int) -> int:
    """Return the edit distance of two words (insertions, deletions, substitutions, transpositions), or ``most + 1`` if it is larger
    than ``most``."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, opposite in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(*row, min(before) + 1) > most:  # a transposition refers to the row before last
            return most + 1
    return min(row[-1], most + 1)


def nearest(index: SearchIndex, word: str) -> list[Spelling]:
    """Return the words of names nearest to a folded word, including itself if it occurs; numbers and short words are not changed."""
    if not SPELT.fullmatch(word):
        return [Spelling(word, 0)]
    heard, most = skeleton(word), allowed(word)
    candidates = dict.fromkeys(
        found
        for (found,) in [
            *index.rows("SELECT word FROM word WHERE word = ?", word),
            *index.rows("SELECT word FROM word WHERE skeleton = ? ORDER BY id LIMIT ?", heard, CANDIDATES),
            *_sharing_trigrams(index, word),
        ]
    )
    found = []
    for candidate in candidates:
        reach = most + 1 if most and skeleton(candidate) == heard else most
        distance = edit_distance(word, candidate, reach)
        if distance <= reach:
            found.append(Spelling(candidate, distance))
    return sorted(found, key=lambda spelling: (spelling.distance, spelling.word[:1] != word[:1]))[:ALTERNATIVES]


def _sharing_trigrams(index: SearchIndex, word: str) -> list[tuple[str]]:
    marked = framed(word)
    trigrams = dict.fromkeys(marked[i : i + 3] for i in range(len(marked) - 2))
    sql = """SELECT word.word FROM (SELECT rowid, rank FROM spelling WHERE spelling MATCH ? LIMIT ?) hit JOIN word ON word.id = hit.rowid
             ORDER BY hit.rank, hit.rowid LIMIT ?"""
    return index.rows(sql, " OR ".join(f'"{trigram}"' for trigram in trigrams), LOOKED_AT, CANDIDATES)


def near(index: SearchIndex, words: Sequence[str], kinds: Sequence[str], limit: int) -> list[NameHit]:
    """Return things of some classes whose names contain words near these folded ones, nearest and most active first."""
    from kg.store.index.search import NameHit

    if not words or len(words) > MOST_WORDS:
        return []
    spellings = [nearest(index, word) for word in words]
    tried = sorted(product(*spellings), key=lambda combination: sum(spelling.distance for spelling in combination))
    found: dict[str, NameHit] = {}
    for combination in islice(tried, COMBINATIONS):
        match = " ".join(f'"{spelling.word}"' for spelling in combination)
        sql = """SELECT t.iri, t.label, t.class, n.name, t.events, t.mentions FROM names JOIN name n ON n.id = names.rowid
                 JOIN thing t ON t.id = n.thing
                 WHERE names MATCH ? AND t.class IN (SELECT value FROM json_each(?)) ORDER BY names.rowid LIMIT ?"""
        for row in index.rows(sql, match, json.dumps(list(kinds)), limit):
            found.setdefault(row[0], NameHit(*row))
        if len(found) >= limit:
            break
    return list(found.values())[:limit]
