"""Role nouns without a name: "the President", "Kosovo's foreign minister", "his Turkish counterpart", "the Armenian minister"."""

from __future__ import annotations

from spacy.tokens import Token

from kg.facts import Kind
from kg.language.coreference.discourse import PERSONAL, Discourse
from kg.language.coreference.holders import Holders
from kg.language.coreference.lexicon import CorefWords
from kg.language.coreference.tree import child, determiner
from kg.language.reading import Mention

Resolved = tuple[tuple[str, ...], str]
_REACH = 12
_PLAIN_REACH = 6


class Roles:
    """Resolves role nouns of one article."""

    def __init__(self, words: CorefWords, holders: Holders, discourse: Discourse):
        self._words, self._holders, self._discourse = words, holders, discourse

    def resolve(self, token: Token, mentions: dict[int, Mention]) -> Resolved | None:
        """(keys, rule) for a role noun; ``mentions`` are those of the passage by token. None where a name stands beside it, or nobody is known."""
        if self._named(token, mentions):
            return None
        state = self._state(token, mentions)
        if token.lemma_.lower() in self._words.counterparts:
            return self._counterpart(token, state, mentions)
        office = self._office(token)
        short = token.lemma_.lower() in self._words.short_roles
        if office is None and not short:
            return None
        if token.morph.get("Number") == ["Plur"]:
            return None
        if state is None and determiner(token) != "the":
            return None
        return self._holder(token, office, state)

    def _named(self, token: Token, mentions: dict[int, Mention]) -> bool:
        """Whether a name stands beside the noun: "President X", "the ambassador, X"; or it is part of a bigger phrase."""
        beside = [c for c in token.children if c.dep_ in ("appos", "flat", "nmod:desc")]
        if any(c.i in mentions and not mentions[c.i].attributive for c in beside) or token.dep_ in ("appos", "flat", "compound", "nmod:desc"):
            return True
        after = mentions.get(token.i + 1)
        return after is not None and self._is_person(after)

    def _is_person(self, mention: Mention) -> bool:
        return all(self._discourse.kind(key) is Kind.PERSON for key in mention.keys)

    def _state(self, token: Token, mentions: dict[int, Mention]) -> str | None:
        """The state whose office it is, by a nationality word, a possessor or a complement with "of"."""
        for c in token.children:
            mention = mentions.get(c.i)
            if c.dep_ in ("amod", "compound", "nmod:poss", "nmod", "nmod:desc") and mention is not None and len(mention.keys) == 1:
                case = child(c, "case")
                if self._discourse.kind(mention.keys[0]) is Kind.STATE and (c.dep_ != "nmod" or (case is not None and case.lower_ == "of")):
                    return mention.keys[0]
        return None

    def _office(self, token: Token) -> int | None:
        """The office of a role noun with the words that belong to it ("prime", "foreign", "of foreign affairs")."""
        head = token.lower_ if token.lower_ in self._words.offices else token.lemma_.lower()
        before = [t.lower_ for t in token.doc[max(0, token.i - 2) : token.i]]
        for size in (2, 1):
            wording = " ".join([*before[-size:], head]) if len(before) >= size else ""
            if wording in self._words.offices:
                return self._words.offices[wording]
        after = token.doc[token.i : token.i + 4].text.casefold()
        longer = [w for w in self._words.offices if " of " in w and after.startswith(w)]
        if longer:
            return self._words.offices[max(longer, key=len)]
        narrowed = any(c.dep_ in ("compound", "amod") and c.i == token.i - 1 and not c.ent_type_ and c.pos_ == "NOUN" for c in token.children)
        return None if narrowed else self._words.offices.get(head)

    def _holder(self, token: Token, office: int | None, state: str | None) -> Resolved | None:
        assert self._discourse.current is not None
        index = self._discourse.current.passage.index
        if office is not None:
            person = self._holders.holder(office, state, index, _REACH if state else _PLAIN_REACH)
            if person is not None and (state is not None or self._lately(person)):
                return (person,), "role"
        elif state is not None:
            people = [r for r in self._recent() if self._holders.country.get(r) == state]
            if people:
                return (people[-1],), "role"
        return ((state,), "role") if state is not None else None

    def _recent(self) -> list[str]:
        """Persons of the sentences before, the latest last."""
        sentences = [*reversed(self._discourse.previous(2)), self._discourse.current]
        return [k for s in sentences if s is not None for r in s.referents if self._discourse.is_kind(r, PERSONAL) for k in r.keys]

    def _lately(self, person: str) -> bool:
        """Whether a person was named in this section not long ago."""
        near = self._discourse.previous(_PLAIN_REACH, same=lambda passage: passage.section)
        return any(person in r.keys for s in near for r in s.referents)

    def _counterpart(self, token: Token, state: str | None, mentions: dict[int, Mention]) -> Resolved | None:
        """ "his Turkish counterpart": the holder in that state of the office of whom "his" means."""
        owner = child(token, "nmod:poss")
        mention = mentions.get(owner.i) if owner is not None else None
        if mention is None or state is None or len(mention.keys) != 1 or self._discourse.current is None:
            return None
        index = self._discourse.current.passage.index
        for office in self._holders.offices_of(mention.keys[0], index):
            person = self._holders.holder(office, state, index, 2 * _REACH)
            if person is not None and person != mention.keys[0]:
                return (person,), "counterpart"
        return (state,), "counterpart"
