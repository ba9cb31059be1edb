"""Compose the headline of an event: choose the clause or noun phrase that reports it, with its subject first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kg.extraction.events.predicates import Predicate
from kg.extraction.headlines.constituents import COMPLEMENT, CONTENT, HeadlinePiece
from kg.extraction.headlines.event_context import Earlier, EventContext
from kg.extraction.headlines.naming import names_of
from kg.extraction.headlines.reduction import Reducer
from kg.extraction.headlines.reporting_words import is_finite, reporting_words
from kg.extraction.headlines.shared_arguments import joints, subject_of, with_objects, without_case
from kg.extraction.headlines.verb_forms import past_of
from kg.extraction.headlines.verb_groups import AUXILIARIES, finite_group, in_past, in_singular
from kg.extraction.syntax.dependencies import (
    PASSIVE_SUBJECTS,
    SUBJECTS,
    VERBALS,
    antecedent,
    children,
    clause_of,
    is_clause_head,
    is_passive,
    preposition,
)
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.logical_arguments import arguments
from kg.facts import Entity, Interval, Modality, Wording
from kg.language.reading import PassageDoc
from kg.phrasing import LONGEST, headline_date

PLURAL_PRONOUNS = frozenset({"they", "both", "these", "those"})
CONDITIONS = frozenset({"if", "unless", "until", "whether"})
FEWEST = 3
"""How many words a noun phrase must have to be a headline."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a headline is made of besides the words: who acts on whom, and how real it is, as the event says."""

    actors: Sequence[str]
    recipients: Sequence[str]
    modality: Modality
    when: Interval | None
    quote: str | None = None
    earlier: Sequence[Earlier] = ()
    """The preceding events."""


def headline(predicate: Predicate, told: Told, passage: PassageDoc, entities: Mapping[str, Entity]) -> tuple[Wording, ...]:
    """Return the words of the clause or noun phrase that reports the event."""
    context = EventContext(
        passage,
        entities,
        told.when,
        taking_part=frozenset([*told.actors, *told.recipients]),
        earlier=told.earlier,
        events=frozenset([predicate.token.i] if predicate.token.pos_ == "NOUN" else ()),
    )
    room = LONGEST - len(f" ({headline_date(told.when)})" if told.when else "")
    lines = []
    above = reporting_words(predicate, told.modality, context)
    for word in [above[-1], *(w for w in reversed(above[1:-1]) if is_finite(w)), *above[:1]]:
        lines.append(_line(predicate, word, told, Reducer(context)))
        if lines[-1] and len("".join(w.text for w in lines[-1] if not w.rank)) <= room:
            return lines[-1]
    whole = clause_of(above[0])
    return next((line for line in lines if line), ()) or _line(predicate, whole, told, Reducer(context))


def _line(predicate: Predicate, word: Token, told: Told, reducer: Reducer) -> tuple[Wording, ...]:
    """Return the words of a headline whose reporting word is given."""
    reducer.enter(word)
    own: Token = predicate.token if predicate.clause.pos_ == "NOUN" else predicate.clause
    reducer.own = own.i
    reducer.kept |= {word.i, *_way_down(own, word)}
    compose = _clause if word.pos_ in VERBALS or is_clause_head(word) else _noun_phrase
    doc = reducer.context.passage.doc
    pieces = _without_conjunction(compose(word, told, reducer), reducer.context.passage)
    if compose is _noun_phrase and len(" ".join(p.text for p in pieces).split()) < FEWEST and clause_of(word) != word:
        return ()  # a bare noun tells nothing: its clause does
    return reducer.constituents.wordings([*pieces, *_quotation(word, pieces, told, reducer)], doc)


def _way_down(event: Token, word: Token) -> set[int]:
    """Return the words from a headline's clause down to the clause of the event, without which it would say something else."""
    above = list(event.ancestors)
    return {event.i, *(t.i for t in above[: above.index(word)])} if word in above else set()


