"""The server's settings: one table that the command line, the environment and the README share."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from kg.errors import EntenteError
from server.protocol.forwarded import networks, parse_public_url

MIB = 1024 * 1024
MOST: Mapping[type, int] = MappingProxyType({int: 2**31 - 1, float: 10**6, bool: 1})
"""Largest values of numbers that the system and the web server accept; a float is a time in seconds."""


class SettingsError(EntenteError):
    """A setting that does not exist, or an invalid value."""


def report_address(text: str) -> None:
    """Raise ValueError for a text that is not an address that a page may link to."""
    if text and not text.lower().startswith(("mailto:", "http://", "https://")):
        raise ValueError(text)


def endpoints(text: str) -> None:
    """Raise ValueError for a text that is not a list of addresses to which a query can be sent."""
    for each in text.split():
        parts = urlsplit(each)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError(each)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: flag ``--name-with-dashes``, variable ``ENTENTE_NAME``, keyword ``name`` of ``create_app``."""

    name: str
    default: int | float | str | bool
    help: str
    least: float = 0
    check: Callable[[str], object] | None = None
    """Raises ValueError for an invalid text."""
    form: str = ""
    """What a valid text is, if its type does not say."""

    @property
    def flag(self) -> str:
        """The command-line flag."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """The environment variable."""
        return "ENTENTE_" + self.name.upper()

    def parse(self, value: object, source: str) -> int | float | str | bool:
        """Convert ``value`` (often a string) to the type of the default; SettingsError, naming ``source``, if that fails."""
        kind = type(self.default)
        try:
            text = str(value)
            if kind in (int, float) and ("_" in text or not text.isascii()):  # Python's spellings of numbers, and digits of other scripts
                raise ValueError(value)
            parsed = _boolean(text) if kind is bool else kind(text)
            if isinstance(parsed, float) and not math.isfinite(parsed):
                raise ValueError(value)
            if self.check:
                self.check(str(parsed))
        except ValueError:
            raise SettingsError(f"{source} must be a {self.form or _NAMES[kind]}, not {value!r}: {self.help}") from None
        if isinstance(parsed, int | float) and parsed < self.least:
            raise SettingsError(f"{source} must be at least {self.least:g}, not {value!r}: {self.help}")
        if isinstance(parsed, int | float) and parsed > MOST[kind]:
            raise SettingsError(f"{source} must be at most {MOST[kind]:,}, not {str(value)[:40]!r}: {self.help}")
        return parsed


_NAMES = {int: "whole number", float: "number", str: "text", bool: "yes or no"}
_BOOLEANS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def _boolean(value: str) -> bool:
    try:
        return _BOOLEANS[value.strip().lower()]
    except KeyError:
        raise ValueError(value) from None


SETTINGS = (
    Setting("query_timeout", 30.0, "Time limit of a query in seconds; ?timeout= can only lower it", 0.01),
    Setting("page_timeout", 10.0, "Time limit in seconds of a query for a page", 0.01),
    Setting("query_memory", 1024, "Memory limit of one query in MiB", 16),
    Setting("queries_memory", 0, "Memory limit of all running queries together in MiB; 0 means half of the machine's memory"),
    Setting("answer_bytes", 1024, "Largest answer in MiB, before compression", 1),
    Setting("query_length", 1024 * 1024, "Largest body or URL of a request in bytes", 1024),
    Setting("workers", 0, "Worker processes kept ready for queries; 0 means the number of processors plus two"),
    Setting("running", 32, "Queries that may run at once; workers are started as needed", 1),
    Setting("waiting", 256, "Queries that may wait for a free worker; more are refused with 503"),
    Setting("waiting_time", 5.0, "Seconds that a query may wait for a free worker before it is refused with 503"),
    Setting("cache_size", 64, "Size of the answer cache in MiB; 0 disables it"),
    Setting("cache_age", 60, "Seconds for which a browser or proxy may reuse an answer without revalidation (Cache-Control: max-age)"),
    Setting("sparql_backend", "", "Address of a remote SPARQL store to answer from, with name and password if it requires them"),
    Setting("backend_poll", 5.0, "Seconds between two polls of that store, whether it answers and whether its dataset has changed", 0.1),
    Setting(
        "services",
        "",
        "Endpoints that SERVICE may call, separated by spaces; empty refuses SERVICE",
        check=endpoints,
        form="list of http or https addresses",
    ),
    Setting("threads", 64, "Requests served at once", 2),
    Setting("build_poll", 1.0, "Seconds between two checks for a new build", 0.05),
    Setting("drain_time", 30.0, "Seconds that running requests get to finish when the server stops"),
    Setting(
        "report_to",
        "",
        "Where readers report errors: a mailto: address or the address of an issue tracker's form; {title} and {body} are filled in",
        check=report_address,
        form="mailto:, http: or https: address",
    ),
    Setting("access_log", True, "Write one line of JSON to standard error for each request"),
    Setting("write_time", 30.0, "Seconds that a client may take to read 64 KiB of its answer before the connection is closed", 0.1),
    Setting("header_time", 5.0, "Seconds that a client may take to send a request's headers", 0.1),
    Setting("connections_each", 256, "Connections that one address may have open at once (trusted proxies: any number)", 1),
    Setting(
        "public_url",
        "",
        "Public address of the server, such as https://graph.example/kg; empty takes it from each request",
        check=parse_public_url,
        form="http or https address without parameters",
    ),
    Setting(
        "trusted_proxies",
        "",
        "Networks of proxies whose X-Forwarded-For, -Proto, -Host and -Prefix headers are trusted; empty trusts none",
        check=networks,
        form="list of networks, such as 10.0.0.0/8",
    ),
)
_BY_NAME = MappingProxyType({setting.name: setting for setting in SETTINGS})


def load(given: Mapping[str, object], environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the values of all settings: from ``given`` (unless None), else ``ENTENTE_*``, else the default."""
    environ = os.environ if environ is None else environ
    unknown = sorted(set(given) - set(_BY_NAME))
    if unknown:
        raise SettingsError(f"There is no setting {unknown[0]!r}; there are: {', '.join(sorted(_BY_NAME))}")
    return {setting.name: _value(setting, given, environ) for setting in SETTINGS}


def _value(setting: Setting, given: Mapping[str, object], environ: Mapping[str, str]) -> int | float | str | bool:
    if given.get(setting.name) is not None:
        return setting.parse(given[setting.name], setting.flag)
    if environ.get(setting.variable):
        return setting.parse(environ[setting.variable], setting.variable)
    return setting.default
