"""Determine whether an event happened: PLOVER's auxiliary modes, from auxiliaries, negation, conditions and governing verbs."""

from __future__ import annotations

from spacy.tokens import Token

from kg.extraction.events.predicates import Predicate
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.dependencies import PASSIVE_SUBJECTS, SUBJECTS, children, is_clause_head
from kg.extraction.syntax.function_words import function_words
from kg.facts import Modality

DEPTH = 6
"""Clauses upwards within which a condition or a plan is looked for."""
GOVERNED = ("xcomp", "ccomp", "advcl", "acl", "conj", "csubj")


def modality_of(predicate: Predicate, lexicon: Lexicon) -> Modality:
    """Return the modality of the event that a predicate reports."""
    if predicate.modality is not None:
        return predicate.modality
    if _negated_arguments(predicate, lexicon):
        return Modality.NEGATED
    if predicate.kind in ("noun", "light"):
        doubt = _doubt(predicate.token, lexicon)
        if doubt is not None:
            return doubt
    if predicate.clause.pos_ == "NOUN" and predicate.kind == "noun":
        return _of_noun(predicate.token, lexicon)
    return clause_modality(predicate.clause, lexicon, DEPTH)


def clause_modality(verb: Token, lexicon: Lexicon, depth: int = DEPTH) -> Modality:
    """Return the modality of a clause, including the effect of the clauses around it."""
    if is_negated(verb, lexicon):
        return Modality.NEGATED
    if is_condition(verb, lexicon):
        return Modality.HYPOTHETICAL
    if verb.dep_ == "csubj" and verb.tag_ == "VBG":
        return Modality.HYPOTHETICAL  # "reaching a deal was a condition": mentioned, not reported
    own = auxiliary(verb, lexicon)
    if own == "future":
        return Modality.FUTURE
    if own == "hypothetical":
        return Modality.FUTURE if _reported(verb) and not _conditioned(verb, lexicon) else Modality.HYPOTHETICAL
    if own == "obligation":
        return Modality.HYPOTHETICAL
    return _governed(verb, lexicon, depth) if depth else Modality.ASSERTED


def is_narrated(verb: Token, lexicon: Lexicon) -> bool:
    """Whether "would" is a narrative future in the past: "In 1989 X would become the first state to recognise Y"."""
    for node in [verb, *verb.ancestors][:DEPTH]:
        if any(c.lower_ == "would" for c in children(node, "aux")):
            return not (_reported(node) or is_condition(node, lexicon) or conditions(node, lexicon))
        if node.dep_ not in ("xcomp", "acl", "conj", "nmod"):
            break
    return False


def auxiliary(verb: Token, lexicon: Lexicon) -> str | None:
    """Return the group of ``light.toml`` of the clause's auxiliary: ``future``, ``hypothetical``, ``obligation``."""
    for aux in children(verb, "aux", "cop"):
        group = lexicon.group("auxiliary", aux.lower_) or lexicon.group("auxiliary", lemma(aux))
        if group is not None and not (lemma(aux) == "have" and verb.tag_ == "VBN"):
            return group
    if verb.dep_ == "conj" and not children(verb, *SUBJECTS, *PASSIVE_SUBJECTS, "aux", "cop") and verb.tag_ == verb.head.tag_:
        return auxiliary(verb.head, lexicon)
    return None


def is_negated(verb: Token, lexicon: Lexicon) -> bool:
    """Whether the clause itself is negated ("did not", "never", "without signing"); "not only" asserts."""
    negations = [c for c in children(verb, "advmod", "cc", "mark", "case", "det") if lexicon.group("negation", c.lower_)]
    return any(not _is_only(c) for c in negations)


def _is_only(negation: Token) -> bool:
    """Whether "only", "just" or "merely" follows a negation: "not only destroyed the fleet but captured the harbour"."""
    following = negation.i + 1
    return following < len(negation.doc) and negation.doc[following].lower_ in function_words("only")


def is_undone_by_means(verb: Token, lexicon: Lexicon) -> bool:
    """Whether a gerund says how something is to be done that was not: "urged X to engage in implementing the accord"."""
    while verb.dep_ == "conj" and verb.tag_ == "VBG" and verb.head.tag_ == "VBG":
        verb = verb.head
    means = verb.dep_ == "advcl" and verb.tag_ == "VBG" and any(m.lower_ in ("in", "by") for m in children(verb, "mark"))
    return means and clause_modality(verb.head, lexicon) is not Modality.ASSERTED


def is_prevented(verb: Token, lexicon: Lexicon) -> bool:
    """Whether a gerund is what another verb kept somebody from doing: "prevented the fleet from attacking"."""
    kept = verb.tag_ == "VBG" and any(m.lower_ == "from" for m in children(verb, "mark", "case"))
    return kept and bool(children(verb.head, "obj")) and lexicon.group("modality", lemma(verb.head)) == "negated"


def is_condition(verb: Token, lexicon: Lexicon) -> bool:
    """Whether a conjunction makes the clause a condition ("if", "unless")."""
    return any(lexicon.group("condition", m.lower_) for m in children(verb, "mark") if m.i < verb.i)


