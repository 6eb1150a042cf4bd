"""Followers carry rows out in order, at their own pace, until they are accepted."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from analysis.errors import DeliveryError, InputError, RejectedError
from ingest.clock import SystemClock
from ingest.storage import database
from ingest.storage.journal import Journal
from ingest.storage.outbox import Consumer, ConsumerState, ConsumerStatus, Outbox, OutboxRow
from simulators.testing.fakes import Faults, ManualClock

WITHIN_S = 20.0
DAY_S = 86_400.0
KEPT_S = 14 * DAY_S
AWAY = DeliveryError("the server is away")


class Receiver(Faults):
    """The other side: keeps what it accepted, and when it was asked."""

    def __init__(self, clock: ManualClock | SystemClock, bad: Sequence[bytes] = ()) -> None:
        super().__init__()
        self.clock = clock
        self.bad = tuple(bad)
        self.accepted: list[bytes] = []
        self.asked_s: list[float] = []
        self.changed = threading.Condition()

    def deliver(self, rows: Sequence[OutboxRow]) -> None:
        """Accept rows, or fail as told, or refuse the bad ones."""
        with self.changed:
            self.asked_s.append(self.clock.monotonic_s())
            self.changed.notify_all()
            self.happen()
            for row in rows:
                if row.body in self.bad:
                    msg = f"unable to parse {row.body!r}"
                    raise RejectedError(msg)
            self.accepted += [row.body for row in rows]

    def wait(self, condition: Callable[[], bool], within_s: float = WITHIN_S) -> bool:
        """Return whether something became true in time; it is looked at after each call."""
        with self.changed:
            return self.changed.wait_for(condition, within_s)

    def has_all(self, n: int) -> bool:
        """Return whether so many rows were accepted in time."""
        return self.wait(lambda: len(self.accepted) >= n)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spryhound.db"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def put(path: Path, clock: ManualClock | SystemClock, *bodies: bytes, kind: str = "point") -> None:
    with Journal(path, clock) as journal, journal.transaction() as tx:
        for body in bodies:
            assert tx.enqueue(kind, f"{kind} {body[-20:]!r}", body)


def follow(receiver: Receiver, *, name: str = "influx", kind: str = "point") -> Consumer:
    return Consumer(name=name, kinds=(kind,), deliver=receiver.deliver, most=100)


def dead_letters(path: Path) -> list[tuple[str, bytes, str]]:
    connection = database.connect(path)
    rows = connection.execute(
        "SELECT follower, body, reason FROM dead_letters ORDER BY id"
    ).fetchall()
    connection.close()
    return rows


def numbers(n: int) -> list[bytes]:
    return [b"%d" % i for i in range(n)]


def wait_for_status(outbox: Outbox, claim: Callable[[ConsumerStatus], bool]) -> ConsumerStatus:
    """Return the status of the only follower once a claim about it holds."""
    until_s = time.monotonic() + WITHIN_S
    tick = threading.Event()
    while True:
        (status,) = outbox.status()
        if claim(status):
            return status
        assert time.monotonic() < until_s, status
        tick.wait(0.005)


def let_time_pass(outbox: Outbox, receiver: Receiver, *, n_asked: int, step_s: float) -> None:
    """Move the clock in steps until the receiver was asked so often."""
    assert isinstance(receiver.clock, ManualClock)
    until_s = time.monotonic() + WITHIN_S
    while len(receiver.asked_s) < n_asked:
        assert time.monotonic() < until_s
        receiver.clock.advance(step_s)
        outbox.wake()
        receiver.wait(lambda: len(receiver.asked_s) >= n_asked, 0.01)


def test_rows_arrive_in_order_and_once(path: Path, clock: ManualClock) -> None:
    """In ten batches, the last put there while it runs."""
    receiver = Receiver(clock)
    put(path, clock, *numbers(900))
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox:
        assert receiver.has_all(900)
        put(path, clock, *numbers(1000)[900:])
        outbox.wake()
        assert receiver.has_all(1000)

    assert receiver.accepted == numbers(1000)


def test_followers_take_their_own_kinds(path: Path, clock: ManualClock) -> None:
    points, alerts = Receiver(clock), Receiver(clock)
    put(path, clock, b"p1", b"p2")
    put(path, clock, b"a1", kind="alert")
    followers = [follow(points), follow(alerts, name="tell", kind="alert")]
    with Outbox(path, followers, clock, kept_s=KEPT_S):
        assert points.has_all(2)
        assert alerts.has_all(1)

    assert (points.accepted, alerts.accepted) == ([b"p1", b"p2"], [b"a1"])


def test_two_followers_may_take_the_same_rows(path: Path, clock: ManualClock) -> None:
    first, second = Receiver(clock), Receiver(clock)
    put(path, clock, *numbers(3))
    with Outbox(path, [follow(first), follow(second, name="mqtt")], clock, kept_s=KEPT_S):
        assert first.has_all(3)
        assert second.has_all(3)

    assert first.accepted == second.accepted == numbers(3)


@pytest.mark.slow
def test_what_was_not_accepted_is_tried_again_ever_more_slowly(
    path: Path, clock: ManualClock
) -> None:
    """Half of 1, 2, 4 ... 60 s at least; in the end it stays at 30 s or more."""
    receiver = Receiver(clock)
    receiver.fail_next(*[AWAY] * 9)
    put(path, clock, *numbers(3))
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox:
        let_time_pass(outbox, receiver, n_asked=4, step_s=0.25)
        let_time_pass(outbox, receiver, n_asked=10, step_s=2.0)
        assert receiver.has_all(3)

    gaps_s = [after - before for before, after in pairwise(receiver.asked_s)]
    assert receiver.accepted == numbers(3)
    for gap_s, least_s in zip(gaps_s, (0.5, 1, 2, 4, 8, 16, 30, 30, 30), strict=True):
        assert gap_s >= least_s


def test_a_wait_that_the_server_asked_for_is_kept(path: Path, clock: ManualClock) -> None:
    receiver = Receiver(clock)
    receiver.fail_next(DeliveryError("too many", retry_after_s=90.0))
    put(path, clock, b"1")
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox:
        let_time_pass(outbox, receiver, n_asked=2, step_s=5.0)

    assert receiver.asked_s[1] - receiver.asked_s[0] >= 90.0


def test_nobody_is_waited_for_a_whole_day(path: Path, clock: ManualClock) -> None:
    """Ten minutes at most, whatever a proxy says."""
    receiver = Receiver(clock)
    receiver.fail_next(DeliveryError("too many", retry_after_s=DAY_S))
    put(path, clock, b"1")
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox:
        let_time_pass(outbox, receiver, n_asked=2, step_s=100.0)

    assert 600.0 <= receiver.asked_s[1] - receiver.asked_s[0] < DAY_S


def test_one_bad_row_is_set_aside_and_the_others_arrive_once(
    path: Path, clock: ManualClock
) -> None:
    receiver = Receiver(clock, bad=[b"37", b"38", b"99"])
    put(path, clock, *numbers(100))
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox:
        assert receiver.has_all(97)
        status = wait_for_status(outbox, lambda status: status.n_waiting == 0)

    assert receiver.accepted == [each for each in numbers(100) if each not in receiver.bad]
    assert dead_letters(path) == [
        ("influx", body, f"unable to parse {body!r}") for body in receiver.bad
    ]
    assert (status.n_dead, status.failures) == (3, 0)


def test_a_row_that_cannot_be_read_does_not_stop_those_behind_it(
    path: Path, clock: ManualClock
) -> None:
    taken: list[bytes] = []

    def deliver(rows: Sequence[OutboxRow]) -> None:
        if any(row.body == b"garbled" for row in rows):
            msg = "a row is not a notification"
            raise InputError(msg)
        taken.extend(row.body for row in rows)

    put(path, clock, b"1", b"garbled", b"2")
    follower = Consumer(name="tell", kinds=("point",), deliver=deliver)
    with Outbox(path, [follower], clock, kept_s=KEPT_S) as outbox:
        wait_for_status(outbox, lambda status: status.n_waiting == 0)

    assert taken == [b"1", b"2"]
    assert [body for _, body, _ in dead_letters(path)] == [b"garbled"]


def test_a_fault_between_two_halves_repeats_neither(path: Path, clock: ManualClock) -> None:
    """Four rows, the third bad: both are refused, 0 and 1 accepted, then the server is away."""
    receiver = Receiver(clock, bad=[b"2"])
    script: list[DeliveryError | None] = [None, None, AWAY]

    def deliver(rows: Sequence[OutboxRow]) -> None:
        error = script.pop(0) if script else None
        if error is not None:
            receiver.fail_next(error)
        receiver.deliver(rows)

    put(path, clock, *numbers(4))
    follower = Consumer(name="influx", kinds=("point",), deliver=deliver)
    with Outbox(path, [follower], clock, kept_s=KEPT_S) as outbox:
        let_time_pass(outbox, receiver, n_asked=6, step_s=1.0)
        assert receiver.has_all(3)

    assert receiver.accepted == [b"0", b"1", b"3"]


def test_the_position_outlives_a_restart(path: Path, clock: ManualClock) -> None:
    first, second = Receiver(clock), Receiver(clock)
    put(path, clock, *numbers(5))
    with Outbox(path, [follow(first)], clock, kept_s=KEPT_S) as outbox:
        wait_for_status(outbox, lambda status: status.n_waiting == 0)
    put(path, clock, b"5")
    with Outbox(path, [follow(second)], clock, kept_s=KEPT_S):
        assert second.has_all(1)

    assert (first.accepted, second.accepted) == (numbers(5), [b"5"])


def test_what_failed_before_a_restart_is_delivered_after_it(path: Path, clock: ManualClock) -> None:
    receiver = Receiver(clock)
    receiver.fail_next(AWAY)
    put(path, clock, b"1")
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox:
        wait_for_status(outbox, lambda status: status.failures == 1)
        assert receiver.accepted == []
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S):
        assert receiver.has_all(1)


def test_a_follower_that_is_down_does_not_hold_up_another(path: Path, clock: ManualClock) -> None:
    down, up = Receiver(clock), Receiver(clock)
    down.fail_next(*[AWAY] * 1000)
    put(path, clock, *numbers(250))
    with Outbox(path, [follow(down), follow(up, name="mqtt")], clock, kept_s=KEPT_S) as outbox:
        assert up.has_all(250)
        assert down.wait(lambda: bool(down.asked_s))
        away, fine = outbox.status()

    assert (away.name, away.n_waiting) == ("influx", 250)
    assert (fine.name, fine.failures) == ("mqtt", 0)
    assert down.accepted == []


def test_the_status_says_how_long_and_why(path: Path, clock: ManualClock) -> None:
    receiver = Receiver(clock)
    receiver.fail_next(AWAY)
    put(path, clock, *numbers(7))
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox:
        wait_for_status(outbox, lambda status: status.failures == 1)
        clock.advance(0.25)
        (status,) = outbox.status()

    assert status == ConsumerStatus(
        name="influx",
        n_waiting=7,
        oldest_s=0.25,
        failures=1,
        last_error="the server is away",
        n_dead=0,
    )


@contextmanager
def stuck() -> Iterator[tuple[Callable[[Sequence[OutboxRow]], None], threading.Event]]:
    """Give a delivery that hangs until the block ends, and an event that says that it does."""
    release, hangs = threading.Event(), threading.Event()

    def deliver(_: Sequence[OutboxRow]) -> None:
        hangs.set()
        release.wait(WITHIN_S)

    try:
        yield deliver, hangs
    finally:
        release.set()


def test_it_stops_at_once_while_it_backs_off(path: Path) -> None:
    clock = SystemClock()
    receiver = Receiver(clock)
    receiver.fail_next(DeliveryError("later", retry_after_s=500.0))
    put(path, clock, b"1")
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox:
        wait_for_status(outbox, lambda status: status.failures == 1)
        began_s = time.monotonic()

    assert time.monotonic() - began_s < 1.5


@pytest.mark.slow
def test_it_stops_within_two_seconds_though_two_followers_hang(path: Path) -> None:
    clock = SystemClock()
    put(path, clock, b"1")
    with stuck() as (deliver, hangs), stuck() as (deliver_2, hangs_2):
        followers = [
            Consumer(name="one", kinds=("point",), deliver=deliver),
            Consumer(name="two", kinds=("point",), deliver=deliver_2),
        ]
        with Outbox(path, followers, clock, kept_s=KEPT_S):
            assert hangs.wait(WITHIN_S)
            assert hangs_2.wait(WITHIN_S)
            began_s = time.monotonic()
        took_s = time.monotonic() - began_s

    assert took_s < 3.0


def test_what_is_held_back_is_asked_for_when_due(path: Path, clock: ManualClock) -> None:
    receiver = Receiver(clock)
    start_s = clock.now_s()

    def due_s() -> float | None:
        return None if receiver.asked_s else start_s + 100.0

    follower = Consumer(name="tell", kinds=("alert",), deliver=receiver.deliver, due_s=due_s)
    with Outbox(path, [follower], clock, kept_s=KEPT_S) as outbox:
        let_time_pass(outbox, receiver, n_asked=1, step_s=10.0)

    assert receiver.asked_s[0] >= 100.0
    assert receiver.accepted == []


def bodies(path: Path) -> list[bytes]:
    connection = database.connect(path)
    rows = connection.execute("SELECT body FROM outbox ORDER BY id").fetchall()
    connection.close()
    return [body for (body,) in rows]


def test_delivered_rows_are_emptied_after_two_days(path: Path, clock: ManualClock) -> None:
    """What is not delivered stays as it is; the emptied rows are nobody's business any more."""
    receiver, down, late = Receiver(clock), Receiver(clock), Receiver(clock)
    down.fail_next(*[AWAY] * 1000)
    put(path, clock, *numbers(5))
    put(path, clock, b"alert", kind="alert")
    followers = [follow(receiver), follow(down, name="tell", kind="alert")]
    with Outbox(path, followers, clock, kept_s=KEPT_S) as outbox:
        wait_for_nothing_left(outbox, "influx")
        clock.advance(1.9 * DAY_S)
        outbox.prune()
        assert bodies(path) == [*numbers(5), b"alert"]
        clock.advance(0.2 * DAY_S)
        outbox.prune()
        assert bodies(path) == [b""] * 5 + [b"alert"]
    put(path, clock, b"5")
    with Outbox(path, [follow(late, name="new")], clock, kept_s=KEPT_S) as outbox:
        assert outbox.status()[0].n_waiting <= 1
        assert late.has_all(1)

    assert late.accepted == [b"5"]


