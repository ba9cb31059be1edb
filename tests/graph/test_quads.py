from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest

from kg.facts import ArticleFacts, Interval, Kind, Part, Precision, Span, Tenure
from kg.graph import Quad, article_quads, shard_lines
from kg.graph.namespaces import CAT, DCTERMS, ENT, OA, OWL, PROV, RDF, RDFS, RESOURCE, SCHEMA, SKOS, UnknownTermError
from kg.wikitext.article import Article
from tests.graph.examples import DENIAL, ENTITIES, SIGNING, TENURE, TEXTS, article, entity, facts, reference

Graph = dict[str, dict[str, set[str]]]


def graph_of(source: Article | None = None, said: ArticleFacts | None = None) -> Graph:
    return index(article_quads(source or article(), said or facts()))


def index(quads: Iterable[Quad]) -> Graph:
    """Map subject to predicate to objects, without angle brackets."""
    found: Graph = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        found[quad.subject[1:-1]][quad.predicate[1:-1]].add(quad.object.strip("<>"))
    return found


def one(graph: Graph, predicate: str, value: str) -> str:
    """Return the only subject with this value."""
    (subject,) = [subject for subject, said in graph.items() if value in said[predicate]]
    return subject


def res(name: str) -> str:
    return RESOURCE + name


def number(value: int, kind: str = "integer") -> str:
    return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#{kind}'


def day(value: str) -> str:
    return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#date'


def test_an_entity_has_its_class_and_what_follows_from_it() -> None:
    said = graph_of()[res("Freedonia")]
    assert said[RDF.type] == {ENT.State, ENT.Agent, ENT.Entity}
    assert said[RDFS.label] == {'"Freedonia"@en'}
    assert said[SKOS.altLabel] == {'"Land of the Free"@en'}
    assert said[SCHEMA.sameAs] == {"https://en.wikipedia.org/wiki/Freedonia"}
    assert said[OWL.sameAs] == {"http://dbpedia.org/resource/Freedonia"}


def test_a_place_has_its_state_and_coordinates() -> None:
    said = graph_of()[res("Klopstokia")]
    assert said[ENT.country] == {res("Sylvania")}
    assert {value.split("^")[0] for value in said["http://www.w3.org/2003/01/geo/wgs84_pos#lat"]} == {'"47.5"'}
    assert {value.split("^")[0] for value in said["http://www.w3.org/2003/01/geo/wgs84_pos#long"]} == {'"19.25"'}


def test_a_state_that_the_article_does_not_name_is_described_too() -> None:
    lone = entity("Klopstokia", Kind.PLACE, country="Ruritania")
    said = graph_of(said=ArticleFacts((lone,), ((), (), ())))[res("Ruritania")]
    assert said[RDF.type] == {ENT.State, ENT.Agent, ENT.Entity}
    assert said[RDFS.label] == {'"Ruritania"@en'}


def test_an_event_says_everything() -> None:
    graph = graph_of()
    event = one(graph, ENT.trigger, '"sign"')
    passage = one(graph, ENT.start, '"0"^^<http://www.w3.org/2001/XMLSchema#integer')
    citation = one(graph, DCTERMS.title, '"They sign"')
    assert {predicate: values for predicate, values in graph[event].items() if values} == {
        RDF.type: {ENT.Event, ENT.Fact, ENT.Entity},
        RDFS.label: {'"Signing: Freedonia, Sylvania – Treaty of Klopstokia (5 May 1933)"@en'},
        ENT.category: {CAT["SUPPORT-sign"], CAT.SUPPORT},
        ENT.actor: {res("Freedonia"), res("Sylvania")},
        ENT.mediator: {res("League_of_Leagues")},
        ENT.participant: {res("Freedonia"), res("Sylvania"), res("League_of_Leagues")},
        ENT.place: {res("Klopstokia")},
        ENT.about: {res("Treaty_of_Klopstokia")},
        ENT.date: {day("1933-05-05")},
        ENT.earliest: {day("1933-05-05")},
        ENT.latest: {day("1933-05-05")},
        ENT.dateBasis: {ENT.stated},
        ENT.modality: {ENT.asserted},
        ENT.trigger: {'"sign"'},
        ENT.rule: {'"verb:sign"'},
        ENT.cites: {citation},
        PROV.wasDerivedFrom: {passage},
        ENT.actorAt: {f"{passage}#char=0,9", f"{passage}#char=14,22"},
        ENT.triggerAt: {f"{passage}#char=23,29"},
        ENT.aboutAt: {f"{passage}#char=34,54"},
        ENT.dateAt: {f"{passage}#char=58,68"},
    }


