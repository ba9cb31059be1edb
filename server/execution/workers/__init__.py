"""Run queries in worker processes that can be killed, since Oxigraph's binding cannot cancel a query."""