def test_emptied_rows_give_their_pages_back(path: Path, clock: ManualClock) -> None:
    """Of 600 rows of 400 bytes at least half is free for other use; ids go on from the last."""
    receiver = Receiver(clock)
    put(path, clock, *(b"%0400d" % i for i in range(600)))
    with (
        Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox,
        Journal(path, clock) as journal,
    ):
        wait_for_status(outbox, lambda status: status.n_waiting == 0)
        before_bytes = journal.size_bytes()
        clock.advance(3 * DAY_S)
        outbox.prune()
        assert before_bytes - journal.size_bytes() > 600 * 400 / 2
        put(path, clock, b"next")
        outbox.wake()
        assert receiver.has_all(601)


def test_keys_are_known_as_long_as_packets_and_two_days_more(
    path: Path, clock: ManualClock
) -> None:
    """Packets of 14 days computed anew make the same rows: none is delivered again."""
    receiver = Receiver(clock)
    put(path, clock, b"1")
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox:
        wait_for_status(outbox, lambda status: status.n_waiting == 0)
        for _ in range(2):
            clock.advance(7.95 * DAY_S)
            assert outbox.prune() == 0
            with Journal(path, clock) as journal, journal.transaction() as tx:
                assert not tx.enqueue("point", "point b'1'", b"1")
        clock.advance(0.2 * DAY_S)
        assert outbox.prune() == 1
        put(path, clock, b"1")
        outbox.wake()
        assert receiver.has_all(2)


