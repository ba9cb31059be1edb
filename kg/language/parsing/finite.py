"""Mends what a parse says of a finite verb against Universal Dependencies' own definition."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Token

_NOUNS = frozenset({"NOUN", "PROPN", "PRON"})
_PREDICATION = frozenset({"cop", "nsubj", "nsubj:pass", "aux", "parataxis"})
_STOPS = frozenset(".!?")


@Language.component("finite_main_verb")
def finite_main_verb(doc: Doc) -> Doc:
    """The same Doc; where a full sentence's past-tense verb hangs on its subject, it becomes the root ("The two men signed it.").

    A dependent of the relation `acl` that is no relative clause is infinite (https://universaldependencies.org/u/dep/acl.html).
    """
    for noun in [token for token in doc if token.head.i == token.i]:
        verb = next((child for child in noun.rights if child.dep_ == "acl" and child.tag_ == "VBD"), None)
        if verb is not None and doc[-1].text in _STOPS and _is_bare(noun):
            _turn(noun, verb)
    return doc


def _is_bare(noun: Token) -> bool:
    return noun.pos_ in _NOUNS and not any(child.dep_ in _PREDICATION for child in noun.children)


def _turn(noun: Token, verb: Token) -> None:
    later = [child for child in noun.rights if child.i > verb.i]
    verb.head, verb.dep_ = verb, "ROOT"
    noun.head, noun.dep_ = verb, "nsubj"
    for child in later:
        child.head = verb
