"""Query execution: the engine, its cache, worker processes, and remote stores."""
