"""Packets and what they caused are kept together, once, and for as long as they are needed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.errors import DeliveryError, StoreError
from ingest.packets.envelope import ReceivedPacket
from ingest.ports import Point, Query
from ingest.storage.journal import Journal, SetAside, daemon_lock
from ingest.storage.sqlite_store import SqliteStore
from simulators.testing.fakes import ManualClock, received_packet

DAY_S = 86_400.0
NOON_S = 1_763_985_600.0
OOPS = "any error will do"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON_S)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spryhound.db"


@pytest.fixture
def journal(path: Path, clock: ManualClock) -> Iterator[Journal]:
    with Journal(path, clock) as journal:
        yield journal


def packet(
    seq: int = 0,
    *,
    collar: str = "c1",
    boot: str = "b1",
    arrival_s: float = 0.0,
    payload: bytes = b"payload",
) -> ReceivedPacket:
    return received_packet(
        collar=collar,
        boot=boot,
        seq=seq,
        start_s=NOON_S + seq,
        arrival_s=arrival_s or NOON_S + seq + 0.5,
        payload=payload,
    )


def append(journal: Journal, *packets: ReceivedPacket) -> list[int | None]:
    with journal.transaction() as tx:
        return [tx.append(each) for each in packets]


def positions_of(journal: Journal, after: int = 0) -> list[int]:
    return [position for position, _ in journal.packets(after=after)]


def minute() -> Point:
    return Point(
        measurement="minute",
        dog="rex",
        kind="",
        run="live",
        time_ns=1,
        fields={"worn_s": 60.0},
    )


def test_a_packet_comes_back_as_it_came(journal: Journal) -> None:
    append(journal, packet(7, collar="nova", payload=b"\x00\xff{}"))

    [(_, found)] = journal.packets()
    assert (found.collar, found.arrival_s) == ("nova", NOON_S + 7.5)
    assert (found.content_type, found.payload) == ("application/cbor", b"\x00\xff{}")


def test_positions_grow_in_the_order_of_coming(journal: Journal) -> None:
    """Batch 5 came before batch 4."""
    positions = append(journal, packet(5), packet(4), packet(6))

    assert positions == sorted(position for position in positions if position is not None)
    assert positions_of(journal) == positions


def test_a_repeat_is_refused(journal: Journal) -> None:
    (first,) = append(journal, packet(3))

    assert append(journal, packet(3, arrival_s=NOON_S + 99.0)) == [None]
    assert positions_of(journal) == [first]


def test_another_collar_or_another_boot_is_no_repeat(journal: Journal) -> None:
    positions = append(journal, packet(3), packet(3, collar="c2"), packet(3, boot="b2"))

    assert None not in positions


def test_a_repeat_is_known_after_a_restart(path: Path, clock: ManualClock) -> None:
    with Journal(path, clock) as journal:
        append(journal, packet(3))

    with Journal(path, clock) as journal:
        assert append(journal, packet(3)) == [None]


def test_packets_beyond_a_position_are_all_found(journal: Journal) -> None:
    """More than two of the chunks in which they are read."""
    positions = append(journal, *(packet(seq) for seq in range(1203)))

    assert positions_of(journal, after=positions[2] or 0) == positions[3:]


def test_everything_of_a_transaction_is_there_after_it(journal: Journal, path: Path) -> None:
    with journal.transaction() as tx:
        position = tx.append(packet()) or 0
        tx.write([minute()])
        tx.enqueue("point", "k", b"body")
        tx.save_state("rex", b"state", position)
        tx.count("late")
        tx.count("late", 2)

    with SqliteStore(path) as store:
        assert store.read(Query(measurement="minute")) == [minute()]
    assert journal.load_state("rex") == (b"state", position)
    assert journal.counts() == {"late": 3}


def write_all_and_fail(journal: Journal) -> None:
    with journal.transaction() as tx:
        tx.append(packet())
        tx.write([minute()])
        tx.enqueue("point", "k", b"body")
        tx.save_state("rex", b"state", 1)
        tx.count("late")
        tx.set_aside(SetAside(topic="t", payload=b"?", cause="encoding", arrival_s=0.0))
        tx.take_commands()
        raise DeliveryError(OOPS)


def test_nothing_of_a_transaction_is_there_after_an_error(journal: Journal, path: Path) -> None:
    with pytest.raises(DeliveryError, match=OOPS):
        write_all_and_fail(journal)

    with SqliteStore(path) as store:
        assert store.read(Query(measurement="minute")) == []
    assert list(journal.packets()) == []
    assert journal.load_state("rex") is None
    assert journal.counts() == {}
    assert journal.aside() == []
    with journal.transaction() as tx:
        assert tx.enqueue("point", "k", b"body")


def test_the_same_outbox_key_is_taken_once(journal: Journal) -> None:
    with journal.transaction() as tx:
        assert tx.enqueue("alert", "one", b"a")
        assert not tx.enqueue("alert", "one", b"b")
        assert tx.enqueue("alert", "two", b"b")


def test_a_state_is_replaced_by_the_next(journal: Journal) -> None:
    for position in (4, 9):
        with journal.transaction() as tx:
            tx.save_state("rex", b"at %d" % position, position)

    assert journal.load_state("rex") == (b"at 9", 9)
    assert journal.load_state("bella") is None


def test_only_the_newest_thousand_poison_messages_are_kept_and_short(journal: Journal) -> None:
    with journal.transaction() as tx:
        for i in range(1005):
            tx.set_aside(
                SetAside(topic=f"t/{i}", payload=b"x" * 5000, cause="encoding", arrival_s=float(i))
            )

    kept = journal.aside(newest=5000)
    assert [each.topic for each in kept] == [f"t/{i}" for i in range(1004, 4, -1)]
    assert {len(each.payload) for each in kept} == {4096}


def test_commands_are_taken_once_and_in_order(journal: Journal, clock: ManualClock) -> None:
    assert not journal.has_commands()
    journal.add_command(b"first")
    clock.advance(1.0)
    journal.add_command(b"second")

    assert journal.has_commands()
    with journal.transaction() as tx:
        assert tx.take_commands() == [(NOON_S, b"first"), (NOON_S + 1.0, b"second")]
    assert not journal.has_commands()
    with journal.transaction() as tx:
        assert tx.take_commands() == []


def test_commands_taken_in_a_failed_transaction_wait_for_the_next(journal: Journal) -> None:
    journal.add_command(b"first")
    with pytest.raises(DeliveryError, match=OOPS):
        write_all_and_fail(journal)

    assert journal.has_commands()


def test_old_packets_are_forgotten_and_young_ones_kept(journal: Journal) -> None:
    """Batch 0 came 15 days ago, batch 1 came 13 days ago."""
    append(
        journal,
        packet(0, arrival_s=NOON_S - 15 * DAY_S),
        packet(1, arrival_s=NOON_S - 13 * DAY_S),
    )

    assert journal.prune(keep_days=14.0, most_bytes=1 << 30, needed_from=1 << 60) == 1
    assert [each.arrival_s for _, each in journal.packets()] == [NOON_S - 13 * DAY_S]


def test_too_many_bytes_take_the_oldest_packets(journal: Journal) -> None:
    """12,000 packets of 1 kB are 2 MB over 10 MB: the oldest 2,000 go, and one for good measure."""
    positions = append(journal, *(packet(seq, payload=b"x" * 1000) for seq in range(12_000)))

    pruned = journal.prune(keep_days=14.0, most_bytes=10_000_000, needed_from=1 << 60)

    assert 0 <= pruned - 2000 <= 1
    assert positions_of(journal)[0] == positions[pruned]


@pytest.mark.parametrize("most_bytes", [1, 1 << 40], ids=["too large", "too old"])
def test_packets_that_are_still_needed_stay(journal: Journal, most_bytes: int) -> None:
    """However old they are, and however full the disk: no saved state holds them yet."""
    positions = append(
        journal,
        *(packet(seq, arrival_s=NOON_S - 99 * DAY_S, payload=b"x" * 999) for seq in range(10)),
    )
    needed_from = positions[4] or 0

    assert journal.prune(keep_days=14.0, most_bytes=most_bytes, needed_from=needed_from) == 4
    assert positions_of(journal) == positions[4:]


def test_pruning_leaves_points_alone(journal: Journal, path: Path) -> None:
    append(journal, packet(0, arrival_s=NOON_S - 99 * DAY_S))
    with journal.transaction() as tx:
        tx.write([minute()])

    journal.prune(keep_days=1.0, most_bytes=1, needed_from=1 << 60)

    with SqliteStore(path) as store:
        assert store.read(Query(measurement="minute")) == [minute()]


def test_a_journal_outside_of_its_block_is_a_mistake(path: Path, clock: ManualClock) -> None:
    with pytest.raises(RuntimeError, match="outside of its with block"):
        Journal(path, clock).load_state("rex")


def test_the_store_reads_while_the_journal_writes(journal: Journal, path: Path) -> None:
    with SqliteStore(path) as store, journal.transaction() as tx:
        tx.write([minute()])

        assert store.read(Query(measurement="minute")) == []


def test_a_second_daemon_is_told_who_the_first_is(path: Path) -> None:
    command = (
        "import sys; from pathlib import Path; from ingest.storage.journal import daemon_lock\n"
    )
    command += "with daemon_lock(Path(sys.argv[1])): pass"
    with daemon_lock(path):
        second = subprocess.run(
            [sys.executable, "-c", command, str(path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    assert second.returncode == 1
    assert f"StoreError: {path} is in use by process {os.getpid()}" in second.stderr


def test_the_lock_is_free_again_afterwards(path: Path) -> None:
    with daemon_lock(path):
        pass
    with (
        daemon_lock(path),
        pytest.raises(StoreError, match=f"in use by process {os.getpid()}$"),
        daemon_lock(path),
    ):
        pass
