"""`spryhound demo`: the whole mission in a minute, with nothing to configure."""

import logging
import multiprocessing
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Annotated, Self

import typer
from rich.panel import Panel
from rich.text import Text

from analysis.errors import SettingsError
from analysis.model import Day, Level
from config.load import load
from config.schema import Settings
from ingest.app.container import open_daemon
from ingest.app.home import dog_identities, sqlite_store
from ingest.cli.common import cli_errors, number, out
from ingest.cli.tables import alert_table, local_time
from ingest.clock import SystemClock
from ingest.logs import configure_logs
from ingest.mqtt.collar_publisher import CollarLink
from ingest.mqtt.embedded_broker import EmbeddedBroker, free_port
from ingest.ports import Message, Query, Store
from ingest.processing.service import IngestService
from ingest.storage.points import current_alerts, record_of
from ingest.text.alerts import original_text
from simulators.scenarios.clock import StoryClock
from simulators.scenarios.output import play
from simulators.scenarios.scenario import load_scenario
from simulators.scenarios.story import Scenario

_DOG = "rex"
_SETTINGS = """\
# The settings of a demo that was kept; look at it with
#   spryhound alerts list --all --config spryhound.toml
[home]
time_zone = "{zone}"
data_dir = "data"
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
"""
_PLAN = """\
[dogs.rex.plan]
start = {start}
"""
_PHASE = """\
[[dogs.rex.plan.phases]]
name = "{name}"
days = {days}
"""
_RESTS = 'active_min_cap = 30.0\nforbids = ["jump"]\n'
_COLOURS = {"watch": "cyan", "warning": "yellow", "urgent": "bold red"}
_QUIET_S = 2.0
_LEAD_S = 86_400.0
"""The collar is a day ahead of the analysis at most, since no broker keeps weeks."""
_FIRST_LEAD_S = 300.0
_STEP_S = 0.02
_LOOK_S = 0.5
_COLLAR_WITHIN_S = 10.0
_CONNECTED_WITHIN_S = 10.0


@dataclass(slots=True)
class _Stage:
    """What the parts of the demo share.

    Attributes
    ----------
    sent
        The story's time up to which the collar has sent; the daemon's clock.
    analysed
        The story's time up to which the daemon has analysed; the page's clock.
    go, stop_collar, played
        Set when the collar is to begin, and to end; when it has sent everything.
    stop
        Set when the daemon is to end.
    began_s
        Real time at which the daemon began, in monotonic seconds.
    n_messages
        Sent to the owner.
    first_message_s
        Seconds from the daemon's start to the first of them.
    """

    sent: StoryClock
    analysed: StoryClock
    go: Event
    stop_collar: Event
    played: Event
    stop: threading.Event = field(default_factory=threading.Event)
    began_s: float = 0.0
    n_messages: int = 0
    first_message_s: float | None = None


class _TerminalNotifier:
    """Shows on the terminal what would reach the owner's phone."""

    def __init__(self, stage: _Stage) -> None:
        self._stage = stage

    def send(self, message: Message, /) -> None:
        """Show one message."""
        stage = self._stage
        stage.n_messages += 1
        if stage.first_message_s is None:
            stage.first_message_s = stage.sent.monotonic_s() - stage.began_s
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
        float | None,
        typer.Option(
            help="End after so many seconds, or with the story; else with Ctrl-C.",
            parser=number("60", at_least=1.0),
        ),
    ] = None,
    scenario: Annotated[str, typer.Option(help="Another story: a name or a file.")] = "demo",
    keep: Annotated[
        Path | None,
        typer.Option(help="Folder for the store and its settings, kept; default: thrown away."),
    ] = None,
) -> None:
    """Show it all: a simulated collar, a broker, the daemon, and what the owner is told.

    Example: spryhound demo --seconds 60
    """
    configure_logs(logging.WARNING, SystemClock())
    with cli_errors():
        story = load_scenario(scenario)
        with ExitStack() as stack:
            if keep is None:
                temporary = tempfile.TemporaryDirectory(prefix="spryhound-demo-")
                folder = Path(stack.enter_context(temporary))
            else:
                folder = _fresh_folder(keep)
            _perform(story, folder, seconds)
            _print_what_next(keep)


