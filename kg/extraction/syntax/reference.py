"""Tell from the tree whom a word refers to: its description's subject, its leader, its number, whether it acts."""

from __future__ import annotations

from spacy.tokens import Token

from kg.extraction.syntax.dependencies import SUBJECTS, children, preposition
from kg.extraction.syntax.function_words import function_words


def does_something(token: Token) -> bool:
    """Whether a word stands where those stand who act: the subject of an active verb, or behind "by"."""
    while token.dep_ == "conj":
        token = token.head
    return token.dep_ == "obl:agent" or (token.dep_ == "nsubj" and token.head.pos_ == "VERB")


def is_plural(verb: Token) -> bool:
    """Whether a finite verb has a plural subject by its form: "have", "are", "were", "support"."""
    words = (verb, *(c for c in verb.children if c.dep_ in ("aux", "aux:pass", "cop")))
    return any(w.tag_ == "VBP" or w.lower_ in function_words("plural_verbs") for w in words)


def described_by(noun: Token) -> list[Token]:
    """Return the subjects of which a noun is the description: "X was one of the states that …", "X, a group that …"."""
    while noun.dep_ == "nmod" and preposition(noun) == "of" and noun.head.pos_ in ("NUM", "NOUN", "PRON"):
        noun = noun.head
    if noun.dep_ == "appos":
        return [noun.head]
    return children(noun, *SUBJECTS) if children(noun, "cop") else []


def leaders(noun: Token) -> list[Token]:
    """Return the leaders in a noun phrase: "X-led forces"."""
    participles = [c for c in children(noun, "amod") if c.lower_ in function_words("leading")]
    return [c for participle in participles for c in participle.children if c.i < participle.i]
