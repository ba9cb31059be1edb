"""The pages: home, search, canned queries, things, articles, categories, the page of two, the SPARQL editor, and the JSON API.

They know nothing of the extraction: all that they show comes from the graph through the query engine, and from the build's search index.
"""

from __future__ import annotations

from server.pages import api, article, categories, display, dyad, editor, finding, home, queries, things
from server.pages.base import blueprint

__all__ = ["api", "article", "blueprint", "categories", "display", "dyad", "editor", "finding", "home", "queries", "things"]
