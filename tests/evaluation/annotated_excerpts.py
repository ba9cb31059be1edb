"""Score the graph on annotated sentences of texts that nobody worked on: ``python -m tests.evaluation.annotated_excerpts``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import EntenteError
from kg.evaluation.gold import Gold
from kg.evaluation.score import total
from kg.evaluation.score_table import breakdown, table
from kg.extraction import extract, stated
from kg.language import load
from kg.wikitext import read_article
from kg.wikitext.article import Article, Passage
from tests.evaluation.annotated_names import accepted_forms
from tests.evaluation.annotations import FOLDER, AnnotatedEvent, AnnotatedText, Participant, read_annotations
from tests.evaluation.scoring import compared

PARTS = ("train", "dev", "test")
SHARED = Path(__file__).resolve().parents[3] / "shared"
GAP = 3
"""Passages that may lie between two annotated ones of one excerpt."""
SHORTEST = 4
"""Annotated passages that an excerpt has at least."""
UNANNOTATED = frozenset({"entities", "agreements", "terms", "tenures"})
"""Figures of what the annotations leave out."""
ROLES = {"actors": "actor", "recipients": "recipient", "mediators": "mediator", "about": "about"}


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


def excerpts(shared: Path = SHARED) -> Iterator[tuple[str, str, Gold]]:
    """Yield title, text and annotation of each run of annotated sentences. Raises TextError if the texts are missing."""
    texts = Texts(shared / "evaluation" / "real", shared / "treebanks")
    for file in sorted(FOLDER.glob("*.txt")):
        sources = texts.of(file.stem)
        for text in read_annotations(file):
            title, source = text.name.replace("_", " "), sources[text.name]
            for run in _runs(read_article(source, title), text):
                start, end = run[0].start, run[-1].end
                events = [_event(e, source[p.start : p.end], source[start:end]) for p in run for e in text.sentences[p.start]]
                names = sorted({name for event in events for name in _names(event)})
                entities = [{"names": [*accepted_forms(name)], "class": "State"} for name in names]
                yield title, source[start:end], {
                    "article": title, "entities": entities, "events": events, "agreements": [], "tenures": []
                }  # fmt: skip


def _runs(article: Article, text: AnnotatedText) -> Iterator[list[Passage]]:
    runs: list[list[Passage]] = []
    for passage in article.passages:
        if passage.start not in text.sentences:
            continue
        if runs and passage.index - runs[-1][-1].index <= GAP:
            runs[-1].append(passage)
        else:
            runs.append([passage])
    return (run for run in runs if len(run) >= SHORTEST)


def _event(event: AnnotatedEvent, sentence: str, excerpt: str) -> dict[str, Any]:
    roles = {name: [_alternatives(p) for p in event.participants[role]] for name, role in ROLES.items()}
    return {
        "anchor": _anchor(event, sentence, excerpt),
        "category": list(event.categories),
        **roles,
        "date": event.date.removeprefix("i") or None,
        "date_basis": "inferred" if event.date.startswith("i") else "stated",
        "place": next((_alternatives(p) for p in event.participants["place"]), None),
        "modality": event.modality,
        "optional": event.optional,
    }


def _alternatives(participant: Participant) -> str:
    return "|".join([*participant.names, *([] if participant.demanded else ["null"])])


def _names(event: dict[str, Any]) -> Iterator[str]:
    for cell in (*(name for role in ROLES for name in event[role]), *filter(None, [event["place"]])):
        yield from (name for name in cell.split("|") if name != "null")


def _anchor(event: AnnotatedEvent, sentence: str, excerpt: str) -> str:
    """Return the words around the trigger that occur only once in the excerpt."""
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", sentence)]
    found = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(event.trigger)}(?!\w)", sentence, re.IGNORECASE)] or [0]
    position = found[min(event.occurrence, len(found)) - 1]
    at = next((n for n, (start, end) in enumerate(words) if start <= position < end), 0)
    return next((text for text in _wider(sentence, words, at) if excerpt.count(text) == 1), sentence)


def _wider(sentence: str, words: Sequence[tuple[int, int]], at: int) -> Iterator[str]:
    for reach in range(2, len(words) + 1):
        yield sentence[words[max(0, at - reach)][0] : words[min(len(words), at + reach + 1) - 1][1]]


def main() -> None:
    """Print the table of all excerpts together."""
    reader, found = load(), []
    for title, text, gold in excerpts():
        article = read_article(text, title)
        found.append(compared(gold, article, stated(extract(reader.read(article)))))
    figures = {name: figure for name, figure in total(found).figures().items() if name not in UNANNOTATED}
    print(*table(f"{len(found)} excerpts", figures), *breakdown(found), sep="\n")


if __name__ == "__main__":
    main()
