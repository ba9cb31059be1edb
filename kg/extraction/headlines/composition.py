"""Compose the headline of an event: choose the clause or noun phrase that reports it, with its subject first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kg.extraction.events.predicates import Predicate
from kg.extraction.headlines.constituents import Constituents, Piece
from kg.extraction.headlines.naming import names_of
from kg.extraction.headlines.reduction import COMPLEMENT, CONTENT, Earlier, Reducer
from kg.extraction.headlines.verb_forms import copula_of, past_of, singular_of
from kg.extraction.syntax.arguments import arguments
from kg.extraction.syntax.dependencies import (
    PASSIVE_SUBJECTS,
    SUBJECTS,
    VERBALS,
    antecedent,
    children,
    clause_of,
    first_word,
    is_clause_head,
    is_passive,
    preposition,
)
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.mending import follows_object, is_summary
from kg.facts import Entity, Interval, Modality, Wording
from kg.language.reading import PassageDoc
from kg.wording import LONGEST, headline_date

PLURAL_PRONOUNS = frozenset({"they", "both", "these", "those"})
AUXILIARIES = ("aux", "aux:pass", "cop")
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
SIGNS = frozenset({"not", "n't", "never", "no", "if", "unless", "until", "whether", "allegedly", "reportedly", "supposedly", "purportedly"})
"""Words beside a predicate that mark its modality."""
CONDITIONS = frozenset({"if", "unless", "until", "whether"})
OPENING = frozenset({"unless", "until", "whether", "once", "lest"})
"""Conjunctions with which a headline does not begin."""
FEWEST = 3
"""How many words a noun phrase must have to be a headline."""
CLIMBS = 5
"""Clauses upwards within which a headline's clause is looked for."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a headline is made of besides the words: who acts on whom, and how real it is, as the event says."""

    actors: Sequence[str]
    recipients: Sequence[str]
    modality: Modality
    when: Interval | None
    quote: str | None = None
    earlier: Sequence[Earlier] = ()
    """The preceding events."""


def headline(predicate: Predicate, told: Told, passage: PassageDoc, entities: Mapping[str, Entity]) -> tuple[Wording, ...]:
    """Return the words of the clause or noun phrase that reports the event."""
    reducer = Reducer(passage, entities, told.when, taking_part=frozenset([*told.actors, *told.recipients]), earlier=told.earlier)
    reducer.events = frozenset([predicate.token.i]) if predicate.token.pos_ == "NOUN" else frozenset()
    room = LONGEST - len(f" ({headline_date(told.when)})" if told.when else "")
    lines = []
    above = telling_words(predicate, told.modality, reducer)
    for word in [above[-1], *(w for w in reversed(above[1:-1]) if _is_finite(w)), *above[:1]]:
        lines.append(_line(predicate, word, told, _fresh(reducer)))
        if lines[-1] and len("".join(w.text for w in lines[-1] if not w.rank)) <= room:
            return lines[-1]
    whole = clause_of(above[0])
    return next((line for line in lines if line), ()) or _line(predicate, whole, told, _fresh(reducer))


def _fresh(reducer: Reducer) -> Reducer:
    """The reducer as it was before it read a line."""
    return replace(reducer, constituents=Constituents(), introduced={}, skipped=set(), kept=set())


def _line(predicate: Predicate, word: Token, told: Told, reducer: Reducer) -> tuple[Wording, ...]:
    """Return the words of a headline whose reporting word is given."""
    reducer.enter(word)
    own: Token = predicate.token if predicate.clause.pos_ == "NOUN" else predicate.clause
    reducer.own = own.i
    reducer.kept |= {word.i, *_way_down(own, word)}
    compose = _clause if word.pos_ in VERBALS or is_clause_head(word) else _noun_phrase
    doc = reducer.passage.doc
    pieces = _without_conjunction(compose(word, told, reducer), reducer.passage)
    if compose is _noun_phrase and len(" ".join(p.text for p in pieces).split()) < FEWEST and clause_of(word) != word:
        return ()  # a bare noun tells nothing: its clause does
    return reducer.constituents.wordings([*pieces, *_quotation(word, pieces, told, reducer)], doc)


