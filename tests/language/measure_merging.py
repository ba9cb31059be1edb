"""How often a parse of the plain words breaks up a name or date that the reader merges into one token.

    python -m tests.language.measure_merging ARTICLE.wiki ...

A span is broken up where more than one of its words hangs on a word outside it, or a word outside hangs on one that is not its head.
"""

from __future__ import annotations

import sys
from pathlib import Path

from spacy.tokens import Span

from kg.language import LanguageReader, load
from kg.wikitext import read_article


def is_broken(span: Span) -> bool:
    """Whether the words of a span do not form one phrase in the parse."""
    inside = range(span.start, span.end)
    heads = [t for t in span if t.head.i not in inside or t.head.i == t.i]
    strays = [t for t in span.doc if t.i not in inside and t.head.i in inside and t.head.i != heads[0].i]
    return len(heads) > 1 or bool(strays)


def count(reader: LanguageReader, path: Path) -> tuple[int, int]:
    """Return (merged spans, broken ones) of an article."""
    merged = broken = 0
    for passage in reader.read(read_article(path.read_text(encoding="utf-8"), path.stem)).passages:
        plain = reader.nlp(passage.doc.text)
        for token in passage.doc:
            if " " in token.text.strip():
                span = plain.char_span(token.idx, token.idx + len(token))
                merged += span is not None
                broken += span is not None and is_broken(span)
    return merged, broken


if __name__ == "__main__":
    the_reader = load()
    for name in sys.argv[1:]:
        of, bad = count(the_reader, Path(name))
        print(f"{name}: {of} names and dates merged, {bad} ({bad / max(1, of):.1%}) broken up by the parse of the plain words")
