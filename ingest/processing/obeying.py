"""Obeying the owner: what a command changes, and what becomes of one that cannot be obeyed."""

import msgspec

from analysis.errors import InputError
from analysis.model import AlertChange, Results
from ingest.processing.circumstances import circumstance_of
from ingest.processing.commands import Command, changes_of, left_command
from ingest.processing.diary import diary_point
from ingest.processing.result_writer import SNOOZE, Recorder
from ingest.processing.stream_processor import Engine, Outcome
from ingest.processing.system_monitor import HomeWatch
from ingest.storage.journal import SetAside, Transaction


class Obedience:
    """Obeys commands within the transaction that makes them safe."""

    def __init__(self, recorder: Recorder, home: HomeWatch) -> None:
        self._recorder = recorder
        self._home = home

    def obey_left(
        self, tx: Transaction, engine: Engine, body: bytes, time_s: float
    ) -> list[Outcome]:
        """Obey a command that another process left in the store, as `obey` does."""
        try:
            command = left_command(body)
        except InputError as error:
            _set_aside(tx, body, error, time_s)
            return []
        return self.obey(tx, engine, command, time_s)

    def obey(
        self, tx: Transaction, engine: Engine, command: Command, time_s: float
    ) -> list[Outcome]:
        """Obey a command; what cannot be done is set aside and counted, and leads to nothing."""
        try:
            changes = self._changes(tx, engine, command, time_s)
        except InputError as error:
            _set_aside(tx, msgspec.json.encode(command), error, time_s)
            return []
        if command.snooze is not None:
            tx.enqueue(SNOOZE, f"snooze/{command.dog}/{time_s}", msgspec.json.encode(command))
        return [Outcome(dog=command.dog, results=Results(alerts=changes), stored=False)]

    def _changes(
        self, tx: Transaction, engine: Engine, command: Command, time_s: float
    ) -> list[AlertChange]:
        pipeline = engine.pipelines.get(command.dog)
        if pipeline is None:
            known = ", ".join(engine.pipelines)
            msg = f"command is for dog {command.dog!r}, expected one of {known}"
            raise InputError(msg)
        if command.log is not None:
            zone = self._recorder.zone(command.dog)
            point = diary_point(command.dog, command.log, time_s, zone)
            self._recorder.write(tx, [point])
            circumstance = circumstance_of(point)
            if circumstance is not None:
                pipeline.judging.note(circumstance)
            return []
        if self._home.holds(command):
            return self._home.obey(command, time_s)
        # Never before what was heard so far: the newest change is how an alert stands.
        changes = changes_of(pipeline.alerts, command, max(time_s, pipeline.until_s))
        pipeline.judging.plan.hear(changes)
        return changes


def _set_aside(tx: Transaction, body: bytes, error: InputError, time_s: float) -> None:
    tx.count("command")
    tx.set_aside(SetAside(topic="command", payload=body, cause=str(error), arrival_s=time_s))
