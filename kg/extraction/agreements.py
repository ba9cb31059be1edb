"""Agreements, named and unnamed, with their terms put together from all events that speak of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from spacy.tokens import Token

from kg.extraction.contexts import root
from kg.extraction.entries import Lexicon, NounPhrase
from kg.extraction.events import Draft
from kg.extraction.matching import lemma
from kg.extraction.tree import children
from kg.facts import Agreement, Entity, Evidence, Interval, Kind, Modality, Precision
from kg.language.reading import Reading

CONCLUDING = ("AGREE", "SUPPORT", "SUPPORT-sign")
"""Categories whose actors are parties to the agreement that the event is about."""
NAME_LENGTH = 12
"""How many words of its sentence name an agreement that has no name."""


@dataclass
class Terms:
    """What is known so far of one agreement."""

    entity: Entity
    named: bool
    drafts: list[int] = field(default_factory=list)


def article_agreements(
    reading: Reading, drafts: list[Draft], states: dict[str, str], lexicon: Lexicon
) -> tuple[list[Draft], list[Entity], list[Agreement]]:
    """Agreements of an article; events of concluding them are tied to them by ``about``.

    ``states`` leads from a person to the state that the article says they serve.
    """
    terms = {k: Terms(e, named=True) for k, e in reading.entities.items() if e.kind is Kind.AGREEMENT}
    drafts = list(drafts)
    for i, draft in enumerate(drafts):
        for key in [*draft.roles.about, *draft.agreements]:
            if key in terms:
                terms[key].drafts.append(i)
    for i, draft in enumerate(drafts):
        if _concludes_unnamed(draft, terms, lexicon):
            key = _same_occasion(draft, terms, drafts) or _new(draft, terms)
            terms[key].drafts.append(i)
            drafts[i] = _about(draft, key)
    found = [_agreement(t, drafts, states, reading) for t in terms.values()]
    by_key = {a.key: a for a in found}
    drafts = [_speaks_for_parties(d, by_key) for d in drafts]
    new = [t.entity for t in terms.values() if not t.named]
    return drafts, new, found


def _concludes_unnamed(draft: Draft, terms: dict[str, Terms], lexicon: Lexicon) -> bool:
    """Whether the event is the making of an agreement that has no name of its own."""
    if root(draft.category) != "AGREE" or draft.modality not in (Modality.ASSERTED,):
        return False
    if any(k in terms for k in (*draft.roles.about, *draft.agreements)):
        return False
    noun = draft.predicate.token
    if draft.predicate.kind in ("light", "noun"):
        return lexicon.classes["agreement"].admits(NounPhrase(lemma(noun))) and bool(draft.roles.actors)
    return len(draft.roles.actors) > 1 and lexicon.group("agreeing", lemma(noun)) is not None


def _same_occasion(draft: Draft, terms: dict[str, Terms], drafts: list[Draft]) -> str | None:
    """An agreement that the article has spoken of with the same parties on the same day."""
    if draft.when is None or draft.when.precision is not Precision.DAY:
        return None
    for key, known in terms.items():
        for i in known.drafts:
            other = drafts[i]
            same_day = other.when is not None and other.when.value == draft.when.value
            if same_day and set(other.roles.actors) == set(draft.roles.actors) and other.passage != draft.passage:
                return key
    return None


def _new(draft: Draft, terms: dict[str, Terms]) -> str:
    label = agreement_name(draft.predicate.token)
    key = label
    number = 2
    while key in terms:
        key, number = f"{label} ({number})", number + 1
    evidence = (Evidence("named by the event that concludes it", Kind.AGREEMENT, 1.0),)
    terms[key] = Terms(Entity(key=key, label=key, kind=Kind.AGREEMENT, evidence=evidence), named=False)
    return key


def agreement_name(token: Token) -> str:
    """The words that stand for an unnamed agreement: its noun phrase, or "agreement" with what was agreed."""
    if token.pos_ == "NOUN":
        words = [t for t in token.subtree if not (t.dep_ in ("det", "cc") and t.head is token) and not _in_relative(t, token)]
        words = [t for t in words if t.i >= token.i or token.i - t.i <= 4]
        return _capitalised(_shortened(words))
    clause = next((c for c in children(token, "xcomp", "ccomp", "obl", "advcl") if c.i > token.i), None)
    words = list(clause.subtree) if clause is not None else []
    return "Agreement " + _shortened(words) if words else "Agreement"


def _in_relative(token: Token, noun: Token) -> bool:
    return any(a.dep_ in ("acl:relcl", "conj", "parataxis") and a.head is noun for a in [token, *token.ancestors])


def _shortened(words: list[Token]) -> str:
    return "".join(w.text_with_ws for w in words[:NAME_LENGTH]).strip(" ,;:.-–\"'“”")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _about(draft: Draft, key: str) -> Draft:
    roles = replace(draft.roles, about=[*draft.roles.about, key])
    return replace(draft, roles=roles)


def _agreement(terms: Terms, drafts: list[Draft], states: dict[str, str], reading: Reading) -> Agreement:
    own = [drafts[i] for i in terms.drafts if drafts[i].category in CONCLUDING and drafts[i].modality is Modality.ASSERTED]
    mediating = [drafts[i] for i in terms.drafts if root(drafts[i].category) in ("CONSULT", "AGREE", "SUPPORT")]
    actors = list(dict.fromkeys(k for d in own for k in d.roles.actors))
    people = [k for k in actors if reading.entities[k].kind is Kind.PERSON]
    parties = list(dict.fromkeys(states.get(k, k) for k in actors if k not in people or k in states))
    mediators = list(dict.fromkeys(k for d in mediating for k in d.roles.mediators))
    dated = [d for d in own if d.when is not None]
    passages = sorted({n for i in terms.drafts for n in drafts[i].passages}) or _mentioning(reading, terms.entity.key)
    return Agreement(
        key=terms.entity.key,
        rule="agreement named by a page" if terms.named else "agreement concluded by an event",
        passages=tuple(passages),
        parties=tuple(p for p in parties if p not in mediators),
        signatories=tuple(people),
        mediators=tuple(mediators),
        places=tuple(dict.fromkeys(k for d in own for k in d.roles.places)),
        when=best_time(d.when for d in dated if d.when) or _stated_time(terms.entity, reading),
        cites=tuple(dict.fromkeys(c for d in own for c in d.cites)),
    )


def _stated_time(agreement: Entity, reading: Reading) -> Interval | None:
    """The date in brackets behind the agreement's name ("Treaty of X (4 May 1921)"), or the year that is part of its name."""
    inside: list[Interval] = []
    for passage in reading.passages:
        for mention in passage.mentions:
            if agreement.key not in mention.keys:
                continue
            for time in passage.times:
                if mention.start <= time.start < mention.end:
                    inside.append(time.when)
                elif time.start == mention.end + 1 and passage.doc[mention.end].text == "(":
                    return time.when
    return best_time(inside)


def _mentioning(reading: Reading, key: str) -> list[int]:
    return [i for i, p in enumerate(reading.passages) if any(key in m.keys for m in p.mentions)][:1]


def best_time(times: Iterable[Interval]) -> Interval | None:
    """The most exact of several times, the earliest of equals."""
    order = {"day": 0, "month": 1, "year": 2, "interval": 3}
    return min(times, key=lambda t: (order[t.precision], t.earliest), default=None)


def _speaks_for_parties(draft: Draft, agreements: dict[str, Agreement]) -> Draft:
    """What an agreement lays down, its parties have agreed when they made it."""
    if not draft.agreements or draft.roles.actors:
        return draft
    known = [agreements[k] for k in draft.agreements if k in agreements]
    actors = list(dict.fromkeys(p for a in known for p in a.parties))
    roles = replace(
        draft.roles,
        actors=actors,
        recipients=[k for k in draft.roles.recipients if k not in actors],
        about=list(dict.fromkeys([*draft.roles.about, *draft.agreements])),
    )
    when = draft.when or (best_time(a.when for a in known if a.when) if draft.modality is Modality.ASSERTED else None)
    return replace(draft, roles=roles, when=when, rules=(*draft.rules, "parties of the agreement"))
