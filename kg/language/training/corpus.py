"""The reader that spaCy's training loop draws its examples from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example


@spacy.registry.readers("entente.SentenceReader.v1")
def sentence_reader(path: Path) -> Callable[[Language], Iterator[Example]]:
    """Reads a DocBin; the predicted side is tokenised by the pipeline, or as in the gold where that has tokens with spaces."""

    def read(nlp: Language) -> Iterator[Example]:
        for reference in DocBin().from_disk(path).get_docs(nlp.vocab):
            yield Example(_unparsed(nlp, reference), reference)

    return read


def _unparsed(nlp: Language, reference: Doc) -> Doc:
    if any(" " in token.text for token in reference):
        return Doc(nlp.vocab, words=[token.text for token in reference], spaces=[bool(token.whitespace_) for token in reference])
    return nlp.make_doc(reference.text)
