"""The routes of the page, and what is said when something goes wrong."""

import socket
import threading
from http import HTTPStatus
from types import TracebackType
from typing import Self

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from analysis.errors import MonitorError, SettingsError
from config.machine_settings import Web
from ingest.web.auth import SHORTEST_PASSWORD, LoginMiddleware, LoginPages, PasswordCheck
from ingest.web.context import PageContext
from ingest.web.responses import Templates
from ingest.web.security import SECURE_HEADERS, RequestGuard, is_loopback
from ingest.web.timeouts import TimeoutProtocol
from ingest.web.views import Answers, Views

log = structlog.get_logger(__name__)


def build_app(settings: Web, pages: PageContext) -> Starlette:
    """Return the whole page as one application."""
    templates = Templates(has_door=bool(settings.password))
    views, answers = Views(pages, templates), Answers(pages, templates)
    routes: list[BaseRoute] = [
        Route("/", views.now),
        Route("/dogs/{dog}", views.dog),
        Route("/alerts", views.alerts),
        Route("/alerts/{id}", views.alert),
        Route("/alerts/{id}/ack", answers.ack, methods=["POST"]),
        Route("/alerts/{id}/false-alarm", answers.false_alarm, methods=["POST"]),
        Route("/health", views.health),
        Route("/healthz", views.health),
        Route("/metrics", views.metrics),
        Route("/system", views.system),
        Mount("/static", StaticFiles(packages=[("ingest.web", "static")])),
    ]
    refusals, before = _Refusals(templates), [Middleware(RequestGuard, settings=settings)]
    if settings.password:
        door = LoginMiddleware(settings.password.get_secret_value(), pages.clock)
        logins = LoginPages(door, templates)
        before.append(Middleware(PasswordCheck, door=door, pages=pages))
        routes += [
            Route("/login", logins.ask),
            Route("/login", logins.take, methods=["POST"]),
            Route("/logout", logins.leave, methods=["POST"]),
        ]
    return Starlette(
        routes=routes,
        middleware=before,
        exception_handlers={
            HTTPException: refusals.refused,
            MonitorError: refusals.unreadable,
            Exception: refusals.broken,
        },
    )


class _Refusals:
    """Pages for what cannot be shown."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def refused(self, request: Request, error: Exception) -> Response:
        """Say that there is no such page, or that it cannot be asked for like that."""
        code = error.status_code if isinstance(error, HTTPException) else 500
        if code == HTTPStatus.NOT_FOUND:
            text = "It may have been removed, or the address has a typing error."
            return self._templates.message(request, "Nothing here", text, status=code)
        return self._templates.message(request, HTTPStatus(code).phrase, "", status=code)

    def unreadable(self, request: Request, error: Exception) -> Response:
        """Say that the store does not answer, which is no news of the dog."""
        log.error("page_failed", path=request.url.path, error=str(error))
        text = (
            "The stored data cannot be read right now, so nothing is known here about your dog."
            " Look at your dog, then run: spryhound doctor"
        )
        return self._templates.message(request, "No data to show", text, status=503)

    def broken(self, request: Request, error: Exception) -> Response:
        """Say that we made a mistake; this answer passes by the guard, so it has its headers."""
        log.error("page_broken", path=request.url.path, error=repr(error))
        text = "This page has a fault. Nothing is known here about your dog: look at your dog.\n"
        return PlainTextResponse(text, status_code=500, headers=dict(SECURE_HEADERS))


_END_WITHIN_S = 2.0

_BACKLOG = 64


class WebServer:
    """Serves the page for the time of a ``with`` block.

    Raises
    ------
    SettingsError
        On entering, if the address cannot be listened on.
    """

    def __init__(self, settings: Web, pages: PageContext) -> None:
        self._settings = settings
        self._pages = pages
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        _check(self._settings)
        # Our own socket listens before the thread starts, so nobody is ever refused, and an
        # address in use is an error here and not in a thread.
        self._socket = _listen(self._settings)
        config = uvicorn.Config(
            build_app(self._settings, self._pages),
            http=TimeoutProtocol,
            ssl_certfile=self._settings.cert_file,
            ssl_keyfile=self._settings.key_file,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
            limit_concurrency=100,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="web", daemon=True
        )
        self._thread.start()
        log.info("page_ready", url=self.url)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_END_WITHIN_S)
        if self._socket is not None:
            self._socket.close()
        self._socket = self._server = self._thread = None

    @property
    def url(self) -> str:
        """Where the page is, as somebody on this machine asks for it; valid inside ``with``."""
        if self._socket is None:
            msg = "the page is asked for its address outside of its with block"
            raise RuntimeError(msg)
        host = self._settings.host
        port = self._socket.getsockname()[1]
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 (not bound)
        if ":" in shown and not shown.startswith("["):
            shown = f"[{shown}]"
        return f"{'https' if self._settings.cert_file else 'http'}://{shown}:{port}"


def _check(settings: Web) -> None:
    """Refuse to open the page to others without a password."""
    if (settings.cert_file is None) != (settings.key_file is None):
        msg = "web.cert_file and web.key_file: expected both or none"
        raise SettingsError(msg)
    if settings.password and len(settings.password) < SHORTEST_PASSWORD:
        msg = f"web.password: expected at least {SHORTEST_PASSWORD} characters"
        raise SettingsError(msg)
    if not settings.password and not is_loopback(settings.host):
        msg = (
            f"web.password: expected one, since web.host = {settings.host!r} lets others reach the"
            " page; `spryhound secret web.password` makes one"
        )
        raise SettingsError(msg)


def _listen(settings: Web) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        msg = f"web.host: {settings.host!r} cannot be listened on: {error}"
        raise SettingsError(msg) from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        where = f"{settings.host}:{settings.port}"
        msg = f"web.port: {where} cannot be listened on: {error.strerror}; choose another port"
        raise SettingsError(msg) from error
    return listening
