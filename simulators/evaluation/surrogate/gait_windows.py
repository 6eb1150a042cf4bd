"""Windows of gait of a day, drawn from the tables of its bouts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis.model import BoolArray, FloatArray, GaitWindow
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


def draw(
    rng: np.random.Generator, spreads: Sequence[Spread], spread_of: Places, which: Places
) -> Drawn:
    """Return a number for each entry of `which`, from the spread of the bout that it names.

    Parameters
    ----------
    spreads
        Each once.
    spread_of
        The place of each bout's spread in them.
    """
    quantiles = np.array([spread.quantiles for spread in spreads])
    of_bout = np.sqrt([spread.of_bout for spread in spreads])
    own = np.sqrt(1.0 - of_bout**2)
    spread = spread_of[which]
    z = (of_bout[spread_of] * rng.standard_normal(len(spread_of)))[which]
    z += own[spread] * rng.standard_normal(len(which))
    place = np.clip((z - KNOTS_Z[0]) / _STEP_Z, 0.0, len(KNOTS_Z) - 1.001)
    left = place.astype(np.intp)
    share = place - left
    low, high = quantiles[spread, left], quantiles[spread, left + 1]
    return Drawn(values=low + share * (high - low), z=z)


def each_once(tables: Sequence[Table]) -> tuple[list[Table], Places]:
    """Return the tables, each once, and the place of each of the given ones in them."""
    places: dict[int, int] = {}
    found = [places.setdefault(id(table), len(places)) for table in tables]
    by_id = {id(table): table for table in tables}
    return [by_id[each] for each in places], np.array(found, np.intp)


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
    tables, table_of = each_once([each.table for each in walked])
    middles_s, which = _middles(rng, walked, tables, table_of)
    if not len(which):
        return []
    features = {
        name: draw(rng, [table.windows[name] for table in tables], table_of, which)
        for name in FEATURES
    }
    values = {name: drawn.values for name, drawn in features.items()}
    stride_hz = np.array([each.stride_hz for each in walked])[which] * np.exp(values["stride"])
    felt = np.array([each.felt for each in walked])[which]
    pace = np.clip(values["stride"], -0.2, 0.2)
    is_trot, gaits = _gaits(tables, table_of[which], features["strength"])
    start_s = middles_s - _WINDOW_S / 2.0
    columns = (
        start_s,
        start_s + _WINDOW_S,
        2.0 * stride_hz,
        stride_hz,
        np.exp(values["strength"] + felt + CADENCE_POWER * pace),
        values["step"],
        values["rhythm"],
        np.maximum(values["step_cv"], 0.0),
        np.maximum(values["stride_cv"], 0.0),
        np.where(is_trot, np.maximum(values["asymmetry"], 0.0), 0.0),
        np.clip(values["certainty"], 0.0, 1.0),
    )
    rows = zip(gaits, *(column.tolist() for column in columns), strict=True)
    return [
        GaitWindow(
            start_s=start_s,
            end_s=end_s,
            gait=gait,
            step_hz=step_hz,
            stride_hz=stride_hz,
            rms_g=rms_g,
            step_regularity=step,
            stride_regularity=rhythm,
            step_time_cv=step_cv,
            stride_time_cv=stride_cv,
            asymmetry=asymmetry,
            certainty=certainty,
        )
        for (
            gait,
            start_s,
            end_s,
            step_hz,
            stride_hz,
            rms_g,
            step,
            rhythm,
            step_cv,
            stride_cv,
            asymmetry,
            certainty,
        ) in rows
    ]


def _middles(
    rng: np.random.Generator, walked: Sequence[Walked], tables: Sequence[Table], table_of: Places
) -> tuple[FloatArray, Places]:
    """Return the middle of each window, on the even seconds, and the number of its bout."""
    if not walked:
        return np.empty(0), np.empty(0, np.intp)
    starts_s = np.array([each.bout.start_s for each in walked])
    ends_s = np.array([each.bout.end_s for each in walked])
    lengths_s = ends_s - starts_s
    bins = np.searchsorted(BINS_S, lengths_s, side="right") - 1
    rows = np.arange(len(walked))
    found = np.array([table.found for table in tables])[table_of, bins]
    filled = np.array([table.filled for table in tables])[table_of, bins]
    first = np.ceil(starts_s / _HOP_S)
    fits = np.maximum(np.ceil(ends_s / _HOP_S) - first, 0.0)
    wanted = np.floor(filled * lengths_s / _HOP_S + rng.random(len(walked)))
    n = np.minimum(np.maximum(wanted, 1.0), fits) * (rng.random(len(walked)) < found)
    begin = first + np.floor((fits - n) / 2.0)
    counts = n.astype(np.intp)
    which = np.repeat(rows, counts)
    within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    return _HOP_S * (begin[which] + within), which


def _gaits(
    tables: Sequence[Table], table_of: Places, strength: Drawn
) -> tuple[BoolArray, list[str]]:
    """Return whether each window is of a trot, and its gait, given the table of each.

    The strongest of a table are its gallop, then its trot.
    """
    shares = np.array([table.gaits for table in tables])
    trot_z = scipy.special.ndtri(np.clip(shares[:, 0], 0.0, 1.0))[table_of]
    gallop_z = scipy.special.ndtri(np.clip(1.0 - shares[:, 2], 0.0, 1.0))[table_of]
    gallops, trots = strength.z >= gallop_z, strength.z >= trot_z
    gaits = np.where(gallops, "gallop", np.where(trots, "trot", "walk"))
    is_trot: BoolArray = trots & ~gallops
    return is_trot, [str(each) for each in gaits.tolist()]
