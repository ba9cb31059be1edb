"""Parses and lemmas from a trained pipeline with less work around the arithmetic than spaCy's own components do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import LEMMA, ORTH
from spacy.language import Language
from spacy.pipeline import DependencyParser
from spacy.pipeline.edit_tree_lemmatizer import EditTreeLemmatizer
from spacy.tokens import Doc

Floats = NDArray[np.float32]
Chosen = tuple[NDArray[np.intp], list[int]]
"""Positions in a Doc, and the lemma for each as a hash."""

STEPWISE: Final = "entente_parser"
_ROWS: Final = 96
"""Words whose scores for all edit trees are computed at a time: 1 MB for 2,500 trees."""
_TOGETHER: Final = 256
_REMEMBERED: Final = 50_000


class StepwiseParser(DependencyParser):
    """A greedy parser that takes its steps from Python.

    spaCy's own loop gives the interpreter's lock away, and each addition of a vector inside it takes the lock and gives it back: half of
    the time. The steps themselves stay spaCy's.
    """

    def predict(self, docs: Sequence[Doc]) -> list[Any]:
        """The parser's final state for each Doc."""
        states: list[Any] = self.moves.init_batch(docs)
        unfinished = [state for state in states if not state.is_final()]
        steps: Any = self.model.predict(docs) if unfinished else None
        while unfinished:
            unfinished = self.transition_states(unfinished, steps.predict(unfinished))
        return states

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """The Docs, in their order, parsed; so many at a time, where spaCy takes a quarter: a step costs the same for many as for few."""
        return cast(Iterator[Doc], super().pipe(stream, batch_size=4 * min(batch_size, _TOGETHER)))


@Language.factory(STEPWISE, assigns=["token.dep", "token.head", "token.is_sent_start", "doc.sents"])
def make_stepwise(nlp: Language, name: str) -> StepwiseParser:
    """A parser with the weights and the moves of the pipeline's own one."""
    parser: Any = nlp.get_pipe("parser")
    settings = {key: value for key, value in parser.cfg.items() if key != "moves"}
    return StepwiseParser(parser.vocab, parser.model, name, parser.moves, scorer=parser.scorer, **settings)


def quicken_parser(nlp: Language) -> bool:
    """Put a stepwise parser in the place of a greedy one; False, and nothing changed, where the pipeline's searches with a beam."""
    parser: Any = nlp.get_pipe("parser")
    if type(parser) is not DependencyParser or parser.cfg["beam_width"] != 1 or parser.model.ops.name != "numpy":
        return False
    nlp.add_pipe(STEPWISE, after="parser")
    nlp.remove_pipe("parser")
    nlp.rename_pipe(STEPWISE, "parser")
    return True


class QuickLemmas:
    """Predicts the lemmas of those words alone that have none yet."""

    def __init__(self, component: EditTreeLemmatizer) -> None:
        output = component.model.get_ref("output_layer")
        self._component = component
        self._weights = np.ascontiguousarray(np.asarray(output.get_param("W")).T)
        self._bias = np.asarray(output.get_param("b"))
        self._scores = np.zeros((_ROWS, len(self._bias)), dtype=np.float32)
        self._lemmas: dict[tuple[int, int], int] = {}

    def predict(self, docs: Sequence[Doc]) -> list[Chosen]:
        """For each Doc the words without a lemma, and their lemmas; Docs hold the vectors of their words."""
        if len(self._lemmas) > _REMEMBERED:
            self._lemmas.clear()
        lacking = [np.flatnonzero(doc.to_array(LEMMA) == 0) for doc in docs]
        vectors = [doc.tensor[positions] for doc, positions in zip(docs, lacking, strict=True) if len(positions)]
        trees = iter(self._trees(np.concatenate(vectors)) if vectors else ())
        found = []
        for doc, positions in zip(docs, lacking, strict=True):
            words = doc.to_array(ORTH)[positions].tolist()
            found.append((positions, [self._lemma(next(trees), word) for word in words]))
        return found

    def set_annotations(self, docs: Sequence[Doc], chosen: Sequence[Chosen]) -> None:
        """Gives the words of the Docs the lemmas that ``predict`` found."""
        for doc, (positions, lemmas) in zip(docs, chosen, strict=True):
            if lemmas:
                column = doc.to_array(LEMMA)
                column[positions] = lemmas
                doc.from_array([LEMMA], column.reshape(-1, 1))  # type: ignore[arg-type]

    def _trees(self, vectors: Floats) -> list[int]:
        labels = self._component.cfg["labels"]
        trees: list[int] = []
        for start in range(0, len(vectors), _ROWS):
            rows = vectors[start : start + _ROWS]
            scores = self._scores[: len(rows)]
            np.matmul(rows, self._weights, out=scores)
            scores += self._bias
            trees += [labels[index] for index in scores.argmax(axis=1).tolist()]
        return trees

    def _lemma(self, tree: int, word: int) -> int:
        found = self._lemmas.get((tree, word))
        if found is None:
            strings = self._component.vocab.strings
            lemma = self._component.trees.apply(tree, strings[word])
            found = self._lemmas[tree, word] = word if lemma is None else strings.add(lemma) if lemma else 0
        return found


def quicken_lemmas(component: EditTreeLemmatizer) -> bool:
    """Let the lemmatiser work on words without a lemma only; False, and nothing changed, where it is to do something else."""
    plain = component.top_k == 1 and component.backoff == "orth" and not component.overwrite and component.model.ops.name == "numpy"
    names = [node.name.partition("(")[0] for node in component.model.walk(order="dfs_pre")][1:]
    if not plain or names != ["tok2vec-listener", "with_array", "softmax"]:
        return False
    quick, changed = QuickLemmas(component), cast(Any, component)
    changed.predict, changed.set_annotations = quick.predict, quick.set_annotations
    return True
