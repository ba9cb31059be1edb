"""Retract, replace and add events, agreements and tenures of one article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType

from kg.corrections.corrected_article import CERTAIN, ArticleStatements, DoesNotFitError, kind_claim
from kg.corrections.correction_files import AGREEMENT_ROLES, EVENT_ROLES, TENURE_ROLES, Correction
from kg.corrections.times import RULE, interval, written
from kg.facts import Event, Interval, Modality, Part
from kg.graph import iris
from kg.graph.claims import claim, claimed
from kg.graph.entity_quads import interval_statements, words_property
from kg.graph.labels import event_label
from kg.graph.namespaces import CAT, ENT, PREFIXES, PROV, RDF, RDFS, SCHEMA, ontology, with_broader
from kg.graph.terms import Quad, address, english, iri, text, typed

PARTICIPANTS = ("actor", "recipient", "mediator")
TIMES = ("date", "earliest", "latest")
ABOUT_DATES = tuple(f"{PREFIXES['ent']}{name}" for name in ("dateBasis",))
"""Properties that describe how a date was read: they are removed with the date."""
ROLES: Mapping[str, tuple[str, ...]] = {"event": EVENT_ROLES, "agreement": AGREEMENT_ROLES, "tenure": TENURE_ROLES}


def find(article: ArticleStatements, correction: Correction) -> str:
    """Return the only fact of the quoted sentence that a correction is about; DoesNotFitError if there is none or more than one."""
    passages = article.passages(correction.quote)
    if correction.target == "agreement":
        node = article.entity(correction.names("name")[0])
        found = [node] if _fits(article, node, correction) else []
    else:
        found = [node for node in article.derived(passages) if _KIND[correction.target](article, node) and _fits(article, node, correction)]
    if not found:
        raise DoesNotFitError(f"the sentence reports no such {correction.target}")
    if len(found) > 1:
        labels = "; ".join(article.label(node) for node in found)
        raise DoesNotFitError(f"{len(found)} facts of the sentence match: {labels}. Describe the intended one more closely")
    return found[0]


_KIND: Mapping[str, Callable[[ArticleStatements, str], bool]] = {
    "event": lambda article, node: bool(article.values(node, ENT.modality)),
    "tenure": lambda article, node: bool(article.values(node, ENT.holder)),
}


def _fits(article: ArticleStatements, node: str, correction: Correction) -> bool:
    """Whether a fact has everything that a correction says of it."""
    for role in ROLES[correction.target]:
        wanted = {article.entity(name) for name in correction.names(role)}
        if not wanted <= set(article.values(node, ENT[role])):
            return False
    category, modality = correction.text("category"), correction.text("modality")
    if category and iri(CAT[category]) not in article.values(node, ENT.category):
        return False
    if modality and iri(ENT[modality]) not in article.values(node, ENT.modality):
        return False
    if correction.text("trigger") and correction.text("trigger") != article.value(node, ENT.trigger):
        return False
    return not correction.text("date") or correction.text("date") == time_of(article, node)


def time_of(article: ArticleStatements, node: str) -> str:
    """Return the time of a fact in the notation of correction files."""
    said = {name: article.value(node, ENT[name]) for name in TIMES}
    for quad in article.about(node):
        for predicate, value in (claimed(quad) or ("", ()))[1]:
            said.update({name: value.split('"')[1] for name in TIMES if predicate == iri(ENT[name])})
    return written(said["date"], said["earliest"], said["latest"])


def retract(article: ArticleStatements, correction: Correction) -> tuple[str, list[Quad]]:
    """Remove a fact; return its node and the statements removed."""
    node = find(article, correction)
    if correction.target == "agreement":
        return node, article.remove(_terms(article, node))
    label = article.label(node)
    gone = article.remove([*article.about(node), *article.naming(node)])
    article.add(Quad(node, iri(RDFS.label), english(label), article.graph))
    article.say(node, RDF.type, *(iri(term) for term in with_broader(ENT.Retracted)))
    return node, [quad for quad in gone if quad.predicate != iri(RDFS.label)]


def _terms(article: ArticleStatements, node: str) -> list[Quad]:
    """Return one article's statements of an agreement's terms."""
    roles = article.about(node, *(broader for role in AGREEMENT_ROLES for broader in with_broader(ENT[role])))
    source = article.about(node, PROV.wasDerivedFrom, ENT.cites, ENT.rule, *(ENT[name] for name in TIMES), *map(words_property, Part))
    return [*roles, *source, *(quad for quad in article.about(node) if (claimed(quad) or ("",))[0] == "when")]


def replace(article: ArticleStatements, correction: Correction) -> tuple[str, list[Quad]]:
    """Change a fact; return its node and the statements removed."""
    node = find(article, correction)
    before = set(article.about(node))
    for role in ROLES[correction.target]:
        if role in correction.change:
            _set_role(article, node, role, [article.entity(name) for name in correction.names(role, changed=True)])
    if category := correction.text("category", changed=True):
        article.remove(article.about(node, ENT.category))
        _say_category(article, node, category)
    if modality := correction.text("modality", changed=True):
        article.remove(article.about(node, ENT.modality))
        article.say(node, ENT.modality, iri(ENT[modality]))
    for name in TIMES:
        if name in correction.change:
            _set_time(article, node, correction, name)
    _relabel(article, node, correction)
    after = set(article.about(node))
    if before == after:
        raise DoesNotFitError(f"“{article.label(node)}” already states this")
    return node, sorted(before - after)


def add(article: ArticleStatements, correction: Correction) -> tuple[str, list[Quad]]:
    """Add a fact that the quoted sentence reports and that was not extracted."""
    passage = article.passages(correction.quote)[0]
    title = article.graph
    if correction.target == "agreement":
        node = article.entity(correction.names("name")[0])
    else:
        node = iri(iris.hashed(correction.target, title, passage, "correction", correction.digest))
        article.say(node, RDF.type, *(iri(term) for term in with_broader(ENT[correction.target.capitalize()])))
    if correction.target == "event":
        _say_category(article, node, correction.text("category"))
        article.say(node, ENT.modality, iri(ENT[correction.text("modality") or str(Modality.ASSERTED)]))
        article.say(node, ENT.trigger, *([text(correction.text("trigger"))] if correction.text("trigger") else []))
    for role in ROLES[correction.target]:
        article.say(node, ENT[role], *(article.entity(name) for name in correction.names(role)))
    for name in TIMES:
        if correction.text(name):
            _say_time(article, node, correction.target, name, correction.text(name))
    article.say(node, PROV.wasDerivedFrom, passage)
    article.say(node, ENT.cites, *article.values(passage, SCHEMA.citation))
    article.say(node, ENT.rule, text(RULE))
    _write_out_participants(article, node)
    _relabel(article, node, correction)
    return node, []


def _set_role(article: ArticleStatements, node: str, role: str, values: Iterable[str]) -> None:
    article.remove(article.about(node, *with_broader(ENT[role])) if role not in PARTICIPANTS else article.about(node, ENT[role]))
    article.remove(article.about(node, words_property(Part(role))))
    article.say(node, ENT[role], *(value for value in values if value != node))
    _write_out_participants(article, node)


def _write_out_participants(article: ArticleStatements, node: str) -> None:
    if not article.values(node, ENT.modality):
        return
    article.remove(article.about(node, ENT.participant))
    for role in PARTICIPANTS:
        article.say(node, ENT.participant, *article.values(node, ENT[role]))


def _say_category(article: ArticleStatements, node: str, code: str) -> None:
    for category in with_broader(CAT[code]):
        article.add(Quad(node, iri(ENT.category), iri(category), article.graph))


def _set_time(article: ArticleStatements, node: str, correction: Correction, name: str) -> None:
    names = (*TIMES, "dateAt") if name == "date" else (name,)
    article.remove(article.about(node, *(ENT[each] for each in names), *ABOUT_DATES))
    article.remove(quad for quad in article.about(node) if (claimed(quad) or ("",))[0] == "when" and name == "date")
    if value := correction.text(name, changed=True):
        _say_time(article, node, correction.target, name, value)


def _say_time(article: ArticleStatements, node: str, target: str, name: str, value: str) -> None:
    """State a time: a date with its interval (for an agreement, as a claim that outweighs others), or a tenure's first or last day."""
    when = interval(value)
    assert when is not None
    if name != "date":
        day: date = when.earliest if name == "earliest" else when.latest
        article.say(node, ENT[name], typed(day.isoformat(), "date"))
        return
    statements = interval_statements(when)
    if target == "agreement":
        article.add(claim(node, "when", CERTAIN, statements, article.graph))
        return
    for predicate, said in statements:
        article.add(Quad(node, predicate, said, article.graph))


