"""The frames table on hand-written trees and propositions: what it adds to the lexicon, without any model."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc

from kg.extraction.events.proposition_reader import PropositionReader
from kg.extraction.events.roles import fill_roles
from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.lexicon import load_lexicon
from kg.extraction.frames.senses import american
from kg.facts import Entity, Kind
from kg.language.parsing.plain import EXTENSION
from kg.language.reading import Mention, PassageDoc
from kg.wikitext import read_article

CASES = tomllib.loads((Path(__file__).parent / "propositions.toml").read_text(encoding="utf-8"))["case"]
LEXICON = load_lexicon()
VOCAB = spacy.blank("en").vocab


@dataclass(frozen=True)
class Argument:
    label: str
    head: int


@dataclass(frozen=True)
class Proposition:
    predicate: int
    roleset: str | None
    fallback: bool
    arguments: tuple[Argument, ...]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_predicates_of_propositions(case: dict[str, Any]) -> None:
    fillers = _fillers(case)
    found = []
    for predicate in PropositionReader(fillers).beyond([]):
        roles = fill_roles(predicate, fillers)
        found.append({"word": predicate.token.i, "category": predicate.category, "actors": roles.actors, "recipients": roles.recipients})
    assert found == case["predicates"]


def test_the_lexicon_comes_first() -> None:
    case = next(c for c in CASES if c["name"] == "one side acts on another")
    reader = PropositionReader(_fillers(case))
    (predicate,) = reader.beyond([])
    assert reader.beyond([predicate]) == []


def test_an_explanation_names_sense_arguments_and_row() -> None:
    case = next(c for c in CASES if c["name"] == "one side acts on another")
    (line,) = PropositionReader(_fillers(case)).explained()
    assert line.startswith("'counterattacked' counterattack.01: ARG0 'Peru', ARG1 'Chile'; ASSAULT by row assault:")


@pytest.mark.parametrize(
    ("british", "spelt"),
    [
        ("criticise", "criticize"),
        ("honour", "honor"),
        ("defence", "defense"),
        ("fulfil", "fulfill"),
        ("sign", "sign"),
        ("paralyse", "paralyze"),
    ],
)
def test_american_spellings(british: str, spelt: str) -> None:
    assert american(british) == spelt


def _fillers(case: dict[str, Any]) -> Fillers:
    rows = [word.split() for word in case["words"]]
    text, pos, tag, relation, head = zip(*rows, strict=True)
    lemmas = [
        case.get("lemmas", {}).get(str(i), word.lower().removesuffix("s") if tag[i] == "NNS" else word.lower())
        for i, word in enumerate(text)
    ]
    doc = Doc(VOCAB, words=list(text), pos=list(pos), tags=list(tag), deps=list(relation), heads=[int(h) for h in head], lemmas=lemmas)
    doc.user_data[EXTENSION] = tuple(_proposition(p) for p in case["propositions"])
    passage = read_article(" ".join(text) + ".", "Test article").passages[0]
    mentions = tuple(Mention(i, i + 1, (word,), "link") for i, word in enumerate(text) if word in case["entities"])
    entities = {key: Entity(key=key, label=key, kind=Kind(kind)) for key, kind in case["entities"].items()}
    return Fillers(PassageDoc(passage=passage, doc=doc, mentions=mentions), entities, LEXICON)


def _proposition(text: str) -> Proposition:
    word, roleset, *arguments = text.split()
    pairs = (argument.split("=") for argument in arguments)
    known = None if roleset == "-" else roleset
    return Proposition(int(word), known, known is None, tuple(Argument(label, int(head)) for label, head in pairs))
