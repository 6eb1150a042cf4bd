"""What the service manager is told: ready, alive, stopping (the sd_notify protocol)."""

import os
import socket
from collections.abc import Mapping

import structlog

log = structlog.get_logger(__name__)


class ServiceManager:
    """Speaks to systemd if it started us; says nothing otherwise."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        self._is_heard = True

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
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
                # A manager that restarts or does not read must neither end nor hold up the daemon.
                channel.settimeout(0.0)
                channel.connect(address)
                channel.sendall(os.fsencode(what))
        except OSError as error:
            if self._is_heard:
                log.warning("service manager not told", what=what, error=str(error))
            self._is_heard = False
        else:
            self._is_heard = True
