"""What the owner reads at six in the morning."""

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.detectors import specs
from analysis.detectors.base import SignalSpec
from analysis.errors import SettingsError
from analysis.model import CIRCUMSTANCES, AlertChange, Level, Status
from analysis.model.kinds import AlertKind
from ingest.kinds import alert_kind, alert_kinds
from ingest.records import PendingNotification
from ingest.text.alerts import describe, digest, together
from ingest.text.templates import fill, phrases

GOLDEN = Path(__file__).resolve().parents[3] / "golden" / "notifications"
HOME_WATCH = Path(__file__).resolve().parents[4] / "ingest" / "processing" / "system_monitor.py"
ANALYSIS = Path(__file__).resolve().parents[4] / "analysis"
ONSET_S = 1795500600.0
"""24 November 2026, 06:10 UTC, which is 07:10 in Berlin."""

LASTED_S = 2 * 86_400.0 + 4 * 3600.0
"""From Tuesday 07:10 to Thursday 11:10."""

EXAMPLES: dict[str, dict[str, float]] = {
    "jumping": {"landing_g": 4.23, "push_g": 3.1, "low_mean_g": 0.58},
    "vigorous_burst": {"vedba_g": 1.1},
    "activity_cap": {"used_min": 30.4, "cap_min": 30.0},
    "walk_too_long": {"walked_min": 12.3, "planned_min": 10.0},
    "too_many_walks": {"walks": 4.0, "planned": 3.0},
    "missed_walks": {"walks": 1.0, "planned": 3.0},
    "too_much_rest": {"active_min": 4.0, "least_min": 10.0, "days": 3.0, "worn_h": 15.2},
    "plan_phase": {
        "phase": 2.0,
        "phases": 4.0,
        "phase_days": 14.0,
        "walks": 3.0,
        "planned_min": 10.0,
        "cap_min": 34.5,
    },
    "reduced_activity": {
        "drop": 0.336,
        "usual": 6.3,
        "now": 4.18,
        "z": -2.1,
        "days": 3.0,
        "baseline_days": 14.0,
    },
    "stiff_gait": {
        "index": -1.7,
        "cadence_drop": 0.08,
        "amplitude_drop": 0.21,
        "fast_share_drop": 0.3,
        "days": 3.0,
    },
    "irregular_gait": {"cv_ratio": 1.8, "regularity_drop": 0.25, "windows": 60.0},
    "mounting": {"amplitude_change": -0.15},
    "night_restlessness": {"rise": 0.6},
    "fewer_jumps": {"drop": 0.6, "days": 7.0},
    "slow_day": {"drop": 0.81, "usual": 6.0, "now": 1.1, "z": -4.2, "clock_h": 12.0},
    "no_movement": {"still_h": 8.0, "usual_h": 4.0, "baseline_days": 14.0},
    "collapse": {},
    "collar_health": {"unworn_h": 12.0},
    "no_data": {"silent_min": 120.0},
    "battery_low": {"battery_share": 0.1},
    "outbox_stuck": {"unsent_min": 60.0},
    "disk_full": {"disk_share": 0.92},
    "store_rebuilt": {"rebuilt": 1},
    "ear_flapping": {},
}
OF_HOME = {"outbox_stuck", "disk_full", "store_rebuilt"}
NOT_OF_HEALTH = {"collar_health", "mounting", "plan_phase", "no_data", "battery_low"} | OF_HOME
URGENT = {"irregular_gait", "no_movement", "collapse"}
"""Told as urgent in the examples, as they are when they are sure."""

WITHOUT_NUMBER = {"collapse", "vigorous_burst", "store_rebuilt"}
"""Kinds of which the number that is known means nothing to an owner."""

JARGON = re.compile(
    r"\b(?:vedba|z|index|rms|cv|hz|cadence|amplitude|regularity|baseline|median|windows?|it up"
    r"|carry it|see it)\b",
    re.IGNORECASE,
)
LONGEST_TITLE, LONGEST_LINE = 75, 120
"""Characters: two lines of a lock screen, and three; a judgement."""

PLACEHOLDER = re.compile(r"\bnan\b|\bNone\b|\binf\b|[{}]", re.IGNORECASE)


