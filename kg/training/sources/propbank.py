"""Read PropBank: the propositions of the sentences of UD English EWT, and the table of all rolesets.

Format: ``shared/corpora/propbank/README.md``. Arguments are spans there; here, each is its head word, the one attached outside the
span.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.errors import EntenteError
from kg.training.sources.conllu import GoldProposition, GoldSentence, Word


class PropBankError(EntenteError):
    """A PropBank file that is not where it should be."""


@dataclass(frozen=True, slots=True)
class Roleset:
    """A sense of PropBank: its identifier, name, lemmas with part of speech ("sign", "v"), and descriptions of its numbered roles."""

    roleset: str
    name: str
    aliases: tuple[tuple[str, str], ...]
    roles: tuple[str, ...]

    @property
    def description(self) -> str:
        """The roleset in words: lemma, meaning, participants."""
        lemma = self.roleset.rsplit(".", 1)[0].replace("_", " ")
        return f"{lemma}: {self.name}. {'; '.join(self.roles)}"


def read_rolesets(folder: Path) -> tuple[Roleset, ...]:
    """Return all rolesets in the order of ``rolesets.tsv``."""
    path = _existing(folder / "rolesets.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_roleset(row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _roleset(row: dict[str, str]) -> Roleset:
    aliases = []
    for alias in row["aliases"].split():
        lemma, _, pos = alias.rpartition("/")
        aliases.append((lemma, pos))
    roles = tuple(re.sub(r"^\w+:", "", role.strip()) for role in row["roles"].split(" | ") if role.strip())
    return Roleset(row["roleset"], row["name"], tuple(aliases), roles)


def with_propositions(sentences: Iterable[GoldSentence], folder: Path, part: str) -> Iterator[GoldSentence]:
    """Return the sentences of one part of EWT with their propositions; None for those that PropBank lacks, or has with other words."""
    with _existing(folder / f"{part}.jsonl").open(encoding="utf-8") as file:
        rows = {row["sent_id"]: row for row in map(json.loads, file)}
    for sentence in sentences:
        row = rows.get(sentence.sent_id)
        if row is None or row["words"] != len(sentence.words):
            yield sentence
        else:
            yield replace(sentence, propositions=tuple(_proposition(sentence.words, found) for found in row["predicates"]))


def _proposition(words: Sequence[Word], row: dict[str, Any]) -> GoldProposition:
    roles: dict[int, str] = {}
    for label, start, end in row["args"]:
        head = _head(words, start, end)
        if head is not None and head != row["at"]:
            roles.setdefault(head, label)
    return GoldProposition(row["at"], row["roleset"], tuple((label, word) for word, label in roles.items()))


def _head(words: Sequence[Word], start: int, end: int) -> int | None:
    """Return the first word of the span that is attached to a word outside it or is the root."""
    return next((index for index in range(start, end) if words[index].head == index or not start <= words[index].head < end), None)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise PropBankError(f"{path} is missing: name the folder that holds train.jsonl, dev.jsonl, test.jsonl and rolesets.tsv.")
    return path
