"""`spryhound demo`: the whole mission in a minute or two, with nothing to configure."""

import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.panel import Panel
from rich.text import Text

from analysis.model import Day
from config.load import load
from config.schema import Settings
from ingest.app.adapters import collar_link
from ingest.app.container import open_daemon
from ingest.app.home import dog_identities, sqlite_store
from ingest.cli.common import cli_errors, out
from ingest.cli.tables import alert_table, local_time
from ingest.clock import SystemClock
from ingest.logs import configure_logs
from ingest.mqtt.embedded_broker import EmbeddedBroker, free_port
from ingest.ports import Message, Query
from ingest.processing.service import IngestService
from ingest.storage.points import current_alerts, record_of
from simulators.scenarios.clock import StoryClock
from simulators.scenarios.output import play
from simulators.scenarios.scenario import load_scenario
from simulators.scenarios.story import Scenario

_DOG = "rex"
_SETTINGS = """
[home]
time_zone = "{zone}"
data_dir = "{folder}"
[mqtt]
host = "{host}"
port = {port}
[notify]
# Nights pass in seconds here, so no message waits for the morning.
quiet_from = 00:00:00
quiet_until = 00:00:00
[web]
port = {web_port}
[dogs.rex]
name = "Rex"
withers_m = {withers_m}
[dogs.rex.plan]
template = "conservative_disc"
start = {plan_start}
"""
_COLOURS = {"watch": "cyan", "warning": "yellow", "urgent": "bold red"}
_QUIET_S = 2.0
_LEAD_S = 86_400.0
_FIRST_LEAD_S = 300.0
_STEP_S = 0.05


@dataclass(slots=True)
class _Stage:
    """What the demo's threads share.

    Attributes
    ----------
    stop
        Set when the demo is to end.
    played
        Set when the last packet has been sent.
    n_packets, n_messages
        Sent by the collar; told to the owner.
    """

    stop: threading.Event = field(default_factory=threading.Event)
    played: threading.Event = field(default_factory=threading.Event)
    n_packets: int = 0
    n_messages: int = 0


class _TerminalNotifier:
    """Shows on the terminal what would reach the owner's phone."""

    def __init__(self, stage: _Stage) -> None:
        self._stage = stage

    def send(self, message: Message, /) -> None:
        """Show one message."""
        self._stage.n_messages += 1
        out.print(
            Panel(
                Text(message.body),
                title=f"to the owner: {message.title}",
                title_align="left",
                border_style=_COLOURS.get(message.severity, "white"),
            )
        )


def command(
    *,
    seconds: Annotated[
        float | None, typer.Option(help="End after so many seconds; else with Ctrl-C.")
    ] = None,
    scenario: Annotated[str, typer.Option(help="Another story: a name or a file.")] = "demo",
) -> None:
    """Show it all: a simulated collar, a broker, the daemon, and what the owner is told.

    Example: spryhound demo --seconds 60
    """
    configure_logs(logging.WARNING, SystemClock())
    with cli_errors():
        story = load_scenario(scenario)
        with tempfile.TemporaryDirectory(prefix="spryhound-demo-") as folder:
            _perform(story, Path(folder), seconds)


def _perform(story: Scenario, folder: Path, seconds: float | None) -> None:
    """Run broker, daemon and collar until the story or the time is over; then sum up."""
    stage = _Stage()
    clock = StoryClock(datetime.combine(story.start, datetime.min.time()).timestamp())
    with ExitStack() as stack:
        broker = stack.enter_context(EmbeddedBroker())
        settings = _settings(story, folder, broker)
        notifier = _TerminalNotifier(stage)
        daemon = stack.enter_context(
            open_daemon(settings, clock, {}, more_notifiers={"terminal": notifier})
        )
        out.print(f"broker: {broker.name}, port {broker.port}")
        out.print(f"page:   {daemon.page_url}")
        out.print(
            f"{story.n_days} days of {story.dog.name.capitalize()}'s life, sped up: first the"
            " daemon learns what is normal, then watch what it tells the owner."
        )
        stack.enter_context(
            _thread(
                "collar", lambda: _play(story, settings, (clock, daemon.parts.hub), stage), stage
            )
        )
        stack.enter_context(
            _thread("watch", lambda: _watch(settings, daemon.parts.hub, stage, seconds), stage)
        )
        try:
            daemon.run(stage.stop)
        except KeyboardInterrupt:
            out.print("stopping")
    _sum_up(settings, stage)


