"""Fill the roles of a predicate's frame with the entities in its arguments."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.extraction.events.argument_readers import READERS, SUFFERED
from kg.extraction.events.predicates import Predicate
from kg.extraction.events.scenes import SITED, clause_nouns, own_soil, place_before, place_of_participle, place_of_thing, scene_inside
from kg.extraction.frames.fillers import AGENTS, Fillers
from kg.extraction.frames.matching import lemma, noun_phrase
from kg.extraction.syntax.dependencies import antecedent, children, is_passive, noun_conjuncts, preposition
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.logical_arguments import LogicalArgument
from kg.facts import Kind

BEFORE_PARTICIPLE = ("compound", "obl", "obl:unmarked", "obl:agent", "nmod", "nsubj", "obj")
OWNERS_ACTS = ("SECEDE", "CONCEDE-lift", "CONCEDE-open", "SANCTION-close", "SANCTION-withdraw", "MOBILIZE", "RETREAT-withdraw")
"""Categories of acts on one's own things."""


@dataclass
class Roles:
    """Entity keys by role, each list in text order and without duplicates."""

    actors: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    mediators: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    amount: str | None = None

    def of(self, role: str) -> list[str]:
        """Return the list of a role by its name in the lexicon."""
        return {
            "actor": self.actors,
            "recipient": self.recipients,
            "host": self.recipients,
            "mediator": self.mediators,
            "place": self.places,
            "about": self.about,
            "topic": self.about,
        }[role]

    def add(self, role: str, keys: list[str]) -> None:
        """Append new keys."""
        known = self.of(role)
        known.extend(k for k in keys if k not in known)

    def has(self, role: str) -> bool:
        """Whether the role is filled."""
        return self.amount is not None if role == "amount" else bool(self.of(role))


def fill_roles(predicate: Predicate, fillers: Fillers) -> Roles:
    """Return the roles of one predicate; an actor is not also a recipient."""
    roles = Roles()
    for argument in _attached(predicate, fillers):
        _fill(roles, predicate, argument, fillers)
    if predicate.kind == "light":  # "signing the agreement", where the noun itself names one
        roles.add("about", fillers.topics(predicate.token))
    _fill_by_company(roles, predicate, fillers)
    _fill_by_modifiers(roles, predicate.token, fillers)
    roles.add("about", [k for t in clause_nouns(predicate.clause) for k in _concerned(t, fillers)])
    roles.add("about", _bodies(predicate, fillers))
    _fill_by_owner(roles, predicate, fillers)
    _fill_by_land(roles, predicate, fillers)
    _ask_owner(roles, predicate, fillers)
    if not roles.places:
        roles.add("place", place_before(predicate.clause, fillers))
    if not roles.places:
        roles.add("place", scene_inside(predicate, fillers))
    subjects = {k for a in predicate.arguments if a.position == "subj" for k in fillers.agents(a.token, acting=True)}
    roles.mediators = [k for k in roles.mediators if k not in subjects]
    if predicate.roles.get("in") == "recipient|place":  # what a state does in itself, it does to nobody else
        inside = {k for a in predicate.arguments if a.position == "in" for k in fillers.sites(a.token)}
        roles.add("place", [k for k in roles.recipients if k in roles.actors and k in inside])
    groups = {k for k in roles.recipients if fillers.is_people(k)}
    roles.recipients = [k for k in roles.recipients if k not in roles.actors and k not in groups]
    roles.mediators = [k for k in roles.mediators if k not in roles.recipients]
    if roles.mediators:
        roles.actors = [k for k in roles.actors if k not in roles.mediators]
    roles.places = [k for k in roles.places if k not in roles.recipients] or own_soil(roles.recipients, predicate, fillers)
    roles.about = [k for k in roles.about if k not in {*roles.actors, *roles.recipients, *roles.mediators, *roles.places}]
    return roles


def _fill_by_company(roles: Roles, predicate: Predicate, fillers: Fillers) -> None:
    """ "X was arrested with Y": the object of a passive includes the company of the person."""
    if not is_passive(predicate.clause) or predicate.roles.get("with") or not predicate.category.startswith(SUFFERED):
        return
    suffering = any(fillers.entities[k].kind is Kind.PERSON for k in roles.recipients)
    beside = [k for a in predicate.arguments if a.position in ("with", "together with", "along with") for k in fillers.agents(a.token)]
    roles.add("recipient", [k for k in beside if suffering and fillers.entities[k].kind is Kind.PERSON and k not in roles.actors])