def emitted() -> set[str]:
    """Return every kind of alert that a detector, the plan or the home's watch can open."""
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ANALYSIS / "recovery").glob("*.py")
    )
    kinds = set(re.findall(r'kind="(\w+)"|_happening\(\s*"(\w+)"', source))
    own = {name for pair in kinds for name in pair if name}
    for spec in specs().values():
        own |= set(spec.alerts) if isinstance(spec, SignalSpec) else {spec.name}
    own |= set(re.findall(r'_verdict\("(\w+)"', HOME_WATCH.read_text(encoding="utf-8")))
    # What a plan forbids, by the kinds of event that phases can name.
    return own | {"jumping", "vigorous_burst"}


def change(
    kind: str,
    evidence: dict[str, float],
    *,
    status: Status = Status.OPEN,
    onset_s: float = ONSET_S,
    count: int = 1,
) -> AlertChange:
    return AlertChange(
        id="a1",
        dog="rex",
        kind=kind,
        severity=Level.URGENT if kind in URGENT else Level.WARNING,
        status=status,
        onset_s=onset_s,
        time_s=onset_s + (LASTED_S if status is Status.RESOLVED else 0.0),
        count=count,
        evidence=evidence,
    )


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_alert_reads_as_it_was_reviewed(kind: str) -> None:
    """The golden files are the texts themselves; a change of words is reviewed as a change."""
    texts = []
    for status in (Status.OPEN, Status.WORSE, Status.RESOLVED):
        message = describe(change(kind, EXAMPLES[kind], status=status), "Rex", "Europe/Berlin")
        texts.append(f"=== {status.value} ===\n{message.title}\n\n{message.body}\n")

    golden = GOLDEN / f"{kind}.txt"
    assert golden.is_file(), f"{golden.name} is missing; write and review it"
    assert "\n".join(texts) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        ({"unworn_h": 4.0, "clipped_share": 0.059}, "not worn for 4 hours"),
        ({"stuck_min": 31.0}, "stuck for 31 minutes"),
        ({"coarse_share": 0.9}, "too few readings in 90 % of the day"),
        ({"rest_g": 1.17}, "reads 1.17 times gravity at rest"),
        ({"clipped_share": 0.059}, "too small in 6 % of movement"),
        ({}, "needs a look"),
    ],
)
def test_each_trouble_of_a_collar_has_its_own_words(evidence: dict[str, float], told: str) -> None:
    """One kind of alert, five things that may be wrong; the number is in the first line too."""
    message = describe(change("collar_health", evidence), "Rex", "UTC")

    assert told in message.title
    number = "".join(each for each in told if each.isdigit() or each == ".")
    assert number in message.body.splitlines()[0]


def test_the_first_line_carries_the_whole_message() -> None:
    """A phone shows the title and one line: the dog, what, how much."""
    first = describe(
        change("reduced_activity", EXAMPLES["reduced_activity"]), "Rex", "Europe/Berlin"
    ).body.splitlines()[0]

    assert first == "Rex moves 34 % less than usual, over the last 3 days."


def test_times_are_those_of_the_dogs_own_zone() -> None:
    """06:10 UTC is 07:10 in Berlin, and still the evening before in Los Angeles."""
    berlin = describe(change("jumping", {}), "Rex", "Europe/Berlin").body
    los_angeles = describe(change("jumping", {}), "Rex", "America/Los_Angeles").body

    assert "On Tuesday 24 November at 07:10." in berlin
    assert "On Monday 23 November at 22:10." in los_angeles


@pytest.mark.parametrize("kind", EXAMPLES)
@pytest.mark.parametrize("status", list(Status))
def test_what_is_about_health_has_the_red_flags_and_is_no_diagnosis(
    kind: str, status: Status
) -> None:
    """Paralysis looks like rest to a collar, so good news carries them too.

    A collar's battery, a disk or a date carries none: red flags everywhere are read nowhere.
    """
    body = describe(change(kind, {}, status=status), "Rex", "UTC").body

    about_health = kind not in NOT_OF_HEALTH
    assert ("Go to a vet NOW if Rex cannot stand or walk" in body) == about_health
    assert ("WITHIN 24 HOURS" in body) == about_health
    assert ("This is not a diagnosis." in body) == about_health


