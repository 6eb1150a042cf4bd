"""`spryhound donate`: stored samples with their labels, without what would name anybody."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from analysis.errors import InputError, PacketError, SettingsError
from config.schema import Settings
from ingest.app.home import dog_for_collar, existing_database, existing_store
from ingest.cli.common import (
    ConfigOption,
    DogOption,
    cli_errors,
    number,
    one_dog,
    out,
    progress,
    read_settings,
)
from ingest.cli.diary_entry import moment_text
from ingest.cli.tables import local_time
from ingest.clock import SystemClock
from ingest.packets.envelope import ReceivedPacket, received
from ingest.ports import Query, Store
from ingest.processing.diary import DIARY
from ingest.processing.labels import LABEL, LABELS, Label, label_of
from ingest.processing.spans import moment
from ingest.recordings.donation.cutting import Window, cut, windows_around
from ingest.recordings.donation.layout import consent
from ingest.recordings.donation.private import UNKNOWN, Participant, participant, without_names
from ingest.recordings.donation.shift import N_WEEKS, shift_of
from ingest.recordings.donation.writing import Written, write_package
from ingest.storage.journal import Journal

_ALL = Window(start_s=0.0, end_s=4_102_444_800.0)
"""Until the year 2100."""
_DAY_S = 86_400.0
_MOST_DAYS = 10_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What is to be given away: whose, of when, and with which labels."""

    dog: str
    zone: str
    windows: Sequence[Window]
    labels: Sequence[Label]
    participant: Participant


