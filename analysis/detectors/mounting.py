"""Mounting: the collar sits differently, so amplitudes are not what they were."""

from dataclasses import dataclass, field
from math import exp

from analysis.baseline.collar_fit import CollarFit, MountingSettings, has_gait, sit
from analysis.detectors.base import DaySpec
from analysis.model import Day, Level, Verdict
from analysis.model.kinds import AlertKind
from analysis.model.owner_notes import COLLAR_CIRCUMSTANCES


@dataclass(frozen=True, slots=True, kw_only=True)
class MountingDetectorSettings(MountingSettings):
    """As for every detector that looks at amplitudes: see `analysis.baseline.collar_fit`."""


@dataclass(slots=True)
class MountingState:
    """What must survive a restart."""

    seat: CollarFit = field(default_factory=CollarFit)


class MountingDetector:
    """Notes a step in amplitude that the dog cannot have made.

    A note for the page and the report, no alarm: it says why the stiffness of the walk is judged
    against another level from here on, and asks for a look at the collar.
    """

    def __init__(self, settings: MountingDetectorSettings) -> None:
        self._settings = settings
        self.state = MountingState()

    def update(self, day: Day, /) -> list[Verdict]:
        """Return a note on the day that reveals a step."""
        settings = self._settings
        if day.resting_plan or not has_gait(day, settings):
            return []
        step = sit(self.state.seat, day, settings)
        if step is None:
            return []
        evidence = {
            "amplitude_change": exp(step.amplitude) - 1.0,
            "cadence_change": exp(step.cadence) - 1.0,
        }
        return [
            Verdict(
                kind=SPEC.name,
                level=Level.WATCH,
                time_s=day.end_s,
                onset_s=step.since_s,
                evidence=evidence,
                momentary=True,
            )
        ]


KIND = AlertKind(
    name="mounting",
    is_about_health=False,
    explained_by=COLLAR_CIRCUMSTANCES,
    title=("{dog} seems to wear the collar differently",),
    about="a collar that sits differently",
    seen=(
        "{dog}'s steps reach the collar {amplitude_change:fall} weaker than before.",
        "{dog}'s steps reach the collar {amplitude_change:percent} stronger than before.",
        "{dog}'s steps reach the collar differently than before.",
    ),
    advice=("Check that two fingers fit under the collar, and that it is the right way round.",),
    over="The collar sits steadily again.",
    usual=("{dog} walks as fast as before, so it is the collar rather than the dog.",),
    certainty=(
        (
            "How sure: fairly. A new or turned collar, a looser buckle or a leash at the "
            "collar do that."
        ),
    ),
    limit="A collar cannot see how it sits. From here on the walk is compared with the new level.",
)

SPEC = DaySpec(
    name="mounting",
    settings=MountingDetectorSettings,
    build=MountingDetector,
    kind=KIND,
)
