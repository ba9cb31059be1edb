"""Subjects and objects of a headline's verb, wherever they stand in the sentence."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from kg.extraction.headlines.constituents import HeadlinePiece
from kg.extraction.headlines.naming import names_of
from kg.extraction.headlines.reduction import Reducer
from kg.extraction.syntax.dependencies import antecedent, children, is_passive
from kg.extraction.syntax.logical_arguments import arguments


def with_objects(verb: Token, pieces: list[HeadlinePiece], reducer: Reducer) -> list[HeadlinePiece]:
    """The clause with the objects that stand elsewhere in the text, right behind the verb."""
    if is_passive(verb):
        return pieces
    found = [p for a in arguments(verb) if a.position == "obj" for p in without_case(_shared_object(a.token, verb, reducer), [a.token])]
    at = next((n + 1 for n, p in enumerate(pieces) if p.at == verb.i), 0)
    return [*pieces[:at], *found, *pieces[at:]]


def _shared_object(token: Token, verb: Token, reducer: Reducer) -> list[HeadlinePiece]:
    """Return the object that a coordinated verb shares with this one ("signed and ratified the treaty")."""
    noun = antecedent(token)
    if noun is not None and token.head == verb and token.i < verb.i:
        return reducer.antecedent(token, noun, 0)
    if token in verb.subtree and not any(t.dep_ == "conj" and token in t.subtree for t in children(verb, "conj")):
        return []
    if token.i < verb.i and verb.dep_ not in ("acl:relcl", "acl"):
        return []
    if verb.dep_ in ("acl:relcl", "acl"):
        reducer.skipped.add(verb.i)
    return reducer.phrase(token, 0)


def subject_of(token: Token, keys: Sequence[str], reducer: Reducer) -> list[HeadlinePiece]:
    """Return a subject; an unresolved pronoun is replaced by the event's actor."""
    if token.pos_ == "PRON" and token.lower_ in ("it", "he", "she", "they", "both") and reducer.context.is_open(token):
        names = names_of(keys, reducer.context.entities)
        if names and not reducer.context.names_beside(token, keys):
            reducer.constituents.introduce(keys, 0)
            return [HeadlinePiece(names, 0, token.i)]
    noun = antecedent(token)
    return reducer.phrase(token, 0) if noun is None else reducer.antecedent(token, noun, 0)


def without_case(pieces: list[HeadlinePiece], nouns: list[Token]) -> list[HeadlinePiece]:
    """Return the subject without the prepositions that it has in the text."""
    cases = {i for t in nouns for i in joints(t)}
    return [p for p in pieces if p.at is None or p.at not in cases]


def joints(noun: Token) -> set[int]:
    """Return the positions of the prepositions and conjunctions that join a noun to the preceding text."""
    denied = {c.i for c in children(noun, "advmod") if c.lower_ == "not"}
    return {c.i for c in children(noun, "case", "cc") if c.i < noun.i} | denied
