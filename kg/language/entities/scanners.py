"""Search passages for names: those of the gazetteer, those of the article's own items, and public bodies of states."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kg.facts import Kind
from kg.language.entities.inventory import Find, Inventory, Item
from kg.language.gazetteer.bodies import Bodies, Body
from kg.language.gazetteer.matcher import Form, Matcher, Split, form_of
from kg.language.gazetteer.names import bare_title, is_proper, loose, name_words, surname
from kg.language.gazetteer.world import Gazetteer
from kg.language.parsing.tokens import Words

# Ranks of finds that overlap with the same length: the article's own forms take precedence over general knowledge.
LINK, ALIAS, BODY, GAZETTEER, RECOGNISED = range(5)
_Payload = TypeVar("_Payload")
_LOOSE = frozenset({Kind.INSTITUTION, Kind.EVENT, Kind.AGREEMENT})


@dataclass(frozen=True, slots=True)
class Known:
    """What a form of the gazetteer refers to: the key and the table (``name``, ``adjective``, ``ethnic``, ``citizens``, ``seat``)."""

    key: str
    table: str


class WorldScanner:
    """Finds states, organizations, capitals and nationality words; created once and used for all articles."""

    def __init__(self, gazetteer: Gazetteer, bodies: Bodies, split: Split):
        self._gazetteer = gazetteer
        self._names, self._bodies = Matcher(), Matcher()
        for form, key, table in gazetteer.forms():
            if table not in ("ethnic", "people") and not (table == "group" and gazetteer.named(form)):
                self._names.add(form_of(form, Known(key, table), split))
        for form in bodies.forms():
            self._bodies.add(form_of(form, bodies.named(form), split))

    def names(self, words: Words) -> list[tuple[int, int, Known]]:
        """Return (first word, end, what is known) of the longest occurrences of gazetteer forms, without overlaps; names before
        adjectives."""
        found: list[tuple[int, int, Known]] = [(a, b, form.payload) for a, b, form in self._names.find(words.folded, words.lower)]
        order = ("name", "group", "seat", "adjective", "citizens")
        found.sort(key=lambda f: (f[0] - f[1], f[0], order.index(f[2].table)))
        return _apart(found)

    def bodies(self, words: Words, known: Sequence[tuple[int, int, Known]]) -> Iterator[tuple[int, int, Body]]:
        """Return (first word, end, body) of public bodies next to their state."""
        before = {end: (start, k) for start, end, k in known}
        after = {start: (end, k) for start, end, k in known}
        found: list[tuple[int, int, str]] = [(start, end, form.payload) for start, end, form in self._bodies.find(words.lower, words.lower)]
        found.sort(key=lambda f: (f[0] - f[1], f[0]))
        for start, end, name in _apart(found):
            yield from self._with_state(words, start, end, name, before, after)

    def _with_state(
        self,
        words: Words,
        start: int,
        end: int,
        name: str,
        before: dict[int, tuple[int, Known]],
        after: dict[int, tuple[int, Known]],
    ) -> Iterator[tuple[int, int, Body]]:
        owner = self._ethnic(words, start) or before.get(start)
        if owner is None and words.lower[start - 1 : start] == ("'s",):
            owner = before.get(start - 1)
        if owner is not None and (self._is_state(owner[1]) or (owner[1].table == "seat" and name == "government")):
            yield owner[0], end, Body(name, owner[1].key)
            return
        at = end
        if words.lower[at : at + 1] == ("of",):
            at += 1
            at += words.lower[at : at + 1] == ("the",)
            state = after.get(at)
            if state is not None and self._is_state(state[1]) and state[1].table == "name":
                yield start, state[0], Body(name, state[1].key)

    def _ethnic(self, words: Words, start: int) -> tuple[int, Known] | None:
        key = self._gazetteer.nationality(words.texts[start - 1], ethnic=True) if start else None
        return (start - 1, Known(key, "ethnic")) if key and not self._gazetteer.nationality(words.texts[start - 1]) else None

    def _is_state(self, known: Known) -> bool:
        return known.table not in ("seat", "group") and self._gazetteer.entries[known.key].kind is Kind.STATE


def _apart(found: list[tuple[int, int, _Payload]]) -> list[tuple[int, int, _Payload]]:
    """Return those of the ranges, best first, that do not overlap a better one; in text order."""
    taken: set[int] = set()
    kept = []
    for start, end, payload in found:
        if not taken.intersection(range(start, end)):
            taken.update(range(start, end))
            kept.append((start, end, payload))
    return sorted(kept, key=lambda f: (f[0], f[1]))


def world_finds(inventory: Inventory, scanner: WorldScanner, passages: Sequence[Words]) -> Iterator[Find]:
    """Return finds of states, organizations, capitals, nationality words and public bodies; add their items to the inventory."""
    found = [(words, scanner.names(words)) for words in passages]
    named = {known.key for _, names in found for _, _, known in names if known.table not in ("seat", "group")}
    titles = {link.target for words, _ in found for link in words.passage.links} | {inventory.article.title}
    families = {surname(title) for title in titles if title not in inventory.gazetteer.entries}
    told = _told_otherwise(inventory.gazetteer, found)
    for words, names in found:
        for start, end, known in names:
            text = words.passage.text[words.starts[start] : words.ends[end - 1]]
            if known.table == "name" and not _person_meant(inventory, words, start, end, known, families):
                continue
            area = _area_meant(inventory.gazetteer, text, known, named, told)
            yield from _world_find(inventory, words, start, end, Known(area, "name") if area else known, named)
        for start, end, body in scanner.bodies(words, names):
            yield _body_find(inventory, words, start, end, body)


def _person_meant(inventory: Inventory, words: Words, start: int, end: int, known: Known, families: Collection[str]) -> bool:
    """Whether a form of a known person occurs alone, and is not another linked person's surname; true for all other items."""
    if inventory.gazetteer.entries[known.key].group != "person" or end - start > 1:
        return True
    before, after = (words.texts[i] if 0 <= i < len(words.texts) else "" for i in (start - 1, end))
    named = before[:1].isupper() and start > 1 and not inventory.classifier.heads(before)
    return words.texts[start] not in families and not named and not after[:1].isupper()


