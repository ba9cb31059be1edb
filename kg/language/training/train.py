"""Trains a pipeline from the treebanks: ``entente train --treebanks DIR --output DIR``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as run_training
from spacy.util import load_config
from thinc.api import fix_random_seed, use_ops

from kg.errors import EntenteError
from kg.language.parsing.pipeline import SHIPPED, load_pipeline
from kg.language.parsing.recogniser.component import FACTORY, NameRecogniser, recogniser_of
from kg.language.training.convert import TREEBANKS, sentences, to_doc
from kg.language.training.corpora import corpus_sentences
from kg.language.training.corpus import sentence_reader
from kg.language.training.evaluate import Figures, evaluate
from kg.language.training.prepare import Recipe, rounds, training_sentences, write_docs
from kg.language.training.recognise import settings, train_names
from kg.language.training.samples import samples
from kg.language.training.tokenizer import adapt
from kg.language.training.vectors import read_vectors, save, shrink, write_vectors
from kg.language.training.words import word_table

CONFIG = Path(__file__).resolve().parent / "config.cfg"
VECTOR_WORDS = 200_000
TABLE_WORDS = 340_000
VECTOR_ROWS = 30_000
SHIPPED_ROWS = 21_000
# the rows that the names know: the first of those shipped
NAMES_ROWS = 20_000
TESTS = (("pud", "test"), ("ewt", "test"), ("gum", "test"))


class TrainingError(EntenteError):
    """Training that cannot begin."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the data are. ``vectors``: a file of word vectors (see ``read_vectors``), None for the vectors and the table of words of the
    shipped pipeline; ``corpora``: the other corpora with names (see ``corpora.py``), None for none."""

    treebanks: Path
    vectors: Path | None = None
    corpora: Path | None = None


def train(sources: Sources, output: Path, *, config: Path = CONFIG, overrides: Mapping[str, Any] | None = None) -> dict[str, Figures]:
    """Converts the treebanks, trains the parse and the names, joins them in ``output/model`` and measures that.

    The parse learns from the training and development parts and is taken as it is after the last step; the names learn from the training
    parts and the other corpora. ``overrides`` change values of the parse's config by their dotted names ("training.max_steps").
    Takes hours on one core. The figures are returned by treebank and part.
    """
    _check(output)
    with tempfile.TemporaryDirectory() as scratch:
        paths = _prepare(sources, Path(scratch))
        data = {"paths.train": f"{scratch}/parse.spacy", **paths, **(overrides or {})}
        (output / "parse").mkdir(parents=True, exist_ok=True)
        nlp = init_nlp(load_config(config, overrides=data, interpolate=True))
        adapt(nlp)
        run_training(nlp, output / "parse", stdout=sys.stdout, stderr=sys.stderr)
    train_recogniser(sources, output)
    join(output / "parse" / "model-last", output / "names", output / "model")
    return measure(str(output / "model"), sources.treebanks)


def train_recogniser(sources: Sources, output: Path, chosen: Mapping[str, Any] | None = None) -> None:
    """Trains the names alone, over the shipped word vectors or those of ``sources``, and writes them into ``output/names``."""
    _check(output)
    chosen = chosen or settings()
    nlp = load_pipeline()
    table = recogniser_of(nlp).table
    if sources.vectors is not None:
        with tempfile.TemporaryDirectory() as scratch:
            write_vectors(read_vectors(sources.vectors, VECTOR_WORDS), NAMES_ROWS, Path(scratch))
            nlp = spacy.load(scratch)
            adapt(nlp)
        table = word_table(read_vectors(sources.vectors, TABLE_WORDS), NAMES_ROWS)
    fix_random_seed(chosen["training"]["seed"])
    with use_ops("numpy", use_blis=False):
        recogniser = NameRecogniser(nlp.vocab, table, **chosen["network"])
    recipe = Recipe.read()
    found = {treebank: list(training_sentences(sources.treebanks, recipe, chosen=(treebank,))) for treebank in TREEBANKS}
    if sources.corpora is not None:
        found["others"] = list(corpus_sentences(sources.corpora))
    corpora = {name: list(samples(some, nlp, recogniser.codes)) for name, some in found.items()}
    dev = list(samples(sentences(sources.treebanks, "ewt", "dev"), nlp, recogniser.codes))
    train_names(recogniser, corpora, dev, chosen)
    recogniser.to_disk(output / "names")


def join(parse: Path, names: Path, output: Path) -> None:
    """One pipeline of a parse, less its own names, and the folder of a recogniser; its word vectors are cut down to what is shipped."""
    nlp = spacy.load(parse, exclude=["ner"])
    adapt(nlp)
    shrink(nlp, SHIPPED_ROWS)
    nlp.add_pipe(FACTORY, name="ner")
    recogniser_of(nlp).from_disk(names)
    save(nlp, output)


def _check(output: Path) -> None:
    if output.resolve() == SHIPPED.resolve():
        raise TrainingError(f"{output} holds the shipped pipeline: train into another folder, measure, then copy.")


def _prepare(sources: Sources, scratch: Path) -> dict[str, str]:
    assert sentence_reader  # registered with spaCy by its import
    vocab, recipe = spacy.blank("en").vocab, Recipe.read()
    write_docs(rounds(sources.treebanks, recipe, ("train", "dev")), scratch / "parse.spacy", vocab)
    write_docs(list(sentences(sources.treebanks, "ewt", "dev"))[::2], scratch / "dev.spacy", vocab)
    if sources.vectors is not None:
        write_vectors(read_vectors(sources.vectors, VECTOR_WORDS), VECTOR_ROWS, scratch / "vectors")
    else:
        write_shipped_vectors(scratch / "vectors")
    return {"paths.dev": f"{scratch}/dev.spacy", "paths.vectors": f"{scratch}/vectors"}


def write_shipped_vectors(path: Path) -> None:
    """A blank pipeline in ``path`` with the vectors of the shipped one, in the full precision that training needs."""
    nlp = spacy.blank("en")
    nlp.vocab.vectors = load_pipeline().vocab.vectors
    save(nlp, path)


def measure(pipeline: str | None, treebanks: Path) -> dict[str, Figures]:
    """The figures of a pipeline (None: the shipped one) on the test parts, by name ("pud/test" …)."""
    nlp = load_pipeline(pipeline)
    return {f"{treebank}/{part}": evaluate(nlp, gold_docs(nlp, treebanks, treebank, part)) for treebank, part in TESTS}


def gold_docs(nlp: Language, treebanks: Path, treebank: str, part: str) -> list[Doc]:
    """The gold documents of one part of a treebank, in the pipeline's vocabulary."""
    return [to_doc(sentence, nlp.vocab) for sentence in sentences(treebanks, treebank, part)]
