"""The one way through the house: each stage imports only what stands before it, and the server starts without the language model."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TABLE = tomllib.loads((ROOT / "tests" / "layers.toml").read_text())
MODULES = sorted(path for folder in ("kg", "server") for path in (ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it, by its full name."""
    package = path.parent
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if is_module(name) else str(node.module) for name in names)
        elif isinstance(node, ast.ImportFrom):
            base = package
            for _ in range(node.level - 1):
                base = base.parent
            yield ".".join([*base.relative_to(ROOT).parts, *([node.module] if node.module else [])])


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def within(name: str, packages: list[str]) -> bool:
    """Whether a module is one of the packages, or inside one that is not marked ``=`` (that module alone)."""
    return f"={name}" in packages or any(name == package or name.startswith(package + ".") for package in packages)


def layer(name: str) -> str | None:
    return max((package for package in TABLE["imports"] if within(name, [package])), key=len, default=None)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_only_earlier_stages(path: Path) -> None:
    name = module_name(path)
    home = layer(name)
    if home is None:
        assert not [other for other in imported(path) if within(other, ["kg", "server"])], f"{name} is in no layer of tests/layers.toml"
        return
    allowed = [home, *TABLE["imports"][home]]
    wrong = sorted(other for other in imported(path) if within(other, ["kg", "server"]) and other != "kg" and not within(other, allowed))
    assert not wrong, f"{name} ({home}) may not import {', '.join(wrong)}; see tests/layers.toml"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_libraries_are_imported_in_their_place(path: Path) -> None:
    name = module_name(path)
    for other in imported(path):
        homes = TABLE["libraries"].get(other.split(".")[0])
        assert homes is None or within(name, homes), f"{name} may not import {other}: only {', '.join(homes or [])} may"


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("server", {"spacy", "thinc", "mcp", "kg.language", "kg.extraction", "kg.wikitext", "kg.pipeline"}),
        ("kg.cli", {"spacy", "rdflib", "flask", "pyoxigraph", "rich", "kg.pipeline", "server"}),
        ("kg.cli.query", {"spacy", "rdflib", "flask", "kg.pipeline"}),
        ("kg.pipeline", {"spacy", "mwparserfromhell", "flask"}),
    ],
)
def test_starts_without(module: str, absent: set[str]) -> None:
    code = f"import sys, {module}; print(sorted(m for m in sys.modules if m in {sorted(absent)!r}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert found.strip() == "[]"
