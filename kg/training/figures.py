"""Measure a model on gold sentences, as printed by ``entente train --measure``.

Tags, trees, lemmas and names are measured from raw text, with the pipeline's own tokenization, one sentence per Doc; propositions
with gold tokens.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Token
from spacy.training import Example

from kg.language.encoder.component import NAME, Encoder
from kg.language.encoder.dictionary import dictionary_lemma
from kg.language.encoder.lemma_edits import apply_script
from kg.language.encoder.propositions import propositions
from kg.language.encoder.runtime import SentenceScores
from kg.training.label_inventory import CORE
from kg.training.sources.conllu import GoldSentence
from kg.training.sources.gold_docs import to_doc, unread

NAME_LABELS = ("PER", "ORG", "LOC")
WORD_CLASSES = {"VERB": "verbs", "AUX": "verbs", "NOUN": "nouns", "PROPN": "nouns", "ADJ": "adjectives"}


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1, punctuation excluded from attachment; ``names`` is F of PER, ORG and LOC, None if the gold has no names."""

    sentences: int
    tag: float
    uas: float
    las: float
    lemma: float
    names: float | None
    single_root: float
    words_per_second: float

    def __str__(self) -> str:
        """The figures in one line, as percentages."""
        shares = {"tag": self.tag, "UAS": self.uas, "LAS": self.las, "lemma": self.lemma, "names F": self.names}
        said = ", ".join(f"{name} {share:.1%}" for name, share in shares.items() if share is not None)
        return f"{said}; {self.words_per_second:,.0f} words a second on {self.sentences:,} sentences"


def evaluate(nlp: Language, gold: Sequence[GoldSentence]) -> Figures:
    """Parse the gold sentences anew and compare."""
    references = [to_doc(sentence, nlp.vocab) for sentence in gold]
    bare = [unread(nlp, reference) for reference in references]
    began = time.process_time()
    read = list(nlp.pipe(bare, batch_size=256))
    seconds = time.process_time() - began
    examples = [Example(predicted, reference) for predicted, reference in zip(read, references, strict=True)]
    scores = Scorer.score_token_attr(examples, "tag") | Scorer.score_token_attr(examples, "lemma")
    scores |= Scorer.score_deps(examples, "dep", getter=_relation, ignore_labels=("punct",))
    return Figures(
        sentences=len(examples),
        tag=scores["tag_acc"],
        uas=scores["dep_uas"],
        las=scores["dep_las"],
        lemma=scores["lemma_acc"],
        names=names_f(examples),
        single_root=sum(len(list(doc.sents)) == 1 for doc in read) / max(1, len(read)),
        words_per_second=sum(map(len, read)) / seconds,
    )


def _relation(token: Token, attribute: str) -> str:
    return str(token.vocab.strings[getattr(token, attribute)]).lower()


def names_f(examples: Iterable[Example]) -> float | None:
    """Return F of the names labelled PER, ORG or LOC, or None if the gold has no names at all."""
    right = found = there = 0
    for example in examples:
        gold = {(ent.start_char, ent.end_char, ent.label_) for ent in example.reference.ents if ent.label_ in NAME_LABELS}
        ours = {(ent.start_char, ent.end_char, ent.label_) for ent in example.predicted.ents if ent.label_ in NAME_LABELS}
        right, found, there = right + len(gold & ours), found + len(ours), there + len(gold)
    return 2 * right / (found + there) if there else None


@dataclass(slots=True)
class MatchCounts:
    """Counts of items found, of gold items, and of those in both."""

    right: int = 0
    found: int = 0
    there: int = 0

    def add(self, found: Set[Any], there: Set[Any]) -> None:
        """Count two sets."""
        self.right, self.found, self.there = self.right + len(found & there), self.found + len(found), self.there + len(there)

    @property
    def f(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return 2 * self.right / max(1, self.found + self.there)


@dataclass(slots=True)
class PropositionFigures:
    """F of predicates, of arguments with gold predicates (all; ARG0 to ARG2), of ARG0 to ARG2 end to end; accuracy of senses with gold
    predicates."""

    predicates: MatchCounts = field(default_factory=MatchCounts)
    arguments: MatchCounts = field(default_factory=MatchCounts)
    core: MatchCounts = field(default_factory=MatchCounts)
    end_to_end: MatchCounts = field(default_factory=MatchCounts)
    senses: MatchCounts = field(default_factory=MatchCounts)

    def __str__(self) -> str:
        """The figures in one line, as percentages."""
        rows = {
            "predicates F": self.predicates, "arguments F": self.arguments, "ARG0–2 F": self.core,
            "end to end": self.end_to_end, "senses": self.senses,
        }  # fmt: skip
        return ", ".join(f"{name} {tally.f:.1%}" for name, tally in rows.items()) + f" ({self.predicates.there:,} predicates)"


def evaluate_propositions(nlp: Language, gold: Iterable[GoldSentence]) -> dict[str, PropositionFigures]:
    """Return the figures of the sentences with propositions: for all predicates, verbs, nouns and adjectives (by gold tag)."""
    encoder = nlp.get_pipe(NAME)
    assert isinstance(encoder, Encoder)
    annotated = [sentence for sentence in gold if sentence.propositions is not None]
    pieces = [encoder.model.pieces.sentence([word.form for word in sentence.words]) for sentence in annotated]
    figures: dict[str, PropositionFigures] = {"all": PropositionFigures()}
    for sentence, scores in zip(annotated, encoder.model.network.read(pieces), strict=True):
        classes = [WORD_CLASSES.get(word.upos, "others") for word in sentence.words]
        for kind in sorted(set(classes)):
            chosen = {index for index, found in enumerate(classes) if found == kind}
            _compare(encoder, sentence, scores, chosen, figures.setdefault(kind, PropositionFigures()))
        _compare(encoder, sentence, scores, set(range(len(classes))), figures["all"])
    return figures


def _compare(encoder: Encoder, sentence: GoldSentence, scores: SentenceScores, chosen: set[int], figures: PropositionFigures) -> None:
    there = {p.predicate: p for p in sentence.propositions or () if p.predicate in chosen}
    said = {index for index in chosen if scores.predicate[index]}
    figures.predicates.add(said, set(there))
    model, labels = encoder.model, encoder.model.labels
    lemmas = list(_lemmas(encoder, sentence, scores))
    for found in propositions(scores, lemmas, labels.roles, model.rolesets, predicates=sorted(said | set(there))):
        at = found.predicate
        ours = {(argument.label, argument.head) for argument in found.arguments}
        theirs = set(there[at].arguments) if at in there else set()
        if at in there:
            figures.arguments.add(ours, theirs)
            figures.core.add(_core(ours), _core(theirs))
            figures.senses.add({found.roleset}, {there[at].roleset})
        figures.end_to_end.add(_core(ours) if at in said else set(), _core(theirs))


def _core(arguments: set[tuple[str, int]]) -> set[tuple[str, int]]:
    return {argument for argument in arguments if argument[0] in CORE}


def _lemmas(encoder: Encoder, sentence: GoldSentence, scores: SentenceScores) -> Iterator[str]:
    labels = encoder.model.labels
    for index, word in enumerate(sentence.words):
        pos = labels.morphs[scores.morph[index]].partition("|")[0]
        known = dictionary_lemma(word.form, pos, labels.tags[scores.tag[index]])
        yield known if known is not None else apply_script(word.form, labels.lemmas[scores.lemma[index]])
