"""What the attacks need: a home with users and rules, and its broker."""

from collections.abc import Iterator

import pytest

from simulators.testing.servers import Mosquitto
from tests.security.harness.homes import Home


@pytest.fixture(scope="module")
def home(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Start the broker of a home; `broker` is asked for so that a missing one is reported."""
    assert broker.pid
    home = Home(tmp_path_factory.mktemp("home"))
    with home.server:
        yield home
