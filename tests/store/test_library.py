from __future__ import annotations

import datetime
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Dataset, URIRef

import kg
from kg.graph.namespaces import ENT
from kg.library import FrameError
from kg.store import Build, NoBuildError

README = Path(__file__).parents[2] / "kg" / "store" / "README.md"
QUERY = """
SELECT ?event ?day ?start ?nothing WHERE {
  ?event ent:trigger "sign" ; ent:earliest ?day ; prov:wasDerivedFrom/ent:start ?start
} ORDER BY ?event
"""


@pytest.fixture
def data(build: Build) -> str:
    return str(build.folder.parent.parent)


def test_open_gives_a_dataset_whose_default_graph_is_the_union(data: str) -> None:
    dataset = kg.open(data)
    assert isinstance(dataset, Dataset)
    assert len(list(dataset.query("SELECT ?s WHERE { ?s a <https://w3id.org/entente/ontology#Article> }"))) == 3
    graph = dataset.get_graph(URIRef("https://w3id.org/entente/resource/article/Sylvania"))
    assert len(list(graph.subjects(RDF.type, URIRef(ENT.Article)))) == 1


def test_open_takes_the_folder_from_the_environment(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTENTE_DATA", data)
    assert len(kg.open()) == len(kg.open(data))
    monkeypatch.setenv("ENTENTE_DATA", "/nowhere")
    with pytest.raises(NoBuildError):
        kg.open()


@pytest.mark.parametrize("frame", ["pandas", "polars"])
def test_rows_become_a_data_frame(data: str, frame: str) -> None:
    pytest.importorskip(frame)
    rows = kg.to_dataframe(QUERY, data, frame)
    assert type(rows).__module__.split(".")[0] == frame
    assert list(rows.columns) == ["event", "day", "start", "nothing"]
    assert rows.shape == (3, 4)
    assert list(rows["day"]) == [datetime.date(1933, 5, 5)] * 3
    assert list(rows["start"]) == [0, 0, 0]
    assert rows["event"][0].startswith("https://w3id.org/entente/resource/event/")


def test_frames_that_are_not_there(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FrameError, match="there are: pandas, polars"):
        kg.to_dataframe(QUERY, data, "excel")
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(FrameError, match="pip install pandas"):
        kg.to_dataframe(QUERY, data)


def test_a_canned_query_by_its_name(data: str) -> None:
    both = kg.to_dataframe("dyad-timeline", data, one="Freedonia", other="sylvania", from_=None)
    assert "eventLabel" in both.columns or "label" in both.columns
    assert len(both) > 0
    assert not [column for column in both.columns if column.startswith("_")]
    by_address = kg.to_dataframe(
        "dyad-timeline", data, one="http://127.0.0.1:8080/page/Freedonia", other="https://x.example/kg/page/Sylvania#y1933"
    )
    assert by_address.equals(both)


@pytest.mark.parametrize(("query", "values", "error", "told"), [
    ("dyad-timelin", {}, "QueryError", "Did you mean: dyad-timeline?"),
    ("dyad-timeline", {"one": "Freedonia"}, "ParameterError", "is needed"),
    ("dyad-timeline", {"one": "Freedonia", "another": "Sylvania"}, "ParameterError", "no parameter 'another'"),
    ("dyad-timeline", {"one": "Freedonai", "other": "Sylvania"}, "NameNotFoundError", "Did you mean: Freedonia"),
    ("SELECT * {", {}, "QueryError", "Not a SPARQL query"),
])  # fmt: skip
def test_errors_have_names(data: str, query: str, values: dict[str, str], error: str, told: str) -> None:
    with pytest.raises(getattr(kg, error), match=re.escape(told)) as raised:
        kg.to_dataframe(query, data, **values)
    assert isinstance(raised.value, kg.EntenteError)


def test_the_installed_name_is_entente(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(README.parents[1] / "alias"))
    entente = import_module("entente")
    assert entente.to_dataframe is kg.to_dataframe
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", entente.__version__)
    assert dir(entente) == sorted(kg.__all__)
    assert set(kg.__all__) <= set(dir(kg))
    for module in (kg, entente):
        assert all(getattr(module, name) is not None for name in module.__all__)
    with pytest.raises(AttributeError, match="no attribute 'opne'"):
        entente.opne  # noqa: B018


def test_only_select_has_rows(data: str) -> None:
    with pytest.raises(FrameError, match="this one is ASK"):
        kg.to_dataframe("ASK {}", data)


def test_importing_kg_loads_nothing() -> None:
    code = "import sys, kg; print([m for m in sys.modules if m.startswith(('kg.', 'rdflib', 'pyoxigraph', 'pandas'))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'opne'"):
        kg.opne  # noqa: B018


def test_the_readmes_example_runs(data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    section = README.read_text(encoding="utf-8").split("## Use it as a library", 1)[1]
    (example, *_) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    (tmp_path / "data").symlink_to(data)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(example, names)
    assert capsys.readouterr().out == "Treaty of Klopstokia\n"
    assert list(names["frame"].columns) == ["event", "date"]
    assert len(names["frame"]) > 0
