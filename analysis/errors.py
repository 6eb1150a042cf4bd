"""What can go wrong, and what the caller should do about it.

::

    MonitorError                  anything a caller may want to catch as a whole
    |- InputError (ValueError)    data from outside is wrong: drop it, count it, go on
    |  |- PacketError             bytes that are not a valid packet
    |  |- SamplesError            samples with the wrong shape, rate or value
    |  `- RecordingError          a file that cannot be read (any further)
    |- SettingsError (ValueError) a setting is wrong: stop at start, name the key
    |- DeliveryError              the other side did not accept: keep it, try again
    |  `- RejectedError           the other side never will: set it aside and show it
    `- StoreError                 the disk or the journal failed: stop acknowledging
"""


class MonitorError(Exception):
    """The root of every error that Spryhound raises on purpose."""


class InputError(MonitorError, ValueError):
    """Data from outside is wrong."""


class PacketError(InputError):
    """Bytes are not a valid packet.

    Attributes
    ----------
    cause
        One short word for the counter of drops, such as ``"encoding"`` or ``"rate"``.
    """

    def __init__(self, message: str, *, cause: str = "malformed") -> None:
        super().__init__(message)
        self.cause = cause


class SamplesError(InputError):
    """Samples have the wrong shape, rate or value."""


class RecordingError(InputError):
    """A recording cannot be read, or not beyond the place that the message names."""


class SettingsError(MonitorError, ValueError):
    """A setting is wrong; the message names every key at fault, one a line."""


class DeliveryError(MonitorError):
    """The other side did not accept something now; the same thing may be tried again.

    Attributes
    ----------
    retry_after_s
        How long the other side asked to be left alone, if it said so.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RejectedError(DeliveryError):
    """The other side will never accept this; trying again is pointless."""


class StoreError(MonitorError):
    """The disk or the journal failed."""
