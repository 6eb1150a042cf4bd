"""Some days through a real daemon at high speed; sixty are ``python -m tests.faults.soak``."""

from pathlib import Path

import pytest

from simulators.testing.servers import Mosquitto
from tests.faults.soak import measure

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(300)]

PER_DAY = 1440
UNSAVED = 2000
"""Packets that come before a daemon at high speed saves its state; those are never pruned."""


def test_the_journal_keeps_its_bound_at_any_speed(tmp_path: Path, broker: Mosquitto) -> None:
    """A megabyte is some hundred packets of a minute; without pruning all of them would be kept."""
    looks = measure(tmp_path, broker, 6, journal_mb=1)

    assert looks[-1].day >= 4
    assert looks[-1].n_journal < 2 * UNSAVED < 4 * PER_DAY
