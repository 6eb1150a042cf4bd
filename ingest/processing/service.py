"""The ingest service: deliveries and commands to committed results, and only then acknowledgement.

Crash-only: after `kill -9` the last saved state and the packets behind it give the same results,
and everything that is written again is known by its key.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice

import structlog

from analysis.errors import InputError, StoreError
from analysis.model import AlertChange, Minute, Results
from config.machine_settings import Watch
from ingest.kinds import HOME_KINDS
from ingest.packets.envelope import EncodedPacket, ReceivedPacket, received
from ingest.ports import Clock
from ingest.processing.commands import (
    Command,
    LogEntry,
    Snooze,
    changes_of,
    encode_command,
    stored_command,
)
from ingest.processing.diary import circumstance_of, diary_point
from ingest.processing.result_writer import SNOOZE, ResultWriter
from ingest.processing.router import (
    ReceivedStatus,
    RoutedDeliveries,
    collar_point,
    sort,
)
from ingest.processing.stream_processor import DogResults, StreamProcessor
from ingest.processing.system_monitor import SystemMonitor, SystemStatus
from ingest.records import Delivery
from ingest.storage.journal import Journal, SetAside, Transaction

log = structlog.get_logger(__name__)

MEMORY = "engine"
"""Name of the processor's state among what the journal remembers."""


def saved_engine(
    journal: Journal, make_engine: Callable[[], StreamProcessor]
) -> tuple[StreamProcessor, int]:
    """Return the processor as it was saved, and the position that it holds everything up to."""
    saved = journal.load_state(MEMORY)
    processor = make_engine()
    if saved is None:
        return processor, 0
    try:
        unreadable = processor.restore(saved[0])
    except StoreError as error:
        log.warning("saved state cannot be read; computing anew", error=str(error))
        return make_engine(), 0
    for fault in unreadable:
        log.warning("part of the saved state begins anew", error=fault)
    return processor, saved[1]


def received_again(packets: Iterable[tuple[int, EncodedPacket]]) -> list[ReceivedPacket]:
    """Return packets from the journal; one that is understood no longer is passed over."""
    understood = []
    for position, encoded in packets:
        try:
            understood.append(received(encoded))
        except InputError as error:
            log.warning("journalled packet cannot be read", id=position, error=str(error))
    return understood


class CommandHandler:
    """Obeys commands within the transaction that makes them safe."""

    def __init__(self, recorder: ResultWriter, home: SystemMonitor) -> None:
        self._recorder = recorder
        self._home = home

    def handle_waiting(
        self, tx: Transaction, processor: StreamProcessor, body: bytes, time_s: float
    ) -> list[DogResults]:
        """Obey a command that another process left in the store, as `obey` does."""
        try:
            command = stored_command(body)
        except InputError as error:
            _set_aside(tx, body, error, time_s)
            return []
        return self.handle(tx, processor, command, time_s)

    def handle(
        self, tx: Transaction, processor: StreamProcessor, command: Command, time_s: float
    ) -> list[DogResults]:
        """Obey a command; what cannot be done is set aside and counted, and leads to nothing."""
        try:
            changes = self._changes(tx, processor, command, time_s)
        except InputError as error:
            _set_aside(tx, encode_command(command), error, time_s)
            return []
        if isinstance(command, Snooze):
            tx.enqueue(SNOOZE, f"snooze/{command.dog}/{time_s}", encode_command(command))
        return [DogResults(dog=command.dog, results=Results(alerts=changes), stored=False)]

    def _changes(
        self, tx: Transaction, processor: StreamProcessor, command: Command, time_s: float
    ) -> list[AlertChange]:
        pipeline = processor.pipelines.get(command.dog)
        if pipeline is None:
            known = ", ".join(processor.pipelines)
            msg = f"command is for dog {command.dog!r}, expected one of {known}"
            raise InputError(msg)
        if isinstance(command, LogEntry):
            zone = self._recorder.zone(command.dog)
            point = diary_point(command.dog, command.entry, time_s, zone)
            self._recorder.write(tx, [point])
            circumstance = circumstance_of(point)
            if circumstance is not None:
                pipeline.judging.note(circumstance)
            return []
        if self._home.holds(command):
            return self._home.handle(command, time_s)
        # Never before what was heard so far: the newest change is how an alert stands.
        changes = changes_of(pipeline.alerts, command, max(time_s, pipeline.until_s))
        pipeline.judging.plan.observe(changes)
        return changes


