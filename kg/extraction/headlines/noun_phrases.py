"""Reduce noun phrases to what identifies their referents: which dependents of a noun a headline keeps, and which are left out first.

Relations are those of Universal Dependencies v2 (https://universaldependencies.org/u/dep/).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.extraction.headlines.constituents import (
    COMPLEMENT,
    CONTENT,
    INNER,
    OF,
    PLACE,
    QUOTATION_MARKS,
    RELATIVE,
    TITLE,
    Constituents,
    HeadlinePiece,
)
from kg.extraction.headlines.event_context import EventContext
from kg.extraction.headlines.naming import full_name, headline_words, names_of, possessive
from kg.extraction.syntax.dependencies import PASSIVE_SUBJECTS, SUBJECTS, VERBALS, children, first_word, preposition
from kg.extraction.syntax.mending import is_stray, opens_clause, stray_conjuncts
from kg.facts import Kind
from kg.language.reading import Mention

LEFT_OUT = frozenset({"punct", "parataxis", "discourse", "vocative", "dep", "list", "orphan", "dislocated", "reparandum", "advcl:relcl"})
INLINE = frozenset(
    {"det", "amod", "compound", "nummod", "flat", "fixed", "goeswith", "case", "nmod:poss", "nmod:desc", "det:predet", "cc:preconj"}
    | {"advmod", "compound:prt", "aux", "aux:pass", "cop", "expl", "mark", "nmod:unmarked", "cc"}
)
PREDICATIVE = frozenset({"cop", "aux", "expl", *SUBJECTS, *PASSIVE_SUBJECTS})
"""What a noun has as a predicate, and not as a phrase."""
SINGULAR = frozenset({"it", "its", "he", "his", "him", "she", "her"})
TITLES = frozenset({"amod", "compound", "nmod:desc", "flat", "det", "nmod:poss", "nmod", "nummod"})
"""What precedes a person's name."""
DEMONSTRATIVES = frozenset({"this", "these", "that", "those"})
LONGER = 12
"""Number of characters by which a name must exceed the text's own words for these to be preferred."""


