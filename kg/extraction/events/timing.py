"""Date events: find the time expression of a passage that belongs to a predicate."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from kg.extraction.syntax.dependencies import PASSIVE_SUBJECTS, SUBJECTS, clause_of, is_clause_head, preposition
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.governing import first_token, governors, has_had, is_bound, is_main, nouns_between
from kg.facts import Interval
from kg.language.dates import of_value
from kg.language.reading import PassageDoc, TimeExpression

RELATIVE_CLAUSES = ("acl:relcl", "advcl:relcl")
INHERITING = ("conj", "xcomp", "advcl", "acl", "parataxis", "amod")
"""Relations of clauses that inherit the time of their governing clause, unless they have their own."""


class Times:
    """The time expressions of one passage by the word whose event they date.

    ``triggers`` are the positions of words that report events: an event noun keeps the times that depend on it.
    """

    def __init__(self, passage: PassageDoc, triggers: frozenset[int] = frozenset()) -> None:
        self._triggers = triggers
        self._named = [t for t in passage.times if t.named]
        self._by_word: dict[int, list[TimeExpression]] = {}
        self._asides = [t for t in passage.times if nouns_between(t, passage.doc, triggers)]
        bounds = [t for t in self._asides if is_bound(t, passage.doc, triggers)]
        for time in (t for t in passage.times if (not t.named or _names_event(t, passage.doc, triggers)) and t not in bounds):
            for word in governors(time, passage.doc, triggers):
                self._by_word.setdefault(word.i, []).append(time)

    def of(self, predicate: Token) -> Interval | None:
        """Return the time of the event that ``predicate`` reports, or None if the passage does not give it."""
        if not self._by_word and not self._named:
            return None
        node: Token | None = predicate
        while node is not None:
            found = self._by_word.get(node.i) or self._in_modifier(node) or self._in_participle(node) or self._of_occasion(node)
            if found:
                time = best([t for t in found if t not in self._asides] or found, predicate)
                lasting = time.relation == "since" and is_perfect(clause_of(predicate))  # "has helped X since 1954"
                return None if lasting else time.when
            node = above(node)
        return self._counted_from(clause_of(predicate)) or self._of_last(clause_of(predicate))

    def _counted_from(self, verb: Token) -> Interval | None:
        """ "X protested, and two days later Y left": the anchor of the next clause's time is when X protested."""
        doc = verb.doc
        if verb.tag_ != "VBD" or not is_main(verb):
            return None
        for clause in (c for c in verb.children if c.i > verb.i):
            for time in (t for t in self._by_word.get(clause.i, []) if t.when.anchor and verb.i < t.start < clause.i):
                first = first_token(time, doc)
                joint = doc[first - 2] if doc[first - 1].text == "," else doc[first - 1]
                if joint.lower_ in ("and", ";"):
                    return of_value(time.when.anchor or "")
        return None

    def _of_last(self, verb: Token) -> Interval | None:
        """ "X ended the talks and closed the border on 4 May": the time at the end dates all verbs of one subject."""
        own = (*SUBJECTS, *PASSIVE_SUBJECTS)
        for other in (c for c in verb.children if c.dep_ == "conj" and c.tag_ == verb.tag_ == "VBD"):
            if any(c.dep_ in own for c in other.children) or any(t.text in (",", ";") for t in verb.doc[verb.i : other.i]):
                continue
            times = [t for t in self._by_word.get(other.i, []) if t.start > other.i and t.relation == "point" and not t.when.anchor]
            if times:
                return best(times, other).when
        return None

    def _of_occasion(self, verb: Token) -> list[TimeExpression]:
        """Return the times of the occasion on which something happened: "accepted the terms at a meeting on 4 May"."""
        if verb.pos_ != "VERB" or is_perfect(verb):
            return []
        occasions = [c for c in verb.children if c.dep_ == "obl" and preposition(c) in function_words("occasion")]
        dated = [t for c in occasions for t in self._by_word.get(c.i, []) if t.relation == "point"]
        return dated or [t for c in occasions if preposition(c) == "during" for t in self._named if t.start in {w.i for w in c.subtree}]

    def _in_modifier(self, noun: Token) -> list[TimeExpression]:
        """Return the times in a clause that only tells how a noun's event came about ("the declaration, which was read on 4 May")."""
        if noun.pos_ not in ("NOUN", "PROPN"):
            return []
        clauses = [c for c in noun.children if c.dep_ in ("acl", "acl:relcl") and c.i not in self._triggers]
        clauses += [c for c in noun.subtree if c.dep_ == "acl:relcl" and c not in clauses and _is_of_happening(c)]
        return [t for c in clauses for t in self._by_word.get(c.i, [])]

    def _in_participle(self, verb: Token) -> list[TimeExpression]:
        """Return the times of a participle that continues the verb's event ("arrested X visiting Y in May", "met, agreeing on 4 May to
        …")."""
        if verb.pos_ != "VERB" or is_perfect(verb):
            return []
        nouns = [c for c in verb.children if c.dep_ in ("obj", "nsubj:pass")]
        clauses = [c for n in (verb, *nouns) for c in n.children if c.dep_ in ("acl", "advcl", "xcomp") and c.tag_ == "VBG"]
        plain = [c for c in clauses if all(m.lower_ == "by" for m in c.children if m.dep_ in ("mark", "case"))]
        plain += [c for c in verb.children if c.dep_ == "advcl" and _is_simultaneous(c)]
        subjects = [c for c in verb.children if c.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS)]
        plain += [c for n in (*subjects, verb.head) for c in n.children if c.dep_ == "acl:relcl" and c.i < verb.i and _is_occasion(c)]
        return [t for c in plain for t in self._by_word.get(c.i, [])]


