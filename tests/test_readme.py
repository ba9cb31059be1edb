"""The documents are correct: their commands parse and run, settings and files exist, and answers are as shown."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kg.cli import COMMANDS, main
from tests.readme import ANSWER, DOCUMENTS, README, ROOT, ROWS, SERVER, STATEMENT, TABLE, answer, settings_table, statement

TEXT = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
LINES = re.findall(r"^\$ (.*?)(?:  +#.*)?$", TEXT.replace("\\\n", " "), re.MULTILINE)
COMMAND_LINES = [line for line in LINES if line.startswith("entente ")]
RUN = [line for line in COMMAND_LINES if line.split()[1] in ("query", "export", "check", "diff", "evaluate")]


def test_every_command_is_documented() -> None:
    assert set(COMMANDS) == {line.split()[1] for line in COMMAND_LINES}


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_commands_parse(line: str) -> None:
    arguments = shlex.split(line.replace("*.json", "kosovo-serbia.json"))[1:]
    context = click.Context(main)
    name, command, rest = main.resolve_command(context, arguments)
    assert command is not None
    command.make_context(name, rest, parent=context)


@pytest.mark.parametrize("line", [line for line in RUN if "*" not in line] + [line for line in LINES if "| entente query -" in line])
def test_commands_run(line: str, seed_data: Path, tmp_path: Path) -> None:
    entente = f"{shlex.quote(sys.executable)} -c 'import sys; from kg.cli import main; main(sys.argv[1:])'"
    environment = os.environ | {"ENTENTE_DATA": str(seed_data), "PYTHONPATH": str(ROOT)}
    for name in ("tests", "seeds"):
        (tmp_path / name).symlink_to(ROOT / name)
    script = re.sub(r"\bentente (?=query|export|check|diff|evaluate)", f"{entente} ".replace("\\", r"\\"), line)
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout or "--output" in line


def test_settings_table() -> None:
    found = TABLE.search(SERVER.read_text(encoding="utf-8"))
    assert found
    assert found[0] == "<!-- settings -->\n" + settings_table(), "python -m tests.readme writes it anew"


@pytest.mark.parametrize(("command", "shown"), ANSWER.findall(TEXT))
def test_answers_are_given(command: str, shown: str, seed_data: Path) -> None:
    """The README shows the beginning of the shipped build's answer."""
    assert shown.splitlines() == [f"$ {command}", *(line.rstrip() for line in answer(command, seed_data)[:ROWS])], "python -m tests.readme"


def test_the_tour_opens_with_a_statement_of_the_shipped_build(seed_data: Path) -> None:
    [(command, shown)] = STATEMENT.findall(README.read_text(encoding="utf-8"))
    assert shown == statement(command, seed_data), "python -m tests.readme"


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:seeds|kg|ontology|queries|server|tests)/[\w./-]*)`", TEXT))))
def test_files_are_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]


def test_python_examples_import() -> None:
    for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL):
        imports = [line for line in block.splitlines() if line.startswith(("from ", "import "))]
        assert imports
        for line in imports:
            exec(line, {})


def test_make_targets_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"\bmake ([a-z-]+)\b", TEXT):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
