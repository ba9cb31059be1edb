"""The training sentences: the treebanks with PropBank and names, other corpora with names, and variants."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.training.recipe import Variants
from kg.training.sources import augment
from kg.training.sources.conllu import GoldSentence, read_conllu, read_iob2
from kg.training.sources.corpora import corpus_sentences
from kg.training.sources.gum_names import with_gum_names
from kg.training.sources.propbank import with_propositions

TREEBANKS = ("ewt", "gum")


@dataclass(frozen=True, slots=True)
class Sources:
    """The location of the data: the treebanks, PropBank, other corpora with names (or None), the pretrained encoder."""

    treebanks: Path
    propbank: Path
    encoder: Path
    corpora: Path | None = None


def sentences(sources: Sources, treebank: str, part: str) -> Iterator[GoldSentence]:
    """Return the sentences of one treebank ("ewt", "gum", "pud") and part, with the annotated names and propositions."""
    found = read_conllu(sources.treebanks / treebank / f"{part}.conllu")
    if treebank == "gum":
        yield from (with_gum_names(sentence) for sentence in found)
    elif treebank == "ewt":
        names = read_iob2(sources.treebanks / "uner-ewt" / f"{part}.iob2")
        named = (replace(s, names=names.get((s.sent_id, *(word.form for word in s.words)))) for s in found)
        yield from with_propositions(named, sources.propbank, part)
    else:
        yield from found


def with_open_others(sentence: GoldSentence) -> GoldSentence:
    """Mark as unsure what else looks like a name in a sentence of UNER's development part, which annotates only PER, ORG and LOC."""
    inside = {index for name in sentence.names or () for index in range(name.start, name.end)}
    looks = {i for i, w in enumerate(sentence.words) if w.upos == "PROPN" or (w.upos == "ADJ" and w.form[:1].isupper())}
    return replace(sentence, unsure=sentence.unsure | frozenset(looks - inside))


def training_sentences(sources: Sources, held_out: int) -> tuple[list[GoldSentence], list[GoldSentence]]:
    """Return the sentences of the training and development parts; one in so many of the latter is held out for monitoring."""
    found: list[GoldSentence] = []
    watched: list[GoldSentence] = []
    for treebank in TREEBANKS:
        found += sentences(sources, treebank, "train")
        for index, sentence in enumerate(sentences(sources, treebank, "dev")):
            if index % held_out == 0:
                watched.append(sentence)
            else:
                found.append(with_open_others(sentence) if treebank == "ewt" else sentence)
    return found, watched


def name_sentences(sources: Sources) -> tuple[list[GoldSentence], list[GoldSentence]]:
    """Return the sentences of the other corpora: those of the first, which is edited text, and the rest."""
    if sources.corpora is None:
        return [], []
    found = list(corpus_sentences(sources.corpora))
    first = found[0].sent_id
    return [s for s in found if s.sent_id == first], [s for s in found if s.sent_id != first]


class Varied:
    """Changes sentences as specified in the recipe."""

    def __init__(self, gold: Sequence[GoldSentence], chances: Variants) -> None:
        """``gold``: the source of other names."""
        self._chances = chances
        self._spans = {id(sentence): augment.mergeable(sentence) for sentence in gold if sentence.parsed}
        names: dict[str, dict[str, None]] = defaultdict(dict)
        for sentence in gold:
            for name in self._spans.get(id(sentence), ()):
                words = sentence.words[name.start : name.end]
                names[name.label]["".join(word.form + " " * word.space_after for word in words).strip()] = None
        self._names = {label: list(texts) for label, texts in names.items() if label != "DATE"}

    def __call__(self, sentence: GoldSentence, rng: random.Random) -> GoldSentence:
        """Return the sentence or a variant of it; the same object if nothing was changed."""
        chances, varied = self._chances, sentence
        spans = self._spans.get(id(sentence), ())
        if spans and rng.random() < chances.merged:
            chosen = [span for span in spans if rng.random() < chances.merge_span]
            varied = augment.with_other_names(augment.merged(sentence, chosen), self._names, chances.other_name, rng)
            varied = augment.with_other_date_form(varied, rng)
        if rng.random() < chances.lower:
            return replace(varied, words=tuple(replace(word, form=word.form.lower()) for word in varied.words))
        if rng.random() < chances.other_quotes:
            varied = augment.with_other_quotes(varied)
        if rng.random() < chances.british:
            varied = augment.with_british_spelling(varied)
        return sentence if varied.words == sentence.words else varied
