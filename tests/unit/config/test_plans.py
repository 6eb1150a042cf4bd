"""Plans to start from keep to what their sources say."""

from dataclasses import asdict
from datetime import date
from importlib.resources import files

import pytest

from analysis.errors import SettingsError
from config.dogs import LONGEST_PLAN_DAYS, PlanTable
from config.plans import load_template, template_names

WEEK = 7
DAY = date(2026, 11, 1)


@pytest.mark.parametrize("name", template_names())
def test_every_template_forbids_jumps_to_its_end(name: str) -> None:
    assert all("jump" in phase.forbids for phase in load_template(name))


@pytest.mark.parametrize("name", template_names())
def test_caps_never_fall_and_leave_room_for_the_walks(name: str) -> None:
    """A cap below the walks that the same phase asks for would be an alert every day."""
    phases = load_template(name)
    caps_min = [
        float("inf") if each.active_min_cap is None else each.active_min_cap for each in phases
    ]

    assert caps_min == sorted(caps_min)
    for phase, cap_min in zip(phases, caps_min, strict=True):
        assert phase.least_active_min < phase.walks_per_day * phase.walk_min <= cap_min


@pytest.mark.parametrize("name", template_names())
def test_every_template_says_what_is_judgement(name: str) -> None:
    text = (files("config") / "plans" / f"{name}.toml").read_text(encoding="utf-8")

    assert "# Where the numbers come from\n" in text
    assert "# Judgement, published nowhere: " in text
    assert "not advice" in text


def test_rest_without_surgery_is_strict_for_four_weeks() -> None:
    """ACVIM consensus 2022."""
    rest = load_template("conservative_disc")[0]

    assert rest.days == 4 * WEEK
    assert "vigorous_burst" in rest.forbids


def test_running_is_forbidden_for_six_weeks_after_surgery_and_the_plan_lasts_twelve() -> None:
    phases = load_template("after_surgery")

    assert sum(each.days for each in phases if "vigorous_burst" in each.forbids) == 6 * WEEK
    assert sum(each.days for each in phases) == 12 * WEEK


@pytest.mark.parametrize("name", ["", "arthrits", "../plans/arthritis"])
def test_an_unknown_template_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(SettingsError, match="expected one of after_surgery, arthritis"):
        load_template(name)


def test_a_plan_may_last_five_years_and_not_a_day_more() -> None:
    def plan(*days: int) -> PlanTable:
        phases = [{"name": "x", "days": each} for each in days]
        return PlanTable.model_validate({"start": DAY, "phases": phases})

    assert plan(826, 1000).plan().phases[1].days == 1000
    with pytest.raises(ValueError, match=rf"1827 days, expected at most {LONGEST_PLAN_DAYS}"):
        plan(827, 1000)


@pytest.mark.parametrize(
    "more", [{}, {"template": "arthritis", "phases": [{"name": "x", "days": 1}]}]
)
def test_a_plan_is_a_template_or_phases_not_both(more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected either a template or phases"):
        PlanTable.model_validate({"start": DAY, **more})


@pytest.mark.parametrize("name", template_names())
def test_a_template_can_be_copied_into_the_settings(name: str) -> None:
    phases = load_template(name)
    copied = PlanTable.model_validate({"start": DAY, "phases": [asdict(each) for each in phases]})

    assert copied.plan().phases == phases
