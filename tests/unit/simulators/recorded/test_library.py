"""A folder of recordings becomes stretches, and what is wrong in it is named."""

from pathlib import Path

import numpy as np
import pytest

from analysis.errors import RecordingError, SettingsError
from simulators.recorded.library import load_library, stamp_of
from simulators.recorded.manifest import FILE, known_manifest, parse_manifest
from simulators.recorded.stretch import LABELS, Stretch

ONE_LABEL = """
[[files]]
file = "walk.csv"
layout = "one_label"
label = "walk"
columns = ["x", "y", "z"]
rate_hz = 10.0
dog = "rex"
placement = "collar"
licence = "CC0-1.0"
may_ship = true
"""
LABELLED_ROWS = """
[[files]]
file = "dogs.csv"
layout = "labelled_rows"
columns = ["ANeck_x", "ANeck_y", "ANeck_z"]
time = "t_sec"
label_column = "Behavior_1"
labels = { Walking = "walk", "Lying chest" = "rest" }
dog_column = "DogID"
session_column = "TestNum"
tuned_dogs = ["16"]
placement = "collar"
licence = "CC-BY-4.0"
"""
SEGMENTS = """
[[files]]
file = "jumps.csv"
layout = "segments"
columns = ["x", "y", "z"]
unit = "mg"
rate_hz = 25.0
segment_column = "segment"
dog = "rex"
labels = { clear = "jump", weak = "weak_jump" }
placement = "collar"
licence = "none stated"
segments.file = "events.csv"
segments.segment_column = "segment"
segments.label_column = "class"
segments.jump_column = "light_s"
"""

SPANS = """
[[files]]
file = "walk.csv"
layout = "spans"
dog = "rex"
labels = { Walk = "walk", Sleep = "rest" }
placement = "collar"
licence = "own"
spans.file = "labels.csv"
spans.start_column = "from"
spans.end_column = "to"
spans.label_column = "what"
"""


def folder_with(folder: Path, manifest: str, **tables: str) -> Path:
    (folder / FILE).write_text(manifest, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def rows(n: int, *, first: str = "", value: str = "0.0,0.0,1.0") -> str:
    return "".join(f"{first}{value}\n" for _ in range(n))


def test_a_file_of_one_label_is_one_stretch(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, ONE_LABEL, walk="x,y,z\n" + rows(30))

    (stretch,) = load_library(folder).stretches

    assert (stretch.label, stretch.dog, stretch.licence) == ("walk", "rex", "CC0-1.0")
    assert (stretch.species, stretch.half, stretch.may_ship) == ("dog", "reported", True)
    assert stretch.duration_s == 3.0
    np.testing.assert_array_equal(stretch.acceleration_g, np.tile([0.0, 0.0, 1.0], (30, 1)))
    assert not stretch.acceleration_g.flags.writeable


@pytest.mark.parametrize(
    ("part", "n"), [("[0.0, 0.5]", 15), ("[0.5, 1.0]", 15), ("[0.0, 1.0]", 30)]
)
def test_a_part_of_a_file_is_that_share_of_it(tmp_path: Path, part: str, n: int) -> None:
    folder = folder_with(tmp_path, f"{ONE_LABEL}part = {part}\n", walk="x,y,z\n" + rows(30))

    assert len(load_library(folder).stretches[0].acceleration_g) == n


def test_labelled_rows_are_cut_where_dog_test_or_behaviour_changes(tmp_path: Path) -> None:
    """Two dogs; the first walks, is undefined, lies. Rates come from the times: 20 Hz."""
    text = "DogID,TestNum,t_sec,ANeck_x,ANeck_y,ANeck_z,Behavior_1\n"
    for dog, behaviour, first in (
        *((16, "Walking", 0), (16, "<undefined>", 20), (16, "Lying chest", 40)),
        *((18, "Lying chest", 60), (18, "Walking", 80)),
    ):
        for n in range(20):
            text += f"{dog},1,{(first + n) * 0.05:.2f},0.0,0.0,1.0,{behaviour}\n"
    library = load_library(folder_with(tmp_path, LABELLED_ROWS, dogs=text))

    found = [(each.dog, each.label, each.half) for each in library.stretches]

    assert found == [
        *(("16", "walk", "tuned"), ("16", "rest", "tuned")),
        *(("18", "rest", "reported"), ("18", "walk", "reported")),
    ]
    assert [each.rate_hz for each in library.stretches] == pytest.approx([20.0] * 4)
    assert library.dogs(half="reported") == ["18"]
    assert [each.dog for each in library.of("rest", half="tuned")] == ["16"]


def test_a_stretch_ends_at_a_hole_in_time(tmp_path: Path) -> None:
    text = "DogID,TestNum,t_sec,ANeck_x,ANeck_y,ANeck_z,Behavior_1\n"
    for n in [*range(20), *range(40, 70)]:
        text += f"16,1,{n * 0.05:.2f},0.0,0.0,1.0,Walking\n"

    library = load_library(folder_with(tmp_path, LABELLED_ROWS, dogs=text))

    assert [len(each.acceleration_g) for each in library.stretches] == [20, 30]


def test_segments_have_the_label_and_the_jumps_of_their_own_table(tmp_path: Path) -> None:
    """A thousand mg are one g."""
    folder = folder_with(
        tmp_path,
        SEGMENTS,
        jumps="x,y,z,segment\n"
        + "".join(f"0,0,1000,{segment}\n" for segment in "ab" for _ in range(25)),
        events="segment,class,light_s\na,clear,0.4\nb,weak,\n",
    )

    first, second = load_library(folder).stretches

    assert (first.label, first.jumps_s) == ("jump", (0.4,))
    assert (second.label, second.jumps_s) == ("weak_jump", ())
    assert first.acceleration_g[0].tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('label = "walk"', 'label = "moonwalk"', "walk.csv: label is 'moonwalk'"),
        ("rate_hz = 10.0", "", "walk.csv: rate_hz or time is needed"),
        ("rate_hz = 10.0", "rate_hz = 0.0", "walk.csv: rate_hz is 0.0"),
        ('dog = "rex"', "", "walk.csv: dog or dog_column is needed"),
        ('label = "walk"', "", "walk.csv: layout 'one_label' needs label"),
        ('"one_label"', '"crosswise"', "walk.csv: layout is 'crosswise'"),
        ('licence = "CC0-1.0"', "", "walk.csv: licence: Field required"),
        ('dog = "rex"', 'dog = "rex"\nunit = "stone"', "walk.csv: unit is 'stone'"),
        ('dog = "rex"', 'dog = "rex"\npart = [0.5, 0.2]', "walk.csv: part is"),
        ('dog = "rex"', 'dog = "rex"\ncolour = "red"', "walk.csv: colour is 'red'"),
        ('dog = "rex"', 'dog = "rex"\nlabels = { a = "b" }', "walk.csv: labels is"),
        ('file = "walk.csv"', "", "file 1: file: Field required"),
        ("[[files]]", "[[files", "not valid TOML"),
    ],
)
def test_a_wrong_manifest_names_file_and_key(old: str, new: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        parse_manifest(ONE_LABEL.replace(old, new), name=FILE)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"walk\.csv: file: there is no walk\.csv"):
        load_library(folder_with(tmp_path, ONE_LABEL))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("x,y\n0.0,0.0\n", r"walk\.csv: there is no column 'z'"),
        ("x,y,z\n0.0,0.0\n", r"walk\.csv: line 2 has 2 columns"),
        ("x,y,z\n0.0,0.0,much\n", r"walk\.csv: line 2: .*'much'"),
        ("x,y,z\n" + rows(20) + rows(1, value="0.0,nan,1.0"), "not finite"),
    ],
)
def test_a_wrong_table_is_named_with_its_line(tmp_path: Path, table: str, said: str) -> None:
    with pytest.raises(RecordingError, match=said):
        load_library(folder_with(tmp_path, ONE_LABEL, walk=table))


