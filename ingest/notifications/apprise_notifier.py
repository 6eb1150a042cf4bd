"""Reaching the owner through Apprise: one URL, one notifier, one delivery at a time."""

import logging
import re
import warnings
from importlib import import_module
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlencode

import structlog

from analysis.errors import DeliveryError, SettingsError
from ingest.ports import Message

log = structlog.get_logger(__name__)

# Services whose URL takes a priority by these words; the others get the type alone.
_WITH_PRIORITY = frozenset({"ntfy", "ntfys", "pover", "gotify", "gotifys"})
_STATUS = re.compile(r"error=([1-5]\d\d)\b")
_URGENT_PRIORITY = "emergency"


class AppriseNotifier:
    """A notifier over one Apprise URL.

    One URL each, so that a service that fails does not make the others repeat themselves.

    Parameters
    ----------
    url
        Apprise's own notation, secrets included; never shown.
    number
        Which of the configured URLs it is, from 1, to name it in errors.
    timeout_s
        Longest wait to connect, and between two pieces of the answer.
    """

    def __init__(self, url: str, *, number: int = 1, timeout_s: float = 10.0) -> None:
        self._apprise = _library()
        # Its own warnings hold topics and hosts, which are secrets; what may be said is said here.
        logging.getLogger("apprise").propagate = False
        self._url = _with_defaults(url, {"cto": f"{timeout_s:g}", "rto": f"{timeout_s:g}"})
        self._asset = self._apprise.AppriseAsset(service_timeout=3 * timeout_s)
        self.name = f"notification service {number} ({self._plugin(self._url).service_name})"

    def send(self, message: Message, /) -> None:
        """Deliver one message.

        Raises
        ------
        DeliveryError
            If the service did not accept it in time. Names the service, not its URL.
        """
        url = self._url
        if message.severity == "urgent" and _schema(url) in _WITH_PRIORITY:
            url = _with_defaults(url, {"priority": _URGENT_PRIORITY})
        apprise = self._apprise
        types = {
            "watch": apprise.NotifyType.INFO,
            "warning": apprise.NotifyType.WARNING,
            "urgent": apprise.NotifyType.FAILURE,
        }
        sender = apprise.Apprise(asset=self._asset)
        sender.add(self._plugin(url))
        accepted = sender.notify(
            title=message.title,
            body=message.body,
            notify_type=types.get(message.severity, apprise.NotifyType.INFO),
            body_format=apprise.NotifyFormat.TEXT,
        )
        if not accepted:
            logs = " ".join(entry.message for each in accepted.results for entry in each.logs())
            found = _STATUS.search(logs)
            why = f"status {found[1]}" if found else "no answer in time, or none at all"
            msg = f"{self.name} did not accept the message {message.title!r}: {why}"
            raise DeliveryError(msg)
        log.info("told", service=self.name, severity=message.severity)

    def _plugin(self, url: str) -> Any:  # noqa: ANN401  # loaded with the library
        """Return Apprise's object for a URL.

        Raises
        ------
        SettingsError
            If Apprise knows no such service, or the URL lacks a part.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            plugin = self._apprise.Apprise.instantiate(url, asset=self._asset)
        if not isinstance(plugin, self._apprise.NotifyBase):
            msg = (
                f"a notification URL that starts with {_schema(url)!r} is not complete or not"
                " known to Apprise; expected something like 'ntfys://ntfy.sh/TOPIC'"
            )
            raise SettingsError(msg)
        return plugin


def _library() -> ModuleType:
    """Return Apprise, imported at the first use.

    It reads about 170 services then, one of which imports a module that Python is going to drop.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return import_module("apprise")


def _schema(url: str) -> str:
    return url.partition(":")[0].lower()[:20]


def _with_defaults(url: str, defaults: dict[str, str]) -> str:
    """Return a URL with options added, where the owner has not set them."""
    address, _, query = url.partition("?")
    chosen = {name.lower() for name, _ in parse_qsl(query, keep_blank_values=True)}
    added = urlencode({name: value for name, value in defaults.items() if name not in chosen})
    return f"{address}?{'&'.join(part for part in (query, added) if part)}"
