"""From a token that fills an argument to the entities that it stands for.

A filler may be the mention itself, a pronoun that the language stage resolved, or a description that leads to an
entity: "Serbian police" (nationality), "Kosovo's foreign minister" (possessor), "delegates of the European Union"
(complement), "the spokesman, Hua Chunying" (apposition).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.extraction.lexicon import Lexicon
from kg.extraction.tree import antecedent, children, noun_conjuncts, preposition
from kg.facts import Entity, Kind
from kg.language.reading import Mention, PassageDoc

AGENTS = frozenset({Kind.PERSON, Kind.STATE, Kind.INSTITUTION})
SITES = frozenset({Kind.PLACE, Kind.STATE, Kind.INSTITUTION})
DASHES = frozenset({"-", "–", "—", "/"})
DEPTH = 4
"""How many descriptions deep a name is looked for ("the head of the office of the president of X")."""


@dataclass(frozen=True)
class Fillers:
    """Resolves the tokens of one parsed passage to entity keys."""

    passage: PassageDoc
    entities: dict[str, Entity]
    lexicon: Lexicon
    _by_token: dict[int, Mention] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_token = {i: m for m in self.passage.mentions for i in range(m.start, m.end)}
        object.__setattr__(self, "_by_token", by_token)

    def mention(self, token: Token) -> Mention | None:
        """The mention that ``token`` is part of."""
        return self._by_token.get(token.i)

    def kinds(self, token: Token) -> frozenset[Kind]:
        """The kinds of the entities that ``token`` itself is a mention of."""
        mention = self._mention_behind(token)
        return frozenset(self.entities[k].kind for k in mention.keys) if mention else frozenset()

    def agents(self, token: Token, acting: bool = False) -> list[str]:
        """Keys of the persons, states and institutions that a noun phrase stands for, coordination included.

        With ``acting`` a description counts only where its noun can act for the entity that it names: "Turkish
        troops" is Turkey, "Turkish policy" is not.
        """
        return self._collect(token, lambda t: self._agent(t, acting, DEPTH))

    def owners(self, token: Token) -> list[str]:
        """Keys of those to whom the thing that a noun phrase names belongs: "its border with X", "X's proposal"."""
        return self._collect(token, lambda t: self._owner(antecedent(t) or t))

    def sites(self, token: Token) -> list[str]:
        """Keys of the places that a noun phrase names."""
        return self._collect(token, lambda t: self._named(t, SITES))

    def sites_of_one(self, token: Token) -> list[str]:
        """Like ``sites``, without what is coordinated."""
        return self._named(token, SITES)

    def topics(self, token: Token) -> list[str]:
        """Keys of the agreements, events and other things that a noun phrase names, with those inside it."""
        return self._collect(token, lambda t: self._named(t, frozenset(Kind)))

    def _collect(self, token: Token, read: Callable[[Token], Iterable[str]]) -> list[str]:
        read_from = {t: list(read(t)) for n in noun_conjuncts(token) for t in (*self._joined(n), n)}
        tokens = list(read_from)
        if len(tokens) == 2 and self._is_apposition(*tokens):
            return list(dict.fromkeys(read_from[tokens[1]]))
        keys = list(dict.fromkeys(key for found in read_from.values() for key in found))
        if any(self.entities[k].kind is Kind.PERSON for k in keys):
            # "Serbian Foreign Minister X" read as a list: the nationality belongs to the title
            titled = {k for t, found in read_from.items() if (m := self.mention(t)) and m.attributive for k in found}
            return [k for k in keys if k not in titled]
        return keys

    def _is_apposition(self, first: Token, second: Token) -> bool:
        """ "the Turkish ambassador, X" read as a list of two: no conjunction, and only the second is a name."""
        if any(c.dep_ == "cc" for c in second.children) or self.mention(first) is not None:
            return False
        mention = self.mention(second)
        return mention is not None and not mention.coreferent and first.doc[second.left_edge.i - 1].text == ","

    def _joined(self, token: Token) -> list[Token]:
        """Names that a dash joins to this one: the first of "X–Y talks", "the X-Y border"."""
        doc, at = token.doc, token.i
        if self.mention(token) is None or at < 2 or doc[at - 1].text not in DASHES or self.mention(doc[at - 2]) is None:
            return []
        return [doc[at - 2]]

    def _mention_behind(self, token: Token) -> Mention | None:
        noun = antecedent(token)
        return self.mention(noun if noun is not None else token) or self.mention(token)

    def _named(self, token: Token, kinds: frozenset[Kind]) -> list[str]:
        mention = self._mention_behind(token)
        return [k for k in mention.keys if self.entities[k].kind in kinds] if mention else []

    def _agent(self, token: Token, acting: bool, depth: int) -> list[str]:
        noun = antecedent(token)
        if noun is not None:
            token = noun
        named = self._named(token, AGENTS)
        if named:
            return self._with_appositions(token, named)
        if depth == 0 or token.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM", "DET", "PRON"):
            return []
        return self._described(token, acting, depth - 1)

    def _owner(self, token: Token) -> list[str]:
        named = self._named(token, AGENTS)
        if named:
            return named
        complements = [c for c in children(token, "nmod") if preposition(c) in ("of", "from", "by", "with")]
        modifiers = [*children(token, "nmod:poss"), *children(token, "amod", "compound", "nmod:desc")]
        return self._first(modifiers, False, DEPTH) or self._first(complements, False, DEPTH)

    def _with_appositions(self, token: Token, named: list[str]) -> list[str]:
        """A list after the name of a group ("the foreign ministers, A and B") says who they are."""
        if all(self.entities[k].kind is Kind.STATE for k in named) and token.pos_ == "NOUN":
            people = [k for c in children(token, "appos") for k in self._collect(c, lambda t: self._named(t, AGENTS))]
            return people or named
        return named

    def _described(self, token: Token, acting: bool, depth: int) -> list[str]:
        """Who a common noun stands for, by what modifies it."""
        for relation in ("appos", "flat", "nmod:desc"):
            people = [k for c in children(token, relation) for k in self._agents_in(c, depth)]
            if people:
                return people
        if acting and not self.lexicon.can_act(token.lemma_.lower()):
            return []
        joints = ("of", "from", "in") if self.lexicon.is_local(token.lemma_.lower()) else ("of", "from")
        complement = [c for c in children(token, "nmod") if preposition(c) in joints]
        modifiers = [*children(token, "nmod:poss"), *children(token, "amod", "compound", "nmod:desc", "det")]
        if self.lexicon.is_partitive(token.lemma_.lower()) or token.pos_ in ("NUM", "DET", "PRON"):
            modifiers, complement = complement, modifiers
        found = self._first(modifiers, acting, depth) or self._first(complement, acting, depth)
        if acting and not self.lexicon.acts_for_person(token.lemma_.lower()):
            # "his lawyer", "her brother" are somebody else; "his government" is his
            return [k for k in found if self.entities[k].kind is not Kind.PERSON]
        return found

    def _first(self, tokens: list[Token], acting: bool, depth: int) -> list[str]:
        return list(dict.fromkeys(k for c in tokens for t in noun_conjuncts(c) for k in self._agent(t, acting, depth)))

    def _agents_in(self, token: Token, depth: int) -> list[str]:
        return [k for t in noun_conjuncts(token) for k in self._named(t, AGENTS)] if depth >= 0 else []
