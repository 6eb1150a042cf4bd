"""`spryhound run`: the daemon."""

import logging
import os
import signal
import threading
from types import FrameType

from analysis.errors import SettingsError
from ingest.app.container import open_daemon
from ingest.cli.common import ConfigOption, cli_errors, read_settings
from ingest.clock import SystemClock
from ingest.logs import configure_logs


def command(*, config: ConfigOption = None) -> None:
    """Listen to the collars, detect, store and tell, until stopped.

    Example: spryhound run --config spryhound.toml
    """
    with cli_errors():
        settings, clock = read_settings(config), SystemClock()
        if not settings.dogs:
            msg = "no dog under [dogs]; run `spryhound init` to make a settings file"
            raise SettingsError(msg)
        configure_logs(logging.INFO, clock)
        stop = _stop_on_signals()
        with open_daemon(settings, clock, os.environ) as daemon:
            daemon.run(stop)


def _stop_on_signals() -> threading.Event:
    """Return an event that the first signal sets; the second ends the process at once."""
    stop = threading.Event()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise SystemExit(128 + number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    return stop