@dataclass
class NounPhrases(ABC):
    """Reduces the noun phrases of a passage to pieces; clauses inside them are left to ``clause``."""

    context: EventContext
    own: int = -1
    """The event's own word."""
    kept: set[int] = field(default_factory=set)
    """The words on the path from the headline's clause to the event's word, which are kept."""
    constituents: Constituents = field(default_factory=Constituents)
    skipped: set[int] = field(default_factory=set)
    in_brackets: bool = False
    """Whether the headline's own words are in brackets."""

    @abstractmethod
    def clause(self, verb: Token, c: int) -> list[HeadlinePiece]:
        """Reduce a clause inside another, in text order."""

    def enter(self, word: Token) -> None:
        """Begin with a word, whose own brackets are no parenthesis."""
        self.in_brackets = self.in_brackets or word.i in self.context.bracketed

    def _room(self, token: Token, rank: int, c: int, instead: str = "") -> int:
        """Return a constituent for a phrase inside another, or that one itself for a word that is kept."""
        return c if token.i in self.kept else self.constituents.open(rank, c, instead)

    @staticmethod
    def ordered(pieces: list[HeadlinePiece]) -> list[HeadlinePiece]:
        """Return pieces in text order."""
        return sorted(pieces, key=lambda piece: -1 if piece.at is None else piece.at)

    def is_left_out(self, token: Token) -> bool:
        """Whether a dependent is never kept: a parenthesis, the event's own time, punctuation."""
        if token.i in self.skipped or (token.i in self.context.bracketed and not self.in_brackets) or token.text in QUOTATION_MARKS:
            return True
        return token.dep_ in LEFT_OUT or (token.i in self.context.times and token.dep_ not in ("amod", "compound", "nummod", "nmod:poss"))

    def phrase(self, token: Token, c: int) -> list[HeadlinePiece]:
        """Reduce a phrase of any kind."""
        if token.i in self.skipped:
            return []
        if token.pos_ in VERBALS and token.dep_ not in ("aux", "aux:pass", "cop"):
            return self.clause(token, c)
        return self.noun(token, c)

    def noun(self, token: Token, c: int, leading: bool = False) -> list[HeadlinePiece]:
        """A noun phrase. ``leading``: it opens the headline, whose first article is left out of an event noun."""
        mention = self.context.mentions.get(token.i)
        if mention is not None and mention.coreferent:
            replaced = self._replaced(token, mention, c)
            if replaced is not None:
                return replaced
        person = self._person_beside(token) if mention is None or mention.coreferent else None
        if person is not None:
            return self._titled(token, person, c)
        members = self.context.members_beside(token) if mention is None else ()
        if members:
            return self.ordered([*(p for t in children(token, "case") for p in self.phrase(t, c)), self._names(token, members, c)])
        pieces = [*self._name(token, mention, c), *self._before_noun(token, c)]
        title = self.constituents.open(TITLE, c) if self.context.is_person(mention) else c
        own = [t for t in token.children if not is_stray(t)]
        for child in (*own, *stray_conjuncts(token)):
            if child.dep_ == "det" and child.lower_ in DEMONSTRATIVES and token.pos_ == "NOUN" and token.i not in self.context.quoted:
                pieces.append(self._resolved(token, child, c))
            elif (
                (child.dep_ not in PREDICATIVE or children(child, "case"))
                and not self.is_left_out(child)
                and not (leading and child.dep_ == "det" and child.lower_ in ("the", "a", "an"))
            ):
                titled = child.i < token.i and child.dep_ in TITLES
                pieces += self._noun_dependent(token, child, title if titled else c)
        return self.ordered(pieces)

    def word(self, token: Token, c: int) -> list[HeadlinePiece]:
        """Return a word without its dependents, in full if it is part of a person's name."""
        return self._name(token, self.context.mentions.get(token.i), c)

    def antecedent(self, pronoun: Token, noun: Token, c: int) -> list[HeadlinePiece]:
        """Return the antecedent of a relative pronoun, without the clause that contains the pronoun."""
        if noun.dep_ == "appos" and self.context.names_person(noun.head):  # "X, the ambassador to Y, who was named envoy"
            return self.word(noun.head, c)
        clauses = {t.i for t in noun.children if t.dep_.startswith("acl") and pronoun in t.subtree}
        if not clauses or noun.i in self.skipped:
            return [self._word(pronoun, c)]
        self.skipped |= clauses
        return [p for p in self.noun(noun, c) if p.at is None or not (p.at < noun.i and p.at in {m.i for m in children(noun, "case")})]

    def _names(self, token: Token, keys: Sequence[str], c: int) -> HeadlinePiece:
        self.constituents.introduce(keys, c)
        return HeadlinePiece(names_of(keys, self.context.entities), c, token.i)

    def _before_noun(self, noun: Token, c: int) -> list[HeadlinePiece]:
        """A participle between a preposition and its noun that was hung on the noun before: "talks on normalising relations"."""
        first = min((t.i for t in children(noun, "case")), default=noun.i)
        found = [t for t in noun.doc[first + 1 : noun.i] if t.tag_ == "VBG" and t.head == noun.head and t.dep_ in ("acl", "advcl")]
        self.skipped |= {t.i for t in found}
        return [self._word(t, c) for t in found]

    def _resolved(self, noun: Token, determiner: Token, c: int) -> HeadlinePiece:
        """ "These claims" as whose claims were told before; "the claims" if nobody's were."""
        makers = self.context.makers(noun)
        names = names_of(makers, self.context.entities)
        if not names or set(makers) & self.constituents.introduced.keys():
            return HeadlinePiece("the", c, determiner.i)
        self.constituents.introduce(makers, c)
        return HeadlinePiece(possessive(names), c, determiner.i)

    def _person_beside(self, noun: Token) -> Token | None:
        """Return the person named by an apposition: "the Danish ambassador, X"."""
        beside = [t for t in children(noun, "appos") if self.context.is_person(self.context.mentions.get(t.i)) and not self.is_left_out(t)]
        loose = children(noun.head, "parataxis", "dep") if noun.dep_.startswith(("obl", "obj", "nsubj")) else []
        inside = {t.i for t in noun.subtree}  # "met the commissioner for trade NAME", the name hung on the verb
        beside += [
            t for t in loose if self.context.is_person(self.context.mentions.get(t.i)) and t.i - 1 in inside and t.nbor(-1).text != ","
        ]
        return beside[0] if len(beside) == 1 else None

    def _titled(self, noun: Token, person: Token, c: int) -> list[HeadlinePiece]:
        """Reduce a description followed by a name: the name is kept, the description if there is room."""
        cases = [p for t in children(noun, "case", "cc") for p in self.phrase(t, c)]
        title = self.constituents.open(TITLE, c)
        pieces = [self._word(noun, title)]
        for child in noun.children:
            if child != person and child.dep_ not in ("case", "cc") and not self.is_left_out(child):
                pieces += self._noun_dependent(noun, child, c if child.dep_ == "conj" else title)
        return self.ordered([*cases, *pieces, *self.phrase(person, c)])

    def _name(self, token: Token, mention: Mention | None, c: int) -> list[HeadlinePiece]:
        """The word itself, in full where it is a part of a person's name."""
        if mention is not None and not mention.coreferent:
            words = self.context.passage.doc[mention.start : mention.end].text
            self.constituents.introduce(mention.keys, c)
            whole = full_name(mention, words, self.context.entities)
            if whole is not None and mention.start <= token.i < mention.end:
                self.skipped |= set(range(mention.start, mention.end)) - {token.i}
                return [HeadlinePiece(whole, c, token.i)]
        return [self._word(token, c)]

    def _word(self, token: Token, c: int) -> HeadlinePiece:
        return HeadlinePiece(token.text, c, token.i)

    def _replaced(self, token: Token, mention: Mention, c: int) -> list[HeadlinePiece] | None:
        """Names in place of a pronoun or description, with its preposition; None where they stand in the line already, or are unknown."""
        if (
            not mention.keys
            or all(self.constituents.is_introduced(k, c) for k in mention.keys)
            or self.context.names_itself(token, mention)
        ):
            return None
        names = names_of(mention.keys, self.context.entities)
        singular = token.lower_ in SINGULAR and len(mention.keys) > 1
        if singular or any(t.lower_ in headline_words("denying") for t in (token, *token.children)):
            return None
        if not names or (token.pos_ not in ("PRON", "NOUN", "PROPN", "NUM", "DET") and token.tag_ != "PRP$"):
            return None
        self.constituents.introduce(mention.keys, c)
        if token.tag_ == "PRP$":
            return [HeadlinePiece(possessive(names), c, token.i)]
        cases = [self._word(t, c) for t in children(token, "case") if t.i < token.i]
        owner = [HeadlinePiece("'s" if not names.endswith("s") else "'", c, t.i) for t in children(token, "case") if t.i > token.i]
        others = [p for t in token.children if t.dep_ == "conj" and not self.is_left_out(t) for p in self._conjunct(t, c)]
        return self.ordered([*cases, HeadlinePiece(names, self._or_own_words(token, names, c), token.i), *owner, *others])

    def _or_own_words(self, token: Token, names: str, c: int) -> int:
        """A constituent for long names of a description: where there is no room for them, the text's own words stand."""
        words = [t for t in token.doc[token.left_edge.i : token.i + 1] if t.dep_ not in ("case", "punct")]
        own = " ".join(t.text for t in words)
        if token.pos_ != "NOUN" or len(own) + LONGER > len(names) or any(t.lower_ in DEMONSTRATIVES for t in words):
            return c
        return self.constituents.open(OF if not self.constituents.ranks[c] else INNER, c, f" {own}")

    def _noun_dependent(self, noun: Token, child: Token, c: int) -> list[HeadlinePiece]:
        relation = child.dep_
        if relation == "nmod:desc" and child.i > noun.i and noun.doc[first_word(child).i - 1].text == ",":
            return []
        if (
            relation == "amod"
            and CONTENT <= self.constituents.ranks[c] < INNER
            and child.tag_ == "JJ"
            and self.context.mentions.get(child.i) is None
        ):
            return self.phrase(child, self._room(child, INNER, c))
        if relation in INLINE:
            return self.phrase(child, c)
        if relation == "conj":
            return self._conjunct(child, c)
        if relation == "appos":
            return self._apposition(noun, child, c)
        if relation == "nmod" or relation.startswith(("obl", "nsubj")):
            return self.phrase(child, self._room_of_complement(noun, child, c))
        if relation in ("acl", "acl:relcl", "ccomp", "xcomp", "advcl"):
            return self._noun_clause(noun, child, c)
        return []

    def _room_of_complement(self, noun: Token, child: Token, c: int) -> int:
        """Where a noun's complement belongs: what the noun only counts, and what its act is done to, stay with it."""
        called_for = self.context.is_called_for(noun, child)
        if child.i < noun.i or (preposition(child) == "of" and (called_for or noun.lemma_.lower() in headline_words("measures"))):
            return c
        if preposition(child) == "of":
            return self._room_of_of(child, c)
        fixed = preposition(noun) in ("in", "with") and not children(noun, "det", "amod", "nmod:poss")  # "in line with", "in response to"
        if fixed or (called_for and self.constituents.ranks[c] >= COMPLEMENT):
            return c
        return self._room(child, CONTENT if called_for or self.context.takes_part(child) else COMPLEMENT, c)

    def _room_of_of(self, child: Token, c: int) -> int:
        """Where what a noun is "of" belongs: it may be left out of what the headline cannot do without, and stays with all else."""
        rank = self.constituents.ranks[c]
        return self._room(child, OF if not rank else INNER, c) if rank < INNER else c

    def _conjunct(self, child: Token, c: int) -> list[HeadlinePiece]:
        """Reduce a further conjunct; if there is no room for it, "others" are mentioned."""
        if (
            child.pos_ in VERBALS
            or children(child, *SUBJECTS)
            or any(t.lower_ == "but" for t in children(child, "cc"))
            or opens_clause(child)
        ):
            return []
        name = self.context.mentions.get(child.i) is not None or child.pos_ == "PROPN"
        if not name and child.head.pos_ == "PROPN" and not children(child, "det") and self.context.mentions.get(child.head.i) is not None:
            return []  # "entering X and warnings by Y": no thing of the kind of X
        if self.constituents.ranks[c] >= TITLE:
            return self.phrase(child, c)
        return self.phrase(child, self._room(child, self.constituents.ranks[c] + 1, c, " and others" if name else ""))

    def _apposition(self, noun: Token, child: Token, c: int) -> list[HeadlinePiece]:
        """Reduce an apposition: a name after a description is kept ("the President, X"); an explanation of a name is dropped."""
        named = self.context.mentions.get(child.i)
        if noun.i + 1 == first_word(child).i:
            return self.phrase(child, c)
        if self.context.mentions.get(noun.i) is not None or named is None or named.coreferent:
            return []
        if any(self.context.entities[k].kind is Kind.PERSON for k in named.keys if k in self.context.entities):
            return self.phrase(child, c)
        return self.phrase(child, self.constituents.open(COMPLEMENT, c))

    def _noun_clause(self, noun: Token, clause: Token, c: int) -> list[HeadlinePiece]:
        """A clause that tells which one is meant; one behind a comma only adds to it."""
        first = first_word(clause).i
        marks = children(clause, "mark", "case")
        before = noun.doc[clause.i - 1]
        if before.dep_ == "case" and before.head.i > clause.i and before.head.head == noun:
            return []  # stands with the noun behind it: see _before_noun
        if noun.tag_ in ("WP", "WRB") or clause.i in self.kept:
            return self.clause(clause, c)
        if (first > 0 and noun.doc[first - 1].text in (",", "–", "—", ";", ":")) or (noun.pos_ == "PROPN" and not marks):
            return []
        rank = CONTENT if marks else RELATIVE if clause.dep_ == "acl:relcl" else PLACE
        return self.clause(clause, self.constituents.open(rank, c))