def _fresh_folder(path: Path) -> Path:
    """Return a folder that holds nothing of an earlier demo.

    Raises
    ------
    SettingsError
        If it holds something, or cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        is_empty = not any(path.iterdir())
    except OSError as error:
        msg = f"--keep: {path} cannot be used: {error.strerror}"
        raise SettingsError(msg) from error
    if not is_empty:
        msg = f"--keep: {path} is not empty, expected a new folder"
        raise SettingsError(msg)
    return path


def _perform(story: Scenario, folder: Path, seconds: float | None) -> None:
    """Run broker, collar and daemon until the story or the time is over; then sum up."""
    start_s = datetime.combine(story.start, datetime.min.time()).timestamp()
    processes = multiprocessing.get_context("spawn")
    stage = _Stage(
        sent=StoryClock(start_s),
        analysed=StoryClock(start_s),
        go=processes.Event(),
        stop_collar=processes.Event(),
        played=processes.Event(),
    )
    with ExitStack() as stack:
        broker = stack.enter_context(EmbeddedBroker())
        settings = _settings(story, folder, broker)
        # Simulating takes about as long as analysing: it has a process, and so a processor.
        collar = processes.Process(
            target=_play,
            args=(story, settings, _Shared.of(stage)),
            daemon=True,
        )
        collar.start()
        stack.callback(_end, collar, stage)
        daemon = stack.enter_context(
            open_daemon(
                settings,
                stage.sent,
                {},
                more_notifiers={"terminal": _TerminalNotifier(stage)},
                page_clock=stage.analysed,
            )
        )
        stage.began_s = stage.sent.monotonic_s()
        out.print(f"broker: {broker.name}, port {broker.port}")
        out.print(f"page:   {daemon.page_url}")
        out.print(
            f"{story.n_days} days of {story.dog.name.capitalize()}'s life, sped up: strict rest"
            " that is not kept, days of health, a sore back, rest again."
        )
        stack.enter_context(
            _thread("watch", lambda: _watch(settings, daemon.parts.service, stage, seconds), stage)
        )
        # What is sent before the daemon has subscribed is nobody's.
        daemon.parts.link.wait_connected(_CONNECTED_WITHIN_S)
        stage.go.set()
        try:
            daemon.run(stage.stop)
        except KeyboardInterrupt:
            out.print("stopping")
            stage.stop_collar.set()
    _sum_up(settings, stage)


def _end(collar: BaseProcess, stage: _Stage) -> None:
    """End the collar's process."""
    stage.stop_collar.set()
    stage.go.set()
    collar.join(_COLLAR_WITHIN_S)
    if collar.is_alive():
        collar.kill()
        collar.join()


def _settings(story: Scenario, folder: Path, broker: EmbeddedBroker) -> Settings:
    """Return the settings of the demo, read from a file as everybody's are."""
    path = folder / "spryhound.toml"
    text = _SETTINGS.format(
        zone=story.time_zone,
        host=broker.host,
        port=broker.port,
        web_port=free_port(),
        withers_m=story.dog.withers_m,
    )
    path.write_text(text + _plan(story), encoding="utf-8")
    return load(path, {})


def _plan(story: Scenario) -> str:
    """Return the plan that goes with a story: rest while the dog is crated; none if it never is."""
    crated = [plan.condition.crated > 0.0 for plan in story.plans()]
    if not any(crated):
        return ""
    text = _PLAN.format(start=story.start)
    for is_rest, days in groupby(crated):
        name = "strict rest" if is_rest else "as before"
        text += _PHASE.format(name=name, days=len(list(days)))
        text += _RESTS if is_rest else ""
    return text


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the collar's process shares with the demo; as for `_Stage`."""

    sent: StoryClock
    analysed: StoryClock
    go: Event
    stop: Event
    played: Event

    @classmethod
    def of(cls, stage: _Stage) -> Self:
        """Return what the collar has to know."""
        return cls(stage.sent, stage.analysed, stage.go, stage.stop_collar, stage.played)


