"""Apprise URLs: priority for what is urgent, clear words for what is wrong, secrets kept."""

import io
import logging
from collections.abc import Iterator

import pytest

from analysis.errors import DeliveryError, SettingsError
from ingest.notifications.apprise_notifier import AppriseNotifier
from ingest.ports import Message
from simulators.testing.http_sink import HttpSink


@pytest.fixture
def root_log() -> Iterator[io.StringIO]:
    """Return what reaches the root logger, which is what the program's own log shows."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    logging.getLogger().addHandler(handler)
    yield text
    logging.getLogger().removeHandler(handler)


def ntfy_priority(catcher: HttpSink, query: str, severity: str) -> str:
    """Send one message to a pretended ntfy server and return the priority that it was given."""
    catcher.answer(200)
    url = catcher.url.replace("http://", "ntfy://") + f"/rex-topic{query}"
    AppriseNotifier(url).send(Message(title="t", body="b", severity=severity))
    return catcher.caught[-1].headers.get("x-priority", "default")


def test_what_is_urgent_has_the_highest_priority_of_ntfy(http_catcher: HttpSink) -> None:
    """Its ``max`` rings through; Apprise sends no header for the default."""
    assert ntfy_priority(http_catcher, "", "urgent") == "max"


def test_a_warning_has_the_usual_priority(http_catcher: HttpSink) -> None:
    assert ntfy_priority(http_catcher, "", "warning") == "default"


def test_a_priority_that_the_owner_chose_is_kept(http_catcher: HttpSink) -> None:
    assert ntfy_priority(http_catcher, "?priority=high", "urgent") == "high"


@pytest.mark.parametrize("url", ["carrier-pigeon://coop/hush", "tgram://hush", "hush", ""])
def test_a_url_that_apprise_does_not_know_is_a_settings_error(url: str) -> None:
    """Found at start, not at six in the morning; the message shows the schema alone."""
    with pytest.raises(SettingsError, match="is not complete or not known to Apprise") as caught:
        AppriseNotifier(url)

    assert "coop" not in str(caught.value)


def test_the_name_says_which_service_it_is() -> None:
    """By its place in the configuration and what Apprise calls it."""
    notifier = AppriseNotifier("ntfys://ntfy.example/secret-topic", number=3)

    assert notifier.name == "notification service 3 (ntfy)"


def test_nothing_of_the_url_reaches_a_log(http_catcher: HttpSink, root_log: io.StringIO) -> None:
    """Apprise itself warns with the topic in its text, and the topic is the password of ntfy."""
    http_catcher.answer(403)
    url = http_catcher.url.replace("http://", "ntfy://") + "/secret-topic"

    with pytest.raises(DeliveryError, match=r"\(ntfy\) did not accept .* status 403"):
        AppriseNotifier(url).send(Message(title="t", body="b", severity="urgent"))

    assert "secret-topic" not in root_log.getvalue()
