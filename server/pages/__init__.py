"""The pages: home, search, canned queries, things, articles, categories, dyads, the SPARQL editor, the JSON API, reconciliation.

They are independent of the extraction: all they show comes from the graph, through the query engine, and from the build's search
index.
"""

from __future__ import annotations

from server.pages import browsing, changes, citing, crawling, home, list_tables, search_page, template_context
from server.pages.base import blueprint
from server.pages.canned import api, api_page, catalogue, editor
from server.pages.reconciliation import service
from server.pages.things import addressing, article_page, categories, dyad

__all__ = [
    "addressing",
    "api",
    "api_page",
    "article_page",
    "blueprint",
    "browsing",
    "catalogue",
    "categories",
    "changes",
    "citing",
    "crawling",
    "dyad",
    "editor",
    "home",
    "list_tables",
    "search_page",
    "service",
    "template_context",
]
