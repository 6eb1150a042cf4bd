"""The pages as a browser gets them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from analysis.model import AlertChange, Level, Results, Status
from analysis.model.dog import DogProfile
from analysis.model.plan import Phase, Plan
from ingest.storage.points import LIVE, alert_points, current_alerts, points_of
from ingest.web.context import DogView, PageContext
from simulators.testing.fakes import FakeStore

Ask = Callable[..., tuple[int, Mapping[str, str], str]]
Serve = Callable[[PageContext], Ask]
NOW_S = 1_795_529_400.0
ZONE = "Europe/Berlin"
RED_FLAG = "Go to a vet NOW if Rex cannot stand or walk"


def test_the_first_page_tells_how_the_dog_is_and_shows_urgent_alerts_first(ask: Ask) -> None:
    status, _, body = ask("/")

    assert status == 200
    assert body.index("Rex has been resting") < body.index("Rex jumped")
    assert body.index("Rex jumped") < body.index("Rex moves 34 % less")
    assert "Rex sleeps restlessly" not in body
    assert RED_FLAG in body


def test_silence_is_said_loudly_on_the_first_page(serve: Serve, pages: PageContext) -> None:
    def last_heard_s(dog: str) -> float:
        del dog
        return NOW_S - 10_800.0

    # The last minute is three hours old as well.
    later = replace(pages, last_heard_s=last_heard_s, read_store=pages.read_store)
    later.clock.advance(10_800.0)  # type: ignore[attr-defined]  # the clock of this test can

    body = serve(later)("/")[2]

    assert "No data from Rex for 3 h" in body
    assert 'role="alert"' in body
    assert "resting" not in body


def test_the_plan_shows_what_is_used_of_the_cap(serve: Serve, pages: PageContext) -> None:
    """The made-up sore day has 27 walking minutes a walk at most; the cap of 5 is over."""
    rest = Phase(name="strict rest", days=14, active_min_cap=5.0, forbids=("jump",))
    plan = Plan(name="disc", start=date(2026, 11, 22), phases=(rest,))
    profile = DogProfile(id="rex", time_zone=ZONE, plan=plan)
    planned = replace(pages, dogs={"rex": DogView(name="Rex", zone=ZONE, profile=profile)})

    body = serve(planned)("/")[2]

    assert "Plan: strict rest" in body
    assert "Day 3 of 14, phase 1 of 1." in body
    assert "over the limit" in body
    assert "<dt>Not allowed</dt><dd>jumping</dd>" in body
    assert "this is the last phase" in body


def test_the_plan_says_why_its_limit_is_low_and_how_many_walks_are_left(
    serve: Serve, pages: PageContext
) -> None:
    """The past walks an hour or so a day, so 1.15 times that is the limit, not 500."""
    rest = Phase(name="rest", days=7, active_min_cap=30.0)
    walks = Phase(name="walks", days=14, active_min_cap=500.0, walks_per_day=9, walk_min=20.0)
    plan = Plan(name="disc", start=date(2026, 11, 15), phases=(rest, walks))
    profile = DogProfile(id="rex", time_zone=ZONE, plan=plan)
    planned = replace(pages, dogs={"rex": DogView(name="Rex", zone=ZONE, profile=profile)})

    body = serve(planned)("/")[2]

    assert "The plan allows up to 500 min; last week was" in body
    assert "of 9 so far, 20 min each" in body


@pytest.mark.parametrize(("days", "n_rows"), [("14", 14), ("28", 28), ("9999", 14)])
def test_a_dog_has_its_last_weeks_with_gaps(ask: Ask, days: str, n_rows: int) -> None:
    """The past has one day without any data, 17 days ago."""
    _, _, body = ask(f"/dogs/rex?days={days}")

    assert body.count('<th scope="row">') == n_rows
    assert ("no data</td>" in body) is (n_rows == 28)
    assert "usual for Rex" in body


def test_times_are_told_in_the_dogs_zone(ask: Ask) -> None:
    """The past ends at 14:08 in Greenwich, which is 15:08 in Berlin."""
    assert "Seen until today, 15:08." in ask("/")[2]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", 5),
        ("?status=on", 3),
        ("?status=over", 1),
        ("?status=false", 1),
        ("?status=waiting", 0),
        ("?kind=reduced_activity", 2),
        ("?kind=reduced_activity&status=on", 1),
        ("?dog=nobody", 0),
        ("?status=nonsense&kind=", 5),
    ],
)
def test_alerts_can_be_narrowed_down(ask: Ask, query: str, titles: int) -> None:
    _, _, body = ask(f"/alerts{query}")

    assert body.count('<li class="alert') == titles
    assert "Go to a vet NOW if your dog cannot stand" in body
    assert ("No alert is like that." in body) is (titles == 0)


def test_an_alert_shows_its_words_evidence_day_and_history(ask: Ask, store: FakeStore) -> None:
    stiff = next(each for each in current_alerts(store) if each.kind == "stiff_gait")

    _, _, body = ask(f"/alerts/{stiff.id}")

    assert "Rex walks more stiffly than usual" in body
    assert "12 % slower" in body
    assert "How sure" in body
    assert "Got worse" in body
    assert "Seen by you" in body
    assert "steps without data" in body
    assert RED_FLAG in body


def test_what_to_do_and_what_was_noted_stand_by_the_alert_once(
    serve: Serve, pages: PageContext, store: FakeStore
) -> None:
    """On every page that shows it; what is over needs nothing done."""
    stiff = next(each for each in current_alerts(store) if each.kind == "stiff_gait")
    hot = replace(stiff, evidence={**stiff.evidence, "noted_heat": 1.0}, time_s=stiff.time_s + 1.0)
    store.write(points_of("rex", LIVE, Results(alerts=[hot])))
    ask = serve(pages)
    over = next(each for each in current_alerts(store) if each.status is Status.RESOLVED)

    bodies = [ask(path)[2] for path in ("/", "/alerts?kind=stiff_gait", f"/alerts/{stiff.id}")]

    for body in bodies:
        assert body.count("Short, level walks on the leash") == 1
        assert body.count("You noted hot weather.") == 1
    assert "Noted heat" not in bodies[-1]
    assert "What to do" not in ask(f"/alerts/{over.id}")[2]


def test_an_alert_that_is_over_says_that_this_proves_little(ask: Ask, store: FakeStore) -> None:
    over = next(each for each in current_alerts(store) if each.status is Status.RESOLVED)

    _, _, body = ask(f"/alerts/{over.id}")

    assert "That alone does not mean that Rex is well." in body
    assert "I have seen this" not in body


def test_markup_in_names_and_texts_stays_text(
    serve: Serve, pages: PageContext, store: FakeStore
) -> None:
    """A dog's name, an alert's kind and id, and the address come from outside."""
    evil = "<script>alert(1)</script>"
    change = AlertChange(
        id='"><img src=x>',
        dog="rex",
        kind="<i>kind</i>",
        severity=Level.URGENT,
        status=Status.OPEN,
        onset_s=NOW_S - 60.0,
        time_s=NOW_S - 60.0,
        evidence={"<u>": 1.0},
    )
    store.write(alert_points("rex", LIVE, [change]))
    named = DogView(name=evil, zone=ZONE, profile=DogProfile(id="rex", time_zone=ZONE))
    ask = serve(replace(pages, dogs={"rex": named}))

    bodies = [
        ask(path)[2]
        for path in ("/", "/dogs/rex", "/alerts", "/alerts/%22%3E%3Cimg%20src=x%3E", "/%3Cu%3E")
    ]

    for body in bodies:
        assert "<script>" not in body
        assert "<img" not in body
        assert "<i>" not in body
        assert "<u>" not in body
    assert "&lt;script&gt;" in bodies[0]


def test_the_system_page_shows_followers_drops_and_versions(ask: Ask) -> None:
    _, _, body = ask("/system")

    assert "The hub is working." in body
    assert "too late" in body
    assert "Failed 3 times in a row" in body
    assert "spryhound" in body


@pytest.mark.parametrize(("age_s", "status", "word"), [(119.0, 200, "ok"), (121.0, 503, "stalled")])
def test_health_follows_the_daemons_loop(
    serve: Serve, pages: PageContext, age_s: float, status: int, word: str
) -> None:
    answered, headers, body = serve(replace(pages, progress_age_s=lambda: age_s))("/health")

    assert answered == status
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["status"] == word


def test_no_dog_at_all_is_said(serve: Serve, pages: PageContext) -> None:
    assert "No dog yet" in serve(replace(pages, dogs={}))("/")[2]
