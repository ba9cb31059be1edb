"""Determine the public URL and the client's address behind trusted proxies.

The ``X-Forwarded-*`` headers count only if the peer is trusted, since anybody can send them; by default no peer is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

MOST_HOPS = 500  # characters of X-Forwarded-For that are read, from its end
PREFIX = re.compile(r"(?:/[A-Za-z0-9._~%-]{1,255}){0,16}")
HOST = re.compile(r"[A-Za-z0-9._\-]{1,255}(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Scheme, host (with port) and path prefix (empty, or with a leading slash)."""

    scheme: str
    host: str
    prefix: str

    @property
    def root(self) -> str:
        """The URL of the application's root, with a trailing slash."""
        return f"{self.scheme}://{self.host}{self.prefix}/"


def address(scheme: str, host: str, prefix: str, headers: Mapping[str, str], trusted: bool) -> PublicAddress:
    """Return the address that the client requested: as the server sees it, changed by the headers (names in lower case) of a trusted
    proxy."""
    host = host if HOST.fullmatch(host) else "localhost"
    if not trusted:
        return PublicAddress(scheme, host, prefix)
    seen_scheme = _last(headers, "x-forwarded-proto")
    seen_host = _last(headers, "x-forwarded-host")
    seen_prefix = _last(headers, "x-forwarded-prefix").rstrip("/")
    return PublicAddress(
        seen_scheme if seen_scheme in ("http", "https") else scheme,
        seen_host if HOST.fullmatch(seen_host) else host,
        seen_prefix + prefix if PREFIX.fullmatch(seen_prefix) else prefix,
    )


def _last(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name, "").rsplit(",", 1)[-1].strip()


@lru_cache(maxsize=1024)
def is_trusted(peer: str, trusted: str) -> bool:
    """Whether the address ``peer`` is in one of the networks (CIDR, separated by spaces)."""
    try:
        found = ip_address(peer.rsplit("%", 1)[0])
    except ValueError:
        return False
    return any(found in network for network in networks(trusted))


def networks(text: str) -> list[IPv4Network | IPv6Network]:
    """Parse networks in CIDR notation, separated by spaces. ValueError if one is invalid."""
    return [ip_network(each, strict=False) for each in text.split()]


def client_of(peer: str, headers: Mapping[str, str], trusted: str) -> str:
    """Return the address that a request comes from: ``peer``, or the last in ``X-Forwarded-For`` that is not a trusted proxy."""
    if not is_trusted(peer, trusted):
        return peer
    for each in reversed(headers.get("x-forwarded-for", "")[-MOST_HOPS:].split(",")):
        hop = each.strip()
        try:
            ip_address(hop)
        except ValueError:
            break
        if not is_trusted(hop, trusted):
            return hop
    return peer


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """Return the network that counts as one client: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        found = ip_address(address.rsplit("%", 1)[0])
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((found, 64), strict=False).network_address)


def parse_public_url(text: str) -> PublicAddress | None:
    """Parse the setting ``public_url``; None if it is empty. ValueError if it is invalid."""
    if not text:
        return None
    parts = urlsplit(text)
    prefix = parts.path.rstrip("/")
    known = parts.scheme in ("http", "https") and HOST.fullmatch(parts.netloc) and PREFIX.fullmatch(prefix)
    if not known or parts.query or parts.fragment:
        raise ValueError(text)
    return PublicAddress(parts.scheme, parts.netloc, prefix)


class Forwarded:
    """WSGI middleware that puts the result of ``address`` where Flask looks for it, so that generated links are correct."""

    def __init__(self, application: Callable[..., Iterable[bytes]], networks: str, public: PublicAddress | None = None) -> None:
        self.application = application
        self.networks = networks
        self.public = public

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        names = ("proto", "host", "prefix")
        headers = {f"x-forwarded-{name}": environ.get(f"HTTP_X_FORWARDED_{name.upper()}", "") for name in names}
        host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
        trusted = is_trusted(environ.get("REMOTE_ADDR", ""), self.networks)
        seen = self.public or address(environ["wsgi.url_scheme"], host, environ.get("SCRIPT_NAME", ""), headers, trusted)
        environ.update({"wsgi.url_scheme": seen.scheme, "HTTP_HOST": seen.host, "SCRIPT_NAME": seen.prefix})
        return self.application(environ, start_response)
