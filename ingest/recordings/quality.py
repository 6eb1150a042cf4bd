"""What is to be known of a recording's quality before its numbers are believed, in plain words."""

from collections.abc import Iterable

from analysis.model import Minute
from analysis.signal.calibration import Correction

_CLIPPED_FROM = 0.02
_OFF_FROM_G = 0.05


class QualitySums:
    """Adds up minutes.

    Attributes
    ----------
    worn_s, unworn_s, stuck_s, coarse_s
        Seconds, as in `Minute`.
    """

    def __init__(self) -> None:
        self.worn_s = self.unworn_s = self.stuck_s = self.coarse_s = 0.0
        self._moving_s = self._clipped_s = self._still_s = self._still_gs = 0.0

    def add(self, minutes: Iterable[Minute]) -> None:
        """Take some minutes."""
        for each in minutes:
            self.worn_s += each.worn_s
            self.unworn_s += each.unworn_s
            self.stuck_s += each.stuck_s
            self.coarse_s += each.coarse_s
            self._moving_s += each.light_s + each.walk_s + each.vigorous_s
            self._clipped_s += each.clipped * each.worn_s
            self._still_s += each.still_s
            self._still_gs += each.still_g * each.still_s

    @property
    def clipped(self) -> float:
        """Share of the worn time in which the sensor was at full scale."""
        return self._clipped_s / self.worn_s if self.worn_s else 0.0

    def notes(self, correction: Correction) -> list[str]:
        """Return what is to be known, a sentence each; `correction` is the last one applied."""
        notes = []
        if not correction.is_none:
            gain = ", ".join(f"{each:.3f}" for each in correction.gain)
            offset = ", ".join(f"{1000.0 * each:+.0f}" for each in correction.offset_g)
            notes.append(f"calibrated at rest: gain {gain}, offset {offset} mg on x, y, z")
        elif self._still_s and abs(self._rest_g - 1.0) >= _OFF_FROM_G:
            notes.append(f"reads {self._rest_g:.2f} g at rest instead of 1 g: not corrected")
        if self.unworn_s:
            notes.append(f"not worn for {_long(self.unworn_s)}: no rest, left out")
        if self.stuck_s:
            notes.append(f"sensor stuck for {_long(self.stuck_s)}: left out")
        if self.coarse_s:
            share = self.coarse_s / (self.worn_s + self.unworn_s + self.stuck_s)
            notes.append(f"rate below 25 Hz in {share:.0%} of the time: no gait, no jumps there")
        if self._clipped_s >= _CLIPPED_FROM * self._moving_s and self._clipped_s:
            share = self._clipped_s / max(self._moving_s, self._clipped_s)
            notes.append(f"at full scale in {share:.1%} of the time on the move: peaks are cut off")
        return notes

    @property
    def _rest_g(self) -> float:
        return self._still_gs / self._still_s


def _long(duration_s: float) -> str:
    minutes = duration_s / 60.0
    return f"{minutes:.0f} min" if minutes < 120.0 else f"{minutes / 60.0:.1f} h"
