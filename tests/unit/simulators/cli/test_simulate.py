"""`spryhound simulate`: into files that can be replayed, and over a real broker."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from config.machine_settings import HomeAssistant, Mqtt
from ingest.clock import SystemClock
from ingest.mqtt.embedded_broker import free_port
from ingest.mqtt.subscriber import MqttLink
from ingest.packets.packet import decode
from ingest.recordings.formats.base import ReadOptions
from ingest.recordings.reader import open_recording
from ingest.records import Delivery
from simulators.cli.simulate import from_now
from simulators.scenarios.scenario import load_scenario
from simulators.testing.servers import Mosquitto

Type = Callable[..., Result]

_SHORT = """
start = 2026-09-07
[collar]
id = "test-collar"
rate_hz = 25.0
[collar.radio]
batch = 4000
loss = 0.0
gaps_per_day = 0.0
[[phases]]
days = 1
"""
_PACKETS = 540
"""24 h at 25 Hz in packets of 4000."""


@pytest.fixture
def story(home: Path) -> Path:
    """Return a scenario of one day in few packets."""
    path = home / "short.toml"
    path.write_text(_SHORT)
    return path


@pytest.fixture
def listener(broker: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> Iterator[MqttLink]:
    """Return a hub that hears what is published, the commands being told of the broker."""
    monkeypatch.setenv("SPRYHOUND_MQTT__PORT", str(broker.port))
    monkeypatch.setenv("SPRYHOUND_MQTT__ROOT", "simulated/v1")
    mqtt = Mqtt(
        host=broker.host,
        port=broker.port,
        client_id="listener",
        root="simulated/v1",
        session_expiry_days=0,
        receive_maximum=1000,
    )
    with MqttLink(mqtt, HomeAssistant(), SystemClock()) as link:
        assert link.wait_connected(10.0)
        yield link


def test_the_scenarios_are_listed(spryhound: Type) -> None:
    shown = spryhound("simulate", "--list").stdout

    assert "crate_rest_breach" in shown
    assert "waldi" in shown


@pytest.mark.slow
def test_a_file_holds_the_days_of_the_scenario(home: Path, spryhound: Type, story: Path) -> None:
    result = spryhound("simulate", "--scenario", str(story), "--out", "day.cborseq")

    assert result.stdout == f"day.cborseq: {_PACKETS} packets of 1 days\n"
    recording = open_recording(home / "day.cborseq", ReadOptions())
    assert sum(1 for _ in recording.packets("test-collar")) == _PACKETS


@pytest.mark.slow
def test_the_seed_makes_another_day_and_the_same_seed_the_same(
    home: Path, spryhound: Type, story: Path
) -> None:
    for name, seed in (("a", "1"), ("b", "2"), ("c", "1")):
        spryhound("simulate", "--scenario", str(story), "--seed", seed, "--out", f"{name}.cborseq")

    first, second, third = ((home / f"{name}.cborseq").read_bytes() for name in "abc")
    assert first == third
    assert first != second


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--scenario", "nonsense"), "expected a .toml file or one of"),
        (("--speed", "fast"), "expected 'max' or a positive number"),
        (("--out", "day.wav"), "expected .cborseq or .csv"),
    ],
)
def test_what_cannot_be_played_is_wrong_usage(
    spryhound: Type, options: tuple[str, ...], fault: str
) -> None:
    result = spryhound("simulate", *options)

    assert result.exit_code == 2
    assert fault in result.stderr


@pytest.mark.slow
@pytest.mark.broker
def test_at_full_speed_packets_are_stored_ones_with_the_scenarios_dates(
    listener: MqttLink, spryhound: Type, story: Path
) -> None:
    """1788739200 is 7 September 2026, midnight in UTC."""
    result: list[Result] = []
    typing = threading.Thread(
        target=lambda: result.append(
            spryhound("simulate", "--scenario", str(story), "--speed", "max", "--collar", "c9")
        )
    )

    typing.start()
    heard: list[Delivery] = []
    while len(heard) < _PACKETS:
        deliveries = listener.receive(20.0, 100)
        assert deliveries
        listener.acknowledge(deliveries)
        heard += [each for each in deliveries if each.topic.endswith("c9/acceleration")]
    typing.join(30.0)

    packets = [decode(each.payload, each.content_type) for each in heard]
    assert result[0].exit_code == 0
    assert all(packet.stored for packet in packets)
    assert packets[0].t_ms == 1788739200000.0
    assert [packet.seq for packet in packets] == list(range(_PACKETS))


class Afternoon:
    """A clock that stands at 15:00 UTC on 24 November 2026."""

    def now_s(self) -> float:
        """Return that time."""
        return 1795532400.0

    def monotonic_s(self) -> float:
        """Return the same."""
        return 1795532400.0


def test_a_live_collar_sends_what_belongs_to_this_time_of_day(story: Path) -> None:
    """It begins in the middle of the scenario's first day, a packet being 160 s long."""
    live = from_now(load_scenario(story), Afternoon())

    first = next(live)
    assert 0.0 <= first.arrival_s - Afternoon().now_s() < 160.0 + 0.5
    assert first.packet.t_ms == pytest.approx(first.arrival_s * 1000.0, abs=160_500.0)
    assert not first.packet.stored


@pytest.mark.slow
def test_a_broker_that_is_not_there_is_told_in_one_line(
    spryhound: Type, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("SPRYHOUND_MQTT__PORT", str(port))

    result = spryhound("simulate", "--scenario", str(story), "--speed", "max")

    assert result.exit_code == 1
    assert f"error: broker: nothing answers at 127.0.0.1:{port}" in result.stderr


def test_a_collar_without_a_clock_cannot_be_played_fast(
    home: Path, spryhound: Type, story: Path
) -> None:
    """Times since its start would be laid beside today's arrival."""
    slow = story.read_text().replace("batch = 4000", 'batch = 4000\nclock = "uptime"')
    (home / "uptime.toml").write_text(slow)

    result = spryhound("simulate", "--scenario", "uptime.toml", "--speed", "max")

    assert result.exit_code == 2
    assert "a collar without a clock" in result.stderr
