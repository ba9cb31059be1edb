"""Correct entities: change class or label, merge two, or separate one from another.

``same``, ``class`` and ``label`` apply to every article, so they are collected in ``EntityCorrections``, a table that rewrites lines of any
shard; ``not_same`` changes the quoted sentence only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.corrections.corrected_article import CERTAIN, ArticleStatements, DoesNotFitError, described, kind_claim
from kg.corrections.corrected_facts import relabel
from kg.corrections.correction_files import Correction, Name
from kg.graph import iris, ntriples
from kg.graph.claims import claim, claimed
from kg.graph.namespaces import ENT, OA, OWL, RDF, RDFS, SCHEMA, SKOS, ontology, with_broader
from kg.graph.terms import Quad, address, english, iri


@dataclass
class EntityCorrections:
    """Corrections of entities in all articles; IRIs as terms. ``renamed`` maps an entity to the one it is merged into."""

    renamed: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def final(self, node: str) -> str:
        """Return what an entity becomes after all merges."""
        seen = set()
        while node in self.renamed and node not in seen:
            seen.add(node)
            node = self.renamed[node]
        return node

    def merge(self, node: str, other: str) -> None:
        """Merge one entity into another; DoesNotFitError if they are the same already."""
        if self.final(node) == self.final(other):
            raise DoesNotFitError("the two are already the same entity")
        self.renamed[self.final(node)] = self.final(other)

    def settle(self) -> None:
        """Apply the merges to the keys of labels and classes."""
        self.labels = {self.final(node): label for node, label in self.labels.items()}
        self.kinds = {self.final(node): kind for node, kind in self.kinds.items()}

    @property
    def touched(self) -> tuple[bytes, ...]:
        """The terms that mark a line as possibly in need of rewriting."""
        return tuple(sorted({node.encode() for node in (*self.renamed, *self.labels, *self.kinds)}))

    def rewrite(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Rewrite the lines of a shard."""
        touched = self.touched
        for line in lines:
            if any(node in line for node in touched):
                yield from (quad.line().encode("utf-8") for quad in self._rewritten(ntriples.quad(line)))
            else:
                yield line

    def _rewritten(self, quad: Quad) -> Iterator[Quad]:
        subject, value = self.final(quad.subject), self.final(quad.object)
        moved = subject != quad.subject
        if subject == value or (moved and quad.predicate in (iri(SCHEMA.sameAs), iri(OWL.sameAs))):
            return
        claimed_here = claimed(quad)
        if claimed_here:
            yield from self._claim(quad, subject, claimed_here)
            return
        predicate = quad.predicate
        if predicate == iri(RDFS.label) and (moved or subject in self.labels):
            predicate = iri(SKOS.altLabel)
        if predicate == iri(SKOS.altLabel) and value == self.labels.get(subject):
            return
        yield Quad(subject, predicate, value, quad.graph)

    def _claim(self, quad: Quad, subject: str, said: tuple[str, tuple[tuple[str, str], ...]]) -> Iterator[Quad]:
        """Rewrite a claim about an entity; claims of a class are dropped if a person gives the class."""
        slot, statements = said
        if slot == "kind" and subject in self.kinds:
            return
        final = [(predicate, self.final(value)) for predicate, value in statements]
        if final == list(statements):
            yield quad._replace(subject=subject)
        elif all(value != subject for _, value in final):
            yield claim(subject, slot, 1, final, quad.graph)

    def statements(self, graph: str) -> Iterator[Quad]:
        """Yield the labels and classes given by people, in a graph."""
        for node, label in sorted(self.labels.items()):
            yield Quad(node, iri(RDFS.label), label, graph)
        for node, kind in sorted(self.kinds.items()):
            yield kind_claim(node, kind, graph, CERTAIN)


