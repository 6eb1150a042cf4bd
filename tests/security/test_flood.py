"""Thousands of hostile messages change nothing of a dog's own results, and are all counted.

A million are sent by ``python -m tests.security.harness.flood``;
docs/reliability.md has its figures.
"""

from pathlib import Path

import pytest

from simulators.testing.servers import Mosquitto
from tests.security.harness.flood import flood

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(150)]


def test_hostile_messages_among_a_dogs_own_are_counted_and_change_nothing(
    broker: Mosquitto, tmp_path: Path
) -> None:
    """No error is logged, each message is where it belongs, and the one alert is told once."""
    outcome = flood(tmp_path / "home", broker.port, 4000)

    assert outcome.faults == ()
    assert outcome.aside + outcome.kept + outcome.repeats == 4000 + outcome.real
    assert min(outcome.aside, outcome.kept, outcome.repeats) > 30
    assert outcome.most_mb < outcome.early_mb + 50.0
    assert outcome.log_bytes < 20_000
