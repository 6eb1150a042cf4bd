"""Text tables as loggers and apps write them."""

from pathlib import Path

import numpy as np
import pytest

from analysis.errors import RecordingError
from ingest.recordings.formats.base import Block, ReadOptions
from ingest.recordings.formats.plain_csv import read

START_S = 1_700_000_000.0
N_ROWS = 200


def blocks(folder: Path, text: str, options: ReadOptions | None = None) -> list[Block]:
    path = folder / "table.csv"
    path.write_text(text)
    return list(read(path, options or ReadOptions()))


def rows(shape: str) -> str:
    """Return rows at 50 Hz; `{t}` is in seconds since 1970, `{i}` the number of the row."""
    return "".join(shape.format(t=START_S + i / 50, i=i, r=i / 50) + "\n" for i in range(N_ROWS))


ABSOLUTE = {
    "seconds": "time,x,y,z\n" + rows("{t:.2f},0,0.6,0.8"),
    "no header": rows("{t:.2f},0,0.6,0.8"),
    "tabs": "epoch\tacc_x\tacc_y\tacc_z\n" + rows("{t:.2f}\t0\t0.6\t0.8"),
    "semicolons": "t;x (g);y (g);z (g)\n" + rows("{t:.2f};0;0.6;0.8"),
    "spaces": "t x y z\n" + rows("{t:.2f} 0 0.6 0.8"),
    "quotes": '"time","x","y","z"\n' + rows('"{t:.2f}","0","0.6","0.8"'),
    "other columns": "id,time,gyro_x,Accel_X (g),Accel_Y (g),Accel_Z (g),gyro_y,gyro_z\n"
    + rows("{i},{t:.2f},9,0,0.6,0.8,9,9"),
    "preamble": "Logger 7\nFirmware 1.2\n\ntime,x,y,z\n" + rows("{t:.2f},0,0.6,0.8"),
    "windows": ("time,x,y,z\n" + rows("{t:.2f},0,0.6,0.8")).replace("\n", "\r\n"),
    "byte order mark": "\ufefftime,x,y,z\n" + rows("{t:.2f},0,0.6,0.8"),
    "mg": "time,x_mg,y_mg,z_mg\n" + rows("{t:.2f},0,600,800"),
    "m/s2": "time,x (m/s²),y (m/s²),z (m/s²)\n" + rows("{t:.2f},0,5.88399,7.84532"),
    "unit guessed": "time,x,y,z\n" + rows("{t:.2f},0,5.88399,7.84532"),
}


@pytest.mark.parametrize("text", ABSOLUTE.values(), ids=ABSOLUTE.keys())
def test_the_same_samples_come_out_however_they_are_written(tmp_path: Path, text: str) -> None:
    """5.88399 and 7.84532 m/s2 are 0.6 and 0.8 times 9.80665."""
    (block,) = blocks(tmp_path, text)

    assert block.times_s == pytest.approx(START_S + np.arange(N_ROWS) / 50)
    assert block.acceleration_g == pytest.approx(np.tile([0.0, 0.6, 0.8], (N_ROWS, 1)))


@pytest.mark.parametrize(
    ("unit", "per_s"), [("s", 1.0), ("ms", 1e3), ("us", 1e6), ("ns", 1e9)], ids=str
)
def test_epochs_are_told_apart_by_their_size(tmp_path: Path, unit: str, per_s: float) -> None:
    times = [START_S * per_s + i * per_s / 50 for i in range(N_ROWS)]
    text = "time,x,y,z\n" + "".join(f"{t:.2f},0,0,1\n" for t in times)

    (block,) = blocks(tmp_path, text)

    assert block.times_s[50] == pytest.approx(START_S + 1.0, abs=1e-5), unit


ISO = {
    "zulu": ("2023-11-14T22:13:20.{0:03d}Z", None, START_S),
    "offset": ("2023-11-14T23:13:20.{0:03d}+01:00", None, START_S),
    "space": ("2023-11-14 22:13:20.{0:03d}", None, START_S),
    "naive in a zone": ("2023-11-14T23:13:20.{0:03d}", "Europe/Berlin", START_S),
}


