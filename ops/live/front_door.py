"""HTTP to a public name, at the address that it leads to or at a balancer that it will lead to.

The certificate is verified for the public name either way.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection

TIMEOUT_SECONDS = 10.0
ADDRESS = "X-Rehearsal-Address"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer."""

    status: int
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Door:
    """How names are reached: `addresses` are hosts by name, where DNS is not to be asked."""

    addresses: Mapping[str, str]
    port: int = 443
    tls: bool = True
    through: tuple[str, int] | None = None
    """Host and port of what stands in for all balancers in a rehearsal; it is told by a header
    which of them is meant."""

    def ask(
        self,
        name: str,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request to `name`. Raises OSError or HTTPException where nobody answers."""
        connection = HTTPConnection(name, self.port, timeout=TIMEOUT_SECONDS)
        meant = {ADDRESS: self._address(name)} if self.through else {}
        try:
            connection.sock = self._connected(name)
            connection.request(method, path, body, {"Host": name, **meant, **(headers or {})})
            answer = connection.getresponse()
            return Reply(status=answer.status, body=answer.read())
        finally:
            connection.close()

    def _address(self, name: str) -> str:
        # A name below a wildcard, such as a model's, has the address of the name above it.
        parent = name.partition(".")[2]
        return self.addresses.get(name) or self.addresses.get(parent) or name

    def _connected(self, name: str) -> socket.socket:
        place = self.through or (self._address(name), self.port)
        plain = socket.create_connection(place, timeout=TIMEOUT_SECONDS)
        if not self.tls:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=name)
