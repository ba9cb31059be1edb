"""Describe the tables in CSV on the Web (``tables.csvw.json``) and Croissant over schema.org (``croissant.json``).

Standards: https://www.w3.org/TR/tabular-metadata/ and https://docs.mlcommons.org/croissant/docs/croissant-spec.html (1.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.graph.dataset import LICENCE
from kg.graph.namespaces import DATASET, DUMPS
from kg.store.output.tables.writing import OutputTable, tables

Json = dict[str, Any]
NAME = "Entente: international relations as a graph of facts with their sentences"
ABOUT = (
    "Events, agreements, offices and who took part in them, read from encyclopedia articles on international relations; each with the "
    "sentence and the references that it was taken from."
)
_CROISSANT_TYPES = {
    "date": "sc:Date",
    "decimal": "sc:Float",
    "integer": "sc:Integer",
    "gYear": "sc:Integer",
    "boolean": "sc:Boolean",
    "anyURI": "sc:URL",
}
_TERMS = """citeAs column equivalentProperty extract field fileObject fileProperty fileSet format includes isLiveDataset jsonPath key md5
parentField path recordSet references regex repeated replace samplingRate separator source subField transform"""
_CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _TERMS.split()},
}
"""The context that the specification prescribes, including unused terms, since programs compare it as a whole."""


def csvw() -> Json:
    """Return CSVW metadata of all tables."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": NAME,
        "dc:description": ABOUT,
        "dc:license": {"@id": LICENCE},
        "tables": [
            {
                "url": f"{table.name}.csv",
                "dc:title": table.title,
                "dc:description": table.description,
                "tableSchema": {
                    "columns": [
                        {"name": c.name, "titles": c.name, "datatype": c.datatype, "dc:description": c.description} for c in table.columns
                    ],
                    "primaryKey": table.key,
                },
            }
            for table in tables().values()
        ],
    }


def croissant(files: Iterable[Mapping[str, Any]], build: str, version: str) -> Json:
    """Return the Croissant description; ``files`` have name, media_type, size in bytes and sha256."""
    objects = [_file(file) for file in files]
    names = {found["name"] for found in objects}
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": NAME,
        "description": ABOUT,
        "license": LICENCE,
        "url": DATASET,
        "version": version,
        "identifier": build,
        "citeAs": f"@misc{{entente-{build}, title={{{NAME}}}, author={{{{Entente}}}}, note={{Build {build}}}, url={{{DATASET}}}}}",
        "isAccessibleForFree": True,
        "keywords": ["international relations", "event data", "PLOVER", "knowledge graph", "Wikipedia", "provenance"],
        "distribution": objects,
        "recordSet": [_record_set(table) for table in tables().values() if f"{table.name}.csv" in names],
    }


def _file(file: Mapping[str, Any]) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": file["name"],
        "name": file["name"],
        "contentUrl": DUMPS + file["name"],
        "encodingFormat": "application/gzip" if str(file["name"]).endswith(".gz") else file["media_type"],
        "contentSize": f"{file['size']} B",
        "sha256": file["sha256"],
    }


def _record_set(table: OutputTable) -> Json:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.title,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{column.name}",
                "name": column.name,
                "description": column.description,
                "dataType": _CROISSANT_TYPES.get(column.datatype, "sc:Text"),
                "source": {"fileObject": {"@id": f"{table.name}.csv"}, "extract": {"column": column.name}},
            }
            for column in table.columns
        ],
    }
