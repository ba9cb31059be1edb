"""The correction offered on a page can be parsed, whatever a text contains."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kg.corrections import read_corrections
from kg.corrections.template import correction_toml

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip())


@given(quote=TEXT, article=TEXT, name=TEXT)
def test_any_text_survives(tmp_path_factory, quote: str, article: str, name: str) -> None:  # type: ignore[no-untyped-def]
    toml = correction_toml(article, quote, "event", {"category": "AID", "actor": [name, "B"], "place": []}, date(2026, 11, 30))
    path: Path = tmp_path_factory.mktemp("template") / "one.toml"
    path.write_text(toml.replace('author = ""', 'author = "me"').replace('reason = ""', 'reason = "because"'), encoding="utf-8")
    (found,) = read_corrections([path])
    assert found.action == "retract"
    assert found.quote == " ".join(quote.split())
    assert found.article == " ".join(article.split())
    assert [each.text for each in found.names("actor")] == [" ".join(name.split()), "B"]
    assert "place" not in found.subject
