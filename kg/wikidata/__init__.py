"""Wikidata items for the pages of entities: read from files that Wikimedia publishes, or from a table.

``item_files`` reads the files, ``item_register`` stores their content on disk and links entities to their items. Without such
files, a build does not use this package.
"""

from kg.wikidata.item_files import WikidataError
from kg.wikidata.item_register import ItemRegister, item_register

__all__ = ["ItemRegister", "WikidataError", "item_register"]
