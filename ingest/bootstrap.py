"""The one place that knows which adapter is in use: settings in, open parts out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

import msgspec

from analysis.detectors import specs
from analysis.detectors.base import DaySpec, SignalSpec
from analysis.dog import DogProfile
from analysis.pipeline import PipelineSettings
from config.schema import Settings
from ingest.bulletin import Bulletin, BulletinSettings
from ingest.commands import Command
from ingest.daemon import Daemon, DaemonSettings, Parts
from ingest.dispatch import DispatchSettings
from ingest.engine import Engine
from ingest.homeassistant import Discovery
from ingest.hub import Hub
from ingest.journal import Journal, daemon_lock
from ingest.mqtt import MqttLink, MqttLinkSettings
from ingest.mqtt_client import BrokerAddress
from ingest.mqtt_collar import CollarLink, CollarLinkSettings
from ingest.notify import AppriseNotifier
from ingest.outbox import Follower, FollowerMemory, Outbox, OutboxRow
from ingest.points import decode_point
from ingest.ports import Clock, Notifier, Store
from ingest.quiet_hours import QuietHours
from ingest.recorder import (
    NOTIFICATION,
    POINT,
    PUBLICATION,
    SNOOZE,
    DogCard,
    Recorder,
    publication_of,
)
from ingest.stores.influx import InfluxSettings, InfluxStore
from ingest.stores.sqlite import SqliteStore
from ingest.supervisor import Supervisor
from ingest.telling import NotificationFollower

_DAY_S = 86_400
_MB = 1 << 20
_PLAN_KINDS = ("jumping", "vigorous_burst", "activity_cap")


def database_path(settings: Settings) -> Path:
    """Return where the embedded database is."""
    return settings.home.data_dir.expanduser() / "spryhound.sqlite"


def sqlite_store(settings: Settings) -> SqliteStore:
    """Return the embedded store, to be opened."""
    return SqliteStore(database_path(settings))


def influx_store(settings: Settings) -> InfluxStore:
    """Return the store on InfluxDB."""
    influx = settings.influx
    return InfluxStore(
        InfluxSettings(
            url=influx.url,
            version=influx.version,
            org=influx.org,
            bucket=influx.bucket,
            user=influx.user or "",
            password="" if influx.password is None else influx.password.get_secret_value(),
            token="" if influx.token is None else influx.token.get_secret_value(),
            timeout_s=influx.timeout_s,
        )
    )


def broker_address(settings: Settings) -> BrokerAddress:
    """Return where the broker is and how to get in."""
    mqtt = settings.mqtt
    return BrokerAddress(
        host=mqtt.host,
        port=mqtt.port,
        username=mqtt.user or "",
        password="" if mqtt.password is None else mqtt.password.get_secret_value(),
        tls=mqtt.tls,
        ca_file=mqtt.ca_file,
    )


def collar_link(settings: Settings, collar: str) -> CollarLink:
    """Return a collar's side of the air, to be opened."""
    return CollarLink(
        CollarLinkSettings(address=broker_address(settings), collar=collar, root=settings.mqtt.root)
    )


def dog_name(settings: Settings, dog: str) -> str:
    """Return what the owner calls a dog; its id, capitalised, if nothing is known."""
    return settings.dogs[dog].name if dog in settings.dogs else dog.capitalize()


def pipeline_settings(settings: Settings, dog: str) -> PipelineSettings:
    """Return all that a dog's results depend on; a dog that is not configured has the defaults."""
    if dog in settings.dogs:
        return settings.pipeline(dog)
    profile = DogProfile(id=dog, time_zone=settings.home.time_zone)
    return PipelineSettings(dog=profile, detectors=settings.detector_settings())


def dog_cards(settings: Settings) -> dict[str, DogCard]:
    """Return what each dog is called."""
    return {
        dog: DogCard(dog=dog, name=each.name, zone=each.time_zone or settings.home.time_zone)
        for dog, each in settings.dogs.items()
    }


def wearer_of(settings: Settings) -> Callable[[str, float], str | None]:
    """Return who wears a collar when; with one dog and no collars listed, it wears them all."""
    if not settings.collars and len(settings.dogs) == 1:
        (only,) = settings.dogs
        return lambda _collar, _time_s: only
    return settings.dog_of


def notifiers(settings: Settings) -> dict[str, Notifier]:
    """Return the ways to reach the owner, by the name of their follower."""
    return {
        f"notify-{number}": AppriseNotifier(url.get_secret_value(), number=number)
        for number, url in enumerate(settings.notify.urls, start=1)
    }


