"""Outputs of a build: dumps, Turtle, tables, publishing to remote SPARQL stores."""
