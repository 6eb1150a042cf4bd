"""Whatever is in the file or the environment: settings, or one error that names each fault."""

import string
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.errors import SettingsError
from config.environment import variables
from config.example import literal
from config.load import load
from config.schema import Many, Settings, nodes

Faults = Callable[..., list[str]]

INNER = """rex plan phases start template name days id dog from until host port password url
password_file urls urls_file data_dir time_zone jumping apart_s wear after_min quiet_from
night_from forbids"""
WORDS = st.sampled_from([*nodes(Settings), *INNER.split()])
KEYS = WORDS | st.text(max_size=5)
SCALARS = (
    st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["", "/", "\x00", "Europe/Berlin", "http://[", "arthritis", "~nobody/x"])
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.datetimes(timezones=st.timezones())
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.slow
@given(st.dictionaries(KEYS, VALUES | st.dictionaries(KEYS, VALUES, max_size=4), max_size=5))
@example({"dogs": {"rex": {"plan": {"start": 10**400, "phases": [{"days": 0}]}}}})
@example({"collars": [{"id": 1}], "home": 5, "detectors": {"jumping": []}})
def test_any_file_is_settings_or_a_settings_error(
    tmp_path_factory: pytest.TempPathFactory, raw: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    lines = [f"{literal({key: value})[1:-1]}\n" for key, value in raw.items()]
    path.write_text("".join(lines), encoding="utf-8")

    with suppress(SettingsError):
        assert load(path, {}).home.time_zone


@given(st.binary(max_size=60))
def test_any_bytes_are_settings_or_a_settings_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.toml"
    path.write_bytes(content)

    with suppress(SettingsError):
        assert load(path, {}).home.time_zone


NAMES = st.sampled_from([*variables(Settings), "SPRYHOUND_DOGS__REX__NAME"]) | st.text(
    string.ascii_uppercase + "_", max_size=20
).map("SPRYHOUND_{}".format)


@pytest.mark.slow
@given(st.dictionaries(NAMES, st.text(max_size=12) | SCALARS.map(str), max_size=4))
def test_any_environment_is_settings_or_a_settings_error(environ: dict[str, str]) -> None:
    with suppress(SettingsError):
        assert load(None, environ).home.time_zone


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[mqtt]\nport = \n", "at line 2"),
        ("[mqtt]\n[mqtt]\n", "at line 2"),
        ("x = " + "9" * 5000, "not TOML"),
        ("x = " + "[" * 5000, "nested too deeply"),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(faults: Faults, text: str, said: str) -> None:
    (line,) = faults(text)

    assert said in line
    assert "spryhound.toml" in line


def test_a_file_that_is_not_utf_8_is_told_with_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "spryhound.toml"
    path.write_bytes(b"# M\xfcnchen\n")

    with pytest.raises(SettingsError, match=r"spryhound\.toml: not UTF-8 at byte 3"):
        load(path, {})


def test_a_byte_order_mark_of_an_editor_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "spryhound.toml"
    path.write_bytes(b"\xef\xbb\xbf[web]\nport = 80\n")

    assert load(path, {}).web.port == 80


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="file not found"):
        load(tmp_path / "not_there.toml", {})
    with pytest.raises(SettingsError, match=r"cannot be read: Is a directory"):
        load(tmp_path, {})


