"""A few runs of every fault; the whole matrix is ``python -m tests.faults``."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from simulators.testing.servers import ServerMissingError, servers_required
from tests.faults.harness.faults import FAULTS
from tests.faults.harness.stories import story
from tests.faults.harness.verdict import holds, judge, stored, undisturbed
from tests.faults.runs import MAY_LOSE_PACKETS, Laboratory, Run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.broker,
    pytest.mark.influx,
    pytest.mark.timeout(180),
]


UNHARMED = {"nothing", "second daemon"}
"""Faults without a kill, which must not lead to a message said twice either."""


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """Start the servers and load the program, once for all runs."""
    try:
        with Laboratory(tmp_path_factory.mktemp("faults")) as made:
            yield made
    except ServerMissingError as error:
        if servers_required():
            pytest.fail(str(error))
        pytest.skip(str(error))


def assert_nothing_lost_or_repeated(run: Run) -> None:
    assert run.verdict.is_good, run
    assert run.verdict.delivered == run.verdict.expected
    if run.fault not in MAY_LOSE_PACKETS:
        assert run.verdict.kept == run.verdict.packets
        assert run.verdict.expected == 1
    assert run.injected >= (run.fault != "nothing")
    # One that was ended at a statement was at work, whatever the journal held then.
    assert run.fault == "nothing" or run.n_amid or run.stopped
    if run.fault in UNHARMED:
        assert run.verdict.told_again == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_matrix(laboratory: Laboratory, fault: str) -> None:
    """The verdict is always the same: all that an undisturbed replay gives, and once."""
    assert_nothing_lost_or_repeated(laboratory.run(fault, seed=1))


def test_what_was_lost_before_the_broker_is_a_gap_and_not_rest(laboratory: Laboratory) -> None:
    """A minute in the midst never comes: nobody says that the dog rested then."""
    with laboratory.rig("holes") as rig:
        trial = rig.trial
        trial.begin()
        sent = [*story()[:90], *story()[120:]]
        trial.send(sent, [], lambda: None)
        answer = undisturbed(trial.home, sent)
        assert trial.settle(lambda: holds(trial, answer))
        minutes = stored(trial.home, "minute")

    rest_s, worn_s = (
        sum(float(str(each.fields[name])) for each in minutes) for name in ("rest_s", "worn_s")
    )
    # Seven minutes of the story are whole, and of these one never came.
    assert worn_s == pytest.approx(6 * 60.0, abs=2.0)
    assert rest_s < worn_s


def test_the_verdict_would_speak(laboratory: Laboratory) -> None:
    """A home that heard nothing of the jump is judged by the whole story, and the other way."""
    with laboratory.rig("lacking") as rig:
        trial = rig.trial
        trial.begin()
        sent = story()[:60]
        trial.send(sent, [], lambda: None)
        assert trial.settle(lambda: trial.n_packets() == len(sent))
        whole = undisturbed(trial.home, story())
        lacking = judge(trial, len(story()), whole)

    assert (lacking.expected, lacking.delivered, lacking.lost) == (1, 0, 1)
    assert lacking.packets - lacking.kept == len(story()) - 60
    assert any("InfluxDB: event" in each for each in lacking.differences)


def test_the_verdict_counts_a_second_alert(laboratory: Laboratory) -> None:
    """One alert too many, in the store and on the phone, is called repeated."""
    with laboratory.rig("repeating") as rig:
        trial = rig.trial
        trial.begin()
        trial.send(story(), [], lambda: None)
        answer = undisturbed(trial.home, story())
        assert trial.settle(lambda: trial.n_packets() == len(story()))
        none = replace(answer, points={**answer.points, "alert": ()}, messages=())
        repeating = judge(trial, len(story()), none)

    assert repeating.expected == 0
    assert repeating.repeated >= 2
