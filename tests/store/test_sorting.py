from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.store.sorting import merge_into, sorted_lines

LINES = st.lists(st.binary(max_size=12).map(lambda text: text.replace(b"\n", b"") + b"\n"), max_size=60)


@settings(max_examples=50)
@given(LINES, st.integers(1, 400))
def test_lines_are_sorted_once_each_however_little_memory_there_is(tmp_path_factory: object, lines: list[bytes], run_bytes: int) -> None:
    folder = tmp_path_factory.mktemp("sort")  # type: ignore[attr-defined]
    assert list(sorted_lines(lines, folder, run_bytes)) == sorted(set(lines))
    assert list(folder.iterdir()) == []


def test_runs_are_removed_where_the_reader_stops_early(tmp_path: Path) -> None:
    lines = sorted_lines((f"{n}\n".encode() for n in range(1000)), tmp_path, 1000)
    assert next(lines) == b"0\n"
    assert list(tmp_path.iterdir())
    lines.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


SETS = st.sets(st.binary(max_size=3).map(lambda data: data.replace(b"\n", b"") + b"\n"))


@settings(max_examples=50)
@given(SETS.filter(bool), SETS)
def test_merging_into_a_file_is_sorting_all(tmp_path_factory: pytest.TempPathFactory, lines: set[bytes], more: set[bytes]) -> None:
    path = tmp_path_factory.mktemp("merge") / "sorted"
    path.write_bytes(b"".join(sorted(lines)))
    digest = merge_into(path, sorted(more))
    assert path.read_bytes() == b"".join(sorted([*lines, *more]))
    assert digest == sha256(path.read_bytes()).hexdigest()
    assert list(path.parent.iterdir()) == [path]
