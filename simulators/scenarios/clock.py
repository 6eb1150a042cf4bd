"""A clock that shows a story's time: weeks pass in a minute, and everything keeps its date."""

import time


class StoryClock:
    """Now is what the story says; waiting takes as long as it always did."""

    def __init__(self, start_s: float) -> None:
        self._now_s = start_s

    def now_s(self) -> float:
        """Return the Unix time that the story has come to."""
        return self._now_s

    def monotonic_s(self) -> float:
        """Return real seconds since some start."""
        return time.monotonic()

    def show(self, now_s: float) -> None:
        """Move on; time never goes back."""
        self._now_s = max(self._now_s, now_s)
