"""Full scale: where a sensor has no more to give, and what is lost there."""

from dataclasses import dataclass, field

import numpy as np

from analysis.model import BoolArray, FloatArray, Samples

_NEAR = 0.98
"""Share of a known full scale from which a sample counts as clipped."""
_LEAST_G = 1.9
"""No sensor of a collar has less than 2 g, and some have a little less than they say."""
_TIMES = 10
"""The same highest reading so often, and never a higher one, is the end of the scale (a judgement).

A free reading of a 16 g sensor hits the same thousandth of its maximum once or twice.
"""


@dataclass(slots=True)
class FullScaleState:
    """What must survive a restart; it belongs to the collar.

    Attributes
    ----------
    extreme_g
        Highest and lowest reading so far on any axis, each as a positive number.
    times
        How often each was read.
    """

    extreme_g: list[float] = field(default_factory=lambda: [0.0, 0.0])
    times: list[int] = field(default_factory=lambda: [0, 0])


class FullScale:
    """Marks samples at full scale, told or found out.

    Notes
    -----
    Where nobody told the range, each side is watched for a reading that comes again and again and
    is never exceeded. A sample is judged by those before it only, so that the marks do not depend
    on how the stream was cut.
    """

    def __init__(self) -> None:
        self.state = FullScaleState()

    def start_collar(self) -> None:
        """Forget what was found out: another collar follows."""
        self.state = FullScaleState()

    def marks(self, samples: Samples) -> BoolArray:
        """Return which samples are at full scale, shape (n,)."""
        read_g = samples.acceleration_g
        high_g, low_g = float(read_g.max(initial=0.0)), -float(read_g.min(initial=0.0))
        clipped = np.zeros(len(read_g), bool)
        if samples.range_g is not None:
            full_g = _NEAR * samples.range_g
            if max(high_g, low_g) >= full_g:
                clipped |= np.abs(read_g).max(axis=1) >= full_g
            return clipped
        for side, (sign, most_g) in enumerate(((1.0, high_g), (-1.0, low_g))):
            if most_g >= max(_LEAST_G, self.state.extreme_g[side]):
                clipped[self._found(side, sign * read_g)] = True
        return clipped

    def _found(self, side: int, read_g: FloatArray) -> list[int]:
        """Return which samples are at the end of the scale on one side, upwards."""
        extreme_g, times = self.state.extreme_g[side], self.state.times[side]
        highest_g = read_g.max(axis=1)
        found = []
        for at in np.flatnonzero(highest_g >= max(_LEAST_G, extreme_g)).tolist():
            reading_g = float(highest_g[at])
            if reading_g > extreme_g:
                extreme_g, times = reading_g, 0
            if reading_g == extreme_g:
                times += 1
                if times > _TIMES:
                    found.append(at)
        self.state.extreme_g[side], self.state.times[side] = extreme_g, times
        return found
