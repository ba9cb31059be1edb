"""Find where an event happens: on the soil of a country, inside the things and occasions of its clause."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from spacy.tokens import Token

from kg.extraction.events.predicates import Predicate
from kg.extraction.events.timing import RELATIVE_CLAUSES
from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.dependencies import VERBALS, antecedent, children, clause_of, preposition
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.mending import name_before
from kg.facts import Kind

CLAUSE_PARTS = frozenset({"nsubj", "obj", "iobj", "obl", "nmod", "xcomp", "conj", "appos", "compound"})
MATERIAL = ("AID", "ASSAULT", "COERCE", "ESTABLISH", "DISSOLVE", "ELECT", "PROTEST", "RETREAT")
"""Roots of the categories of acts that happen where the things in their clause are."""
SCENES = frozenset({"building", "meal", "mission", "summit", "talks"})
"""Classes of nouns for where an act happens."""
OUTSIDE = ("along", "near", "from")
"""Positions of a country on whose soil an act does not take place."""
SITED = ("ASSAULT", "COERCE", "CONSULT-visit", "MOBILIZE")
"""Categories of acts on a thing at its place: "bombed the port of X", "visited the city of X"."""


def clause_nouns(head: Token) -> Iterator[Token]:
    """Return the nouns of a clause, without those of the clauses inside it."""
    for child in head.children:
        if child.dep_.split(":")[0] in CLAUSE_PARTS and (child.pos_ not in VERBALS or child.dep_ == "xcomp"):
            yield child
            yield from clause_nouns(child)


def place_before(clause: Token, fillers: Fillers) -> list[str]:
    """Return the place before a clause that reports what happened there: "X, where they signed a declaration"."""
    if clause.dep_ not in (*RELATIVE_CLAUSES, "advcl") or not any(c.lower_ == "where" for c in children(clause, "advmod", "mark", "obl")):
        return []
    before = name_before(clause.left_edge) if clause.dep_ == "advcl:relcl" else clause.head
    behind = [c for c in clause_of(clause.head).children if c.dep_ == "obl" and preposition(c) in function_words("locative")]
    nouns = [n for n in (before, *(c for c in behind if c.i < clause.i)) if n is not None]  # "in X on 4 May, where …"
    return next((sites for n in nouns if (sites := [k for k in fillers.sites(n) if fillers.entities[k].kind is Kind.PLACE])), [])


def own_soil(recipients: Collection[str], predicate: Predicate, fillers: Fillers) -> list[str]:
    """Return the countries that suffer an act on their own soil: who invades or visits X acts in X."""
    if not predicate.category.startswith(SITED):
        return []
    reached = [a.token for a in predicate.arguments if predicate.roles.get(a.position) == "recipient|place" and a.position not in OUTSIDE]
    named = [k for t in reached if fillers.mention(antecedent(t) or t) is not None for k in fillers.sites(t)]
    return [k for k in dict.fromkeys(named) if k in recipients and fillers.entities[k].kind is Kind.STATE]


def scene_inside(predicate: Predicate, fillers: Fillers) -> list[str]:
    """Return the place of a thing or occasion in the clause: "fired along the front in X", "closed the embassy in X"."""
    head = predicate.token if predicate.kind == "noun" else predicate.clause
    material = predicate.category.split("-")[0] in MATERIAL and predicate.category != "ASSAULT-war"
    inside = (t for t in clause_nouns(head) if t.dep_ == "nmod" and preposition(t) in function_words("locative"))
    inside = (t for t in inside if material or predicate.kind == "noun" or clause_of(t) == head)  # not in what is only said or promised
    things = ((t, _thing(t.head, fillers)) for t in inside)
    scenes = (t for t, thing in things if fillers.mention(thing) is None and (material or _is_scene(thing, fillers)))
    found = (k for t in scenes for k in fillers.sites(t) if fillers.entities[k].kind in (Kind.PLACE, Kind.STATE))
    return list(dict.fromkeys(found))[:1]


def _thing(noun: Token, fillers: Fillers) -> Token:
    """Return what belongs to a name, if the place hangs on that: "the embassy of X in Y"."""
    return noun.head if fillers.mention(noun) is not None and noun.dep_ == "nmod" and preposition(noun) == "of" else noun


def _is_scene(noun: Token, fillers: Fillers) -> bool:
    """Whether what a noun names is where an act happens: a building, a gathering."""
    return bool(SCENES & fillers.lexicon.table.nouns.get(lemma(noun), frozenset()))


def place_of_thing(noun: Token, fillers: Fillers) -> list[str]:
    """Return where a thing named by a noun is: "the port of X", "the X dam"; empty if the noun is itself a name."""
    if fillers.mention(noun) is not None:
        return []
    parts = (noun, *children(noun, "compound"))
    return [k for t in parts for k in fillers.sites(t) if fillers.entities[k].kind is Kind.PLACE]


def place_of_participle(participle: Token, fillers: Fillers) -> list[str]:
    """Return where the act of a participle took place: "talks hosted by X in Y"."""
    behind = [c for c in clause_nouns(participle) if c.dep_ in ("obl", "nmod") and preposition(c) in function_words("locative")]
    return [k for c in behind for k in fillers.sites(c) if fillers.entities[k].kind is Kind.PLACE]
