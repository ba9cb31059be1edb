"""The logical arguments of verbs and event nouns: passives made active, gaps filled by coordination, control and relative clauses.

Like ``kg.extraction.syntax.dependencies``, plain functions over spaCy tokens, independent of entities and lexicon.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extraction.syntax.dependencies import (
    OBLIQUES,
    PASSIVE_SUBJECTS,
    RELATIVE,
    SUBJECTS,
    VERBALS,
    antecedent,
    children,
    clause_of,
    is_passive,
    preposition,
)
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.mending import (
    after_fronted,
    after_participle,
    coordinate_of,
    follows_object,
    is_counted,
    is_gapped,
    is_main_verb,
    lone_subject,
    modifies_object,
    names_a_time,
    second_side,
    subject_behind_conjunction,
    without_titles,
)


@dataclass(frozen=True, slots=True)
class LogicalArgument:
    """A logical argument of a predicate: ``position`` is ``subj``, ``obj``, ``iobj``, ``poss``, ``adj``, a preposition, or ``ccomp``
    (the subject of the complement clause)."""

    position: str
    token: Token


def arguments(verb: Token) -> list[LogicalArgument]:
    """Return the logical arguments of a verb: the subject of a passive is an ``obj``, its agent the ``subj``.

    A missing subject is found by coordination, control or the noun that the clause modifies.
    """
    passive = is_passive(verb)
    found = [a for a in _split_fronted(verb, list(_own_arguments(verb, passive))) if a.position != "subj" or not names_a_time(a.token)]
    positions = {a.position for a in found}
    if "subj" not in positions and not (passive and "obj" not in positions):
        found.extend(LogicalArgument("subj", t) for t in _missing_subject(verb))
    if "obj" not in positions:
        found.extend(LogicalArgument("obj", t) for t in _missing_object(verb))
    if passive and all(a.position != "subj" for a in found):
        found.extend(LogicalArgument("subj", t) for t in verb.subtree if _is_stray_agent(t, verb))
    surface = "obj" if passive else "subj"
    if all(a.position != surface for a in found):
        lone = lone_subject(verb)
        found = [a for a in found if a.token not in lone] + [LogicalArgument(surface, t) for t in lone]
    kept = without_titles([a.token for a in found if a.position == surface])
    return [a for a in found if a.position != surface or a.token in kept]


def _is_stray_agent(token: Token, verb: Token) -> bool:
    """Whether a passive's agent is attached to a noun before it: "was named envoy for trade by X"."""
    return token.pos_ == "PROPN" and token.dep_ == "nmod" and preposition(token) == "by" and bool(clause_of(token.head) == verb)


def _split_fronted(verb: Token, found: list[LogicalArgument]) -> list[LogicalArgument]:
    """Split "In Geneva, X and Y agreed" misparsed as one list."""
    if any(a.position in ("subj", "obj") and a.token.i < verb.i for a in found):
        return found
    for argument in found:
        if argument.token.dep_ in OBLIQUES and argument.token.i < verb.i:
            subjects = after_fronted(argument.token)
            if subjects:
                position = "obj" if is_passive(verb) else "subj"
                others = [a for a in found if a is not argument]
                fronted = LogicalArgument("fronted:" + argument.position, argument.token)
                return [*others, fronted, *(LogicalArgument(position, t) for t in subjects)]
    return found


def _own_arguments(verb: Token, passive: bool) -> Iterator[LogicalArgument]:
    objects = children(verb, "obj")
    gapped = [t.i for o in children(verb, "obl") for t in children(o, "conj") if is_gapped(t)]  # "sent aid to X, and Y to Z"
    giving = passive and bool(objects) and verb.lemma_.lower() in function_words("giving")
    for child in verb.children:
        relation = "iobj" if len(objects) > 1 and child == objects[0] and not passive else child.dep_
        if gapped and child.dep_ == "obl" and child.i > gapped[0]:
            continue
        if relation in SUBJECTS:
            # a caption's "contract concluded by X": with an agent, what is read as subject is the object
            yield LogicalArgument("obj" if passive and children(verb, "obl:agent") else "subj", child)
        elif relation in PASSIVE_SUBJECTS:
            yield LogicalArgument("iobj" if giving else "obj", child)  # "was granted asylum": to whom
        elif relation in ("obj", "iobj"):
            # "was named envoy": the object that a passive keeps is not the one that it promotes
            yield LogicalArgument("iobj" if passive and relation == "obj" and not giving else relation, child)
        elif relation == "obl:agent" or (relation in OBLIQUES and passive and preposition(child) == "by"):
            yield LogicalArgument("subj", child)
        elif relation in OBLIQUES and is_counted(child):
            yield LogicalArgument("obj", child)
        elif relation in OBLIQUES:
            marker = preposition(child)
            yield LogicalArgument(marker or "bare", child)
            if not objects and _is_split_particle(child, verb):
                yield LogicalArgument("obj", child)
            yield from behind_noun(child)
            if names_a_time(child):  # "held talks on Sunday with X"
                yield from (LogicalArgument(preposition(c), c) for c in children(child, "nmod") if preposition(c) not in ("", "of"))
            if child.pos_ == "PROPN" and marker in function_words("locative"):  # "began in CITY with X"
                yield from (LogicalArgument("with", c) for c in children(child, "nmod") if preposition(c) == "with")
        elif relation == "ccomp" and modifies_object(child):
            yield from (LogicalArgument("obj", t) for t in children(child, "obj"))
        elif relation == "ccomp":
            yield from (LogicalArgument("ccomp", t) for t in children(child, *SUBJECTS, *PASSIVE_SUBJECTS))
        elif relation in ("advcl", "acl"):
            yield from _behind_participle(child)


