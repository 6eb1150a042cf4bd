"""Who may ask: known host names, changes from our own pages only, and the rate limit."""

import ipaddress
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.machine_settings import Web
from ingest.ports import Clock

TOKEN_COOKIE = "spryhound_token"  # noqa: S105 (the cookie's name)

TOKEN_FIELD = "token"  # noqa: S105 (the field's name)

LARGEST_BODY_BYTES = 16_384

SECURE_HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'; object-src 'none'",
    "x-content-type-options": "nosniff",
    # Not "no-referrer": browsers would then send "Origin: null" with our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class RequestGuard:
    """Refuses foreign host names and puts the security headers on every answer.

    Notes
    -----
    A foreign page can give its own name our address (DNS rebinding) and then read everything here
    as its own. The browser still sends that name as ``Host``, which is how it is known. Plain
    addresses cannot be rebound, so they are let in once the page listens beyond loopback.
    """

    def __init__(self, app: ASGIApp, settings: Web) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURE_HEADERS.items():
                    headers[name] = value
                if not scope["path"].startswith("/static/"):
                    headers["cache-control"] = "no-store"
            await send(message)

        refusal = _refusal(Headers(scope=scope), self._settings)
        if refusal is not None:
            await refusal(scope, receive, send_safely)
            return
        await self._app(scope, receive, send_safely)


def _refusal(headers: Headers, settings: Web) -> PlainTextResponse | None:
    """Return what is said to a request that is not looked at; the connection ends with it."""
    if not is_known_host(headers.get("host", ""), settings):
        return _refused(
            421,
            "This page does not go by that name. Ask for it by its address, or add the name"
            " to the names under [web] in the settings.",
        )
    if "transfer-encoding" in headers:
        # No form of a browser is sent in pieces; two lengths in one request have fooled proxies.
        return _refused(411, "Say how long it is.")
    announced = headers.get("content-length", "0")  # h11 has seen to it that this is a number
    if len(announced) > 9 or int(announced) > LARGEST_BODY_BYTES:
        return _refused(413, "That is too large for any form here.")
    return None


def _refused(code: int, text: str) -> PlainTextResponse:
    return PlainTextResponse(f"{text}\n", status_code=code, headers={"connection": "close"})


def is_known_host(host: str, settings: Web) -> bool:
    """Return whether a ``Host`` header names this page.

    Examples
    --------
    >>> is_known_host("localhost:8640", Web())
    True
    >>> is_known_host("evil.example:8640", Web())
    False
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    known = {"localhost", settings.host.casefold(), *(each.casefold() for each in settings.names)}
    if name in known:
        return bool(name)
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or not is_loopback(settings.host)


def is_own_request(headers: Headers, cookie: str, token: str) -> bool:
    """Return whether a change was asked for by one of our own pages.

    Two things must hold: the token of the form is that of the cookie, which other sites cannot
    read; and what the browser says of the origin, if it says anything, is this site.
    """
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return False
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    return bool(cookie) and secrets.compare_digest(cookie.encode(), token.encode())


def new_token() -> str:
    """Return a token that nobody guesses."""
    return secrets.token_urlsafe(32)


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


_MOST_KNOWN = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitSettings:
    """`most` at once, and one more after every `every_s` seconds."""

    most: int
    every_s: float


class RateLimit:
    """Counts for each address, of any thread; the longest unheard address is forgotten first."""

    def __init__(self, settings: RateLimitSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, address: str) -> float:
        """Return how long somebody has to wait; 0 if not at all."""
        with self._lock:
            spent = self._now_spent(network_of(address))
        over = spent - (self._settings.most - 1)
        return max(0.0, over * self._settings.every_s)

    def spend(self, address: str) -> None:
        """Note that it was done once more."""
        key = network_of(address)
        with self._lock:
            spent = self._now_spent(key)
            self._spent[key] = (min(spent + 1.0, self._settings.most), self._clock.monotonic_s())
            self._spent.move_to_end(key)
            if len(self._spent) > _MOST_KNOWN:
                self._spent.popitem(last=False)

    def _now_spent(self, key: str) -> float:
        spent, at_s = self._spent.get(key, (0.0, 0.0))
        given_back = (self._clock.monotonic_s() - at_s) / self._settings.every_s
        return max(0.0, spent - max(0.0, given_back))


def network_of(address: str) -> str:
    """Return whose an address is: of IPv6 the half that a household is given.

    Examples
    --------
    >>> network_of("2001:db8::1:2"), network_of("192.168.1.5")
    ('2001:db8::/64', '192.168.1.5')
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, 64), strict=False))
