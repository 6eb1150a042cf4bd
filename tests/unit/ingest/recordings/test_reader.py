"""The real recordings, and what is wrong with files."""

from pathlib import Path

import numpy as np
import pytest

from analysis.errors import RecordingError
from ingest.packets.envelope import EncodedPacket
from ingest.packets.packet import Packet, decode
from ingest.recordings.formats.base import ReadOptions
from ingest.recordings.reader import Recording, open_recording, write_recording

START_S = 1_700_000_000.0


def played(recording: Recording) -> list[Packet]:
    return [decode(each.payload, each.content_type) for each in recording.packets()]


def table(n_rows: int, *, start: int = 0) -> str:
    return "".join(f"{START_S + i / 50:.2f},0.0,0.1,0.99\n" for i in range(start, start + n_rows))


def file_with(folder: Path, text: str) -> Path:
    path = folder / "file.csv"
    path.write_text(text)
    return path


# Samples and rates of the readme beside the recordings; spans by the files' own times.
REAL = [
    ("dog-collar-50hz/lying.csv", "csv", 11474, 50.0),
    ("dog-collar-50hz/sitting.csv", "csv", 9745, 50.0),
    ("dog-collar-50hz/walking.csv", "csv", 9920, 50.0),
    ("dog-collar-50hz/running.csv", "csv", 9007, 50.0),
    ("dog-ax3-running.csv", "csv", 24120, 48.4),
    ("device-files/neo.csv", "actigraph_csv", 18004, 30.0),
    ("device-files/ax3_sample.cwa", "axivity_cwa", 58800, 197.2),
    ("device-files/ax3_testfile.cwa", "axivity_cwa", 17400, 98.8),
    ("device-files/ax6_sample.cwa", "axivity_cwa", 10360, 98.4),
    ("device-files/gnactv_sample.bin", "geneactiv_bin", 900, 50.0),
    ("device-files/GENEActiv_testfile.bin", "geneactiv_bin", 5031, 85.7),
]


@pytest.mark.parametrize(("name", "form", "n_samples", "rate_hz"), REAL, ids=[r[0] for r in REAL])
def test_a_real_recording_is_read_whole(
    recordings: Path, name: str, form: str, n_samples: int, rate_hz: float
) -> None:
    """Whatever the dog does, median |a| is 1 g but for the sensor's own offset."""
    recording = open_recording(recordings / name)

    packets = played(recording)

    acceleration_g = np.concatenate([each.acceleration_g for each in packets])
    assert recording.format == form
    assert recording.fault is None
    assert round(recording.rate_hz, 1) == rate_hz
    assert len(acceleration_g) == n_samples
    assert np.median(np.linalg.norm(acceleration_g, axis=1)) == pytest.approx(1.0, abs=0.075)


def test_the_corrupt_cwa_is_read_but_for_its_six_bad_sectors(recordings: Path) -> None:
    """A sector holds 120 samples: 17,400 less 6 times 120."""
    path = recordings / "device-files/ax3_testfile_corrupt_blocks_0_13_14_142_143_144.cwa"
    recording = open_recording(path)

    n_samples = sum(each.n_samples for each in played(recording))

    assert n_samples == 17_400 - 6 * 120
    assert any("6 damaged sectors" in note for note in recording.notes)


def test_sectors_of_a_cwa_join_without_gaps(recordings: Path) -> None:
    """At the nominal 100 Hz each sector would end in a hole of 25 ms."""
    packets = played(open_recording(recordings / "device-files/ax3_testfile.cwa"))

    assert [each.index for each in packets] == list(range(0, 17_400, 500))


def test_a_geneactiv_file_is_in_the_time_of_its_own_zone(recordings: Path) -> None:
    """Its first page says 10:12:54.5 at GMT+1, which is 09:12:54.5 UTC."""
    path = recordings / "device-files/GENEActiv_testfile.bin"

    first = played(open_recording(path))[0]
    in_utc = played(open_recording(path, ReadOptions(zone="UTC")))[0]

    assert first.t_ms / 1000.0 == pytest.approx(1_369_905_174.5, abs=0.01)
    assert in_utc.t_ms - first.t_ms == pytest.approx(3_600_000.0)


def test_a_lost_line_of_a_geneactiv_file_costs_one_page(recordings: Path, tmp_path: Path) -> None:
    """A page holds 300 samples; the decoder alone would lose every page after the damaged one."""
    whole = (recordings / "device-files/GENEActiv_testfile.bin").read_bytes()
    header, *pages = whole.split(b"Recorded Data")
    path = tmp_path / "damaged.bin"
    pages[3] = pages[3].split(b"\n", 4)[4]
    path.write_bytes(b"Recorded Data".join([header, *pages]))
    recording = open_recording(path)

    n_samples = sum(each.n_samples for each in played(recording))

    assert n_samples >= 5031 - 300
    assert recording.notes


def test_a_gt3x_is_refused_with_the_way_out(recordings: Path) -> None:
    with pytest.raises(RecordingError, match="export it as RAW CSV"):
        open_recording(recordings / "device-files/neo.gt3x")


