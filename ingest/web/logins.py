"""Logging in and out."""

import re

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingest.web.auth import SESSION_COOKIE, SESSION_S, Door
from ingest.web.forms import read_form
from ingest.web.gate import address_of, too_often
from ingest.web.responses import Templates
from ingest.web.security import TOKEN_COOKIE, TOKEN_FIELD, is_own_request

log = structlog.get_logger(__name__)
_OWN_PATH = re.compile(r"/([\w.-][\w./-]*)?", re.ASCII)


class Logins:
    """The page that asks for the password, and what it leads to."""

    def __init__(self, door: Door, templates: Templates) -> None:
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
