"""All kinds of alert: those of the analysis, and those of collar and home, which begin here."""

from collections.abc import Mapping
from functools import cache

from analysis.model.kinds import AlertKind, by_name
from analysis.pipeline.kinds import kinds_of_analysis

HOME_KINDS = by_name(
    AlertKind(
        name="no_data",
        is_news_each_time=True,
        is_about_health=False,
        explained_by=frozenset({"boarding", "travel", "swimming", "collar_lent"}),
        title=(
            "{dog}: no data for {silent_min:span}",
            "{dog}: no data",
        ),
        about="no data from the collar",
        seen=(
            (
                "The collar of {dog} was not heard for {silent_min:span}. Nothing is known of "
                "{dog} from that time."
            ),
            "The collar of {dog} is not heard.",
        ),
        advice=(
            (
                "Look at {dog} first. Then at the collar: charged, on, and within reach of the "
                "Wi-Fi?"
            ),
        ),
        over="The collar of {dog} is heard again.",
        usual=("A collar at home is heard every few seconds.",),
        certainty=(
            (
                "How sure: quite, that nothing came; not of the reason. A walk out of reach "
                "looks the same."
            ),
        ),
        limit="A collar that is not heard cannot warn you.",
    ),
    AlertKind(
        name="battery_low",
        is_news_each_time=True,
        is_about_health=False,
        title=(
            "{dog}'s collar: {battery_share:percent} of the battery left",
            "{dog}'s collar: battery low",
        ),
        about="a low battery",
        seen=(
            "The collar of {dog} has {battery_share:percent} of its battery left.",
            "The battery of {dog}'s collar is nearly empty.",
        ),
        advice=("Charge the collar, and put it back on.",),
        over="The collar of {dog} is charged again.",
        usual=("That is what the collar says of itself.",),
        certainty=("How sure: quite. An old battery may be empty sooner.",),
        limit="A collar that is empty sees nothing, and cannot say so.",
    ),
    AlertKind(
        name="outbox_stuck",
        is_news_each_time=True,
        is_about_health=False,
        subject="Spryhound",
        title=(
            "Spryhound: {unsent_min:span} behind with its messages",
            "Spryhound cannot deliver something",
        ),
        about="messages that cannot be delivered",
        seen=(
            (
                "For {unsent_min:span} something could not be delivered: to you, to the "
                "database or to the house."
            ),
            "Something cannot be delivered: to you, to the database or to the house.",
        ),
        advice=(
            "Open the page, under System: it names who does not answer. Or run: spryhound doctor",
        ),
        over="Everything is delivered again.",
        usual=("Otherwise everything is delivered within seconds.",),
        certainty=("How sure: quite. What waits is kept, and sent later.",),
        limit="The collar is heard all the same, but an alert has to reach you.",
    ),
    AlertKind(
        name="disk_full",
        is_news_each_time=True,
        is_about_health=False,
        subject="Spryhound",
        title=(
            "Spryhound: its disk is {disk_share:percent} full",
            "Spryhound: its disk is nearly full",
        ),
        about="a disk that is nearly full",
        seen=(
            "The disk that Spryhound writes on is {disk_share:percent} full.",
            "The disk that Spryhound writes on is nearly full.",
        ),
        advice=("Make room on it, or lower max_mb under [journal] in the settings.",),
        over="There is room on the disk again.",
        usual=(
            (
                "Spryhound itself keeps to the size in its settings; the rest is other things "
                "on that disk."
            ),
        ),
        certainty=("How sure: quite.",),
        limit=(
            "On a full disk nothing that the collar sends can be kept, and no alert be made of it."
        ),
    ),
    AlertKind(
        name="store_rebuilt",
        is_news_each_time=True,
        is_about_health=False,
        subject="Spryhound",
        title=("Spryhound: its store was damaged, and was rebuilt",),
        about="a store that was rebuilt",
        seen=(
            (
                "The file in which Spryhound keeps everything was damaged. What could be read "
                "was taken over."
            ),
        ),
        advice=(
            (
                "Look whether days are missing on the page; `spryhound restore` brings back a "
                "backup. If it happens again, replace the disk or the SD card."
            ),
        ),
        over="A day has passed since the store was rebuilt.",
        usual=("A store is damaged by a failing disk or SD card, hardly ever by a power cut.",),
        certainty=("How sure: quite. The damaged file is kept beside the new one.",),
        limit=(
            "What stood in the damaged places is lost: results, readings of the collar, or "
            "what is usual for {dog}."
        ),
    ),
)

STORE_REFUSING = AlertKind(
    name="store_refusing",
    is_news_each_time=True,
    is_about_health=False,
    subject="Spryhound",
    title=("Spryhound: nothing can be stored, so no alert is made",),
    about="a disk that takes nothing",
    seen=(
        "For {refused_min:span} the disk has taken nothing of what the collar sends.",
        "The disk takes nothing of what the collar sends.",
    ),
    advice=(
        (
            "Watch {dog} yourself until this is mended. Then look at Spryhound's computer: "
            "is its disk full, or its SD card worn out? `spryhound doctor` says more."
        ),
    ),
    over="Everything can be stored again. What came meanwhile is looked at now.",
    usual=(
        (
            "A disk is full, or has become read-only of an error. A restart of the "
            "computer may help once."
        ),
    ),
    certainty=("How sure: quite. This message is sent past the disk.",),
    limit="What the broker keeps is not lost: it is looked at as soon as it can be stored.",
)
"""Told past the store, which takes nothing: it is never an alert that could be looked up."""

_OTHER = AlertKind(
    name="other",
    has_end=False,
    title=("{dog}: {thing}",),
    about="{thing}",
    seen=("Something about {dog} changed: {thing}.",),
    advice=("Have a look at {dog}.",),
    usual=("Compared with the plan or {dog}'s own normal.",),
    certainty=("How sure: a sign, not proof.",),
    limit="A collar cannot see pain, posture or feeling.",
)
"""Of a kind that this version does not know, since the store was written by another one."""


@cache
def alert_kinds() -> Mapping[str, AlertKind]:
    """Return every kind of alert by name, in alphabetical order."""
    return dict(sorted((kinds_of_analysis() | HOME_KINDS).items()))


def alert_kind(name: str) -> AlertKind:
    """Return a kind of alert; of one that is not known, what can be said of anything."""
    return STORE_REFUSING if name == STORE_REFUSING.name else alert_kinds().get(name, _OTHER)
