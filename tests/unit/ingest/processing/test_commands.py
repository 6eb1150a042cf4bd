"""Commands are read strictly: one thing at a time, and clear words for anything else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from ingest.processing.commands import (
    Acknowledge,
    Command,
    FalseAlarm,
    LogEntry,
    Snooze,
    encode_command,
    parse_command,
    stored_command,
)

TOPIC = "spryhound/v1/dogs/rex/command"


def test_an_acknowledgement_names_the_alert() -> None:
    assert parse_command(TOPIC, b'{"ack": "a1"}') == Acknowledge(dog="rex", alert_id="a1")


def test_a_false_alarm_names_the_alert() -> None:
    command = parse_command(TOPIC, b'{"false_alarm": "a1"}')

    assert command == FalseAlarm(dog="rex", alert_id="a1")


def test_a_diary_entry_is_passed_on() -> None:
    command = parse_command(TOPIC, b'{"log": {"dose": "x"}}')

    assert command == LogEntry(dog="rex", entry={"dose": "x"})


def test_a_snooze_has_a_kind_and_an_end() -> None:
    """07:00 in Berlin's winter is 06:00 UTC."""
    body = b'{"snooze": {"kind": "jumping", "until": "2026-11-24T07:00:00+01:00"}}'

    snooze = parse_command(TOPIC, body)

    assert isinstance(snooze, Snooze)
    assert (snooze.kind, snooze.until_s) == ("jumping", 1795500000.0)


def test_a_snooze_may_last_until_the_end_of_the_century() -> None:
    """The first moment of 2100 is 4,102,444,800 s after that of 1970."""
    body = b'{"snooze": {"kind": "jumping", "until": "2100-01-01T00:00:00Z"}}'

    snooze = parse_command(TOPIC, body)

    assert isinstance(snooze, Snooze)
    assert snooze.until_s == 4_102_444_800.0


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{}", "expected one of ack"),
        (b'{"ack": "a", "false_alarm": "a"}', "expected one of ack"),
        (b'{"ack": 5}', "cannot be read"),
        (b'{"acknowledge": "a"}', "unknown field"),
        (b'{"snooze": {"kind": "x", "until": "2026-11-24T07:00:00"}}', "has no offset"),
        (
            b'{"snooze": {"kind": "x", "until": "9999-12-31T23:59:59-12:00"}}',
            "before the year 2100",
        ),
        (b'{"snooze": {"kind": "x", "until": "2100-01-01T00:00:01Z"}}', "before the year 2100"),
        (b'{"log": {"note": "' + b"x" * 20_000 + b'"}}', "expected at most 16384"),
        (b"[" * 10_000, "cannot be read"),
    ],
)
def test_what_is_no_command_is_refused_with_the_reason(body: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        parse_command(TOPIC, body)


@pytest.mark.parametrize("topic", ["spryhound/v1/dogs/rex/state", "command", "a/dogs//command"])
def test_another_topic_carries_no_commands(topic: str) -> None:
    with pytest.raises(InputError, match="carries no commands"):
        parse_command(topic, b'{"ack": "a1"}')


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_with_an_input_error(body: bytes) -> None:
    with pytest.raises(InputError, match="command"):
        parse_command(TOPIC, body)


@pytest.mark.parametrize(
    "command",
    [
        Acknowledge(dog="rex", alert_id="a1"),
        FalseAlarm(dog="rex", alert_id="a1"),
        Snooze(dog="rex", kind="jumping", until=datetime(2026, 11, 24, 7, tzinfo=UTC)),
        LogEntry(dog="rex", entry={"kind": "note", "text": "slept well"}),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_command_comes_back_from_the_store_as_it_was(command: Command) -> None:
    assert stored_command(encode_command(command)) == command


def test_a_snooze_that_an_earlier_version_left_in_the_outbox_is_read() -> None:
    """It wrote every part, those that were not set as null."""
    body = (
        b'{"dog":"rex","ack":null,"false_alarm":null,'
        b'"snooze":{"kind":"jumping","until":"2026-11-24T07:00:00+01:00"},"log":null}'
    )

    snooze = stored_command(body)

    assert isinstance(snooze, Snooze)
    assert (snooze.dog, snooze.kind, snooze.until_s) == ("rex", "jumping", 1795500000.0)


@pytest.mark.parametrize("body", [b'{"ack": "a"}', b'{"dog": 5, "ack": "a"}', b'{"dog": "a/b"}'])
def test_a_command_in_the_store_names_its_dog(body: bytes) -> None:
    with pytest.raises(InputError, match="command is for dog"):
        stored_command(body)


def test_a_message_cannot_name_another_dog_than_its_topic() -> None:
    with pytest.raises(InputError, match="unknown field"):
        parse_command(TOPIC, b'{"ack": "a1", "dog": "bella"}')
