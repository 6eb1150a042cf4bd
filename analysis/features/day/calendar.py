"""Days and nights in a dog's own time zone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from analysis.model.dog import DogProfile

_HOUR_S = 3600.0


class Calendar:
    """Cuts Unix time into the dog's days, which are 23 to 25 hours long."""

    def __init__(self, profile: DogProfile) -> None:
        self._zone = ZoneInfo(profile.time_zone)
        self._night_from, self._night_until = profile.night_from, profile.night_until

    def date_of(self, time_s: float) -> date:
        """Return the local date of a Unix time."""
        return self._local(time_s).date()

    def bounds_s(self, day: date) -> tuple[float, float]:
        """Return the Unix times of the two midnights of a date."""
        return self._midnight_s(day), self._midnight_s(day + timedelta(days=1))

    def day_bounds_s(self, time_s: float) -> tuple[float, float]:
        """Return the Unix times of the two midnights around a Unix time."""
        return self.bounds_s(self.date_of(time_s))

    def hour_bounds_s(self, time_s: float) -> tuple[float, float]:
        """Return the Unix times of the hour around a Unix time, counted from local midnight."""
        midnight_s, end_s = self.day_bounds_s(time_s)
        start_s = midnight_s + (time_s - midnight_s) // _HOUR_S * _HOUR_S
        return start_s, min(start_s + _HOUR_S, end_s)

    def clock_h(self, time_s: float) -> int:
        """Return the hour of the local clock, 0 to 23."""
        return self._local(time_s).hour

    def is_day_before(self, one: str, other: str) -> bool:
        """Return whether one ISO date is the day before the other; "" is no date."""
        return bool(one) and date.fromisoformat(one) + timedelta(days=1) == date.fromisoformat(
            other
        )

    def night_ends(self, time_s: float) -> date | None:
        """Return the date of the morning on which the night around a Unix time ends, if any."""
        if not self.is_night(time_s):
            return None
        local = self._local(time_s)
        over_midnight = self._night_from > self._night_until
        before_midnight = over_midnight and local.time() >= self._night_from
        return local.date() + timedelta(days=int(before_midnight))

    def is_night(self, time_s: float) -> bool:
        """Return whether the dog is expected to sleep at a Unix time."""
        local = self._local(time_s).time()
        if self._night_from <= self._night_until:
            return self._night_from <= local < self._night_until
        return local >= self._night_from or local < self._night_until

    def _local(self, time_s: float) -> datetime:
        return _local(time_s, self._zone)

    def _midnight_s(self, day: date) -> float:
        return datetime.combine(day, time(), tzinfo=self._zone).timestamp()


@lru_cache(maxsize=4096)
def _local(time_s: float, zone: ZoneInfo) -> datetime:
    # Days, plan and walks each ask several times for the same minute: two days of them are kept.
    return datetime.fromtimestamp(time_s, tz=UTC).astimezone(zone)
