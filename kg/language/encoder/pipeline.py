"""Load the pipeline that parses sentences: spaCy's tokenizer and vocabulary, and the encoder for everything else."""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.language.encoder.component import NAME, Encoder
from kg.language.encoder.folder import load_model
from kg.language.encoder.tokenizer import NAME as TOKENIZER

SHIPPED = Path(__file__).resolve().parent / "model"
WHOLE = "one_sentence"


@Language.component(WHOLE)
def one_sentence(doc: Doc) -> Doc:
    """The same Doc, told that it is a single sentence, which the encoder then leaves whole."""
    for token in doc:
        token.is_sent_start = token.i == 0
    return doc


@Language.factory(NAME, default_config={"folder": str(SHIPPED)})
def make_encoder(nlp: Language, name: str, folder: str) -> Encoder:  # noqa: ARG001
    """An encoder with the model of a folder, for a pipeline."""
    return Encoder(nlp.vocab, load_model(Path(folder)))


def load_pipeline(folder: str | Path | None = None) -> Language:
    """The pipeline with the model of that folder, None for the shipped one.

    Each Doc is read as one sentence, unless the component "one_sentence" is removed; then sentences begin where the Doc says so. ``pipe``
    takes texts, or Docs whose tokens may be names of several words. Raises PipelineError where the folder holds no model.
    """
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    nlp.add_pipe(WHOLE)
    nlp.add_pipe(NAME, config={"folder": str(SHIPPED if folder is None else folder)})
    return nlp
