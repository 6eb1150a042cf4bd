"""Hours and days of a dog, cut in its own time zone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a dog, cut in the dog's time zone. Plain numbers, enough for every baseline.

    Attributes
    ----------
    date
        ISO date in the dog's zone.
    start_s, end_s
        Unix times of the two midnights (23 to 25 hours apart).
    worn_h, waking_worn_h, night_worn_h
        Hours worn in all, outside the owner's night hours, and in the night that ended on this
        date (its evening was the day before).
    vedba_g
        Mean VeDBA over worn time.
    rest_h, light_h, walk_h, vigorous_h
        Worn hours at each intensity.
    active_min
        Minutes of walking or more.
    night_active_min
        Minutes of that night with a mean VeDBA above 0.05 g.
    n_gait_windows, n_gait_bouts
        Steady walk and trot windows, and the bouts they form.
    stride_hz
        Median stride rate of walk and trot windows, each by its certainty; 0 without windows.
    gait_sums
        ``[n, sum x, sum y, sum xx, sum xy, sum yy]`` over those windows with
        x = ln(stride_hz) and y = ln(rms_g), for the dog's own cadence-amplitude line; each window
        counts as much as it is certain.
    stride_regularity, step_regularity, step_time_cv, stride_time_cv
        Medians likewise; 0 without windows.
    n_trot_windows, asymmetry
        Trot windows, and the median of their asymmetry: for the report, over 20 windows or more.
    fast_share
        Share of gait windows faster than walk, 0-1.
    jumps, bursts, shakes, scratches
        Counts of events.
    resting_plan
        Whether a recovery plan restricted the dog, so the day does not count as normal.
    noted
        What the owner noted of any part of the day, such as ``"heat"``, in alphabetical order.
    """

    date: str
    start_s: float
    end_s: float
    worn_h: float = 0.0
    waking_worn_h: float = 0.0
    night_worn_h: float = 0.0
    vedba_g: float = 0.0
    rest_h: float = 0.0
    light_h: float = 0.0
    walk_h: float = 0.0
    vigorous_h: float = 0.0
    active_min: float = 0.0
    night_active_min: float = 0.0
    n_gait_windows: int = 0
    n_gait_bouts: int = 0
    stride_hz: float = 0.0
    gait_sums: tuple[float, float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    stride_regularity: float = 0.0
    step_regularity: float = 0.0
    step_time_cv: float = 0.0
    stride_time_cv: float = 0.0
    n_trot_windows: int = 0
    asymmetry: float = 0.0
    fast_share: float = 0.0
    jumps: int = 0
    bursts: int = 0
    shakes: int = 0
    scratches: int = 0
    resting_plan: bool = False
    noted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """One hour of a dog's day that is over, and the day so far.

    An hour without any record does not exist: nothing was heard, nothing is claimed.

    Attributes
    ----------
    start_s, end_s
        Unix times; hours count from local midnight.
    clock_h
        Hour of the local clock at its end, 1 to 24; one number is left out or comes twice on the
        day on which the clocks change.
    worn_s, waking_worn_s
        Worn seconds in all, and outside the owner's night hours.
    active_s
        Worn seconds of walking or more.
    n_gait_windows, n_walk_trot_windows
        Windows of steady walk, trot or gallop, and without gallop.
    step_time_cv, stride_regularity
        Medians over walk and trot windows, each by its certainty; 0 without.
    day
        The day from midnight to the end of this hour.
    unworn_s, waking_unworn_s
        Seconds in which a collar was heard that nobody wore, in all and outside the night hours.
    stuck_s, coarse_s
        Seconds in which its sensor was stuck, and in which its rate was too low for gait and jumps.
    moving_s, clipped_s
        Worn seconds of light movement or more, and seconds at full scale.
    still_s, still_g
        Seconds at rest, worn or not, and the mean magnitude over them; 0 without any.
    lasting_s
        Worn seconds of movement that could be walking, steady or not.
    """

    start_s: float
    end_s: float
    clock_h: int
    worn_s: float
    waking_worn_s: float
    active_s: float
    n_gait_windows: int
    day: Day
    n_walk_trot_windows: int = 0
    step_time_cv: float = 0.0
    stride_regularity: float = 0.0
    unworn_s: float = 0.0
    waking_unworn_s: float = 0.0
    stuck_s: float = 0.0
    coarse_s: float = 0.0
    moving_s: float = 0.0
    clipped_s: float = 0.0
    still_s: float = 0.0
    still_g: float = 0.0
    lasting_s: float = 0.0
