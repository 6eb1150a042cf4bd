"""Walk, trot and gallop as a collar on the neck feels them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from simulators.behaviours.noise import Trace, coloured, smooth, tilted, white
from simulators.dog.condition import Condition
from simulators.dog.dog import Dog

CADENCE_POWER = 2.45
"""Amplitude goes as the cadence to this power, measured over walk and trot."""

_HEALTHY_REGULARITY = 0.8
_ROUGHNESS_SD = 0.3
"""How much the logarithm of the movement that is no rhythm differs from stretch to stretch."""
_DRIFT = 0.04
_LIMP_M = 0.005
"""Height of the neck at the stride rate in a lame dog; docs/evidence.md section 3.2."""
_GRAVITY_M_S2 = 9.80665
_SURGES_HZ = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Gait:
    """One gait of the reference dog.

    Attributes
    ----------
    stride_hz
        Strides a second at 0.52 m withers.
    up_g, forward_g, left_g
        Amplitudes at one, two and four times the stride rate.
    stride_cv
        Standard deviation of stride times over their mean.
    pitch_deg, pitch_sd_deg
        How the neck is carried, nose up positive, and how much that varies.
    footfall_g, footfalls
        Height of a narrow peak, and how often a stride it comes.
    roughness_g
        Movement that is no rhythm.
    vigour_sd
        How much the strength of one stretch differs from that of another at one cadence.
    """

    stride_hz: float
    up_g: tuple[float, float, float]
    forward_g: tuple[float, float, float]
    left_g: tuple[float, float, float]
    stride_cv: float
    pitch_deg: float = 4.0
    pitch_sd_deg: float = 12.0
    footfall_g: float = 0.0
    footfalls: int = 1
    roughness_g: float = 0.11
    vigour_sd: float = 0.12


GAITS: Mapping[str, Gait] = MappingProxyType(
    {
        "slow_walk": Gait(
            stride_hz=1.30,
            up_g=(0.02, 0.16, 0.08),
            forward_g=(0.04, 0.21, 0.0),
            left_g=(0.12, 0.04, 0.0),
            stride_cv=0.05,
            pitch_deg=5.0,
            roughness_g=0.075,
        ),
        "walk": Gait(
            stride_hz=1.45,
            up_g=(0.02, 0.36, 0.04),
            forward_g=(0.05, 0.18, 0.0),
            left_g=(0.15, 0.06, 0.0),
            stride_cv=0.04,
        ),
        "fast_walk": Gait(
            stride_hz=1.75,
            up_g=(0.04, 0.53, 0.05),
            forward_g=(0.05, 0.14, 0.0),
            left_g=(0.20, 0.08, 0.0),
            stride_cv=0.04,
            roughness_g=0.14,
            vigour_sd=0.06,
        ),
        "trot": Gait(
            stride_hz=2.05,
            up_g=(0.03, 0.80, 0.06),
            forward_g=(0.04, 0.41, 0.0),
            left_g=(0.19, 0.03, 0.0),
            stride_cv=0.03,
            pitch_sd_deg=8.0,
            footfall_g=0.20,
            footfalls=2,
            roughness_g=0.13,
            vigour_sd=0.05,
        ),
        "gallop": Gait(
            stride_hz=2.30,
            up_g=(0.66, 0.20, 0.06),
            forward_g=(0.48, 0.43, 0.0),
            left_g=(0.15, 0.22, 0.0),
            stride_cv=0.05,
            pitch_deg=0.0,
            pitch_sd_deg=8.0,
            footfall_g=1.25,
            vigour_sd=0.08,
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Steps:
    """Where each sample lies within its stride, and how strong that step is."""

    phase_rad: Trace
    strength: Trace


def _steps(
    rng: np.random.Generator, n: int, *, rate_hz: float, stride_hz: float, step_cv: float
) -> _Steps:
    """Return steps of uneven length and strength under a cadence that drifts by a few percent.

    A stride is two steps with times of their own, so its variability is theirs over root two;
    left and right differ a little, as they do in sound dogs.
    """
    n_steps = int(n / rate_hz * 2.0 * stride_hz * 1.4) + 8
    drift = 1.0 + _DRIFT * smooth(rng, n_steps, knots=int(n_steps / (20.0 * stride_hz)) + 2)
    uneven = 1.0 + step_cv * np.clip(rng.standard_normal(n_steps), -2.5, 2.5)
    times_s = np.cumsum(np.maximum(uneven, 0.3) / (2.0 * stride_hz * drift))
    at_s = np.arange(n) / rate_hz + times_s[0] + rng.random() / stride_hz
    number = np.interp(at_s, times_s, np.arange(n_steps, dtype=np.float64))
    strengths = 1.0 + 0.15 * np.clip(rng.standard_normal(n_steps), -2.5, 2.5)
    strengths[::2] *= 1.0 + 0.08 * float(np.clip(rng.standard_normal(), -2.0, 2.0))
    strengths *= drift**CADENCE_POWER
    strength = np.interp(number, np.arange(n_steps, dtype=np.float64), strengths)
    return _Steps(
        phase_rad=(np.pi * number).astype(np.float32), strength=strength.astype(np.float32)
    )


def _movement(gait: Gait, phase_rad: Trace) -> Trace:
    """Return the dynamic acceleration of a gait, shape (n, 3), at these phases of the stride."""
    moved_g = np.zeros((len(phase_rad), 3), dtype=np.float32)
    for order, multiple in enumerate((1, 2, 4)):
        cosine, sine = np.cos(multiple * phase_rad), np.sin(multiple * phase_rad)
        # Forward leads and left lags by a quarter, so that the neck draws loops and no line.
        moved_g[:, 0] += np.float32(gait.forward_g[order]) * sine
        moved_g[:, 1] += np.float32(gait.left_g[order]) * sine
        moved_g[:, 2] += np.float32(gait.up_g[order]) * cosine
    if gait.footfall_g:
        peak = np.maximum(np.cos(gait.footfalls * phase_rad), 0.0) ** 8
        moved_g[:, 2] += np.float32(gait.footfall_g) * (peak - peak.mean())
    return moved_g


def _stumbles(rng: np.random.Generator, n: int, *, rate_hz: float, per_s: float) -> Trace:
    """Return the jolts of missed steps: one in each stumble, a tenth of a second wide."""
    jolts = np.zeros(n, dtype=np.float32)
    width = max(int(0.1 * rate_hz), 2)
    for start in rng.integers(0, max(n - width, 1), rng.poisson(per_s * n / rate_hz)):
        jolt = np.sin(np.linspace(0.0, np.pi, width)) * rng.uniform(0.5, 1.5) * rng.choice((-1, 1))
        jolts[start : start + width] += jolt[: n - start].astype(np.float32)
    return jolts


def _surges(rng: np.random.Generator, n: int, *, rate_hz: float, strength: float) -> Trace:
    """Return starts and changes of speed: slow pushes along the spine, the first one forward."""
    surged_g = np.zeros(n, dtype=np.float32)
    middles = rng.integers(0, max(n, 1), 1 + rng.poisson(_SURGES_HZ * n / rate_hz))
    middles[0] = 0
    for number, middle in enumerate(middles):
        width = max(int(rng.uniform(0.4, 1.2) * rate_hz), 2)
        first = max(middle - width // 2, 0)
        push = np.hanning(width + 2)[1:-1] * rng.uniform(0.1, 0.3) * strength
        push *= 1.0 if number == 0 else rng.choice((-1, 1))
        surged_g[first : first + width] += push[: n - first].astype(np.float32)
    return surged_g


def _limping(gait: Gait, condition: Condition) -> Gait:
    """Return the gait of a dog whose head rises once a stride: in gallop it does so anyway."""
    if condition.lameness <= 0.0 or (gait.footfalls == 1 and gait.footfall_g):
        return gait
    limp_g = condition.lameness * _LIMP_M * (2.0 * np.pi * gait.stride_hz) ** 2 / _GRAVITY_M_S2
    return replace(gait, up_g=(gait.up_g[0] + limp_g, *gait.up_g[1:]))


def _pitch_rad(
    rng: np.random.Generator, n: int, *, rate_hz: float, gait: Gait, condition: Condition
) -> Trace:
    """Return how the neck is carried: a level for each stretch, and slow changes about it."""
    level_deg = gait.pitch_deg - condition.nose_down_deg
    spread_deg = gait.pitch_sd_deg * condition.head_freedom
    level_deg += spread_deg * float(white(rng, 1)[0])
    wander = smooth(rng, n, knots=int(n / rate_hz / 2.5) + 2)
    pitch_deg: Trace = np.float32(level_deg) + np.float32(0.4 * spread_deg) * wander
    return np.radians(pitch_deg)


def move(
    rng: np.random.Generator, n: int, *, name: str, rate_hz: float, dog: Dog, condition: Condition
) -> Trace:
    """Return n samples of a gait, shape (n, 3), gravity included, in the frame of the neck."""
    gait = _limping(GAITS[name], condition)
    pace = float(np.clip(1.0 + 0.05 * rng.standard_normal(), 0.88, 1.12))
    vigour, rough = np.clip(rng.standard_normal(2), -2.5, 2.5)
    stride_hz = dog.stride_hz(gait.stride_hz) * condition.cadence * pace
    steps = _steps(
        rng,
        n,
        rate_hz=rate_hz,
        stride_hz=stride_hz,
        step_cv=2.0 * gait.stride_cv * condition.step_cv,
    )
    scale = condition.amplitude * (condition.cadence * pace) ** CADENCE_POWER
    scale *= float(np.exp(gait.vigour_sd * vigour))
    moved_g = _movement(gait, steps.phase_rad) * (np.float32(scale) * steps.strength)[:, None]
    moved_g[:, 1] *= np.float32(condition.lateral)
    # Irregular is not stronger: what the rhythm loses in power, the noise gains.
    broken = min(condition.regularity_loss / _HEALTHY_REGULARITY, 0.9)
    rhythm_g = float(np.std(moved_g[:, 2]))
    moved_g *= np.float32(np.sqrt(1.0 - broken))
    roughness_g = gait.roughness_g * scale * float(np.exp(_ROUGHNESS_SD * rough))
    roughness_g = float(np.hypot(roughness_g, rhythm_g * np.sqrt(broken)))
    moved_g += np.float32(roughness_g) * coloured(rng, n, rate_hz=rate_hz)
    moved_g[:, 0] += _surges(rng, n, rate_hz=rate_hz, strength=condition.spurts)
    if condition.stumbles > 0.0:
        per_s = condition.stumbles / 100.0 * 2.0 * stride_hz
        moved_g[:, 2] += _stumbles(rng, n, rate_hz=rate_hz, per_s=per_s)
    return tilted(moved_g, _pitch_rad(rng, n, rate_hz=rate_hz, gait=gait, condition=condition))
