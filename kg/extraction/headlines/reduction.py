"""Reduce clauses to what identifies the event: which dependents of a predicate a headline keeps, and which are left out first.

Relations are those of Universal Dependencies v2 (https://universaldependencies.org/u/dep/).
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from kg.extraction.headlines.constituents import COMPLEMENT, CONTENT, PLACE, PURPOSE, RELATIVE, HeadlinePiece
from kg.extraction.headlines.naming import headline_words
from kg.extraction.headlines.noun_phrases import INLINE, NounPhrases
from kg.extraction.syntax.dependencies import PASSIVE_SUBJECTS, SUBJECTS, VERBALS, antecedent, children, first_word, preposition
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.mending import is_summary

GROUP = frozenset({"aux", "aux:pass", "cop", "expl", "compound:prt", "mark", *SUBJECTS, *PASSIVE_SUBJECTS, "obj", "iobj", "obl:agent"})
"""Dependents of a predicate that are always kept."""
CONTENT_MARKS = frozenset({"of", "for", "with", "from", "to", "as", "against", "about", "over"})
"""Prepositions of a clause with the content of an accusation, a warning or a reputation."""


@dataclass
class Reducer(NounPhrases):
    """Reduces the phrases and clauses of one passage to pieces."""

    def clause(self, verb: Token, c: int) -> list[HeadlinePiece]:
        """Reduce a clause inside another, in text order."""
        pieces = [self._word(verb, c)] if verb.pos_ in VERBALS else self._name(verb, self.context.mentions.get(verb.i), c)
        subjects = [t for t in children(verb, "nsubj") if t.i < verb.i]
        for child in verb.children:
            if not self.is_left_out(child) and child not in subjects[:-1]:  # of two the first belongs to a clause before
                pieces += self.dependent(verb, child, c, inside=True)
        return self.ordered(pieces)

    def dependent(self, verb: Token, child: Token, c: int, inside: bool = False, conditional: bool = False) -> list[HeadlinePiece]:
        """What a predicate's dependent contributes. ``inside``: in the content of another clause; ``conditional``: with its condition."""
        relation = child.dep_
        if is_summary(child) and child.i not in self.kept:
            return []
        if relation in GROUP:
            return self._auxiliary(child, c) if relation in ("aux", "aux:pass", "cop", "mark") else self.phrase(child, c)
        if relation in ("ccomp", "csubj", "csubj:pass"):
            droppable = relation == "ccomp" and not self.constituents.ranks[c]
            return self.clause(child, self._room(child, CONTENT, c) if droppable else c)
        if relation == "xcomp":
            return self.phrase(child, c)
        if relation == "advmod":
            degree = child.lower_ in ("too", "so") and child.i + 1 == verb.i
            linking = verb.pos_ in VERBALS and child.lower_ in headline_words("linking") and not degree
            return [] if linking else self.phrase(child, c)
        if relation.startswith("obl") or relation == "nmod":
            return self._oblique(verb, child, c)
        if relation == "advcl":
            return self._adverbial(child, c, conditional)
        if relation == "conj":
            alike = verb.pos_ not in VERBALS or (inside and child.pos_ in VERBALS)
            return self.phrase(child, self._room(child, RELATIVE, c)) if alike else []
        if relation == "cc":
            return self.phrase(child, c) if inside else []
        return self._noun_dependent(verb, child, c) if verb.pos_ not in VERBALS or relation in INLINE else []

    def _auxiliary(self, child: Token, c: int) -> list[HeadlinePiece]:
        return [self._word(child, c), *(self._word(t, c) for t in child.children if t.dep_ in ("fixed", "advmod"))]

    def _oblique(self, verb: Token, child: Token, c: int) -> list[HeadlinePiece]:
        marker = preposition(child)
        if child.lower_ in ("which", "whom", "what") and antecedent(child) is not None:
            return []
        if any(t.i in self.context.times for t in child.children):
            return []  # "two days after the summit"
        if marker.startswith("according") or (marker == "by" and verb.tag_ == "VBN"):
            return self.phrase(child, c)
        called_for = self.context.is_called_for(verb, child)
        alone = verb.pos_ in VERBALS and not children(verb, "obj", "xcomp", "ccomp") and child in children(verb, "obl")[:1]
        if self.constituents.ranks[c] >= COMPLEMENT and (called_for or alone) and verb.dep_ == "acl:relcl":
            return self.phrase(child, c)  # "officers who worked at …"
        if called_for or self.context.takes_part(child):
            return self.phrase(child, self._room(child, CONTENT, c))
        before = verb.doc[first_word(child).i - 1]
        if before.text == "," and before.i > verb.i:  # an aside: whole or not at all
            self.kept |= {t.i for t in child.subtree if t != child}
        return self.phrase(child, self._room(child, PLACE if marker in function_words("locative") else COMPLEMENT, c))

    def _adverbial(self, child: Token, c: int, conditional: bool) -> list[HeadlinePiece]:
        """A condition, an alleged act ("accused X of arming Y"), what something is taken as, a purpose; others are told apart."""
        marks = {m.lower_ for m in children(child, "mark", "case")}
        if child.i in self.kept:
            return self.clause(child, c)
        if marks & {"if", "unless", "provided"}:
            return self.clause(child, self.constituents.open(CONTENT, c)) if conditional or child.i > child.head.i else []
        if "until" in marks:
            return self.clause(child, self.constituents.open(PURPOSE, c))
        if marks & CONTENT_MARKS and (child.tag_ == "VBG" or child.pos_ not in VERBALS):
            return self.clause(child, self.constituents.open(CONTENT, c))
        if not marks and child.tag_ == "VBG" and self.context.is_called_for(child.head, child):
            return self.clause(child, self.constituents.open(CONTENT, c))  # "the plan stipulated, among other things, recalling X"
        purpose = "to" in marks and child.tag_ == "VB" and child.i > child.head.i
        return self.clause(child, self.constituents.open(PURPOSE, c)) if purpose else []
