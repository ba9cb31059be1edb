"""Write triples as compacted JSON-LD 1.1 as they come: a context of prefixes, then node objects.

Oxigraph's serializer writes no context. https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kg.graph.namespaces import PREFIXES
from kg.store.filters import FormatError

TYPE = PREFIXES["rdf"] + "type"
STRING = PREFIXES["xsd"] + "string"
WINDOW = 2**18
"""Characters of triples that are buffered to group them by subject; a longer subject is written as several objects of the same node."""
_NAMESPACE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://.*[:/?#\[\]@]")
"""A namespace that a prefix may stand for: not itself a compact IRI, and with an ending that JSON-LD requires of prefixes (4.4)."""
_quoted = json.encoder.encode_basestring


@dataclass(frozen=True, slots=True)
class TermClasses:
    """The classes of terms: IRIs, blank nodes, literals. Anything else, as a triple, cannot be written."""

    iri: type[Any]
    blank: type[Any]
    literal: type[Any]


class _Nodes(defaultdict[str, defaultdict[str, dict[str, None]]]):
    """Node objects being built: by context and id, then by key, the values without duplicates."""

    def __init__(self) -> None:
        super().__init__(lambda: defaultdict(dict))


class _AmbiguousError(Exception):
    """An IRI whose scheme is a prefix of the context, such as ``geo:1,2``: it would be expanded."""


def compacted(triples: Iterable[Any], prefixes: Mapping[str, str], classes: TermClasses) -> Iterator[str]:
    """Yield the text of a document, a node object at a time. FormatError for terms that only RDF 1.2 has."""
    context = {prefix: namespace for prefix, namespace in sorted(prefixes.items()) if prefix and _NAMESPACE.fullmatch(namespace)}
    yield f'{{"@context":{json.dumps(context, ensure_ascii=False)},"@graph":['
    before = "\n"
    for nodes in _windows(triples, _CompactTerms(context, classes), _CompactTerms({}, classes)):
        for head, values in nodes.items():
            keys = ",\n ".join(f"{key}:[{','.join(values[key])}]" for key in sorted(values))  # @type comes first
            yield f"{before}{{{head},\n {keys}}}"
            before = ",\n"
    yield "\n]}\n"


def _windows(triples: Iterable[Any], short: _CompactTerms, full: _CompactTerms) -> Iterator[_Nodes]:
    nodes, size = _Nodes(), 0
    for triple in triples:
        try:
            node, key, value = short.of(triple)
            head = f'"@id":{node}'
        except _AmbiguousError:
            node, key, value = full.of(triple)
            head = f'"@context":null,"@id":{node}'
        nodes[head][key][value] = None
        size += len(head) + len(key) + len(value)
        if size > WINDOW:
            yield nodes
            nodes, size = _Nodes(), 0
    yield nodes


class _CompactTerms:
    """The terms of triples as JSON, IRIs as short as a context makes them."""

    def __init__(self, context: Mapping[str, str], classes: TermClasses) -> None:
        self._classes = classes
        self._context = context
        self._prefix = {namespace: prefix for prefix, namespace in context.items()}
        self._namespace = re.compile("|".join(map(re.escape, sorted(self._prefix, key=len, reverse=True))) or r"(?!)")
        self._name = lru_cache(maxsize=4096)(self._compacted)

    def of(self, triple: Any) -> tuple[str, str, str]:
        """Return the id of the node, the key and the value that state a triple."""
        predicate, value = triple.predicate.value, triple.object
        if predicate == TYPE and not isinstance(value, self._classes.literal):
            return self._id(triple.subject), '"@type"', self._id(value)
        return self._id(triple.subject), self._name(predicate), self._value(value)

    def _value(self, term: Any) -> str:
        if not isinstance(term, self._classes.literal):
            return f'{{"@id":{self._id(term)}}}'
        if term.direction:
            raise FormatError("it contains a literal with a base direction")
        if term.language:
            return f'{{"@language":{_quoted(term.language)},"@value":{_quoted(term.value)}}}'
        if (datatype := term.datatype.value) == STRING:
            return _quoted(term.value)
        return f'{{"@type":{self._name(datatype)},"@value":{_quoted(term.value)}}}'

    def _id(self, term: Any) -> str:
        if isinstance(term, self._classes.iri):
            return self._name(term.value)
        if isinstance(term, self._classes.blank):
            return _quoted(f"_:{term.value}")
        raise FormatError("it contains a triple as a term")

    def _compacted(self, iri: str) -> str:
        found = self._namespace.match(iri)
        rest = iri[found.end() :] if found else ""
        if found and rest and not rest.startswith("//"):
            return _quoted(f"{self._prefix[found[0]]}:{rest}")
        scheme, _, rest = iri.partition(":")
        if scheme in self._context and not rest.startswith("//"):
            raise _AmbiguousError
        return _quoted(iri)
