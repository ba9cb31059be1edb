"""The pages of single facts and of their evidence: events, agreements, tenures, sentences and references."""

from __future__ import annotations

from flask import render_template

from kg.graph.namespaces import PREFIXES
from kg.store.index.selections import Cursor
from server.pages.addresses import web_address
from server.pages.base import ask
from server.pages.listing import ListedLink, ListedReference, by_year, events, link, references
from server.pages.paging import cursor, described, listed, lists, turn
from server.pages.term_display import MODALITIES, QUADS, in_words, local, quad
from server.pages.things.correcting import made, offer
from server.pages.things.highlights import Segment, marked, words_by_passage
from server.pages.things.thing import ENT, Thing

ROLES = (
    ("actor", "Who"),
    ("recipient", "To whom"),
    ("mediator", "Through whom"),
    ("place", "Where"),
    ("about", "About"),
    ("source", "According to"),
)


def evidence(subject: Thing) -> list[tuple[dict[str, str], list[Segment]]]:
    """Return the sentences that a fact was extracted from, in segments, each with its location."""
    words = words_by_passage(ask("words", {"thing": subject.iri}))
    return [
        ({name: str(term) for name, term in row.items()}, marked(str(row["text"]), words.get(str(row["passage"]), [])))
        for row in ask("evidence", {"thing": subject.iri})
    ]


def source(found: list[tuple[dict[str, str], list[Segment]]]) -> tuple[str, str]:
    """Return the article and the text of the first sentence of a fact's evidence; empty if there is none."""
    row = found[0][0] if found else {}
    return row.get("articleLabel", ""), row.get("text", "")


def cited(subject: Thing) -> list[ListedReference]:
    """Return the references of a fact."""
    return references(ask("references-of", {"thing": subject.iri}))


def show_event(subject: Thing) -> str:
    """Show an event."""
    categories = list(ask("categories-of", {"thing": subject.iri}))
    broader = {str(row["broader"]) for row in categories if "broader" in row}
    finest = [row for row in categories if str(row["category"]) not in broader]
    modality = local(subject.value(ENT + "modality"))
    found = evidence(subject)
    roles: list[tuple[str, list[ListedLink]]] = [(title, subject.links(name)) for name, title in ROLES]
    return render_template(
        "event.html",
        thing=subject,
        roles=[(title, found) for title, found in roles if found],
        categories=finest,
        broader=[row for row in categories if str(row["category"]) in broader],
        quad=quad(finest[0]) if finest else "neither",
        quad_name=QUADS.get(quad(finest[0])) if finest else None,
        modality=modality,
        warning=MODALITIES.get(modality),
        evidence=found,
        corrections=made(subject),
        offer=offer(subject, *source(found), str(finest[0]["code"]) if finest else ""),
        references=cited(subject),
        quotes=subject.values(ENT + "quote"),
        amounts=subject.values(ENT + "amount"),
        rules=subject.values(ENT + "rule"),
        triggers=subject.values(ENT + "trigger"),
        linked=_linked_data(subject),
    )


def _linked_data(subject: Thing) -> dict[str, object] | None:
    """Return the event in schema.org's terms; None unless it is asserted to have happened, with the time and place that search engines
    require."""
    happened = local(subject.value(ENT + "modality")) == "asserted"
    if not (happened and subject.value(ENT + "earliest") and subject.links("place")):
        return None
    more = [
        ("startDate", subject.value(ENT + "earliest")),
        ("endDate", subject.value(ENT + "latest")),
        ("location", [{"@type": "Place", "name": found.label} for found in subject.links("place")]),
        ("actor", [found.label for found in subject.links("actor")]),
        ("about", [found.label for found in subject.links("about")]),
    ]
    return subject.linked_data(more)


AGREEMENT_TERMS = (("party", "Parties"), ("signatory", "Signed by"), ("mediator", "Mediated by"), ("place", "Where"))


def show_agreement(subject: Thing) -> str:
    """Show an agreement."""
    happened = lists().facts_of(subject.iri, "Event", cursor())
    said = lists().mentions_of(subject.iri, Cursor(), size=12)
    terms = [(title, subject.links(name)) for name, title in AGREEMENT_TERMS]
    found = evidence(subject)
    return render_template(
        "agreement.html",
        thing=subject,
        terms=[(title, links) for title, links in terms if links],
        years=by_year(events(listed("events-listed", "event", happened))),
        turn=turn(happened),
        evidence=found,
        corrections=made(subject),
        offer=offer(subject, *source(found)),
        references=cited(subject),
        sentences=listed("passages-listed", "passage", said),
        rules=subject.values(ENT + "rule"),
        linked=subject.linked_data(
            [("legislationDate", subject.value(ENT + "date")), ("about", [p.label for p in subject.links("party")])]
        ),
    )


TENURE_TERMS = (("holder", "Who"), ("office", "Office"), ("organization", "Of"))


def show_tenure(subject: Thing) -> str:
    """Show a tenure."""
    found = evidence(subject)
    return render_template(
        "tenure.html",
        thing=subject,
        terms=[(title, subject.links(name)) for name, title in TENURE_TERMS if subject.links(name)],
        attested=[in_words(day) for day in sorted(subject.values(ENT + "attested"))],
        first=in_words(subject.value(ENT + "earliest")),
        last=in_words(subject.value(ENT + "latest")),
        notes=[name for name in ("former", "acting") if subject.value(ENT + name) in ("true", "1")],
        evidence=found,
        corrections=made(subject),
        offer=offer(subject, *source(found)),
        references=cited(subject),
        rules=subject.values(ENT + "rule"),
    )


def show_passage(subject: Thing) -> str:
    """Show a sentence."""
    articles = subject.links("inArticle")
    text = subject.value(ENT + "text")
    return render_template(
        "passage.html",
        thing=subject,
        text=text,
        pieces=marked(text, words_by_passage(described("passage-words", "passage", [subject.iri])).get(subject.iri, [])),
        sort=subject.value(ENT + "kind") or "sentence",
        article=articles[0] if articles else ListedLink("", None),
        anchor=f"p{subject.value(ENT + 'start')}",
        section=subject.value(ENT + "section"),
        span=(subject.value(ENT + "start"), subject.value(ENT + "end")),
        mentions=subject.links("mentions"),
        facts=[(local(row["kind"]), link(row, "fact", "label")) for row in ask("facts-of-passage", {"thing": subject.iri})],
        citations=[link(row, "value", "label") for row in subject.rows if local(row["property"]) == "citation"],
    )


DCTERMS = PREFIXES["dcterms"]


def show_citation(subject: Thing) -> str:
    """Show a reference."""
    url = subject.value(PREFIXES["schema"] + "url")
    facts = [
        (local(row["kind"]), link(row, "fact", "label"), in_words(row.get("date"))) for row in ask("facts-citing", {"thing": subject.iri})
    ]
    return render_template(
        "citation.html",
        thing=subject,
        url=web_address(url),
        address=url,
        archived=web_address(subject.value(ENT + "archivedAt")),
        dead=subject.value(ENT + "dead") in ("true", "1"),
        publisher=subject.value(DCTERMS + "publisher"),
        publishers=[link(row, "value", "label") for row in subject.rows if str(row["property"]) == PREFIXES["schema"] + "publisher"],
        authors=subject.values(DCTERMS + "creator"),
        issued=in_words(subject.value(DCTERMS + "issued")),
        accessed=in_words(subject.value(ENT + "accessed")),
        language=subject.value(DCTERMS + "language"),
        page=subject.value(ENT + "page"),
        written=subject.value(DCTERMS + "bibliographicCitation"),
        facts=facts,
    )
