"""Who follows the outbox: the broker, the owner's notification services, InfluxDB."""

from collections.abc import Callable, Mapping, Sequence

from config.schema import Settings
from ingest.app.bootstrap import database_path, influx_store
from ingest.notifications.policy import DispatchSettings
from ingest.notifications.quiet_hours import QuietHours
from ingest.notifications.worker import NotificationFollower
from ingest.ports import Clock, Notifier, Publisher, Store
from ingest.processing.commands import command_of
from ingest.processing.result_writer import NOTIFICATION, POINT, PUBLICATION, SNOOZE, publication_of
from ingest.storage.outbox import Follower, FollowerMemory, OutboxRow
from ingest.storage.points import decode_point


def followers(
    settings: Settings, clock: Clock, link: Publisher, tellers: Mapping[str, Notifier]
) -> list[Follower]:
    """Return one follower for each of those who take what the outbox holds."""
    path = database_path(settings)
    found = [
        # One by one: an event that is published again would be counted twice by its readers.
        Follower(name="mqtt", kinds=(PUBLICATION,), deliver=_publisher(link), most=1),
        *(
            _teller(name, notifier, settings, clock, FollowerMemory(path, name))
            for name, notifier in tellers.items()
        ),
    ]
    if settings.influx.enabled:
        store = influx_store(settings)
        found.append(Follower(name="influx", kinds=(POINT,), deliver=_writer(store), most=5000))
    return found


def quiet_hours(settings: Settings) -> QuietHours:
    """Return the hours in which only what is urgent is told."""
    return QuietHours(starts=settings.notify.quiet_from, ends=settings.notify.quiet_until)


def _publisher(link: Publisher) -> Callable[[Sequence[OutboxRow]], None]:
    def deliver(rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            link.publish(publication_of(row.body))

    return deliver


def _writer(store: Store) -> Callable[[Sequence[OutboxRow]], None]:
    def deliver(rows: Sequence[OutboxRow]) -> None:
        store.write([decode_point(row.body) for row in rows])

    return deliver


def _teller(
    name: str, notifier: Notifier, settings: Settings, clock: Clock, memory: FollowerMemory
) -> Follower:
    notify = settings.notify
    dispatch = DispatchSettings(
        quiet=quiet_hours(settings),
        repeat_urgent_min=notify.repeat_urgent_min,
        cooldown_min=notify.cooldown_min,
        gather_stored_s=notify.gather_stored_s,
    )
    follower = NotificationFollower(dispatch, notifier, clock, memory)

    def deliver(rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            if row.kind == SNOOZE:
                command = command_of(row.body)
                if command.snooze is not None:
                    follower.snooze(command.dog, command.snooze.kind, command.snooze.until_s)
        follower.deliver([(row.id, row.body) for row in rows if row.kind == NOTIFICATION])

    return Follower(name=name, kinds=(NOTIFICATION, SNOOZE), deliver=deliver, due_s=follower.next_s)
