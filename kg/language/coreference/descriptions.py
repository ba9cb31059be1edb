"""Definite descriptions: "the accord", "the war", "the court", "the country", "Ghana's declaration of independence"."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from spacy.tokens import Token

from kg.facts import Kind
from kg.language.coreference.discourse import Sentence, SentenceHistory
from kg.language.coreference.grammar import SUBJECTS, child, clause, determiner, governing, is_subject, modifiers
from kg.language.coreference.wordlists import CorefWords
from kg.language.gazetteer.names import bare_title, fold, loose
from kg.language.gazetteer.names import words as split_words
from kg.language.reading import Mention

Resolved = tuple[tuple[str, ...], str]
_CLAUSES = ("acl", "acl:relcl", "advmod", "appos")
_OUTSIDE = (
    (frozenset({"in", "at", "near"}), frozenset({Kind.PLACE, Kind.STATE})),
    (frozenset({"to", "from", "before"}), frozenset({Kind.INSTITUTION})),
)
_POINTING = frozenset({"the", "this", "that", "these", "those"})
_REACH = 6
_SMALL = frozenset({"the", "of", "a", "an", "on", "in", "for", "to", "and", "'s", "’s", "between", "its", "their"})


class Descriptions:
    """Resolves definite descriptions of one article's entities, by their ``names`` (all forms) and ``heads`` (the head nouns of their
    titles).

    ``subject`` is what the article itself is about, if that is an entity.
    """

    def __init__(
        self,
        words: CorefWords,
        discourse: SentenceHistory,
        names: Mapping[str, Sequence[str]],
        heads: Mapping[str, frozenset[str]],
        subject: str | None,
    ):
        self._subject = subject
        self._words, self._discourse, self._heads = words, discourse, heads
        self._titles = {key: _title_words(forms) for key, forms in names.items()}
        self._forms = {loose(form): key for key in sorted(names) for form in names[key] if " " in form}

    def resolve(self, token: Token, mentions: dict[int, Mention]) -> Resolved | None:
        """Return (keys, rule) for a noun of ``definite``; record agreements that are introduced without a name."""
        kind = self._words.definite[token.lemma_.lower()]
        word = determiner(token)
        owned = any(c.dep_ == "nmod:poss" for c in token.children)
        if word in self._words.indefinite or (not word and not owned):
            self._introduce(kind)
            return None
        if word not in _POINTING and not owned:
            return None
        plural = token.morph.get("Number", []) == ["Plur"]
        described = None if plural and kind in (Kind.STATE, Kind.INSTITUTION) else self._described(token, kind, mentions)
        if described is not None:
            return (described,), "description"
        if owned or (plural and kind is not Kind.AGREEMENT and kind is not Kind.EVENT):
            return None
        open_words = self._words.open
        narrowing = [m for m in modifiers(token) if m.dep_ != "nummod" and m.lower_ not in open_words and not self._where(m, mentions)]
        if any(m.dep_ not in _CLAUSES for m in narrowing):
            return None
        other = self._other_side(token) if kind is Kind.STATE and not narrowing else None
        if other is not None:
            return (other,), "other-side"
        return self._last(token, kind, bool(narrowing))

    def by_head(self, token: Token) -> Resolved | None:
        """Return the only recently mentioned entity whose title has this head noun, whatever its class: "the declaration" may be an
        agreement."""
        lemma = token.lemma_.lower()
        if determiner(token) not in _POINTING or any(m.lower_ not in self._words.open for m in modifiers(token) if m.dep_ != "nummod"):
            return None
        after = token.doc[token.i + 1 : token.i + 3]
        if len(after) == 2 and after[0].lower_ in ("in", "of", "to", "at") and after[1].pos_ == "PROPN":
            return None  # "the embassy in X"
        assert self._discourse.current is not None
        here = Sentence(self._discourse.current.passage, self._discourse.current.doc, self._discourse.before(token))
        for sentence in [here, *self._discourse.previous(_REACH, same=lambda passage: passage.section)]:
            headed = [r for r in sentence.referents if len(r.keys) == 1 and not r.attributive and lemma in self._heads.get(r.keys[0], ())]
            if headed:
                return (headed[-1].keys, "headed") if len({r.keys for r in headed}) == 1 else None
        own = [key for key, heads in self._heads.items() if lemma in heads]
        named = self._discourse.recency(own) if len(own) == 1 else []
        return ((named[0],), "headed") if named else None

    def _where(self, modifier: Token, mentions: dict[int, Mention]) -> bool:
        """Whether a complement only gives a place or recipient ("the accord in Geneva", "the texts to the Senate"): it may as well
        modify the verb, and does not restrict the description."""
        case, mention = child(modifier, "case"), mentions.get(modifier.i)
        if case is None or mention is None or modifier.dep_ != "nmod":
            return False
        kinds = {self._discourse.kind(key) for key in mention.keys}
        return any(case.lower_ in words and kinds <= allowed for words, allowed in _OUTSIDE)

    def _introduce(self, kind: Kind) -> None:
        """Introduce a new agreement without a name ("an agreement was reached"): later descriptions refer to it, not to one named
        before."""
        if kind is Kind.AGREEMENT and self._discourse.current is not None:
            self._discourse.current.introduced.add(kind)

    def _described(self, token: Token, kind: Kind, mentions: dict[int, Mention]) -> str | None:
        """Return the only entity of the class whose name contains every word of the description ("Ghana's declaration of independence")."""
        content = self._content(token, mentions)
        if len(content) < 2:
            return None
        lemma = token.lemma_.lower()
        fitting = [k for k, titles in self._titles.items() if self._discourse.kind(k) is kind and any(content <= t for t in titles)]
        headed = [k for k in fitting if {lemma, f"{lemma}s"} & self._heads.get(k, frozenset())] or fitting
        return headed[0] if len(headed) == 1 else None

    def _content(self, token: Token, mentions: dict[int, Mention]) -> set[str]:
        content = {fold(token.lemma_).casefold()}
        for part in modifiers(token):
            mention = mentions.get(part.i)
            if part.dep_ in ("acl", "acl:relcl", "advmod", "appos") or (mention is None and part.pos_ == "ADJ"):
                continue
            if mention is not None and mention.coreferent:
                continue
            pieces = [part.text] if mention is None else [bare_title(key) for key in mention.keys]
            content |= {fold(w).casefold() for piece in pieces for w in split_words(piece) if w.casefold() not in _SMALL}
        return content

    def _last(self, token: Token, kind: Kind, narrowed: bool) -> Resolved | None:
        """Return the entity of the class mentioned last in the section that fits the noun; else the one in the section's heading.

        A description restricted by a clause ("the agreement reached in Geneva") has its antecedent in the previous sentence only.
        """
        assert self._discourse.current is not None
        current = self._discourse.current
        here = Sentence(current.passage, current.doc, self._discourse.before(token), current.introduced)
        topic = self._topic(kind, current.passage.section) or self._own(token, kind, narrowed)
        sentences = [here, *self._discourse.previous(_REACH, same=lambda passage: passage.section)]
        for distance, sentence in enumerate(sentences):
            if (narrowed or topic is not None) and distance > 1:
                break
            keys = self._latest(sentence, token, kind)
            if keys:
                return keys, "definite"
            ambiguous = kind is Kind.STATE and any(self._discourse.is_kind(r, (kind,)) and not r.attributive for r in sentence.referents)
            if ambiguous or kind in sentence.introduced:
                return None
        since = itertools.takewhile(lambda sentence: all(topic not in r.keys for r in sentence.referents), sentences)
        newer = any(kind in sentence.introduced for sentence in since)
        return ((topic,), "section") if topic is not None and not newer else None

    def _own(self, token: Token, kind: Kind, narrowed: bool) -> str | None:
        """Return the subject of the article, if it is of the class; for an event, only by the noun of its title ("the war")."""
        own = self._subject
        if own is None or narrowed or self._discourse.kind(own) is not kind:
            return None
        return own if kind is Kind.AGREEMENT or token.lemma_.lower() in self._heads.get(own, frozenset()) else None

    def _topic(self, kind: Kind, section: Sequence[str]) -> str | None:
        """Return the entity of the class in the heading of the section, or of an enclosing one."""
        forms = [(form, key) for form, key in self._forms.items() if kind is Kind.AGREEMENT and self._discourse.kind(key) is kind]
        for heading in reversed(section):
            found = {key for form, key in forms if form in loose(heading)}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def _other_side(self, token: Token) -> str | None:
        """Return the one of the section's two states that is not the subject of the noun's clause ("X left the country")."""
        if is_subject(token) or not self._discourse.pair:
            return None
        verb, verbs = clause(token), governing(token)
        while verb.dep_ == "conj" and child(verb, *SUBJECTS) is None:
            verb = verb.head
            verbs.add(verb.i)
        acting = [r for r in self._discourse.before(token) if r.subject and clause(r.token).i in verbs and not r.attributive]
        keys = {key for r in acting for key in r.keys}
        others = [side for side in self._discourse.pair if side not in keys]
        return others[0] if len(others) == 1 and len(keys) == 1 else None

    def _latest(self, sentence: Sentence, token: Token, kind: Kind) -> tuple[str, ...]:
        named = [r for r in sentence.referents if self._discourse.is_kind(r, (kind,)) and not r.attributive]
        fitting = [r for r in named if self._fits(r.keys, token, kind)]
        if kind is Kind.STATE:
            if any(r.subject and not r.attributive and self._discourse.is_kind(r, (Kind.PLACE,)) for r in sentence.referents):
                return ()  # a dependency, or another country that the gazetteer lists as a place
            only = {r.keys for r in fitting}
            return fitting[0].keys if len(only) == 1 and len(fitting[0].keys) == 1 else ()
        if not fitting:
            return ()
        plural = token.morph.get("Number", []) == ["Plur"]
        return self._discourse.group(fitting[-1], sentence.referents) if plural and kind is Kind.AGREEMENT else fitting[-1].keys

    def _fits(self, keys: Iterable[str], token: Token, kind: Kind) -> bool:
        """Whether a noun may refer to entities again: an institution or event must contain the noun in its name, an agreement or state
        need not."""
        if kind in (Kind.AGREEMENT, Kind.STATE):
            return True
        lemma = fold(token.lemma_).casefold()
        return any(lemma in title or f"{lemma}s" in title for key in keys for title in self._titles.get(key, ()))


def _title_words(forms: Iterable[str]) -> list[set[str]]:
    """Return the set of words of each form of a name, with plural "s" both removed and kept, so that lemmas match."""
    sets = []
    for form in forms:
        parts = {fold(w).casefold().removesuffix("'s") for w in split_words(form.replace("–", " ").replace("-", " "))}
        sets.append(parts | {p.removesuffix("s") for p in parts})
    return sets
