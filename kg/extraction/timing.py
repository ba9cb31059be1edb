"""When an event happened: which of a passage's time expressions belongs to its predicate."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from kg.extraction.function_words import function_words
from kg.extraction.tree import PASSIVE_SUBJECTS, SUBJECTS, clause_of, is_clause_head
from kg.facts import Interval
from kg.language.reading import PassageDoc, TimeExpression

BEFORE_NOUN = frozenset({"compound", "nmod", "nummod", "amod", "nmod:unmarked", "nmod:desc"})
INHERITING = ("conj", "xcomp", "advcl", "acl", "parataxis", "amod")
"""Clauses that happen in the time of the clause that they hang on, where they name none of their own."""


class Times:
    """The time expressions of one passage by the word whose event they date.

    ``triggers`` are the positions of words that report events: an event noun keeps a time that hangs on it for itself.
    """

    def __init__(self, passage: PassageDoc, triggers: frozenset[int] = frozenset()) -> None:
        self._triggers = triggers
        self._by_word: dict[int, list[TimeExpression]] = {}
        for time in (t for t in passage.times if not t.named):
            self._by_word.setdefault(governor(time, passage.doc, triggers).i, []).append(time)

    def of(self, predicate: Token) -> Interval | None:
        """The time of the event that ``predicate`` reports, or None where the passage does not say."""
        node: Token | None = predicate
        while node is not None:
            found = self._by_word.get(node.i)
            if found:
                return best(found, predicate).when
            told = self._in_modifier(node) or self._in_participle(node)
            if told:
                return best(told, predicate).when
            node = above(node)
        return None

    def _in_modifier(self, noun: Token) -> list[TimeExpression]:
        """Times in a clause that only says how a noun's event came about ("the declaration, which was read on 4 May")."""
        if noun.pos_ not in ("NOUN", "PROPN"):
            return []
        clauses = [c for c in noun.children if c.dep_ in ("acl", "acl:relcl") and c.i not in self._triggers]
        return [t for c in clauses for t in self._by_word.get(c.i, [])]

    def _in_participle(self, verb: Token) -> list[TimeExpression]:
        """Times of a participle that goes on with the verb's event ("arrested X visiting Y in May", "met, agreeing on 4 May to …")."""
        if verb.pos_ != "VERB":
            return []
        nouns = [c for c in verb.children if c.dep_ in ("obj", "nsubj:pass")]
        clauses = [c for n in (verb, *nouns) for c in n.children if c.dep_ in ("acl", "advcl", "xcomp") and c.tag_ == "VBG"]
        plain = [c for c in clauses if not any(m.dep_ in ("mark", "case") for m in c.children)]
        plain += [c for c in verb.children if c.dep_ == "advcl" and _is_simultaneous(c)]
        subjects = [c for c in verb.children if c.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS)]
        plain += [c for n in (*subjects, verb.head) for c in n.children if c.dep_ == "acl:relcl" and c.i < verb.i and not _is_earlier(c)]
        return [t for c in plain for t in self._by_word.get(c.i, [])]


def governor(time: TimeExpression, doc: Doc, triggers: frozenset[int]) -> Token:
    """The verb or event noun that a time expression modifies."""
    opened = _opened_clause(time, doc)
    if opened is not None:
        return opened
    head = doc[time.start : time.end].root
    if head.dep_ in BEFORE_NOUN and head.i < head.head.i and head.head.pos_ == "NOUN":
        return head.head  # "a December 2012 agreement": the noun's time, not the clause's
    for node in head.ancestors:
        if node.i in triggers or (is_clause_head(node) and not _is_beginning(node)):
            return node
    return clause_of(head)


def _opened_clause(time: TimeExpression, doc: Doc) -> Token | None:
    """The main clause that a time opens ("On 4 May, after X had gone, Y came"; "…; two days later Z left"), however it was parsed."""
    first = time.start
    while first and doc[first - 1].pos_ in ("ADP", "DET", "SPACE") and doc[first - 1].lower_ not in function_words("time_of_noun"):
        first -= 1
    after_stop = first == 0 or doc[first - 1].text in (";", ":", "|")
    end = time.end + (time.end < len(doc) and doc[time.end].pos_ == "PRON")
    commas = end < len(doc) and doc[end].text == ","
    clause_starts = after_stop or (commas and doc[first - 1].lower_ in ("and", "but"))
    if not clause_starts or not (commas or first):
        return None
    return next((t for t in doc[end:] if t.pos_ in ("VERB", "AUX") and is_clause_head(t) and _is_main(t)), None)


def _is_main(verb: Token) -> bool:
    """A clause that no conjunction makes subordinate, with a finite verb."""
    subordinate = any(c.dep_ == "mark" or c.tag_ in ("WDT", "WP", "WRB") for c in verb.children)
    return not subordinate and verb.dep_ in ("ROOT", "conj", "parataxis", "ccomp", "advcl") and verb.tag_ != "VBG"


def _is_beginning(verb: Token) -> bool:
    """ "Beginning in 2011, X persuaded …": the participle only says since when."""
    return verb.tag_ == "VBG" and verb.dep_ in ("advcl", "case") and verb.lower_ in function_words("beginning") and verb.head.i > verb.i


def above(node: Token) -> Token | None:
    """The predicate whose time ``node`` shares, or None where a time must not be carried over."""
    head = node.head
    if head == node:
        return None
    if node.pos_ in ("NOUN", "PROPN"):
        return clause_of(node) if clause_of(node) != node else None
    if (node.dep_ in INHERITING and not _happens_apart(node)) or (node.dep_ == "acl:relcl" and _goes_on(node)):
        return head if is_clause_head(head) else clause_of(head)
    return None


def _goes_on(relative: Token) -> bool:
    """A relative clause that tells what came with its noun: "…, where crowds gathered", "a resolution, which called for …"."""
    content = any(c.dep_ == "nsubj" and c.lower_ == "which" for c in relative.children)
    return content or _is_simultaneous(relative)


def _is_earlier(clause: Token) -> bool:
    """ "who had gone": before what the main clause tells."""
    return any(c.dep_ in ("aux", "aux:pass") and c.lower_ == "had" for c in clause.children) or clause.tag_ not in ("VBD", "VBN")


def _is_simultaneous(clause: Token) -> bool:
    return any(c.dep_ in ("mark", "advmod") and c.lower_ in function_words("simultaneous") for c in clause.children)


def _happens_apart(node: Token) -> bool:
    """A clause with a subject of its own may happen at another time, unless it says that it is the same."""
    own = any(c.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS) for c in node.children)
    thereupon = any(t.lower_ == "whereupon" for t in node.doc[min(node.head.i, node.i) : node.i])
    return own and not thereupon and not _is_simultaneous(node)


def best(times: list[TimeExpression], predicate: Token) -> TimeExpression:
    """The most exact time of a clause; of equals, the nearest to the predicate. What another is counted from does not compete."""
    anchors = {t.when.anchor for t in times if t.when.anchor}
    times = [t for t in times if t.when.value not in anchors] or times
    order = {"day": 0, "month": 1, "year": 2, "interval": 3}
    return min(times, key=lambda t: (order[t.when.precision], abs(t.start - predicate.i)))
