"""Corroboration: the agreement between the encoder's proposition for an event's word and the roles assigned to the event.

Most roles are read from the tree by the frames lexicon, so numbered arguments are a second opinion: features of ``confidence``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.governors import root
from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.senses import SensedPredicate
from kg.extraction.syntax.dependencies import clause_of
from kg.language.parsing.plain import propositions_of

CORE = ("ARG0", "ARG1", "ARG2", "ARG3", "ARG4")
AGENT = "ARG0"
MOST_MISSED = 2


def corroboration(draft: EventDraft, fillers: Fillers) -> dict[str, float]:
    """Return features for and against an event from its proposition, and from the position of its clause."""
    clause = draft.predicate.clause
    signs = {"depth of the clause": sum(1 for _ in clause.ancestors) / 3, f"relation {clause.dep_}": 1.0}
    proposition = _proposition(draft, fillers)
    if proposition is None:
        signs["no proposition"] = 1.0
    else:
        signs |= _of_roles(draft, proposition, fillers) | _of_sense(draft, proposition, fillers)
    return {name: value for name, value in signs.items() if value}


def _proposition(draft: EventDraft, fillers: Fillers) -> SensedPredicate | None:
    """Return the proposition of the event's word, or else of the verb that supports it."""
    words = {proposition.predicate: proposition for proposition in propositions_of(fillers.passage.doc)}
    predicate = draft.predicate
    return next((words[t.i] for t in (predicate.token, predicate.clause, clause_of(predicate.token)) if t.i in words), None)


def _of_roles(draft: EventDraft, proposition: SensedPredicate, fillers: Fillers) -> dict[str, float]:
    arguments: Mapping[str, set[str]] = defaultdict(set)
    for argument in proposition.arguments:
        arguments[argument.label] |= set(fillers.agents(fillers.passage.doc[argument.head]))
    every = set().union(*arguments.values())
    core = set().union(*(arguments[label] for label in CORE))
    roles = draft.roles
    told = {*roles.actors, *roles.recipients, *roles.mediators, *roles.about, *roles.places}
    return {
        "actors are ARG0": _share(roles.actors, arguments[AGENT]),
        "actors are ARG1": _share(roles.actors, arguments["ARG1"]),
        "actors are no arguments": 1 - _share(roles.actors, every) if roles.actors else 0.0,
        "recipients are arguments": _share(roles.recipients, core - arguments[AGENT]),
        "recipients are no arguments": 1 - _share(roles.recipients, every) if roles.recipients else 0.0,
        "arguments without a role": float(min(MOST_MISSED, len(core - told))),
        "an ARG0 that is no actor": float(bool(arguments[AGENT] - set(roles.actors))),
    }


def _of_sense(draft: EventDraft, proposition: SensedPredicate, fillers: Fillers) -> dict[str, float]:
    rows = fillers.lexicon.table.rows.get(proposition.roleset or "", ())
    categories = {root(row.category) for row in rows}
    return {
        "a sense of this category": float(root(draft.category) in categories),
        "a sense of another category": float(bool(categories) and root(draft.category) not in categories),
        "a sense without a category": float(not categories),
        "an untrained sense": float(proposition.fallback),
    }


def _share(keys: Collection[str], among: Collection[str]) -> float:
    return sum(key in among for key in keys) / len(keys) if keys else 0.0
