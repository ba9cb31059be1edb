"""Adapt spaCy's English tokenizer to the treebanks' tokenisation (``tokenizer.toml``)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

RULES = Path(__file__).resolve().with_name("tokenizer.toml")
_HYPHEN = "(?:-|–|—|--|---|——|~)"  # as it stands in spaCy's infixes between letters


def adapt(nlp: Language, rules: Path = RULES) -> None:
    """Adapt a pipeline's tokenizer in place by the rules of a TOML file; ValueError where spaCy's own rules have changed."""
    found = tomllib.loads(rules.read_text(encoding="utf-8"))
    runs = [f"{re.escape(mark)}{{2,}}" for mark in found["repeated"]]
    defaults, tokenizer = nlp.Defaults, nlp.tokenizer
    assert isinstance(tokenizer, Tokenizer)  # the English defaults make no other
    bound = "".join(rf"(?<!\b(?i:{prefix}))" for prefix in found["prefixes"])
    old = [str(infix) for infix in defaults.infixes or ()]
    infixes = [bound + infix if _HYPHEN in infix else infix for infix in old]
    if infixes == old:
        raise ValueError("spaCy's infixes have no rule for hyphens between letters any more: see kg/language/encoder/tokenizer.py")
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    tokenizer.prefix_search = compile_prefix_regex([*runs, *(defaults.prefixes or ())]).search
    tokenizer.suffix_search = compile_suffix_regex([*runs, *found["endings"], *(defaults.suffixes or ())]).search
    tokenizer.token_match = re.compile(f"(?:{'|'.join(found['whole'])})$").match
    tokenizer.rules = {text: parts for text, parts in tokenizer.rules.items() if text not in found["not_whole"]}
    for text in found["abbreviations"]:
        tokenizer.add_special_case(text, [{ORTH: text}])
