"""Find who holds which office: titles before and after names, captions, predicates and infobox fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.matching import lemma
from kg.extraction.offices.listed import Holders, holders_after, holders_before, named_people
from kg.extraction.offices.person_titles import Title, title_after, title_at, title_before
from kg.extraction.syntax.dependencies import children, noun_conjuncts
from kg.extraction.syntax.logical_arguments import arguments
from kg.facts import Kind
from kg.language.reading import Mention


@dataclass(frozen=True, slots=True)
class Holding:
    """One statement that somebody holds an office, before those about the same tenure are merged."""

    holder: str
    title: Title
    organizations: tuple[str, ...]
    rule: str
    passage: int
    transferred: bool = False
    """Whether the organization is not the one in the title's own words."""
    owned: bool = False
    """Whether the office belongs to the antecedent of a pronoun ("as its commander"), not just to any state that the holder serves."""
    patron: str | None = None
    """Whose envoy, adviser or minister the holder is ("her special envoy"): the office is of the body that this person serves."""


def passage_tenures(fillers: Fillers) -> list[Holding]:
    """Return the holdings that one passage states."""
    found: list[Holding] = []
    for mention, person in named_people(fillers):
        found.extend(_beside(mention, person, fillers))
    found.extend(_predicated(fillers))
    found.extend(_succeeding(found, fillers))
    return found


def _succeeding(held: list[Holding], fillers: Fillers) -> Iterator[Holding]:
    """ "NAME succeeded OTHER as president": statements on the other's office apply to the successor."""
    doc, people = fillers.passage.doc, {(m.start, m.end): key for m, key in named_people(fillers)}
    for holding in held:
        name = next((doc[s:e].root for (s, e), key in people.items() if key == holding.holder and e <= holding.title.head.i), None)
        joint = holding.title.words[0].i - 1
        if name is None or name.dep_ != "obj" or not fillers.lexicon.group("succession", lemma(name.head)):
            continue
        if all(t.lower_ != "as" for t in doc[max(0, joint - 1) : joint + 1]):
            continue
        subjects = [a.token for a in arguments(name.head) if a.position == "subj"]
        after = [k for t in subjects for k in fillers.agents(t) if fillers.entities[k].kind is Kind.PERSON and k != holding.holder]
        yield from (replace(holding, holder=k, rule="office of a predecessor") for k in after[:1])


def _beside(mention: Mention, person: str, fillers: Fillers) -> Iterator[Holding]:
    for rule, title, holders in (
        ("title before", title_before(mention, fillers), holders_after),
        ("title after", title_after(mention, fillers), holders_before),
    ):
        if title is not None:
            plural = "Plur" in title.head.morph.get("Number", [])
            yield from _many(holders(plural, mention, person, organizations(title, fillers), fillers), title, rule, fillers)


def _many(pairs: Holders, title: Title, rule: str, fillers: Fillers) -> Iterator[Holding]:
    """Return the holdings of those next to a title, each of the body given for the holder, else of the title's own."""
    for person, body in pairs:
        holding = _holding(person, title, f"{rule} the name", fillers)
        if body is None:
            yield holding
        else:
            listed = len(pairs) > 1
            rule_of_list = f"{rule} a list of names" if listed else holding.rule
            yield replace(holding, organizations=(body,), transferred=listed, rule=rule_of_list)


def _holding(person: str, title: Title, rule: str, fillers: Fillers) -> Holding:
    patron = next((k for k in _patrons(title, fillers) if k != person), None)
    owned = any(c.pos_ == "PRON" for c in children(title.head, "nmod:poss"))
    index = fillers.passage.passage.index
    return Holding(person, title, tuple(organizations(title, fillers)), rule, index, owned=owned, patron=patron)


def _patrons(title: Title, fillers: Fillers) -> Iterator[str]:
    """Return the person to whom the office belongs: "his special envoy", "Foo's foreign minister"."""
    for token in [*title.words, *children(title.head, "nmod:poss")]:
        mention = fillers.mention(token)
        if token.dep_ == "nmod:poss" and mention is not None and len(mention.keys) == 1:
            yield from (k for k in mention.keys if fillers.entities[k].kind is Kind.PERSON)


def organizations(title: Title, fillers: Fillers) -> list[str]:
    """Return the states or institutions in a title's words, nearest complement first."""
    keys: list[str] = []
    after = [w for w in title.words if w.i > title.head.i]
    before = [w for w in title.words if w.i < title.head.i]
    joint = next((w.lower_ for w in after if w.pos_ == "ADP" and w.nbor(-1).text != "-"), "")
    for token in (*(after if joint in ("of", "at", "") else []), *before):
        mention = fillers.mention(token)
        if mention is not None and not mention.coreferent:
            keys += [k for k in mention.keys if fillers.entities[k].kind in title.entry.bodies | {Kind.STATE} and k not in keys]
    return keys


def _predicated(fillers: Fillers) -> Iterator[Holding]:
    """ "NAME became president", "who had been foreign minister", "took office as president", "was named envoy"."""
    for token in fillers.passage.doc:
        if token.pos_ not in ("NOUN", "PROPN"):
            continue
        mention = fillers.mention(token)
        if mention is not None and not mention.coreferent:
            continue
        holder = _predicate_holder(token, fillers)
        if holder is None:
            continue
        title = title_at(token, fillers)
        if title is not None:
            yield _holding(holder, title, "office as predicate", fillers)


def _predicate_holder(noun: Token, fillers: Fillers) -> str | None:
    verb = noun.head
    if noun.dep_ in ("xcomp", "obl", "obj", "advcl") and fillers.lexicon.group("office", lemma(verb)):
        logical = arguments(verb)
        promoted = [a.token for a in logical if a.position == "obj" and a.token != noun and fillers.agents(a.token)]
        subjects = promoted or [a.token for a in logical if a.position == "subj"]
    elif noun.dep_ == "nsubj" and children(verb, "cop"):
        subjects = [verb]  # "its first ambassador was NAME"
    elif children(noun, "cop") and not any(lemma(c) == "not" for c in children(noun, "advmod")):
        subjects = children(noun, "nsubj")
    else:
        return None
    people = [k for t in subjects for n in noun_conjuncts(t) for k in fillers.agents(n) if fillers.entities[k].kind is Kind.PERSON]
    return people[0] if len(people) == 1 else None


def same_office(one: Holding, other: Holding) -> bool:
    """Whether two holdings are of one tenure: same holder, same office words, organizations that do not differ."""
    if one.holder != other.holder or one.title.signature != other.title.signature:
        return False
    return not one.organizations or not other.organizations or one.organizations[:1] == other.organizations[:1]


def with_organizations(holding: Holding, keys: tuple[str, ...]) -> Holding:
    """Return a copy that belongs to ``keys``."""
    return replace(holding, organizations=keys)
