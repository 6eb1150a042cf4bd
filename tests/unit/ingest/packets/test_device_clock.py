"""The collar's clock against ours."""

import numpy as np
import pytest

from ingest.packets.device_clock import DeviceClock, DeviceClockSettings
from ingest.packets.packet import Packet

BASE_S = 0.020
NOW_S = 1.75e9


def packet(t_s: float, *, clock: str = "utc", stored: bool = False, boot: str = "1") -> Packet:
    return Packet(
        seq=0,
        boot=boot,
        t_ms=t_s * 1000.0,
        rate_hz=50.0,
        acceleration_g=np.zeros((50, 3)),
        clock=clock,
        stored=stored,
    )


def new_clock() -> DeviceClock:
    return DeviceClock(DeviceClockSettings(), {})


@pytest.mark.parametrize("ppm", [-100.0, -50.0, 50.0, 100.0])
def test_hours_of_drift_delay_and_bursts_leave_25_ms(ppm: float) -> None:
    """Least squares over the same points is tens of seconds off: the test has teeth."""
    dice = np.random.default_rng(5)
    device_s = np.arange(1.0, 6 * 3600.0)
    unix_s = NOW_S + device_s * (1.0 + ppm * 1e-6)
    arrival_s = unix_s + BASE_S + dice.exponential(0.030, device_s.size)
    for start, length in ((2000, 600), (6000, 1200), (11_000, 2400), (19_000, 1800)):
        arrival_s[start : start + length] = unix_s[start + length] + 0.5
    clock, worst_s = new_clock(), 0.0

    for k in range(device_s.size):
        clock.add(float(device_s[k]), float(arrival_s[k]))
        if k >= 600:
            worst_s = max(worst_s, abs(clock.unix_s(float(device_s[k])) - unix_s[k]))

    line = np.polynomial.Polynomial.fit(device_s, arrival_s - NOW_S, 1)
    squares_s = np.abs(line(device_s) + NOW_S - unix_s)[600:].max()
    assert worst_s <= BASE_S + 0.025
    assert squares_s > 10.0
    assert len(clock.state.device_s) <= 64


def test_a_backlog_at_the_very_start_is_forgotten_once_packets_come_in_time() -> None:
    device_s = np.arange(1.0, 7200.0)
    arrival_s = NOW_S + np.maximum(device_s, 3600.0) + BASE_S
    clock = new_clock()

    for x, y in zip(device_s.tolist(), arrival_s.tolist(), strict=True):
        clock.add(x, y)

    assert clock.unix_s(7200.0) == pytest.approx(NOW_S + 7200.0 + BASE_S, abs=1e-3)


def test_before_ten_minutes_the_fastest_packet_counts_and_the_drift_is_none() -> None:
    clock = new_clock()

    clock.add(10.0, NOW_S + 10.9)
    clock.add(11.0, NOW_S + 11.1)
    clock.add(12.0, NOW_S + 12.8)

    assert clock.unix_s(12.0) == pytest.approx(NOW_S + 12.1, abs=1e-6)


def test_a_drift_beyond_500_ppm_is_not_believed() -> None:
    clock = new_clock()

    for k in range(2000):
        clock.add(float(k), NOW_S + k * 1.001)

    assert clock.unix_s(1999.0) == pytest.approx(NOW_S + 1999.0, abs=1e-6)


@pytest.mark.parametrize(("late_s", "believed"), [(600.0, True), (600.1, False), (-600.0, True)])
def test_a_unix_time_is_believed_within_ten_minutes_of_arrival(
    late_s: float, *, believed: bool
) -> None:
    clock = new_clock()

    dated = clock.date(packet(NOW_S), NOW_S + late_s)

    # Dated by arrival, the second of samples began a second before.
    assert dated.start_s == pytest.approx(NOW_S if believed else NOW_S + late_s - 1.0)
    assert clock.counts == ({} if believed else {"dated_by_arrival": 1})


def test_a_stored_time_is_believed_however_old_but_never_from_the_future() -> None:
    assert new_clock().date(packet(1e8, stored=True), NOW_S).start_s == 1e8
    assert new_clock().date(packet(NOW_S + 601.0, stored=True), NOW_S).start_s == NOW_S - 1.0


def test_a_backlog_of_a_clock_that_was_right_is_believed() -> None:
    """The hub was down for an hour and the broker kept the packets."""
    clock = new_clock()
    clock.date(packet(NOW_S), NOW_S + 1.0)

    assert clock.date(packet(NOW_S + 1.0), NOW_S + 3600.0).start_s == NOW_S + 1.0
    assert clock.counts == {}


def test_another_boot_has_to_prove_its_clock_again() -> None:
    clock = new_clock()
    clock.date(packet(NOW_S), NOW_S + 1.0)

    assert clock.date(packet(NOW_S + 1.0, boot="2"), NOW_S + 3600.0).start_s == NOW_S + 3599.0


def test_a_clock_that_stands_still_is_dated_by_arrival_alone() -> None:
    clock = new_clock()

    starts_s = [clock.date(packet(0.0), NOW_S + k).start_s for k in range(3)]

    assert starts_s == pytest.approx([NOW_S - 1.0, NOW_S, NOW_S + 1.0])
    assert clock.counts == {"dated_by_arrival": 3}


def test_uptime_is_no_oddity() -> None:
    clock = new_clock()

    assert clock.date(packet(5.0, clock="uptime"), NOW_S).start_s == NOW_S - 1.0
    assert clock.counts == {}
