"""A fact leads back to its sentence and to the rule that produced it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import EntenteError
from kg.graph.namespaces import RESOURCE
from kg.pipeline.explaining import explain
from kg.store import current_build, open_store

ROOT = Path(__file__).parent.parent.parent
EVENTS = """PREFIX ent: <https://w3id.org/entente/ontology#>
SELECT ?event ?rule ?text { ?event ent:rule ?rule ; ent:category ?any ; <http://www.w3.org/ns/prov#wasDerivedFrom> ?passage .
  ?passage ent:text ?text } ORDER BY ?event LIMIT 1"""


def test_an_event_of_the_graph(seed_data: Path) -> None:
    event, rule, text = next(iter(open_store(current_build(seed_data).store_path).query(EVENTS, use_default_graph_as_union=True)))
    said = "\n".join(explain(event.value, [ROOT / "seeds"], seed_data))
    assert text.value in said
    assert f"read by: {rule.value}" in said


def test_words_of_a_sentence_and_a_sentence_of_ones_own(seed_data: Path) -> None:
    (said,) = explain("Portugal recalled its ambassador from Austria in May 2001.", [ROOT / "seeds"], seed_data)
    assert "recipients: Austria" in said
    text = next(iter(open_store(current_build(seed_data).store_path).query(EVENTS, use_default_graph_as_union=True)))["text"].value
    assert any(text in found for found in explain(text[10:60], [ROOT / "seeds"], seed_data))


@pytest.mark.parametrize(("wanted", "message"), [("event/zzz", "contains no such fact"), ("event/a b", "is not an IRI")])
def test_what_is_no_fact(seed_data: Path, wanted: str, message: str) -> None:
    with pytest.raises(EntenteError, match=message):
        list(explain(RESOURCE + wanted, [ROOT / "seeds"], seed_data))


def test_the_descriptions_of_an_article(tmp_path: Path) -> None:
    source = tmp_path / "Chad–Peru relations.wiki"
    source.write_text("[[Chad]] protested. Both countries then met.", encoding="utf-8")
    (said,) = explain("chad–peru relations", [source], tmp_path)
    assert "'countries' is Chad, Peru, by two-sides: the two named together last, else" in said
