"""Trains a pipeline from the treebanks: ``entente train --treebanks DIR --output DIR``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as run_training
from spacy.util import load_config

from kg.errors import EntenteError
from kg.language.pipeline import SHIPPED, load_pipeline
from kg.language.training.convert import sentences, to_doc
from kg.language.training.corpus import sentence_reader
from kg.language.training.evaluate import Figures, evaluate
from kg.language.training.prepare import Recipe, training_sentences, write_docs
from kg.language.training.tokenizer import adapt
from kg.language.training.vectors import read_vectors, shrink, write_vectors

CONFIG = Path(__file__).resolve().parent / "config.cfg"
NAMES_CONFIG = CONFIG.with_name("names.cfg")
VECTOR_WORDS = 120_000
VECTOR_ROWS = 30_000
SHIPPED_ROWS = 20_000
TESTS = (("pud", "test"), ("ewt", "test"), ("gum", "test"))


class TrainingError(EntenteError):
    """Training that cannot begin."""


def train(
    treebanks: Path,
    output: Path,
    *,
    config: Path = CONFIG,
    vectors: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> dict[str, Figures]:
    """Converts the treebanks, trains the parse and the names, joins them in ``output/model`` and measures that.

    The parse learns from the training and development parts and is taken as it is after the last step; the names learn from the training
    parts and are taken where they did best on EWT's development part. ``vectors`` is a file of word vectors (see ``read_vectors``), by
    default those of the shipped pipeline; ``overrides`` change values of both configs by their dotted names ("training.max_steps").
    Takes hours on one core. The figures are returned by treebank and part.
    """
    if output.resolve() == SHIPPED.resolve():
        raise TrainingError(f"{output} holds the shipped pipeline: train into another folder, measure, then copy.")
    assert sentence_reader  # registered with spaCy by its import
    with tempfile.TemporaryDirectory() as scratch:
        paths = _prepare(treebanks, Path(scratch), vectors)
        for name, chosen in (("parse", config), ("names", NAMES_CONFIG)):
            data = {"paths.train": f"{scratch}/{name}.spacy", **paths, **(overrides or {})}
            (output / name).mkdir(parents=True, exist_ok=True)
            nlp = init_nlp(load_config(chosen, overrides=data, interpolate=True))
            adapt(nlp)
            run_training(nlp, output / name, stdout=sys.stdout, stderr=sys.stderr)
    join(output / "parse" / "model-last", output / "names" / "model-best", output / "model")
    return measure(str(output / "model"), treebanks)


def join(parse: Path, names: Path, output: Path) -> None:
    """One pipeline of two: the names keep an embedding of their own, the word vectors are shared and cut down to what is shipped."""
    nlp, recogniser = spacy.load(parse), spacy.load(names)
    recogniser.replace_listeners("tok2vec", "ner", ["model.tok2vec"])
    nlp.add_pipe("ner", source=recogniser)
    shrink(nlp, SHIPPED_ROWS)
    nlp.to_disk(output)


def _prepare(treebanks: Path, scratch: Path, vectors: Path | None) -> dict[str, str]:
    vocab, recipe = spacy.blank("en").vocab, Recipe.read()
    write_docs(training_sentences(treebanks, recipe, ("train", "dev")), scratch / "parse.spacy", vocab)
    write_docs(training_sentences(treebanks, recipe), scratch / "names.spacy", vocab)
    write_docs(list(sentences(treebanks, "ewt", "dev"))[::2], scratch / "dev.spacy", vocab)
    source = SHIPPED
    if vectors is not None:
        source = scratch / "vectors"
        write_vectors(read_vectors(vectors, VECTOR_WORDS), VECTOR_ROWS, source)
    return {"paths.dev": f"{scratch}/dev.spacy", "paths.vectors": str(source)}


def measure(pipeline: str | None, treebanks: Path) -> dict[str, Figures]:
    """The figures of a pipeline (None: the shipped one) on the test parts, by name ("pud/test" …)."""
    nlp = load_pipeline(pipeline)
    return {f"{treebank}/{part}": evaluate(nlp, gold_docs(nlp, treebanks, treebank, part)) for treebank, part in TESTS}


def gold_docs(nlp: Language, treebanks: Path, treebank: str, part: str) -> list[Doc]:
    """The gold documents of one part of a treebank, in the pipeline's vocabulary."""
    return [to_doc(sentence, nlp.vocab) for sentence in sentences(treebanks, treebank, part)]
