"""The login of the page: one password, signed sessions, and a limit on wrong tries."""

import base64
import hashlib
import hmac
import re
from urllib.parse import quote

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ingest.ports import Clock
from ingest.web.context import PageContext
from ingest.web.responses import Templates, read_form
from ingest.web.security import (
    TOKEN_COOKIE,
    TOKEN_FIELD,
    RateLimit,
    RateLimitSettings,
    is_own_request,
)

SESSION_COOKIE = "spryhound_session"

SESSION_S = 30 * 86_400

SHORTEST_PASSWORD = 12
"""Characters; a judgement. With the tries below, eight digits would last some 30 years."""

_EACH = RateLimitSettings(most=10, every_s=30.0)

_ALL = RateLimitSettings(most=60, every_s=5.0)


class LoginMiddleware:
    """Knows who may come in.

    A session is the time of its end with a seal over it. The seal's key comes of the password, so
    sessions outlive a restart and end with a new password.

    Parameters
    ----------
    password
        What the owner types.
    clock
        The clock that sessions end by.
    """

    def __init__(self, password: str, clock: Clock) -> None:
        self._password = _digest(b"password", password)
        self._key = _digest(b"session", password)
        self._clock = clock
        self._each, self._all = RateLimit(_EACH, clock), RateLimit(_ALL, clock)

    def wait_s(self, address: str) -> float:
        """Return how long an address has to wait before it may try again; 0 if not at all."""
        return max(self._each.wait_s(address), self._all.wait_s(""))

    def opens(self, password: str, address: str) -> bool:
        """Return whether that is the password; a wrong one counts against the address."""
        is_right = hmac.compare_digest(self._password, _digest(b"password", password))
        if not is_right:
            self._each.spend(address)
            self._all.spend("")
        return is_right

    def opens_to(self, authorization: str, address: str) -> bool:
        """Return whether a header says the password, as Prometheus would (HTTP Basic)."""
        scheme, _, credentials = authorization.partition(" ")
        if scheme.casefold() != "basic" or self.wait_s(address) > 0.0:
            return False
        try:
            said = base64.b64decode(credentials, validate=True).decode()
        except ValueError:  # neither ASCII, nor base64, nor text
            return False
        return self.opens(said.partition(":")[2], address)

    def new_session(self) -> str:
        """Return what the browser shows from now on."""
        end = str(int(self._clock.now_s()) + SESSION_S)
        return f"{end}.{self._seal(end)}"

    def is_session(self, session: str) -> bool:
        """Return whether that is a session of ours that has not ended."""
        end, _, seal = session.partition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(end).encode()):
            return False
        return int(end) > self._clock.now_s()

    def _seal(self, end: str) -> str:
        return hmac.new(self._key, end.encode(), hashlib.sha256).hexdigest()


def _digest(purpose: bytes, password: str) -> bytes:
    return hashlib.sha256(purpose + b"\0" + password.encode(errors="surrogatepass")).digest()


OPEN_TO_ALL = frozenset({"/health", "/healthz", "/login"})

_REQUESTS = RateLimitSettings(most=120, every_s=0.25)
"""A page and what belongs to it are five requests; a judgement."""


class PasswordCheck:
    """Lets in whoever has a session or says the password, and slows down whoever asks too often."""

    def __init__(self, app: ASGIApp, door: LoginMiddleware, pages: PageContext) -> None:
        self._app = app
        self._door = door
        self._requests = RateLimit(_REQUESTS, pages.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        """Return what to answer somebody who may not go on."""
        address = address_of(scope)
        wait_s = self._requests.wait_s(address)
        if wait_s > 0.0:
            return too_often(wait_s)
        self._requests.spend(address)
        path: str = scope["path"]
        if path in OPEN_TO_ALL or path.startswith("/static/"):
            return None
        headers = Headers(scope=scope)
        session = cookie_parser(headers.get("cookie", "")).get(SESSION_COOKIE, "")
        if session and self._door.is_session(session):
            return None
        if self._door.opens_to(headers.get("authorization", ""), address):
            return None
        if path == "/metrics" or scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse(
                "Log in first.\n",
                status_code=401,
                headers={"www-authenticate": 'Basic realm="Spryhound"'},
            )
        return RedirectResponse(f"/login?to={quote(path)}", status_code=303)


def address_of(scope: Scope) -> str:
    """Return the address of whoever asks."""
    client = scope.get("client")
    return client[0] if client else ""


def too_often(wait_s: float) -> Response:
    """Return the answer to somebody who asks too often."""
    return PlainTextResponse(
        "Too many requests. Wait a little.\n",
        status_code=429,
        headers={"retry-after": str(int(wait_s) + 1)},
    )


log = structlog.get_logger(__name__)

_OWN_PATH = re.compile(r"/([\w.-][\w./-]*)?", re.ASCII)


class LoginPages:
    """The page that asks for the password, and what it leads to."""

    def __init__(self, door: LoginMiddleware, templates: Templates) -> None:
        self._door = door
        self._templates = templates

    def ask(self, request: Request) -> Response:
        """Answer ``/login``."""
        return self._page(request, request.query_params.get("to", "/"), wrong=False)

    async def take(self, request: Request) -> Response:
        """Take the password."""
        form, address = await read_form(request), address_of(request.scope)
        wait_s = self._door.wait_s(address)
        if wait_s > 0.0:
            log.warning("login_too_often", address=address)
            return too_often(wait_s)
        cookie = request.cookies.get(TOKEN_COOKIE, "")
        if not is_own_request(request.headers, cookie, form.get(TOKEN_FIELD, "")):
            log.warning("foreign_request_refused", path=request.url.path)
            return self._page(request, "/", wrong=True)
        to = form.get("to", "/")
        if not self._door.opens(form.get("password", ""), address):
            log.warning("login_failed", address=address)
            return self._page(request, to, wrong=True)
        log.info("logged_in", address=address)
        answer = RedirectResponse(to if _OWN_PATH.fullmatch(to) else "/", status_code=303)
        # Lax, so that the link in a notification opens the page; every change asks for the
        # token, whose cookie is strict.
        answer.set_cookie(
            SESSION_COOKIE,
            self._door.new_session(),
            max_age=SESSION_S,
            path="/",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer

    async def leave(self, request: Request) -> Response:
        """Forget this browser's session."""
        form = await read_form(request)
        cookie = request.cookies.get(TOKEN_COOKIE, "")
        if not is_own_request(request.headers, cookie, form.get(TOKEN_FIELD, "")):
            return self._templates.message(request, "Nothing was changed", "", status=403)
        answer = RedirectResponse("/login", status_code=303)
        answer.delete_cookie(SESSION_COOKIE, path="/")
        return answer

    def _page(self, request: Request, to: str, *, wrong: bool) -> Response:
        values = {"to": to if _OWN_PATH.fullmatch(to) else "/", "wrong": wrong}
        return self._templates.answer(request, "login.html", values, status=403 if wrong else 200)
