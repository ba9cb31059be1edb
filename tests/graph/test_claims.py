from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.facts import Entity, Kind
from kg.graph import ntriples, shard_lines
from kg.graph.claims import CLAIM, claim, prevailing, resolve
from kg.graph.namespaces import ENT, RDF, RESOURCE
from kg.graph.terms import Quad, text
from tests.graph.examples import article, entity, evidence, facts


def merged(*shards: list[bytes]) -> list[Quad]:
    lines = sorted({line for shard in shards for line in shard})
    return [ntriples.quad(line) for line in resolve(lines)]


def classes(quads: list[Quad], name: str) -> set[str]:
    return {q.object[1:-1] for q in quads if q.subject == f"<{RESOURCE}{name}>" and q.predicate == f"<{RDF.type}>"}


def shard(title: str, *entities: Entity) -> list[bytes]:
    return shard_lines(article(title, texts=()), facts(entities=entities, mentions=(), events=(), agreements=(), tenures=()))


def test_the_class_with_more_evidence_over_all_articles_wins() -> None:
    person = shard("A", entity("Firefly", Kind.PERSON, evidence=evidence(Kind.PERSON, 2.0)))
    place = shard("B", entity("Firefly", Kind.PLACE, evidence=evidence(Kind.PLACE, 1.5)))
    also = shard("C", entity("Firefly", Kind.PLACE, evidence=evidence(Kind.PLACE, 1.0)))
    assert classes(merged(person, place), "Firefly") == {ENT.Person, ENT.Agent, ENT.Entity}
    assert classes(merged(person, place, also), "Firefly") == {ENT.Place, ENT.Entity}


def test_evidence_that_an_article_overruled_counts_elsewhere() -> None:
    doubtful = entity("Firefly", Kind.PERSON, evidence=evidence(Kind.PERSON, 2.0) + evidence(Kind.PLACE, 1.5))
    sure = entity("Firefly", Kind.PLACE, evidence=evidence(Kind.PLACE, 1.0))
    assert classes(merged(shard("A", doubtful)), "Firefly") == {ENT.Person, ENT.Agent, ENT.Entity}
    assert classes(merged(shard("A", doubtful), shard("B", sure)), "Firefly") == {ENT.Place, ENT.Entity}


def test_a_statement_stands_in_the_first_graph_that_makes_it() -> None:
    quads = merged(shard("B", entity("Freedonia", Kind.STATE)), shard("A", entity("Freedonia", Kind.STATE)))
    about = [quad for quad in quads if quad.subject == f"<{RESOURCE}Freedonia>"]
    assert {quad.graph for quad in about} == {f"<{RESOURCE}article/A>"}
    assert len(about) == len({quad[:3] for quad in about})


def test_within_an_article_the_heaviest_claim_prevails() -> None:
    said = {name: [(RDF.type, ENT[name])] for name in ("Place", "Agreement")}
    claims = [claim("<s>", "kind", weight, said[name], "<g>") for name, weight in (("Place", 2), ("Agreement", 1), ("Agreement", 2))]
    assert prevailing([*claims, claim("<s>", "label", 9, [(RDF.type, ENT.Event)], "<g>")], "kind") == tuple(said["Agreement"])
    assert prevailing(claims, "label") == ()


def test_no_claim_is_left() -> None:
    assert not [q for q in merged(shard("A", entity("Klopstokia", Kind.PLACE, country="Sylvania"))) if q.predicate == CLAIM]


def test_an_agreement_has_one_date_for_all_articles() -> None:
    said = [(f"<{ENT.date}>", text(f'19{year} "about"')) for year in (33, 34, 34)]
    lines = [claim("<x:a>", "when", 1, [one], f"<x:g{n}>").line().encode() for n, one in enumerate(said)]
    (quad,) = merged(lines)
    assert (quad.object, quad.graph) == (said[1][1], "<x:g1>")


claims = st.builds(
    lambda subject, slot, weight, value, graph: claim(f"<x:{subject}>", slot, weight, [("<x:p>", text(value))], f"<x:{graph}>"),
    st.sampled_from("abc"),
    st.sampled_from(["kind", "when"]),
    st.integers(1, 3),
    st.sampled_from(["one", "two", 'th"r\\ee']),
    st.sampled_from("gh"),
)
plain = st.builds(
    lambda subject, value, graph: Quad(f"<x:{subject}>", "<x:p>", text(value), f"<x:{graph}>"),
    st.sampled_from("abc(,"),
    st.sampled_from(["one", "two", "four"]),
    st.sampled_from("gh"),
)


@given(st.lists(claims | plain))
def test_what_comes_out_is_sorted_without_claims_and_each_triple_once(quads: list[Quad]) -> None:
    lines = sorted({quad.line().encode() for quad in quads})
    out = list(resolve(lines))
    read = [ntriples.quad(line) for line in out]
    assert out == sorted(out)
    assert len({quad[:3] for quad in read}) == len(read)
    assert all(quad.predicate != CLAIM for quad in read)
    assert {quad[:3] for quad in quads if quad.predicate != CLAIM} <= {quad[:3] for quad in read}
    claimed = {(quad.subject, quad.object.split("\\u001E")[0]) for quad in quads if quad.predicate == CLAIM}
    assert len(read) <= len({quad[:3] for quad in quads if quad.predicate != CLAIM}) + len(claimed)