def _behind_participle(clause: Token) -> Iterator[LogicalArgument]:
    """ "From neighbouring X" misparsed as a clause."""
    name = after_participle(clause)
    marks = [c for c in children(clause, "case", "mark") if c.i < clause.i]
    if name is not None and marks:
        yield LogicalArgument(marks[0].lower_, name)


def behind_noun(oblique: Token) -> Iterator[LogicalArgument]:
    """Return the noun after a prepositional phrase that works as a preposition: "in favour of X", "in response to X"."""
    nouns = children(oblique, "nmod")
    marker = preposition(oblique) if nouns else ""
    for child in nouns if marker else ():
        inner = preposition(child)
        if inner:
            yield LogicalArgument(f"{marker} {oblique.lemma_.lower()} {inner}", child)


def _is_split_particle(noun: Token, verb: Token) -> bool:
    """ "broke off relations", "gave up the claim" misparsed as a preposition: what immediately follows the verb is its particle."""
    return any(c.i == verb.i + 1 and c.lower_ in function_words("particles") for c in children(noun, "case"))


def _missing_subject(verb: Token) -> list[Token]:
    """Return the understood subject of a clause without one."""
    head = verb.head
    if is_passive(verb):
        return []
    if verb.dep_ == "conj":
        return subject_behind_conjunction(verb) or _subject_tokens(coordinate_of(verb))
    if verb.dep_ in ("xcomp", "advcl") and head.pos_ != "NOUN":
        return _controller(verb, head)
    if verb.dep_ == "ccomp" and not children(verb, "mark") and verb.tag_ in ("VB", "VBG"):
        return _controller(verb, head)
    if is_main_verb(verb):
        return [head]
    if verb.dep_ == "acl":
        return _modified_noun_subject(verb)
    if verb.dep_ in RELATIVE and not _relative_pronoun(verb):
        return [] if children(verb, *SUBJECTS) else [head]
    return []


def _controller(verb: Token, head: Token) -> list[Token]:
    """Control: "X asked Y to go" → Y; "X agreed to go" → X; "X was forced to go" → X."""
    objects = children(head, "obj", "iobj")
    if verb.dep_ == "xcomp" and objects and not is_passive(head):
        return objects[:1]
    if objects and not is_passive(head) and follows_object(verb, objects[-1]):
        return objects[-1:]
    if is_passive(head):
        promoted = [a.token for a in arguments(head) if a.position == "obj"]
        return promoted or _subject_tokens(head)
    return _subject_tokens(head)


def _modified_noun_subject(verb: Token) -> list[Token]:
    noun = verb.head
    if any(m.lower_ == "to" for m in children(verb, "mark")):
        # "the decision of X to go", "X's promise to go": whose it is does it; else the subject of the clause around it
        owners = children(noun, "nmod:poss")
        if owners:
            return owners
        if children(noun, "cop"):
            return children(noun, *SUBJECTS)  # "X was the first state to go"
        if noun.dep_ == "xcomp" and noun.head.lemma_ in function_words("becoming"):
            return _subject_tokens(noun.head)  # "X became the first state to go"
        outer = clause_of(noun)
        return _subject_tokens(outer) if outer != verb and noun.dep_ in ("obj", "obl") else []
    return [noun] if verb.tag_ == "VBG" else []


def _subject_tokens(verb: Token) -> list[Token]:
    """Return the surface subject of a clause, including one shared by coordination."""
    own = children(verb, *SUBJECTS, *PASSIVE_SUBJECTS)
    if own:
        return own
    if verb.dep_ in ("conj", "xcomp", "advcl", "acl"):
        if is_passive(verb) and verb.dep_ == "acl":
            return [verb.head]
        return _missing_subject(verb)
    if verb.dep_ in RELATIVE:
        return [verb.head]
    return []