def conditions(verb: Token, lexicon: Lexicon) -> list[Token]:
    """Return the conditional clauses ("if", "unless") anywhere under a clause: parsers attach them to the nearest verb."""
    return [c for c in verb.subtree if c.dep_ == "advcl" and c != verb and is_condition(c, lexicon)]


def _negated_arguments(predicate: Predicate, lexicon: Lexicon) -> bool:
    """ "No agreement was reached", "neither side signed"."""
    core = [a.token for a in predicate.arguments if a.position in ("subj", "obj")]
    nouns = [*core, predicate.token] if predicate.kind in ("light", "noun") else core
    return any(
        lexicon.group("negation", d.lower_) for n in nouns for d in (*children(n, "det", "cc:preconj"), *([n] if n.pos_ == "PRON" else []))
    )


def _doubt(noun: Token, lexicon: Lexicon) -> Modality | None:
    """Return the modality given by an adjective of an event noun: "planned talks", "failed coup"."""
    for modifier in children(noun, "amod", "compound"):
        group = lexicon.group("doubt", lemma(modifier)) or lexicon.group("doubt", modifier.lower_)
        if group is not None:
            return Modality(group)
    return None


def _of_noun(noun: Token, lexicon: Lexicon) -> Modality:
    """Return the modality of an event noun governed by a verb of planning or refusing ("proposed talks", "called for a ceasefire")."""
    head = noun.head
    if noun.dep_ in ("obj", "obl", "nmod", "nsubj:pass") and head != noun:
        group = lexicon.group("modality", lemma(head))
        if group is not None and group != "implicative":
            return Modality(group)
    return Modality.ASSERTED


def _reported(verb: Token) -> bool:
    """Whether "would" is the future of reported speech in the past ("said that it would")."""
    return any(node.dep_ in ("ccomp", "acl:relcl", "parataxis", "acl") for node in [verb, *verb.ancestors])


def _conditioned(verb: Token, lexicon: Lexicon) -> bool:
    return any(is_condition(c, lexicon) for c in children(verb, "advcl"))


def _governed(verb: Token, lexicon: Lexicon, depth: int) -> Modality:
    """Return the modality given by the governing clause."""
    head = verb.head
    if head == verb or verb.dep_ not in GOVERNED or not (is_clause_head(head) or head.pos_ in ("NOUN", "ADJ")):
        return Modality.ASSERTED
    wished = verb.dep_ == "advcl" and head.pos_ == "ADJ"  # "interested in improving relations"
    group = lexicon.group("modality", lemma(head)) if wished or verb.dep_ in ("xcomp", "ccomp", "acl", "csubj") else None
    infinitive = any(m.lower_ == "to" for m in children(verb, "mark"))
    if _is_mandative(verb):
        return Modality.FUTURE
    if group in ("future", "hypothetical", "negated") and (infinitive or wished or verb.dep_ in ("xcomp", "acl")):
        denied = is_negated(head, lexicon) if group != "negated" else not is_negated(head, lexicon)
        return Modality.NEGATED if denied else Modality(group) if group != "negated" else Modality.ASSERTED
    if verb.dep_ in ("conj", "xcomp") and not children(verb, "aux", "aux:pass", *SUBJECTS, *PASSIVE_SUBJECTS) and not _starts_anew(verb):
        return clause_modality(head, lexicon, depth - 1)
    if verb.dep_ == "acl" and infinitive and any(lemma(c) in function_words("ordinals") for c in children(head, "amod")):
        return clause_modality(head, lexicon, depth - 1)  # "was the first to go"
    if verb.dep_ == "acl" and infinitive:
        return Modality.FUTURE
    if verb.dep_ == "advcl" and infinitive and verb.tag_ == "VB" and verb.i > head.i:
        outer = clause_modality(head, lexicon, depth - 1)  # "can move forward to join", "used force to help X gain Y"
        return Modality.FUTURE if outer is Modality.ASSERTED else outer
    if _within_condition(verb, lexicon):
        return Modality.HYPOTHETICAL
    return Modality.ASSERTED


def _is_mandative(verb: Token) -> bool:
    """Whether a content clause is a mandative subjunctive, a base form with a subject in the singular: "insisted that Peru pay"."""
    if verb.dep_ != "ccomp" or children(verb, "aux") or not any(m.lower_ == "that" for m in children(verb, "mark")):
        return False
    base = verb.tag_ == "VB" or any(a.lower_ == "be" for a in children(verb, "aux:pass"))
    return base and any(s.tag_ in ("NN", "NNP") for s in children(verb, *SUBJECTS, *PASSIVE_SUBJECTS))


def _starts_anew(verb: Token) -> bool:
    """Whether a past tense does not share the modality of the verb before it: it has its own object and follows a passive ("was not
    invited and denounced the deal"), or follows an infinitive ("was expected to object, but abstained")."""
    head = verb.head
    if verb.dep_ != "conj" or verb.tag_ not in ("VBD", "VBN"):
        return False
    return head.tag_ == "VB" or bool(children(verb, "obj") and children(head, "aux:pass"))


def _within_condition(verb: Token, lexicon: Lexicon) -> bool:
    return any(is_condition(n, lexicon) for n in verb.ancestors if n.pos_ == "VERB" and n.dep_ == "advcl")
