"""When an event happened: which of a passage's time expressions belongs to its predicate."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from kg.extraction.function_words import function_words
from kg.extraction.tree import PASSIVE_SUBJECTS, SUBJECTS, clause_of, is_clause_head, preposition
from kg.facts import Interval, Precision
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
        self._landmarks = [t for t in passage.times if is_landmark(t, passage.doc, triggers)]
        for time in (t for t in passage.times if not t.named):
            for word in governors(time, passage.doc, triggers):
                self._by_word.setdefault(word.i, []).append(time)

    def of(self, predicate: Token) -> Interval | None:
        """The time of the event that ``predicate`` reports, or None where the passage does not say."""
        node: Token | None = predicate
        while node is not None:
            found = self._by_word.get(node.i) or self._in_modifier(node) or self._in_participle(node)
            if found:
                return best([t for t in found if t not in self._landmarks] or found, predicate).when
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
        if verb.pos_ != "VERB" or is_perfect(verb):
            return []
        nouns = [c for c in verb.children if c.dep_ in ("obj", "nsubj:pass")]
        clauses = [c for n in (verb, *nouns) for c in n.children if c.dep_ in ("acl", "advcl", "xcomp") and c.tag_ == "VBG"]
        plain = [c for c in clauses if not any(m.dep_ in ("mark", "case") for m in c.children)]
        plain += [c for c in verb.children if c.dep_ == "advcl" and _is_simultaneous(c)]
        subjects = [c for c in verb.children if c.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS)]
        plain += [c for n in (*subjects, verb.head) for c in n.children if c.dep_ == "acl:relcl" and c.i < verb.i and not _is_earlier(c)]
        return [t for c in plain for t in self._by_word.get(c.i, [])]


def governors(time: TimeExpression, doc: Doc, triggers: frozenset[int]) -> list[Token]:
    """The verbs and event nouns that a time expression modifies: mostly one."""
    relative = _relative_behind(time, doc)
    if relative is not None:
        return [relative]
    word = governor(time, doc, triggers)
    return [word, *(t for t in _set_off(time, doc, word) if t != word)]


def governor(time: TimeExpression, doc: Doc, triggers: frozenset[int]) -> Token:
    """The verb or event noun that a time expression modifies."""
    opened = _opened_clause(time, doc)
    if opened is not None:
        return opened
    head = doc[time.start : time.end].root
    if _counts_from_noun(time, doc):
        head = head.head if head.dep_ in BEFORE_NOUN else head  # "five days after the signing": not the signing's time
    elif head.dep_ in BEFORE_NOUN and head.i < head.head.i and head.head.pos_ == "NOUN":
        return head.head  # "a December 2012 agreement": the noun's time, not the clause's
    for node in head.ancestors:
        if node.i in triggers or (is_clause_head(node) and not _is_beginning(node)):
            return node
    return clause_of(head)


def is_landmark(time: TimeExpression, doc: Doc, triggers: frozenset[int]) -> bool:
    """Whether a time is that of something after or before which the clause's event came ("after a third on 3 May")."""
    for node in doc[time.start : time.end].root.ancestors:
        if is_clause_head(node) or node.i in triggers:
            return False
        if preposition(node) in function_words("landmark"):
            return True
    return False


def _relative_behind(time: TimeExpression, doc: Doc) -> Token | None:
    """The clause that goes on with the noun that a time stands behind: "an incident in 1999 in which X …"."""
    if time.end + 1 >= len(doc) or doc[time.end].pos_ != "ADP" or doc[time.end + 1].lower_ != "which":
        return None
    return clause_of(doc[time.end + 1])


