"""Return the forms of a name that an annotation accepts: a state by any of its names, its people or its government, a person by surname.

`ANNOTATION.md` asks annotators to list every form of an entity that the text uses. The annotated sentences have one name for
each participant, so the other forms come from the gazetteer.
"""

from __future__ import annotations

import re
from functools import cache

from kg.language.gazetteer.names import surname
from kg.language.gazetteer.world import Gazetteer, KnownName

_BODY = re.compile(r"(?:the )?(?:government|authorities) of (?P<of>.+)|(?P<before>.+?) (?:government|authorities)", re.IGNORECASE)


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()


@cache
def accepted_forms(name: str) -> tuple[str, ...]:
    """Return the name itself and all forms that stand for the same participant."""
    body = _BODY.fullmatch(name)
    owner = _known((body["of"] or body["before"]) if body else name)
    if owner is not None:
        return (name, *owner.forms, *owner.adjectives, *owner.people, *_governments(owner))
    return tuple(dict.fromkeys([name, surname(name)])) if not body else (name,)


def _known(name: str) -> KnownName | None:
    """Return the state or organization that a name, nationality or people stands for."""
    world = _gazetteer()
    key = world.nationality(name) or world.people(name)
    return world.named(name) or (world.entries[key] if key else None)


def _governments(state: KnownName) -> list[str]:
    names = [*state.forms, *state.adjectives]
    return [form for n in names for form in (f"{n} government", f"government of {n}", f"government of the {n}", f"{n} authorities")]
