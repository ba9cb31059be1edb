"""``constraints.txt``: the tested version of every dependency, with its hashes."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"^([a-z0-9.-]+)==(\S+)(?: ; ([^\\]+?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def pinned() -> dict[str, str]:
    """Return the version of each package that applies to this machine."""
    found = PINNED.findall((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    return {name: version for name, version, marker, _ in found if not marker or Marker(marker).evaluate()}


def needed(requirements: list[str]) -> dict[str, Requirement]:
    """Return those of some requirements that apply to this machine, by name."""
    parsed = [Requirement(text) for text in requirements]
    return {canonicalize_name(each.name): each for each in parsed if not each.marker or each.marker.evaluate({"extra": ""})}


def test_every_line_is_a_version_with_hashes() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert PINNED.sub("", re.sub(r"^#.*\n", "", lines, flags=re.MULTILINE)) == ""


def test_they_are_what_the_project_asks_for_and_what_that_needs() -> None:
    versions = pinned()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    open_ones = needed(project["dependencies"])
    seen = set[str]()
    while open_ones:
        name, requirement = open_ones.popitem()
        assert name in versions, f"{name} is missing: the head of constraints.txt says how it is made"
        assert requirement.specifier.contains(versions[name], prereleases=True), (name, versions[name])
        if name not in seen:
            seen.add(name)
            open_ones |= {key: value for key, value in needed(metadata.requires(name) or []).items() if key not in seen}
