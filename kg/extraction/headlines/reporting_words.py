"""Choose the words that report an event: its own clause or noun, or the one around it without which it cannot be reported."""

from __future__ import annotations

from spacy.tokens import Token

from kg.extraction.events.predicates import Predicate
from kg.extraction.headlines.event_context import EventContext
from kg.extraction.headlines.verb_groups import AUXILIARIES, FINITE
from kg.extraction.syntax.dependencies import SUBJECTS, VERBALS, children, clause_of, first_word, is_clause_head
from kg.extraction.syntax.mending import follows_object, is_summary
from kg.facts import Modality

SIGNS = frozenset({"not", "n't", "never", "no", "if", "unless", "until", "whether", "allegedly", "reportedly", "supposedly", "purportedly"})
"""Words beside a predicate that mark its modality."""
OPENING = frozenset({"unless", "until", "whether", "once", "lest"})
"""Conjunctions with which a headline does not begin."""
CLIMBS = 5
"""Clauses upwards within which a headline's clause is looked for."""


def reporting_words(predicate: Predicate, modality: Modality, context: EventContext) -> list[Token]:
    """Return the heads of the clauses or nouns that report the event, up to the one that gives its modality: an infinitive by the verb
    that governs it, and what is not so by the words that say so."""
    word: Token = predicate.token if predicate.kind == "noun" and predicate.clause.pos_ == "NOUN" else predicate.clause
    if predicate.kind == "attribution":
        return [clause_of(word.head.head)]
    if word.pos_ in ("NOUN", "PROPN") and word.dep_ in ("nsubj", "nsubj:pass") and is_clause_head(word.head):
        word = word.head  # "negotiations reached standstill"
    opened = False
    found = [word]
    for _ in range(CLIMBS):
        above = word.head if opened and word.dep_ == "ccomp" else _governing(word, modality, context)
        if above is None:
            break
        opened = opened or _is_opened(word)
        word = above
        found.append(word)
    return found


def is_finite(word: Token) -> bool:
    """Whether a clause can stand alone."""
    return word.pos_ in VERBALS and any(t.tag_ in FINITE for t in (word, *children(word, *AUXILIARIES)))


def _is_opened(word: Token) -> bool:
    """Whether a clause begins with a conjunction with which no headline begins."""
    return word.dep_ in ("ccomp", "advcl") and word.head.pos_ in VERBALS and any(m.lower_ in OPENING for m in children(word, "mark"))


def _governing(word: Token, modality: Modality, context: EventContext) -> Token | None:
    """Return the clause or noun without which a word cannot be reported, or None."""
    head: Token = word.head
    if head == word:
        return None
    marks = {m.lower_ for m in children(word, "mark", "case")}
    if _is_opened(word):
        return head  # "until X stated whether it recognised Y" is no sentence
    bare = word.tag_ == "VB" and not children(word, "aux", *SUBJECTS)
    infinitive = bare or ("to" in marks and any(t.tag_ == "VB" for t in (word, *children(word, *AUXILIARIES))))
    if word.dep_ in ("acl", "acl:relcl") and is_summary(head) and head.head.pos_ in VERBALS:
        return clause_of(head.head)
    of_object = any(follows_object(word, t) for t in children(head, "obj"))
    if word.tag_ == "VBG" and word.dep_ == "advcl" and not marks and context.is_called_for(head, word) and not of_object:
        return head
    if (word.dep_ == "xcomp" and word.pos_ in VERBALS) or (word.tag_ == "VBG" and word.dep_ in ("ccomp", "obj", "csubj")):
        return head
    if word.tag_ == "VBG" and word.dep_ == "acl" and marks:
        return clause_of(head) if head.dep_ in ("obj", "nsubj", "nsubj:pass") else head  # "the significance of keeping"
    if infinitive and word.dep_ in ("advcl", "ccomp", "conj"):
        return head
    if infinitive and word.dep_ == "acl":
        return clause_of(head) if head.dep_ in ("obj", "nsubj", "nsubj:pass") else head
    if word.tag_ == "VBG" and word.dep_ == "acl" and head.pos_ == "NOUN" and word.i > head.i and not context.names_person(head):
        if head.dep_ == "obj":
            return clause_of(head)  # "released a statement saying that …"
        return head if word.doc[first_word(word).i - 1].text != "," else None  # "states recognising X": a kind of states
    if modality is Modality.ASSERTED or _says_so_itself(word):
        return None
    if word.dep_ in ("ccomp", "advcl", "acl", "acl:relcl", "conj", "csubj"):
        return head
    return clause_of(head) if word.pos_ in ("NOUN", "PROPN") and word.dep_ in ("obj", "obl", "nsubj", "nsubj:pass", "nmod") else None


def _says_so_itself(word: Token) -> bool:
    """Whether a word has an auxiliary, a negation or a modifier of its own that marks its modality."""
    if any(t.tag_ == "MD" for t in children(word, "aux")) or any(t.lower_ in SIGNS for t in word.children):
        return True
    return word.pos_ in ("NOUN", "PROPN") and bool(children(word, "amod"))
