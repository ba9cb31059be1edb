"""Sentences with what was read from them marked: the names that they mention, and the word that reports a fact."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from server.execution.engine import Row
from server.pages.addresses import page_address

FORMS = Path(__file__).parent / "forms.toml"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; ``kind`` is ``text``, ``name`` (leading to ``href``) or ``trigger``."""

    text: str
    kind: str = "text"
    href: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A form under which a sentence may name an entity."""

    form: str
    iri: str
    label: str


def names_by_passage(rows: Iterable[Row]) -> dict[str, list[Name]]:
    """The rows of ``evidence-names`` by passage."""
    found: dict[str, list[Name]] = defaultdict(list)
    for row in rows:
        found[str(row["passage"])].append(Name(str(row["name"]), str(row["entity"]), str(row["label"])))
    return dict(found)


def marked(text: str, names: Sequence[Name], triggers: Sequence[str] = ()) -> list[Piece]:
    """The sentence in pieces. Longer names win over shorter ones inside them; each name is marked wherever it stands."""
    spans = sorted([*_names(text, names), *_triggers(text, triggers)], key=lambda s: (s[0], -s[1]))
    pieces, at = [], 0
    for start, end, kind, name in spans:
        if start < at:
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], kind, page_address(name.iri) if name else None, name.label if name else ""))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces


def _names(text: str, names: Sequence[Name]) -> Iterable[tuple[int, int, str, Name | None]]:
    by_form: dict[str, Name] = {}
    for name in names:
        by_form.setdefault(name.form, name)
    if by_form:
        longest = sorted(by_form, key=lambda form: (-len(form), form))
        for match in re.finditer(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)", text):
            yield (*match.span(), "name", by_form[match[0]])


def _triggers(text: str, lemmas: Sequence[str]) -> Iterable[tuple[int, int, str, Name | None]]:
    for lemma in lemmas:
        for word in lemma.split():
            match = re.search(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms(word.lower())))})(?!\w)", text, re.IGNORECASE)
            if match:
                yield (*match.span(), "trigger", None)


@lru_cache(maxsize=4096)
def forms(lemma: str) -> tuple[str, ...]:
    """The forms that an English lemma takes: irregular ones from ``forms.toml``, regular ones by the rules of spelling."""
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    regular = [lemma, f"{lemma}s", f"{stem}ed", f"{stem}ing", f"{lemma}es"]
    if lemma.endswith("y"):
        regular += [f"{lemma[:-1]}ies", f"{lemma[:-1]}ied"]
    if re.fullmatch(r".*[^aeiou][aeiou][bdglmnprt]", lemma):
        regular += [f"{lemma}{lemma[-1]}ed", f"{lemma}{lemma[-1]}ing"]
    return tuple(sorted({*regular, *_irregular().get(lemma, ())}, key=lambda form: (-len(form), form)))


@lru_cache(maxsize=1)
def _irregular() -> Mapping[str, Sequence[str]]:
    verbs: dict[str, list[str]] = tomllib.loads(FORMS.read_text(encoding="utf-8"))["verbs"]
    return verbs
