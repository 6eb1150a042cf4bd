"""The real clock; the one place that asks what time it is."""

import time


class SystemClock:
    """The computer's clock."""

    def now_s(self) -> float:
        """Return Unix time in seconds."""
        return time.time()

    def monotonic_s(self) -> float:
        """Return seconds since some start that only ever grow."""
        return time.monotonic()