def _attached(predicate: Predicate, fillers: Fillers) -> list[LogicalArgument]:
    """Return the arguments, where "a protest against the violations by X" is against X, not by X."""
    found: list[LogicalArgument] = []
    for argument in predicate.arguments:
        before = found[-1] if found else None
        if argument.position == "by" and before is not None and before.position in ("against", "over"):
            argument = LogicalArgument(before.position, argument.token) if _is_misdeed(before.token, fillers) else argument
        found.append(argument)
    return found


def _is_misdeed(token: Token, fillers: Fillers) -> bool:
    return fillers.mention(token) is None and fillers.lexicon.classes["misdeed"].admits(noun_phrase(token, fillers))


def _fill_by_owner(roles: Roles, predicate: Predicate, fillers: Fillers) -> None:
    """ "A Danish ban was lifted", "no Danish troops were sent": without a named actor, the owner is the actor."""
    gerund = predicate.clause.tag_ == "VBG"  # "a plan that foresees recalling the Danish ambassador"
    if roles.actors or not predicate.category.startswith(OWNERS_ACTS) or not (gerund or is_passive(predicate.clause)):
        return
    if not gerund and any(a.position == "subj" for a in predicate.arguments):
        return
    objects = [a.token for a in predicate.arguments if a.position == "obj"]
    if predicate.category.startswith("MOBILIZE"):  # "the 7th Army was deployed"
        roles.add("actor", [k for t in objects for k in fillers.topics(t) if fillers.entities[k].kind is Kind.INSTITUTION])
    objects = [t for t in objects if not fillers.kinds(t) & AGENTS]
    owners = [k for t in objects for k in fillers.owners(t)]
    roles.add("actor", owners)
    roles.recipients = [k for k in roles.recipients if k not in owners]


def _fill_by_land(roles: Roles, predicate: Predicate, fillers: Fillers) -> None:
    """Aid for what is in a country is aid to it: "lent money for roads in X", "sent relief after the earthquake in X"."""
    if roles.recipients or not roles.actors or not predicate.category.startswith("AID"):
        return
    named = (m for t in clause_nouns(predicate.clause) if (m := fillers.mention(t)) is not None and not m.attributive)
    lands = {k: None for m in named for k in m.keys if fillers.entities[k].kind is Kind.STATE and k not in roles.actors}
    roles.add("recipient", [k for k in lands if len(lands) == 1])


def _ask_owner(roles: Roles, predicate: Predicate, fillers: Fillers) -> None:
    """Whose act is requested is the recipient: "requested X's mediation", "recommended X acceptance of the plan"."""
    if roles.recipients or predicate.kind != "verb" or not predicate.category.startswith("REQUEST"):
        return
    things = [a.token for a in predicate.arguments if a.position == "obj" and fillers.mention(a.token) is None]
    owners = [o for t in things for o in children(t, "nmod:poss", "amod", "compound")]
    roles.add("recipient", [k for o in owners for k in fillers.agents(o) if k not in roles.actors])


def _concerned(token: Token, fillers: Fillers) -> list[str]:
    """Return agreements and events named by a noun: an event whose clause names one is about it."""
    mention = fillers.mention(token)
    keys = mention.keys if mention is not None else ()
    return [k for k in keys if fillers.entities[k].kind in (Kind.AGREEMENT, Kind.EVENT)]


def _bodies(predicate: Predicate, fillers: Fillers) -> list[str]:
    """Return the institutions that an argument names, or its complement: "attended the X summit", "was elected chair of X"."""
    named = [t for a in predicate.arguments if a.position not in ("subj", "by") for t in (a.token, *children(a.token, "nmod"))]
    keys = [k for t in named if (m := fillers.mention(t)) is not None and not m.attributive and not m.coreferent for k in m.keys]
    return [k for k in keys if fillers.entities[k].kind is Kind.INSTITUTION]


