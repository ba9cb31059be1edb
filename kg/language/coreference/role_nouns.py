"""Role nouns without a name: "the President", "Ghana's foreign minister", "his Danish counterpart", "the Kenyan minister"."""

from __future__ import annotations

from spacy.tokens import Token

from kg.facts import Kind
from kg.language.coreference.discourse import PERSONAL, SentenceHistory
from kg.language.coreference.grammar import child, determiner
from kg.language.coreference.holders import Holders
from kg.language.coreference.wordlists import CorefWords
from kg.language.reading import Mention

Resolved = tuple[tuple[str, ...], str]
_REACH = 24
_NEAR = 3
_SECTION_REACH = 4


def _is_one_of_many(token: Token) -> bool:
    """Whether the words before an office choose among its holders, or among bodies: "the most successful president"."""
    return any(c.dep_ == "amod" and any(g.dep_ == "advmod" for g in c.children) for c in token.children)


class RoleNouns:
    """Resolves role nouns of one article."""

    def __init__(self, words: CorefWords, holders: Holders, discourse: SentenceHistory):
        self._words, self._holders, self._discourse = words, holders, discourse
        self._complemented = sorted((w for w in words.offices if " of " in w), key=len, reverse=True)
        self._last_words = {wording.split()[-1] for wording in words.offices}
        self._governing = words.short_roles | {wording.split()[0] for wording in self._complemented}

    def resolve(self, token: Token, mentions: dict[int, Mention]) -> Resolved | None:
        """Return (keys, rule) for a role noun; ``mentions`` are those of the passage by token. None if a name is next to it."""
        embedded = self._embedded(token, mentions)
        if embedded is not None:
            return (embedded,), "title"
        lemma = token.lemma_.lower()
        relational = lemma in self._words.counterparts or lemma in self._words.successors
        office = None if relational else self._office(token)
        if not relational and office is None and lemma not in self._words.short_roles:
            return None
        state = self._state(token, mentions)
        beside = self._beside(token, mentions)
        predicate = not relational and (token.dep_ == "xcomp" or self._is_predicate(token))
        if beside is not None or predicate or token.dep_ in ("flat", "compound", "nmod:desc"):
            if relational and beside is not None:
                self._note(token, beside, state, mentions)
            return None
        if relational:
            return self._counterpart(token, state, mentions) if lemma in self._words.counterparts else None
        if token.morph.get("Number", []) == ["Plur"] or (state is None and (determiner(token) != "the" or _is_one_of_many(token))):
            return None
        return self._holder(office, state)

    def _embedded(self, token: Token, mentions: dict[int, Mention]) -> str | None:
        """Return the person whose title a noun with a complement is, if the tree attaches the name to the complement: "the Secretary
        of State X"."""
        complement = child(token, "nmod")
        if complement is None or token.lower_ not in self._governing:
            return None
        last = max((c for c in complement.subtree), key=lambda c: c.i)
        mention = mentions.get(last.i)
        adjacent = mention is not None and mention.start > 0 and last.doc[mention.start - 1].pos_ in ("NOUN", "PROPN")
        hung = last.dep_ in ("flat", "compound", "appos", "nmod:desc", "list")
        if mention is None or not adjacent or not hung or mention.coreferent or len(mention.keys) != 1 or not self._is_person(mention):
            return None
        return mention.keys[0]

    def own_country(self, token: Token, mentions: dict[int, Mention]) -> Resolved | None:
        """ "his country", "her government": the state of the antecedent of "his", if the article gives it."""
        if self._words.definite.get(token.lemma_.lower()) is not Kind.STATE and token.lemma_.lower() not in self._words.bodies:
            return None
        owner = child(token, "nmod:poss")
        mention = mentions.get(owner.i) if owner is not None else None
        if mention is None or len(mention.keys) != 1 or not mention.coreferent or not self._is_person(mention):
            return None
        state = self._holders.country.get(mention.keys[0])
        return ((state,), "own-country") if state is not None else None

    def _beside(self, token: Token, mentions: dict[int, Mention]) -> str | None:
        """Return the person whose name is next to the noun: "President X", "the ambassador, X", "X, the ambassador"."""
        near = [c.i for c in token.children if c.dep_ in ("appos", "flat", "nmod:desc")]
        near += [token.i + 1] if token.dep_ != "appos" else [token.head.i]
        if token.i + 2 < len(token.doc) and token.nbor(1).text == ",":
            near.append(token.i + 2)
        near += self._before_comma(token)
        for i in near:
            mention = mentions.get(i)
            if mention is not None and not mention.coreferent and len(mention.keys) == 1 and self._is_person(mention):
                return mention.keys[0]
        return None

    @staticmethod
    def _before_comma(token: Token) -> list[int]:
        """Return the word before the comma that opens the noun's phrase: "X, Peru's ambassador"."""
        start = token.left_edge.i
        return [start - 2] if start >= 2 and token.doc[start - 1].text == "," else []

    @staticmethod
    def _is_predicate(token: Token) -> bool:
        """Whether a noun is a predicate nominal: "X is the ambassador", "the ambassador is X"."""
        named = token.head if token.dep_ == "nsubj" and token.head.pos_ == "PROPN" else token
        return any(c.dep_ == "cop" for c in named.children)

    def _note(self, token: Token, person: str, state: str | None, mentions: dict[int, Mention]) -> None:
        owner = child(token, "nmod:poss")
        mention = mentions.get(owner.i) if owner is not None else None
        if mention is not None and len(mention.keys) == 1 and self._discourse.current is not None:
            like = mention.keys[0]
            if self._discourse.kind(like) is Kind.PERSON and like != person:
                same = self._holders.country.get(like) if token.lemma_.lower() in self._words.successors else None
                self._holders.note(person, like, state or same, self._discourse.current.passage.index)

    def _is_person(self, mention: Mention) -> bool:
        return all(self._discourse.kind(key) is Kind.PERSON for key in mention.keys)

    def _state(self, token: Token, mentions: dict[int, Mention]) -> str | None:
        """Return the state of the office, by a nationality word, a possessor or a complement with "of"."""
        for c in token.children:
            mention = mentions.get(c.i)
            if c.dep_ in ("amod", "compound", "nmod:poss", "nmod", "nmod:desc") and mention is not None and len(mention.keys) == 1:
                case = child(c, "case")
                if self._discourse.kind(mention.keys[0]) is Kind.STATE and (c.dep_ != "nmod" or (case is not None and case.lower_ == "of")):
                    return mention.keys[0]
        return None

    def _office(self, token: Token) -> int | None:
        """Return the office of a role noun with its modifiers ("prime", "foreign", "of foreign affairs")."""
        head = token.lower_ if token.lower_ in self._words.offices else token.lemma_.lower()
        if head.split(" ")[-1] in self._last_words:
            before = [t.lower_ for t in token.doc[max(0, token.i - 2) : token.i]]
            for size in (2, 1):
                wording = " ".join([*before[-size:], head]) if len(before) >= size else ""
                if wording in self._words.offices:
                    return self._words.offices[wording]
        first = token.lower_.split(" ")[0]
        possible = [w for w in self._complemented if w.startswith(first)]
        after = token.doc[token.i : token.i + 4].text.casefold() if possible else ""
        longer = next((w for w in possible if after.startswith(w)), None)
        if longer is not None:
            return self._words.offices[longer]
        narrowed = any(c.dep_ in ("compound", "amod") and c.i == token.i - 1 and c.pos_ == "NOUN" for c in token.children)
        return None if narrowed else self._words.offices.get(head)

    def _holder(self, office: int | None, state: str | None) -> Resolved | None:
        assert self._discourse.current is not None
        index = self._discourse.current.passage.index
        recent = self._recent()
        if office is None:
            people = [p for p in recent if state is not None and self._holders.country.get(p) == state]
        else:
            people = [p for p in recent if self._holders.holds(p, office, state)]
        if state is None and len(set(people)) > 1:
            return None  # held by one after the other
        person = people[-1] if people else None
        if person is None and office is not None and state is not None:
            person = self._holders.holder(office, state, index, _NEAR)
        if person is not None:
            return (person,), "role"
        return ((state,), "role") if state is not None else None

    def _recent(self) -> list[str]:
        """Return the persons in the last sentences of the section, most recent last."""
        sentences = [*reversed(self._discourse.previous(_SECTION_REACH, same=lambda passage: passage.section)), self._discourse.current]
        return [k for s in sentences if s is not None for r in s.referents if self._discourse.is_kind(r, PERSONAL) for k in r.keys]

    def _counterpart(self, token: Token, state: str | None, mentions: dict[int, Mention]) -> Resolved | None:
        """ "his Turkish counterpart": the holder, in that state, of the office of the antecedent of "his"."""
        owner = child(token, "nmod:poss")
        mention = mentions.get(owner.i) if owner is not None else None
        if mention is None or state is None or len(mention.keys) != 1 or self._discourse.current is None:
            return None
        index = self._discourse.current.passage.index
        for office in self._holders.offices_of(mention.keys[0], index):
            person = self._holders.holder(office, state, index, _REACH)
            if person is not None and person != mention.keys[0]:
                return (person,), "counterpart"
        return (state,), "counterpart"
