"""Bound events without a date by the dated ones around them.

A narrative mostly moves forward, so an event told between two dated ones of a section happened between them. The cases are those of
the annotation guide (``evaluation/ANNOTATION.md``, "inferred"): a *bracket*, the later *clause* of a dated sentence, a *reaction*
to the preceding event, and the *heading* of the section; and, if nothing follows, the *paragraph* whose last time came just before.
Inferred times are never finer than a month, and are never given as a date.

A bracket is broken by a narrative that goes back (the next date is earlier than the last one), by background in the pluperfect,
positions and conditions in the present, lists and tables, which need not be in order, and words such as "since" and "never".
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from spacy.tokens import Doc, Token

from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.governors import root
from kg.extraction.syntax.dependencies import antecedent, clause_of
from kg.extraction.syntax.governing import nouns_between
from kg.facts import Interval, Modality, Precision
from kg.language.dates.section_years import heading_years
from kg.language.reading import PassageDoc, Reading, TimeExpression
from kg.wikitext.article import PassageKind

YEAR = 367
"""Days of the longest time that locates a narrative."""
LONGEST = 2
"""Longest distance in years between two neighbours that bound an event; wider bounds are useless to readers."""
REACTIONS = frozenset({"ACCUSE", "PROTEST", "REJECT", "REQUEST", "STATE", "SUPPORT", "THREATEN", "SANCTION"})
"""Categories of reactions to the preceding event."""
OUTSIDE = frozenset(
    {"since", "never", "always", "still", "previously", "earlier", "formerly", "traditionally", "historically", "today", "currently"}
)
"""Words that mark a clause as outside the narrative sequence."""
PASSING = frozenset({"later", "subsequently", "eventually", "since", "afterwards", "meanwhile", "until", "years", "decades", "finally"})
"""Words that say that time has passed since the last date of a paragraph."""
REACH = 2
"""Sentences after its last date for which a paragraph is still in that year."""
POINTS = frozenset({"point", "around", "range", "by", "after"})
"""Relations of time expressions that locate the narrative."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A time given by the narrative: its position in the text (passage, token), and its first and last day."""

    passage: int
    token: int
    earliest: date
    latest: date
    aside: bool = False
    """Whether the narrative only refers to it in passing."""

    @property
    def place(self) -> tuple[int, int]:
        """Its position in the text, for comparison."""
        return self.passage, self.token


def place_in_time(drafts: Sequence[EventDraft], reading: Reading) -> list[EventDraft]:
    """Return the drafts of an article in text order; those without a time get the bounds given by the narrative, if any."""
    anchors = list(_anchors(reading))
    return [_placed(d, anchors, reading) if _is_undated_step(d, reading) else d for d in drafts]


def _anchors(reading: Reading) -> Iterator[Anchor]:
    """Return the times in sentences, in text order, excluding ranges of years."""
    for passage in reading.passages:
        for time in passage.times if passage.passage.kind is PassageKind.SENTENCE else ():
            told = not time.named and not time.future and time.relation in POINTS
            if told and (time.when.latest - time.when.earliest).days < YEAR:
                aside = _is_aside(time, passage.doc)
                yield Anchor(passage.passage.index, time.start, time.when.earliest, time.when.latest, aside)


def _is_aside(time: TimeExpression, doc: Doc) -> bool:
    """Whether a time belongs to a noun's modifier ("an incident in 1999"), or to events before the narrative."""
    clause = clause_of(doc[time.start])
    inside = any(t.dep_ in ("acl", "acl:relcl") for t in (clause, *clause.ancestors) if t.pos_ == "VERB")
    of_noun = time.when.precision is Precision.YEAR and doc[time.start : time.end].root.dep_ == "nmod"  # "an incident in 1999"
    return bool(nouns_between(time, doc, frozenset())) or inside or of_noun or _is_background(clause)


def _is_undated_step(draft: EventDraft, reading: Reading) -> bool:
    """Whether an event is told as a step of the narrative, without a time."""
    if draft.when is not None or draft.modality not in (Modality.ASSERTED, Modality.NEGATED):
        return False
    passage = reading.passages[draft.passage]
    if passage.passage.kind is not PassageKind.SENTENCE or _is_background(draft.predicate.clause) or _is_present(draft.predicate.clause):
        return False
    return not any(t.lower_ in OUTSIDE for t in draft.predicate.clause.children)


def _is_background(clause: Token) -> bool:
    """Whether a clause is background, in the pluperfect; after a verb of saying, that is only sequence of tenses."""
    had = any(c.dep_ in ("aux", "aux:pass") and c.lower_ in ("had", "’d", "'d") for c in clause.children)
    return had and clause.dep_ != "ccomp"


