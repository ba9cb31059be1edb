"""Reduction of phrases to what identifies them: which dependents of a word stand in a headline, and which are left out first.

Relations are those of Universal Dependencies v2 (https://universaldependencies.org/u/dep/).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.extraction.headlines.constituents import QUOTATION_MARKS, TITLE, Constituents, Piece
from kg.extraction.headlines.naming import full_name, headline_words, names_of, possessive
from kg.extraction.syntax.dependencies import PASSIVE_SUBJECTS, SUBJECTS, VERBALS, antecedent, children, preposition
from kg.extraction.syntax.function_words import function_words
from kg.facts import Entity, Kind
from kg.language.reading import Mention, PassageDoc

LEFT_OUT = frozenset({"punct", "parataxis", "discourse", "vocative", "dep", "list", "orphan", "dislocated", "reparandum", "advcl:relcl"})
INLINE = frozenset(
    {"det", "amod", "compound", "nummod", "flat", "fixed", "goeswith", "case", "nmod:poss", "nmod:desc", "det:predet", "cc:preconj"}
    | {"advmod", "compound:prt", "aux", "aux:pass", "cop", "expl", "mark", "nmod:unmarked", "cc"}
)
PREDICATIVE = frozenset({"cop", "aux", "expl", *SUBJECTS, *PASSIVE_SUBJECTS})
"""What a noun has as a predicate, and not as a phrase."""
SINGULAR = frozenset({"it", "its", "he", "his", "him", "she", "her"})
TITLES = frozenset({"amod", "compound", "nmod:desc", "flat", "det", "nmod:poss", "nmod", "nummod"})
"""What stands before a person's name."""
GROUP = frozenset({"aux", "aux:pass", "cop", "expl", "compound:prt", "mark", *SUBJECTS, *PASSIVE_SUBJECTS, "obj", "iobj", "obl:agent"})
"""Dependents of a predicate that always stay."""
CONTENT_MARKS = frozenset({"of", "for", "with", "from", "to", "as", "against", "about", "over"})
"""Prepositions of a clause that says what somebody is accused of, warned against or known for."""
POINTS = frozenset({"point", "anchor", "range", "around", "throughout"})
"""Relations of a time expression that says when the event was: the date behind the headline says it instead."""


CONTENT, COMPLEMENT, PLACE, RELATIVE, PURPOSE = 2, 4, 6, 8, 10
"""Ranks of constituents, after those that always stay (0): what is said or agreed; what a word calls for; places and participles; relative
clauses and what is coordinated; purposes. Titles of persons come after content; a further name of a list after the list (rank + 1)."""


