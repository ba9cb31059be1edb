"""The two sides of an article or section on bilateral relations, and events in which they are implied without being named."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from kg.extraction.discourse.state import Discourse
from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.governors import root
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.dependencies import children, is_passive
from kg.facts import Modality

RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT"})
"""Categories of acts that two sides perform together."""

OTHER_SIDE = "towards the other side of the article"
"""The rule by which an act is against the other of two sides."""
LIFTED = frozenset({"CONCEDE-lift"})
"""Categories of ending what was done to somebody."""

TOWARDS = frozenset({"SANCTION"})
"""Categories of acts that always have a recipient."""

BETWEEN = TOWARDS | {"ACCUSE", "AID", "PROTEST", "REJECT", "THREATEN"}
"""Categories of acts by one of two sides whose recipient is the other one unless somebody else is named."""


def with_sides(draft: EventDraft, state: Discourse) -> EventDraft:
    """Make the two sides of the section the actors of joint acts without a named actor."""
    both = any(_are_both(a.token) for a in draft.predicate.arguments if a.position == "subj")
    sides, towards = state.sides, set() if both else set(draft.roles.recipients)
    if sides and _is_theirs(draft):
        actors = list(dict.fromkeys([*sides, *draft.roles.actors]))
        return replace(draft, roles=replace(draft.roles, actors=actors), rules=(*draft.rules, "sides of the article"))
    if not sides and state.own is not None:
        return _with_own(draft, state.own)
    if not sides or draft.roles.actors or not towards <= set(sides) or not _is_reciprocal(draft):
        return draft
    if _has_subject(draft, state.lexicon):
        return draft
    recipients, places = ([k for k in keys if k not in sides] for keys in (draft.roles.recipients, draft.roles.places))
    roles = replace(draft.roles, actors=list(sides), recipients=recipients, places=places)
    return replace(draft, roles=roles, rules=(*draft.rules, "sides of the article"))


def _with_own(draft: EventDraft, own: str) -> EventDraft:
    """ "Relations with Y were established": in an article on the foreign relations of X, with X."""
    actors = draft.roles.actors
    joint = any(a.position in ("with", "between") for a in draft.predicate.arguments) and is_passive(draft.predicate.clause)
    if own in actors or own in draft.roles.recipients or len(actors) != 1 or not joint or not _is_reciprocal(draft):
        return draft
    return replace(draft, roles=replace(draft.roles, actors=[own, *actors]), rules=(*draft.rules, "the state that the article is on"))


def towards_someone(draft: EventDraft, state: Discourse) -> EventDraft:
    """Give an event its implied recipient."""
    if draft.roles.recipients or draft.modality is Modality.NEGATED:
        return draft
    return _against_other_side(draft, state) or _against_target(draft, state) or draft


def visiting(draft: EventDraft, state: Discourse) -> EventDraft:
    """Give a visit without a goal its place: "The president of Y visited in May", in an article or section on X and Y."""
    roles = draft.roles
    if draft.category != "CONSULT-visit" or roles.recipients or roles.places or draft.predicate.kind != "verb":
        return draft
    host = state.other_side(roles.actors)
    if host is None or any(a.position not in ("subj", "with") for a in draft.predicate.arguments):
        return draft
    return replace(draft, roles=replace(roles, places=[host]), rules=(*draft.rules, OTHER_SIDE))


def _against_target(draft: EventDraft, state: Discourse) -> EventDraft | None:
    """In an article on restrictions against a state, restrictions without a target are on that state."""
    target = state.target
    if target is None or not (draft.category in LIFTED or root(draft.category) in TOWARDS):
        return None
    if any(target in (k, state.state_of(k)) for k in draft.roles.actors):
        return None
    return _towards(draft, target, "towards the state that the article is on")


def _against_other_side(draft: EventDraft, state: Discourse) -> EventDraft | None:
    """What one side closes, cuts off or lifts without a recipient is towards the other side."""
    other = state.other_side(draft.roles.actors) if root(draft.category) in BETWEEN and draft.modality is Modality.ASSERTED else None
    return _towards(draft, other, OTHER_SIDE) if other is not None else None


def _towards(draft: EventDraft, key: str, rule: str) -> EventDraft:
    return replace(draft, roles=replace(draft.roles, recipients=[key]), rules=(*draft.rules, rule))


def _is_reciprocal(draft: EventDraft) -> bool:
    roles = draft.predicate.roles
    if draft.predicate.kind == "noun" and draft.predicate.clause == draft.predicate.token:
        return False  # only mentioned ("after consultations"), not told
    return root(draft.category) in RECIPROCAL and "actor" in (roles.get("with"), roles.get("between"))


def _is_theirs(draft: EventDraft) -> bool:
    """Whether "they", of whom nothing else is known, act together with somebody who is named: "They will build it with X"."""
    subjects = [a.token for a in draft.predicate.arguments if a.position == "subj"]
    partners = any(a.position == "with" for a in draft.predicate.arguments)
    open_pronoun = len(subjects) == 1 and subjects[0].lower_ == "they" and len(draft.roles.actors) == 1
    return open_pronoun and partners and root(draft.category) in RECIPROCAL and subjects[0].head.dep_ == "ROOT"


def _has_subject(draft: EventDraft, lexicon: Lexicon) -> bool:
    """Whether the text has a subject, though no entity for it ("talks agreed" has none: talks are not agents)."""
    positions = ("subj", "poss", "by", "with", "between", "among")
    acting = [a.token for a in draft.predicate.arguments if a.position in positions and draft.predicate.roles.get(a.position) == "actor"]
    return any(t.pos_ in ("PRON", "PROPN") or (lexicon.can_act(lemma(t)) and not _are_both(t)) for t in acting)


def _are_both(noun: Token) -> bool:
    """ "Both parties", "the two governments": in an article on two states, its sides."""
    return any(c.lower_ in ("both", "two") for c in children(noun, "det", "nummod", "cc:preconj"))
