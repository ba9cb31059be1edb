"""Find the time expressions of an article, each sentence in the context of those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kg.language.dates import TimeContext, TimeSpan, after, find_times, in_section
from kg.wikitext.article import Article, Passage, PassageKind


def article_times(article: Article) -> list[tuple[TimeSpan, ...]]:
    """Return the time expressions of each passage. Only running prose continues the narrative: captions, rows, items and fields do not."""
    context = TimeContext(written=_day(article.timestamp[:10]))
    section: Sequence[str] = ()
    found = []
    for passage in article.passages:
        if passage.section != section:
            section = passage.section
            context = in_section(context, section)
        spans = tuple(find_times(passage.text, replace(context, references=_reports(article, passage))))
        found.append(spans)
        if passage.kind is PassageKind.SENTENCE:
            context = after(context, spans)
    return found


def _reports(article: Article, passage: Passage) -> tuple[date, ...]:
    """Return the publication dates of a passage's references."""
    days = (_day(article.references[mark.reference].issued) for mark in passage.marks if mark.reference < len(article.references))
    return tuple(day for day in days if day is not None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
