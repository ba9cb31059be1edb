"""Interpret a predicate by its governor: "said that it would send aid" is a promise.

An inner predicate that only gives the content of an agreement, request or refusal is not an event.
"""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Token

from kg.extraction.events.modality import auxiliary, is_negated
from kg.extraction.events.predicates import Predicate
from kg.extraction.frames.entries import Context, Lexicon
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.dependencies import SUBJECTS, children
from kg.extraction.syntax.logical_arguments import is_content
from kg.extraction.syntax.mending import coordinate_of

REACH = 6
"""How many clauses up the predicate is looked for that a clause belongs to."""
COMPLEMENTS = ("ccomp", "xcomp", "advcl", "acl")


def root(category: str) -> str:
    """Return the code without its mode: ``COERCE-arrest`` → ``COERCE``."""
    return category.split("-", 1)[0]


def outer_of(inner: Predicate, by_clause: dict[int, Predicate]) -> Predicate | None:
    """Return the predicate whose complement clause ``inner`` is, through coordination and verbs that report nothing."""
    node = inner.clause if inner.clause.pos_ != "NOUN" else inner.token
    by_clause = {p.token.i: p for p in by_clause.values() if p.kind == "light"} | by_clause
    for _ in range(REACH):
        head = node.head if node.dep_ != "conj" else coordinate_of(node)
        if head == node:
            return None
        if (node.dep_ in ("xcomp", "ccomp", "conj", "acl", "advcl") or is_content(node)) and head.i in by_clause:
            outer = by_clause[head.i]
            if node.dep_ != "conj":
                return outer if outer is not inner and (node.dep_ in COMPLEMENTS or is_content(node)) else None
        elif node.dep_ not in ("xcomp", "ccomp", "conj") and not _is_means(node):
            return None
        node = head
    return None


def _is_means(clause: Token) -> bool:
    """Whether a gerund gives the means of an infinitive: "to engage in implementing agreements"."""
    return clause.dep_ == "advcl" and clause.tag_ == "VBG" and bool(children(clause, "mark")) and clause.head.tag_ == "VB"


def is_swallowed(inner: Predicate, outer: Predicate, lexicon: Lexicon) -> bool:
    """Whether the inner predicate only gives the content of the outer one ("agreed to restore flights")."""
    clause = _first_conjunct(inner.clause)
    verb = outer.clause if outer.kind != "noun" else outer.token
    if is_content(clause) and outer.kind != "verb":
        return root(outer.category) in ("REQUEST", "RULE", "AGREE", "THREATEN")
    if clause.dep_ not in ("xcomp", "acl", "advcl", "ccomp", "conj"):
        return False
    if root(outer.category) == root(inner.category) == "REQUEST" and clause.dep_ == "acl" and clause.tag_ == "VBG":
        return True  # "filed a request seeking an opinion"
    if clause.dep_ == "advcl" and clause.tag_ == "VBG" and clause.head != verb and root(outer.category) == "REQUEST":
        return True  # "urged X to engage in implementing agreements"
    if clause.dep_ == "ccomp" and root(outer.category) in ("REQUEST", "RULE"):
        return True  # "demanded that X withdraw", "found that X had violated the treaty"
    if root(outer.category) == root(inner.category) == "STATE" and clause.dep_ in ("acl", "advcl") and not children(clause, *SUBJECTS):
        return True  # "released a statement saying that …"
    alleged = clause.tag_ == "VBG" and any(m.lower_ in ("of", "with", "for") for m in children(clause, "mark"))
    if root(outer.category) == "ACCUSE" and alleged:
        return True  # "accused X of arming rebels": said, not so
    infinitive = any(m.lower_ == "to" for m in children(clause, "mark")) or clause.dep_ == "xcomp"
    if infinitive and clause.dep_ in ("advcl", "xcomp") and root(inner.category) == root(outer.category):
        return True  # "met to discuss trade": the purpose of an act is not another one of its kind
    group = lexicon.group("modality", lemma(verb)) or ("future" if outer.kind in ("light", "noun") else None)
    return infinitive and group in ("future", "hypothetical", "negated")


def _first_conjunct(clause: Token) -> Token:
    """Return the clause that a coordinated one without a subject continues: "urged X to release them *and lift* the ban"."""
    while clause.dep_ == "conj" and clause.tag_ == clause.head.tag_ == "VB" and not children(clause, *SUBJECTS):
        clause = clause.head
    return clause


def context_of(outer: Predicate, inner: Predicate, same_subject: bool, lexicon: Lexicon) -> Context | None:
    """Return the first row of ``contexts.toml`` that matches a predicate and the one in its complement clause."""
    aux = auxiliary(inner.clause, lexicon)
    negated = is_negated(inner.clause, lexicon)
    return next((c for c in lexicon.contexts if _fits(c, outer, inner, aux, negated, same_subject)), None)


def _fits(context: Context, outer: Predicate, inner: Predicate, aux: str | None, negated: bool, same: bool) -> bool:
    return (
        _in(outer.category, context.outer)
        and _in(inner.category, context.inner)
        and (not context.verbs or lemma(outer.clause) in context.verbs)
        and (context.auxiliary is None or context.auxiliary == aux)
        and (context.negated is None or context.negated == negated)
        and (context.same_subject is None or context.same_subject == same)
    )


def _in(category: str, codes: Iterable[str]) -> bool:
    codes = set(codes)
    return "*" in codes or category in codes or root(category) in codes
