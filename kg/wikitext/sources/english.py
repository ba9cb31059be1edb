"""Check that a source is in English, the only language that Entente reads: by the dump's metadata, and by the text itself."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import islice

from kg.wikitext.knowledge import table
from kg.wikitext.markup.links import Site

_WORD = re.compile(r"[^\W\d_]+")
_NO_PROSE = re.compile(r"\{\{[^{}]*+\}\}|<[^<>]*+>|\[\[[^\[\]|]*+\||https?://\S++")
_SAMPLE = 60_000
_FEWEST_WORDS = 60
# Of the words in articles of Wikipedias in other languages, 8 to 30 % are in their lists; of English ones, 20 to 35 % in the
# English list.
_SHARE = 0.05
_TIMES_ENGLISH = 3
_FOREIGN_LETTERS = 0.6


def is_english(site: Site) -> bool:
    """Whether a wiki is in English or does not give its language."""
    return not site.language or site.language.lower().partition("-")[0] in ("en", "simple")


def other_language(wikitext: str) -> str:
    """Return the language of a text that is plainly not English ("German", "another script"); empty if it is English or unclear."""
    text = _NO_PROSE.sub(" ", wikitext[:_SAMPLE])
    words = Counter(m.group().lower() for m in islice(_WORD.finditer(text), _SAMPLE))
    count = sum(words.values())
    if count < _FEWEST_WORDS:
        return ""
    if sum(n for word, n in words.items() if ord(word[0]) > 0x24F) > _FOREIGN_LETTERS * count:
        return "another script"
    english = sum(words[word] for word in table("languages")["english"])
    others = {name: sum(words[word] for word in known) for name, known in _others().items()}
    name = max(others, key=lambda n: others[n])
    return name if others[name] > _SHARE * count and others[name] > _TIMES_ENGLISH * english else ""


@cache
def _others() -> dict[str, tuple[str, ...]]:
    return {name: tuple(known) for name, known in table("languages")["others"].items()}
