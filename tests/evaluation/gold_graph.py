#!/usr/bin/env python3
"""Build a graph of what the gold annotations say, as if the extraction had found exactly that.

    python tests/evaluation/gold_graph.py DATA

The graph shows what a perfect extraction would be scored: whatever it loses was lost by the reader's sentences and references or by the
mapping to RDF. It also is a graph with every kind of fact for working on the server and the pages.
"""

from __future__ import annotations

import json
import re
import sys
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from kg.evaluation.normalization import folded, squeezed  # noqa: E402
from kg.facts import Agreement, ArticleFacts, Entity, Event, Interval, Kind, Modality, Precision, Tenure  # noqa: E402
from kg.graph import shard_lines  # noqa: E402
from kg.resources import resource_folder  # noqa: E402
from kg.store import Build, Provenance, new_build, write_shard  # noqa: E402
from kg.wikitext import read_article  # noqa: E402
from kg.wikitext.article import Article  # noqa: E402

GOLD = HERE / "gold"
PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


def main(data: Path) -> Build:
    """Build the gold graph in a data folder."""
    with new_build(data) as draft:
        shards = []
        for number, (article, gold) in enumerate(annotated()):
            shards.append(draft.folder / f"{number}.nq.gz")
            write_shard(shard_lines(article, Annotation(article, gold).facts()), shards[-1])
        draft.assemble(shards, Provenance("gold", "gold", "gold"))
        for shard in shards:
            shard.unlink()
    assert draft.build
    return draft.build


