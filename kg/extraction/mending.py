"""Mends what a parser commonly gets wrong around subjects, from the order of the words alone.

Each function takes the tree as it is and says what a reader takes for the argument; none changes the Doc.
"""

from __future__ import annotations

from spacy.tokens import Token

NOUNS = frozenset({"NOUN", "PROPN", "PRON"})
LINKING = frozenset({"ADV", "AUX", "PART"})
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
NEW_CLAUSE = frozenset({"VERB", "SCONJ", "CCONJ"})


def lone_subject(verb: Token) -> Token | None:
    """The noun before a finite verb that has no subject: "X, minister of Y, demanded", "In June 1945 X refused".

    None where the verb is not finite, or what stands before it is part of something else.
    """
    if not _is_finite(verb):
        return None
    doc, at = verb.doc, verb.i - 1
    while at >= 0 and doc[at].pos_ in LINKING:
        at -= 1
    if at > 0 and doc[at].text == ",":
        at = _before_parenthesis(verb, at)
    if at < 0 or doc[at].pos_ not in NOUNS or _belongs_elsewhere(doc[at], verb):
        return None
    return doc[at]


def _is_finite(verb: Token) -> bool:
    if verb.tag_ in FINITE:
        return True
    return any(c.dep_ in ("aux", "aux:pass") and c.tag_ in FINITE for c in verb.children)


def _before_parenthesis(verb: Token, comma: int) -> int:
    """The position before the comma that opens the parenthesis which ends at ``comma``, or -1."""
    doc = verb.doc
    for at in range(comma - 1, max(comma - 16, verb.sent.start), -1):
        if doc[at].text == ",":
            return at - 1
        if doc[at].text in (";", ".", "(", ")"):
            break
    return -1


def _belongs_elsewhere(noun: Token, verb: Token) -> bool:
    """Whether the noun is governed by a preposition or is an argument of another verb."""
    first = noun
    doc = noun.doc
    while first.i > noun.sent.start and doc[first.i - 1].pos_ in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "PART"):
        first = doc[first.i - 1]
        if first.pos_ == "NUM" or any(c.dep_ == "case" and c.i < first.i for c in first.children):
            break
    before = doc[first.i - 1] if first.i > noun.sent.start else None
    if before is not None and before.pos_ == "ADP" and first.pos_ != "NUM":
        return True
    return noun.dep_ in ("obj", "nsubj", "nsubj:pass") and noun.head is not verb


def without_titles(tokens: list[Token]) -> list[Token]:
    """Of two adjacent subjects the second ("Minister" and "X" of "Foreign Minister X spoke"): the first is its title."""
    return [t for t in tokens if not any(o.i == t.i + 1 and t.pos_ in ("NOUN", "PROPN") for o in tokens)]


def after_fronted(oblique: Token) -> list[Token]:
    """The subject in "In Geneva, X and Y agreed" read as one list: what comes after the comma that ends the oblique."""
    later = [c for c in oblique.children if c.dep_ == "conj"]
    if not later or later[0].pos_ not in NOUNS:
        return []
    between = oblique.doc[oblique.i + 1 : later[0].i]
    joined = any(t.dep_ == "cc" and t.head is later[0] for t in between)
    return later if any(t.text == "," for t in between) and not joined else []
