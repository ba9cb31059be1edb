"""Read dependency trees in Universal Dependencies: children, conjuncts, prepositions, clauses.

Plain functions over spaCy tokens, independent of entities and lexicon. The relations are those of UD v2
(https://universaldependencies.org/u/dep/).
"""

from __future__ import annotations

from itertools import chain

from spacy.tokens import Token

from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.mending import is_gapped, is_joined, is_main_verb, is_stray, name_before, opens_clause, stray_conjuncts

SUBJECTS = ("nsubj", "nsubj:outer", "csubj")
PASSIVE_SUBJECTS = ("nsubj:pass", "csubj:pass")
PASSIVE_SIGNS = frozenset({"aux:pass", *PASSIVE_SUBJECTS, "obl:agent"})
OBLIQUES = ("obl", "obl:agent", "obl:unmarked", "nmod")
RELATIVE = ("acl:relcl",)
ROOTS = frozenset({"root", "ROOT"})
PREDICATIVE = frozenset({"cop", *SUBJECTS})
VERBALS = frozenset({"VERB", "AUX"})
POSSESSIVE = frozenset({"'s", "’s", "'", "’"})


def children(token: Token, *relations: str) -> list[Token]:
    """Return the dependents of ``token`` with one of ``relations``, in text order."""
    if len(relations) == 1:
        relation = relations[0]
        return [child for child in token.children if child.dep_ == relation]
    return [child for child in token.children if child.dep_ in relations]


def conjuncts(token: Token) -> list[Token]:
    """Return ``token`` and its conjuncts, in text order."""
    found = [token]
    for child in token.children:
        if (child.dep_ == "conj" and not opens_clause(child) and not is_stray(child) and not is_gapped(child)) or (
            child.dep_ == "appos" and is_joined(child)
        ):
            found.extend(conjuncts(child))
    return found


def noun_conjuncts(token: Token) -> list[Token]:
    """Return conjuncts, stopping where a clause is coordinated with a noun (a sign of a misparse)."""
    found = [*conjuncts(token), *(n for t in stray_conjuncts(token) for n in conjuncts(t))]
    return found if len(found) == 1 else [t for t in found if t == token or (t.pos_ not in VERBALS and not children(t, *SUBJECTS))]


def first_word(token: Token) -> Token:
    """Return the first word of a phrase, without attached punctuation."""
    return min((t for t in token.subtree if t.pos_ != "PUNCT"), key=lambda t: t.i, default=token)


def preposition(token: Token) -> str:
    """Return the preposition of ``token``, fixed ones in full (``on behalf of``), or ""."""
    cases = _cases(token) or [c for m in children(token, "nmod:desc") if m.i < token.i for c in _cases(m)]
    if not cases:
        return ""
    if len(cases) == 1 and not cases[0].children:
        return cases[0].lower_
    words = [cases[0], *children(cases[0], "fixed")]
    words += [c for c in cases[1:] if c.i == words[-1].i + 1 and c.lower_ == "of"]  # "out of" without the relation "fixed"
    return " ".join(t.lower_ for t in sorted(words, key=lambda t: t.i))


def _cases(token: Token) -> list[Token]:
    return [c for c in token.children if c.dep_ == "case" and c.lower_ not in POSSESSIVE]


def is_passive(verb: Token) -> bool:
    """Whether ``verb`` is passive: by its auxiliary or subject, or as a participle that modifies a noun."""
    if any(c.dep_ in PASSIVE_SIGNS for c in verb.children):
        return True
    if is_main_verb(verb):
        return False
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and not children(verb, "aux", *SUBJECTS):
        return is_passive(verb.head) and not children(verb, "obj")
    return verb.dep_ in ("acl", "advcl", "amod") and verb.tag_ == "VBN" and not children(verb, "obj", "aux", *SUBJECTS)


def clause_of(token: Token) -> Token:
    """Return the predicate of the innermost clause that contains ``token`` (itself, if it is one)."""
    return next((node for node in chain((token,), token.ancestors) if is_clause_head(node)), None) or token.sent.root


def is_clause_head(token: Token) -> bool:
    """Whether ``token`` is a verb, or a noun or adjective used as a predicate."""
    return token.pos_ == "VERB" or token.dep_ in ROOTS or any(c.dep_ in PREDICATIVE for c in token.children)


def antecedent(token: Token) -> Token | None:
    """Return the antecedent of a relative pronoun; None if ``token`` is not one or has none."""
    if token.lower_ not in function_words("relative_pronouns") or token.tag_ not in ("WDT", "WP", "IN", "DT"):
        return None
    for node in token.ancestors:
        if node.dep_ in RELATIVE:
            return node.head
        if node.dep_ == "advcl:relcl":
            return name_before(token)
        if node.dep_ in ("root", "ROOT"):
            return None
    return None
