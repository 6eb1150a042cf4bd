"""What every check of the doctor gives: findings, each with what to do about it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from config.schema import Settings
from ingest.ports import Clock


class CheckStatus(StrEnum):
    """How a look went; only `FAILED` makes the doctor fail."""

    OK = "ok"
    SKIPPED = "skipped"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one look showed.

    Attributes
    ----------
    outcome
        How it went.
    text
        What was seen, in one sentence, without secrets.
    advice
        What to do about it; empty where nothing is wrong.
    """

    outcome: CheckStatus
    text: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorContext:
    """What is examined.

    Attributes
    ----------
    settings, path
        The settings and the file that they came from, if any.
    database
        Where the store is or will be.
    clock
        The clock, itself examined.
    notify
        Whether to send the owner a test message.
    timeout_s
        How long to wait for an answer of the broker.
    """

    settings: Settings
    path: Path | None
    database: Path
    clock: Clock
    notify: bool = False
    timeout_s: float = 10.0


def ok(text: str) -> Finding:
    """Return that all is well."""
    return Finding(outcome=CheckStatus.OK, text=text)


def skipped(text: str, advice: str = "") -> Finding:
    """Return that there was nothing to look at."""
    return Finding(outcome=CheckStatus.SKIPPED, text=text, advice=advice)


def warning(text: str, advice: str) -> Finding:
    """Return that something is not as it should be, yet it works."""
    return Finding(outcome=CheckStatus.WARNING, text=text, advice=advice)


def failed(text: str, advice: str) -> Finding:
    """Return that something does not work."""
    return Finding(outcome=CheckStatus.FAILED, text=text, advice=advice)
