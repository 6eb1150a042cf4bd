"""From samples as they come to the signal that everything else hears."""

import numpy as np

from analysis.model import FloatArray, Motion, Samples, Signal
from analysis.signal.calibration import CalibrationSettings, Calibrator
from analysis.signal.fixed_point import quantised, running_sum
from analysis.signal.framing import Block, ContextWindow
from analysis.signal.resample import Grid, Resampler
from analysis.units import ticks

_HALF_GRAVITY_S = 1.0


class Conditioner:
    """Resamples, corrects by what the collar reads at rest, and tells movement from gravity.

    Notes
    -----
    Gravity is the mean over two seconds around each tick. A causal low-pass would lag behind every
    turn of the head and read calm behaviour half too high (VeDBA lying: 0.014 g against 0.009 g
    with a centred mean, on a recorded dog). The price is one second of delay, which only those pay
    who need to know movement from gravity: `put_on_grid` is the first half of the way.
    """

    def __init__(self, calibration: CalibrationSettings | None = None) -> None:
        self.resampler = Resampler()
        self.calibrator = Calibrator(calibration or CalibrationSettings())
        self.surroundings = ContextWindow(ticks(_HALF_GRAVITY_S), ticks(_HALF_GRAVITY_S))

    def start_segment(self) -> None:
        """Forget the segment heard so far."""
        self.resampler.start_segment()
        self.calibrator.start_segment()
        self.surroundings.start_segment()

    def start_collar(self) -> None:
        """Forget what was learned of the collar: another one follows."""
        self.resampler.full_scale.start_collar()
        self.calibrator.start_collar()

    def push(self, samples: Samples) -> Signal:
        """Take the next samples and return the signal they settle; it may be empty."""
        return self.tell_movement(self.put_on_grid(samples))

    def finish(self) -> list[Signal]:
        """Return what is left of the segment."""
        return self.tell_last_movement(self.finish_grid())

    def put_on_grid(self, samples: Samples) -> Motion:
        """Take the next samples and return what they settle of the grid; it may be empty."""
        return self._motion(self.resampler.push(samples))

    def finish_grid(self) -> Motion:
        """Return what is left of the segment's grid."""
        return self._motion(self.resampler.finish())

    def tell_movement(self, motion: Motion) -> Signal:
        """Take the next of the grid and return the signal it settles; it may be empty."""
        rows = np.vstack([motion.acceleration_g, motion.clipped])
        return self._signal(self.surroundings.push(motion.first_tick, rows))

    def tell_last_movement(self, motion: Motion) -> list[Signal]:
        """Take the last of the segment's grid and return the rest of the signal."""
        return [self.tell_movement(motion), self._signal(self.surroundings.finish())]

    def _motion(self, grid: Grid) -> Motion:
        corrected = self.calibrator.push(grid)
        return Motion(
            first_tick=corrected.first_tick,
            acceleration_g=corrected.acceleration_g,
            magnitude_g=_norm(corrected.acceleration_g),
            clipped=corrected.clipped,
            source_hz=self.resampler.state.source_hz,
        )

    def _signal(self, block: Block) -> Signal:
        core = block.core
        acceleration_g = block.values[:3, core]
        gravity_g = _centred_mean(block.values[:3], core)
        return Signal(
            first_tick=block.first_tick + core.start,
            acceleration_g=acceleration_g,
            magnitude_g=_norm(acceleration_g),
            vedba_g=_norm(acceleration_g - gravity_g),
            clipped=np.asarray(block.values[3, core] > 0.0),
            source_hz=self.resampler.state.source_hz,
        )


def _centred_mean(values: FloatArray, core: slice) -> FloatArray:
    """Return the mean around each tick of the core, over as much as there is on either side."""
    half = ticks(_HALF_GRAVITY_S)
    sums = running_sum(values)
    n_ticks = values.shape[1]
    if core.start >= half and core.stop + half <= n_ticks:
        width = 2 * half + 1
        after = sums[:, core.start + half + 1 : core.stop + half + 1]
        total = after - sums[:, core.start - half : core.stop - half]
        total /= width
        return np.asarray(total)
    middle = np.arange(core.start, core.stop)
    first = np.maximum(middle - half, 0)
    end = np.minimum(middle + half + 1, n_ticks)
    return np.asarray((sums[:, end] - sums[:, first]) / (end - first))


def _norm(values_g: FloatArray) -> FloatArray:
    """Return the length of each column, quantised."""
    x_g, y_g, z_g = values_g
    total = x_g * x_g
    total += y_g * y_g
    total += z_g * z_g
    return quantised(np.sqrt(total, out=total))
