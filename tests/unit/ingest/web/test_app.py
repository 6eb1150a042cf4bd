"""What the page says when something is wrong, and what every answer carries."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from analysis.errors import StoreError
from ingest.ports import Store
from ingest.web.context import PageContext

Ask = Callable[..., tuple[int, Mapping[str, str], str]]
Serve = Callable[[PageContext], Ask]


def broken_store() -> AbstractContextManager[Store]:
    msg = "spryhound.sqlite: disk I/O error"
    raise StoreError(msg)


@pytest.mark.parametrize("path", ["/", "/alerts", "/nowhere", "/static/page.css", "/health"])
def test_every_answer_has_the_security_headers(ask: Ask, path: str) -> None:
    _, headers, _ = ask(path)

    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/", "/dogs/rex", "/alerts", "/system"])
def test_pages_hold_no_inline_script_style_or_foreign_address(ask: Ask, path: str) -> None:
    """The policy would forbid them, and nothing may be fetched from elsewhere."""
    body = ask(path)[2]

    assert "<script>" not in body
    assert " style=" not in body
    assert " onclick=" not in body
    assert "//" not in body.replace("<!doctype html>", "")


def test_the_cookie_is_for_this_site_only(ask: Ask) -> None:
    cookie = ask("/")[1]["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "set-cookie" not in ask("/", headers={"cookie": "spryhound_token=abc"})[1]


def test_a_foreign_name_gets_nothing(ask: Ask) -> None:
    """A page of evil.example whose name was pointed here must not read a word."""
    status, _, body = ask("/", headers={"host": "evil.example"})

    assert status == 421
    assert "Rex" not in body


@pytest.mark.parametrize("path", ["/nowhere", "/dogs/nobody", "/alerts/none", "/static/no.css"])
def test_what_does_not_exist_is_said_kindly(ask: Ask, path: str) -> None:
    status, _, body = ask(path)

    assert status == 404
    assert "Nothing here" in body


def test_a_store_that_cannot_be_read_is_no_news_of_the_dog(
    serve: Serve, pages: PageContext
) -> None:
    ask = serve(replace(pages, read_store=broken_store))

    status, _, body = ask("/")

    assert status == 503
    assert "nothing is known here about your dog" in body
    assert "disk I/O" not in body
    assert ask("/health")[0] == 200


def test_a_fault_of_ours_has_the_security_headers_too(serve: Serve, pages: PageContext) -> None:
    def fault() -> float:
        msg = "a fault of ours"
        raise RuntimeError(msg)

    status, headers, body = serve(replace(pages, progress_age_s=fault))("/system")

    assert status == 500
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "a fault of ours" not in body
