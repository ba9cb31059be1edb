"""Load the parsing pipeline: spaCy's tokenizer and vocabulary, and the encoder for everything else."""

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
    """Mark a Doc as a single sentence, which the encoder then does not split."""
    for token in doc:
        token.is_sent_start = token.i == 0
    return doc


@Language.factory(NAME, default_config={"folder": str(SHIPPED)})
def make_encoder(nlp: Language, name: str, folder: str) -> Encoder:  # noqa: ARG001
    """Create an encoder with the model of a folder, for a pipeline."""
    return Encoder(nlp.vocab, load_model(Path(folder)))


def load_pipeline(folder: str | Path | None = None) -> Language:
    """Load the pipeline with the model of that folder, None for the shipped one.

    Each Doc is parsed as one sentence, unless the component "one_sentence" is removed; then the Doc's sentence starts apply.
    ``pipe`` takes texts, or Docs whose tokens may be names of several words. Raises PipelineError if the folder contains no model.
    """
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    nlp.add_pipe(WHOLE)
    nlp.add_pipe(NAME, config={"folder": str(SHIPPED if folder is None else folder)})
    return nlp