@given(
    kind=st.sampled_from([*EXAMPLES, "{odd}", "", "always", "worse", "None of it"]),
    status=st.sampled_from(list(Status)),
    evidence=st.dictionaries(
        st.sampled_from(
            [
                "landing_g",
                "drop",
                "days",
                "cadence_drop",
                "amplitude_drop",
                "used_min",
                "cap_min",
                "plan_min",
                "last_week_min",
                "walks",
                "planned_min",
                "phase",
                "phases",
            ]
        ),
        st.floats(min_value=-1e3, max_value=1e3) | st.sampled_from([math.nan, math.inf]),
    ),
    name=st.text(max_size=60),
    count=st.integers(1, 500),
)
def test_no_message_shows_a_hole_or_grows_too_long(
    kind: str, status: Status, evidence: dict[str, float], name: str, count: int
) -> None:
    """Missing, infinite and absurd numbers leave a plainer sentence; 900 characters at most."""
    told = change(kind, evidence, status=status, count=count)

    message = describe(told, name, "Europe/Berlin")

    own = {found.lower() for found in PLACEHOLDER.findall(f"{name} {kind}")} - {"{", "}"}
    found = {each.lower() for each in PLACEHOLDER.findall(f"{message.title} {message.body}")}
    assert found <= own
    assert message.title
    assert len(message.body) <= 900


def test_a_dog_that_got_faster_is_not_called_slower() -> None:
    """A negative drop is a rise; the sentence falls back to the one that still holds."""
    body = describe(
        change("stiff_gait", {"cadence_drop": -0.08, "amplitude_drop": 0.2}), "Rex", "UTC"
    ).body

    assert "20 % flatter" in body
    assert "slower" not in body


def test_the_cap_says_why_it_is_below_the_plan() -> None:
    """What was done last week, a setback, or too little knowledge."""

    def body(**more: float) -> str:
        evidence = {"used_min": 46.0, "cap_min": 46.0, **more}
        return describe(change("activity_cap", evidence), "Rex", "UTC").body

    assert "up to 75 minutes, but slowly: last week was 40 a day" in body(
        plan_min=75.0, last_week_min=40.0
    )
    assert "up to 75 minutes, but after the setback of last week" in body(held_plan_min=75.0)
    assert "up to 75 minutes, but too little is known" in body(unsure_plan_min=75.0)
    assert "up to" not in body()


def test_the_last_day_of_a_phase_and_the_end_of_a_plan_are_told_as_such() -> None:
    last = describe(change("plan_phase", {"last_day_of": 1.0, "phases": 4.0}), "Rex", "UTC")
    ended = describe(change("plan_phase", {"ended_phases": 4.0}), "Rex", "UTC")

    assert last.title == "Rex: last day of phase 1 of 4"
    assert ended.title == "Rex: the recovery plan is over"


def test_what_was_noted_is_said_beside_what_was_seen() -> None:
    evidence = {"drop": 0.3, "noted_heat": 1.0, "noted_guests": 1.0}

    body = describe(change("reduced_activity", evidence), "Rex", "UTC").body

    assert "You noted guests and hot weather. That may be why" in body
    assert "You noted" not in describe(change("reduced_activity", {"drop": 0.3}), "Rex", "UTC").body


def test_everything_that_can_be_noted_has_words() -> None:
    assert set(phrases()["noted"]) == set(CIRCUMSTANCES)


@pytest.mark.parametrize(
    ("steps", "words"), [(1, "seen twice"), (2, "seen three times"), (3, "seen four times")]
)
def test_what_false_alarms_do_is_said(steps: int, words: str) -> None:
    """A step is one more sighting, as the book counts them."""
    told = replace(change("stiff_gait", {}), false_alarm_steps=steps)

    assert f"this kind is told when it is {words}." in describe(told, "Rex", "UTC").body


def test_false_alarms_do_nothing_to_what_is_urgent() -> None:
    told = replace(change("no_movement", {}), false_alarm_steps=3, severity=Level.URGENT)

    assert "false alarm" not in describe(told, "Rex", "UTC").body


