"""An HTTP client for a remote SPARQL store: its address and credentials, and one request at a time.

Only that address is ever opened: redirects are not followed, and proxies and ``.netrc`` are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from kg.errors import EntenteError

if TYPE_CHECKING:
    import requests

CONNECT_TIME = 5.0  # seconds within which a store must accept a connection
UNAUTHORIZED = 401


class AddressError(EntenteError):
    """Not a valid address of a store."""


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a store: ``url`` without name, password and parameters, which are sent with each request."""

    url: str
    parameters: tuple[tuple[str, str], ...] = ()
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.url

    @classmethod
    def parse(cls, text: str) -> Address:
        """Parse ``http://user:password@host:port/path?parameters``; AddressError if it is not valid."""
        try:
            parts = urlsplit(text.strip())
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if host is None or parts.scheme not in ("http", "https") or parts.fragment or any(c in host for c in ' <>"\\'):
            shown = text.rsplit("@", 1)[-1]
            raise AddressError(f"{shown}: not an address. Write it as http://host:port/path.")
        host = f"[{host}]" if ":" in host else host
        place = host if port is None else f"{host}:{port}"
        url = urlunsplit((parts.scheme, place, parts.path or "/", "", ""))
        parameters = tuple(parse_qsl(parts.query, keep_blank_values=True))
        return cls(url, parameters, unquote(parts.username or ""), unquote(parts.password or ""))


class Client:
    """Requests to one store over persistent connections. Not thread-safe."""

    def __init__(self, address: Address) -> None:
        import requests

        self.address = address
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = "Entente"

    def send(
        self,
        method: str,
        body: bytes,
        headers: Mapping[str, str],
        parameters: Sequence[tuple[str, str]] = (),
        timeout: float | None = None,
    ) -> requests.Response:
        """Send a request and return the response with its body unread. ``parameters`` replace those of the address.

        ``timeout``: seconds between two blocks of the response. Requests must be safe to repeat. Exceptions of requests propagate.
        """
        connect = CONNECT_TIME if timeout is None else min(CONNECT_TIME, timeout)
        arguments = (method, body, dict(headers), list(parameters), (connect, timeout))
        response = self._request(*arguments)
        if response.status_code == UNAUTHORIZED and self._authenticate(response):
            response.close()
            response = self._request(*arguments)
        return response

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _request(
        self, method: str, body: bytes, headers: dict[str, str], parameters: list[tuple[str, str]], timeout: tuple[float, float | None]
    ) -> requests.Response:
        import requests
        from urllib3.exceptions import ProtocolError

        def send() -> requests.Response:
            return self._session.request(
                method, self.address.url, parameters, body, headers, timeout=timeout, allow_redirects=False, stream=True
            )

        try:
            return send()
        except requests.ConnectionError as error:
            # A persistent connection that the store has closed shows only when it is used: try once more, on a new one.
            if not (error.args and isinstance(error.args[0], ProtocolError)):
                raise
            return send()

    def _authenticate(self, response: requests.Response) -> bool:
        """Whether the credentials can be sent by the scheme that the store asks for; from then on they are.

        Not before it asks: Virtuoso, which asks for Digest, refuses a client that starts with Basic and does not say why.
        """
        from requests.auth import HTTPBasicAuth, HTTPDigestAuth

        if not self.address.user or self._session.auth is not None:
            return False
        asked = response.headers.get("WWW-Authenticate", "").lower()
        way = HTTPDigestAuth if "digest" in asked else HTTPBasicAuth
        self._session.auth = way(self.address.user, self.address.password)
        return True


def reason(error: BaseException) -> str:
    """Return why a request failed: the message of the innermost exception that libraries wrapped."""
    seen: set[int] = set()
    while id(error) not in seen:
        seen.add(id(error))
        inner = error.__cause__ or getattr(error, "reason", None) or next((a for a in error.args if isinstance(a, BaseException)), None)
        if isinstance(inner, BaseException):
            error = inner
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
