"""Classify an entity by weighing all evidence for it with the one table ``knowledge/classes.toml``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.facts import Evidence, Kind
from kg.language.gazetteer.bodies import Bodies
from kg.language.gazetteer.knowledge_files import read_table
from kg.language.gazetteer.names import bare_title, bracket, fold, is_acronym, is_proper, is_small, name_words, words
from kg.language.gazetteer.world import Gazetteer

_CUT = re.compile(
    r"\s+(?:of|in|for|on|to|between|against|at|from|with|by|over|concerning|relating|regarding|under|near|about|into|after|and the)\s+",
    re.IGNORECASE,
)
_PART = re.compile(
    r"^(?:North|South|East|West|Central|Upper|Lower|Northeast|Northwest|Southeast|Southwest|Inner|Outer)(?:ern)?[ -](?=[A-Z])"
)
_BIG_CITY = 100_000
_MOST_NAME_WORDS = 5
_REMEMBERED = 20_000  # cache of titles, which are looked up again and again


@dataclass(frozen=True, slots=True)
class Clue:
    """One piece of evidence; with ``kind`` None, against any entity."""

    source: str
    kind: Kind | None
    weight: float


def _kind(name: str) -> Kind | None:
    return None if name == "None" else Kind(name)


def _is_number(word: str) -> bool:
    return word in ("One", "Two") or (word.isupper() and set(word) <= set("IVX"))


def _opening(word: str) -> str:
    """Return an expression for a word that begins a title, but is not all of it."""
    return rf"{re.escape(word)}(?=[\W_])" if word[-1].isalpha() else rf"{re.escape(word)}(?=.)"


class Classifier:
    """Evidence from titles and names, and the decision."""

    def __init__(self, gazetteer: Gazetteer, bodies: Bodies):
        self._gazetteer, self._bodies = gazetteer, bodies
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._title)
        self.kind_of_title = lru_cache(maxsize=_REMEMBERED)(self._kind_of_title)
        table = read_table("classes")
        self._threshold, self._unlinked = float(table["threshold"]), float(table["threshold_unlinked"])
        self._margin = float(table["margin"])
        self._heads: dict[str, list[tuple[Kind | None, float, float]]] = defaultdict(list)
        for row in table["head"]:
            for word in row["words"]:
                self._heads[fold(word)].append((_kind(row["kind"]), row["weight"], row["lower"]))
        self._first = {w: (_kind(r["kind"]), float(r["weight"])) for r in table["first"] for w in r["words"]}
        self._opening = re.compile("|".join(map(_opening, self._first)), re.DOTALL)
        self._patterns = [(re.compile(r["regex"]), _kind(r["kind"]), float(r["weight"])) for r in table["pattern"]]
        self._brackets = {w: (_kind(r["kind"]), float(r["weight"])) for r in table["bracket"] for w in r["words"]}
        self._pages = [(r["sign"], frozenset(r["infobox"]), re.compile(r["category"])) for r in table["page"]]
        self._signs: dict[str, list[tuple[Kind | None, float]]] = {row["source"]: [] for row in table["sign"]}
        for row in table["sign"]:
            self._signs[row["source"]].append((_kind(row["kind"]), float(row["weight"])))

    def sign(self, source: str, share: float = 1.0) -> list[Clue]:
        """Return the clues of an observation, by its row in the table; ``share`` scales the weight. KeyError for one without a row."""
        return [Clue(source, kind, weight * share) for kind, weight in self._signs[source]]

    def preliminary(self, clues: Iterable[Clue]) -> Kind | None:
        """Return the class best supported by the wording alone, whatever its weight; None also for what is not an entity."""
        sums: dict[Kind | None, float] = defaultdict(float)
        for clue in clues:
            sums[clue.kind] += clue.weight
        return max(sorted(sums, key=str), key=lambda kind: sums[kind]) if sums else None

    def _kind_of_title(self, title: str) -> Kind | None:
        """Return ``preliminary`` for a title's wording."""
        return self.preliminary(self._remembered(title))

    def page(self, infobox: str, categories: Iterable[str]) -> list[Clue]:
        """Return the evidence of a page's infobox template and categories for the class of its subject."""
        kind_of_box = re.sub(r"^infobox[ _]+", "", infobox.casefold().replace("_", " ")).strip()
        categories = tuple(categories)
        told = [s for s, boxes, category in self._pages if kind_of_box in boxes or any(category.search(c) for c in categories)]
        return [clue for source in told for clue in self.sign(source)]

    def decide(self, clues: Iterable[Clue], linked: bool = True) -> Kind | None:
        """Return the class that the clues support, or None if they do not suffice; a name that is not ``linked`` needs more."""
        sums: dict[Kind | None, float] = defaultdict(float)
        for clue in clues:
            sums[clue.kind] += clue.weight
        ranked = sorted(sums.items(), key=lambda item: (-item[1], str(item[0])))
        if not ranked or ranked[0][0] is None or ranked[0][1] < (self._threshold if linked else self._unlinked):
            return None
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < self._margin:
            return None
        return ranked[0][0]

    def evidence(self, clues: Iterable[Clue]) -> tuple[Evidence, ...]:
        """Return the clues for a class, as stored with the entity."""
        kept = {Evidence(c.source, c.kind, round(c.weight, 2)) for c in clues if c.kind is not None}
        return tuple(sorted(kept, key=lambda e: (-e.weight, e.source, e.kind)))

    def title(self, title: str) -> list[Clue]:
        """Return all evidence in the wording of a page title or full name."""
        return list(self._remembered(title))

    def _title(self, title: str) -> tuple[Clue, ...]:
        clues = self._known(title)
        if clues:
            return tuple(clues)
        head = self._head(title)
        begin = [c for c in self._begin(title) if c.kind is None or not any(h.weight >= c.weight for h in head)]
        clues = [*self._bracket(title), *head, *begin, *self._regexes(title), *self._people(title)]
        return (*clues, *self._shape(title, bool(clues)), *self._city(title))

    def _rows(self, word: str) -> list[tuple[Kind | None, float, float]]:
        """Return the rows of a head noun, or of its singular."""
        plain = fold(word).casefold()
        return self._heads[plain] if plain in self._heads else self._heads.get(plain.removesuffix("s"), [])

    def is_nationality(self, word: str) -> bool:
        """Whether a word is a nationality or people."""
        return self._gazetteer.nationality(word, ethnic=True) is not None

    def heads(self, text: str) -> bool:
        """Whether a word that denotes a class is the head of the text ("parliamentary election", "foreign ministry")."""
        return bool(words(text)) and bool(self._rows(words(text)[-1]))

    def _known(self, title: str) -> list[Clue]:
        inside = bracket(title)
        entry = self._gazetteer.named(title) or (self._gazetteer.named(bare_title(title)) if not inside and "," not in title else None)
        if entry is not None:
            group = {"historical": "state"}.get(entry.group, entry.group)
            return self.sign(f"gazetteer-{group}")
        people = self._gazetteer.group(title)
        if people:
            return self.sign("nation" if self._gazetteer.is_nation(people) else "people")
        if self._gazetteer.seat_of(title):
            return self.sign("gazetteer-capital")
        return self.sign("state-body") if self._bodies.parse(title) else []

    def _bracket(self, title: str) -> list[Clue]:
        inside = bracket(title)
        known = [word for word in self._brackets if inside == word or inside.endswith(f" {word}")] if inside else []
        return [Clue(f"bracket:{word}", *self._brackets[word]) for word in known[:1]]

    def _head(self, title: str) -> list[Clue]:
        text, owned = self._without_owner(bare_title(title))
        segments = [words(s) for s in _CUT.split(text)]
        for position, segment in enumerate(segments):
            alphabetic = [w for w in segment if w[0].isalpha() and not _is_number(w)]
            if alphabetic and self._rows(alphabetic[-1]) and (not position or alphabetic[-1][0].isupper()):
                complete = position == 0 and len(segments) == 1 and not owned and not any(c.isdigit() for c in text)
                return self._head_clues(alphabetic[-1], alphabetic, complete and len(alphabetic) > 1)
        return []

    def _head_clues(self, word: str, segment: list[str], bare: bool) -> list[Clue]:
        clues = []
        capital = word[0].isupper() and (len(segment) > 1 or not bare)
        for kind, weight, lower in self._rows(word):
            value = weight if capital else lower
            if kind is Kind.OFFICE and bare and all(w[0].isupper() or w in name_words("particles") for w in segment):
                value /= 2  # "John King": a surname as likely as an office
            clues.append(Clue(f"head:{word.casefold()}", kind, value))
        if bare and len(segment) == 2 and capital and fold(word).casefold() in name_words("surname_places"):
            clues = [replace(c, weight=c.weight / 2) for c in clues] + self.sign("person-shape")
        return [c for c in clues if c.weight > 0]

    def _without_owner(self, text: str) -> tuple[str, bool]:
        """Strip a leading state, organization or nationality word from a title: "United Nations Mission in X" → "Mission in X"."""
        parts = text.split()
        for size in range(min(6, len(parts) - 1), 0, -1):
            first = " ".join(parts[:size])
            if self._gazetteer.named(first) or self._gazetteer.nationality(first):
                return " ".join(parts[size:]), True
        return text, False

    def _begin(self, title: str) -> list[Clue]:
        found = self._opening.match(fold(title).casefold())
        return [Clue(f"first:{found[0]}", *self._first[found[0]])] if found else []

    def _regexes(self, title: str) -> list[Clue]:
        return [Clue(f"pattern:{regex.pattern}", kind, weight) for regex, kind, weight in self._patterns if regex.search(title)]

    def _people(self, title: str) -> list[Clue]:
        first, _, rest = title.partition(" ")
        return self.sign("people") if self._gazetteer.people(first) and rest.startswith(("in ", "of ", "from ")) else []

    def _shape(self, title: str, told: bool) -> list[Clue]:
        name = bare_title(title)
        if "," in title and name != title and not bracket(title):
            return self.sign("comma-place")
        if self._is_part(name):
            return self.sign("part-of-state")
        parts = words(name)
        capitals = [w for w in parts if not is_small(w)]
        if is_acronym(name):
            return [] if told else self.sign("acronym-shape")
        if told or not is_proper(name) or any(c.isdigit() for c in name) or len(capitals) > _MOST_NAME_WORDS:
            return []
        if len(capitals) > 1 and (self._without_owner(name)[1] or any(self._gazetteer.state(w) for w in parts)):
            return self.sign("with-state-name")
        return self.sign("person-shape" if len(capitals) > 1 else "one-word-shape")

    def _is_part(self, name: str) -> bool:
        """Whether a name is that of a part of something known: "Northern Ghana"."""
        part = _PART.match(name)
        whole = name[part.end() :] if part else ""
        known = bool(whole) and (self._gazetteer.named(whole) is not None or bool(self._gazetteer.cities(whole)))
        return known and whole.casefold() not in name_words("sides")

    def _city(self, title: str) -> list[Clue]:
        cities = self._gazetteer.cities(title)
        if not cities:
            return []
        if cities[0].population < _BIG_CITY:
            return self.sign("gazetteer-village")
        return self.sign("gazetteer-city-name" if " " in bare_title(title) else "gazetteer-city")
