"""What the programs print while they run: one line an event, no secret's value, no flood."""

import logging
import sys
import threading
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from config.error_messages import printable
from ingest.ports import Clock

MOST_A_MINUTE = 60
"""Lines of one event a minute; a judgement: more say nothing new and fill a card."""

_MINUTE_S = 60.0
_MOST_EVENTS = 256
_Event = MutableMapping[str, Any]


def configure_logs(level: int, clock: Clock) -> None:
    """Set up every log of this process.

    Tracebacks are plain: with the values of variables, as is the default on some machines, they
    would show passwords.
    """
    before: list[Processor] = [
        LogLimit(clock),
        structlog.processors.add_log_level,
        structlog.dev.set_exc_info,
        structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
        one_line,
    ]
    structlog.configure(
        processors=[*before, _renderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    root = logging.getLogger()
    root.handlers = [_FromOthers(logging.WARNING)]


class _FromOthers(logging.Handler):
    """Hands on what libraries say, so that it is bounded and on one line as all else."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record."""
        log = structlog.get_logger(record.name)
        log.log(record.levelno, record.name, said=record.getMessage(), exc_info=record.exc_info)


def one_line(_: object, __: str, event: _Event) -> _Event:
    r"""Return an event none of whose words can begin a line of its own.

    A topic, a path or a dog's name comes from outside and may try to look like another event.

    Examples
    --------
    >>> one_line(None, "", {"event": "refused", "path": "a\nmqtt_connected"})["path"]
    'a\\nmqtt_connected'
    """
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = printable(value)
    return event


class LogLimit:
    """Leaves out what was said often enough this minute, and says later how much that was."""

    def __init__(self, clock: Clock, most: int = MOST_A_MINUTE) -> None:
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._minutes: dict[str, tuple[float, int]] = {}

    def __call__(self, _: object, __: str, event: _Event) -> _Event:
        """Return the event, or raise `structlog.DropEvent` to leave it out."""
        name, now_s = str(event.get("event", "")), self._clock.monotonic_s()
        with self._lock:
            began_s, n = self._minutes.get(name, (now_s, 0))
            left_out = 0
            if now_s - began_s >= _MINUTE_S:
                began_s, n, left_out = now_s, 0, max(0, n - self._most)
            if len(self._minutes) >= _MOST_EVENTS and name not in self._minutes:
                self._minutes.clear()
            self._minutes[name] = (began_s, n + 1)
        if n >= self._most:
            raise structlog.DropEvent
        if left_out:
            event["left_out"] = left_out
        return event


def _renderer() -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