def _fill(roles: Roles, predicate: Predicate, argument: LogicalArgument, fillers: Fillers) -> None:
    spec = predicate.roles.get(argument.position, "")
    if argument.position == "obj_owner" and any(fillers.entities[k].kind is Kind.PERSON for k in roles.recipients):
        return  # "expelled the German ambassador, X": X is who was expelled
    if argument.position == "with" and _mediates(argument.token, predicate, fillers):
        roles.add("mediator", fillers.agents(argument.token))
        return
    if argument.position == "obj" and predicate.category.startswith(SITED):
        roles.add("place", place_of_thing(antecedent(argument.token) or argument.token, fillers))
    for role in spec.split("|") if spec else ():
        if role == "amount":
            roles.amount = roles.amount or _amount(argument.token)
            return
        keys = READERS[role](argument, predicate, fillers) if role in READERS else []
        if role == "host":  # "closed its embassy in X": towards X's state, at X
            roles.add("place", [k for k in fillers.sites(argument.token) if fillers.entities[k].kind is Kind.PLACE])
        if keys:
            roles.add(role, keys)
            return
    if spec and argument.position in ("obj", "of", "iobj"):
        roles.add("about", [k for k in fillers.topics(argument.token) if fillers.entities[k].kind not in AGENTS])
    if not spec:
        _fill_by_default(roles, argument, fillers)
    if argument.position in ("subj", "obj", "with", "against"):  # "met X in Y", "the court in Y ordered": a place that hangs on the person
        inside = [c for c in children(argument.token, "nmod") if preposition(c) in function_words("locative")]
        roles.add("place", [k for c in inside for k in fillers.sites(c) if fillers.entities[k].kind is Kind.PLACE])


def _mediates(token: Token, predicate: Predicate, fillers: Fillers) -> bool:
    """ "With X as mediator"."""
    beside = [a.token for a in predicate.arguments if a.position == "as" and a.token.i > token.i]
    beside += [c for c in children(token, "nmod") if preposition(c) == "as"]
    return any(fillers.lexicon.group("mediating", lemma(t)) for t in beside)


def _mediators(token: Token, fillers: Fillers) -> list[str]:
    """Return the mediators in "through the mediation, good offices … of X"."""
    return fillers.owners(token) if fillers.lexicon.group("mediating", lemma(token)) else []


def _fill_by_default(roles: Roles, argument: LogicalArgument, fillers: Fillers) -> None:
    """Fill a role by the default meaning of a preposition that the frame does not mention."""
    if argument.position.startswith("fronted:"):
        roles.add("place", fillers.sites_of_one(argument.token))
    elif argument.position in function_words("locative"):
        roles.add("place", [k for t in noun_conjuncts(argument.token) for k in fillers.sites(t)])
    elif argument.position in function_words("through"):
        roles.add("mediator", fillers.agents(argument.token) or _mediators(argument.token, fillers))
    elif argument.position in function_words("under"):
        roles.add("mediator", _mediators(argument.token, fillers))


def _fill_by_modifiers(roles: Roles, token: Token, fillers: Fillers) -> None:
    """Fill roles by participles that modify the event's noun: "EU-facilitated talks", "talks mediated by the EU"."""
    nouns = [token] if token.pos_ == "NOUN" else [n for c in children(token, "obj", "nsubj:pass") for n in noun_conjuncts(c)]
    obliques = children(token, "obl")
    nouns += [c for name in ("talks", "deal") for c in obliques if fillers.lexicon.classes[name].admits(noun_phrase(c, fillers))]
    for noun in nouns:
        for modifier in children(noun, "amod", "acl"):
            role = modifier_role(modifier, fillers)
            if role is not None:
                roles.add(role, _named_by_participle(modifier, fillers))
                roles.add("place", place_of_participle(modifier, fillers))


def modifier_role(modifier: Token, fillers: Fillers) -> str | None:
    """Return the role that a participle gives to the name in it ("mediated": the mediator), or None."""
    entries = [e for form in (lemma(modifier), modifier.lower_) for e in fillers.lexicon.adjectives_by_lemma.get(form, ())]
    return next((e.role for e in entries if e.role), None)


def _named_by_participle(modifier: Token, fillers: Fillers) -> list[str]:
    doc = modifier.doc
    if modifier.i > 1 and doc[modifier.i - 1].text in ("-", "–") and fillers.mention(doc[modifier.i - 2]):
        return fillers.agents(doc[modifier.i - 2])
    agents = [c for c in modifier.children if c.dep_ == "obl:agent" or preposition(c) == "by"]
    hyphenated = [c for c in modifier.children if c.i < modifier.i and c.dep_ in BEFORE_PARTICIPLE]
    return [k for c in (*agents, *hyphenated) for k in fillers.agents(c)]


def _amount(token: Token) -> str | None:
    """Return the words of a number, sum or rate."""
    numbers = [t for t in token.subtree if t.like_num or t.pos_ == "NUM"]
    if not numbers:
        return None
    return "".join(t.text_with_ws for t in token.subtree).strip()


def acts_on_agreement(predicate: Predicate, fillers: Fillers) -> list[str]:
    """Return keys of agreements in subject position: an agreement's provisions were agreed by its parties."""
    subjects = [a.token for a in predicate.arguments if a.position == "subj"]
    return [k for t in subjects for k in fillers.topics(t) if fillers.entities[k].kind is Kind.AGREEMENT]
