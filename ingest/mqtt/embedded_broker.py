"""An MQTT broker for a machine that has none set up: the demo's, for one.

Mosquitto if its program is on the machine, else rumqttd from the `iotcore` wheel. It listens on
loopback only, keeps nothing on disk, prints nothing, and ends with this process, however that
ends.
"""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from analysis.errors import MonitorError, SettingsError

HOST = "127.0.0.1"

BROKERS = ("mosquitto", "iotcore")

_START_WITHIN_S = 15.0

_STOP_WITHIN_S = 5.0

_POLL_S = 0.02

_TRIES = 3

# A message is at most 256 KiB (docs: over the air); the rest is room for topic and header.
_MAX_PACKET_BYTES = 300_000

_MOSQUITTO = """\
listener {port} {host}
allow_anonymous true
user {user}
persistence false
log_dest none
max_queued_messages 0
max_queued_bytes 134217728
max_inflight_messages 200
max_packet_size {max_packet_bytes}
"""

_RUMQTTD = """\
id = 0

[router]
id = 0
max_connections = 1000
max_outgoing_packet_count = 200
max_segment_size = 104857600
max_segment_count = 10

[v5.1]
name = "v5"
listen = "{host}:{port}"
next_connection_delay_ms = 1

[v5.1.connections]
connection_timeout_ms = 60000
max_payload_size = {max_packet_bytes}
max_inflight_count = 200
"""


class BrokerStartError(MonitorError):
    """A broker did not start listening."""


def free_port() -> int:
    """Return a TCP port on loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def find_mosquitto() -> str | None:
    """Return the path of the Mosquitto program; Debian keeps it where only root looks."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def wait_until_listening(process: subprocess.Popen[bytes], port: int, within_s: float) -> None:
    """Return once something accepts connections on a loopback port.

    Raises
    ------
    BrokerStartError
        If `process` ended first, or nothing listened within `within_s` seconds.
    """
    pause = threading.Event()
    for _ in range(round(within_s / _POLL_S)):
        if process.poll() is not None:
            message = f"port {port}: the server ended with code {process.returncode} at its start"
            raise BrokerStartError(message)
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1.0):
            return
        pause.wait(_POLL_S)
    message = f"port {port}: nothing listens after {within_s:g} s"
    raise BrokerStartError(message)


class EmbeddedBroker:
    """A broker that lives as long as the ``with`` block.

    Parameters
    ----------
    name
        ``"mosquitto"``, ``"iotcore"``, or None for the first of them that is there.

    Attributes
    ----------
    host, port
        Where it listens for MQTT 5 (Mosquitto: 3.1.1 as well); valid inside the block.
    name
        Which broker it is.

    Raises
    ------
    SettingsError
        If the broker asked for, or any, is not on this machine.
    BrokerStartError
        On entering, if it does not come up.

    Examples
    --------
    >>> with EmbeddedBroker() as broker:
    ...     broker.host
    '127.0.0.1'
    """

    def __init__(self, *, name: str | None = None) -> None:
        self.host = HOST
        self.port = 0
        self.name = _choose(name)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        for tries_left in reversed(range(_TRIES)):
            try:
                self._start()
            except BrokerStartError:
                # Another program may have taken the free port before the broker could.
                self._open.close()
                if not tries_left:
                    raise
            else:
                break
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    def _start(self) -> None:
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="spryhound-")))
        self.port = free_port()
        config = folder / "broker.toml"  # rumqttd reads no other ending
        template = _MOSQUITTO if self.name == "mosquitto" else _RUMQTTD
        config.write_text(
            template.format(
                host=HOST,
                port=self.port,
                user=getpass.getuser(),
                max_packet_bytes=_MAX_PACKET_BYTES,
            )
        )
        if self.name == "mosquitto":
            broker = [str(find_mosquitto()), "-c", str(config)]
        else:
            broker = ["iotcore", str(config)]
        process = self._open.enter_context(_child(broker))
        self._open.callback(_end, process)
        wait_until_listening(process, self.port, _START_WITHIN_S)


def _choose(name: str | None) -> str:
    there = {
        "mosquitto": find_mosquitto() is not None,
        "iotcore": find_spec("iotcore") is not None,
    }
    if name is not None and name not in there:
        message = f"embedded broker: {name!r} is none of {', '.join(BROKERS)}"
        raise SettingsError(message)
    for candidate in BROKERS if name is None else (name,):
        if there[candidate]:
            return candidate
    message = (
        f"embedded broker: {name or ' or '.join(BROKERS)} is not on this machine;"
        " install the package mosquitto, or spryhound[demo]"
    )
    raise SettingsError(message)


def _child(broker: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # built above from fixed words and our own paths
        [sys.executable, "-m", "ingest.mqtt.embedded_broker", *broker],
        cwd=Path(__file__).resolve().parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Ctrl-C in the terminal is for the program, which then ends the broker in its own order.
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_STOP_WITHIN_S)


def run_iotcore(config_path: str) -> int:
    """Run rumqttd in this process until standard input closes.

    It has no way to be stopped from inside, so the watching thread ends the whole process.
    """
    # Only this child needs the broker's library; the parent must start without it.
    from iotcore import IotCoreBroker  # noqa: PLC0415  # see the line above

    def end_with_parent() -> None:
        _wait_for_parent()
        os._exit(0)

    threading.Thread(target=end_with_parent, daemon=True).start()
    IotCoreBroker(config_path=config_path).run_forever()
    return 1


def run_program(command: Sequence[str]) -> int:
    """Run a broker program until it ends or standard input closes; return its exit code."""
    with subprocess.Popen(  # noqa: S603  # the command is built by EmbeddedBroker, not by a user
        list(command), stdin=subprocess.DEVNULL
    ) as broker:

        def end_with_parent() -> None:
            _wait_for_parent()
            broker.terminate()

        threading.Thread(target=end_with_parent, daemon=True).start()
        return broker.wait()


def main(arguments: Sequence[str]) -> int:
    """Run the broker that the arguments name: ``iotcore CONFIG`` or ``PROGRAM -c CONFIG``."""
    if arguments[0] == "iotcore":
        return run_iotcore(arguments[1])
    return run_program(arguments)


def _wait_for_parent() -> None:
    # Not sys.stdin: a thread that waits in it would break the end of the interpreter.
    while os.read(0, 1):
        pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
