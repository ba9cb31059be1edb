"""Locate places, and find the states to which places and institutions belong.

A name alone says little: there is an England in Arkansas and a Sparta in New Jersey. A place gets the coordinates of a town only if
its country agrees with the context: it is the one stated by the text, or one that the article is about, or the town is so much
larger than its namesakes that readers would think of no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.facts import Kind
from kg.language.entities.inventory import Item
from kg.language.gazetteer.names import bare_title, bracket, words
from kg.language.gazetteer.places import City
from kg.language.gazetteer.world import Gazetteer
from kg.language.reading import Mention, PassageDoc

_TOWNS = ("bracket:town", "bracket:city", "bracket:village", "bracket:municipality", "head:city")
_NO_TOWNS = ("gazetteer-area", "gazetteer-region", "gazetteer-territory", "gazetteer-state", "gazetteer-organisation")
_GREAT = 1_000_000
"""Population from which a city is meant wherever its name occurs."""
_LARGE = 100_000
"""Population from which a city may be meant in an article that does not mention its country."""
_SMALL = 5_000
"""Population from which a town may be meant that only shares its sentence with a state."""
_TIMES = 10
"""How many times larger than its namesakes elsewhere a large city has to be."""
_CLEARLY = 5
"""How many times larger a large city has to be than its namesakes in states that the article is not about."""
_LEAD = 2
"""Number of leading passages that tell what an article is about."""
_INSIDE = frozenset({"in", "of", ",", "("})
_APPOSED = ("appos", "nmod", "flat")
"""Relations of a state to the place before it, with a comma or bracket between: "Tacna, Peru"; not "In Geneva, Iran agreed"."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The key of the state, and degrees north and east; None if unknown."""

    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class PlaceContext:
    """The states that help to locate the places of an article.

    ``main`` are those that the article is about, ``named`` all that it mentions; ``near`` maps a place to those in its sentences,
    ``stated`` to those in which the text locates it ("Tacna, Peru").
    """

    main: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    near: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stated: Mapping[str, frozenset[str]] = field(default_factory=dict)


def setting_of(passages: Sequence[PassageDoc], kinds: Mapping[str, Kind], subjects: Iterable[str]) -> PlaceContext:
    """Return the setting from the passages of an article; ``subjects`` are the states in its title."""
    near: dict[str, set[str]] = defaultdict(set)
    stated: dict[str, set[str]] = defaultdict(set)
    main, named = set(subjects), set()
    for passage in passages:
        states = {key for m in passage.mentions for key in m.keys if kinds.get(key) is Kind.STATE and not m.coreferent}
        named |= states
        if passage.passage.index < _LEAD:
            main |= states
        for mention in passage.mentions:
            for key in (k for k in mention.named or mention.keys if kinds.get(k) is Kind.PLACE):
                near[key] |= states
        for place, state in pairwise(passage.mentions):
            if _is_inside(place, state, passage) and kinds.get(state.keys[0]) is Kind.STATE:
                stated[(place.named or place.keys)[0]].add(state.keys[0])
    return PlaceContext(
        frozenset(main), frozenset(named), {k: frozenset(v) for k, v in near.items()}, {k: frozenset(v) for k, v in stated.items()}
    )


def _is_inside(place: Mention, state: Mention, passage: PassageDoc) -> bool:
    """Whether the text locates one mention in the other: "Tacna, Peru", "Tacna in southern Peru", "Tacna (Peru)"."""
    between = passage.doc[place.end : state.start]
    if not 0 < len(between) <= 2 or state.attributive or len(place.keys) != 1 or len(state.keys) != 1:
        return False
    if between[0].lower_ in ",(":
        root = passage.doc[state.start : state.end].root
        if not (root.dep_.startswith(_APPOSED) and place.start <= root.head.i < place.end):
            return False
    return between[0].lower_ in _INSIDE and all(t.pos_ in ("ADJ", "DET", "PROPN") or t.lower_ in _INSIDE for t in between)


def whereabouts(item: Item, gazetteer: Gazetteer, setting: PlaceContext) -> Whereabouts:
    """Locate an item by the gazetteer, its own name and the article."""
    if item.kind is Kind.PLACE:
        return _of_place(item, gazetteer, setting)
    if item.kind is Kind.INSTITUTION:
        return Whereabouts(country=item.body.state if item.body is not None else _state_in(item.key, gazetteer))
    return Whereabouts()


