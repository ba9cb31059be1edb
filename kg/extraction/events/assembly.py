"""Assemble the events of one passage: predicates with their roles, time, modality, quotation and references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from spacy.tokens import Token

from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.governors import context_of, is_swallowed, outer_of, root
from kg.extraction.events.modality import conditions, is_narrated, is_prevented, is_undone_by_means, modality_of
from kg.extraction.events.predicates import UNKNOWN, Predicate, find_predicates
from kg.extraction.events.proposition_reader import PropositionReader
from kg.extraction.events.quoted_speech import attach_quotations
from kg.extraction.events.roles import acts_on_agreement, fill_roles, modifier_role
from kg.extraction.events.timing import Times
from kg.extraction.frames.entries import Context, Lexicon
from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.dependencies import children, clause_of, preposition
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.logical_arguments import arguments
from kg.extraction.syntax.quotations import quotations, references_after
from kg.facts import Entity, Interval, Kind, Modality
from kg.language.reading import PassageDoc

PROMISED = frozenset({"COOPERATE", "AID", "CONCEDE", "RETREAT"})
"""PLOVER: material cooperation in the future is an agreement, not yet an act (codebook, AGREE)."""

OWN_AFFAIRS = frozenset({"RETREAT-resign"})
"""Future acts that are not promised to anybody."""


SHARING = frozenset({"AID", "ASSAULT", "COERCE", "SANCTION", "SUPPORT"})
"""Categories whose coordinated verbs share their recipients."""
UNNAMED = frozenset(
    {"AGREE", "ASSAULT", "CONCEDE", "CONSULT", "COOPERATE", "DISSOLVE", "ELECT", "ESTABLISH", "PROTEST", "REJECT", "RETREAT"}
    | {"SANCTION", "SECEDE"}
)
"""Categories of acts that are often reported with a date only: war breaks out, sanctions are lifted, talks collapse."""


def passage_events(
    passage: PassageDoc, entities: dict[str, Entity], lexicon: Lexicon, states: Mapping[str, str] | None = None
) -> list[EventDraft]:
    """Return the events that one passage reports, in text order; ``states`` maps persons to the states that they serve."""
    fillers = Fillers(passage, entities, lexicon)
    quoted = quotations(passage.doc)
    known = find_predicates(fillers, quoted)
    predicates = sorted([*known, *PropositionReader(fillers).beyond(known)], key=lambda p: p.token.i)
    times = Times(passage, frozenset(i for p in predicates for i in (p.token.i, p.clause.i)))
    drafts = {p.token.i: _draft(p, fillers, times) for p in predicates if not _is_undone(p.clause, lexicon)}
    _take_from_subjects(drafts)
    _drop_modifiers(drafts, fillers)
    _drop_texts(drafts, lexicon)
    _drop_second_tellings(drafts)
    _apply_contexts(drafts, lexicon, states or {})
    _threaten_who_must_act(drafts, fillers)
    _share_recipients(drafts)
    attach_quotations(drafts, quoted, lexicon)
    return [one for draft in drafts.values() for one in _respectively(draft, passage)]


def _is_undone(verb: Token, lexicon: Lexicon) -> bool:
    return is_prevented(verb, lexicon) or is_undone_by_means(verb, lexicon)


def _respectively(draft: EventDraft, passage: PassageDoc) -> list[EventDraft]:
    """ "X, Y and Z visited it in 2002, 2007 and 2012 respectively": assign each actor its time."""
    clause, actors = draft.predicate.clause, draft.roles.actors
    times = [t for t in passage.times if t.start > clause.i]
    if len(actors) < 2 or len(actors) != len(times) or not any(t.lower_ == "respectively" for t in clause.subtree):
        return [draft]
    rules = (*draft.rules, "respectively")
    pairs = zip(actors, times, strict=True)
    return [replace(draft, roles=replace(draft.roles, actors=[who]), when=time.when, rules=rules) for who, time in pairs]


def _draft(predicate: Predicate, fillers: Fillers, times: Times) -> EventDraft:
    passage = fillers.passage.passage
    roles = fill_roles(predicate, fillers)
    filled = {*roles.places, *roles.actors, *roles.recipients, *roles.mediators}
    roles.add("about", [k for k in _concerned(predicate, fillers) if k not in filled])
    end = predicate.token.idx + len(predicate.token)
    when = times.of(predicate.token) or times.of(predicate.clause) or _named_time(predicate, fillers)
    modality = modality_of(predicate, fillers.lexicon)
    if modality is Modality.HYPOTHETICAL and when is not None and is_narrated(predicate.clause, fillers.lexicon):
        modality = Modality.ASSERTED
    return EventDraft(
        predicate=predicate,
        category=predicate.category,
        roles=roles,
        modality=modality,
        when=when,
        passages=(passage.index,),
        cites=references_after(passage, end),
        agreements=tuple(acts_on_agreement(predicate, fillers)),
    )


def _named_time(predicate: Predicate, fillers: Fillers) -> Interval | None:
    """Return the year in the name of the agreement that the event concludes ("signed the 2010 treaty")."""
    if not predicate.category.startswith(("AGREE", "SUPPORT-sign")):
        return None
    for time in fillers.passage.times:
        token = fillers.passage.doc[time.end - 1]
        if time.named and Kind.AGREEMENT in fillers.kinds(token) and _in_clause(token, predicate.clause):
            return time.when
    return None


def _concerned(predicate: Predicate, fillers: Fillers) -> list[str]:
    """Return agreements and named events in the clause of the predicate, which its event is about."""
    found = []
    for token in fillers.concerned(predicate.clause):
        mention = fillers.mention(token)
        if mention is None or not _in_clause(token, predicate.clause):
            continue
        inside = clause_of(token) != predicate.clause  # an institution that its content speaks of
        kinds = (Kind.AGREEMENT, Kind.EVENT, Kind.INSTITUTION) if inside else (Kind.AGREEMENT, Kind.EVENT)
        found += [k for k in mention.keys if fillers.entities[k].kind in kinds]
    return list(dict.fromkeys(found))


def _in_clause(token: Token, clause: Token) -> bool:
    """Whether ``token`` is in the clause itself or in its complement."""
    node = clause_of(token)
    while node != clause and node.dep_ in ("xcomp", "ccomp"):
        node = clause_of(node.head)
    return bool(node == clause)


def _take_from_subjects(drafts: dict[int, EventDraft]) -> None:
    """ "The talks mediated by X led to an agreement": the mediator of the talks is that of the agreement."""
    for i, draft in list(drafts.items()):
        subjects = [a.token.i for a in draft.predicate.arguments if a.position == "subj" and a.token.i in drafts]
        mediators = [k for s in subjects if s != i for k in drafts[s].roles.mediators]
        if mediators and not draft.roles.mediators:
            actors = [k for k in draft.roles.actors if k not in mediators]
            drafts[i] = replace(draft, roles=replace(draft.roles, actors=actors, mediators=list(dict.fromkeys(mediators))))


def _drop_modifiers(drafts: dict[int, EventDraft], fillers: Fillers) -> None:
    """ "Talks mediated by X" is one event: the participle only gives it a role."""
    for i, draft in list(drafts.items()):
        clause, noun = draft.predicate.clause, draft.predicate.clause.head
        if draft.predicate.kind not in ("verb", "light") or clause.dep_ not in ("acl", "amod") or modifier_role(clause, fillers) is None:
            continue
        if (draft.predicate.kind == "verb" and noun.i in drafts) or (noun == draft.predicate.token and noun.dep_ == "obl"):
            del drafts[i]


def _drop_texts(drafts: dict[int, EventDraft], lexicon: Lexicon) -> None:
    """ "Adopted a resolution welcoming X" is one event, of those who adopted it."""
    for i, draft in list(drafts.items()):
        text = draft.predicate.clause.head
        outer = drafts.get(text.i)
        said = draft.predicate.kind == "verb" and draft.predicate.clause.dep_ == "acl" and draft.predicate.clause.tag_ == "VBG"
        if said and outer is not None and outer.predicate.kind == "light" and lexicon.is_statement(lemma(text)):
            drafts[i] = replace(draft, when=draft.when or outer.when, roles=replace(draft.roles, actors=outer.roles.actors))
            del drafts[text.i]


def _drop_second_tellings(drafts: dict[int, EventDraft]) -> None:
    """Drop second reports of one act, by its noun and by the verb around it: "during his visit he met X", "talks took place between X
    and Y"."""
    for i, draft in list(drafts.items()):
        noun = draft.predicate.token
        governing = drafts.get(clause_of(noun.head).i) if draft.predicate.kind == "noun" and noun.head != noun else None
        if governing is None or governing.predicate.kind == "noun" or root(governing.category) != root(draft.category):
            continue
        occasion = noun.dep_ == "obl" and preposition(noun) in function_words("occasion") and root(draft.category) == "CONSULT"
        occasion = occasion and all(preposition(c) != "to" for c in children(noun, "nmod"))  # a visit with a goal of its own tells more
        if occasion or (noun.dep_ in ("nsubj", "nsubj:pass") and noun.head == governing.predicate.clause):
            del drafts[i]


