"""Real servers on this machine for tests and trials: Mosquitto and InfluxDB 1.x.

They listen on free loopback ports, live in a folder that the caller gives, and can be stopped,
killed, and started again on the same port with the same data, which fault tests need.
"""

import getpass
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from analysis.errors import MonitorError
from ingest.mqtt.embedded_broker import (
    HOST,
    BrokerStartError,
    find_mosquitto,
    free_port,
    wait_until_listening,
)

MOSQUITTO_CONF = Path(__file__).resolve().parents[2] / "config" / "mosquitto" / "mosquitto.conf"

# What belongs to the place where Mosquitto runs; everything else is taken as shipped.
_SITE_KEYS = (
    "listener",
    "allow_anonymous",
    "password_file",
    "acl_file",
    "persistence_location",
    "log_dest",
    "include_dir",
)

_START_WITHIN_S = 30.0

_STOP_WITHIN_S = 15.0

_TRIES = 3


class ServerMissingError(MonitorError):
    """A server's program is not on this machine."""


class LocalServer:
    """One server program, run while the ``with`` block lasts or between `start` and `stop`.

    Attributes
    ----------
    host, port
        Where it listens; the port stays the same over restarts.
    folder
        Its configuration, data and log.
    """

    def __init__(self, *, folder: Path, port: int | None = None) -> None:
        self.host = HOST
        self.port = port or free_port()
        self.folder = folder
        self._port_is_given = port is not None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process id, for signals; 0 while it does not run."""
        return 0 if self._process is None else self._process.pid

    @property
    def log(self) -> str:
        """What the server has printed so far."""
        path = self.folder / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Start the server and return once it accepts connections.

        Raises
        ------
        BrokerStartError
            If it does not come up; its log is in `log`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for tries_left in reversed(range(1 if self._port_is_given else _TRIES)):
            try:
                self._start_once()
            except BrokerStartError:
                self.kill()
                if not tries_left:
                    raise
                self.port = free_port()
            else:
                # From now on clients know the port, so a restart must not move.
                self._port_is_given = True
                return

    def stop(self) -> None:
        """End the server in good order; do nothing if it does not run."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End the server as a power cut would (``kill -9``)."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None

    def _start_once(self) -> None:
        command = self._configure()
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own program and paths
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until_listening(self._process, self.port, _START_WITHIN_S)

    def _configure(self) -> list[str]:
        raise NotImplementedError


class Mosquitto(LocalServer):
    """Mosquitto with the settings that Spryhound ships.

    Parameters
    ----------
    folder
        Where it lives.
    port
        Where it listens; None for any free port.
    password_file, acl_file
        If given, only those users may in; otherwise anybody on this machine.
    settings
        Settings of Mosquitto that replace the shipped ones.

    Raises
    ------
    ServerMissingError
        If Mosquitto is not on this machine.
    """

    def __init__(
        self,
        *,
        folder: Path,
        port: int | None = None,
        password_file: Path | None = None,
        acl_file: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder=folder, port=port)
        program = find_mosquitto()
        if program is None:
            message = "mosquitto: not on this machine; apt-get install mosquitto"
            raise ServerMissingError(message)
        self._program = program
        self._site = {
            "listener": f"{{port}} {HOST}",
            "allow_anonymous": "true" if password_file is None else "false",
            "user": getpass.getuser(),
            "persistence_location": f"{folder}/",
            "log_dest": "stderr",
        }
        if password_file is not None:
            self._site["password_file"] = str(password_file)
        if acl_file is not None:
            self._site["acl_file"] = str(acl_file)
        self._site |= settings or {}

    def _configure(self) -> list[str]:
        replaced = {*_SITE_KEYS, *self._site}
        shipped = [
            line
            for line in MOSQUITTO_CONF.read_text().splitlines()
            if line and line.split()[0] not in replaced
        ]
        own = [f"{key} {value.format(port=self.port)}" for key, value in self._site.items()]
        path = self.folder / "mosquitto.conf"
        # A listener's settings follow it, so our own lines, which begin with it, come first.
        path.write_text("\n".join([*own, *shipped]) + "\n")
        return [self._program, "-c", str(path)]


class Influx(LocalServer):
    """InfluxDB 1.x, Debian's ``influxdb``, without authentication.

    Raises
    ------
    ServerMissingError
        If ``influxd`` is not on this machine.
    """

    def __init__(self, *, folder: Path, port: int | None = None) -> None:
        super().__init__(folder=folder, port=port)
        program = shutil.which("influxd")
        if program is None:
            message = "influxd: not on this machine; apt-get install influxdb"
            raise ServerMissingError(message)
        self._program = program

    @property
    def url(self) -> str:
        """The base of its HTTP interface."""
        return f"http://{self.host}:{self.port}"

    def _configure(self) -> list[str]:
        path = self.folder / "influxdb.conf"
        path.write_text(
            "reporting-disabled = true\n"
            f'bind-address = "{HOST}:0"\n'
            f'[meta]\ndir = "{self.folder}/meta"\n'
            f'[data]\ndir = "{self.folder}/data"\nwal-dir = "{self.folder}/wal"\n'
            "query-log-enabled = false\n"
            f'[http]\nbind-address = "{HOST}:{self.port}"\nlog-enabled = false\n'
            "[monitor]\nstore-enabled = false\n"
        )
        return [self._program, "-config", str(path)]


def servers_required() -> bool:
    """Tell whether a missing server is a failure here (``SPRYHOUND_REQUIRE_SERVERS=1``)."""
    return os.environ.get("SPRYHOUND_REQUIRE_SERVERS") == "1"


class Messages:
    """What is said below one root at a broker on this machine."""

    def __init__(self, *, port: int, root: str) -> None:
        self.port = port
        self.root = root

    def heard(self, rest: str, wanted: str = "", within_s: float = 20.0) -> str:
        """Return the first message on a topic, or the first that reads as wanted.

        Raises
        ------
        TimeoutError
            If there is none in time.
        """
        address = ["-h", HOST, "-p", str(self.port)]
        listen = ["mosquitto_sub", *address, "-t", f"{self.root}/{rest}", "-W", f"{within_s:.0f}"]
        with subprocess.Popen(listen, stdout=subprocess.PIPE, text=True) as listener:  # noqa: S603  # our own words
            found = (line.rstrip("\n") for line in listener.stdout or ())
            text = next((line for line in found if wanted in {"", line}), None)
            listener.kill()
        if text is None:
            msg = f"{self.root}/{rest}: nothing came within {within_s:g} s"
            raise TimeoutError(msg)
        return text

    def say(self, rest: str, *messages: str | bytes) -> None:
        """Publish one message after the other, as anybody with ``mosquitto_pub`` would."""
        address = ["-h", HOST, "-p", str(self.port)]
        for message in messages:
            publish = ["mosquitto_pub", *address, "-q", "1", "-t", f"{self.root}/{rest}", "-s"]
            body = message if isinstance(message, bytes) else message.encode()
            subprocess.run(publish, input=body, timeout=20.0, check=True)  # noqa: S603  # our own words
