"""Allegations: find what a text reports as somebody's claim, suspicion or denial, and whose.

Read from the tree around the event's word: adverbs and adjectives beside it, the verbs and nouns whose content it is. The words are
in ``allegations.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from spacy.tokens import Token

from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.modality import is_negated
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.dependencies import PASSIVE_SUBJECTS, SUBJECTS, VERBALS, children, clause_of, is_passive, preposition
from kg.extraction.syntax.logical_arguments import arguments, is_content, subjects_of_participle
from kg.facts import Modality

CONTENT = frozenset(
    {"xcomp", "ccomp", "csubj", "csubj:pass", "advcl", "acl", "acl:relcl", "obl", "nmod", "obj", "nsubj", "nsubj:pass", "conj"}
)
"""Relations by which a word can be the content of another."""
OF = frozenset({"of", "for", "with", "from", "about", "over"})
"""Prepositions before the content of an accusation."""
DEPTH = 6


@cache
def claim_words(group: str) -> frozenset[str]:
    """Return a list of ``allegations.toml``; KeyError if there is none."""
    return frozenset(_groups()[group])


@cache
def _groups() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("allegations.toml").read_text(encoding="utf-8"))
    return groups


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an event is claimed or denied, by whom, and by which words."""

    modality: Modality | None
    sources: tuple[str, ...]
    reason: str


def with_standing(draft: EventDraft, fillers: Fillers) -> EventDraft:
    """Return the draft with the modality and the source of a claim or denial, if it is one."""
    if draft.predicate.kind == "attribution":
        return draft
    standing = _standing(draft, fillers)
    sources = tuple(k for k in standing.sources if k in fillers.entities)
    if standing.modality is None or draft.modality in (Modality.FUTURE, Modality.HYPOTHETICAL):
        return replace(draft, sources=sources) if sources else draft
    return replace(draft, modality=standing.modality, sources=sources, rules=(*draft.rules, standing.reason))


def _standing(draft: EventDraft, fillers: Fillers) -> Standing:
    """Return the first sign on the way up from the event's word, nearest first."""
    word: Token = draft.predicate.token if draft.predicate.clause.pos_ == "NOUN" else draft.predicate.clause
    beside = _beside(draft.predicate.token, word)
    for node in _upwards(word):
        found = _governed(node, fillers) or _misread(node, fillers)
        if found is not None:
            return found
    sources = _according_to(word, fillers)
    return Standing(Modality.ALLEGED, sources, f"alleged: {beside}") if beside else Standing(None, sources, "")


def _beside(token: Token, word: Token) -> str:
    """Return the adverb or adjective that makes an event a claim, or ""."""
    for node in _conjunct_heads(word):
        adverb = next((c for c in children(node, "advmod") if c.lower_ in claim_words("adverbs")), None)
        if adverb is not None:
            return adverb.lower_
    adjective = next((c for c in children(token, "amod") if c.lower_ in claim_words("adjectives")), None)
    return adjective.lower_ if adjective is not None and token.pos_ == "NOUN" else ""


def _conjunct_heads(word: Token) -> Iterator[Token]:
    """Return a word, and those that it continues without a subject of its own ("allegedly stole and sold")."""
    yield word
    while word.dep_ == "conj" and not children(word, *SUBJECTS, *PASSIVE_SUBJECTS):
        word = word.head
        yield word


def _upwards(word: Token) -> Iterator[Token]:
    """Return the word and those that contain it, as long as each may be the content of the next."""
    for _ in range(DEPTH):
        own = word.dep_ == "conj" and bool(children(word, *SUBJECTS, *PASSIVE_SUBJECTS))
        yield word
        if word.head == word or word.dep_ not in CONTENT or own:
            return
        if word.dep_ in ("nsubj", "nsubj:pass") and word.pos_ in ("NOUN", "PROPN") and lemma(word) not in claim_words("claims"):
            return
        word = word.head


def _governed(node: Token, fillers: Fillers) -> Standing | None:
    """Return the effect of a node's governor."""
    head: Token = node.head
    if head == node or node.dep_ not in CONTENT:
        return None
    if head.pos_ in VERBALS:
        return _under_verb(node, head, fillers)
    if head.pos_ in ("NOUN", "PROPN") and node.dep_ != "conj":
        return _under_noun(node, head, fillers)
    if lemma(head) in claim_words("false") and node.dep_ in ("csubj", "ccomp", "nsubj"):
        return _denied(head, (), fillers)
    return None