def _way_down(event: Token, word: Token) -> set[int]:
    """Return the words from a headline's clause down to the clause of the event, without which it would say something else."""
    above = list(event.ancestors)
    return {event.i, *(t.i for t in above[: above.index(word)])} if word in above else set()


def _without_conjunction(pieces: list[Piece], passage: PassageDoc) -> list[Piece]:
    """Return the pieces without a leading "and" or "but"."""
    while pieces and pieces[0].at is not None and passage.doc[pieces[0].at].dep_ == "cc":
        pieces = pieces[1:]
    return pieces


def _quotation(verb: Token, pieces: list[Piece], told: Told, reducer: Reducer) -> list[Piece]:
    """Return the quotation, if the clause itself lacks what was said; only its first sentence if it is too long."""
    if not told.quote or verb.pos_ not in VERBALS or children(verb, "ccomp", "obj", "xcomp"):
        return []
    said = {w for p in pieces for w in p.text.split()}
    if set(told.quote.split()[:3]) & said == set(told.quote.split()[:3]):
        return []
    first = re.split(r"(?<=[.!?;])\s|\.\.\.|,\s+(?:but|and)\s", told.quote, maxsplit=1)[0]
    return [Piece(f": “{first.strip(' .,;…')}”", reducer.constituents.open(CONTENT, 0))]


def telling_words(predicate: Predicate, modality: Modality, reducer: Reducer) -> list[Token]:
    """The heads of clauses, or nouns, that tell the event, up to the one that tells it as it is meant: an infinitive is told by the verb
    that governs it, and what is not so by the words that say so."""
    word: Token = predicate.token if predicate.kind == "noun" and predicate.clause.pos_ == "NOUN" else predicate.clause
    if predicate.kind == "attribution":
        return [clause_of(word.head.head)]
    if word.pos_ in ("NOUN", "PROPN") and word.dep_ in ("nsubj", "nsubj:pass") and is_clause_head(word.head):
        word = word.head  # "negotiations reached standstill"
    opened = False
    found = [word]
    for _ in range(CLIMBS):
        above = word.head if opened and word.dep_ == "ccomp" else _governing(word, modality, reducer)
        if above is None:
            break
        opened = opened or _is_opened(word)
        word = above
        found.append(word)
    return found


def _is_finite(word: Token) -> bool:
    """Whether a clause can stand alone."""
    return word.pos_ in VERBALS and any(t.tag_ in FINITE for t in (word, *children(word, *AUXILIARIES)))


def _is_opened(word: Token) -> bool:
    """Whether a clause begins with a conjunction with which no headline begins."""
    return word.dep_ in ("ccomp", "advcl") and word.head.pos_ in VERBALS and any(m.lower_ in OPENING for m in children(word, "mark"))


def _governing(word: Token, modality: Modality, reducer: Reducer) -> Token | None:
    """Return the clause or noun without which a word cannot be reported, or None."""
    head: Token = word.head
    if head == word:
        return None
    marks = {m.lower_ for m in children(word, "mark", "case")}
    if _is_opened(word):
        return head  # "until X stated whether it recognised Y" is no sentence
    bare = word.tag_ == "VB" and not children(word, "aux", *SUBJECTS)
    infinitive = bare or ("to" in marks and any(t.tag_ == "VB" for t in (word, *children(word, *AUXILIARIES))))
    if word.dep_ in ("acl", "acl:relcl") and is_summary(head) and head.head.pos_ in VERBALS:
        return clause_of(head.head)
    of_object = any(follows_object(word, t) for t in children(head, "obj"))
    if word.tag_ == "VBG" and word.dep_ == "advcl" and not marks and reducer.is_called_for(head, word) and not of_object:
        return head
    if (word.dep_ == "xcomp" and word.pos_ in VERBALS) or (word.tag_ == "VBG" and word.dep_ in ("ccomp", "obj", "csubj")):
        return head
    if word.tag_ == "VBG" and word.dep_ == "acl" and marks:
        return clause_of(head) if head.dep_ in ("obj", "nsubj", "nsubj:pass") else head  # "the significance of keeping"
    if infinitive and word.dep_ in ("advcl", "ccomp", "conj"):
        return head
    if infinitive and word.dep_ == "acl":
        return clause_of(head) if head.dep_ in ("obj", "nsubj", "nsubj:pass") else head
    if word.tag_ == "VBG" and word.dep_ == "acl" and head.pos_ == "NOUN" and word.i > head.i and not reducer.names_person(head):
        if head.dep_ == "obj":
            return clause_of(head)  # "released a statement saying that …"
        return head if word.doc[first_word(word).i - 1].text != "," else None  # "states recognising X": a kind of states
    if modality is Modality.ASSERTED or _says_so_itself(word):
        return None
    if word.dep_ in ("ccomp", "advcl", "acl", "acl:relcl", "conj", "csubj"):
        return head
    return clause_of(head) if word.pos_ in ("NOUN", "PROPN") and word.dep_ in ("obj", "obl", "nsubj", "nsubj:pass", "nmod") else None


