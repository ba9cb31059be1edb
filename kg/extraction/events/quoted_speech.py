"""Attach quotations to the events whose words they are."""

from __future__ import annotations

from dataclasses import replace

from kg.extraction.events.drafts import EventDraft
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.quotations import Quotation


def attach_quotations(drafts: dict[int, EventDraft], quoted: list[Quotation], lexicon: Lexicon) -> None:
    """Attach each quotation to its reporting predicate; events inside it are said, not reported."""
    for quotation in quoted:
        owner = _owner(quotation, drafts, lexicon)
        if owner is None:
            continue
        draft = drafts[owner]
        drafts[owner] = replace(draft, quote=f"{draft.quote} … {quotation.text}" if draft.quote else quotation.text)
        if _is_speech(draft, lexicon) and owner not in range(quotation.start, quotation.end):
            for i in [i for i in drafts if quotation.start <= i < quotation.end and i != owner]:
                del drafts[i]


def _owner(quotation: Quotation, drafts: dict[int, EventDraft], lexicon: Lexicon) -> int | None:
    doc = next(iter(drafts.values())).predicate.token.doc if drafts else None
    if doc is None:
        return None
    outside = {i: d for i, d in drafts.items() if not quotation.start <= i < quotation.end}
    by_clause = {d.predicate.clause.i: i for i, d in outside.items()} | {i: i for i in outside}
    top = doc[quotation.start : quotation.end].root
    above = [by_clause[node.i] for node in top.ancestors if node.i in by_clause]
    speaking = [i for i in above if _is_speech(outside[i], lexicon)]
    if speaking:
        return speaking[0]
    if top.i in drafts:  # the quoted words themselves tell the event: 'they "agreed to go on"'
        return top.i
    speech = [i for i, d in outside.items() if _is_speech(d, lexicon)]
    return above[0] if above else min(speech or outside, key=lambda i: _distance(i, quotation), default=None)


def _is_speech(draft: EventDraft, lexicon: Lexicon) -> bool:
    return lexicon.group("speech", lemma(draft.predicate.clause)) is not None


def _distance(i: int, quotation: Quotation) -> int:
    return quotation.start - i if i < quotation.start else i - quotation.end + 1
