"""Definite descriptions: "the accord", "the war", "the court", "the country", "Kosovo's declaration of independence"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from spacy.tokens import Token

from kg.facts import Kind
from kg.language.coreference.discourse import Discourse, Sentence
from kg.language.coreference.lexicon import CorefWords
from kg.language.coreference.tree import determiner, modifiers
from kg.language.names import bare_title, fold, words as name_words
from kg.language.reading import Mention

Resolved = tuple[tuple[str, ...], str]
_POINTING = frozenset({"the", "this", "that", "these", "those"})
_REACH = 6
_SMALL = frozenset({"the", "of", "a", "an", "on", "in", "for", "to", "and", "'s", "’s", "between", "its", "their"})


class Descriptions:
    """Resolves descriptions of one article's entities. ``titles`` are the words of their names, lower case and folded."""

    def __init__(self, words: CorefWords, discourse: Discourse, names: Mapping[str, Sequence[str]]):
        self._words, self._discourse = words, discourse
        self._titles = {key: _title_words(forms) for key, forms in names.items()}

    def resolve(self, token: Token, mentions: dict[int, Mention]) -> Resolved | None:
        """(keys, rule) for a noun of ``definite``; notes agreements that are brought in without a name."""
        kind = self._words.definite[token.lemma_.lower()]
        word = determiner(token)
        owned = any(c.dep_ == "nmod:poss" for c in token.children)
        if word in self._words.indefinite or (not word and not owned):
            self._introduce(token, kind)
            return None
        if word not in _POINTING and not owned:
            return None
        described = self._described(token, kind, mentions)
        if described is not None:
            return (described,), "description"
        if owned or self._narrowed(token):
            return None
        return self._last(token, kind)

    def _introduce(self, token: Token, kind: Kind) -> None:
        """A new agreement without a name ("an agreement was reached"): later descriptions mean it, not one named before."""
        if kind is Kind.AGREEMENT and self._discourse.current is not None:
            self._discourse.current.introduced.add(kind)

    def _narrowed(self, token: Token) -> bool:
        return any(m.dep_ != "nummod" and m.lower_ not in self._words.open for m in modifiers(token))

    def _described(self, token: Token, kind: Kind, mentions: dict[int, Mention]) -> str | None:
        """The one entity of the kind whose name holds every word of the description ("Kosovo's declaration of independence")."""
        content = self._content(token, mentions)
        if len(content) < 2:
            return None
        fitting = [k for k, title in self._titles.items() if self._discourse.kind(k) is kind and any(content <= t for t in title)]
        return fitting[0] if len(fitting) == 1 else None

    def _content(self, token: Token, mentions: dict[int, Mention]) -> set[str]:
        content = {fold(token.lemma_).casefold()}
        for part in modifiers(token):
            if part.dep_ in ("acl", "acl:relcl", "advmod", "appos"):
                continue
            mention = mentions.get(part.i)
            if part.pos_ == "ADJ" and mention is None and part.dep_ == "amod":
                continue
            for piece in [part.text] if mention is None else [part.text, *(bare_title(k) for k in mention.keys)][1:]:
                content |= {fold(w).casefold() for w in name_words(piece) if w.casefold() not in _SMALL}
        return content

    def _last(self, token: Token, kind: Kind) -> Resolved | None:
        """The entity of the kind that was named last in the section and fits the noun."""
        assert self._discourse.current is not None
        current = self._discourse.current
        here = Sentence(current.passage, current.doc, self._discourse.before(token))
        for sentence in [here, *self._discourse.previous(_REACH, same=lambda passage: passage.section)]:
            keys = self._latest(sentence, token, kind)
            if keys:
                return keys, "definite"
            if kind in sentence.introduced:
                return None
        return None

    def _latest(self, sentence: Sentence, token: Token, kind: Kind) -> tuple[str, ...]:
        fitting = [r for r in sentence.referents if self._discourse.is_kind(r, (kind,)) and not r.attributive and self._fits(r.keys, token, kind)]
        if kind is Kind.STATE:
            subjects = [r for r in fitting if r.subject and len(r.keys) == 1]
            only = {r.keys for r in fitting}
            return subjects[-1].keys if subjects else fitting[0].keys if len(only) == 1 and len(fitting[0].keys) == 1 else ()
        if not fitting:
            return ()
        plural = token.morph.get("Number") == ["Plur"]
        return self._discourse.group(fitting[-1], sentence.referents) if plural and kind is Kind.AGREEMENT else fitting[-1].keys

    def _fits(self, keys: Iterable[str], token: Token, kind: Kind) -> bool:
        """Whether a noun may name them again: an institution or event must have the noun in its name, an agreement and a state need not."""
        if kind in (Kind.AGREEMENT, Kind.STATE):
            return True
        lemma = fold(token.lemma_).casefold()
        return any(lemma in title or f"{lemma}s" in title for key in keys for title in self._titles.get(key, ()))


def _title_words(forms: Iterable[str]) -> list[set[str]]:
    """For each form of a name the set of its words, with plural "s" removed as well as kept, so that lemmas are found."""
    sets = []
    for form in forms:
        parts = {fold(w).casefold().removesuffix("'s") for w in name_words(form.replace("–", " ").replace("-", " "))}
        sets.append(parts | {p.removesuffix("s") for p in parts})
    return sets
