"""Report or correct a fact: the correction as TOML to copy, and the operator's address for reports.

Also the corrections recorded in the graph, and the page that lists them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from flask import current_app, render_template, url_for

from kg.corrections.template import correction_toml
from kg.graph.namespaces import RESOURCE
from server.pages.base import ask, blueprint
from server.pages.listing import ListedLink, link
from server.pages.term_display import in_words, local
from server.pages.things.thing import ENT, Thing

ROLES = {
    "Event": ("actor", "recipient", "mediator", "place", "about"),
    "Agreement": ("party", "signatory", "mediator", "place"),
    "Tenure": ("holder", "office", "organization"),
}
ACTIONS = {
    "retract": "retracted",
    "replace": "corrected",
    "add": "added by a reader",
    "same": "two names made one",
    "not_same": "one name told from another",
}
MOST = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """A correction to copy, and the address of a report that contains it (None if the operator gave none)."""

    toml: str
    report: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """A correction in the graph: what it did, to what, by whom, when, why, and the statements that it removed."""

    href: str | None
    action: str
    about: ListedLink
    author: str
    date: str
    reason: str
    before: tuple[ListedLink, ...]


def offer(subject: Thing, article: str, sentence: str, category: str = "") -> Offer | None:
    """Return the correction of a thing that quotes a sentence of an article; None if there is no sentence."""
    if not sentence:
        return None
    target = subject.kind.lower() if subject.kind in ROLES else "entity"
    told: dict[str, str | Sequence[str]] = {"name": subject.label} if target in ("agreement", "entity") else {}
    if subject.kind == "Event":
        told |= {"category": category, "trigger": subject.value(ENT + "trigger")}
    if target != "entity":
        told |= {role: [found.label for found in subject.links(role) if _nameable(found)] for role in ROLES[subject.kind]}
    toml = correction_toml(article, sentence, target, told, datetime.now(UTC).date())
    return Offer(toml, _report(subject, toml))


def _nameable(found: ListedLink) -> bool:
    """Whether a resource is identified by a name, as entities are, and not only by an IRI, as reported events are."""
    return not (found.href or "").startswith(url_for("pages.page", key="event/"))


def _report(subject: Thing, toml: str) -> str | None:
    """Return the operator's address with a title and the correction in it: a mail, or an issue tracker's page for a new issue."""
    address = str(current_app.config["ENTENTE"]["report_to"])
    if not address:
        return None
    page = url_for("pages.page", key=subject.key, _external=True)
    title, body = f"Correction: {subject.label}", f"{page}\n\n```toml\n{toml}```\n"
    if "{title}" in address or "{body}" in address:
        return address.replace("{title}", quote(title, safe="")).replace("{body}", quote(body, safe=""))
    parts = urlsplit(address)
    names = ("subject", "body") if parts.scheme == "mailto" else ("title", "body")
    filled = urlencode(dict(zip(names, (title, body), strict=True)), quote_via=quote)
    return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, filled) if part)))


def made(subject: Thing) -> list[Made]:
    """Return the corrections of a thing, latest first."""
    return _corrections(ask("corrections-of", {"thing": subject.iri}))


def _corrections(rows: object) -> list[Made]:
    found: dict[str, list[Mapping[str, object]]] = {}
    for row in rows:  # type: ignore[attr-defined]
        found.setdefault(str(row["correction"]), []).append(row)
    return [_made(group) for group in found.values()]


def _made(rows: Sequence[Mapping[str, object]]) -> Made:
    row = rows[0]
    before = {str(r["statement"]): link(r, "statement", "statementLabel") for r in rows if "statement" in r}  # type: ignore[arg-type]
    return Made(
        href=link(row, "correction").href,  # type: ignore[arg-type]
        action=ACTIONS.get(str(row["action"]), str(row["action"])),
        about=link(row, "thing", "thingLabel"),  # type: ignore[arg-type]
        author=str(row["author"]),
        date=in_words(str(row["date"])),
        reason=str(row["reason"]),
        before=tuple(before.values()),
    )


@blueprint.route("/corrections")
def corrections() -> str:
    """Show all corrections in the graph, latest first."""
    return render_template("corrections.html", corrections=_corrections(ask("corrections", limit=MOST)), most=MOST)


def record(subject: Thing) -> str:
    """Show a correction, a statement that one removed, or any other resource without a page of its own kind."""
    said = [
        (local(row["property"]), ListedLink(str(row.get("label") or _shown(row)), _href(row), local(row["property"])))
        for row in subject.rows
        if local(row["property"]) not in ("label", "type")
    ]
    return render_template("record.html", thing=subject, said=said, corrections=made(subject))


def _shown(row: Mapping[str, object]) -> str:
    value = str(row["value"])
    return local(value).replace("_", " ") if value.startswith((RESOURCE, ENT)) else in_words(value)


def _href(row: Mapping[str, object]) -> str | None:
    return link(row, "value").href  # type: ignore[arg-type]
