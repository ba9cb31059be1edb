"""Collect the tenures of an article: its statements on who holds which office."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spacy.tokens import Token

from kg.extraction.events.timing import Times
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.matching import lemma
from kg.extraction.offices.infobox import infobox_holdings
from kg.extraction.offices.likeness import Likeness, passage_likenesses
from kg.extraction.offices.person_titles import Title
from kg.extraction.offices.tenures import Holding, passage_tenures, same_office, with_organizations
from kg.extraction.syntax.phrases import NounPhrase
from kg.facts import Entity, Kind, Part, Span, Tenure
from kg.language.reading import PassageDoc, Reading


def article_tenures(reading: Reading, lexicon: Lexicon) -> tuple[Tenure, ...]:
    """Return one tenure for each holder and office in the article, in text order."""
    passages = [Fillers(p, reading.entities, lexicon) for p in reading.passages]
    holdings = [h for p in passages for h in passage_tenures(p)] + infobox_holdings(passages)
    holdings += _by_likeness([x for p in passages for x in passage_likenesses(p)], holdings)
    by_holder: dict[str, list[list[Holding]]] = {}
    groups: list[list[Holding]] = []
    for holding in holdings:
        own = by_holder.setdefault(holding.holder, [])
        group = next((g for g in own if any(same_office(holding, other) for other in g)), None)
        if group is None:
            own.append([holding])
            groups.append(own[-1])
        else:
            group.append(holding)
    homes = _homes(holdings, reading.entities)
    served = {h.holder: h.organizations for h in sorted(holdings, key=lambda h: -h.passage) if h.organizations}
    articles = articled(reading, lexicon)
    return tuple(_tenure(_placed(group, homes, served), reading, articles, lexicon) for group in groups)


def states_of(tenures: Iterable[Tenure], reading: Reading) -> dict[str, str]:
    """Return the state that each holder of an office serves, if it is unique and mentioned in the article."""
    found: dict[str, set[str]] = {}
    for tenure in tenures:
        body = reading.entities.get(tenure.organization or "")
        state = body.key if body and body.kind is Kind.STATE else body.country if body else None
        found.setdefault(tenure.holder, set()).update([state] if state else [])
    return _only_named(found, reading.entities)


def _only_named(states: dict[str, set[str]], entities: dict[str, Entity]) -> dict[str, str]:
    """Return the only state of each person, if it is an entity of the article: a town's state need not be."""
    return {person: next(iter(found)) for person, found in states.items() if len(found) == 1 and found <= entities.keys()}


def _by_likeness(likenesses: list[Likeness], holdings: list[Holding]) -> list[Holding]:
    """Return holdings that follow from "his Danish counterpart, X" and the like: the office last held by the other."""
    found = []
    for likeness in likenesses:
        before = [h for h in holdings if h.holder == likeness.other and h.passage <= likeness.passage]
        if before:
            latest = max(before, key=lambda h: h.passage)
            bodies = likeness.organizations or (() if likeness.elsewhere else latest.organizations)
            rule = "office of a counterpart or successor"
            found.append(Holding(likeness.holder, latest.title, bodies, rule, likeness.passage, transferred=True))
    return found


def _homes(holdings: Iterable[Holding], entities: dict[str, Entity]) -> dict[str, str]:
    """Return the state that each person serves, if it is unique and mentioned in the article."""
    states: dict[str, set[str]] = {}
    for holding in holdings:
        for key in holding.organizations[:1]:
            state = key if entities[key].kind is Kind.STATE else entities[key].country
            states.setdefault(holding.holder, set()).update([state] if state else [])
    return _only_named(states, entities)


def _placed(group: list[Holding], homes: dict[str, str], served: dict[str, tuple[str, ...]]) -> list[Holding]:
    """Attach a title without a state to the state that its holder is known to serve; an envoy's, to the state of the person represented."""
    known = next((h.organizations for h in group if h.organizations), ())
    patron = next((h.patron for h in group if h.patron is not None), None)
    if not known and patron is not None:
        known = served.get(patron, ())
    elif not known and not any(h.owned for h in group) and group[0].holder in homes and Kind.STATE in group[0].title.entry.bodies:
        known = (homes[group[0].holder],)
    return [h if h.organizations else with_organizations(h, known) for h in group]


def _tenure(group: list[Holding], reading: Reading, articles: frozenset[str], lexicon: Lexicon) -> Tenure:
    best = max(group, key=lambda h: (bool(h.organizations), len(h.title.words)))
    link = next((t for h in group if (t := _office_page(h, reading.passages[h.passage]))), None)
    dates = [d for h in group for d in _attested(h, reading.passages[h.passage])]
    return Tenure(
        holder=best.holder,
        office=link or office_label(best, reading.entities, articles, lexicon),
        organization=best.organizations[0] if best.organizations else _named_in(link or "", reading.entities),
        rule=best.rule,
        passages=tuple(dict.fromkeys(h.passage for h in group)),
        office_page=link,
        attested=tuple(sorted(set(dates))),
        former=all(h.title.former for h in group),
        acting=any(h.title.acting for h in group),
        spans=tuple(dict.fromkeys(_title_span(h) for h in group)),
    )


def _title_span(holding: Holding) -> Span:
    """Return the span of the words of the office."""
    words = holding.title.words
    return Span(holding.passage, words[0].idx, words[-1].idx + len(words[-1]), Part.OFFICE)