def _says_so_itself(word: Token) -> bool:
    """Whether a word has an auxiliary, a negation or a modifier of its own that marks its modality."""
    if any(t.tag_ == "MD" for t in children(word, "aux")) or any(t.lower_ in SIGNS for t in word.children):
        return True
    return word.pos_ in ("NOUN", "PROPN") and bool(children(word, "amod"))


# Noun phrases


def _noun_phrase(noun: Token, told: Told, reducer: Reducer) -> list[Piece]:
    """Return an event noun with its owner; if the owner is given by the surrounding text, the names are added."""
    cases = {t.i for t in children(noun, "case")}
    reducer.kept |= {t.i for t in children(noun, "nmod", "obl:agent") if reducer.takes_part(t)}
    pieces = [p for p in reducer.noun(noun, 0, leading=True) if p.at not in cases]
    if reducer.introduced or len(pieces) > 3:
        return pieces
    actors, recipients = (names_of(keys, reducer.entities) for keys in (told.actors, told.recipients))
    if len(told.actors) > 1 and not recipients:
        return [*pieces, Piece(f"between {actors}", 0)]
    pieces += [Piece(f"of {recipients}", 0)] if recipients else []
    return [*pieces, Piece(f"by {actors}", 0)] if actors else pieces


# Clauses


def _clause(verb: Token, told: Told, reducer: Reducer) -> list[Piece]:
    own = children(verb, *SUBJECTS, *PASSIVE_SUBJECTS)
    if children(verb, "expl") or any(t.dep_.startswith("csubj") or t.i > verb.i for t in own):
        pieces = reducer.ordered([*_rest(verb, set(), told, reducer), *_predicate_word(verb, reducer)])
        nouns = [t for t in own if t.i > verb.i and t.pos_ == "NOUN"]
        return [*pieces, *_between(told, reducer)] if nouns and children(verb, "expl") else pieces
    agent = _agent(verb) if own else None
    if agent is not None:
        return _activated(verb, own, agent, told, reducer)
    if own:
        return _with_own_subject(verb, own, told, reducer)
    return _with_found_subject(verb, told, reducer)


def _agent(verb: Token) -> Token | None:
    """Return the agent of a simple past passive, which becomes the subject: "was arrested by X" → "X arrested"."""
    agents = [t for t in verb.children if t.dep_ in ("obl:agent", "obl") and preposition(t) == "by"]
    auxiliaries = children(verb, *AUXILIARIES)
    simple = len(auxiliaries) == 1 and auxiliaries[0].lower_ in ("was", "were") and verb.tag_ == "VBN"
    plain = not any(t.lower_ in ("not", "never") for t in children(verb, "advmod")) and not children(verb, "xcomp", "ccomp", "expl")
    if len(agents) != 1 or not simple or not plain or not children(verb, *PASSIVE_SUBJECTS):
        return None
    named = agents[0].pos_ in ("NOUN", "PROPN", "PRON") and agents[0].tag_ != "VBG"
    return agents[0] if named else None


