"""Invalid gold files are reported in one line, with the entry at fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.evaluation.gold import GoldError, read_gold

HERE = Path(__file__).parent
GOOD: dict[str, Any] = json.loads((HERE / "gold" / "armenia-turkey.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("part", ["entities", "events", "agreements", "tenures"])
@pytest.mark.parametrize("wrong", [1, {}, None, "x"])
def test_a_broken_entry_is_named(part: str, wrong: object, tmp_path: Path) -> None:
    path = tmp_path / "gold.json"
    path.write_text(json.dumps({**GOOD, part: [*GOOD[part][:1], wrong]}), encoding="utf-8")
    with pytest.raises(GoldError, match=f"{part}, entry 2: "):
        read_gold(path)


@pytest.mark.parametrize("broken", [{"names": "Kosovo"}, {"names": []}, {"names": [1]}, {"class": None}])
def test_a_broken_field_is_named(broken: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "gold.json"
    path.write_text(json.dumps({**GOOD, "entities": [{**GOOD["entities"][0], **broken}]}), encoding="utf-8")
    with pytest.raises(GoldError, match=f"entities, entry 1: {next(iter(broken))}") as told:
        read_gold(path)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"\xff", b"3", b'{"article": "X", "entities": [], "events": {}, "agreements": [], "tenures": []}']
)
def test_what_is_no_gold_file(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "gold.json").write_bytes(content)
    with pytest.raises(GoldError):
        read_gold(tmp_path / "gold.json")


FILES = [*HERE.glob("gold/*.json"), *HERE.glob("blind/gold/*.json"), *HERE.glob("real/gold/*.json")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_gold_files_are_read(path: Path) -> None:
    assert read_gold(path)["article"]
