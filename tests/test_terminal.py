"""Tables on a terminal: as wide as it is, with the omitted columns listed below."""

from __future__ import annotations

import click
import pytest

from kg.cli import query_output as shown


def table(width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    names = ["date", "event", "eventLabel", "category", "quad", "modality", "earliest"]
    values = ["2008-02-17", "e", "word " * 20, "secede", "x" * 25, "asserted", "2008"]
    row = {name: {"type": "literal", "value": value} for name, value in zip(names, values, strict=True)}
    shown.print_table({"head": {"vars": names}, "results": {"bindings": [row] * 3}})
    told = capsys.readouterr()
    assert "without" in told.err
    return click.unstyle(told.out).splitlines()


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_tables_are_no_wider_than_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = table(width, monkeypatch, capsys)
    assert max(len(line.rstrip()) for line in lines) <= width
    assert any("2008-02-17" in line for line in lines), "a date is not cut"


def test_a_wide_terminal_shows_all_but_what_orders() -> None:
    heads = ["date", "event", "earliest"]
    assert shown.fitting(heads, [10, 80, 10], 200) == [0, 1]
    assert shown.fitting(heads, [10, 80, 10], 30) == [0]
    assert shown.fitting(["earliest"], [10], 200) == [0]
