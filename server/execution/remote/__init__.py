"""Serve in front of a remote SPARQL store (``--sparql-backend``).

The query workers ask that store instead of one on disk, so queues, limits, streams and hang-ups are the same for both
(``asking``, ``answering``). A process beside them looks at the store, notes which version of the dataset it holds, and makes
the search index of it in a cache folder that is laid out like a data folder (``mirror``, ``watch``).
"""