def _share_recipients(drafts: dict[int, EventDraft]) -> None:
    """ "X trained the army of Y and supplied arms": coordinated acts of one kind share their recipients, unless they have their own."""
    for i, draft in drafts.items():
        verb = draft.predicate.clause
        if draft.roles.recipients or verb.dep_ != "conj" or root(draft.category) not in SHARING:
            continue
        before = drafts.get(verb.head.i) or next((d for d in drafts.values() if d.predicate.clause == verb.head), None)
        if before is not None and root(before.category) == root(draft.category) and before.roles.actors == draft.roles.actors:
            drafts[i] = replace(
                draft, roles=replace(draft.roles, recipients=before.roles.recipients), rules=(*draft.rules, "recipient shared")
            )


def _apply_contexts(drafts: dict[int, EventDraft], lexicon: Lexicon, states: Mapping[str, str]) -> None:
    """Interpret outer predicates by their complements, and drop complements that are not events."""
    by_clause = {d.predicate.clause.i if d.predicate.kind != "noun" else i: d.predicate for i, d in drafts.items()}
    told_by: dict[int, int] = {}  # "says it is willing to withdraw": what is told by another predicate than its own
    for i in sorted(drafts):
        inner = drafts[i]
        outer = outer_of(inner.predicate, by_clause)
        teller = told_by.get(outer.token.i, outer.token.i) if outer is not None else i
        if outer is None or teller not in drafts:
            continue
        governing = drafts[teller]
        speakers = {*governing.roles.actors, *(states[k] for k in governing.roles.actors if k in states)}
        if is_swallowed(inner.predicate, outer, lexicon):
            drafts[teller] = _with_content(governing, inner, speakers)
            told_by[i] = teller
            del drafts[i]
            continue
        if teller != outer.token.i:
            continue
        context = context_of(outer, inner.predicate, _same_subject(speakers, inner), lexicon)
        if context is not None and (context.auxiliary != "obligation" or inner.roles.actors or inner.roles.recipients):
            drafts[teller] = _in_context(governing, inner, context, speakers)
            told_by[i] = teller
            del drafts[i]
    for i in [i for i, draft in drafts.items() if draft.category == UNKNOWN]:
        del drafts[i]
    for i, draft in drafts.items():
        if draft.modality is Modality.FUTURE and root(draft.category) in PROMISED and draft.category not in OWN_AFFAIRS:
            drafts[i] = replace(draft, category="AGREE", rules=(*draft.rules, "promised"))


