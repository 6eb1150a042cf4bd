"""The page in a real browser, as the owner opens it on a phone and at a desk."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pytest

from analysis.errors import StoreError
from analysis.model.dog import DogProfile
from analysis.model.plan import Phase, Plan
from ingest.health import ConsumerHealth, HubHealth
from ingest.ports import Store
from ingest.storage.points import LIVE, points_of
from ingest.storage.sqlite_store import SqliteStore
from ingest.web.app import WebServer
from ingest.web.context import DogView, PageContext
from simulators.testing.fakes import PAGE, ManualClock
from simulators.testing.servers import servers_required
from simulators.testing.stored_results import StoredResults, make_past

NOW_S = 1_795_529_400.0  # Tuesday 24 November 2026, 15:10 in Berlin
ZONE = "Europe/Berlin"
PHONE, DESK = (390, 844), (1280, 800)
PNG = b"\x89PNG"


Browser = Callable[..., str]
CLICK = """(button => button ? (button.click(), "clicked") : "")(
    document.querySelector('form[action$="/ack"] button'))"""
NOTED_PREFIX = "document.querySelector('.notice[role=status]')?.textContent ?? ''"


class Tab:
    """A tab driven through Chromium's debugging pipe: messages of JSON that end with a zero."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._rest = b""
        self._n_calls = 0
        self._session: dict[str, str] = {}

    def open(self, url: str) -> None:
        """Open a page in a new tab."""
        target = self._call("Target.createTarget", url=url)["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}

    def wait_for(self, expression: str, deadline_s: float = 30.0) -> str:
        """Return the value of an expression once it is a text that is not empty."""
        until_s = time.monotonic() + deadline_s
        while time.monotonic() < until_s:
            result = self._call("Runtime.evaluate", expression=expression).get("result", {})
            if result.get("value"):
                return str(result["value"])
        pytest.fail(f"{expression} gave nothing within {deadline_s} s")

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._n_calls += 1
        message = {"id": self._n_calls, "method": method, "params": parameters, **self._session}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self._rest:
                piece = os.read(self._from, 65_536)
                if not piece:
                    pytest.fail("chromium has ended")
                self._rest += piece
            one, self._rest = self._rest.split(b"\0", 1)
            answer = json.loads(one)
            if answer.get("id") == self._n_calls:
                found: dict[str, Any] = answer.get("result", {})
                return found


def _do_without() -> NoReturn:
    reason = "chromium: not on this machine; apt-get install chromium"
    if servers_required():
        pytest.fail(f"{reason} (SPRYHOUND_REQUIRE_SERVERS=1)")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the command that starts Chromium, without what to open."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        _do_without()
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += [f"--disable-{each}" for each in ("background-networking", "component-update", "sync")]
    return [program, *flags, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"]


@pytest.fixture(scope="module")
def browse(chromium: list[str]) -> Browser:
    """Return a function that opens a page in Chromium and returns its document."""

    def run(url: str, *more: str) -> str:
        done = subprocess.run([*chromium, *more, url], capture_output=True, timeout=50, check=True)
        return done.stdout.decode()

    return run


@pytest.fixture
def tab(chromium: list[str]) -> Iterator[Tab]:
    """Start a browser in which things can be clicked."""
    (to_read, to_write), (from_read, from_write) = os.pipe(), os.pipe()
    # Chromium reads from descriptor 3 and writes to 4.
    script = f'exec "$@" --remote-debugging-pipe about:blank 3<&{to_read} 4>&{from_write}'
    browser = subprocess.Popen(
        ["/bin/bash", "-c", script, "bash", *chromium],
        pass_fds=(to_read, from_write),
        stderr=subprocess.DEVNULL,
    )
    os.close(to_read)
    os.close(from_write)
    yield Tab(to_write, from_read)
    browser.terminate()
    browser.wait(10)
    os.close(to_write)
    os.close(from_read)


@pytest.fixture(scope="module")
def left() -> list[bytes]:
    """Return the commands that the page has left."""
    return []


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, left: list[bytes]) -> PageContext:
    """Return five weeks of a dog that gets worse, and a dog that nobody hears."""
    path = tmp_path_factory.mktemp("store") / "spryhound.sqlite"
    rest = Phase(name="strict rest", days=28, active_min_cap=60.0, walks_per_day=4, walk_min=10.0)
    plan = Plan(name="disc", start=date(2026, 11, 22), phases=(rest,))
    rex = DogProfile(id="rex", time_zone=ZONE, plan=plan)
    bella = DogProfile(id="bella", time_zone=ZONE)
    with SqliteStore(path) as store:
        for profile, until_s in ((rex, NOW_S - 120.0), (bella, NOW_S - 11_400.0)):
            past = StoredResults(profile=profile, until_s=until_s, n_days=35, sore_days=4)
            results = make_past(past)
            if profile is bella:
                results.alerts = []
            store.write(points_of(profile.id, LIVE, results))

    health = HubHealth(
        time_s=NOW_S,
        journal_bytes=48_000_000,
        last_packet_s=31.0,
        drops={"late": 3, "rate": 1},
        followers={
            "influx": ConsumerHealth(),
            "notify": ConsumerHealth(n_waiting=2, oldest_s=240.0, failures=3, last_error="refused"),
        },
    )
    return PageContext(
        clock=ManualClock(NOW_S),
        dogs={
            "rex": DogView(name="Rex", zone=ZONE, profile=rex),
            "bella": DogView(name="Bella", zone=ZONE, profile=bella),
        },
        read_store=lambda: SqliteStore(path),
        leave_command=left.append,
        health=lambda: health,
        progress_age_s=lambda: 0.4,
        last_heard_s={"rex": NOW_S - 31.0, "bella": NOW_S - 11_400.0}.get,
        dead_letters=lambda: {"notify": 1},
    )


@pytest.fixture(scope="module")
def site(pages: PageContext) -> Iterator[str]:
    """Serve the page."""
    with WebServer(PAGE, pages) as server:
        yield server.url


@pytest.mark.slow
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    "path", ["/", "/dogs/rex?days=28", "/alerts", "/system"], ids=["now", "dog", "alerts", "system"]
)
def test_a_page_can_be_drawn(
    browse: Browser, site: str, tmp_path: Path, size: tuple[int, int], path: str
) -> None:
    """A screenshot of an error page or of nothing would be a few kilobytes."""
    folder = Path(os.environ.get("SPRYHOUND_SCREENSHOTS", tmp_path))
    name = path.strip("/").split("/")[0].split("?")[0] or "now"
    picture = folder / f"{name}-{size[0]}.png"

    browse(f"{site}{path}", f"--window-size={size[0]},{size[1]}", f"--screenshot={picture}")

    drawn = picture.read_bytes()
    assert drawn.startswith(PNG)
    assert len(drawn) > 15_000


