"""Resolve metonyms: a capital that acts stands for its government ("Lima rejected the offer"); in "met in Lima" it is a place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.facts import Kind
from kg.language.coreference.grammar import SUBJECTS, child, conjunct_head
from kg.language.gazetteer.knowledge_files import read_table
from kg.language.gazetteer.names import bare_title
from kg.language.gazetteer.world import Gazetteer
from kg.language.reading import Mention, PassageDoc

_HYPHENS = frozenset("-–")


class Metonyms:
    """Decides for every mention of a seat of government whether it refers to the city or the government."""

    def __init__(self, gazetteer: Gazetteer):
        self._gazetteer = gazetteer
        self._lists = {name: frozenset(words) for name, words in read_table("metonyms").items()}

    def apply(self, passages: Sequence[PassageDoc], kinds: Mapping[str, Kind]) -> list[PassageDoc]:
        """Return the passages with mentions of acting capitals changed to their states; ``named`` keeps the city.

        Passages on antiquity stay as they are: the states of today had no seat there.
        """
        if self._is_ancient(passages):
            return list(passages)
        counts = Counter(key for p in passages for m in p.mentions for key in m.keys)
        latest: list[str] = []
        result = []
        for passage in passages:
            mentions = []
            towns = {m.start for m in passage.mentions if len(m.keys) == 1 and self._is_mere_town(m.keys[0], kinds)}
            for mention in passage.mentions:
                state = self._government(passage.doc, mention, kinds, latest, counts)
                if state is not None and _is_beside(passage.doc[mention.start : mention.end].root, towns):
                    state = None
                if state is not None:
                    mention = replace(mention, keys=(state,), rule="metonym", named=mention.keys)
                latest += [k for k in mention.keys if kinds.get(k) in (Kind.STATE, Kind.INSTITUTION) and not mention.named]
                mentions.append(mention)
            result.append(replace(passage, mentions=tuple(mentions)))
        return result

    def _government(self, doc: Doc, mention: Mention, kinds: Mapping[str, Kind], latest: Sequence[str], counts: Counter[str]) -> str | None:
        if len(mention.keys) != 1 or kinds.get(mention.keys[0]) is not Kind.PLACE or mention.attributive:
            return None
        seats = [s for s in self._gazetteer.seat_of(bare_title(mention.keys[0])) if self._is_meant(s, counts)]
        if not seats or not self._acts(doc[mention.start : mention.end].root, doc):
            return None
        return self._choose(seats, latest, counts)

    def _is_ancient(self, passages: Sequence[PassageDoc]) -> bool:
        """Whether more years before than after Christ are mentioned."""
        before = sum(p.passage.text.count(f" {sign}") for p in passages for sign in self._lists["before_christ"])
        return before > sum(len(p.times) for p in passages)

    def _is_mere_town(self, key: str, kinds: Mapping[str, Kind]) -> bool:
        """Whether a place is no seat of a government."""
        return kinds.get(key) is Kind.PLACE and not self._gazetteer.seat_of(bare_title(key))

    def _is_meant(self, seat: str, counts: Counter[str]) -> bool:
        """Whether a city may stand for a government; for an organization only if the article mentions it ("New York" is not the UN)."""
        return self._gazetteer.entries[seat].kind is Kind.STATE or counts[seat] > 0

    def _choose(self, seats: Sequence[str], latest: Sequence[str], counts: Counter[str]) -> str:
        """Choose among several governments with this seat: the one mentioned last before, else the most frequent, else the first of
        the table."""
        for key in reversed(latest):
            if key in seats:
                return key
        return max(seats, key=lambda key: (counts[key], -seats.index(key)))

    def _acts(self, token: Token, doc: Doc) -> bool:
        """Whether the head word that governs a city's name shows that its government is meant."""
        if self._in_compound(token, doc):
            return True
        token = conjunct_head(token)
        head = token.head
        lemma = head.lemma_.lower()
        if token.dep_ in SUBJECTS or token.dep_ in ("obj", "iobj"):
            return self._verb(token, head, lemma)
        if token.dep_ == "nmod:poss":
            return lemma in self._lists["noun"]
        case = child(token, "case")
        return case is not None and self._preposition(case.lower_, head.pos_ in ("VERB", "AUX"), lemma)

    def _verb(self, token: Token, head: Token, lemma: str) -> bool:
        if token.dep_ == "iobj":
            return True
        if token.dep_ != "nsubj":
            return lemma in self._lists["object"] and lemma not in self._lists["never"]
        if head.pos_ in ("VERB", "AUX"):
            return lemma not in self._lists["place"]
        return lemma in self._lists["predicate"]

    def _preposition(self, case: str, verbal: bool, lemma: str) -> bool:
        lists = self._lists
        if case == "by":
            return True
        if case == "of":
            return not verbal and lemma in lists["noun"]
        if case == "to":
            return verbal and lemma in lists["to"]
        if case not in lists["preposition"]:
            return False
        return (lemma in lists["with"] and case != "between") if verbal else (lemma in lists["between"] or lemma in lists["noun"])

    def _in_compound(self, token: Token, doc: Doc) -> bool:
        """ "Lima–Quito talks": joined by a hyphen, before a noun for something between governments."""
        joined = any(0 <= i < len(doc) and doc[i].text in _HYPHENS for i in (token.i - 1, token.i + 1))
        if not joined:
            return False
        return any(t.lemma_.lower() in self._lists["between"] for t in doc[token.i + 1 : token.i + 5])


def _is_beside(city: Token, towns: Collection[int]) -> bool:
    """Whether a city is coordinated with a place that is no seat: "Brussels and Antwerp agreed"."""
    first = conjunct_head(city)
    return any(t.i in towns for t in (first, *(c for c in first.children if c.dep_ == "conj")) if t.i != city.i)


def seats_used(passages: Iterable[PassageDoc]) -> set[str]:
    """Return the states to which acting capitals resolve."""
    return {key for p in passages for m in p.mentions if m.rule == "metonym" for key in m.keys}
