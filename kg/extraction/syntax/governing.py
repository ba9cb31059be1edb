"""Find the verb or event noun that a time expression dates, by its position in tree and text."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from kg.extraction.syntax.dependencies import PASSIVE_SUBJECTS, SUBJECTS, clause_of, is_clause_head, preposition
from kg.extraction.syntax.function_words import function_words
from kg.facts import Precision
from kg.language.reading import TimeExpression

BEFORE_NOUN = frozenset({"compound", "nmod", "nummod", "amod", "nmod:unmarked", "nmod:desc"})


def governors(time: TimeExpression, doc: Doc, triggers: frozenset[int]) -> list[Token]:
    """Return the verbs and event nouns that a time expression modifies: usually one."""
    relative = _relative_behind(time, doc)
    if relative is not None:
        return [relative]
    word = governor(time, doc, triggers)
    return [word, *(t for t in _set_off(time, doc, word) if t != word)]


def governor(time: TimeExpression, doc: Doc, triggers: frozenset[int]) -> Token:
    """Return the verb or event noun that a time expression modifies."""
    opened = _explained(time, doc, triggers) or _opened_clause(time, doc)
    if opened is not None:
        return opened
    head = doc[time.start : time.end].root
    if _counts_from_noun(time, doc):
        head = head.head if head.dep_ in BEFORE_NOUN else head  # "five days after the signing": not the signing's time
    elif head.dep_ in BEFORE_NOUN and head.i < head.head.i and head.head.pos_ == "NOUN":
        return head.head  # "a December 2012 agreement": the noun's time, not the clause's
    for node in head.ancestors:
        told = _told_in(node)
        if told is not None:
            return told
        if node.i in triggers or (is_clause_head(node) and not _is_beginning(node)):
            return _implied(node)
    return clause_of(head)


def _told_in(participle: Token) -> Token | None:
    """ "In a letter to Y dated 4 May, X said": the date of the letter is that of saying; None if the participle is not of this kind."""
    if participle.dep_ != "acl" or participle.lower_ not in function_words("issued"):
        return None
    noun = participle.head
    while noun.dep_ == "nmod":
        noun = noun.head
    return clause_of(noun.head) if noun.dep_ in ("obl", "obl:unmarked") and preposition(noun) in ("in", "at") else None


def _implied(verb: Token) -> Token:
    """ "Refused to sign in May": the time of refusing is that of the complement."""
    outer = verb.head
    return outer if verb.dep_ == "xcomp" and outer.tag_ == "VBD" and outer.lower_ in function_words("implying") else verb


def nouns_between(time: TimeExpression, doc: Doc, triggers: frozenset[int]) -> list[Token]:
    """Return the nouns by which a time depends on its clause without dating it: as the event before or after it ("after a third on 3
    May"), or with the verb omitted ("in 1861 and by Y two years later")."""
    found: list[Token] = []
    for node in doc[time.start : time.end].root.ancestors:
        if is_clause_head(node) or node.i in triggers:
            break
        if preposition(node) in function_words("landmark") or (node.dep_ == "conj" and preposition(node)):
            found.append(node)
    return found


def is_bound(time: TimeExpression, doc: Doc, triggers: frozenset[int]) -> bool:
    """Whether a time only bounds that of the clause ("the first visit since the partition in 1945")."""
    return any(preposition(n) in function_words("bound") for n in nouns_between(time, doc, triggers))


def _relative_behind(time: TimeExpression, doc: Doc) -> Token | None:
    """Return the relative clause of the noun before a time: "an incident in 1999 in which X …"."""
    if time.end + 1 >= len(doc) or doc[time.end].pos_ != "ADP" or doc[time.end + 1].lower_ != "which":
        return None
    return clause_of(doc[time.end + 1])


def _set_off(time: TimeExpression, doc: Doc, word: Token) -> list[Token]:
    """Return what a time between commas dates besides ``word``: the verb after whose subject it stands ("the fourth round, on 1 July,
    ended"), and both of two juxtaposed main clauses ("X met Y, on 1 July, Z said …")."""
    first = first_token(time, doc)
    if first < 2 or time.end >= len(doc) or doc[first - 1].text != "," or doc[time.end].text != ",":
        return []
    if word.i < first and word.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS) and word.head.i == time.end + 1:
        return [word.head]
    verbs = [t for t in doc if t.pos_ == "VERB" and is_clause_head(t) and is_main(t) and t.tag_ == "VBD"]
    before, after = [v for v in verbs if v.i < first], [v for v in verbs if v.i > time.end]
    joined = doc[first - 2].pos_ == "CCONJ" or (time.end + 1 < len(doc) and doc[time.end + 1].pos_ in ("CCONJ", "VERB", "AUX", "SCONJ"))
    own = after and any(c.dep_ in SUBJECTS and c.i > time.end for c in after[0].children)
    return [before[-1], after[0]] if before and own and not joined else []


