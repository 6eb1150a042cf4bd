"""Templates into answers: everything is escaped, and every form gets its token."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from ingest.text.times_part import age, day_text
from ingest.web.security import TOKEN_COOKIE, TOKEN_FIELD, new_token

_COOKIE_S = 90 * 86_400


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ingest.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["age"] = age
    environment.filters["day"] = _day
    return environment


def _day(day: date) -> str:
    return day_text(day)


class Templates:
    """The pages' templates."""

    def __init__(self, *, has_door: bool = False) -> None:
        self._environment = _environment()
        self._environment.globals["has_door"] = has_door

    def answer(
        self, request: Request, name: str, values: Mapping[str, Any], *, status: int = 200
    ) -> HTMLResponse:
        """Return a page, with a cookie for the token if the browser has none."""
        had = request.cookies.get(TOKEN_COOKIE, "")
        token = had or new_token()
        body = self._environment.get_template(name).render(
            **values, token=token, token_field=TOKEN_FIELD, path=request.url.path
        )
        response = HTMLResponse(body, status_code=status)
        if not had:
            response.set_cookie(
                TOKEN_COOKIE,
                token,
                max_age=_COOKIE_S,
                path="/",
                httponly=True,
                samesite="strict",
                secure=request.url.scheme == "https",
            )
        return response

    def message(self, request: Request, title: str, text: str, *, status: int) -> HTMLResponse:
        """Return a page that says one thing."""
        values = {"title": title, "text": text}
        return self.answer(request, "message.html", values, status=status)