def test_words_are_selected_in_their_passage_and_the_passage_in_its_article() -> None:
    graph = graph_of()
    passage = one(graph, ENT.start, number(0, "integer"))
    name, trigger = graph[f"{passage}#char=14,22"], graph[f"{passage}#char=23,29"]
    assert name[RDF.type] == {OA.TextPositionSelector, OA.TextQuoteSelector}
    assert (name[OA.start], name[OA.end], name[OA.exact]) == ({number(14)}, {number(22)}, {'"Sylvania"'})
    assert name[ENT.refersTo] == {res("Sylvania")}
    assert trigger[OA.exact] == {'"signed"'}
    assert not trigger[ENT.refersTo]
    said = graph[passage]
    assert {OA.TextPositionSelector, OA.TextQuoteSelector} <= said[RDF.type]
    assert (said[OA.start], said[OA.end], said[OA.exact]) == ({number(0)}, {number(90)}, {f'"{TEXTS[0]}"'})
    assert f"{passage}#char=14,22" in said[OA.refinedBy]


def test_words_of_what_nobody_describes_are_left_out() -> None:
    graph = graph_of(said=facts(events=(replace(SIGNING, spans=(Span(0, 0, 9, Part.ACTOR, "Nobody"),)),), agreements=(), tenures=()))
    assert not [subject for subject in graph if "#char=" in subject]


def test_an_event_can_be_about_an_event() -> None:
    graph = graph_of()
    denial = graph[one(graph, ENT.trigger, '"recognise"')]
    assert denial[ENT.about] == {one(graph, ENT.trigger, '"sign"')}
    assert denial[ENT.modality] == {ENT.negated}
    assert denial[ENT.quote] == {'"never"'}
    assert denial[ENT.amount] == {'"one"'}


@pytest.mark.parametrize(
    ("value", "earliest", "latest", "precision", "written"),
    [
        ("1933", date(1933, 1, 1), date(1933, 12, 31), Precision.YEAR, '"1933"^^<http://www.w3.org/2001/XMLSchema#gYear'),
        ("1933-05", date(1933, 5, 1), date(1933, 5, 31), Precision.MONTH, '"1933-05"^^<http://www.w3.org/2001/XMLSchema#gYearMonth'),
        (None, date(1933, 5, 1), date(1934, 2, 1), Precision.INTERVAL, None),
    ],
)
def test_a_date_is_as_exact_as_the_text(value: str | None, earliest: date, latest: date, precision: Precision, written: str | None) -> None:
    when = Interval(earliest, latest, precision, value)
    graph = graph_of(said=facts(events=(replace(SIGNING, when=when),), agreements=()))
    said = graph[one(graph, ENT.trigger, '"sign"')]
    assert said[ENT.date] == ({written} if written else set())
    assert (said[ENT.earliest], said[ENT.latest]) == ({day(earliest.isoformat())}, {day(latest.isoformat())})


def test_an_agreement_has_its_terms() -> None:
    said = graph_of()[res("Treaty_of_Klopstokia")]
    assert said[RDF.type] == {ENT.Agreement, ENT.Fact, ENT.Entity}
    assert said[ENT.party] == {res("Freedonia"), res("Sylvania")}
    assert said[ENT.signatory] == {res("Rufus_T._Firefly")}
    assert said[ENT.mediator] == {res("League_of_Leagues")}
    assert said[ENT.place] == {res("Klopstokia")}
    assert said[ENT.date] == {day("1933-05-05")}
    assert ENT.participant not in said


def test_a_tenure_has_holder_office_and_body() -> None:
    graph = graph_of()
    tenure = graph[one(graph, RDF.type, ENT.Tenure)]
    assert tenure[ENT.holder] == {res("Rufus_T._Firefly")}
    assert tenure[ENT.office] == {res("President_of_Freedonia")}
    assert tenure[ENT.organization] == {res("Freedonia")}
    assert tenure[ENT.attested] == {'"1933"^^<http://www.w3.org/2001/XMLSchema#gYear'}
    assert tenure[ENT.former] == {'"true"^^<http://www.w3.org/2001/XMLSchema#boolean'}
    assert tenure[RDFS.label] == {'"Rufus T. Firefly, President of Freedonia"@en'}
    assert graph[res("President_of_Freedonia")][ENT.organization] == {res("Freedonia")}


