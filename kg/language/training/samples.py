"""Sentences as the recogniser learns from them, and variants of these: other names in their place, no capitals."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from kg.language.parsing.recogniser.features import Codes, WordCodes
from kg.language.parsing.recogniser.tags import LABELS, NUMBERS, TAGS
from kg.language.training.conllu import Name, Sentence
from kg.language.training.convert import to_doc
from kg.language.training.evaluate import unparsed

_SWAPPED = ("PER", "ORG", "LOC")


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence's words as codes, as written and in lower case; its names; the words of which it is unknown whether they are in one."""

    codes: Codes
    lower: Codes
    names: tuple[Name, ...]
    unsure: frozenset[int]
    fixed: bool
    """Its names are not replaced: it holds words merged of several."""

    def __len__(self) -> int:
        return len(self.codes)


def samples(found: Iterable[Sentence], nlp: Language, codes: WordCodes) -> Iterator[Sample]:
    """The sentences with the pipeline's own tokens; names that its tokens cut through are left open, as are unsure words."""
    for sentence in found:
        if sentence.names is None or not all(word.form.strip() for word in sentence.words):
            continue
        reference = to_doc(sentence, nlp.vocab)
        doc = unparsed(nlp, reference)
        names, unsure = _aligned(doc, reference, sentence)
        lower = unparsed(nlp, _lower(reference))
        written = codes(doc)
        yield Sample(written, codes(lower) if len(lower) == len(doc) else written, names, unsure, any(" " in token.text for token in doc))


def _lower(doc: Doc) -> Doc:
    return Doc(doc.vocab, words=[token.lower_ for token in doc], spaces=[bool(token.whitespace_) for token in doc])


def _aligned(doc: Doc, reference: Doc, sentence: Sentence) -> tuple[tuple[Name, ...], frozenset[int]]:
    names, unsure = [], set()
    for start, end, label in [(name.start, name.end, name.label) for name in sentence.names or ()] + [
        (index, index + 1, "") for index in sorted(sentence.unsure)
    ]:
        characters = reference[start].idx, reference[end - 1].idx + len(reference[end - 1])
        span = doc.char_span(*characters) if label else None
        if span is not None and label in LABELS:
            names.append(Name(span.start, span.end, label))
        else:
            unsure |= {token.i for token in doc if token.idx < characters[1] and token.idx + len(token) > characters[0]}
    return tuple(sorted(names, key=lambda name: name.start)), frozenset(unsure)


def allowed_tags(sample: Sample) -> NDArray[np.bool_]:
    """Word × tag: the tags that agree with the sample's names."""
    allowed = np.zeros((len(sample), len(TAGS)), dtype=bool)
    allowed[:, 0] = True
    allowed[sorted(sample.unsure)] = True
    for name in sample.names:
        places = "U" if name.end - name.start == 1 else "B" + "I" * (name.end - name.start - 2) + "L"
        allowed[name.start : name.end] = False
        for index, place in enumerate(places):
            allowed[name.start + index, NUMBERS[f"{place}-{name.label}"]] = True
    return allowed


@dataclass(frozen=True, slots=True)
class Variants:
    """Makes variants of samples. ``sentence``, ``name``, ``lower``: chances, as ``names.toml`` has them."""

    names: dict[str, list[tuple[Codes, Codes]]]
    sentence: float
    name: float
    lower: float

    @classmethod
    def of(cls, known: Sequence[Sample], chances: dict[str, float]) -> Variants:
        """Variants with the names that stand in these samples, each in proportion to how often it does."""
        names: dict[str, list[tuple[Codes, Codes]]] = defaultdict(list)
        for sample in known:
            for name in sample.names:
                names[name.label].append((sample.codes[name.start : name.end], sample.lower[name.start : name.end]))
        return cls(dict(names), **chances)

    def __call__(self, sample: Sample, rng: random.Random) -> Sample:
        """The sample, or a variant of it."""
        if rng.random() < self.lower:
            return Sample(sample.lower, sample.lower, sample.names, sample.unsure, sample.fixed)
        if sample.fixed or not sample.names or rng.random() >= self.sentence:
            return sample
        return self._renamed(sample, rng)

    def _renamed(self, sample: Sample, rng: random.Random) -> Sample:
        parts, names, length, position = [], [], 0, 0
        moved: dict[int, int] = {}
        for name in (*sample.names, Name(len(sample), len(sample), "")):
            moved |= {index: index - position + length for index in range(position, name.start)}
            parts.append(sample.codes[position : name.start])
            length += name.start - position
            codes = sample.codes[name.start : name.end]
            if name.label in _SWAPPED and rng.random() < self.name:
                written, lower = rng.choice(self.names[name.label])
                codes = lower if np.array_equal(codes, sample.lower[name.start : name.end]) else written
            if name.label:
                names.append(Name(length, length + len(codes), name.label))
            parts.append(codes)
            length, position = length + len(codes), name.end
        unsure = frozenset(moved[index] for index in sample.unsure if index in moved)
        codes = np.concatenate(parts)
        return Sample(codes, codes, tuple(names), unsure, fixed=False)
