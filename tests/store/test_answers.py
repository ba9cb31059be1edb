"""Answers stored with a build equal those of its store; queries that time out are left out and named."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest

from kg.pipeline.questions import default_questions
from kg.store import Build, Provenance, current_build, new_build, open_store
from kg.store.output import prepared_answers
from kg.store.output.prepared_answers import KEPT_ROWS, Question, digest_of, read_answer, write_answers
from kg.store.oxigraph import query, serialize
from tests.server.bench.data import write_shards

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?h) }"
SHORT = Question("short", "SELECT ?s WHERE { VALUES ?s { 1 2 3 } }")


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A build of six generated articles with the answers to every canned query."""
    folder = tmp_path_factory.mktemp("answers")
    (folder / "shards").mkdir()
    with new_build(folder / "data") as draft:
        draft.assemble(write_shards(folder / "shards", 6), Provenance("test", "none", "none"), questions=default_questions)
    return current_build(folder / "data")


def test_every_canned_query_is_answered_as_the_store_does(made_up: Build) -> None:
    questions = default_questions(made_up.folder / "search.sqlite")
    assert len(questions) > 30
    store = open_store(made_up.store_path)
    for question in questions:
        output = BytesIO()
        serialize(query(store, question.text), "application/sparql-results+json", output)
        rows = json.loads(output.getvalue())["results"]["bindings"]
        found = read_answer(made_up.folder, question.name, question.text)
        assert found is not None, question.name
        assert (found.count, found.rows) == (len(rows), rows[:KEPT_ROWS]), question.name


def test_of_a_long_list_of_events_the_beginning_is_stored(made_up: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared_answers, "KEPT_ROWS", 5)
    long = [question for question in default_questions(made_up.folder / "search.sqlite", most_events=5) if question.events]
    assert len(long) > 10
    assert write_answers(made_up.store_path, long, tmp_path, apart=False) == []
    begun = 0
    for question in long:
        whole = read_answer(made_up.folder, question.name, question.text)
        found = read_answer(tmp_path, question.name, question.text)
        assert whole is not None, question.name
        assert found is not None, question.name
        assert found.rows == whole.rows[:5], question.name
        assert whole.events == 0, question.name
        assert found.count == (5 if found.events else whole.count), question.name
        begun += found.events > 5
    assert 10 < begun < len(long), "of some, the first events have too few rows"


def test_an_answer_to_another_text_is_none(made_up: Build) -> None:
    assert read_answer(made_up.folder, "states", "SELECT * WHERE {}") is None
    assert read_answer(made_up.folder, "../manifest", "") is None


def test_the_report_names_what_is_left_out(made_up: Build) -> None:
    assert made_up.report["unanswered"] == []
    assert made_up.manifest["questions"] == digest_of(default_questions(made_up.folder / "search.sqlite"))


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("SELECT", {"short": False, "last": False}),
        ("ASK {}", {"short": False, "last": False}),
        (ENDLESS, {"short": False, "last": False, "wrong": True}),
    ],
    ids=["no query", "no rows", "too slow"],
)
def test_what_cannot_be_answered_holds_nothing_else_up(made_up: Build, tmp_path: Path, wrong: str, expected: dict[str, bool]) -> None:
    questions = [SHORT, Question("wrong", wrong), Question("last", SHORT.text)]
    assert write_answers(made_up.store_path, questions, tmp_path, apart=True, seconds=1) == ["wrong"]
    stored = {path.stem: read_answer(tmp_path, path.stem, wrong if path.stem == "wrong" else SHORT.text) for path in tmp_path.glob("*/*")}
    assert {name: found.overran for name, found in stored.items() if found} == expected
