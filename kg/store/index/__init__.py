"""The full-text search index of a build."""
