"""How fast commands start and the analysis is, the latter as ratios to a filter it needs.

Run it with ``./run bench``; ``docs/performance.md`` explains the table. All times are processor
times of this process, hot, and each case is timed in turn with its yardstick, so that what else the
machine does weighs on both alike.
"""

import argparse
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import scipy

from analysis.features.day.calendar import Calendar
from analysis.model import AlertChange, Day, FloatArray, Level, Results, Samples, Status
from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from ingest.mqtt.embedded_broker import EmbeddedBroker, free_port
from ingest.packets.packet import Packet, decode, encode_cbor, encode_json
from ingest.processing.allocator import keep_freed_memory
from ingest.storage.points import LIVE, points_of
from ingest.storage.sqlite_store import SqliteStore
from simulators.day.day import simulate_day
from simulators.day.planner import DayPlan
from simulators.dog.dog import Dog

N_RUNS = 5
CHUNK = 65_536
NOISE_G = 0.004
MIDNIGHT_S = 1_782_864_000.0
"""2026-07-01 in UTC."""
BUSY_HALF = slice(6 * 3600 * 100, 18 * 3600 * 100)
"""Twelve hours by day at 100 Hz."""
BUSY_HOUR = slice(8 * 3600 * 50, 9 * 3600 * 50)
"""An hour of the morning at 50 Hz."""

