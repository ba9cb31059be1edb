#!/usr/bin/env python3
"""Write the ontology's documentation, entente.html, from entente.ttl with pyLODE.

    python ontology/document.py        (make ontology-docs)

Terms of other vocabularies, which the Turtle file declares as OWL 2 DL asks, are left out: they have documentation of their own.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from rdflib import Graph, URIRef

HERE = Path(__file__).resolve().parent
ONTOLOGY = "https://w3id.org/entente/ontology"


def documentation() -> str:
    """The page, as pyLODE makes it of the Turtle file."""
    graph = Graph().parse(HERE / "entente.ttl")
    for subject in set(graph.subjects()):
        if not (isinstance(subject, URIRef) and subject.startswith(ONTOLOGY)):
            graph.remove((subject, None, None))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pylode.profiles.ontpub import OntPub

        html = OntPub(graph, sort_subjects=True).make_html()
    return re.sub(r"[ \t]+$", "", html, flags=re.MULTILINE).strip() + "\n"


if __name__ == "__main__":
    content = documentation()
    (HERE / "entente.html").write_text(content, encoding="utf-8")
    print(f"{HERE / 'entente.html'}: {len(content):,} characters")
