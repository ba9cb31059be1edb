"""The Model Context Protocol: the graph as tools for assistants, over HTTP at ``/mcp`` and over standard input and output.

``tools`` and ``statements`` make the answers and know nothing of the protocol; ``protocol`` alone imports its SDK, when it is first used.
"""