@contextmanager
def open_daemon(
    settings: Settings,
    clock: Clock,
    environ: Mapping[str, str],
    more_notifiers: Mapping[str, Notifier] | None = None,
) -> Iterator[Daemon]:
    """Open everything that a daemon needs, in order, and close it the other way round.

    Raises
    ------
    StoreError
        If the store is unusable or another daemon has it.
    """
    path = database_path(settings)
    cards = dog_cards(settings)
    with ExitStack() as stack:
        stack.enter_context(daemon_lock(path))
        journal = stack.enter_context(Journal(path, clock))
        recorder = Recorder(cards, settings.mqtt.root, to_influx=settings.influx.enabled)
        hub = Hub(lambda: _engine(settings), journal, recorder, clock)
        hub.restore()
        link = MqttLink(_link_settings(settings), clock)
        tellers = {**notifiers(settings), **(more_notifiers or {})}
        outbox = Outbox(path, _followers(settings, clock, link, tellers), clock)
        stack.enter_context(link)
        stack.enter_context(outbox)
        bulletin = Bulletin(_bulletin_settings(settings, cards), hub, outbox, clock)
        parts = Parts(
            hub=hub,
            link=link,
            outbox=outbox,
            bulletin=bulletin,
            clock=clock,
            supervisor=Supervisor(environ),
        )
        journal_settings = settings.journal
        yield Daemon(
            DaemonSettings(
                keep_days=journal_settings.keep_days, most_bytes=journal_settings.max_mb * _MB
            ),
            parts,
        )


def _engine(settings: Settings) -> Engine:
    dogs = {dog: pipeline_settings(settings, dog) for dog in settings.dogs}
    return Engine(dogs, wearer_of(settings))


def _link_settings(settings: Settings) -> MqttLinkSettings:
    mqtt = settings.mqtt
    return MqttLinkSettings(
        address=broker_address(settings),
        client_id=mqtt.client_id,
        root=mqtt.root,
        session_expiry_s=mqtt.session_expiry_days * _DAY_S,
        receive_maximum=mqtt.receive_maximum,
    )


def _bulletin_settings(settings: Settings, cards: Mapping[str, DogCard]) -> BulletinSettings:
    known = specs().values()
    alert_kinds = [spec.name for spec in known if isinstance(spec, DaySpec)]
    event_kinds = [kind for spec in known if isinstance(spec, SignalSpec) for kind in spec.emits]
    discoveries = [
        Discovery(
            root=settings.mqtt.root,
            dog=dog,
            name=card.name,
            version=version("spryhound"),
            alert_kinds=[*alert_kinds, *_PLAN_KINDS],
            event_kinds=event_kinds,
        )
        for dog, card in cards.items()
        if settings.home_assistant.enabled
    ]
    return BulletinSettings(
        root=settings.mqtt.root,
        dogs={dog: settings.profile(dog) for dog in settings.dogs},
        cards=cards,
        discoveries=discoveries,
    )


def _followers(
    settings: Settings, clock: Clock, link: MqttLink, tellers: Mapping[str, Notifier]
) -> list[Follower]:
    """Return one follower for each of those who take what the outbox holds."""
    path = database_path(settings)
    followers = [
        Follower(name="mqtt", kinds=(PUBLICATION,), deliver=_publisher(link), most=50),
        *(
            _teller(name, notifier, settings, clock, FollowerMemory(path, name))
            for name, notifier in tellers.items()
        ),
    ]
    if settings.influx.enabled:
        store = influx_store(settings)
        followers.append(Follower(name="influx", kinds=(POINT,), deliver=_writer(store), most=5000))
    return followers


def _publisher(link: MqttLink) -> Callable[[Sequence[OutboxRow]], None]:
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
        quiet=QuietHours(starts=notify.quiet_from, ends=notify.quiet_until),
        repeat_urgent_min=notify.repeat_urgent_min,
        cooldown_min=notify.cooldown_min,
    )
    follower = NotificationFollower(dispatch, notifier, clock, memory)

    def deliver(rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            if row.kind == SNOOZE:
                command = msgspec.json.decode(row.body, type=Command)
                if command.snooze is not None:
                    follower.snooze(command.dog, command.snooze.kind, command.snooze.until_s)
        follower.deliver([(row.id, row.body) for row in rows if row.kind == NOTIFICATION])

    return Follower(name=name, kinds=(NOTIFICATION, SNOOZE), deliver=deliver, due_s=follower.next_s)
