"""A package: what is written is read again, exactly, and what is wrong in it is named."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_LZMA, ZipFile
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError, RecordingError
from analysis.model import FloatArray
from ingest.processing.labels import LABELS, Label
from ingest.recordings.donation.cutting import Heard
from ingest.recordings.donation.private import Participant
from ingest.recordings.donation.reading import package_stretches, read_package
from ingest.recordings.donation.shift import N_WEEKS, shift_of
from ingest.recordings.donation.stretch import Stretch, StretchLabel
from ingest.recordings.donation.writing import labels_of_stretches, write_into, write_package
from ingest.recordings.formats.base import ReadOptions
from ingest.recordings.reader import open_recording

START_S = datetime.fromisoformat("2026-11-23T07:30:00+01:00").timestamp()
SHIFT = shift_of("Europe/Vienna", START_S, 0)
DOG = Participant(id="1f", height_cm="45", weight_band_kg="15-20")
MOTION = "sub-1f/motion/sub-1f_task-home_tracksys-collar1_run-0001"


def heard(start_s: float = START_S, n_samples: int = 600, *, nominal_hz: float = 50.0) -> Heard:
    """Return a stretch of a dog at rest."""
    return Heard(
        number=1,
        start_s=start_s,
        nominal_hz=nominal_hz,
        rate_hz=nominal_hz,
        acceleration_g=np.tile([0.0, 0.1, 0.99], (n_samples, 1)),
        range_g=8.0,
    )


def label(what: str, from_s: float, until_s: float, **texts: str) -> Label:
    """Return a label by seconds from the start."""
    return Label(what=what, start_s=START_S + from_s, end_s=START_S + until_s, **texts)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a package of one stretch of twelve seconds with one label."""
    path = tmp_path / "dog.zip"
    limped = label("limped", 2.0, 5.0, note="left")
    write_package(path, [heard()], [limped], participant=DOG, shift=SHIFT)
    return path


def changed(package: Path, name: str, change: Callable[[str], str | None]) -> Path:
    """Return a package with one file changed, or left out."""
    with ZipFile(package) as archive:
        members = {each: archive.read(each).decode() for each in archive.namelist()}
    text = change(members.pop(name))
    if text is not None:
        members[name] = text
    other = package.with_name("changed.zip")
    with ZipFile(other, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, content)
    return other


values_g = st.floats(-16.0, 16.0, allow_nan=False)
rows_g = st.lists(st.tuples(values_g, values_g, values_g), min_size=1, max_size=40)
texts = st.text(st.characters(exclude_categories=["C"]), max_size=40).map(
    lambda text: " ".join(text.split())
)


@given(
    stretches=st.lists(
        st.tuples(rows_g, st.floats(10.0, 400.0), st.one_of(st.none(), st.floats(1.0, 32.0))),
        min_size=1,
        max_size=4,
    ),
    seen=st.lists(
        st.tuples(st.sampled_from(LABELS), st.floats(-1e4, 1e4), st.floats(0.0, 1e4), texts, texts),
        max_size=5,
    ),
    start_s=st.floats(1.6e9, 4.0e9),
    week=st.integers(0, N_WEEKS - 1),
    zone=st.sampled_from(["Europe/Vienna", "America/St_Johns", "Pacific/Auckland", "UTC"]),
)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory,
    stretches: list[tuple[list[tuple[float, float, float]], float, float | None]],
    seen: list[tuple[str, float, float, str, str]],
    start_s: float,
    week: int,
    zone: str,
) -> None:
    """Samples to the last bit, starts to the microsecond, labels to the millisecond."""
    begins_s = [start_s + 1000.0 * index for index in range(len(stretches))]
    given_stretches = [
        Heard(
            number=index + 1,
            start_s=begin_s,
            nominal_hz=rate_hz,
            rate_hz=rate_hz,
            acceleration_g=np.array(rows),
            range_g=range_g,
        )
        for index, (begin_s, (rows, rate_hz, range_g)) in enumerate(
            zip(begins_s, stretches, strict=True)
        )
    ]
    labels = [
        Label(what=what, start_s=start_s + at, end_s=start_s + at + long, grade=grade, note=note)
        for what, at, long, grade, note in seen
        if "n/a" not in (grade, note)  # BIDS's word for nothing
    ]
    path = tmp_path_factory.mktemp("package") / "dog.zip"
    shift = shift_of(zone, start_s, week)

    write_package(path, given_stretches, labels, participant=DOG, shift=shift)
    found = read_package(path)

    assert found.participant == DOG
    expected = labels_of_stretches([(each.start_s, each.end_s) for each in given_stretches], labels)
    assert [list(each.labels) for each in found.stretches] == expected
    for read, wrote in zip(found.stretches, given_stretches, strict=True):
        assert read.acceleration_g.tobytes() == wrote.acceleration_g.tobytes()
        assert (read.collar, read.range_g) == (f"collar-{wrote.number}", wrote.range_g)
        assert (read.rate_hz, read.nominal_hz) == (wrote.rate_hz, wrote.nominal_hz)
        assert read.start == shift.wall(wrote.start_s)


