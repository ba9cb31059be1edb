"""Wikidata's items for the pages that entities have: read from files that Wikimedia publishes, or from a table.

``item_files`` reads the files, ``item_register`` keeps what they say on disk and links entities to their items. A build without such
files is as it was: nothing here is then asked.
"""

from kg.wikidata.item_files import WikidataError
from kg.wikidata.item_register import ItemRegister, item_register

__all__ = ["ItemRegister", "WikidataError", "item_register"]