def _under_verb(node: Token, verb: Token, fillers: Fillers) -> Standing | None:
    word, relation = lemma(verb), node.dep_
    clause = relation in ("xcomp", "ccomp", "csubj", "csubj:pass", "advcl", "acl")
    said = _is_of(node) or relation in ("xcomp", "ccomp", "csubj", "csubj:pass")
    if word in claim_words("claims") and relation == "ccomp" and not any(a.position == "subj" for a in arguments(verb)):
        return Standing(Modality.ALLEGED, (), f"content of {word!r}")  # "Reports that …", read as a verb
    if word in claim_words("denying") and (clause or (relation == "obj" and node.tag_ == "VBG")):
        return _denied(verb, _speakers(verb, fillers), fillers)
    if word in claim_words("claiming") and said:
        return Standing(Modality.ALLEGED, _speakers(verb, fillers), f"content of {word!r}")
    impersonal = bool(children(verb, "expl")) or any(t.lower_ == "it" for t in children(verb, *SUBJECTS, *PASSIVE_SUBJECTS))
    if word in claim_words("said_of") and is_passive(verb) and (relation == "xcomp" or (impersonal and clause)):
        return Standing(Modality.ALLEGED, _speakers(verb, fillers), f"content of {word!r}")
    if word in claim_words("binding") and _is_infinitive(node) and is_negated(verb, fillers.lexicon):
        return Standing(Modality.HYPOTHETICAL, (), f"not bound by {word!r}")
    if relation == "ccomp" and node.i < verb.i and any(c.i > verb.i for c in children(verb, "ccomp")):
        return None  # "X met Y, Z said that …": two sentences parsed as one
    if relation == "ccomp" and fillers.lexicon.group("speech", word) is not None and not is_negated(verb, fillers.lexicon):
        return Standing(None, _speakers(verb, fillers), "")
    return None


def _misread(node: Token, fillers: Fillers) -> Standing | None:
    """ "X denies having gone", with the verb of denying misparsed as a plural noun before the participle."""
    before = node.doc[node.i - 2] if node.i > 1 and node.doc[node.i - 1].lower_ == "having" else None
    if before is None or before.pos_ != "NOUN" or lemma(before) not in claim_words("denying"):
        return None
    speakers = tuple(k for t in node.doc[: before.i] if t.dep_ in SUBJECTS for k in fillers.agents(t, acting=True))
    return Standing(Modality.NEGATED, speakers, f"denied by {lemma(before)!r}")


def _is_of(node: Token) -> bool:
    """Whether a word is the content of an accusation (*of*)."""
    if node.dep_ in ("advcl", "acl"):
        return any(m.lower_ in OF for m in children(node, "mark", "case"))
    return node.dep_ in ("obl", "nmod") and preposition(node) in OF


def _is_infinitive(node: Token) -> bool:
    return node.dep_ in ("xcomp", "ccomp", "advcl", "acl") and any(m.lower_ == "to" for m in children(node, "mark"))


def _under_noun(node: Token, noun: Token, fillers: Fillers) -> Standing | None:
    """Return the standing of the content of a claim, or of a duty that is denied."""
    word = lemma(noun)
    absent = any(fillers.lexicon.group("negation", d.lower_) for d in children(noun, "det"))
    if word in claim_words("duties") and _is_infinitive(node) and (absent or is_negated(clause_of(noun), fillers.lexicon)):
        return Standing(Modality.HYPOTHETICAL, (), f"no {word}")
    that = any(m.lower_ == "that" and m.i < node.i for m in children(node, "mark", "obl:unmarked", "det"))
    clause = node.dep_ in ("acl", "ccomp", "acl:relcl") and (that or is_content(node))
    named = word in claim_words("claims_of") and _is_of(node)
    if not named and not (clause and word in claim_words("claims")):
        return None
    owners = tuple(fillers.owners(noun))
    judge = _judged(noun, fillers)
    return judge or Standing(Modality.ALLEGED, owners or _holders(noun, fillers), f"content of {word!r}")


def _judged(noun: Token, fillers: Fillers) -> Standing | None:
    """Return the standing of a claim that is judged as a whole: called false, or denied."""
    head: Token = noun.head
    if noun.dep_ in ("nsubj", "nsubj:pass") and (lemma(head) in claim_words("false") or (lemma(head) in claim_words("denying"))):
        return _denied(head, _speakers(head, fillers) if head.pos_ in VERBALS else (), fillers)
    if noun.dep_ == "obj" and lemma(head) in claim_words("denying"):
        return _denied(head, _speakers(head, fillers), fillers)
    verb = next((c for c in children(noun, "amod") if c.pos_ in VERBALS and lemma(c) in claim_words("denying")), None)
    if verb is None:
        return None
    speakers = tuple(k for t in subjects_of_participle(verb) for k in fillers.agents(t, acting=True))  # "X [dismissed allegations]"
    return _denied(verb, speakers, fillers)


def _denied(word: Token, sources: tuple[str, ...], fillers: Fillers) -> Standing:
    """Return a denial; if the denial is negated ("did not deny"), a claim."""
    negated = is_negated(word, fillers.lexicon)
    return Standing(Modality.ALLEGED if negated else Modality.NEGATED, sources, f"denied by {lemma(word)!r}")


def _speakers(verb: Token, fillers: Fillers) -> tuple[str, ...]:
    """Return the speakers: the subject, or the agent of a passive."""
    subjects = [a.token for a in arguments(verb) if a.position == "subj"]
    return tuple(dict.fromkeys(k for t in subjects for k in fillers.agents(t, acting=True)))


def _holders(noun: Token, fillers: Fillers) -> tuple[str, ...]:
    """Return the claimants of a verb with a claim as its object: "raised the suspicion that"."""
    return _speakers(noun.head, fillers) if noun.dep_ == "obj" and noun.head.pos_ in VERBALS else ()


def _according_to(word: Token, fillers: Fillers) -> tuple[str, ...]:
    """Return the source of a clause: "according to X"."""
    lexicon: Lexicon = fillers.lexicon
    clause = clause_of(word)
    named = [t for t in clause.children if lexicon.group("attribution", preposition(t)) is not None]
    return tuple(dict.fromkeys(k for t in named for k in fillers.agents(t, acting=True)))
