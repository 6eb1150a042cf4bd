"""Every sort of record comes back from every store, and alerts stand the same in all of them."""

from dataclasses import replace

from analysis.model import AlertChange, Day, Event, GaitWindow, Level, Minute, Results, Status
from ingest.ports import Point, Query, Store
from ingest.storage.points import alert_points, current_alerts, points_of, record_of

MINUTE = Minute(
    start_s=1763985600.0,
    worn_s=60.0,
    vedba_g=0.1 + 0.2,
    rest_s=20.0,
    light_s=20.0,
    walk_s=20.0,
    vigorous_s=0.0,
    clipped=1e-9,
)
WINDOW = GaitWindow(
    start_s=1763985601.52,
    end_s=1763985605.52,
    gait="walk",
    step_hz=3.1,
    stride_hz=1.55,
    rms_g=0.21,
    step_regularity=0.8,
    stride_regularity=-0.25,
    step_time_cv=0.03,
)
JUMP = Event(
    kind="jump",
    start_s=1763985602.34,
    end_s=1763985603.0,
    confidence="high",
    evidence={"landing_g": 3.0, "drop_s": 0.36},
)
DAY = Day(
    date="2025-11-24",
    start_s=1763938800.0,
    end_s=1764025200.0,
    worn_h=23.0,
    n_gait_windows=7,
    gait_sums=(7.0, 1.5, -9.25, 0.1, 1e-12, 1e12),
    jumps=2,
    resting_plan=True,
)
JUMPING = AlertChange(
    id="6f0c63a5-0000-5000-8000-000000000001",
    dog="rex",
    kind="jumping",
    severity=Level.URGENT,
    status=Status.OPEN,
    onset_s=1763985602.34,
    time_s=1763985603.0,
    count=1,
    evidence={"landing_g": 3.0},
    notify=True,
)


def test_records_of_every_sort_come_back(store: Store, run: str) -> None:
    results = Results(minutes=[MINUTE], gait=[WINDOW], events=[JUMP], days=[DAY], alerts=[JUMPING])
    store.write(points_of("rex", run, results))

    def only(measurement: str) -> Point:
        (found,) = store.read(Query(measurement=measurement, dog="rex", run=run))
        return found

    assert record_of(only("minute"), Minute) == MINUTE
    assert record_of(only("gait"), GaitWindow) == WINDOW
    assert record_of(only("event"), Event) == JUMP
    assert record_of(only("day"), Day) == DAY
    assert record_of(only("alert"), AlertChange) == JUMPING


def test_an_alert_stands_as_its_newest_change_says(store: Store, run: str) -> None:
    """Two changes at one sample time keep their order, and so does each alert its own."""
    worse = replace(JUMPING, status=Status.WORSE, count=2)
    acknowledged = replace(JUMPING, status=Status.ACKNOWLEDGED, count=2, time_s=1763985700.0)
    stiff = replace(
        JUMPING,
        id="6f0c63a5-0000-5000-8000-000000000002",
        kind="stiff_gait",
        severity=Level.WARNING,
        onset_s=JUMPING.onset_s - 100.0,
    )
    store.write(alert_points("rex", run, [JUMPING, worse]))

    assert current_alerts(store, "rex", run) == [worse]

    store.write(alert_points("rex", run, [stiff, acknowledged]))

    assert current_alerts(store, "rex", run) == [stiff, acknowledged]
