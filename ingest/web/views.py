"""The pages that are read, and the answers of the owner to an alert."""

import platform
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError, version

import msgspec
import structlog
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from analysis.features.day.calendar import Calendar
from analysis.model import AlertChange, Day, Event
from ingest.kinds import alert_kind
from ingest.ports import Query, Store
from ingest.storage.points import current_alerts, record_of, time_ns
from ingest.text.alerts import red_flags
from ingest.text.times import local, when
from ingest.web.context import DogView, PageContext
from ingest.web.metrics import CONTENT_TYPE, metrics_text
from ingest.web.pages.alerts import (
    MOST_LISTED,
    STATUS_CHOICES,
    STATUS_WORDS,
    facts_of,
    history,
    kind_words,
    view_of,
)
from ingest.web.pages.charts import DayFrame, Mark, minute_chart, trend_chart
from ingest.web.pages.dashboard import card_of, minutes_since
from ingest.web.pages.today import UsualHours
from ingest.web.pages.trends import trends_of
from ingest.web.responses import Templates, read_form
from ingest.web.security import TOKEN_COOKIE, TOKEN_FIELD, is_own_request

STALLED_S = 120.0

_MEMORY_DAYS = 90

_NOTED = {
    "ack": "Noted: seen by you. It shows here in a moment.",
    "false_alarm": "Noted: a false alarm. It shows here in a moment.",
}

_MARKED = {"jump": "jump", "vigorous_burst": "hard run"}


