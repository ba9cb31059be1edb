"""Times that a sentence inherits from the preceding text.

An event without a time of its own happened at the time of another if its sentence refers to that: by a definite noun ("at the
meeting", "the ceremony began"), by an agreement mentioned before ("under the accord they agreed"), or by a pronoun for the actor
("he said"). Merely following another sentence is not enough: in annotated articles, most such sentences are undated.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from spacy.tokens import Token

from kg.extraction.discourse.state import Discourse
from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.governors import root
from kg.extraction.events.timing import Times
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.dependencies import OBLIQUES, PASSIVE_SUBJECTS, SUBJECTS, children, clause_of, preposition
from kg.extraction.syntax.logical_arguments import arguments
from kg.extraction.syntax.phrases import NounPhrase
from kg.facts import Interval, Modality, Precision
from kg.language.reading import Mention, PassageDoc, TimeExpression
from kg.wikitext.article import PassageKind

FILE = Path(__file__).with_name("occasions.toml")
REACH = 3
"""Passages back within which the event that a noun refers to may be told."""
DAY_REACH = 2
"""Passages back within which the day of an event that was not extracted, but that a noun refers to, may be given."""
JOINED = ("ROOT", "conj", "parataxis", "advcl", "ccomp")
"""Relations of main clauses, and those assigned to a clause after a semicolon or comma."""
BOUNDS = ("before", "since", "until")
"""Relations of times that do not date an event."""
DECISIONS = ("RULE", "LEGISLATE")
"""Categories of findings by a court or an assembly."""
WORDS = ("STATE", "ACCUSE", "REQUEST", "REJECT", "AGREE", "SUPPORT", *DECISIONS)
"""Categories that may consist of words only."""


def with_times(drafts: list[EventDraft], state: Discourse) -> list[EventDraft]:
    """Return the events of a sentence; those without a time have an inherited one, if there is one."""
    return _EventSentence(drafts, state).dated() if state.passage.passage.kind is PassageKind.SENTENCE else drafts


@dataclass
class _EventSentence:
    """One sentence with its events, and the preceding dated events of the section."""

    drafts: list[EventDraft]
    state: Discourse
    passage: PassageDoc = field(init=False)
    told: list[EventDraft] = field(init=False)

    def __post_init__(self) -> None:
        self.passage, self.told = self.state.passage, self.state.dated

    def dated(self) -> list[EventDraft]:
        """Return the events with inherited times."""
        triggers = frozenset(i for d in self.drafts for i in (d.predicate.token.i, d.predicate.clause.i))
        nouns = tuple(self._occasions())
        occasions = Times(replace(self.passage, times=nouns), triggers)
        for n, draft in enumerate(self.drafts):
            if draft.when is not None or draft.modality not in (Modality.ASSERTED, Modality.NEGATED):
                continue
            when = occasions.of(draft.predicate.token) or occasions.of(draft.predicate.clause)
            when = when or self._at_its_subject(draft, nouns) or self._in_setting(draft, nouns) or self._at_the_vote(draft)
            other = None if when else self._agreement_told(draft) or self._goes_on_from(draft)
            when = when or (other.when if other else self._said_next(draft))
            if when is not None:
                again = any(t.start == draft.predicate.token.i for t in nouns)  # "during her visit": the visit is mentioned again
                self.drafts[n] = replace(draft, when=when, carried=not again, rules=(*draft.rules, "time of what was told before"))
        return self.drafts

    def _occasions(self) -> Iterator[TimeExpression]:
        """Return the nouns that refer to a preceding event, as time expressions."""
        for noun in self.passage.doc:
            if noun.pos_ != "NOUN" or lemma(noun) not in _nouns() or not is_definite(noun) or not says_when(noun, self.state.lexicon):
                continue
            when = next(self._times_taken_up(noun), None) or self._day_told(noun)
            if when is not None and when.value is not None:
                yield TimeExpression(noun.i, noun.i + 1, when)

    def _times_taken_up(self, noun: Token) -> Iterator[Interval]:
        """Return the times of the events that a noun may refer to, most recent first."""
        events = list(self._before(noun))
        here = self.passage.passage.index
        for index in range(here, max(-1, here - REACH - 1), -1):
            yield from (d.when for d in events if d.passage == index and d.when is not None and self._takes_up(noun, d))
            other = self.state.reading.passages[index]
            told = index < here and other.passage.section == self.passage.passage.section and len(other.times) == 1
            if told and any(_last_word(t) == lemma(noun) for t in other.doc):
                yield other.times[0].when

    def _at_its_subject(self, draft: EventDraft, nouns: tuple[TimeExpression, ...]) -> Interval | None:
        """Return the time of the event whose course a clause explains ("the ceremony began late because X objected")."""
        clause = draft.predicate.clause
        attending = any(m.lower_ in _words("attending") for m in children(clause, "mark", "advmod"))
        if clause.dep_ != "advcl" or not attending or not _is_plain_past(clause):
            return None
        return next((n.when for n in nouns for t in [self.passage.doc[n.start]] if t.head == clause.head and t.dep_ in SUBJECTS), None)

    def _in_setting(self, draft: EventDraft, nouns: tuple[TimeExpression, ...]) -> Interval | None:
        """Return the time of the event that opens the sentence, at which the statements in its main clauses were made."""
        clause, spoken = draft.predicate.clause, root(draft.category) in ("CONSULT", *WORDS)
        if self.passage.times or not spoken or clause.dep_ not in ("conj", "parataxis") or not _is_plain_past(clause):
            return None
        doc = self.passage.doc
        opening = [n for n in nouns if n.start < clause.i and preposition(doc[n.start]) and all(t.pos_ != "VERB" for t in doc[: n.start])]
        return opening[0].when if opening else None

    def _at_the_vote(self, draft: EventDraft) -> Interval | None:
        """Return when the text voted on was adopted, if the sentence says so: "the resolution was adopted on 4 May; X abstained"."""
        vote = draft.predicate.token
        if lemma(vote) not in _words("voting") or draft.predicate.kind != "verb":
            return None
        adopted = [d.when for d in self.drafts if root(d.category) in DECISIONS and d.predicate.token.i < vote.i and not d.carried]
        return adopted[-1] if adopted else None

    def _day_told(self, noun: Token) -> Interval | None:
        """Return the only day in the last dated sentence of the paragraph, if its event was not extracted."""
        here = self.passage.passage
        if children(noun, "nmod:poss"):
            return None
        for before in reversed(self.state.reading.passages[max(0, here.index - DAY_REACH) : here.index]):
            if before.passage.paragraph == here.paragraph and before.times:
                days = {t.when for t in before.times if not t.named and not t.future and t.relation == "point"}
                return next(iter(days)) if len(days) == 1 and all(d.precision is Precision.DAY for d in days) else None
        return None

    def _before(self, token: Token) -> Iterator[EventDraft]:
        """Return the dated events before a word, most recent first."""
        yield from (d for d in reversed(self.drafts) if d.when is not None and d.predicate.token.i < token.i)
        yield from (d for d in reversed(self.told) if self.passage.passage.index - d.passage <= REACH)

    def _takes_up(self, noun: Token, event: EventDraft) -> bool:
        owners = [k for t in children(noun, "nmod:poss") for k in self._keys(t)]
        if owners and not {*owners} & {*event.roles.actors, *event.roles.recipients}:
            return False
        named = any(_last_word(t) == lemma(noun) for t in event.predicate.clause.subtree if t.doc is not noun.doc or t.i < noun.i)
        return named or any(event.category.startswith(c) for c in _nouns()[lemma(noun)])

    def _agreement_told(self, draft: EventDraft) -> EventDraft | None:
        """Return the event of concluding the agreement with or in which something else was agreed ("in addition to the accord, X
        promised …")."""
        if root(draft.category) != "AGREE":
            return None
        noun = next((n for c in _around(draft.predicate.clause) for n in self._agreements_in(c)), None)
        if noun is None:
            return None
        keys = self._keys(noun)
        made = [d for d in self.told if d.category.startswith(("AGREE", "SUPPORT"))]
        return next((d for d in reversed(made) if not keys or {*keys} & {*d.roles.about, *d.agreements}), None)

    def _agreements_in(self, clause: Token) -> Iterator[Token]:
        for child in clause.children:
            inner = [t for t in children(child, "nmod") if lemma(child) in _words("joining")]
            for noun in (child, *inner):
                fits = noun.pos_ == "NOUN" and self.state.lexicon.classes["agreement"].admits(NounPhrase(lemma(noun)))
                under = inner or (child.dep_ in OBLIQUES and preposition(child) in _words("within"))
                if fits and is_definite(noun) and (under or child.dep_ in SUBJECTS):
                    yield noun

    def _goes_on_from(self, draft: EventDraft) -> EventDraft | None:
        """Return the preceding event that a clause continues, its actors being a pronoun or a description."""
        clause = draft.predicate.clause
        last = next(self._before(clause), None)
        if last is None or not _is_plain_past(clause) or draft.modality is not Modality.ASSERTED or not self._continues(clause, last):
            return None
        words = self.state.lexicon.group("speech", lemma(clause)) is not None or last.passage == draft.passage
        spoken = words and root(draft.category) in WORDS and not children(clause, *PASSIVE_SUBJECTS)
        return last if spoken or (root(last.category) == "CONSULT" and root(draft.category) in ("CONSULT", *WORDS)) else None

    def _continues(self, clause: Token, last: EventDraft) -> bool:
        """Whether a clause's subject refers, without a name, to those who acted on a day given by the previous sentence or clause."""
        same = last.passage == self.passage.passage.index
        if clause.dep_ not in JOINED:
            return False
        timed = any(t.relation not in BOUNDS and (t.when != last.when or not same) for t in self.passage.times)
        exact = (Precision.DAY, Precision.MONTH) if root(last.category) == "CONSULT" else (Precision.DAY,)
        day = last.when is not None and (last.when.precision in exact or same)
        near = same or self._previous() is self.state.reading.passages[last.passage]
        subject = self._unnamed_subject(clause)
        return near and day and not timed and bool(subject) and subject == {*last.roles.actors}

    def _said_next(self, draft: EventDraft) -> Interval | None:
        """Return the only day of the previous sentence, if its subject is the antecedent of a pronoun that says something ("He told
        the assembly that …")."""
        clause, before = draft.predicate.clause, self._previous()
        speech = root(draft.category) in WORDS if self.state.lexicon.group("speech", lemma(clause)) else root(draft.category) in DECISIONS
        if not speech or before is None or clause.dep_ != "ROOT" or self.passage.times or not _is_plain_past(clause):
            return None
        days = {t.when for t in before.times if t.when.precision is Precision.DAY}
        verb = next((t for t in before.doc if t.dep_ == "ROOT" and t.tag_ == "VBD"), None)
        subjects = children(verb, *SUBJECTS) if verb is not None else []
        heads = {t.i for s in subjects for t in (s, *children(s, "appos", "flat"))}
        acted = {k for m in before.mentions if any(m.start <= i < m.end for i in heads) for k in m.keys}
        return next(iter(days)) if len(days) == len(before.times) == 1 and acted and self._unnamed_subject(clause) == acted else None

    def _previous(self) -> PassageDoc | None:
        """Return the previous sentence in the same paragraph."""
        here = self.passage.passage
        before = self.state.reading.passages[here.index - 1] if here.index else None
        return before if before is not None and before.passage.paragraph == here.paragraph else None

    def _unnamed_subject(self, clause: Token) -> set[str]:
        """Return the referents of a clause's subject that is a pronoun, or a description of several."""
        subjects = [*children(clause, *SUBJECTS, *PASSIVE_SUBJECTS), *(a.token for a in arguments(clause) if a.position == "subj")]
        mention = self._mention(subjects[0]) if subjects else None
        plain = mention is not None and mention.coreferent and (subjects[0].pos_ == "PRON" or len(mention.keys) > 1)
        return {*mention.keys} if mention is not None and plain else set()

    def _mention(self, token: Token) -> Mention | None:
        return next((m for m in self.passage.mentions if m.start <= token.i < m.end), None)

    def _keys(self, token: Token) -> tuple[str, ...]:
        mention = self._mention(token)
        return mention.keys if mention is not None else ()


def is_definite(noun: Token) -> bool:
    """Whether a noun refers to something mentioned: with an article or a possessor, and no complement that identifies it."""
    words = {t.lower_ for t in [*children(noun, "det"), *noun.doc[max(0, noun.i - 1) : noun.i]]}
    mine = bool(children(noun, "nmod:poss"))
    beside = min((c.i for c in children(noun, "appos") if c.i > noun.i), default=len(noun.doc))  # what follows tells of the apposition
    behind = [c for c in children(noun, "nmod", "acl", "acl:relcl") if noun.i < c.i < beside]
    aside = noun.i + 1 < len(noun.doc) and noun.doc[noun.i + 1].text == ","  # "the summit, which was held in X, …"
    return bool(words & _words("definite") or mine) and (aside or not behind)


def says_when(noun: Token, lexicon: Lexicon) -> bool:
    """Whether an event is mentioned as the time of its clause, or as its topic."""
    marker, head = preposition(noun), noun.head
    if noun.i == 2 and noun.doc[0].lower_ in _words("during"):
        return True  # "During the visit …": it opens the sentence, wherever it is attached
    if noun.dep_ in SUBJECTS:
        return lemma(head) in _words("course")
    if noun.dep_ in ("obj", *PASSIVE_SUBJECTS):
        return lemma(head) in _words("presence")
    if head.pos_ == "NOUN" and marker:
        edge = marker == "of" and lemma(head) in _words("edges")
        spoken = marker in _words("after") and lemma(head) in _words("speaking")
        return (edge or spoken) and head.dep_ in OBLIQUES
    if noun.dep_ in OBLIQUES and marker in _words("after"):
        return lexicon.group("speech", lemma(clause_of(noun))) is not None
    return noun.dep_ in OBLIQUES and (marker in _words("during") or (marker == "out of" and lemma(head) == "walk"))


def _last_word(token: Token) -> str:
    """Return the lemma of a word, or the last word of a name that is one token."""
    return token.text.split()[-1].lower() if " " in token.text else lemma(token)


def _around(clause: Token) -> list[Token]:
    """Return a clause and those coordinated with it or simultaneous."""
    found = [clause]
    while found[-1].dep_ in ("conj", "parataxis", "advcl", "xcomp") and found[-1].head.i < found[-1].i:
        found.append(found[-1].head)
    return found


def _is_plain_past(clause: Token) -> bool:
    """Whether a verb is in the simple past, without a word that advances the narrative."""
    helped = children(clause, "aux")
    onward = any(t.lower_ in _words("onward") for t in children(clause, "advmod"))
    return clause.tag_ in ("VBD", "VBN") and not helped and not onward


@cache
def _nouns() -> dict[str, tuple[str, ...]]:
    """Return, for each noun of an occasion, the categories that it may refer to."""
    return {word: tuple(row["of"]) for row in _file()["noun"] for word in row["lemmas"]}


@cache
def _words(group: str) -> frozenset[str]:
    return frozenset(_file()["words"][group])


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
