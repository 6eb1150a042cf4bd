"""Settings that could never work are refused, and secrets stay secret."""

import pytest

from analysis.errors import SettingsError
from ingest.storage.influx import InfluxSettings

PASSWORD, TOKEN = "hush", "sesame"


def test_secrets_are_not_in_the_repr() -> None:
    shown = repr(InfluxSettings(url="http://nas:8086", user="me", password=PASSWORD, token=TOKEN))

    assert "nas" in shown
    assert "hush" not in shown
    assert "sesame" not in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": "nas:8086"}, "is not like http"),
        ({"url": "ftp://nas"}, "is not like http"),
        ({"url": "http://"}, "is not like http"),
        ({"version": "4"}, "'4' is none of auto, 1, 2, 3"),
        ({"timeout_s": 0.0}, "0.0 is not above 0"),
        ({"timeout_s": float("nan")}, "nan is not above 0"),
    ],
    ids=str,
)
def test_a_setting_that_cannot_work_is_named(changes: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        InfluxSettings(**({"url": "http://nas:8086"} | changes))  # type: ignore[arg-type]  # mixed


def test_a_password_in_the_address_is_refused_without_showing_it() -> None:
    with pytest.raises(SettingsError, match=r"use influx\.user") as caught:
        InfluxSettings(url="http://me:hush@nas:8086")

    assert "hush" not in str(caught.value)


def test_secrets_are_blotted_out_of_texts() -> None:
    settings = InfluxSettings(url="http://nas:8086", password=PASSWORD, token=TOKEN)

    assert settings.without_secrets("bad sesame, hush") == "bad ***, ***"
    assert InfluxSettings(url="http://nas:8086").without_secrets("abc") == "abc"
