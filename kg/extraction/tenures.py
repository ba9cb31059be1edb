"""Who holds which office: titles before and after names, captions, predicates and infobox fields.

A title is found on the surface, next to the name, because a parser is least sure of just these noun phrases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kg.extraction.entries import Lexicon, NounPhrase, OfficeEntry
from kg.extraction.fillers import Fillers
from kg.extraction.matching import lemma
from kg.extraction.tree import arguments, children, noun_conjuncts
from kg.facts import Kind
from kg.language.reading import Mention
from kg.wikitext.article import PassageKind

OPENERS = (",", "(", "–", "—", ":")
STOPS = frozenset({",", ")", "(", ";", ".", ":", "|", "“", '"'})
REACH = 14
"""How many tokens a title may take ("EU High Representative for Foreign Affairs and Security Policy")."""


@dataclass(frozen=True, slots=True)
class Title:
    """An office as one place of the text names it: the words, their head, its entry, and what they say of the holder."""

    words: tuple[Token, ...]
    head: Token
    entry: OfficeEntry
    former: bool
    acting: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """One statement that somebody holds an office, before statements about the same tenure are put together."""

    holder: str
    title: Title
    organizations: tuple[str, ...]
    rule: str
    passage: int


def passage_tenures(fillers: Fillers) -> list[Holding]:
    """The holdings that one passage states."""
    found: list[Holding] = []
    for mention in fillers.passage.mentions:
        people = [k for k in mention.keys if fillers.entities[k].kind is Kind.PERSON]
        if len(people) == 1 and not mention.coreferent and len(mention.keys) == 1:
            found.extend(_beside(mention, people[0], fillers))
    found.extend(_predicated(fillers))
    return found


def _beside(mention: Mention, person: str, fillers: Fillers) -> Iterator[Holding]:
    before = title_before(mention, fillers)
    if before is not None:
        yield _holding(person, before, "title before the name", fillers)
    after = title_after(mention, fillers)
    if after is not None:
        yield _holding(person, after, "title after the name", fillers)


def _holding(person: str, title: Title, rule: str, fillers: Fillers) -> Holding:
    return Holding(person, title, tuple(organizations(title, fillers)), rule, fillers.passage.passage.index)


def office_entry(words: list[Token], head: Token, lexicon: Lexicon) -> OfficeEntry | None:
    """The entry of an office whose head is ``head`` and whose other words are ``words``."""
    others = frozenset(lemma(w) for w in words if w is not head)
    phrase = NounPhrase(lemma(head), modifiers=others, complements=frozenset(("of", w) for w in others))
    entries = lexicon.offices_by_lemma.get(lemma(head), ())
    return next((e for e in entries if any(p.matches(phrase) for p in e.patterns)), None)


def title_before(mention: Mention, fillers: Fillers) -> Title | None:
    """ "Serbian Prime Minister NAME", "the president of France, NAME"."""
    doc = fillers.passage.doc
    at = mention.start - 1
    apposed = at >= 0 and doc[at].text == ","
    if apposed:
        at -= 1
    words: list[Token] = []
    while at >= 0 and len(words) < REACH and _in_title(doc[at], apposed, fillers):
        words.insert(0, doc[at])
        at -= 1
    while words and words[0].pos_ in ("ADP", "CCONJ", "DET", "PUNCT", "PART"):
        words.pop(0)
    return _title(words, fillers, final=not apposed)


def title_after(mention: Mention, fillers: Fillers) -> Title | None:
    """ "NAME, Minister for X,", "NAME (president of Y)", "NAME, then foreign minister of Z"."""
    doc = fillers.passage.doc
    at = mention.end
    if at >= len(doc) or doc[at].text not in OPENERS:
        return None
    words: list[Token] = []
    for token in doc[at + 1 : at + 1 + REACH]:
        if token.text in STOPS or token.pos_ in ("VERB", "SCONJ") or (token.pos_ == "AUX" and not words):
            break
        if token.pos_ == "PRON" and token.tag_ in ("WP", "WDT"):
            break
        words.append(token)
    person_inside = [w for w in words if _is_person(w, fillers)]
    if person_inside:
        words = words[: words.index(person_inside[0])]
        while words and words[-1].pos_ in ("CCONJ", "PUNCT", "DET"):
            words.pop()
    return _title(words, fillers, final=False)


def _in_title(token: Token, apposed: bool, fillers: Fillers) -> bool:
    if token.text in STOPS or _is_person(token, fillers):
        return False
    if token.pos_ in ("ADJ", "NOUN", "PROPN", "PART") or token.text in ("-", "–"):
        return True
    return apposed and token.pos_ in ("ADP", "DET", "CCONJ", "PRON")


def _is_person(token: Token, fillers: Fillers) -> bool:
    mention = fillers.mention(token)
    return mention is not None and Kind.PERSON in fillers.kinds(token) and not mention.coreferent


def _title(words: list[Token], fillers: Fillers, final: bool) -> Title | None:
    """The office that ``words`` name; ``final`` where its head must be their last word."""
    lexicon = fillers.lexicon
    heads = words[-1:] if final else [w for w in words if w.pos_ in ("NOUN", "PROPN")][:REACH]
    for head in heads:
        entry = office_entry(words[: words.index(head) + 1] if not final else words, head, lexicon)
        if entry is None and not final:
            entry = office_entry(words, head, lexicon)
        if entry is not None and entry.office:
            states = {lexicon.group("tenure", lemma(w)) or lexicon.group("tenure", w.lower_) for w in words}
            return Title(tuple(words), head, entry, "former" in states, "acting" in states)
        if entry is None and not final and head.pos_ == "NOUN" and head.dep_ not in ("compound", "nmod:desc"):
            return None
    return None


def organizations(title: Title, fillers: Fillers) -> list[str]:
    """The states or institutions that a title's words lead to, nearest complement first."""
    keys: list[str] = []
    after = [w for w in title.words if w.i > title.head.i]
    before = [w for w in title.words if w.i < title.head.i]
    joint = next((w.lower_ for w in after if w.pos_ == "ADP"), "")
    for token in (*(after if joint in ("of", "at", "") else []), *before):
        mention = fillers.mention(token)
        if mention is not None:
            keys += [k for k in mention.keys if fillers.entities[k].kind in title.entry.bodies | {Kind.STATE} and k not in keys]
    return keys


