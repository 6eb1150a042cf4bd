"""What the service manager is told: ready, alive, stopping (the sd_notify protocol)."""

import os
import socket
from collections.abc import Mapping


class Supervisor:
    """Speaks to systemd if it started us; says nothing otherwise."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")

    def ready(self) -> None:
        """Say that the daemon listens."""
        self._say("READY=1")

    def alive(self) -> None:
        """Say that the main loop makes progress."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the daemon is about to end."""
        self._say("STOPPING=1")

    def _say(self, what: str) -> None:
        if not self._address:
            return
        address = self._address.replace("@", "\0", 1) if self._address[0] == "@" else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.connect(address)
            channel.sendall(os.fsencode(what))