@given(
    start_s=st.floats(1.6e9, 4.0e9),
    week=st.integers(0, N_WEEKS - 1),
    zone=st.sampled_from(["Europe/Vienna", "America/St_Johns", "Pacific/Auckland"]),
)
def test_weekday_and_clock_are_kept_and_the_date_is_not(
    start_s: float, week: int, zone: str
) -> None:
    true = datetime.fromtimestamp(start_s, ZoneInfo(zone))

    shifted = shift_of(zone, start_s, week).wall(start_s)

    assert (shifted.weekday(), shifted.time()) == (true.weekday(), true.time())
    assert (true.replace(tzinfo=None) - shifted) % timedelta(weeks=1) == timedelta(0)
    assert 1902 <= shifted.year <= 1924


def test_every_week_of_the_range_can_be_drawn() -> None:
    """So the true week may be any: nothing in a package says which one was drawn."""
    first = shift_of("UTC", START_S, 0).wall(START_S)
    last = shift_of("UTC", START_S, N_WEEKS - 1).wall(START_S)

    assert (last - first).days == 7 * (N_WEEKS - 1)


def test_a_label_is_cut_to_its_stretches_and_what_lies_outside_goes_to_the_nearest() -> None:
    """Stretches 0-10 and 20-30; 8-22 gives 8-10 and 20-22, and 18 is nearer to the second."""
    limped = Label(what="limped", start_s=8.0, end_s=22.0)
    vet = Label(what="vet_found", start_s=18.0, end_s=18.0, grade="2 of 5")
    edge = Label(what="jump", start_s=10.0, end_s=10.0)

    first, second = labels_of_stretches([(0.0, 10.0), (20.0, 30.0)], [limped, vet, edge])

    assert [(each.what, each.onset_s, each.duration_s) for each in first] == [
        ("limped", 8.0, 2.0),
        ("jump", 10.0, 0.0),
    ]
    assert [(each.what, each.onset_s, each.duration_s) for each in second] == [
        ("vet_found", -2.0, 0.0),
        ("limped", 0.0, 2.0),
    ]


def test_a_label_long_before_all_samples_is_left_out() -> None:
    """Fourteen days are near, one second more is not: it would be in every package of the dog."""
    near_s = -14 * 86_400.0
    near = Label(what="limped", start_s=near_s, end_s=near_s)
    far = Label(what="cried", start_s=near_s - 1.0, end_s=near_s - 1.0)

    (found,) = labels_of_stretches([(0.0, 10.0)], [near, far])

    assert [(each.what, each.onset_s) for each in found] == [("limped", near_s)]


def test_the_files_are_those_of_bids_motion(package: Path) -> None:
    with ZipFile(package) as archive:
        names = archive.namelist()
        sidecar = json.loads(archive.read(f"{MOTION}_motion.json"))
        table = archive.read(f"{MOTION}_motion.tsv").decode()
        channels = archive.read(f"{MOTION}_channels.tsv").decode().splitlines()
        events = archive.read(f"{MOTION}_events.tsv").decode()
        people = archive.read("participants.tsv").decode().splitlines()

    assert names[0] == "dataset_description.json"
    assert {"README", "CONSENT.txt", "sub-1f/sub-1f_scans.tsv"} <= set(names)
    assert (sidecar["SamplingFrequency"], sidecar["TrackingSystemName"]) == (50.0, "collar-1")
    assert table.splitlines()[0] == "0.0\t0.1\t0.99"  # no header
    assert channels[1].split("\t")[:5] == ["x", "x", "ACCEL", "collar", "g"]
    assert events == "onset\tduration\ttrial_type\tgrade\tnote\n2.0\t3.0\tlimped\tn/a\tleft\n"
    assert people[1] == "sub-1f\tcanis lupus familiaris\t45\t15-20\tn/a"


