"""Measures a pipeline on gold sentences: one sentence a document, the pipeline's own tokenisation."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from kg.language.parsing.pipeline import merged_norm, one_sentence

NAME_LABELS = ("PER", "ORG", "LOC")


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1, without punctuation for attachment; ``names`` is F of PER, ORG and LOC, None where the gold has no names."""

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


def evaluate(nlp: Language, gold: Sequence[Doc]) -> Figures:
    """Parses the gold documents anew and compares."""
    bare = [unparsed(nlp, reference) for reference in gold]
    began = time.perf_counter()
    parsed = list(nlp.pipe(bare, batch_size=256))
    seconds = time.perf_counter() - began
    examples = [Example(predicted, reference) for predicted, reference in zip(parsed, gold, strict=True)]
    scores = Scorer(nlp).score(examples)
    return Figures(
        sentences=len(examples),
        tag=scores["tag_acc"],
        uas=scores["dep_uas"],
        las=scores["dep_las"],
        lemma=scores["lemma_acc"],
        names=names_f(examples),
        single_root=sum(len(list(doc.sents)) == 1 for doc in parsed) / max(1, len(parsed)),
        words_per_second=sum(map(len, parsed)) / seconds,
    )


def names_f(examples: Iterable[Example]) -> float | None:
    """F of the names labelled PER, ORG or LOC, or None where the gold has no names at all."""
    right = found = there = 0
    for example in examples:
        gold = {(ent.start_char, ent.end_char, ent.label_) for ent in example.reference.ents if ent.label_ in NAME_LABELS}
        ours = {(ent.start_char, ent.end_char, ent.label_) for ent in example.predicted.ents if ent.label_ in NAME_LABELS}
        right, found, there = right + len(gold & ours), found + len(ours), there + len(gold)
    return 2 * right / (found + there) if there else None


def unparsed(nlp: Language, reference: Doc) -> Doc:
    """A gold document without its annotation: tokenised by the pipeline, or as in the gold where that has tokens with spaces."""
    if any(" " in token.text for token in reference):
        words, spaces = [token.text for token in reference], [bool(token.whitespace_) for token in reference]
        doc = Doc(nlp.vocab, words=words, spaces=spaces)
        for token in doc:
            if " " in token.text:
                token.norm_ = merged_norm(token.text)
        return one_sentence(doc)
    return one_sentence(nlp.make_doc(reference.text))
