"""Eight minutes of a dog that must rest and jumps: the shortest story with everything in it."""

from pathlib import Path

import numpy as np

from analysis.model import FloatArray
from simulators.behaviours.base import Scene
from simulators.day.day import render
from simulators.day.schedule import Bout
from simulators.dog.condition import preset
from simulators.dog.dog import Dog

START_S = 1_780_315_200.0
"""2026-06-01, noon in UTC."""

RATE_HZ = 50.0

BOUTS = (
    ("lying", 150.0),
    ("walk", 60.0),
    ("standing", 20.0),
    ("jump_off", 3.0),
    ("standing", 60.0),
    ("shake", 1.5),
    ("trot", 40.0),
    ("gallop", 40.0),
    ("scratch", 5.0),
    ("lying", 75.0),
)
"""What the dog does, one after the other, and for how many seconds."""


def story_g(seed: int = 3) -> FloatArray:
    """Return what the collar feels in the story; shape (n, 3), in g, at `RATE_HZ`."""
    scene = Scene(dog=Dog(), condition=preset("healthy").condition, rate_hz=RATE_HZ)
    at_s, made = START_S, []
    for kind, duration_s in BOUTS:
        made.append(Bout(start_s=at_s, end_s=at_s + duration_s, kind=kind))
        at_s += duration_s
    chunks = render(np.random.default_rng(seed), made, scene)
    return np.concatenate([chunk.acceleration_g for chunk in chunks]).astype(np.float64)


def write_story(path: Path, seed: int = 3) -> None:
    """Write the story as CSV, as a logger would export it: time_s, x_g, y_g, z_g."""
    acceleration_g = story_g(seed)
    times_s = START_S + np.arange(len(acceleration_g)) / RATE_HZ
    rows = np.column_stack([times_s, acceleration_g])
    np.savetxt(path, rows, fmt="%.2f,%.4f,%.4f,%.4f", header="time_s,x_g,y_g,z_g", comments="")
