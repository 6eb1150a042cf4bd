"""Collars change dogs at local midnight or at a time of day, and never overlap."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from config.schema import Settings

Read = Callable[..., Settings]
Faults = Callable[..., list[str]]
BERLIN = "[home]\ntime_zone = 'Europe/Berlin'\n[dogs.rex]\nname='R'\n[dogs.max]\nname='M'\n"


def collar(collar_id: str, dog: str, more: str = "") -> str:
    return f"[[collars]]\nid = '{collar_id}'\ndog = '{dog}'\n{more}\n"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("2026-07-01T08:00:00", datetime(2026, 7, 1, 6, tzinfo=UTC)),
        ("2026-07-01T08:00:00-05:00", datetime(2026, 7, 1, 13, tzinfo=UTC)),
    ],
)
def test_a_date_begins_at_local_midnight(read: Read, start: str, expected: datetime) -> None:
    settings = read(BERLIN + collar("c1", "rex", f"from = {start}"))
    start_s = expected.timestamp()

    assert settings.dog_of("c1", start_s - 0.001) is None
    assert settings.dog_of("c1", start_s) == "rex"
    assert settings.dog_of("c2", start_s) is None


def test_a_stretch_may_end_where_the_next_begins(read: Read) -> None:
    settings = read(
        BERLIN
        + collar("c1", "rex", "until = 2026-07-01")
        + collar("c1", "max", "from = 2026-07-01T00:00:00+02:00")
    )

    assert settings.dog_of("c1", 0.0) == "rex"
    assert settings.dog_of("c1", 2e9) == "max"


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (collar("c1", "rex", "from = 2026-07-01\nuntil = 2026-07-01"), "0.until: expected a time"),
        (collar("c1", "rex", "from = 2026-07-02\nuntil = 2026-07-01"), "0.until: expected a time"),
        (collar("c1", "rex") + collar("c1", "max"), "those of collars.0 for collar 'c1'"),
        (collar("c1", "rex") + collar("c2", "rex"), "those of collars.0 for dog 'rex'"),
        (
            collar("c1", "rex", "until = 2026-07-01")
            + collar("c1", "max", "from = 2026-07-01T00:00:00+02:01"),
            "collars.1: dates overlap",
        ),
        (collar("c1", "bob"), "collars.0.dog: got 'bob', expected a dog under [dogs]"),
    ],
)
def test_what_cannot_be_is_a_fault(faults: Faults, tables: str, said: str) -> None:
    (line,) = faults(BERLIN + tables)

    assert said in line
