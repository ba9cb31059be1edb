"""The page of a reported event: who, to whom, when, where, how it is coded, and the sentences and references that say so."""

from __future__ import annotations

from flask import render_template

from server.pages.base import ask
from server.pages.listing import Link, Reference, references
from server.pages.term_display import MODALITIES, QUADS, local, quad
from server.pages.things.correcting import made, offer
from server.pages.things.highlights import Piece, marked, words_by_passage
from server.pages.things.thing import ENT, Thing

ROLES = (
    ("actor", "Who"),
    ("recipient", "To whom"),
    ("mediator", "Through whom"),
    ("place", "Where"),
    ("about", "About"),
    ("source", "According to"),
)
CONFIDENCES = ((0.8, "sure"), (0.5, "likely"), (0.0, "uncertain"))
"""The least confidence for each word."""


def evidence(subject: Thing) -> list[tuple[dict[str, str], list[Piece]]]:
    """The sentences that a fact was read from, in pieces, each with where it stands."""
    words = words_by_passage(ask("words", {"thing": subject.iri}))
    return [
        ({name: str(term) for name, term in row.items()}, marked(str(row["text"]), words.get(str(row["passage"]), [])))
        for row in ask("evidence", {"thing": subject.iri})
    ]


def source(found: list[tuple[dict[str, str], list[Piece]]]) -> tuple[str, str]:
    """The article and the text of the first sentence of a fact's evidence; empty where there is none."""
    row = found[0][0] if found else {}
    return row.get("articleLabel", ""), row.get("text", "")


def cited(subject: Thing) -> list[Reference]:
    """The references of a fact."""
    return references(ask("references-of", {"thing": subject.iri}))


def show(subject: Thing) -> str:
    """The event's page."""
    categories = list(ask("categories-of", {"thing": subject.iri}))
    broader = {str(row["broader"]) for row in categories if "broader" in row}
    finest = [row for row in categories if str(row["category"]) not in broader]
    modality = local(subject.value(ENT + "modality"))
    found = evidence(subject)
    roles: list[tuple[str, list[Link]]] = [(title, subject.links(name)) for name, title in ROLES]
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
        confidence=_confidence(subject.value(ENT + "confidence")),
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


def _confidence(value: str) -> str:
    """A confidence in a word, with its figure: "likely (0.63)"; "" where there is none."""
    if not value:
        return ""
    word = next(word for least, word in CONFIDENCES if float(value) >= least)
    return f"{word} ({value})"


def _linked_data(subject: Thing) -> dict[str, object] | None:
    """The event in schema.org's terms; None for what is not said to have happened, or where search engines would miss time or place."""
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
    found = subject.linked_data(more)
    if local(subject.value(ENT + "modality")) in MODALITIES:
        found["@type"] = "Claim"  # what did not happen, is planned, conditional or alleged is no schema.org Event
    return found
