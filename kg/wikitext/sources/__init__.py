"""Sources of articles: wikitext files, folders of them, MediaWiki XML exports and dumps."""

from kg.wikitext.sources.files import SourceError
from kg.wikitext.sources.selection import Selection
from kg.wikitext.sources.source_files import Source, read_sources

__all__ = ["Selection", "Source", "SourceError", "read_sources"]
