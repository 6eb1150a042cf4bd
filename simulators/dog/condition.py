"""How well a dog is: factors on what it does and on how it moves."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from analysis.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One state of health; every factor is over the healthy dog's, so 1 is healthy.

    Attributes
    ----------
    activity
        Minutes on the move.
    cadence
        Stride rate at walk and trot.
    amplitude
        Movement at a given cadence; that of a slower cadence comes on top.
    fast_share
        Share of trot and gallop in moving time.
    step_cv
        Variability of step times.
    regularity_loss
        What the autocorrelation at the step lag loses, 0 to 0.5.
    lateral
        Sideways sway.
    night
        Restless minutes and turns at night.
    jumps
        Jumps a day.
    stumbles
        Missed steps in each 100 steps.
    crated
        1 for a dog in a crate that leaves it for toilet walks only, 0 for a free one.
    walking
        0 for a dog that cannot walk, 1 for one that can.
    lameness
        Uneven load of left and right: the height of the neck at the stride rate in trot, over the
        5 mm that ten millimetres between the two halves of a stride come to.
    nose_down_deg, head_freedom
        How much lower the neck is carried on the move, and how much of its changes is left.
    spurts
        Starts and bursts of speed at the beginning of a stretch.
    stretch
        Length of a stretch without a stop.
    panting
        Panting at rest.
    """

    activity: float = 1.0
    cadence: float = 1.0
    amplitude: float = 1.0
    fast_share: float = 1.0
    step_cv: float = 1.0
    regularity_loss: float = 0.0
    lateral: float = 1.0
    night: float = 1.0
    jumps: float = 1.0
    stumbles: float = 0.0
    crated: float = 0.0
    walking: float = 1.0
    lameness: float = 0.0
    nose_down_deg: float = 0.0
    head_freedom: float = 1.0
    spurts: float = 1.0
    stretch: float = 1.0
    panting: float = 1.0

    def towards(self, other: "Condition", share: float) -> "Condition":
        """Return the condition a share (0 to 1) of the way to another.

        Examples
        --------
        >>> HEALTHY.towards(Condition(activity=0.6), 0.5).activity
        0.8
        """
        share = min(max(share, 0.0), 1.0)
        between = {
            each.name: (1.0 - share) * getattr(self, each.name) + share * getattr(other, each.name)
            for each in fields(self)
        }
        return Condition(**between)


HEALTHY = Condition()
MILD = Condition(
    activity=0.8,
    cadence=0.95,
    amplitude=0.9,
    fast_share=0.7,
    night=1.3,
    jumps=0.5,
    nose_down_deg=5.0,
    head_freedom=0.85,
    spurts=0.85,
)
MODERATE = Condition(
    activity=0.65,
    cadence=0.9,
    amplitude=0.8,
    fast_share=0.4,
    step_cv=1.1,
    regularity_loss=0.05,
    night=1.6,
    jumps=0.1,
    nose_down_deg=10.0,
    head_freedom=0.7,
    spurts=0.7,
)
ATAXIA = Condition(
    activity=0.5,
    cadence=0.85,
    amplitude=0.9,
    fast_share=0.2,
    step_cv=2.0,
    regularity_loss=0.3,
    lateral=2.0,
    night=1.6,
    jumps=0.0,
    stumbles=4.0,
    nose_down_deg=10.0,
    head_freedom=0.7,
    spurts=0.5,
    stretch=0.4,
)
NON_WALKING = Condition(activity=0.2, fast_share=0.0, jumps=0.0, walking=0.0)
NSAID_RESPONSE = Condition(
    activity=0.78,
    cadence=0.945,
    amplitude=0.88,
    fast_share=0.52,
    step_cv=1.05,
    regularity_loss=0.02,
    night=0.96,
    jumps=0.3,
    nose_down_deg=6.0,
    head_freedom=0.85,
    spurts=0.85,
)
"""What moderate pain becomes under a drug: a fifth more activity, nights as usual."""
CRATE_REST = Condition(activity=0.2, fast_share=0.0, jumps=0.0, crated=1.0)
LAME = Condition(activity=0.85, fast_share=0.7, jumps=0.5, lameness=1.0)
"""One sore leg: seen in trot alone, see section 3.2 of docs/evidence.md."""
RESTLESS = Condition(night=2.0)
"""Nights alone are worse, as a dog sleeps that hurts when it lies: a judgement."""
HEAT = Condition(activity=0.75, panting=4.0)
GUESTS = Condition(night=1.8)
FIREWORKS = Condition(activity=0.9, night=4.0, panting=3.0)
BOARDING = Condition(activity=0.6)
BOARDING_BUSY = Condition(activity=1.4)
"""Not the dog but the days: none of these five is an illness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A condition by name, and how many days it takes to come up."""

    condition: Condition
    onset_days: float


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "healthy": Preset(condition=HEALTHY, onset_days=0.0),
        "mild": Preset(condition=MILD, onset_days=3.0),
        "moderate": Preset(condition=MODERATE, onset_days=1.5),
        "ataxia": Preset(condition=ATAXIA, onset_days=0.25),
        "non_walking": Preset(condition=NON_WALKING, onset_days=0.1),
        "nsaid_response": Preset(condition=NSAID_RESPONSE, onset_days=5.0),
        "crate_rest": Preset(condition=CRATE_REST, onset_days=0.0),
        "restless": Preset(condition=RESTLESS, onset_days=0.0),
        "lame": Preset(condition=LAME, onset_days=1.0),
        "heat": Preset(condition=HEAT, onset_days=0.0),
        "guests": Preset(condition=GUESTS, onset_days=0.0),
        "fireworks": Preset(condition=FIREWORKS, onset_days=0.0),
        "boarding": Preset(condition=BOARDING, onset_days=0.0),
        "boarding_busy": Preset(condition=BOARDING_BUSY, onset_days=0.0),
    }
)


def preset(name: str) -> Preset:
    """Return a preset by its name.

    Raises
    ------
    SettingsError
        If there is none of that name.
    """
    if name not in PRESETS:
        msg = f"condition is '{name}', expected one of {', '.join(PRESETS)}"
        raise SettingsError(msg)
    return PRESETS[name]
