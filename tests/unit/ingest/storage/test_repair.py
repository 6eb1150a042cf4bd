"""A damaged store: found, kept aside, rebuilt from what can be read, and said."""

import sqlite3
from pathlib import Path

import pytest
import structlog

from analysis.errors import StoreError
from ingest.storage import database
from ingest.storage.journal import Journal
from ingest.storage.repair import COUNTED_AS, mark, rescue
from simulators.testing.fakes import ManualClock, received_packet

PAYLOAD = b"x" * 3000
N_PACKETS = 200


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store with packets enough for many pages, and a state that knows them all."""
    path = tmp_path / "spryhound.sqlite"
    with Journal(path, ManualClock()) as journal, journal.transaction() as tx:
        for seq in range(N_PACKETS):
            tx.append(received_packet(seq=seq, start_s=float(seq), payload=PAYLOAD))
        tx.save_state("engine", b"state", N_PACKETS)
    return path


def spoil(path: Path, begin: int, end: int) -> None:
    content = bytearray(path.read_bytes())
    content[begin:end] = b"\xff" * (end - begin)
    path.write_bytes(content)


def seqs(path: Path) -> list[int]:
    connection = database.connect(path)
    found = [row[0] for row in connection.execute("SELECT seq FROM packets ORDER BY id")]
    (check,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    assert check == "ok"
    return found


def test_a_sound_store_is_left_alone(path: Path) -> None:
    before = path.read_bytes()

    assert rescue(path, ManualClock()) is None
    assert path.read_bytes() == before


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert rescue(tmp_path / "none.sqlite", ManualClock()) is None
    assert list(tmp_path.iterdir()) == []


def test_a_hole_in_the_middle_costs_what_was_in_it_and_no_more(path: Path) -> None:
    """Eight pages of 4 kB are spoilt; a packet of 3 kB lies on one page or on two."""
    middle = path.stat().st_size // 2 // 4096 * 4096
    spoil(path, middle, middle + 8 * 4096)
    spoilt = path.read_bytes()
    mark(path)

    with structlog.testing.capture_logs() as said:
        kept = rescue(path, ManualClock())

    assert kept is not None
    assert kept.read_bytes() == spoilt
    found = seqs(path)
    assert N_PACKETS - 40 <= len(found) < N_PACKETS
    assert {0, N_PACKETS - 1} <= set(found)
    assert [each["log_level"] for each in said if "kept" in each] == ["error"]
    with Journal(path, ManualClock()) as journal:
        assert journal.load_state("engine") == (b"state", N_PACKETS)
        assert journal.counts() == {COUNTED_AS: 1}
    assert rescue(path, ManualClock()) is None


def test_a_truncated_store_goes_on_behind_what_its_state_knows(path: Path) -> None:
    """Else packets that come now would be taken for known ones at the next start."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 // 4096 * 4096)
    mark(path)

    assert rescue(path, ManualClock()) is not None
    with Journal(path, ManualClock()) as journal, journal.transaction() as tx:
        position = tx.append(received_packet(boot="new", payload=PAYLOAD))
        known = journal.load_state("engine")
    assert position is not None
    assert position > max(0, known[1] if known else 0)
    seqs(path)


def test_a_spoilt_head_is_found_without_a_mark(path: Path) -> None:
    spoil(path, 0, 4096)

    kept = rescue(path, ManualClock())

    assert kept is not None
    assert kept.name.startswith("spryhound.sqlite.damaged-")
    assert seqs(path) == []


def test_a_log_of_the_damaged_file_is_not_played_into_the_new_one(path: Path) -> None:
    log = path.with_name("spryhound.sqlite-wal")
    spoil(path, 0, 4096)
    log.write_bytes(b"\x00" * 5000)

    kept = rescue(path, ManualClock())

    assert kept is not None
    assert not log.exists()
    seqs(path)


def test_a_rescue_that_was_cut_off_before_the_swap_is_finished(path: Path) -> None:
    whole = path.with_name("spryhound.sqlite.rebuilt")
    whole.write_bytes(path.read_bytes())
    spoil(path, 0, 4096)

    assert rescue(path, ManualClock()) is not None
    assert len(seqs(path)) == N_PACKETS


def test_a_file_of_another_program_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "spryhound.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (a)")
    other.close()

    with pytest.raises(StoreError, match="another program"):
        rescue(path, ManualClock())
    assert [each.name for each in tmp_path.iterdir()] == ["spryhound.sqlite"]
