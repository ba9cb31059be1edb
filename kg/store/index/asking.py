"""Write the search index of a remote store by querying it, since its quads do not pass through a build."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from kg.graph.namespaces import PREFIXES
from kg.store.index.index_writer import ROLES, Contents, Fact, write_index
from kg.store.index.indexing import agreement, event, local
from kg.store.index.search import CLASSES, ENT


class Solutions(Protocol):
    """What the index needs of a store: SELECT over the union of its graphs."""

    def query(self, query: str, **options: Any) -> Iterable[Sequence[Any]]:
        """Return the solutions of a query."""


def write_search(store: Solutions, target: Path) -> None:
    """Write the index of everything in ``store`` to ``target`` (to a temporary file, then renamed)."""
    write_index(_asked(store), target)


def _asked(store: Solutions) -> Contents:
    """Collect the contents of the index from a store's answers."""
    kinds = {iri: kind for kind in reversed(CLASSES) for (iri,) in _select(store, f"?s a ent:{kind}", "s")}
    labels: dict[str, str] = {}
    names: dict[str, set[str]] = defaultdict(set)
    for iri, label in _select(store, "?s rdfs:label ?label", "s", "label"):
        if iri in kinds and label:
            labels[iri] = min(label, labels.get(iri, label))
    for iri, name in _select(store, "?s skos:altLabel ?name", "s", "name"):
        if iri in labels and name:
            names[iri].add(name)
    mentions: dict[str, list[str]] = defaultdict(list)
    for passage, who in _select(store, "?what ent:mentions ?who", "what", "who"):
        mentions[passage].append(who)
    found = _select(
        store,
        "?p a ent:Passage ; ent:text ?text ; ent:inArticle ?article ; ent:start ?start OPTIONAL { ?p ent:section ?section }",
        "article", "start", "p", "text", "section",
    )  # fmt: skip
    facts = list(_facts(store))
    involved = ROLES["participant"] | ROLES["place"] | ROLES["about"]
    return Contents(
        things=((iri, label, kinds[iri], sorted(names[iri])) for iri, label in labels.items()),
        passages=((article, int(start or 0), iri, text, section, sorted(mentions[iri])) for article, start, iri, text, section in found),
        facts=facts,
        events=Counter(who for fact in facts if fact.kind == "Event" for who, roles in fact.parts.items() if roles & involved),
        mentions=Counter(who for named in mentions.values() for who in set(named)),
        titles={iri: labels[iri] for iri, kind in kinds.items() if kind == "Article" and iri in labels},
    )


def _facts(store: Solutions) -> Iterator[Fact]:
    """Yield the reported events and the agreements."""
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    agreements = [iri for (iri,) in _select(store, "?s a ent:Agreement", "s")]
    wanted = {iri for (iri,) in _select(store, "?s a ent:Event ; ent:modality ?m", "s")}
    for name in ("modality", "earliest", "latest", "category", "dateBasis", "confidence", *ROLES):
        for iri, what in _select(store, f"?s ent:{name} ?what", "s", "what"):
            said[iri][ENT + name].append(what)
    quads = {category: local(quad) for category, quad in _select(store, "?s ent:quadClass ?what", "s", "what")}
    yield from (event(iri, said[iri], quads) for iri in sorted(wanted))
    yield from (agreement(iri, said[iri]) for iri in sorted(set(agreements) - wanted))


def _select(store: Solutions, pattern: str, *variables: str) -> Iterator[tuple[str, ...]]:
    prefixes = " ".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in ("ent", "rdfs", "skos"))
    query = f"{prefixes} SELECT {' '.join('?' + v for v in variables)} WHERE {{ {pattern} }}"
    for solution in store.query(query, use_default_graph_as_union=True):
        yield tuple("" if term is None else term.value for term in solution)
