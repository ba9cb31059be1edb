"""The command line as users and scripts run it: as a separate process, with its output parsed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def entente(*arguments: object, cwd: Path = ROOT, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command and wait for it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ENTENTE_")} | {"PYTHONPATH": str(ROOT)}
    environment |= options.pop("env", {})  # type: ignore[arg-type]
    command = [sys.executable, "-m", "kg", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, timeout=120, check=False, **options)  # type: ignore[call-overload, no-any-return]


def assert_one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("entente: ")
    for word in words:
        assert word in lines[0]


def test_version() -> None:
    done = entente("--version")
    assert re.fullmatch(r"entente, version \d+\.\d+\.\d+\n", done.stdout)


@pytest.mark.parametrize("command", ["build", "serve", "query", "export"])
def test_help(command: str) -> None:
    done = entente(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: entente {command}")


def wrong_path(folder: Path) -> tuple[object, ...]:
    return "build", folder / "nowhere.wiki"


def empty_folder(folder: Path) -> tuple[object, ...]:
    (folder / "empty").mkdir()
    return "build", folder / "empty"


def not_utf8(folder: Path) -> tuple[object, ...]:
    (folder / "latin.wiki").write_bytes(b"'''Malm\xf6''' is a city.")
    return "build", folder / "latin.wiki"


def not_a_folder(folder: Path) -> tuple[object, ...]:
    (folder / "file").write_text("here")
    return "build", "--data", folder / "file" / "data"


def no_build(folder: Path) -> tuple[object, ...]:
    return "query", "people", "--data", folder / "data"


def nothing_to_export(folder: Path) -> tuple[object, ...]:
    return "export", "--data", folder / "data"


def nothing_to_serve(folder: Path) -> tuple[object, ...]:
    return "serve", "--port", "0", "--data", folder / "data"


def no_name_for_the_output(folder: Path) -> tuple[object, ...]:
    return "export", "--output", "", "--data", damaged_store(folder)[-1]


def data_folder_in_a_circle(folder: Path) -> tuple[object, ...]:
    (folder / "circle").symlink_to(folder / "circle")
    return "build", "--data", folder / "circle"


def damaged_store(folder: Path) -> tuple[object, ...]:
    build = folder / "data" / "builds" / "0"
    (build / "store").mkdir(parents=True)
    (build / "manifest.json").write_text("{}")
    (folder / "data" / "current").symlink_to(build)
    return "serve", "--port", "0", "--data", folder / "data"


def no_such_query(folder: Path) -> tuple[object, ...]:
    return "query", "peeple", "--data", folder


def parameter_without_value(folder: Path) -> tuple[object, ...]:
    return "query", "people", "-p", "state", "--data", folder


def no_such_parameter(folder: Path) -> tuple[object, ...]:
    return "query", "people", "-p", "colour=blue", "--data", folder


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (wrong_path, ["nowhere.wiki"]),
        (empty_folder, ["empty", "no article found", ".wiki"]),
        (not_utf8, ["latin.wiki", "UTF-8"]),
        (not_a_folder, ["file"]),
        (no_build, ["data", "entente build"]),
        (nothing_to_export, ["data", "entente build"]),
        (nothing_to_serve, ["data", "entente build"]),
        (damaged_store, ["store", "damaged", "entente build"]),
        (no_name_for_the_output, ["--output", "name of a file"]),
        (data_folder_in_a_circle, ["circle"]),
        (no_such_query, ["peeple", "people", "--list"]),
        (parameter_without_value, ["state", "name=value"]),
        (no_such_parameter, ["colour"]),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_errors_are_one_line(tmp_path: Path, case: object, words: list[str]) -> None:
    arguments = case(tmp_path)  # type: ignore[operator]
    data = [] if "--data" in arguments else ["--data", tmp_path / "data"]
    assert_one_line(entente(*arguments, *data), *words)


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that not even root may write to")
def test_read_only_data_folder() -> None:
    assert_one_line(entente("build", "--data", "/sys/kernel/entente"), "/sys/kernel/entente", "cannot be written", "--data")


def test_the_default_data_folder_is_beside_you(tmp_path: Path) -> None:
    (tmp_path / "Short.wiki").write_text("[[France]] and [[Italy]] signed an agreement in [[Rome]] in 1950.")
    done = entente("build", "Short.wiki", "--jobs", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"Built [0-9a-f]{16}: .* quads of 1 article .* in .*/data/builds/[0-9a-f]{16}\n", done.stdout)
    assert "Italy" in entente("query", "states", cwd=tmp_path).stdout
    assert entente("build", "Short.wiki", cwd=tmp_path).stdout.startswith("Nothing has changed")


def test_port_in_use(seed_data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_one_line(entente("serve", "--port", port, "--data", seed_data), str(port), "in use")


def test_query_formats_agree(seed_data: Path) -> None:
    table = entente("query", "people", "--data", seed_data)
    assert table.returncode == 0
    rows = list(csv.DictReader(io.StringIO(entente("query", "people", "--data", seed_data, "-f", "csv").stdout)))
    found = json.loads(entente("query", "people", "--data", seed_data, "-f", "json").stdout)
    assert rows
    assert [row["personLabel"] for row in rows] == [b["personLabel"]["value"] for b in found["results"]["bindings"]]
    lines = table.stdout.splitlines()
    assert lines[0].split()[0] == "person"
    assert [row["personLabel"] for row in rows] == [re.split(r"  +", line)[0] for line in lines[1:]]
    assert table.stderr.strip() == f"{len(rows)} rows"


def test_query_from_a_file_and_standard_input(seed_data: Path, tmp_path: Path) -> None:
    text = "ASK { ?article a <https://w3id.org/entente/ontology#Article> }"
    (tmp_path / "any.rq").write_text(text)
    assert entente("query", tmp_path / "any.rq", "--data", seed_data).stdout == "yes\n"
    assert entente("query", "-", "--data", seed_data, input=text).stdout == "yes\n"
    (tmp_path / "wrong.rq").write_text("SELECT ?x WHERE { ?x ")
    assert_one_line(entente("query", tmp_path / "wrong.rq", "--data", seed_data), "wrong.rq")


def test_construct_in_a_file(seed_data: Path, tmp_path: Path) -> None:
    import rdflib

    person = "?person a <https://w3id.org/entente/ontology#Person>"
    (tmp_path / "graph.rq").write_text(f"CONSTRUCT {{ {person} }} WHERE {{ {person} }}")
    people = len(entente("query", "people", "--data", seed_data, "-f", "csv").stdout.splitlines()) - 1
    for form, name in (("ttl", "turtle"), ("nt", "nt"), ("table", "turtle"), ("jsonld", "json-ld")):
        done = entente("query", tmp_path / "graph.rq", "--data", seed_data, "-f", form)
        assert len(rdflib.Graph().parse(data=done.stdout, format=name)) == people


@pytest.mark.parametrize(("form", "name"), [("ttl", "turtle"), ("nt", "nt"), ("nq", "nquads"), ("trig", "trig"), ("jsonld", "json-ld")])
def test_export_writes_the_whole_graph(seed_data: Path, tmp_path: Path, form: str, name: str) -> None:
    import rdflib

    from kg.store import current_build

    target = tmp_path / f"graph.{form}"
    assert entente("export", "-f", form, "-o", target, "--data", seed_data).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(target, format=name)
    with gzip.open(current_build(seed_data).nquads) as lines:
        assert len(dataset) == len({line.rsplit(b" ", 2)[0] for line in lines})


def test_no_colour_in_a_pipe_nor_where_it_is_not_wanted(seed_data: Path) -> None:
    assert "\x1b" not in entente("query", "people", "--data", seed_data).stdout
    assert "\x1b" not in entente("query", "--list").stdout


def test_start_is_quick(seed_data: Path) -> None:
    """It takes 0.25 s on a quiet machine, where 0.4 are allowed; its processor time hardly depends on other processes."""
    used = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        entente("query", "people", "--data", seed_data, "-f", "csv")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(used) < 0.6


def test_a_query_is_stopped_in_time(seed_data: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert_one_line(entente("query", "-", "--data", seed_data, "--timeout", "1", input=endless), "stopped after 1 s", "--timeout")
    done = entente("query", "people", "--data", seed_data, "--timeout", "60", "--format", "csv")
    assert (done.returncode, done.stdout) == (0, entente("query", "people", "--data", seed_data, "--format", "csv").stdout)
    assert_one_line(entente("query", "-", "--data", seed_data, "--timeout", "60", input="SELECT"), "not a SPARQL query")


def test_a_page_stands_for_its_thing(seed_data: Path) -> None:
    by_name = entente("query", "events-of", "-p", "who=Kosovo", "--data", seed_data, "--format", "csv")
    by_page = entente("query", "events-of", "-p", "who=http://127.0.0.1:8080/page/Kosovo#y2008", "--data", seed_data, "--format", "csv")
    assert by_name.stdout.count("\n") > 5
    assert by_page.stdout == by_name.stdout


def test_names_that_do_not_fit_are_explained(seed_data: Path) -> None:
    assert_one_line(entente("query", "events-of", "-p", "who=Kosvo", "--data", seed_data), "Kosvo", "Did you mean: Kosovo")
    told = entente("query", "agreements-between", "-p", "state=EU", "-p", "other=Serbia", "--data", seed_data)
    assert_one_line(told, "EU is an institution; expected a state.")


def test_the_prefixes_that_the_help_names_need_no_declaration(seed_data: Path) -> None:
    told = " ".join(entente("query", "--help").stdout.split())
    named = re.findall(r"([a-z]+):(?=,| and| need)", told[told.index("The prefixes") :])
    assert {"ent", "rdfs", "wd"} <= set(named)
    pattern = " ".join(f"OPTIONAL {{ ?s {prefix}:x ?o }}" for prefix in named)
    assert entente("query", "-", "--data", seed_data, input=f"ASK {{ {pattern} }}").returncode == 0


def test_builds_are_listed_with_what_they_hold(seed_data: Path) -> None:
    (line,) = entente("builds", "--data", seed_data).stdout.splitlines()
    counts = re.fullmatch(
        r"\* [0-9a-f]{16}  [-0-9]{10} [:0-9]{5}  1 article, ([\d,]+) events, ([\d,]+) agreements, [\d,]+ quads; inputs \w{12}", line
    )
    assert counts, line
    query = "SELECT (COUNT(*) AS ?n) { ?event a ent:Event ; ent:modality ?modality }"
    assert entente("query", "-", "--data", seed_data, "--format", "csv", input=query).stdout.split() == ["n", counts[1]]


@pytest.mark.parametrize("before", [True, False])
def test_the_folder_of_the_builds_may_stand_on_either_side_of_use(tmp_path: Path, before: bool) -> None:
    option = ["--data", tmp_path / "here"]
    done = entente("builds", *(option if before else ()), "use", "abc", *(() if before else option), env={"ENTENTE_DATA": "elsewhere"})
    assert_one_line(done, str(tmp_path / "here"), "no build is called 'abc'")
