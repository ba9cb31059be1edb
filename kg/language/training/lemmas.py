"""Makes ``kg/language/parsing/lemmas.json.gz`` from the lemma tables of the package ``spacy-lookups-data`` (WordNet 3.0).

Run as ``python -m kg.language.training.lemmas FOLDER`` with that package's ``data`` folder.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

from kg.language.parsing.dictionary import FILE

KINDS = {"VERB": "verb", "NOUN": "noun"}


def tables(folder: Path) -> dict[str, dict[str, Any]]:
    """For verbs and nouns: irregular forms with their lemma, endings with what they become, and the lemmas that there are."""
    exceptions, index, rules = (_read(folder / f"en_lemma_{name}.json.gz") for name in ("exc", "index", "rules"))
    return {
        pos: {
            "irregular": {form: lemmas[0] for form, lemmas in sorted(exceptions[kind].items()) if form.isalpha()},
            "endings": rules[kind],
            "lemmas": sorted(lemma for lemma in index[kind] if lemma.isalpha()),
        }
        for pos, kind in KINDS.items()
    }


def _read(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def main(folder: str) -> None:
    """Writes the file; the same input gives the same bytes."""
    text = json.dumps(tables(Path(folder)), ensure_ascii=False, separators=(",", ":"))
    FILE.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
