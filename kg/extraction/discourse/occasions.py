"""Times that a sentence takes over from what was told before it.

An event without a time of its own happened when another did where its sentence says so: by a definite noun that takes the other up ("at the
meeting", "the ceremony began"), by an agreement told before ("under the accord they agreed"), or by a pronoun for who acted ("he said").
A sentence that only follows another takes nothing over: of those in annotated articles, most are not dated.
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
from kg.extraction.events.assembly import Draft
from kg.extraction.events.governors import root
from kg.extraction.events.timing import Times
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.arguments import arguments
from kg.extraction.syntax.dependencies import OBLIQUES, PASSIVE_SUBJECTS, SUBJECTS, children, clause_of, preposition
from kg.extraction.syntax.phrases import NounPhrase
from kg.facts import Interval, Modality, Precision
from kg.language.reading import Mention, PassageDoc, TimeExpression
from kg.wikitext.article import PassageKind

FILE = Path(__file__).with_name("occasions.toml")
REACH = 3
"""How many passages back the happening may be told that a noun takes up."""
DAY_REACH = 2
"""How many passages back the day may be told on which something not understood happened that a noun takes up."""
JOINED = ("ROOT", "conj", "parataxis", "advcl", "ccomp")
"""Relations of main clauses, and those as which a clause joined by a semicolon or comma is read."""
BOUNDS = ("before", "since", "until")
"""Relations of times that do not say when something happened."""
DECISIONS = ("RULE", "LEGISLATE")
"""Categories of what a court or an assembly says to be so."""
WORDS = ("STATE", "ACCUSE", "REQUEST", "REJECT", "AGREE", "SUPPORT", *DECISIONS)
"""Categories that may be words only."""


def with_times(drafts: list[Draft], state: Discourse) -> list[Draft]:
    """The events of a sentence; those without a time have the one that they take over, where there is one."""
    return _Sentence(drafts, state).dated() if state.passage.passage.kind is PassageKind.SENTENCE else drafts


@dataclass
class _Sentence:
    """One sentence with its events, and the dated events that the section told before it."""

    drafts: list[Draft]
    state: Discourse
    passage: PassageDoc = field(init=False)
    told: list[Draft] = field(init=False)

    def __post_init__(self) -> None:
        self.passage, self.told = self.state.passage, self.state.dated

    def dated(self) -> list[Draft]:
        """The events, with the times that they take over."""
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
                again = any(t.start == draft.predicate.token.i for t in nouns)  # "during her visit": the visit is told again
                self.drafts[n] = replace(draft, when=when, carried=not again, rules=(*draft.rules, "time of what was told before"))
        return self.drafts

    def _occasions(self) -> Iterator[TimeExpression]:
        """The nouns that take up something told, as expressions of its time."""
        for noun in self.passage.doc:
            if noun.pos_ != "NOUN" or lemma(noun) not in _nouns() or not is_definite(noun) or not says_when(noun, self.state.lexicon):
                continue
            when = next(self._times_taken_up(noun), None) or self._day_told(noun)
            if when is not None and when.value is not None:
                yield TimeExpression(noun.i, noun.i + 1, when)

    def _times_taken_up(self, noun: Token) -> Iterator[Interval]:
        """The times of the happenings that a noun may take up, the last told first."""
        events = list(self._before(noun))
        here = self.passage.passage.index
        for index in range(here, max(-1, here - REACH - 1), -1):
            yield from (d.when for d in events if d.passage == index and d.when is not None and self._takes_up(noun, d))
            other = self.state.reading.passages[index]
            told = index < here and other.passage.section == self.passage.passage.section and len(other.times) == 1
            if told and any(_last_word(t) == lemma(noun) for t in other.doc):
                yield other.times[0].when

    def _at_its_subject(self, draft: Draft, nouns: tuple[TimeExpression, ...]) -> Interval | None:
        """The time of the happening of which a clause says why it went as it did ("the ceremony began late because X objected")."""
        clause = draft.predicate.clause
        attending = any(m.lower_ in _words("attending") for m in children(clause, "mark", "advmod"))
        if clause.dep_ != "advcl" or not attending or not _is_plain_past(clause):
            return None
        return next((n.when for n in nouns for t in [self.passage.doc[n.start]] if t.head == clause.head and t.dep_ in SUBJECTS), None)

    def _in_setting(self, draft: Draft, nouns: tuple[TimeExpression, ...]) -> Interval | None:
        """The time of the happening that opens the sentence: all that its main clauses say was said there."""
        clause, spoken = draft.predicate.clause, root(draft.category) in ("CONSULT", *WORDS)
        if self.passage.times or not spoken or clause.dep_ not in ("conj", "parataxis") or not _is_plain_past(clause):
            return None
        doc = self.passage.doc
        opening = [n for n in nouns if n.start < clause.i and preposition(doc[n.start]) and all(t.pos_ != "VERB" for t in doc[: n.start])]
        return opening[0].when if opening else None

    def _at_the_vote(self, draft: Draft) -> Interval | None:
        """When what was voted on was adopted, where the sentence has told that: "the resolution was adopted on 4 May; X abstained"."""
        vote = draft.predicate.token
        if lemma(vote) not in _words("voting") or draft.predicate.kind != "verb":
            return None
        adopted = [d.when for d in self.drafts if root(d.category) in DECISIONS and d.predicate.token.i < vote.i and not d.carried]
        return adopted[-1] if adopted else None

    def _day_told(self, noun: Token) -> Interval | None:
        """The only day that the last dated sentence of the paragraph names, where its event was not understood."""
        here = self.passage.passage
        if children(noun, "nmod:poss"):
            return None
        for before in reversed(self.state.reading.passages[max(0, here.index - DAY_REACH) : here.index]):
            if before.passage.paragraph == here.paragraph and before.times:
                days = {t.when for t in before.times if not t.named and not t.future and t.relation == "point"}
                return next(iter(days)) if len(days) == 1 and all(d.precision is Precision.DAY for d in days) else None
        return None

    def _before(self, token: Token) -> Iterator[Draft]:
        """The dated events told before a word, the last first."""
        yield from (d for d in reversed(self.drafts) if d.when is not None and d.predicate.token.i < token.i)
        yield from (d for d in reversed(self.told) if self.passage.passage.index - d.passage <= REACH)

    def _takes_up(self, noun: Token, event: Draft) -> bool:
        owners = [k for t in children(noun, "nmod:poss") for k in self._keys(t)]
        if owners and not {*owners} & {*event.roles.actors, *event.roles.recipients}:
            return False
        named = any(_last_word(t) == lemma(noun) for t in event.predicate.clause.subtree if t.doc is not noun.doc or t.i < noun.i)
        return named or any(event.category.startswith(c) for c in _nouns()[lemma(noun)])

    def _agreement_told(self, draft: Draft) -> Draft | None:
        """The event that made the agreement with or in which something else was agreed ("in addition to the accord, X promised …")."""
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

    def _goes_on_from(self, draft: Draft) -> Draft | None:
        """The event told before that a clause goes on from whose actors are a pronoun or a description."""
        clause = draft.predicate.clause
        last = next(self._before(clause), None)
        if last is None or not _is_plain_past(clause) or draft.modality is not Modality.ASSERTED or not self._continues(clause, last):
            return None
        words = self.state.lexicon.group("speech", lemma(clause)) is not None or last.passage == draft.passage
        spoken = words and root(draft.category) in WORDS and not children(clause, *PASSIVE_SUBJECTS)
        return last if spoken or (root(last.category) == "CONSULT" and root(draft.category) in ("CONSULT", *WORDS)) else None

    def _continues(self, clause: Token, last: Draft) -> bool:
        """Whether a clause's subject stands, without a name, for those who acted on a day that the sentence or clause before told."""
        same = last.passage == self.passage.passage.index
        if clause.dep_ not in JOINED:
            return False
        timed = any(t.relation not in BOUNDS and (t.when != last.when or not same) for t in self.passage.times)
        exact = (Precision.DAY, Precision.MONTH) if root(last.category) == "CONSULT" else (Precision.DAY,)
        day = last.when is not None and (last.when.precision in exact or same)
        near = same or self._previous() is self.state.reading.passages[last.passage]
        subject = self._unnamed_subject(clause)
        return near and day and not timed and bool(subject) and subject == {*last.roles.actors}

    def _said_next(self, draft: Draft) -> Interval | None:
        """The only day of the sentence before, whose subject a pronoun takes up that says something ("He told the assembly that …")."""
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
        """The sentence right before in the same paragraph."""
        here = self.passage.passage
        before = self.state.reading.passages[here.index - 1] if here.index else None
        return before if before is not None and before.passage.paragraph == here.paragraph else None

    def _unnamed_subject(self, clause: Token) -> set[str]:
        """Whom the pronoun, or the description of several, stands for that is a clause's subject."""
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
    """Whether a noun takes up something told: with an article or a possessor, and nothing behind it that says which."""
    words = {t.lower_ for t in [*children(noun, "det"), *noun.doc[max(0, noun.i - 1) : noun.i]]}
    mine = bool(children(noun, "nmod:poss"))
    beside = min((c.i for c in children(noun, "appos") if c.i > noun.i), default=len(noun.doc))  # what follows tells of the apposition
    behind = [c for c in children(noun, "nmod", "acl", "acl:relcl") if noun.i < c.i < beside]
    aside = noun.i + 1 < len(noun.doc) and noun.doc[noun.i + 1].text == ","  # "the summit, which was held in X, …"
    return bool(words & _words("definite") or mine) and (aside or not behind)


