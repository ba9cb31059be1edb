"""SPARQL text: tokens, parameters, canned queries, rewriting, syntax errors and the services that a query names."""