def test_rows_that_somebody_still_needs_are_never_forgotten(path: Path, clock: ManualClock) -> None:
    """The database was away for a month; a follower without rows holds up nothing."""
    down, up, idle = Receiver(clock), Receiver(clock), Receiver(clock)
    down.fail_next(*[AWAY] * 1000)
    put(path, clock, *numbers(5))
    put(path, clock, *numbers(3), kind="alert")
    followers = [
        follow(down),
        follow(up, name="tell", kind="alert"),
        follow(idle, name="mqtt", kind="state"),
    ]
    with Outbox(path, followers, clock, kept_s=KEPT_S) as outbox:
        assert up.has_all(3)
        wait_for_nothing_left(outbox, "tell")
        clock.advance(30 * DAY_S)
        assert outbox.prune() == 3
        (status, *_) = outbox.status()

    assert status.n_waiting == 5


def wait_for_nothing_left(outbox: Outbox, name: str) -> None:
    """Return once a follower's position is behind its last row."""
    until_s = time.monotonic() + WITHIN_S
    while any(status.name == name and status.n_waiting for status in outbox.status()):
        assert time.monotonic() < until_s


def test_a_fault_of_the_disk_is_waited_out(path: Path, clock: ManualClock) -> None:
    """A file that looks too new stands for any; the thread outlives it."""
    receiver = Receiver(clock)
    put(path, clock, b"1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(f"PRAGMA user_version={database.SCHEMA_VERSION + 1}")
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox:
        until_s = time.monotonic() + WITHIN_S
        while not outbox._health["influx"].failures:
            assert time.monotonic() < until_s
        other.execute(f"PRAGMA user_version={database.SCHEMA_VERSION}")
        other.close()
        let_time_pass(outbox, receiver, n_asked=1, step_s=1.0)
        assert receiver.has_all(1)


def test_a_mistake_in_a_follower_is_a_failure_like_any_other(
    path: Path, clock: ManualClock
) -> None:
    """Three mistakes, two of them the same: two tracebacks; then all rows arrive once."""
    receiver = Receiver(clock)
    mistakes = [ValueError("year 10000"), ValueError("year 10000"), KeyError("rex")]

    def deliver(rows: Sequence[OutboxRow]) -> None:
        if mistakes:
            raise mistakes.pop(0)
        receiver.deliver(rows)

    put(path, clock, *numbers(3))
    follower = Consumer(name="tell", kinds=("point",), deliver=deliver)
    with capture_logs() as logs, Outbox(path, [follower], clock, kept_s=KEPT_S) as outbox:
        first = wait_for_status(outbox, lambda status: status.failures == 1)
        let_time_pass(outbox, receiver, n_asked=1, step_s=1.0)
        last = wait_for_status(
            outbox, lambda status: status.n_waiting == 0 and not status.last_error
        )

    traced = [each["exc_info"] for each in logs if each["log_level"] == "error"]
    assert (first.n_waiting, first.last_error) == (3, "unexpected ValueError: year 10000")
    assert [str(each) for each in traced] == ["year 10000", "'rex'"]
    assert receiver.accepted == numbers(3)
    assert (last.failures, last.last_error) == (0, "")


def test_a_mistake_in_what_is_due_does_not_end_the_thread(path: Path, clock: ManualClock) -> None:
    """Nothing waits, so only the question when something is due can fail."""
    receiver = Receiver(clock)
    mistakes = [OverflowError("date value out of range")]

    def due_s() -> float | None:
        if mistakes:
            raise mistakes.pop()
        return None

    follower = Consumer(name="tell", kinds=("point",), deliver=receiver.deliver, due_s=due_s)
    with Outbox(path, [follower], clock, kept_s=KEPT_S) as outbox:
        wait_for_status(outbox, lambda status: status.failures == 1)
        put(path, clock, b"1")
        let_time_pass(outbox, receiver, n_asked=1, step_s=1.0)
        assert receiver.has_all(1)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ended_is_reported(path: Path, clock: ManualClock) -> None:
    def deliver(_: Sequence[OutboxRow]) -> None:
        raise SystemExit

    put(path, clock, b"1")
    follower = Consumer(name="influx", kinds=("point",), deliver=deliver)
    with Outbox(path, [follower], clock, kept_s=KEPT_S) as outbox:
        status = wait_for_status(outbox, lambda status: bool(status.last_error))

    assert status.last_error == "its thread has ended; restart the daemon"
    assert status.failures >= 1


def test_a_followers_memory_is_kept_beside_its_position(path: Path, clock: ManualClock) -> None:
    receiver = Receiver(clock)
    memory = ConsumerState(path, "influx")
    assert memory.load() is None
    memory.save(b"first")
    put(path, clock, *numbers(2))
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S) as outbox:
        wait_for_status(outbox, lambda status: status.n_waiting == 0)
    assert memory.load() == b"first"
    memory.save(b"second")
    put(path, clock, b"2")
    with Outbox(path, [follow(receiver)], clock, kept_s=KEPT_S):
        assert receiver.has_all(3)

    assert ConsumerState(path, "influx").load() == b"second"
    assert receiver.accepted == numbers(3)