def _office_page(holding: Holding, passage: PassageDoc) -> str | None:
    """Return the page that the title links to, if it is one of an office."""
    title = holding.title
    low, high = title.words[0].idx, title.words[-1].idx + len(title.words[-1])
    for link in passage.passage.links:
        covers_head = link.start <= title.head.idx < link.end
        if low <= link.start and link.end <= high and covers_head and lemma(title.head) in link.target.lower():
            return None if link.target.startswith("List of") else link.target
    return None


def _named_in(office: str, entities: dict[str, Entity]) -> str | None:
    """Return the state or institution in the title of an office's page: "President of Peru"."""
    _, of, name = office.partition(" of ")
    bodies = [k for k, e in entities.items() if e.kind in (Kind.STATE, Kind.INSTITUTION)]
    return next((k for k in bodies if of and name.removeprefix("the ") in (entities[k].label, k)), None)


def _attested(holding: Holding, passage: PassageDoc) -> list[str]:
    when = Times(passage).of(holding.title.head)
    return [when.value] if when is not None and when.value else []


def office_label(holding: Holding, entities: dict[str, Entity], articles: frozenset[str], lexicon: Lexicon) -> str:
    """Return the office's usual label.

    "Danish Prime Minister" becomes "Prime Minister of Denmark" (``articles``: the bodies whose names take "the"), a Danish general
    a general; a diplomat's post ("ambassador to X") and a portfolio ("Minister for Y") stay as written, without words such as
    "then" or "former".
    """

    def named(key: str) -> str:
        return f"the {entities[key].label}" if key in articles else entities[key].label

    title = holding.title
    before = [w for w in title.words if w.i <= title.head.i and not _is_dressing(w, lexicon) and not _is_ordinal(w, title)]
    if holding.patron is not None:
        before = [w for w in before if w.dep_ not in ("nmod:poss", "case")]
    after = [w for w in title.words if w.i > title.head.i]
    if holding.transferred:
        words = [w.lemma_ if w == title.head else w.text for w in before if w.i not in title.naming and w.dep_ != "case"]
        of = f" of {named(holding.organizations[0])}" if holding.organizations else ""
        return _capitalised(" ".join(words) + of)
    organization = holding.organizations[0] if holding.organizations else None
    diplomat = lexicon.classes["envoy"].admits(NounPhrase(lemma(title.head), modifiers=title.signature))
    if organization is None or after or diplomat or title.head.i in title.naming:
        return _capitalised(_text([*before, *_without_description(after, title)], title.head))
    own = [w for w in before if w.i not in title.naming and w.dep_ != "case"]
    if lexicon.group("rank", lemma(title.head)):
        return _capitalised(_text(own, title.head))
    return _capitalised(f"{_text(own, title.head)} of {named(organization)}")


def articled(reading: Reading, lexicon: Lexicon) -> frozenset[str]:
    """Return the keys of the states and institutions whose names take "the": by a word of the name ("the African Union"), or by the
    text."""
    text = "\n".join(p.passage.text for p in reading.passages)
    bodies = [e for e in reading.entities.values() if e.kind in (Kind.STATE, Kind.INSTITUTION)]
    return frozenset(e.key for e in bodies if _takes_article(e.label, text, lexicon))


def _takes_article(label: str, text: str, lexicon: Lexicon) -> bool:
    words = label.lower().split()
    by_word = len(words) > 1 and (words[-1].endswith("s") or lexicon.group("articled", words[-1]) is not None)
    if by_word or " of " in label or f"the {label}" not in text:
        return by_word or " of " in label
    return re.search(rf"\bthe {re.escape(label)}(?=[,.;:)]| and | in | on | to | of |$)", text) is not None


def _without_description(after: list[Token], title: Title) -> list[Token]:
    """ "editor of the bilingual weekly X" is editor of X: common nouns before the name of the body are dropped."""
    at = next((n for n, w in enumerate(after) if w.i in title.naming), None)
    if at is None or not any(w.pos_ == "NOUN" and w.tag_ == "NN" for w in after[1:at]):
        return after
    joint = max((n for n, w in enumerate(after[:at]) if w.pos_ == "ADP"), default=None)
    return after if joint is None else [*after[: joint + 1], *after[at:]]


def _is_ordinal(word: Token, title: Title) -> bool:
    """Whether an ordinal is not part of the office: "the first Kenyan head of state" (in "First Secretary" it is)."""
    return "Ord" in word.morph.get("NumType", []) and word.i + 1 in title.naming


def _is_dressing(word: Token, lexicon: Lexicon) -> bool:
    """Whether a word before an office is not part of its name."""
    if word.pos_ in ("DET", "PRON", "ADV", "ADP", "SCONJ", "CCONJ", "NUM"):
        return True
    return lexicon.group("tenure", word.lower_) is not None


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _text(words: list[Token], head: Token) -> str:
    """Return the words as written, with "the" for "its" and the like, and the head in the singular, for one person."""
    plural = "Plur" in head.morph.get("Number", [])
    text = ""
    for n, word in enumerate(words):
        adjacent = n + 1 < len(words) and words[n + 1].i == word.i + 1
        written = "the" if word.pos_ == "PRON" else head.lemma_ if word == head and plural else word.text
        text += written + (word.whitespace_ if adjacent else " ")
    return text.strip(" -–,")
