"""A capital that acts is its government: "Lima rejected the offer", "talks between Lima and Quito"; "met in Lima" is a place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.facts import Kind
from kg.language.coreference.tree import SUBJECTS, child, conjunct_head
from kg.language.gazetteer import Gazetteer
from kg.language.knowledge_files import read_table
from kg.language.names import bare_title
from kg.language.reading import Mention, PassageDoc

_HYPHENS = frozenset("-–")
_NOT_ACTING = frozenset({"nsubj:pass"})


class Metonyms:
    """Decides for every mention of a seat of government whether the city or the government is meant."""

    def __init__(self, gazetteer: Gazetteer):
        self._gazetteer = gazetteer
        self._lists = {name: frozenset(words) for name, words in read_table("metonyms").items()}

    def apply(self, passages: Sequence[PassageDoc], kinds: Mapping[str, Kind]) -> list[PassageDoc]:
        """The passages with the mentions of acting capitals turned to their states; ``named`` keeps the city."""
        counts = Counter(key for p in passages for m in p.mentions for key in m.keys)
        latest: list[str] = []
        result = []
        for passage in passages:
            mentions = []
            for mention in passage.mentions:
                state = self._government(passage.doc, mention, kinds, latest, counts)
                if state is not None:
                    mention = replace(mention, keys=(state,), rule="metonym", named=mention.keys)
                latest += [k for k in mention.keys if kinds.get(k) in (Kind.STATE, Kind.INSTITUTION) and not mention.named]
                mentions.append(mention)
            result.append(replace(passage, mentions=tuple(mentions)))
        return result

    def _government(self, doc: Doc, mention: Mention, kinds: Mapping[str, Kind], latest: Sequence[str], counts: Counter[str]) -> str | None:
        if len(mention.keys) != 1 or kinds.get(mention.keys[0]) is not Kind.PLACE or mention.attributive:
            return None
        seats = self._gazetteer.seat_of(bare_title(mention.keys[0]))
        if not seats or not self._acts(doc[mention.start : mention.end].root, doc):
            return None
        return self._choose(seats, latest, counts)

    def _choose(self, seats: Sequence[str], latest: Sequence[str], counts: Counter[str]) -> str:
        """Of several governments that sit there, the one named last before; else the one named most; else the first of the table."""
        for key in reversed(latest):
            if key in seats:
                return key
        return max(seats, key=lambda key: (counts[key], -seats.index(key)))

    def _acts(self, token: Token, doc: Doc) -> bool:
        """Whether the word that governs a city's name makes it a government."""
        if self._in_compound(token, doc):
            return True
        token = conjunct_head(token)
        head = token.head
        lemma = head.lemma_.lower()
        case = child(token, "case")
        if token.dep_ in SUBJECTS or token.dep_ in ("obj", "iobj"):
            return self._verb(token, lemma)
        if token.dep_ == "nmod:poss":
            return lemma in self._lists["noun"]
        if case is None or case.lower_ not in self._lists["preposition"] | {"of"}:
            return False
        if case.lower_ == "by":
            return any(lemma in self._lists[name] for name in ("subject", "object", "noun"))
        if case.lower_ == "of":
            return lemma in self._lists["noun"] and token.dep_ == "nmod"
        return lemma in self._lists["between"] or lemma in self._lists["noun"] or (lemma in self._lists["subject"] and case.lower_ != "between")

    def _verb(self, token: Token, lemma: str) -> bool:
        if lemma in self._lists["never"]:
            return False
        if token.dep_ == "nsubj":
            return lemma in self._lists["subject"]
        return lemma in self._lists["object"]

    def _in_compound(self, token: Token, doc: Doc) -> bool:
        """ "Lima–Quito talks": joined by a hyphen, before a noun for what governments have with each other."""
        joined = any(0 <= i < len(doc) and doc[i].text in _HYPHENS for i in (token.i - 1, token.i + 1))
        if not joined:
            return False
        return any(t.lemma_.lower() in self._lists["between"] for t in doc[token.i + 1 : token.i + 5])


def seats_used(passages: Iterable[PassageDoc]) -> set[str]:
    """The states that acting capitals lead to."""
    return {key for p in passages for m in p.mentions if m.rule == "metonym" for key in m.keys}
