"""Syntactic predicates that several coreference rules share."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

SUBJECTS = ("nsubj", "nsubj:pass", "csubj")
_CLAUSES = ("ROOT", "root", "ccomp", "advcl", "acl", "acl:relcl", "xcomp", "parataxis", "conj", "advcl:relcl")


def conjunct_head(token: Token) -> Token:
    """Return the first conjunct of the coordination that a token belongs to."""
    while token.dep_ == "conj" and token.head.i != token.i and token.head.pos_ not in ("VERB", "AUX"):
        token = token.head
    return token


def noun_head(token: Token) -> Token:
    """Return the noun that a name is in apposition to ("minister" in "the minister, X"), else the token itself."""
    while token.dep_ in ("appos", "flat", "nmod:desc", "compound") and token.head.i != token.i:
        token = token.head
    return token


def is_subject(token: Token) -> bool:
    """Whether the token, or the coordination or title that it belongs to, is the subject of a clause."""
    return conjunct_head(noun_head(conjunct_head(token))).dep_ in SUBJECTS


def clause(token: Token) -> Token:
    """Return the predicate of the clause that a token is in."""
    node = token
    while node.head.i != node.i:
        if node.dep_ in _CLAUSES and not (node.dep_ == "conj" and node.pos_ in ("NOUN", "PROPN", "PRON")):
            return node
        node = node.head
    return node


def governing(token: Token) -> set[int]:
    """Return the verbs that share the subject of the token's clause: its own, and those it is a complement of ("refused to meet him")."""
    verb = clause(token)
    verbs = {verb.i}
    while verb.dep_ == "xcomp" and verb.head.i not in verbs:
        verb = verb.head
        verbs.add(verb.i)
    return verbs


def is_main(verb: Token) -> bool:
    """Whether a predicate is that of the main clause, or coordinated with it."""
    while verb.dep_ == "conj" and verb.head.i != verb.i:
        verb = verb.head
    return verb.head.i == verb.i


def child(token: Token, *relations: str) -> Token | None:
    """Return the first child with one of the relations."""
    for found in token.children:
        if found.dep_ in relations:
            return found
    return None


def determiner(token: Token) -> str:
    """Return the determiner of a noun ("the", "a", "this") in lower case, or ""."""
    found = child(token, "det")
    return found.lower_ if found is not None else ""


def modifiers(token: Token) -> Iterator[Token]:
    """Return the words that restrict a noun: adjectives, compounds, possessors, complements, clauses."""
    for c in token.children:
        if c.dep_.split(":")[0] in ("amod", "compound", "nmod", "acl", "nummod", "appos", "flat", "advmod"):
            yield c
