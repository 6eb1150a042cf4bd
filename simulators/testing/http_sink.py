"""A small HTTP server that keeps what is posted to it and answers as it is told."""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from ingest.clock import SystemClock
from ingest.mqtt.embedded_broker import HOST


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """One request as it came; header names are in lower case.

    Attributes
    ----------
    status
        The answer to it.
    at_s
        Unix time at which it had come.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    status: int = 204
    at_s: float = 0.0


class HttpSink:
    """A server on loopback for the time of a ``with`` block.

    Attributes
    ----------
    url
        Its address, without a slash at the end; valid inside the block.
    """

    def __init__(self) -> None:
        self.url = ""
        self._caught: list[ReceivedRequest] = []
        self._script: deque[tuple[int, Mapping[str, str]]] = deque()
        self._changed = threading.Condition()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        catcher = self

        class Handler(BaseHTTPRequestHandler):
            """Hands each request to the catcher."""

            def do_POST(self) -> None:  # the name is http.server's
                length = int(self.headers.get("Content-Length") or 0)
                status, headers = catcher.receive(
                    ReceivedRequest(
                        method=self.command,
                        path=self.path,
                        headers={name.lower(): value for name, value in self.headers.items()},
                        body=self.rfile.read(length),
                    )
                )
                # Whoever told this may have been killed meanwhile.
                with suppress(ConnectionError):
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            do_GET = do_PUT = do_POST  # noqa: N815  # the names are http.server's

            def log_message(self, *_: object) -> None:
                """Say nothing on the terminal."""

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
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

    @property
    def notify_url(self) -> str:
        """Its address as one of ``[notify] urls``: alerts come to it as JSON."""
        return self.url.replace("http", "json")

    @property
    def caught(self) -> list[ReceivedRequest]:
        """What has come so far, oldest first."""
        with self._changed:
            return list(self._caught)

    def answer(self, *statuses: int, headers: Mapping[str, str] | None = None) -> None:
        """Answer the next requests with these statuses; after them, with 204 again."""
        with self._changed:
            self._script.extend((status, headers or {}) for status in statuses)

    def receive(self, request: ReceivedRequest) -> tuple[int, Mapping[str, str]]:
        """Keep one request and return the status and headers to answer with."""
        with self._changed:
            status, headers = self._script.popleft() if self._script else (204, {})
            self._caught.append(replace(request, status=status, at_s=SystemClock().now_s()))
            self._changed.notify_all()
            return status, headers

    def wait_for(self, n: int, *, within_s: float = 10.0) -> Sequence[ReceivedRequest]:
        """Return what has come once there are `n` requests.

        Raises
        ------
        TimeoutError
            If there are fewer after `within_s` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._caught) >= n, within_s):
                message = f"{len(self._caught)} requests came within {within_s:g} s, not {n}"
                raise TimeoutError(message)
            return list(self._caught)

    def clear(self) -> None:
        """Forget what came and what was to be answered."""
        with self._changed:
            self._caught.clear()
            self._script.clear()