def _activated(verb: Token, subjects: list[Token], agent: Token, told: Told, reducer: Reducer) -> list[Piece]:
    cases = {t.i for t in children(agent, "case")}
    subject = [p for p in reducer.phrase(agent, 0) if p.at not in cases]
    patient = [_uncapitalised(p, reducer) for t in subjects for p in _subject(t, told.recipients, reducer) if p.at not in _joints(t)]
    rest = _rest(verb, {agent.i, *(t.i for t in subjects), *(t.i for t in children(verb, *AUXILIARIES))}, told, reducer)
    start = min(t.left_edge.i for t in subjects)
    before = [p for p in rest if p.at is not None and start < p.at < verb.i]
    fronted = [_uncapitalised(p, reducer) for p in rest if p.at is not None and p.at < start]
    behind = [p for p in rest if p.at is None or p.at > verb.i]
    return [*subject, *before, Piece(past_of(verb), 0), *patient, *behind, *fronted]


def _with_own_subject(verb: Token, subjects: list[Token], told: Told, reducer: Reducer) -> list[Piece]:
    """The clause in the order of the text; what stands before the subject comes behind the rest, or goes where that has content."""
    first = subjects[0]
    keys = told.recipients if first.dep_ in PASSIVE_SUBJECTS else told.actors
    subject = [p for t in subjects for p in _subject(t, keys, reducer)]
    start = first.i if antecedent(first) is not None else first.left_edge.i
    rest = _rest(verb, {t.i for t in subjects}, told, reducer)
    if first.i in reducer.events:
        subject += _between(told, reducer)
    fronted = [p for p in rest if p.at is not None and p.at < start]
    middle = reducer.ordered([*(p for p in rest if p not in fronted), *_predicate_word(verb, reducer)])
    if first.lower_ in PLURAL_PRONOUNS and reducer.stands_for_one(first, subject):
        middle = _in_singular(verb, middle)
    if verb.tag_ == "VBG" and not children(verb, *AUXILIARIES) and _in_past(verb):
        middle = [replace(p, text=past_of(verb)) if p.at == verb.i else p for p in middle]
    middle = _with_objects(verb, middle, reducer)
    within = {t.i for c in verb.children if preposition(c).startswith("according") for t in c.subtree}
    if within and not fronted:
        fronted = [p for p in middle if p.at in within]
        middle = [p for p in middle if p.at not in within]
    if fronted and _is_attribution(verb, fronted):
        return [*fronted, Piece(",", 0), *subject, *middle]
    conditional = _conditional_places(verb)
    condition = [p for p in fronted if p.at in conditional]
    if any(t.dep_ == "advcl" and t.i in conditional for t in verb.children) and condition:
        condition.append(Piece(",", condition[-1].constituent))
    behind = [] if children(verb, "ccomp", "xcomp") else [_uncapitalised(p, reducer) for p in fronted if p not in condition]
    return [*condition, *subject, *middle, *behind]


def _between(told: Told, reducer: Reducer) -> list[Piece]:
    """Return who meets or agrees, after the reporting noun, if nothing before it names one of them."""
    if len(told.actors) < 2 or set(told.actors) & reducer.introduced.keys() or told.recipients:
        return []
    names = names_of(told.actors, reducer.entities)
    return [Piece(f"between {names}", reducer.constituents.open(COMPLEMENT, 0))] if names else []


def _in_singular(verb: Token, pieces: list[Piece]) -> list[Piece]:
    """Return the verb group in the singular, for one name in place of "they"."""
    group = {t.i for t in (verb, *children(verb, *AUXILIARIES)) if t.tag_ in ("VBP", "VBD")}
    return [replace(p, text=singular_of(p.text, p.at == verb.i and verb.tag_ == "VBP")) if p.at in group else p for p in pieces]


def _conditional_places(verb: Token) -> set[int]:
    """The positions of the words before a clause that make it a condition, or state one."""
    marks = {t.i for t in children(verb, "mark") if t.lower_ in CONDITIONS}
    clauses = [c for c in children(verb, "advcl") if any(m.lower_ in CONDITIONS for m in children(c, "mark"))]
    return marks | {t.i for c in clauses for t in c.subtree}


def _is_attribution(verb: Token, fronted: list[Piece]) -> bool:
    places = {p.at for p in fronted}
    return any(preposition(t).startswith("according") and t.i in places for t in verb.children)