BAD = {
    "empty": (b"", "is empty"),
    "binary": (bytes(range(256)) * 40, "binary data|format not recognised|no row"),
    "prose": (b"This is a letter.\nIt has no numbers.\n" * 50, "no row of three or more numbers"),
    "two columns": (b"time,x\n" + b"0.0,1.0\n" * 50, "no row of three or more numbers"),
    "no z": (b"time,x,y,q\n" + b"0.0,1.0,0.0,0.0\n" * 50, "no column for acceleration z"),
    "a name too few": (
        b"x,y,z\n" + b"0.0,1.0,0.0,0.0\n" * 50,
        "header has 3 names and its rows 4 values",
    ),
    "no times": (b"x,y,z\n" + b"0.0,0.1,0.99\n" * 50, "line 2: no time column; give --rate-hz"),
    "still clock": (b"t,x,y,z\n" + b"1.0,0.1,0.99,0\n" * 50, "cannot tell the unit of times"),
    "no unit": (
        b"t,x,y,z\n" + b"".join(b"%.2f,0,0,30\n" % (i / 50) for i in range(50)),
        "line 2: median .a. is 30, which is 1 g in none of g, mg, m/s2",
    ),
    "wrong unit": (
        b"t,x_mg,y_mg,z_mg\n" + b"".join(b"%.2f,0,0,1\n" % (i / 50) for i in range(50)),
        "median .a. is 1 mg, expected about 1 g; it looks like g",
    ),
    "too slow": (
        b"time_s,x,y,z\n" + b"".join(b"%d,0,0,1\n" % i for i in range(50)),
        "rate is 1 Hz, expected 10 to 400 Hz",
    ),
    "not finite": (b"t,x,y,z\n" + b"nan,nan,nan,nan\n" * 50, "line 2|no finite time"),
    "huge line": (b"1," * 800_000, "line 1: longer than"),
    "UTF-16": ("t,x,y,z\n0,0,0,1\n".encode("utf-16"), "UTF-16"),
}


@pytest.mark.parametrize(("data", "message"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_gets_one_clear_line(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(data)

    with pytest.raises(RecordingError, match=message) as caught:
        list(open_recording(path).packets())

    assert str(caught.value).startswith(f"{path}: ")
    assert len(str(caught.value).splitlines()) == 1


def test_a_directory_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="is a directory"):
        open_recording(tmp_path)
    with pytest.raises(RecordingError, match="No such file"):
        open_recording(tmp_path / "missing.csv")


def test_an_unknown_format_is_named_with_the_known_ones(tmp_path: Path) -> None:
    path = file_with(tmp_path, table(100))

    with pytest.raises(RecordingError, match="format 'edf', expected one of actigraph_csv"):
        open_recording(path, ReadOptions(format="edf"))


def test_a_few_bad_rows_are_dropped_and_said(tmp_path: Path) -> None:
    """Text, a number too few, and a value that is not finite, on lines 1001 to 1003."""
    middle = "reconnected\n1.0,2.0\n1700000020.00,nan,0.0,1.0\n"
    path = file_with(tmp_path, table(1000) + middle + table(1000, start=1000))
    recording = open_recording(path)

    n_samples = sum(each.n_samples for each in played(recording))

    assert n_samples == 2000
    assert recording.fault is None
    assert any("3 rows were dropped from line 1001 on" in note for note in recording.notes)


def test_too_many_bad_rows_end_the_reading_and_keep_what_was_good(tmp_path: Path) -> None:
    path = file_with(tmp_path, table(1000) + "garbage\n" * 50)
    recording = open_recording(path)

    n_samples = sum(each.n_samples for each in played(recording))

    assert n_samples == 1000
    assert recording.fault is not None
    assert "line 1001" in recording.fault
    assert "50 of 1050 rows could not be read" in recording.fault


def test_time_going_backwards_is_dropped_and_said(tmp_path: Path) -> None:
    path = file_with(tmp_path, table(1000) + table(1000, start=500))
    recording = open_recording(path)

    n_samples = sum(each.n_samples for each in played(recording))

    assert n_samples == 1500
    said = "500 samples dropped: time went backwards over what was read already"
    assert said in recording.notes


def test_the_same_content_under_another_name_is_a_repeat(tmp_path: Path) -> None:
    one, two, other = tmp_path / "one.csv", tmp_path / "two.csv", tmp_path / "other.csv"
    one.write_text(table(200))
    two.write_text(table(200))
    other.write_text(table(201))

    boots = [played(open_recording(path))[0].boot for path in (one, two, other)]

    assert boots[0] == boots[1] != boots[2]


def journal() -> list[EncodedPacket]:
    texts = [b'{"seq":%d,"boot":1,"t_ms":0,"rate_hz":50,"xyz":[[0,0,1000]]}' % i for i in range(3)]
    return [
        EncodedPacket(collar="rex", arrival_s=START_S + i, content_type="", payload=text)
        for i, text in enumerate(texts)
    ]


def test_an_exported_journal_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "journal.cborseq"

    count = write_recording(journal(), path)
    recording = open_recording(path)

    assert count == 3
    assert recording.rate_hz == 50.0
    assert list(recording.packets("ignored")) == journal()
    assert list(tmp_path.iterdir()) == [path]


def test_a_truncated_export_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "journal.cborseq"
    write_recording(journal(), path)
    path.write_bytes(path.read_bytes()[:-5])
    recording = open_recording(path)

    assert list(recording.packets()) == journal()[:2]
    assert recording.fault is not None
    assert "the file ends in packet 3" in recording.fault


def test_an_export_into_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be written: No such file"):
        write_recording(journal(), tmp_path / "missing" / "journal.cborseq")
