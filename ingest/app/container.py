"""The daemon, put together: every part opened in order, and closed the other way round."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

from analysis.detectors import specs
from analysis.detectors.base import SignalSpec
from config.schema import Settings
from ingest.app.bootstrap import (
    broker_address,
    database_path,
    dog_cards,
    notifiers,
    pipeline_settings,
    sqlite_store,
    wearer_of,
)
from ingest.app.daemon import Daemon, DaemonSettings, Parts
from ingest.app.followers import followers, quiet_hours
from ingest.app.kinds import alert_kinds
from ingest.app.status_publisher import Bulletin, BulletinSettings
from ingest.app.systemd import Supervisor
from ingest.doctor.disk import used_share
from ingest.mqtt.homeassistant import Discovery
from ingest.mqtt.subscriber import MqttLink, MqttLinkSettings
from ingest.notifications.store_alarm import StoreAlarm, StoreAlarmSettings
from ingest.ports import Clock, Notifier
from ingest.processing.result_writer import DogCard, Recorder
from ingest.processing.service import Hub
from ingest.processing.stream_processor import Engine
from ingest.processing.system_monitor import HomeWatchSettings
from ingest.storage.database import DamagedError
from ingest.storage.journal import Journal, daemon_lock
from ingest.storage.outbox import Outbox
from ingest.storage.repair import mark, rescue
from ingest.web.context import DogView, Pages, WebSettings
from ingest.web.server import WebServer

_DAY_S = 86_400
_MB = 1 << 20


@contextmanager
def open_daemon(
    settings: Settings,
    clock: Clock,
    environ: Mapping[str, str],
    more_notifiers: Mapping[str, Notifier] | None = None,
) -> Iterator[Daemon]:
    """Open everything that a daemon needs.

    Raises
    ------
    SettingsError
        If the page's address cannot be listened on.
    StoreError
        If the store is unusable or another daemon has it.
    """
    path, cards = database_path(settings), dog_cards(settings)
    with ExitStack() as stack:
        stack.enter_context(daemon_lock(path))
        rescue(path, clock)
        stack.enter_context(_damage_noted(path))
        journal = stack.enter_context(Journal(path, clock))
        recorder = Recorder(cards, settings.mqtt.root, to_influx=settings.influx.enabled)
        watch = HomeWatchSettings(**settings.watch.model_dump(exclude={"refused_warning_min"}))
        hub = Hub(lambda: _engine(settings), journal, recorder, clock, watch)
        hub.restore()
        link = MqttLink(_link_settings(settings), clock)
        tellers = {**notifiers(settings), **(more_notifiers or {})}
        told = followers(settings, clock, link, tellers)
        outbox = Outbox(path, told, clock, kept_s=settings.journal.keep_days * _DAY_S)
        stack.enter_context(link)
        stack.enter_context(outbox)
        parts = Parts(
            hub=hub,
            link=link,
            outbox=outbox,
            bulletin=Bulletin(_bulletin_settings(settings, cards), hub, outbox, clock),
            clock=clock,
            supervisor=Supervisor(environ),
            store_alarm=_store_alarm(settings, tellers, cards, clock),
            disk_used=lambda: used_share(path.parent),
        )
        keep = DaemonSettings(
            keep_days=settings.journal.keep_days,
            most_bytes=settings.journal.max_mb * _MB,
            details_days=settings.journal.details_days,
        )
        daemon = Daemon(keep, parts)
        if settings.web.enabled:
            web = WebServer(_web_settings(settings), _pages(settings, daemon, clock))
            page = stack.enter_context(web)
            daemon.page_url = page.url
        yield daemon


@contextmanager
def _damage_noted(path: Path) -> Iterator[None]:
    """Let the next start rebuild a store that was found damaged only while it was in use."""
    try:
        yield
    except DamagedError:
        mark(path)
        raise


def _engine(settings: Settings) -> Engine:
    dogs = {dog: pipeline_settings(settings, dog) for dog in settings.dogs}
    return Engine(dogs, wearer_of(settings))


def _store_alarm(
    settings: Settings,
    tellers: Mapping[str, Notifier],
    cards: Mapping[str, DogCard],
    clock: Clock,
) -> StoreAlarm:
    chosen = StoreAlarmSettings(
        after_min=settings.watch.refused_warning_min, quiet=quiet_hours(settings)
    )
    return StoreAlarm(chosen, tellers, next(iter(cards.values())), clock)


def _link_settings(settings: Settings) -> MqttLinkSettings:
    mqtt = settings.mqtt
    return MqttLinkSettings(
        address=broker_address(settings),
        client_id=mqtt.client_id,
        root=mqtt.root,
        session_expiry_s=mqtt.session_expiry_days * _DAY_S,
        receive_maximum=mqtt.receive_maximum,
    )


def _web_settings(settings: Settings) -> WebSettings:
    web = settings.web
    return WebSettings(
        host=web.host,
        port=web.port,
        names=web.names,
        password="" if web.password is None else web.password.get_secret_value(),
        cert_file=web.cert_file,
        key_file=web.key_file,
    )


def _pages(settings: Settings, daemon: Daemon, clock: Clock) -> Pages:
    """Return what the page shows; every callable may be called from the server's threads."""
    path = database_path(settings)

    def leave_command(body: bytes) -> None:
        with Journal(path, clock) as journal:
            journal.add_command(body)

    def last_heard_s(dog: str) -> float | None:
        # Asked for anew each time: after trouble with the store the hub has another engine.
        return daemon.parts.hub.engine.state.until_s.get(dog)

    def dead_letters() -> dict[str, int]:
        return {each.name: each.n_dead for each in daemon.parts.outbox.status()}

    return Pages(
        clock=clock,
        dogs={
            dog: DogView(
                name=card.name,
                zone=card.zone,
                profile=settings.profile(dog),
                plan=settings.analysis.plan,
            )
            for dog, card in dog_cards(settings).items()
        },
        read_store=lambda: sqlite_store(settings),
        leave_command=leave_command,
        health=lambda: daemon.health,
        progress_age_s=daemon.progress_age_s,
        last_heard_s=last_heard_s,
        dead_letters=dead_letters,
    )


def _bulletin_settings(settings: Settings, cards: Mapping[str, DogCard]) -> BulletinSettings:
    known = [spec for spec in specs().values() if isinstance(spec, SignalSpec)]
    event_kinds = [kind for spec in known for kind in spec.emits]
    discoveries = [
        Discovery(
            root=settings.mqtt.root,
            dog=dog,
            name=card.name,
            version=version("spryhound"),
            alert_kinds=alert_kinds(),
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
