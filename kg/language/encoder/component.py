"""The encoder as a spaCy pipeline component: annotate Docs with tags, lemmas, dependency trees, names and propositions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, LEMMA, MORPH, POS, SENT_START, TAG
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.language.encoder.arborescence import best_tree
from kg.language.encoder.clauses import SIDE_BY_SIDE, crosses, kept_apart, separators
from kg.language.encoder.dictionary import dictionary_lemma
from kg.language.encoder.folder import Model
from kg.language.encoder.lemma_edits import apply_script
from kg.language.encoder.propositions import Proposition, propositions
from kg.language.encoder.runtime import SentenceScores
from kg.language.encoder.segmentation import cut, sentence_spans

NAME = "encoder"
"""The name of the component in the pipeline, and of its factory."""
DOCS_AT_ONCE = 256
_ATTRIBUTES = [TAG, POS, MORPH, LEMMA, HEAD, DEP, ENT_IOB, ENT_TYPE]
_BEGINS, _GOES_ON, _NONE = 3, 1, 2
"""spaCy's codes for the positions in a name."""
JOINED = "parataxis"
"""The relation of the root of a later part of a sentence that was split because of its length."""


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """A parsed sentence: parallel rows of its words' label numbers; heads are tokens of the Doc, a root is its own head."""

    start: int
    tags: Sequence[int]
    morphs: Sequence[int]
    relations: Sequence[int]
    heads: NDArray[np.intp]
    names: Sequence[tuple[int, int, str]]
    lemmas: Sequence[str]
    propositions: tuple[Proposition, ...]


@dataclass
class Encoder:
    """Annotates Docs; ``doc._.propositions`` and its other attributes are described in ``kg/language/encoder/README.md``."""

    vocab: Vocab
    model: Model
    _tags: list[int] = field(init=False)
    _pos: list[int] = field(init=False)
    _pos_names: list[str] = field(init=False)
    _morphs: list[int] = field(init=False)
    _relations: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Look up the labels in the vocabulary."""
        add, labels = self.vocab.strings.add, self.model.labels
        self._tags = [add(tag) for tag in labels.tags]
        split = [morph.partition("|") for morph in labels.morphs]
        self._pos_names = [pos for pos, _, _ in split]
        self._pos = [add(pos) for pos in self._pos_names]
        self._morphs = [self.vocab.morphology.add(features) for _, _, features in split]
        self._relations = [add("ROOT" if relation == "root" else relation) for relation in labels.relations]
        if not Doc.has_extension("propositions"):
            Doc.set_extension("propositions", default=())

    def __call__(self, doc: Doc) -> Doc:
        """Annotate a Doc and return it."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = DOCS_AT_ONCE) -> Iterator[Doc]:
        """Annotate Docs in batches, whose size does not affect the results."""
        docs = iter(stream)
        while some := list(islice(docs, batch_size)):
            self._read(some)
            yield from some

    def _read(self, docs: Sequence[Doc]) -> None:
        texts = [[token.text for token in doc] for doc in docs]
        parts: list[tuple[int, int, int]] = []
        joined: list[bool] = []
        for number, doc in enumerate(docs):
            starts = doc.to_array([SENT_START]).astype(np.int64).reshape(-1).tolist() if len(doc) else []
            for sentence in sentence_spans(texts[number], starts):
                for index, (first, end) in enumerate(cut(sentence, texts[number], self.model.pieces)):
                    parts.append((number, first, end))
                    joined.append(index > 0)
        pieces = [self.model.pieces.sentence(texts[number][first:end]) for number, first, end in parts]
        found: list[list[tuple[SentenceReading, bool]]] = [[] for _ in docs]
        for (number, first, end), scores, later in zip(parts, self.model.network.read(pieces), joined, strict=True):
            found[number].append((self._reading(texts[number][first:end], scores, first), later))
        for doc, readings in zip(docs, found, strict=True):
            self._fill(doc, readings)

    def _reading(self, texts: Sequence[str], scores: SentenceScores, start: int) -> SentenceReading:
        labels = self.model.labels
        marks = separators(texts, [labels.tags[number] for number in scores.tag])
        heads = best_tree(kept_apart(scores.arc, marks))
        words = np.arange(len(texts))
        roots = heads == 0
        tags, morphs = scores.tag.tolist(), scores.morph.tolist()
        lemmas = [self._lemma(*word) for word in zip(texts, tags, morphs, scores.lemma.tolist(), strict=True)]
        relations = scores.relation[words, np.where(roots, 0, heads - 1)]
        relations[roots] = labels.relations.index("root")
        for word in np.flatnonzero(~roots).tolist() if marks else ():
            if crosses(word, heads[word] - 1, marks) and labels.relations[relations[word]] not in SIDE_BY_SIDE:
                relations[word] = labels.relations.index(JOINED)
        return SentenceReading(
            start=start,
            tags=tags,
            morphs=morphs,
            relations=relations.tolist(),
            heads=start + np.where(roots, words, heads - 1),
            names=self.model.names.names(scores.name),
            lemmas=lemmas,
            propositions=tuple(propositions(scores, lemmas, labels.roles, self.model.rolesets, start)),
        )

    def _lemma(self, text: str, tag: int, morph: int, script: int) -> str:
        if " " in text:
            return text
        labels = self.model.labels
        known = dictionary_lemma(text, self._pos_names[morph], labels.tags[tag])
        return known if known is not None else apply_script(text, labels.lemmas[script])

    def _fill(self, doc: Doc, readings: Sequence[tuple[SentenceReading, bool]]) -> None:
        table = np.zeros((len(doc), len(_ATTRIBUTES)), dtype=np.uint64)
        table[:, 6] = _NONE
        add = self.vocab.strings.add
        all_propositions: list[Proposition] = []
        root = 0
        for reading, later in readings:
            rows = slice(reading.start, reading.start + len(reading.tags))
            numbers = np.arange(rows.start, rows.stop)
            heads, relations = reading.heads, [self._relations[number] for number in reading.relations]
            at_root = int(np.flatnonzero(heads == numbers)[0])
            if later:
                heads = np.where(heads == numbers, root, heads)
                relations[at_root] = add(JOINED)
            else:
                root = rows.start + at_root
            table[rows, 0] = [self._tags[number] for number in reading.tags]
            table[rows, 1] = [self._pos[number] for number in reading.morphs]
            table[rows, 2] = [self._morphs[number] for number in reading.morphs]
            table[rows, 3] = [add(lemma) for lemma in reading.lemmas]
            table[rows, 4] = (heads - numbers).astype(np.int64).astype(np.uint64)
            table[rows, 5] = relations
            for start, end, label in reading.names:
                table[rows.start + start : rows.start + end, 6:] = _GOES_ON, add(label)
                table[rows.start + start, 6] = _BEGINS
            all_propositions += reading.propositions
        if len(doc):
            doc.from_array(_ATTRIBUTES, table)  # type: ignore[arg-type]
        doc._.propositions = tuple(all_propositions)
