"""The Model Context Protocol: the graph as tools for assistants, over HTTP at ``/mcp`` and over standard input and output.

``tools`` and ``statements`` produce the answers, independent of the protocol; ``mcp_server`` alone imports its SDK, on first use.
"""