class Views:
    """Reads the store and answers with pages; each method serves one request in its own thread."""

    def __init__(self, pages: PageContext, templates: Templates) -> None:
        self._pages = pages
        self._templates = templates
        self._usual = UsualHours()

    def now(self, request: Request) -> Response:
        """Answer ``/``: each dog as it is now."""
        now_s = self._pages.clock.now_s()
        with self._pages.read_store() as store:
            cards = [card_of(self._pages, store, dog, self._usual) for dog in self._pages.dogs]
        zone = next((each.zone for each in self._pages.dogs.values()), "UTC")
        values = {"cards": cards, "as_of": f"{local(now_s, zone):%H:%M}", "noted": noted(request)}
        return self._templates.answer(request, "now.html", values)

    def dog(self, request: Request) -> Response:
        """Answer ``/dogs/<dog>``: 14 or 28 days against the usual."""
        dog = request.path_params["dog"]
        if dog not in self._pages.dogs:
            raise HTTPException(404)
        n_days = 28 if request.query_params.get("days") == "28" else 14
        view, now_s = self._pages.view(dog), self._pages.clock.now_s()
        calendar = Calendar(view.profile)
        yesterday = calendar.date_of(now_s) - timedelta(days=1)
        start_s, _ = calendar.bounds_s(yesterday - timedelta(days=_MEMORY_DAYS))
        query = Query(measurement="day", dog=dog, start_ns=time_ns(start_s))
        with self._pages.read_store() as store:
            days = [record_of(each, Day) for each in store.read(query)]
        days = [each for each in days if date.fromisoformat(each.date) <= yesterday]
        trends = trends_of(days, yesterday, n_days, view.trends)
        drawn = [(each, trend_chart(each)) for each in trends]
        values = {"dog": dog, "name": view.name, "n_days": n_days, "trends": drawn}
        rows = list(zip(*(reversed(each.days) for each in trends), strict=True))
        return self._templates.answer(request, "dog.html", values | {"rows": rows})

    def alerts(self, request: Request) -> Response:
        """Answer ``/alerts``: the review list, newest first."""
        wanted = {name: request.query_params.get(name, "") for name in ("dog", "kind", "status")}
        with self._pages.read_store() as store:
            everything = current_alerts(store)
        found = [each for each in reversed(everything) if _matches(each, wanted)]
        now_s = self._pages.clock.now_s()
        shown = [view_of(each, self._pages.view(each.dog), now_s) for each in found[:MOST_LISTED]]
        kinds = sorted({each.kind for each in everything})
        values = {
            "alerts": shown,
            "n_found": len(found),
            "n_all": len(everything),
            "wanted": wanted,
            "dogs": {each: view.name for each, view in self._pages.dogs.items()},
            "kinds": {each: kind_words(each) for each in kinds},
            "flags": red_flags("your dog"),
            "statuses": {each: words for each, (words, _) in STATUS_CHOICES.items()},
            "noted": noted(request),
        }
        return self._templates.answer(request, "alerts.html", values)

    def alert(self, request: Request) -> Response:
        """Answer ``/alerts/<id>``: one alert, its evidence, its day and its history."""
        now_s = self._pages.clock.now_s()
        with self._pages.read_store() as store:
            change = find(store, request.path_params["id"])
            dog = self._pages.view(change.dog)
            changes = history(store, change)
            chart = self._day_chart(store, change, dog)
        values = {
            "alert": view_of(change, dog, now_s),
            "facts": facts_of(change),
            "chart": chart,
            "day": local(change.onset_s, dog.zone).date(),
            "history": [
                (when(each.time_s, dog.zone, now_s), STATUS_WORDS[each.status], each)
                for each in reversed(changes)
            ],
            "flags": red_flags(dog.name) if alert_kind(change.kind).is_about_health else (),
            "noted": noted(request),
        }
        return self._templates.answer(request, "alert.html", values)

    def system(self, request: Request) -> Response:
        """Answer ``/system``: how the hub is doing."""
        values = {
            "health": self._pages.health(),
            "progress_age_s": self._pages.progress_age_s(),
            "stalled_s": STALLED_S,
            "dead": self._pages.dead_letters(),
            "versions": versions(),
        }
        return self._templates.answer(request, "system.html", values)

    def health(self, request: Request) -> Response:
        """Answer ``/health`` without the store, so that a slow disk does not kill the hub."""
        del request
        age_s = self._pages.progress_age_s()
        is_fine = age_s < STALLED_S
        body = {
            "status": "ok" if is_fine else "stalled",
            "progress_age_s": round(age_s, 1),
            "version": versions()["spryhound"],
        }
        return JSONResponse(body, status_code=200 if is_fine else 503)

    def metrics(self, request: Request) -> Response:
        """Answer ``/metrics``, for Prometheus."""
        del request
        text = metrics_text(
            self._pages.health(),
            progress_age_s=self._pages.progress_age_s(),
            dead_letters=self._pages.dead_letters(),
        )
        return Response(text, media_type=CONTENT_TYPE)

    def _day_chart(self, store: Store, change: AlertChange, dog: DogView) -> Markup:
        calendar = Calendar(dog.profile)
        bounds_s = calendar.bounds_s(calendar.date_of(change.onset_s))
        minutes = minutes_since(store, change.dog, *bounds_s)
        query = Query(
            measurement="event",
            dog=change.dog,
            start_ns=time_ns(bounds_s[0]),
            end_ns=time_ns(bounds_s[1]),
        )
        events = [record_of(each, Event) for each in store.read(query) if each.kind in _MARKED]
        marks = [Mark(time_s=each.start_s, word=_MARKED[each.kind]) for each in events]
        frame = DayFrame(
            start_s=bounds_s[0], end_s=bounds_s[1], now_s=self._pages.clock.now_s(), zone=dog.zone
        )
        return minute_chart(minutes, frame, marks)


def find(store: Store, alert_id: str) -> AlertChange:
    """Return an alert as it stands; `HTTPException` 404 if there is none of that id."""
    for change in current_alerts(store):
        if change.id == alert_id:
            return change
    raise HTTPException(404)


def noted(request: Request) -> str:
    """Return what was done just now, for the line above the page."""
    return _NOTED.get(request.query_params.get("noted", ""), "")


def versions() -> Mapping[str, str]:
    """Return what runs here, by name."""
    found = {}
    for name in ("spryhound", "numpy", "scipy", "starlette", "uvicorn"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed as a package"
    return {**found, "python": platform.python_version()}


def _matches(change: AlertChange, wanted: Mapping[str, str]) -> bool:
    _, statuses = STATUS_CHOICES.get(wanted["status"], ("", frozenset()))
    return (
        (not wanted["dog"] or change.dog == wanted["dog"])
        and (not wanted["kind"] or change.kind == wanted["kind"])
        and (not statuses or change.status in statuses)
    )


log = structlog.get_logger(__name__)


class Answers:
    """Takes the forms of the pages and leaves commands for the daemon."""

    def __init__(self, pages: PageContext, templates: Templates) -> None:
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
