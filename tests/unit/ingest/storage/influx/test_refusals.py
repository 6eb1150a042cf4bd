"""What an answer means: try again, and when; or never, and why."""

import pytest

from analysis.errors import DeliveryError, RejectedError
from ingest.storage.influx.client import TooLargeError, refusal, retry_after_s


@pytest.mark.parametrize("status", [400, 422])
def test_a_bad_line_is_refused_for_good(status: int) -> None:
    error = refusal(status, {}, '{"error":"partial write: field type conflict"}')

    assert isinstance(error, RejectedError)
    assert "partial write: field type conflict" in str(error)


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "check influx.token"),
        (403, "the right to read and write"),
        (404, "create it or check influx.bucket"),
        (408, "took too long"),
        (429, "left alone"),
        (500, "look at its log"),
        (503, "look at its log"),
        (302, "refused"),
        (418, "refused"),
    ],
)
def test_everything_else_may_be_tried_again_and_says_what_to_do(status: int, advice: str) -> None:
    """A token that was changed must not cost data."""
    error = refusal(status, {}, "")

    assert type(error) is DeliveryError
    assert advice in str(error)
    assert str(status) in str(error)


def test_a_body_that_is_too_large_is_told_apart() -> None:
    assert isinstance(refusal(413, {}, ""), TooLargeError)


def test_what_the_server_says_is_cut_short_and_on_one_line() -> None:
    error = refusal(503, {}, "<html>\n" + "x" * 5000)

    assert len(str(error)) < 400
    assert "\n" not in str(error)


def test_the_wait_it_asks_for_is_in_the_error() -> None:
    assert refusal(429, {"retry-after": "17"}, "").retry_after_s == 17.0


DATE = "Tue, 24 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected_s"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "Tue, 24 Nov 2026 12:01:30 GMT", "date": DATE}, 90.0),
        ({"retry-after": "Tue, 24 Nov 2026 11:00:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Tue, 24 Nov 2026 12:01:30 GMT"}, None),
        ({"retry-after": "Tue, 24 Nov 2026 12:01:30 -0000", "date": DATE}, None),
        ({"retry-after": "soon", "date": DATE}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "nan"}, None),
    ],
    ids=str,
)
def test_a_wait_is_read_from_seconds_or_a_date(
    headers: dict[str, str], expected_s: float | None
) -> None:
    assert retry_after_s(headers) == expected_s
