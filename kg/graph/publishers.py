"""Identify the publisher of a cited work, however references spell its name ("BBC", "BBC News", "www.bbc.com")."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from kg.graph import iris
from kg.graph.claims import claim
from kg.graph.namespaces import ENT, RDF, RDFS, RESOURCE, SCHEMA, SKOS, with_broader
from kg.graph.terms import Quad, english, iri
from kg.wikitext.article import Reference

TABLE = Path(__file__).with_name("publishers.toml")
_HOST = re.compile(r"(?:https?://)?(?:www\d?\.)?([\w-]+(?:\.[\w-]+)+)/?", re.IGNORECASE)
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher. ``known``: the table contains it, with its name; otherwise ``name`` is as the reference spells it. ``site`` is a
    domain, if known."""

    name: str
    known: bool
    site: str = ""

    @property
    def iri(self) -> str:
        """The IRI, the same for all spellings of the name."""
        return f"{RESOURCE}publisher/{iris.encode(self.name if self.known else folded(self.name))}"


@dataclass(frozen=True, slots=True)
class _Table:
    names: Mapping[str, Publisher]
    domains: Mapping[str, Publisher]
    carriers: frozenset[str]


def folded(name: str) -> str:
    """Fold a publisher's name for comparison: lower case, single spaces, no leading article or trailing full stop."""
    words = " ".join(name.casefold().replace("_", " ").split()).strip(" .,;:\"'“”‘’")
    return words.removeprefix("the ") or words


def spelling_key(name: str) -> str:
    """A name's letters and digits alone, by which the table is searched: "RadioFreeEurope/RadioLiberty" is spelt in many ways."""
    return _BETWEEN.sub("", folded(name))


def publisher_of(reference: Reference) -> Publisher | None:
    """Return the publisher of a reference: by name, else by the host of its URL; None if neither is given."""
    table = _table()
    named = spelling_key(reference.publisher)
    written = _HOST.fullmatch(reference.publisher.strip())
    host = written[1].lower() if written else _host(reference.url)
    found = table.names.get(named) or next((table.domains[d] for d in _above(host) if d in table.domains), None)
    if found is not None and (named in table.names or not named or written):
        return found
    if named and not written:
        return Publisher(" ".join(reference.publisher.split()), known=False)
    if not host or any(domain in table.carriers for domain in _above(host)):
        return None
    return Publisher(host, known=False, site=host)


def publisher_quads(found: Publisher, written: str, graph: str) -> Iterator[Quad]:
    """Describe a publisher. If the table lacks it, articles vote for the spelling of its name."""
    subject = iri(found.iri)
    for term in with_broader(ENT.Publisher):
        yield Quad(subject, iri(RDF.type), iri(term), graph)
    if found.known:
        yield Quad(subject, iri(RDFS.label), english(found.name), graph)
        other = " ".join(written.split())
        if other and other != found.name:
            yield Quad(subject, iri(SKOS.altLabel), english(other), graph)
    else:
        yield claim(subject, "label", 1, [(iri(RDFS.label), english(found.name))], graph)
    if found.site:
        yield Quad(subject, iri(SCHEMA.url), iri(f"https://{found.site}/"), graph)


def _host(url: str) -> str:
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
    match = _HOST.fullmatch(host)
    return match[1].lower() if match else ""


def _above(host: str) -> Iterator[str]:
    """Yield a domain and its parent domains: ``news.bbc.co.uk``, ``bbc.co.uk``, ``co.uk``."""
    labels = host.split(".") if host else []
    return (".".join(labels[i:]) for i in range(len(labels) - 1))


@cache
def _table() -> _Table:
    """Return the table; read once per process."""
    said = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    names: dict[str, Publisher] = {}
    domains: dict[str, Publisher] = {}
    for row in said["publishers"]:
        sites = row.get("domains", [])
        publisher = Publisher(row["name"], known=True, site=sites[0] if sites else "")
        names.update((spelling_key(name), publisher) for name in (row["name"], *row.get("names", ())))
        domains.update(dict.fromkeys(sites, publisher))
    return _Table(names, domains, frozenset(said["carriers"]))
