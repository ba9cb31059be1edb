"""Adapt spaCy's English tokenizer to the treebanks' tokenisation (``tokenizer.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

NAME = "entente_treebank_tokenizer"
RULES = Path(__file__).resolve().with_name("tokenizer.toml")
_HYPHEN = "(?:-|–|—|--|---|——|~)"  # as in spaCy's infixes between letters


@registry.tokenizers(NAME)  # type: ignore[untyped-decorator]
def make_factory() -> Callable[[Language], Tokenizer]:
    """Return the function that spaCy's configuration calls for the tokenizer of a new pipeline."""
    return treebank_tokenizer


def treebank_tokenizer(nlp: Language, rules: Path = RULES) -> Tokenizer:
    """Return spaCy's English tokenizer adapted by the rules of a TOML file; ValueError if spaCy's own rules have changed.

    It is built at once: changing a rule of an existing tokenizer makes spaCy reload all special cases.
    """
    found = tomllib.loads(rules.read_text(encoding="utf-8"))
    runs = [f"{re.escape(mark)}{{2,}}" for mark in found["repeated"]]
    defaults = nlp.Defaults
    bound = "".join(rf"(?<!\b(?i:{prefix}))" for prefix in found["prefixes"])
    old = [str(infix) for infix in defaults.infixes or ()]
    infixes = [bound + infix if _HYPHEN in infix else infix for infix in old]
    if infixes == old:
        raise ValueError("spaCy's infixes have no rule for hyphens between letters any more: see kg/language/encoder/tokenizer.py")
    special = {text: parts for text, parts in (defaults.tokenizer_exceptions or {}).items() if text not in found["not_whole"]}
    return Tokenizer(
        nlp.vocab,
        rules=special | {text: [{ORTH: text}] for text in found["abbreviations"]},
        prefix_search=compile_prefix_regex([*runs, *(defaults.prefixes or ())]).search,
        suffix_search=compile_suffix_regex([*runs, *found["endings"], *(defaults.suffixes or ())]).search,
        infix_finditer=compile_infix_regex(infixes).finditer,
        token_match=re.compile(f"(?:{'|'.join(found['whole'])})$").match,
        url_match=defaults.url_match,
    )
