"""Days, cut in the dog's own zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import msgspec
import pytest

from analysis.features.day.calendar import Calendar
from analysis.features.day.day import DayBuilder, DayState
from analysis.features.gait.windows import gait_sums
from analysis.model import Day, Event, GaitWindow, Hour, Minute
from analysis.model.dog import DogProfile
from analysis.model.plan import Phase, Plan

BERLIN = DogProfile(id="rex", time_zone="Europe/Berlin")


def at(text: str) -> float:
    return datetime.fromisoformat(text).astimezone(UTC).timestamp()


def minute(start_s: float, *, walk_s: float = 0.0, vedba_g: float = 0.1) -> Minute:
    return Minute(
        start_s=start_s,
        worn_s=60.0,
        vedba_g=vedba_g,
        rest_s=60.0 - walk_s,
        light_s=0.0,
        walk_s=walk_s,
        vigorous_s=0.0,
    )


def window(start_s: float, gait: str = "walk", stride_hz: float = 1.4) -> GaitWindow:
    return GaitWindow(
        start_s=start_s,
        end_s=start_s + 4.0,
        gait=gait,
        step_hz=2 * stride_hz,
        stride_hz=stride_hz,
        rms_g=0.3,
        step_regularity=0.8,
        stride_regularity=0.7,
        step_time_cv=0.08,
    )


def days_of(ended: list[Hour | Day]) -> list[Day]:
    return [each for each in ended if isinstance(each, Day)]


def hours_of(ended: list[Hour | Day]) -> list[Hour]:
    return [each for each in ended if isinstance(each, Hour)]


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-24", 24)]
)
def test_a_day_lasts_from_midnight_to_midnight_of_the_dog(day: str, hours: int) -> None:
    start_s, end_s = Calendar(BERLIN).bounds_s(date.fromisoformat(day))
    builder = DayBuilder(BERLIN)
    for k in range(hours * 60):
        builder.add_minute(minute(start_s + 60.0 * k))

    assert (end_s - start_s) / 3600 == hours
    assert days_of(builder.advance(end_s - 1.0)) == []
    (closed,) = days_of(builder.advance(end_s))

    assert (closed.date, closed.start_s, closed.end_s) == (day, start_s, end_s)
    assert closed.worn_h == hours


@pytest.mark.parametrize(
    ("day", "night_h"), [("2026-03-29", 7.0), ("2026-10-25", 9.0), ("2026-11-24", 8.0)]
)
def test_the_night_runs_by_the_clock_on_the_wall(day: str, night_h: float) -> None:
    """22:30 to 6:30 is 8 h, an hour less or more when the clocks change at night.

    A night belongs to its morning: its evening was the day before.
    """
    start_s, end_s = Calendar(BERLIN).bounds_s(date.fromisoformat(day))
    builder = DayBuilder(BERLIN)
    for k in range(-6 * 60, int(end_s - start_s) // 60):
        builder.add_minute(minute(start_s + 60.0 * k))

    before, of_day = days_of(builder.advance(end_s))
    assert before.night_worn_h == 0.0
    assert of_day.night_worn_h == night_h
    assert of_day.waking_worn_h == 16.0


def test_a_night_within_one_date_is_understood() -> None:
    early = Calendar(DogProfile(id="rex", night_from=time(1), night_until=time(5)))

    nights = [early.is_night(at(f"2026-11-24T{hour:02}:00+00:00")) for hour in (0, 1, 4, 5)]

    assert nights == [False, True, True, False]


def test_sums_are_in_the_units_that_their_names_say() -> None:
    """Two minutes, 30 s of walking each, one at night with 0.1 g: above 0.05 g."""
    builder = DayBuilder(BERLIN)
    builder.add_minute(minute(at("2026-11-24T03:00+01:00"), walk_s=30.0, vedba_g=0.1))
    builder.add_minute(minute(at("2026-11-24T12:00+01:00"), walk_s=30.0, vedba_g=0.3))
    builder.add_event(
        Event(kind="jump", start_s=at("2026-11-24T12:00+01:00"), end_s=0.0, confidence="high")
    )

    (day,) = days_of(builder.finish())

    assert day.worn_h == pytest.approx(2 / 60)
    assert day.vedba_g == pytest.approx(0.2)
    assert (day.active_min, day.night_active_min, day.jumps) == (1.0, 1.0, 1)
    assert day.rest_h == pytest.approx(1 / 60)


def test_still_night_minutes_are_not_restless() -> None:
    builder = DayBuilder(BERLIN)
    builder.add_minute(minute(at("2026-11-24T03:00+01:00"), vedba_g=0.05))

    assert days_of(builder.finish())[0].night_active_min == 0.0


def test_gait_is_summed_over_walk_and_trot_and_bouts_are_told_apart() -> None:
    """Windows at 0 and 2 s overlap, the one at 60 s is another bout; gallop is only fast."""
    noon_s = at("2026-11-24T12:00+01:00")
    builder = DayBuilder(BERLIN)
    for start_s, gait, stride_hz in [
        (0, "walk", 1.2),
        (2, "walk", 1.4),
        (60, "trot", 2.0),
        (90, "gallop", 3.0),
    ]:
        builder.add_gait(window(noon_s + start_s, gait, stride_hz))

    (day,) = days_of(builder.finish())

    assert (day.n_gait_windows, day.n_gait_bouts) == (3, 2)
    assert (day.stride_hz, day.fast_share) == (1.4, 0.5)
    assert day.gait_sums == gait_sums([1.2, 1.4, 2.0], [0.3, 0.3, 0.3])


def test_windows_count_as_much_as_they_are_certain() -> None:
    """Three unsure windows against one sure one; a spread of 0 had too few steps to tell."""
    noon_s = at("2026-11-24T12:00+01:00")
    builder = DayBuilder(BERLIN)
    for start_s, stride_hz, step_time_cv, certainty in [
        (0, 2.4, 0.20, 0.2),
        (2, 2.4, 0.20, 0.2),
        (4, 2.4, 0.0, 0.2),
        (6, 1.4, 0.05, 0.7),
    ]:
        each = window(noon_s + start_s, "walk", stride_hz)
        builder.add_gait(replace(each, step_time_cv=step_time_cv, certainty=certainty))

    (day,) = days_of(builder.finish())

    assert day.n_gait_windows == 4
    assert (day.stride_hz, day.step_time_cv) == (1.4, 0.05)
    assert day.gait_sums[0] == pytest.approx(1.3)


def test_windows_of_an_earlier_version_count_whole() -> None:
    """An open hour that it saved has no certainties; what follows has."""
    builder, plain = DayBuilder(BERLIN), DayBuilder(BERLIN)
    noon_s = at("2026-11-24T12:00+01:00")
    for start_s, stride_hz in [(0, 1.2), (2, 1.3), (4, 1.4)]:
        for each in (builder, plain):
            each.add_gait(window(noon_s + start_s, "walk", stride_hz))
    builder.state.hours[0].certainty.clear()
    for each in (builder, plain):
        each.add_gait(replace(window(noon_s + 60, "walk", 1.5), certainty=0.3))

    assert builder.finish() == plain.finish()


def test_a_collar_in_a_drawer_gives_an_empty_day_and_no_record_gives_none() -> None:
    builder = DayBuilder(BERLIN)
    unworn = Minute(
        start_s=at("2026-11-20T12:00+01:00"),
        worn_s=0.0,
        vedba_g=0.0,
        rest_s=0.0,
        light_s=0.0,
        walk_s=0.0,
        vigorous_s=0.0,
    )
    builder.add_minute(unworn)
    builder.add_minute(minute(at("2026-11-24T12:00+01:00")))

    days = days_of(builder.advance(at("2026-11-25T00:00+01:00")))

    assert [(each.date, each.worn_h > 0.0) for each in days] == [
        ("2026-11-20", False),
        ("2026-11-24", True),
    ]


def test_a_record_of_a_closed_day_opens_nothing() -> None:
    builder = DayBuilder(BERLIN)
    builder.add_minute(minute(at("2026-11-24T12:00+01:00")))
    builder.advance(at("2026-11-25T00:00+01:00"))

    builder.add_minute(minute(at("2026-11-24T12:01+01:00")))

    assert builder.finish() == []


def test_a_cap_marks_the_day_as_restricted_and_a_mere_ban_on_jumps_does_not() -> None:
    rest = Phase(name="rest", days=1, active_min_cap=30.0)
    life = Phase(name="for life", days=1, forbids=("jump",))
    plan = Plan(name="disc", start=date(2026, 11, 24), phases=(rest, life))
    builder = DayBuilder(DogProfile(id="rex", plan=plan))
    for day in (24, 25, 26):
        builder.add_minute(minute(at(f"2026-11-{day}T12:00+00:00")))

    assert [each.resting_plan for each in days_of(builder.finish())] == [True, False, False]


def test_neither_lag_between_kinds_nor_a_restart_changes_a_day() -> None:
    start_s = at("2026-11-24T20:00+01:00")
    minutes = [minute(start_s + 60.0 * k, walk_s=0.1 * k, vedba_g=0.01 * k) for k in range(500)]
    windows = [window(start_s + 60.0 * k, stride_hz=1.0 + 0.001 * k) for k in range(500)]
    end_s = at("2026-11-26T00:00+01:00")
    whole = DayBuilder(BERLIN)
    for each in minutes:
        whole.add_minute(each)
    for gait in windows:
        whole.add_gait(gait)
    expected = whole.advance(end_s)

    for lag, cut in [(0, 100), (31, 260), (31, 470)]:
        builder, days = DayBuilder(BERLIN), list[Hour | Day]()
        for k in range(500 + lag):
            if k < 500:
                builder.add_gait(windows[k])
            if k >= lag:
                builder.add_minute(minutes[k - lag])
                days += builder.advance(minutes[k - lag].start_s)
            if k == cut:
                saved = msgspec.json.encode(builder.state)
                builder = DayBuilder(BERLIN)
                builder.state = msgspec.json.decode(saved, type=DayState)
        assert days + builder.advance(end_s) == expected


def test_every_hour_is_told_with_the_day_up_to_its_end_and_nothing_of_what_came_after() -> None:
    """All of a day may be handed in at once; at 9 o'clock nobody knows of the walk at 10."""
    builder = DayBuilder(BERLIN)
    for hour, walk_s in [(6, 0.0), (8, 30.0), (10, 60.0)]:
        builder.add_minute(minute(at(f"2026-11-24T{hour:02}:00+01:00"), walk_s=walk_s))

    hours = hours_of(builder.advance(at("2026-11-25T00:00+01:00")))

    assert [each.clock_h for each in hours] == [7, 9, 11]
    assert [each.day.active_min for each in hours] == [0.0, 0.5, 1.5]
    assert [each.active_s for each in hours] == [0.0, 30.0, 60.0]
    assert [each.waking_worn_s for each in hours] == [0.0, 60.0, 60.0]
    assert hours[0].start_s == at("2026-11-24T06:00+01:00")