def _told_otherwise(gazetteer: Gazetteer, found: Iterable[tuple[Words, list[tuple[int, int, Known]]]]) -> set[str]:
    """Return the states that the passages mention by unambiguous words: an adjective, a capital, an official name."""
    told: set[str] = set()
    for words, names in found:
        for start, end, known in names:
            text = words.passage.text[words.starts[start] : words.ends[end - 1]]
            if known.table == "group":
                continue
            if known.table != "name" or len(gazetteer.namesakes(text)) == 1:
                told.update(gazetteer.seat_of(text) if known.table == "seat" else (known.key,))
    return told


def _area_meant(gazetteer: Gazetteer, text: str, known: Known, named: set[str], told: set[str]) -> str | None:
    """Return the part of another state that shares a state's name, if it is meant: "Georgia" near Alabama in an article without
    Georgians."""
    if known.table != "name" or known.key in told:
        return None
    areas = {e.key: e.country for e in gazetteer.namesakes(text) if e.group == "area" and e.key != known.key}
    others = (gazetteer.entries[key] for key in named - areas.keys())
    neighbours = {entry.country for entry in others if entry.group == "area"}
    return next((key for key, country in areas.items() if country in told and country in neighbours), None)


def _world_find(inventory: Inventory, words: Words, start: int, end: int, known: Known, named: set[str]) -> Iterator[Find]:
    text = words.passage.text[words.starts[start] : words.ends[end - 1]]
    if known.table == "group":
        yield _people_find(inventory, words, start, end, known.key)
        return
    entry = inventory.gazetteer.entries[known.key]
    if known.table == "adjective" and words.lower[end : end + 1] and words.lower[end] in name_words("groups"):
        yield _people_find(inventory, words, start, end + 1, inventory.gazetteer.people_of(known.key, text))
        return
    if known.table == "seat":
        if not _capital_meant(inventory, text, named):
            return
        key, rule = inventory.add(text, page=False).key, "capital"
    elif known.table == "adjective":
        key, rule = inventory.add(entry.key, page=False).key, "nationality"
    elif known.table == "citizens":
        if _live_elsewhere(inventory.gazetteer, words, start, end, known.key):
            yield _people_find(inventory, words, start, end, text)
            return
        key, rule = inventory.add(entry.key, page=False).key, "citizens"
    elif entry.group == "area" and end - start == 1 and not inventory.gazetteer.state(text):
        return
    else:
        key, rule = inventory.add(entry.key, page=False).key, "gazetteer"
    attributive = rule in ("nationality", "citizens")
    if not attributive:
        inventory.items[key].forms.setdefault(text, rule)
    yield Find(words.passage.index, words.starts[start], words.ends[end - 1], key, rule, GAZETTEER, attributive)


