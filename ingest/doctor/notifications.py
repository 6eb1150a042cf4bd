"""Whether the owner can be reached."""

from analysis.errors import DeliveryError, SettingsError
from ingest.doctor.base import Finding, Ward, failed, ok, warning
from ingest.notifications.apprise_notifier import AppriseNotifier
from ingest.ports import Message

_TEST = Message(
    title="Spryhound: a test",
    body="This is how an alert reaches you. Nothing is wrong with your dog.",
    severity="warning",
)


def check(ward: Ward) -> list[Finding]:
    """Return how each notification service is; a message is sent only if asked for."""
    urls = ward.settings.notify.urls
    if not urls:
        advice = "add an Apprise URL to notify.urls: docs/notifications.md"
        return [warning("nobody is told of alerts: no notification URL", advice)]
    return [
        _finding(url.get_secret_value(), number, send=ward.notify)
        for number, url in enumerate(urls, start=1)
    ]


def _finding(url: str, number: int, *, send: bool) -> Finding:
    try:
        notifier = AppriseNotifier(url, number=number)
    except SettingsError as error:
        return failed(f"notify.urls, number {number}: {error}", "correct it: docs/notifications.md")
    if not send:
        return ok(f"{notifier.name}: the URL is complete; --notify sends a test message")
    try:
        notifier.send(_TEST)
    except DeliveryError as error:
        return failed(str(error), "check the URL, and whether this computer reaches the service")
    return ok(f"{notifier.name}: took a test message")
