"""The simulated collar measures, clips, turns, loses and restarts as it is told."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from analysis.errors import SettingsError
from simulators.behaviours.registry import Scene
from simulators.collar.radio import Sent, send
from simulators.collar.sensor import read
from simulators.day.day import Chunk, render
from simulators.day.schedule import Bout
from simulators.dog.collar import Collar, Mounting, Radio, Sensor, ideal
from simulators.dog.dog import Dog

START_S = 1_788_739_200.0
FAIR = ideal(batch=500).radio


def still(n_s: float, *, rate_hz: float = 50.0) -> list[Chunk]:
    """Return chunks of an hour in which the sensor reads one gravity."""
    n_chunk = int(3600.0 * rate_hz)
    n = int(n_s * rate_hz)
    gravity_g = np.tile(np.array([0.0, 0.0, 1.0], dtype=np.float32), (n_chunk, 1))
    return [
        Chunk(
            start_s=START_S + first / rate_hz,
            rate_hz=rate_hz,
            acceleration_g=gravity_g[: min(n_chunk, n - first)],
        )
        for first in range(0, n, n_chunk)
    ]


def sending(collar: Collar, chunks: Iterable[Chunk], *, seed: int = 1) -> list[Sent]:
    return list(send(np.random.default_rng(seed), collar, chunks))


def heard(radio: Radio) -> Collar:
    return replace(ideal(), radio=radio)


def test_an_ideal_collar_sends_every_sample_in_order_with_its_time() -> None:
    chunks = list(
        render(
            np.random.default_rng(1),
            [Bout(kind="walk", start_s=START_S, end_s=START_S + 101.0)],
            Scene(dog=Dog()),
        )
    )

    sent = sending(ideal(batch=64), chunks)
    packets = [each.packet for each in sent]
    received_g = np.concatenate([each.acceleration_g for each in packets])

    assert received_g.astype(np.float32).tobytes() == chunks[0].acceleration_g.tobytes()
    assert [each.seq for each in packets] == list(range(79))
    assert [each.index for each in packets] == list(range(0, 5050, 64))
    assert [each.t_ms for each in packets] == pytest.approx(
        [START_S * 1000 + k * 1280 for k in range(79)]
    )
    assert packets[-1].n_samples == 5050 - 78 * 64


def test_how_chunks_are_cut_does_not_change_the_packets() -> None:
    (whole,) = still(100.0)
    halves = [
        replace(whole, acceleration_g=whole.acceleration_g[:1234]),
        replace(whole, start_s=START_S + 1234 / 50.0, acceleration_g=whole.acceleration_g[1234:]),
    ]

    def times(chunks: list[Chunk]) -> list[tuple[int, int]]:
        packets = [each.packet for each in sending(ideal(batch=100), chunks)]
        return [(each.seq, each.n_samples) for each in packets]

    assert times([whole]) == times(halves)


def test_a_lossy_radio_loses_its_share() -> None:
    """A tenth of 8,640 packets; three sigma are 84."""
    sent = sending(heard(replace(FAIR, loss=0.1)), still(86_400.0))

    assert 8640 - len(sent) == pytest.approx(864, abs=84)


def test_a_gap_is_lost_or_kept_for_later() -> None:
    """With a backlog nothing is lost, and what comes late says so."""
    lost = sending(heard(replace(FAIR, gaps_per_day=5.0)), still(86_400.0))
    kept = sending(heard(replace(FAIR, gaps_per_day=5.0, backlog=True)), still(86_400.0))
    late = [each for each in kept if each.packet.stored]

    assert len(lost) < len(kept)
    assert [each.packet.seq for each in kept] == list(range(len(kept)))
    assert len(late) == len(kept) - len(lost)
    assert max(each.arrival_s - each.packet.t_ms / 1000.0 for each in late) > 60.0
    assert not any(each.packet.stored for each in lost)


def test_a_restart_counts_from_nothing_under_a_new_boot() -> None:
    sent = sending(heard(replace(FAIR, reboots_per_day=10.0, clock="uptime")), still(86_400.0))
    boots = sorted({each.packet.boot for each in sent}, key=int)

    firsts = [next(each.packet for each in sent if each.packet.boot == boot) for boot in boots]

    assert len(boots) > 3
    assert boots == [str(number) for number in range(1, len(boots) + 1)]
    assert {(each.seq, each.index) for each in firsts} == {(0, 0)}
    assert all(each.t_ms < 20_000.0 for each in firsts)


def test_an_uptime_clock_runs_fast_by_its_error() -> None:
    """200 millionths of an hour are 720 ms."""
    sent = sending(heard(replace(FAIR, clock="uptime", clock_ppm=200.0)), still(3610.0))
    hour = next(each.packet for each in sent if each.packet.index == 180_000)

    assert hour.clock == "uptime"
    assert hour.t_ms == pytest.approx(3_600_000.0 + 720.0, abs=0.01)


def test_a_packet_arrives_after_its_last_sample_and_within_the_delay() -> None:
    sent = sending(heard(replace(FAIR, delay_s=0.5)), still(600.0))

    late_s = [each.arrival_s - each.packet.t_ms / 1000.0 - 10.0 for each in sent]

    assert min(late_s) >= -1e-6
    assert max(late_s) <= 0.5 + 1e-6
    assert max(late_s) > 0.3


def test_a_sensor_clips_at_its_range_and_counts_in_steps() -> None:
    strong_g = np.array([[9.5, -9.5, 0.12345]], dtype=np.float32)

    read_g = read(np.random.default_rng(1), strong_g, Sensor(noise_g=0.0))

    assert read_g[0] == pytest.approx([8.0, -8.0, 0.123], abs=1e-6)


def test_a_sensor_has_the_noise_that_it_says() -> None:
    read_g = read(np.random.default_rng(1), np.zeros((20_000, 3), np.float32), Sensor(noise_g=0.01))

    assert read_g.std() == pytest.approx(0.01, rel=0.03)


@pytest.mark.parametrize(
    ("collar", "message"),
    [
        (lambda: Collar(rate_hz=5.0), "collar.rate_hz is 5.0, expected 10 to 400"),
        (lambda: Collar(radio=Radio(batch=0)), "collar.radio.batch is 0, expected 1 to 4096"),
        (lambda: Collar(radio=Radio(clock="gps")), "collar.radio.clock is 'gps'"),
        (lambda: Collar(mounting=Mounting(ring=2.0)), "collar.mounting.ring is 2.0"),
    ],
)
def test_a_collar_that_cannot_be_is_refused(collar: object, message: str) -> None:
    assert callable(collar)
    with pytest.raises(SettingsError, match=message):
        collar()
