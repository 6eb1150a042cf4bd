"""Minutes of movement, and whether the collar was worn."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import SettingsError
from analysis.features.day.movement import Movement, MovementSettings, Released
from analysis.features.wear.wear import WearSettings
from analysis.model import FloatArray, Minute, Signal

FIRST_TICK = 1_700_000_040 * 50
"""A whole minute."""


def signal(first_tick: int, vertical_g: FloatArray, vedba_g: FloatArray) -> Signal:
    """Return a signal that moves along the vertical only."""
    return Signal(
        first_tick=first_tick,
        acceleration_g=np.vstack([0 * vertical_g, 0 * vertical_g, vertical_g]),
        magnitude_g=np.abs(vertical_g),
        vedba_g=vedba_g,
        clipped=np.zeros(len(vedba_g), bool),
    )


def minutes_of(vedba_g: FloatArray, cuts: list[int], first_tick: int = FIRST_TICK) -> list[Minute]:
    """Return the minutes of a stream of VeDBA that is heard in pieces."""
    movement = Movement(MovementSettings(), WearSettings())
    found, at = [], 0
    for length in [*cuts, len(vedba_g)]:
        piece = vedba_g[at : at + length]
        found += movement.update(signal(first_tick + at, 1.0 + piece, piece))
        at = min(len(vedba_g), at + length)
    return flat(found + movement.finish())


def flat(released: list[Released]) -> list[Minute]:
    """Return the minutes in order."""
    return [minute for each in released for minute in each.minutes]


def test_seconds_are_sorted_by_their_mean() -> None:
    """Ten seconds each at 0.01, 0.1, 0.4 and 0.8 g, and twenty more at rest."""
    levels_g = np.repeat([0.0625 / 4, 0.125, 0.375, 0.75, 0.0625 / 4], [500, 500, 500, 500, 1000])

    [minute] = minutes_of(levels_g, [])

    assert (minute.rest_s, minute.light_s, minute.walk_s, minute.vigorous_s) == (30, 10, 10, 10)
    assert minute.worn_s == 60
    assert minute.vedba_g == pytest.approx((30 * 0.015625 + 10 * 1.25) / 60)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 4000), max_size=10), st.integers(0, 2999))
def test_minutes_are_the_same_however_the_stream_is_cut(cuts: list[int], late: int) -> None:
    """Whatever second of a minute the stream begins in."""
    noise_g = np.rint(np.random.default_rng(5).uniform(0, 1, 9000) * 65536) / 65536

    assert minutes_of(noise_g, cuts, FIRST_TICK + late) == minutes_of(
        noise_g, [], FIRST_TICK + late
    )


def test_intensities_out_of_order_are_refused() -> None:
    with pytest.raises(SettingsError, match="expected rising numbers"):
        MovementSettings(rest_below_g=0.3)


def test_seconds_that_were_not_heard_whole_do_not_count() -> None:
    """A stream from 0.5 s to 10.5 s has nine whole seconds and two halves."""
    [minute] = minutes_of(np.full(500, 0.25), [], FIRST_TICK + 25)

    assert minute.worn_s == 9


def test_a_hole_in_a_minute_leaves_one_minute() -> None:
    """Thirty seconds, five lost, and the rest make 55 worn seconds of one minute."""
    movement = Movement(MovementSettings(), WearSettings())
    found = movement.update(signal(FIRST_TICK, np.full(1500, 1.25), np.full(1500, 0.25)))
    movement.start_segment()
    rest = np.full(1250, 0.25)
    found += movement.update(signal(FIRST_TICK + 1750, 1 + rest, rest))

    [minute] = flat(found + movement.finish())
    assert minute.worn_s == 55


def still(n_minutes: int, breath_g: float, noise_g: float = 0.003) -> FloatArray:
    """Return readings of a still collar with noise, and a breath every three seconds."""
    n_ticks = 3000 * n_minutes
    dice = np.random.default_rng(6)
    read_g = dice.normal(0.0, noise_g, (3, n_ticks))
    read_g[2] += 1.0 + breath_g * np.sin(2 * np.pi * np.arange(n_ticks) / 150)
    return np.asarray(np.rint(read_g * 65536) / 65536)


def minutes_at_rest(*heard_g: FloatArray, lost_s: int = 0) -> list[Minute]:
    """Return the minutes of readings, some seconds being lost after each piece."""
    movement = Movement(MovementSettings(), WearSettings())
    found, first_tick = [], FIRST_TICK
    for read_g in heard_g:
        length_g = np.sqrt((read_g**2).sum(axis=0))
        found += movement.update(
            Signal(
                first_tick=first_tick,
                acceleration_g=read_g,
                magnitude_g=np.rint(length_g * 65536) / 65536,
                vedba_g=np.abs(read_g[2] - 1.0),
                clipped=np.zeros(read_g.shape[1], bool),
            )
        )
        movement.start_segment()
        first_tick += read_g.shape[1] + 50 * lost_s
    return flat(found + movement.finish())


@pytest.mark.parametrize("noise_g", [0.002, 0.004, 0.010])
def test_a_collar_on_a_hook_is_not_worn(noise_g: float) -> None:
    """Half an hour without movement or breath; told for all of it, once it is known."""
    found = minutes_at_rest(still(40, 0.0, noise_g))

    assert {minute.worn_s for minute in found} == {0.0}
    assert {minute.unworn_s for minute in found} == {60.0}
    assert {minute.rest_s for minute in found} == {0.0}


@pytest.mark.parametrize(("breath_g", "noise_g"), [(0.001, 0.003), (0.002, 0.010), (0.010, 0.010)])
def test_a_sleeping_dog_wears_its_collar(breath_g: float, noise_g: float) -> None:
    """Breathing at 20 a minute, through the noise of good and bad sensors."""
    found = minutes_at_rest(still(40, breath_g, noise_g))

    assert {minute.worn_s for minute in found} == {60.0}
    assert {minute.unworn_s for minute in found} == {0.0}


def test_sleep_is_heard_through_lost_packets() -> None:
    """Seven seconds of each minute are lost; without breath the same collar is off."""

    def unworn_s(breath_g: float) -> float:
        pieces = np.split(still(50, breath_g)[:, : 3000 * 50], 50, axis=1)
        found = minutes_at_rest(*(piece[:, :2650] for piece in pieces), lost_s=7)
        return sum(minute.unworn_s for minute in found)

    assert unworn_s(0.003) == 0.0
    assert unworn_s(0.0) == 50 * 53.0


def test_minutes_that_were_hardly_heard_do_not_take_a_collar_off() -> None:
    """Ten seconds of each minute for two hours say too little; fifty of each say enough."""

    def unworn_s(seconds: int) -> float:
        pieces = np.split(still(120, 0.0), 120, axis=1)
        heard = (piece[:, : 50 * seconds] for piece in pieces)
        return sum(each.unworn_s for each in minutes_at_rest(*heard, lost_s=60 - seconds))

    assert unworn_s(10) == 0.0
    assert unworn_s(50) == 120 * 50.0


def test_a_still_quarter_of_an_hour_says_nothing() -> None:
    """Less than half an hour without breath counts as worn rest."""
    found = minutes_at_rest(still(15, 0.0))

    assert len(found) == 15
    assert {minute.rest_s for minute in found} == {60.0}


def test_a_lying_dog_wears_its_collar(recordings: Path) -> None:
    """Four minutes of a real one, played to and fro for an hour, with less than half the sway.

    So quiet that only its breath can tell it from a hook.
    """
    table = np.loadtxt(recordings / "dog-collar-50hz" / "lying.csv", delimiter=",", skiprows=1)
    lying_g = table[1500:10500, 1:4].T
    quiet_g = lying_g.mean(axis=1, keepdims=True) + 0.4 * (
        lying_g - lying_g.mean(axis=1, keepdims=True)
    )
    hour_g = np.hstack([quiet_g, quiet_g[:, ::-1]] * 10)
    found = minutes_at_rest(np.rint(hour_g * 65536) / 65536)

    assert len(found) == 60
    assert {minute.worn_s for minute in found} == {60.0}


def test_a_stuck_sensor_says_nothing_of_the_dog() -> None:
    """Ten minutes on the move with a dead axis are neither rest nor worn; with it alive they are.

    A dead axis is found in the first whole minute.
    """
    moving_g = np.random.default_rng(7).normal(0.0, 0.2, (3, 30_000))
    moving_g[2] += 1.0
    moving_g = np.rint(moving_g * 65536) / 65536
    dead_g = moving_g.copy()
    dead_g[1] = 0.25

    assert {minute.worn_s for minute in minutes_at_rest(moving_g)} == {60.0}
    found = minutes_at_rest(dead_g)
    assert {(minute.worn_s, minute.rest_s, minute.stuck_s) for minute in found} == {
        (0.0, 0.0, 60.0)
    }


def test_what_a_collar_reads_at_rest_is_told() -> None:
    """Half a minute at 1.25 g and half a minute of movement: 30 still seconds that read 1.25 g."""
    read_g = np.zeros((3, 3000))
    read_g[2, :1500] = 1.25
    read_g[2, 1500:] = np.random.default_rng(8).uniform(0.5, 1.5, 1500)

    [minute] = minutes_at_rest(np.rint(read_g * 65536) / 65536)

    assert (minute.still_s, minute.still_g) == (30.0, 1.25)


@pytest.mark.parametrize(
    ("vedba_g", "strong_s", "lasting_s"),
    [(0.1, 15, 15.0), (0.1, 14, 0.0), (0.0999, 15, 0.0), (0.3, 40, 40.0)],
)
def test_movement_that_could_be_walking_is_strong_and_lasts(
    vedba_g: float, strong_s: int, lasting_s: float
) -> None:
    """0.1 g in every second for fifteen of them."""
    moved_g = np.zeros(3000)
    moved_g[500 : 500 + 50 * strong_s] = np.ceil(vedba_g * 65536 - 0.5) / 65536
    movement = Movement(MovementSettings(steps_from_g=0.1), WearSettings())

    [minute] = flat(movement.update(signal(FIRST_TICK, np.ones(3000), moved_g)) + movement.finish())

    assert minute.lasting_s == lasting_s


@pytest.mark.parametrize("seconds", [0, 61])
def test_steps_last_within_a_minute(seconds: int) -> None:
    with pytest.raises(SettingsError, match=f"steps_last_s is {seconds}, expected 1 to 60"):
        MovementSettings(steps_last_s=seconds)


@pytest.mark.parametrize(("source_hz", "coarse_s"), [(20.0, 60.0), (25.0, 0.0)])
def test_seconds_too_coarse_for_gait_are_told(source_hz: float, coarse_s: float) -> None:
    movement = Movement(MovementSettings(), WearSettings())
    heard = signal(FIRST_TICK, np.ones(3000), np.zeros(3000))

    found = movement.update(replace(heard, source_hz=source_hz))

    [minute] = flat(found + movement.finish())
    assert minute.coarse_s == coarse_s


def test_rest_is_told_of_a_collar_in_the_wrong_unit() -> None:
    """Metres a second squared taken for gravities: 9.8 g at rest, and the noise is 9.8 times."""
    read_g = np.rint(9.8 * still(1, 0.0, 0.004) * 65536) / 65536

    [minute] = minutes_at_rest(read_g)

    assert minute.still_s == 60.0
    assert minute.still_g == pytest.approx(9.8, abs=0.01)
