"""Recorded jumps at the neck: told at any rate and whatever is around, with a fixed rule beside."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import scipy

from analysis.detectors.jumping import POSSIBLE_JUMP
from analysis.model import FloatArray
from analysis.recovery.monitor import is_told_jump
from analysis.recovery.settings import PlanSettings
from simulators.day.day import Chunk
from simulators.evaluation import fixed_rule
from simulators.evaluation.intervals import interval
from simulators.evaluation.report import Cell, Section
from simulators.evaluation.sections.run_detectors import Listener

JUMPS = "dog-neck-jumps-33hz"
AROUND: Mapping[str, str | None] = {
    "walk": "dog-collar-50hz/walking.csv",
    "run": "dog-collar-50hz/running.csv",
    "stand": None,
    "nothing": None,
}
"""What a jump is put between: recordings of another dog, a dog that stands, or a gap."""
SOURCE_HZ = 100.0 / 3.0
RATES_HZ = (25.0, SOURCE_HZ, 50.0, 100.0)
_AROUND_HZ = 50.0
_AROUND_S, _FADE_S = 6.0, 0.15
_EARLY_S, _LATE_S = 0.5, 0.1
_SWAY_G = 0.01
_START_S = 1_700_000_000.0
_MIRRORED = 40
_COLUMNS = ("jumps", "between", "of", "told", "95 % interval", "by the fixed rule", "strict rest")
_TITLE = "Recorded jumps of two dogs, at the neck"
_NOTE = (
    "Pieces of about 1.2 s of 33.3 Hz, labelled from video, put between six seconds of another dog"
    " that walks or runs, of standing, or of nothing, and brought to other rates. A sixth of the"
    " clear ones lack their push or their landing. The thresholds of the detector were chosen on"
    " these; nothing was fitted to them. Weak ones are hops, rearing and pieces of jumps: nobody"
    " knows how many should be told. On strict rest what may have been a jump is told as well."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """A labelled piece of a recording.

    Attributes
    ----------
    number, dog, kind
        Which piece, of which dog, and ``"clear"`` or ``"weak"``.
    acceleration_g
        Shape (n_samples, 3), at 33.3 Hz.
    """

    number: int
    dog: str
    kind: str
    acceleration_g: FloatArray


def pieces(folder: Path) -> list[Piece]:
    """Return the labelled pieces of the recordings in a folder."""
    samples: dict[int, list[list[float]]] = {}
    for row in _rows(folder / JUMPS / "jumps.csv"):
        of_piece = samples.setdefault(int(row["segment"]), [])
        of_piece.append([float(row[f"neck_a{axis}_g"]) for axis in "xyz"])
    return [
        Piece(
            number=int(row["segment"]),
            dog=row["dog"],
            kind=row["class"],
            acceleration_g=np.array(samples[int(row["segment"])]),
        )
        for row in _rows(folder / JUMPS / "events.csv")
    ]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


class Surroundings:
    """Puts pieces between what another dog does."""

    def __init__(self, folder: Path) -> None:
        self._long_g = {
            name: np.genfromtxt(folder / path, delimiter=",", skip_header=1)[:, 1:4]
            for name, path in AROUND.items()
            if path is not None
        }

    def stream(self, piece: Piece, rate_hz: float, around: str) -> tuple[FloatArray, float]:
        """Return a piece with what lies around it at a rate, and when it begins, in seconds.

        Over 0.15 s next to the piece its surroundings fade to the piece's own first or last value.
        """
        piece_g = resampled(piece.acceleration_g, SOURCE_HZ, rate_hz)
        if around == "nothing":
            return piece_g, 0.0
        n_around, n_fade = round(_AROUND_S * rate_hz), round(_FADE_S * rate_hz)
        shares = (np.arange(1, n_fade + 1) / (n_fade + 1.0))[:, None]
        before_g, after_g = (
            self._part(piece, side, around, rate_hz)[:n_around].copy() for side in (0, 1)
        )
        before_g[-n_fade:] += shares * (piece_g[0] - before_g[-n_fade:])
        after_g[:n_fade] += shares[::-1] * (piece_g[-1] - after_g[:n_fade])
        return np.concatenate([before_g, piece_g, after_g]), n_around / rate_hz

    def _part(self, piece: Piece, side: int, around: str, rate_hz: float) -> FloatArray:
        n_samples = round((_AROUND_S + 1.0) * _AROUND_HZ)
        if around == "stand":
            rng = np.random.default_rng([piece.number, side])
            down_g = piece.acceleration_g.mean(axis=0)
            down_g /= np.linalg.norm(down_g)
            stood_g = down_g + _SWAY_G * rng.standard_normal((n_samples, 3))
            return resampled(stood_g, _AROUND_HZ, rate_hz)
        long_g = self._long_g[around]
        first = (2 * piece.number + side) * 7919 % (len(long_g) - n_samples)
        return resampled(long_g[first : first + n_samples], _AROUND_HZ, rate_hz)


def resampled(samples_g: FloatArray, from_hz: float, to_hz: float) -> FloatArray:
    """Return samples at another rate: low-passed if it is lower, mirrored at the ends."""
    ratio = Fraction(to_hz / from_hz).limit_denominator(60)
    if ratio == 1:
        return samples_g
    if ratio < 1:
        low_pass = scipy.signal.butter(4, 0.4 * to_hz, fs=from_hz, output="sos")
        padding = min(15, len(samples_g) - 2)
        samples_g = scipy.signal.sosfiltfilt(low_pass, samples_g, axis=0, padlen=padding)
    n_more = min(len(samples_g) - 1, _MIRRORED)
    mirrored_g = np.pad(samples_g, ((n_more, n_more), (0, 0)), "reflect", reflect_type="odd")
    fine_g = scipy.signal.resample_poly(mirrored_g, 8, 1, axis=0)
    fine_at = np.arange(len(fine_g)) / 8.0 - n_more
    wanted_at = np.arange(round(len(samples_g) * float(ratio))) / float(ratio)
    return np.stack([np.interp(wanted_at, fine_at, axis_g) for axis_g in fine_g.T], axis=1)


def told(stream_g: FloatArray, rate_hz: float) -> tuple[list[float], list[float]]:
    """Return when jumps began that an owner would be told of, in seconds from the first sample.

    Where the plan forbids jumps, and on strict rest, where what may have been one is told too.
    """
    chunk = Chunk(start_s=_START_S, rate_hz=rate_hz, acceleration_g=stream_g.astype(np.float32))
    plan = PlanSettings()
    events = Listener().events([chunk])
    jumps_s = [event.start_s - _START_S for event in events if is_told_jump(event, plan)]
    possible_s = [event.start_s - _START_S for event in events if event.kind == POSSIBLE_JUMP]
    return jumps_s, jumps_s + possible_s


def section(folder: Path | None) -> Section:
    """Return how many pieces are told, at each rate and between each thing."""
    if folder is None or not (folder / JUMPS).is_dir():
        why = f"no {JUMPS} at {folder}" if folder else "no folder of recordings was given"
        return Section(name="recorded_jumps", title=_TITLE, skipped=why)
    every, surroundings = pieces(folder), Surroundings(folder)
    rows, shares, strict_shares = [], [], []
    for (rate_hz, around), kind in product(product(RATES_HZ, AROUND), ("clear", "weak")):
        mine = [piece for piece in every if piece.kind == kind]
        n_told, n_strict, n_by_rule = _counted(mine, surroundings, rate_hz, around)
        jumps, n_all = f"{kind}, {rate_hz:.3g} Hz", len(mine)
        within = interval(n_told, n_all)
        row: tuple[Cell, ...] = (jumps, around, n_all, n_told, within, n_by_rule, n_strict)
        rows.append(row)
        if kind == "clear":
            shares.append(n_told / len(mine))
            strict_shares.append(n_strict / len(mine))
    return Section(
        name="recorded_jumps",
        title=_TITLE,
        note=_NOTE,
        columns=_COLUMNS,
        rows=tuple(rows),
        figures={
            "least_told": min(shares),
            "least_told_strict": min(strict_shares),
            "told": float(np.mean(shares)),
        },
    )


def _counted(
    mine: Sequence[Piece], surroundings: Surroundings, rate_hz: float, around: str
) -> tuple[int, int, int]:
    """Return how many pieces are told, how many on strict rest, and how many by the fixed rule."""
    n_told = n_strict = n_by_rule = 0
    for piece in mine:
        stream_g, begin_s = surroundings.stream(piece, rate_hz, around)
        end_s = begin_s + len(piece.acceleration_g) / SOURCE_HZ

        def is_here(at_s: float, begin_s: float = begin_s, end_s: float = end_s) -> bool:
            return begin_s - _EARLY_S <= at_s <= end_s + _LATE_S

        jumps_s, strict_s = told(stream_g, rate_hz)
        n_told += any(is_here(at_s) for at_s in jumps_s)
        n_strict += any(is_here(at_s) for at_s in strict_s)
        n_by_rule += any(is_here(at_s) for at_s in fixed_rule.jumps_s(stream_g, rate_hz))
    return n_told, n_strict, n_by_rule
