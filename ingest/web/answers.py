"""What the owner does on the page: mark an alert as seen, or as a false alarm."""

import msgspec
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingest.web.context import Pages
from ingest.web.forms import read_form
from ingest.web.responses import Templates
from ingest.web.security import TOKEN_COOKIE, TOKEN_FIELD, is_own_request
from ingest.web.views import find

log = structlog.get_logger(__name__)


class Answers:
    """Takes the forms of the pages and leaves commands for the daemon."""

    def __init__(self, pages: Pages, templates: Templates) -> None:
        self._pages = pages
        self._templates = templates

    async def ack(self, request: Request) -> Response:
        """Take "I have seen this"."""
        return await self._take(request, "ack")

    async def false_alarm(self, request: Request) -> Response:
        """Take "this was a false alarm"."""
        return await self._take(request, "false_alarm")

    async def _take(self, request: Request, command: str) -> Response:
        form = await read_form(request)
        cookie = request.cookies.get(TOKEN_COOKIE, "")
        if not is_own_request(request.headers, cookie, form.get(TOKEN_FIELD, "")):
            log.warning("foreign_request_refused", path=request.url.path)
            return self._templates.message(
                request,
                "That did not come from this page",
                "Nothing was changed. Go back to the first page and try again.",
                status=403,
            )
        alert_id = request.path_params["id"]
        await run_in_threadpool(self._leave, alert_id, command)
        log.info("answered", command=command, alert=alert_id)
        back = {"now": "/", "alerts": "/alerts"}.get(form.get("back", ""), f"/alerts/{alert_id}")
        return RedirectResponse(f"{back}?noted={command}", status_code=303)

    def _leave(self, alert_id: str, command: str) -> None:
        with self._pages.read_store() as store:
            change = find(store, alert_id)
        self._pages.leave_command(msgspec.json.encode({"dog": change.dog, command: change.id}))
