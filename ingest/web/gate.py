"""What stands before every page once there is a password."""

from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ingest.web.allowance import Allowance, AllowanceSettings
from ingest.web.auth import SESSION_COOKIE, Door
from ingest.web.context import Pages

OPEN_TO_ALL = frozenset({"/health", "/healthz", "/login"})
_REQUESTS = AllowanceSettings(most=120, every_s=0.25)
"""A page and what belongs to it are five requests; a judgement."""


class Gate:
    """Lets in whoever has a session or says the password, and slows down whoever asks too often."""

    def __init__(self, app: ASGIApp, door: Door, pages: Pages) -> None:
        self._app = app
        self._door = door
        self._requests = Allowance(_REQUESTS, pages.clock)

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
