"""Read the entities that fill a role from one argument of a predicate."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from spacy.tokens import Token

from kg.extraction.events.predicates import Predicate
from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.matching import lemma, noun_entry
from kg.extraction.syntax.dependencies import antecedent, children, is_passive, preposition
from kg.extraction.syntax.logical_arguments import LogicalArgument, arguments
from kg.facts import Kind

ACTING_POSITIONS = frozenset({"subj", "poss", "by", "with", "between", "of", "inverse"})
CONDEMNING = ("ACCUSE", "PROTEST", "REJECT")
"""Categories of statements or acts against perpetrators, not against victims."""
HOSTILE = ("ACCUSE", "ASSAULT", "COERCE", "SANCTION", "MOBILIZE")
"""Categories of acts on a state through what is in it."""
VERBAL = ("STATE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE")
"""Categories that words alone can perform."""
SUFFERED = ("COERCE", "ASSAULT", "SANCTION")
"""Categories of acts from which somebody suffers."""


def _actors(token: Token, position: str, predicate: Predicate, fillers: Fillers) -> list[str]:
    keys = fillers.agents(token, acting=position in ACTING_POSITIONS)
    if position not in ("of", "obj") or not predicate.roles.get("from", "").startswith("recipient"):
        return keys
    left = {k for c in children(token, "nmod") if preposition(c) == "from" for k in fillers.agents(c)}
    return [k for k in keys if k not in left]  # "the withdrawal of forces from X" is not X's


def _recipients(token: Token, position: str, predicate: Predicate, fillers: Fillers) -> list[str]:
    border = fillers.lexicon.is_border(lemma(token))
    if border and position not in ("obj", "obj_owner") and predicate.category.startswith("ASSAULT"):
        return []  # "captured a base on the border with X"
    if predicate.category.startswith(CONDEMNING) and _has_suffering_owner(antecedent(token) or token, fillers):
        return []  # "protested X's arrest" is not against X
    if position == "obj_owner" or border:
        return fillers.owners(token)  # "along its border with X"
    noun = antecedent(token) or token
    by_agent = is_passive(predicate.clause) and all(a.position != "subj" for a in predicate.arguments)
    doers = [] if by_agent else [c for c in children(noun, "nmod") if preposition(c) == "by"]
    named = [k for c in doers for k in fillers.agents(c)]
    condemned = predicate.category.startswith(CONDEMNING) and fillers.mention(noun) is None and _has_victim(noun, fillers)
    if named or not condemned:
        hit = fillers.hosts(token) if predicate.category.startswith(HOSTILE) else []
        return named or fillers.agents(token) or hit  # "condemned the killing of X by Y"
    return [k for c in children(noun, "nmod:poss", "amod", "compound") for k in fillers.agents(c)]


def _has_suffering_owner(noun: Token, fillers: Fillers) -> bool:
    """Whether a person who possesses the noun is its victim: "X's arrest", "her expulsion"."""
    people = [k for c in children(noun, "nmod:poss") for k in fillers.agents(c) if fillers.entities[k].kind is Kind.PERSON]
    entry = noun_entry(noun, fillers) if people and fillers.mention(noun) is None else None
    return entry is not None and entry.category is not None and entry.category.startswith(SUFFERED)


def _has_victim(noun: Token, fillers: Fillers) -> bool:
    """Whether the complement of "of" is the victim: "the invasion of X", "the killing of ten people"."""
    if not any(preposition(c) == "of" for c in children(noun, "nmod")):
        return False
    entry = noun_entry(noun, fillers)
    return entry is not None and entry.roles.get("of", "").startswith("recipient")


def _hosts(token: Token, fillers: Fillers) -> list[str]:
    """Return the states whose places a noun names: an embassy in a capital is towards the state."""
    states = (fillers.entities[k].country for k in fillers.sites(token))
    return [s for s in dict.fromkeys(states) if s in fillers.entities]


def _issuer(argument: LogicalArgument, predicate: Predicate, fillers: Fillers) -> list[str]:
    """Return whose words a statement that asks or accuses is: "X issued a declaration demanding …", "the report of X says"."""
    noun = antecedent(argument.token) or argument.token
    if argument.position != "subj" or not predicate.category.startswith(VERBAL) or not fillers.lexicon.is_statement(lemma(noun)):
        return []
    verb = noun.head
    if noun.dep_ == "obj" and fillers.lexicon.is_issuing(lemma(verb)):
        subjects = [a.token for a in arguments(verb) if a.position == "subj"]
        return [k for t in subjects for k in fillers.agents(t, acting=True)]
    return fillers.owners(noun)


READERS: Mapping[str, Callable[[LogicalArgument, Predicate, Fillers], list[str]]] = {
    "actor": lambda a, predicate, fillers: _actors(a.token, a.position, predicate, fillers) or _issuer(a, predicate, fillers),
    "recipient": lambda a, predicate, fillers: _recipients(a.token, a.position, predicate, fillers),
    "mediator": lambda a, _, fillers: fillers.agents(a.token),
    "host": lambda a, _, fillers: _hosts(a.token, fillers),
    "place": lambda a, _, fillers: fillers.sites(a.token),
    "about": lambda a, _, fillers: fillers.topics(a.token),
    "topic": lambda a, _, fillers: fillers.topics(a.token),
}
"""How to read the fillers of an argument for each role."""
