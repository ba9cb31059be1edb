"""The recogniser as a component of a spaCy pipeline: sets the names of a Doc, and stores itself in half precision."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import ensure_path, minibatch
from spacy.vocab import Vocab
from thinc.api import Model

from kg.language.parsing.recogniser.features import Codes, WordCodes, WordTable, in_sentence
from kg.language.parsing.recogniser.network import chain_params, chain_scores, network
from kg.language.parsing.recogniser.tags import Floats, best_tags, padded, spans

FACTORY = "entente_names"
_BATCH = 256
# sentences that go through the network side by side: as many as fit into the processor's nearer caches
_TOGETHER = 32
# width and depth of the network until the one on disk is read
_SMALLEST = (8, 1)


class NameRecogniser:
    """Marks the names of people, organizations, places and other things; every Doc is taken as one sentence.

    Its weights are random until it is trained or read from disk. The network is laid out for the vectors that the vocabulary then has.
    """

    def __init__(self, vocab: Vocab, table: WordTable, width: int, depth: int) -> None:
        self.vocab = vocab
        self._build(table, width, depth)

    def _build(self, table: WordTable, width: int, depth: int) -> None:
        self.table, self.codes, self.width, self.depth = table, WordCodes(table), width, depth
        self.network = network(self.vocab, width, depth)
        self.scores: Callable[[Sequence[Codes]], Floats] = self._scores
        self.chain = chain_scores()

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with its names set."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _BATCH) -> Iterator[Doc]:
        """The Docs, in their order, with their names set."""
        for docs in minibatch(stream, size=batch_size):
            found = self.names([in_sentence(self.codes(doc)) for doc in docs])
            for doc, names in zip(docs, found, strict=True):
                doc.set_ents([Span(doc, start, end, label) for start, end, label in names])
                yield doc

    def names(self, sentences: Sequence[Codes]) -> list[list[tuple[int, int, str]]]:
        """First word, the word after the last and label of the names in sentences that are given as the codes of their words."""
        order = sorted((index for index, codes in enumerate(sentences) if len(codes)), key=lambda index: len(sentences[index]))
        found: list[list[tuple[int, int, str]]] = [[] for _ in sentences]
        for start in range(0, len(order), _TOGETHER):
            chosen = order[start : start + _TOGETHER]
            lengths = [len(sentences[index]) for index in chosen]
            table = padded(self.scores([sentences[index] for index in chosen]), lengths)
            for index, tags in zip(chosen, best_tags(table, lengths, *chain_params(self.chain)), strict=True):
                found[index] = spans(tags)
        return found

    def _scores(self, sentences: Sequence[Codes]) -> Floats:
        """The scores of the tags for the words of all sentences, one below the other."""
        return np.asarray(self.network.predict(list(sentences)).data)

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        """Writes the weights (in half precision), the table of words and the sizes of the network into a folder."""
        folder = ensure_path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cfg").write_text(json.dumps({"width": self.width, "depth": self.depth}) + "\n", encoding="utf-8")
        self.table.write(folder / "words.npz")
        weights = {name: np.asarray(node.get_param(param), dtype=np.float16) for name, node, param in self._weights()}
        np.savez_compressed(folder / "weights.npz", allow_pickle=False, **weights)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> NameRecogniser:  # noqa: ARG002
        """Reads what ``to_disk`` wrote; the word vectors are the vocabulary's."""
        folder = ensure_path(path)
        sizes = json.loads((folder / "cfg").read_text(encoding="utf-8"))
        self._build(WordTable.read(folder / "words.npz"), sizes["width"], sizes["depth"])
        with np.load(folder / "weights.npz") as weights:
            for name, node, param in self._weights():
                node.set_param(param, weights[name].astype(np.float32))
        return self

    def _weights(self) -> Iterator[tuple[str, Model[Any, Any], str]]:
        nodes = (*self.network.walk(), *self.chain.walk())
        return ((f"{index}-{param}", node, param) for index, node in enumerate(nodes) for param in node.param_names)


@Language.factory(FACTORY, assigns=["doc.ents", "token.ent_iob", "token.ent_type"])
def make_recogniser(nlp: Language, name: str) -> NameRecogniser:  # noqa: ARG001
    """A recogniser for a pipeline, to be filled by ``from_disk`` or by training."""
    return NameRecogniser(nlp.vocab, WordTable.empty(), *_SMALLEST)


def recogniser_of(nlp: Language) -> NameRecogniser:
    """The recogniser of a pipeline, which must have one."""
    found = nlp.get_pipe("ner")
    if not isinstance(found, NameRecogniser):
        raise TypeError(f"The component 'ner' is a {type(found).__name__}, no recogniser of this package.")
    return found
