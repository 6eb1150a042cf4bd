"""How well the quality of a collar's signal is judged: wear, and gravity at rest.

Run it with ``PYTHONPATH=. .venv/bin/python tests/benchmarks/measure_quality.py``; `docs/quality.md`
holds the tables. Everything is simulated, with seeds that no threshold was chosen on.
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product

import numpy as np

from analysis.features.day.movement import Movement, MovementSettings
from analysis.features.wear.wear import WearSettings
from analysis.model import FloatArray, Minute, Samples
from analysis.signal.calibration import CalibrationSettings
from analysis.signal.conditioning import Conditioner
from simulators.behaviours.noise import coloured
from simulators.collar.sensor import read, readings
from simulators.day.day import simulate_day
from simulators.day.planner import DayPlan
from simulators.dog.collar import Collar, Sensor
from simulators.dog.dog import any_dog

RATE_HZ = 50.0
START_S = 1_782_864_000.0
WITHERS_M = (0.15, 0.25, 0.35, 0.50, 0.65, 0.80)
DOGS_OF_A_SIZE = 4
NIGHT_H = range(1, 6)
"""Hours of a day that lie within anybody's night."""
SENSORS = tuple(
    Sensor(noise_g=noise_g, step_g=step_g)
    for noise_g, step_g in ((0.002, 0.001), (0.004, 0.001), (0.004, 0.004), (0.010, 0.004))
)
COARSE = Sensor(noise_g=0.002, step_g=0.016)
"""Eight bits over four gravities."""


def minutes_of(
    chunks: Iterable[FloatArray], calibration: CalibrationSettings | None = None
) -> list[Minute]:
    """Return the minutes of a stream of readings, each chunk of shape (n, 3)."""
    conditioner = Conditioner(calibration)
    movement = Movement(MovementSettings(), WearSettings())
    released, index = [], 0
    for chunk_g in chunks:
        piece = Samples(
            origin_s=START_S, first_index=index, rate_hz=RATE_HZ, acceleration_g=chunk_g
        )
        index += piece.n_samples
        released += movement.update(conditioner.push(piece))
    for signal in conditioner.finish():
        released += movement.update(signal)
    released += movement.finish()
    return [minute for each in released for minute in each.minutes]


def unworn_share(minutes: list[Minute]) -> float:
    """Return the share of the time heard that counts as not worn."""
    worn_s = sum(minute.worn_s for minute in minutes)
    return 1.0 - worn_s / (60.0 * len(minutes))


def night_of(seed: int, withers_m: float, sensor: Sensor) -> list[FloatArray]:
    """Return what a sensor reads of a healthy dog's night, an hour each."""
    rng = np.random.default_rng(seed)
    dog = any_dog(rng, withers_m=withers_m)
    day = simulate_day(rng, dog, DayPlan(date=date(2026, 7, 1)), rate_hz=RATE_HZ)
    chunks = list(readings(rng, Collar(sensor=sensor), [day]))
    return [np.asarray(chunks[hour].acceleration_g, np.float64) for hour in NIGHT_H]


def deep_sleep(seed: int, breath_g: float, sensor: Sensor, n_hours: int = 3) -> list[FloatArray]:
    """Return hours without any movement but a breath that wanders in rate, depth and side."""
    rng = np.random.default_rng(seed)
    n = round(3600 * RATE_HZ)
    found = []
    rate_hz, phase = rng.uniform(0.22, 0.5), 0.0
    for _ in range(n_hours):
        by_minute = rate_hz * (1.0 + 0.08 * rng.standard_normal(61))
        rates_hz = np.interp(np.arange(n) / RATE_HZ, 60.0 * np.arange(61), by_minute)
        turns = phase + np.cumsum(rates_hz) / RATE_HZ
        phase = float(turns[-1])
        depth = np.interp(np.arange(n) / RATE_HZ, 60.0 * np.arange(61), rng.uniform(0.7, 1.3, 61))
        direction = rng.standard_normal(3)
        direction *= breath_g / np.linalg.norm(direction)
        way = rng.standard_normal(3)
        felt_g = (
            way / np.linalg.norm(way) + direction * (depth * np.sin(2 * np.pi * turns))[:, None]
        )
        found.append(np.asarray(read(rng, felt_g.astype(np.float32), sensor), np.float64))
    return found


