"""The graph as plain tables for people who do not use RDF: CSV and Parquet, described in CSVW and Croissant; and as a network.

``columns.toml`` names the tables and documents every column; ``records`` reads sorted N-Quads; ``rows`` lays out the tables;
``writing``, ``description`` and ``actor_network`` write them.
"""
