"""The page of one holder's time in one office."""

from __future__ import annotations

from flask import render_template

from server.pages.term_display import in_words
from server.pages.things.correcting import made, offer
from server.pages.things.fact_pages import cited, evidence, source
from server.pages.things.thing import ENT, Thing

TERMS = (("holder", "Who"), ("office", "Office"), ("organization", "Of"))


def show(subject: Thing) -> str:
    """The tenure's page."""
    found = evidence(subject)
    return render_template(
        "tenure.html",
        thing=subject,
        terms=[(title, subject.links(name)) for name, title in TERMS if subject.links(name)],
        attested=[in_words(day) for day in sorted(subject.values(ENT + "attested"))],
        first=in_words(subject.value(ENT + "earliest")),
        last=in_words(subject.value(ENT + "latest")),
        notes=[name for name in ("former", "acting") if subject.value(ENT + name) in ("true", "1")],
        evidence=found,
        corrections=made(subject),
        offer=offer(subject, *source(found)),
        references=cited(subject),
        rules=subject.values(ENT + "rule"),
    )