def _without_conjunction(pieces: list[HeadlinePiece], passage: PassageDoc) -> list[HeadlinePiece]:
    """Return the pieces without a leading "and" or "but"."""
    while pieces and pieces[0].at is not None and passage.doc[pieces[0].at].dep_ == "cc":
        pieces = pieces[1:]
    return pieces


def _quotation(verb: Token, pieces: list[HeadlinePiece], told: Told, reducer: Reducer) -> list[HeadlinePiece]:
    """Return the quotation, if the clause itself lacks what was said; only its first sentence if it is too long."""
    if not told.quote or verb.pos_ not in VERBALS or children(verb, "ccomp", "obj", "xcomp"):
        return []
    said = {w for p in pieces for w in p.text.split()}
    if set(told.quote.split()[:3]) & said == set(told.quote.split()[:3]):
        return []
    first = re.split(r"(?<=[.!?;])\s|\.\.\.|,\s+(?:but|and)\s", told.quote, maxsplit=1)[0]
    return [HeadlinePiece(f": “{first.strip(' .,;…')}”", reducer.constituents.open(CONTENT, 0))]


# Noun phrases


def _noun_phrase(noun: Token, told: Told, reducer: Reducer) -> list[HeadlinePiece]:
    """Return an event noun with its owner; if the owner is given by the surrounding text, the names are added."""
    cases = {t.i for t in children(noun, "case")}
    reducer.kept |= {t.i for t in children(noun, "nmod", "obl:agent") if reducer.context.takes_part(t)}
    pieces = [p for p in reducer.noun(noun, 0, leading=True) if p.at not in cases]
    if reducer.constituents.introduced or len(pieces) > 3:
        return pieces
    actors, recipients = (names_of(keys, reducer.context.entities) for keys in (told.actors, told.recipients))
    if len(told.actors) > 1 and not recipients:
        return [*pieces, HeadlinePiece(f"between {actors}", 0)]
    pieces += [HeadlinePiece(f"of {recipients}", 0)] if recipients else []
    return [*pieces, HeadlinePiece(f"by {actors}", 0)] if actors else pieces


# Clauses


def _clause(verb: Token, told: Told, reducer: Reducer) -> list[HeadlinePiece]:
    own = children(verb, *SUBJECTS, *PASSIVE_SUBJECTS)
    if children(verb, "expl") or any(t.dep_.startswith("csubj") or t.i > verb.i for t in own):
        pieces = reducer.ordered([*_rest(verb, set(), told, reducer), *_predicate_word(verb, reducer)])
        nouns = [t for t in own if t.i > verb.i and t.pos_ == "NOUN"]
        return [*pieces, *_between(told, reducer)] if nouns and children(verb, "expl") else pieces
    agent = _agent(verb) if own else None
    if agent is not None:
        return _activated(verb, own, agent, told, reducer)
    if own:
        return _with_own_subject(verb, own, told, reducer)
    return _with_found_subject(verb, told, reducer)


def _agent(verb: Token) -> Token | None:
    """Return the agent of a simple past passive, which becomes the subject: "was arrested by X" → "X arrested"."""
    agents = [t for t in verb.children if t.dep_ in ("obl:agent", "obl") and preposition(t) == "by"]
    auxiliaries = children(verb, *AUXILIARIES)
    simple = len(auxiliaries) == 1 and auxiliaries[0].lower_ in ("was", "were") and verb.tag_ == "VBN"
    plain = not any(t.lower_ in ("not", "never") for t in children(verb, "advmod")) and not children(verb, "xcomp", "ccomp", "expl")
    if len(agents) != 1 or not simple or not plain or not children(verb, *PASSIVE_SUBJECTS):
        return None
    named = agents[0].pos_ in ("NOUN", "PROPN", "PRON") and agents[0].tag_ != "VBG"
    return agents[0] if named else None


