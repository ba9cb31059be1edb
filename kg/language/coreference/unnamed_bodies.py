"""Resolve public bodies mentioned without a state: "the government", "told parliament"."""

from __future__ import annotations

from collections.abc import Mapping

from spacy.tokens import Token

from kg.facts import Kind
from kg.language.coreference.discourse import Referent, Sentence, SentenceHistory
from kg.language.coreference.grammar import SUBJECTS, child, determiner, modifiers
from kg.language.coreference.holders import Holders

Resolved = tuple[tuple[str, ...], str]
_REACH = 3


class PlainBodies:
    """Resolves words for public bodies to the body, or else the state, that the text is about."""

    def __init__(
        self,
        discourse: SentenceHistory,
        holders: Holders,
        owners: Mapping[str, str],
        bodies: Mapping[tuple[str, str], str],
        open_words: frozenset[str],
    ):
        """``owners`` maps institutions to states, ``bodies`` (body, state) to the article's entity; ``open_words`` do not restrict a
        noun."""
        self._discourse, self._holders, self._owners, self._bodies, self._open = discourse, holders, owners, bodies, open_words

    def resolve(self, token: Token) -> Resolved | None:
        """Return (keys, rule) for a word like "government", "parliament"; None if it is restricted or its state is uncertain."""
        lemma = token.lemma_.lower()
        if token.morph.get("Number", []) == ["Plur"] or determiner(token) not in ("the", "") or child(token, "nmod:poss") is not None:
            return None
        if not determiner(token) and (lemma != "parliament" or token.dep_ in ("compound", "nmod")):
            return None
        if any(m.lower_ not in self._open for m in modifiers(token)):
            return None
        state = self._state(token)
        if state is None:
            return None
        return (self._bodies.get((lemma, state), state),), "body"

    def of_states(self, token: Token, found: Resolved) -> Resolved:
        """ "both parliaments": the bodies of the states found, if the article mentions them."""
        lemma = token.lemma_.lower()
        return tuple(self._bodies.get((lemma, key), key) for key in found[0]), found[1]

    def _state(self, token: Token) -> str | None:
        """Return the state of the last subject before the word, in this sentence or a recent one of its section."""
        current = self._discourse.current
        assert current is not None
        here = Sentence(current.passage, current.doc, self._discourse.before(token))
        for sentence in [here, *self._discourse.previous(_REACH, same=lambda passage: passage.section)]:
            for referent in sorted(sentence.referents, key=lambda r: -r.token.i):
                state = self._of(referent) if referent.subject or referent.token.dep_ in SUBJECTS else None
                if state is not None:
                    return state
        return None

    def _of(self, referent: Referent) -> str | None:
        if len(referent.keys) != 1:
            return None
        key = referent.keys[0]
        kind = self._discourse.kind(key)
        if kind is Kind.STATE:
            return key
        return self._owners.get(key) if kind is Kind.INSTITUTION else self._holders.country.get(key)
