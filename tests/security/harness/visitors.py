"""Somebody at the page: whole requests, and raw bytes that no browser would send."""

import http.client
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(slots=True, kw_only=True)
class Visitor:
    """One browser, or one attacker, at an address of its own on loopback."""

    port: int
    address: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request, and keep the cookies of the answer."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(self.address, 0)
        )
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None if form is None else urlencode(form)
        try:
            connection.request(method, path, body, {"cookie": cookie, **(headers or {})})
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            for line in answer.headers.get_all("set-cookie") or []:
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(status=answer.status, headers=found, body=answer.read().decode())
        finally:
            connection.close()

    def token(self, path: str = "/login") -> str:
        """Return the token of a page's form."""
        found = re.search(r'name="token" value="([^"]+)"', self.ask(path).body)
        assert found is not None
        return found[1]

    def log_in(self, password: str, to: str = "/") -> Answer:
        """Fill in the form and send it."""
        token = self.token()
        form = {"token": token, "password": password, "to": to}
        return self.ask("/login", method="POST", form=form)

    def open(self) -> socket.socket:
        """Return a connection on which nothing has been said."""
        return socket.create_connection(
            ("127.0.0.1", self.port), timeout=30, source_address=(self.address, 0)
        )

    def shout(self, raw: bytes, within_s: float = 30.0) -> bytes:
        """Send some bytes as they are; return all that comes back until the other side ends it."""
        with self.open() as connection:
            connection.settimeout(within_s)
            found = b""
            try:
                connection.sendall(raw)
                while piece := connection.recv(65_536):
                    found += piece
            except (ConnectionResetError, BrokenPipeError):
                pass
            return found
