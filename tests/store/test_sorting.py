from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.store.sorting import sorted_lines

LINES = st.lists(st.binary(max_size=12).map(lambda text: text.replace(b"\n", b"") + b"\n"), max_size=60)


@settings(max_examples=50)
@given(LINES, st.integers(1, 400))
def test_lines_are_sorted_once_each_however_little_memory_there_is(
    tmp_path_factory: object, lines: list[bytes], run_bytes: int
) -> None:
    folder = tmp_path_factory.mktemp("sort")  # type: ignore[attr-defined]
    assert list(sorted_lines(lines, folder, run_bytes)) == sorted(set(lines))
    assert list(folder.iterdir()) == []


def test_runs_are_removed_where_the_reader_stops_early(tmp_path: Path) -> None:
    lines = sorted_lines((f"{n}\n".encode() for n in range(1000)), tmp_path, 1000)
    assert next(lines) == b"0\n"
    assert list(tmp_path.iterdir())
    lines.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []
