"""`spryhound plan`: today's phase, and what of it is used."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from analysis.features.day.calendar import Calendar
from analysis.model import AlertChange, Day, Level, Minute, Results, Status
from analysis.model.dog import DogProfile
from ingest.clock import SystemClock
from ingest.storage.points import LIVE, points_of
from ingest.storage.sqlite_store import SqliteStore

Type = Callable[..., Result]

_NOW_H = int(SystemClock().now_s() // 3600 % 24)
ZONE = f"Etc/GMT{_NOW_H - 12:+d}"
"""Where it is noon now, so that no test runs over midnight (Etc/GMT+5 is west of Greenwich)."""


REX = DogProfile(id="rex", time_zone=ZONE)


def today() -> date:
    """Return the date in that zone."""
    return Calendar(DogProfile(id="rex", time_zone=ZONE)).date_of(SystemClock().now_s())


def write_settings(home: Path, start: date) -> None:
    """Write settings with a plan of two phases that begins on a day."""
    (home / "spryhound.toml").write_text(f"""
[home]
time_zone = "{ZONE}"
data_dir = "store"
[dogs.rex]
name = "Rex"
[dogs.rex.plan]
start = {start}
[[dogs.rex.plan.phases]]
name = "strict rest"
days = 14
active_min_cap = 30.0
walks_per_day = 4
walk_min = 5.0
forbids = ["jump"]
[[dogs.rex.plan.phases]]
name = "walks"
days = 21
""")


def write_ramp(home: Path, start: date) -> None:
    """Write settings with a week of rest and two of walks."""
    (home / "spryhound.toml").write_text(f"""
[home]
time_zone = "{ZONE}"
data_dir = "store"
[dogs.rex]
name = "Rex"
[dogs.rex.plan]
start = {start}
[[dogs.rex.plan.phases]]
name = "rest"
days = 7
active_min_cap = 30.0
[[dogs.rex.plan.phases]]
name = "walks"
days = 14
active_min_cap = 75.0
""")


def day_record(days_ago: int, *, active_min: float) -> Day:
    """Return a worn day some days ago."""
    day = today() - timedelta(days=days_ago)
    start_s, end_s = Calendar(REX).bounds_s(day)
    return Day(
        date=day.isoformat(),
        start_s=start_s,
        end_s=end_s,
        waking_worn_h=15.0,
        active_min=active_min,
    )


def walked(home: Path, minutes: int, *, days_ago: int = 0) -> None:
    """Store minutes of walking, from six in the morning on."""
    calendar = Calendar(DogProfile(id="rex", time_zone=ZONE))
    start_s = calendar.bounds_s(today() - timedelta(days=days_ago))[0] + 6 * 3600.0
    walking = [
        Minute(
            start_s=start_s + 60.0 * number,
            worn_s=60.0,
            vedba_g=0.3,
            rest_s=0.0,
            light_s=0.0,
            walk_s=60.0,
            vigorous_s=0.0,
        )
        for number in range(minutes)
    ]
    with SqliteStore(home / "store" / "spryhound.sqlite") as store:
        store.write(points_of("rex", LIVE, Results(minutes=walking)))


def test_without_a_plan_it_says_how_to_get_one(spryhound: Type) -> None:
    result = spryhound("plan")

    assert result.exit_code == 0
    assert "Rex: no recovery plan" in result.stdout
    assert "[dogs.rex.plan]" in result.stdout


def test_without_a_dog_it_says_how_to_get_one(home: Path, spryhound: Type) -> None:
    (home / "spryhound.toml").unlink()

    result = spryhound("plan")

    assert result.exit_code == 0
    assert "spryhound init" in result.stdout


def test_todays_minutes_count_and_yesterdays_do_not(home: Path, spryhound: Type) -> None:
    write_settings(home, today() - timedelta(days=2))
    walked(home, 12)
    walked(home, 25, days_ago=1)

    shown = spryhound("plan").stdout

    assert "strict rest (1 of 2), day 3 of 14" in shown
    assert "12 min of 30 min, 18 min left" in shown
    assert "jumping" in shown
    assert "1 of 4 so far, 5 min each; it took 12 min" in shown
    first = today() + timedelta(days=12)
    assert f"walks, from {first:%A} {first.day} {first:%B %Y}, 21 days" in shown


def test_json_has_the_same_numbers(home: Path, spryhound: Type) -> None:
    write_settings(home, today())
    walked(home, 40)

    (data,) = json.loads(spryhound("plan", "--json").stdout)

    assert (data["plan"]["day"], data["plan"]["used_min"], data["plan"]["left_min"]) == (1, 40, 0)
    assert data["next"]["start"] == (today() + timedelta(days=14)).isoformat()


def test_the_limit_is_what_last_week_allows_and_says_so(home: Path, spryhound: Type) -> None:
    """Seven days of 40 minutes allow 1.15 x 40 = 46 in the week after, of the plan's 75."""
    write_ramp(home, today() - timedelta(days=7))
    days = [day_record(days_ago, active_min=40.0) for days_ago in range(7, 0, -1)]
    with SqliteStore(home / "store" / "spryhound.sqlite") as store:
        store.write(points_of("rex", LIVE, Results(days=days)))

    shown = spryhound("plan").stdout
    (data,) = json.loads(spryhound("plan", "--json").stdout)

    assert "0 min of 46 min, 46 min left" in shown
    assert "up to 75 min; last week was 40 a day, so 46 this" in shown
    assert data["plan"]["cap"]["reason"] == "ramp"
    assert data["plan"]["active_min_cap"] == pytest.approx(46.0)