def collect(article: ArticleStatements, correction: Correction, entities: EntityCorrections) -> tuple[str, list[Quad]]:
    """Record a correction that applies to all articles; return the entity and the statements removed."""
    article.passages(correction.quote)
    node = article.entity(correction.names("name")[0])
    if correction.action == "same":
        (name,) = correction.names("name", changed=True)
        other, label = _other(article, name)
        _check_kinds(article, node, other, entities)
        entities.merge(node, other)
        entities.labels.setdefault(other, english(label))
        gone = [quad for quad in article.about(node) if quad.predicate in (iri(RDFS.label), iri(SCHEMA.sameAs), iri(OWL.sameAs))]
        return other, gone
    gone = []
    if label := correction.text("label", changed=True):
        gone += article.about(node, RDFS.label)
        entities.labels[node] = english(label)
    if kind := correction.text("class", changed=True):
        gone += _kinds(article, node)
        entities.kinds[node] = kind
    return node, gone


def _check_kinds(article: ArticleStatements, node: str, other: str, entities: EntityCorrections) -> None:
    """Check that two entities may be one by their classes, corrected or as in this article; DoesNotFitError if not."""
    one, two = (_corrected_kinds(article, each, entities) for each in (node, other))
    if ontology().disjoint(one, two):
        raise DoesNotFitError(
            f"{article.label(node)!r} is {described(one)} and {article.label(other)!r} {described(two)}: correct the class of one first"
        )


def _corrected_kinds(article: ArticleStatements, node: str, entities: EntityCorrections) -> frozenset[str]:
    given = entities.kinds.get(entities.final(node)) or entities.kinds.get(node)
    return frozenset(with_broader(ENT[given])) if given else article.kinds(node)


def _other(article: ArticleStatements, name: Name) -> tuple[str, str]:
    """Return the entity that another is declared to be, and its label: from this article or, if none here has that name, from any."""
    try:
        found = article.entity(name)
    except DoesNotFitError:
        return iri(iris.entity(name.text)), iris.normal_title(name.text)
    return found, article.label(found)


def _kinds(article: ArticleStatements, node: str) -> list[Quad]:
    """Return the article's claims of an entity's class, as statements."""
    pairs = {pair for quad in article.about(node) for pair in _claimed_kinds(quad)}
    stated = article.about(node, RDF.type)
    return sorted({*stated, *(Quad(node, predicate, value, article.graph) for predicate, value in pairs)})


def _claimed_kinds(quad: Quad) -> tuple[tuple[str, str], ...]:
    found = claimed(quad)
    return found[1] if found and found[0] == "kind" else ()


def _range(predicate: str) -> str:
    return ontology().ranges.get(address(predicate), "")


def separate(article: ArticleStatements, correction: Correction) -> tuple[str, list[Quad]]:
    """Replace an entity by another in the quoted sentence and the facts extracted from it."""
    passages = article.passages(correction.quote)
    node = article.entity(correction.names("name")[0])
    instead = Name(correction.names("name", changed=True)[0].text, correction.text("class", changed=True))
    other = article.entity(instead)
    if other == node:
        raise DoesNotFitError(f"both are {instead.text!r}")
    words = (word for passage in passages for word in article.values(passage, OA.refinedBy))
    where = {*passages, *words, *article.derived(passages)}
    gone = article.remove(quad for quad in article.naming(node) if quad.subject in where)
    if not gone:
        raise DoesNotFitError(f"the sentence does not name {correction.names('name')[0].text!r}")
    unfit = sorted({quad.predicate for quad in gone if ontology().disjoint(article.kinds(other), [_range(quad.predicate)])})
    if unfit:
        roles = " and ".join(address(predicate).rsplit("#", 1)[-1] for predicate in unfit)
        raise DoesNotFitError(
            f"{instead.text!r} is {described(article.kinds(other))}, which cannot be the {roles} of what the sentence reports"
        )
    article.add(*(quad._replace(object=other) for quad in gone))
    for fact in article.derived(passages):
        relabel(article, fact)
    return other, gone