def _play(story: Scenario, settings: Settings, shared: _Shared) -> None:
    """Be the collar, in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the demo, which ends us
    start_s = shared.sent.now_s()

    def is_far_ahead(now_s: float) -> bool:
        done_s = shared.analysed.now_s()
        return now_s - done_s > (_FIRST_LEAD_S if done_s == start_s else _LEAD_S)

    def on_sent(now_s: float) -> None:
        while is_far_ahead(now_s) and not shared.stop.wait(_STEP_S):
            pass
        shared.sent.show(now_s)

    with CollarLink(settings.mqtt, story.collar.id) as link:
        shared.go.wait()
        play(story, link, shared.stop, on_sent)
    if not shared.stop.is_set():
        shared.played.set()


def _watch(settings: Settings, hub: IngestService, stage: _Stage, seconds: float | None) -> None:
    """Show each day as it ends, until the time is over, or the story where there is no limit."""
    shown = _Shown(zone=settings.home.time_zone)
    looked_s, changed_s = 0.0, stage.began_s
    with sqlite_store(settings) as store:
        while not stage.stop.wait(_STEP_S):
            now_s, before_s = stage.sent.monotonic_s(), stage.analysed.now_s()
            stage.analysed.show(hub.processor.state.until_s.get(_DOG, 0.0))
            changed_s = changed_s if stage.analysed.now_s() == before_s else now_s
            if now_s - looked_s >= _LOOK_S:
                looked_s = now_s
                shown.update(store)
            if _is_over(stage, seconds, now_s, changed_s):
                shown.update(store)
                if seconds is not None:
                    break
                shown.print_once("The story is over; the page stays until Ctrl-C.")
    stage.stop.set()


def _is_over(stage: _Stage, seconds: float | None, now_s: float, changed_s: float) -> bool:
    """Return whether the story or the time is over, and what was sent has been analysed."""
    is_quiet = now_s - changed_s >= _QUIET_S
    if seconds is not None and now_s - stage.began_s >= seconds:
        stage.stop_collar.set()
        return is_quiet or now_s - stage.began_s >= seconds + _COLLAR_WITHIN_S
    return stage.played.is_set() and is_quiet


@dataclass(slots=True)
class _Shown:
    """What has been printed of days and of alerts that only the page shows."""

    zone: str
    days: set[str] = field(default_factory=set)
    alerts: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def update(self, store: Store) -> None:
        """Print what is new."""
        for point in store.read(Query(measurement="day", dog=_DOG)):
            day = record_of(point, Day)
            if day.date not in self.days:
                self.days.add(day.date)
                out.print(_day_line(day, len(self.days)))
        for change in current_alerts(store, _DOG):
            if change.severity is Level.WATCH and change.id not in self.alerts:
                self.alerts.add(change.id)
                text = original_text(change, _DOG.capitalize(), self.zone)
                out.print(Text(f"  on the page: {text.title}. {text.lead}", style="cyan"))

    def print_once(self, text: str) -> None:
        """Print something, the first time."""
        if text not in self.words:
            self.words.add(text)
            out.print(text)


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
    """Print what was shown."""
    zone = settings.home.time_zone
    names = {dog: card.name for dog, card in dog_identities(settings).items()}
    with sqlite_store(settings) as store:
        days = store.read(Query(measurement="day", dog=_DOG))
        minutes = store.read(Query(measurement="minute", dog=_DOG))
        alerts = current_alerts(store, _DOG)
    out.rule("summary")
    until = local_time(minutes[-1].time_ns / 1e9, zone) if minutes else "nothing yet"
    out.print(f"{len(minutes)} minutes, {len(days)} whole days, until {until}")
    first_s = stage.first_message_s
    first = "" if first_s is None else f", the first {first_s:.0f} s after the start"
    out.print(f"{len(alerts)} alerts, {stage.n_messages} messages to the owner{first}")
    out.print(alert_table(alerts, names, zone))
    if not stage.played.is_set():
        out.print("The time was over before the story: --seconds 60 shows it whole.")


def _print_what_next(keep: Path | None) -> None:
    """Print where the store is, and what to try with it."""
    if keep is None:
        out.print("The store is gone; `spryhound demo --keep rex-demo` keeps it to look into.")
    else:
        config = f"--config {keep / 'spryhound.toml'}"
        out.print(f"The store is kept in {keep}. To look into it:", markup=False)
        for words in ("alerts list --all", "alerts show ID", "log list", "plan"):
            out.print(f"  spryhound {words} {config}", markup=False, soft_wrap=True)
    out.print("For your own dog: `spryhound init`, then `spryhound run`.")


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
