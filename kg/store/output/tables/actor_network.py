"""Write the network of agents as GraphML and GEXF: an edge for two agents that take part in the same events, weighted by their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from kg.store.output.tables.records import Records
from kg.store.output.tables.rows import pairs

NODE_FIELDS = {"label": "string", "class": "string", "events": "int"}
EDGE_FIELDS = {"weight": "int", "cooperation": "int", "conflict": "int"}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
# XML 1.0 cannot represent most control characters, even escaped: https://www.w3.org/TR/xml/#charsets
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF), " ")


def edges(records: Records) -> Iterator[tuple[str, str, Counter[str]]]:
    """Yield each two agents with the number of their common events that happened, by quad class, over all years."""
    for (one, other), group in groupby(pairs(records), key=lambda found: found[0][:2]):
        total: Counter[str] = Counter()
        for _, counts in group:
            total.update(counts)
        yield one, other, total


def nodes(records: Records) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the agents in the network."""
    seen = sorted({node for one, other, _ in edges(records) for node in (one, other)})
    for iri in seen:
        yield iri, {"label": records.label(iri), "class": records.said(iri)[0], "events": str(records.events[iri])}


def _weights(counts: Counter[str]) -> dict[str, str]:
    conflict = counts["verbalConflict"] + counts["materialConflict"]
    cooperation = counts["verbalCooperation"] + counts["materialCooperation"]
    return {"weight": str(counts.total()), "cooperation": str(cooperation), "conflict": str(conflict)}


def _text(value: str) -> str:
    return escape(value.translate(_NOT_XML))


def _attribute(value: str) -> str:
    return quoteattr(value.translate(_NOT_XML))


def write_graphml(records: Records, file: IO[str]) -> None:
    """Write GraphML: http://graphml.graphdrawing.org/"""
    file.write(f'{_HEAD}<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
    for scope, fields in (("node", NODE_FIELDS), ("edge", EDGE_FIELDS)):
        for name, kind in fields.items():
            file.write(f'  <key id="{name}" for="{scope}" attr.name="{name}" attr.type="{kind}"/>\n')
    file.write('  <graph id="entente" edgedefault="undirected">\n')
    for iri, said in nodes(records):
        file.write(f"    <node id={_attribute(iri)}>{_data(said)}</node>\n")
    for one, other, counts in edges(records):
        file.write(f"    <edge source={_attribute(one)} target={_attribute(other)}>{_data(_weights(counts))}</edge>\n")
    file.write("  </graph>\n</graphml>\n")


def _data(said: Mapping[str, str]) -> str:
    return "".join(f'<data key="{name}">{_text(value)}</data>' for name, value in said.items())


def write_gexf(records: Records, file: IO[str]) -> None:
    """Write GEXF 1.3: https://gexf.net/"""
    file.write(f'{_HEAD}<gexf xmlns="http://gexf.net/1.3" version="1.3">\n  <graph defaultedgetype="undirected">\n')
    kinds = {"int": "integer", "string": "string"}
    own_nodes = {name: kind for name, kind in NODE_FIELDS.items() if name != "label"}
    own_edges = {name: kind for name, kind in EDGE_FIELDS.items() if name != "weight"}
    for scope, fields in (("node", own_nodes), ("edge", own_edges)):
        attributes = "".join(f'<attribute id="{name}" title="{name}" type="{kinds[kind]}"/>' for name, kind in fields.items())
        file.write(f'    <attributes class="{scope}">{attributes}</attributes>\n')
    file.write("    <nodes>\n")
    for iri, said in nodes(records):
        file.write(f"      <node id={_attribute(iri)} label={_attribute(said['label'])}>{_values(said, own_nodes)}</node>\n")
    file.write("    </nodes>\n    <edges>\n")
    for number, (one, other, counts) in enumerate(edges(records)):
        weights = _weights(counts)
        ends = f'id="{number}" source={_attribute(one)} target={_attribute(other)} weight="{weights["weight"]}"'
        file.write(f"      <edge {ends}>{_values(weights, own_edges)}</edge>\n")
    file.write("    </edges>\n  </graph>\n</gexf>\n")


def _values(said: Mapping[str, str], fields: Mapping[str, str]) -> str:
    values = "".join(f'<attvalue for="{name}" value={_attribute(said[name])}/>' for name in fields)
    return f"<attvalues>{values}</attvalues>"


WRITERS: Mapping[str, Callable[[Records, IO[str]], None]] = {"graphml": write_graphml, "gexf": write_gexf}


def write_network(nquads: Path, target: Path, form: str) -> None:
    """Write the network of a build's sorted N-Quads in a format of ``WRITERS``."""
    with Records(nquads) as records, target.open("w", encoding="utf-8") as file:
        WRITERS[form](records, file)