def command(  # noqa: PLR0913  # a command has the options it has
    file: Annotated[
        Path, typer.Argument(help="Package to write, such as donation.zip.", show_default=False)
    ],
    *,
    dog: DogOption = None,
    days: Annotated[
        float | None,
        typer.Option(help="Only the last so many days.", parser=number("3", at_least=0.01)),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Only from then on: a time, a day or '2 d ago'.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="Only until then.")] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(help=f"Only around labels of this kind: {', '.join(LABELS)}; repeatable."),
    ] = None,
    age: Annotated[
        float | None,
        typer.Option(
            help="Age of the dog in years, given in a band.", parser=number("7", at_least=0.0)
        ),
    ] = None,
    with_notes: Annotated[
        bool, typer.Option("--with-notes", help="Give the notes of the labels too.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="I have read docs/labels.md and agree; do not ask.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write a package of recordings with labels, to give away; it holds no names and no dates.

    Nothing is sent anywhere. You are shown what is in it, and asked.

    Example: spryhound donate donation.zip --label limped --label cried
    """
    with cli_errors():
        settings = read_settings(config)
        if file.exists() and not force:
            msg = f"{file} exists; --force replaces it"
            raise InputError(msg)
        whose = one_dog(dog, settings)
        zone = settings.pipeline(whose).dog.time_zone
        within = _within(days, since, until, zone)
        with existing_store(settings) as store:
            labels = _labels(store, whose)
            mass_kg = _mass_kg(store, whose, settings)
        windows = _windows(label, labels, within) if label else [within]
        known = settings.dogs.get(whose)
        chosen = _Chosen(
            dog=whose,
            zone=zone,
            windows=windows,
            labels=_for_others(
                _overlapping(labels, windows),
                [*_names(settings), zone.rpartition("/")[2].replace("_", " ")],
                with_notes=with_notes,
            ),
            participant=participant(
                secrets.token_hex(4),
                withers_m=None if known is None else known.withers_m,
                mass_kg=mass_kg,
                age_years=age,
            ),
        )
        _show(chosen)
        if not yes:
            typer.confirm("Do you agree, and write the package?", abort=True)
        written = _write(file, settings, chosen)
    hours = written.duration_s / 3600.0
    stretches = f"{written.n_stretches} stretches, {hours:.1f} h"
    text = f"{file}: {stretches}, {written.n_labels} labels. Look into it before you give it away."
    out.print(text, markup=False, soft_wrap=True)


def _write(file: Path, settings: Settings, chosen: _Chosen) -> Written:
    wearer = dog_for_collar(settings)
    path = existing_database(settings)
    with Journal(path, SystemClock()) as journal, progress("reading the store"):
        stretches = cut(
            _packets(journal),
            chosen.windows,
            lambda collar, time_s: wearer(collar, time_s) == chosen.dog,
        )
        first = next(stretches, None)
        if first is None:
            msg = "nothing to give away: the store holds no samples of the time that was chosen"
            raise InputError(msg)
        # Drawn here and kept nowhere: with it the true dates could be told.
        shift = shift_of(chosen.zone, first.start_s, secrets.randbelow(N_WEEKS))
        return write_package(
            file,
            chain([first], stretches),
            chosen.labels,
            participant=chosen.participant,
            shift=shift,
        )


def _packets(journal: Journal) -> Iterator[ReceivedPacket]:
    for _, packet in journal.packets():
        try:
            yield received(packet)
        except PacketError:
            continue  # of an earlier version; the daemon passes it over too


def _within(days: float | None, since: str | None, until: str | None, zone: str) -> Window:
    """Return the time that was chosen, all of it if nothing was.

    Raises
    ------
    SettingsError
        If what was typed is no time, or there is none between the two.
    """
    now_s = SystemClock().now_s()
    if days is not None:
        # Written so that NaN fails too.
        if not days <= _MOST_DAYS:
            msg = f"--days: got {days:g}, expected at most {_MOST_DAYS:g}"
            raise SettingsError(msg)
        if since is not None or until is not None:
            msg = "--days: expected either that or --from and --until"
            raise SettingsError(msg)
        return Window(start_s=max(now_s - days * _DAY_S, _ALL.start_s), end_s=_ALL.end_s)
    start_s = _ALL.start_s if since is None else _time_s(since, zone, now_s, "--from", n_days=0)
    end_s = _ALL.end_s if until is None else _time_s(until, zone, now_s, "--until", n_days=1)
    if not start_s < end_s:
        msg = f"--until: got {until!r}, expected a time after {since!r}"
        raise SettingsError(msg)
    return Window(start_s=start_s, end_s=end_s)


def _time_s(text: str, zone: str, now_s: float, option: str, *, n_days: int) -> float:
    typed = moment_text(text, zone, now_s, option)
    try:
        return moment(typed, ZoneInfo(zone), n_days=n_days, what=option).timestamp()
    except InputError as error:
        raise SettingsError(str(error)) from error


def _kinds(typed: Sequence[str]) -> list[str]:
    kinds = [each.replace("-", "_") for each in typed]
    for each in kinds:
        if each not in LABELS:
            msg = f"--label: got {each!r}, expected one of {', '.join(LABELS)}"
            raise SettingsError(msg)
    return kinds


def _windows(typed: Sequence[str], labels: Sequence[Label], within: Window) -> list[Window]:
    """Return the times around labels of some kinds.

    Raises
    ------
    SettingsError
        If there is no such kind.
    InputError
        If there is no such label.
    """
    kinds = _kinds(typed)
    windows = windows_around([each for each in labels if each.what in kinds], within)
    if not windows:
        msg = f"nothing to give away: no label {' or '.join(kinds)} in the time that was chosen"
        raise InputError(msg)
    return windows


def _labels(store: Store, dog: str) -> list[Label]:
    points = store.read(Query(measurement=DIARY, dog=dog, kind=LABEL))
    return [label for label in map(label_of, points) if label is not None]


def _mass_kg(store: Store, dog: str, settings: Settings) -> float | None:
    """Return what the dog weighs: the newest in the diary, else that of the settings."""
    weighed = store.read(Query(measurement=DIARY, dog=dog, kind="weight", newest=1))
    if weighed:
        return float(weighed[-1].fields["mass_kg"])
    return settings.dogs[dog].mass_kg if dog in settings.dogs else None


def _overlapping(labels: Sequence[Label], windows: Sequence[Window]) -> list[Label]:
    return [
        label
        for label in labels
        if any(label.start_s < each.end_s and label.end_s >= each.start_s for each in windows)
    ]


def _names(settings: Settings) -> list[str]:
    """Return what the dogs and collars of a home are called."""
    names = [*settings.dogs, *(each.name for each in settings.dogs.values())]
    return [*names, *(each.id for each in settings.collars)]


def _for_others(labels: Sequence[Label], names: Sequence[str], *, with_notes: bool) -> list[Label]:
    """Return labels with texts in which the program finds no names."""
    return [
        replace(
            each,
            grade=without_names(each.grade, names),
            note=without_names(each.note, names) if with_notes else "",
        )
        for each in labels
    ]


def _show(chosen: _Chosen) -> None:
    """Print what goes into the package, and what the owner agrees to."""
    out.print(consent(), markup=False)
    out.print(f"The dog: {_dog_text(chosen.participant)}.", markup=False)
    for window in chosen.windows:
        out.print(f"Time: {_window_text(window, chosen.zone)}.", markup=False)
    out.print(f"Labels: {len(chosen.labels) or 'none'}.", markup=False)
    for each in chosen.labels:
        words = [each.what.replace("_", " "), each.grade, each.note]
        when = local_time(each.start_s, chosen.zone)
        out.print(f"  {when}  {', '.join(filter(None, words))}", markup=False, soft_wrap=True)


def _dog_text(dog: Participant) -> str:
    measures = (
        ("height", dog.height_cm, "cm"),
        ("weight", dog.weight_band_kg, "kg"),
        ("age", dog.age_band_years, "years"),
    )
    words = [f"{name} {value} {unit}" for name, value, unit in measures if value != UNKNOWN]
    return ", ".join(words) or "nothing is known of it"


def _window_text(window: Window, zone: str) -> str:
    words = []
    if window.start_s > _ALL.start_s:
        words.append(f"from {local_time(window.start_s, zone)}")
    if window.end_s < _ALL.end_s:
        words.append(f"until {local_time(window.end_s, zone)}")
    return " ".join(words) or "all that is stored"
