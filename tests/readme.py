"""Generate parts of the documents: `python -m tests.readme` rewrites them, tests/test_readme.py compares them."""

from __future__ import annotations

import csv
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from server.settings import SETTINGS

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SERVER = ROOT / "server" / "README.md"
DOCUMENTS = (
    README,
    SERVER,
    *(ROOT / name for name in ("kg/README.md", "kg/store/README.md", "kg/SCALING.md", "ontology/README.md", "tests/README.md")),
    ROOT / ".github" / "CONTRIBUTING.md",
)
ANSWER = re.compile(r"<!-- answer: (entente [^\n]*?) -->\n```console\n(.*?)```\n", re.DOTALL)
STATEMENT = re.compile(r"<!-- statement: (entente [^\n]*?) -->\n((?:>[^\n]*\n)+)")
TABLE = re.compile(r"<!-- settings -->\n(?:\|.*\n)*")
ROWS = 6


def settings_table() -> str:
    """Return the settings as a Markdown table."""
    lines = ["| flag | environment | default | |", "|---|---|---|---|"]
    for setting in SETTINGS:
        default = {True: "yes", False: "no"}.get(setting.default, setting.default) if isinstance(setting.default, bool) else setting.default
        lines.append(f"| `{setting.flag}` | `{setting.variable}` | {default} | {setting.help} |")
    return "\n".join(lines) + "\n"


def answer(command: str, data: Path) -> list[str]:
    """Return the lines that a command prints for a data folder."""
    code = "import sys; from kg.cli import main; main(sys.argv[1:])"
    arguments = [sys.executable, "-c", code, *shlex.split(command)[1:], "--data", str(data)]
    return subprocess.run(arguments, check=True, capture_output=True, text=True, cwd=ROOT).stdout.splitlines()


def statement(command: str, data: Path) -> str:
    """Return the most informative statement of a command's rows: with an exact date, asserted, with a reference, then the shortest."""
    rows = list(csv.DictReader(answer(f"{command} --format csv", data)))
    told = [row for row in rows if len(row["date"]) == len("2013-04-19") and row["modality"].endswith("#asserted") and row["url"]]
    best = min(told, key=lambda row: (len(row["eventLabel"]), row["referenceLabel"], row["url"]))
    return f"> **{best['eventLabel']}**\n>\n> “{best['sentence']}” – citing [{best['referenceLabel']}]({best['url']})\n"


def main() -> None:
    """Rewrite the generated parts of the documents."""
    from kg.pipeline import build

    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        build([ROOT / "seeds"], Path(folder))
        text = STATEMENT.sub(lambda found: f"<!-- statement: {found[1]} -->\n{statement(found[1], Path(folder))}", text)
        text = ANSWER.sub(lambda found: _block(found[1], answer(found[1], Path(folder))), text)
    README.write_text(text, encoding="utf-8")
    text = SERVER.read_text(encoding="utf-8")
    SERVER.write_text(TABLE.sub(lambda _: "<!-- settings -->\n" + settings_table(), text), encoding="utf-8")


def _block(command: str, lines: list[str]) -> str:
    shown = [line.rstrip() for line in lines[:ROWS]]
    return "\n".join([f"<!-- answer: {command} -->", "```console", f"$ {command}", *shown, "```", ""])


if __name__ == "__main__":
    main()
