"""``python -m tests.extraction.case_report [FILE…]``: print what is wrong with each case, correct cases by file, and known failures that
pass."""

from __future__ import annotations

import sys
from collections import defaultdict

from kg.extraction import extract
from kg.language import load
from kg.wikitext import read_article
from tests.extraction.checking import problems
from tests.extraction.conftest import KNOWN_FAILURES, cases


def main() -> None:
    """Print the report."""
    reader = load()
    shares: dict[str, list[bool]] = defaultdict(list)
    for name, case in cases():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        found = problems(case, extract(reader.read(read_article(case["text"], "Test article"))))
        shares[name].append(not found)
        if found:
            print(f"{name}: {case['text']}\n    {'; '.join(found)}")
        elif case["text"] in KNOWN_FAILURES["cases"]:
            print(f"{name}: {case['text']}\n    passes now: take it off known-failures.toml")
    for name, results in shares.items():
        print(f"{name} = {sum(results) / len(results):.3f}  # of {len(results)}")


if __name__ == "__main__":
    main()
