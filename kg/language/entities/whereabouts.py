"""Where places are, and to which state places and institutions belong."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from kg.facts import Kind
from kg.language.entities.inventory import Item
from kg.language.entities.names import bare_title, bracket, words
from kg.language.gazetteer.world import Gazetteer

_TOWNS = ("bracket:town", "bracket:city", "bracket:village", "bracket:municipality", "head:city")
_SURE_SIZE = 50_000  # inhabitants; a smaller place is only taken where the article names its state


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The key of the state, degrees north and east; None where not known."""

    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def whereabouts(item: Item, gazetteer: Gazetteer, states: Collection[str]) -> Whereabouts:
    """What the gazetteer and the item's own name tell; ``states`` are those that the article names."""
    if item.kind is Kind.PLACE:
        return _of_place(item, gazetteer, states)
    if item.kind is Kind.INSTITUTION:
        return Whereabouts(country=item.body.state if item.body is not None else _state_in(item.key, gazetteer))
    return Whereabouts()


def _of_place(item: Item, gazetteer: Gazetteer, states: Collection[str]) -> Whereabouts:
    seats = [key for key in gazetteer.seat_of(bare_title(item.key)) if gazetteer.entries[key].code]
    owner = gazetteer.state(bracket(item.key) or item.key.partition(", ")[2])
    within = [owner] if owner is not None else seats or sorted(states)
    if not _is_settlement(item) or any(bare_title(item.key) in gazetteer.entries[key].houses for key in seats):
        return Whereabouts(country=seats[0] if seats else owner)
    cities = gazetteer.cities(item.key)
    near = [c for c in cities if gazetteer.state_of_code(c.code) in within]
    far = [c for c in cities if c.population >= _SURE_SIZE and owner is None]
    if not near and not far:
        return Whereabouts(country=seats[0] if seats else owner)
    city = (near or far)[0]
    return Whereabouts(gazetteer.state_of_code(city.code), city.latitude, city.longitude)


def _is_settlement(item: Item) -> bool:
    """Whether a name is by its wording one of a town, not of a river, a palace or a province."""
    return all(c.source.startswith(("gazetteer-", "one-word", "person-shape", "comma", *_TOWNS)) for c in item.wording)


def _state_in(title: str, gazetteer: Gazetteer) -> str | None:
    """The one state that an institution's name holds: "Bank of Ghana", "Kenyan Red Cross"."""
    entry = gazetteer.named(title)
    if entry is not None:
        return None
    parts = words(bare_title(title))
    pieces = [*parts, *(f"{a} {b}" for a, b in pairwise(parts))]
    found = {key for piece in pieces if (key := gazetteer.state(piece) or gazetteer.nationality(piece)) is not None}
    kinds = [gazetteer.entries[key].kind for key in found]
    return found.pop() if len(found) == 1 and kinds == [Kind.STATE] else None
