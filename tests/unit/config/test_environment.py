"""The environment wins over the file, is lenient about types, and is named in its faults."""

from collections.abc import Callable
from datetime import date

import pytest

from config.schema import Settings

Read = Callable[..., Settings]
Faults = Callable[..., list[str]]


def test_text_becomes_what_the_setting_asks_for(read: Read) -> None:
    settings = read(
        "[web]\nport = 1\n[dogs.rex]\nname = 'Rex'\n",
        SPRYHOUND_WEB__PORT=" 80 ",
        SPRYHOUND_MQTT__TLS="yes",
        SPRYHOUND_INFLUX__TIMEOUT_S="2.5",
        SPRYHOUND_NOTIFY__QUIET_FROM="21:30",
        SPRYHOUND_DOGS__REX__PLAN__TEMPLATE="arthritis",
        SPRYHOUND_DOGS__REX__PLAN__START="2026-11-01",
        SPRYHOUND_DETECTORS__JUMPING__APART_S="1",
        SPRYHOUND_ANALYSIS__WEAR__AFTER_MIN="45",
    )
    plan = settings.profile("rex").plan

    assert (settings.web.port, settings.mqtt.tls, settings.influx.timeout_s) == (80, True, 2.5)
    assert settings.notify.quiet_from.isoformat() == "21:30:00"
    assert plan is not None
    assert plan.start == date(2026, 11, 1)
    assert settings.detectors["jumping"].apart_s == 1.0
    assert settings.pipeline("rex").wear.after_min == 45


@pytest.mark.parametrize(
    "text",
    [
        "ntfys://a/b mailto://u:p@c?to=x,y",
        "ntfys://a/b, mailto://u:p@c?to=x,y",
        "ntfys://a/b,mailto://u:p@c?to=x,y\n",
    ],
)
def test_several_urls_are_parted_but_not_at_a_comma_within_one(read: Read, text: str) -> None:
    urls = read("", SPRYHOUND_NOTIFY__URLS=text).notify.urls

    assert [each.get_secret_value() for each in urls] == ["ntfys://a/b", "mailto://u:p@c?to=x,y"]


def test_an_empty_variable_counts_as_not_set(read: Read) -> None:
    assert read("[web]\nport = 81\n", SPRYHOUND_WEB__PORT="", SPRYHOUND_X=" ").web.port == 81


@pytest.mark.parametrize("name", ["SPRYHOUND_CONFIG", "SPRYHOUND_TEST_X", "OTHER__PORT"])
def test_variables_that_are_no_settings_are_passed_over(read: Read, name: str) -> None:
    assert read("", **{name: "x"}).web.port == 8640


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("INFLUX__TOKN", "x", "unknown setting; did you mean 'token'?"),
        ("INFLX__TOKEN", "x", "unknown setting"),
        ("DETECTORS__JUMPING__APART", "1", "unknown setting; did you mean 'apart_s'?"),
        ("DOGS__REX__PLAN__STRT", "1", "unknown setting; did you mean 'start'?"),
        ("MQTT_HOST", "x", "unknown setting; did you mean 'SPRYHOUND_MQTT__HOST'?"),
        ("MQTT", "x", "expected one setting; tables are set in the file"),
        ("COLLARS__0__ID", "x", "lists are set in the file, not in the environment"),
        ("WEB__PORT", "0", "got '0', expected greater than or equal to 1"),
        ("WEB__PORT", "x", "got 'x', expected a valid integer"),
        ("NOTIFY__QUIET_FROM", "9", "got '9', expected a local time such as 22:00:00"),
        ("DETECTORS__SHAKING__MEAN_FROM_G", "-1", "expected greater than or equal to 0"),
        ("INFLUX__TOKEN_FILE", "/not/there", "file not found: '/not/there'"),
    ],
)
def test_a_fault_names_the_variable(faults: Faults, name: str, value: str, said: str) -> None:
    variable = f"SPRYHOUND_{name}"
    (line,) = faults("[dogs.rex]\nname='Rex'\n", **{variable: value})[:1]

    assert line.startswith(f"{variable}: ")
    assert said in line


def test_a_fault_of_the_file_is_not_put_on_the_environment(faults: Faults) -> None:
    lines = faults("[mqtt]\nport = 0\n", SPRYHOUND_WEB__PORT="x")

    assert [line.partition(":")[0] for line in lines] == ["SPRYHOUND_WEB__PORT", "spryhound.toml"]
