"""Packets: one batch of samples as a collar sends it, and its bytes."""

from dataclasses import dataclass

from analysis.model import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packet:
    """One batch of samples, checked.

    Attributes
    ----------
    seq
        Batch number, +1 each batch.
    boot
        Changes at every start of the collar; numbers are turned into text.
    t_ms
        Time of the first sample in milliseconds: Unix time, or time since boot.
    rate_hz
        Nominal rate, 10 to 400.
    acceleration_g
        Shape (n_samples, 3), read-only, at least one sample.
    clock
        ``"utc"`` or ``"uptime"``: what `t_ms` counts from.
    range_g
        Full scale of the sensor, if it is known.
    index
        Number of the first sample since boot, if the collar counts them.
    stored
        Recorded earlier and sent late: its times are believed however old they are.
    """

    seq: int
    boot: str
    t_ms: float
    rate_hz: float
    acceleration_g: FloatArray
    clock: str = "utc"
    range_g: float | None = None
    index: int | None = None
    stored: bool = False
