"""The reader that spaCy's training loop draws its examples from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import DocBin
from spacy.training import Example

from kg.language.training.evaluate import unparsed


@spacy.registry.readers("entente.SentenceReader.v1")
def sentence_reader(path: Path) -> Callable[[Language], Iterator[Example]]:
    """Reads a DocBin; the predicted side is tokenised by the pipeline, or as in the gold where that has tokens with spaces."""

    def read(nlp: Language) -> Iterator[Example]:
        for reference in DocBin().from_disk(path).get_docs(nlp.vocab):
            yield Example(unparsed(nlp, reference), reference)

    return read
