"""Measure pronouns, descriptions and names on OntoGUM's coreference (news, bio and academic texts of https://github.com/amir-zeldes/gum).

    python -m tests.evaluation.coreference FOLDER        FOLDER: coref/ontogum/conllu of a checkout; nothing of it is kept here
    python -m tests.evaluation.coreference FOLDER --errors

A pronoun or description is right where what it was resolved to is named elsewhere by words that the annotation has in the same chain; a
name, where it and the last name of the same entity are. What the annotation has in no chain says nothing of pronouns, since OntoGUM leaves
out what is mentioned once. Several entities for one word are not counted: OntoGUM has no chains for them.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.language import LanguageReader, load
from kg.language.reading import Mention, PassageDoc
from kg.wikitext import read_article

GENRES = ("news", "bio", "academic")
PERSONAL = re.compile(r"^(?:he|him|his|she|hers?|it|its|they|them|their)$", re.IGNORECASE)
_ENTITY = re.compile(r"\bEntity=([^|]+)")
_PART = re.compile(r"\((\d+)(\))?|(\d+)\)")


@dataclass
class Text:
    """A text and its chains: the number of the chain by the offsets (start, end) of each mention."""

    title: str = ""
    words: str = ""
    chains: dict[tuple[int, int], int] = field(default_factory=dict)

    def chain(self, start: int, end: int) -> int | None:
        """Return the chain of the shortest mention that contains the span and ends with it: a name with its title."""
        fitting = [span for span in self.chains if span[0] <= start and span[1] == end]
        return self.chains[max(fitting)] if fitting else None


def read_text(path: Path) -> Text:
    """Read a text of OntoGUM."""
    text = Text()
    opened: list[tuple[int, int]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# meta::title = "):
            text.title = line.split(" = ", 1)[1]
        elif line.startswith("# newpar ") or line == "# newpar":
            text.words = text.words.rstrip() + "\n\n"
        columns = line.split("\t")
        if len(columns) != 10 or not columns[0].isdecimal():
            continue
        start = len(text.words)
        text.words += columns[1]
        for number, closes, ends in (m.groups() for e in _ENTITY.findall(columns[9]) for m in _PART.finditer(e)):
            if number:
                opened.append((int(number), start))
            if closes or ends:
                at = next(i for i in reversed(range(len(opened))) if opened[i][0] == int(number or ends))
                chain, start_of_chain = opened.pop(at)
                text.chains[start_of_chain, len(text.words)] = chain
        text.words += "" if "SpaceAfter=No" in columns[9] else " "
    return text


@dataclass
class Score:
    """Counts by sort of mention: ``right``, ``told`` (resolved, and annotated), ``there`` (pronouns whose chain is named)."""

    count: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield a line for each sort."""
        for sort in ("pronoun", "description", "name"):
            right, told, there = (self.count[sort, what] for what in ("right", "told", "there"))
            recall = f"  R {right / there:.3f} of {there}" if there else ""
            yield f"{sort:<12} P {right / told if told else 0:.3f} of {told}{recall}"


def score_text(text: Text, reader: LanguageReader, score: Score) -> None:
    """Add the counts of a text."""
    reading = reader.read(read_article(text.words, text.title))
    told = list(_located(reading.passages, text.words))
    names: dict[str, set[int]] = {}
    for mention, start, end, _ in told:
        chain = text.chain(start, end)
        if len(mention.keys) == 1 and not mention.coreferent and not mention.attributive and chain is not None:
            seen = names.setdefault(mention.keys[0], set())
            if seen:
                score.count["name", "told"] += 1
                score.count["name", "right"] += chain in seen
            seen.add(chain)
    named = {chain for chains in names.values() for chain in chains}
    score.count["pronoun", "there"] += sum(c in named for (a, b), c in text.chains.items() if PERSONAL.match(text.words[a:b]))
    for mention, start, end, sentence in told:
        chain = text.chain(start, end)
        if len(mention.keys) != 1 or not mention.coreferent or chain is None or mention.keys[0] not in names:
            continue
        sort = "pronoun" if PERSONAL.match(text.words[start:end]) else "description"
        score.count[sort, "told"] += 1
        score.count[sort, "right"] += chain in names[mention.keys[0]]
        if chain not in names[mention.keys[0]]:
            score.errors.append(f"{sort} {text.words[start:end]!r} is not {mention.keys[0]} ({mention.rule}): {sentence}")


def _located(passages: tuple[PassageDoc, ...], words: str) -> Iterator[tuple[Mention, int, int, str]]:
    """Return the mentions with their offsets in the text; passages that differ from the text are omitted."""
    at = 0
    for passage in passages:
        found = words.find(passage.passage.text, at)
        if found < 0:
            continue
        at = found + len(passage.passage.text)
        for mention in passage.mentions:
            first, last = passage.doc[mention.start], passage.doc[mention.end - 1]
            yield mention, found + first.idx, found + last.idx + len(last), passage.passage.text


def main() -> None:
    """Print precision, and for pronouns recall."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", action="store_true", help="list what was resolved wrongly")
    arguments = parser.parse_args()
    reader, score = load(), Score()
    paths = sorted(p for genre in GENRES for p in arguments.folder.glob(f"GUM_{genre}_*.conllu"))
    if not paths:
        parser.error(f"no texts of {', '.join(GENRES)} in {arguments.folder}")
    for path in paths:
        score_text(read_text(path), reader, score)
    print(f"{len(paths)} texts", *score.lines(), *(score.errors if arguments.errors else ()), sep="\n")


if __name__ == "__main__":
    main()
