"""Hours: what a day is summed up from, so that every hour can be judged when it ends."""

from dataclasses import dataclass, field, fields, replace

from analysis.features.day.night import NightSums
from analysis.features.gait.windows import NO_GAIT, GaitSums, together, window_sums
from analysis.model import Event, GaitWindow, Minute


@dataclass(slots=True)
class OpenHour:
    """What is known so far of an hour, or of several in a row.

    Sums are in seconds; of gait windows each is one number.

    Attributes
    ----------
    date
        ISO date of its day, in the dog's zone.
    start_s, end_s
        Unix times.
    clock_h
        Hour of the local clock at its end, 1 to 24.
    vedba_gs
        Mean VeDBA of each minute times its worn seconds.
    waking_s
        Worn seconds outside the night hours.
    night, evening
        The parts of it that belong to the night that ends today, and to the one that ends tomorrow.
    stride_hz, stride_regularity, step_regularity, step_time_cv, stride_time_cv
        Of walk and trot windows; at most 1,800 of an hour's two-second steps.
    asymmetry
        Of trot windows.
    certainty, asymmetry_certainty
        What each of those counts. Shorter where an earlier version took the first of them: each of
        these counts 1.
    gait_sums
        Of walk and trot windows, each by its certainty.
    n_fast, n_gait
        Windows faster than walk, and all, gallop included.
    unworn_s, waking_unworn_s, stuck_s, coarse_s, clipped_s, still_s, lasting_s
        As in `Hour`.
    still_gs
        Magnitude at rest of each minute times its seconds at rest.
    """

    date: str
    start_s: float
    end_s: float
    clock_h: int
    worn_s: float = 0.0
    vedba_gs: float = 0.0
    rest_s: float = 0.0
    light_s: float = 0.0
    walk_s: float = 0.0
    vigorous_s: float = 0.0
    waking_s: float = 0.0
    night: NightSums = field(default_factory=NightSums)
    evening: NightSums = field(default_factory=NightSums)
    stride_hz: list[float] = field(default_factory=list)
    stride_regularity: list[float] = field(default_factory=list)
    step_regularity: list[float] = field(default_factory=list)
    step_time_cv: list[float] = field(default_factory=list)
    stride_time_cv: list[float] = field(default_factory=list)
    asymmetry: list[float] = field(default_factory=list)
    certainty: list[float] = field(default_factory=list)
    asymmetry_certainty: list[float] = field(default_factory=list)
    gait_sums: GaitSums = NO_GAIT
    n_fast: int = 0
    n_gait: int = 0
    n_bouts: int = 0
    events: dict[str, int] = field(default_factory=dict)
    unworn_s: float = 0.0
    waking_unworn_s: float = 0.0
    stuck_s: float = 0.0
    coarse_s: float = 0.0
    clipped_s: float = 0.0
    still_s: float = 0.0
    still_gs: float = 0.0
    lasting_s: float = 0.0

    def add_minute(self, minute: Minute, night_ends: str | None) -> None:
        """Take one minute, and the date on which its night ends, if it lies in one."""
        self.worn_s += minute.worn_s
        self.rest_s += minute.rest_s
        self.light_s += minute.light_s
        self.walk_s += minute.walk_s
        self.vigorous_s += minute.vigorous_s
        self.unworn_s += minute.unworn_s
        self.stuck_s += minute.stuck_s
        self.coarse_s += minute.coarse_s
        self.still_s += minute.still_s
        self.lasting_s += minute.lasting_s
        self.vedba_gs += minute.vedba_g * minute.worn_s
        self.clipped_s += minute.clipped * minute.worn_s
        self.still_gs += minute.still_g * minute.still_s
        if night_ends is None:
            self.waking_s += minute.worn_s
            self.waking_unworn_s += minute.unworn_s
        elif night_ends == self.date:
            self.night = self.night.with_minute(minute)
        else:
            self.evening = self.evening.with_minute(minute)

    def add_gait(self, window: GaitWindow, *, begins_bout: bool) -> None:
        """Take one window; gallop counts for the share of fast windows only."""
        self.n_gait += 1
        self.n_fast += window.gait != "walk"
        if window.gait == "gallop":
            return
        self.n_bouts += begins_bout
        self.stride_hz.append(window.stride_hz)
        self.certainty.append(window.certainty)
        sums = window_sums(window.stride_hz, window.rms_g, window.certainty)
        self.gait_sums = together(self.gait_sums, sums)
        self.stride_regularity.append(window.stride_regularity)
        self.step_regularity.append(window.step_regularity)
        self.step_time_cv.append(window.step_time_cv)
        self.stride_time_cv.append(window.stride_time_cv)
        if window.gait == "trot":
            self.asymmetry.append(window.asymmetry)
            self.asymmetry_certainty.append(window.certainty)

    def add_event(self, event: Event) -> None:
        """Count one event."""
        self.events[event.kind] = self.events.get(event.kind, 0) + 1

    def then(self, later: "OpenHour") -> "OpenHour":
        """Return this stretch and the one after it as one; neither is changed."""
        events = dict(self.events)
        for kind, count in later.events.items():
            events[kind] = events.get(kind, 0) + count
        added = {name: getattr(self, name) + getattr(later, name) for name in _ADDED}
        return replace(
            self,
            end_s=later.end_s,
            clock_h=later.clock_h,
            night=self.night.then(later.night),
            evening=self.evening.then(later.evening),
            gait_sums=together(self.gait_sums, later.gait_sums),
            events=events,
            **added,
        )


_ADDED = tuple(
    each.name
    for each in fields(OpenHour)
    if each.type in (int, float, list[float]) and each.name not in {"start_s", "end_s", "clock_h"}
)
"""What is summed up, or strung together, of two stretches; all but when they were."""
