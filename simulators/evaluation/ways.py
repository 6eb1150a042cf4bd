"""A way from a scenario to what is measured of its days: from samples, or by the shortcut."""

from collections.abc import Iterator
from typing import Protocol

from analysis.pipeline.measurement import Measured
from simulators.scenarios.story import Scenario


class Way(Protocol):
    """What measures days; each has its own chance, so any of them can be the first."""

    def __call__(self, scenario: Scenario, *, first: int = 1) -> Iterator[Measured]:
        """Yield what is measured of each day of a scenario, from day number `first` on."""
