"""Read mutated wikitext by the hundred thousand, and tell every input on which the reader faulted.

`python -m tests.wikitext.fuzz --inputs 1000000 PAGES…` takes pieces of the seed, the cases and of the files and dumps in PAGES, cuts,
doubles, joins and sprinkles them with signs, and reads each. An input is told where reading raises, notes a fault of its own, breaks
what ``test_properties.check`` holds of every article, or takes over `--slow` seconds. Input n of a seed is the same in every run over
the same PAGES: `--first n --inputs 1` reads it again. Exits with code 1 where anything was told.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tomllib
from pathlib import Path

from kg.wikitext import read_article
from kg.wikitext.sources import read_sources
from tests.wikitext.test_properties import SIGNS, check

HERE = Path(__file__).parent
SEEDS = HERE.parents[1] / "seeds"
MORE_SIGNS = [
    *("<ref group=n name=b>", "<ref name=b />"),
    *("<references/>", "<references>", "{{sfn|Bell|1999}}", "{{efn|", "{{reflist|", "{{Infobox x\n|a="),
    *("<table>", "<tr>", "<td>", "</table>", "<div>", "</div>", "<p>", "<li>", "<ul>", "</ul>", "<nowiki/>", "<pre>", "</pre>", "<math>"),
    *("|+", "!!", "|}}", "{{!}}", "{{end}}", "[[File:A.jpg|thumb|", "[[Category:", "[[:fr:", "{{#if:", "{{{1|", "&#8211;", "&lt;", "&#x;"),
    *("''''", "'''''", "----", "\n;a:b", "\n#", "\n ", "\t", "\r", "\x00", "\x7f", "\u200e", "\ud83d", "é", "中", "\U0001f1eb", "\ue001"),
    *("__TOC__", "~~~~", "-{", "}-", "<!-", "->", "</", "/>", "=\"", "::{|", "|-|", "ISBN 1-2", "rowspan=99", "colspan=999"),
]  # fmt: skip


def pool(paths: list[Path]) -> list[str]:
    """Return the texts from which parts are taken: the cases, the seed, and the content of ``paths``."""
    cases = [
        case["wikitext"] for path in sorted((HERE / "cases").glob("*.toml")) for case in tomllib.loads(path.read_text("utf-8"))["case"]
    ]
    pages = [source.wikitext for source in read_sources([SEEDS, *paths], unreadable=lambda *_: None, any_language=True)]
    return cases + pages


def mutated(texts: list[str], chance: random.Random) -> str:
    """Return one input: a part of a text, usually short, changed in up to eight places."""
    text = _piece(texts, chance)
    for _ in range(chance.randint(1, 8)):
        at, until = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
        match chance.randrange(6):
            case 0:
                text = text[:at] + text[until:]
            case 1:
                text = text[:until] + text[at : min(until, at + 300)] + text[until:]
            case 2:
                text = text[:at] + _piece(texts, chance) + text[at:]
            case 3:
                text = text[:at] + chance.choice(SIGNS + MORE_SIGNS) * chance.choice((1, 1, 1, 2, 40)) + text[at:]
            case 4:
                text = text[:at] + text[at + 1 :]
            case _:
                sign = chance.choice(SIGNS + MORE_SIGNS)
                text = text[:at] + text[at:].replace(sign, chance.choice(("", *SIGNS)), 1)
    return text


def _piece(texts: list[str], chance: random.Random) -> str:
    text = chance.choice(texts)
    start = chance.randint(0, len(text))
    return text[start : start + int(2 ** chance.uniform(2, 12 if chance.random() < 0.04 else 8))]


def fault(text: str, slow: float) -> str:
    """Return what is wrong with the reading of a text; empty if nothing is."""
    began = time.process_time()
    try:
        article = read_article(text, "T")
        check(article)
    except AssertionError as error:
        return f"does not hold: {str(error).splitlines()[0] if str(error) else 'an assertion'}"
    except Exception as error:
        return f"raises {type(error).__name__}: {error}"
    noted = [note for note, _ in article.notes if note.startswith("not read")]
    seconds = time.process_time() - began
    return noted[0] if noted else f"takes {seconds:.1f} s" if seconds > slow else ""


def main() -> int:
    """Read the inputs requested on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path, help="files, folders and dumps to take pieces of")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--slow", type=float, default=2.0, help="processor seconds that one input may take")
    options = parser.parse_args()
    texts = pool(options.pages)
    told = 0
    for number in range(options.first, options.first + options.inputs):
        text = mutated(texts, random.Random(f"{options.seed}:{number}"))
        if problem := fault(text, options.slow):
            told += 1
            print(f"seed {options.seed}, input {number}: {problem}\n  {text!r}", flush=True)
        if (number + 1) % 50_000 == 0:
            print(f"{number + 1} inputs, {told} told", file=sys.stderr, flush=True)
    print(f"{options.inputs} inputs, {told} told.")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
