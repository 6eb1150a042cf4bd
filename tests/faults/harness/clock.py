"""A computer's clock that is stepped while the daemon runs."""

from pathlib import Path

from ingest.clock import SystemClock


def step_by(path: Path) -> None:
    """Let this process take the time to be as many seconds later as a file says at the moment."""
    real_s = SystemClock.now_s

    def now_s(self: SystemClock) -> float:
        return real_s(self) + (float(path.read_text()) if path.exists() else 0.0)

    setattr(SystemClock, "now_s", now_s)  # noqa: B010 (for this process only)
