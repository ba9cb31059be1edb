"""One article's statements, indexed for corrections to find and change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg.corrections.correction_files import CorrectionError, Name
from kg.graph import iris, ntriples
from kg.graph.claims import claimed, prevailing
from kg.graph.namespaces import ENT, PROV, RDF, RDFS, SKOS, ontology, with_broader
from kg.graph.terms import Quad, address, english, iri, literal_text

_QUOTES = str.maketrans("“”‘’\u00a0", "\"\"'' ")


class DoesNotFitError(CorrectionError):
    """A correction that does not fit the article's present statements."""


def readable(text: str) -> str:
    """Normalize spaces and quotation marks, for comparing what people type with the text."""
    return " ".join(text.translate(_QUOTES).split())


def described(kinds: Iterable[str]) -> str:
    """Return classes of entities in words: the narrowest of those that are disjoint from others."""
    named = {kind for kind in kinds if any(kind == one for one, _ in ontology().apart)}
    narrowest = named.difference(above for kind in named for above in ontology().broader.get(kind, ()))
    return " and ".join(sorted(f"{'an' if kind[0] in 'AEIO' else 'a'} {kind}" for kind in (k.rsplit("#", 1)[-1] for k in narrowest)))


class ArticleStatements:
    """The quads of one article's graph, from the ``lines`` of its shard (with claims) or of its graph in a build."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._by_subject: dict[str, set[Quad]] = defaultdict(set)
        self._by_object: dict[str, set[Quad]] = defaultdict(set)
        self.graph = ""
        for line in lines:
            quad = ntriples.quad(line)
            self.graph = quad.graph
            self.add(quad)

    def copy(self) -> ArticleStatements:
        """Copy the statements, for changing without effect on the original."""
        other = ArticleStatements(())
        other.graph = self.graph
        for quads in self._by_subject.values():
            other.add(*quads)
        return other

    def add(self, *quads: Quad) -> None:
        """Add statements."""
        for quad in quads:
            self._by_subject[quad.subject].add(quad)
            self._by_object[quad.object].add(quad)

    def say(self, subject: str, predicate: str, *objects: str) -> None:
        """Add statements and all that their predicate implies."""
        for value in objects:
            for broader in with_broader(predicate):
                self.add(Quad(subject, iri(broader), value, self.graph))

    def remove(self, quads: Iterable[Quad]) -> list[Quad]:
        """Remove statements; return them sorted."""
        gone = sorted(quads)
        for quad in gone:
            self._by_subject[quad.subject].discard(quad)
            self._by_object[quad.object].discard(quad)
        return gone

    def about(self, subject: str, *predicates: str) -> list[Quad]:
        """Return the statements about a subject, sorted; only those with the given predicates (IRIs), if any."""
        wanted = {iri(predicate) for predicate in predicates}
        return sorted(quad for quad in self._by_subject.get(subject, ()) if not wanted or quad.predicate in wanted)

    def naming(self, value: str) -> list[Quad]:
        """Return the statements with this object, sorted."""
        return sorted(self._by_object.get(value, ()))

    def values(self, subject: str, predicate: str) -> list[str]:
        """Return the objects of a predicate, sorted."""
        return [quad.object for quad in self.about(subject, predicate)]

    def value(self, subject: str, predicate: str) -> str:
        """Return the text of the first literal of a predicate, or an empty string."""
        return next((literal_text(value) for value in self.values(subject, predicate)), "")

    def kinds(self, node: str) -> frozenset[str]:
        """Return the classes (IRIs) of a resource, those stated and those of its heaviest claim in the article."""
        claims = prevailing(self.about(node), "kind")
        return frozenset(map(address, [*self.values(node, RDF.type), *(value for _, value in claims)]))

    def instances(self, term: str) -> list[str]:
        """Return the instances of a class, sorted."""
        return [quad.subject for quad in self.naming(iri(term)) if quad.predicate == iri(RDF.type)]

    def lines(self) -> Iterator[bytes]:
        """Yield the statements as lines of N-Quads, sorted by subject."""
        for subject in sorted(self._by_subject):
            for quad in sorted(self._by_subject[subject]):
                yield quad.line().encode("utf-8")

    def passages(self, quote: str) -> list[str]:
        """Return the passages that contain the quoted words, in text order; DoesNotFitError if there are none."""
        wanted = readable(quote)
        found = [node for node in self.instances(ENT.Passage) if wanted in readable(self.value(node, ENT.text))]
        if not found:
            raise DoesNotFitError(f"no sentence of the article contains the words “{quote}”")
        return sorted(found, key=lambda node: int(self.value(node, ENT.start) or 0))

    def derived(self, passages: Iterable[str]) -> list[str]:
        """Return the facts extracted from passages, sorted."""
        found = (quad.subject for node in passages for quad in self.naming(node) if quad.predicate == iri(PROV.wasDerivedFrom))
        return sorted(set(found))

    def label(self, node: str) -> str:
        """Return the label of a resource."""
        return self.value(node, RDFS.label) or iris.normal_title(address(node).rsplit("/", 1)[-1])

    def names(self, node: str) -> list[str]:
        """Return all names that the article uses for a resource."""
        return [literal_text(value) for value in (*self.values(node, RDFS.label), *self.values(node, SKOS.altLabel))]

    def entity(self, name: Name) -> str:
        """Return the entity that a name refers to in this article; one given with a class is added if the article lacks it."""
        found = self._found(name)
        if found and name.kind and ontology().disjoint(self.kinds(found), [ENT[name.kind]]):
            raise DoesNotFitError(f"{name.text!r} is {described(self.kinds(found))} in this article, not of the class {name.kind}")
        if found:
            return found
        if not name.kind:
            raise DoesNotFitError(f"the article names nothing called {name.text!r}; give its class to add it")
        node = iri(iris.entity(name.text))
        self.say(node, RDFS.label, english(iris.normal_title(name.text)))
        self.add(kind_claim(node, name.kind, self.graph))
        return node

    def _found(self, name: Name) -> str:
        """Return the entity that a name refers to in this article; empty if there is none, DoesNotFitError if there are several."""
        node = iri(iris.entity(name.text))
        if self.about(node):
            return node
        for predicate in (RDFS.label, SKOS.altLabel):
            for found in (self._called(predicate, name.text, exact=True), self._called(predicate, name.text, exact=False)):
                if len(found) > 1:
                    raise DoesNotFitError(f"the article has several things called {name.text!r}: {', '.join(found)}")
                if found:
                    return found[0]
        return ""

    def _called(self, predicate: str, name: str, *, exact: bool) -> list[str]:
        if exact:
            named = (quad.subject for quad in self.naming(english(name)) if quad.predicate == iri(predicate))
            return [node for node in named if self._is_entity(node)]
        wanted = name.casefold()
        return [
            node
            for node in sorted(self._by_subject)
            if self._is_entity(node) and any(literal_text(value).casefold() == wanted for value in self.values(node, predicate))
        ]

    def _is_entity(self, node: str) -> bool:
        """Whether a node is an entity named by articles, not a fact, passage or citation: those have neither claims nor a class of
        entities."""
        kinds = set(self.values(node, RDF.type))
        if iri(ENT.Publisher) in kinds:
            return False
        if any(claimed(quad) for quad in self._by_subject.get(node, ())):
            return True
        return iri(ENT.Entity) in kinds and iri(ENT.Tenure) not in kinds and not self.values(node, ENT.modality)


CERTAIN = 10**12
"""The weight of a claim made by a person: more than all articles together."""


def kind_claim(node: str, kind: str, graph: str, weight: int = 1) -> Quad:
    """Return the claim that something is of a class."""
    from kg.graph.claims import claim

    return claim(node, "kind", weight, [(iri(RDF.type), iri(term)) for term in with_broader(ENT[kind])], graph)
