"""Differences between SPARQL stores (Virtuoso, Jena, …); everything else follows the SPARQL 1.1 Protocol."""

from __future__ import annotations

import re

VIRTUOSO = "virtuoso"
"""The prefix of its ``Server`` header, in lower case."""

UNIONS: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (("union-default-graph", ""),),
    (("default-graph-uri", "urn:x-arq:UnionGraph"),),
)
"""Parameters that make the default graph the union of all graphs, to be tried in turn.

Virtuoso, GraphDB, RDF4J, Blazegraph and QLever need none; Oxigraph's server takes the second
(https://github.com/oxigraph/oxigraph/blob/main/cli/README.md), Jena the third
(https://jena.apache.org/documentation/tdb/dynamic_datasets.html).
"""

TIMEOUTS = {VIRTUOSO: ("timeout", 1000.0)}
"""The parameter for a query's timeout, and its units per second. Without one, only closing the connection tells a store to stop.

Virtuoso then returns what it has found by that time (an "anytime query"), and says so in PARTIAL.
"""

PARTIAL = "X-SQL-State"
"""Virtuoso's header for a partial answer, or one with a warning (``S1TAT``: interrupted by the timeout)."""

MOST_ROWS = "X-SPARQL-MaxRows"
"""Virtuoso's header for an answer truncated to ``ResultSetMaxRows`` of virtuoso.ini; graphs, which it truncates too, lack it."""

CUTS_GRAPHS = frozenset({VIRTUOSO})

ASK_COLUMN = "__ASK_RETVAL"
"""Virtuoso answers ASK with this column, whose value is 1 or 0 (7.2.5, in JSON and XML)."""

BLANK_NODES = {VIRTUOSO: (b'"type": "bnode", "value": "nodeID://', b'"type": "bnode", "value": "')}
"""Virtuoso's labels of blank nodes in JSON, which are invalid, and their replacements."""

TEXTS = (
    ("slow", re.compile(r"\bS1T00\b|\bSR171\b|timed?[ -]?out|time limit", re.IGNORECASE)),
    ("limit", re.compile(r"estimated execution time|\bSR353\b|exceeds the limit|out of memory", re.IGNORECASE)),
)
"""Phrases of error messages that give the reason, where the HTTP status does not (Virtuoso answers all of these with 500)."""
