"""Correct common misparses around subjects, by word order alone.

Each function takes the tree as it is and returns the argument that a reader would understand; none changes the Doc.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.tokens import Token

from kg.extraction.syntax.function_words import function_words

NOUNS = frozenset({"NOUN", "PROPN", "PRON"})
INSIDE = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM", "PART"})
LINKING = frozenset({"ADV", "AUX", "PART"})
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
DASHES = frozenset({"-", "–", "—"})
TIME_TOKENS = "entente.time_tokens"
"""Key of ``Doc.user_data`` for the positions of time expressions."""
LOOSE = frozenset({"ROOT", "dep", "compound", "flat", "list", "obl:unmarked", "nmod:unmarked", "parataxis", "appos"})
"""Relations of a name that the parser could not attach properly."""


def lone_subject(verb: Token) -> list[Token]:
    """Return the noun before a finite verb without a subject: "X, minister of Y, demanded", "In June 1945 X refused".

    Empty if the verb is not finite, or the noun is part of something else.
    """
    if not _is_finite(verb):
        return []
    doc, at = verb.doc, verb.i - 1
    while at >= 0 and (doc[at].pos_ in LINKING or names_a_time(doc[at])):
        at -= 1
    if at > 0 and doc[at].text == ",":
        at = _before_parenthesis(verb, at)
    if at < 0 or doc[at].pos_ not in NOUNS:
        return []
    noun = _head_of_list(doc[at])
    if not _belongs_elsewhere(noun, verb):
        return [noun]
    # "under a deal brokered by X, Y and Z agreed", misparsed as one list of three
    return after_fronted(noun) if noun != doc[at] and doc[at].dep_ == "conj" else []


def _head_of_list(noun: Token) -> Token:
    """Return the head of the noun phrase that ends with ``noun``: "ministers" in "the ministers of X and Y, A and B, signed"."""
    node = noun
    if _follows_time(noun):
        return noun
    while node.dep_ in ("nmod", "conj", "flat", "appos") and node.head.i < node.i and node.head.pos_ in NOUNS:
        if node.dep_ in ("appos", "conj") and _has_case(node.head) and not _has_case(node) and node.head.dep_ in ("obl", "nmod"):
            return node if node.dep_ == "appos" else noun
        node = node.head
    return node


def _follows_time(token: Token) -> bool:
    return token.i - 1 in token.doc.user_data.get(TIME_TOKENS, ())


def _has_case(noun: Token) -> bool:
    return any(c.dep_ == "case" for c in noun.children)


def list_before(name: Token, is_name: Callable[[Token], bool]) -> list[Token]:
    """Return names in a list before ``name`` that the tree does not coordinate: "President X and Prime Minister NAME met".

    Titles and parentheses between commas are skipped; a name after a preposition ends the list.
    """
    found: list[Token] = []
    at = _over_modifiers(name, is_name)
    while at >= 1 and name.doc[at].lower_ in ("and", ","):
        at -= 1
        if name.doc[at].text == ",":
            at -= 1
        if not is_name(name.doc[at]):
            at = _before_parenthesis(name, at + 1) if name.doc[at + 1].text == "," else -1
        if at < 0 or not is_name(name.doc[at]) or name.doc[at].dep_ not in LOOSE:
            break
        found.insert(0, name.doc[at])
        at = _over_modifiers(name.doc[at], is_name)
    return found if at < 0 or name.doc[max(at, 0)].pos_ != "ADP" or not found else []


def _over_modifiers(name: Token, is_name: Callable[[Token], bool]) -> int:
    at = name.i - 1
    while at >= 0 and (name.doc[at].pos_ in ("ADJ", "NOUN", "PROPN", "DET") or name.doc[at].tag_ == "PRP$"):
        if is_name(name.doc[at]) and name.doc[at].pos_ not in ("ADJ", "PRON"):
            break
        at -= 1
    return at


def _is_finite(verb: Token) -> bool:
    if verb.tag_ in FINITE:
        return True
    return any(c.dep_ in ("aux", "aux:pass") and c.tag_ in FINITE for c in verb.children)


def _before_parenthesis(verb: Token, comma: int) -> int:
    """Return the position before the comma that opens the parenthesis ending at ``comma``, or -1."""
    doc = verb.doc
    for at in range(comma - 1, max(comma - 16, verb.sent.start), -1):
        if doc[at].text == ",":
            return at - 1
        if doc[at].text in (";", ".", "(", ")"):
            break
    return -1


def _belongs_elsewhere(noun: Token, verb: Token) -> bool:
    """Whether the noun is governed by a preposition or is an argument of another verb."""
    first = noun
    doc = noun.doc
    while first.i > noun.sent.start and not _follows_time(first) and doc[first.i - 1].pos_ in INSIDE:
        first = doc[first.i - 1]
        if first.pos_ == "NUM" or any(c.dep_ == "case" and c.i < first.i for c in first.children):
            break
    before = doc[first.i - 1] if first.i > noun.sent.start else None
    if before is not None and before.pos_ == "ADP" and first.pos_ != "NUM":
        return True
    if _follows_time(first):
        return False  # "in September X warned", "on 4 May X left": the preposition belongs to the time
    return noun.dep_ in ("obj", "nsubj", "nsubj:pass") and noun.head != verb


def is_main_verb(participle: Token) -> bool:
    """Whether a participle after the only noun of a full sentence is its verb: "The opposition called for talks."."""
    noun = participle.head
    if noun.dep_ == "nmod" and noun.head.lower_ in function_words("counts"):
        noun = noun.head  # "hundreds of fighters crossed the border."
    if participle.dep_ != "acl" or participle.tag_ not in ("VBN", "VBD") or noun.dep_ != "ROOT":
        return False
    if noun.pos_ not in NOUNS and " " not in noun.text:
        return False
    if any(c.dep_ in ("cop", "nsubj", "nsubj:pass", "aux", "parataxis") for c in noun.children) or noun.doc[len(noun.doc) - 1].text != ".":
        return False
    return not any(c.dep_ in ("obl:agent", "aux", "aux:pass") or any(m.lower_ == "by" for m in c.children) for c in participle.children)


def is_joined(apposition: Token) -> bool:
    """Whether an apposition follows "and" or a dash: "President X and Prime Minister Y", "the X–Y border"."""
    first = apposition.left_edge
    before = apposition.doc[first.i - 1] if first.i > 0 else first
    return first.dep_ == "cc" or first.text in DASHES or (before.text in DASHES and before.i == apposition.head.i + 1)


def name_before(pronoun: Token) -> Token | None:
    """Return the name of several words that is the antecedent of "which" after a comma, though its clause was attached to the verb, or
    None."""
    doc, at = pronoun.doc, pronoun.i - 2
    found = at >= 0 and doc[at + 1].text == "," and " " in doc[at].text and doc[at].dep_ in ("obj", "obl", "nmod")
    return doc[at] if found else None


def modifies_object(participle: Token) -> bool:
    """Whether a clause only modifies its object: "rejected proposed changes"."""
    bare = not any(c.dep_ in ("nsubj", "nsubj:pass", "mark", "aux", "aux:pass") for c in participle.children)
    return participle.tag_ == "VBN" and participle.i == participle.head.i + 1 and bare


def second_side(first: Token) -> list[Token]:
    """Return the second party in "the treaty between X and Y" if it was misparsed as the subject of the sentence."""
    if first.tag_ in ("NNS", "NNPS") or any(c.dep_ in ("conj", "nummod") for c in first.children):
        return []
    after = max(t.i for t in first.subtree) + 1
    if after + 1 >= len(first.doc) or first.doc[after].lower_ != "and":
        return []
    name = first.doc[after + 1]
    return [name] if name.pos_ == "PROPN" else []


def stray_conjuncts(noun: Token) -> list[Token]:
    """Return what "and" joins to a noun though the tree attaches it elsewhere: the second side of "In CITY, X and Y agreed"."""
    doc, after = noun.doc, noun.i + 1
    if noun.dep_ not in ("nsubj", "nsubj:pass") or after >= len(doc) or doc[after].dep_ != "cc":
        return []
    other = doc[after].head
    crossing = other.dep_ == "conj" and other.i > after and other.head.i < noun.i and other.head not in noun.subtree
    return [other] if crossing and other.head not in list(noun.ancestors) else []


def is_stray(conjunct: Token) -> bool:
    """Whether a conjunct belongs to the noun right before its conjunction, not to the one that the tree joins it to."""
    if conjunct.dep_ != "conj":
        return False
    joint = next((c for c in conjunct.children if c.dep_ == "cc" and c.i < conjunct.i), None)
    return joint is not None and joint.i > 0 and conjunct in stray_conjuncts(joint.nbor(-1))


def is_gapped(noun: Token) -> bool:
    """Whether a conjunct of an oblique is the subject of a clause without its verb: "X was charged with theft and *Y* with fraud"."""
    oblique = noun.head
    if noun.dep_ != "conj" or oblique.dep_ != "obl" or noun.pos_ not in NOUNS or any(c.dep_ == "case" for c in noun.children):
        return False
    own = {c.lower_ for c in oblique.children if c.dep_ == "case"}
    after = max((t.i for t in noun.subtree), default=noun.i) + 1
    follows = after < len(noun.doc) and noun.doc[after].dep_ == "case" and noun.doc[after].lower_ in own
    return follows and noun.doc[after].head.head == oblique.head


def is_summary(noun: Token) -> bool:
    """Whether a noun after a comma sums up the preceding clause: "X declared war, a step that Y condemned"."""
    articles = [c for c in noun.children if c.dep_ == "det" and c.lower_ in ("a", "an")]
    clause = any(c.dep_ in ("acl", "acl:relcl") and c.i > noun.i for c in noun.children)
    before = articles[0].i - 1 if articles else -1
    return clause and before > noun.head.i and noun.doc[before].text == "," and noun.dep_ in ("obj", "appos", "obl:unmarked", "parataxis")


def coordinate_of(verb: Token) -> Token:
    """Return the verb that a coordinated one continues: in "said that X had been closed and warned" the first, not the nearest."""
    head = verb.head
    perfect = head.dep_ == "ccomp" and head.tag_ == "VBN" and any(c.dep_.startswith("aux") for c in head.children)
    if perfect and verb.tag_ == "VBD":
        return head.head
    # "entered a hall where they were meeting and arrested X": a past tense continues the last one
    going_on = head.tag_ == "VBG" and any(c.dep_ == "aux" for c in head.children) and head.dep_ in ("acl:relcl", "advcl")
    return next((t for t in head.ancestors if t.tag_ == "VBD"), head) if going_on and verb.tag_ == "VBD" else head


def subject_behind_conjunction(verb: Token) -> list[Token]:
    """Return the subject of a coordinated clause that was coordinated with a noun: "form [a majority] but [X and Y] denied it"."""
    joint = next((c for c in verb.children if c.dep_ == "cc" and c.i < verb.i), None)
    between = verb.doc[joint.i + 1 : verb.i] if joint is not None else ()
    return [t for t in between if t.dep_ == "conj" and t.pos_ in NOUNS and joint is not None and t.head.i < joint.i][:1]


def opens_clause(noun: Token) -> bool:
    """Whether a noun coordinated with one before it is the subject of a clause after the conjunction."""
    if noun.dep_ != "conj" or noun.pos_ not in NOUNS:
        return False
    joints = (t for t in noun.doc[noun.head.i + 1 : noun.i] if t.dep_ == "cc" and t.head.i > noun.i)
    return any(t.head.dep_ == "conj" and noun in subject_behind_conjunction(t.head) for t in joints)


def follows_object(participle: Token, noun: Token) -> bool:
    """Whether a participle immediately follows the object of its verb, which it then modifies: "arrested X visiting Y"."""
    bare = participle.tag_ == "VBG" and participle.dep_ == "advcl" and not any(c.dep_ in ("mark", "case") for c in participle.children)
    end = max((t.i for t in noun.subtree if t.i < participle.i), default=-1)
    return bare and end == participle.i - 1


def names_a_time(token: Token) -> bool:
    """Whether a word is a time: "today" in "the minister today accused X" is not a subject."""
    return token.i in token.doc.user_data.get(TIME_TOKENS, ()) or token.lower_ in function_words("days")


def is_counted(noun: Token) -> bool:
    """Whether "to" before a noun belongs to its number ("killed up to 16 miners" misparsed as "killed up, to 16 miners")."""
    doc = noun.doc
    marks = [c.i for c in noun.children if c.dep_ == "case" and c.lower_ == "to"]
    return any(i > 0 and doc[i - 1].lower_ == "up" and doc[i + 1].pos_ == "NUM" for i in marks)


def after_participle(clause: Token) -> Token | None:
    """Return the name in "from neighbouring X" if its participle was parsed as a verb, or None."""
    if clause.lower_ not in function_words("participles_of_place"):
        return None
    return next((c for c in clause.children if c.dep_ == "obj" and c.i == clause.i + 1), None)


def without_titles(tokens: list[Token]) -> list[Token]:
    """Return the second of two adjacent subjects ("Minister" and "X" of "Foreign Minister X spoke"): the first is its title."""
    return [t for t in tokens if not any(o.i == t.i + 1 and t.pos_ in ("NOUN", "PROPN") for o in tokens)]


def after_fronted(oblique: Token) -> list[Token]:
    """Return the subject in "In Geneva, X and Y agreed" misparsed as one list: what follows the comma after the oblique."""
    later = [c for c in oblique.children if c.dep_ == "conj"]
    if not later or later[0].pos_ not in NOUNS:
        return []
    between = oblique.doc[oblique.i + 1 : later[0].i]
    joined = any(t.dep_ == "cc" and t.head == later[0] for t in between)
    return later if any(t.text == "," for t in between) and not joined else []
