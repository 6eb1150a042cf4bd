"""Minutes of movement, and whether the collar was worn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import SettingsError
from analysis.features.movement import Movement, MovementSettings, Released
from analysis.features.wear import WearSettings
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


def still(n_minutes: int, breath_g: float) -> list[Minute]:
    """Return minutes of a still collar with sensor noise, and a breath every three seconds."""
    n_ticks = 3000 * n_minutes
    dice = np.random.default_rng(6)
    noise_g = dice.normal(0.0, 0.003, (3, n_ticks))
    noise_g[2] += 1.0 + breath_g * np.sin(2 * np.pi * np.arange(n_ticks) / 150)
    acceleration_g = np.rint(noise_g * 65536) / 65536
    movement = Movement(MovementSettings(), WearSettings())
    heard = Signal(
        first_tick=FIRST_TICK,
        acceleration_g=acceleration_g,
        magnitude_g=np.rint(np.sqrt((acceleration_g**2).sum(axis=0)) * 65536) / 65536,
        vedba_g=np.abs(acceleration_g[2] - 1.0),
        clipped=np.zeros(n_ticks, bool),
    )
    return flat(movement.update(heard) + movement.finish())


def test_a_collar_on_a_hook_is_not_worn() -> None:
    """Half an hour without movement or breath; told for all of it, once it is known."""
    assert {minute.worn_s for minute in still(40, 0.0)} == {0.0}


def test_a_sleeping_dog_wears_its_collar() -> None:
    """Breathing of 3 mg at 20 a minute is enough."""
    assert {minute.worn_s for minute in still(40, 0.003)} == {60.0}


def test_a_still_quarter_of_an_hour_says_nothing() -> None:
    """Less than half an hour without breath counts as worn rest."""
    found = still(15, 0.0)

    assert len(found) == 15
    assert {minute.rest_s for minute in found} == {60.0}
