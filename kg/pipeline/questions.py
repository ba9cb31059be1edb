"""The queries answered in advance for each build: every canned query with its default parameters."""

from __future__ import annotations

from pathlib import Path

from kg.sparql.canned import load_queries
from kg.store.index.search import SearchIndex, classes_in
from kg.store.output.prepared_answers import Question


def default_questions(index: Path) -> list[Question]:
    """Return every canned query as its page first runs it; the most active entities of the index fill parameters that must be chosen."""
    found = SearchIndex(index)

    def foremost(entity: str, number: int) -> list[str]:
        return [thing.iri for thing in found.foremost(classes_in(entity), number)]

    questions = []
    for query in load_queries().values():
        given = query.examples(foremost)
        if all(not p.required or p.default or p.name in given for p in query.parameters):
            questions.append(Question(query.name, query.inline(query.bind(given))))
    return questions