@pytest.mark.slow
def test_silence_is_loud_in_the_browser(browse: Browser, site: str) -> None:
    document = browse(f"{site}/", "--dump-dom")

    assert "Rex has been resting for" in document
    assert "No data from Bella for 3 h 10 min." in document


@pytest.mark.slow
@pytest.mark.parametrize("goes_on", [True, False], ids=["hub works", "hub fails"])
def test_a_page_left_open_says_that_it_is_old(
    browse: Browser,
    pages: PageContext,
    goes_on: bool,  # noqa: FBT001 (a parameter of the table)
) -> None:
    """Four minutes go by in the browser's virtual time, in which our script asks each minute."""
    asked: list[str] = []

    def read_store() -> AbstractContextManager[Store]:
        asked.append("store")
        if len(asked) > 1 and not goes_on:
            msg = "the disk is gone"
            raise StoreError(msg)
        return pages.read_store()

    with WebServer(PAGE, replace(pages, read_store=read_store)) as server:
        document = browse(f"{server.url}/", "--dump-dom", "--virtual-time-budget=245000")

    assert len(asked) >= 3
    assert "Rex has been resting for" in document
    assert ("minutes old" in document) is not goes_on


@pytest.mark.slow
def test_a_click_reaches_the_daemon_and_is_confirmed(tab: Tab, pages: PageContext) -> None:
    """Token, cookie, origin and policy fit together in a browser as it is."""
    commands: list[bytes] = []
    clickable = replace(pages, leave_command=commands.append)

    with WebServer(PAGE, clickable) as server:
        tab.open(f"{server.url}/")
        tab.wait_for(CLICK)
        noted = tab.wait_for(NOTED_PREFIX)

    assert noted.startswith("Noted: seen by you.")
    assert [sorted(json.loads(each)) for each in commands] == [["ack", "dog"]]


@pytest.mark.slow
def test_another_site_cannot_answer_for_the_owner(
    browse: Browser, site: str, left: list[bytes], tmp_path: Path
) -> None:
    """A hostile page posts our form by itself, in the browser that has just been here."""
    found = re.search(r"/alerts/[0-9a-f-]{36}", browse(f"{site}/", "--dump-dom"))
    assert found is not None
    hostile = tmp_path / "hostile.html"
    hostile.write_text(
        f'<form method="post" action="{site}{found[0]}/ack"><input name="token" value="x"></form>'
        "<script>document.forms[0].submit()</script>"
    )

    document = browse(hostile.as_uri(), "--dump-dom", "--virtual-time-budget=3000")

    assert "Nothing was changed" in document
    assert left == []
