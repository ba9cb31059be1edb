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
    Setting("query_timeout", 30.0, "Seconds that a query may run; ?timeout= can only lower it", 0.01),
    Setting("page_timeout", 10.0, "Seconds that a query made for a page may run", 0.01),
    Setting("query_memory", 1024, "MiB of memory that one query may use", 16),
    Setting("queries_memory", 0, "MiB of memory that all running queries may use together; 0 means half of the machine's"),
    Setting("answer_bytes", 1024, "MiB that one answer may be long before compression", 1),
    Setting("query_length", 1024 * 1024, "Bytes that a request's body or URL may be long", 1024),
    Setting("workers", 0, "Worker processes kept ready for queries; 0 means one for each processor, and two more"),
    Setting("running", 32, "Queries that may run at once; as many workers are started when needed", 1),
    Setting("waiting", 256, "Queries that may wait for a free worker; more are refused with 503"),
    Setting("waiting_time", 5.0, "Seconds that a query may wait for a free worker before it is refused with 503"),
    Setting("cache_size", 64, "MiB of answers kept in memory; 0 keeps none"),
    Setting("cache_age", 60, "Seconds that a browser or proxy may use an answer without asking again (Cache-Control)"),
    Setting("sparql_backend", "", "Address of another SPARQL store to answer from, with its name and password where it wants them"),
    Setting("backend_poll", 5.0, "Seconds between two looks at that store: does it answer, has its dataset changed", 0.1),
    Setting(
        "services",
        "",
        "Endpoints that SERVICE may call, separated by spaces; empty refuses SERVICE",
        check=endpoints,
        form="list of http or https addresses",
    ),
    Setting("threads", 64, "Requests that are answered at once", 2),
    Setting("build_poll", 1.0, "Seconds between two looks for a new build", 0.05),
    Setting("drain_time", 30.0, "Seconds that running requests get to finish when the server is told to stop"),
    Setting(
        "report_to",
        "",
        "Where readers report mistakes: a mailto: address or an issue tracker's address for new issues; {title} and {body} are filled in",
        check=report_address,
        form="mailto:, http: or https: address",
    ),
    Setting("access_log", True, "Write one line of JSON to standard error for each request"),
    Setting("write_time", 30.0, "Seconds that a client may take for the next 64 KiB of its answer before it is cut off", 0.1),
    Setting("header_time", 5.0, "Seconds that a client may take to send a request's headers", 0.1),
    Setting("connections_each", 256, "Connections that one address may hold at once (a network of proxies: any number)", 1),
    Setting(
        "public_url",
        "",
        "Address that clients know the server by, such as https://graph.example/kg; empty takes it from each request",
        check=parse_public_url,
        form="http or https address without parameters",
    ),
    Setting(
        "trusted_proxies",
        "",
        "Networks of proxies whose X-Forwarded-For, -Proto, -Host and -Prefix headers are believed; empty believes nobody",
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
