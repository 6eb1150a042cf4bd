"""Time zones whose clocks change in the midst of the story."""

import random
import struct
import zoneinfo
from pathlib import Path

from simulators.testing.sample_recording import BOUTS, START_S

FOLDER = "zones"
"""Folder in a home in which its own zones are, as the system's are in theirs."""

_HOUR_S = 3600
_STORY_S = sum(length_s for _, length_s in BOUTS)


def look_for_zones(home: Path) -> None:
    """Let this process find the zones of a home beside those of the system."""
    others = [each for each in zoneinfo.TZPATH if Path(each).name != FOLDER]
    zoneinfo.reset_tzpath([str(home / FOLDER), *others])


def write_zone(home: Path, rng: random.Random) -> str:
    """Write a zone in which summer time begins or ends amid the story, and return its name.

    It is noon there when the story begins, or shortly before midnight, so that the clock passes
    midnight once, or twice.
    """
    name = f"Trial/{home.name}"
    changes_s = round(START_S + _STORY_S * rng.uniform(0.2, 0.8))
    before_s = rng.choice((0, 12 * _HOUR_S - 120))
    after_s = before_s + rng.choice((-_HOUR_S, _HOUR_S))
    path = home / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_tzif(changes_s, before_s, after_s))
    return name


def _tzif(changes_s: int, before_s: int, after_s: int) -> bytes:
    """Return a file as of RFC 8536, version 1: one change, two offsets from UTC."""
    names = b"AAA\0BBB\0"
    head = struct.pack(">4s16x6l", b"TZif", 0, 0, 0, 1, 2, len(names))
    first = struct.pack(">l?B", before_s, after_s < before_s, 0)
    second = struct.pack(">l?B", after_s, after_s > before_s, 4)
    return head + struct.pack(">lB", changes_s, 1) + first + second + names
