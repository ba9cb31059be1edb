"""Cite a page: as text, for BibTeX, for RIS; with its build, the build's date, and the revisions of the articles behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from flask import request
from markupsafe import Markup

from server.pages.base import blueprint
from server.web.request_context import engine

_SPECIAL = re.compile(r"([\\{}$&#%_^~])")
_ESCAPES = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation of a page. ``date`` is the build's; ``articles`` are titles and revisions."""

    title: str
    address: str
    build: str
    date: str
    articles: tuple[tuple[str, str], ...] = ()

    @property
    def note(self) -> str:
        """The build and the articles on which the page is based."""
        read = [f"“{title}”, revision {revision}" if revision else f"“{title}”" for title, revision in self.articles if title]
        return f"Build {self.build}" + (f", read from {'; '.join(read)}" if read else "")

    @property
    def plain(self) -> str:
        """The citation for a footnote."""
        return f"“{self.title}.” Entente{f', {self.date}' if self.date else ''}. {self.note}. {self.address}"

    @property
    def bibtex(self) -> str:
        """The citation as an entry for BibTeX and BibLaTeX."""
        fields = {
            "title": f"{{{_tex(self.title)}}}",
            "author": "{{Entente}}",
            "year": f"{{{self.date[:4]}}}",
            "date": f"{{{self.date}}}",
            "note": f"{{{_tex(self.note)}}}",
            "url": f"{{{self.address}}}",
        }
        body = ",\n".join(f"  {name} = {value}" for name, value in fields.items() if value != "{}")
        return f"@misc{{entente-{self.build}-{_key(self.title)},\n{body}\n}}"

    @property
    def ris(self) -> str:
        """The citation as a record in RIS, for Zotero, EndNote and others."""
        lines = [
            ("TY", "ELEC"),
            ("TI", self.title),
            ("AU", "Entente"),
            ("PY", self.date[:4]),
            ("DA", self.date.replace("-", "/")),
            ("N1", self.note),
            ("UR", self.address),
            ("ER", ""),
        ]
        return "\n".join(f"{tag}  - {' '.join(value.split())}" for tag, value in lines)


def _tex(text: str) -> str:
    return _SPECIAL.sub(lambda match: _ESCAPES.get(match[0], "\\" + match[0]), text)


def _key(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:40]


def citation(title: str, address: str = "", evidence: Sequence[tuple[Mapping[str, str], object]] = ()) -> Citation:
    """Return the citation of the requested page, titled as in HTML; ``address`` is its permalink, if other than the request's URL.

    ``evidence`` are its sentences, which name their articles and revisions.
    """
    build = engine().build
    manifest = build.folder / "manifest.json"
    day = datetime.fromtimestamp(manifest.stat().st_mtime, UTC).date().isoformat() if manifest.is_file() else ""
    articles = dict.fromkeys((row.get("articleLabel", ""), row.get("revision", "")) for row, _ in evidence)
    return Citation(Markup(title).unescape().strip(), urljoin(request.url_root, address or request.url), build.id, day, tuple(articles))  # noqa: S704


@blueprint.app_context_processor
def _names() -> dict[str, object]:
    return {"citation": citation}