@pytest.mark.parametrize(("shape", "zone", "start_s"), ISO.values(), ids=ISO.keys())
def test_iso_times_are_read(tmp_path: Path, shape: str, zone: str | None, start_s: float) -> None:
    text = "time,x,y,z\n" + "".join(shape.format(20 * i) + ",0,0,1\n" for i in range(50))

    (block,) = blocks(tmp_path, text, ReadOptions(zone=zone))

    assert block.times_s == pytest.approx(start_s + np.arange(50) / 50, abs=1e-6)


def test_decimal_commas_are_read_between_semicolons(tmp_path: Path) -> None:
    text = "time;x;y;z\n" + rows("{t:.2f};0,0;0,6;0,8").replace(".", ",")

    (block,) = blocks(tmp_path, text)

    assert block.times_s[50] == pytest.approx(START_S + 1.0)
    assert block.acceleration_g[0] == pytest.approx([0.0, 0.6, 0.8])


def test_a_matlab_datenum_is_days_since_year_0(tmp_path: Path) -> None:
    """719,529 is 1 January 1970; 20,000 days later it is 1,728,000,000 s."""
    text = "".join(f"{739_529 + i / 50 / 86_400:.12f},0,0,1\n" for i in range(N_ROWS))

    (block,) = blocks(tmp_path, text)

    assert block.times_s[100] == pytest.approx(1_728_000_002.0, abs=2e-5)


def test_times_from_0_are_dated_by_the_start(tmp_path: Path) -> None:
    text = "time_s,x,y,z\n" + rows("{r:.2f},0,0,1")

    (told,) = blocks(tmp_path, text, ReadOptions(start_s=START_S))
    (untold,) = blocks(tmp_path, text)

    assert told.times_s[50] == pytest.approx(START_S + 1.0)
    assert untold.times_s[50] == pytest.approx(1.0)
    assert any("give --start" in note for note in untold.notes)


def test_small_times_in_steps_of_20_are_milliseconds(tmp_path: Path) -> None:
    text = "t,x,y,z\n" + "".join(f"{20 * i},0,0,1\n" for i in range(N_ROWS))

    (block,) = blocks(tmp_path, text)

    assert block.times_s[50] == pytest.approx(1.0)


def test_without_times_samples_are_counted(tmp_path: Path) -> None:
    text = "x,y,z\n" + rows("0,0,1")

    (block,) = blocks(tmp_path, text, ReadOptions(rate_hz=25.0, start_s=START_S))

    assert block.rate_hz == 25.0
    assert block.times_s[50] == pytest.approx(START_S + 2.0)


def test_columns_can_be_told_by_name_or_number(tmp_path: Path) -> None:
    text = "when,a,b,c\n" + rows("{t:.2f},0,0.6,0.8")
    told = {"time": "when", "x": "4", "y": "b", "z": "a"}

    (block,) = blocks(tmp_path, text, ReadOptions(columns=told))

    assert block.acceleration_g[0] == pytest.approx([0.8, 0.6, 0.0])


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    text = "when,a,b,c\n" + rows("{t:.2f},0,0.6,0.8")

    with pytest.raises(RecordingError, match="no column 'q' for x among when, a, b, c"):
        blocks(tmp_path, text, ReadOptions(columns={"x": "q", "y": "b", "z": "c"}))


def test_a_wrong_zone_is_named(tmp_path: Path) -> None:
    text = "time,x,y,z\n" + "".join(f"2023-11-14T22:13:{i:02d},0,0,1\n" for i in range(50))

    with pytest.raises(RecordingError, match="'Europe/Nowhere' is no time zone"):
        blocks(tmp_path, text, ReadOptions(zone="Europe/Nowhere"))


def test_a_long_file_comes_in_several_blocks(tmp_path: Path) -> None:
    """Three megabytes of rows are at least three chunks of one megabyte."""
    line = f"{START_S:.2f},0.000000,0.000000,1.000000\n"
    text = "".join(f"{START_S + i / 50:.2f}{line[13:]}" for i in range(3_000_000 // len(line)))

    found = blocks(tmp_path, "time,x,y,z\n" + text)

    assert len(found) >= 3
    assert sum(len(each.times_s) for each in found) == 3_000_000 // len(line)
