"""The tables agree with the graph, column by column as documented, and other programs can read them."""

from __future__ import annotations

import csv
import gzip
import json
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.graph.namespaces import PREFIXES, RESOURCE
from kg.store import Build
from kg.store.output.tables.actor_network import WRITERS, write_network
from kg.store.output.tables.writing import tables, write_tables

HEAD = " ".join(f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in PREFIXES.items())


def rows(build: Build, name: str) -> list[dict[str, str]]:
    with (build.dumps / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(build: Build, pattern: str) -> int:
    store = ox.Store.read_only(str(build.store_path))
    (row,) = store.query(f"{HEAD} SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}", use_default_graph_as_union=True)
    return int(row["n"].value)


@pytest.mark.parametrize(("name", "pattern"), [
    ("events", "?x a ent:Event ; ent:modality ?m"),
    ("agreements", "?x a ent:Agreement"),
    ("tenures", "?x a ent:Tenure"),
    ("entities", "?x a ent:Entity FILTER NOT EXISTS { ?x a ent:Tenure } FILTER NOT EXISTS { ?x ent:modality ?m }"),
])  # fmt: skip
def test_a_row_for_each(build: Build, name: str, pattern: str) -> None:
    found = rows(build, name)
    assert len(found) == number(build, pattern) > 0
    assert len({row["id"] for row in found}) == len(found)


@pytest.mark.parametrize("name", tables())
def test_every_column_is_documented_and_every_field_of_its_type(build: Build, name: str) -> None:
    with (build.dumps / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == tables()[name].names
    assert {len(line) for line in lines} == {len(lines[0])}
    described = {table["url"]: table for table in json.loads((build.dumps / "tables.csvw.json").read_text())["tables"]}
    columns = described[f"{name}.csv"]["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == lines[0]
    for column in tables()[name].columns:
        assert column.description.endswith(".")
        for field in (line[lines[0].index(column.name)] for line in lines[1:]):
            check(field, column.datatype)


def check(field: str, datatype: str) -> None:
    if field and datatype in ("integer", "gYear"):
        int(field)
    elif field and datatype == "decimal":
        float(field)
    elif field and datatype == "anyURI":
        assert field.startswith(("http://", "https://"))


def test_an_event_has_all_that_the_graph_says_of_it(build: Build) -> None:
    signing = next(row for row in rows(build, "events") if row["category"] == "SUPPORT" and row["mode"] == "sign")
    assert signing["actors"] == "Freedonia; Sylvania"
    assert signing["actor_ids"] == f"{RESOURCE}Freedonia {RESOURCE}Sylvania"
    assert (signing["date"], signing["earliest"], signing["latest"]) == ("1933-05-05",) * 3
    assert (signing["mediators"], signing["places"], signing["about"]) == ("League of Leagues", "Klopstokia", "Treaty of Klopstokia")
    assert (signing["latitude"], signing["longitude"]) == ("47.5", "19.25")
    assert signing["quad_class"] == "verbalCooperation"
    assert signing["modality"] == "asserted"
    assert signing["sentence"].startswith("Freedonia and Sylvania signed")
    assert (signing["sentence_start"], signing["sentence_end"]) == ("0", "90")
    assert signing["sentence"][int(signing["trigger_start"]) : int(signing["trigger_end"])] == "signed"
    assert (signing["actor_offsets"], signing["about_offsets"], signing["date_offsets"]) == ("0-9 14-22", "34-54", "58-68")
    assert (signing["mediator_offsets"], signing["recipient_offsets"]) == ("-", "")
    assert signing["references"] == "https://news.example/1"


def test_pairs_count_what_happened_only(build: Build) -> None:
    found = {(row["one"], row["other"], row["year"]): row for row in rows(build, "dyad-years")}
    signed = found["Freedonia", "Sylvania", "1933"]
    assert signed["events"] == signed["verbal_cooperation"] == "3"
    assert not [pair for pair in found if "Rufus T. Firefly" in pair], "he took part only in what did not happen"


def test_agreements_have_one_row_and_their_terms(build: Build) -> None:
    (treaty,) = rows(build, "agreements")
    assert (treaty["parties"], treaty["signatories"], treaty["date"]) == ("Freedonia; Sylvania", "Rufus T. Firefly", "1933-05-05")


def test_croissant_names_files_that_are_there(build: Build) -> None:
    about = json.loads((build.dumps / "croissant.json").read_text())
    for file in about["distribution"]:
        assert (build.dumps / file["name"]).stat().st_size == int(file["contentSize"].split()[0])
    files = {file["@id"] for file in about["distribution"]}
    for record_set in about["recordSet"]:
        fields = {field["@id"] for field in record_set["field"]}
        assert {key["@id"] for key in record_set["key"]} <= fields
        assert {field["source"]["fileObject"]["@id"] for field in record_set["field"]} <= files


def test_pandas_reads_parquet_with_types(build: Build) -> None:
    pytest.importorskip("pyarrow")
    pandas = pytest.importorskip("pandas")
    for name, table in tables().items():
        frame = pandas.read_parquet(build.dumps / f"{name}.parquet")
        texts = [[("" if value is None or value != value else str(value)) for value in row] for row in frame.astype(object).values.tolist()]
        assert list(frame.columns) == table.names
        for written, read in zip(rows(build, name), texts, strict=True):
            for column, text in zip(table.columns, read, strict=True):
                assert _same(written[column.name], text, column.datatype), column
    assert frame["events"].dtype.kind == "i"


def _same(written: str, read: str, datatype: str) -> bool:
    if datatype in ("decimal", "integer", "gYear") and written:
        return float(written) == float(read)
    return written == (read.lower() if datatype == "boolean" else read)


def test_without_pyarrow_there_is_csv_only(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    nquads = tmp_path / "entente.nq"
    nquads.write_bytes(gzip.decompress(build.nquads.read_bytes()))
    assert {path.suffix for path in write_tables(nquads, tmp_path)} == {".csv"}


@pytest.fixture(params=WRITERS)
def network(request: pytest.FixtureRequest, build: Build, tmp_path: Path) -> Path:
    nquads = tmp_path / "entente.nq"
    nquads.write_bytes(gzip.decompress(build.nquads.read_bytes()))
    write_network(nquads, tmp_path / f"network.{request.param}", request.param)
    return tmp_path / f"network.{request.param}"


def test_networkx_reads_the_network(network: Path) -> None:
    networkx = pytest.importorskip("networkx")
    graph = networkx.read_graphml(network) if network.suffix == ".graphml" else networkx.read_gexf(network)
    assert graph.nodes[f"{RESOURCE}Freedonia"]["label"] == "Freedonia"
    edge = graph.edges[f"{RESOURCE}Freedonia", f"{RESOURCE}Sylvania"]
    assert edge["weight"] == 3
    assert edge["cooperation"] == 3
    assert edge["conflict"] == 0


def test_igraph_reads_the_network(network: Path) -> None:
    igraph = pytest.importorskip("igraph")
    if network.suffix != ".graphml":
        pytest.skip("igraph reads no GEXF")
    graph = igraph.Graph.Read_GraphML(str(network))
    assert set(graph.vs["class"]) == {"State", "Institution"}
    assert graph.ecount() == 3
