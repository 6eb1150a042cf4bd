"""A home for trials: settings in a folder, the daemon as a process of its own, ways to look in."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from analysis.model import Event
from config.load import load
from ingest.clock import SystemClock
from ingest.mqtt.embedded_broker import HOST
from ingest.ports import Point, Query
from ingest.storage.influx import InfluxStore
from ingest.storage.journal import Journal
from ingest.storage.points import record_of
from ingest.storage.sqlite_store import SqliteStore
from simulators.testing.servers import Messages

_SETTINGS = """\
[home]
time_zone = "{zone}"
data_dir = "{folder}"
[mqtt]
host = "{host}"
port = {port}
root = "{name}/v1"
client_id = "hub-{name}"
[influx]
enabled = {influx_enabled}
url = "{influx_url}"
bucket = "{name}"
timeout_s = 5.0
[notify]
urls = {notify_urls}
quiet_from = 00:00:00
quiet_until = 00:00:00
gather_stored_s = {gather_stored_s}
[watch]
{watch}
[web]
enabled = false
[home_assistant]
enabled = false
[dogs.rex]
name = "Rex"
withers_m = 0.5
[dogs.rex.plan]
start = {plan_start}
# The story also gallops; with one thing forbidden it has one alert, which is easy to follow.
[[dogs.rex.plan.phases]]
name = "no jumps"
days = 28
forbids = ["jump"]
"""
_START_S = 30.0
_POLL_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonHarnessSettings:
    """What is different from home to home.

    Attributes
    ----------
    name
        Topics, client and database are called after it, so that homes can share servers.
    broker_port
        Where the broker is, on this machine.
    influx_url
        InfluxDB; none without it.
    notify_urls
        Apprise URLs.
    plan_start
        First day of a plan that forbids jumps, ISO.
    gather_stored_s
        Quiet seconds before alerts of a recording are told.
    watch
        Lines of the table of that name.
    """

    name: str
    broker_port: int
    influx_url: str = ""
    notify_urls: tuple[str, ...] = ()
    plan_start: str = "2026-06-01"
    gather_stored_s: float = 0.5
    watch: str = "disk_watch = 1.0\ndisk_warning = 1.0"


class DaemonHarness:
    """One home; its daemon is gone when the ``with`` block ends."""

    def __init__(self, folder: Path, settings: DaemonHarnessSettings) -> None:
        self.folder = folder
        self.settings = settings
        self.config = folder / "spryhound.toml"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.live_in("UTC")
        return self

    def live_in(self, zone: str) -> None:
        """Write the settings, for a home in this time zone; a daemon reads them when it starts."""
        wanted = self.settings
        text = _SETTINGS.format(
            zone=zone,
            folder=self.folder / "data",
            host=HOST,
            port=wanted.broker_port,
            name=wanted.name,
            influx_enabled=str(bool(wanted.influx_url)).lower(),
            influx_url=wanted.influx_url or f"http://{HOST}:1",
            notify_urls=json.dumps(wanted.notify_urls),
            plan_start=wanted.plan_start,
            watch=wanted.watch,
            gather_stored_s=wanted.gather_stored_s,
        )
        self.config.write_text(text, encoding="utf-8")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.kill()

    @property
    def database(self) -> Path:
        """The daemon's SQLite file."""
        return self.folder / "data" / "spryhound.sqlite"

    @property
    def log(self) -> str:
        """What the daemons have printed so far."""
        path = self.folder / "daemon.log"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def messages(self) -> Messages:
        """What is said below the home's topic."""
        return Messages(port=self.settings.broker_port, root=f"{self.settings.name}/v1")

    def start(self) -> None:
        """Start the daemon and return once it says that it listens.

        Raises
        ------
        TimeoutError
            If it does not; the message holds what it printed.
        """
        with _notice_board() as (address, board), (self.folder / "daemon.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own program and paths
                self.command("run"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "NOTIFY_SOCKET": address},
            )
            board.settimeout(_POLL_S)
            if not wait_until(lambda: _has_posted(board) or not self.is_running(), _START_S):
                self.kill()
            if not self.is_running():
                msg = f"the daemon did not start:\n{self.log}"
                raise TimeoutError(msg)

    def is_running(self) -> bool:
        """Return whether the daemon lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The daemon's process id; 0 while none was started."""
        return 0 if self._process is None else self._process.pid

    def kill(self) -> None:
        """End the daemon as a power cut would (``kill -9``)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def terminate(self, within_s: float) -> int:
        """Ask the daemon to end, as a service manager does, and return its exit code."""
        if self._process is None:
            msg = "no daemon was started"
            raise RuntimeError(msg)
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(within_s)

    def command(self, name: str, *arguments: str) -> list[str]:
        """Return the words of a command line in this home."""
        program = Path(sys.executable).with_name("spryhound")
        return [str(program), *name.split(), *arguments, "--config", str(self.config)]

    def run(
        self, name: str, *arguments: str, within_s: float = 60.0
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(  # noqa: S603  # our own program and paths
            self.command(name, *arguments),
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
        )

    @contextmanager
    def beside(self, name: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command while the block lasts; it is killed if it goes on for longer."""
        words = self.command(name, *arguments)
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own words
            try:
                yield process
            finally:
                process.kill()

    def points(self, measurement: str) -> list[Point]:
        """Return what the embedded store holds."""
        with SqliteStore(self.database) as store:
            return store.read(Query(measurement=measurement))

    def points_in_influx(self, measurement: str) -> list[Point]:
        """Return what InfluxDB holds; nothing if its database is not there yet."""
        with InfluxStore(load(self.config, {}).influx) as store:
            return store.read(Query(measurement=measurement))

    def alerts(self) -> list[dict[str, Any]]:
        """Return what ``spryhound alerts list --all --json`` prints."""
        done = self.run("alerts list", "--all", "--json")
        if done.returncode:
            msg = f"alerts list ended with {done.returncode}: {done.stderr}"
            raise RuntimeError(msg)
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def n_packets(self) -> int:
        """Return how many packets are in the journal."""
        with Journal(self.database, SystemClock()) as journal:
            return sum(1 for _ in journal.packets())

    def events(self) -> list[Event]:
        """Return all events in the embedded store, by time and kind."""
        found = [record_of(each, Event) for each in self.points("event")]
        return sorted(found, key=lambda event: (event.start_s, event.kind))


def wait_until(is_so: Callable[[], bool], within_s: float) -> bool:
    """Return whether something came true in time; it is asked again and again."""
    end_s, pause = monotonic() + within_s, threading.Event()
    while not is_so():
        if monotonic() > end_s:
            return False
        pause.wait(_POLL_S)
    return True


@contextmanager
def _notice_board() -> Iterator[tuple[str, socket.socket]]:
    """Yield the address and the socket that a daemon reports to, as systemd's."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as board:
        board.bind("")
        name: bytes = board.getsockname()
        yield os.fsdecode(name).replace("\0", "@", 1), board


def _has_posted(board: socket.socket) -> bool:
    try:
        return board.recv(64) == b"READY=1"
    except TimeoutError:
        return False