def shelf(rng: np.random.Generator, n: int) -> FloatArray:
    """Return a collar that nobody touches, while the room warms: 3 mg an hour."""
    way = rng.standard_normal(3)
    drift_g = 0.003 * np.linspace(0.0, 1.0, n)[:, None] * rng.standard_normal(3)
    return np.asarray(way / np.linalg.norm(way) + drift_g)


def drawer(rng: np.random.Generator, n: int) -> FloatArray:
    """Return a drawer near traffic: forty times an hour 4 mg of 5 to 20 Hz for ten seconds."""
    felt_g = shelf(rng, n)
    for at in rng.integers(0, n - 500, 40):
        hum = np.sin(2 * np.pi * rng.uniform(5.0, 20.0) * np.arange(500) / RATE_HZ)
        felt_g[at : at + 500, 2] += 0.004 * np.hanning(500) * hum
    return felt_g


def parked(rng: np.random.Generator, n: int) -> FloatArray:
    """Return a parked car: a gust or a door each five minutes, 15 mg for five seconds."""
    felt_g = shelf(rng, n)
    for at in rng.integers(0, n - 250, 12):
        sway = np.sin(2 * np.pi * rng.uniform(1.0, 2.0) * np.arange(250) / RATE_HZ)
        felt_g[at : at + 250, 1] += 0.015 * np.hanning(250) * sway
    return felt_g


def driven(rng: np.random.Generator, n: int) -> FloatArray:
    """Return a collar that lies in a moving car: 50 mg of road, and bends."""
    road_g = 0.05 * coloured(rng, n, rate_hz=RATE_HZ, high_hz=16.0)
    return np.asarray(shelf(rng, n) + road_g)


PLACES = {"shelf": shelf, "drawer near traffic": drawer, "parked car": parked, "driven": driven}


def nights() -> Iterator[str]:
    """Yield a table of sleep taken for a collar that is off, over dogs and sensors."""
    yield "nights of healthy dogs: share of the night taken for not worn, %"
    for sensor in (*SENSORS, COARSE):
        lost = []
        for (size, withers_m), dog in product(enumerate(WITHERS_M), range(DOGS_OF_A_SIZE)):
            seed = 7000 + 100 * size + dog
            lost.append(unworn_share(minutes_of(night_of(seed, withers_m, sensor))))
        of_size = np.reshape(lost, (len(WITHERS_M), -1)).mean(axis=1)
        by_size = " ".join(f"{100 * share:5.1f}" for share in of_size)
        mean, worst = f"mean {100 * np.mean(lost):5.2f}", f"worst {100 * max(lost):5.1f}"
        yield f"{name_of(sensor)}: {mean}, {worst}; by height {by_size}"


def sleepers() -> Iterator[str]:
    """Yield a table of hours in which a dog does nothing but breathe."""
    yield "three hours without a movement: share taken for not worn, %, by depth of breath"
    for sensor in (*SENSORS, COARSE):
        cells = []
        for breath_g in (0.0003, 0.0005, 0.001, 0.002, 0.005, 0.010):
            lost = [
                unworn_share(minutes_of(deep_sleep(8000 + seed, breath_g, sensor)))
                for seed in range(4)
            ]
            cells.append(f"{1000 * breath_g:g} mg {100 * np.mean(lost):5.1f}")
        yield f"{name_of(sensor)}: " + ", ".join(cells)


