"""Wikitext markup: repair, parsing, links, templates, and rendering to the text that a reader sees."""
