"""What the analysis measures of each behaviour, as small tables: the shortcut draws from these."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from simulators.dog.condition import ATAXIA, HEALTHY, MILD, MODERATE, Condition

KNOTS_Z = tuple(-2.5 + 0.5 * number for number in range(11))
"""Standard normal numbers at which the quantiles of a feature are kept."""

BINS_S = (0.0, 6.0, 8.0, 10.0, 13.0, 18.0, 30.0, 60.0)
"""Where a class of bout lengths begins; a bout of a few windows often has none."""

FEATURES = (
    *("stride", "strength", "step", "rhythm", "step_cv", "stride_cv", "asymmetry", "certainty"),
)
"""Of a window: logarithms of stride rate and RMS over what the condition makes of them, step and
stride regularity, CV of step and of stride times, asymmetry, certainty."""

FILE = "tables.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How one number spreads.

    Attributes
    ----------
    quantiles
        At `KNOTS_Z`.
    of_bout
        Share of the variance that all of one bout have in common.
    """

    quantiles: tuple[float, ...]
    of_bout: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One behaviour of dogs of one size at one level of health.

    Attributes
    ----------
    vedba
        Logarithm of the mean VeDBA of a second, over what the condition makes of it.
    found
        Share of bouts of each length (`BINS_S`) with any window of steady gait.
    filled
        Windows in those, over those that would fit.
    gaits
        Shares of walk, trot and gallop among windows, weakest first.
    windows
        `FEATURES` by name; empty where there are no windows.
    """

    vedba: Spread
    found: tuple[float, ...] = ()
    filled: tuple[float, ...] = ()
    gaits: tuple[float, float, float] = (1.0, 0.0, 0.0)
    windows: Mapping[str, Spread] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A state of health and a way to wear the collar for which there are tables.

    Attributes
    ----------
    condition
        How well the dog is.
    seat
        ``"plain"``, or a name in `confounders.SEATS` that changes more than strength.
    """

    condition: Condition
    seat: str = "plain"


LEVELS: Mapping[str, Level] = {
    "healthy": Level(condition=HEALTHY),
    "mild": Level(condition=MILD),
    "moderate": Level(condition=MODERATE),
    "ataxia": Level(condition=ATAXIA),
    "leashed": Level(condition=HEALTHY, seat="leash_on_collar"),
    "loose": Level(condition=HEALTHY, seat="loose_collar"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All tables.

    Attributes
    ----------
    moving
        By ``size/level/behaviour``, for behaviours that have windows of gait.
    resting
        By behaviour, for all others; of dogs of every size.
    events
        How often ``kind/confidence`` is told, by behaviour: under a seat of the collar for all
        dogs, under ``size/level`` what depends on these, see `event_rates`.
    """

    moving: Mapping[str, Table]
    resting: Mapping[str, Table]
    events: Mapping[str, Mapping[str, Mapping[str, float]]]

    def text(self) -> str:
        """Return the tables as JSON."""
        return json.dumps(asdict(self), indent=None, separators=(",", ":")) + "\n"


def read(text: str) -> Tables:
    """Return the tables of a JSON text.

    Raises
    ------
    InputError
        If it holds no tables.
    """
    try:
        raw = json.loads(text)
        return Tables(
            moving={name: _table(each) for name, each in raw["moving"].items()},
            resting={name: _table(each) for name, each in raw["resting"].items()},
            events=raw["events"],
        )
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{FILE} holds no tables ({error}); spryhound evaluate --calibrate writes new ones"
        raise InputError(msg) from error


@cache
def tables() -> Tables:
    """Return the tables that came with the program."""
    return read(
        resources.files("simulators.evaluation.surrogate").joinpath(FILE).read_text("utf-8")
    )


def place() -> Path:
    """Return where the tables lie, to be written anew."""
    return Path(str(resources.files("simulators.evaluation.surrogate").joinpath(FILE)))


def _table(raw: dict[str, Any]) -> Table:
    return Table(
        vedba=_spread(raw["vedba"]),
        found=tuple(raw["found"]),
        filled=tuple(raw["filled"]),
        gaits=tuple(raw["gaits"]),
        windows={name: _spread(each) for name, each in raw["windows"].items()},
    )


def _spread(raw: dict[str, Any]) -> Spread:
    return Spread(quantiles=tuple(raw["quantiles"]), of_bout=float(raw["of_bout"]))
