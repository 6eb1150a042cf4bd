"""A page on loopback over three weeks of a dog that gets worse."""

import http.client
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, nullcontext
from urllib.parse import urlencode, urlsplit

import pytest

from analysis.model.dog import DogProfile
from config.machine_settings import Web
from ingest.health import ConsumerHealth, HubHealth
from ingest.ports import Point
from ingest.storage.points import LIVE, points_of
from ingest.web.app import WebServer
from ingest.web.context import DogView, PageContext
from simulators.testing.fakes import PAGE, FakeStore, ManualClock
from simulators.testing.stored_results import StoredResults, make_past

NOW_S = 1_795_529_400.0  # Tuesday 24 November 2026, 15:10 in Berlin
ZONE = "Europe/Berlin"

Answer = tuple[int, Mapping[str, str], str]
Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def past_points() -> list[Point]:
    """Return the points of 35 days that end two minutes ago, the last four of them sore."""
    profile = DogProfile(id="rex", time_zone=ZONE)
    past = StoredResults(profile=profile, until_s=NOW_S - 120.0, n_days=35)
    return points_of("rex", LIVE, make_past(past))


@pytest.fixture
def left() -> list[bytes]:
    """Return the commands that the page has left so far."""
    return []


@pytest.fixture
def store(past_points: list[Point]) -> FakeStore:
    """Return a store with the past in it."""
    memory = FakeStore()
    memory.write(past_points)
    return memory


@pytest.fixture
def pages(store: FakeStore, left: list[bytes]) -> PageContext:
    """Return what the page is made of."""
    health = HubHealth(
        time_s=NOW_S,
        last_packet_s=31.0,
        drops={"too_late": 3},
        followers={"notify": ConsumerHealth(n_waiting=2, oldest_s=240.0, failures=3)},
    )
    rex = DogView(name="Rex", zone=ZONE, profile=DogProfile(id="rex", time_zone=ZONE))
    return PageContext(
        clock=ManualClock(NOW_S),
        dogs={"rex": rex},
        read_store=lambda: nullcontext(store),
        leave_command=left.append,
        health=lambda: health,
        progress_age_s=lambda: 0.4,
        last_heard_s=lambda _: NOW_S - 31.0,
    )


@pytest.fixture
def serve() -> Iterator[Callable[..., Ask]]:
    """Return a function that serves pages and returns one that asks for a path."""
    with ExitStack() as servers:

        def start(pages: PageContext, settings: Web = PAGE) -> Ask:
            server = WebServer(settings, pages)
            servers.enter_context(server)
            return asker(server.url)

        yield start


@pytest.fixture
def ask(serve: Callable[..., Ask], pages: PageContext) -> Ask:
    """Return a function that asks the page for a path: status, headers, body."""
    return serve(pages)


def asker(url: str) -> Ask:
    """Return a function that sends one request to a server."""
    address = urlsplit(url)

    def send(
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
        body = None if form is None else urlencode(form)
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read().decode()
        finally:
            connection.close()

    return send
