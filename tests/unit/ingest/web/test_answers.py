"""The owner's answers become commands, and nobody else's do."""

import json
import re
from collections.abc import Callable, Mapping

import pytest

from ingest.storage.points import current_alerts
from simulators.testing.fakes import FakeStore

Ask = Callable[..., tuple[int, Mapping[str, str], str]]


def first_alert(store: FakeStore) -> str:
    return current_alerts(store)[-1].id


def token_of(ask: Ask) -> str:
    """Return the token as a browser gets it: in a cookie and in every form."""
    _, headers, body = ask("/")
    cookie = headers["set-cookie"].split(";")[0].removeprefix("spryhound_token=")
    found = re.search(r'name="token" value="([^"]+)"', body)
    assert found is not None
    assert found[1] == cookie
    return cookie


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "command"), [("ack", "ack"), ("false-alarm", "false_alarm")], ids=["ack", "false"]
)
def test_an_answer_is_left_for_the_daemon(
    ask: Ask, store: FakeStore, left: list[bytes], path: str, command: str
) -> None:
    alert, token = first_alert(store), token_of(ask)

    status, headers, _ = ask(
        f"/alerts/{alert}/{path}",
        method="POST",
        headers={"cookie": f"spryhound_token={token}"},
        form={"token": token, "back": "now"},
    )

    assert status == 303
    assert headers["location"] == f"/?noted={command}"
    assert [json.loads(each) for each in left] == [{"dog": "rex", command: alert}]
    assert "Noted" in ask(headers["location"])[2]


@pytest.mark.parametrize("back", ["alert", "//evil.example", "https://evil.example", ""])
def test_the_way_back_never_leads_elsewhere(ask: Ask, store: FakeStore, back: str) -> None:
    alert, token = first_alert(store), token_of(ask)

    _, headers, _ = ask(
        f"/alerts/{alert}/ack",
        method="POST",
        headers={"cookie": f"spryhound_token={token}"},
        form={"token": token, "back": back},
    )

    assert headers["location"] == f"/alerts/{alert}?noted=ack"


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({"cookie": "spryhound_token=abc"}, {}),
        ({}, {"token": "abc"}),
        ({"cookie": "spryhound_token=abc"}, {"token": "abc", "more": "x" * 5000}),
        ({"cookie": "spryhound_token=abc", "origin": "http://evil.example"}, {"token": "abc"}),
    ],
    ids=["no token", "no cookie", "too large", "foreign"],
)
def test_a_foreign_change_is_refused(
    ask: Ask,
    store: FakeStore,
    left: list[bytes],
    headers: dict[str, str],
    form: dict[str, str],
) -> None:
    status, _, body = ask(
        f"/alerts/{first_alert(store)}/ack", method="POST", headers=headers, form=form
    )

    assert status == 403
    assert "Nothing was changed" in body
    assert left == []


def test_an_alert_that_does_not_exist_is_not_answered(ask: Ask, left: list[bytes]) -> None:
    token = token_of(ask)

    status, _, _ = ask(
        "/alerts/none/ack",
        method="POST",
        headers={"cookie": f"spryhound_token={token}"},
        form={"token": token},
    )

    assert status == 404
    assert left == []


def test_an_answer_cannot_be_given_by_a_link(ask: Ask, store: FakeStore, left: list[bytes]) -> None:
    """A mail program that looks at links must not silence an alert."""
    status, _, _ = ask(f"/alerts/{first_alert(store)}/ack")

    assert status == 405
    assert left == []
