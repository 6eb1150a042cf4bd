"""`spryhound doctor`: every fault is found, and says what to do about it."""

import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import pytest
from typer.testing import Result

from config.load import load
from ingest.clock import SystemClock
from ingest.doctor import CHECKS, CheckStatus, DoctorContext, Finding
from ingest.mqtt.embedded_broker import free_port
from ingest.ports import Clock
from ingest.storage.journal import Journal, SetAside, daemon_lock
from ingest.storage.outbox import OutboxTable
from simulators.testing.fakes import received_packet
from simulators.testing.http_sink import HttpSink
from simulators.testing.servers import Mosquitto

Type = Callable[..., Result]
NOON_S = 1795521600.0
"""24 November 2026, 12:00 UTC."""


@dataclass
class SetClock:
    """A clock that shows what it is told to, and may be put forward while it is looked at."""

    time_s: float = NOON_S
    step_s: float = 0.0

    def now_s(self) -> float:
        """Return the time, and make the step."""
        self.time_s += self.step_s
        return self.time_s

    def monotonic_s(self) -> float:
        """Return that no time passes."""
        return 0.0


def ward(home: Path, clock: Clock | None = None, **environ: str) -> DoctorContext:
    """Return a home to be examined, with settings from the environment."""
    variables = {f"SPRYHOUND_{name}": value for name, value in environ.items()}
    return DoctorContext(
        settings=load(home / "spryhound.toml", variables),
        path=home / "spryhound.toml",
        database=home / "store" / "spryhound.sqlite",
        clock=clock or SetClock(),
        timeout_s=5.0,
    )


def look(subject: str, home: DoctorContext) -> list[Finding]:
    """Return what one check finds, but what is well."""
    return [each for each in CHECKS[subject](home) if each.outcome is not CheckStatus.OK]


def heard(home: DoctorContext, collar: str, arrival_s: float) -> None:
    """Journal one packet of a collar."""
    with Journal(home.database, home.clock) as journal, journal.transaction() as tx:
        tx.append(
            received_packet(
                collar=collar, seq=1, start_s=arrival_s, arrival_s=arrival_s, payload=b"{}"
            )
        )