WRONG = [
    ('[mqtt]\nport = "5"', "mqtt.port: got '5', expected a whole number"),
    ("[mqtt]\nport = 5.0", "mqtt.port: got 5.0, expected a whole number"),
    ("[mqtt]\nport = true", "mqtt.port: got true, expected a whole number"),
    ("[mqtt]\nport = 65536", "mqtt.port: got 65536, expected less than or equal to 65535"),
    ("[mqtt]\ntls = 1", "mqtt.tls: got 1, expected true or false"),
    ("[influx]\nurl = 'nas:8086'", "influx.url: got 'nas:8086', expected an address such as 'http"),
    ("[influx]\nurl = 'ftp://nas'", "influx.url: expected an address such as 'http"),
    ("[influx]\nurl = 'http://'", "influx.url: expected an address such as 'http"),
    ("[influx]\ntimeout_s = 0.0", "influx.timeout_s: got 0.0, expected greater than 0"),
    ("[influx]\ntimeout_s = nan", "influx.timeout_s: got nan, expected a finite number"),
    ('[influx]\nversion = "4"', "influx.version: got '4', expected 'auto', '1', '2' or '3'"),
    ("[collars]\nid='c'", "collars: expected tables that are headed [[collars]]"),
    ("[home]\ndata_dir=''", "home.data_dir: got '', expected the path of a file or folder"),
    ("[mqtt]\npassword_file=' '", "mqtt.password_file: expected the path of a file"),
    ("mqtt = 5", "mqtt: got 5, expected a table"),
    ('[home]\ntime_zone = "Europe/Berln"', "did you mean 'Europe/Berlin'?"),
    ('[home]\ntime_zone = "../etc/passwd"', "expected an IANA time zone"),
    ('[notify]\nquiet_from = "24:00"', "got '24:00', expected a local time such as 22:00:00"),
    ("[notify]\nquiet_from = 79200", "got 79200, expected a local time"),
    ('[mqtt]\nroot = "a/#"', "mqtt.root: got 'a/#', expected a topic"),
    ("[dogs.Rex]\nname='R'", "dogs.Rex: got 'Rex', expected 1 to 32 of a-z"),
    ("[dogs.r]\nname=' '", "dogs.r.name: got ' ', expected a name"),
    ("[dogs.r]", "dogs.r.name: missing"),
    ("[dogs.r]\nname='R'\nnight_from=06:30:00", "dogs.r: night_until is the same as night_from"),
    ("[dogs.r.plan]\nstart='2026-01-01'", "expected a date such as 2026-11-01, without quotes"),
    ("[dogs.r.plan]\nstart=1926-01-01", "got 1926-01-01, expected a year from 2000 to 2100"),
    ("[dogs.r.plan]\nstrt=1", "dogs.r.plan.strt: unknown setting; did you mean 'start'?"),
    (
        "[dogs.r.plan]\nstart=2026-01-01\ntemplate='arthrits'",
        "dogs.r.plan.template: got 'arthrits', expected one of after_surgery, arthritis",
    ),
    (
        "[[dogs.r.plan.phases]]\nnam='x'",
        "dogs.r.plan.phases.0.nam: unknown setting; did you mean 'name'?",
    ),
    ("[[collars]]\nid='c'\ndgo='r'", "collars.0.dgo: unknown setting; did you mean 'dog'?"),
    ("[detectors.jumpng]", "detectors.jumpng: unknown setting; did you mean 'jumping'?"),
    ("[detectors.jumping]\napart=1", "unknown setting; did you mean 'apart_s'?"),
    ("[detectors.jumping]\napart_s='a'", "detectors.jumping.apart_s: got 'a', expected a number"),
    ("[detectors.jumping]\napart_s=-1", "apart_s: got -1, expected greater than or equal to 0"),
    ("[analysis.wear]\nafter_min=2.5", "analysis.wear.after_min: got 2.5, expected a whole number"),
    ("mqqt.port = 1", "mqqt: unknown setting; did you mean 'mqtt'?"),
    ('"od\\nd" = 1', '"od\\nd": unknown setting'),
    ("[mqtt]\nport = 0x" + "f" * 9000, "mqtt.port: got a very large number"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_a_fault_is_one_line_with_key_value_and_expectation(
    faults: Faults, text: str, said: str
) -> None:
    lines = faults(text)

    assert [line for line in lines if said in line and line.startswith("spryhound.toml: ")], lines


def test_a_whole_number_will_do_where_a_number_is_asked_for(
    read: Callable[..., Settings],
) -> None:
    assert read("[influx]\ntimeout_s = 5").influx.timeout_s == 5.0


def test_faults_between_tables_are_told_together_with_faults_within_them(faults: Faults) -> None:
    """A broken dog is still a dog: its collar is not called a stranger's."""
    lines = faults(
        "[mqtt]\nport = 0\n[dogs.rex]\nname = 5\n"
        "[[collars]]\nid='c1'\ndog='rex'\n[[collars]]\nid='c2'\ndog='max'\n"
        "[[collars]]\nid='c1'\ndog='rex'\nuntil=2026-01-01\n[[collars]]\nid=5\ndog='x'\n"
    )

    assert lines == [
        "spryhound.toml: mqtt.port: got 0, expected greater than or equal to 1",
        "spryhound.toml: dogs.rex.name: got 5, expected a text in quotes",
        "spryhound.toml: collars.3.id: got 5, expected a text in quotes",
        "spryhound.toml: collars.1.dog: got 'max', expected a dog under [dogs]",
        "spryhound.toml: collars.2: dates overlap those of collars.0 for collar 'c1'",
    ]


def test_every_table_that_is_repeated_is_known_as_such() -> None:
    """The walk over the schema must see dogs and collars, or hints would be missing there."""
    found = {key: node for key, node in nodes(Settings).items() if isinstance(node, Many)}

    assert {key: node.named for key, node in found.items()} == {"dogs": True, "collars": False}