def _uncapitalised(piece: Piece, reducer: Reducer) -> Piece:
    """Return a word that opened its sentence without its capital."""
    if piece.at is None or reducer.passage.doc[piece.at].pos_ == "PROPN" or piece.text != reducer.passage.doc[piece.at].text:
        return piece
    before = reducer.passage.doc[piece.at - 1] if piece.at else None
    first = before is None or before.pos_ == "PUNCT" or before.text == "|" or reducer.passage.doc[piece.at].pos_ == "VERB"
    return replace(piece, text=piece.text[:1].lower() + piece.text[1:]) if first and piece.text[1:].islower() else piece


def _with_found_subject(verb: Token, told: Told, reducer: Reducer) -> list[Piece]:
    """A clause whose subject stands in another: a participle or infinitive becomes finite, a coordinated verb takes the auxiliaries."""
    passive = is_passive(verb)
    surface = "obj" if passive else "subj"
    found = [a.token for a in arguments(verb) if a.position == surface]
    found = [t for n, t in enumerate(found) if not any(t in other.subtree for other in found[:n])]
    reducer.skipped.add(verb.i)
    subject = [p for n, t in enumerate(found) for p in _listed(n, len(found), _subject(t, told.actors, reducer))]
    reducer.skipped.discard(verb.i)
    if not subject and verb.i in reducer.kept and verb.i != reducer.own:
        return []  # who acts in the event does not act in the clause around it
    if not subject:
        names = names_of(told.recipients if passive else told.actors, reducer.entities)
        subject = [Piece(names, 0)] if names else []
    moved = {t.i for t in found}
    reducer.skipped |= {i.i for t in found if t in verb.subtree for i in t.subtree}
    rest = _rest(verb, moved, told, reducer)
    middle = reducer.ordered([*rest, *_predicate_word(verb, reducer)])
    several = len(found) > 1 or any(children(t, "conj") for t in found)
    group, dropped = _finite_group(verb, found[0] if found else None, several, passive, told)
    middle = [p for p in middle if p.at not in dropped]
    middle = _with_objects(verb, middle, reducer)
    fronts = [t for t in verb.children if t.i < verb.i and (t.dep_.startswith("obl") or t.dep_ == "advcl")]
    places = {t.i for front in fronts for t in front.subtree}
    fronted = [_uncapitalised(p, reducer) for p in middle if p.at in places]
    behind = [_uncapitalised(p, reducer) for p in middle if p.at not in places]
    return [*(_without_case(subject, found)), *group, *behind, *fronted]


def _listed(number: int, count: int, pieces: list[Piece]) -> list[Piece]:
    if not number:
        return pieces
    return [Piece("and" if number == count - 1 else ",", 0), *pieces]


def _without_case(pieces: list[Piece], nouns: list[Token]) -> list[Piece]:
    """Return the subject without the prepositions that it has in the text."""
    cases = {i for t in nouns for i in _joints(t)}
    return [p for p in pieces if p.at is None or p.at not in cases]


def _joints(noun: Token) -> set[int]:
    """Return the positions of the prepositions and conjunctions that join a noun to the preceding text."""
    denied = {c.i for c in children(noun, "advmod") if c.lower_ == "not"}
    return {c.i for c in children(noun, "case", "cc") if c.i < noun.i} | denied


