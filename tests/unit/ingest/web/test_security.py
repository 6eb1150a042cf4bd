"""Who may ask for the page, and who may change something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from config.machine_settings import Web
from ingest.web.security import is_known_host, is_own_request

LOOPBACK = Web()
EVERYWHERE = Web(host="0.0.0.0", names=("Hub.local",))  # noqa: S104 (not bound)


@pytest.mark.parametrize(
    ("host", "settings", "known"),
    [
        ("127.0.0.1:8640", LOOPBACK, True),
        ("localhost", LOOPBACK, True),
        ("[::1]:8640", LOOPBACK, True),
        ("192.168.1.5:8640", LOOPBACK, False),
        ("evil.example", LOOPBACK, False),
        ("127.0.0.1.evil.example", LOOPBACK, False),
        ("", LOOPBACK, False),
        ("[", LOOPBACK, False),
        ("192.168.1.5:8640", EVERYWHERE, True),
        ("hub.local:8640", EVERYWHERE, True),
        ("HUB.LOCAL.", EVERYWHERE, True),
        ("evil.example", EVERYWHERE, False),
    ],
)
def test_only_own_names_are_known(host: str, settings: Web, known: bool) -> None:  # noqa: FBT001 (a parameter of the table)
    """Plain addresses are let in beyond loopback, since only names can be rebound."""
    assert is_known_host(host, settings) is known


@given(st.text())
def test_any_host_header_is_answered(host: str) -> None:
    assert is_known_host(host, LOOPBACK) in {True, False}


@pytest.mark.parametrize(
    ("headers", "cookie", "token", "own"),
    [
        ({}, "abc", "abc", True),
        ({"origin": "http://localhost:8640"}, "abc", "abc", True),
        ({"sec-fetch-site": "same-origin"}, "abc", "abc", True),
        ({}, "abc", "abd", False),
        ({}, "abc", "", False),
        ({}, "", "", False),
        ({"origin": "http://evil.example"}, "abc", "abc", False),
        ({"origin": "http://localhost:9000"}, "abc", "abc", False),
        ({"origin": "null"}, "abc", "abc", False),
        ({"sec-fetch-site": "cross-site"}, "abc", "abc", False),
        ({"sec-fetch-site": "same-site"}, "abc", "abc", False),
    ],
)
def test_a_change_needs_the_token_and_no_foreign_origin(
    headers: dict[str, str],
    cookie: str,
    token: str,
    own: bool,  # noqa: FBT001 (a parameter of the table)
) -> None:
    given_headers = Headers({"host": "localhost:8640", **headers})

    assert is_own_request(given_headers, cookie, token) is own
