"""The benchmark's graph: articles on pairs of invented states, with facts as the pipeline extracts them.

They pass through the real graph and store stages, so the store differs from a real one only in content. Deterministic: the same
number of articles gives the same bytes.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from kg.facts import Agreement, ArticleFacts, Entity, Event, Interval, Kind, Modality, Precision, Tenure
from kg.graph import shard_lines
from kg.pipeline.questions import default_questions
from kg.store import Provenance, new_build
from kg.store.draft import write_shard
from kg.store.output.prepared_answers import Question
from kg.wikitext.article import Article, Passage, PassageKind, Reference, ReferenceMark

ARTICLES = 225  # about 660,000 quads
HUB_EVERY = 5
"""One article in so many is about the first state: a hub, like the United States in encyclopedias."""
CATEGORIES = (
    "CONSULT-meet",
    "AGREE",
    "ACCUSE-disapprove",
    "STATE",
    "SUPPORT-recognize",
    "THREATEN-ban",
    "COERCE-arrest",
    "SANCTION-expel",
    "AID-economic",
    "COOPERATE",
    "REJECT-change",
    "ELECT-won",
    "ASSAULT-firearms",
    "REQUEST-change",
)
MODALITIES = (Modality.ASSERTED,) * 8 + (Modality.NEGATED, Modality.FUTURE, Modality.HYPOTHETICAL)
SYLLABLES = ("ba", "cor", "dan", "el", "fir", "gal", "hos", "im", "jor", "kel", "lun", "mar", "nor", "ost", "par", "qua", "ros",
             "sel", "tor", "ul", "var", "wen", "xan", "yor", "zem")  # fmt: skip
FIRST_DAY = date(1950, 1, 1)
DAYS = 75 * 365


@dataclass(frozen=True)
class World:
    """The entities to write about."""

    states: tuple[Entity, ...]
    people: tuple[Entity, ...]
    institutions: tuple[Entity, ...]
    places: tuple[Entity, ...]


def _name(random: Random, words: int) -> str:
    return " ".join("".join(random.choices(SYLLABLES, k=random.randint(2, 3))).capitalize() for _ in range(words))


def _entities(random: Random, kind: Kind, count: int, words: int, suffix: str = "") -> tuple[Entity, ...]:
    names = {_name(random, words) + suffix for _ in range(count * 2)}
    return tuple(Entity(name, name, kind, names=(name.split()[-1],), page=name) for name in sorted(names)[:count])


def world(random: Random, count: int) -> World:
    """Return the entities for a number of articles: people, institutions and places grow with it, states up to 200."""
    return World(
        _entities(random, Kind.STATE, min(200, max(60, count // 25)), 1, "ia"),
        _entities(random, Kind.PERSON, max(900, 4 * count), 2),
        _entities(random, Kind.INSTITUTION, max(200, count // 2), 2, " Assembly"),
        _entities(random, Kind.PLACE, max(200, count // 2), 1, " City"),
    )


def _interval(random: Random) -> Interval:
    day = FIRST_DAY + timedelta(days=random.randrange(DAYS))
    return Interval(day, day, Precision.DAY, day.isoformat())


def _passages(random: Random, names: list[str], count: int) -> tuple[Passage, ...]:
    passages = []
    for index in range(count):
        words = [random.choice(names) if random.random() < 0.15 else _name(random, 1).lower() for _ in range(random.randint(12, 30))]
        section = ("History", f"Part {index // 20}")
        mark = (ReferenceMark(5, index % 60),)
        text = " ".join(words).capitalize() + "."
        passages.append(Passage(index, PassageKind.SENTENCE, text, index * 300, index * 300 + len(text), section, index // 4, marks=mark))
    return tuple(passages)


def _references(random: Random, count: int) -> tuple[Reference, ...]:
    return tuple(
        Reference(
            i,
            name="",
            text=f"Report {i}",
            start=i * 300,
            end=i * 300 + 50,
            url=f"https://news{random.randrange(40)}.example/{random.randrange(10**9)}",
            title=_name(random, 5),
            publisher=f"{_name(random, 1)} Times",
            issued=_interval(random).value or "",
            accessed="2024-01-01",
        )
        for i in range(count)
    )


def _event(random: Random, number: int, cast: World, passages: int) -> Event:
    actors = tuple({random.choice(cast.states).key, random.choice(cast.people).key}) if random.random() < 0.5 else (cast.states[0].key,)
    others = (cast.states[1].key,) if random.random() < 0.7 else ()
    return Event(
        f"event {number}", random.choice(CATEGORIES), "say", "bench", (random.randrange(passages),),
        actors=tuple(sorted(actors)), recipients=others,
        mediators=(random.choice(cast.institutions).key,) if random.random() < 0.1 else (),
        places=(random.choice(cast.places).key,) if random.random() < 0.3 else (),
        when=_interval(random) if random.random() < 0.8 else None, modality=random.choice(MODALITIES),
        quote=_name(random, 8) if random.random() < 0.1 else None, cites=(random.randrange(60),),
    )  # fmt: skip


def _facts(random: Random, cast: World, passages: tuple[Passage, ...], title: str) -> ArticleFacts:
    treaties = tuple(Entity(f"{title} Agreement {i}", f"{title} Agreement {i}", Kind.AGREEMENT) for i in range(3))
    entities = (*cast.states, *cast.people, *cast.institutions, *cast.places, *treaties)
    keys = [entity.key for entity in entities]
    states = tuple(state.key for state in cast.states)
    agreements = tuple(
        Agreement(each.key, "bench", (i,), parties=states[:2], signatories=(cast.people[i].key,),
                  mediators=(cast.institutions[0].key,), places=(cast.places[0].key,), when=_interval(random), cites=(i,))
        for i, each in enumerate(treaties)
    )  # fmt: skip
    tenures = tuple(
        Tenure(person.key, f"President of {states[i % 2]}", states[i % 2], "bench", (i,), attested=(_interval(random).value or "",))
        for i, person in enumerate(cast.people[:8])
    )
    mentions = tuple(tuple(sorted(random.sample(keys, 3))) for _ in passages)
    events = tuple(_event(random, i, cast, len(passages)) for i in range(60))
    return ArticleFacts(entities, mentions, events, agreements, tenures)


def articles(count: int) -> Iterator[tuple[Article, ArticleFacts]]:
    """Yield articles with their facts one by one, in constant memory."""
    random = Random(2026)
    everything = world(random, count)
    written = Counter[tuple[str, str]]()
    for number in range(count):
        one, other = _pair(random, everything.states, hub=number % HUB_EVERY == 0)
        cast = World(
            (one, other),
            tuple(random.sample(everything.people, 14)),
            tuple(random.sample(everything.institutions, 6)),
            tuple(random.sample(everything.places, 6)),
        )
        repeated = written[one.key, other.key]
        written[one.key, other.key] += 1
        title = f"{one.key}–{other.key} relations" + (f" ({repeated + 1})" if repeated else "")
        names = [entity.label for entity in (*cast.states, *cast.people, *cast.institutions)]
        passages = _passages(random, names, 100)
        article = Article(title, "x" * 30000, passages, _references(random, 60), revision=1, timestamp="2026-01-01T00:00:00Z")
        yield article, _facts(random, cast, passages, title)


def _pair(random: Random, states: tuple[Entity, ...], hub: bool) -> tuple[Entity, Entity]:
    """Draw two states in order; ``hub`` makes the first one of them. The others are drawn as unevenly as in encyclopedias (Zipf)."""
    first, others = states[0], states[1:]
    weights = [1 / rank for rank in range(1, len(others) + 1)]
    one, other = first if hub else random.choices(others, weights)[0], random.choices(others, weights)[0]
    while one is other:
        other = random.choices(others, weights)[0]
    return (one, other) if one.key < other.key else (other, one)


def write_shards(folder: Path, count: int) -> list[Path]:
    """Write the shards of a number of articles into a folder; existing ones are kept."""
    paths = [folder / f"{number}.nq.gz" for number in range(count)]
    if not all(path.exists() for path in paths):
        for path, (article, facts) in zip(paths, articles(count), strict=True):
            write_shard(shard_lines(article, facts), path)
    return paths


def build(data: Path, count: int = ARTICLES, shards: Path | None = None, answers: bool = True) -> int:
    """Build the graph into a data folder; return the number of quads. ``shards`` keeps the articles' quads for another build; without
    ``answers``, none are prepared for pages."""
    questions: Callable[[Path], Sequence[Question]] = default_questions if answers else lambda _: ()
    with TemporaryDirectory() as folder, new_build(data) as draft:
        draft.assemble(write_shards(shards or Path(folder), count), Provenance("bench", "none", "none"), questions=questions)
        print(", ".join(f"{step} {seconds:.1f} s" for step, seconds in draft.seconds.items()))
        return draft.quads


if __name__ == "__main__":
    target, number, *kept = sys.argv[1:]
    print(build(Path(target), int(number), *map(Path, kept)), "quads")