def _finite_group(verb: Token, subject: Token | None, several: bool, passive: bool, told: Told) -> tuple[list[Piece], set[int]]:
    """Return the auxiliaries that a clause without a subject needs, and the positions of tokens that they replace."""
    marks = {t.i for t in children(verb, "mark", "case") if verb.pos_ in VERBALS}
    being = [t.i for t in children(verb, "aux:pass") if t.lower_ == "being"]
    if being and subject is not None and not children(verb, "aux"):
        return [Piece(copula_of(subject, several), 0)], {*marks, *being}
    if verb.tag_ in FINITE or any(t.tag_ in FINITE for t in children(verb, *AUXILIARIES)):
        return [], marks
    if verb.dep_ == "conj" and verb.tag_ == verb.head.tag_:
        borrowed = [t for t in verb.head.children if t.dep_ in AUXILIARIES or (t.dep_ == "advmod" and t.lower_ in ("not", "n't", "never"))]
        if borrowed:
            return [Piece(t.text, 0) for t in borrowed], marks
    if verb.tag_ == "VBG" and not children(verb, *AUXILIARIES) and verb.pos_ == "VERB":
        if told.modality is Modality.NEGATED:
            return [Piece("did not", 0), Piece(verb.lemma_, 0)], {*marks, verb.i}
        return ([Piece(past_of(verb), 0)], {*marks, verb.i}) if _in_past(verb) else ([], marks)
    if passive and verb.tag_ == "VBN" and not children(verb, *AUXILIARIES) and subject is not None:
        return [Piece(copula_of(subject, several), 0)], marks
    return [], marks if verb.tag_ != "VB" else set()


def _in_past(verb: Token) -> bool:
    """Whether the clause around a participle is in the past."""
    for node in verb.ancestors:
        signs = [node, *children(node, *AUXILIARIES)]
        if any(t.tag_ in FINITE for t in signs):
            perfect = node.tag_ == "VBN" and any(t.lower_ in ("has", "have") for t in signs)
            return perfect or any(t.tag_ == "VBD" for t in signs)
    return not any(t.tag_ in FINITE for t in verb.doc)  # a caption


def _with_objects(verb: Token, pieces: list[Piece], reducer: Reducer) -> list[Piece]:
    """The clause with the objects that stand elsewhere in the text, right behind the verb."""
    if is_passive(verb):
        return pieces
    found = [p for a in arguments(verb) if a.position == "obj" for p in _without_case(_shared_object(a.token, verb, reducer), [a.token])]
    at = next((n + 1 for n, p in enumerate(pieces) if p.at == verb.i), 0)
    return [*pieces[:at], *found, *pieces[at:]]


def _shared_object(token: Token, verb: Token, reducer: Reducer) -> list[Piece]:
    """Return the object that a coordinated verb shares with this one ("signed and ratified the treaty")."""
    noun = antecedent(token)
    if noun is not None and token.head == verb and token.i < verb.i:
        return reducer.antecedent(token, noun, 0)
    if token in verb.subtree and not any(t.dep_ == "conj" and token in t.subtree for t in children(verb, "conj")):
        return []
    if token.i < verb.i and verb.dep_ not in ("acl:relcl", "acl"):
        return []
    if verb.dep_ in ("acl:relcl", "acl"):
        reducer.skipped.add(verb.i)
    return reducer.phrase(token, 0)


def _subject(token: Token, keys: Sequence[str], reducer: Reducer) -> list[Piece]:
    """Return a subject; an unresolved pronoun is replaced by the event's actor."""
    if token.pos_ == "PRON" and token.lower_ in ("it", "he", "she", "they", "both") and reducer.is_open(token):
        names = names_of(keys, reducer.entities)
        if names and not reducer.names_beside(token, keys):
            reducer.introduce(keys, 0)
            return [Piece(names, 0, token.i)]
    noun = antecedent(token)
    return reducer.phrase(token, 0) if noun is None else reducer.antecedent(token, noun, 0)


def _predicate_word(verb: Token, reducer: Reducer) -> list[Piece]:
    return [Piece(verb.text, 0, verb.i)] if verb.pos_ in VERBALS else reducer.word(verb, 0)


def _rest(verb: Token, taken: set[int], told: Told, reducer: Reducer) -> list[Piece]:
    """Return all other dependents that a headline keeps."""
    conditional = told.modality is Modality.HYPOTHETICAL
    pieces: list[Piece] = []
    for child in verb.children:
        joint = child.dep_ in ("mark", "cc") and child.i < verb.i and child.lower_ not in ("to", *CONDITIONS)
        joint = joint or child.lower_ in function_words("relative_adverbs")
        relative = child.dep_ == "obj" and child.i < verb.i and antecedent(child) is not None
        if child.i in taken or joint or relative or reducer.is_left_out(child):
            continue
        pieces += reducer.dependent(verb, child, 0, conditional=conditional)
    return pieces
