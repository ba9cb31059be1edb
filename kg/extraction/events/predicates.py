"""Find the predicates of a passage that report events: verbs, light verbs with event nouns, event nouns, adjectives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kg.extraction.frames.entries import AdjectiveEntry, NounEntry, VerbEntry
from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.matching import Clause, adjective_entry, lemma, noun_entry, verb_entry, with_measured
from kg.extraction.syntax.dependencies import antecedent, children, clause_of, is_passive, noun_conjuncts, preposition
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.logical_arguments import LogicalArgument, arguments, behind_noun, noun_arguments, subjects_of_participle
from kg.extraction.syntax.quotations import Quotation
from kg.facts import Kind, Modality

NO_CLAUSES = ("aux", "aux:pass", "cop", "amod", "compound", "case")
"""Relations of verbs that are not predicates of their own."""
UNKNOWN = ""
"""The category of a verb that the lexicon lacks and that only a context can make an event."""
LIGHT_BONUS = 5
"""A light verb with its event noun is as specific as a verb with a restricted object and subject."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """A word that reports an event, with the frame by which it is read.

    ``token`` is the trigger, ``clause`` the verb with modality and time, ``source`` the lexicon entry, ``kind`` one of ``verb``,
    ``light``, ``noun``, ``adjective``, ``attribution``.
    """

    token: Token
    clause: Token
    kind: str
    category: str
    source: str
    roles: Mapping[str, str]
    arguments: tuple[LogicalArgument, ...]
    modality: Modality | None = None
    needs: tuple[str, ...] = ()


def find_predicates(fillers: Fillers, quotations: list[Quotation]) -> list[Predicate]:
    """Return all predicates of a passage that the lexicon contains, in text order."""
    found: dict[int, Predicate] = {}
    used: set[int] = set()
    for token in fillers.passage.doc:
        if token.pos_ in ("VERB", "AUX") and (token.dep_ not in NO_CLAUSES or subjects_of_participle(token)):
            predicate = _verb(token, fillers, quotations)
            if predicate is not None and predicate.token.i not in used:
                found[token.i] = predicate
                used.add(predicate.token.i)
    for token in fillers.passage.doc:
        if token.i in used or token.i in found:
            continue
        attribution = _attribution(token, fillers) if token.dep_ == "case" else None
        if attribution is not None:
            found[token.i] = attribution
            continue
        read = READERS.get(token.pos_)
        predicate = read(token, fillers) if read is not None else None
        if predicate is not None and not _is_core_argument(token, found):
            found[token.i] = predicate
    return [found[i] for i in sorted(found)]


def _is_core_argument(noun: Token, found: Mapping[int, Predicate]) -> bool:
    """Whether the noun is the content of another event: "lifted the ban", "protested the arrest"."""
    governing = found.get(noun.head.i) if noun.dep_ in ("obj", "nsubj:pass", "conj") else None
    return governing is not None and governing.kind == "verb"


def _verb(verb: Token, fillers: Fillers, quotations: list[Quotation]) -> Predicate | None:
    if verb.tag_ == "VBG" and verb.dep_ == "conj" and verb.head.tag_ in ("VBD", "VBZ", "VBP") and not children(verb, "aux"):
        return None  # a gerund is not coordinated with a finite verb: the parse is wrong
    if is_spoken_of(verb):
        return None
    logical = arguments(verb) if verb.dep_ != "amod" else _arguments_of_participle(verb)
    entry = verb_entry(Clause(verb, logical, fillers, quotations), fillers.lexicon.verbs_by_lemma.get(lemma(verb), ()))
    light = next(_light_nouns(verb, logical, fillers), None)
    if light and (entry is None or light[1].specificity + LIGHT_BONUS > entry.specificity):
        return _light(verb, logical, *light)
    if entry is None:
        return _obligation(verb, logical, fillers)
    inner = (*inside(verb, logical, entry.roles), *in_messages(logical, fillers), *at_talks(logical, fillers), *beside_subject(logical))
    return _as_read("verb", verb, verb, entry, (*logical, *inner))


def _as_read(
    kind: str, token: Token, clause: Token, entry: VerbEntry | NounEntry | AdjectiveEntry, arguments: tuple[LogicalArgument, ...]
) -> Predicate:
    """Return the predicate of a word by an entry."""
    assert entry.category is not None
    return Predicate(
        token=token,
        clause=clause,
        kind=kind,
        category=entry.category,
        source=entry.source,
        roles=entry.roles,
        arguments=arguments,
        modality=entry.modality,
        needs=entry.needs,
    )


def _obligation(verb: Token, logical: list[LogicalArgument], fillers: Fillers) -> Predicate | None:
    """Return the predicate for a verb of what somebody is asked to do: its own category is unknown, but the request is not."""
    obliged = any(fillers.lexicon.group("auxiliary", lemma(a)) == "obligation" for a in children(verb, "aux"))
    if not obliged or verb.dep_ not in ("ccomp", "conj"):
        return None
    roles = {"subj": "actor"} if not is_passive(verb) else {"subj": "actor", "obj": "about"}
    return Predicate(verb, verb, "verb", UNKNOWN, "obligation", roles, tuple(logical))


def is_spoken_of(verb: Token) -> bool:
    """Whether a gerund under a preposition only names a topic: "a step towards opening the border"."""
    if verb.tag_ != "VBG":
        return False
    if verb.dep_ == "conj" and verb.head.tag_ == "VBG" and not children(verb, "mark"):
        return is_spoken_of(verb.head)
    marks = {m.lower_ for m in children(verb, "mark", "case")}
    return bool(marks & function_words("about")) or (verb.dep_ == "acl" and bool(marks))


def _arguments_of_participle(verb: Token) -> list[LogicalArgument]:
    """Return the arguments of a main verb misparsed as a participle before its object ("X has [imposed sanctions]")."""
    own = [a for a in arguments(verb) if a.position not in ("subj", "obj")]
    return [*(LogicalArgument("subj", t) for t in subjects_of_participle(verb)), LogicalArgument("obj", verb.head), *own]


def inside(verb: Token, logical: Sequence[LogicalArgument], roles: Mapping[str, str]) -> Iterator[LogicalArgument]:
    """Return what a parser may attach to the object though it belongs to the verb: "signed a treaty with X", "sent aid to X"."""
    yield from _inside_complement(verb)
    taken = {a.position for a in logical}
    for argument in logical:
        if argument.position not in ("obj", "iobj"):
            continue
        for noun in noun_conjuncts(antecedent(argument.token) or argument.token):
            if "obj_owner" in roles:
                yield LogicalArgument("obj_owner", noun)
            for inner in noun_arguments(noun):
                if inner.position not in ("poss", "adj", "of", "by", *(taken - function_words("locative"))):
                    yield inner
                    yield from behind_noun(inner.token)


def _inside_complement(verb: Token) -> Iterator[LogicalArgument]:
    """Return the complement of the predicate nominal: "became a member of X"."""
    for noun in children(verb, "xcomp"):
        if noun.pos_ in ("NOUN", "PROPN"):
            yield from (a for a in noun_arguments(noun) if a.position in ("of", "to"))


def at_talks(logical: list[LogicalArgument], fillers: Fillers) -> Iterator[LogicalArgument]:
    """Return place and partners of the talks for which somebody meets: "met for talks in CITY with X"."""
    taken = {a.position for a in logical}
    for argument in logical:
        words = argument.position.split(" ")
        if len(words) == 3 and words[2] not in taken and words[1] in {p.head for p in fillers.lexicon.classes["talks"].patterns}:
            yield LogicalArgument(words[2], argument.token)


def in_messages(logical: list[LogicalArgument], fillers: Fillers) -> Iterator[LogicalArgument]:
    """Return the addressee of what is said or offered "in a letter to X", "in a call with X", "in a treaty with X"."""
    if any(a.position in ("iobj", "to") for a in logical):
        return
    for argument in logical:
        if argument.position in ("in", "by", "through", "via") and fillers.lexicon.is_message(lemma(argument.token)):
            yield from (LogicalArgument("to", a.token) for a in noun_arguments(argument.token) if a.position in ("to", "with"))


def beside_subject(logical: list[LogicalArgument]) -> Iterator[LogicalArgument]:
    """The place of the actors is the place of the act, if no other is given: "farmers in X blocked roads"."""
    for noun in (n for a in logical if a.position == "subj" for n in noun_conjuncts(a.token)):
        yield from (
            LogicalArgument(f"fronted:{a.position}", a.token) for a in noun_arguments(noun) if a.position in function_words("locative")
        )


def _light_nouns(verb: Token, logical: list[LogicalArgument], fillers: Fillers) -> Iterator[tuple[Token, NounEntry]]:
    """Return the event nouns that a light verb supports: its object, or in "come to an agreement", "go into exile"."""
    transitive = any(a.position == "obj" for a in logical)
    for argument in logical:
        if argument.position == "obj" or (argument.position in ("to", "into", "in") and not transitive):
            nouns = noun_conjuncts(antecedent(argument.token) or argument.token)
            for noun in (t for n in nouns for t in with_measured(n, fillers)):
                entry = noun_entry(noun, fillers, light=lemma(verb)) if noun.pos_ in ("NOUN", "PROPN") else None
                if entry is not None:
                    yield noun, entry


def _light(verb: Token, logical: list[LogicalArgument], noun: Token, entry: NounEntry) -> Predicate:
    inverse = lemma(verb) in entry.inverse
    outer = [LogicalArgument(_inverted(a.position, inverse), a.token) for a in logical if a.token != noun]
    outer = [a for a in outer if a.position != "obj" and noun not in noun_conjuncts(a.token)]
    inner = [LogicalArgument("subj", a.token) if inverse and a.position == "from" else a for a in noun_arguments(noun)]
    predicate = _as_read("light", noun, verb, entry, (*outer, *inner))
    return replace(predicate, roles={**entry.roles, "inverse": "recipient"}) if inverse else predicate


def _inverted(position: str, inverse: bool) -> str:
    if not inverse:
        return position
    return {"subj": "inverse", "from": "subj", "by": "subj"}.get(position, position)


def _noun(noun: Token, fillers: Fillers) -> Predicate | None:
    mention = fillers.mention(noun)
    if mention is not None and not mention.attributive:
        return None
    entry = noun_entry(noun, fillers)
    if entry is None or noun.dep_ in ("compound", "nmod:desc"):
        return None
    if preposition(noun) in function_words("topic"):
        return None  # "an agreement on the normalisation of relations"
    if preposition(noun) in function_words("under") and fillers.lexicon.group("mediating", lemma(noun)) is not None:
        return None  # "negotiated under the mediation of X": a role of what was negotiated
    verb = clause_of(noun)
    if noun.dep_ == "obj" and verb.tag_ == "VBG" and is_spoken_of(verb):
        return None  # "the significance of maintaining the dialogue"
    clause = verb if happens(noun, verb, fillers) else noun
    found = (*noun_arguments(noun), *agents_of_participles(noun), *around(noun, verb, fillers), *other_side(noun, verb, entry.roles))
    return _as_read("noun", noun, clause, entry, found)


def other_side(noun: Token, verb: Token, roles: Mapping[str, str]) -> Iterator[LogicalArgument]:
    """Return the partners in "X said after a meeting with Y", "X was at war with Y": the noun gives one side, the subject of its clause is
    the other."""
    positions = {a.position for a in noun_arguments(noun)}
    if roles.get("with") != "actor" or "with" not in positions or positions & {"poss", "adj", "of", "by", "between"}:
        return
    beside = noun.dep_ == "obl" and noun.head == verb and verb.pos_ == "VERB" and not is_passive(verb)
    if beside or (children(noun, "cop") and preposition(noun)):
        yield from (a for a in arguments(verb if beside else noun) if a.position == "subj")


def happens(noun: Token, verb: Token, fillers: Fillers) -> bool:
    """Whether the verb only says that the noun's event begins, happens or ends."""
    related = noun in children(verb, "nsubj", "nsubj:pass", "obj")
    return related and fillers.lexicon.group("aspect", lemma(verb)) is not None


