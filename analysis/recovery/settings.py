"""What watching over a plan goes by, besides the plan itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSettings:
    """How a plan is watched over.

    Attributes
    ----------
    note_share
        Share of the day's cap at which it is noted; all of it is told.
    walking_from_s
        Active seconds in a minute that make it a minute of walking.
    longest_stop_min
        Minutes without walking, such as sniffing, that do not end a walk.
    least_walk_s
        Active seconds from which on a stretch of walking minutes counts as a walk.
    over_share, over_least_min
        A walk is too long when it passes the plan by this share and by this many minutes.
    least_walks_share
        Share of the planned walks; if fewer are seen in a day, walks were missed.
    most_rise
        Share by which a week's cap may pass what the dog did in the week before.
    worn_h
        Waking hours that the collar must be worn before a day says how much the dog did.
    least_days
        Such days in a week before the week says how much the dog did.
    rest_days
        Days of too much rest running that are told; a single one is noted.
    soft_jump_from
        Probability from which a soft jump, up onto something, is told where jumps are forbidden.
        As low as that of any other jump: a sofa is what a dog on rest jumps onto, and no soft
        moment of the recorded walks and runs reaches it.

    Notes
    -----
    From docs/evidence.md, sections 5.1 and 9: the note at 80 %, the walk over time at plan + 20 %,
    the rise of 15 % a week. Judgement: everything else. A slow walk on a leash with stops gives
    20 to 60 active seconds a minute and eating at most 12, hence 15. The edges of a walk are known
    to a minute each, hence two minutes over at least: a walk of 5 minutes is not cut at 6. A dog
    that does its business at the door walks less than 90 s, hence half of the walks before any
    count as missed.
    """

    note_share: float = 0.8
    walking_from_s: float = 15.0
    longest_stop_min: int = 3
    least_walk_s: float = 90.0
    over_share: float = 0.2
    over_least_min: float = 2.0
    least_walks_share: float = 0.5
    most_rise: float = 0.15
    worn_h: float = 12.0
    least_days: int = 3
    rest_days: int = 3
    soft_jump_from: float = 0.8

    def longest_walk_min(self, walk_min: float) -> float:
        """Return from how many minutes on a walk of `walk_min` by the plan is too long.

        Examples
        --------
        >>> PlanSettings().longest_walk_min(5.0), PlanSettings().longest_walk_min(20.0)
        (7.0, 24.0)
        """
        return walk_min + max(walk_min * self.over_share, self.over_least_min)
