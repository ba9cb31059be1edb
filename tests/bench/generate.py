"""Generate a MediaWiki dump of any number of articles from a few: sections shuffled, names and years changed.

    python tests/bench/generate.py 2000 DUMP.xml.bz2 ARTICLE.wiki ...

States are renamed to other states and all other names to invented ones, so that no two articles share their text. The same
arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import bz2
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from babel import Locale

HEADING = re.compile(r"^(?===[^=])", re.MULTILINE)
LINK = re.compile(r"\[\[([^\[\]|#:]+)[\]|#]")
ADDRESS = re.compile(r"https?://\S+")
WORD = re.compile(r"[^\W\d_]{4,}")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SYLLABLES = ("ba", "ri", "to", "mel", "ko", "va", "nen", "du", "shi", "rak", "os", "li", "tar", "em", "jo", "ska", "vi", "gor", "an", "ce")
SECTIONS = (4, 9)
FORMAT = "http://www.mediawiki.org/xml/export-0.11/"


def dump(texts: Sequence[str], count: int) -> Iterator[str]:
    """Yield the dump's XML in parts."""
    yield f'<mediawiki xmlns="{FORMAT}" version="0.11" xml:lang="en">\n  <siteinfo><dbname>benchwiki</dbname></siteinfo>\n'
    territories = set(Locale("en").territories.values())
    states = sorted(name for name in territories if WORD.fullmatch(name))
    parts = {word for name in territories if " " in name for word in WORD.findall(name)}
    names = sorted(set().union(*map(proper_names, texts)) - parts)
    for number in range(1, count + 1):
        title, text = article(texts, names, states, random.Random(number))
        yield (
            f"  <page><title>{escape(title)} ({number})</title><ns>0</ns><id>{number}</id><revision><id>{number * 10}</id>"
            f"<timestamp>2024-01-01T00:00:00Z</timestamp><model>wikitext</model><format>text/x-wiki</format>"
            f'<text xml:space="preserve">{escape(text)}</text></revision></page>\n'
        )
    yield "</mediawiki>\n"


def proper_names(text: str) -> set[str]:
    """Return the words of link targets that the text never writes in lower case."""
    lower = {word for word in WORD.findall(ADDRESS.sub("", text)) if word[0].islower()}
    words = {word for target in LINK.findall(text) for word in WORD.findall(target)}
    return {word for word in words if word[0].isupper() and word.lower() not in lower}


def article(texts: Sequence[str], names: Sequence[str], states: Sequence[str], chance: random.Random) -> tuple[str, str]:
    """Return the title and the text of one generated article."""
    lead = HEADING.split(chance.choice(texts))[0]
    sections = [section for text in texts for section in HEADING.split(text)[1:]]
    chosen = chance.sample(sections, min(len(sections), chance.randint(*SECTIONS)))
    known = set(states)
    renamed = {name: chance.choice(states) if name in known else invented(chance) for name in names}
    shift = chance.randint(0, 30)
    text = WORD.sub(lambda match: renamed.get(match[0], match[0]), lead + "".join(chosen))
    text = YEAR.sub(lambda match: str(int(match[0]) - shift), text)
    return f"{invented(chance)}–{invented(chance)} relations", text


def invented(chance: random.Random) -> str:
    """Return a name that does not exist."""
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("dump", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    given = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in given.articles]
    with bz2.open(given.dump, "wt", encoding="utf-8") as file:
        file.writelines(dump(texts, given.count))


if __name__ == "__main__":
    main()