def annotated() -> Iterator[tuple[Article, dict[str, Any]]]:
    """Each annotated article with its annotation."""
    texts = [*HERE.glob("articles/*.wiki"), *resource_folder("seeds").glob("*.wiki")]
    for path in sorted(GOLD.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        source = next(text for text in texts if text.stem.startswith(path.stem))
        yield read_article(source.read_text(encoding="utf-8"), gold["article"]), gold


def interval(value: str) -> Interval:
    """Return an ISO 8601 day, month, or year as an interval."""
    parts = [int(part) for part in value.split("-")]
    year, month, day = (*parts, *(None,) * (3 - len(parts)))
    last_month = month or 12
    earliest = date(year, month or 1, day or 1)
    latest = date(year, last_month, day or monthrange(year, last_month)[1])
    return Interval(earliest, latest, PRECISIONS[len(value)], value)


class Annotation:
    """Turns one annotation into facts; ``lost`` lists what cannot be located in the article as read."""

    def __init__(self, article: Article, gold: dict[str, Any]) -> None:
        self.article, self.gold = article, gold
        self.lost: list[str] = []
        self.texts = [squeezed(passage.text) for passage in article.passages]
        self.classes = {entity["names"][0]: Kind(entity["class"]) for entity in gold["entities"]}

    def facts(self) -> ArticleFacts:
        """Return all facts of the annotation."""
        agreements = tuple(self.agreements())
        known = {entity.key for entity in self.entities}
        unnamed = tuple(Entity(a.key, a.key, Kind.AGREEMENT) for a in agreements if a.key not in known)
        return ArticleFacts(
            entities=(*self.entities, *unnamed),
            mentions=self.mentions(),
            events=tuple(self.events()),
            agreements=agreements,
            tenures=tuple(self.tenures()),
        )

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """Return the entities; one whose first name is the target of a link has that page."""
        pages = {link.target for passage in self.article.passages for link in passage.links}
        return tuple(
            Entity(key, key, self.classes[key], tuple(sorted(set(e["names"][1:]))), key if key in pages else None)
            for e in self.gold["entities"]
            for key in e["names"][:1]
        )

    def mentions(self) -> tuple[tuple[str, ...], ...]:
        """Return, for each passage, the entities whose names or links it contains."""
        found: list[list[str]] = [[] for _ in self.article.passages]
        for entity in self.entities:
            forms = re.compile("|".join(rf"(?<!\w){re.escape(folded(name))}(?!\w)" for name in (entity.key, *entity.names)))
            for passage, keys in zip(self.article.passages, found, strict=True):
                if forms.search(folded(passage.text)) or any(link.target == entity.page for link in passage.links):
                    keys.append(entity.key)
            if not any(entity.key in keys for keys in found):
                self.lost.append(f"entity {entity.key}")
        return tuple(tuple(keys) for keys in found)

    def passage(self, words: str) -> tuple[int, ...]:
        """Return the first passage with the words."""
        return tuple(index for index, text in enumerate(self.texts) if squeezed(words) in text)[:1]

    def keys(self, names: list[str | None]) -> tuple[str, ...]:
        """Return the first alternative of each name that is an entity's."""
        known = (next((part for part in (name or "").split("|") if part in self.classes), None) for name in names)
        return tuple(key for key in known if key)

    def events(self) -> Iterator[Event]:
        """Return the events, each in the passage of its anchor."""
        for gold in self.gold["events"]:
            passages = self.passage(gold["anchor"])
            if not passages:
                self.lost.append(f"event {gold['anchor']}")
                continue
            event = Event(
                key=gold["id"],
                category=gold["category"][0],
                trigger=max(re.findall(r"\w+", gold["anchor"]), key=len),
                rule="gold",
                passages=passages,
                actors=self.keys(gold["actors"]),
                recipients=self.keys(gold["recipients"]),
                mediators=self.keys(gold["mediators"]),
                places=self.keys([gold["place"]]),
                about=self.keys(gold["about"]),
                when=interval(gold["date"].split("|")[0]) if gold["date"] else None,
                modality=Modality(gold["modality"]),
                quote=gold["quote"],
            )
            yield replace(event, cites=tuple(self.cites(gold["cites"])))

    def cites(self, urls: list[str]) -> Iterator[int]:
        """Return the references with these URLs."""
        for url in urls:
            found = [reference.index for reference in self.article.references if reference.url == url]
            if not found:
                self.lost.append(f"reference {url}")
            yield from found[:1]

    def agreements(self) -> Iterator[Agreement]:
        """Return the agreements, each in the first passage with one of its names, or else with the event of that day."""
        for gold in self.gold["agreements"]:
            passages = next((found for name in gold["names"] if (found := self.passage(name))), ()) or self.dated(gold)
            if not passages:
                self.lost.append(f"agreement {gold['names'][0]}")
                continue
            yield Agreement(
                key=next((key for key in gold["names"] if key in self.classes), gold["names"][0]),
                rule="gold",
                passages=passages,
                parties=self.keys(gold["parties"]),
                mediators=self.keys(gold["mediators"]),
                places=self.keys([gold["place"]]),
                when=interval(gold["date"].split("|")[0]) if gold["date"] else None,
            )

    def dated(self, agreement: dict[str, Any]) -> tuple[int, ...]:
        """Return the passage of an event on the agreement's day."""
        anchors = (event["anchor"] for event in self.gold["events"] if event["date"] and event["date"] == agreement["date"])
        return next((found for anchor in anchors if (found := self.passage(anchor))), ())

    def tenures(self) -> Iterator[Tenure]:
        """Return the tenures, each in the first passage that names the holder."""
        mentions = self.mentions()
        for gold in self.gold["tenures"]:
            passages = tuple(index for index, keys in enumerate(mentions) if gold["holder"] in keys)[:1]
            if not passages:
                self.lost.append(f"tenure {gold['holder']}")
                continue
            organization = next(iter(self.keys([gold["organization"]])), None)
            yield Tenure(gold["holder"], gold["office"][0], organization, "gold", passages)


if __name__ == "__main__":
    built = main(Path(sys.argv[1]))
    for article, gold in annotated():
        annotation = Annotation(article, gold)
        annotation.facts()
        print(f"{article.title}: {len(set(annotation.lost))} lost", *sorted(set(annotation.lost)), sep="\n  ")
    print(built.folder)
