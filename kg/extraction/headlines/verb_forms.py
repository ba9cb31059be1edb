"""Finite verb forms for headlines, made from participles in the text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from spacy.tokens import Token

from kg.extraction.frames.inflection import third_person

_IRREGULAR = Path(__file__).parents[1] / "frames" / "lexicon" / "irregular.toml"


def past_of(verb: Token) -> str:
    """Return the simple past of a participle's verb: "visiting" → "visited", "given" → "gave"."""
    lemma, word = verb.lemma_.lower(), verb.lower_
    forms = irregular_forms().get(lemma)
    if forms:
        return forms[0]
    if verb.tag_ != "VBG":
        return word
    if lemma.endswith("ie"):
        return lemma + "d"
    stem = word.removesuffix("ing")
    if re.search(r"[^aeiou]y$", stem):
        return stem[:-1] + "ied"
    return stem + ("d" if stem.endswith("e") else "ed")


def singular_of(word: str, present: bool) -> str:
    """Return the singular of a plural verb form: "were" → "was", in the present "meet" → "meets"."""
    known = {"were": "was", "are": "is", "have": "has", "do": "does"}.get(word.lower())
    return known or (third_person(word) if present else word)


def copula_of(noun: Token, several: bool) -> str:
    """Return "was" or "were" for a noun as the subject."""
    return "were" if several or noun.tag_ in ("NNS", "NNPS") else "was"


@cache
def irregular_forms() -> Mapping[str, Sequence[str]]:
    """Return the irregular forms of each verb, the simple past first."""
    forms: Mapping[str, Sequence[str]] = tomllib.loads(_IRREGULAR.read_text(encoding="utf-8"))
    return forms
