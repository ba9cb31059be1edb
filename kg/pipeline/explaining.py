"""Explain how a sentence became facts: parse, entities, dates and rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import EntenteError
from kg.graph.namespaces import PREFIXES, RESOURCE

SENTENCE_OF = f"""PREFIX prov: <{PREFIXES["prov"]}> PREFIX ent: <{PREFIXES["ent"]}>
SELECT DISTINCT ?text WHERE {{ <%s> prov:wasDerivedFrom ?passage . ?passage ent:text ?text }} ORDER BY ?text"""


def explain(wanted: str, sources: Sequence[Path], data: Path, model: str | None = None) -> Iterator[str]:
    """Explain the sentences of the sources that contain ``wanted``, or from which the fact with this IRI was extracted.

    If ``wanted`` is the title of a source, explain its pronouns and descriptions instead; if it occurs in no source, read it as a
    text of its own. Raises EntenteError if an IRI is not a fact of the current graph, or its sentence is not in the sources.
    """
    from kg.extraction.explanation import descriptions
    from kg.extraction.explanation import explain as explanation
    from kg.language import load
    from kg.wikitext import read_article
    from kg.wikitext.sources import read_sources

    fact = wanted if wanted.startswith(RESOURCE) else None
    texts = list(_sentences(fact, data)) if fact else [wanted]
    reader = load(model)
    found = False
    for source in read_sources(sources):
        article = read_article(source.wikitext, source.title, source.redirects)
        if source.title.casefold() == wanted.casefold():
            found = True
            yield f"{source.title}: {descriptions(reader.read(article))}"
            continue
        here = [text for text in texts if any(text.casefold() in passage.text.casefold() for passage in article.passages)]
        if here:
            found = True
            reading = reader.read(article)
            yield from (f"{source.title}: {explanation(reading, text)}" for text in here)
    if not found and fact:
        raise EntenteError(f"{fact}: its sentence is in none of the sources. Name the sources that the graph was built from.")
    if not found:
        yield explanation(reader.read(read_article(wanted, "Text")), "")


def _sentences(fact: str, data: Path) -> Iterator[str]:
    from kg.store import current_build, open_store

    if any(character in '<>"{}|\\^`' or character <= " " for character in fact):
        raise EntenteError(f"{fact!r} is not an IRI.")
    rows = list(open_store(current_build(data).store_path).query(SENTENCE_OF % fact, use_default_graph_as_union=True))  # type: ignore[arg-type]
    if not rows:
        raise EntenteError(f"{fact}: the graph contains no such fact.")
    yield from (row["text"].value for row in rows)