def test_a_single_day_is_not_one_days() -> None:
    """An acute drop is told after one day."""
    body = describe(change("reduced_activity", {"drop": 0.6, "days": 1.0}), "Rex", "UTC").body

    assert body.startswith("Rex moves 60 % less than usual, over the last day.")


def test_several_jumps_are_counted() -> None:
    """One is not counted aloud, three are."""
    assert "jumped 3 times" in describe(change("jumping", {}, count=3), "Rex", "UTC").body
    assert "times" not in describe(change("jumping", {}), "Rex", "UTC").body


def test_a_digest_names_each_alert_and_fits_a_phone() -> None:
    """Seven alerts: the five newest by name, the others as a number."""
    items = [
        PendingNotification(
            change=change("jumping", {}, onset_s=ONSET_S + 60 * i), dog_name="Rex", zone="UTC"
        )
        for i in range(7)
    ]

    message = digest(items, opening="Recorded earlier.", severity="warning")

    assert message.title == "Rex: 7 alerts"
    assert message.body.startswith("Recorded earlier.\n- Rex jumped. On Tuesday 24 November")
    assert "06:16" in message.body
    assert "and 2 more" in message.body
    assert "vet NOW" in message.body
    assert len(message.body) <= 1000


def test_several_alerts_of_one_time_are_one_message_with_the_worst_in_full() -> None:
    """Two warnings and an urgent one; the newest warning before the older."""
    items = [
        PendingNotification(
            change=change(kind, EXAMPLES[kind], onset_s=ONSET_S + 60 * i),
            dog_name="Rex",
            zone="UTC",
        )
        for i, kind in enumerate(("reduced_activity", "irregular_gait", "stiff_gait"))
    ]

    message = together(items, severity="urgent")

    assert message.title == "Check Rex: uneven steps, and 2 more"
    lines = message.body.splitlines()
    assert lines[0] == "Rex's steps come 1.8 times as unevenly as usual."
    assert lines[1].startswith("See a vet today.")
    assert lines[2].endswith("on the page or with: spryhound alerts ack a1")
    also = lines.index("Also:")
    assert lines[also + 1].startswith("- Rex walks more stiffly than usual. Since Tuesday")
    assert lines[also + 2].startswith("- Rex moves 34 % less than usual. Since Tuesday")
    assert message.body.count("Go to a vet NOW") == 1
    assert len(message.body) <= 1200


def test_what_is_over_is_never_the_headline_of_what_goes_on() -> None:
    items = [
        PendingNotification(change=each, dog_name="Rex", zone="UTC")
        for each in (
            change("irregular_gait", {}, status=Status.RESOLVED),
            change("stiff_gait", {}),
        )
    ]

    assert together(items, severity="warning").title == (
        "Rex walks more stiffly than usual, and 1 more"
    )


def test_an_uneven_walk_sends_to_a_vet_today_only_if_it_is_urgent() -> None:
    urgent = change("irregular_gait", {})
    watch = replace(urgent, severity=Level.WATCH)

    assert "See a vet today." in describe(urgent, "Rex", "UTC").body
    assert "See a vet today." not in describe(watch, "Rex", "UTC").body


def test_the_end_of_a_state_is_told_in_its_own_words_and_promises_nothing() -> None:
    """A dog that was seen walking is not a dog that is well."""
    over = describe(change("no_movement", {}, status=Status.RESOLVED), "Rex", "UTC")

    assert over.body.startswith(
        "Rex was seen walking again. So the collar says. That alone does not mean that Rex is well."
    )
    assert alert_kind("no_movement").has_end
    assert not alert_kind("jumping").has_end
    assert not alert_kind("ear_flapping").has_end


def lacking(kind: AlertKind) -> set[str]:
    """Return what a kind of alert lacks of all that an owner has to be told."""
    # What lasts ends, and that is told; what happens at a moment has no end.
    end = {"over or moment"} if kind.has_end == kind.is_momentary else set()
    unsure = set() if all("How sure:" in each for each in kind.certainty) else {"how sure"}
    blind = set() if "collar" in kind.limit else {"collar"}
    reviewed = set() if (GOLDEN / f"{kind.name}.txt").is_file() else {f"{kind.name}.txt"}
    return end | unsure | blind | reviewed


