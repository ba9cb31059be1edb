"""In-process answers, until the worker processes are there."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef

from server.errors import Problem

_STORES: dict[Path, ox.Store] = {}


def answer(data, query, wanted):
    from server.engine import Answer

    folder = (data / "current").resolve()
    store = _STORES.get(folder) or _STORES.setdefault(folder, ox.Store.read_only(str(folder / "store")))
    try:
        result = store.query(
            query.text,
            use_default_graph_as_union=not query.default_graphs,
            default_graph=[ox.NamedNode(g) for g in query.default_graphs] or None,
            named_graphs=[ox.NamedNode(g) for g in query.named_graphs] or None,
            substitutions={ox.Variable(k): _ox(v) for k, v in query.substitutions.items()} or None,
        )
    except SyntaxError as error:
        found = re.search(r"at (\d+):(\d+)", str(error))
        line, column = map(int, found.groups()) if found else (None, None)
        raise Problem(400, str(error), "Correct the query.", line=line, column=column) from None
    graph = isinstance(result, ox.QueryTriples)
    form = wanted.graph if graph else wanted.solutions
    if form is None:
        raise Problem(406, "No accepted format fits this kind of query.")
    formats = ox.RdfFormat if graph else ox.QueryResultsFormat
    return Answer(form.content_type, iter([result.serialize(format=formats.from_media_type(form.media_type))]), folder.name)


def _ox(term):
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, Literal):
        return ox.Literal(str(term), language=term.language, datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)
    raise TypeError(term)
