"""Names, columns and fixed texts of a package, after BIDS-Motion; see docs/labels.md."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.processing.labels import LABELS
from ingest.recordings.donation.private import UNKNOWN, Participant
from ingest.recordings.donation.stretch import Stretch

DESCRIPTION = "dataset_description.json"
"""The first member of the archive, by which a package is known."""
FORMAT = "Spryhound donation"
VERSION = 1
BIDS_VERSION = "1.10.0"

CHANNELS = ("x", "y", "z")
CHANNEL_COLUMNS = ("name", "component", "type", "tracked_point", "units", "description")
EVENT_COLUMNS = ("onset", "duration", "trial_type", "grade", "note")
SCAN_COLUMNS = ("filename", "acq_time")
PARTICIPANT_COLUMNS = (
    "participant_id",
    "species",
    "height_cm",
    "weight_band_kg",
    "age_band_years",
)
_AXES = {"x": "towards the nose", "y": "to the left", "z": "up when standing"}

README = """\
Recordings of one dog's collar, given away by its owner, after BIDS-Motion.

One table a stretch (*_motion.tsv, no header): acceleration x, y, z in standard gravities
(9.80665 m/s^2), gravity included. The samples of a stretch are evenly spaced by
SamplingFrequencyEffective. *_events.tsv has what the owner and the vet saw; an onset before the
stretch or after its end is of a time without samples. *_scans.tsv has when a stretch began, by the
clock on the wall; dates are moved by a whole number of weeks.
"""


def consent() -> str:
    """Return what the owner agrees to."""
    return Path(__file__).with_name("consent.txt").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Where the files of a stretch are in the archive.

    Attributes
    ----------
    subject
        The participant's id.
    collar
        ``collar-1`` and so on; a label in BIDS has no hyphen.
    run
        Number of the stretch, from 1.
    """

    subject: str
    collar: str
    run: int

    def path(self, suffix: str, ending: str) -> str:
        """Return the path of one file, such as that of ``motion`` and ``tsv``."""
        return f"sub-{self.subject}/{self.within_subject(suffix, ending)}"

    def within_subject(self, suffix: str, ending: str) -> str:
        """Return the path of one file, seen from the participant's folder."""
        tracksys = self.collar.replace("-", "")
        stem = f"sub-{self.subject}_task-home_tracksys-{tracksys}_run-{self.run:04d}"
        return f"motion/{stem}_{suffix}.{ending}"


def description(version: str) -> dict[str, Any]:
    """Return what is said of the package as a whole; `version` is Spryhound's."""
    return {
        "Name": "Collar recordings of a dog, given away by its owner",
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "raw",
        "License": "CC0",
        "GeneratedBy": [{"Name": "Spryhound", "Version": version}],
        "SpryhoundFormat": FORMAT,
        "SpryhoundFormatVersion": VERSION,
    }


def sidecar(stretch: Stretch) -> dict[str, Any]:
    """Return the JSON sidecar of a stretch."""
    return {
        "TaskName": "home",
        "TaskDescription": "What the dog does at home, with its collar on",
        "TrackingSystemName": stretch.collar,
        "SamplingFrequency": stretch.nominal_hz,
        "SamplingFrequencyEffective": stretch.rate_hz,
        "RecordingDuration": stretch.duration_s,
        "MotionChannelCount": len(CHANNELS),
        "ACCELChannelCount": len(CHANNELS),
        "TrackedPointsCount": 1,
        "MissingValues": UNKNOWN,
        "SpatialAxes": "ALS",
        "SpryhoundRangeG": stretch.range_g,
    }


def channel_rows() -> list[tuple[str, ...]]:
    """Return the table of channels."""
    return [
        (name, name, "ACCEL", "collar", "g", f"gravity included, {_AXES[name]}")
        for name in CHANNELS
    ]


def participant_row(participant: Participant) -> tuple[str, ...]:
    """Return the row of the dog."""
    return (
        f"sub-{participant.id}",
        "canis lupus familiaris",
        participant.height_cm,
        participant.weight_band_kg,
        participant.age_band_years,
    )


PARTICIPANTS_SIDECAR = {
    "species": {"Description": "Binomial name"},
    "height_cm": {"Description": "Withers height to the next 5 cm", "Units": "cm"},
    "weight_band_kg": {"Description": "From the first number up to below the second"},
    "age_band_years": {"Description": "From the first number up to below the second"},
}

EVENTS_SIDECAR = {
    "trial_type": {
        "Description": "What the owner saw, or vet_found",
        "Levels": {each: each.replace("_", " ") for each in LABELS},
    },
    "grade": {"Description": "What the vet found, in the vet's words"},
    "note": {"Description": "The owner's words, if they were given away"},
}
