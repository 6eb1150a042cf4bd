"""Windows of gait of a day, drawn from the tables of its bouts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis.model import FloatArray, GaitWindow
from simulators.behaviours.gait import CADENCE_POWER
from simulators.day.schedule import Bout
from simulators.evaluation.surrogate.tables import BINS_S, FEATURES, KNOTS_Z, Spread, Table

Places = NDArray[np.intp]

_STEP_Z = KNOTS_Z[1] - KNOTS_Z[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """Numbers, and the place of each in its distribution as a standard normal number."""

    values: FloatArray
    z: FloatArray


def draw(rng: np.random.Generator, spreads: Sequence[Spread], which: Places) -> Drawn:
    """Return a number for each entry of `which`, from the spread of the bout that it names."""
    quantiles = np.array([spread.quantiles for spread in spreads])
    of_bout = np.sqrt([spread.of_bout for spread in spreads])
    own = np.sqrt(1.0 - of_bout**2)
    z = (of_bout * rng.standard_normal(len(spreads)))[which]
    z += own[which] * rng.standard_normal(len(which))
    place = np.clip((z - KNOTS_Z[0]) / _STEP_Z, 0.0, len(KNOTS_Z) - 1.001)
    left = place.astype(np.intp)
    share = place - left
    low, high = quantiles[which, left], quantiles[which, left + 1]
    return Drawn(values=low + share * (high - low), z=z)


_HOP_S, _WINDOW_S = 2.0, 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A bout with windows.

    Attributes
    ----------
    bout, table
        When, and how it is measured.
    stride_hz
        Stride rate that the dog in its condition has in this gait.
    felt
        As in `simulators.evaluation.surrogate.level_weights.Way`.
    """

    bout: Bout
    table: Table
    stride_hz: float
    felt: float


def windows_of(rng: np.random.Generator, walked: Sequence[Walked]) -> list[GaitWindow]:
    """Return the windows of bouts, in order of time."""
    middles_s, which = _middles(rng, walked)
    if not len(which):
        return []
    features = {
        name: draw(rng, [each.table.windows[name] for each in walked], which) for name in FEATURES
    }
    values = {name: drawn.values for name, drawn in features.items()}
    stride_hz = np.array([each.stride_hz for each in walked])[which] * np.exp(values["stride"])
    felt = np.array([each.felt for each in walked])[which]
    pace = np.clip(values["stride"], -0.2, 0.2)
    columns = (
        middles_s - _WINDOW_S / 2.0,
        stride_hz,
        np.exp(values["strength"] + felt + CADENCE_POWER * pace),
        values["step"],
        values["rhythm"],
        np.maximum(values["step_cv"], 0.0),
        np.maximum(values["stride_cv"], 0.0),
        np.maximum(values["asymmetry"], 0.0),
    )
    gaits = _gaits(walked, which, features["strength"])
    rows = zip(gaits, *(column.tolist() for column in columns), strict=True)
    return [_window(*row) for row in rows]


def _middles(rng: np.random.Generator, walked: Sequence[Walked]) -> tuple[FloatArray, Places]:
    """Return the middle of each window, on the even seconds, and the number of its bout."""
    if not walked:
        return np.empty(0), np.empty(0, np.intp)
    starts_s = np.array([each.bout.start_s for each in walked])
    ends_s = np.array([each.bout.end_s for each in walked])
    lengths_s = ends_s - starts_s
    bins = np.searchsorted(BINS_S, lengths_s, side="right") - 1
    rows = np.arange(len(walked))
    found = np.array([each.table.found for each in walked])[rows, bins]
    filled = np.array([each.table.filled for each in walked])[rows, bins]
    first = np.ceil(starts_s / _HOP_S)
    fits = np.maximum(np.ceil(ends_s / _HOP_S) - first, 0.0)
    wanted = np.floor(filled * lengths_s / _HOP_S + rng.random(len(walked)))
    n = np.minimum(np.maximum(wanted, 1.0), fits) * (rng.random(len(walked)) < found)
    begin = first + np.floor((fits - n) / 2.0)
    counts = n.astype(np.intp)
    which = np.repeat(rows, counts)
    within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    return _HOP_S * (begin[which] + within), which


def _gaits(walked: Sequence[Walked], which: Places, strength: Drawn) -> list[str]:
    """Return the gait of each window: the strongest of a kind are its gallop, then its trot."""
    shares = np.array([each.table.gaits for each in walked])
    trot_z = scipy.special.ndtri(np.clip(shares[:, 0], 0.0, 1.0))[which]
    gallop_z = scipy.special.ndtri(np.clip(1.0 - shares[:, 2], 0.0, 1.0))[which]
    gaits = np.where(
        strength.z >= gallop_z, "gallop", np.where(strength.z >= trot_z, "trot", "walk")
    )
    return [str(each) for each in gaits]


def _window(  # noqa: PLR0913, PLR0917 (one argument for each column)
    gait: str,
    start_s: float,
    stride_hz: float,
    rms_g: float,
    step: float,
    rhythm: float,
    step_cv: float,
    stride_cv: float,
    asymmetry: float,
) -> GaitWindow:
    return GaitWindow(
        start_s=start_s,
        end_s=start_s + _WINDOW_S,
        gait=gait,
        step_hz=2.0 * stride_hz,
        stride_hz=stride_hz,
        rms_g=rms_g,
        step_regularity=step,
        stride_regularity=rhythm,
        step_time_cv=step_cv,
        stride_time_cv=stride_cv,
        asymmetry=asymmetry if gait == "trot" else 0.0,
    )
