"""Collect agreements, named and unnamed, with their terms from all events that mention them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from spacy.tokens import Token

from kg.extraction.agreements.parties import SIGNING, speaks_for_parties
from kg.extraction.agreements.titles import agreement_words, titled
from kg.extraction.agreements.treaties import Stated, best_time, boxed_terms, parties_beside, row_places, times_beside
from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.governors import root
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.dependencies import antecedent, children, preposition
from kg.extraction.syntax.phrases import NounPhrase
from kg.facts import Agreement, Entity, Evidence, Interval, Kind, Modality, Precision, Wording
from kg.language.reading import PassageDoc, Reading
from kg.wikitext.article import PassageKind

CONCLUDING = ("AGREE", "SUPPORT", "SUPPORT-sign")
"""Categories whose actors are parties to the agreement that the event is about."""
IN_FORCE = frozenset({"AGREE", "ESTABLISH", "LEGISLATE", "SUPPORT"})
"""Categories of an agreement's entry into force."""
NAME_LENGTH = 12
"""Words of a sentence that form the name of an unnamed agreement."""


@dataclass
class Terms:
    """The terms of one agreement collected so far."""

    entity: Entity
    named: bool
    drafts: list[int] = field(default_factory=list)
    listed: int | None = None
    when: Interval | None = None
    words: tuple[Wording, ...] = ()
    """The words by which the text refers to an agreement without a name."""


def article_agreements(
    reading: Reading, drafts: list[EventDraft], states: dict[str, str], lexicon: Lexicon
) -> tuple[list[EventDraft], list[Entity], list[Agreement]]:
    """Return the agreements of an article; events that conclude them are linked to them by ``about``.

    ``states`` maps persons to the states that they serve according to the article.
    """
    terms = {k: Terms(e, named=True) for k, e in reading.entities.items() if e.kind is Kind.AGREEMENT}
    drafts = list(drafts)
    for i, draft in enumerate(drafts):
        for key in [*draft.roles.about, *draft.agreements]:
            if key in terms:
                terms[key].drafts.append(i)
    for i, draft in enumerate(drafts):
        noun = _made(draft, terms, lexicon)
        if noun is not None:
            known = _defined(noun, draft, terms, reading) or _same_occasion(noun, draft, terms, drafts, states, reading)
            key = known or _new(noun, draft, terms)
            if known is None:
                terms[key].words = agreement_words(noun, draft.roles.actors, reading.passages[draft.passage], reading.entities)
            terms[key].drafts.append(i)
            drafts[i] = _about(draft, key)
    for passage in reading.passages:
        _listed(passage, terms, lexicon)
    boxed = boxed_terms(reading, lexicon)
    beside = {k: parties_beside(t.entity, reading, lexicon) for k, t in terms.items() if t.named}
    found = [_agreement(t, boxed.get(k, Stated()), beside.get(k, []), drafts, states, reading) for k, t in terms.items()]
    by_key = {a.key: a for a in found}
    spoken = [speaks_for_parties(d, by_key, _times_by(d, by_key, terms, drafts, reading)) for d in drafts]
    drafts = [
        d for d, before in zip(spoken, drafts, strict=True) if d.modality is Modality.ASSERTED or d.roles.actors == before.roles.actors
    ]
    new = [titled(t.entity, t.words, by_key[k], reading.entities) for k, t in terms.items() if not t.named]
    return drafts, new, found


def _made(draft: EventDraft, terms: dict[str, Terms], lexicon: Lexicon) -> Token | None:
    """Return the word for an unnamed agreement concluded by an event: its noun, or the verb of agreeing.

    An agreement without a name, a date and a subject could not be distinguished from others, and is ignored.
    """
    if draft.category not in CONCLUDING or draft.modality is not Modality.ASSERTED or not draft.roles.actors:
        return None
    if any(k in terms for k in (*draft.roles.about, *draft.agreements)):
        return None
    predicate = draft.predicate
    objects = [a.token for a in predicate.arguments if a.position == "obj"] if predicate.kind == "verb" else [predicate.token]
    nouns = [n for t in objects for n in _through_partitive(antecedent(t) or t, lexicon)]
    found = next((n for n in nouns if lexicon.classes["agreement"].admits(NounPhrase(lemma(n)))), None)
    if found is not None and (draft.when is not None or (len(draft.roles.actors) > 1 and _is_told_apart(found))):
        return found
    if draft.when is None:
        return None
    agreeing = root(draft.category) == "AGREE" and lexicon.group("agreeing", lemma(predicate.token)) is not None
    return predicate.token if agreeing and len(draft.roles.actors) > 1 else None


def _is_told_apart(noun: Token) -> bool:
    """Whether modifiers identify one agreement: "an agreement on fisheries", "a trade agreement"."""
    on = any(preposition(c) in ("on", "for", "concerning", "about", "against") for c in children(noun, "nmod"))
    return noun.tag_ == "NN" and (on or bool(children(noun, "compound")))