@pytest.mark.parametrize(
    ("tenure", "office"),
    [
        (Tenure("Rufus T. Firefly", "President", "Freedonia", "r", (1,)), "President_(Freedonia)"),
        (Tenure("Rufus T. Firefly", "President", None, "r", (1,)), "President"),
        (Tenure("Rufus T. Firefly", "president", None, "r", (1,), office_page="President of Freedonia"), "President_of_Freedonia"),
    ],
)
def test_an_office_is_named_by_its_page_or_by_what_is_clear(tenure: Tenure, office: str) -> None:
    graph = graph_of(said=facts(tenures=(tenure,)))
    assert graph[one(graph, RDF.type, ENT.Tenure)][ENT.office] == {res(office)}
    assert graph[res(office)][RDF.type] == {ENT.Office, ENT.Entity}


def test_two_times_in_one_office_are_two_tenures() -> None:
    first = replace(TENURE, earliest=date(1930, 1, 1), attested=())
    second = replace(TENURE, earliest=date(1940, 1, 1), attested=())
    graph = graph_of(said=facts(tenures=(first, TENURE, second)))
    tenures = [said for said in graph.values() if ENT.Tenure in said[RDF.type]]
    assert sorted(len(said[ENT.earliest]) for said in tenures) == [1, 1]


def test_passages_know_their_place_and_what_they_name() -> None:
    graph = graph_of()
    passage = graph[one(graph, ENT.start, '"100"^^<http://www.w3.org/2001/XMLSchema#integer')]
    assert passage[ENT.text] == {f'"{TEXTS[1]}"'}
    assert passage[ENT.section] == {'"History / Treaties"'}
    assert passage[ENT.inArticle] == {res("article/Freedonia–Sylvania_relations")}
    assert passage[ENT.mentions] == {res("Rufus_T._Firefly"), res("Sylvania")}
    assert passage[SCHEMA.citation] == {one(graph, DCTERMS.title, '"They sign"')}


def test_one_sentence_twice_is_two_passages() -> None:
    passages = [said for said in graph_of().values() if ENT.Passage in said[RDF.type]]
    assert len(passages) == 3


def test_a_citation_has_what_the_article_gives() -> None:
    graph = graph_of()
    full, poor = graph[one(graph, DCTERMS.title, '"They sign"')], graph[one(graph, ENT.accessed, '"last week"')]
    assert full[DCTERMS.publisher] == {'"The Herald"'}
    assert full[SCHEMA.publisher] == {res("publisher/herald")}
    assert graph[res("publisher/herald")][RDFS.label] == {'"The Herald"@en'}
    assert poor[SCHEMA.publisher] == {res("publisher/news.example")}
    assert full[DCTERMS.creator] == {'"A. Writer"'}
    assert full[DCTERMS.issued] == {day("1933-05-06")}
    assert full[SCHEMA.url] == {"https://news.example/1"}
    assert poor[SCHEMA.url] == {"https://news.example/2%20a"}
    assert poor[ENT.dead] == {'"true"^^<http://www.w3.org/2001/XMLSchema#boolean'}
    assert len(poor[RDFS.label]) == 1


def test_equal_references_are_one_citation() -> None:
    twice = (reference(0, url="https://news.example/1"), reference(1, url="https://news.example/1"))
    graph = graph_of(article(references=twice))
    assert len([said for said in graph.values() if ENT.Citation in said[RDF.type]]) == 1


def test_two_pages_of_one_source_are_two_citations() -> None:
    pages = ("4", "9")
    graph = graph_of(article(references=tuple(reference(i, title="One", page=page) for i, page in enumerate(pages))))
    assert {value for said in graph.values() if ENT.Citation in said[RDF.type] for value in said[ENT.page]} == {'"4"', '"9"'}


def test_references_without_content_stay_apart() -> None:
    graph = graph_of(article(references=(reference(0, name="a"), reference(1, name="b"))))
    assert len([said for said in graph.values() if ENT.Citation in said[RDF.type]]) == 2


def test_the_article_says_where_it_comes_from() -> None:
    graph = graph_of(article(revision=7, page_id=3, timestamp="2024-01-02T03:04:05Z"))
    said = graph[res("article/Freedonia–Sylvania_relations")]
    assert said[RDF.type] == {ENT.Article}
    assert said[SCHEMA.url] == {"https://en.wikipedia.org/wiki/Freedonia–Sylvania_relations"}
    assert said[DCTERMS.license] == {"https://creativecommons.org/licenses/by-sa/4.0/"}
    assert said[ENT.revision] == {'"7"^^<http://www.w3.org/2001/XMLSchema#integer'}
    assert said[DCTERMS.modified] == {'"2024-01-02T03:04:05Z"^^<http://www.w3.org/2001/XMLSchema#dateTime'}
    assert said[ENT.sha256] == {f'"{sha256(b"wikitext").hexdigest()}"'}


