"""What an answer other than yes means, in words that say what to do."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import msgspec

from analysis.errors import DeliveryError, RejectedError

_LONGEST_TEXT = 300

_ADVICE = {
    401: "not let in; check influx.token, or influx.user and influx.password",
    403: "let in but not allowed to; give the token or user the right to read and write the bucket",
    404: "has no such bucket, database or organisation; create it or check influx.bucket and org",
    408: "took too long",
    413: "says that this is too large",
    429: "asks to be left alone for a while",
}


class TooLargeError(DeliveryError):
    """A request was larger than the server takes; send less at once."""


def refusal(status: int, headers: Mapping[str, str], text: str) -> DeliveryError:
    """Return the error for an answer with some status.

    Parameters
    ----------
    headers
        Names in lower case.
    text
        What the server said, without secrets.
    """
    words = " ".join(_message(text).split())[:_LONGEST_TEXT]
    said = f" ({words})" if words else ""
    if status in {400, 422}:
        return RejectedError(f"InfluxDB refused it for good: {status}{said}")
    advice = _ADVICE.get(status, "has trouble; look at its log" if status >= 500 else "refused")
    message = f"InfluxDB {advice}: {status}{said}"
    if status == 413:
        return TooLargeError(message)
    return DeliveryError(message, retry_after_s=retry_after_s(headers))


def _message(text: str) -> str:
    """Return what a body says: version 1 has it under ``error``, later ones under ``message``."""
    try:
        body = msgspec.json.decode(text, type=dict[str, object])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return text
    return str(body.get("message") or body.get("error") or text)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return how long the server asks to be left alone, in seconds, if it does.

    A date is taken against the server's own ``Date``, so that no clock here matters.

    Examples
    --------
    >>> retry_after_s({"retry-after": "7"})
    7.0
    """
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
        wait = until - parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())