def _names_event(time: TimeExpression, doc: Doc, triggers: frozenset[int]) -> bool:
    """Whether a time before a noun dates the event that the noun reports: "reached a 2000 agreement with X"."""
    word = doc[time.start : time.end].root
    return word.head.i in triggers and word.head.pos_ == "NOUN" and word.i < word.head.i


def above(node: Token) -> Token | None:
    """Return the predicate whose time ``node`` shares, or None if it must not inherit one."""
    head = node.head
    if head == node:
        return None
    if node.pos_ in ("NOUN", "PROPN"):
        if any(c.dep_ == "acl:relcl" and has_had(c) for c in node.children):
            return None  # "lifted the ban that it had imposed": the ban came before
        return clause_of(node) if clause_of(node) != node else None
    if _is_laid_down(node):
        return None
    if (node.dep_ in INHERITING and not _happens_apart(node)) or (node.dep_ in RELATIVE_CLAUSES and _goes_on(node)):
        return head if is_clause_head(head) else clause_of(head)
    return None


def _is_laid_down(gerund: Token) -> bool:
    """Whether a gerund is what a text provides for, in place of an object: "a plan, which foresaw, among other things, recalling X"."""
    head = gerund.head
    bare = not any(c.dep_ in ("mark", "case", *SUBJECTS) for c in gerund.children)
    objects = any(c.dep_ in ("obj", "ccomp", "xcomp", "obl:agent") for c in head.children)
    return gerund.tag_ == "VBG" and gerund.dep_ == "advcl" and bare and head.dep_ == "acl:relcl" and not objects


def _goes_on(relative: Token) -> bool:
    """Whether a relative clause continues the narrative: "…, where crowds gathered", "a resolution, which called for …"."""
    content = any(c.dep_ == "nsubj" and c.lower_ == "which" for c in relative.children)
    return content or _is_simultaneous(relative)


def _is_occasion(relative: Token) -> bool:
    """Whether a relative clause gives the occasion ("who came on 4 May"), not the past ("who had gone") or a state ("who took office")."""
    before = has_had(relative) or relative.tag_ not in ("VBD", "VBN")
    return not before and relative.lower_ in function_words("coming")


def _is_of_happening(relative: Token) -> bool:
    """Whether a relative clause is about an event: "which took place", "which was held"."""
    subject = any(c.lower_ in ("which", "that") for c in relative.children)
    return subject and relative.lower_ in function_words("taking_place")


def is_perfect(verb: Token) -> bool:
    """Whether a verb is in the present perfect ("has said"), which no past time dates."""
    return any(c.dep_ in ("aux", "aux:pass") and c.lower_ in ("has", "have") for c in verb.children)


def _is_simultaneous(clause: Token) -> bool:
    """Whether a conjunction joins a clause as simultaneous with its main clause; ", while X …" only contrasts the two."""
    words = [*clause.children, *(c for s in clause.children if s.dep_ in SUBJECTS for c in s.children if s.i < clause.i)]
    marks = [c for c in words if c.dep_ in ("mark", "advmod") and c.lower_ in function_words("simultaneous")]
    own = any(c.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS) for c in clause.children)
    contrasts = [m for m in marks if m.lower_ in function_words("contrasting") and m.i > clause.head.i and m.nbor(-1).text == ","]
    return bool(marks) and not (own and contrasts)


def _happens_apart(node: Token) -> bool:
    """Whether a clause with its own subject may happen at another time: unless it says that the time is the same."""
    own = any(c.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS) for c in node.children)
    thereupon = any(t.lower_ == "whereupon" for t in node.doc[min(node.head.i, node.i) : node.i])
    return own and not thereupon and not _is_simultaneous(node)


def best(times: list[TimeExpression], predicate: Token) -> TimeExpression:
    """Return the most precise time of a clause; of equals, the nearest to the predicate. Anchors of other times do not compete."""
    times = [t for t in times if t.relation != "anchor"] or times
    order = {"day": 0, "month": 1, "year": 2, "interval": 3}
    return min(times, key=lambda t: (order[t.when.precision], abs(t.start - predicate.i)))
