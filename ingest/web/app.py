"""The routes of the page, and what is said when something goes wrong."""

from http import HTTPStatus

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from analysis.errors import MonitorError
from ingest.web.answers import Answers
from ingest.web.auth import Door
from ingest.web.context import Pages, WebSettings
from ingest.web.gate import Gate
from ingest.web.logins import Logins
from ingest.web.responses import Templates
from ingest.web.security import SECURE_HEADERS, Guard
from ingest.web.views import Views

log = structlog.get_logger(__name__)


def build_app(settings: WebSettings, pages: Pages) -> Starlette:
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
    refusals, before = _Refusals(templates), [Middleware(Guard, settings=settings)]
    if settings.password:
        door = Door(settings.password, pages.clock)
        logins = Logins(door, templates)
        before.append(Middleware(Gate, door=door, pages=pages))
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
