"""Frozen readings: a sensor that hangs gives the same number for ever, a real one never does."""

from dataclasses import dataclass, field

import numpy as np

from analysis.model import BoolArray, FloatArray


# Without slots, lest settings of wear, which are these and others, have two layouts.
@dataclass(frozen=True, kw_only=True)
class StuckSensorSettings:
    """When readings that do not change are a fault and not rest.

    Attributes
    ----------
    moves_from_g
        Standard deviation within a second on any axis, from which the collar surely moves.
    moves_for_s
        Seconds of such movement in a minute in which another axis stays exactly the same.
    lively_min
        Still minutes with noise on every axis in every second, after which a minute without any is
        a fault; a coarse, quiet sensor never gets there, and its dog may sleep.
    odd_by_g
        Readings that never change and are this far from one gravity are no rest.
    """

    moves_from_g: float = 0.05
    moves_for_s: int = 5
    lively_min: int = 60
    odd_by_g: float = 0.3


@dataclass(slots=True)
class StuckSensorState:
    """What must survive a restart; it belongs to the collar.

    Attributes
    ----------
    lively_min
        Still minutes with noise everywhere.
    stuck_g
        What each axis is stuck at; nan for those that are not.
    """

    lively_min: int = 0
    stuck_g: FloatArray = field(default_factory=lambda: np.full(3, np.nan))


class StuckSensor:
    """Tells a stuck sensor from a still dog, minute by minute. All thresholds are judgements."""

    def __init__(self, settings: StuckSensorSettings) -> None:
        self._settings = settings
        self.state = StuckSensorState()

    def start_collar(self) -> None:
        """Forget what was learned: another collar follows."""
        self.state = StuckSensorState()

    def update(
        self, mean_g: FloatArray, spread_g: FloatArray, sampled: BoolArray, *, still: bool
    ) -> bool:
        """Take a minute and return whether the sensor was stuck in it.

        Parameters
        ----------
        mean_g, spread_g
            Shape (3, 60): mean and standard deviation of each second.
        sampled
            Shape (60,): which of them have samples, at least one.
        still
            Whether the collar was still all the while.
        """
        state = self.state
        if spread_g.min() > 0.0:
            # Heard whole, since what was not heard has no spread.
            state.lively_min += still
            state.stuck_g = np.full(3, np.nan)
            return False
        mean_g, spread_g = mean_g[:, sampled], spread_g[:, sampled]
        flat = spread_g == 0.0
        frozen = flat.all(axis=1) & (mean_g.min(axis=1) == mean_g.max(axis=1))
        stuck = frozen & self._is_fault(frozen, mean_g, spread_g)
        state.stuck_g = np.where(stuck, mean_g[:, 0], np.nan)
        return bool(stuck.any())

    def _is_fault(self, frozen: BoolArray, mean_g: FloatArray, spread_g: FloatArray) -> bool:
        if not frozen.any():
            return False
        settings = self._settings
        if (mean_g[:, 0] == self.state.stuck_g)[frozen].any():
            return True
        if frozen.all():
            odd_g = abs(float(np.linalg.norm(mean_g[:, 0])) - 1.0)
            return self.state.lively_min >= settings.lively_min or odd_g > settings.odd_by_g
        moving = (spread_g > settings.moves_from_g).any(axis=0)
        return int(moving.sum()) >= settings.moves_for_s
