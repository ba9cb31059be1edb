"""Read CoNLL-U treebanks and IOB2 name files into plain sentences.

Formats: https://universaldependencies.org/format.html and the README of Universal NER (https://www.universalner.org).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import EntenteError


@dataclass(frozen=True, slots=True)
class Word:
    """One syntactic word; ``head`` is the index of its head in the sentence, its own index for the root."""

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    deprel: str
    space_after: bool
    misc: str = ""


@dataclass(frozen=True, slots=True)
class NameSpan:
    """Words ``start:end`` are a name; ``label`` is PER, ORG, LOC …"""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class GoldProposition:
    """A PropBank predicate: its word, its sense ("sign.02"), and its arguments as (label, head word)."""

    predicate: int
    roleset: str
    arguments: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """A gold sentence.

    ``names`` and ``propositions`` are None if not annotated; for the words in ``unsure``, it is unknown whether they are in a name;
    ``parsed`` is False if tags, lemmas and tree are not annotated.
    """

    sent_id: str
    words: tuple[Word, ...]
    names: tuple[NameSpan, ...] | None = None
    unsure: frozenset[int] = frozenset()
    propositions: tuple[GoldProposition, ...] | None = None
    parsed: bool = True


class TreebankError(EntenteError):
    """A treebank file that cannot be read, with the remedy."""


def read_conllu(path: Path) -> Iterator[GoldSentence]:
    """Return the sentences of a CoNLL-U file, without empty nodes; there are no spaces inside multiword tokens."""
    if not path.is_file():
        raise TreebankError(f"{path} is missing: name the folder that holds ewt/, gum/, pud/ and uner-ewt/.")
    sent_id, rows = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# sent_id = "):
            sent_id = line.removeprefix("# sent_id = ")
        elif line and not line.startswith("#"):
            rows.append(line.split("\t"))
        elif not line and rows:
            yield GoldSentence(sent_id, _words(rows))
            rows = []
    if rows:
        yield GoldSentence(sent_id, _words(rows))


def _words(rows: list[list[str]]) -> tuple[Word, ...]:
    glued: set[str] = set()
    for columns in rows:
        if "-" in columns[0]:
            first, last = map(int, columns[0].split("-"))
            kept = last if "SpaceAfter=No" in columns[9] else last - 1
            glued.update(str(number) for number in range(first, kept + 1))
    words = []
    for number, form, lemma, upos, xpos, feats, head, deprel, _, misc in rows:
        if number.isdigit():
            spaced = "SpaceAfter=No" not in misc and number not in glued
            index = int(head) - 1 if head != "0" else int(number) - 1
            words.append(Word(form, lemma, upos, xpos, "" if feats == "_" else feats, index, deprel, spaced, misc))
    return tuple(words)


def read_iob2(path: Path) -> dict[tuple[str, ...], tuple[NameSpan, ...]]:
    """Return the names of each sentence of an IOB2 file, by ``sent_id`` and words (its tokenization may differ from the treebank's)."""
    names: dict[tuple[str, ...], tuple[NameSpan, ...]] = {}
    sent_id, forms, tags = "", [], []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("# sent_id = "):
            sent_id = line.removeprefix("# sent_id = ")
        elif line and not line.startswith("#"):
            _, form, tag = line.split("\t")[:3]
            forms.append(form)
            tags.append(tag)
        elif not line and tags:
            names[sent_id, *forms] = _names(tags)
            forms, tags = [], []
    return names


def _names(tags: list[str]) -> tuple[NameSpan, ...]:
    """Return the names marked by tags; UNER's training part also has spans marked as not being names ("B-O")."""
    names, start = [], None
    for index, tag in enumerate([*tags, "O"]):
        if start is not None and not tag.startswith("I-"):
            names.append(NameSpan(start, index, tags[start][2:]))
            start = None
        if tag.startswith("B-") or (tag.startswith("I-") and start is None):
            start = index
    return tuple(name for name in names if name.label != "O")
