"""What must not matter: the collar turned, the stream cut otherwise, the program restarted."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import fields
from datetime import date

import numpy as np

from analysis.model import FloatArray, GaitWindow, Results, Samples
from analysis.model.dog import DogProfile
from analysis.pipeline.measurement import Measurement, MeasurementSettings
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from simulators.day.day import SimulatedDay
from simulators.day.planner import DayPlan, day_bouts
from simulators.dog.collar import Collar, Mounting
from simulators.dog.dog import Dog
from simulators.evaluation.report import Section, Size
from simulators.evaluation.surrogate.simulated_days import collar_samples
from simulators.evaluation.workers import Workers

ROLL_DEG = 34.0
_PROFILE = DogProfile(id="dog", withers_m=0.52)
_FROM_H, _UNTIL_H = 7.3, 8.3
_PIECES = (37, 3_333)
_FEATURES = ("stride_hz", "rms_g", "step_regularity", "stride_regularity", "step_time_cv")


def _walk(seed: int, collar: Collar) -> list[Samples]:
    """Return an hour with the morning walk in it."""
    plan = DayPlan(date=date(2026, 3, 2))
    rng = np.random.default_rng(seed)
    bouts = tuple(
        bout
        for bout in day_bouts(rng, plan)
        if plan.at_s(_FROM_H) <= bout.start_s < plan.at_s(_UNTIL_H)
    )
    day = SimulatedDay(dog=Dog(), plan=plan, bouts=bouts, rate_hz=50.0, seed=seed)
    return list(collar_samples([day], collar, seed=seed))


def _gait(stream: Sequence[Samples]) -> list[GaitWindow]:
    measuring = Measurement(MeasurementSettings(dog=_PROFILE))
    found = [window for samples in stream for window in measuring.process(samples).gait]
    return found + [window for part in measuring.finish() for window in part.gait]


def rolled(size: Size) -> float:
    """Return the change of the median step regularity when the collar is rolled either way."""
    medians = []
    for roll_deg in (0.0, ROLL_DEG, -ROLL_DEG):
        mounting = Mounting(roll_deg=roll_deg, roll_drift_deg=0.0, roll_jump=0.0)
        found = _gait(_walk(size.seed, Collar(mounting=mounting)))
        medians.append(float(np.median([window.step_regularity for window in found])))
    return max(abs(each - medians[0]) for each in medians[1:])


def turned(size: Size) -> float:
    """Return the largest relative change of a day's gait figures under any turn of the axes."""
    stream = _walk(size.seed, Collar())
    plain = _medians(_gait(stream))
    rng = np.random.default_rng(size.seed)
    worst = 0.0
    for _ in range(3):
        axes, _ = np.linalg.qr(rng.standard_normal((3, 3)))
        other = _medians(_gait([_with(each, each.acceleration_g @ axes) for each in stream]))
        worst = max(worst, float(np.max(np.abs(other / plain - 1.0))))
    return worst


def _medians(found: Sequence[GaitWindow]) -> FloatArray:
    return np.array(
        [len(found), *(np.median([getattr(each, name) for each in found]) for name in _FEATURES)]
    )


def _with(samples: Samples, acceleration_g: FloatArray) -> Samples:
    return Samples(
        origin_s=samples.origin_s,
        first_index=samples.first_index,
        rate_hz=samples.rate_hz,
        acceleration_g=acceleration_g,
        range_g=samples.range_g,
    )


def changed_by_cuts(size: Size) -> float:
    """Return how many records are other ones when the stream comes in other pieces."""
    stream = _walk(size.seed, Collar())
    whole = _results(stream, restarting=False)
    others = [_results(_cut(stream, n), restarting=False) for n in _PIECES]
    return float(sum(n_other(whole, each) for each in others))


def changed_by_restarts(size: Size) -> float:
    """Return how many records are other ones when the program restarts after every piece."""
    pieces = list(_cut(_walk(size.seed, Collar()), 3_333))
    return float(n_other(_results(pieces, restarting=False), _results(pieces, restarting=True)))


def _cut(stream: Sequence[Samples], n: int) -> list[Samples]:
    pieces = []
    for samples in stream:
        for first in range(0, samples.n_samples, n):
            part_g = samples.acceleration_g[first : first + n]
            pieces.append(
                Samples(
                    origin_s=samples.origin_s,
                    first_index=samples.first_index + first,
                    rate_hz=samples.rate_hz,
                    acceleration_g=part_g,
                    range_g=samples.range_g,
                )
            )
    return pieces


def _results(pieces: Sequence[Samples], *, restarting: bool) -> Results:
    pipeline = Pipeline(PipelineSettings(dog=_PROFILE))
    results = Results()
    for piece in pieces:
        results.extend(pipeline.process(piece))
        if restarting:
            fresh = Pipeline(PipelineSettings(dog=_PROFILE))
            known = pipeline.parts()
            for name, part in fresh.parts().items():
                part.state = deepcopy(known[name].state)
            pipeline = fresh
    results.extend(pipeline.finish())
    return results


def n_other(one: Results, other: Results) -> int:
    """Return the number of records that the two do not share; order does not count."""
    n_missing = 0
    for each in fields(one):
        here, there = getattr(one, each.name), list(getattr(other, each.name))
        for record in here:
            if record in there:
                there.remove(record)
            else:
                n_missing += 1
        n_missing += len(there)
    return n_missing


def section(size: Size, workers: Workers) -> Section:
    """Return what changes although it should not."""
    works = (rolled, turned, changed_by_cuts, changed_by_restarts)
    found = [workers.map("turning and cutting", work, [size])[0] for work in works]
    roll, rotation, cut, restart = found
    return Section(
        name="invariances",
        title="What must not matter",
        note="An hour with a walk at 50 Hz. Records are compared to the last bit.",
        columns=("what is changed", "what it changes", "by"),
        rows=(
            (f"collar rolled by {ROLL_DEG:g} degrees", "step regularity, median", roll),
            ("axes turned at random", "gait figures, relative, worst", rotation),
            (f"pieces of {', '.join(map(str, _PIECES))} samples", "records", cut),
            ("restart after every piece", "records", restart),
        ),
        figures={"roll": roll, "rotation": rotation, "cut": cut, "restart": restart},
    )
