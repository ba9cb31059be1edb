"""Entity recognition and linking: links, names and descriptions to the entities of an article, with their classes."""