def _relabel(article: ArticleStatements, node: str, correction: Correction) -> None:
    """Relabel a corrected fact, with participants in the order of the correction."""
    if correction.target == "agreement":
        if correction.action == "add" and not any((claimed(quad) or ("",))[0] == "kind" for quad in article.about(node)):
            article.add(kind_claim(node, "Agreement", article.graph))
        return
    changed = correction.action == "replace"
    order = {role: tuple(article.entity(name) for name in correction.names(role, changed=changed)) for role in EVENT_ROLES}
    relabel(article, node, order)


def relabel(article: ArticleStatements, node: str, order: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> None:
    """Relabel an event or a tenure according to its statements; ``order`` gives entities by role in order.

    Without ``order``, an event keeps its headline, which consists of words of the sentence.
    """
    if article.values(node, ENT.holder):
        (holder, *_), (office, *_) = article.values(node, ENT.holder), article.values(node, ENT.office)
        label = f"{article.label(holder)}, {article.label(office)}"
    elif order and article.values(node, ENT.modality):
        label = _event_label(article, node, order)
    else:
        return
    article.remove(article.about(node, RDFS.label))
    article.add(Quad(node, iri(RDFS.label), english(label), article.graph))


def _event_label(article: ArticleStatements, node: str, order: Mapping[str, tuple[str, ...]]) -> str:
    """Return the headline of an event; entities without a given order are in sentence order."""
    passages = article.values(node, PROV.wasDerivedFrom)
    sentence = article.value(passages[0], ENT.text) if passages else ""
    roles = {
        role: order.get(role) or tuple(sorted(article.values(node, ENT[role]), key=lambda value: _position(article, value, sentence)))
        for role in EVENT_ROLES
    }
    categories = [address(value) for value in article.values(node, ENT.category)]
    finest = next(c for c in categories if not any(c in ontology().broader.get(other, ()) for other in categories))
    modality = address(next(iter(article.values(node, ENT.modality)))).removeprefix(PREFIXES["ent"])
    event = Event(
        key=node,
        category=finest.removeprefix(PREFIXES["cat"]),
        trigger=article.value(node, ENT.trigger),
        rule=article.value(node, ENT.rule),
        passages=(0,),
        actors=roles["actor"],
        recipients=roles["recipient"],
        mediators=roles["mediator"],
        places=roles["place"],
        about=roles["about"],
        when=_interval_of(article, node),
        modality=Modality(modality),
        quote=article.value(node, ENT.quote) or None,
        amount=article.value(node, ENT.amount) or None,
    )
    names = {value: article.label(value) for values in roles.values() for value in values}
    return event_label(event, names)


def _interval_of(article: ArticleStatements, node: str) -> Interval | None:
    time = time_of(article, node)
    return interval(time) if time else None


def _position(article: ArticleStatements, value: str, sentence: str) -> tuple[int, str]:
    """Return where a sentence first names an entity; past its end if it does not."""
    places = [sentence.find(name) for name in article.names(value) if name and name in sentence]
    return min(places, default=len(sentence)), value