def _activated(verb: Token, subjects: list[Token], agent: Token, told: Told, reducer: Reducer) -> list[HeadlinePiece]:
    cases = {t.i for t in children(agent, "case")}
    subject = [p for p in reducer.phrase(agent, 0) if p.at not in cases]
    patient = [_uncapitalised(p, reducer) for t in subjects for p in subject_of(t, told.recipients, reducer) if p.at not in joints(t)]
    rest = _rest(verb, {agent.i, *(t.i for t in subjects), *(t.i for t in children(verb, *AUXILIARIES))}, told, reducer)
    start = min(t.left_edge.i for t in subjects)
    before = [p for p in rest if p.at is not None and start < p.at < verb.i]
    fronted = [_uncapitalised(p, reducer) for p in rest if p.at is not None and p.at < start]
    behind = [p for p in rest if p.at is None or p.at > verb.i]
    return [*subject, *before, HeadlinePiece(past_of(verb), 0), *patient, *behind, *fronted]


def _with_own_subject(verb: Token, subjects: list[Token], told: Told, reducer: Reducer) -> list[HeadlinePiece]:
    """Return the clause in text order, but with fronted phrases moved to the end, or dropped if the rest is informative enough."""
    first = subjects[0]
    keys = told.recipients if first.dep_ in PASSIVE_SUBJECTS else told.actors
    subject = [p for t in subjects for p in subject_of(t, keys, reducer)]
    start = first.i if antecedent(first) is not None else first.left_edge.i
    rest = _rest(verb, {t.i for t in subjects}, told, reducer)
    if first.i in reducer.context.events:
        subject += _between(told, reducer)
    fronted = [p for p in rest if p.at is not None and p.at < start]
    middle = reducer.ordered([*(p for p in rest if p not in fronted), *_predicate_word(verb, reducer)])
    if first.lower_ in PLURAL_PRONOUNS and reducer.context.stands_for_one(first, subject):
        middle = in_singular(verb, middle)
    if verb.tag_ == "VBG" and not children(verb, *AUXILIARIES) and in_past(verb):
        middle = [replace(p, text=past_of(verb)) if p.at == verb.i else p for p in middle]
    middle = with_objects(verb, middle, reducer)
    within = {t.i for c in verb.children if preposition(c).startswith("according") for t in c.subtree}
    if within and not fronted:
        fronted = [p for p in middle if p.at in within]
        middle = [p for p in middle if p.at not in within]
    if fronted and _is_attribution(verb, fronted):
        return [*fronted, HeadlinePiece(",", 0), *subject, *middle]
    conditional = _conditional_places(verb)
    condition = [p for p in fronted if p.at in conditional]
    if any(t.dep_ == "advcl" and t.i in conditional for t in verb.children) and condition:
        condition.append(HeadlinePiece(",", condition[-1].constituent))
    behind = [] if children(verb, "ccomp", "xcomp") else [_uncapitalised(p, reducer) for p in fronted if p not in condition]
    return [*condition, *subject, *middle, *behind]


def _between(told: Told, reducer: Reducer) -> list[HeadlinePiece]:
    """Return who meets or agrees, after the reporting noun, if nothing before it names one of them."""
    if len(told.actors) < 2 or set(told.actors) & reducer.constituents.introduced.keys() or told.recipients:
        return []
    names = names_of(told.actors, reducer.context.entities)
    return [HeadlinePiece(f"between {names}", reducer.constituents.open(COMPLEMENT, 0))] if names else []


def _conditional_places(verb: Token) -> set[int]:
    """The positions of the words before a clause that make it a condition, or state one."""
    marks = {t.i for t in children(verb, "mark") if t.lower_ in CONDITIONS}
    clauses = [c for c in children(verb, "advcl") if any(m.lower_ in CONDITIONS for m in children(c, "mark"))]
    return marks | {t.i for c in clauses for t in c.subtree}


def _is_attribution(verb: Token, fronted: list[HeadlinePiece]) -> bool:
    places = {p.at for p in fronted}
    return any(preposition(t).startswith("according") and t.i in places for t in verb.children)


