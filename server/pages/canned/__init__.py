"""Pages of queries: the canned queries with forms, tables and charts, the SPARQL editor, and the JSON API."""
