"""``python -m tests.extraction.report [FILE…]``: what is wrong with which case, and the share of whole ones by file."""

from __future__ import annotations

import sys
from collections import defaultdict

from kg.extraction import extract
from kg.language import load
from kg.wikitext import read_article
from tests.extraction.checking import problems
from tests.extraction.conftest import cases


def main() -> None:
    """Print the report."""
    reader = load(__import__("os").environ.get("MODEL"))
    shares: dict[str, list[bool]] = defaultdict(list)
    for name, case in cases():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        found = problems(case, extract(reader.read(read_article(case["text"], "Test article"))))
        shares[name].append(not found)
        if found:
            print(f"{name}: {case['text']}\n    {'; '.join(found)}")
    for name, results in shares.items():
        print(f"{name} = {sum(results) / len(results):.3f}  # of {len(results)}")


if __name__ == "__main__":
    main()
