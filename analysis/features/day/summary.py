"""A day as plain numbers, from the sums of its hours."""

from statistics import median

from analysis.features.day.hours import OpenHour
from analysis.model import Day

_HOUR_S = 3600.0


def day_of(day: OpenHour, bounds_s: tuple[float, float], *, resting_plan: bool) -> Day:
    """Return a day from its hours joined into one.

    Parameters
    ----------
    bounds_s
        Unix times of its two midnights.
    resting_plan
        Whether a recovery plan restricted the dog.
    """
    return Day(
        date=day.date,
        start_s=bounds_s[0],
        end_s=bounds_s[1],
        worn_h=day.worn_s / _HOUR_S,
        waking_worn_h=day.waking_s / _HOUR_S,
        night_worn_h=day.night.worn_s / _HOUR_S,
        vedba_g=day.vedba_gs / day.worn_s if day.worn_s > 0.0 else 0.0,
        rest_h=day.rest_s / _HOUR_S,
        light_h=day.light_s / _HOUR_S,
        walk_h=day.walk_s / _HOUR_S,
        vigorous_h=day.vigorous_s / _HOUR_S,
        active_min=(day.walk_s + day.vigorous_s) / 60.0,
        night_active_min=day.night.active_s / 60.0,
        n_gait_windows=len(day.stride_hz),
        n_gait_bouts=day.n_bouts,
        stride_hz=median_of(day.stride_hz),
        gait_sums=day.gait_sums,
        stride_regularity=median_of(day.stride_regularity),
        step_regularity=median_of(day.step_regularity),
        step_time_cv=median_of(day.step_time_cv),
        stride_time_cv=median_of(day.stride_time_cv),
        n_trot_windows=len(day.asymmetry),
        asymmetry=median_of(day.asymmetry),
        fast_share=day.n_fast / day.n_gait if day.n_gait else 0.0,
        jumps=day.events.get("jump", 0),
        bursts=day.events.get("vigorous_burst", 0),
        shakes=day.events.get("shake", 0),
        scratches=day.events.get("scratch", 0),
        resting_plan=resting_plan,
    )


def median_of(values: list[float]) -> float:
    """Return the median; 0 of nothing."""
    return float(median(values)) if values else 0.0
