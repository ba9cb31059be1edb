"""``/dumps/<name>``: the files that a build wrote, as they are."""

from __future__ import annotations

from flask import Blueprint, Response, request, send_from_directory

from server.execution.engine import engine
from server.protocol.problems import Problem

blueprint = Blueprint("dumps", __name__)

MEDIA_TYPES = {
    "entente.ttl": "text/turtle",
    "entente.nt.gz": "application/gzip",
    "entente.nq.gz": "application/gzip",
    "entente.trig.gz": "application/gzip",
    "entente.jsonld": "application/ld+json",
    "events.csv": "text/csv",
    "agreements.csv": "text/csv",
    "tenures.csv": "text/csv",
    "entities.csv": "text/csv",
    "dyad-years.csv": "text/csv",
    "tables.csvw.json": "application/csvm+json",
    "croissant.json": "application/ld+json",
}


@blueprint.route("/dumps/<name>")
def dump(name: str) -> Response:
    """One dump of the current build."""
    folder = engine().build.dumps
    if not folder.is_dir() or not any((folder / each).is_file() for each in MEDIA_TYPES):
        raise Problem(404, "This server has no dumps.", f"{request.url_root}graphs?default gives the whole graph.")
    if name not in MEDIA_TYPES or not (folder / name).is_file():
        raise Problem(404, f"There is no dump {name!r}.", f"There are: {', '.join(MEDIA_TYPES)}")
    response = send_from_directory(folder, name, mimetype=MEDIA_TYPES[name])
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
