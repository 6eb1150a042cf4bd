"""One alert as the book keeps it, and its identity."""

import uuid
from dataclasses import dataclass, field

from analysis.model import AlertChange, Level, Status

NAMESPACE = uuid.UUID("6f0c2c1e-5d0b-5b9e-9a53-7c1d2f8e4b60")
"""Fixed for ever: another one would give every stored alert a second identity."""

RANK = {level: rank for rank, level in enumerate(Level)}
ENDED = frozenset({Status.RESOLVED, Status.FALSE_ALARM})


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """How alerts live; every number here is a judgement.

    Attributes
    ----------
    group_s
        Happenings within this time of the last one told are only counted.
    refractory_s
        A state that was told is not told again for so long, unless it is worse.
    urgent_again_s
        An urgent state that was gone and is back is told again after so long.
    most_a_day, most_a_week
        A kind is told so often at most in 24 hours; one that lasts and is not urgent so often in
        seven days. One urgent message a day is always free.
    worse_by, worse_index, worse_ratio
        What is told as worse: a rise of the drop (a share), a fall of the index of stiffness, a
        rise of the unevenness against the usual.
    clear_verdicts
        Clear verdicts that resolve a lasting alert.
    stale_s
        A lasting alert without any verdict for so long is unknown.
    forget_s
        Ended alerts, and the steps of false alarms, are kept so long.
    most_steps
        Most threshold steps from false alarms.
    severe_drop, severe_index
        A drop (a share), and an index of stiffness, that no note of the owner explains. A
        boarding kennel takes 40 % (docs/evidence.md 8); 60 % and -2.5 are judgements.
    """

    group_s: float = 900.0
    refractory_s: float = 7 * 86400.0
    urgent_again_s: float = 2 * 3600.0
    most_a_day: int = 8
    most_a_week: int = 3
    worse_by: float = 0.15
    worse_index: float = 0.5
    worse_ratio: float = 0.4
    clear_verdicts: int = 2
    stale_s: float = 48 * 3600.0
    forget_s: float = 90 * 86400.0
    most_steps: int = 3
    severe_drop: float = 0.60
    severe_index: float = -2.5


@dataclass(slots=True)
class Alert:
    """One alert as it stands; plain numbers, so that it survives a restart.

    Attributes
    ----------
    severity
        The worst level so far.
    seen_s
        Sample time of the last verdict of any level, or of its end.
    clears
        Clear verdicts since it was last seen.
    acknowledged
        Whether the owner has seen it, as it stands.
    told
        Whether the owner was ever notified of it.
    changed_s
        Time of its last change.
    steps
        How many steps false alarms had raised the threshold of its kind.
    """

    id: str
    dog: str
    kind: str
    severity: Level
    status: Status
    onset_s: float
    seen_s: float
    count: int = 1
    evidence: dict[str, float] = field(default_factory=dict)
    momentary: bool = False
    clears: int = 0
    acknowledged: bool = False
    told: bool = False
    changed_s: float = 0.0
    steps: int = 0


@dataclass(slots=True)
class LastNews:
    """What the owner heard of a kind.

    Attributes
    ----------
    time_s, level, badness
        When it was told last, and how bad it was then.
    times_s
        When it was told, in the seven days before that.
    urgent_s
        When it was last told as urgent.
    """

    time_s: float
    level: Level
    badness: float = 0.0
    times_s: list[float] = field(default_factory=list)
    urgent_s: float | None = None


def alert_id(dog: str, kind: str, onset_s: float) -> str:
    """Return the same id for the same onset, whoever computes it and when.

    Examples
    --------
    >>> alert_id("rex", "jumping", 12.5) == alert_id("rex", "jumping", 12.5)
    True
    """
    return str(uuid.uuid5(NAMESPACE, f"{dog}/{kind}/{onset_s!r}"))


def change_of(alert: Alert, time_s: float, *, notify: bool = False) -> AlertChange:
    """Return the alert as it stands.

    Changes of an alert never go back in time, since the newest is how it stands: the owner's
    answer comes by the hub's clock, which may be behind the collar's.
    """
    alert.changed_s = max(alert.changed_s, time_s)
    return AlertChange(
        id=alert.id,
        dog=alert.dog,
        kind=alert.kind,
        severity=alert.severity,
        status=alert.status,
        onset_s=alert.onset_s,
        time_s=alert.changed_s,
        count=alert.count,
        evidence=dict(alert.evidence),
        notify=notify,
        false_alarm_steps=alert.steps,
    )
