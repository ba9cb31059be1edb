"""The two sides of an article on bilateral relations, and where a reader takes them to be meant though no one names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from spacy.tokens import Token

from kg.extraction.events.assembly import Draft
from kg.extraction.events.governors import root
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.dependencies import children
from kg.extraction.syntax.phrases import NounPhrase
from kg.facts import Entity, Kind, Modality
from kg.language.reading import Reading

RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT"})
"""Categories of acts that two sides do together."""

LIFTED = frozenset({"CONCEDE-lift"})
"""Categories of ending what was done to somebody."""

TOWARDS = frozenset({"SANCTION"})
"""Categories of acts that are always towards somebody."""


def sides_of(reading: Reading) -> tuple[str, ...]:
    """Keys of the two states that the article's title names, or nothing where it does not name just two."""
    title = reading.article.title
    found = []
    for key, entity in reading.entities.items():
        if entity.kind is Kind.STATE:
            at = title.find(entity.label)
            if at >= 0:
                found.append((at, -len(entity.label), key))
    found = [f for f in sorted(found) if not any(_inside(f, other) for other in found)]
    return tuple(key for _, _, key in found) if len(found) == 2 else ()


def _inside(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether a name stands within a longer one ("Guinea" in "Equatorial Guinea")."""
    if one is other:
        return False
    return other[0] <= one[0] and one[0] - one[1] <= other[0] - other[1] and other[1] < one[1]


def target_of(reading: Reading, lexicon: Lexicon) -> str | None:
    """The one state that restrictions are said to be against by the article's title ("Sanctions against X", "Embargo of Y")."""
    words = reading.article.title.lower().split()
    states = [e for e in reading.entities.values() if e.kind is Kind.STATE and e.label in reading.article.title]
    restrictions = [w for w in words if lexicon.classes["restriction"].admits(NounPhrase(w.removesuffix("s")))]
    return states[0].key if len(states) == 1 and restrictions else None


def against_target(draft: Draft, target: str | None, states: Mapping[str, str], entities: Mapping[str, Entity]) -> Draft:
    """In an article on restrictions against a state, what is imposed or lifted without saying on whom, is on that state."""
    roles = draft.roles
    if target is None or roles.recipients or not (draft.category in LIFTED or root(draft.category) in TOWARDS):
        return draft
    if draft.modality is Modality.NEGATED or any(target in (k, states.get(k), entities[k].country) for k in roles.actors):
        return draft
    return replace(draft, roles=replace(roles, recipients=[target]), rules=(*draft.rules, "towards the state that the article is on"))


def with_sides(draft: Draft, sides: tuple[str, ...], lexicon: Lexicon) -> Draft:
    """What both sides do together and no one is named for, the two sides of the article do."""
    both = any(_are_both(a.token) for a in draft.predicate.arguments if a.position == "subj")
    towards = set() if both else set(draft.roles.recipients)
    if not sides or draft.roles.actors or not towards <= set(sides) or not _is_reciprocal(draft):
        return draft
    if _has_subject(draft, lexicon):
        return draft
    recipients, places = ([k for k in keys if k not in sides] for keys in (draft.roles.recipients, draft.roles.places))
    roles = replace(draft.roles, actors=list(sides), recipients=recipients, places=places)
    return replace(draft, roles=roles, rules=(*draft.rules, "sides of the article"))


def against_other_side(draft: Draft, sides: tuple[str, ...], states: Mapping[str, str], entities: Mapping[str, Entity]) -> Draft:
    """What one side of the article closes, cuts off or lifts again without saying towards whom, is towards the other."""
    roles = draft.roles
    if len(sides) != 2 or roles.recipients or root(draft.category) not in TOWARDS or draft.modality is Modality.NEGATED:
        return draft
    actors = {states.get(k) or (k if k in sides else entities[k].country) for k in roles.actors}
    if len(actors) != 1 or not actors <= set(sides):
        return draft
    other = next(s for s in sides if s not in actors)
    return replace(draft, roles=replace(roles, recipients=[other]), rules=(*draft.rules, "towards the other side of the article"))


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
