#!/usr/bin/env python3
"""Write the ontology's documentation, entente.html, from entente.ttl with pyLODE.

    python ontology/document.py        (make ontology-docs)

Terms of other vocabularies, which the Turtle file declares as OWL 2 DL asks, are left out: they have documentation of their own.
"""

from __future__ import annotations

import asyncio
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rdflib import Graph, URIRef

HERE = Path(__file__).resolve().parent
ONTOLOGY = "https://w3id.org/entente/ontology"
STYLE = """
        #pylode { position: static; transform: none; color: #333; }
        #pylode #p, #pylode #y { color: inherit; }
        #content { overflow-wrap: anywhere; }
        #content pre { white-space: pre-wrap; }
        #toc a, .entity a, li > a { display: inline-block; padding-block: 3px; }
        @media (max-width: 1000px) {
            body { padding: 1em; margin: 0; }
            #content, #toc { position: static; width: auto; margin: 0; padding: 0; }
            .entity table, .entity tbody, .entity tr, .entity th, .entity td { display: block; width: auto; padding-bottom: 5px; }
            section#overview img { max-width: 100%; }
        }
"""
"""Where pyLODE's own style covers text with other text, has too little contrast, crowds links, or needs a wide window."""


def documentation() -> str:
    """The page, as pyLODE makes it of the Turtle file."""
    graph = Graph().parse(HERE / "entente.ttl")
    for subject in set(graph.subjects()):
        if not (isinstance(subject, URIRef) and subject.startswith(ONTOLOGY)):
            graph.remove((subject, None, None))
    with warnings.catch_warnings(), _event_loop():
        warnings.simplefilter("ignore")
        from pylode.profiles.ontpub import OntPub

        html = OntPub(graph, sort_subjects=True).make_html()
    return re.sub(r"[ \t]+$", "", readable(html), flags=re.MULTILINE).strip() + "\n"


@contextmanager
def _event_loop() -> Iterator[None]:
    """Provide an event loop during a block: dominate, which pyLODE uses, would make one and never close it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def readable(html: str) -> str:
    """The page with a language and a main part, for screen readers, and no wider than a telephone."""
    html = html.replace("<html>", '<html lang="en">', 1)
    html = html.replace("<head>", '<head>\n    <meta name="viewport" content="width=device-width, initial-scale=1">', 1)
    html = html.replace('<div id="content">', '<div id="content" role="main">', 1)
    html = html.replace('<div id="toc">', '<div id="toc" role="navigation" aria-label="Contents">', 1)
    html = html.replace('<div id="pylode">', '<div id="pylode" role="contentinfo">', 1)
    return html.replace("</head>", f"  <style>{STYLE}    </style>\n  </head>", 1)


if __name__ == "__main__":
    content = documentation()
    (HERE / "entente.html").write_text(content, encoding="utf-8")
    print(f"{HERE / 'entente.html'}: {len(content):,} characters")
