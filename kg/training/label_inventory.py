"""The network's labels, collected from the training sentences."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.language.encoder.lemma_edits import lemma_script
from kg.training.sources.conllu import GoldSentence, Word
from kg.training.sources.propbank import Roleset

NAME_LABELS = ("PER", "ORG", "LOC", "OTH")
NO_ROLE = "_"
CORE = frozenset({"ARG0", "ARG1", "ARG2"})
"""The roles reported separately in figures."""


@dataclass(frozen=True, slots=True)
class LabelInventory:
    """The labels in the order of the network's outputs.

    ``morphs`` are "UPOS|features"; ``rolesets`` begin with the ``known_rolesets`` seen in training; ``senses`` lists for each lemma
    the numbers of its possible rolesets.
    """

    tags: tuple[str, ...]
    morphs: tuple[str, ...]
    relations: tuple[str, ...]
    lemmas: tuple[str, ...]
    names: tuple[str, ...]
    roles: tuple[str, ...]
    rolesets: tuple[str, ...]
    known_rolesets: int
    senses: dict[str, tuple[int, ...]]

    def save(self, path: Path) -> None:
        """Write the labels as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=None) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> LabelInventory:
        """Load the labels written by ``save``."""
        table = json.loads(path.read_text(encoding="utf-8"))
        senses = {lemma: tuple(numbers) for lemma, numbers in table.pop("senses").items()}
        known = table.pop("known_rolesets")
        return cls(**{name: tuple(labels) for name, labels in table.items()}, known_rolesets=known, senses=senses)


def morph(word: Word) -> str:
    """Return the part of speech and the features of a word as one label."""
    return f"{word.upos}|{word.feats}"


def gather(sentences: Sequence[GoldSentence], rolesets: Sequence[Roleset], rarest: dict[str, int]) -> LabelInventory:
    """Collect the labels of sentences, most frequent first; for some kinds, only those that occur at least ``rarest`` times."""
    parsed = [word for sentence in sentences if sentence.parsed for word in sentence.words]
    propositions = [(sentence.words[p.predicate].lemma, p) for sentence in sentences for p in sentence.propositions or ()]
    seen = _ranked((p.roleset for _, p in propositions), 1)
    other = tuple(r.roleset for r in rolesets if r.roleset not in set(seen))
    numbers = {roleset: number for number, roleset in enumerate((*seen, *other))}
    return LabelInventory(
        tags=_ranked((word.xpos for word in parsed), 1),
        morphs=_ranked((morph(word) for word in parsed), 1),
        relations=_ranked((word.deprel for word in parsed), 1),
        lemmas=_ranked((lemma_script(word.form, word.lemma) for word in parsed if " " not in word.form), rarest["lemmas"]),
        names=("O", *(f"{place}-{label}" for label in NAME_LABELS for place in "BILU")),
        roles=(NO_ROLE, *_ranked((label for _, p in propositions for label, _ in p.arguments), rarest["roles"])),
        rolesets=(*seen, *other),
        known_rolesets=len(seen),
        senses=_senses(((lemma, p.roleset) for lemma, p in propositions), rolesets, numbers),
    )


def _senses(seen: Iterable[tuple[str, str]], rolesets: Sequence[Roleset], numbers: dict[str, int]) -> dict[str, tuple[int, ...]]:
    """Return for each lemma its rolesets: in the order of PropBank's table, then those seen with it in training only."""
    found: dict[str, dict[int, None]] = defaultdict(dict)
    for roleset in rolesets:
        for alias, _ in roleset.aliases:
            found[alias.split("_")[0].lower()][numbers[roleset.roleset]] = None
    for lemma, name in seen:
        found[lemma.lower()][numbers[name]] = None
    return {lemma: tuple(found[lemma]) for lemma in sorted(found)}


def _ranked(labels: Iterable[str], rarest: int) -> tuple[str, ...]:
    counted = Counter(labels)
    return tuple(label for label, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])) if count >= rarest)
