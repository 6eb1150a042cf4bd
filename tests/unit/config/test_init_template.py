"""The file that `spryhound init` writes is right at once, whatever the dog is called."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import SettingsError
from config.init_template import InitAnswers, dog_id_of, starter_toml
from config.load import load
from config.plans import template_names

ODD = st.text(
    st.sampled_from("aé🐕\"'\\\n\r\t\x00\x1b\x7f\u2028#{}[]=") | st.characters(codec="utf-8")
)
NAMES = ODD.filter(lambda name: name.strip() != "" and len(name) <= 100)


@pytest.mark.slow
@given(name=NAMES, url=ODD)
def test_any_name_and_url_come_back_as_they_were(name: str, url: str) -> None:
    text = starter_toml(InitAnswers(dog_name=name, notify_url=url))
    raw = tomllib.loads(text)

    assert raw["dogs"]["dog"]["name"] == name
    assert raw["notify"].get("urls", [""]) == [url]


@pytest.mark.slow
@given(
    withers_m=st.none() | st.floats(0.1, 1.1),
    mass_kg=st.none() | st.floats(0.5, 120),
    port=st.integers(1, 65535),
    template=st.sampled_from(("", *template_names())),
    start=st.dates(date(2000, 1, 1), date(2100, 12, 31)),
)
def test_any_good_answers_make_a_file_that_loads(
    tmp_path_factory: pytest.TempPathFactory,
    withers_m: float | None,
    mass_kg: float | None,
    port: int,
    template: str,
    start: date,
) -> None:
    answers = InitAnswers(
        withers_m=withers_m,
        mass_kg=mass_kg,
        mqtt_port=port,
        plan_template=template,
        plan_start=start,
    )
    path = tmp_path_factory.getbasetemp() / "starter.toml"
    path.write_text(starter_toml(answers), encoding="utf-8")
    settings = load(path, {})

    assert settings.mqtt.port == port
    assert (settings.dogs["dog"].withers_m, settings.dogs["dog"].mass_kg) == (withers_m, mass_kg)
    plan = settings.profile("dog").plan
    assert ("" if plan is None else plan.name) == template
    assert settings.dog_of("collar1", 0.0) == "dog"


def test_a_lone_surrogate_from_a_terminal_does_not_break_the_file(tmp_path: Path) -> None:
    path = tmp_path / "spryhound.toml"
    path.write_text(starter_toml(InitAnswers(dog_name="Re\udcffx")), encoding="utf-8")

    assert load(path, {}).dogs["dog"].name == "Re?x"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (InitAnswers(time_zone="Europe/Berln"), "home.time_zone: got 'Europe/Berln'"),
        (InitAnswers(dog_id="Old Rex"), '"Old Rex"'),
        (InitAnswers(dog_name=" "), "dogs.dog.name: got ' '"),
        (InitAnswers(withers_m=45.0), "dogs.dog.withers_m: got 45.0"),
        (InitAnswers(mass_kg=float("nan")), "dogs.dog.mass_kg: got nan"),
        (InitAnswers(plan_template="arthritis"), "expected its first day"),
        (InitAnswers(plan_template="x", plan_start=date(2026, 1, 1)), "expected one of after_"),
    ],
)
def test_a_wrong_answer_is_named(answers: InitAnswers, said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)):
        starter_toml(answers)


@pytest.mark.slow
@given(ODD)
def test_any_name_makes_an_id(name: str) -> None:
    answers = InitAnswers(dog_id=dog_id_of(name))

    assert f"[dogs.{answers.dog_id}]" in starter_toml(answers)
