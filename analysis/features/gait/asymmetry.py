"""Left against right: how much of the movement comes once a stride instead of once a step."""

import numpy as np

from analysis.model import FloatArray


def asymmetry_of(window_g: FloatArray, step_ticks: float) -> float:
    """Return the amplitude at the stride rate over that at the step rate, of one window.

    Notes
    -----
    Sound dogs read 0.04-0.09 in trot; 5 mm of the head's movement once a stride adds about 0.1
    (docs/evidence.md 3.2). At a walk healthy dogs spread as widely as lame ones differ, so it is
    only worth reading in trot, over many windows, and only as a report.
    The sums run over whole strides, so that the one frequency does not leak into the other.
    """
    stride_ticks = 2.0 * step_ticks
    n_ticks = round(int(len(window_g) / stride_ticks) * stride_ticks)
    once = _amplitude(window_g[:n_ticks], stride_ticks)
    twice = _amplitude(window_g[:n_ticks], step_ticks)
    return once / twice if twice > 0.0 else 0.0


def _amplitude(trace_g: FloatArray, period_ticks: float) -> float:
    angle_rad = 2.0 * np.pi / period_ticks * np.arange(len(trace_g))
    return float(np.hypot((trace_g * np.cos(angle_rad)).sum(), (trace_g * np.sin(angle_rad)).sum()))
