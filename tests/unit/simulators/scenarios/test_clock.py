"""The clock of a story that is told faster than it happens."""

from simulators.scenarios.clock import StoryClock


def test_it_shows_the_story_and_never_goes_back() -> None:
    clock = StoryClock(1000.0)

    clock.show(2000.0)
    clock.show(1500.0)

    assert clock.now_s() == 2000.0


def test_waiting_takes_as_long_as_it_always_did() -> None:
    """A jump of the story by a year is no time that passed."""
    clock = StoryClock(0.0)
    before_s = clock.monotonic_s()

    clock.show(31_536_000.0)

    assert 0.0 <= clock.monotonic_s() - before_s < 60.0
