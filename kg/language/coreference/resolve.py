"""Resolve the pronouns and descriptions of an article, token by token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from kg.facts import Kind
from kg.language.coreference.descriptions import Descriptions
from kg.language.coreference.discourse import SentenceHistory
from kg.language.coreference.groups import Groups
from kg.language.coreference.holders import Holders
from kg.language.coreference.pairs import pair_noun, resolve_each_other, resolve_latter, resolve_pair
from kg.language.coreference.pronouns import resolve_pronoun
from kg.language.coreference.role_nouns import RoleNouns
from kg.language.coreference.unnamed_bodies import PlainBodies
from kg.language.coreference.wordlists import CorefWords, coref_words
from kg.language.reading import Mention, PassageDoc

Resolved = tuple[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Cast:
    """The entities of an article: ``kinds`` and ``names`` (all forms) by key, ``heads`` the head nouns of their titles, ``owners`` the
    states of institutions, ``bodies`` the institution by (body, state), ``titled`` the two states in the name of an agreement or
    event, ``topic`` the person whose biography the article is, ``subject`` the agreement that it is about."""

    kinds: Mapping[str, Kind]
    names: Mapping[str, Sequence[str]]
    heads: Mapping[str, frozenset[str]]
    owners: Mapping[str, str]
    bodies: Mapping[tuple[str, str], str]
    titled: Mapping[str, tuple[str, str]]
    topic: str | None
    subject: str | None = None


def resolve_article(passages: Sequence[PassageDoc], cast: Cast) -> list[tuple[Mention, ...]]:
    """Return the mentions of each passage with those added by coreference, by position."""
    words = coref_words()
    holders = Holders(words, cast.kinds)
    holders.read(passages)
    discourse = SentenceHistory(cast.kinds, cast.titled, cast.topic, by_section=len({p.sides for p in passages}) > 1)
    resolver = _Resolver(words, discourse, holders, cast)
    return [resolver.passage(p) for p in passages]


class _Resolver:
    """Maintains the discourse of one article while its passages are read in order."""

    def __init__(self, words: CorefWords, discourse: SentenceHistory, holders: Holders, cast: Cast):
        self._words, self._discourse, self._holders = words, discourse, holders
        self._roles = RoleNouns(words, holders, discourse)
        self._descriptions = Descriptions(words, discourse, cast.names, cast.heads, cast.subject)
        self._groups = Groups(words, discourse)
        self._bodies = PlainBodies(discourse, holders, cast.owners, cast.bodies, words.open)

    def passage(self, passage: PassageDoc) -> tuple[Mention, ...]:
        self._discourse.begin(passage)
        by_token = {i: m for m in passage.mentions for i in range(m.start, m.end)}
        for mention in passage.mentions:
            self._discourse.add(mention)
        added = []
        for token in passage.doc:
            if token.i in by_token:
                continue
            self._groups.note(token)
            found = self._resolve(token, by_token)
            if found is not None:
                mention = Mention(token.i, token.i + 1, found[0], found[1], coreferent=True)
                by_token[token.i] = mention
                added.append(mention)
                self._discourse.add(mention)
        return tuple(sorted([*passage.mentions, *added], key=lambda m: m.start))

    def _resolve(self, token: Token, mentions: dict[int, Mention]) -> Resolved | None:
        lower = token.lower_
        if lower in self._words.pronouns:
            return resolve_pronoun(token, self._discourse, self._words)
        if lower in ("other", "another") and token.i and token.nbor(-1).lower_ in ("each", "one"):
            return resolve_each_other(token, self._discourse)
        if lower in ("latter", "former") and token.dep_ != "amod" and token.i and token.nbor(-1).lower_ == "the":
            return resolve_latter(token, self._discourse)
        if lower == "there" and token.dep_ == "advmod":
            return self._there(token)
        sort = pair_noun(token, self._words)
        if sort is not None:
            found = resolve_pair(token, sort, self._discourse, self._holders, self._words)
            return self._bodies.of_states(token, found) if found is not None and sort == "institution" else found
        if token.pos_ not in ("NOUN", "PROPN"):
            return None
        return self._groups.resolve(token) or self._noun(token, mentions)

    def _there(self, token: Token) -> Resolved | None:
        """ "there": the place mentioned last in the sentence; a state only if there is no place."""
        here = [r for r in self._discourse.before(token) if len(r.keys) == 1 and not r.attributive and r.rule != "metonym"]
        for kind in (Kind.PLACE, Kind.STATE):
            located = [r for r in here if self._discourse.is_kind(r, (kind,))]
            if located:
                return located[-1].keys, "there"
        return None

    def _noun(self, token: Token, mentions: dict[int, Mention]) -> Resolved | None:
        lemma = token.lemma_.lower()
        if lemma in self._words.neighbours:
            return self._neighbour(token, mentions)
        found = self._roles.resolve(token, mentions) or self._roles.own_country(token, mentions)
        if found is None and lemma in self._words.bodies:
            found = self._bodies.resolve(token)
        if found is None and lemma in self._words.definite:
            found = self._descriptions.resolve(token, mentions)
        return found or self._descriptions.by_head(token)

    def _neighbour(self, token: Token, mentions: dict[int, Mention]) -> Resolved | None:
        """ "its neighbour" in an article on two states: the other one."""
        pair = self._discourse.pair
        owner = next((mentions[c.i] for c in token.children if c.dep_ == "nmod:poss" and c.i in mentions), None)
        if not pair or owner is None or token.morph.get("Number", []) == ["Plur"] or len(owner.keys) != 1 or owner.keys[0] not in pair:
            return None
        return (pair[1] if owner.keys[0] == pair[0] else pair[0],), "neighbour"
