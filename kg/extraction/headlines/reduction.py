"""Reduce phrases to what identifies their referents: which dependents of a word a headline keeps, and which are left out first.

Relations are those of Universal Dependencies v2 (https://universaldependencies.org/u/dep/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.extraction.discourse.answers import makers_of
from kg.extraction.frames.senses import propositions_of
from kg.extraction.headlines.constituents import QUOTATION_MARKS, TITLE, Constituents, Piece
from kg.extraction.headlines.naming import full_name, headline_words, names_of, possessive
from kg.extraction.syntax.dependencies import (
    PASSIVE_SUBJECTS,
    SUBJECTS,
    VERBALS,
    antecedent,
    children,
    first_word,
    noun_conjuncts,
    preposition,
)
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.mending import is_stray, is_summary, opens_clause, stray_conjuncts
from kg.extraction.syntax.quotations import quotations
from kg.facts import Entity, Interval, Kind
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
"""What precedes a person's name."""
GROUP = frozenset({"aux", "aux:pass", "cop", "expl", "compound:prt", "mark", *SUBJECTS, *PASSIVE_SUBJECTS, "obj", "iobj", "obl:agent"})
"""Dependents of a predicate that are always kept."""
CONTENT_MARKS = frozenset({"of", "for", "with", "from", "to", "as", "against", "about", "over"})
"""Prepositions of a clause with the content of an accusation, a warning or a reputation."""
DEMONSTRATIVES = frozenset({"this", "these", "that", "those"})
LONGER = 12
"""Number of characters by which a name must exceed the text's own words for these to be preferred."""
POINTS = frozenset({"point", "anchor", "range", "around", "throughout"})
"""Relations of a time expression that dates the event: the date after the headline replaces it."""


OF, CONTENT, INNER, COMPLEMENT, PLACE, RELATIVE, PURPOSE = 2, 4, 6, 10, 12, 14, 16
"""Ranks of constituents, after those that always stay (0): what a noun that always stays is of; what is said or agreed and what a word's
sense calls for (its numbered arguments, those who take part, conditions); what a noun of these is of; other complements; places and
participles; relative clauses and what is coordinated; purposes. Titles of persons come before other complements; a further name of a list
comes after the list (rank + 1)."""
CORE_LABEL = re.compile(r"(?:C-)?ARG[0-9A]")
"""PropBank's labels for the core arguments of a predicate's sense."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A preceding event: the code of its category, and its actors."""

    category: str
    actors: Sequence[str]