def _uncapitalised(piece: HeadlinePiece, reducer: Reducer) -> HeadlinePiece:
    """Return a word that opened its sentence without its capital."""
    if (
        piece.at is None
        or reducer.context.passage.doc[piece.at].pos_ == "PROPN"
        or piece.text != reducer.context.passage.doc[piece.at].text
    ):
        return piece
    before = reducer.context.passage.doc[piece.at - 1] if piece.at else None
    first = before is None or before.pos_ == "PUNCT" or before.text == "|" or reducer.context.passage.doc[piece.at].pos_ == "VERB"
    return replace(piece, text=piece.text[:1].lower() + piece.text[1:]) if first and piece.text[1:].islower() else piece


def _with_found_subject(verb: Token, told: Told, reducer: Reducer) -> list[HeadlinePiece]:
    """A clause whose subject stands in another: a participle or infinitive becomes finite, a coordinated verb takes the auxiliaries."""
    passive = is_passive(verb)
    surface = "obj" if passive else "subj"
    found = [a.token for a in arguments(verb) if a.position == surface]
    found = [t for n, t in enumerate(found) if not any(t in other.subtree for other in found[:n])]
    reducer.skipped.add(verb.i)
    subject = [p for n, t in enumerate(found) for p in _listed(n, len(found), subject_of(t, told.actors, reducer))]
    reducer.skipped.discard(verb.i)
    if not subject and verb.i in reducer.kept and verb.i != reducer.own:
        return []  # who acts in the event does not act in the clause around it
    if not subject:
        names = names_of(told.recipients if passive else told.actors, reducer.context.entities)
        subject = [HeadlinePiece(names, 0)] if names else []
    moved = {t.i for t in found}
    reducer.skipped |= {i.i for t in found if t in verb.subtree for i in t.subtree}
    rest = _rest(verb, moved, told, reducer)
    middle = reducer.ordered([*rest, *_predicate_word(verb, reducer)])
    several = len(found) > 1 or any(children(t, "conj") for t in found)
    group, dropped = finite_group(verb, found[0] if found else None, several, passive, told.modality)
    middle = [p for p in middle if p.at not in dropped]
    middle = with_objects(verb, middle, reducer)
    fronts = [t for t in verb.children if t.i < verb.i and (t.dep_.startswith("obl") or t.dep_ == "advcl")]
    places = {t.i for front in fronts for t in front.subtree}
    fronted = [_uncapitalised(p, reducer) for p in middle if p.at in places]
    behind = [_uncapitalised(p, reducer) for p in middle if p.at not in places]
    return [*(without_case(subject, found)), *group, *behind, *fronted]


def _listed(number: int, count: int, pieces: list[HeadlinePiece]) -> list[HeadlinePiece]:
    if not number:
        return pieces
    return [HeadlinePiece("and" if number == count - 1 else ",", 0), *pieces]


def _predicate_word(verb: Token, reducer: Reducer) -> list[HeadlinePiece]:
    return [HeadlinePiece(verb.text, 0, verb.i)] if verb.pos_ in VERBALS else reducer.word(verb, 0)


def _rest(verb: Token, taken: set[int], told: Told, reducer: Reducer) -> list[HeadlinePiece]:
    """Return all other dependents that a headline keeps."""
    conditional = told.modality is Modality.HYPOTHETICAL
    pieces: list[HeadlinePiece] = []
    for child in verb.children:
        joint = child.dep_ in ("mark", "cc") and child.i < verb.i and child.lower_ not in ("to", *CONDITIONS)
        joint = joint or child.lower_ in function_words("relative_adverbs")
        relative = child.dep_ == "obj" and child.i < verb.i and antecedent(child) is not None
        if child.i in taken or joint or relative or reducer.is_left_out(child):
            continue
        pieces += reducer.dependent(verb, child, 0, conditional=conditional)
    return pieces