def test_a_quiet_week_leaves_the_least_of_the_phase_and_says_so(
    home: Path, spryhound: Type
) -> None:
    """1.15 x 20 = 23 is less than the 30 of the phase before."""
    write_ramp(home, today() - timedelta(days=7))
    days = [day_record(days_ago, active_min=20.0) for days_ago in range(7, 0, -1)]
    with SqliteStore(home / "store" / "spryhound.sqlite") as store:
        store.write(points_of("rex", LIVE, Results(days=days)))

    shown = spryhound("plan").stdout

    assert "0 min of 30 min, 30 min left" in shown
    assert "last week was 20 a day, so it stays at this phase's least, 30." in " ".join(
        shown.split()
    )


def test_a_setback_holds_the_limit_and_is_named(home: Path, spryhound: Type) -> None:
    write_ramp(home, today() - timedelta(days=7))
    worse = today() - timedelta(days=2)
    end_s = Calendar(REX).bounds_s(worse)[1]
    stiff = AlertChange(
        id="s1",
        dog="rex",
        kind="stiff_gait",
        severity=Level.WARNING,
        status=Status.OPEN,
        onset_s=end_s,
        time_s=end_s,
    )
    days = [day_record(days_ago, active_min=40.0) for days_ago in range(7, 0, -1)]
    with SqliteStore(home / "store" / "spryhound.sqlite") as store:
        store.write(points_of("rex", LIVE, Results(days=days, alerts=[stiff])))

    shown = spryhound("plan").stdout
    (data,) = json.loads(spryhound("plan", "--json").stdout)

    assert "0 min of 30 min" in shown
    assert f"a setback on {worse:%A} {worse.day} {worse:%B}" in " ".join(shown.split())
    assert data["plan"]["cap"]["setback"] == worse.isoformat()


def test_a_cap_that_is_used_up_leaves_nothing(home: Path, spryhound: Type) -> None:
    write_settings(home, today())
    walked(home, 40)

    assert "40 min of 30 min, nothing left" in spryhound("plan").stdout


@pytest.mark.parametrize(
    ("starts_in_days", "said"),
    [(3, "begins on"), (-35, "ended on"), (-34, "day 21 of 21"), (0, "day 1 of 14")],
)
def test_before_and_after_the_plan_it_says_so(
    home: Path, spryhound: Type, starts_in_days: int, said: str
) -> None:
    """14 + 21 days: the last day is the 35th, that is 34 days after the first."""
    write_settings(home, today() + timedelta(days=starts_in_days))

    assert said in spryhound("plan").stdout


def test_the_last_phase_has_no_next(home: Path, spryhound: Type) -> None:
    write_settings(home, today() - timedelta(days=20))

    shown = spryhound("plan").stdout

    assert "0 min; no cap" in shown
    assert "this is the last phase" in shown


def test_a_template_is_named_in_words(home: Path, spryhound: Type) -> None:
    """Nobody has to read the name of a file."""
    (home / "spryhound.toml").write_text(
        f'[home]\ndata_dir = "store"\ntime_zone = "{ZONE}"\n[dogs.rex]\nname = "Rex"\n'
        f'[dogs.rex.plan]\ntemplate = "conservative_disc"\nstart = {today()}\n'
    )

    shown = spryhound("plan").stdout

    assert "Rex: conservative disc" in shown
    assert "conservative_disc" not in shown
