"""A simulated day has the rest, walks, jumps and nights that its condition allows."""

from datetime import date, time

import numpy as np
import pytest

from simulators.behaviours.gait import GAITS
from simulators.day.planner import DayPlan, Morning, day_bouts
from simulators.day.schedule import Bout, Breach, Habits, day_factors
from simulators.dog.condition import HEALTHY, PRESETS

MONDAY = date(2026, 9, 7)
RESTING = {"lying", "sitting", "looking_around", "standing", "twitching", "panting", "off_collar"}


def days(
    condition: str, *, n: int = 20, habits: Habits | None = None, breaches: tuple[Breach, ...] = ()
) -> list[list[Bout]]:
    plan = DayPlan(
        date=MONDAY,
        condition=PRESETS[condition].condition,
        habits=habits or Habits(),
        breaches=breaches,
    )
    return [day_bouts(np.random.default_rng(seed), plan) for seed in range(n)]


def minutes(bouts: list[Bout], kinds: set[str]) -> float:
    return sum(each.end_s - each.start_s for each in bouts if each.kind in kinds) / 60.0


def mean_minutes(condition: str, kinds: set[str]) -> float:
    return float(np.mean([minutes(bouts, kinds) for bouts in days(condition)]))


@pytest.mark.parametrize("condition", list(PRESETS))
def test_a_day_has_no_hole_and_no_overlap(condition: str) -> None:
    for bouts in days(condition, n=3):
        starts = [each.start_s for each in bouts]
        ends = [each.end_s for each in bouts]

        assert starts[1:] == ends[:-1]
        assert ends[-1] - starts[0] == 86400.0
        assert all(each.end_s > each.start_s for each in bouts)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_on_which_the_clock_changes_have_their_own_length(day: date, hours: int) -> None:
    plan = DayPlan(date=day, time_zone="Europe/Vienna")

    bouts = day_bouts(np.random.default_rng(1), plan)

    assert bouts[-1].end_s - bouts[0].start_s == hours * 3600.0


def test_a_healthy_dog_rests_for_four_fifths_of_the_day() -> None:
    """Within the 70 to 90 % of real dogs."""
    shares = [minutes(bouts, RESTING) / 1440.0 for bouts in days("healthy")]

    assert 0.75 <= np.mean(shares) <= 0.9


@pytest.mark.slow
def test_a_healthy_dog_moves_for_two_hours_a_quarter_of_it_fast() -> None:
    moving = mean_minutes("healthy", set(GAITS))
    fast = mean_minutes("healthy", {"trot", "gallop"})

    assert moving == pytest.approx(120.0, rel=0.2)
    assert fast / moving == pytest.approx(0.25, abs=0.07)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("condition", "share"), [("mild", 0.8), ("moderate", 0.65), ("ataxia", 0.5)]
)
def test_pain_shortens_the_time_on_the_move(condition: str, share: float) -> None:
    ratio = mean_minutes(condition, set(GAITS)) / mean_minutes("healthy", set(GAITS))

    assert ratio == pytest.approx(share, abs=0.08)


@pytest.mark.slow
def test_a_crated_dog_leaves_for_short_slow_walks_only() -> None:
    """A fifth of its minutes, none of them fast and no jump."""
    ratio = mean_minutes("crate_rest", set(GAITS)) / mean_minutes("healthy", set(GAITS))
    kinds = {each.kind for bouts in days("crate_rest") for each in bouts}

    assert 0.15 <= ratio <= 0.25
    assert not kinds & {"trot", "gallop", "fast_walk", "jump_over", "jump_onto", "jump_off"}


def test_a_dog_that_cannot_walk_does_not_walk() -> None:
    kinds = {each.kind for bouts in days("non_walking") for each in bouts}

    assert not kinds & set(GAITS)
    assert "fidgeting" in kinds


@pytest.mark.slow
def test_a_healthy_dog_jumps_eight_times_a_day_and_a_sore_one_hardly() -> None:
    """Over 20 days, 160 and 16 expected: three sigma are 38 and 12."""

    def jumps(condition: str) -> int:
        bouts = (each for day in days(condition) for each in day)
        return sum(each.kind.startswith("jump") for each in bouts)

    assert jumps("healthy") == pytest.approx(160, abs=38)
    assert jumps("moderate") == pytest.approx(16, abs=12)


