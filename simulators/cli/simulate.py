"""`spryhound simulate`: a collar that is not there, over MQTT or into a file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import dropwhile
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from analysis.errors import DeliveryError, SettingsError
from config.schema import Settings
from ingest.cli.common import (
    ConfigOption,
    cli_errors,
    err,
    number,
    out,
    progress,
    read_settings,
)
from ingest.clock import SystemClock
from ingest.mqtt.collar_publisher import CollarLink
from ingest.mqtt.probe import knock
from ingest.packets.envelope import EncodedPacket
from ingest.packets.packet import encode_cbor
from ingest.ports import Clock
from ingest.recordings.replay import paced, speed_of
from simulators.collar.radio import Sent
from simulators.scenarios.output import sent, write
from simulators.scenarios.scenario import load_scenario, scenario_names
from simulators.scenarios.story import Scenario

_DRAIN_S = 60.0
_BATTERY_STEP = 0.01


@dataclass(slots=True)
class _Playing:
    """How far the play has come."""

    n_sent: int = 0
    battery: float = 1.0
    told_battery: float = 2.0


def command(  # noqa: PLR0913 (a command has the options it has)
    *,
    scenario: Annotated[
        str, typer.Option(help="A built-in scenario (see --list), or a .toml file.")
    ] = "healthy_week",
    seed: Annotated[
        int | None,
        typer.Option(help="Another dog's luck.", parser=number("7", is_whole=True, at_least=0)),
    ] = None,
    speed: Annotated[
        str, typer.Option(help="1: live, as of now; N or max: recorded days, so much faster.")
    ] = "1",
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Write a .cborseq or .csv file, not to the broker.")
    ] = None,
    collar: Annotated[
        str | None, typer.Option(help="Id to send as; default: the scenario's collar.")
    ] = None,
    config: ConfigOption = None,
    show: Annotated[bool, typer.Option("--list", help="Show the built-in scenarios.")] = False,
) -> None:
    """Play a simulated dog and its collar.

    Example: spryhound simulate --scenario crate_rest_breach --out waldi.cborseq
    """
    with cli_errors():
        if show:
            out.print(_scenarios())
            return
        settings, speed_up = read_settings(config), speed_of(speed)
        story = _chosen(scenario, seed, collar)
        if out_file is not None:
            with progress(f"simulating {story.n_days} days"):
                n_written = write(story, out_file)
            what = "packets" if out_file.suffix == ".cborseq" else "samples"
            out.print(f"{out_file}: {n_written} {what} of {story.n_days} days", soft_wrap=True)
            return
        _warn_of_stranger(story.collar.id, settings)
        n_sent = _play(story, settings, speed_up, SystemClock())
        out.print(f"{n_sent} packets sent")


def _chosen(source: str, seed: int | None, collar: str | None) -> Scenario:
    story = load_scenario(source)
    if seed is not None:
        story = replace(story, seed=seed)
    if collar is not None:
        story = replace(story, collar=replace(story.collar, id=collar))
    return story


def _play(story: Scenario, settings: Settings, speed: float | None, clock: Clock) -> int:
    """Send a story to the broker and return the number of packets."""
    live = speed == 1.0
    if not live and story.collar.radio.clock == "uptime":
        msg = "--speed: a collar without a clock can only be played at speed 1, or into a file"
        raise SettingsError(msg)
    knock(settings.mqtt)  # or the link would wait for a broker that is not there
    playing = _Playing()
    stream = from_now(story, clock) if live else sent(story)
    recorded = _recorded(stream, playing, stored=not live)
    with CollarLink(settings.mqtt, story.collar.id) as link, progress("connecting") as shown:
        for packet in paced(recorded, speed, clock):
            link.send(packet.payload, packet.content_type)
            playing.n_sent += 1
            if live:
                _tell_battery(link, playing)
            shown.update(shown.task_ids[0], description=f"{playing.n_sent} packets sent")
        link.drain(_DRAIN_S)
        if link.refused:
            msg = f"the broker refused {link.refused} messages of collar {story.collar.id!r}"
            raise DeliveryError(msg)
    return playing.n_sent


def from_now(story: Scenario, clock: Clock) -> Iterator[Sent]:
    """Yield the story as if it began today, from this time of day on."""
    now_s = clock.now_s()
    today = datetime.fromtimestamp(now_s, ZoneInfo(story.time_zone)).date()
    return dropwhile(lambda each: each.arrival_s < now_s, sent(replace(story, start=today)))


def _recorded(
    stream: Iterator[Sent], playing: _Playing, *, stored: bool
) -> Iterator[EncodedPacket]:
    for each in stream:
        playing.battery = each.battery
        packet = replace(each.packet, stored=each.packet.stored or stored)
        yield EncodedPacket(
            collar=each.collar,
            arrival_s=each.arrival_s,
            content_type="application/cbor",
            payload=encode_cbor(packet),
        )


def _tell_battery(link: CollarLink, playing: _Playing) -> None:
    if abs(playing.battery - playing.told_battery) >= _BATTERY_STEP:
        playing.told_battery = playing.battery
        link.status(state="online", battery=round(playing.battery, 2))


def _warn_of_stranger(collar: str, settings: Settings) -> None:
    """Say beforehand that the daemon would have no dog for these packets."""
    known = sorted({each.id for each in settings.collars})
    if known and collar not in known:
        err.print(
            f"[yellow]note:[/yellow] the settings have no collar {collar!r}, so the daemon has no"
            f" dog for it; --collar {known[0]} sends as that one",
            soft_wrap=True,
        )


def _scenarios() -> Table:
    table = Table("scenario", "days", "dog", "begins", box=None, padding=(0, 2, 0, 0))
    for name in scenario_names():
        story = load_scenario(name)
        table.add_row(name, str(story.n_days), story.dog.name, story.start.isoformat())
    return table
