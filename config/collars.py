"""Which dog wears which collar, and when."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from itertools import combinations
from math import inf
from zoneinfo import ZoneInfo

from pydantic import Field

from config.machine_settings import Table
from config.types import Id, Moment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Collar(Table):
    """Which dog wears a collar, from `from` to just before `until`."""

    id: Id = Field(description="what the collar calls itself", examples=["collar1"])
    dog: Id = Field(description="the dog that wears it", examples=["rex"])
    from_: Moment | None = Field(
        default=None,
        alias="from",
        description="first day, or date and time; always, if left out",
        examples=[date(2026, 11, 1)],
    )
    until: Moment | None = Field(
        default=None,
        description="first day on which it no longer does; for ever, if left out",
        examples=[date(2027, 11, 1)],
    )

    def span_s(self, zone: str) -> tuple[float, float]:
        """Return from when until when in Unix seconds, infinite if not said."""
        return _instant_s(self.from_, zone, -inf), _instant_s(self.until, zone, inf)


def collar_faults(
    collars: Mapping[int, Collar], dogs: Collection[str], zone: str | None
) -> list[str]:
    """Return a line for each collar that fits no dog, ends too early or overlaps another.

    Parameters
    ----------
    collars
        Those that could be read, by their place in the file.
    dogs
        Ids under ``[dogs]``.
    zone
        Where dates without an offset lie; without it dates are not compared.
    """
    faults = [
        f"collars.{place}.dog: got {each.dog!r}, expected a dog under [dogs]"
        for place, each in collars.items()
        if each.dog not in dogs
    ]
    if zone is None:
        return faults
    spans = {place: each.span_s(zone) for place, each in collars.items()}
    faults += [
        f"collars.{place}.until: expected a time after 'from'"
        for place, (start_s, end_s) in spans.items()
        if end_s <= start_s
    ]
    for (i, one), (j, two) in combinations(collars.items(), 2):
        shared = one.id == two.id or one.dog == two.dog
        if shared and spans[i][0] < spans[j][1] and spans[j][0] < spans[i][1]:
            what = f"collar {one.id!r}" if one.id == two.id else f"dog {one.dog!r}"
            faults.append(f"collars.{j}: dates overlap those of collars.{i} for {what}")
    return faults


def wearer(collars: Sequence[Collar], collar: str, time_s: float, zone: str) -> str | None:
    """Return the dog that wears a collar at a Unix time, or None."""
    for each in collars:
        if each.id != collar:
            continue
        start_s, end_s = each.span_s(zone)
        if start_s <= time_s < end_s:
            return each.dog
    return None


def _instant_s(when: date | None, zone: str, default_s: float) -> float:
    """Return Unix seconds; a date begins at local midnight, a time without offset is local."""
    if when is None:
        return default_s
    moment = when if isinstance(when, datetime) else datetime.combine(when, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return (moment - _EPOCH).total_seconds()
