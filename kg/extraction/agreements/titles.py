"""Titles of agreements without a name: the words for them, the parties and the date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from spacy.tokens import Token

from kg.extraction.headlines.constituents import CONTENT, HeadlinePiece
from kg.extraction.headlines.event_context import EventContext
from kg.extraction.headlines.naming import running_name
from kg.extraction.headlines.reduction import Reducer
from kg.extraction.syntax.dependencies import children
from kg.facts import Agreement, Entity, Wording
from kg.language.reading import PassageDoc
from kg.phrasing import LONGEST, fitted, when

MOST_PARTIES = 3
_DATED = re.compile(r" of \d{4}(-\d\d)*$")
COMPLEMENTS = ("xcomp", "ccomp", "obl", "advcl")


def agreement_words(word: Token, actors: Iterable[str], passage: PassageDoc, entities: Mapping[str, Entity]) -> tuple[Wording, ...]:
    """Return a sentence's words for an agreement: the noun phrase, or "agreement" with what was agreed if there is only a verb."""
    reducer = Reducer(EventContext(passage, entities, dateless=True))
    reducer.constituents.introduce(actors, 0)  # the title gives the parties
    reducer.enter(word)
    if word.pos_ in ("NOUN", "PROPN"):
        cases = {c.i for c in children(word, "case")}
        pieces = [p for p in reducer.noun(word, 0, leading=True) if p.at not in cases]
        content = _content_beside(word) if len(pieces) == 1 else None
        pieces += reducer.phrase(content, reducer.constituents.open(CONTENT, 0)) if content is not None else []
    else:
        content = next((c for c in children(word, *COMPLEMENTS) if c.i > word.i and not reducer.is_left_out(c)), None)
        pieces = [HeadlinePiece("Agreement", 0), *(reducer.phrase(content, 0) if content is not None else [])]
    return reducer.constituents.wordings(pieces, passage.doc)


def _content_beside(noun: Token) -> Token | None:
    """Return what was agreed if it depends on the verb: "an agreement was reached to open a crossing"."""
    clauses = children(noun.head, "advcl", "xcomp") if noun.dep_ in ("obj", "nsubj:pass", "nsubj") else []
    return next((c for c in clauses if c.i > noun.i and any(m.lower_ == "to" for m in children(c, "mark"))), None)


def titled(entity: Entity, words: tuple[Wording, ...], agreement: Agreement, entities: Mapping[str, Entity]) -> Entity:
    """Return the agreement with a title: "Agreement on freedom of movement, Kosovo–Serbia, July 2011"; unchanged if a list names it."""
    if not words:
        return entity
    names = [running_name(entities[key]).removeprefix("the ") for key in agreement.parties if key in entities]
    shown = names if len(names) <= MOST_PARTIES else [*names[: MOST_PARTIES - 1], f"{len(names) - MOST_PARTIES + 1} others"]
    date = f", {when(agreement.when)}" if agreement.when else ""
    parties = f", {'–'.join(shown)}" if shown else ""
    title = fitted(words, LONGEST - len(parties) - len(date)) or "Agreement"
    if all(name in title for name in names):
        parties = ""
    called = {name for name in (title, entity.key) if name != "Agreement" and not _DATED.search(name)}
    return replace(entity, label=title + parties + date, names=tuple(sorted({*entity.names, *called})))
