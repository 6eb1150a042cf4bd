"""What is concluded: verdicts, and alerts as they change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How worrying a verdict is; `UNKNOWN` when there is too little data to say."""

    UNKNOWN = "unknown"
    CLEAR = "clear"
    WATCH = "watch"
    WARNING = "warning"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a detector concludes about a dog at one moment; alerts are made from these.

    Attributes
    ----------
    kind
        The detector's own word, such as ``"stiff_gait"``.
    level
        How worrying; `Level.CLEAR` lets an open alert recover, `Level.UNKNOWN` never does.
    time_s
        Sample time at which it could be known.
    onset_s
        Sample time since when it holds; fixes the identity of the alert.
    evidence
        Named numbers, units in the names.
    momentary
        True for something that happened (a jump), false for a state that lasts (stiffness).
    """

    kind: str
    level: Level
    time_s: float
    onset_s: float
    evidence: Mapping[str, float] = field(default_factory=dict)
    momentary: bool = False


class Status(StrEnum):
    """Where an alert is in its life."""

    PENDING = "pending"
    OPEN = "open"
    WORSE = "worse"
    ACKNOWLEDGED = "acknowledged"
    RECOVERING = "recovering"
    RESOLVED = "resolved"
    UNKNOWN = "unknown"
    FALSE_ALARM = "false_alarm"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChange:
    """An alert as it stands after one change.

    Attributes
    ----------
    id
        UUIDv5 of dog, kind and onset: the same after a restart and in a replay.
    dog, kind
        Whose, and which detector's.
    severity
        `Level.WATCH`, `Level.WARNING` or `Level.URGENT`.
    status
        Its state from `time_s` on.
    onset_s
        Sample time at which it began.
    time_s
        Sample time of this change.
    count
        How often it was seen so far (jumps of one alert, days of a drop).
    evidence
        Named numbers, units in the names.
    notify
        Whether the owner should hear of this change.
    false_alarm_steps
        So many more sightings does an alert of its kind need before it is told, after false
        alarms; urgent ones never wait.
    """

    id: str
    dog: str
    kind: str
    severity: Level
    status: Status
    onset_s: float
    time_s: float
    count: int = 1
    evidence: Mapping[str, float] = field(default_factory=dict)
    notify: bool = False
    false_alarm_steps: int = 0