def _threaten_who_must_act(drafts: dict[int, EventDraft], fillers: Fillers) -> None:
    """ "X threatened to strike unless Y withdrew": if nobody else is named, a threat is against the agent of its condition."""
    for i, draft in drafts.items():
        if root(draft.category) == "THREATEN" and not draft.roles.recipients:
            subjects = [a.token for c in conditions(draft.predicate.clause, fillers.lexicon) for a in arguments(c) if a.position == "subj"]
            asked = [k for t in subjects for k in fillers.agents(t, acting=True) if k not in draft.roles.actors]
            if asked:
                roles = replace(draft.roles, recipients=list(dict.fromkeys(asked)))
                roles.about = [k for k in roles.about if k not in asked]
                drafts[i] = replace(draft, roles=roles, rules=(*draft.rules, "who must act"))


def _same_subject(speakers: set[str], inner: EventDraft) -> bool:
    """Whether speakers say it of themselves, or of the state that they serve."""
    actors = inner.roles.actors
    if not actors:
        return _is_pronoun_subject(inner.predicate)
    return set(actors) <= speakers


def _is_pronoun_subject(predicate: Predicate) -> bool:
    pronoun = any(a.position == "subj" and a.token.pos_ == "PRON" for a in predicate.arguments)
    return pronoun or bool(children(predicate.clause, "expl"))


