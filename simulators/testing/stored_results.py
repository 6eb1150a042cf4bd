"""Weeks of results as the daemon would have stored them, made without any signal.

For pages, reports and stores that need a past to show: a healthy dog that moves less, steps slower
and jumps at the end, with a day and some hours missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analysis.alerts.alert import alert_id
from analysis.features.day.calendar import Calendar
from analysis.features.day.day import DayBuilder
from analysis.model import AlertChange, Day, Event, GaitWindow, Level, Minute, Results, Status
from analysis.model.dog import DogProfile

_WALK_HOURS = (7, 12, 17, 21)
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResults:
    """What to make up.

    Attributes
    ----------
    profile
        The dog.
    until_s
        Unix time at which the data end.
    n_days
        Days before that one.
    sore_days
        The last so many days are sore ones.
    seed
        Same seed, same past.
    """

    profile: DogProfile
    until_s: float
    n_days: int = 21
    sore_days: int = 4
    seed: int = 1


def make_past(past: StoredResults) -> Results:
    """Return minutes, walks, events, days and alerts up to the end of a past."""
    rng = np.random.default_rng(past.seed)
    calendar = Calendar(past.profile)
    last = calendar.date_of(past.until_s)
    results, builder = Results(), DayBuilder(past.profile)
    for back in reversed(range(past.n_days + 1)):
        if back == past.n_days // 2:
            continue
        made = _day(past, calendar, last - timedelta(days=back), rng)
        results.extend(made)
        for minute in made.minutes:
            builder.add_minute(minute)
        for window in made.gait:
            builder.add_gait(window)
        for event in made.events:
            builder.add_event(event)
        ended = builder.advance(calendar.bounds_s(last - timedelta(days=back))[1])
        results.days += [each for each in ended if isinstance(each, Day)]
    results.days = [each for each in results.days if each.end_s <= past.until_s]
    results.alerts = _alerts(past, results.events)
    return results


def _day(past: StoredResults, calendar: Calendar, day: date, rng: np.random.Generator) -> Results:
    start_s, end_s = calendar.bounds_s(day)
    sore = start_s > past.until_s - past.sore_days * _DAY_S
    results = Results()
    for at_s in np.arange(start_s, min(end_s, past.until_s), 60.0).tolist():
        hour = (at_s - start_s) / 3600.0
        # Some hours in a drawer, two days before the end.
        if 13.0 <= hour < 16.0 and 1.5 < (past.until_s - at_s) / _DAY_S < 2.5:
            continue
        walking = int(hour) in _WALK_HOURS and (hour % 1.0) < (0.25 if sore else 0.45)
        results.minutes.append(_minute(at_s, hour, walking=walking, rng=rng))
        if walking and rng.random() < 0.8:
            results.gait += _windows(at_s, sore=sore, rng=rng)
    for _ in range(int(rng.poisson(1.0 if sore else 4.0))):
        at_s = start_s + float(rng.uniform(8.0, 21.0)) * 3600.0
        if at_s < min(end_s, past.until_s) - 60.0:
            landing_g = round(float(rng.uniform(2.5, 4.0)), 2)
            results.events.append(_jump(at_s, landing_g))
    results.events.sort(key=lambda each: each.start_s)
    return results


def _minute(at_s: float, hour: float, *, walking: bool, rng: np.random.Generator) -> Minute:
    if walking:
        vigorous_s = float(rng.integers(0, 8))
        walk_s = float(rng.integers(35, 50))
        shares = (0.0, 60.0 - walk_s - vigorous_s, walk_s, vigorous_s)
        vedba_g = 0.25 + 0.02 * vigorous_s
    elif 7.0 <= hour < 22.0 and rng.random() < 0.2:
        shares, vedba_g = (20.0, 32.0, 8.0, 0.0), 0.06
    elif rng.random() < 0.02:
        shares, vedba_g = (30.0, 30.0, 0.0, 0.0), 0.055
    else:
        shares, vedba_g = (60.0, 0.0, 0.0, 0.0), 0.008
    rest_s, light_s, walk_s, vigorous_s = shares
    return Minute(
        start_s=at_s,
        worn_s=60.0,
        vedba_g=vedba_g * float(rng.uniform(0.8, 1.2)),
        rest_s=rest_s,
        light_s=light_s,
        walk_s=walk_s,
        vigorous_s=vigorous_s,
    )


def _windows(at_s: float, *, sore: bool, rng: np.random.Generator) -> list[GaitWindow]:
    windows = []
    for index in range(4):
        stride_hz = float(rng.normal(1.24 if sore else 1.42, 0.05))
        windows.append(
            GaitWindow(
                start_s=at_s + 4.0 * index,
                end_s=at_s + 4.0 * index + 4.0,
                gait="walk",
                step_hz=2.0 * stride_hz,
                stride_hz=stride_hz,
                rms_g=0.22 * float(rng.uniform(0.9, 1.1)) * (0.75 if sore else 1.0),
                step_regularity=0.8,
                stride_regularity=0.85,
                step_time_cv=0.06,
            )
        )
    return windows


def _jump(at_s: float, landing_g: float) -> Event:
    return Event(
        kind="jump",
        start_s=at_s,
        end_s=at_s + 0.6,
        confidence="high",
        evidence={"landing_g": landing_g},
    )


def _alerts(past: StoredResults, events: Sequence[Event]) -> list[AlertChange]:
    """Return one alert that is over, a wrong one, and three that are on."""
    jump = next(
        (each for each in reversed(events) if each.end_s < past.until_s),
        _jump(past.until_s - 3600.0, 3.0),
    )
    onset_s = past.until_s - 3.0 * _DAY_S
    stiff = {"index": -2.6, "cadence_drop": 0.12, "amplitude_drop": 0.2, "days": 3.0}
    less = {"drop": 0.34, "usual": 8.4, "now": 5.5, "days": 3.0, "baseline_days": 14.0}
    told = [
        _change(past, "reduced_activity", Level.WATCH, past.until_s - 18 * _DAY_S, less),
        _change(past, "night_restlessness", Level.WARNING, past.until_s - 12 * _DAY_S, {}),
        _change(past, "stiff_gait", Level.WARNING, onset_s, stiff),
        _change(past, "reduced_activity", Level.WARNING, onset_s + _DAY_S, less),
        _change(past, "jumping", Level.URGENT, jump.start_s, jump.evidence),
    ]
    ends = [(0, Status.RECOVERING, 2.0), (0, Status.RESOLVED, 3.0), (1, Status.FALSE_ALARM, 0.5)]
    later = [
        _later(told[index], status, told[index].onset_s + after * _DAY_S)
        for index, status, after in [*ends, (2, Status.ACKNOWLEDGED, 1.2), (2, Status.WORSE, 2.0)]
    ]
    return sorted([*told, *later], key=lambda each: each.time_s)


def _change(
    past: StoredResults, kind: str, severity: Level, onset_s: float, evidence: Mapping[str, float]
) -> AlertChange:
    return AlertChange(
        id=alert_id(past.profile.id, kind, onset_s),
        dog=past.profile.id,
        kind=kind,
        severity=severity,
        status=Status.OPEN,
        onset_s=onset_s,
        time_s=onset_s,
        evidence=dict(evidence),
        notify=True,
    )


def _later(change: AlertChange, status: Status, time_s: float) -> AlertChange:
    return AlertChange(
        id=change.id,
        dog=change.dog,
        kind=change.kind,
        severity=change.severity,
        status=status,
        onset_s=change.onset_s,
        time_s=time_s,
        count=change.count + 1,
        evidence=change.evidence,
    )