@dataclass
class Reducer:
    """Reduces phrases of one passage to pieces; ``introduced`` are the entities named so far, each with the constituents that name it."""

    passage: PassageDoc
    entities: Mapping[str, Entity]
    when: Interval | None = None
    """The time of the event, given by the date after the headline."""
    dateless: bool = False
    """Whether the headline must not contain times."""
    taking_part: frozenset[str] = frozenset()
    """The participants of the event: a phrase that names them is left out last."""
    earlier: Sequence[Earlier] = ()
    """The preceding events, most recent last."""
    events: frozenset[int] = frozenset()
    """The nouns that report the event."""
    own: int = -1
    """The event's own word."""
    kept: set[int] = field(default_factory=set)
    """The words on the path from the headline's clause to the event's word, which are kept."""
    constituents: Constituents = field(default_factory=Constituents)
    introduced: dict[str, set[int]] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    _mentions: dict[int, Mention] = field(init=False)
    _times: set[int] = field(init=False)
    _aside: set[int] = field(init=False)
    _quoted: set[int] = field(init=False)
    _called_for: frozenset[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        doc = self.passage.doc
        self._mentions = {i: m for m in self.passage.mentions for i in range(m.start, m.end)}
        own = [t for t in self.passage.times if not t.named and t.relation in POINTS and (self.dateless or _is_same(t.when, self.when))]
        self._times = {i for t in own for i in range(t.start, t.end)}
        self._quoted = {i for q in quotations(doc) for i in range(q.start, q.end)}
        self._called_for = frozenset(
            (p.predicate, a.head) for p in propositions_of(doc) for a in p.arguments if CORE_LABEL.fullmatch(a.label)
        )
        depth, self._aside = 0, set()
        for token in doc:  # what stands in brackets
            depth += token.text in "([" and len(token.text) == 1
            if depth:
                self._aside.add(token.i)
            depth -= depth > 0 and token.text in (")", "]")

    def enter(self, word: Token) -> None:
        """Begin with a word, whose own brackets are no parenthesis."""
        if word.i in self._aside:
            self._aside.clear()

    def introduce(self, keys: Iterable[str], c: int) -> None:
        """Record that a constituent names entities. A later name of a list counts for all constituents that contain the list."""
        at = c
        while self.constituents.ranks[at] % 2 and at and self.constituents.ranks[at] != TITLE:
            at = self.constituents.within[at]
        for key in keys:
            self.introduced.setdefault(key, set()).add(at)

    def _is_introduced(self, key: str, c: int) -> bool:
        """Whether an entity is named in a constituent that is present whenever this one is."""
        named = self.introduced.get(key, set())
        while c not in named and c:
            c = self.constituents.within[c]
        return c in named

    def _room(self, token: Token, rank: int, c: int, instead: str = "") -> int:
        """Return a constituent for a phrase inside another, or that one itself for a word that is kept."""
        return c if token.i in self.kept else self.constituents.open(rank, c, instead)

    @staticmethod
    def ordered(pieces: list[Piece]) -> list[Piece]:
        """Return pieces in text order."""
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
        members = self._members_beside(token) if mention is None else ()
        if members:
            return self.ordered([*(p for t in children(token, "case") for p in self.phrase(t, c)), self._names(token, members, c)])
        pieces = [*self._name(token, mention, c), *self._before_noun(token, c)]
        title = self.constituents.open(TITLE, c) if self._is_person(mention) else c
        own = [t for t in token.children if not is_stray(t)]
        for child in (*own, *stray_conjuncts(token)):
            if child.dep_ == "det" and child.lower_ in DEMONSTRATIVES and token.pos_ == "NOUN" and token.i not in self._quoted:
                pieces.append(self._resolved(token, child, c))
            elif (
                (child.dep_ not in PREDICATIVE or children(child, "case"))
                and not self.is_left_out(child)
                and not (leading and child.dep_ == "det" and child.lower_ in ("the", "a", "an"))
            ):
                titled = child.i < token.i and child.dep_ in TITLES
                pieces += self._noun_dependent(token, child, title if titled else c)
        return self.ordered(pieces)

    def _members_beside(self, noun: Token) -> tuple[str, ...]:
        """Return the members of a group listed after it: "three neighbours: A, B and C"."""
        lists = [t for t in children(noun, "appos") if len(noun_conjuncts(t)) > 1 and t.i > noun.i]
        named = [m for t in lists[:1] for n in noun_conjuncts(t) if (m := self._mentions.get(n.i)) is not None and not m.coreferent]
        keys = tuple(dict.fromkeys(k for m in named for k in m.keys if k in self.entities))
        agents = all(self.entities[k].kind in (Kind.STATE, Kind.INSTITUTION) for k in keys)
        return keys if noun.tag_ == "NNS" and len(keys) > 1 and agents else ()

    def _names(self, token: Token, keys: Sequence[str], c: int) -> Piece:
        self.introduce(keys, c)
        return Piece(names_of(keys, self.entities), c, token.i)

    def _before_noun(self, noun: Token, c: int) -> list[Piece]:
        """A participle between a preposition and its noun that was hung on the noun before: "talks on normalising relations"."""
        first = min((t.i for t in children(noun, "case")), default=noun.i)
        found = [t for t in noun.doc[first + 1 : noun.i] if t.tag_ == "VBG" and t.head == noun.head and t.dep_ in ("acl", "advcl")]
        self.skipped |= {t.i for t in found}
        return [self._word(t, c) for t in found]

    def _resolved(self, noun: Token, determiner: Token, c: int) -> Piece:
        """ "These claims" as whose claims were told before; "the claims" where nobody's were."""
        categories = makers_of(noun.lemma_.lower())
        maker = next((e for e in reversed(self.earlier) if e.category in categories), None)
        names = names_of(maker.actors, self.entities) if maker is not None else ""
        if maker is None or not names or (set(maker.actors) & self.introduced.keys()):
            return Piece("the", c, determiner.i)
        self.introduce(maker.actors, c)
        return Piece(possessive(names), c, determiner.i)

    def _person_beside(self, noun: Token) -> Token | None:
        """Return the person named by an apposition: "the Danish ambassador, X"."""
        beside = [t for t in children(noun, "appos") if self._is_person(self._mentions.get(t.i)) and not self.is_left_out(t)]
        loose = children(noun.head, "parataxis", "dep") if noun.dep_.startswith(("obl", "obj", "nsubj")) else []
        inside = {t.i for t in noun.subtree}  # "met the commissioner for trade NAME", the name hung on the verb
        beside += [t for t in loose if self._is_person(self._mentions.get(t.i)) and t.i - 1 in inside and t.nbor(-1).text != ","]
        return beside[0] if len(beside) == 1 else None

    def _titled(self, noun: Token, person: Token, c: int) -> list[Piece]:
        """Reduce a description followed by a name: the name is kept, the description if there is room."""
        cases = [p for t in children(noun, "case", "cc") for p in self.phrase(t, c)]
        title = self.constituents.open(TITLE, c)
        pieces = [self._word(noun, title)]
        for child in noun.children:
            if child != person and child.dep_ not in ("case", "cc") and not self.is_left_out(child):
                pieces += self._noun_dependent(noun, child, c if child.dep_ == "conj" else title)
        return self.ordered([*cases, *pieces, *self.phrase(person, c)])

    def _is_person(self, mention: Mention | None) -> bool:
        keys = mention.keys if mention is not None and not mention.coreferent else ()
        return bool(keys) and all(k in self.entities and self.entities[k].kind is Kind.PERSON for k in keys)

    def names_person(self, noun: Token) -> bool:
        """Whether a noun, or the name after it, is a person's."""
        return any(self._is_person(self._mentions.get(t.i)) for t in (noun, *children(noun, "flat", "appos", "nmod:desc")))

    def antecedent(self, pronoun: Token, noun: Token, c: int) -> list[Piece]:
        """Return the antecedent of a relative pronoun, without the clause that contains the pronoun."""
        if noun.dep_ == "appos" and self.names_person(noun.head):  # "X, the ambassador to Y, who was named envoy"
            return self.word(noun.head, c)
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
        """Whether the referent of a pronoun is unknown."""
        mention = self._mentions.get(pronoun.i)
        return mention is None or not mention.keys

    def names_beside(self, pronoun: Token, keys: Iterable[str]) -> bool:
        """Whether somebody stands elsewhere in the clause of a pronoun, so that the pronoun does not mean them."""
        named = {k for t in pronoun.head.subtree if t != pronoun and (m := self._mentions.get(t.i)) for k in m.keys}
        return bool(named & set(keys))

    def stands_for_one(self, pronoun: Token, pieces: Sequence[Piece]) -> bool:
        """Whether a plural pronoun was replaced by one name."""
        mention = self._mentions.get(pronoun.i)
        return mention is not None and len(mention.keys) == 1 and all(p.at != pronoun.i or p.text != pronoun.text for p in pieces)

    def word(self, token: Token, c: int) -> list[Piece]:
        """Return a word without its dependents, in full if it is part of a person's name."""
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
        return self.ordered([*cases, Piece(names, self._or_own_words(token, names, c), token.i), *owner, *others])

    def _or_own_words(self, token: Token, names: str, c: int) -> int:
        """A constituent for long names of a description: where there is no room for them, the text's own words stand."""
        words = [t for t in token.doc[token.left_edge.i : token.i + 1] if t.dep_ not in ("case", "punct")]
        own = " ".join(t.text for t in words)
        if token.pos_ != "NOUN" or len(own) + LONGER > len(names) or any(t.lower_ in DEMONSTRATIVES for t in words):
            return c
        return self.constituents.open(OF if not self.constituents.ranks[c] else INNER, c, f" {own}")

    def _names_itself(self, token: Token, mention: Mention) -> bool:
        """Whether a description says whose it is ("Serbia's foreign minister"), or is of somebody whom only the state is known of."""
        named = (self._mentions.get(t.i) for t in token.subtree if t != token and t.i < token.i)
        if any(m is not None and m is not mention and not m.coreferent for m in named):
            return True
        of_state = all(self.entities[k].kind is Kind.STATE for k in mention.keys if k in self.entities)
        return of_state and token.pos_ not in ("PRON", "DET") and token.lower_ not in headline_words("of_states")

    def _noun_dependent(self, noun: Token, child: Token, c: int) -> list[Piece]:
        relation = child.dep_
        if relation == "nmod:desc" and child.i > noun.i and noun.doc[first_word(child).i - 1].text == ",":
            return []
        if (
            relation == "amod"
            and CONTENT <= self.constituents.ranks[c] < INNER
            and child.tag_ == "JJ"
            and self._mentions.get(child.i) is None
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
        called_for = (noun.i, child.i) in self._called_for
        if child.i < noun.i or (preposition(child) == "of" and (called_for or noun.lemma_.lower() in headline_words("measures"))):
            return c
        if preposition(child) == "of":
            return self._room_of_of(child, c)
        fixed = preposition(noun) in ("in", "with") and not children(noun, "det", "amod", "nmod:poss")  # "in line with", "in response to"
        if fixed or (called_for and self.constituents.ranks[c] >= COMPLEMENT):
            return c
        return self._room(child, CONTENT if called_for or self.takes_part(child) else COMPLEMENT, c)

    def _room_of_of(self, child: Token, c: int) -> int:
        """Where what a noun is "of" belongs: it may be left out of what the headline cannot do without, and stays with all else."""
        rank = self.constituents.ranks[c]
        return self._room(child, OF if not rank else INNER, c) if rank < INNER else c

    def takes_part(self, noun: Token) -> bool:
        """Whether a phrase names somebody who takes part in the event."""
        named = [self._mentions.get(t.i) for n in noun_conjuncts(noun) for t in (n, *children(n, "compound", "nmod:desc", "flat", "appos"))]
        return any(m is not None and self.taking_part & set(m.keys) for m in named)

    def _conjunct(self, child: Token, c: int) -> list[Piece]:
        """Reduce a further conjunct; if there is no room for it, "others" are mentioned."""
        if (
            child.pos_ in VERBALS
            or children(child, *SUBJECTS)
            or any(t.lower_ == "but" for t in children(child, "cc"))
            or opens_clause(child)
        ):
            return []
        name = self._mentions.get(child.i) is not None or child.pos_ == "PROPN"
        if not name and child.head.pos_ == "PROPN" and not children(child, "det") and self._mentions.get(child.head.i) is not None:
            return []  # "entering X and warnings by Y": no thing of the kind of X
        if self.constituents.ranks[c] >= TITLE:
            return self.phrase(child, c)
        return self.phrase(child, self._room(child, self.constituents.ranks[c] + 1, c, " and others" if name else ""))

    def _apposition(self, noun: Token, child: Token, c: int) -> list[Piece]:
        """Reduce an apposition: a name after a description is kept ("the President, X"); an explanation of a name is dropped."""
        named = self._mentions.get(child.i)
        if noun.i + 1 == first_word(child).i:
            return self.phrase(child, c)
        if self._mentions.get(noun.i) is not None or named is None or named.coreferent:
            return []
        if any(self.entities[k].kind is Kind.PERSON for k in named.keys if k in self.entities):
            return self.phrase(child, c)
        return self.phrase(child, self.constituents.open(COMPLEMENT, c))

    def _noun_clause(self, noun: Token, clause: Token, c: int) -> list[Piece]:
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

    # Clauses

    def phrase(self, token: Token, c: int) -> list[Piece]:
        """Reduce a phrase of any kind."""
        if token.i in self.skipped:
            return []
        if token.pos_ in VERBALS and token.dep_ not in ("aux", "aux:pass", "cop"):
            return self.clause(token, c)
        return self.noun(token, c)

    def clause(self, verb: Token, c: int) -> list[Piece]:
        """Reduce a clause inside another, in text order."""
        pieces = [self._word(verb, c)] if verb.pos_ in VERBALS else self._name(verb, self._mentions.get(verb.i), c)
        subjects = [t for t in children(verb, "nsubj") if t.i < verb.i]
        for child in verb.children:
            if not self.is_left_out(child) and child not in subjects[:-1]:  # of two the first belongs to a clause before
                pieces += self.dependent(verb, child, c, inside=True)
        return self.ordered(pieces)

    def is_called_for(self, verb: Token, word: Token) -> bool:
        """Whether a word is a core argument of a predicate's sense."""
        return (verb.i, word.i) in self._called_for

    def dependent(self, verb: Token, child: Token, c: int, inside: bool = False, conditional: bool = False) -> list[Piece]:
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
        called_for = (verb.i, child.i) in self._called_for
        alone = verb.pos_ in VERBALS and not children(verb, "obj", "xcomp", "ccomp") and child in children(verb, "obl")[:1]
        if self.constituents.ranks[c] >= COMPLEMENT and (called_for or alone) and verb.dep_ == "acl:relcl":
            return self.phrase(child, c)  # "officers who worked at …"
        if called_for or self.takes_part(child):
            return self.phrase(child, self._room(child, CONTENT, c))
        before = verb.doc[first_word(child).i - 1]
        if before.text == "," and before.i > verb.i:  # an aside: whole or not at all
            self.kept |= {t.i for t in child.subtree if t != child}
        return self.phrase(child, self._room(child, PLACE if marker in function_words("locative") else COMPLEMENT, c))

    def _adverbial(self, child: Token, c: int, conditional: bool) -> list[Piece]:
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
        if not marks and child.tag_ == "VBG" and (child.head.i, child.i) in self._called_for:
            return self.clause(child, self.constituents.open(CONTENT, c))  # "the plan stipulated, among other things, recalling X"
        purpose = "to" in marks and child.tag_ == "VB" and child.i > child.head.i
        return self.clause(child, self.constituents.open(PURPOSE, c)) if purpose else []

    def is_left_out(self, token: Token) -> bool:
        """Whether a dependent is never kept: a parenthesis, the event's own time, punctuation."""
        if token.i in self.skipped or token.i in self._aside or token.text in QUOTATION_MARKS:
            return True
        return token.dep_ in LEFT_OUT or (token.i in self._times and token.dep_ not in ("amod", "compound", "nummod", "nmod:poss"))


def _is_same(time: Interval, when: Interval | None) -> bool:
    """Whether a time expression says when the event was, which another sentence may say more exactly."""
    return when is not None and not when.inferred and time.earliest <= when.earliest and when.latest <= time.latest
