"""``/dumps/<name>``: download the files of a build."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from kg.formats import NQUADS, TRIG, Format
from server.protocol.negotiation import wants_gzip
from server.protocol.problems import Problem
from server.web.request_context import engine

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
UNPACKED = {"entente.nq": NQUADS, "entente.trig": TRIG}
"""Files stored compressed, by the name under which they are sent decompressed: the named graphs, for stores that load from an address."""
BLOCK = 65536


def _names() -> list[str]:
    """Return the names of the dumps. Problem 404 if there are none."""
    folder = engine().build.dumps
    found = [name for name in MEDIA_TYPES if (folder / name).is_file()]
    if not found:
        raise Problem(404, "This server has no dumps.", f"{request.url_root}graphs?default gives the whole graph.")
    return [*found, *(name for name in UNPACKED if f"{name}.gz" in found)]


@blueprint.route("/dumps/<name>")
def dump(name: str) -> Response:
    """Send one dump of the current build, as stored or decompressed."""
    names = _names()
    folder = engine().build.dumps
    if name not in names:
        raise Problem(404, f"There is no dump {name!r}.", f"There are: {', '.join(names)}")
    if name in UNPACKED:
        return _unpacked(folder / f"{name}.gz", UNPACKED[name])
    return send_from_directory(folder, name, mimetype=MEDIA_TYPES[name])


def _unpacked(path: Path, form: Format) -> Response:
    packed = wants_gzip(request.headers.get("Accept-Encoding", ""))
    if packed:
        response = send_from_directory(path.parent, path.name, mimetype=form.media_type, conditional=False, etag=False)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(_blocks(path), mimetype=form.media_type)
    response.vary.add("Accept-Encoding")
    return response


def _blocks(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as file:
        while block := file.read(BLOCK):
            yield block