def test_everything_stands_in_the_articles_graph() -> None:
    assert {quad.graph for quad in article_quads(article(), facts())} == {f"<{res('article/Freedonia–Sylvania_relations')}>"}


def test_quads_are_sorted_and_each_once() -> None:
    lines = [quad.line().encode() for quad in article_quads(article(), facts())]
    assert lines == sorted(set(lines))


def test_the_order_of_facts_does_not_matter() -> None:
    said = facts()
    turned = facts(entities=said.entities[::-1], events=said.events[::-1])
    assert shard_lines(article(), said) == shard_lines(article(), turned)


def event_iris(source: Article, said: ArticleFacts) -> set[str]:
    return {subject for subject, about in graph_of(source, said).items() if about[ENT.modality]}


def test_an_events_iri_survives_edits_elsewhere() -> None:
    longer = article(texts=("Something new was written before.", *TEXTS))
    moved = facts(
        mentions=((), *facts().mentions),
        events=tuple(replace(e, passages=tuple(p + 1 for p in e.passages)) for e in (SIGNING, DENIAL)),
        agreements=(),
        tenures=(),
    )
    assert event_iris(longer, moved) == event_iris(article(), facts())


def test_an_events_iri_changes_with_its_sentence() -> None:
    other = article(texts=("Freedonia and Sylvania signed it.", *TEXTS[1:]))
    assert len(event_iris(other, facts()) & event_iris(article(), facts())) == 1


def test_events_that_look_alike_get_iris_of_their_own() -> None:
    alike = (SIGNING, replace(SIGNING, key="e3", actors=("Rufus T. Firefly",)), replace(SIGNING, key="e4"))
    assert len(event_iris(article(), facts(events=alike, agreements=()))) == 3
    assert event_iris(article(), facts(events=alike)) == event_iris(article(), facts(events=alike[::-1]))


def test_keys_that_nobody_describes_are_left_out() -> None:
    said = facts(
        events=(replace(SIGNING, actors=("Nobody", "Freedonia"), about=("Nothing",)),),
        tenures=(replace(TENURE, holder="Nobody"),),
        agreements=(),
        mentions=(("Nobody",), (), ()),
    )
    graph = graph_of(said=said)
    assert graph[one(graph, ENT.trigger, '"sign"')][ENT.actor] == {res("Freedonia")}
    assert not [subject for subject in graph if "Nobody" in subject]


def test_a_category_that_is_none_raises() -> None:
    with pytest.raises(UnknownTermError, match="cat:SUPPORT-sing"):
        list(article_quads(article(), facts(events=(replace(SIGNING, category="SUPPORT-sing"),))))


def test_two_keys_of_one_page_are_one_entity() -> None:
    both = (*ENTITIES, replace(entity("Freedonian Republic", Kind.STATE), page="Freedonia"))
    said = graph_of(said=facts(entities=both))[res("Freedonia")]
    assert said[RDFS.label] == {'"Freedonia"@en'}
    assert said[SKOS.altLabel] == {'"Freedonian Republic"@en', '"Land of the Free"@en'}


@pytest.mark.parametrize(
    ("found", "address"),
    [
        (entity("trade deal", Kind.AGREEMENT, linked=False), "agreement/Trade_deal_(Freedonia–Sylvania_relations)"),
        (entity("Great Panic", Kind.EVENT, linked=False), "event/Great_Panic_(Freedonia–Sylvania_relations)"),
        (entity("Firefly", Kind.PERSON, linked=False), "Firefly_(Freedonia–Sylvania_relations)"),
        (entity("Rufus Firefly", Kind.PERSON, linked=False), "Rufus_Firefly"),
        (entity("Freedonian Army", Kind.INSTITUTION, linked=False), "Freedonian_Army"),
    ],
)
def test_names_without_a_page_are_shared_only_where_they_are_clear(found: object, address: str) -> None:
    graph = graph_of(said=ArticleFacts((found,), ((), (), ())))  # type: ignore[arg-type]
    assert address in {subject.removeprefix(RESOURCE) for subject in graph}