def places() -> Iterator[str]:
    """Yield a table of collars that nobody wears."""
    yield "three hours off: share found not worn, %"
    for sensor in (*SENSORS, COARSE):
        cells = []
        for name, place in PLACES.items():
            found = []
            for seed in range(4):
                rng = np.random.default_rng(9000 + seed)
                felt_g = place(rng, round(3 * 3600 * RATE_HZ)).astype(np.float32)
                found.append(
                    unworn_share(minutes_of([np.asarray(read(rng, felt_g, sensor), float)]))
                )
            cells.append(f"{name} {100 * np.mean(found):5.1f}")
        yield f"{name_of(sensor)}: " + ", ".join(cells)


def hour_off() -> Iterator[str]:
    """Yield how much is found of one hour on a shelf, with the dog's night before and after."""
    yield "one hour on a shelf amid a night: share found, and share of the night lost, %"
    for sensor in (*SENSORS, COARSE):
        found, lost = [], []
        for number, withers_m in enumerate(WITHERS_M):
            before, after, *_ = night_of(7500 + number, withers_m, sensor)
            rng = np.random.default_rng(9700 + number)
            felt_g = shelf(rng, round(3600 * RATE_HZ)).astype(np.float32)
            off = np.asarray(read(rng, felt_g, sensor), np.float64)
            minutes = minutes_of([before, off, after])
            found.append(unworn_share(minutes[60:120]))
            lost.append(unworn_share(minutes[:60] + minutes[120:]))
        found_most = f"mean {100 * np.mean(found):.1f}, least {100 * min(found):.1f}"
        yield f"{name_of(sensor)}: found {found_most}; night lost {100 * np.mean(lost):.2f}"


def off_at_rest_g(minutes: list[Minute]) -> float:
    """Return how far rest reads from one gravity, on average over the second half of a day."""
    half = [minute for minute in minutes[len(minutes) // 2 :] if minute.still_s >= 30.0]
    return float(np.mean([abs(minute.still_g - 1.0) for minute in half]))


def gravity() -> Iterator[str]:
    """Yield a table of days with sensors that are off, as read and as calibrated."""
    yield "days of healthy dogs: mean distance from 1 g at rest in the second half, mg"
    faults = {
        "offsets of 20 mg, gains off by 1 %": (0.02, 0.01, 1.0),
        "offsets of 60 mg, gains off by 3 %": (0.06, 0.03, 1.0),
        "reads 1.17 g": (0.0, 0.0, 1.17),
        "reads 0.93 g": (0.0, 0.0, 0.93),
        "faultless": (0.0, 0.0, 1.0),
    }
    left_alone = CalibrationSettings(from_error_g=1.0)
    for name, (offset_g, gain_error, reads_g) in faults.items():
        off_mg = []
        for number, withers_m in enumerate(WITHERS_M):
            rng = np.random.default_rng(9500 + number)
            dog = any_dog(rng, withers_m=withers_m)
            day = simulate_day(rng, dog, DayPlan(date=date(2026, 7, 1)), rate_hz=RATE_HZ)
            sensor = Sensor(offset_g=offset_g, gain_error=gain_error)
            chunks = readings(rng, Collar(sensor=sensor), [day])
            read_g = [reads_g * np.asarray(each.acceleration_g, np.float64) for each in chunks]
            off_g = [off_at_rest_g(minutes_of(read_g, each)) for each in (left_alone, None)]
            off_mg.append([1000.0 * each for each in off_g])
        before, after = np.mean(off_mg, axis=0)
        worst = np.max(off_mg, axis=0)[1]
        yield f"{name}: {before:.1f} as read, {after:.1f} calibrated, worst dog {worst:.1f}"


def name_of(sensor: Sensor) -> str:
    """Return what a row is called."""
    return f"noise {1000 * sensor.noise_g:g} mg, step {1000 * sensor.step_g:g} mg"


def main() -> None:
    """Print the tables."""
    for table in (gravity, places, hour_off, sleepers, nights):
        for line in table():
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
