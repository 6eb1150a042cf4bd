"""Secrets come from files if one likes, and are never shown."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.schema import Settings
from config.secret_files import _paths, read_files

Read = Callable[..., Settings]
Faults = Callable[..., list[str]]
SECRET = "hunter2-3f9ab7"  # noqa: S105  # not a secret of anybody


def test_a_secret_is_read_from_a_file_beside_the_settings(read: Read, tmp_path: Path) -> None:
    (tmp_path / "influx.token").write_text(f"{SECRET}\r\n")
    settings = read("[influx]\ntoken_file = 'influx.token'\n[home]\ndata_dir = 'store'\n")

    assert settings.influx.token is not None
    assert settings.influx.token.get_secret_value() == SECRET
    assert settings.influx.token_file == tmp_path / "influx.token"
    assert settings.home.data_dir == tmp_path / "store"


def test_urls_come_one_a_line_without_remarks(read: Read, tmp_path: Path) -> None:
    (tmp_path / "urls").write_text(f"# phone\nntfys://{SECRET}\n\n mailto://b \n")
    urls = read("[notify]\nurls_file = 'urls'\n").notify.urls

    assert [each.get_secret_value() for each in urls] == [f"ntfys://{SECRET}", "mailto://b"]


def test_a_secret_of_the_environment_stands_for_the_file_of_the_settings(read: Read) -> None:
    settings = read("[mqtt]\npassword_file = '/not/there'\n", SPRYHOUND_MQTT__PASSWORD=SECRET)

    assert settings.mqtt.password is not None
    assert settings.mqtt.password.get_secret_value() == SECRET


def test_a_secret_given_twice_is_a_fault(faults: Faults) -> None:
    (line,) = faults("[mqtt]\npassword_file = '/p/x'\npassword = 'a'\n")

    assert "mqtt.password_file: expected either 'password' or 'password_file', not both" in line


def test_no_secret_is_in_the_text_of_good_settings(read: Read, tmp_path: Path) -> None:
    (tmp_path / "p").write_text(SECRET)
    settings = read(
        f"[notify]\nurls = ['ntfy://{SECRET}']\n[mqtt]\npassword_file = 'p'\n",
        SPRYHOUND_INFLUX__TOKEN=SECRET,
    )

    assert SECRET not in f"{settings!r} {settings} {settings.model_dump()} {settings.notify!r}"
    assert SECRET not in settings.model_dump_json()


LEAKS = [
    f"[influx]\ntokn = '{SECRET}'",
    f"[influx]\ntoken = ['{SECRET}']",
    f"[influx]\nurl = 'http://host?q={SECRET}'",
    f"[influx.token]\nvalue = '{SECRET}'",
    f"[influx]\nurl = 'http://me:{SECRET}@host'",
    f"[influx]\nurl = 'ftp://host?token={SECRET}'",
    f"[influx]\ntoken_file = '{SECRET}'",
    f"[influx]\ntoken_file = '/{SECRET}=='",
    f"[influx]\ntoken_file = '/{'x' * 60}{SECRET}'",
    f"[mqtt]\nhost = 'me:{SECRET}@broker'",
    f"[mqtt]\npassword = '{SECRET}'\npassword_file = '{SECRET}'",
    f"[notify]\nurls = 'ntfy://{SECRET}'",
    f"[notify]\nurls = ['ntfy://a', {{b = '{SECRET}'}}]",
    f"[notify]\nurls_file = 'ntfy://{SECRET}'",
    f"[notify]\nurls_file = ['{SECRET}']",
    f"[mqtt]\nca_file = 'mqtt://me:{SECRET}@x/'",
    f'[mqtt]\npassword = "{SECRET}',
]


@pytest.mark.parametrize("text", LEAKS)
def test_no_secret_is_in_the_text_of_an_error(faults: Faults, text: str) -> None:
    assert SECRET not in "\n".join(faults(text))


@pytest.mark.parametrize("key", ["mqtt.password", "influx.token", "notify.urls"])
def test_a_secret_without_quotes_is_not_shown_either(faults: Faults, key: str) -> None:
    """A password of digits is a number to TOML."""
    (line,) = faults(f"{key} = 4711\n")

    assert line.startswith(f"spryhound.toml: {key}: expected")
    assert "4711" not in line


@pytest.mark.parametrize("key", ["INFLUX__TOKEN_FILE", "INFLUX__URL", "MQTT__HOST", "MQTT__PORT_"])
def test_no_secret_of_the_environment_is_in_the_text_of_an_error(faults: Faults, key: str) -> None:
    lines = faults("", **{f"SPRYHOUND_{key}": f"x:{SECRET}@y"})

    assert SECRET not in "\n".join(lines)
    assert f"SPRYHOUND_{key}" in lines[0]


def test_what_looks_like_a_path_is_shown_with_where_it_was_looked_for(
    faults: Faults, tmp_path: Path
) -> None:
    (line,) = faults("[mqtt]\npassword_file = 'secrets/mqtt.password'\n")

    assert line.endswith(f"file not found: '{tmp_path}/secrets/mqtt.password'")


def test_absent_unreadable_and_unfit_files_are_told_apart(faults: Faults, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "two.txt").write_text("a\nb\n")
    (tmp_path / "odd.txt").write_bytes(b"\xff")
    (tmp_path / "big.txt").write_text("x" * 70_000)

    def said(name: str) -> str:
        return faults(f"[influx]\ntoken_file = './{name}'\n")[0]

    assert "file not found" in said("absent.txt")
    assert "this is a folder" in said("../")
    assert "expected one line, the file has 0" in said("empty.txt")
    assert "expected one line, the file has 2" in said("two.txt")
    assert "not UTF-8 at byte 0" in said("odd.txt")
    assert "larger than 65536 bytes" in said("big.txt")
    assert "cannot be read: Not a directory" in said("odd.txt/token.txt")


def test_every_path_of_the_settings_is_relative_to_their_file(tmp_path: Path) -> None:
    """Whichever way one calls it: the working folder plays no part, defaults included."""
    places = list(_paths(Settings))
    for _, key in places:
        (tmp_path / f"{key}.txt").write_text("a password of some length")
    raw: dict[str, Any] = {}
    for name, key in places:
        raw.setdefault(name, {})[key] = f"{key}.txt"
    del raw["home"]["data_dir"]

    faults = read_files(raw, Settings, folder=tmp_path, origins={}, source="spryhound.toml")

    assert faults == []
    assert raw["home"]["data_dir"] == tmp_path / "data"
    assert {raw[name][key].parent for name, key in places} == {tmp_path}
    assert len(places) >= 9