def around(noun: Token, verb: Token, fillers: Fillers) -> Iterator[LogicalArgument]:
    """Return the arguments of a verb that only says that the noun's event happens: "talks began in X"."""
    if not happens(noun, verb, fillers):
        return
    for argument in arguments(verb):
        if argument.token != noun and (argument.position not in ("subj", "obj") or noun.dep_ == "obj"):
            yield argument


def agents_of_participles(noun: Token) -> Iterator[LogicalArgument]:
    """Return the agents of a participle after the noun: "talks held by X", "a meeting attended by X" (read as ``by``)."""
    for clause in children(noun, "acl"):
        if is_passive(clause):
            yield from (a for a in arguments(clause) if a.position not in ("obj", "subj"))


def _attribution(token: Token, fillers: Fillers) -> Predicate | None:
    """ "According to X": X says the content of the clause."""
    if fillers.lexicon.group("attribution", preposition(token.head)) is None:
        return None
    if not any(fillers.entities[k].kind is Kind.PERSON for k in fillers.agents(token.head, acting=True)):
        return None
    return Predicate(
        token=token,
        clause=token,
        kind="attribution",
        category="STATE",
        source=f"light:{preposition(token.head)}",
        roles={"source": "actor"},
        arguments=(LogicalArgument("source", token.head),),
        modality=Modality.ASSERTED,
    )


def _adjective(token: Token, fillers: Fillers) -> Predicate | None:
    if token.dep_ in ("amod", "aux", "cop"):
        return None
    entry = adjective_entry(token, fillers)
    if entry is None or entry.category is None:
        return None
    return _as_read("adjective", token, token, entry, tuple(arguments(token)))


READERS = {"NOUN": _noun, "ADJ": _adjective, "VERB": _adjective}
"""The readers of words that are not verbs, by part-of-speech tag."""