def _relative_pronoun(verb: Token) -> Token | None:
    pronouns = [c for c in verb.children if c.lower_ in function_words("relative_pronouns") and c.dep_ != "mark"]
    return next((c for c in pronouns if antecedent(c) is not None), None)


def _missing_object(verb: Token) -> list[Token]:
    """Return the object of a passive participle or a gap, or one shared by coordinated verbs."""
    head = verb.head
    if is_passive(verb):
        if verb.dep_ in ("acl", "amod"):
            return [head]
        if verb.dep_ in RELATIVE:
            return [] if _relative_pronoun(verb) else [head]
        if verb.dep_ == "conj":
            return [a.token for a in arguments(head) if a.position == "obj"] if is_passive(head) else _subject_tokens(head)
        if verb.dep_ in ("xcomp", "advcl"):
            return _controller(verb, head)
        return []
    bare = not children(verb, "obl", "xcomp", "ccomp")
    if any(c.lower_ in function_words("relative_adverbs") for node in (verb, *children(verb, *SUBJECTS)) for c in children(node, "advmod")):
        return []  # also where "where" hangs on the subject
    if verb.dep_ in (*RELATIVE, "acl") and not _relative_pronoun(verb) and children(verb, *SUBJECTS) and (verb.dep_ != "acl" or bare):
        return [head]
    shared = [t for t in children(head, "obj") if t.i > verb.i] if verb.dep_ == "conj" else []
    later = [t for c in children(verb, "conj") if not children(c, *SUBJECTS) for t in children(c, "obj")]
    return shared or ([] if children(verb, "obl", "xcomp", "ccomp") else later)


def subjects_of_participle(verb: Token) -> list[Token]:
    """Return the subjects of a main verb misparsed as a participle before its object, or ().

    "X imposed sanctions" is misparsed as "imposed sanctions" if the noun has a subject but no copula, if a form of "have" precedes
    the participle, or if a name precedes it as if in a compound.
    """
    noun = verb.head
    if verb.dep_ != "amod" or verb.tag_ not in ("VBN", "VBD") or noun.i < verb.i or children(noun, "cop"):
        return []
    own = [c for c in (*children(verb, *SUBJECTS), *children(noun, *SUBJECTS)) if c.i < verb.i]
    if own:
        return own
    if noun.dep_ == "conj" and noun.head.pos_ in VERBALS and verb.doc[verb.i - 1].dep_ == "cc":
        return _subject_tokens(noun.head)  # "X sat down and [opened talks]"
    before = verb.i - 1
    while before > verb.sent.start and verb.doc[before].pos_ == "ADV":
        before -= 1
    word = verb.doc[before]
    if word.lemma_.lower() == "have" and noun.head == word and noun.dep_ == "obj":
        return children(word, *SUBJECTS)
    return [word] if noun.dep_ == "ROOT" and word.dep_ == "compound" and word.pos_ == "PROPN" and word.head == noun else []


def is_content(clause: Token) -> bool:
    """Whether a clause that modifies a noun gives its content ("its demand that X go"), even if "that" is parsed as a pronoun."""
    if clause.dep_ == "acl":
        return bool(children(clause, *SUBJECTS, *PASSIVE_SUBJECTS)) and any(m.lower_ == "that" for m in children(clause, "mark"))
    that = [c for c in clause.children if c.lower_ == "that" and c.dep_ == "obj"]
    return clause.dep_ in RELATIVE and bool(that) and (len(children(clause, "obj")) > 1 or bool(children(clause, "ccomp", "xcomp")))


def noun_arguments(noun: Token) -> list[LogicalArgument]:
    """Return an event noun's own arguments: "Ghana's talks with Togo", "Danish ban on …"."""
    found = []
    for child in noun.children:
        if child.dep_ == "nmod:poss":
            found.append(LogicalArgument("poss", child))
        elif child.dep_ in ("nmod", "obl", "obl:agent", "nmod:unmarked") and preposition(child):
            found.append(LogicalArgument(preposition(child), child))
            found.extend(LogicalArgument("between", t) for t in second_side(child) if found[-1].position == "between")
        elif child.dep_ in ("amod", "compound", "nmod:desc"):
            found.append(LogicalArgument("adj", child))
        elif child.dep_ in ("acl", "acl:relcl"):
            found.extend(_behind_participle(child))
            found.extend(LogicalArgument("ccomp", t) for t in children(child, *SUBJECTS, *PASSIVE_SUBJECTS) if is_content(child))
    taken = {argument.position for argument in found}
    for thing in [a.token for a in found if a.position == "of" and a.token.pos_ == "NOUN"]:
        # "a suspension of air links with X": dependents of the object belong to the event
        found += [a for a in noun_arguments(thing) if a.position not in ("poss", "adj", "of", "by", *taken)]
    return found
