"""The subject of an article: its title and the names in bold type are one entity, and entities in its title are known from the start."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.facts import Kind
from kg.language.entities.inventory import Inventory, Item
from kg.language.gazetteer.names import bare_title, is_proper
from kg.wikitext.article import Article, PassageKind

SUBJECT = "subject"
"""The rule of a form that names the article's own subject: it takes precedence over all that share the form."""
_BOLD = re.compile(r"'''(?!')(.{2,150}?)'''(?!')")
_MARKUP = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]|<[^>]*>|'{2,}|\{\{[^{}]*\}\}")
_SUFFIXES = frozenset({Kind.EVENT, Kind.AGREEMENT})


def add_subject(inventory: Inventory) -> Item:
    """Return the item of the article's subject, with title and bold names as forms; add other entities in the title to the inventory."""
    article = inventory.article
    item = inventory.add(article.title, page=True)
    names = [article.title, bare_title(article.title), *(name for name in bold_names(article) if is_proper(name))]
    for name in names:
        item.forms[name] = SUBJECT
        inventory.alias(name, item.key)
    if inventory.classifier.preliminary(item.wording) in _SUFFIXES:
        item.forms |= dict.fromkeys(_without_owner(names, inventory), SUBJECT)
    for name in _named_in(article.title, inventory):
        if name != item.key:
            inventory.add(name, page=False)
    return item


def bold_names(article: Article) -> list[str]:
    """Return the words in bold type of the first sentence, without other markup."""
    first = next((p for p in article.passages if p.kind is PassageKind.SENTENCE and not p.section), None)
    if first is None:
        return []
    found = (_MARKUP.sub(lambda m: m[1] or "", m[1]) for m in _BOLD.finditer(article.wikitext[first.start : first.end]))
    return [name for text in found if (name := " ".join(text.split()))]


def _without_owner(names: list[str], inventory: Inventory) -> Iterator[str]:
    """ "American Civil War" is "Civil War" in its own article."""
    for name in names:
        first, _, rest = name.partition(" ")
        if " " in rest and is_proper(rest) and inventory.gazetteer.nationality(first) is not None:
            yield rest


def _named_in(title: str, inventory: Inventory) -> Iterator[str]:
    """Return the keys of known bodies in a title: "President of the European Commission"."""
    parts = bare_title(title).split()
    for size in range(min(6, len(parts)), 0, -1):
        for start in range(len(parts) - size + 1):
            known = inventory.gazetteer.named(" ".join(parts[start : start + size]))
            if known is not None and known.kind is Kind.INSTITUTION:
                yield known.key
