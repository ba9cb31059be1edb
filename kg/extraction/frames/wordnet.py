"""Fills the classes of ``nouns.toml`` with hyponyms from WordNet 3.0 and writes ``nouns.txt``, one line for each class.

    python -m kg.extraction.frames.wordnet /usr/share/wordnet

The folder is that of Debian's ``wordnet-base`` (files ``index.noun`` and ``data.noun``, format of wndb(5WN)); it is needed only here.
A hyponym counts where it is one of the first two senses of its lemma, is one word and no name: rarer senses mislead more than they help.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SENSES = 2
"""Number of a lemma's senses considered; WordNet orders them by frequency."""


class WordNet:
    """The nouns of WordNet: senses of each lemma, and words and hyponyms of each synset (by offset)."""

    def __init__(self, folder: Path) -> None:
        self.senses: dict[str, list[str]] = {}
        self.words: dict[str, list[str]] = {}
        self.below: dict[str, list[str]] = {}
        for line in _entries(folder / "index.noun"):
            fields = line.split()
            self.senses[fields[0]] = fields[-int(fields[2]) :]
        for line in _entries(folder / "data.noun"):
            fields = line.partition("|")[0].split()
            count = int(fields[3], 16)
            pointers = fields[5 + 2 * count :]
            self.words[fields[0]] = fields[4 : 4 + 2 * count : 2]
            self.below[fields[0]] = [pointers[i + 1] for i in range(0, len(pointers) - 3, 4) if pointers[i] in ("~", "~i")]

    def hyponyms(self, name: str) -> Iterator[str]:
        """Return the hyponyms of the synset ``name`` ("treaty", "meeting.1"), including itself."""
        lemma, _, number = name.partition(".")
        todo, seen = [self.senses[lemma][int(number or 1) - 1]], set()
        while todo:
            offset = todo.pop()
            if offset in seen:
                continue
            seen.add(offset)
            todo += self.below[offset]
            for word in self.words[offset]:
                if word.isalpha() and word.islower() and offset in self.senses[word][:SENSES]:
                    yield word


def _entries(path: Path) -> Iterator[str]:
    """Return the lines of a database file without its licence, whose lines begin with a space."""
    with path.open(encoding="utf-8") as lines:
        yield from (line for line in lines if not line.startswith(" "))


def main() -> None:
    """Write ``nouns.txt`` beside ``nouns.toml`` from the WordNet folder given on the command line."""
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "data.noun").is_file():
        raise SystemExit("usage: python -m kg.extraction.frames.wordnet FOLDER, the folder of WordNet 3.0 that holds data.noun")
    wordnet = WordNet(Path(sys.argv[1]))
    lines = ["# Nouns by class, from WordNet 3.0 (Princeton University, WordNet licence) and nouns.toml; made by wordnet.py."]
    for name, table in tomllib.loads((FOLDER / "nouns.toml").read_text(encoding="utf-8")).items():
        found = {word for synset in table.get("synsets", ()) for word in wordnet.hyponyms(synset)}
        found = (found | set(table.get("with", ()))) - set(table.get("without", ()))
        lines.append(f"{name}: {', '.join(sorted(found))}")
    (FOLDER / "nouns.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