@pytest.mark.parametrize("kind", sorted(emitted()))
def test_every_kind_that_can_be_told_says_all_that_an_owner_needs(kind: str) -> None:
    """How sure, what a collar cannot see, that it is over; reviewed."""
    assert lacking(alert_kind(kind)) == set()
    assert kind in EXAMPLES


def test_words_that_lack_something_are_found() -> None:
    """The test above can fail; a kind without advice, or a state without an end, is refused."""
    whole = alert_kind("stiff_gait")

    assert lacking(replace(whole, name="odd", certainty=("Sure.",))) == {"how sure", "odd.txt"}
    assert lacking(replace(whole, limit="None.")) == {"collar"}
    assert lacking(replace(whole, has_end=False)) == {"over or moment"}
    with pytest.raises(SettingsError, match="stiff_gait: title, seen, advice"):
        replace(whole, advice=())
    with pytest.raises(SettingsError, match="says in `over` that it is over"):
        replace(whole, over="")


def test_the_registry_holds_all_that_is_emitted() -> None:
    assert emitted() == set(alert_kinds())
    assert emitted() >= {"jumping", "walk_too_long", "too_much_rest", "stiff_gait", "no_data"}


@pytest.mark.parametrize("kind", sorted(emitted()))
@pytest.mark.parametrize("status", [Status.OPEN, Status.WORSE, Status.RESOLVED])
def test_nobody_needs_a_dictionary_at_six_in_the_morning(kind: str, status: Status) -> None:
    """No terms of signal processing, no dog called "it", and a title that fits a lock screen."""
    told = describe(change(kind, EXAMPLES[kind], status=status), "Rex", "Europe/Berlin")

    assert JARGON.findall(f"{told.title} {told.body}") == []
    assert ("Spryhound" if kind in OF_HOME else "Rex") in told.title
    assert len(told.title) <= LONGEST_TITLE
    assert len(told.body.splitlines()[0]) <= LONGEST_LINE


@pytest.mark.parametrize("kind", sorted(emitted()))
def test_the_first_line_says_how_much_if_that_is_known(kind: str) -> None:
    """A percentage, minutes, hours, walks or times as much as usual; or none that would help."""
    line = describe(change(kind, EXAMPLES[kind]), "Rex", "UTC").body.splitlines()[0]

    assert bool(re.search(r"\d", line)) == (kind not in WITHOUT_NUMBER)


def test_what_happens_again_is_not_called_worse_and_news_is_no_repetition() -> None:
    """A second jump is another jump; the next phase of a plan is not the same phase again."""
    jumped = describe(change("jumping", {}, status=Status.WORSE, count=2), "Rex", "UTC")
    phase = describe(
        change("plan_phase", {"phase": 2.0, "phases": 4.0}, status=Status.WORSE), "R", "UTC"
    )
    stiff = describe(change("stiff_gait", {}, status=Status.WORSE), "Rex", "UTC")

    assert jumped.title == "Rex jumped, again"
    assert phase.title == "R: phase 2 of 4 begins"
    assert stiff.title == "Rex walks more stiffly than usual, and it got worse"


def test_what_is_known_from_few_days_is_said_to_be_unsure() -> None:
    """A baseline is whole with 14 days; 13 are few."""

    def body(days: float) -> str:
        evidence = {"drop": 0.3, "baseline_days": days}
        return describe(change("reduced_activity", evidence), "Rex", "UTC").body

    assert "How sure: not very. Only 13 days are known so far" in body(13.0)
    assert "How sure: fairly." in body(14.0)


def test_a_sentence_without_numbers_ends_every_list() -> None:
    """Whatever evidence is missing, there is something to say."""
    holes: dict[str, str | float] = {"dog": "Rex", "thing": "it", "count": 1.0}
    for kind in alert_kinds().values():
        for part in ("title", "seen", "usual"):
            assert fill(getattr(kind, part)[-1:], holes), f"{kind.name}.{part}"
