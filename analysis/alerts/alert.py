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
    """How alerts live.

    Attributes
    ----------
    group_s
        Happenings within this time of the last one told are only counted.
    refractory_s
        A state that was told is not told again for so long, unless it is worse.
    worse_by
        Rise of the drop (a share) that is told as worse.
    clear_verdicts
        Clear verdicts that resolve a lasting alert.
    stale_s
        A lasting alert without any verdict for so long is unknown.
    forget_s
        Ended alerts are kept so long.
    most_steps
        Most threshold steps from false alarms.
    severe_drop, severe_index
        A drop (a share), and an index of stiffness, that no note of the owner explains. A
        boarding kennel takes 40 % (docs/evidence.md 8); 60 % and -2.5 are judgements.
    """

    group_s: float = 900.0
    refractory_s: float = 7 * 86400.0
    worse_by: float = 0.15
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


@dataclass(slots=True)
class Told:
    """What the owner heard last of a kind: when, how bad, and the drop then."""

    time_s: float
    level: Level
    drop: float


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
    )
