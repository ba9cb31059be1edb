"""``/dumps/<name>``: download the files of a build."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from kg.formats import NQUADS, TABULAR, TRIG, Format
from kg.graph.namespaces import DUMPS
from kg.store.output.tables.rows import TABLES
from server.protocol.negotiation import wants_gzip
from server.protocol.problems import Problem
from server.web.request_context import engine

blueprint = Blueprint("dumps", __name__)

CROISSANT = "croissant.json"
MEDIA_TYPES = {
    "entente.ttl": "text/turtle",
    "entente.nt.gz": "application/gzip",
    "entente.nq.gz": "application/gzip",
    "entente.trig.gz": "application/gzip",
    "entente.jsonld": "application/ld+json",
    **{f"{table}.{form.ending}": form.media_type for table in TABLES for form in TABULAR},
    "tables.csvw.json": "application/csvm+json",
    CROISSANT: "application/ld+json",
}
UNPACKED = {"entente.nq": NQUADS, "entente.trig": TRIG}
"""Dumps that are stored compressed and also served decompressed, by the latter name: for stores that load named graphs from a URL."""
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
    if name == CROISSANT:
        return _croissant(folder / name)
    return send_from_directory(folder, name, mimetype=MEDIA_TYPES[name])


def _croissant(path: Path) -> Response:
    """Send the description of the files with their addresses on this server and the build's day, which its equal bytes cannot contain."""
    described = json.loads(path.read_text(encoding="utf-8").replace(f'"{DUMPS}', f'"{request.url_root}dumps/'))
    described["datePublished"] = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    return Response(json.dumps(described, indent=2, ensure_ascii=False) + "\n", mimetype=MEDIA_TYPES[CROISSANT])


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
