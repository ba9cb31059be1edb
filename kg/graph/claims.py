"""Settle claims: where articles disagree about an entity's class or label, keep one claim for all of them.

A claim is a quad whose predicate is ``CLAIM``. Its object is a string: a slot ("kind", "country", …), a weight, and the predicates
and objects that are stated if the claim wins. Claims occur only in shards, never in a graph: ``resolve`` reads sorted lines, sums
the weights of each slot over all articles, and replaces the claims by the statements of the winners. Ties go to the claim whose
text sorts first, so the outcome does not depend on the order of articles.

``resolve`` also keeps a statement only in the first graph that contains it. Most stores, Oxigraph among them, answer from a union
of graphs without removing duplicates: a COUNT would count the statement once for each article.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence

from kg.graph import ntriples
from kg.graph.terms import Quad, literal_text, text

CLAIM = "<claim:>"
"""Sorts before every predicate of the graph, so that a subject's claims are read before its other statements."""

_INFIX = f" {CLAIM} ".encode()
_SEPARATOR = "\x1e"


def claim(subject: str, slot: str, weight: int, statements: Sequence[tuple[str, str]], graph: str) -> Quad:
    """Return one article's claim that ``statements`` (predicate, object) are true of the subject."""
    parts = [slot, str(weight), *(f"{predicate} {value}" for predicate, value in statements)]
    return Quad(subject, CLAIM, text(_SEPARATOR.join(parts)), graph)


def claimed(quad: Quad) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Return the slot of a claim and the statements (predicate, object) that it makes; None for any other quad."""
    if quad.predicate != CLAIM:
        return None
    slot, _, *statements = literal_text(quad.object).split(_SEPARATOR)
    return slot, _pairs(statements)


def prevailing(quads: Iterable[Quad], slot: str) -> tuple[tuple[str, str], ...]:
    """Return the statements of a slot's heaviest claim among those about one subject in one article; none if there is no claim."""
    weights: Counter[str] = Counter()
    for quad in quads:
        if quad.predicate == CLAIM:
            found, weight, statements = literal_text(quad.object).split(_SEPARATOR, 2)
            weights[statements] += int(weight) if found == slot else 0
    best = min(+weights, key=lambda statements: (-weights[statements], statements), default="")
    return _pairs(best.split(_SEPARATOR) if best else ())


def _pairs(statements: Iterable[str]) -> tuple[tuple[str, str], ...]:
    pairs = (statement.split(" ", 1) for statement in statements)
    return tuple((predicate, value) for predicate, value in pairs)


def resolve(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Replace the claims in sorted N-Quads by the winners' statements, and keep each triple once."""
    previous = b""
    for line in _settled(lines):
        statement = ntriples.statement(line)
        if statement != previous:
            previous = statement
            yield line


def _settled(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Replace each subject's claims by the winners' statements, merged into the sorted lines that follow."""
    claims: list[bytes] = []
    waiting: deque[bytes] = deque()
    for line in lines:
        while waiting and waiting[0] < line:
            yield waiting.popleft()
        if _INFIX in line:
            if claims and ntriples.subject(line) != ntriples.subject(claims[0]):
                yield from _decide(claims)
                claims = []
            claims.append(line)
            continue
        if claims:
            waiting.extend(_decide(claims))
            claims = []
            while waiting and waiting[0] < line:
                yield waiting.popleft()
        yield line
    yield from waiting
    if claims:
        yield from _decide(claims)


def _decide(claims: list[bytes]) -> list[bytes]:
    """Return the statements of the winning claims about one subject, sorted."""
    weights: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    graphs: dict[tuple[str, str], str] = {}
    subject = ntriples.subject(claims[0]).decode()
    for _, _, value, graph in ntriples.quads(claims):
        slot, weight, statements = literal_text(value).split(_SEPARATOR, 2)
        weights[slot][statements] += int(weight)
        graphs[slot, statements] = min(graph, graphs.get((slot, statements), graph))
    decided: set[bytes] = set()
    for slot, candidates in weights.items():
        best = min(candidates, key=lambda statements: (-candidates[statements], statements))
        graph = graphs[slot, best]
        decided.update(f"{subject} {statement} {graph} .\n".encode() for statement in best.split(_SEPARATOR))
    return sorted(decided)
