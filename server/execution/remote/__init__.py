"""Serve in front of a remote SPARQL store (``--sparql-backend``).

The query workers send queries to that store instead of one on disk, so queues, limits, streaming and disconnects work the same for
both (``asking``, ``answering``). A separate process polls the store, records which version of the dataset it contains, and builds a
search index of it in a cache folder that is laid out like a data folder (``mirror``, ``watch``).
"""
