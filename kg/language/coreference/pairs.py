"""Resolve descriptions of a pair: "the two sides", "both presidents", "each other", "the latter"."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from kg.facts import Kind
from kg.language.coreference.discourse import Referent, SentenceHistory
from kg.language.coreference.grammar import child, determiner, modifiers
from kg.language.coreference.holders import Holders
from kg.language.coreference.wordlists import CorefWords

Resolved = tuple[tuple[str, ...], str]
_KINDS = {"state": Kind.STATE, "official": Kind.PERSON, "person": Kind.PERSON, "institution": Kind.INSTITUTION}


def pair_noun(token: Token, words: CorefWords) -> str | None:
    """Return the class of pair that a word refers to ("state", "person", "institution"), or None."""
    lower = token.lower_
    if lower in words.collectives and determiner(token) == "the":
        return "person"
    if lower in ("both", "two") and token.pos_ in ("DET", "NUM", "PRON", "CCONJ"):
        return _alone(token)
    if token.pos_ not in ("NOUN", "PROPN"):
        return None
    sort = words.pair.get(token.lemma_.lower()) or words.pair.get(lower.removesuffix("s"))
    return sort if sort is not None and _two(token, words) else None


def _alone(token: Token) -> str | None:
    """ "both", "the two" without a noun: the pair mentioned last."""
    if token.dep_ in ("det", "nummod", "cc:preconj", "det:predet", "amod", "advmod"):
        return None
    return "any" if token.lower_ == "both" or determiner(token) == "the" else None


def _two(token: Token, words: CorefWords) -> bool:
    marks = {c.lower_ for c in token.children if c.dep_ in ("det", "nummod", "det:predet", "amod", "cc:preconj")}
    narrowing = [m for m in modifiers(token) if m.lower_ not in words.determiners and m.dep_ not in ("nummod",)]
    if any(m.dep_ in ("nmod", "acl", "acl:relcl", "nmod:poss") or m.pos_ == "PROPN" for m in narrowing):
        return False
    if marks == {"two"}:
        return child(token, "nmod:poss") is not None
    if marks & words.determiners:
        return True
    plural = token.morph.get("Number", []) == ["Plur"]
    return plural and token.lemma_.lower() in words.bare_pair and "the" in marks and not narrowing


def resolve_pair(token: Token, sort: str, discourse: SentenceHistory, holders: Holders, words: CorefWords) -> Resolved | None:
    """Return (keys, rule) for a description of two."""
    if sort == "official":
        heads = _heads(token, discourse, holders, words)
        if heads is not None:
            return heads, "two-holders"
    for kind in (Kind.STATE, Kind.PERSON) if sort == "any" else (_KINDS[sort],):
        keys = _last_two(token, kind, discourse)
        if keys is not None:
            return keys, "two-sides"
    if sort in ("official", "person") and Kind.PERSON in discourse.lead:
        return discourse.lead[Kind.PERSON], "two-sides"
    states = discourse.states
    return (states, "two-sides") if states and sort != "person" else None


def _heads(token: Token, discourse: SentenceHistory, holders: Holders, words: CorefWords) -> tuple[str, ...] | None:
    """ "the two presidents", "both leaders": of each of the two states the last named holder of such an office, if both are known."""
    states = discourse.states
    lemma = token.lemma_.lower()
    before = token.doc[token.i - 1].lower_ if token.i else ""
    wording = next((w for w in (f"{before} {lemma}", lemma) if w in words.offices), "")
    offices = words.leading if lemma == words.leader else {words.offices[wording]} if wording else frozenset()
    if not states or not offices:
        return None
    found = [discourse.recency(holders.of_state(offices, state)) for state in states]
    return tuple(people[0] for people in found) if all(found) else None


def _last_two(token: Token, kind: Kind, discourse: SentenceHistory) -> tuple[str, ...] | None:
    """Return the two of a class coordinated last, in this sentence or the previous one; else those in the name of an agreement in the
    sentence ("X–Y Trade Agreement"); else the only two there."""
    here = _of_kind(discourse.before(token), kind, discourse)
    earlier = [_of_kind(s.referents, kind, discourse) for s in discourse.previous(1)]
    for referents in (here, *earlier):
        groups = [discourse.group(r, referents) for r in referents]
        twos = [g for g in groups if len(g) == 2]
        if twos:
            return twos[-1]
    if kind is Kind.STATE:
        titled = [discourse.titled[key] for r in here for key in r.keys if key in discourse.titled]
        ahead = discourse.current.referents if discourse.current is not None else ()
        titled += [discourse.titled[key] for r in ahead for key in r.keys if key in discourse.titled]
        if titled:
            return titled[0]
        if discourse.pair:
            return None
    for referents in (here, *earlier):
        keys = tuple(dict.fromkeys(key for r in referents for key in r.keys))
        if len(keys) == 2:
            return keys
        if len(keys) > 2:
            return None
    return None


def _of_kind(referents: Sequence[Referent], kind: Kind, discourse: SentenceHistory) -> list[Referent]:
    return [r for r in referents if discourse.is_kind(r, (kind,)) and (kind is Kind.STATE or not r.attributive)]


def resolve_each_other(token: Token, discourse: SentenceHistory) -> Resolved | None:
    """ "each other": the subjects."""
    here = discourse.before(token)
    groups = [discourse.group(r, here) for r in here if r.subject and not r.attributive]
    several = [g for g in groups if len(g) > 1]
    return (several[-1], "reciprocal") if several else None


def resolve_latter(token: Token, discourse: SentenceHistory) -> Resolved | None:
    """ "the former", "the latter": of the last two mentioned together."""
    position = 0 if token.lower_ == "former" else 1
    for kind in (Kind.PERSON, Kind.STATE, Kind.INSTITUTION):
        keys = _last_two(token, kind, discourse)
        if keys is not None and not _more_kinds(token, kind, discourse):
            return (keys[position],), "latter"
    return None


def _more_kinds(token: Token, kind: Kind, discourse: SentenceHistory) -> bool:
    others = (Kind.PERSON, Kind.STATE, Kind.INSTITUTION)
    return any(_last_two(token, other, discourse) is not None for other in others if other is not kind)