def _through_partitive(noun: Token, lexicon: Lexicon) -> list[Token]:
    """ "a series of agreements": the agreements too."""
    inner = [c for c in children(noun, "nmod") if preposition(c) == "of"] if lexicon.is_partitive(lemma(noun)) else []
    return [noun, *inner]


def _defined(noun: Token, draft: EventDraft, terms: dict[str, Terms], reading: Reading) -> str | None:
    """Return the agreement of which a noun is the predicate: "the Pact of X was an agreement between Y and Z, signed in 1954"."""
    subjects = [c for c in children(noun, "nsubj") if children(noun, "cop")]
    mentions = [m for s in subjects for m in reading.passages[draft.passage].mentions if m.start <= s.i < m.end]
    return next((k for m in mentions for k in m.keys if k in terms), None)


def _same_occasion(
    noun: Token, draft: EventDraft, terms: dict[str, Terms], drafts: list[EventDraft], states: dict[str, str], reading: Reading
) -> str | None:
    """Return an agreement mentioned elsewhere in the article: with the same parties on the same day, or by the noun of its name; for
    captions, one by the same parties within the caption's time."""
    if draft.when is None:
        return None
    parties = {states.get(k, k) for k in draft.roles.actors}
    captioned = reading.passages[draft.passage].passage.kind is PassageKind.CAPTION
    for key, known in terms.items():
        others = [drafts[i] for i in known.drafts if drafts[i].when is not None and drafts[i].passage != draft.passage]
        same_day = [d for d in others if d.when is not None and d.when.value == draft.when.value and d.when.precision is Precision.DAY]
        if any(set(d.roles.actors) == set(draft.roles.actors) for d in same_day):
            return key
        within = [d for d in others if d.when is not None and _covers(draft.when, d.when) and d.category in CONCLUDING]
        if captioned and any({states.get(k, k) for k in d.roles.actors} == parties for d in within):
            return key
        if known.named and " " not in agreement_name(noun) and lemma(noun) in known.entity.label.lower():
            when = best_time(d.when for d in others if d.when) or best_time(times_beside(known.entity, reading))
            if when is not None and _covers(draft.when, when):
                return key
    return None


def _covers(longer: Interval, shorter: Interval) -> bool:
    return longer.earliest <= shorter.earliest and shorter.latest <= longer.latest


def _new(noun: Token, draft: EventDraft, terms: dict[str, Terms]) -> str:
    label = agreement_name(noun)
    if " " not in label and draft.when is not None and draft.when.value:
        label = f"{label} of {draft.when.value}"
    return _add(label, terms, "named by the event that concludes it")


def _add(label: str, terms: dict[str, Terms], source: str) -> str:
    key = label
    number = 2
    while key in terms:
        key, number = f"{label} ({number})", number + 1
    evidence = (Evidence(source, Kind.AGREEMENT, 1.0),)
    terms[key] = Terms(Entity(key=key, label=key, kind=Kind.AGREEMENT, evidence=evidence), named=False)
    return key


def _listed(passage: PassageDoc, terms: dict[str, Terms], lexicon: Lexicon) -> None:
    """Whether a list item is the name of an agreement with its date ("Memorandum of 4 May 1990 on fisheries")."""
    if passage.passage.kind is not PassageKind.ITEM or not passage.times or any(k in terms for m in passage.mentions for k in m.keys):
        return
    head = next((t for t in passage.doc if t.pos_ in ("NOUN", "PROPN") and t.dep_ not in ("compound", "nmod:desc")), None)
    told = any(t.pos_ == "VERB" and t.dep_ not in ("acl", "amod") for t in passage.doc)
    if head is None or told or head.i > 3 or not lexicon.classes["agreement"].admits(NounPhrase(lemma(head))):
        return
    name = re.split(r"[;(]| – ", passage.passage.text, maxsplit=1)[0].strip(" ,.")
    key = _add(name, terms, "a list item that names and dates it")
    terms[key].listed, terms[key].when = passage.passage.index, passage.times[0].when


def agreement_name(token: Token) -> str:
    """Return the words that name an unnamed agreement: its noun phrase, or "agreement" with what was agreed."""
    if token.pos_ == "NOUN":
        return _capitalised(_shortened(_name_words(token)))
    clause = next((c for c in children(token, "xcomp", "ccomp", "obl", "advcl") if c.i > token.i), None)
    words = list(clause.subtree) if clause is not None else []
    return "Agreement " + _shortened(words) if words else "Agreement"


def _name_words(noun: Token) -> list[Token]:
    """Return the noun with its immediate modifiers and complements, without clauses on how it was concluded."""
    first = noun.i
    while first and noun.doc[first - 1].dep_ in ("amod", "compound", "nummod") and noun.doc[first - 1] in noun.subtree:
        first -= 1
    return [t for t in noun.subtree if t.i >= first and not _in_relative(t, noun)]


def _in_relative(token: Token, noun: Token) -> bool:
    """Whether a token belongs to a description of the agreement: a relative clause, a participle, another agreement."""
    heads = [a for a in [token, *token.ancestors] if a.head == noun]
    return any(a.dep_ in ("acl:relcl", "conj", "cc", "parataxis", "punct") or (a.dep_ == "acl" and a.tag_ in ("VBN", "VBD")) for a in heads)


