"""The OpenAPI descriptions of the lists as CSV."""

from __future__ import annotations

from collections.abc import Sequence

from kg.formats import CSV
from kg.store.index.facet_counts import CONFIDENCES
from server.pages.browsing import BROWSED
from server.pages.canned.openapi_parts import Json, as_text, described, problems, ref
from server.pages.canned.picking import MOST_ALSO
from server.pages.facets import BASES, CODE, SURE
from server.pages.search_page import LONGEST
from server.pages.term_display import MODALITIES, QUADS

YEAR: Json = {"type": "string", "pattern": "^[0-9]{4}$"}


def tables() -> dict[str, Json]:
    """Describe the addresses of the tables."""
    kind = described("class", "The class", {"enum": list(BROWSED), "default": BROWSED[0]})
    words = described("q", "The words to find", {"type": "string", "maxLength": LONGEST})
    of = described("of", "A thing that takes part, or that they are at or about: its name or address", {"type": "string"})
    key = {**described("key", "Its name in addresses", {"type": "string"}, required=True), "in": "path"}
    chosen = [ref(name) for name in facets()]
    article = described("article", "Its name in addresses: article/…", {"type": "string"}, required=True)
    return {
        "/events.csv": _table("eventsTable", "Reported events, oldest first", [of, *chosen]),
        "/dyad.csv": _table("dyadTable", "Events in which both of two take part, and those of further pairs", [*_compared(), *chosen]),
        "/things.csv": _table("thingsTable", "Things of a class, most active first", [kind]),
        "/data/{key}.csv": _table("thingTable", "What is stated about a thing", [key]),
        "/queries.csv": _table("queriesTable", "The canned queries"),
        "/vocabulary.csv": _table("vocabularyTable", "The terms of the ontology"),
        "/passages.csv": _table("passagesTable", "Sentences of an article with the facts read from each", [article]),
        "/search.csv": _table("searchTable", "Things and sentences that contain some words", [words]),
        "/corrections.csv": _table("correctionsTable", "Corrections by readers, latest first"),
        "/changes.csv": _table("changesTable", "What the last builds changed, counted by class"),
        "/changes/things.csv": _table("changedThingsTable", "What the last builds changed, by name"),
    }


def _table(operation: str, summary: str, parameters: Sequence[Json] = ()) -> Json:
    responses = {"200": {"description": "The table", "content": as_text((CSV,))}, **problems(("default",))}
    return {"get": {"operationId": operation, "summary": summary, "parameters": list(parameters), "responses": responses}}


def _compared() -> list[Json]:
    thing: Json = {"type": "string"}
    return [
        described("one", "A state, institution or person: its name or address", thing, required=True),
        described("other", "The other", thing, required=True),
        described("also", "Others compared with the first; may be repeated", {"type": "array", "items": thing, "maxItems": MOST_ALSO}),
    ]


def facets() -> dict[str, Json]:
    """Describe the facets of lists of events, each under a name that no other shared parameter has."""
    return {f"events-{facet['name']}": facet for facet in _facets()}


def _facets() -> list[Json]:
    codes: Json = {"type": "string", "pattern": f"^{CODE.pattern}$"}
    quads: Json = {"type": "array", "items": {"enum": [*QUADS, "neither"]}}
    return [
        described("from", "The first year", YEAR),
        described("to", "The last year", YEAR),
        described("category", "The code of an event category, such as CONSULT", codes),
        described("modality", "Whether it happened, was denied, …", {"enum": ["asserted", *MODALITIES]}),
        described("basis", "Where the date is from", {"enum": list(BASES)}),
        described("sure", "The least confidence, in words", {"enum": list(SURE)}),
        described("confidence", "The least confidence, in hundredths", {"enum": list(CONFIDENCES)}),
        described("quad", "Quad classes; may be repeated", quads),
    ]
