"""Resolve whom an answer addresses: who "denied these claims" answers those who made them. The nouns are in ``makers.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import takewhile
from pathlib import Path

from spacy.tokens import Token

from kg.extraction.discourse.sides import OTHER_SIDE
from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.governors import root
from kg.extraction.syntax.dependencies import children

ANSWERS = frozenset({"REJECT", "ACCUSE"})
"""Categories of answers directed against somebody."""
ANAPHORIC = frozenset({"this", "these", "that", "those", "such"})
REACH = 2
"""Passages back within which the answered event is looked for."""


def makers_of(noun: str) -> frozenset[str]:
    """Return the category codes of events by which somebody makes what a noun denotes: a claim, a proposal."""
    return frozenset(_makers().get(noun, ()))


@cache
def _makers() -> Mapping[str, list[str]]:
    table: Mapping[str, list[str]] = tomllib.loads(Path(__file__).with_name("makers.toml").read_text(encoding="utf-8"))
    return table


def with_answered(drafts: Iterable[EventDraft]) -> list[EventDraft]:
    """Return the drafts of an article in text order; answers without an addressee are addressed to those whose words they answer."""
    told: list[EventDraft] = []
    for draft in drafts:
        told.append(_to_makers(draft, told))
    return told


def _to_makers(draft: EventDraft, told: Sequence[EventDraft]) -> EventDraft:
    if root(draft.category) not in ANSWERS or (draft.roles.recipients and OTHER_SIDE not in draft.rules):
        return draft
    near = [d for d in takewhile(lambda d: draft.passage - d.passage <= REACH, reversed(told)) if d.roles.actors != draft.roles.actors]
    for noun in (a.token for a in draft.predicate.arguments if _is_anaphoric(a.token)):
        makers = next((d.roles.actors for d in near if root(d.category) in makers_of(noun.lemma_.lower()) and d.roles.actors), [])
        recipients = [k for k in makers if k not in draft.roles.actors]
        if recipients:
            rules = (*(r for r in draft.rules if r != OTHER_SIDE), "towards whom it answers")
            return replace(draft, roles=replace(draft.roles, recipients=recipients), rules=rules)
    return draft


def _is_anaphoric(noun: Token) -> bool:
    """Whether a noun takes up what was told before: "these claims", or "the demand" without a complement."""
    if noun.pos_ != "NOUN":
        return False
    words = {c.lower_ for c in children(noun, "det", "det:predet", "amod")}
    return bool(words & ANAPHORIC) or ("the" in words and not children(noun, "nmod", "nmod:poss", "acl", "acl:relcl", "compound"))