def _shortened(words: list[Token]) -> str:
    return "".join(w.text_with_ws for w in words[:NAME_LENGTH]).strip(" ,;:.-–\"'“”")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _about(draft: EventDraft, key: str) -> EventDraft:
    roles = replace(draft.roles, about=[*draft.roles.about, key])
    return replace(draft, roles=roles)


def _agreement(
    terms: Terms, boxed: Stated, beside: list[str], drafts: list[EventDraft], states: dict[str, str], reading: Reading
) -> Agreement:
    concluding = [drafts[i] for i in terms.drafts if drafts[i].category in CONCLUDING and drafts[i].modality is Modality.ASSERTED]
    signing = [d for d in concluding if d.category == SIGNING and d.roles.actors]
    own = [d for d in concluding if d in signing or _at_signing(d, signing)] if signing and terms.named else concluding
    made = [d for d in own if d.category != "SUPPORT" or _is_by_states(d, reading)]  # a chamber of commerce backs a treaty
    mediating = [drafts[i] for i in terms.drafts if root(drafts[i].category) in ("CONSULT", "AGREE", "SUPPORT")]
    actors = list(dict.fromkeys(k for d in made for k in d.roles.actors))
    people = [k for k in actors if reading.entities[k].kind is Kind.PERSON]
    parties = list(boxed.parties) or beside or list(dict.fromkeys(states.get(k, k) for k in actors if k not in people or k in states))
    mediators = dict.fromkeys([*boxed.mediators, *(k for d in mediating for k in d.roles.mediators)])
    told = sorted({n for i in terms.drafts for n in drafts[i].passages} | set(boxed.passages)) or _mentioning(reading, terms.entity.key)
    told = [terms.listed] if terms.listed is not None else told
    parties = parties or list(reading.joined.get(terms.entity.key, ()))
    if not parties and told and (terms.listed is not None or people):
        parties = list(reading.passages[told[0]].sides)  # in an article on two sides, agents act on their behalf
    places = [*boxed.places, *(k for d in own for k in d.roles.places)] or row_places(terms.entity, reading)
    times = [*(d.when for d in own if d.when), *times_beside(terms.entity, reading)]
    return Agreement(
        key=terms.entity.key,
        rule="agreement named by a page" if terms.named else "agreement concluded by an event",
        passages=tuple(told),
        parties=tuple(p for p in parties if p not in mediators),
        signatories=tuple(dict.fromkeys([*boxed.signatories, *people])),
        mediators=tuple(mediators),
        places=tuple(dict.fromkeys(places)),
        when=terms.when or boxed.when or best_time(times) or best_time(d.when for d in _in_force(terms, drafts) if d.when),
        cites=tuple(dict.fromkeys(c for d in own for c in d.cites)),
    )


def _is_by_states(draft: EventDraft, reading: Reading) -> bool:
    """Whether a state is among the actors of an event."""
    return any(reading.entities[k].kind is Kind.STATE for k in draft.roles.actors)


def _in_force(terms: Terms, drafts: list[EventDraft]) -> Iterator[EventDraft]:
    """Return the events of an agreement's entry into force: those with the agreement as subject and without an agent."""
    taking = (drafts[i] for i in terms.drafts if terms.entity.key in drafts[i].agreements)
    return (d for d in taking if root(d.category) in IN_FORCE and d.modality is Modality.ASSERTED)


def _at_signing(draft: EventDraft, signing: list[EventDraft]) -> bool:
    """Whether an act is part of concluding a signed agreement, rather than a later acceptance, which makes nobody a party."""
    return draft.when is None or any(d.when is None or _covers(draft.when, d.when) or _covers(d.when, draft.when) for d in signing)


def _mentioning(reading: Reading, key: str) -> list[int]:
    return [i for i, p in enumerate(reading.passages) if any(key in m.keys for m in p.mentions)][:1]


def _times_by(
    draft: EventDraft, agreements: dict[str, Agreement], terms: dict[str, Terms], drafts: list[EventDraft], reading: Reading
) -> list[Interval]:
    """Return the dates stated earlier in the text for the agreements whose provisions are reported, else those stated later."""
    found: list[Interval] = []
    for key in (k for k in draft.agreements if k in agreements):
        made = [drafts[i] for i in terms[key].drafts if drafts[i].category in CONCLUDING and _dated_by(drafts[i]) <= draft.passage]
        told = [*(d.when for d in made if d.when), *times_beside(terms[key].entity, reading, draft.passage)]
        when = best_time(told) or agreements[key].when
        found += [when] if when is not None and draft.modality in (Modality.ASSERTED, Modality.ALLEGED) else []
    return found


def _dated_by(draft: EventDraft) -> int:
    """Return the last passage that dates something; mere mentions do not count."""
    return max([draft.passage, *(t.passage for t in draft.retold if t.when is not None)])
