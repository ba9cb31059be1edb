"""Queries in processes of their own, which can be killed: Oxigraph's binding cannot stop a query by itself."""
