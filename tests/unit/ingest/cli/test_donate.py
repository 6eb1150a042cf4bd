"""`spryhound donate`, through a real store: what comes out, and what must not."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from typer.testing import Result

from analysis.model import FloatArray
from ingest.packets.envelope import EncodedPacket, ReceivedPacket, received
from ingest.packets.packet import Packet, encode_cbor, encode_json
from ingest.recordings.donation.reading import read_package
from ingest.recordings.donation.stretch import Stretch, StretchLabel
from ingest.storage.journal import Journal
from simulators.testing.fakes import ManualClock

Type = Callable[..., Result]

ZONE = ZoneInfo("Europe/Vienna")
START = datetime(2026, 1, 10, 7, 30, tzinfo=ZONE)
N_PACKETS = 120
SETTINGS = """
[home]
time_zone = "Europe/Vienna"
data_dir = "store"
[dogs.xaver-id]
name = "Xaverius"
withers_m = 0.47
mass_kg = 16.0
[dogs.yps-id]
name = "Yps"
[[collars]]
id = "collar-of-xaver"
dog = "xaver-id"
[[collars]]
id = "collar-of-yps"
dog = "yps-id"
"""
SECRETS = (
    *("xaver", "yps", "collar-of", "vienna", "serial-4711"),
    *("2026-01-10", "20260110", "17680264", "2026"),
)
"""Names, ids, places, serial numbers, and the date in the forms that it might take."""


def packet_at(seq: int, acceleration_g: FloatArray) -> Packet:
    """Return ten seconds of a collar."""
    return Packet(
        seq=seq,
        boot="serial-4711",
        t_ms=(START.timestamp() + 10 * seq) * 1000.0,
        rate_hz=50.0,
        acceleration_g=acceleration_g,
    )


def noise_packet(rng: np.random.Generator, seq: int) -> Packet:
    """Return ten seconds in which no two samples are alike."""
    return packet_at(seq, rng.normal([0.0, 0.1, 0.99], 0.5, (500, 3)))


def packet_of(collar: str, packet: Packet, form: str = "int16 in mg") -> ReceivedPacket:
    """Return a packet as it comes from a collar, in one of the forms on the wire."""
    payload, content_type = encode_json(packet), "application/json"
    if form != "JSON":
        payload = encode_cbor(packet, lossless=form == "float32 in g")
        content_type = "application/cbor"
    return received(
        EncodedPacket(
            collar=collar,
            arrival_s=packet.t_ms / 1000.0 + 10.0,
            content_type=content_type,
            payload=payload,
        )
    )


def fill(home: Path, packets: Sequence[ReceivedPacket]) -> None:
    """Put packets into the store, as the daemon does."""
    path = home / "store" / "spryhound.sqlite"
    with Journal(path, ManualClock()) as journal, journal.transaction() as tx:
        for each in packets:
            tx.append(each)


@pytest.fixture
def full_home(home: Path) -> Path:
    """Return a home with two dogs, and twenty minutes of samples of each."""
    (home / "spryhound.toml").write_text(SETTINGS)
    rest_g = np.tile([0.0, 0.1, 0.99], (500, 1))
    for collar, sideways_g in (("collar-of-xaver", 0.0), ("collar-of-yps", 0.1)):
        moved_g = rest_g + np.array([0.0, sideways_g, 0.0])
        packets = [packet_at(seq, moved_g) for seq in range(N_PACKETS)]
        fill(home, [packet_of(collar, each) for each in packets])
    return home


@pytest.fixture
def give(full_home: Path, spryhound: Type) -> Type:
    """Return what labels two things and then donates, as it is typed."""
    assert full_home == Path.cwd()
    whose = ("--dog", "xaver-id")
    times = ("--from", "2026-01-10T07:40", "--until", "2026-01-10T07:42")
    note = ("--note", "Xaverius on the stairs on 10.1.2026")
    assert spryhound("label", "limped", *whose, *times, *note).exit_code == 0
    grade = "Xaverius lame, grade 2 of 5"
    at = ("--from", "2026-01-10T16:00")
    assert spryhound("label", "vet-found", grade, *whose, *at).exit_code == 0
    yps = ("--dog", "yps-id", "--from", "2026-01-10T07:35")
    assert spryhound("label", "cried", *yps).exit_code == 0

    def run(*typed: str, keys: str | None = None) -> Result:
        return spryhound("donate", "out.zip", *whose, *typed, keys=keys)

    return run


def package(home: Path) -> tuple[Stretch, ...]:
    """Return what was given away."""
    return read_package(home / "out.zip").stretches


def test_what_was_stored_is_given_with_its_labels(full_home: Path, give: Type) -> None:
    """Twenty minutes; the visit to the vet is 7.5 hours from the first sample on."""
    result = give("--yes")

    assert result.exit_code == 0
    assert "out.zip: 1 stretches, 0.3 h, 2 labels." in result.stdout
    (stretch,) = package(full_home)
    assert (stretch.collar, stretch.rate_hz, stretch.n_samples) == ("collar-1", 50.0, 60_000)
    assert set(stretch.acceleration_g[:, 1].tolist()) == {0.1}
    limped, vet = stretch.labels
    assert (limped.what, limped.onset_s, limped.duration_s) == ("limped", 600.0, 120.0)
    assert (vet.what, vet.onset_s, vet.grade) == (
        "vet_found",
        30_600.0,
        "[removed] lame, grade 2 of 5",
    )
    assert limped.note == ""
    (dog,) = {read_package(full_home / "out.zip").participant}
    assert (dog.height_cm, dog.weight_band_kg, dog.age_band_years) == ("45", "15-20", "n/a")


@pytest.mark.parametrize("notes", [(), ("--with-notes",)])
def test_a_package_holds_no_name_no_id_and_no_true_date(
    full_home: Path, give: Type, notes: tuple[str, ...]
) -> None:
    """Looked for in the names and bytes of all members, and in those of the archive itself.

    Packed bytes may be any: three or four in a row would be found there by chance, eight would not.
    """
    assert give("--yes", *notes).exit_code == 0

    raw = (full_home / "out.zip").read_bytes()
    with ZipFile(full_home / "out.zip") as archive:
        inside = b"".join(each.encode() + archive.read(each) for each in archive.namelist())
    by_chance = read_package(full_home / "out.zip").participant.id.encode()
    inside = inside.replace(by_chance, b"").lower()
    assert b"canis lupus" in inside  # the search sees what is there
    assert [each for each in SECRETS if each.encode() in inside] == []
    long = [each for each in SECRETS if len(each) >= 8]
    assert [each for each in long if each.encode() in raw.lower()] == []


def test_weekday_and_clock_are_kept(full_home: Path, give: Type) -> None:
    """The 10th of January 2026 is a Saturday."""
    give("--yes")

    (stretch,) = package(full_home)
    assert stretch.start.strftime("%A %H:%M:%S") == "Saturday 07:30:00"
    assert 1902 <= stretch.start.year <= 1924


def test_two_packages_have_other_dates_and_other_ids(full_home: Path, give: Type) -> None:
    """By chance, of 1,170 weeks: five are never all the same (1 in 10^12)."""
    starts, ids = set(), set()
    for _ in range(5):
        give("--yes", "--force")
        starts.add(package(full_home)[0].start)
        ids.add(read_package(full_home / "out.zip").participant.id)

    assert len(starts) > 1
    assert len(ids) > 1


def test_notes_are_given_only_if_asked_for_and_without_names(full_home: Path, give: Type) -> None:
    give("--yes", "--with-notes")

    (stretch,) = package(full_home)
    assert stretch.labels[0].note == "[removed] on the stairs on [removed]"


def test_around_a_label_is_five_minutes_before_and_after(full_home: Path, give: Type) -> None:
    """Limped from 07:40 to 07:42: 07:35 to 07:47 is given."""
    give("--yes", "--label", "limped")

    (stretch,) = package(full_home)
    assert f"{stretch.start:%H:%M}" == "07:35"
    assert stretch.duration_s == 720.0
    assert [(each.what, each.onset_s) for each in stretch.labels] == [("limped", 300.0)]


def test_from_and_until_choose_the_time(full_home: Path, give: Type) -> None:
    give("--yes", "--from", "2026-01-10T07:33", "--until", "2026-01-10T07:41")

    (stretch,) = package(full_home)
    assert (f"{stretch.start:%H:%M}", stretch.duration_s) == ("07:33", 480.0)
    assert [(each.onset_s, each.duration_s) for each in stretch.labels] == [(420.0, 60.0)]


def test_a_day_may_be_chosen(full_home: Path, give: Type) -> None:
    assert give("--yes", "--from", "2026-01-10", "--until", "2026-01-10").exit_code == 0

    assert package(full_home)[0].duration_s == 1200.0


def test_the_owner_reads_the_consent_and_is_asked(full_home: Path, give: Type) -> None:
    refused = give(keys="n\n")

    assert refused.exit_code == 1
    assert "What you give away" in refused.stdout
    assert "[removed] lame, grade 2 of 5" in refused.stdout
    assert "The dog: height 45 cm, weight 15-20 kg." in refused.stdout
    assert "Time: all that is stored." in refused.stdout
    assert not (full_home / "out.zip").exists()

    assert give(keys="y\n").exit_code == 0
    with ZipFile(full_home / "out.zip") as archive:
        assert archive.read("CONSENT.txt").decode() in refused.stdout


def test_nobody_who_could_agree_is_no_consent(full_home: Path, give: Type) -> None:
    assert give(keys="").exit_code == 1
    assert not (full_home / "out.zip").exists()


def test_a_file_is_replaced_only_with_force(full_home: Path, give: Type) -> None:
    (full_home / "out.zip").write_text("before")

    refused = give("--yes")

    assert refused.exit_code == 1
    assert "out.zip exists; --force replaces it" in refused.stderr
    assert (full_home / "out.zip").read_text() == "before"
    assert give("--yes", "--force").exit_code == 0


def test_the_newest_weight_and_an_age_are_given_in_bands(
    full_home: Path, give: Type, spryhound: Type
) -> None:
    spryhound("log", "weight", "21", "--dog", "xaver-id")

    give("--yes", "--age", "7")

    dog = read_package(full_home / "out.zip").participant
    assert (dog.weight_band_kg, dog.age_band_years) == ("20-25", "7-9")


@pytest.mark.parametrize(
    ("typed", "code", "fault"),
    [
        (("--label", "hop"), 2, "--label: got 'hop', expected one of jump"),
        (("--days", "0"), 2, "of at least 0.01"),
        (("--days", "nan"), 2, "--days: got nan, expected at most"),
        (("--days", "1", "--from", "07:00"), 2, "--days: expected either"),
        (("--from", "soon"), 2, "--from: got 'soon'"),
        (("--from", "1800-01-01"), 2, "from 2000 to 2099"),
        (("--from", "2026-01-10", "--until", "2026-01-09"), 2, "expected a time after"),
        (("--age", "old"), 2, "expected a number"),
        (("--yes", "--days", "0.01"), 1, "holds no samples of the time"),
        (("--yes", "--days", "0.01", "--label", "limped"), 1, "no label limped in the time"),
        (("--yes", "--label", "stairs"), 1, "no label stairs in the time that was chosen"),
        (("--yes", "--label", "vet-found"), 1, "holds no samples of the time"),
    ],
)
def test_wrong_usage_and_nothing_to_give_are_told(
    full_home: Path, give: Type, typed: tuple[str, ...], code: int, fault: str
) -> None:
    result = give(*typed)

    assert result.exit_code == code
    assert fault in result.stderr
    assert not (full_home / "out.zip").exists()


def test_what_the_vet_found_goes_with_other_labels_if_it_is_asked_for(
    full_home: Path, give: Type
) -> None:
    """The collar was off at the vet: eight and a half hours after the stretch begins."""
    give("--yes", "--label", "limped", "--label", "vet-found")

    (stretch,) = package(full_home)
    assert [(each.what, each.onset_s) for each in stretch.labels] == [
        ("limped", 300.0),
        ("vet_found", 30_300.0),
    ]


def test_the_place_that_the_zone_names_is_taken_out(give: Type, spryhound: Type) -> None:
    spryhound("label", "shake", "--dog", "xaver-id", "--note", "in vienna", "--from", "2 min ago")

    result = give("--with-notes", keys="n\n")

    assert "shake, in [removed]" in result.stdout


def test_the_chosen_time_is_shown(give: Type) -> None:
    result = give("--from", "2026-01-10T07:33", "--until", "2026-01-10T07:41", keys="n\n")

    assert "Time: from Sat 10 Jan 2026 07:33:00 until Sat 10 Jan 2026 07:41:00." in result.stdout


def test_a_home_without_a_store_has_nothing_to_give(home: Path, spryhound: Type) -> None:
    """As for every command that reads: none is made, since it would look like an answer."""
    (home / "store" / "spryhound.sqlite").unlink(missing_ok=True)

    result = spryhound("donate", "out.zip", "--yes")

    assert result.exit_code == 2
    assert "there is no store at" in result.stderr
    assert not (home / "out.zip").exists()


def test_a_store_without_samples_has_nothing_to_give(home: Path, spryhound: Type) -> None:
    with Journal(home / "store" / "spryhound.sqlite", ManualClock()):
        pass

    result = spryhound("donate", "out.zip", "--yes")

    assert result.exit_code == 1
    assert "the store holds no samples" in result.stderr
    assert list(home.glob("*out.zip*")) == []


def test_a_folder_that_is_missing_is_told(give: Type, full_home: Path, spryhound: Type) -> None:
    result = spryhound("donate", "missing/out.zip", "--dog", "xaver-id", "--yes")

    assert result.exit_code == 1
    assert "missing/out.zip cannot be written: No such file" in result.stderr
    assert not (full_home / "missing").exists()
    assert give("--yes").exit_code == 0


@pytest.mark.parametrize("form", ["JSON", "int16 in mg", "float32 in g"])
def test_every_sample_comes_back_to_the_last_bit(home: Path, spryhound: Type, form: str) -> None:
    """Labelled, given and read: another collar goes on where the first ends, and loses a packet.

    The first one's stretch is known to be over last, since nothing is heard of it again.
    """
    rng = np.random.default_rng(4)
    red = [noise_packet(rng, seq) for seq in range(6)]
    blue = [noise_packet(rng, seq) for seq in range(6, 18)]
    del blue[4]
    sent = {"red": red, "blue": blue}
    held = [
        packet_of(collar, packet, form) for collar, packets in sent.items() for packet in packets
    ]
    fill(home, held)
    spryhound("label", "jump", "--from", "2026-01-10T07:30:07", "--note", "onto the sofa")
    shown = spryhound("donate", "out.zip", "--yes", "--with-notes")

    assert "3 stretches" in shown.stdout
    stretches = package(home)
    assert [each.collar for each in stretches] == ["collar-2", "collar-1", "collar-1"]
    assert [f"{each.start:%M:%S.%f}" for each in stretches] == [
        *("30:00.000000", "31:00.000000", "31:50.000000"),
    ]
    whole = np.concatenate([each.packet.acceleration_g for each in held])
    given = np.concatenate([each.acceleration_g for each in stretches])
    assert given.tobytes() == whole.tobytes()
    assert [each.labels for each in stretches[1:]] == [(), ()]
    assert stretches[0].labels == (
        StretchLabel(what="jump", onset_s=7.0, duration_s=0.0, note="onto the sofa"),
    )
    replayed = spryhound("replay", "out.zip")
    assert replayed.exit_code == 0
    assert "dropped" not in replayed.stdout + replayed.stderr


def test_a_package_is_replayed_as_any_recording(give: Type, spryhound: Type) -> None:
    give("--yes")

    result = spryhound("replay", "out.zip", "--dog", "xaver-id")

    assert result.exit_code == 0
    assert "Sat " in result.stdout
    assert "07:30:00, 20 min" in result.stdout
    assert "0 s missing" in result.stdout
