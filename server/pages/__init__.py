"""The pages: home, search, canned queries, things, articles, categories, the page of two, the SPARQL editor, and the JSON API.

They know nothing of the extraction: all that they show comes from the graph through the query engine, and from the build's search index.
"""

from __future__ import annotations

from server.pages import display, home, search
from server.pages.base import blueprint
from server.pages.canned import api, catalogue, editor
from server.pages.things import addressing, article, categories, dyad

__all__ = ["addressing", "api", "article", "blueprint", "catalogue", "categories", "display", "dyad", "editor", "home", "search"]
