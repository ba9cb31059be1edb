"""Measure how many of MEANTIME's factual events with two named participants are extracted with both.

    python -m tests.evaluation.meantime [--errors]

MEANTIME (``../shared/corpora/meantime``) annotates 120 Wikinews articles with events of all kinds and their PropBank participants;
many are business news without political actors. Factual events are certain, positive and not future; a named participant has a
proper name in its coreference chain.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from kg.evaluation.normalization import folded, squeezed
from kg.extraction import extract, stated
from kg.extraction.frames.coverage import text_of
from kg.facts import ArticleFacts
from kg.language import load
from kg.wikitext import read_article

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "meantime"
FACTUAL = {"certainty": "CERTAIN", "polarity": "POS", "time": "NON_FUTURE", "special_cases": "NONE"}
PARTIES = frozenset({"PER", "ORG", "LOC"})
PROPER = frozenset({"NAM", "PRE.NAM"})


@dataclass(frozen=True)
class Happening:
    """An event of the corpus: its sentence, its word, and for each named participant its names."""

    sentence: str
    word: str
    participants: tuple[frozenset[str], ...]


def happenings(path: Path) -> Iterator[Happening]:
    """Return the factual events of one article with at least two named participants."""
    root = ElementTree.parse(path).getroot()
    tokens = {t.get("t_id"): t for t in root.iter("token")}
    sentences: dict[str | None, list[str]] = defaultdict(list)
    for token in tokens.values():
        sentences[token.get("sentence")].append(token.text or "")
    mentions = {m.get("m_id"): m for m in root.iter() if m.tag.endswith("_MENTION")}
    words = {i: [tokens[a.get("t_id")] for a in m.iter("token_anchor")] for i, m in mentions.items()}
    names: dict[str | None, frozenset[str]] = {}
    kinds = {e.get("m_id"): e.get("ent_type") for e in root.iter("ENTITY")}
    for chain in root.iter("REFERS_TO"):
        target = next(chain.iter("target")).get("m_id")
        members = [s.get("m_id") for s in chain.iter("source")]
        proper = [m for m in members if m in mentions and mentions[m].get("syntactic_type") in PROPER]
        found = frozenset(" ".join(t.text or "" for t in words[m]) for m in proper)
        if found and kinds.get(target) in PARTIES:
            names |= dict.fromkeys(members, found)
    parties: dict[str | None, set[frozenset[str]]] = defaultdict(set)
    for link in root.iter("HAS_PARTICIPANT"):
        whom = names.get(next(link.iter("target")).get("m_id"))
        if whom:
            parties[next(link.iter("source")).get("m_id")].add(whom)
    for event, named in parties.items():
        mention = mentions.get(event)
        if mention is None or len(named) < 2 or any(mention.get(name) != value for name, value in FACTUAL.items()):
            continue
        first = words[event][0]
        yield Happening(" ".join(sentences[first.get("sentence")]), first.text or "", tuple(sorted(named, key=sorted)))


def is_found(happening: Happening, facts: ArticleFacts, texts: list[str]) -> bool:
    """Whether an event extracted from the same sentence has at least two of the participants, in whatever role."""
    known = {e.key: {folded(name) for name in (e.key, e.label, *e.names)} for e in facts.entities}
    sentence = squeezed(happening.sentence)
    for event in facts.events:
        if not any(texts[p] and (texts[p] in sentence or sentence in texts[p]) for p in event.passages):
            continue
        keys = (*event.actors, *event.recipients, *event.mediators, *event.places, *event.about)
        forms = [known.get(key, set()) for key in keys]
        met = sum(any({folded(n) for n in names} & each for each in forms) for names in happening.participants)
        if met >= 2:
            return True
    return False


def main() -> None:
    """Print the share, and with ``--errors`` the events missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list what is missed")
    arguments = parser.parse_args()
    paths = sorted(CORPUS.glob("*/*/*.xml"))
    if not paths:
        parser.error(f"no corpus in {CORPUS}")
    reader, found, total = load(), 0, 0
    for path in paths:
        wanted = list(happenings(path))
        if not wanted:
            continue
        article = read_article(text_of(path), path.stem)
        facts = stated(extract(reader.read(article)))
        texts = [squeezed(passage.text) for passage in article.passages]
        for happening in wanted:
            right = is_found(happening, facts, texts)
            found, total = found + right, total + 1
            if arguments.errors and not right:
                print(f"{happening.word}: {' & '.join(min(n, key=len) for n in happening.participants)} | {happening.sentence[:120]}")
    print(f"{found} of {total} factual events with two named participants become events with both: {found / max(1, total):.3f}")


if __name__ == "__main__":
    main()