def says_when(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a happening is named as the time of its clause, or as what the clause tells of."""
    marker, head = preposition(noun), noun.head
    if noun.i == 2 and noun.doc[0].lower_ in _words("during"):
        return True  # "During the visit …": it opens the sentence, whatever it was tied to
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
    """The lemma of a word, or the last word of a name that is one token."""
    return token.text.split()[-1].lower() if " " in token.text else lemma(token)


def _around(clause: Token) -> list[Token]:
    """A clause and those that it is joined to as to its equal or at the same time."""
    found = [clause]
    while found[-1].dep_ in ("conj", "parataxis", "advcl", "xcomp") and found[-1].head.i < found[-1].i:
        found.append(found[-1].head)
    return found


def _is_plain_past(clause: Token) -> bool:
    """A verb in the simple past, with no word that moves the story on."""
    helped = children(clause, "aux")
    onward = any(t.lower_ in _words("onward") for t in children(clause, "advmod"))
    return clause.tag_ in ("VBD", "VBN") and not helped and not onward


@cache
def _nouns() -> dict[str, tuple[str, ...]]:
    """For each noun of an occasion the categories of what it may take up."""
    return {word: tuple(row["of"]) for row in _file()["noun"] for word in row["lemmas"]}


@cache
def _words(group: str) -> frozenset[str]:
    return frozenset(_file()["words"][group])


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