def _is_present(clause: Token) -> bool:
    """Whether a clause states a standing condition: its finite verb is in the present, but not the perfect."""
    if clause.dep_ == "xcomp" and clause.tag_ in ("VB", "VBG"):
        clause = clause.head  # "continues to claim"
    finite = [clause, *(c for c in clause.children if c.dep_ in ("aux", "aux:pass", "cop"))]
    return any(t.tag_ in ("VBZ", "VBP") and t.lower_ not in ("has", "have") for t in finite)


def _tells_of_object(clause: Token) -> bool:
    """Whether a clause tells earlier acts on the object of the current one: "ended the bodies that it created"."""
    subjects = [c for c in clause.children if c.dep_ == "nsubj" and antecedent(c) is None]
    return clause.dep_ == "acl:relcl" and bool(subjects)


def _placed(draft: EventDraft, anchors: Sequence[Anchor], reading: Reading) -> EventDraft:
    found = _bounds(draft, anchors, reading)
    if found is None:
        return draft
    (earliest, latest), rule = found
    when = Interval(earliest, latest, Precision.INTERVAL, None, rule=f"inferred-{rule}", inferred=True)
    return replace(draft, when=when, rules=(*draft.rules, f"time inferred: {rule}"))


def _bounds(draft: EventDraft, anchors: Sequence[Anchor], reading: Reading) -> tuple[tuple[date, date], str] | None:
    """Return the first and last day between which an event happened, and the case."""
    place = (draft.passage, draft.predicate.token.i)
    here = reading.passages[draft.passage]
    within = [a for a in anchors if reading.passages[a.passage].passage.section == here.passage.section]
    before = [a for a in within if a.place < place and not a.aside]
    after = [a for a in within if a.place > place and not a.aside]
    same = [a for a in before if a.passage == draft.passage]
    if same and root(draft.category) not in REACTIONS and _tells_of_object(draft.predicate.clause):
        return None
    if same:
        return _months(same[-1].earliest, same[-1].latest), "later clause"
    if before and after and _goes_on(before[-1], after[0]):
        return _months(before[-1].earliest, after[0].latest), "bracket"
    near = [a for a in before[-1:] if draft.passage - a.passage == 1 and not _has_passed(a, draft, reading)]
    answered = [a for a in within if a.passage == draft.passage and a.aside] or near
    if answered and root(draft.category) in REACTIONS:
        return _year(answered[-1]), "reaction"
    return _by_heading(here, before, after) or _in_paragraph(draft, before, reading)


def _in_paragraph(draft: EventDraft, before: Sequence[Anchor], reading: Reading) -> tuple[tuple[date, date], str] | None:
    """Return the year of the paragraph one or two sentences before, unless time is said to have passed."""
    if not before or draft.passage - before[-1].passage > REACH:
        return None
    paragraphs = {p.passage.paragraph for p in reading.passages[before[-1].passage : draft.passage + 1]}
    return (_year(before[-1]), "paragraph") if len(paragraphs) == 1 and not _has_passed(before[-1], draft, reading) else None


def _has_passed(anchor: Anchor, draft: EventDraft, reading: Reading) -> bool:
    """Whether the sentences between a time and an event say that time has passed."""
    return any(t.lower_ in PASSING for p in reading.passages[anchor.passage + 1 : draft.passage + 1] for t in p.doc)


def _goes_on(before: Anchor, after: Anchor) -> bool:
    """Whether the narrative moves forward from one time to the next, and not too far."""
    return before.earliest <= after.latest and after.latest.year - before.earliest.year < LONGEST and before.latest <= after.latest


def _by_heading(here: PassageDoc, before: Sequence[Anchor], after: Sequence[Anchor]) -> tuple[tuple[date, date], str] | None:
    """Return the years in the deepest heading that has any, narrowed by the times of the section before and after."""
    years = next((y for heading in reversed(here.passage.section) if (y := heading_years(heading))), None)
    if years is None:
        return None
    first, last = date(years[0], 1, 1), date(years[1], 12, 31)
    first = max(first, *(a.earliest for a in before[-1:]), first)
    last = min(last, *(a.latest for a in after[:1]), last)
    if first > last or last.year - first.year >= LONGEST:
        return None
    return _months(first, last), "heading"


def _months(first: date, last: date) -> tuple[date, date]:
    """Return the whole months that contain two days."""
    return first.replace(day=1), last.replace(day=months.monthrange(last.year, last.month)[1])


def _year(anchor: Anchor) -> tuple[date, date]:
    return date(anchor.earliest.year, 1, 1), date(anchor.latest.year, 12, 31)
