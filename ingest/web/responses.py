"""Templates into answers, forms into values: everything is escaped, every form has its token."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from ingest.text.times import age, day_text
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


_LARGEST_BYTES = 4096

_MOST_FIELDS = 20


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a small form; a large or odd body has none."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST_BYTES:
            return {}
    try:
        fields = parse_qs(body.decode("utf-8", errors="replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}