@pytest.mark.slow
def test_pain_keeps_a_dog_awake() -> None:
    restless = {"fidgeting", "turning"}

    def nightly(condition: str) -> float:
        found = 0.0
        for bouts in days(condition, n=30):
            dawn_s = bouts[0].start_s + 6.0 * 3600.0
            found += minutes([each for each in bouts if each.end_s < dawn_s], restless)
        return found

    assert nightly("moderate") / nightly("healthy") == pytest.approx(1.6, abs=0.25)


def test_a_breach_happens_at_its_time_though_the_dog_is_crated() -> None:
    """After five seconds of walking, at 10:15 to within a minute."""
    breach = Breach(at=time(10, 15), kind="jump_off")
    (bouts,) = days("crate_rest", n=1, breaches=(breach,))

    (jump,) = (each for each in bouts if each.kind == "jump_off")

    assert jump.start_s - bouts[0].start_s == pytest.approx(10.25 * 3600.0, abs=60.0)


def test_a_collar_that_is_taken_off_is_off_for_that_time() -> None:
    (bouts,) = days("healthy", n=1, habits=Habits(off_at_h=(20.0,), off_min=45.0))

    assert minutes(bouts, {"off_collar"}) == pytest.approx(45.0)


def test_days_differ_remember_and_grow_at_weekends() -> None:
    """A spread of a quarter, a memory of a fifth, a tenth more on Saturday and Sunday."""
    factors = np.array(day_factors(np.random.default_rng(1), MONDAY, 7000, Habits()))
    weekend = np.arange(7000) % 7 >= 5
    plain = factors / np.where(weekend, 1.1, 1.0)

    assert plain.std() / plain.mean() == pytest.approx(0.25, abs=0.02)
    assert np.corrcoef(plain[1:], plain[:-1])[0, 1] == pytest.approx(0.2, abs=0.04)
    assert factors[weekend].mean() / factors[~weekend].mean() == pytest.approx(1.1, abs=0.03)


def test_what_comes_on_at_ten_is_not_there_at_nine() -> None:
    """A dog that walks in the morning and cannot walk from ten on."""
    plan = DayPlan(
        date=MONDAY,
        condition=PRESETS["non_walking"].condition,
        morning=Morning(until_h=10.0, condition=HEALTHY),
    )
    days_of = [day_bouts(np.random.default_rng(seed), plan) for seed in range(20)]
    turn_s = plan.at_s(10.0)

    before = {each.kind for bouts in days_of for each in bouts if each.start_s < turn_s}
    after = {each.kind for bouts in days_of for each in bouts if each.end_s > turn_s}

    assert {"walk", "trot"} <= before
    assert not after & set(GAITS)
    assert "fidgeting" in after


@pytest.mark.slow
def test_a_dog_with_ataxia_walks_in_stretches_shortened_by_three_fifths() -> None:
    """Mean length of a bout of walking, docs/evidence.md section 3.1."""

    def stretch_s(condition: str) -> float:
        bouts = [b for day in days(condition) for b in day if b.kind.endswith("walk")]
        return float(np.mean([b.end_s - b.start_s for b in bouts if b.end_s - b.start_s > 3.0]))

    assert stretch_s("ataxia") / stretch_s("healthy") == pytest.approx(0.4, abs=0.12)


def test_a_car_ride_is_where_the_habits_have_it() -> None:
    (bouts,) = days("healthy", n=1, habits=Habits(car_at_h=(14.0,), car_min=25.0))

    assert minutes(bouts, {"car_ride"}) == pytest.approx(25.0)


def test_nothing_of_the_dog_is_felt_while_the_collar_is_off() -> None:
    """A walk that is due in the meantime does not wait for the collar."""
    (bouts,) = days("healthy", n=1, habits=Habits(off_at_h=(16.0,), off_min=360.0))
    off = next(each for each in bouts if each.kind == "off_collar")

    walked_after = minutes([each for each in bouts if each.start_s >= off.end_s], set(GAITS))

    assert off.end_s - off.start_s == 360.0 * 60.0
    assert walked_after < 15.0


@pytest.mark.slow
def test_restless_nights_leave_the_days_alone() -> None:
    """Twice the restless minutes between midnight and six, and as long on the move by day."""
    nights, moves = [], []
    for condition in ("healthy", "restless"):
        found = days(condition, n=20)
        early = [[b for b in day if b.end_s < day[0].start_s + 21600.0] for day in found]
        nights.append(np.mean([minutes(each, {"fidgeting", "turning"}) for each in early]))
        moves.append(np.mean([minutes(each, set(GAITS)) for each in found]))

    assert nights[1] / nights[0] == pytest.approx(2.0, rel=0.2)
    assert moves[1] / moves[0] == pytest.approx(1.0, abs=0.05)
