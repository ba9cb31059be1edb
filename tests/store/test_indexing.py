"""The index made from sorted N-Quads equals the one made from the store's answers."""

from __future__ import annotations

from pathlib import Path

from kg.graph import terms
from kg.graph.namespaces import ENT, RDF, RDFS, SKOS
from kg.store import Build, open_store
from kg.store.index.asking import write_search
from kg.store.index.indexing import index_build
from kg.store.index.search import SearchIndex
from kg.store.oxigraph import bulk_load


def test_a_build_has_the_index_that_its_store_gives(build: Build, tmp_path: Path) -> None:
    write_search(open_store(build.store_path), tmp_path / "search.sqlite")  # type: ignore[arg-type]
    assert (tmp_path / "search.sqlite").read_bytes() == (build.folder / "search.sqlite").read_bytes()


def test_what_is_escaped_in_the_graph_is_found_as_it_was_written(tmp_path: Path) -> None:
    text = 'He said "A\\nB\\\\C"\nand\tleft\x02 Đurić'
    said = [
        ("<x:e>", RDF.type, f"<{ENT.Event}>"),
        ("<x:e>", RDFS.label, terms.english("Zoë \\ Brontë")),
        ("<x:e>", SKOS.altLabel, terms.english('"Zoë"')),
        ("<x:e>", ENT.modality, f"<{ENT.asserted}>"),
        ("<x:e>", ENT.about, "<x:s>"),
        ("<x:e>", ENT.participant, "<x:s>"),
        ("<x:s>", RDF.type, f"<{ENT.Place}>"),
        ("<x:s>", RDF.type, f"<{ENT.State}>"),
        ("<x:s>", RDFS.label, terms.english("Sylvania")),
        ("<x:p>", RDF.type, f"<{ENT.Passage}>"),
        ("<x:p>", ENT.text, terms.text(text)),
        ("<x:p>", ENT.inArticle, "<x:a>"),
        ("<x:p>", ENT.start, terms.typed("7", "integer")),
        ("<x:p>", ENT.mentions, "<x:s>"),
    ]
    nquads = tmp_path / "sorted.nq"
    nquads.write_bytes(b"".join(sorted(f"{s} <{p}> {o} <x:g> .\n".encode() for s, p, o in said)))
    index_build(nquads, tmp_path / "search.sqlite")
    index = SearchIndex(tmp_path / "search.sqlite")
    assert [sentence.text for sentence in index.sentences("djuric")] == [text]
    assert {hit.name for hit in index.things("zoe", ["Event"])} == {"Zoë \\ Brontë"}
    [state] = index.things("sylvania")
    assert (state.kind, state.events, state.mentions) == ("State", 1, 1)

    bulk_load(tmp_path / "store", nquads)
    write_search(open_store(tmp_path / "store"), tmp_path / "asked.sqlite")  # type: ignore[arg-type]
    assert (tmp_path / "asked.sqlite").read_bytes() == (tmp_path / "search.sqlite").read_bytes()
