"""Claim "fault matrix": the quick part of it, one seeded run for every fault."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from simulators.servers import ServerMissingError, servers_required
from tests.faults.faults import FAULTS
from tests.faults.runs import Laboratory

pytestmark = [
    pytest.mark.slow,
    pytest.mark.broker,
    pytest.mark.influx,
    pytest.mark.timeout(200),
]

UNHARMED = {"nothing", "second daemon"}
"""Faults without a kill, which must not lead to a message said twice either."""


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    laboratory = Laboratory(tmp_path_factory.mktemp("faults"))
    with ExitStack() as stack:
        try:
            stack.enter_context(laboratory)
        except ServerMissingError as error:
            if servers_required():
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield laboratory


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_repeated_or_different(laboratory: Laboratory, fault: str) -> None:
    run = laboratory.run(fault, seed=1)

    verdict = run.verdict
    assert verdict.differences == ()
    assert (verdict.expected, verdict.delivered) == (1, 1)
    assert (verdict.repeated, verdict.lost) == (0, 0)
    if fault != "nothing":
        assert run.injected > 0
    if fault in UNHARMED:
        assert verdict.told_again == 0
