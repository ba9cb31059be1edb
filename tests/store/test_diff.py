from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import EntenteError
from kg.graph.namespaces import DATASET, ENT, RDF, RDFS
from kg.graph.terms import english, iri
from kg.store.build_comparison import Change, difference


def write(path: Path, *triples: tuple[str, str, str], graph: str = "x:g") -> Path:
    path.write_text("".join(sorted(f"<{s}> {iri(p)} {o} <{graph}> .\n" for s, p, o in triples)), encoding="utf-8")
    return path


STATE = [("x:a", RDF.type, iri(ENT.State)), ("x:a", RDF.type, iri(ENT.Agent)), ("x:a", RDFS.label, english("A"))]
OTHER = [("x:a(b", RDF.type, iri(ENT.Place)), ("x:a(b", RDFS.label, english("A (b)"))]


def test_added_dropped_and_changed(tmp_path: Path) -> None:
    renamed = [*STATE[:2], ("x:a", RDFS.label, english("New A"))]
    before = write(tmp_path / "1.nq", *STATE, *OTHER)
    after = write(tmp_path / "2.nq", *renamed, ("x:c", RDF.type, iri(ENT.Event)))
    found = difference(before, after)
    assert found.by_class() == {
        "Event": {"added": 1, "dropped": 0, "changed": 0},
        "Place": {"added": 0, "dropped": 1, "changed": 0},
        "State": {"added": 0, "dropped": 0, "changed": 1},
    }
    changed = next(change for change in found.changes if change.kind == "changed")
    label = iri(RDFS.label)
    assert changed == Change("changed", "<x:a>", "New A", "State", (f'{label} "A"@en',), (f'{label} "New A"@en',))


def test_the_same_in_another_graph_is_no_change(tmp_path: Path) -> None:
    assert difference(write(tmp_path / "1.nq", *STATE), write(tmp_path / "2.nq", *STATE, graph="x:h")).by_class() == {}


def test_the_description_of_the_dataset_does_not_count(tmp_path: Path) -> None:
    before = write(tmp_path / "1.nq", *STATE)
    after = write(tmp_path / "2.nq", *STATE, graph=DATASET)
    assert difference(before, after).by_class() == {"State": {"added": 0, "dropped": 1, "changed": 0}}


@pytest.mark.parametrize("content", [b"not N-Quads", b"\xff\xfe", b"<a> <b> <c>"])
def test_something_else_is_an_error_that_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.nq").write_bytes(content)
    dump = write(tmp_path / "1.nq", *STATE)
    with pytest.raises(EntenteError, match="not a dump in N-Quads"):
        difference(tmp_path / "x.nq", dump)