def test_a_folder_without_manifest_or_known_files_is_empty(tmp_path: Path) -> None:
    assert load_library(tmp_path).stretches == ()


def test_the_stamp_changes_with_manifest_and_tables(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, ONE_LABEL, walk="x,y,z\n" + rows(30))
    before = stamp_of(folder)
    again = stamp_of(folder)

    (folder / "walk.csv").write_text("x,y,z\n" + rows(31), encoding="utf-8")
    longer = stamp_of(folder)
    (folder / FILE).write_text(ONE_LABEL.replace("rex", "max"), encoding="utf-8")

    assert before == again
    assert len({before, longer, stamp_of(folder)}) == 3


@pytest.mark.parametrize(
    ("shape", "rate_hz", "said"), [((5, 2), 50.0, "shape"), ((5, 3), 0.0, "rate")]
)
def test_a_stretch_checks_itself(shape: tuple[int, int], rate_hz: float, said: str) -> None:
    with pytest.raises(RecordingError, match=said):
        Stretch(
            id="a",
            acceleration_g=np.zeros(shape),
            rate_hz=rate_hz,
            label="walk",
            species="dog",
            dog="rex",
            session="",
            placement="collar",
            licence="",
        )


def test_the_known_manifest_says_of_every_file_what_it_is_of() -> None:
    files = known_manifest().files

    assert {each.species for each in files} == {"dog", "human"}
    for each in files:
        labels = [each.label] if each.label else (each.labels or {}).values()
        assert set(labels) <= set(LABELS)


def test_the_known_recordings_are_read(recordings: Path) -> None:
    """Rates and lengths as the README beside the recordings has them."""
    library = load_library(recordings)

    walk = library.of("walk", "trot", dog="collar-50hz", half="reported")
    assert {each.rate_hz for each in walk} == {50.0}
    assert sum(each.duration_s for each in walk) == pytest.approx(99.2, abs=0.1)
    assert library.of("run", dog="ax3")[0].rate_hz == pytest.approx(48.4, abs=0.2)
    assert len([each for each in library.of("jump") if each.dog in {"1", "2"}]) == 46
    # Two of the 56 weak ones last less than half a second.
    assert len(library.of("weak_jump")) == 54
    assert all(each.jumps_s for each in library.of("weak_jump"))
    assert len(library.dogs(species="human")) == 6


