"""`spryhound run` before it listens; the rest is in tests/end_to_end/test_daemon_life.py."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from ingest.cli.run import _stop_on_signals

Type = Callable[..., Result]


@pytest.fixture
def handlers() -> Iterator[None]:
    """Put back whoever heard the signals before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_without_a_dog_it_says_what_to_do(spryhound: Type, home: Path) -> None:
    (home / "spryhound.toml").write_text('[home]\ntime_zone = "UTC"\n')

    result = spryhound("run")

    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "no dog under [dogs]; run `spryhound init`" in line


@pytest.mark.usefixtures("handlers")
def test_the_first_signal_asks_and_the_second_insists() -> None:
    stop = _stop_on_signals()
    assert not stop.is_set()

    signal.raise_signal(signal.SIGTERM)
    assert stop.is_set()

    with pytest.raises(SystemExit, match="143"):
        signal.raise_signal(signal.SIGTERM)