def _of_place(item: Item, gazetteer: Gazetteer, setting: PlaceContext) -> Whereabouts:
    known = gazetteer.named(item.key)
    if known is not None and known.kind is Kind.PLACE:
        return Whereabouts(country=known.country or None)
    owner = _owner(item.key, gazetteer)
    seats = [key for key in gazetteer.seat_of(bare_title(item.key)) if gazetteer.entries[key].code]
    stated = {owner} if owner is not None else setting.stated.get(item.key, frozenset())
    if not _is_settlement(item) or any(bare_title(item.key) in gazetteer.entries[key].houses for key in seats):
        return Whereabouts(country=owner or next(iter(seats), None))
    if _is_in_region(item.key, gazetteer):
        return Whereabouts(country=owner)  # namesakes in one country ("Springfield, Illinois") are not distinguished
    city = _city(item.key, gazetteer, setting, stated, seats)
    if city is not None:
        return Whereabouts(gazetteer.state_of_code(city.code), city.latitude, city.longitude)
    return Whereabouts(country=owner or (next(iter(stated)) if len(stated) == 1 else None))


def _owner(title: str, gazetteer: Gazetteer) -> str | None:
    """The state in a title's bracket or behind its comma, also where a part of it stands there ("Paris, Texas")."""
    within = bracket(title) or title.partition(", ")[2]
    known = gazetteer.named(within) if within else None
    if known is None:
        return None
    return known.key if known.kind is Kind.STATE else known.country or None


def _is_in_region(title: str, gazetteer: Gazetteer) -> bool:
    """Whether a title gives the region of a place: "Springfield, Illinois"."""
    known = gazetteer.named(bracket(title) or title.partition(", ")[2])
    return known is not None and known.group == "area"


def _city(name: str, gazetteer: Gazetteer, setting: PlaceContext, stated: Collection[str], seats: Collection[str]) -> City | None:
    """Return the town that is meant, or None if country and context do not agree."""
    near = setting.main | setting.near.get(name, frozenset())
    cities = [(city, gazetteer.state_of_code(city.code)) for city in gazetteer.cities(name)]
    if stated:
        return next((city for city, state in cities if state in stated), None)
    if seats:
        rivals = {state for city, state in cities if state in setting.main and city.population >= _SMALL} - set(seats)
        meant = [city for city, state in cities if state in seats and (not rivals or state in setting.named)]
        if meant:
            return meant[0]
    if not cities:
        return None
    largest, state = cities[0]
    others = [c for c, s in cities[1:] if s != state]
    supported = [(c, s) for c, s in cities if s in near]
    dominant = all(c.population * _TIMES <= largest.population for c in others)
    if largest.population >= _LARGE and (state in near or (not supported and (dominant or largest.population >= _GREAT))):
        return largest
    if dominant and largest.population >= _GREAT:
        return largest
    elsewhere = bool(setting.main) and all(s not in setting.main for _, s in supported)
    seat = bool(gazetteer.seat_of(bare_title(name))) and all(c.population * _CLEARLY <= largest.population for c in others)
    if elsewhere and seat and largest.population >= _LARGE:
        return largest  # Geneva, also where the United States, with a small one, are spoken of
    fitting = [(c, s) for c, s in supported if s in setting.main or (c.population >= _SMALL and c.population * _TIMES > largest.population)]
    return fitting[0][0] if len({s for _, s in fitting}) == 1 else None


def _is_settlement(item: Item) -> bool:
    """Whether a name is worded like that of a town, not of a river, a palace or a province."""
    sources = [c.source for c in item.wording]
    return all(s.startswith(("gazetteer-", "one-word", "person-shape", "comma", *_TOWNS)) and s not in _NO_TOWNS for s in sources)


def _state_in(title: str, gazetteer: Gazetteer) -> str | None:
    """Return the only state in an institution's name: "Bank of Ghana", "Kenyan Red Cross"."""
    entry = gazetteer.named(title)
    if entry is not None:
        return None
    parts = words(bare_title(title))
    pieces = [*parts, *(f"{a} {b}" for a, b in pairwise(parts))]
    found = {key for piece in pieces if (key := gazetteer.state(piece) or gazetteer.nationality(piece)) is not None}
    kinds = [gazetteer.entries[key].kind for key in found]
    return found.pop() if len(found) == 1 and kinds == [Kind.STATE] else None
