"""Plausibility: drop or replace participants that are impossible by type. The rules are in ``constraints.toml``."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.governors import root
from kg.extraction.frames.matching import lemma
from kg.extraction.frames.nouns import NOTHING
from kg.facts import Entity, Kind

TOGETHER = frozenset({"AGREE", "CONSULT", "COOPERATE"})
"""Categories of what at least two do."""
FAULTS = ("kind", "own", "part", "actor", "noun")
POSITIONS: Mapping[str, frozenset[str]] = {"subject": frozenset({"subj"}), "object": frozenset({"obj", "on", "against"})}
"""The positions of arguments that a row with the fault "noun" judges."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A row of the table."""

    categories: frozenset[str]
    role: str
    fault: str
    reason: str
    unless: frozenset[str] = frozenset()
    triggers: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    repair: str = ""
    nouns: frozenset[str] = frozenset()

    def concerns(self, draft: EventDraft) -> bool:
        """Whether the row applies to an event."""
        codes = {draft.category, root(draft.category), "*"}
        return bool(codes & self.categories) and not codes & self.unless and (not self.triggers or draft.trigger in self.triggers)


@cache
def constraints() -> tuple[Constraint, ...]:
    """Return the table, read once. ValueError if a row names an unknown fault."""
    table = tomllib.loads(Path(__file__).with_name("constraints.toml").read_text(encoding="utf-8"))
    return tuple(_constraint(row) for row in table["constraint"])


def _constraint(row: Mapping[str, Any]) -> Constraint:
    if row["fault"] not in FAULTS:
        raise ValueError(f"constraints.toml: no fault {row['fault']!r}; there are {', '.join(FAULTS)}.")
    sets = {name: frozenset(row.get(name, ())) for name in ("categories", "unless", "triggers", "nouns")}
    kinds = frozenset(Kind(name) for name in row.get("kinds", ()))
    return Constraint(role=row["role"], fault=row["fault"], reason=row["reason"], kinds=kinds, repair=row.get("repair", ""), **sets)


def plausible(
    drafts: Iterable[EventDraft], entities: Mapping[str, Entity], nouns: Mapping[str, frozenset[str]]
) -> tuple[list[EventDraft], Counter[str]]:
    """Return the plausible events without implausible participants, and the number of violations of each constraint.

    ``nouns`` has the classes of common nouns by lemma (``nouns.txt``).
    """
    faults: Counter[str] = Counter()
    judged = []
    for draft in drafts:
        if _is_lopsided(draft):
            faults["implausible: an act of two, one of whom only a pronoun names"] += 1
            continue
        concerning = [constraint for constraint in constraints() if constraint.concerns(draft)]
        if (misread := next((c for c in concerning if _is_misread(draft, c, nouns)), None)) is not None:
            faults[f"implausible: {misread.reason}"] += 1
            continue
        for constraint in concerning:
            if constraint.fault != "noun":
                draft = _judge(draft, constraint, entities, faults)
        judged.append(draft)
    return judged, faults


def _is_misread(draft: EventDraft, constraint: Constraint, nouns: Mapping[str, frozenset[str]]) -> bool:
    """Whether the common noun in a position is of a class with which the word means something else."""
    if constraint.fault != "noun":
        return False
    judged = [a.token for a in draft.predicate.arguments if a.position in POSITIONS[constraint.role] and a.token.pos_ == "NOUN"]
    return any(nouns.get(lemma(token), NOTHING) & constraint.nouns for token in judged)


def _is_lopsided(draft: EventDraft) -> bool:
    """Whether only one participant of a joint act is known, and it is not the one that the text makes the subject.

    "The body, which they were working in".
    """
    subjects = [a.token for a in draft.predicate.arguments if a.position == "subj"]
    pronoun = len(subjects) == 1 and subjects[0].pos_ == "PRON" and subjects[0].lower_ == "they"
    return pronoun and root(draft.category) in TOGETHER and len(draft.roles.actors) == 1 and not draft.roles.recipients


def _judge(draft: EventDraft, constraint: Constraint, entities: Mapping[str, Entity], faults: Counter[str]) -> EventDraft:
    fillers = draft.roles.actors if constraint.role == "actors" else draft.roles.recipients
    wrong = [key for key in fillers if key in entities and _is_at_fault(key, draft, constraint, entities)]
    if not wrong:
        return draft
    faults[f"implausible: {constraint.reason}"] += len(wrong)
    kept = [_repaired(key, constraint, entities) if key in wrong else key for key in fillers]
    filled = list(dict.fromkeys(key for key in kept if key))
    roles = replace(draft.roles, actors=filled) if constraint.role == "actors" else replace(draft.roles, recipients=filled)
    return replace(draft, roles=roles, rules=(*draft.rules, "implausible"))


def _is_at_fault(key: str, draft: EventDraft, constraint: Constraint, entities: Mapping[str, Entity]) -> bool:
    actors = draft.roles.actors
    if constraint.fault == "kind":
        return entities[key].kind not in constraint.kinds
    if constraint.fault == "actor":
        return key in actors and len(actors) == 1
    if constraint.fault == "part":
        return entities[key].kind is Kind.INSTITUTION and entities[key].country in actors
    own = {entities[actor].country for actor in actors if actor in entities and actor != key}
    return entities[key].kind is Kind.STATE and bool(own) and own == {key}


def _repaired(key: str, constraint: Constraint, entities: Mapping[str, Entity]) -> str | None:
    country = entities[key].country
    return country if constraint.repair == "state" and country in entities else None
