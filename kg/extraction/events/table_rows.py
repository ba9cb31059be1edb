"""Table rows: the cell that reports the event takes actor, time and place from the other cells."""

from __future__ import annotations

from dataclasses import replace

from kg.extraction.events.drafts import EventDraft
from kg.facts import Entity, Kind
from kg.language.reading import Mention, PassageDoc


def complete_row(drafts: list[EventDraft], passage: PassageDoc, entities: dict[str, Entity]) -> list[EventDraft]:
    """Complete the events of a row with the actor, time and place in its other cells; other passages are unchanged."""
    if not passage.passage.cells:
        return drafts
    return [_complete(d, passage, entities) for d in drafts]


def _complete(draft: EventDraft, passage: PassageDoc, entities: dict[str, Entity]) -> EventDraft:
    own = _cell(draft.predicate.token.idx, passage)
    others = [m for m in passage.mentions if _cell(passage.doc[m.start].idx, passage) != own]
    roles = draft.roles
    if not _has_own_subject(draft, own, passage):
        actors = _first(others, entities, (Kind.PERSON,)) or _first(others, entities, (Kind.STATE, Kind.INSTITUTION))
        joint = [k for k in roles.actors if _is_joint(draft)]
        roles = replace(roles, actors=list(dict.fromkeys([*actors, *joint])), recipients=[k for k in roles.recipients if k not in actors])
    if not roles.places:
        roles = replace(roles, places=_first(others, entities, (Kind.PLACE,)))
    when = draft.when or next((t.when for t in passage.times if _cell(passage.doc[t.start].idx, passage) != own), None)
    return replace(draft, roles=roles, when=when, rules=(*draft.rules, "row of a table"))


def _cell(position: int, passage: PassageDoc) -> int | None:
    return next((n for n, c in enumerate(passage.passage.cells) if c.start <= position < c.end), None)


def _has_own_subject(draft: EventDraft, own: int | None, passage: PassageDoc) -> bool:
    subjects = [a.token for a in draft.predicate.arguments if a.position in ("subj", "by", "poss")]
    return any(_cell(t.idx, passage) == own for t in subjects)


def _is_joint(draft: EventDraft) -> bool:
    return "actor" in (draft.predicate.roles.get("with"), draft.predicate.roles.get("obj"))


def _first(mentions: list[Mention], entities: dict[str, Entity], kinds: tuple[Kind, ...]) -> list[str]:
    """Return the entity in the first cell that mentions one of these kinds."""
    return next(([k for k in m.keys if entities[k].kind in kinds] for m in mentions if any(entities[k].kind in kinds for k in m.keys)), [])
