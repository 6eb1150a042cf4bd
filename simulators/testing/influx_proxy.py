"""A gate before InfluxDB 1.x: makes it look like 2.x, keeps what passes, and fails as told.

InfluxDB 2.x is not in any distribution, so its requests are checked here (path, organisation,
token), and its answers come from the real storage engine of 1.x.
"""

import gzip
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

import urllib3

from ingest.mqtt.embedded_broker import HOST


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedRequest:
    """One request that came to the gate; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def lines(self) -> list[str]:
        """The lines of a write."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode().split("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the gate answers by itself.

    Attributes
    ----------
    passed_on
        Whether the server behind got the request nevertheless.
    cut
        Whether the connection is cut instead of an answer.
    after_s
        How long it takes to answer.
    """

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    passed_on: bool = False
    cut: bool = False
    after_s: float = 0.0


REPLY_LOST = Reply(passed_on=True, cut=True)
"""The server has stored it, and the client never hears of that."""


class InfluxProxy:
    """A server on loopback for the time of a ``with`` block.

    Parameters
    ----------
    behind
        Address of the InfluxDB 1.x behind it; None for a gate with nothing behind.
    version
        What ``/ping`` says; from 2 on, writes are taken at ``/api/v2/write`` only.
    token
        If given, requests without it are answered with 401.
    most_bytes
        Longest body (unpacked) taken; longer ones are answered with 413.
    """

    def __init__(
        self,
        behind: str | None = None,
        *,
        version: str = "v2.9.1",
        token: str = "",
        most_bytes: int = 1 << 30,
    ) -> None:
        self.url = ""
        self.token = token
        self._behind = behind
        self._version = version
        self._most_bytes = most_bytes
        self._passed: list[ForwardedRequest] = []
        self._script: deque[Reply] = deque()
        self._lock = threading.Lock()
        self._pool = urllib3.PoolManager(retries=False)
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer((HOST, 0), _handler(self))
        self.url = f"http://{HOST}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._pool.clear()

    @property
    def writes(self) -> list[ForwardedRequest]:
        """The writes that came so far, refused ones too, oldest first."""
        with self._lock:
            return [each for each in self._passed if each.path.endswith("/write")]

    @property
    def passed(self) -> list[ForwardedRequest]:
        """All that came so far, oldest first."""
        with self._lock:
            return list(self._passed)

    def answer(self, *replies: Reply) -> None:
        """Answer the next writes with these."""
        with self._lock:
            self._script.extend(replies)

    def reply(self, request: ForwardedRequest) -> Reply:
        """Return what to answer to one request."""
        with self._lock:
            self._passed.append(request)
            is_write = request.path.endswith("/write")
            scripted = self._script.popleft() if is_write and self._script else None
        if scripted is not None:
            threading.Event().wait(scripted.after_s)
            behind = self._pass_on(request) if scripted.passed_on else scripted
            # What was not stored must not be called so.
            return behind if behind.status >= 300 and not scripted.cut else scripted
        if request.path == "/ping":
            return Reply(headers={"X-Influxdb-Version": self._version})
        if self.token and request.headers.get("authorization") != f"Token {self.token}":
            return Reply(
                status=401, body=b'{"code":"unauthorized","message":"unauthorized access"}'
            )
        if is_write and len("\n".join(request.lines)) > self._most_bytes:
            return Reply(status=413, body=b'{"code":"request too large","message":"too large"}')
        return self._pass_on(request)

    def _pass_on(self, request: ForwardedRequest) -> Reply:
        """Let the server behind answer, a write of 2.x as one of 1.x."""
        query, path = dict(request.query), request.path
        if path == "/api/v2/write" and not self._version.startswith("1."):
            query, path = {"db": query["bucket"], "precision": query["precision"]}, "/write"
        elif path == "/write" and not self._version.startswith("1."):
            return Reply(status=404, body=b'{"code":"not found","message":"path not found"}')
        if self._behind is None:
            return Reply(status=204 if path == "/write" else 404)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name in {"content-encoding", "content-type"}
        }
        url = f"{self._behind}{path}?{urlencode(query)}"
        try:
            answer = self._pool.request(request.method, url, body=request.body, headers=headers)
        except urllib3.exceptions.HTTPError:
            return Reply(cut=True)
        return Reply(status=answer.status, body=answer.data)


def _handler(gate: InfluxProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Hands each request to the gate."""

        def do_POST(self) -> None:  # the name is http.server's
            address = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            reply = gate.reply(
                ForwardedRequest(
                    method=self.command,
                    path=address.path,
                    query={name: values[0] for name, values in parse_qs(address.query).items()},
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=self.rfile.read(length),
                )
            )
            if reply.cut:
                self.close_connection = True
                return
            # Whoever asked may have been killed meanwhile.
            with suppress(ConnectionError):
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

        do_GET = do_POST  # noqa: N815  # the name is http.server's

        def log_message(self, *_: object) -> None:
            """Say nothing on the terminal."""

    return Handler
