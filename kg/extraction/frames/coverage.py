"""Measure the coverage of the frames table on real texts.

    python -m kg.extraction.frames.coverage FILE…       articles as plain text or wikitext, or MEANTIME's XML

Counted are predicates with an entity among their core arguments: decided are those whose sense has a row or is listed as none.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

from kg.extraction.frames.table import load_none, load_table
from kg.language import load
from kg.language.parsing.plain import plain, propositions_of
from kg.language.reading import PassageDoc
from kg.wikitext import read_article

SHOWN = 40


def main() -> None:
    """Print the shares and the commonest senses without a row."""
    paths = [Path(name) for name in sys.argv[1:]]
    if not paths or not all(path.is_file() for path in paths):
        raise SystemExit("usage: python -m kg.extraction.frames.coverage FILE…, files that exist")
    reader, rows, none = load(), load_table().rows, load_none()
    readings = (plain(reader.read(read_article(text_of(path), path.stem))) for path in paths)
    senses = Counter(sense for reading in readings for passage in reading.passages for sense in senses_with_entities(passage))
    total = sum(senses.values())
    if not total:
        raise SystemExit("no predicate with an entity among its arguments: the model gives no propositions, or the texts name nobody")
    told = sum(count for sense, count in senses.items() if sense in rows)
    decided = told + sum(count for sense, count in senses.items() if sense in none)
    print(f"{total} predicates with an entity: {decided / total:.1%} decided, {told / total:.1%} with a row")
    for title, group in (("none", [s for s in senses if s in none]), ("undecided", [s for s in senses if s not in none and s not in rows])):
        found = sorted(group, key=lambda s: (-senses[s], s))[:SHOWN]
        print(f"{title}: " + ", ".join(f"{sense} {senses[sense]}" for sense in found))


def senses_with_entities(passage: PassageDoc) -> Iterator[str]:
    """The senses of predicates with a mention at the head of a numbered argument; the word itself where there is no sense."""
    mentioned = {i for mention in passage.mentions for i in range(mention.start, mention.end)}
    for proposition in propositions_of(passage.doc):
        if any(a.head in mentioned for a in proposition.arguments if a.label[3:4].isdigit()):
            yield proposition.roleset or passage.doc[proposition.predicate].lemma_


def text_of(path: Path) -> str:
    """The text of a file; of MEANTIME's XML its sentences, one a line."""
    if path.suffix != ".xml":
        return path.read_text(encoding="utf-8")
    sentences: dict[str, list[str]] = {}
    for token in _tokens(path):
        sentences.setdefault(token.get("sentence", ""), []).append(token.text or "")
    return "\n\n".join(" ".join(words) for words in sentences.values())


def _tokens(path: Path) -> Iterable[ElementTree.Element]:
    return ElementTree.parse(path).getroot().iter("token")  # noqa: S314 (a corpus that the caller chose)


if __name__ == "__main__":
    main()
