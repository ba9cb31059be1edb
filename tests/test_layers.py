"""The layers: each stage imports only earlier ones, and the server starts without the language model."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kg.pipeline.versions import STAGES

ROOT = Path(__file__).parent.parent
TABLE = tomllib.loads((ROOT / "tests" / "layers.toml").read_text())
MODULES = sorted(path for folder in ("kg", "server") for path in (ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Return every module that a file imports, at any level, by its full name."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
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


@cache
def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def within(name: str, packages: list[str]) -> bool:
    """Whether a module is one of the packages, or inside one that is not marked ``=`` (that module alone)."""
    return f"={name}" in packages or any(name == package or name.startswith(package + ".") for package in packages)


def layer(name: str) -> str | None:
    return max((package for package in TABLE["imports"] if within(name, [package])), key=len, default=None)


def wrong_imports(path: Path) -> Iterator[str]:
    """Return the imports of a module that ``[imports]`` does not allow."""
    name = module_name(path)
    home = layer(name)
    allowed = [home, *TABLE["imports"][home]] if home else []
    for other in imported(path):
        if within(other, ["kg", "server"]) and other != "kg" and not within(other, allowed):
            yield f"{name} ({home or 'in no layer'}) may not import {other}"


def wrong_libraries(path: Path) -> Iterator[str]:
    """Return the imports of a module that ``[libraries]`` does not allow."""
    for other in imported(path):
        homes = TABLE["libraries"].get(other.split(".")[0])
        if homes is not None and not within(module_name(path), homes):
            yield f"{module_name(path)} may not import {other}: only {', '.join(homes)} may"


def package_of(name: str) -> str:
    return name if (ROOT.joinpath(*name.split(".")) / "__init__.py").exists() else name.rpartition(".")[0]


def test_modules_import_only_earlier_stages() -> None:
    assert [wrong for path in MODULES for wrong in wrong_imports(path)] == []


def test_what_the_stages_import_is_part_of_the_fingerprint_of_facts() -> None:
    """All but what cannot change a fact: error classes, the place of data files, and the import of spaCy."""
    stages = [f"kg.{name.removesuffix('.py')}" for name in STAGES]
    others = {other for stage in stages for other in TABLE["imports"][stage]} - {"kg.errors", "kg.resources", "kg._spacy"}
    assert [other for other in sorted(others) if not within(other, stages)] == []


def test_libraries_are_imported_in_their_place() -> None:
    assert [wrong for path in MODULES for wrong in wrong_libraries(path)] == []


def test_no_two_packages_import_each_other() -> None:
    """A package and its subpackages count as one; between other packages, imports go in one direction."""
    arrows = {(package_of(module_name(path)), package_of(other)) for path in MODULES for other in imported(path) if is_module(other)}
    both = {(one, other) for one, other in arrows if one < other and (other, one) in arrows}
    apart = [[one, other] for one, other in sorted(both) if not other.startswith(one + ".")]
    assert apart == TABLE["packages"]["mutual"]


def test_every_module_has_a_name_of_its_own() -> None:
    modules = Counter(path.stem for path in MODULES if path.name not in ("__init__.py", "__main__.py"))
    assert [name for name, count in modules.items() if count > 1] == []


def test_every_class_has_a_name_of_its_own() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in MODULES]
    classes = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert [name for name, count in classes.items() if count > 1] == []


def test_own_iris_are_spelt_out_in_one_module() -> None:
    spelt = {module_name(path) for path in MODULES if "https://w3id.org/entente" in path.read_text(encoding="utf-8")}
    assert spelt == {"kg.graph.namespaces"}


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
