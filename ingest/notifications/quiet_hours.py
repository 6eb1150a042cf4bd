"""Hours of the night in which only what is urgent may wake the owner."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

_MINUTE_S = 60
_LONGEST_MIN = 26 * 60
_DAY_S = 86_400.0
# A day within the years 1 and 9999, beyond which no zone has a wall clock to ask.
_FIRST_S = -62_135_596_800.0 + _DAY_S
_LAST_S = 253_402_300_800.0 - _DAY_S


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From one local time to another, across midnight if the second is the earlier one.

    Equal times mean that no hour is quiet.
    """

    starts: time = time(22, 0)
    ends: time = time(7, 0)

    def hold(self, time_s: float, zone: str) -> bool:
        """Return whether the wall clock of a zone is within them; never beyond the calendar."""
        if not _FIRST_S <= time_s <= _LAST_S:
            return False
        local = datetime.fromtimestamp(time_s, tz=ZoneInfo(zone)).time()
        if self.starts <= self.ends:
            return self.starts <= local < self.ends
        return local >= self.starts or local < self.ends

    def end_s(self, time_s: float, zone: str) -> float:
        """Return the first whole minute, from a time on, that is not quiet.

        Notes
        -----
        Asks the wall clock minute by minute: at most some 1500 questions, and right in the
        nights in which 02:30 does not exist or comes twice.
        """
        if not self.hold(time_s, zone):
            return time_s
        first_s = (time_s // _MINUTE_S + 1) * _MINUTE_S
        for minute in range(_LONGEST_MIN):
            if not self.hold(first_s + minute * _MINUTE_S, zone):
                return first_s + minute * _MINUTE_S
        return first_s + _LONGEST_MIN * _MINUTE_S
