"""Scenarios are read with every fault named, and told the same way each time."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analysis.errors import SettingsError
from ingest.recordings.reader import open_recording
from simulators.day.planner import Morning
from simulators.day.schedule import Habits
from simulators.dog.collar import Mounting
from simulators.dog.condition import HEALTHY, MODERATE
from simulators.dog.dog import Dog
from simulators.scenarios.output import packets, sent, write
from simulators.scenarios.scenario import load_scenario, parse_scenario, scenario_names

SHORT = """
start = 2026-09-07
seed = 3
[collar]
rate_hz = 10.0
radio.batch = 600
[[phases]]
days = 1
"""


@pytest.mark.parametrize("name", scenario_names())
def test_every_built_in_scenario_is_sound(name: str) -> None:
    scenario = load_scenario(name)

    assert scenario.name == name
    assert scenario.start.weekday() == 0
    assert len(scenario.plans()) == scenario.n_days >= 4


def test_the_demo_tells_of_rest_health_pain_and_rest_again() -> None:
    """A week makes a normal; stiffness is told after three sore days of five."""
    plans = load_scenario("demo").plans()
    well = [each for each in plans if each.condition == HEALTHY]
    sore = [each for each in plans if each.condition == MODERATE]
    first, last = [each for each in plans if each.condition.crated]

    assert len(well) >= 7
    assert len(sore) >= 3
    assert (plans[0], plans[-1]) == (first, last)
    assert [[breach.kind for breach in each.breaches] for each in (first, last)] == [
        ["jump_over"],
        ["jump_over"],
    ]


def test_pain_comes_up_over_its_onset() -> None:
    """Half-way after one day of two: activity of 0.825 between 1 and 0.65."""
    text = 'start = 2026-09-07\n[[phases]]\ndays = 3\ncondition = "moderate"\nonset_days = 2.0'

    activity = [each.condition.activity for each in parse_scenario(text, name="t").plans()]

    assert activity == pytest.approx([0.825, 0.65, 0.65])


def test_single_factors_override_a_condition() -> None:
    text = "start = 2026-09-07\n[[phases]]\ndays = 1\nfactors = { night = 3.0 }"

    (plan,) = parse_scenario(text, name="t").plans()

    assert plan.condition.night == 3.0
    assert plan.condition.activity == 1.0


def test_every_fault_is_named_at_once_with_its_key_and_value() -> None:
    text = """
    start = 2026-09-07
    colour = "brown"
    time_zone = "Mars"
    [dog]
    withers_m = 9.0
    [[phases]]
    days = 0
    condition = "sad"
    factors = { speed = 1.0 }
    [[phases.breaches]]
    day = 1
    at = 10:00:00
    kind = "fly"
    """

    with pytest.raises(SettingsError, match="scenario t: ") as caught:
        parse_scenario(text, name="t")
    lines = str(caught.value)

    for part in (
        "colour is 'brown'",
        "time_zone is 'Mars'",
        "dog.withers_m is 9.0",
        "phases.0.days is 0",
        "condition is 'sad'",
        "'speed' is unknown",
        "phases.0.breaches.0.kind is 'fly'",
    ):
        assert part in lines


@pytest.mark.parametrize(
    ("source", "message"),
    [("nowhere", "expected a .toml file or one of"), ("no/such.toml", "cannot be read")],
)
def test_a_scenario_that_is_not_there_is_named(source: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_scenario(source)


def test_text_that_is_not_toml_is_refused() -> None:
    with pytest.raises(SettingsError, match="not valid TOML"):
        parse_scenario("days = = 3", name="t")


@pytest.mark.slow
def test_the_same_scenario_sends_the_same_packets_to_the_last_bit() -> None:
    def told() -> list[tuple[int, float, bytes]]:
        scenario = parse_scenario(SHORT, name="t")
        return [(p.seq, p.t_ms, p.acceleration_g.tobytes()) for _, p in packets(scenario)]

    assert told() == told()
    assert len(told()) > 1300


def test_another_seed_tells_another_day() -> None:
    one, other = (
        next(packets(parse_scenario(SHORT.replace("seed = 3", seed), name="t")))[1]
        for seed in ("seed = 3", "seed = 4")
    )

    assert one.acceleration_g.tobytes() != other.acceleration_g.tobytes()


@pytest.mark.slow
def test_a_written_scenario_is_replayed_with_the_same_packets(tmp_path: Path) -> None:
    """Within half a count of the 1 mg steps on the wire."""
    scenario = parse_scenario(SHORT, name="t")
    path = tmp_path / "day.cborseq"

    n_written = write(scenario, path)
    recorded = list(open_recording(path).packets())
    made = list(sent(scenario))

    assert n_written == len(made) == len(recorded)
    assert [each.arrival_s for each in recorded] == [each.arrival_s for each in made]


@pytest.mark.slow
def test_a_scenario_as_csv_has_a_row_for_each_sample(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"

    n_rows = write(parse_scenario(SHORT, name="t"), path)
    rows = np.loadtxt(path, delimiter=",", skiprows=1, max_rows=50)

    assert n_rows == 864_000
    assert path.read_text()[:18] == "time_s,x_g,y_g,z_g"
    assert np.diff(rows[:, 0]) == pytest.approx(np.full(49, 0.1), abs=2e-4)
    assert np.linalg.norm(rows[:, 1:], axis=1) == pytest.approx(np.ones(50), abs=0.2)


def test_other_files_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"expected \.cborseq or \.csv"):
        write(parse_scenario(SHORT, name="t"), tmp_path / "day.wav")


def test_a_phase_begins_on_the_day_after_the_one_before() -> None:
    days = [each.date for each in load_scenario("moderate_back_pain").plans()]

    assert days[0] == date(2026, 9, 7)
    assert (days[-1] - days[0]).days == 25


def test_a_phase_inherits_what_it_does_not_say_of_collar_and_habits() -> None:
    text = """
    start = 2026-09-07
    [habits]
    jumps = 3.0
    [collar.mounting]
    ring = 0.4
    [[phases]]
    days = 1
    [[phases]]
    days = 2
    onset_at = 15:30:00
    [phases.mounting]
    follow = 0.85
    [phases.habits]
    home_min = 40.0
    """

    first, second, third = parse_scenario(text, name="t").plans()

    assert first.mounting is None
    assert second.mounting == third.mounting == Mounting(ring=0.4, follow=0.85)
    assert second.habits == Habits(jumps=3.0, home_min=40.0)
    assert second.morning == Morning(until_h=15.5, habits=Habits(jumps=3.0))
    assert third.morning is None


def test_a_collar_is_lent_at_noon_to_a_dog_of_the_same_height() -> None:
    text = """
    start = 2026-09-07
    [dog]
    withers_m = 0.4
    [[phases]]
    days = 1
    [[phases]]
    days = 1
    onset_at = 12:00:00
    [phases.dog]
    mass_kg = 12.0
    """

    usual, lent = parse_scenario(text, name="t").plans()

    assert usual.dog is None
    assert lent.dog == Dog(withers_m=0.4, mass_kg=12.0)
    assert lent.morning == Morning(until_h=12.0)


def test_a_fault_in_a_phase_s_collar_is_named() -> None:
    text = """
    start = 2026-09-07
    [[phases]]
    days = 1
    [phases.mounting]
    follow = "tight"
    """

    with pytest.raises(SettingsError, match=r"phases\.0\.mounting\.follow is 'tight'"):
        parse_scenario(text, name="t")
