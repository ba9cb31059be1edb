"""The home page, and the page on how to use the data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from flask import Response, render_template, url_for

from kg.formats import PARQUET, TABULAR
from kg.store.output.tables.writing import tables
from server.pages.base import ask, blueprint, canned_queries, search_index
from server.pages.canned.charts import year_chart
from server.pages.paging import lists
from server.pages.term_display import local, quad
from server.pages.things.fact_pages import cited, evidence
from server.pages.things.thing import Thing
from server.web.request_context import engine

CLASSES = (
    ("Event", "events"),
    ("Agreement", "agreements"),
    ("State", "states"),
    ("Person", "people"),
    ("Institution", "institutions"),
    ("Place", "places"),
    ("Article", "articles"),
    ("Passage", "sentences"),
    ("Citation", "references"),
)
DUMPS = (
    ("entente.ttl", "Turtle", "one readable file, sorted, with prefixes"),
    ("entente.nt.gz", "N-Triples, gzip", "for stores without named graphs"),
    ("entente.nq.gz", "N-Quads, gzip", "with a named graph for each article"),
    ("entente.trig.gz", "TriG, gzip", "readable, with named graphs"),
    ("entente.jsonld", "JSON-LD", "for programs that speak JSON"),
)
DESCRIPTIONS = (
    ("tables.csvw.json", "CSV on the Web", "what each column of the tables holds, for programs"),
    ("croissant.json", "Croissant", "the dataset with its files and tables, for data catalogues and machine learning"),
)


def counts() -> dict[str, int]:
    """Count the things of each class in the graph; as events, only those reported by articles, not those merely named (a war)."""
    held = {local(row["kind"]): int(row["things"]) for row in ask("counts")}
    return {**held, "Event": lists().count_facts("Event")}


def specimen() -> dict[str, object] | None:
    """Return a fact with its evidence, as a specimen of the graph."""
    found = next((str(row["event"]) for row in ask("specimen") if "event" in row), None)
    if found is None:
        return None
    subject = Thing(found, tuple(ask("about", {"thing": found})))
    sentences = evidence(subject)
    quads = [quad(row) for row in ask("categories-of", {"thing": found})]
    return {
        "thing": subject,
        "sentence": sentences[0] if sentences else None,
        "references": cited(subject),
        "quad": quads[0] if quads else "neither",
    }


def by_tag() -> list[tuple[str, list[object]]]:
    """Return the canned queries by their first tag, largest group first."""
    found: dict[str, list[object]] = {}
    for query in canned_queries().values():
        found.setdefault(query.tags[0] if query.tags else "other", []).append(query)
    return sorted(found.items(), key=lambda pair: (pair[0] != "overview", -len(pair[1]), pair[0]))


@blueprint.route("/")
def home() -> str:
    """Show what the graph contains, and where to begin."""
    chart = year_chart(lists().years())
    held = counts()
    return render_template(
        "home.html",
        counts=[(noun, held.get(kind, 0), kind) for kind, noun in CLASSES],
        chart=chart,
        years=(chart.spans[0].first, chart.spans[-1].last) if chart else None,
        tags=by_tag(),
        states=search_index().foremost(["State"], 8),
        people=search_index().foremost(["Person"], 8),
        agreements=search_index().foremost(["Agreement"], 6),
        pair=search_index().foremost(["State"], 2),
        specimen=specimen(),
        empty=not held.get("Event"),
    )


@blueprint.route("/about")
def about() -> str:
    """Explain how to query, download and cite, and what the data means."""
    return render_template(
        "about.html",
        dumps=_files(DUMPS),
        build=engine().build.id,
        manifest=engine().build.manifest,
        endpoint=url_for("sparql.sparql", _external=True),
    )


@blueprint.route("/dumps/", strict_slashes=False)
def dumps() -> str:
    """Show all files of the build, and the columns of the tables."""
    folder = engine().build.dumps
    files = [(table, form, _size(folder / f"{name}.{form.ending}")) for name, table in tables().items() for form in TABULAR]
    found = {table: [(form.ending, size) for other, form, size in files if other is table and size is not None] for table, _, _ in files}
    return render_template(
        "dumps.html",
        tables=[(table, sizes) for table, sizes in found.items() if sizes],
        parquet=any(ending == PARQUET.ending for sizes in found.values() for ending, _ in sizes),
        graphs=_files(DUMPS),
        descriptions=_files(DESCRIPTIONS),
        build=engine().build.id,
    )


def _files(files: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str, int]]:
    """Return those of the files that the build has: name, format, note and size in bytes."""
    found = [(name, title, note, _size(engine().build.dumps / name)) for name, title, note in files]
    return [(name, title, note, size) for name, title, note, size in found if size is not None]


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


@blueprint.route("/site.webmanifest")
def manifest() -> Response:
    """Return the web app manifest, which gives the site a name on a phone."""
    body = {
        "name": "Entente",
        "short_name": "Entente",
        "start_url": url_for("pages.home"),
        "display": "browser",
        "icons": [{"src": url_for("static", filename="icon.svg"), "type": "image/svg+xml", "sizes": "any"}],
    }
    return Response(json.dumps(body), mimetype="application/manifest+json")
