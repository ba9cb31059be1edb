"""Read one article's facts from a dump into plain dictionaries. The terms are those of ``ontology/entente.ttl``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kg.errors import EntenteError
from kg.evaluation.normalization import folded, squeezed
from kg.graph.namespaces import PREFIXES
from kg.store.oxigraph import load_dump, query

CLASSES = ("Person", "State", "Institution", "Agreement", "Place", "Event")
ROLES = ("actor", "recipient", "mediator", "about", "place")
_EVENT_PROPERTIES = ("category", "modality", "date", "earliest", "latest", "quote", "trigger", "confidence", *ROLES)
_PAGE = "wikipedia.org/wiki/"

Values = dict[str, set[str]]
"""The values of a node's properties by local name; missing keys are empty."""


class ArticleMissingError(EntenteError):
    """The graph lacks an article that a gold file is about."""


class LoadedDump:
    """A dump loaded into memory (Turtle, TriG, N-Triples or N-Quads, gzipped or not)."""

    def __init__(self, path: Path) -> None:
        self._store = load_dump(path)

    def rows(self, text: str) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a SELECT query as tuples of strings, None for unbound variables. The usual prefixes are known."""
        prefixes = "\n".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in ("ent", "prov", "rdfs", "skos", "schema"))
        result: Any = query(self._store, f"{prefixes}\n{text}")
        names = [variable.value for variable in result.variables]
        for solution in result:
            yield tuple(getattr(solution[name], "value", None) for name in names)

    @cached_property
    def names(self) -> dict[str, set[str]]:
        """The labels, other names and Wikipedia title of every node, folded."""
        names: dict[str, set[str]] = defaultdict(set)
        for node, name in self.rows("SELECT DISTINCT ?e ?n { ?e rdfs:label|skos:altLabel ?n }"):
            names[node].add(folded(name))
        for node, url in self.rows("SELECT DISTINCT ?e ?u { ?e schema:sameAs ?u }"):
            if _PAGE in url:
                names[node].add(folded(unquote(url.split(_PAGE, 1)[1])))
        return names

    @cached_property
    def articles(self) -> dict[str, list[str]]:
        """The nodes of the articles by squeezed title."""
        found: dict[str, list[str]] = defaultdict(list)
        for node, label in self.rows("SELECT ?a ?l { ?a a ent:Article ; rdfs:label ?l }"):
            found[squeezed(label)].append(node)
        return found


class ScoredArticle:
    """The entities, events, agreements and tenures of one article, found by its title (ignoring dashes and case)."""

    def __init__(self, dump: LoadedDump, title: str) -> None:
        articles = dump.articles.get(squeezed(title))
        if not articles:
            raise ArticleMissingError(f"The graph contains no article {title!r}: build it together with the others and score again.")
        self._dump = dump
        self._within = f"VALUES ?article {{ {' '.join(f'<{a}>' for a in articles)} }} ?passage ent:inArticle ?article . "
        self.names = dump.names
        self.text: dict[str, str] = dict(dump.rows(f"SELECT ?passage ?t {{ {self._within} ?passage ent:text ?t }}"))
        self.entities = self._entities()
        self.events = self._events()
        self.agreements = self._agreements()
        self.tenures: set[tuple[str, str, str | None]] = set(
            dump.rows(
                f"""SELECT DISTINCT ?h ?label ?o {{ {self._within} ?t a ent:Tenure ; prov:wasDerivedFrom ?passage ;
                ent:holder ?h ; ent:office ?f . ?f rdfs:label ?label OPTIONAL {{ ?t ent:organization ?o }} }}"""
            )
        )

    def label(self, node: str) -> str:
        """Return the shortest name of a node."""
        return min(sorted(self.names.get(node, {node})), key=len)

    def _entities(self) -> dict[str, set[str]]:
        """Return the classes of the entities that the article mentions."""
        found: dict[str, set[str]] = defaultdict(set)
        types = " ".join(f"ent:{c}" for c in CLASSES)
        text = f"SELECT DISTINCT ?e ?c {{ {self._within} ?passage ent:mentions ?e . VALUES ?c {{ {types} }} ?e a ?c }}"
        for node, kind in self._dump.rows(text):
            found[node].add(kind.removeprefix(PREFIXES["ent"]))
        return dict(found)

    def _events(self) -> dict[str, Values]:
        found: dict[str, Values] = {}
        text = f"SELECT DISTINCT ?e ?passage {{ {self._within} ?e a ent:Event ; prov:wasDerivedFrom ?passage }}"
        for event, passage in self._dump.rows(text):
            found.setdefault(event, defaultdict(set))["passage"].add(passage)
        self._add(found, _EVENT_PROPERTIES)
        events = " ".join(f"<{e}>" for e in found)
        for event, url in self._dump.rows(f"SELECT ?e ?u {{ VALUES ?e {{ {events} }} ?e ent:cites ?c . ?c schema:url ?u }}"):
            found[event]["cites"].add(url)
        return {event: values for event, values in found.items() if values["category"]}

    def _agreements(self) -> dict[str, Values]:
        derived = "{ ?passage ent:mentions ?a } UNION { ?a prov:wasDerivedFrom ?passage }"
        rows = self._dump.rows(f"SELECT DISTINCT ?a {{ {self._within} {derived} ?a a ent:Agreement }}")
        found: dict[str, Values] = {agreement: defaultdict(set) for (agreement,) in rows}
        self._add(found, ("party", "mediator", "date", "place"))
        return found

    def _add(self, nodes: dict[str, Values], properties: tuple[str, ...]) -> None:
        """Add the values of Entente's own properties to nodes."""
        values = " ".join(f"<{n}>" for n in nodes)
        for name in properties:
            for node, value in self._dump.rows(f"SELECT ?e ?v {{ VALUES ?e {{ {values} }} ?e ent:{name} ?v }}"):
                nodes[node][name].add(value)
