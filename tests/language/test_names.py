"""Names, public bodies and titles, case by case from data files, without the model."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg.facts import Kind
from kg.language.entities.classification import Classifier
from kg.language.gazetteer import names
from kg.language.gazetteer.bodies import Bodies
from kg.language.gazetteer.world import Gazetteer

HERE = Path(__file__).parent


def cases(name: str) -> dict:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


STRINGS = [(row["function"], text, wanted) for row in cases("names")["case"] for text, wanted in row["cases"]]
TITLES = [(title, kind) for kind, titles in cases("classes").items() for title in titles]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer()


@pytest.fixture(scope="module")
def classifier(gazetteer: Gazetteer) -> Classifier:
    return Classifier(gazetteer, Bodies(gazetteer))


@pytest.mark.parametrize(("function", "text", "wanted"), STRINGS, ids=[f"{f}-{t}" for f, t, _ in STRINGS])
def test_strings(function: str, text: str, wanted: object) -> None:
    assert getattr(names, function)(text) == wanted


@pytest.mark.parametrize("case", cases("bodies")["case"], ids=lambda case: case["text"])
def test_bodies(case: dict, gazetteer: Gazetteer) -> None:
    body = Bodies(gazetteer).parse(case["text"])
    assert (body.name if body else "", (body.state if body else None) or "") == (case["body"], case["state"])


@pytest.mark.parametrize(("title", "kind"), TITLES, ids=[t for t, _ in TITLES])
def test_a_title_tells_its_class(title: str, kind: str, classifier: Classifier) -> None:
    decided = classifier.decide(classifier.title(title))
    assert decided == (Kind(kind) if kind else None)


def test_the_evidence_names_what_was_seen(classifier: Classifier) -> None:
    evidence = classifier.evidence(classifier.title("Battle of Adwa"))
    assert (evidence[0].source, evidence[0].kind) == ("head:battle", Kind.EVENT)


def test_every_state_of_cldr_is_known(gazetteer: Gazetteer) -> None:
    babel = pytest.importorskip("babel")
    states = {code for code in babel.Locale("en").territories if len(code) == 2 and code.isalpha()}
    dependent = set(cases("territories")["code"])
    assert sorted(code for code in states - dependent if gazetteer.state_of_code(code) is None) == []


def test_a_nationality_word_leads_to_one_state(gazetteer: Gazetteer) -> None:
    shared: dict[str, set[str]] = {}
    for entry in gazetteer.entries.values():
        for word in entry.adjectives:
            shared.setdefault(word, set()).add(entry.key)
    assert {word: keys for word, keys in shared.items() if len(keys) > 1} == {}


def test_places_are_found_by_bisection(gazetteer: Gazetteer) -> None:
    first, last = gazetteer.cities("Zürich"), gazetteer.cities("Aachen")
    assert [city.code for city in (*first[:1], *last[:1])] == ["CH", "DE"]
    assert round(first[0].latitude), round(first[0].longitude) == (47, 9)
    assert gazetteer.cities("Xyzzyville") == ()