def test_a_file_is_cut_by_a_table_of_times(tmp_path: Path) -> None:
    """From 1 to 3 s of 25 Hz, and from 4 to 6 s; what it sniffed at is in no word of ours."""
    table = "t,x,y,z\n" + "".join(f"{n / 25:.2f},0,0,{1 + (n >= 100)}\n" for n in range(200))
    labels = "from,to,what\n1,3,Walk\n3,4,Sniff\n4,6,Sleep\n"
    folder = folder_with(tmp_path, SPANS, walk=table, labels=labels)

    walk, rest = load_library(folder).stretches

    assert (walk.label, rest.label) == ("walk", "rest")
    assert (walk.duration_s, rest.duration_s) == (2.0, 2.0)
    assert (walk.acceleration_g[:, 2].max(), rest.acceleration_g[:, 2].min()) == (1.0, 2.0)


def test_times_of_a_table_may_be_dates(tmp_path: Path) -> None:
    """From the second second of a file that begins at 2026-03-02 10:00 UTC on."""
    start_s = 1_772_445_600
    table = "t,x,y,z\n" + "".join(f"{start_s + n / 25:.2f},0,0,1\n" for n in range(200))
    labels = "from,to,what\n2026-03-02T10:00:01Z,2026-03-02 10:00:03,Walk\n"
    manifest = SPANS + 'spans.counted_from = "1970"\n'

    (walk,) = load_library(folder_with(tmp_path, manifest, walk=table, labels=labels)).stretches

    assert walk.duration_s == 2.0


def test_a_time_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    labels = "from,to,what\n1,noon,Walk\n"
    folder = folder_with(tmp_path, SPANS, walk="t,x,y,z\n", labels=labels)

    with pytest.raises(RecordingError, match=r"labels\.csv: line 2: 'noon' is neither"):
        load_library(folder)


def test_a_file_of_a_logger_is_cut_like_a_table(tmp_path: Path, recordings: Path) -> None:
    """An AX3 at 200 Hz, ten seconds of it."""
    pytest.importorskip("actfast", reason="the decoder of .cwa is not installed")
    (tmp_path / "ax3.cwa").symlink_to(recordings / "device-files" / "ax3_sample.cwa")
    manifest = SPANS.replace("walk.csv", "ax3.cwa")
    folder = folder_with(tmp_path, manifest, labels="from,to,what\n20,30,Walk\n")

    (walk,) = load_library(folder).stretches

    assert walk.duration_s == pytest.approx(10.0, abs=0.1)
    assert walk.rate_hz == pytest.approx(200.0, rel=0.05)


def test_a_public_table_of_many_dogs_is_known(tmp_path: Path, recordings: Path) -> None:
    """DogMoveData needs no manifest: it lies in the folder under its own name."""
    source = recordings / "reports" / "28_dogmovedata_two_dogs.csv"
    (tmp_path / "DogMoveData.csv").symlink_to(source)

    library = load_library(tmp_path)

    assert len(library.dogs()) == 2
    assert {each.rate_hz for each in library.stretches} == {100.0}


def test_a_walk_with_trots_in_it_is_told_apart_where_the_manifest_says_so(tmp_path: Path) -> None:
    """Ten seconds of 2 steps a second, then ten of 3.5, at 25 Hz; trots begin at 2.7."""
    phase = np.concatenate([2.0 * np.arange(250), 3.5 * np.arange(250)]) * 2.0 * np.pi / 25.0
    up_g = 1.0 + 0.3 * np.sin(phase)
    table = "x,y,z\n" + "".join(f"0,0,{each:.4f}\n" for each in up_g)
    manifest = ONE_LABEL.replace("rate_hz = 10.0", "rate_hz = 25.0")

    (whole,) = load_library(folder_with(tmp_path, manifest, walk=table)).stretches
    walk, trot = load_library(
        folder_with(tmp_path, manifest + "trot_from_hz = 2.7\n", walk=table)
    ).stretches

    assert (whole.label, whole.duration_s) == ("walk", 20.0)
    assert (walk.label, trot.label) == ("walk", "trot")
    assert walk.duration_s == pytest.approx(10.0, abs=1.0)
    assert walk.duration_s + trot.duration_s == 20.0


def test_a_file_at_fault_is_named_once() -> None:
    """That no good file is left is no fault of its own."""
    with pytest.raises(SettingsError) as caught:
        parse_manifest(ONE_LABEL + "lable = 3\n", name=FILE)

    assert str(caught.value) == (
        "recordings.toml: walk.csv: lable is 3: Extra inputs are not permitted"
    )
    with pytest.raises(SettingsError, match="at least 1 item"):
        parse_manifest("files = []", name=FILE)
