"""Persons whose office is given by another person's: "his counterpart, X", "Y's successor"."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.matching import lemma
from kg.extraction.offices.listed import named_people
from kg.extraction.syntax.dependencies import children
from kg.facts import Kind
from kg.language.reading import Mention


@dataclass(frozen=True, slots=True)
class Likeness:
    """ "his Danish counterpart, X", "Y's successor": X holds the office of ``other``, in ``organizations`` if given."""

    holder: str
    other: str
    organizations: tuple[str, ...]
    passage: int
    elsewhere: bool = False
    """Whether the office is of another state that the text does not name: a counterpart's."""


def passage_likenesses(fillers: Fillers) -> list[Likeness]:
    """Return the persons whose office the passage gives by another's: counterparts, colleagues, successors, predecessors."""
    found = []
    for mention, person in named_people(fillers):
        for words in (_words_before(mention, fillers), _words_after(mention, fillers)):
            head = next((w for w in words if fillers.lexicon.group("likeness", lemma(w))), None)
            likeness = _likeness(person, head, fillers) if head is not None else None
            if likeness is not None:
                found.append(likeness)
    return found


def _words_before(mention: Mention, fillers: Fillers) -> list[Token]:
    at = mention.start - 1
    if at > 0 and fillers.passage.doc[at].text == ",":
        at -= 1
    return [fillers.passage.doc[at]] if at >= 0 else []


def _words_after(mention: Mention, fillers: Fillers) -> list[Token]:
    doc = fillers.passage.doc
    return list(doc[mention.end + 1 : mention.end + 6]) if mention.end < len(doc) and doc[mention.end].text == "," else []


def _likeness(person: str, head: Token, fillers: Fillers) -> Likeness | None:
    owners = [k for c in children(head, "nmod:poss", "nmod") for k in fillers.agents(c)]
    others = [k for k in owners if fillers.entities[k].kind is Kind.PERSON and k != person]
    states = [k for c in children(head, "amod", "compound") for k in fillers.agents(c)]
    if not others and states:
        others = _persons_before(head, person, fillers)
    if len(others) != 1:
        return None
    elsewhere = fillers.lexicon.group("likeness", lemma(head)) == "other"
    return Likeness(person, others[0], tuple(states), fillers.passage.passage.index, elsewhere)


def _persons_before(head: Token, person: str, fillers: Fillers) -> list[str]:
    """Return the antecedent of a possessive pronoun: the last person mentioned before it in the sentence."""
    if not any(c.pos_ == "PRON" for c in children(head, "nmod:poss")):
        return []
    return [k for m, k in named_people(fillers) if m.end <= head.i and k != person][-1:]
