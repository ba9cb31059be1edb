"""The two sides of an article or section on bilateral relations, and where a reader takes them to be meant though no one names them."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from kg.extraction.discourse.state import Discourse
from kg.extraction.events.assembly import Draft
from kg.extraction.events.governors import root
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.dependencies import children
from kg.facts import Modality

RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT"})
"""Categories of acts that two sides do together."""

OTHER_SIDE = "towards the other side of the article"
"""The rule by which an act is against the other of two sides."""
LIFTED = frozenset({"CONCEDE-lift"})
"""Categories of ending what was done to somebody."""

TOWARDS = frozenset({"SANCTION"})
"""Categories of acts that are always towards somebody."""

BETWEEN = TOWARDS | {"ACCUSE", "AID", "PROTEST", "REJECT", "THREATEN"}
"""Categories of acts of one of two sides that are towards the other where no one else is named."""


def with_sides(draft: Draft, state: Discourse) -> Draft:
    """What both sides do together and no one is named for, the two sides of the section do."""
    both = any(_are_both(a.token) for a in draft.predicate.arguments if a.position == "subj")
    sides, towards = state.sides, set() if both else set(draft.roles.recipients)
    if not sides or draft.roles.actors or not towards <= set(sides) or not _is_reciprocal(draft):
        return draft
    if _has_subject(draft, state.lexicon):
        return draft
    recipients, places = ([k for k in keys if k not in sides] for keys in (draft.roles.recipients, draft.roles.places))
    roles = replace(draft.roles, actors=list(sides), recipients=recipients, places=places)
    return replace(draft, roles=roles, rules=(*draft.rules, "sides of the article"))


def towards_someone(draft: Draft, state: Discourse) -> Draft:
    """The event with whom it is towards, where the sentence does not say it."""
    if draft.roles.recipients or draft.modality is Modality.NEGATED:
        return draft
    return _against_other_side(draft, state) or _against_target(draft, state) or draft


def _against_target(draft: Draft, state: Discourse) -> Draft | None:
    """In an article on restrictions against a state, what is imposed or lifted without saying on whom, is on that state."""
    target = state.target
    if target is None or not (draft.category in LIFTED or root(draft.category) in TOWARDS):
        return None
    if any(target in (k, state.state_of(k)) for k in draft.roles.actors):
        return None
    return _towards(draft, target, "towards the state that the article is on")


def _against_other_side(draft: Draft, state: Discourse) -> Draft | None:
    """What one side of the article closes, cuts off or lifts again without saying towards whom, is towards the other."""
    other = state.other_side(draft.roles.actors) if root(draft.category) in BETWEEN and draft.modality is Modality.ASSERTED else None
    return _towards(draft, other, OTHER_SIDE) if other is not None else None


def _towards(draft: Draft, key: str, rule: str) -> Draft:
    return replace(draft, roles=replace(draft.roles, recipients=[key]), rules=(*draft.rules, rule))


def _is_reciprocal(draft: Draft) -> bool:
    roles = draft.predicate.roles
    if draft.predicate.kind == "noun" and draft.predicate.clause == draft.predicate.token:
        return False  # only mentioned ("after consultations"), not told
    return root(draft.category) in RECIPROCAL and "actor" in (roles.get("with"), roles.get("between"))


def _has_subject(draft: Draft, lexicon: Lexicon) -> bool:
    """Whether the text says who acts, though no entity is known for it ("talks agreed" does not: talks are no one)."""
    positions = ("subj", "poss", "by", "with", "between", "among")
    acting = [a.token for a in draft.predicate.arguments if a.position in positions and draft.predicate.roles.get(a.position) == "actor"]
    return any(t.pos_ in ("PRON", "PROPN") or (lexicon.can_act(lemma(t)) and not _are_both(t)) for t in acting)


def _are_both(noun: Token) -> bool:
    """ "Both parties", "the two governments": of an article on two states, its sides."""
    return any(c.lower_ in ("both", "two") for c in children(noun, "det", "nummod", "cc:preconj"))