def _in_context(outer: EventDraft, inner: EventDraft, context: Context, speakers: set[str]) -> EventDraft:
    """Return the outer event as interpreted by its content, with the participants of the content; completed acts have the named actors."""
    draft = _with_content(outer, inner, speakers)
    if context.auxiliary is None and not context.verbs and inner.roles.actors:
        draft = replace(draft, roles=replace(draft.roles, actors=inner.roles.actors))
    return replace(draft, category=context.category, rules=(*outer.rules, f"said of {lemma(inner.predicate.token)}"))


def _with_content(outer: EventDraft, inner: EventDraft, speakers: set[str]) -> EventDraft:
    """Return the outer event with persons and things of its content: "agreed to sell X grain" is towards X."""
    others = [k for k in (*inner.roles.recipients, *inner.roles.actors) if k not in speakers]
    roles = replace(
        outer.roles,
        recipients=outer.roles.recipients or list(dict.fromkeys(others)),
        about=list(dict.fromkeys([*outer.roles.about, *inner.roles.about])),
    )
    return replace(outer, roles=roles)


def is_event(draft: EventDraft, lexicon: Lexicon) -> bool:
    """Whether a draft is complete: all that the entry requires, and a participant or topic."""
    roles = draft.roles
    if not all(any(roles.has(role) for role in need.split("|")) for need in draft.predicate.needs):
        return False
    if draft.predicate.kind == "noun":
        told = draft.predicate.clause != draft.predicate.token and bool(draft.when or roles.places)  # "war broke out on 4 May"
        return bool(told or roles.actors or roles.recipients or roles.mediators) and draft.modality is Modality.ASSERTED
    if root(draft.category) == "STATE" or _is_wording(draft.predicate, lexicon):
        return bool(roles.actors)
    unnamed = root(draft.category) in UNNAMED or _somebody_acts(draft.predicate)
    dated = draft.when is not None and draft.modality is Modality.ASSERTED and unnamed
    return bool(dated or roles.actors or roles.recipients or roles.about or roles.places or draft.agreements)


def _is_wording(predicate: Predicate, lexicon: Lexicon) -> bool:
    """Whether a participle only tells what a text says: "a bill supporting independence", "an amendment disclaiming any claim"."""
    verb = predicate.token
    return predicate.kind == "verb" and verb.dep_ == "acl" and verb.tag_ == "VBG" and lexicon.is_wording(lemma(verb.head))


def _somebody_acts(predicate: Predicate) -> bool:
    """Whether its subject is a name or a pronoun, though it is not known whose: "they killed him", "the Confederacy passed a law"."""
    return predicate.kind in ("verb", "light") and any(
        a.position == "subj" and a.token.pos_ in ("PROPN", "PRON") for a in predicate.arguments
    )
