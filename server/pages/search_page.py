"""Search names and sentences: as a page, as JSON for the completing search box, and as an OpenSearch description."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request, url_for

from kg.store.index.search import CLASSES, NameHit, classes_in
from server.pages.addresses import page_address
from server.pages.base import blueprint, search_index
from server.pages.things.highlights import Segment
from server.protocol.problems import Problem

LONGEST = 200
GROUPS = (
    ("State", "States"),
    ("Person", "People"),
    ("Institution", "Institutions"),
    ("Place", "Places"),
    ("Agreement", "Agreements"),
    ("Office", "Offices"),
    ("Event", "Events"),
    ("Article", "Articles"),
    ("Publisher", "Publishers"),
)


def searched() -> str:
    """Return the words that a request searches. Problem 400 if they are too many."""
    text = request.args.get("q", "").strip()
    if len(text) > LONGEST:
        raise Problem(400, f"A search is at most {LONGEST} characters long.", "Search for fewer words.")
    return text.replace("\x00", "")


@blueprint.route("/search")
def search() -> str:
    """Show hits by class, then sentences."""
    text = searched()
    index = search_index()
    hits = [(title, index.things(text, (kind,), 12)) for kind, title in GROUPS] if text else []
    sentences = [(s, _pieces(s.text, s.spans)) for s in index.sentences(text, 30)] if text else []
    groups = [(title, [(hit, page_address(hit.iri)) for hit in found]) for title, found in hits if found]
    near = [(hit, page_address(hit.iri)) for hit in index.similar(text, CLASSES, 6)] if text and not groups else []
    return render_template("search.html", q=text, groups=groups, near=near, sentences=sentences, address=page_address)


def _pieces(text: str, spans: tuple[tuple[int, int], ...]) -> list[Segment]:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [Segment(text[at:start]), Segment(text[start:end], "hit")]
        at = end
    return [*pieces, Segment(text[at:])]


@blueprint.route("/api/search")
def search_data() -> Response:
    """Return hits as JSON: things (``?class=State`` restricts them; misspelt names match if no exact one does), and sentences if
    ``sentences=true``."""
    text = searched()
    kind = request.args.get("class", "")
    if kind and kind not in (*CLASSES, "Agent", "Entity"):
        raise Problem(400, f"There is no class {kind[:30]!r}.", f"There are: {', '.join((*CLASSES, 'Agent', 'Entity'))}.")
    index = search_index()
    hits = index.things(text, classes_in(kind), 12)
    found: dict[str, object] = {"query": text, "things": [_thing(hit) for hit in hits]}
    if not hits:
        found["did_you_mean"] = [_thing(hit) for hit in index.similar(text, classes_in(kind), 6)]
    if request.args.get("sentences") == "true":
        sentences = index.sentences(text, 20)
        found["sentences"] = [
            {"iri": s.iri, "text": s.text, "article": s.article, "section": s.section, "page": page_address(s.iri)} for s in sentences
        ]
    return jsonify(found)


def _thing(hit: NameHit) -> dict[str, object]:
    return {
        "iri": hit.iri,
        "label": hit.label,
        "class": hit.kind,
        "name": hit.name,
        "events": hit.events,
        "mentions": hit.mentions,
        "page": page_address(hit.iri),
    }


@blueprint.route("/api/suggest")
def suggest() -> Response:
    """Return suggestions in OpenSearch format: the words, and lists of names, notes and addresses."""
    text = searched()
    hits = search_index().similar(text, CLASSES, 8)
    addresses = [url_for("pages.search", q=hit.label, _external=True) for hit in hits]
    response = jsonify([text, [hit.label for hit in hits], [hit.kind for hit in hits], addresses])
    response.mimetype = "application/x-suggestions+json"
    return response


@blueprint.route("/opensearch.xml")
def opensearch() -> Response:
    """Return the OpenSearch description, which lets browsers and tools search here."""
    return Response(render_template("opensearch.xml"), mimetype="application/opensearchdescription+xml")
