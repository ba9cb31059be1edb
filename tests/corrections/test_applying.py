"""Corrections change the graph as stated in ``cases.toml``, in any order, and leave it consistent."""

from __future__ import annotations

import os
import random
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.corrections import CorrectionError, read_corrections
from kg.corrections.applying import Corrector
from kg.graph import shard_lines
from kg.graph.claims import resolve
from kg.graph.namespaces import ENT, PREFIXES, RDF, RDFS, RESOURCE, ontology
from kg.store.draft import ontology_lines
from tests.graph.examples import article, facts

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))
HEAD = f"BASE <{RESOURCE}> " + " ".join(f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in PREFIXES.items())
TITLES = ("Freedonia–Sylvania relations", "Sylvania")
SIGNED = {"author": '"A. Reader"', "date": "2026-03-04", "reason": '"It says so."'}


def written(corrections: str, folder: Path) -> Path:
    """Write corrections to a file, adding author, date and reason where missing."""
    blocks = []
    for block in corrections.split("[[correction]]\n"):
        missing = [f"{key} = {value}" for key, value in SIGNED.items() if f"\n{key} =" not in block]
        blocks.append(block if not block.strip() else "\n".join(["[[correction]]", *missing, block]))
    path = folder / "corrections.toml"
    path.write_text("\n".join(blocks) if "[[correction]]" in corrections else corrections, encoding="utf-8")
    return path


def corrected(corrector: Corrector) -> list[bytes]:
    shards = [sorted(shard_lines(article(title), facts())) for title in TITLES]
    return list(resolve(sorted({*ontology_lines(), *corrector.lines([lambda shard=shard: shard for shard in shards])})))  # type: ignore[misc]


def loaded(lines: list[bytes]) -> ox.Store:
    store = ox.Store()
    store.bulk_load(b"".join(lines), format=ox.RdfFormat.N_QUADS)
    return store


def holds(store: ox.Store, pattern: str) -> bool:
    return bool(store.query(f"{HEAD} ASK {{ {pattern} }}", use_default_graph_as_union=True))


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    corrector = Corrector(read_corrections([written(case["corrections"], tmp_path)]))
    store = loaded(corrected(corrector))
    problems = " ".join(outcome.problem for outcome in corrector.outcomes)
    assert case.get("problem", "") in problems
    assert bool(problems.strip()) == ("problem" in case), problems
    for pattern in case.get("holds", ()):
        assert holds(store, pattern), pattern
    for pattern in case.get("fails", ()):
        assert not holds(store, pattern), pattern
    assert_sound(store)


def assert_sound(store: ox.Store) -> None:
    """Check the invariants of ``tests/graph/test_integrity.py`` that corrections could break."""
    described = {quad.subject.value for quad in store}
    named = {quad.object.value for quad in store if isinstance(quad.object, ox.NamedNode)}
    assert sorted(node for node in named - described if node.startswith(RESOURCE)) == []
    labels = Counter(quad.subject.value for quad in store if quad.predicate.value == RDFS.label)
    assert [node for node in described if node.startswith(RESOURCE) and labels[node] != 1] == []
    kinds = [(quad.subject.value, quad.object.value) for quad in store if quad.predicate.value == RDF.type]
    missing = [(s, up) for s, kind in kinds for up in ontology().broader.get(kind, ()) if (s, up) not in kinds]
    assert missing == []
    assert len({quad.triple for quad in store}) == len(store)
    assert {quad.predicate.value for quad in store} <= ontology().terms
    assert ENT.Correction in ontology().terms


@pytest.mark.parametrize("case", CASES["broken"], ids=lambda case: case["name"])
def test_broken_file(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    signed = "".join(f"\n{key} = {value}" for key, value in SIGNED.items())
    path.write_text(case["corrections"] + (signed if "quote = " in case["corrections"] else ""), encoding="utf-8")
    with pytest.raises(CorrectionError) as caught:
        read_corrections([path])
    assert case["problem"] in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_pipe_holds_no_corrections(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.toml")
    for given in (tmp_path, tmp_path / "a.toml"):
        with pytest.raises(CorrectionError, match="a pipe or device"):
            read_corrections([given])


def test_the_order_of_files_and_corrections_does_not_matter(tmp_path: Path) -> None:
    fitting = [case["corrections"] for case in CASES["case"] if "problem" not in case]
    blocks = [block for text in fitting for block in text.split("[[correction]]\n") if block.strip()]
    results = set()
    for seed in range(4):
        folder = tmp_path / str(seed)
        folder.mkdir()
        random.Random(seed).shuffle(blocks)
        for number, some in enumerate((blocks[:5], blocks[5:])):
            place = folder / f"{number}"
            place.mkdir()
            written("".join(f"[[correction]]\n{block}" for block in some), place)
        corrector = Corrector(read_corrections([folder / "0", folder / "1"]))
        results.add(b"".join(corrected(corrector)))
        assert_sound(loaded(corrected(Corrector(read_corrections([folder / "0", folder / "1"])))))
    assert len(results) == 1


def test_without_corrections_nothing_changes() -> None:
    shards = [sorted(shard_lines(article(title), facts())) for title in TITLES]
    assert list(Corrector([]).lines([lambda shard=shard: shard for shard in shards])) == [line for shard in shards for line in shard]  # type: ignore[misc]
