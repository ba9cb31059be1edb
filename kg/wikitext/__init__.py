"""Reading wikitext: an article's passages, links and references, each with its position in the source."""

from kg.wikitext.article import Article
from kg.wikitext.article_reader import read_article

__all__ = ["Article", "read_article"]
