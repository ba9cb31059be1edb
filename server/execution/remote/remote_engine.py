"""The query engine of a server in front of a remote SPARQL store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.store.output.remote import Address
from server.execution.engine import QueryEngine
from server.execution.refusal import RETRY_AFTER
from server.execution.remote.watch import Watch
from server.protocol.problems import Problem
from server.settings import SettingsError


class RemoteEngine(QueryEngine):
    """Answers queries from the store at ``settings["sparql_backend"]``; its builds are those recorded by the mirror."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Raises SettingsError if the settings do not fit together, AddressError if the address is invalid."""
        if settings["services"]:
            raise SettingsError("--services cannot be combined with --sparql-backend: the remote store, not this server, would call them.")
        location = settings["sparql_backend"]
        self.address = Address.parse(location)
        self.watch = Watch(self.address, location, settings["backend_poll"], settings["query_timeout"])
        try:
            super().__init__(self.watch.folder, settings)
        except BaseException:
            self.watch.close()
            raise

    @property
    def trouble(self) -> str:
        """Why no query can be answered now."""
        return super().trouble or self.watch.trouble

    @property
    def no_index(self) -> Problem:
        """The state of the index under construction."""
        why = self.watch.trouble or self.watch.problem
        if why:
            return Problem(503, f"There is no index of the store's names and sentences: {why}", headers={"Retry-After": RETRY_AFTER})
        return Problem(
            503,
            "The index of the store's names and sentences is still being built.",
            "Try again in a few seconds; queries are answered already.",
            headers={"Retry-After": RETRY_AFTER},
        )

    def close(self) -> None:
        """End the workers and the mirror."""
        self.watch.close()
        super().close()