@dataclass
class Reducer:
    """Reduces phrases of one passage to pieces; ``introduced`` are the entities named so far, each with the constituents that name it."""

    passage: PassageDoc
    entities: Mapping[str, Entity]
    dated: bool
    constituents: Constituents = field(default_factory=Constituents)
    introduced: dict[str, set[int]] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    _mentions: dict[int, Mention] = field(init=False)
    _times: set[int] = field(init=False)
    _aside: set[int] = field(init=False)

    def __post_init__(self) -> None:
        doc = self.passage.doc
        self._mentions = {i: m for m in self.passage.mentions for i in range(m.start, m.end)}
        own = [t for t in self.passage.times if not t.named and (t.relation in POINTS and self.dated)]
        self._times = {i for t in own for i in range(t.start, t.end)}
        depth, self._aside = 0, set()
        for token in doc:  # what stands in brackets
            depth += token.text in "([" and len(token.text) == 1
            if depth:
                self._aside.add(token.i)
            depth -= depth > 0 and token.text in (")", "]")

    def enter(self, word: Token) -> None:
        """Begin with a word: what stands in brackets with it is no aside."""
        if word.i in self._aside:
            self._aside.clear()

    def introduce(self, keys: Iterable[str], c: int) -> None:
        """Note that a constituent names entities. A further name of a list counts for all that the list is part of."""
        at = c
        while self.constituents.ranks[at] % 2 and at and self.constituents.ranks[at] != TITLE:
            at = self.constituents.within[at]
        for key in keys:
            self.introduced.setdefault(key, set()).add(at)

    def _is_introduced(self, key: str, c: int) -> bool:
        """Whether an entity is named in a constituent that stands wherever this one does."""
        named = self.introduced.get(key, set())
        while c not in named and c:
            c = self.constituents.within[c]
        return c in named

    @staticmethod
    def ordered(pieces: list[Piece]) -> list[Piece]:
        """Pieces in the order of the text."""
        return sorted(pieces, key=lambda piece: -1 if piece.at is None else piece.at)

    # Noun phrases

    def noun(self, token: Token, c: int, leading: bool = False) -> list[Piece]:
        """A noun phrase. ``leading``: it opens the headline, whose first article is left out of an event noun."""
        mention = self._mentions.get(token.i)
        if mention is not None and mention.coreferent:
            replaced = self._replaced(token, mention, c)
            if replaced is not None:
                return replaced
        person = self._person_beside(token) if mention is None or mention.coreferent else None
        if person is not None:
            return self._titled(token, person, c)
        pieces = self._name(token, mention, c)
        title = self.constituents.open(TITLE, c) if self._is_person(mention) else c
        for child in token.children:
            if (
                child.dep_ not in PREDICATIVE
                and not self.is_left_out(child)
                and not (leading and child.dep_ == "det" and child.lower_ in ("the", "a", "an"))
            ):
                titled = child.i < token.i and child.dep_ in TITLES
                pieces += self._noun_dependent(token, child, title if titled else c)
        return self.ordered(pieces)

    def _person_beside(self, noun: Token) -> Token | None:
        """The person whom an apposition names: "the Danish ambassador, X"."""
        beside = [t for t in children(noun, "appos") if self._is_person(self._mentions.get(t.i)) and not self.is_left_out(t)]
        return beside[0] if len(beside) == 1 else None

    def _titled(self, noun: Token, person: Token, c: int) -> list[Piece]:
        """A description with the name behind it: the name stays, the description where there is room."""
        cases = [p for t in children(noun, "case") for p in self.phrase(t, c)]
        title = self.constituents.open(TITLE, c)
        pieces = [self._word(noun, title)]
        for child in noun.children:
            if child != person and child.dep_ != "case" and not self.is_left_out(child):
                pieces += self._noun_dependent(noun, child, c if child.dep_ == "conj" else title)
        return self.ordered([*cases, *pieces, *self.phrase(person, c)])

    def _is_person(self, mention: Mention | None) -> bool:
        keys = mention.keys if mention is not None and not mention.coreferent else ()
        return bool(keys) and all(k in self.entities and self.entities[k].kind is Kind.PERSON for k in keys)

    def names_person(self, noun: Token) -> bool:
        """Whether a noun, or the name behind it, is a person's."""
        return any(self._is_person(self._mentions.get(t.i)) for t in (noun, *children(noun, "flat", "appos", "nmod:desc")))

    def antecedent(self, pronoun: Token, noun: Token, c: int) -> list[Piece]:
        """The noun that a relative pronoun stands for, without the clause that it is in."""
        clauses = {t.i for t in noun.children if t.dep_.startswith("acl") and pronoun in t.subtree}
        if not clauses or noun.i in self.skipped:
            return [self._word(pronoun, c)]
        self.skipped |= clauses
        return [p for p in self.noun(noun, c) if p.at is None or not (p.at < noun.i and p.at in {m.i for m in children(noun, "case")})]

    def _name(self, token: Token, mention: Mention | None, c: int) -> list[Piece]:
        """The word itself, in full where it is a part of a person's name."""
        if mention is not None and not mention.coreferent:
            words = self.passage.doc[mention.start : mention.end].text
            self.introduce(mention.keys, c)
            whole = full_name(mention, words, self.entities)
            if whole is not None and mention.start <= token.i < mention.end:
                self.skipped |= set(range(mention.start, mention.end)) - {token.i}
                return [Piece(whole, c, token.i)]
        return [self._word(token, c)]

    def is_open(self, pronoun: Token) -> bool:
        """Whether nobody knows whom a pronoun stands for."""
        mention = self._mentions.get(pronoun.i)
        return mention is None or not mention.keys

    def word(self, token: Token, c: int) -> list[Piece]:
        """A word without its dependents, in full where it is part of a name."""
        return self._name(token, self._mentions.get(token.i), c)

    def _word(self, token: Token, c: int) -> Piece:
        return Piece(token.text, c, token.i)

    def _replaced(self, token: Token, mention: Mention, c: int) -> list[Piece] | None:
        """Names in place of a pronoun or description, with its preposition; None where they stand in the line already, or are unknown."""
        if not mention.keys or all(self._is_introduced(k, c) for k in mention.keys) or self._names_itself(token, mention):
            return None
        names = names_of(mention.keys, self.entities)
        singular = token.lower_ in SINGULAR and len(mention.keys) > 1
        if singular or any(t.lower_ in headline_words("denying") for t in (token, *token.children)):
            return None
        if not names or (token.pos_ not in ("PRON", "NOUN", "PROPN", "NUM", "DET") and token.tag_ != "PRP$"):
            return None
        self.introduce(mention.keys, c)
        if token.tag_ == "PRP$":
            return [Piece(possessive(names), c, token.i)]
        cases = [self._word(t, c) for t in children(token, "case") if t.i < token.i]
        owner = [Piece("'s" if not names.endswith("s") else "'", c, t.i) for t in children(token, "case") if t.i > token.i]
        others = [p for t in token.children if t.dep_ == "conj" and not self.is_left_out(t) for p in self._conjunct(t, c)]
        return self.ordered([*cases, Piece(names, c, token.i), *owner, *others])

    def _names_itself(self, token: Token, mention: Mention) -> bool:
        """Whether a description says whose it is ("Serbia's foreign minister"), or is of somebody whom only the state is known of."""
        named = (self._mentions.get(t.i) for t in token.subtree if t != token and t.i < token.i)
        if any(m is not None and m is not mention and not m.coreferent for m in named):
            return True
        of_state = all(self.entities[k].kind is Kind.STATE for k in mention.keys if k in self.entities)
        return of_state and token.pos_ not in ("PRON", "DET") and token.lower_ not in headline_words("of_states")

    def _noun_dependent(self, noun: Token, child: Token, c: int) -> list[Piece]:
        relation = child.dep_
        if relation in INLINE:
            return self.phrase(child, c)
        if relation == "conj":
            return self._conjunct(child, c)
        if relation == "appos":
            return self._apposition(noun, child, c)
        if relation == "nmod" or relation.startswith("obl"):
            if preposition(child) == "of" or child.i < noun.i:
                return self.phrase(child, c)
            return self.phrase(child, self.constituents.open(COMPLEMENT, c))
        if relation in ("acl", "acl:relcl", "ccomp", "xcomp", "advcl"):
            return self._noun_clause(noun, child, c)
        return []

    def _conjunct(self, child: Token, c: int) -> list[Piece]:
        """A further member of a list; where there is no room for it, there are others."""
        if child.pos_ in VERBALS or children(child, *SUBJECTS):
            return []
        name = self._mentions.get(child.i) is not None or child.pos_ == "PROPN"
        return self.phrase(child, self.constituents.open(self.constituents.ranks[c] + 1, c, " and others" if name else ""))

    def _apposition(self, noun: Token, child: Token, c: int) -> list[Piece]:
        """A name behind a description stays ("the President, X"); what explains a name goes."""
        named = self._mentions.get(child.i)
        if noun.i + 1 == child.left_edge.i:
            return self.phrase(child, c)
        if self._mentions.get(noun.i) is not None or named is None or named.coreferent:
            return []
        if any(self.entities[k].kind is Kind.PERSON for k in named.keys if k in self.entities):
            return self.phrase(child, c)
        return self.phrase(child, self.constituents.open(COMPLEMENT, c))

    def _noun_clause(self, noun: Token, clause: Token, c: int) -> list[Piece]:
        """A clause that tells which one is meant; one behind a comma only adds to it."""
        first = clause.left_edge.i
        marks = children(clause, "mark", "case")
        if (first > 0 and noun.doc[first - 1].text in (",", "–", "—", ";", ":")) or (noun.pos_ == "PROPN" and not marks):
            return []
        rank = CONTENT if marks else RELATIVE if clause.dep_ == "acl:relcl" else PLACE
        return self.clause(clause, self.constituents.open(rank, c))

    # Clauses

    def phrase(self, token: Token, c: int) -> list[Piece]:
        """A phrase of whatever kind."""
        if token.i in self.skipped:
            return []
        if token.pos_ in VERBALS and token.dep_ not in ("aux", "aux:pass", "cop"):
            return self.clause(token, c)
        return self.noun(token, c)

    def clause(self, verb: Token, c: int) -> list[Piece]:
        """A clause inside another, in the order of the text."""
        pieces = [self._word(verb, c)] if verb.pos_ in VERBALS else self._name(verb, self._mentions.get(verb.i), c)
        for child in verb.children:
            if not self.is_left_out(child):
                pieces += self.dependent(verb, child, c, inside=True)
        return self.ordered(pieces)

    def dependent(self, verb: Token, child: Token, c: int, inside: bool = False, conditional: bool = False) -> list[Piece]:
        """What a predicate's dependent contributes. ``inside``: in the content of another clause; ``conditional``: with its condition."""
        relation = child.dep_
        if relation in GROUP:
            return self._auxiliary(child, c) if relation in ("aux", "aux:pass", "cop", "mark") else self.phrase(child, c)
        if relation in ("ccomp", "csubj", "csubj:pass"):
            droppable = relation == "ccomp" and self.constituents.ranks[c] < RELATIVE
            return self.clause(child, self.constituents.open(CONTENT, c) if droppable else c)
        if relation == "xcomp":
            return self.phrase(child, c)
        if relation == "advmod":
            linking = verb.pos_ in VERBALS and child.lower_ in headline_words("linking")
            return [] if linking else self.phrase(child, c)
        if relation.startswith("obl") or relation == "nmod":
            return self._oblique(verb, child, c)
        if relation == "advcl":
            return self._adverbial(child, c, conditional)
        if relation == "conj":
            return self.phrase(child, self.constituents.open(RELATIVE, c)) if inside or verb.pos_ not in VERBALS else []
        if relation == "cc":
            return self.phrase(child, c) if inside else []
        return self._noun_dependent(verb, child, c) if verb.pos_ not in VERBALS or relation in INLINE else []

    def _auxiliary(self, child: Token, c: int) -> list[Piece]:
        return [self._word(child, c), *(self._word(t, c) for t in child.children if t.dep_ in ("fixed", "advmod"))]

    def _oblique(self, verb: Token, child: Token, c: int) -> list[Piece]:
        marker = preposition(child)
        if child.lower_ in ("which", "whom", "what") and antecedent(child) is not None:
            return []
        if any(t.i in self._times for t in child.children):
            return []  # "two days after the summit"
        if marker.startswith("according") or (marker == "by" and verb.tag_ == "VBN"):
            return self.phrase(child, c)
        rank = PLACE if marker in function_words("locative") else COMPLEMENT
        return self.phrase(child, self.constituents.open(rank, c))

    def _adverbial(self, child: Token, c: int, conditional: bool) -> list[Piece]:
        """A condition, an alleged act ("accused X of arming Y"), what something is taken as, a purpose; others are told apart."""
        marks = {m.lower_ for m in children(child, "mark", "case")}
        if marks & {"if", "unless", "provided"}:
            return self.clause(child, self.constituents.open(CONTENT, c)) if conditional else []
        if marks & CONTENT_MARKS and (child.tag_ == "VBG" or child.pos_ not in VERBALS):
            return self.clause(child, self.constituents.open(CONTENT, c))
        purpose = "to" in marks and child.tag_ == "VB" and child.i > child.head.i
        return self.clause(child, self.constituents.open(PURPOSE, c)) if purpose else []

    def is_left_out(self, token: Token) -> bool:
        """Whether a dependent never stands in a headline: an aside, the event's own time, punctuation."""
        if token.i in self.skipped or token.i in self._aside or token.text in QUOTATION_MARKS:
            return True
        return token.dep_ in LEFT_OUT or (token.i in self._times and token.dep_ not in ("amod", "compound", "nummod", "nmod:poss"))