def _set_aside(tx: Transaction, body: bytes, error: InputError, time_s: float) -> None:
    tx.count("command")
    tx.set_aside(SetAside(topic="command", payload=body, cause=str(error), arrival_s=time_s))


_HOME = "home"

_SAVE_EVERY_S = 60.0

_SAVE_EVERY_PACKETS = 2000

_CATCH_UP = 256


class IngestService:
    """One home's processor on its journal; `restore` comes first, and again after a failure.

    Attributes
    ----------
    processor
        What analyses the packets.
    position, saved_position
        The last packet that it has taken, and the last that its saved state holds.
    is_sound
        Whether processor and journal agree; nothing but `restore` may be done while they do not.
    last_minutes
        The last minute of each dog.
    home
        What watches over collars, deliveries and the disk.
    """

    def __init__(
        self,
        make_engine: Callable[[], StreamProcessor],
        journal: Journal,
        recorder: ResultWriter,
        clock: Clock,
        watch: Watch,
    ) -> None:
        self._make_engine = make_engine
        self._journal = journal
        self._recorder = recorder
        self._clock = clock
        self.processor = make_engine()
        self.position = 0
        self.saved_position = 0
        self.last_minutes: dict[str, Minute] = {}
        self.is_sound = False
        self._counted: dict[str, int] = {}
        self._saved_s = clock.monotonic_s()
        self._last_arrival_s: float | None = None
        self.home = SystemMonitor(watch, clock.monotonic_s())
        self._obedience = CommandHandler(recorder, self.home)

    def restore(self) -> None:
        """Go on where the last daemon stopped: its saved state, then the packets behind it.

        Raises
        ------
        StoreError
            If the store cannot be read or written. Then nothing else may be done before this
            has worked.
        """
        self.is_sound = False
        self.processor, self.position = saved_engine(self._journal, self._make_engine)
        self.home.restore(self._journal.load_state(_HOME))
        self._counted = self.processor.counts()
        self.saved_position = self.position
        behind = self._journal.packets(after=self.position)
        n_packets = 0
        while group := list(islice(behind, _CATCH_UP)):
            with self._journal.transaction() as tx:
                self._record(tx, self.processor.process(received_again(group)))
                self.position, _ = group[-1]
                self._save_if_due(tx)
            n_packets += len(group)
        self.is_sound = True
        log.info("restored", position=self.position, packets_behind=n_packets)

    @contextmanager
    def _changing(self) -> Iterator[Transaction]:
        """Change processor and journal together; after a failure the processor is of no use.

        It is ahead of the journal then, and to save it would lose what was never stored.
        """
        if not self.is_sound:
            msg = "the processor is ahead of the journal and has to be restored first"
            raise StoreError(msg)
        self.is_sound = False
        saved_position = self.saved_position
        try:
            with self._journal.transaction() as tx:
                yield tx
        except StoreError:
            self.saved_position = saved_position
            raise
        self.is_sound = True

    def process(self, deliveries: Iterable[Delivery]) -> RoutedDeliveries:
        """Make deliveries safe with all they cause; they may be acknowledged when this returns.

        Raises
        ------
        StoreError
            If they could not be made safe. Then `restore` must come before the next `take`.
        """
        inbox = sort(deliveries)
        with self._changing() as tx:
            fresh = self._append(tx, inbox.packets)
            self._record(tx, self.processor.process(fresh))
            for status in inbox.statuses:
                self._note_status(tx, status)
            for message in inbox.aside:
                tx.set_aside(message)
                tx.count(message.cause.split(":")[0])
            for time_s, command in inbox.commands:
                self._record(tx, self._obedience.handle(tx, self.processor, command, time_s))
            self._save_if_due(tx, now=bool(inbox.commands))
        return inbox

    def process_commands(self) -> bool:
        """Obey the commands that other processes left in the store; return whether there were any.

        Raises
        ------
        StoreError
            As `take`.
        """
        if not self._journal.has_commands():
            return False
        with self._changing() as tx:
            for time_s, body in tx.take_commands():
                self._record(tx, self._obedience.handle_waiting(tx, self.processor, body, time_s))
            self._save(tx)
        return True

    def check_system(self, room: SystemStatus) -> bool:
        """Look at the home itself; return whether that changed an alert. Raises as `take`."""
        heard, dogs = self.processor.state.until_s, self.processor.pipelines.items()
        weigh = {
            dog: partial(each.judging.explained, kinds=HOME_KINDS)
            for dog, each in dogs
            if dog in heard
        }
        outcomes = self.home.check(room, self._clock, weigh)
        if outcomes:
            with self._changing() as tx:
                self._record(tx, outcomes)
                self._save(tx)
        return bool(outcomes)

    def save(self) -> None:
        """Save the state as it is.

        Raises
        ------
        StoreError
            As `take`; what was saved before stays.
        """
        with self._changing() as tx:
            self._save(tx)

    def prune(self, keep_days: float, most_bytes: int, details_days: float) -> None:
        """Forget packets that are too old or too many, but none that a restart would need.

        And details, such as minutes, that are too old.
        """
        n_packets = self._journal.prune(
            keep_days=keep_days, most_bytes=most_bytes, needed_from=self.saved_position + 1
        )
        n_details = self._journal.delete_old_details(details_days)
        if n_packets or n_details:
            log.info("pruned", packets=n_packets, details=n_details)

    def size_bytes(self) -> int:
        """Return the size of the journal."""
        return self._journal.size_bytes()

    def last_packet_age_s(self) -> float | None:
        """Return how long ago the last packet came; None before the first."""
        last_s = self._last_arrival_s
        return None if last_s is None else max(0.0, self._clock.now_s() - last_s)

    def drops(self) -> dict[str, int]:
        """Return what was left out so far, by cause."""
        total = dict(self._journal.counts())
        for cause, count in self.processor.counts().items():
            total[cause] = total.get(cause, 0) + count - self._counted.get(cause, 0)
        return {cause: count for cause, count in total.items() if count}

    def _append(self, tx: Transaction, packets: Sequence[ReceivedPacket]) -> list[ReceivedPacket]:
        """Journal packets and return those that were not there yet."""
        fresh = []
        for each in packets:
            position = tx.append(each)
            if position is None:
                tx.count("repeat")
                continue
            self.position = position
            self._last_arrival_s = each.arrival_s
            self.home.record_packet(self.processor.wearer(each.collar, each.arrival_s), self._clock)
            fresh.append(each)
        return fresh

    def _record(self, tx: Transaction, outcomes: Iterable[DogResults]) -> None:
        for outcome in outcomes:
            try:
                self._recorder.record(tx, outcome)
            except InputError as error:
                # Nothing that comes in may stop what comes after it: count, say so, go on.
                tx.count("result")
                log.warning("result left out", dog=outcome.dog, error=str(error))
            if outcome.results.minutes:
                self.last_minutes[outcome.dog] = outcome.results.minutes[-1]

    def _note_status(self, tx: Transaction, received: ReceivedStatus) -> None:
        dog = self.processor.wearer(received.collar, received.arrival_s)
        if dog is None:
            tx.count("collar_of_no_dog")
        else:
            self.home.status(dog, received.status.state, received.status.battery)
            self._recorder.write(tx, [collar_point(dog, received)])

    def _save_if_due(self, tx: Transaction, *, now: bool = False) -> None:
        late = self._clock.monotonic_s() - self._saved_s >= _SAVE_EVERY_S
        if now or late or self.position - self.saved_position >= _SAVE_EVERY_PACKETS:
            self._save(tx)

    def _save(self, tx: Transaction) -> None:
        counts = self.processor.counts()
        for cause, count in counts.items():
            tx.count(cause, count - self._counted.get(cause, 0))
        self._counted = counts
        tx.save_state(MEMORY, self.processor.save(), self.position)
        tx.save_state(_HOME, self.home.save(), self.position)
        self.saved_position = self.position
        self._saved_s = self._clock.monotonic_s()