def test_the_archive_says_nothing_of_when_and_where_it_was_made(package: Path) -> None:
    with ZipFile(package) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {each.extra for each in archive.infolist()} == {b""}
        assert archive.comment == b""


def test_two_packages_of_the_same_are_the_same_bytes() -> None:
    """Nothing but the shift and the participant's id is by chance."""
    files = [BytesIO(), BytesIO()]
    for file in files:
        write_into(file, [heard()], [], participant=DOG, shift=SHIFT)

    assert files[0].getvalue() == files[1].getvalue()


def test_nothing_to_write_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no samples"):
        write_package(tmp_path / "dog.zip", [], [], participant=DOG, shift=SHIFT)

    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "dog.zip"
    path.write_text("before")

    with pytest.raises(RecordingError, match="beyond 64 g"):
        write_package(path, [heard(), strong()], [], participant=DOG, shift=SHIFT)

    assert [each.read_text() for each in tmp_path.iterdir()] == ["before"]


def strong() -> Heard:
    """Return a stretch that no collar measures."""
    return Heard(
        number=1,
        start_s=START_S,
        nominal_hz=50.0,
        rate_hz=50.0,
        acceleration_g=np.full((9, 3), 65.0),
        range_g=None,
    )


def edited(old: str, new: str) -> Callable[[str], str]:
    """Return a change of some text, which has to be there."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


WRONG: Mapping[str, tuple[str, Callable[[str], str | None], str]] = {
    "no description": ("dataset_description.json", lambda _: None, "is missing"),
    "another data set": ("dataset_description.json", lambda _: "{}", "is not of a Spryhound"),
    "no JSON": ("dataset_description.json", lambda _: "{", "is no JSON"),
    "deep JSON": ("dataset_description.json", lambda _: "[" * 100_000, "is no JSON"),
    "a list": ("dataset_description.json", lambda _: "[]", "holds list, expected an object"),
    "a later version": (
        "dataset_description.json",
        edited('Version": 1\n', 'Version": 2\n'),
        "format version is 2, expected 1",
    ),
    "two dogs": ("participants.tsv", lambda text: text + text.splitlines()[1], "has 2 dogs"),
    "no table": ("participants.tsv", lambda _: "", "has no column 'participant_id'"),
    "a short row": ("participants.tsv", edited("\t45", ""), "line 2 has 4 cells, expected 5"),
    "a path as id": ("participants.tsv", edited("sub-1f", "sub-../x"), "expected such as sub-1f"),
    "no stretch": (
        "sub-1f/sub-1f_scans.tsv",
        lambda text: text.splitlines()[0],
        "has 0 stretches",
    ),
    "another name": ("sub-1f/sub-1f_scans.tsv", edited("motion/", "../"), "is of no stretch"),
    "another dog": ("sub-1f/sub-1f_scans.tsv", edited("sub-1f_t", "sub-2f_t"), "of no stretch"),
    "no time": ("sub-1f/sub-1f_scans.tsv", edited("T07:30", "Tx"), "is no time"),
    "a true date": ("sub-1f/sub-1f_scans.tsv", edited("\t1902", "\t2026"), "expected a shifted"),
    "no motion": (f"{MOTION}_motion.tsv", lambda _: None, "is missing"),
    "no samples": (f"{MOTION}_motion.tsv", lambda _: "", "has 0 samples, expected 1 to"),
    "words": (f"{MOTION}_motion.tsv", edited("0.99", "much"), "is no table of numbers"),
    "two cells": (f"{MOTION}_motion.tsv", edited("0.0\t", ""), "line 1 has 2 cells, expected 3"),
    "no number": (f"{MOTION}_motion.tsv", edited("0.99", "nan"), "none at all"),
    "too strong": (f"{MOTION}_motion.tsv", edited("0.99", "65"), "beyond 64 g"),
    "no rate": (
        f"{MOTION}_motion.json",
        edited('"SamplingFrequency": 50.0', '"SamplingFrequency": "fast"'),
        "SamplingFrequency is 'fast', expected a number",
    ),
    "a rate of truth": (
        f"{MOTION}_motion.json",
        edited('"SamplingFrequency": 50.0', '"SamplingFrequency": true'),
        "SamplingFrequency is 'True', expected a number",
    ),
    "a huge rate": (
        f"{MOTION}_motion.json",
        edited('Effective": 50.0', f'Effective": 1{"0" * 400}'),
        "SamplingFrequencyEffective is '1000",
    ),
    "a slow rate": (
        f"{MOTION}_motion.json",
        edited('Effective": 50.0', 'Effective": 9.9'),
        "rate is 9.9 Hz, expected 10 to 400 Hz",
    ),
    "no range": (f"{MOTION}_motion.json", edited('RangeG": 8.0', 'RangeG": 0'), "range is 0.0 g"),
    "m/s2": (f"{MOTION}_channels.tsv", edited("\tg\t", "\tm/s^2\t"), "channels are"),
    "an unknown label": (f"{MOTION}_events.tsv", edited("limped", "hopped"), "'hopped', expected"),
    "a late label": (f"{MOTION}_events.tsv", edited("2.0", "late"), "line 2: could not convert"),
    "a backward label": (f"{MOTION}_events.tsv", edited("3.0", "-3.0"), "line 2: label at"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_told_with_file_and_member(package: Path, wrong: str) -> None:
    name, change, fault = WRONG[wrong]
    path = changed(package, name, change)

    with pytest.raises(RecordingError, match=fault) as refused:
        read_package(path)

    stem, _, _ = name.rpartition(".")  # a sidecar and its table are one stretch
    assert str(refused.value).startswith(f"{path}: {stem}.")
    assert "\n" not in str(refused.value)


def test_other_columns_and_files_are_allowed(package: Path) -> None:
    """Somebody may have added what BIDS allows."""
    path = changed(
        package,
        f"{MOTION}_events.tsv",
        lambda _: "trial_type\tHED\tonset\tduration\tgrade\tnote\njump\tx\t1\t0\tn/a\tn/a\n",
    )

    (stretch,) = read_package(path).stretches

    assert stretch.labels == (StretchLabel(what="jump", onset_s=1.0, duration_s=0.0),)


def test_a_member_packed_in_another_way_is_refused(package: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with ZipFile(package) as archive, ZipFile(other, "w", ZIP_LZMA) as packed:
        for name in archive.namelist():
            packed.writestr(name, archive.read(name))

    with pytest.raises(RecordingError, match=r"description\.json: is packed in another way"):
        read_package(other)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dog.zip").write_bytes(b"not an archive")

    with pytest.raises(RecordingError, match=r"dog\.zip: no donated package"):
        read_package(tmp_path / "dog.zip")


def test_stretches_are_yielded_before_a_wrong_one(tmp_path: Path) -> None:
    path = tmp_path / "dog.zip"
    both = [heard(), heard(START_S + 100.0)]
    write_package(path, both, [], participant=DOG, shift=SHIFT)
    path = changed(path, f"{MOTION[:-4]}0002_motion.tsv", lambda _: "x\n")

    stretches = package_stretches(path)

    assert next(stretches).n_samples == 600
    with pytest.raises(RecordingError, match="run-0002"):
        next(stretches)


def replayed_times(path: Path, zone: str | None) -> FloatArray:
    """Return the times at which the samples of a package are replayed."""
    recording = open_recording(path, ReadOptions(zone=zone))
    assert recording.format == "donated"
    return np.concatenate([each.times_s for each in recording.spec.read(path, recording.options)])  # type: ignore[union-attr]


@pytest.mark.parametrize("zone", ["Europe/Vienna", "America/New_York"])
def test_it_is_replayed_a_century_later_by_the_clock_of_the_home(package: Path, zone: str) -> None:
    """Half past seven on a Monday stays that, wherever it is replayed: nights stay nights."""
    first = datetime.fromtimestamp(replayed_times(package, zone)[0], ZoneInfo(zone))

    assert first.isoformat()[:19] == "2002-01-07T07:30:00"
    assert first.strftime("%A") == "Monday"


def test_a_package_of_two_rates_is_not_replayed_as_one(tmp_path: Path) -> None:
    path = tmp_path / "dog.zip"
    both = [heard(), heard(START_S + 100.0, nominal_hz=100.0)]
    write_package(path, both, [], participant=DOG, shift=SHIFT)

    with pytest.raises(RecordingError, match="stretch 2 has 100 Hz, the first 50 Hz"):
        replayed_times(path, None)


def test_a_stretch_cannot_be_changed(package: Path) -> None:
    (stretch,) = read_package(package).stretches

    assert isinstance(stretch, Stretch)
    assert not stretch.acceleration_g.flags.writeable
