"""The wire between the daemon and the broker, which can be cut at any byte."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from ingest.mqtt.embedded_broker import HOST

_CHUNK = 4096


class Wire:
    """A relay for TCP, open inside ``with``.

    Attributes
    ----------
    port
        Where it listens.
    """

    def __init__(self, behind: Callable[[], int]) -> None:
        self._behind = behind
        self._lock = threading.Lock()
        self._ends: list[socket.socket] = []
        self._opened: list[socket.socket] = []
        self._bytes_left: int | None = None
        self._bytes_per_s: int | None = None
        self._pause = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join()
        for end in self._opened:
            end.close()

    def cut(self) -> None:
        """Break every connection; new ones are let through."""
        with self._lock:
            ends, self._ends = self._ends, []
            self._bytes_left = None
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut_after(self, n_bytes: int) -> None:
        """Break every connection once so many more bytes have passed, either way."""
        with self._lock:
            self._bytes_left = n_bytes

    def slow_down(self, bytes_per_s: int) -> None:
        """Let so many bytes pass in a second, either way."""
        self._bytes_per_s = bytes_per_s

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection((HOST, self._behind()))
            except OSError:
                near.close()
                continue
            with self._lock:
                self._ends += [near, far]
                self._opened += [near, far]
            self._run(lambda near=near, far=far: self._pass(near, far))  # type: ignore[misc]  # both are sockets
            self._run(lambda near=near, far=far: self._pass(far, near))  # type: ignore[misc]  # both are sockets

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        """Hand on bytes until one side ends."""
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                allowed = self._allowed(len(chunk))
                target.sendall(chunk[:allowed])
                if self._bytes_per_s is not None:
                    self._pause.wait(allowed / self._bytes_per_s)
                if allowed < len(chunk):
                    self.cut()
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _allowed(self, n_bytes: int) -> int:
        """Return how many of these bytes may pass."""
        with self._lock:
            if self._bytes_left is None:
                return n_bytes
            allowed = min(n_bytes, self._bytes_left)
            self._bytes_left -= allowed
            return allowed

    def _run(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work)
        self._threads.append(thread)
        thread.start()
