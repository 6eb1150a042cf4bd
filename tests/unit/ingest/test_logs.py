"""What is printed is one line an event, bounded, and holds nobody's password."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import SecretStr

from config.machine_settings import Mqtt
from config.types import revealed
from ingest.logs import LogLimit, configure_logs
from simulators.testing.fakes import ManualClock

SECRET = "hunter2-3f9ab7"  # noqa: S105  # not a secret of anybody


@pytest.fixture
def clock() -> Iterator[ManualClock]:
    """Set the logs up, and back again afterwards."""
    clock, handlers = ManualClock(0.0), logging.getLogger().handlers
    configure_logs(logging.INFO, clock)
    yield clock
    structlog.reset_defaults()
    logging.getLogger().handlers = handlers


def test_a_traceback_shows_no_values_of_variables(
    clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else a fault while connecting would print the password that was to be used."""
    assert clock.now_s() == 0.0
    mqtt = Mqtt(user="spryhound", password=SecretStr(SECRET))
    try:
        _fail(mqtt)
    except ValueError:
        structlog.get_logger("x").exception("failed")

    said = capsys.readouterr().out
    assert "ValueError: a fault" in said
    assert SECRET not in said + repr(mqtt)


def _fail(mqtt: Mqtt) -> None:
    hidden = revealed(mqtt.password)
    msg = "a fault"
    raise ValueError(msg) if hidden else RuntimeError(msg)


@pytest.mark.usefixtures("clock")
def test_nothing_from_outside_can_begin_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("x").warning("refused", path="a\r\n2026-11-26 [info] alert_sent")

    (line,) = capsys.readouterr().out.splitlines()
    assert "refused" in line


@pytest.mark.usefixtures("clock")
def test_what_libraries_say_is_bounded_too(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(200):
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 60
    assert "uvicorn.error" in lines[0]


def test_one_event_is_printed_so_often_a_minute_and_then_counted() -> None:
    """Three of five are printed; the first of the next minute says that two were not."""
    clock = ManualClock(0.0)
    limit = LogLimit(clock, most=3)
    printed = 0
    for _ in range(5):
        try:
            limit(None, "", {"event": "flood"})
        except structlog.DropEvent:
            continue
        printed += 1
    assert printed == 3
    assert "left_out" not in limit(None, "", {"event": "another"})

    clock.advance(60.0)

    assert limit(None, "", {"event": "flood"})["left_out"] == 2
