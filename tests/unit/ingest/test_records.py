"""Rows of the outbox survive the way to bytes and back; anything else is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.model import AlertChange, Level, Status
from ingest.records import PendingNotification, decode_notification, encode_notification


def pending(**evidence: float) -> PendingNotification:
    change = AlertChange(
        id="a1",
        dog="rex",
        kind="stiff_gait",
        severity=Level.WARNING,
        status=Status.OPEN,
        onset_s=1.0,
        time_s=2.5,
        evidence=evidence,
        notify=True,
    )
    return PendingNotification(change=change, dog_name="Rex", zone="Europe/Berlin", stored=True)


def test_a_notification_comes_back_as_it_was() -> None:
    """The frozen records compare by value."""
    assert decode_notification(encode_notification(pending(index=-1.5))) == pending(index=-1.5)


def test_evidence_that_is_not_finite_is_left_out() -> None:
    """JSON has no nan, and the owner has no use for it."""
    body = encode_notification(pending(index=-1.5, z=math.nan, days=math.inf))

    assert decode_notification(body).change.evidence == {"index": -1.5}


def test_an_unknown_time_zone_is_refused() -> None:
    """Quiet hours cannot be kept in a zone that does not exist."""
    body = encode_notification(pending()).replace(b"Europe/Berlin", b"Europe/Nowhere")

    with pytest.raises(InputError, match=r"Europe/Nowhere.*expected an IANA name"):
        decode_notification(body)


@pytest.mark.parametrize("onset", [b"253402300799.0", b"1e300", b"-1e15"])
def test_a_time_beyond_the_calendar_is_refused(onset: bytes) -> None:
    """No wording can name it; the first is the end of the year 9999, an hour later in Berlin."""
    body = encode_notification(pending()).replace(b'"onset_s":1.0', b'"onset_s":' + onset)

    with pytest.raises(InputError, match="expected a time of the calendar"):
        decode_notification(body)


@given(st.binary(max_size=80))
def test_any_bytes_are_refused_with_an_input_error(body: bytes) -> None:
    """A row that was damaged must not stop the ones behind it."""
    with pytest.raises(InputError, match="is not a notification"):
        decode_notification(body)
