"""Resolve group descriptions: "the guarantors" for X, Y and Z, which "became its guarantors" earlier."""

from __future__ import annotations

from spacy.tokens import Token

from kg.facts import Kind
from kg.language.coreference.discourse import Referent, SentenceHistory
from kg.language.coreference.grammar import child, clause, conjunct_head, determiner, noun_head
from kg.language.coreference.wordlists import CorefWords

Resolved = tuple[tuple[str, ...], str]
_AGENTS = (Kind.PERSON, Kind.STATE, Kind.INSTITUTION)
_REACH = 12


class Groups:
    """The groups of one article so far, by the lemma of the plural noun that names them."""

    def __init__(self, words: CorefWords, discourse: SentenceHistory):
        self._words, self._discourse = words, discourse
        self._known: dict[str, tuple[str, ...]] = {}

    def note(self, token: Token) -> None:
        """Record a group: a plural noun that is predicated of, or in apposition to, several named entities names them from then on."""
        if token.pos_ != "NOUN" or token.lemma_.lower() not in self._words.grouping or not _is_plural(token):
            return
        members = self._subjects(token) if self._is_predicate(token) else self._apposed(token)
        if len(members) > 1:
            self._known[token.lemma_.lower()] = members

    def resolve(self, token: Token) -> Resolved | None:
        """Return (keys, rule) for "the guarantors", "the four states"; a number must be the size of the group."""
        if determiner(token) != "the" or not _is_plural(token) or _is_narrowed(token):
            return None
        number = child(token, "nummod")
        count = self._words.numbers.get(number.lower_) if number is not None else None
        keys = self._known.get(token.lemma_.lower(), ())
        if not keys and count is not None and self._words.pair.get(token.lemma_.lower()) == "state":
            keys = self._together(count)
        fits = bool(keys) and (number is None or count == len(keys))
        return (keys, "group") if fits else None

    def _is_predicate(self, token: Token) -> bool:
        copular = any(c.dep_ == "cop" for c in token.children)
        return copular or (token.dep_ in ("xcomp", "obj") and token.head.lemma_.lower() in self._words.becoming)

    def _subjects(self, token: Token) -> tuple[str, ...]:
        verb = token if any(c.dep_ == "cop" for c in token.children) else token.head
        own = [r for r in self._agents() if r.subject and clause(r.token).i == verb.i]
        return self._discourse.group(own[0], self._discourse.before(token)) if own else ()

    def _apposed(self, token: Token) -> tuple[str, ...]:
        """ "its guarantors, X, Y and Z"."""
        names = [r for r in self._agents() if noun_head(conjunct_head(r.token)).i == token.i and r.token.i > token.i]
        current = self._discourse.current
        return self._discourse.group(names[0], current.referents) if names and current is not None else ()

    def _agents(self) -> list[Referent]:
        current = self._discourse.current
        referents = current.referents if current is not None else []
        return [r for r in referents if not r.attributive and self._discourse.is_kind(r, _AGENTS)]

    def _together(self, count: int) -> tuple[str, ...]:
        """Return the states of that number that were last mentioned together, or else as a group."""
        current = self._discourse.current
        sentences = [*([current] if current is not None else []), *self._discourse.previous(_REACH, same=lambda passage: passage.section)]
        for sentence in sentences:
            for referent in reversed(sentence.referents):
                if self._discourse.is_kind(referent, (Kind.STATE,)) and not referent.attributive:
                    keys = self._discourse.group(referent, sentence.referents)
                    if len(keys) == count:
                        return keys
        groups = [g for g in self._known.values() if len(g) == count and all(self._discourse.kind(key) is Kind.STATE for key in g)]
        return groups[-1] if groups else ()


def _is_plural(token: Token) -> bool:
    return token.pos_ == "NOUN" and token.morph.get("Number", []) == ["Plur"]


def _is_narrowed(token: Token) -> bool:
    """Whether a modifier restricts the group: "the mediators of Chile"; modifiers of place or time do not."""
    of = any((case := child(c, "case")) is not None and case.lower_ == "of" for c in token.children if c.dep_ == "nmod")
    return of or child(token, "nmod:poss", "acl", "amod") is not None
