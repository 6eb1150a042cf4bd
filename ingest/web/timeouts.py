"""How long the server waits for a request, and for how many at once from one place."""

import asyncio
import ipaddress

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_WITHIN_S = 10.0
"""From the first byte to the last of a request of some kilobytes; a judgement."""

MOST_FROM_ONE = 24
"""Connections of one address; a browser opens six."""


class TimeoutProtocol(H11Protocol):
    """Ends connections that keep us waiting, which uvicorn by itself does only between requests.

    Else some hundred connections that send nothing, or a byte a minute, would keep the owner out.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Start the clock, unless the address has enough connections already."""
        super().connection_made(transport)
        if self._has_enough():
            transport.abort()
            return
        self._start()

    def data_received(self, data: bytes) -> None:
        """Take some bytes; stop the clock once they end a request."""
        if self._deadline is None:
            self._start()
        super().data_received(data)
        if self.conn.their_state not in {h11.IDLE, h11.SEND_BODY}:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock for good."""
        self._stop()
        super().connection_lost(exc)

    def _start(self) -> None:
        self._deadline = self.loop.call_later(REQUEST_WITHIN_S, self._give_up)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()

    def _has_enough(self) -> bool:
        if self.client is None or _is_loopback(self.client[0]):
            return False  # also a proxy, which speaks for many
        others = (getattr(each, "client", None) for each in self.connections)
        n_same = sum(1 for each in others if each is not None and each[0] == self.client[0])
        return n_same > MOST_FROM_ONE


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