def _predicated(fillers: Fillers) -> Iterator[Holding]:
    """ "NAME became president", "who had been foreign minister", "took office as president", "was named envoy"."""
    for token in fillers.passage.doc:
        if token.pos_ not in ("NOUN", "PROPN") or fillers.mention(token) is not None:
            continue
        holder = _predicate_holder(token, fillers)
        if holder is None:
            continue
        words = [t for t in token.subtree if t.pos_ not in ("DET", "PUNCT", "AUX", "VERB") or t.text == "-"]
        entry = office_entry(words, token, fillers.lexicon)
        if entry is not None and entry.office:
            yield _holding(holder, Title(tuple(words), token, entry, False, False), "office as predicate", fillers)


def _predicate_holder(noun: Token, fillers: Fillers) -> str | None:
    verb = noun.head
    if noun.dep_ in ("xcomp", "obl", "obj", "advcl") and fillers.lexicon.group("office", lemma(verb)):
        logical = arguments(verb)
        promoted = [a.token for a in logical if a.position == "obj" and a.token is not noun]
        subjects = promoted or [a.token for a in logical if a.position == "subj"]
    elif children(noun, "cop") and not any(lemma(c) == "not" for c in children(noun, "advmod")):
        subjects = children(noun, "nsubj")
    else:
        return None
    people = [k for t in subjects for n in noun_conjuncts(t) for k in fillers.agents(n) if fillers.entities[k].kind is Kind.PERSON]
    return people[0] if len(people) == 1 else None


def is_caption(fillers: Fillers) -> bool:
    """Whether the passage is the caption of a picture."""
    return fillers.passage.passage.kind is PassageKind.CAPTION


def same_office(one: Holding, other: Holding) -> bool:
    """Whether two holdings speak of one tenure: same holder, same office noun, organisations that do not differ."""
    if one.holder != other.holder or lemma(one.title.head) != lemma(other.title.head):
        return False
    return not one.organizations or not other.organizations or one.organizations[:1] == other.organizations[:1]


def with_organizations(holding: Holding, keys: tuple[str, ...]) -> Holding:
    """A copy that belongs to ``keys``."""
    return replace(holding, organizations=keys)
