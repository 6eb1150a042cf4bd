"""Days and nights in a dog's own time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from analysis.dog import DogProfile


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

    def is_night(self, time_s: float) -> bool:
        """Return whether the dog is expected to sleep at a Unix time."""
        local = self._local(time_s).time()
        if self._night_from <= self._night_until:
            return self._night_from <= local < self._night_until
        return local >= self._night_from or local < self._night_until

    def _local(self, time_s: float) -> datetime:
        return datetime.fromtimestamp(time_s, tz=UTC).astimezone(self._zone)

    def _midnight_s(self, day: date) -> float:
        return datetime.combine(day, time(), tzinfo=self._zone).timestamp()