def _set_off(time: TimeExpression, doc: Doc, word: Token) -> list[Token]:
    """What a time between commas dates besides ``word``: the verb whose subject it stands behind ("the fourth round, on 1 July, ended"),
    and both of two main clauses that nothing else joins ("X met Y, on 1 July, Z said …")."""
    first = _first(time, doc)
    if first < 2 or time.end >= len(doc) or doc[first - 1].text != "," or doc[time.end].text != ",":
        return []
    if word.i < first and word.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS) and word.head.i == time.end + 1:
        return [word.head]
    verbs = [t for t in doc if t.pos_ == "VERB" and is_clause_head(t) and _is_main(t) and t.tag_ == "VBD"]
    before, after = [v for v in verbs if v.i < first], [v for v in verbs if v.i > time.end]
    joined = time.end + 1 < len(doc) and doc[time.end + 1].pos_ in ("CCONJ", "VERB", "AUX", "SCONJ")
    own = after and any(c.dep_ in SUBJECTS and c.i > time.end for c in after[0].children)
    return [before[-1], after[0]] if before and own and not joined else []


def _first(time: TimeExpression, doc: Doc) -> int:
    """Where the phrase of a time begins, with the preposition and article before it."""
    first = time.start
    while first and doc[first - 1].pos_ in ("ADP", "DET", "SPACE") and doc[first - 1].lower_ not in function_words("time_of_noun"):
        first -= 1
    return first


def _counts_from_noun(time: TimeExpression, doc: Doc) -> bool:
    """ "Two days after the vote": it counts from the noun behind it."""
    return doc[time.end - 1].pos_ in ("ADP", "SCONJ") and time.end - time.start > 1


def _opened_clause(time: TimeExpression, doc: Doc) -> Token | None:
    """The main clause that a time opens ("On 4 May, after X had gone, Y came"; "…; two days later Z left"), however it was parsed."""
    root = doc[time.start : time.end].root
    if root.dep_ == "ROOT":  # "The next day X came", read as a day on which X came
        return next((c for c in root.children if c.i >= time.end and c.tag_ in ("VBD", "VBN")), None)
    first = _first(time, doc)
    after_stop = first == 0 or doc[first - 1].text in (";", ":", "|")
    end = time.end + (time.end < len(doc) and doc[time.end].pos_ == "PRON")
    commas = end < len(doc) and doc[end].text == ","
    clause_starts = after_stop or (commas and doc[first - 1].lower_ in ("and", "but"))
    if not clause_starts or not (commas or first or _is_bare(time, doc)):
        return None
    verbs = (t for t in doc[end:] if t.pos_ in ("VERB", "AUX") and is_clause_head(t))
    main = next((t for t in verbs if _is_main(t) or _is_read_as_participle(t)), None)
    return main if main is None or _is_main(main) else main.head


def _is_bare(time: TimeExpression, doc: Doc) -> bool:
    """ "On 6 May 1998 Danish troops entered X": a day behind a preposition that opens the sentence is no part of the noun that follows."""
    return time.when.precision is Precision.DAY and doc[0].pos_ == "ADP" and time.start in (1, 2)


def _is_main(verb: Token) -> bool:
    """A clause that no conjunction makes subordinate, with a finite verb."""
    subordinate = any(c.dep_ == "mark" or c.tag_ in ("WDT", "WP", "WRB") for c in verb.children)
    return not subordinate and verb.dep_ in ("ROOT", "conj", "parataxis", "ccomp", "advcl") and verb.tag_ != "VBG"


def _is_read_as_participle(verb: Token) -> bool:
    """The verb of a sentence that was read as a noun phrase ("On 4 May 1990 Danish aircraft bombed X")."""
    noun = verb.head
    return verb.tag_ in ("VBD", "VBN") and verb.dep_ in ("acl", "amod") and noun.dep_ == "ROOT" and noun.pos_ in ("NOUN", "PROPN")


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


def is_perfect(verb: Token) -> bool:
    """ "has said": no time of the past dates it."""
    return any(c.dep_ in ("aux", "aux:pass") and c.lower_ in ("has", "have") for c in verb.children)


def _is_simultaneous(clause: Token) -> bool:
    """Whether a conjunction joins a clause as happening together with its main clause; ", while X …" only contrasts the two."""
    marks = [c for c in clause.children if c.dep_ in ("mark", "advmod") and c.lower_ in function_words("simultaneous")]
    own = any(c.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS) for c in clause.children)
    contrasts = [m for m in marks if m.lower_ in function_words("contrasting") and m.i > clause.head.i and m.nbor(-1).text == ","]
    return bool(marks) and not (own and contrasts)


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