def _people_find(inventory: Inventory, words: Words, start: int, end: int, people: str) -> Find:
    """Find a people, as opposed to a state: "Kurds", "the Albanian minority", "ethnic Danes"."""
    item = inventory.add(people, page=False)
    if not any(c.kind is Kind.GROUP for c in item.wording):
        item.wording += inventory.classifier.sign("nation" if inventory.gazetteer.is_nation(item.key) else "people")
    return Find(words.passage.index, words.starts[start], words.ends[end - 1], item.key, "people", GAZETTEER)


def _live_elsewhere(gazetteer: Gazetteer, words: Words, start: int, end: int, state: str) -> bool:
    """Whether a plural refers to members of a people living in another state: "ethnic Danes", "German Danes", "the Danes in Germany"."""
    before = words.texts[start - 1] if start else ""
    named = before[:1].isupper() and (start > 1 or gazetteer.named(before) or gazetteer.nationality(before, ethnic=True))
    if named or before.lower() == "ethnic" or before in ("-", "–"):
        return True
    if words.lower[end : end + 1] not in (("in",), ("of",)):
        return False
    where = [gazetteer.state(" ".join(words.texts[end + 1 : last])) for last in range(end + 2, end + 5)]
    return any(key is not None and key != state for key in where)


def _capital_meant(inventory: Inventory, text: str, named: set[str]) -> bool:
    """Whether a word that may be a capital refers to it: its state is mentioned too, or no larger place has the name."""
    seats = inventory.gazetteer.seat_of(text)
    if named.intersection(seats):
        return True
    cities = inventory.gazetteer.cities(text)
    return not cities or inventory.gazetteer.state_of_code(cities[0].code) in seats


def _body_find(inventory: Inventory, words: Words, start: int, end: int, body: Body) -> Find:
    text = words.passage.text[words.starts[start] : words.ends[end - 1]]
    item = inventory.add(_fullest(text, body, inventory.bodies), page=False)
    item.forms.setdefault(text, "state-body")
    return Find(words.passage.index, words.starts[start], words.ends[end - 1], item.key, "state-body", BODY)


def _fullest(text: str, body: Body, bodies: Bodies) -> str:
    return text if bodies.parse(text) == body else bodies.title(body) or text


class ArticleScanner:
    """Finds the forms of the items of one article."""

    def __init__(self, items: Iterable[Item], split: Split):
        self._matcher = Matcher()
        self._keys: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for item in items:
            for text, rule in sorted(item.forms.items()):
                if rule == "happening" and item.page is None:
                    continue
                loose = (item.kind in _LOOSE or item.body is not None) and rule != "acronym"
                self._add(form_of(text, None, split, loose), item.key, rule)

    def _add(self, form: Form, key: str, rule: str) -> None:
        if not form.words:
            return
        owners = self._keys.setdefault(form.words, [])
        if not owners:
            self._matcher.add(form)
        if all(k != key for k, _ in owners):
            owners.append((key, rule))

    def owner(self, form: str, owners: list[tuple[str, str]]) -> tuple[str, str] | None:
        """Return the only item that a form refers to: the article's subject, else the one with this full name, else the one that the
        article calls so.

        A short name does not refer to a longer one that is merely linked: "Berlin" is not the "Boroughs of Berlin".
        """
        subject = [(key, rule) for key, rule in owners if rule == "subject"]
        whole = [(key, rule) for key, rule in owners if loose(bare_title(key)) == loose(form)]
        said = [(key, rule) for key, rule in owners if rule not in ("gazetteer", "title")]
        for group in (subject, [pair for pair in said if pair in whole], whole, said, owners):
            if group:
                return group[0] if len(group) == 1 else None
        return None

    def finds(self, words: Words) -> Iterator[tuple[int, int, list[tuple[str, str]]]]:
        """Return (first word, end, owners) of every occurrence; several owners if items share a form."""
        for start, end, form in self._matcher.find(words.folded, words.lower):
            yield start, end, self._keys[form.words]


def name_like(text: str) -> bool:
    """Whether to search for a form elsewhere in the article: it is written as a name, or has a number that makes it one."""
    return is_proper(text) or any(c.isdigit() for c in text)


def within_name(words: Words, start: int) -> bool:
    """Whether a word is the second half of a hyphenated name ("Al-Sabah")."""
    tight = start > 1 and words.texts[start - 1] == "-" and words.ends[start - 2] == words.starts[start] - 1
    return tight and words.lower[start - 2] in name_words("particles")
