"""Resolve the token that fills an argument to entities.

A filler may be the mention itself, a resolved pronoun, or a description that refers to an entity: "Chilean police" (nationality),
"Ghana's foreign minister" (possessor), "delegates of the European Union" (complement), "the spokesman, Hua Chunying" (apposition).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.extraction.frames.entries import Lexicon
from kg.extraction.syntax.dependencies import antecedent, children, noun_conjuncts, preposition
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.mending import TIME_TOKENS, list_before
from kg.extraction.syntax.phrases import NounPhrase
from kg.extraction.syntax.reference import described_by, does_something, is_plural, leaders
from kg.facts import Entity, Kind
from kg.language.reading import Mention, PassageDoc

AGENTS = frozenset({Kind.PERSON, Kind.STATE, Kind.INSTITUTION, Kind.GROUP})
CONCERNED = frozenset({Kind.AGREEMENT, Kind.EVENT, Kind.INSTITUTION})
"""Kinds of entities that an event may be about."""
PLACES = frozenset({Kind.PLACE})
POLITIES = frozenset({Kind.PLACE, Kind.GROUP})
"""What acts like a state where it acts: territories, colonies, peoples."""
SITES = frozenset({Kind.PLACE, Kind.STATE, Kind.INSTITUTION})
KINDS = frozenset(Kind)
DASHES = frozenset({"-", "–", "—", "/"})
DEPTH = 4
"""Depth of nested descriptions within which a name is looked for ("the head of the office of the president of X")."""


@dataclass(frozen=True)
class Fillers:
    """Resolves the tokens of one parsed passage to entity keys."""

    passage: PassageDoc
    entities: dict[str, Entity]
    lexicon: Lexicon
    phrases: dict[int, NounPhrase] = field(default_factory=dict, init=False, repr=False)
    """Noun phrases read so far, by the position of their noun: the cache of ``matching.noun_phrase``."""
    _by_token: dict[int, Mention] = field(init=False, repr=False)
    _concerned: frozenset[int] = field(init=False, repr=False)
    _agents: dict[tuple[int, bool, int], list[str]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        by_token = {i: m for m in self.passage.mentions for i in range(m.start, m.end)}
        object.__setattr__(self, "_by_token", by_token)
        concerned = (m for m in self.passage.mentions if not m.attributive and any(self.entities[k].kind in CONCERNED for k in m.keys))
        object.__setattr__(self, "_concerned", frozenset(i for m in concerned for i in range(m.start, m.end)))
        # the only semantic information for the tree functions: which words are times
        self.passage.doc.user_data[TIME_TOKENS] = frozenset(i for t in self.passage.times for i in range(t.start, t.end))

    def concerned(self, token: Token) -> list[Token]:
        """Return the words of names of agreements, events and institutions in the subtree of ``token``, in order."""
        return [t for t in token.subtree if t.i in self._concerned] if self._concerned else []

    def mention(self, token: Token) -> Mention | None:
        """Return the mention that contains ``token``."""
        return self._by_token.get(token.i)

    def kinds(self, token: Token) -> frozenset[Kind]:
        """Return the kinds of the entities of which ``token`` itself is a mention."""
        mention = self._mention_behind(token)
        if mention is not None and mention.rule == "citizens":
            return frozenset({Kind.PERSON})  # "freed two Danes": acts on persons
        kinds = frozenset(self.entities[k].kind for k in mention.keys) if mention else frozenset()
        return kinds | {Kind.STATE} if kinds & POLITIES and does_something(token) else kinds

    def is_people(self, key: str) -> bool:
        """Whether an entity is a people that cannot be the target of an act as a whole, unlike a nation ("the Cherokee")."""
        entity = self.entities[key]
        return entity.kind is Kind.GROUP and all(evidence.source != "nation" for evidence in entity.evidence)

    def agents(self, token: Token, acting: bool = False) -> list[str]:
        """Return the keys of the persons, states and institutions that a noun phrase refers to, conjuncts included.

        With ``acting``, a description counts only if its noun can act for the entity that it names: "Peruvian troops" is Peru,
        "Peruvian policy" is not.
        """
        return self._collect(token, lambda t: self._agent(t, acting, DEPTH))

    def owners(self, token: Token) -> list[str]:
        """Return the keys of the owners of a noun phrase's referent: "its border with X", "X's proposal"."""
        return self._collect(token, lambda t: self._owner(antecedent(t) or t))

    def hosts(self, token: Token) -> list[str]:
        """Return the keys of the entities in whose territory a noun phrase's referent is located, or for which it is intended.

        "A plant in X", "a camp for refugees from X".
        """
        noun = antecedent(token) or token
        if not self.lexicon.is_site(noun.lemma_.lower()):
            return []
        return [k for c in children(noun, "nmod") if preposition(c) in ("in", "for") for k in self.agents(c)]

    def sites(self, token: Token) -> list[str]:
        """Return the keys of the places that a noun phrase names: "X", "the northern part of X"."""
        return self._collect(token, lambda t: self._site(t, DEPTH))

    def _site(self, token: Token, depth: int) -> list[str]:
        named = self._named_site(token)
        if named or depth == 0 or self.mention(token) is not None:
            return named
        inside = [c for c in children(token, "nmod") if preposition(c) in ("of", "in", "near", "at")]
        return [k for c in inside for t in noun_conjuncts(c) for k in self._site(t, depth - 1)]

    def sites_of_one(self, token: Token) -> list[str]:
        """Return ``sites`` without conjuncts."""
        return self._named_site(token)

    def _named_site(self, token: Token) -> list[str]:
        """Return the place named by a token, unless it denotes people: "on Danes" is not in Denmark."""
        mention = self._mention_behind(token)
        return self._named(token, SITES) if mention is None or mention.rule != "citizens" else []

    def topics(self, token: Token) -> list[str]:
        """Return the keys of the agreements, events and other things that a noun phrase names, nested ones included."""
        return self._collect(token, lambda t: self._named(t, KINDS))

    def _collect(self, token: Token, read: Callable[[Token], Iterable[str]]) -> list[str]:
        conjuncts = noun_conjuncts(token)
        before = list_before(token, self._is_agent_name) if token.dep_ in ("nsubj", "nsubj:pass") and self._is_agent_name(token) else []
        read_from = {t: list(read(t)) for n in (*before, *conjuncts) for t in (*self._joined(n), n)}
        tokens = list(read_from)
        if len(tokens) == 2 and self._is_apposition(*tokens):
            return list(dict.fromkeys(read_from[tokens[1]]))
        keys = list(dict.fromkeys(key for found in read_from.values() for key in found))
        if len(tokens) > 1 and any(self.entities[k].kind is Kind.PERSON for k in keys):
            # "Kenyan Foreign Minister X" read as a list: the nationality belongs to the title
            titled = {k for t, found in read_from.items() if (m := self.mention(t)) and m.attributive for k in found}
            return [k for k in keys if k not in titled]
        return keys

    def _is_agent_name(self, token: Token) -> bool:
        mention = self.mention(token)
        if mention is None or mention.attributive or token.i != mention.end - 1:
            return False
        return any(self.entities[k].kind in AGENTS for k in mention.keys)

    def _is_apposition(self, first: Token, second: Token) -> bool:
        """Whether "the Danish ambassador, X" was misparsed as a list of two: no conjunction, and only the second is a name."""
        if any(c.dep_ == "cc" for c in second.children) or self.mention(first) is not None:
            return False
        mention = self.mention(second)
        return mention is not None and not mention.coreferent and first.doc[second.left_edge.i - 1].text == ","

    def _joined(self, token: Token) -> list[Token]:
        """Return the names that a dash joins to this one: the first of "X–Y talks", "the X-Y border"."""
        doc, at = token.doc, token.i
        if at < 2 or doc[at - 1].text not in DASHES or self.mention(token) is None or self.mention(doc[at - 2]) is None:
            return []
        return [doc[at - 2]]

    def _mention_behind(self, token: Token) -> Mention | None:
        noun = antecedent(token)
        return self.mention(noun if noun is not None else token) or self.mention(token)

    def _named(self, token: Token, kinds: frozenset[Kind]) -> list[str]:
        mention = self._mention_behind(token)
        return [k for k in mention.keys if self.entities[k].kind in kinds] if mention else []

    def _agent(self, token: Token, acting: bool, depth: int) -> list[str]:
        """Return the agents a token refers to, cached: rules ask for the same words again and again."""
        asked = (token.i, acting, depth)
        if asked not in self._agents:
            self._agents[asked] = self._read_agent(token, acting, depth)
        return self._agents[asked]

    def _read_agent(self, token: Token, acting: bool, depth: int) -> list[str]:
        noun, original = antecedent(token), token
        if noun is not None:
            token = noun
        named = self._named(token, AGENTS) if noun is None else self._jointly(original, noun)
        if not named and acting and depth == DEPTH and does_something(original):
            named = self._named(token, PLACES)  # a territory, colony or city that acts for itself: "Massachusetts objected"
        if noun is not None and not named:
            named = [k for t in described_by(noun) for k in self.agents(t)]
        personal = noun is not None and original.lower_ in function_words("personal_relatives")
        if personal and not any(self.entities[k].kind is Kind.PERSON for k in named):
            named = self._person_before(original) or named
        if named:
            return self._with_appositions(token, named)
        if depth == 0 or token.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM", "DET", "PRON"):
            return []
        return self._described(token, acting, depth - 1)

    def _jointly(self, pronoun: Token, noun: Token) -> list[str]:
        """Return the agents to which a relative pronoun refers: with a plural verb, all of a list ("X, Y and Z, which have …")."""
        own = self._named(noun, AGENTS)
        first = noun
        while first.dep_ == "conj" and first.head.i < first.i:
            first = first.head
        listed = [t for t in noun_conjuncts(first) if t.i < pronoun.i]
        if not own or len(listed) == 1 or not is_plural(pronoun.head):
            return own
        return list(dict.fromkeys(k for t in listed for k in self._named(t, AGENTS)))

    def _person_before(self, pronoun: Token) -> list[str]:
        """Return the person who is the antecedent of "who" if the tree attaches its clause to a state: "X, the ambassador to Y, who …"."""
        before = [m for m in self.passage.mentions if pronoun.i - 12 <= m.end <= pronoun.i and not m.coreferent]
        people = [m.keys for m in before if all(self.entities[k].kind is Kind.PERSON for k in m.keys)]
        return list(people[-1]) if people else []

    def _owner(self, token: Token) -> list[str]:
        named = self._named(token, AGENTS)
        if named:
            return named
        complements = [c for c in children(token, "nmod") if preposition(c) in ("of", "from", "by", "with")]
        modifiers = [*children(token, "nmod:poss"), *children(token, "amod", "compound", "nmod:desc")]
        return self._first(modifiers, False, DEPTH) or self._first(complements, False, DEPTH)

    def _with_appositions(self, token: Token, named: list[str]) -> list[str]:
        """Resolve a list after the name of a group to the persons listed ("the foreign ministers, A and B")."""
        if all(self.entities[k].kind is Kind.STATE for k in named) and token.pos_ == "NOUN":
            people = [k for c in children(token, "appos") for k in self._collect(c, lambda t: self._named(t, AGENTS))]
            return people or named
        return named

    def _described(self, token: Token, acting: bool, depth: int) -> list[str]:
        """Return the referents of a common noun by its modifiers."""
        listed = self._listed_after_colon(token) or self._examples(token, depth)
        if listed:
            return listed
        for relation in ("appos", "flat", "nmod:desc"):
            beside = [c for c in children(token, relation) if token.doc[c.left_edge.i - 1].text != ":"]
            people = [k for c in beside for k in self._agents_in(c, depth)]
            if people:
                return people
        if acting and not self.lexicon.can_act(token.lemma_.lower()):
            return []
        if acting and any(self.lexicon.group("tenure", c.lower_) == "former" for c in children(token, "amod")):
            return []  # "retired diplomats" act for themselves
        joints = ("of", "from", "in") if self.lexicon.is_local(token.lemma_.lower()) else ("of", "from")
        complement = [c for c in children(token, "nmod") if preposition(c) in joints]
        if not acting:  # "goods imported from X"
            complement += [o for c in children(token, "acl") for o in children(c, "obl") if preposition(o) in ("from", "to")]
        modifiers = [*children(token, "nmod:poss"), *children(token, "amod", "compound", "nmod:desc", "det"), *leaders(token)]
        if token.tag_ == "NNS" and token.lemma_.lower() in function_words("members"):
            modifiers = [m for m in modifiers if m.dep_ != "compound" or Kind.INSTITUTION not in self.kinds(m)]  # "EU countries"
        if self.lexicon.is_partitive(token.lemma_.lower()) or token.pos_ in ("NUM", "DET", "PRON"):
            modifiers, complement = complement, modifiers
        titled = self._titled(complement, depth)
        found = titled or self._first(modifiers, acting, depth) or self._first(complement, acting, depth)
        if acting and not titled and not self.lexicon.acts_for_person(token.lemma_.lower()):
            # "his lawyer", "her brother" are somebody else; "his government" is his
            return [k for k in found if self.entities[k].kind is not Kind.PERSON]
        return found

    def _listed_after_colon(self, noun: Token) -> list[str]:
        """ "all countries that recognised it: X, Y and Z": the names after the colon are those of the plural noun."""
        if noun.tag_ not in ("NNS", "NNPS"):
            return []
        colon = next((t.i for t in noun.doc[noun.i :] if t.text in (":", ";", ".")), None)
        if colon is None or noun.doc[colon].text != ":" or colon + 1 >= len(noun.doc):
            return []
        first = noun.doc[colon + 1]
        nearer = any(t.tag_ in ("NNS", "NNPS") and self.lexicon.can_act(t.lemma_.lower()) for t in noun.doc[noun.i + 1 : colon])
        if not self._is_agent_name(first) or nearer or not self.lexicon.can_act(noun.lemma_.lower()):
            return []
        return [k for t in noun_conjuncts(first) for k in self._named(t, AGENTS)]

    def _examples(self, noun: Token, depth: int) -> list[str]:
        """ "States like X and Y": the examples named are who is meant."""
        if noun.tag_ != "NNS":
            return []
        named = [c for c in children(noun, "nmod") if preposition(c) in function_words("examples")]
        return list(dict.fromkeys(k for c in named for t in noun_conjuncts(c) for k in self._agent(t, False, depth)))

    def _titled(self, complements: list[Token], depth: int) -> list[str]:
        """Return the persons in "the ministers of X and Y, A and B" if they were misparsed as one list with the states."""
        keys = list(dict.fromkeys(k for c in complements for t in noun_conjuncts(c) for k in self._agent(t, False, depth)))
        people = [k for k in keys if self.entities[k].kind is Kind.PERSON]
        return people if people and 2 * len(people) == len(keys) else []

    def _first(self, tokens: list[Token], acting: bool, depth: int) -> list[str]:
        keys = list(dict.fromkeys(k for c in tokens for t in noun_conjuncts(c) for k in self._agent(t, acting, depth)))
        people = [k for k in keys if self.entities[k].kind is Kind.PERSON]
        # "the ministers of X and Y, A and B" read as one list: the persons say who the ministers are
        return people if people and 2 * len(people) == len(keys) else keys

    def _agents_in(self, token: Token, depth: int) -> list[str]:
        return [k for t in noun_conjuncts(token) for k in self._named(t, AGENTS)] if depth >= 0 else []