def test_hours_count_from_local_midnight_where_the_zone_is_half_an_hour_off() -> None:
    """In Kolkata 06:10 in UTC is 11:40: the hour from 11:00 to 12:00 there."""
    builder = DayBuilder(DogProfile(id="rex", time_zone="Asia/Kolkata"))
    builder.add_minute(minute(at("2026-11-24T06:10+00:00")))

    (hour,) = hours_of(builder.finish())

    assert (hour.clock_h, hour.start_s) == (12, at("2026-11-24T05:30+00:00"))


def test_the_day_so_far_can_be_asked_for_and_goes_on_afterwards() -> None:
    """As the page does every minute."""
    asked, silent = DayBuilder(BERLIN), DayBuilder(BERLIN)
    for k in range(180):
        each = minute(at("2026-11-24T09:00+01:00") + 60.0 * k, walk_s=20.0)
        silent.add_minute(each)
        asked.add_minute(each)
        asked.advance(each.start_s)
        assert asked.so_far()[-1].active_min == pytest.approx((k + 1) / 3)

    end_s = at("2026-11-25T00:00+01:00")
    assert days_of(asked.advance(end_s)) == days_of(silent.advance(end_s))


def test_a_days_asymmetry_is_that_of_its_trot_alone() -> None:
    """The median of 0.05, 0.06 and 0.09 over trot; stride CV over walk as well."""
    start_s, end_s = Calendar(BERLIN).bounds_s(date(2026, 11, 24))
    builder = DayBuilder(BERLIN)
    for k, (gait, cv, asymmetry) in enumerate(
        [("trot", 0.03, 0.05), ("walk", 0.05, 0.0), ("trot", 0.04, 0.09), ("trot", 0.06, 0.06)]
    ):
        measured = window(start_s + 4.0 * k, gait)
        builder.add_gait(replace(measured, stride_time_cv=cv, asymmetry=asymmetry))

    (closed,) = days_of(builder.advance(end_s))

    assert (closed.n_trot_windows, closed.asymmetry) == (3, 0.06)
    assert closed.stride_time_cv == pytest.approx(0.045)