@pytest.fixture
def well(home: Path, broker: Mosquitto, influx: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home in which everything works."""
    monkeypatch.setenv("SPRYHOUND_MQTT__PORT", str(broker.port))
    monkeypatch.setenv("SPRYHOUND_INFLUX__ENABLED", "true")
    monkeypatch.setenv("SPRYHOUND_INFLUX__URL", influx)
    monkeypatch.setenv("SPRYHOUND_INFLUX__BUCKET", "doctored")
    monkeypatch.setenv("SPRYHOUND_NOTIFY__URLS", "json://127.0.0.1/hook")
    return home


@pytest.mark.broker
@pytest.mark.influx
def test_where_all_is_well_nothing_fails(well: Path, spryhound: Type) -> None:
    with daemon_lock(well / "store" / "spryhound.sqlite"):
        result = spryhound("doctor")
        findings = json.loads(spryhound("doctor", "--json").stdout)

    assert result.exit_code == 0
    assert result.stdout.endswith("Nothing failed.\n")
    assert {each["subject"] for each in findings} == CHECKS.keys()
    assert {each["outcome"] for each in findings} == {"ok", "skipped"}


@pytest.mark.slow
@pytest.mark.broker
@pytest.mark.influx
@pytest.mark.usefixtures("well")
def test_one_failure_is_exit_code_1_and_every_fault_has_advice(
    spryhound: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPRYHOUND_MQTT__PORT", str(free_port()))

    result = spryhound("doctor", "--json")

    findings = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [each["subject"] for each in findings if each["outcome"] == "failed"] == ["broker"]
    ill = [each for each in findings if each["outcome"] in {"warning", "failed"}]
    assert all(each["advice"] for each in ill)


def test_wrong_settings_are_exit_code_2_and_a_finding_each(home: Path, spryhound: Type) -> None:
    (home / "spryhound.toml").write_text('[home]\ntime_zon = "UTC"\n[mqtt]\nport = 0\n')

    result = spryhound("doctor", "--json")

    assert result.exit_code == 2
    said = [each["text"] for each in json.loads(result.stdout)]
    assert any("time_zon" in each for each in said)
    assert any("mqtt.port" in each for each in said)


def test_secrets_that_others_may_read_are_a_warning(home: Path) -> None:
    file = home / "spryhound.toml"
    file.write_text(file.read_text() + '[mqtt]\npassword = "hush"\n')
    file.chmod(0o644)
    (open_to_all,) = look("configuration", ward(home))
    file.chmod(0o600)

    assert open_to_all.advice == f"chmod 600 {file}"
    assert "hush" not in open_to_all.text
    assert look("configuration", ward(home)) == []


def test_a_dog_without_a_collar_is_a_warning_once_collars_are_listed(home: Path) -> None:
    assert look("configuration", ward(home)) == []
    with (home / "spryhound.toml").open("a") as file:
        file.write('[dogs.max]\nname = "Max"\n[[collars]]\nid = "c1"\ndog = "rex"\n')

    (finding,) = look("configuration", ward(home))

    assert finding.text == "no collar for max"


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        (SetClock(time_s=0.0), "the year 1970"),
        (SetClock(step_s=3600.0), "was set by"),
        (SetClock(time_s=NOON_S - 61.0), "gone back"),
    ],
)
def test_a_wrong_clock_is_found(home: Path, clock: SetClock, said: str) -> None:
    """The newest packet came at noon; a minute back is allowed for."""
    heard(ward(home), "c1", NOON_S)

    (finding,) = look("clock", ward(home, clock))

    assert said in finding.text
    assert "timedatectl" in finding.advice


def test_a_right_clock_is_not(home: Path) -> None:
    """Neither this computer's, after a packet of 2023, nor one that is 59 s behind the newest."""
    heard(ward(home), "c1", 1.7e9)
    assert look("clock", ward(home, SystemClock())) == []
    heard(ward(home), "c2", NOON_S)

    assert look("clock", ward(home, SetClock(time_s=NOON_S - 59.0))) == []


def test_a_database_that_others_may_read_is_a_warning(home: Path) -> None:
    heard(ward(home), "c1", NOON_S)
    assert look("database", ward(home)) == []
    ward(home).database.chmod(0o640)

    (finding,) = look("database", ward(home))

    assert finding.outcome is CheckStatus.WARNING
    assert finding.advice == f"chmod 600 {ward(home).database}"


def test_a_damaged_database_fails_and_says_how_to_go_on(home: Path) -> None:
    """A page in the middle is overwritten, as a failing card would."""
    path = ward(home).database
    with Journal(path, SetClock()) as journal, journal.transaction() as tx:
        for number in range(500):
            tx.enqueue("point", f"key-{number}", bytes(200))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = os.urandom(8192)
    path.write_bytes(content)

    (finding,) = look("database", ward(home))

    assert finding.outcome is CheckStatus.FAILED
    assert "move" in finding.advice


def test_a_file_of_another_program_fails(home: Path) -> None:
    ward(home).database.write_bytes(b"something else, and long enough to be read" * 100)
    ward(home).database.chmod(0o600)

    (finding,) = look("database", ward(home))

    assert finding.outcome is CheckStatus.FAILED


def test_the_doctor_makes_no_database(home: Path) -> None:
    rmtree(home / "store")

    (finding,) = look("database", ward(home))

    assert finding.outcome is CheckStatus.SKIPPED
    for subject in CHECKS.keys() - {"broker", "influxdb"}:
        look(subject, ward(home))
    assert not ward(home).database.parent.exists()


@pytest.mark.slow
@pytest.mark.broker
def test_a_rule_that_swallows_messages_is_found(
    tmp_path_factory: pytest.TempPathFactory, home: Path, broker: Mosquitto
) -> None:
    """The user may write but not read: every step succeeds, and nothing comes back."""
    folder = tmp_path_factory.mktemp("ruled")
    (folder / "acl").write_text("topic write spryhound/v1/#\n")
    with Mosquitto(folder=folder, acl_file=folder / "acl") as ruled:
        (deaf,) = look("broker", ward(home, MQTT__PORT=str(ruled.port)))

    assert deaf.outcome is CheckStatus.FAILED
    assert look("broker", ward(home, MQTT__PORT=str(broker.port))) == []


@pytest.mark.broker
def test_the_doctor_does_not_disturb_the_hubs_state(home: Path, broker: Mosquitto) -> None:
    """A second client of the hub's name would throw out the daemon, and its will say offline."""
    before = broker.log.count("as spryhound ")

    look("broker", ward(home, MQTT__PORT=str(broker.port)))

    assert broker.log.count("as spryhound ") == before


@pytest.mark.influx
def test_influxdb_is_proved_by_a_point_that_comes_back(home: Path, influx: str) -> None:
    def at(url: str) -> DoctorContext:
        return ward(home, INFLUX__ENABLED="true", INFLUX__BUCKET="proved", INFLUX__URL=url)

    good = CHECKS["influxdb"](at(influx))
    (away,) = look("influxdb", at(f"http://127.0.0.1:{free_port()}"))

    assert [each.outcome for each in good] == [CheckStatus.OK]
    assert away.outcome is CheckStatus.FAILED
    assert "waits in the outbox" in away.advice


def test_a_url_that_is_none_fails_without_being_shown(home: Path) -> None:
    (finding,) = look("notifications", ward(home, NOTIFY__URLS="smoke://secret-hill"))

    assert finding.outcome is CheckStatus.FAILED
    assert "secret-hill" not in finding.text


@pytest.mark.slow
def test_a_test_message_is_sent_only_if_asked_for(
    spryhound: Type, http_catcher: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = http_catcher.url.replace("http://", "json://")
    monkeypatch.setenv("SPRYHOUND_NOTIFY__URLS", url)

    spryhound("doctor")
    assert http_catcher.caught == []
    spryhound("doctor", "--notify")

    assert len(http_catcher.caught) == 1


def test_what_waits_too_long_and_what_was_refused_is_found(home: Path) -> None:
    clock = SetClock()
    with Journal(ward(home).database, clock) as journal, journal.transaction() as tx:
        tx.enqueue("publication", "a", b"")
    assert look("outbox", ward(home, clock)) == []
    clock.time_s += 7200.0

    (late,) = look("outbox", ward(home, clock))
    with OutboxTable(ward(home).database) as table:
        (row,) = table.next_rows("mqtt", ["publication"], 1)
        table.bury("mqtt", row, "no such topic", clock.time_s)
    (dead,) = look("outbox", ward(home, clock))

    assert "1 waiting, the oldest for 2.0 h" in late.text
    assert (dead.outcome, dead.text) == (CheckStatus.FAILED, "mqtt: 1 refused for good")


def test_a_silent_collar_is_found_and_one_never_heard(home: Path) -> None:
    with (home / "spryhound.toml").open("a") as file:
        file.write('[[collars]]\nid = "c2"\ndog = "rex"\n')
    heard(ward(home), "c1", NOON_S)
    heard(ward(home), "c2", NOON_S - 7260.0)
    assert [each.text for each in look("packets", ward(home))] == [
        "collar c2: 1 packets kept, the last 2.0 h ago"
    ]
    with (home / "spryhound.toml").open("a") as file:
        file.write('[dogs.max]\nname = "Max"\n[[collars]]\nid = "c3"\ndog = "max"\n')

    *_, unheard = look("packets", ward(home))

    assert unheard.text == "collar c3: no packet yet"
    assert "spryhound/v1/collars/c3/acceleration" in unheard.advice


def test_messages_set_aside_and_drops_are_shown(home: Path) -> None:
    message = SetAside(topic="a/b", payload=b"?", cause="encoding: not JSON", arrival_s=NOON_S)
    heard(ward(home), "c1", NOON_S)
    with Journal(ward(home).database, SetClock()) as journal, journal.transaction() as tx:
        tx.count("repeat", 4)
    assert look("packets", ward(home)) == []
    with Journal(ward(home).database, SetClock()) as journal, journal.transaction() as tx:
        tx.set_aside(message)
        tx.count("encoding", 3)

    aside, drops = look("packets", ward(home))

    assert "2026-11-24 12:00 UTC on a/b: encoding: not JSON" in aside.text
    assert drops.text == "counted: encoding 3, repeat 4"


def test_too_little_room_is_found(home: Path) -> None:
    """No disk has the ten petabytes that the journal may grow to here."""
    (finding,) = look("disk", ward(home, JOURNAL__MAX_MB="10000000"))

    assert finding.advice
    assert look("disk", ward(home, JOURNAL__MAX_MB="1")) == []


def test_a_page_that_others_can_reach_needs_a_password_and_https(home: Path) -> None:
    everywhere, password = "0.0.0.0", "twelve chars"  # noqa: S104  # not bound
    (home / "page.pem").write_text("")

    def opened(secret: str, certificate: str = "") -> DoctorContext:
        return ward(home, WEB__HOST=everywhere, WEB__PASSWORD=secret, WEB__CERT_FILE=certificate)

    (open_to_all,) = look("page", opened(""))
    (short,) = look("page", opened(password[:-1]))
    (in_the_clear,) = look("page", opened(password))

    assert (open_to_all.outcome, short.outcome) == (CheckStatus.FAILED, CheckStatus.FAILED)
    assert in_the_clear.outcome is CheckStatus.WARNING
    assert password not in in_the_clear.text + short.text
    assert look("page", opened(password, str(home / "page.pem"))) == []
    assert look("page", ward(home)) == []
