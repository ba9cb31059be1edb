"""Make verb groups finite: the auxiliaries and forms that a clause needs when it stands alone or has another subject."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from kg.extraction.headlines.constituents import HeadlinePiece
from kg.extraction.headlines.verb_forms import copula_of, past_of, singular_of
from kg.extraction.syntax.dependencies import VERBALS, children
from kg.facts import Modality

AUXILIARIES = ("aux", "aux:pass", "cop")
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


def in_singular(verb: Token, pieces: list[HeadlinePiece]) -> list[HeadlinePiece]:
    """Return the verb group in the singular, for one name in place of "they"."""
    group = {t.i for t in (verb, *children(verb, *AUXILIARIES)) if t.tag_ in ("VBP", "VBD")}
    return [replace(p, text=singular_of(p.text, p.at == verb.i and verb.tag_ == "VBP")) if p.at in group else p for p in pieces]


def finite_group(
    verb: Token, subject: Token | None, several: bool, passive: bool, modality: Modality
) -> tuple[list[HeadlinePiece], set[int]]:
    """Return the auxiliaries that a clause without a subject needs, and the positions of tokens that they replace."""
    marks = {t.i for t in children(verb, "mark", "case") if verb.pos_ in VERBALS}
    being = [t.i for t in children(verb, "aux:pass") if t.lower_ == "being"]
    if being and subject is not None and not children(verb, "aux"):
        return [HeadlinePiece(copula_of(subject, several), 0)], {*marks, *being}
    if verb.tag_ in FINITE or any(t.tag_ in FINITE for t in children(verb, *AUXILIARIES)):
        return [], marks
    if verb.dep_ == "conj" and verb.tag_ == verb.head.tag_:
        borrowed = [t for t in verb.head.children if t.dep_ in AUXILIARIES or (t.dep_ == "advmod" and t.lower_ in ("not", "n't", "never"))]
        if borrowed:
            return [HeadlinePiece(t.text, 0) for t in borrowed], marks
    if verb.tag_ == "VBG" and not children(verb, *AUXILIARIES) and verb.pos_ == "VERB":
        if modality is Modality.NEGATED:
            return [HeadlinePiece("did not", 0), HeadlinePiece(verb.lemma_, 0)], {*marks, verb.i}
        return ([HeadlinePiece(past_of(verb), 0)], {*marks, verb.i}) if in_past(verb) else ([], marks)
    if passive and verb.tag_ == "VBN" and not children(verb, *AUXILIARIES) and subject is not None:
        return [HeadlinePiece(copula_of(subject, several), 0)], marks
    return [], marks if verb.tag_ != "VB" else set()


def in_past(verb: Token) -> bool:
    """Whether the clause around a participle is in the past."""
    for node in verb.ancestors:
        signs = [node, *children(node, *AUXILIARIES)]
        if any(t.tag_ in FINITE for t in signs):
            perfect = node.tag_ == "VBN" and any(t.lower_ in ("has", "have") for t in signs)
            return perfect or any(t.tag_ == "VBD" for t in signs)
    return not any(t.tag_ in FINITE for t in verb.doc)  # a caption
