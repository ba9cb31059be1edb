"""Match verbs, nouns and adjectives of a sentence with entries of the lexicon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from spacy.tokens import Token

from kg.extraction.frames.entries import AdjectiveEntry, NounEntry, VerbEntry
from kg.extraction.frames.fillers import Fillers
from kg.extraction.syntax.dependencies import antecedent, children, is_passive, noun_conjuncts, preposition
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.logical_arguments import LogicalArgument
from kg.extraction.syntax.mending import is_counted
from kg.extraction.syntax.phrases import NounPhrase, PhraseRestriction, Preposition, is_preposition
from kg.extraction.syntax.quotations import Quotation

PLURALS = frozenset({"NNS", "NNPS"})
MODIFIERS = ("amod", "compound", "nmod:desc", "nummod", "nmod:poss")


def lemma(token: Token) -> str:
    """Return the lemma as spelt in the lexicon."""
    return token.lemma_.lower()


def noun_phrase(token: Token, fillers: Fillers) -> NounPhrase:
    """Return what the lexicon may test in the noun phrase around ``token``; a relative pronoun is read as its antecedent."""
    noun = antecedent(token) or token
    if noun.i not in fillers.phrases:
        fillers.phrases[noun.i] = _read_phrase(noun, fillers)
    return fillers.phrases[noun.i]


def _read_phrase(noun: Token, fillers: Fillers) -> NounPhrase:
    head, within = _words_of_name(noun)
    around = (lemma(m) for c in children(noun, *MODIFIERS) for m in (c, *children(c, "conj", "compound")))
    complements = ((preposition(c), noun_conjuncts(c)) for c in children(noun, "nmod"))
    return NounPhrase(
        head=head,
        modifiers=frozenset([*within, *around]),
        complements=frozenset((marker, lemma(n)) for marker, nouns in complements for n in nouns),
        kinds=fillers.kinds(noun),
    )


def _words_of_name(noun: Token) -> tuple[str, list[str]]:
    """Return head noun and modifiers of a name that is one token ("Supreme Court of X" → court, supreme), else the lemma."""
    words = noun.text.lower().split() if " " in noun.text else ()
    if len(words) < 2:
        return lemma(noun), []
    end = next((i for i, word in enumerate(words) if i and is_preposition(word)), len(words))
    return words[end - 1], words[: end - 1]


@dataclass(frozen=True)
class Clause:
    """A verb with its logical arguments, as tested by the lexicon's restrictions."""

    verb: Token
    arguments: Sequence[LogicalArgument]
    fillers: Fillers
    quotations: Sequence[Quotation]
    _phrases: dict[str, list[NounPhrase]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def matches(self, entry: VerbEntry) -> bool:
        """Whether the clause satisfies all restrictions of the entry."""
        return (
            self._particle(entry)
            and (entry.voice is None or (entry.voice == "passive") == is_passive(self.verb))
            and not (entry.intransitive and self.phrases("obj"))
            and not (entry.several and not self._several_subjects())
            and self._admits(entry.object, "obj", optional=entry.optional_object)
            and not self._excluded(entry.not_object, "obj")
            and self._admits(entry.subject, "subj")
            and not self._excluded(entry.not_subject, "subj")
            and (entry.complement is None or self._complement(entry.complement))
            and all(self._preposition(p) for p in entry.prepositions)
            and (entry.clause is None or self._clause(entry.clause))
        )

    def phrases(self, position: str) -> list[NounPhrase]:
        """Return the noun phrases in a position, conjuncts separately; a title before a name is one of its own ("ambassador X")."""
        if position not in self._phrases:
            self._phrases[position] = self._read_phrases(position)
        return self._phrases[position]

    def _read_phrases(self, position: str) -> list[NounPhrase]:
        tokens = [t for a in self.arguments if a.position == position for t in noun_conjuncts(a.token)]
        tokens += [c for t in tokens for c in children(antecedent(t) or t, "nmod:desc") if c.pos_ == "NOUN"]
        return [noun_phrase(t, self.fillers) for token in tokens for t in with_measured(token, self.fillers)]

    def _several_subjects(self) -> bool:
        """Whether there are several actors: a list, a plural, or a description of several."""
        subjects = [a.token for a in self.arguments if a.position == "subj"]
        named = [self.fillers.mention(t) for t in subjects]
        plural = any(len(noun_conjuncts(t)) > 1 or t.tag_ in PLURALS or t.lower_ == "they" for t in subjects)
        return plural or any(m is not None and len(m.keys) > 1 for m in named)

    def _particle(self, entry: VerbEntry) -> bool:
        if not entry.particle:
            return not self._particles
        return not (self._particles | self._adverbs).isdisjoint(entry.particle)

    @cached_property
    def _particles(self) -> frozenset[str]:
        """Return the verb's particles; "up" before the number of its object is none."""
        particles = children(self.verb, "compound:prt")
        counted = bool(particles) and any(a.position == "obj" and is_counted(a.token) for a in self.arguments)
        return frozenset(() if counted else map(lemma, particles))

    @cached_property
    def _adverbs(self) -> frozenset[str]:
        """Return the adverb or preposition immediately after the verb, which may be its particle whatever its relation."""
        adverbs = [lemma(c) for c in children(self.verb, "advmod", "obl", "case") if c.i == self.verb.i + 1]
        after = self.verb.nbor() if self.verb.i + 1 < len(self.verb.doc) else None
        return frozenset([*adverbs, *([after.lower_] if after is not None and after.pos_ in ("ADP", "ADV") else [])])

    def _admits(self, words: PhraseRestriction | None, position: str, optional: bool = False) -> bool:
        if words is None:
            return True
        phrases = self.phrases(position)
        return any(words.admits(p) for p in phrases) if phrases else optional

    def _excluded(self, words: PhraseRestriction | None, position: str) -> bool:
        return words is not None and any(words.admits(p) for p in self.phrases(position))

    def _complement(self, words: PhraseRestriction) -> bool:
        """Return the predicate complement: "declared it void", "became president", "was elected chairman"."""
        tokens = [c for c in children(self.verb, "xcomp", "advcl") if c.pos_ != "VERB"]
        tokens += [a.token for a in self.arguments if a.position in ("as", "iobj", "obj")]
        tokens = [t for t in tokens if not self._is_superlative(t)]
        return any(words.admits(noun_phrase(t, self.fillers)) for token in tokens for t in noun_conjuncts(token))

    def _is_superlative(self, noun: Token) -> bool:
        """Whether "became the first president to visit X" is about an act rather than an office."""
        ordinal = any(lemma(c) in function_words("ordinals") for c in children(noun, "amod"))
        clauses = [*children(noun, "acl", "acl:relcl"), *children(self.verb, "xcomp", "advcl")]
        return ordinal and any(m.lower_ == "to" for c in clauses for m in children(c, "mark"))

    def _preposition(self, asked: Preposition) -> bool:
        outer = [a.token for a in self.arguments if a.position in asked.names]
        objects = [t for a in self.arguments if a.position in ("obj", "iobj") for t in noun_conjuncts(a.token)]
        inner = [c for t in objects for c in children(antecedent(t) or t, "nmod") if preposition(c) in asked.names]
        tokens = [t for token in (*outer, *inner) for t in noun_conjuncts(token)]
        return any(asked.words.admits(noun_phrase(t, self.fillers)) for t in tokens)

    def _clause(self, kind: str) -> bool:
        return bool(self._clauses) if kind == "any" else kind in self._clauses

    @cached_property
    def _clauses(self) -> frozenset[str]:
        """Return the kinds of clauses that the verb governs, as named in entries."""
        complements = children(self.verb, "ccomp", "xcomp", "advcl", "parataxis")
        clausal = [c for c in complements if c.dep_ in ("ccomp", "xcomp") and c.pos_ in ("VERB", "AUX", "ADJ", "NOUN")]
        to = [c for c in complements if any(m.lower_ == "to" for m in children(c, "mark")) and c.dep_ != "parataxis"]
        found = {
            "that": bool([c for c in clausal if c.dep_ == "ccomp" and c not in to]) or any(map(_opened_by_that, complements)),
            "to": bool(to),
            "ing": any(c.tag_ == "VBG" for c in complements if c.dep_ != "parataxis"),
            "quote": self._quotes(),
        }
        return frozenset(kind for kind, there in found.items() if there)

    def _quotes(self) -> bool:
        if not self.quotations:
            return False
        low = min(t.i for t in self.verb.subtree)
        high = max(t.i for t in self.verb.subtree)
        return any(low - 2 <= q.start and q.end <= high + 3 for q in self.quotations)


def with_measured(noun: Token, fillers: Fillers) -> list[Token]:
    """Return a noun and, if it only counts or measures, its complement: "20 tons of wheat", "part of the aid"."""
    noun = antecedent(noun) or noun
    if not fillers.lexicon.is_partitive(lemma(noun)):
        return [noun]
    measured = [c for c in children(noun, "nmod") if preposition(c) == "of"]
    return [noun, *(t for c in measured for n in noun_conjuncts(c) for t in with_measured(n, fillers))]


def _opened_by_that(clause: Token) -> bool:
    """Whether a clause is a "that" clause, whatever its relation."""
    return any(m.lower_ == "that" for m in children(clause, "mark"))


def verb_entry(clause: Clause, entries: Iterable[VerbEntry]) -> VerbEntry | None:
    """Return the most specific entry that the clause satisfies."""
    return next((e for e in entries if clause.matches(e)), None)


def noun_entry(noun: Token, fillers: Fillers, light: str | None = None) -> NounEntry | None:
    """Return the most specific entry for an event noun, with the light verb ``light`` or alone."""
    phrase = noun_phrase(noun, fillers)
    for entry in fillers.lexicon.nouns_by_lemma.get(lemma(noun), ()):
        usable = entry.alone if light is None else light in entry.light or light in entry.inverse
        if usable and any(p.matches(phrase) for p in entry.patterns) and _has_prepositions(entry, noun, fillers):
            return entry
    return None


def _has_prepositions(entry: NounEntry, noun: Token, fillers: Fillers) -> bool:
    for asked in entry.prepositions:
        places = [*children(noun, "nmod"), *(c for c in children(noun.head, "obl") if c != noun)]
        tokens = [t for c in places if preposition(c) in asked.names for t in noun_conjuncts(c)]
        if not any(asked.words.admits(noun_phrase(t, fillers)) for t in tokens):
            return False
    return True


def adjective_entry(token: Token, fillers: Fillers) -> AdjectiveEntry | None:
    """Return the entry of an adjective that is a predicate ("was critical of X")."""
    for entry in fillers.lexicon.adjectives_by_lemma.get(lemma(token), ()):
        if entry.category is None:
            continue
        asked = [
            any(p.words.admits(noun_phrase(c, fillers)) for c in children(token, "obl", "nmod") if preposition(c) in p.names)
            for p in entry.prepositions
        ]
        clausal = entry.clause is None or bool(children(token, "ccomp", "xcomp", "advcl"))
        if all(asked) and clausal:
            return entry
    return None
