"""Turn finds (offsets in a passage) into mentions (tokens of its Doc), choosing the best among overlapping ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Span

from kg.language.entities.inventory import Find
from kg.language.reading import Mention


def grouped(finds: Iterable[Find]) -> dict[int, list[Find]]:
    """Group the finds by passage."""
    by_passage: dict[int, list[Find]] = defaultdict(list)
    for find in finds:
        by_passage[find.passage].append(find)
    return by_passage


def best_finds(finds: Iterable[Find]) -> list[Find]:
    """Return the finds to keep: links first, then the longest, of equals the lowest rank; in text order."""
    finds = list(finds)
    if len(finds) < 2:
        return finds
    chosen: list[Find] = []
    taken: set[int] = set()
    for find in sorted(finds, key=lambda f: (f.rule != "link", f.start - f.end, f.rank, f.start, f.key)):
        characters = range(find.start, find.end)
        if taken.isdisjoint(characters):
            taken.update(characters)
            chosen.append(find)
    return sorted(chosen, key=lambda f: f.start)


def to_mentions(doc: Doc, finds: Sequence[Find], compound: Iterable[Find] = ()) -> list[Mention]:
    """Return the mentions of finds that do not overlap; a find inside a longer token is dropped."""
    compounds = set(compound)
    mentions: list[Mention] = []
    for find in finds:
        span = doc.char_span(find.start, find.end) or _with_stop(doc, find)
        if span is None or (mentions and span.start < mentions[-1].end):
            continue
        rule = "compound" if find in compounds else find.rule
        mentions.append(Mention(span.start, span.end, (find.key,), rule, attributive=find.attributive))
    return mentions


def _with_stop(doc: Doc, find: Find) -> Span | None:
    """Return the tokens of a find whose last one includes the full stop of the sentence: "… by Charles I."."""
    return doc.char_span(find.start, find.end + 1) if doc.text[find.end : find.end + 1] == "." else None
