"""How a dog is right now: silence is never rest."""

from dataclasses import replace

import pytest

from analysis.model import Minute
from ingest.web.pages.today import LatestData, Seen, kind_of, now_of

NOW_S = 1_795_529_400.0
ZONE = "Europe/Berlin"


def minute(
    ago_min: float, *, rest_s: float = 0.0, light_s: float = 0.0, walk_s: float = 0.0
) -> Minute:
    worn_s = rest_s + light_s + walk_s
    return Minute(
        start_s=NOW_S - 60.0 * ago_min,
        worn_s=worn_s,
        vedba_g=0.01,
        rest_s=rest_s,
        light_s=light_s,
        walk_s=walk_s,
        vigorous_s=0.0,
    )


def heard(minutes: list[Minute], packet_s: float | None) -> LatestData:
    return LatestData(minutes=minutes, packet_s=packet_s, now_s=NOW_S, zone=ZONE)


def test_a_dog_that_was_never_heard_is_said_to_be_unknown() -> None:
    now = now_of("Rex", heard([], None))

    assert now.seen is Seen.NOTHING
    assert now.loud


def test_three_hours_of_silence_are_no_data_and_not_rest() -> None:
    """The last thing heard was rest, as it is when a dog falls asleep and the collar dies."""
    now = now_of("Rex", heard([minute(181.0, rest_s=60.0)], NOW_S - 10_800.0))

    assert now.seen is Seen.NO_DATA
    assert now.loud
    assert now.sentence == "No data from Rex for 3 h."
    assert "does not mean rest" in now.detail
    assert "resting" not in now.sentence + now.detail


def test_the_newest_of_packet_and_minute_counts_as_heard() -> None:
    """Nine minutes are within the ten that still speak of now."""
    now = now_of("Rex", heard([minute(3.0, rest_s=60.0)], NOW_S - 540.0))

    assert now.seen is Seen.RESTING


@pytest.mark.parametrize(
    ("ago_min", "seen"), [(38.0, Seen.VERY_STILL), (42.0, Seen.NO_DATA)], ids=["held", "lost"]
)
def test_without_the_time_of_packets_held_minutes_are_waited_for(
    ago_min: float, seen: Seen
) -> None:
    """A still collar's minutes come up to 30 minutes late; after 40 there is no excuse."""
    now = now_of("Rex", heard([minute(ago_min, rest_s=60.0)], None))

    assert now.seen is seen
    assert now.loud


def test_packets_without_minutes_are_very_still_or_off_and_not_rest() -> None:
    now = now_of("Rex", heard([minute(20.0, rest_s=60.0)], NOW_S - 30.0))

    assert now.seen is Seen.VERY_STILL
    assert "look at Rex" in now.detail
    assert not now.loud


def test_a_collar_that_is_not_worn_says_nothing_of_the_dog() -> None:
    worn, off = minute(40.0, rest_s=60.0), [minute(ago) for ago in (30.0, 2.0)]
    now = now_of("Rex", heard([worn, *off], NOW_S - 30.0))

    assert now.seen is Seen.NOT_WORN
    assert now.loud
    assert now.sentence.endswith("since today, 14:40.")


@pytest.mark.parametrize(
    ("kinds", "seen"),
    [
        ({"rest_s": 60.0}, Seen.RESTING),
        ({"rest_s": 47.0, "light_s": 13.0}, Seen.LIGHT),
        ({"rest_s": 48.0, "light_s": 12.0}, Seen.RESTING),
        ({"rest_s": 48.0, "walk_s": 12.0}, Seen.WALKING),
        ({"rest_s": 49.0, "walk_s": 11.0}, Seen.RESTING),
    ],
)
def test_seconds_at_each_intensity_decide(kinds: dict[str, float], seen: Seen) -> None:
    """Walking from a fifth of the time on, rest from four fifths on."""
    assert kind_of([minute(1.0, **kinds)]) is seen


def test_rest_is_counted_over_a_turn_but_not_over_a_walk() -> None:
    """20 minutes of rest with one of turning over; before that a walk."""
    walk = [minute(float(ago), walk_s=60.0) for ago in range(30, 20, -1)]
    rest = [
        minute(float(ago), light_s=60.0) if ago == 10 else minute(float(ago), rest_s=60.0)
        for ago in range(20, 0, -1)
    ]
    now = now_of("Rex", heard([*walk, *rest], NOW_S))

    assert now.sentence == "Rex has been resting for 20 min."
    assert "Last walked today, 14:49." in now.detail
    assert "legs that do not move" in now.detail


def test_rest_is_not_counted_over_a_gap() -> None:
    """Before the hole of an hour nothing is known of the hour."""
    minutes = [minute(float(ago), rest_s=60.0) for ago in (*range(80, 66, -1), *range(7, 0, -1))]
    now = now_of("Rex", heard(minutes, NOW_S))

    assert now.sentence == "Rex has been resting for 7 min."


def test_a_collar_that_just_began_to_send_is_said_to() -> None:
    assert "begun" in now_of("Rex", heard([], NOW_S - 20.0)).sentence


@pytest.mark.parametrize(
    ("arrived_ago_s", "seen"), [(2.0, Seen.CATCHING_UP), (61.0, Seen.NO_DATA), (None, Seen.NO_DATA)]
)
def test_a_backlog_that_pours_in_is_no_silence(arrived_ago_s: float | None, seen: Seen) -> None:
    """After a restart 22 days are read within minutes: nobody has to look for a collar."""
    behind = replace(heard([], NOW_S - 22.0 * 86_400.0), arrived_ago_s=arrived_ago_s)

    now = now_of("Rex", behind)

    assert now.seen is seen
    assert now.loud == (seen is Seen.NO_DATA)
    assert (now.sentence == "Catching up on Rex's data, 22 days behind.") == (not now.loud)