def first_token(time: TimeExpression, doc: Doc) -> int:
    """Return the first token of a time's phrase, including preposition and article."""
    first = time.start
    while first and doc[first - 1].pos_ in ("ADP", "DET", "SPACE") and doc[first - 1].lower_ not in function_words("time_of_noun"):
        first -= 1
    return first


def _counts_from_noun(time: TimeExpression, doc: Doc) -> bool:
    """ "Two days after the vote": it counts from the following noun."""
    return doc[time.end - 1].pos_ in ("ADP", "SCONJ") and time.end - time.start > 1


def _opened_clause(time: TimeExpression, doc: Doc) -> Token | None:
    """Return the main clause that a time opens ("On 4 May, after X had gone, Y came"; "…; two days later Z left"), however parsed."""
    root = doc[time.start : time.end].root
    if root.dep_ == "ROOT":  # "The next day X came", read as a day on which X came
        return next((c for c in root.children if c.i >= time.end and c.tag_ in ("VBD", "VBN")), None)
    first = first_token(time, doc)
    after_stop = first == 0 or doc[first - 1].text in (";", ":", "|")
    end = time.end + (time.end < len(doc) and doc[time.end].pos_ == "PRON")
    commas = end < len(doc) and doc[end].text == ","
    clause_starts = after_stop or (commas and doc[first - 1].lower_ in ("and", "but"))
    if not clause_starts or not (commas or first or _is_bare(time, doc)):
        return None
    stop = next((t.i for t in doc[end:] if t.text == ";"), len(doc))
    verbs = [t for t in doc[end:stop] if t.pos_ in ("VERB", "AUX") and is_clause_head(t)]
    main = next((t for t in verbs if is_main(t) or _is_read_as_participle(t)), None)
    if main is None and stop < len(doc):
        return next((t for t in verbs if t.tag_ in ("VBD", "VBN")), None)  # a clause after the semicolon may have another time
    return main if main is None or is_main(main) else main.head


def _is_bare(time: TimeExpression, doc: Doc) -> bool:
    """ "On 6 May 1998 Danish troops entered X": a time after a preposition that opens the sentence is not part of the following noun,
    unless it is not a day and that noun is common ("in 1998 elections")."""
    apart = time.when.precision is Precision.DAY or (time.end < len(doc) and (doc[time.end].pos_ != "NOUN" or doc[time.end].text.istitle()))
    return apart and doc[0].pos_ == "ADP" and time.start in (1, 2)


def _explained(time: TimeExpression, doc: Doc, triggers: frozenset[int]) -> Token | None:
    """Return what happened some time before the adjacent date: "on 22 April, five days after X had *resigned*", "… after the *attack*"."""
    if time.relation != "anchor" or not _counts_from_noun(time, doc):
        return None
    behind: list[Token] = []
    for token in doc[time.end :]:
        if token.text in (",", ";", ".") and behind:
            break
        behind.append(token)
    verb = next((t for t in behind if t.pos_ == "VERB" and has_had(t)), None)
    return verb or next((t for t in behind if t.i in triggers), None)


def has_had(verb: Token) -> bool:
    """Whether a verb is in the past perfect: "had imposed"."""
    return any(c.dep_ in ("aux", "aux:pass") and c.lower_ == "had" for c in verb.children)


def is_main(verb: Token) -> bool:
    """Whether a clause is finite and not subordinate."""
    subordinate = any(c.dep_ == "mark" or c.tag_ in ("WDT", "WP", "WRB") for c in verb.children)
    return not subordinate and verb.dep_ in ("ROOT", "conj", "parataxis", "ccomp", "advcl") and verb.tag_ != "VBG"


def _is_read_as_participle(verb: Token) -> bool:
    """Return the verb of a sentence misparsed as a noun phrase ("On 4 May 1990 Danish aircraft bombed X")."""
    noun = verb.head
    return verb.tag_ in ("VBD", "VBN") and verb.dep_ in ("acl", "amod") and noun.dep_ == "ROOT" and noun.pos_ in ("NOUN", "PROPN")


def _is_beginning(verb: Token) -> bool:
    """ "Beginning in 2011, X persuaded …": the participle only gives the start."""
    return verb.tag_ == "VBG" and verb.dep_ in ("advcl", "case") and verb.lower_ in function_words("beginning") and verb.head.i > verb.i
