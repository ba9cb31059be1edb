"""Turns gold sentences into spaCy Docs, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from kg.language.training.conllu import Sentence, read_conllu, read_iob2
from kg.language.training.names import with_gum_names

TREEBANKS = ("ewt", "gum")


def sentences(treebanks: Path, treebank: str, part: str) -> Iterator[Sentence]:
    """The sentences of one treebank ("ewt", "gum", "pud") and part ("train", "dev", "test"), with names where they are annotated."""
    found = read_conllu(treebanks / treebank / f"{part}.conllu")
    if treebank == "gum":
        yield from (with_gum_names(sentence) for sentence in found)
    elif treebank == "ewt":
        names = read_iob2(treebanks / "uner-ewt" / f"{part}.iob2")
        yield from (replace(sentence, names=names.get(_key(sentence))) for sentence in found)
    else:
        yield from found


def to_doc(sentence: Sentence, vocab: Vocab) -> Doc:
    """A Doc with the sentence's tags, morphology, lemmas, tree and names; where names are unknown they count as missing."""
    words = sentence.words
    doc = Doc(
        vocab,
        words=[word.form for word in words],
        spaces=[word.space_after for word in words],
        tags=[word.xpos for word in words],
        pos=[word.upos for word in words],
        morphs=[word.feats for word in words],
        lemmas=[word.lemma for word in words],
        heads=[word.head for word in words],
        deps=[word.deprel if word.head != index else "ROOT" for index, word in enumerate(words)],
        sent_starts=[index == 0 for index in range(len(words))],
    )
    if sentence.names is None:
        doc.set_ents([], missing=[doc[:]])
    else:
        unsure = [doc[index : index + 1] for index in sorted(sentence.unsure)]
        doc.set_ents([Span(doc, name.start, name.end, name.label) for name in sentence.names], missing=unsure, default="outside")
    return doc


def _key(sentence: Sentence) -> tuple[str, ...]:
    return sentence.sent_id, *(word.form for word in sentence.words)