MOST_BATCH, MOST_PACKET, MOST_MIB, MOST_GROWTH = 10.0, 20.0, 64.0, 1.1
MOST_HELP_S, MOST_STORE_S, MOST_REPLAY_S, MOST_RUN_S = 0.4, 1.0, 2.0, 3.0
N_DOGS, N_DAYS = 3, 365
SETTINGS = """
[mqtt]
host = "{host}"
port = {port}
[web]
port = {web_port}
""" + "".join(f'[dogs.dog{number}]\nname = "Dog {number}"\n' for number in range(N_DOGS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; `most` is the budget, if there is one."""

    case: str
    value: float
    unit: str
    ratio: float | None = None
    most: float | None = None

    @property
    def is_broken(self) -> bool:
        """Whether the ratio, or for want of one the value, is over the budget."""
        measured = self.value if self.ratio is None else self.ratio
        return self.most is not None and measured > self.most


def simulated_day(rate_hz: float) -> FloatArray:
    """Return a day of a healthy dog, shape (n, 3), in g, with the noise of a sensor.

    About two hours of it are walk, trot and gallop.
    """
    rng = np.random.default_rng(5)
    day = simulate_day(rng, Dog(), DayPlan(date=date(2026, 7, 1)), rate_hz=rate_hz)
    acceleration_g = np.concatenate([chunk.acceleration_g for chunk in day.chunks()])
    return acceleration_g + NOISE_G * rng.standard_normal(acceleration_g.shape)


def pieces(
    acceleration_g: FloatArray, rate_hz: float, length: int, n_days: int = 1
) -> Iterator[Samples]:
    """Yield a stream in pieces; several days are the same one again and again."""
    for day in range(n_days):
        for first in range(0, len(acceleration_g), length):
            yield Samples(
                origin_s=MIDNIGHT_S,
                first_index=day * len(acceleration_g) + first,
                rate_hz=rate_hz,
                acceleration_g=acceleration_g[first : first + length],
                range_g=8.0,
            )


def new_pipeline() -> Pipeline:
    """Return a pipeline with the default settings."""
    keep_freed_memory()
    return Pipeline(PipelineSettings(dog=DogProfile(id="rex")))


def analyse(pipeline: Pipeline, stream: Iterator[Samples]) -> int:
    """Analyse a stream and return how many records came out; they are not kept."""
    n_records = 0
    for piece in stream:
        results = pipeline.process(piece)
        n_records += len(results.minutes) + len(results.gait) + len(results.events)
    return n_records + len(pipeline.finish().minutes)


def analyse_recording(acceleration_g: FloatArray, rate_hz: float) -> int:
    """Analyse a recording in large pieces."""
    return analyse(new_pipeline(), pieces(acceleration_g, rate_hz, CHUNK))


def cpu_s(work: Callable[[], object]) -> float:
    """Return the processor seconds of one call."""
    start_s = time.process_time()
    work()
    return time.process_time() - start_s


def against(yardstick: Callable[[], object], work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of a piece of work, and its ratio to those of a yardstick.

    Both are those of the quickest run, since what else the machine does can only add to them.
    """
    yardstick()
    work()
    runs = [(cpu_s(yardstick), cpu_s(work)) for _ in range(N_RUNS)]
    yardstick_s, work_s = (min(each) for each in zip(*runs, strict=True))
    return work_s, work_s / yardstick_s


def band_pass() -> FloatArray:
    """Return the filter that everything is measured against, at 50 Hz."""
    return np.asarray(scipy.signal.butter(4, (0.5, 12.0), "bandpass", fs=50, output="sos"))


def batch_rows(day_g: FloatArray) -> Iterator[Row]:
    """Measure long recordings of 4.3 million samples in large pieces, against a band-pass."""
    band = band_pass()

    def floor() -> object:
        return scipy.signal.sosfilt(band, day_g, axis=0)

    floor_s, _ = against(floor, floor)
    yield Row(case="floor: band-pass of 24 h at 50 Hz", value=floor_s, unit="s", ratio=1.0)
    recordings = (
        ("analysis of 24 h at 50 Hz", 50.0, day_g),
        ("analysis of 24 h at 48.4 Hz", 48.4, simulated_day(48.4)),
        ("analysis of 12 h at 100 Hz", 100.0, simulated_day(100.0)[BUSY_HALF]),
    )
    for case, rate_hz, acceleration_g in recordings:
        value, ratio = against(floor, partial(analyse_recording, acceleration_g, rate_hz))
        yield Row(case=case, value=value, unit="s", ratio=ratio, most=MOST_BATCH)


def packet_rows(hour_g: FloatArray) -> Iterator[Row]:
    """Measure an hour of walks in packets of one second, against a filter fed the same way."""
    packets = list(pieces(hour_g, 50.0, 50))
    band = band_pass()
    state = np.zeros((len(band), 2, 3))

    def bare() -> None:
        memory = state
        for packet in packets:
            _, memory = scipy.signal.sosfilt(band, packet.acceleration_g, axis=0, zi=memory)

    microseconds = 1e6 / len(packets)
    bare_s, _ = against(bare, bare)
    yield Row(
        case="floor: band-pass of a packet of 1 s",
        value=bare_s * microseconds,
        unit="us",
        ratio=1.0,
    )
    value, ratio = against(bare, lambda: analyse(new_pipeline(), iter(packets)))
    yield Row(
        case="analysis of a packet of 1 s",
        value=value * microseconds,
        unit="us",
        ratio=ratio,
        most=MOST_PACKET,
    )


def decode_rows(second_g: FloatArray) -> Iterator[Row]:
    """Measure how long the bytes of a packet of one second take to read."""
    packet = Packet(seq=7, boot="3", t_ms=0.0, rate_hz=50.0, acceleration_g=second_g.round(3))
    for name, payload in (("JSON", encode_json(packet)), ("CBOR", encode_cbor(packet))):

        def work(payload: bytes = payload) -> None:
            for _ in range(1000):
                decode(payload)

        work()
        value = min(cpu_s(work) for _ in range(N_RUNS)) * 1e3
        yield Row(case=f"decoding a packet of 1 s, {name}", value=value, unit="us")


def memory_rows(day_g: FloatArray) -> Iterator[Row]:
    """Measure the most memory held besides the samples themselves, and whether it grows."""
    one_mib, ten_mib = (peak_mib(day_g, n_days) for n_days in (1, 10))
    yield Row(case="extra memory for 1 day", value=one_mib, unit="MiB", most=MOST_MIB)
    yield Row(
        case="extra memory for 10 days",
        value=ten_mib,
        unit="MiB",
        ratio=ten_mib / one_mib,
        most=MOST_GROWTH,
    )


def peak_mib(day_g: FloatArray, n_days: int) -> float:
    """Return the most memory that an analysis held at one time."""
    pipeline = new_pipeline()
    tracemalloc.start()
    analyse(pipeline, pieces(day_g, 50.0, CHUNK, n_days))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20


def start_up_rows(folder: Path) -> Iterator[Row]:
    """Measure what a command costs from its start to its end, bytecode cached.

    The floor is a Python that does nothing. The store holds the days, and an alert every other
    day, of a year of three dogs.
    """
    write_year(folder / "data" / "spryhound.sqlite")
    still = "".join(f"{index / 50:.2f},0,0,1\n" for index in range(3000))
    (folder / "minute.csv").write_text(f"time,x,y,z\n{still}")
    with EmbeddedBroker() as broker:
        text = SETTINGS.format(host=broker.host, port=broker.port, web_port=free_port())
        (folder / "spryhound.toml").write_text(text)
        floor_s = min(command_s(folder, "pass") for _ in range(N_RUNS))
        yield Row(case="floor: a Python that does nothing", value=floor_s, unit="s", ratio=1.0)
        for words, most_s in (
            ("--help", MOST_HELP_S),
            ("--version", MOST_HELP_S),
            ("plam", MOST_HELP_S),
            ("alerts list", MOST_STORE_S),
            ("plan", MOST_STORE_S),
            ("log note calm --dog dog0", MOST_STORE_S),
            ("replay minute.csv --dog dog0 --start 2026-07-01T08:00:00Z", MOST_REPLAY_S),
        ):
            program = f"import sys; sys.argv = ['spryhound', *{words.split()!r}]\n"
            program += "from ingest.cli import main; main()"
            value = min(command_s(folder, program) for _ in range(N_RUNS))
            name = " ".join(words.split()[:2])
            yield Row(case=f"spryhound {name}", value=value, unit="s", most=most_s)
        value = min(listening_s(folder) for _ in range(3))
        yield Row(case="spryhound run, until it listens", value=value, unit="s", most=MOST_RUN_S)


def write_year(path: Path) -> None:
    """Write a store with the days and alerts of a year."""
    calendar = Calendar(DogProfile(id="dog0"))
    today = calendar.date_of(time.time())  # noqa: TID251  # as the commands see it
    with SqliteStore(path) as store:
        for number in range(N_DOGS):
            days, alerts = [], []
            for ago in range(N_DAYS, 0, -1):
                day = today - timedelta(days=ago)
                start_s, end_s = calendar.bounds_s(day)
                days.append(Day(date=day.isoformat(), start_s=start_s, end_s=end_s, worn_h=24.0))
                if ago % 2:
                    alerts.append(
                        AlertChange(
                            id=f"{number}-{ago}",
                            dog=f"dog{number}",
                            kind="slow_day",
                            severity=Level.WATCH,
                            status=Status.RESOLVED if ago > 9 else Status.OPEN,
                            onset_s=start_s,
                            time_s=start_s + 3600.0,
                        )
                    )
            store.write(points_of(f"dog{number}", LIVE, Results(days=days, alerts=alerts)))


def command_s(folder: Path, program: str) -> float:
    """Return the processor time of a fresh Python that runs a program."""
    environ = {each: value for each, value in os.environ.items() if "BYTECODE" not in each}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def listening_s(folder: Path) -> float:
    """Return the processor time of a daemon until it says that it is ready, then end it."""
    address = folder / "ready"
    address.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        ready.bind(str(address))
        ready.settimeout(30.0)
        environ = {each: value for each, value in os.environ.items() if "BYTECODE" not in each}
        with subprocess.Popen(
            [str(Path(sys.executable).with_name("spryhound")), "run"],
            cwd=folder,
            env=environ | {"NOTIFY_SOCKET": str(address)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as daemon:
            while b"READY=1" not in ready.recv(4096):
                pass
            fields = Path(f"/proc/{daemon.pid}/stat").read_text().rpartition(")")[2].split()
            daemon.terminate()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured() -> Iterator[Row]:
    """Yield every line of the table as soon as it is measured."""
    with tempfile.TemporaryDirectory() as folder:
        yield from start_up_rows(Path(folder))
    day_g = simulated_day(50.0)
    yield from batch_rows(day_g)
    yield from packet_rows(day_g[BUSY_HOUR])
    yield from decode_rows(day_g[BUSY_HOUR][:50])
    yield from memory_rows(day_g)


def line(row: Row) -> str:
    """Return one line of the table."""
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    most = "" if row.most is None else f"{row.most:g}"
    verdict = "BROKEN" if row.is_broken else ""
    return f"{row.case:36} {row.value:9.3f} {row.unit:4} {ratio:>7} {most:>7} {verdict}".rstrip()


def main() -> int:
    """Print the table; return 1 if a budget is broken."""
    parser = argparse.ArgumentParser(description="Measure the speed of the analysis.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table as JSON too")
    target: Path | None = parser.parse_args().json
    sys.stdout.write(f"{'case':36} {'':14} {'x floor':>7} {'at most':>7}\n")
    rows = []
    for row in measured():
        sys.stdout.write(line(row) + "\n")
        sys.stdout.flush()
        rows.append(row)
    if target is not None:
        target.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", "utf-8")
    return int(any(row.is_broken for row in rows))


if __name__ == "__main__":
    sys.exit(main())
