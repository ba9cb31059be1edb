"""Keeping builds, going back to one, and the history of changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kg.store import Build, NoBuildError, current_build
from kg.store.builds import all_builds, keep_builds, use_build
from server import create_app


def test_builds_are_kept_and_gone_back_to(make: Callable[..., Build], shards: list[Path], tmp_path: Path) -> None:
    data = tmp_path / "data"
    keep_builds(data, 1)
    made = []
    for age, number in enumerate((1, 2, 3)):
        made.append(make(data, shards[:number]))
        os.utime(made[-1].folder / "manifest.json", (age, age))
    assert [build.id for build in all_builds(data)] == [made[2].id, made[1].id]
    assert use_build(data, made[1].id[:8]).id == current_build(data).id == made[1].id
    for wrong in (made[0].id, "", "zz"):
        with pytest.raises(NoBuildError, match=made[2].id):
            use_build(data, wrong)


def test_without_being_told_none_is_kept(make: Callable[..., Build], shards: list[Path], tmp_path: Path) -> None:
    make(tmp_path / "data", shards[:1])
    last = make(tmp_path / "data", shards[:2])
    assert [build.id for build in all_builds(tmp_path / "data")] == [last.id]


def test_the_history_tells_each_change(make: Callable[..., Build], shards: list[Path], tmp_path: Path) -> None:
    one, two, three = (make(tmp_path / "data", shards[:number]) for number in (1, 2, 1))
    told = current_build(tmp_path / "data").report["history"]
    assert three.id == one.id
    assert [(each["build"], each["since"]) for each in told] == [(three.id, two.id), (two.id, one.id)]
    assert told[1]["classes"]["Article"]["added"] == told[0]["classes"]["Article"]["dropped"] == 1
    assert {"kind": "added", "class": "Article", "label": "Sylvania"}.items() <= next(
        each for each in told[1]["things"] if each["class"] == "Article"
    ).items()


def test_the_changes_are_a_page_json_and_a_feed(make: Callable[..., Build], shards: list[Path], tmp_path: Path) -> None:
    first, second = (make(tmp_path / "data", shards[:number]) for number in (1, 2))
    app = create_app(tmp_path / "data", workers=1, access_log=False, waiting_time=30)
    client = app.test_client()
    [told] = client.get("/changes.json").get_json()["builds"]
    assert (told["build"], told["since"]) == (second.id, first.id)
    page = client.get("/changes", headers={"Accept": "text/html"}).text
    assert second.id in page
    assert "Sylvania" in page
    feed = ElementTree.fromstring(client.get("/changes.atom").data)
    atom = "{http://www.w3.org/2005/Atom}"
    [entry] = feed.findall(f"{atom}entry")
    assert entry.findtext(f"{atom}id") == f"https://w3id.org/entente/build/{second.id}"
    assert "added: Sylvania" in str(entry.findtext(f"{atom}content"))
    assert feed.findtext(f"{atom}updated") == entry.findtext(f"{atom}updated") == told["date"]
    app.extensions["entente.engine"].close()
