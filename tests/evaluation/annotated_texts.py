"""Find the annotated texts: plain articles in a folder, and the documents of treebanks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import EntenteError

PARTS = ("train", "dev", "test")


class TextError(EntenteError):
    """An annotated text that is missing."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The folder of plain articles (``NAME.txt``), and the folder of the treebanks ``ewt`` and ``gum``."""

    articles: Path
    treebanks: Path

    def of(self, corpus: str) -> dict[str, str]:
        """Return the texts of a corpus by name: ``wikipedia``, or a treebank. Raises TextError if there are none."""
        folder = self.articles if corpus == "wikipedia" else self.treebanks / corpus
        if not folder.is_dir():
            raise TextError(f"{folder} is missing: it would hold the annotated texts of {corpus}.")
        if corpus == "wikipedia":
            return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}
        return {name: text for part in PARTS for name, text in _documents(folder / f"{part}.conllu")}


def _documents(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the documents of a CoNLL-U file: paragraphs are divided by an empty line, sentences by a space."""
    name, paragraphs = "", list[list[str]]()
    for line in file.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition("=")
        match key.strip():
            case "# newdoc id" | "# newdoc":
                if name:
                    yield name, _joined(paragraphs)
                name, paragraphs = value.strip(), []
            case key if key.startswith("# newpar"):
                paragraphs.append([])
            case "# text":
                if not paragraphs:
                    paragraphs.append([])
                paragraphs[-1].append(value.strip())
    if name:
        yield name, _joined(paragraphs)


def _joined(paragraphs: list[list[str]]) -> str:
    return "\n\n".join(" ".join(sentences) for sentences in paragraphs)
