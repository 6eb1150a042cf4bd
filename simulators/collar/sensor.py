"""From what the neck feels to what the collar's sensor reads."""

from collections.abc import Iterable, Iterator

import numpy as np

from simulators.behaviours.gait import GAITS
from simulators.behaviours.noise import Trace, white
from simulators.collar.mounting import Seat, within
from simulators.day.day import Chunk, SimulatedDay
from simulators.day.schedule import Bout
from simulators.dog.collar import Collar, Mounting, Sensor

STUCK_KINDS = ("sensor_frozen", "axis_stuck")
"""While the dog does one of these, all axes or the last one read what they read before."""
UNWORN_KINDS = ("off_collar", "collar_drop")
"""While one of these lasts there is no neck in the collar."""


def readings(
    rng: np.random.Generator, collar: Collar, days: Iterable[SimulatedDay]
) -> Iterator[Chunk]:
    """Yield what the sensor reads, in chunks of an hour, over days that follow each other.

    The days must have been made at the collar's true rate.
    """
    offset_g = np.float32(collar.sensor.offset_g) * white(rng, 3)
    gain = np.float32(1.0) + np.float32(collar.sensor.gain_error) * white(rng, 3)
    seat = Seat(rng, collar.mounting, collar.true_rate_hz)
    stuck = _Stuck()
    for day in days:
        shakes = day.of("shake", "head_shake")
        moving = [bout for bout in day.bouts if bout.kind in GAITS]
        held = day.of(*STUCK_KINDS)
        unworn = day.of(*UNWORN_KINDS)
        for chunk in day.chunks():
            felt_g = []
            for part, mounting in _parts(chunk, day, collar.mounting):
                seat.slip_to(mounting)
                felt_g.append(seat.feel(part, shakes, moving, unworn))
            worn_g = felt_g[0] if len(felt_g) == 1 else np.concatenate(felt_g)
            read_g = read(rng, worn_g * gain + offset_g, collar.sensor)
            stuck.hold(read_g, chunk, held)
            yield Chunk(start_s=chunk.start_s, rate_hz=chunk.rate_hz, acceleration_g=read_g)


def read(rng: np.random.Generator, acceleration_g: Trace, sensor: Sensor) -> Trace:
    """Return acceleration with the sensor's noise, clipped to its range and rounded to its step."""
    read_g = acceleration_g
    if sensor.noise_g > 0.0:
        read_g = read_g + np.float32(sensor.noise_g) * white(rng, read_g.shape)
    read_g = np.clip(read_g, -sensor.range_g, sensor.range_g)
    if sensor.step_g > 0.0:
        read_g = np.rint(read_g / np.float32(sensor.step_g)) * np.float32(sensor.step_g)
    return read_g.astype(np.float32, copy=False)


def _parts(chunk: Chunk, day: SimulatedDay, usual: Mounting) -> Iterator[tuple[Chunk, Mounting]]:
    """Yield a chunk as pieces through which the collar sits in one way."""
    morning, mounting = day.plan.morning, day.plan.mounting or usual
    if morning is None:
        yield chunk, mounting
        return
    n = len(chunk.acceleration_g)
    until_s = day.plan.at_s(morning.until_h)
    n_before = min(max(round((until_s - chunk.start_s) * chunk.rate_hz), 0), n)
    for first, stop, sits in (
        (0, n_before, morning.mounting or usual),
        (n_before, n, mounting),
    ):
        if stop > first:
            part = Chunk(
                start_s=chunk.start_s + first / chunk.rate_hz,
                rate_hz=chunk.rate_hz,
                acceleration_g=chunk.acceleration_g[first:stop],
            )
            yield part, sits


class _Stuck:
    """A sensor that repeats itself; remembers its last reading between chunks."""

    def __init__(self) -> None:
        self._last_g: Trace | None = None

    def hold(self, read_g: Trace, chunk: Chunk, bouts: list[Bout]) -> None:
        """Replace the readings of some bouts by the last one before them."""
        for bout in bouts:
            axes = slice(0, 3) if bout.kind == "sensor_frozen" else slice(2, 3)
            for first, stop in within(chunk, [bout]):
                if first > 0:
                    last_g = read_g[first - 1]
                else:
                    last_g = read_g[0] if self._last_g is None else self._last_g
                read_g[first:stop, axes] = last_g[axes]
        if len(read_g):
            self._last_g = read_g[-1].copy()
