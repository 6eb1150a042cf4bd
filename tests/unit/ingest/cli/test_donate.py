"""`spryhound donate`, through a real store: what comes out, and what must not."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from typer.testing import Result

from ingest.packets.envelope import EncodedPacket, received
from ingest.packets.packet import Packet, encode_cbor
from ingest.recordings.donation.reading import read_package
from ingest.recordings.donation.stretch import Stretch
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


@pytest.fixture
def full_home(home: Path) -> Path:
    """Return a home with two dogs, and twenty minutes of samples of each."""
    (home / "spryhound.toml").write_text(SETTINGS)
    path = home / "store" / "spryhound.sqlite"
    with Journal(path, ManualClock()) as journal, journal.transaction() as tx:
        for collar, sideways_g in (("collar-of-xaver", 0.1), ("collar-of-yps", 0.2)):
            for seq in range(N_PACKETS):
                start_s = START.timestamp() + 10 * seq
                packet = Packet(
                    seq=seq,
                    boot="serial-4711",
                    t_ms=start_s * 1000.0,
                    rate_hz=50.0,
                    acceleration_g=np.tile([0.0, sideways_g, 0.99], (500, 1)),
                )
                encoded = EncodedPacket(
                    collar=collar,
                    arrival_s=start_s + 10.0,
                    content_type="application/cbor",
                    payload=encode_cbor(packet),
                )
                tx.append(received(encoded))
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
    """Looked for in the names and bytes of all members, and in those of the archive itself."""
    assert give("--yes", *notes).exit_code == 0

    raw = (full_home / "out.zip").read_bytes()
    with ZipFile(full_home / "out.zip") as archive:
        inside = b"".join(each.encode() + archive.read(each) for each in archive.namelist())
    held = (raw + inside).lower()
    assert b"canis lupus" in held  # the search sees what is there
    assert [each for each in SECRETS if each.encode() in held] == []


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
        (("--yes", "--label", "stairs"), 1, "holds no samples of the time"),
    ],
)
def test_wrong_usage_and_nothing_to_give_are_told(
    full_home: Path, give: Type, typed: tuple[str, ...], code: int, fault: str
) -> None:
    result = give(*typed)

    assert result.exit_code == code
    assert fault in result.stderr
    assert not (full_home / "out.zip").exists()


def test_a_package_is_replayed_as_any_recording(give: Type, spryhound: Type) -> None:
    give("--yes")

    result = spryhound("replay", "out.zip", "--dog", "xaver-id")

    assert result.exit_code == 0
    assert "Sat " in result.stdout
    assert "07:30:00, 20 min" in result.stdout
    assert "0 s missing" in result.stdout
