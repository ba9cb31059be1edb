"""The graph as plain tables, for people who do not speak RDF: CSV and Parquet, described in CSVW and Croissant; and as a network.

``columns.toml`` names the tables and documents every column; ``records`` reads sorted N-Quads; ``rows`` lays the tables out;
``writing``, ``description`` and ``actor_network`` write them.
"""
