"""What is claimed of jumps, on recordings of real dogs and on simulated ones."""

from pathlib import Path

import numpy as np
import pytest

from simulators.day.day import Chunk
from simulators.dog.sizes import SIZES
from simulators.evaluation.sections.events import (
    FLYING,
    JUMPS,
    Counts,
    false_per_hour,
    merged,
    recall,
)
from simulators.evaluation.sections.jumps import Block, counted
from simulators.evaluation.sections.recorded_jumps import resampled
from simulators.evaluation.sections.run_detectors import Listener

SEED = 777
START_S = 1_700_000_000.0
RECORDED = (
    "dog-collar-50hz/running.csv",
    "dog-collar-50hz/walking.csv",
    "dog-ax3-running.csv",
)
"""Recordings of real dogs without a jump, of about fifty readings a second."""
RATES_HZ = (25.0, 50.0, 100.0)
NONE_AT_ALL = (
    *("shake", "scratch", "knock", "play_bow", "rearing", "flop"),
    *("collar_drop", "head_shake"),
)
DAYS = 4


def fared(rate_hz: float, n: int, seed: int = SEED) -> Counts:
    """Return how every behaviour fared `n` times in a dog of each size."""
    found = [counted(Block(size=name, rate_hz=rate_hz, seed=seed, n=n)) for name in SIZES]
    return merged(*found)


@pytest.mark.slow
@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_jumps_with_a_flight_are_found_and_hardly_anything_else_is(rate_hz: float) -> None:
    """Of 120 jumps out of all gaits, with flights of 0.27 to 0.52 s, 90 at least are found.

    A tenth of the simulated ones is as little light as a recorded stride, so not all can be; and
    some simulated dogs gallop lighter than any recorded one.
    """
    counts = fared(rate_hz, 20)

    assert counts["jump_over"].n_bouts == 120
    assert recall(counts, FLYING) >= 0.75
    assert [kind for kind in NONE_AT_ALL if counts[kind].n_events] == []
    assert counts["gallop"].n_events <= 4.0 * counts["gallop"].hours


@pytest.mark.slow
@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_false_jumps_an_hour_over_mixed_days(rate_hz: float) -> None:
    """Whole days with walks, runs, play and a ride: at most 0.05 an hour, and jumps are found."""
    sizes = list(SIZES)[:DAYS]
    days = [
        counted(Block(size=name, rate_hz=rate_hz, seed=SEED + number, n=0))
        for number, name in enumerate(sizes)
    ]
    counts = merged(*days)

    assert false_per_hour(counts, JUMPS) <= 0.05
    assert recall(counts, FLYING) >= 0.75


@pytest.mark.parametrize("rate_hz", [25.0, 100.0 / 3.0, 50.0, 100.0])
@pytest.mark.parametrize("name", RECORDED)
def test_no_jump_in_real_running_and_walking(recordings: Path, name: str, rate_hz: float) -> None:
    """The run dips below 0.3 g fifty-five times a minute; its strides must stay strides.

    Two of the other dog's may have been jumps: that is for strict rest, where no dog runs.
    """
    long_g = np.genfromtxt(recordings / name, delimiter=",", skip_header=1)[:, 1:4]
    played_g = resampled(long_g, 50.0, rate_hz).astype(np.float32)
    chunk = Chunk(start_s=START_S, rate_hz=rate_hz, acceleration_g=played_g)

    kinds = [event.kind for event in Listener().events([chunk])]
    assert kinds.count("jump") == 0
    assert kinds.count("possible_jump") <= (2 if name == "dog-ax3-running.csv" else 0)
    assert len(played_g) > 120 * rate_hz


@pytest.mark.parametrize("name", ["lying", "sitting"])
def test_no_jump_in_real_rest(recordings: Path, name: str) -> None:
    """A dog that breathes and moves its head."""
    path = recordings / "dog-collar-50hz" / f"{name}.csv"
    played_g = np.genfromtxt(path, delimiter=",", skip_header=1)[:, 1:4].astype(np.float32)
    chunk = Chunk(start_s=START_S, rate_hz=50.0, acceleration_g=played_g)

    assert Listener().events([chunk]) == []
