"""The references of an article: footnotes, citation templates and short citations."""
