"""Entity recognition and linking: map links, names and descriptions to the entities of an article, with their classes."""