def _settings(story: Scenario, folder: Path, broker: EmbeddedBroker) -> Settings:
    """Return the settings of the demo, read from a file as everybody's are."""
    crated = [plan.date for plan in story.plans() if plan.condition.crated > 0.0]
    path = folder / "spryhound.toml"
    text = _SETTINGS.format(
        zone=story.time_zone,
        folder=folder,
        host=broker.host,
        port=broker.port,
        web_port=free_port(),
        withers_m=story.dog.withers_m,
        plan_start=crated[0] if crated else story.start,
    )
    path.write_text(text, encoding="utf-8")
    return load(path, {})


def _play(
    story: Scenario, settings: Settings, ahead: tuple[StoryClock, IngestService], stage: _Stage
) -> None:
    """Be the collar; a day ahead of the daemon at most, since no broker keeps weeks."""
    clock, hub = ahead
    start_s = clock.now_s()

    def is_far_ahead(now_s: float) -> bool:
        heard_s = hub.engine.state.until_s.get(_DOG)
        if heard_s is None:
            return now_s - start_s > _FIRST_LEAD_S
        return now_s - heard_s > _LEAD_S

    def on_sent(now_s: float) -> None:
        while is_far_ahead(now_s) and not stage.stop.wait(_STEP_S):
            pass
        clock.show(now_s)
        stage.n_packets += 1

    with collar_link(settings, story.collar.id) as link:
        play(story, link, stage.stop, on_sent)
    stage.played.set()


def _watch(settings: Settings, hub: IngestService, stage: _Stage, seconds: float | None) -> None:
    """Show each day as it ends, until the story has been heard or the time is over."""
    told: set[str] = set()
    waited_s, heard_s, quiet_s = 0.0, 0.0, 0.0
    step_s = 0.25
    with sqlite_store(settings) as store:
        while seconds is None or waited_s < seconds:
            if stage.stop.wait(step_s):
                return
            waited_s += step_s
            for point in store.read(Query(measurement="day", dog=_DOG)):
                day = record_of(point, Day)
                if day.date not in told:
                    told.add(day.date)
                    out.print(_day_line(day, len(told)))
            until_s = hub.engine.state.until_s.get(_DOG, 0.0)
            quiet_s = quiet_s + step_s if until_s == heard_s else 0.0
            heard_s = until_s
            if stage.played.is_set() and quiet_s >= _QUIET_S:
                break
    stage.stop.set()


def _day_line(day: Day, number: int) -> str:
    """Return a day in one line."""
    weekday = datetime.fromisoformat(day.date).strftime("%a %d %b")
    strides = f"{day.stride_hz:.2f} strides/s" if day.n_gait_windows else "no steady gait"
    kept = "plan: rest" if day.resting_plan else f"day {number}"
    return (
        f"{weekday}  {kept:<10}  worn {day.worn_h:4.1f} h  active {day.active_min:3.0f} min"
        f"  {strides}  jumps {day.jumps}"
    )


def _sum_up(settings: Settings, stage: _Stage) -> None:
    zone = settings.home.time_zone
    names = {dog: card.name for dog, card in dog_identities(settings).items()}
    with sqlite_store(settings) as store:
        days = store.read(Query(measurement="day", dog=_DOG))
        minutes = store.read(Query(measurement="minute", dog=_DOG))
        alerts = current_alerts(store, _DOG)
    out.rule("summary")
    until = local_time(minutes[-1].time_ns / 1e9, zone) if minutes else "nothing yet"
    out.print(
        f"{stage.n_packets} packets, {len(minutes)} minutes, {len(days)} whole days, until {until}"
    )
    out.print(f"{len(alerts)} alerts, {stage.n_messages} messages to the owner")
    out.print(alert_table(alerts, names, zone))


@contextmanager
def _thread(name: str, run: Callable[[], object], stage: _Stage) -> Iterator[None]:
    """Run something beside; end it with the block."""
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stage.stop.set()
        thread.join(timeout=10.0)
