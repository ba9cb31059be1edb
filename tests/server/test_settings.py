"""Invalid settings: each is refused by name before anything starts."""

from __future__ import annotations

import pytest

from server.settings import SettingsError, load

WRONG = (
    *(("query_timeout", text) for text in ("nan", "inf", "-inf", "1e999", "0", "-1", "1_0", "٣", "", "x")),
    *(("header_time", "1e300"), ("query_memory", "9" * 22), ("cache_size", "9" * 400), ("running", "9" * 5000)),
    *(("workers", text) for text in ("-1", "1.5", "1_0", "x")),
    *(
        ("services", text)
        for text in ("x", "http://[::1", "http://x:99999/", "file:///etc/passwd", "http:///sparql", "https://a/ ftp://b/")
    ),
    *(("public_url", text) for text in ("x", "ftp://x/", "http://a/?b", "http://a b/")),
    *(("trusted_proxies", text) for text in ("x", "10.0.0.0/99")),
    ("report_to", "javascript:alert(1)"),
    ("access_log", "perhaps"),
)


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_values_that_cannot_be(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"--{name.replace('_', '-')} must be"):
        load({name: text}, {})
    if text:
        with pytest.raises(SettingsError, match=f"ENTENTE_{name.upper()} must be"):
            load({}, {f"ENTENTE_{name.upper()}": text})


def test_values_that_can() -> None:
    values = load({"services": "http://[::1]:3030/sparql https://a.example/"}, {"ENTENTE_QUERY_TIMEOUT": " 2.5 "})
    assert (values["query_timeout"], values["services"].split()[1]) == (2.5, "https://a.example/")
