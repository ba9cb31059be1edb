"""Makes the training examples: every gold sentence as it is, and variants of it as ``recipe.toml`` says."""

from __future__ import annotations

import random
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from kg.language.training import augment
from kg.language.training.conllu import Sentence
from kg.language.training.convert import TREEBANKS, sentences, to_doc

RECIPE = Path(__file__).resolve().parent / "recipe.toml"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How often a variant is made: chances between 0 and 1; and in how many rounds of all sentences."""

    seed: int
    rounds: int
    merged_copy: float
    merge_span: float
    other_name: float
    other_quotes: float
    british: float

    @classmethod
    def read(cls, path: Path = RECIPE) -> Recipe:
        """The recipe in a TOML file."""
        return cls(**tomllib.loads(path.read_text(encoding="utf-8"))["variants"])


def rounds(treebanks: Path, recipe: Recipe, parts: Sequence[str]) -> Iterator[Sentence]:
    """The sentences of these parts as often as the recipe says, each time with other variants."""
    for turn in range(recipe.rounds):
        yield from training_sentences(treebanks, replace(recipe, seed=recipe.seed + turn), parts)


def training_sentences(
    treebanks: Path, recipe: Recipe, parts: Sequence[str] = ("train",), chosen: Sequence[str] = TREEBANKS
) -> Iterator[Sentence]:
    """The sentences of these parts of the chosen treebanks, each followed by its merged variant where it has one."""
    rng = random.Random(recipe.seed)  # noqa: S311
    gold = [sentence for part in parts for treebank in chosen for sentence in sentences(treebanks, treebank, part)]
    known = names_by_label(gold)
    for sentence in gold:
        yield respelt(sentence, recipe, rng)
        spans = [span for span in augment.mergeable(sentence) if rng.random() < recipe.merge_span]
        if spans and rng.random() < recipe.merged_copy:
            yield respelt(merged_variant(sentence, spans, known, recipe, rng), recipe, rng)


def merged_variant(
    sentence: Sentence, spans: Sequence[augment.Name], known: dict[str, list[str]], recipe: Recipe, rng: random.Random
) -> Sentence:
    """The sentence with those spans merged, some of them replaced by other names and other forms of date."""
    merged = augment.merged(sentence, spans)
    return augment.with_other_date_form(augment.with_other_names(merged, known, recipe.other_name, rng), rng)


def respelt(sentence: Sentence, recipe: Recipe, rng: random.Random) -> Sentence:
    """Perhaps with other quotation marks, perhaps in British spelling."""
    if rng.random() < recipe.other_quotes:
        sentence = augment.with_other_quotes(sentence)
    return augment.with_british_spelling(sentence) if rng.random() < recipe.british else sentence


def names_by_label(gold: Sequence[Sentence]) -> dict[str, list[str]]:
    """The text of every name of several words in the sentences, by label, in the order of the text."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for sentence in gold:
        for name in augment.mergeable(sentence):
            words = sentence.words[name.start : name.end]
            names[name.label]["".join(word.form + " " * word.space_after for word in words).strip()] = None
    return {label: list(texts) for label, texts in names.items() if label != "DATE"}


def write_docs(found: Iterator[Sentence] | Sequence[Sentence], path: Path, vocab: Vocab) -> int:
    """Writes the sentences as a DocBin and returns how many."""
    docs = DocBin(docs=(to_doc(sentence, vocab) for sentence in found))
    docs.to_disk(path)
    return len(docs)
