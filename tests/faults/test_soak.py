"""Some days through a real daemon at high speed; sixty are ``python -m tests.faults.soak``."""

import pytest

from simulators.servers import ServerMissingError, servers_required
from tests.faults.soak import measure

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(300)]

PER_DAY = 1440
UNSAVED = 2000
"""Packets that come before a daemon at high speed saves its state; those are never pruned."""


def test_the_journal_keeps_its_bound_at_any_speed() -> None:
    """A megabyte is a hundred packets of a minute; ten times more would be kept without pruning."""
    try:
        looks = measure(6, journal_mb=1)
    except ServerMissingError as error:
        if servers_required():
            pytest.fail(str(error))
        pytest.skip(str(error))

    assert looks[-1].day >= 4
    assert looks[-1].n_journal < 2 * UNSAVED < 4 * PER_DAY
