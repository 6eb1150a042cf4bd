"""A clock that shows a story's time: weeks pass in a minute, and everything keeps its date."""

import multiprocessing
import time


class StoryClock:
    """Now is what the story says; waiting takes as long as it always did.

    A process that it is handed to at its start shares it: both see the same time.
    """

    def __init__(self, start_s: float) -> None:
        self._now_s = multiprocessing.get_context("spawn").Value("d", start_s)

    def now_s(self) -> float:
        """Return the Unix time that the story has come to."""
        return float(self._now_s.value)

    def monotonic_s(self) -> float:
        """Return real seconds since some start."""
        return time.monotonic()

    def show(self, now_s: float) -> None:
        """Move on; time never goes back."""
        with self._now_s.get_lock():
            self._now_s.value = max(self._now_s.value, now_s)
