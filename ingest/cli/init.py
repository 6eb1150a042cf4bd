"""`spryhound init`: a few questions, and a settings file that explains itself."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.prompt import Prompt

from analysis.errors import InputError, SettingsError
from config.init_template import InitAnswers, dog_id_of, starter_toml
from config.load import load
from config.machine_settings import Mqtt
from config.plans import template_names
from ingest.cli.common import DEFAULT_CONFIG, cli_errors, err, out, print_error, write_private
from ingest.clock import SystemClock
from ingest.mqtt.topics import acceleration_topic
from ingest.notifications.apprise_notifier import AppriseNotifier

_ETC = Path("/etc")


def zone_of_machine(environ: Mapping[str, str], etc: Path = _ETC) -> str:
    """Return the IANA name of the machine's time zone; ``UTC`` if it cannot be told."""
    for name in (environ.get("TZ", "").removeprefix(":"), _from_link(etc), _from_file(etc)):
        if name and _is_known(name):
            return name
    return "UTC"


def _from_link(etc: Path) -> str:
    """Return what ``localtime`` links to, below the folder of all zones."""
    try:
        target = str((etc / "localtime").resolve())
    except (OSError, RuntimeError):
        return ""
    return target.partition("/zoneinfo/")[2]


def _from_file(etc: Path) -> str:
    try:
        return (etc / "timezone").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


_Reader = Callable[[str], Mapping[str, Any]]

_SIZE = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*(kg|cm|m)")


def ask_owner(known: InitAnswers, now_s: float) -> InitAnswers:
    """Return the owner's answers; Enter keeps what is in `known`."""
    err.print("Enter takes what is in brackets. All of it can be changed in the file later.")
    known = _ask("What is your dog called?", known.dog_name, read_name, known)
    known = _ask("Its weight or withers height, such as 16 kg or 45 cm", "", read_size, known)
    known = _ask("Time zone", known.time_zone, lambda text: {"time_zone": text}, known)
    known = _ask("Broker (MQTT)", f"{known.mqtt_host}:{known.mqtt_port}", read_broker, known)
    known = _ask("Id of the collar", known.collar_id, lambda text: {"collar_id": text}, known)
    known = _ask("Notification URL, see docs/notifications.md", "", read_url, known)
    plans = f"Recovery plan from your vet: {', '.join(template_names())} or none"
    today = datetime.fromtimestamp(now_s, ZoneInfo(known.time_zone)).date()
    known = _ask(plans, "none", partial(read_plan, today), known)
    if known.plan_template:
        known = _ask("First day of the plan", str(known.plan_start), read_start, known)
    return known


def _ask(question: str, default: str, read: _Reader, known: InitAnswers) -> InitAnswers:
    """Return the answers with one more, asked until it can be a setting."""
    while True:
        text = Prompt.ask(question, console=err, default=default, show_default=bool(default))
        try:
            answered = replace(known, **read(text.strip()))
            starter_toml(answered)
        except SettingsError as error:
            print_error(error)
        else:
            return answered


def read_name(text: str) -> Mapping[str, Any]:
    """Return the dog's name and the id made of it."""
    return {"dog_name": text, "dog_id": dog_id_of(text)}


def read_size(text: str) -> Mapping[str, Any]:
    """Return a weight in kilograms or a height in metres; neither for an empty answer.

    Raises
    ------
    SettingsError
        If there is no number with a unit.

    Examples
    --------
    >>> read_size("45 cm"), read_size("7,5kg")
    ({'withers_m': 0.45}, {'mass_kg': 7.5})
    """
    if not text:
        return {}
    found = _SIZE.fullmatch(text.lower())
    if found is None:
        msg = f"got {text!r}, expected such as 16 kg or 45 cm, or nothing"
        raise SettingsError(msg)
    number = float(found[1].replace(",", "."))
    if found[2] == "kg":
        return {"mass_kg": number}
    return {"withers_m": number / 100.0 if found[2] == "cm" else number}


def read_broker(text: str) -> Mapping[str, Any]:
    """Return host and port; the usual one if none is named.

    Raises
    ------
    SettingsError
        If the port is no number.

    Examples
    --------
    >>> read_broker("hub.local")
    {'mqtt_host': 'hub.local', 'mqtt_port': 1883}
    >>> read_broker("[::1]:8883")
    {'mqtt_host': '::1', 'mqtt_port': 8883}
    """
    host, colon, port = text.rpartition(":")
    if not colon or (":" in host and not host.startswith("[")):
        return {"mqtt_host": text.strip("[]"), "mqtt_port": Mqtt().port}
    if not port.isascii() or not port.isdigit():
        msg = f"got port {port!r}, expected a number such as 1883"
        raise SettingsError(msg)
    return {"mqtt_host": host.strip("[]"), "mqtt_port": int(port)}


def read_url(text: str) -> Mapping[str, Any]:
    """Return a notification URL.

    Raises
    ------
    SettingsError
        If Apprise does not know it.
    """
    if text:
        AppriseNotifier(text)
    return {"notify_url": text}


def read_plan(today: date, text: str) -> Mapping[str, Any]:
    """Return a plan's template that begins today, until the owner says otherwise, or none.

    Raises
    ------
    SettingsError
        If there is none of that name.
    """
    if text in {"", "none"}:
        return {"plan_template": "", "plan_start": None}
    if text not in template_names():
        msg = f"got {text!r}, expected one of none, {', '.join(template_names())}"
        raise SettingsError(msg)
    return {"plan_template": text, "plan_start": today}


def read_start(text: str) -> Mapping[str, Any]:
    """Return the first day of a plan.

    Raises
    ------
    SettingsError
        If it is no date.
    """
    try:
        return {"plan_start": date.fromisoformat(text)}
    except ValueError as error:
        msg = f"got {text!r}, expected a date such as 2026-11-01"
        raise SettingsError(msg) from error


def command(
    *,
    defaults: Annotated[bool, typer.Option("--defaults", help="Ask nothing.")] = False,
    to: Annotated[Path, typer.Option(help="File to write.")] = DEFAULT_CONFIG,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write a settings file, asking a few questions.

    Example: spryhound init --to spryhound.toml
    """
    with cli_errors():
        if to.exists() and not force:
            msg = f"{to} exists; --force replaces it, --to names another file"
            raise InputError(msg)
        answers = InitAnswers(
            time_zone=zone_of_machine(os.environ), client_id=f"spryhound-{secrets.token_hex(8)}"
        )
        if not defaults:
            answers = ask_owner(answers, SystemClock().now_s())
        write_private(to, starter_toml(answers))
        load(to, {})  # what was written can be read
        _say_what_next(to, answers)


def _say_what_next(path: Path, answers: InitAnswers) -> None:
    named = "" if path == DEFAULT_CONFIG else f" --config {path}"
    topic = acceleration_topic(Mqtt().root, answers.collar_id)
    for line in (
        f"{path} is written. Next:",
        f"  spryhound doctor{named}   checks it, the broker and everything else",
        f"  spryhound run{named}   starts the daemon",
        f"  the collar publishes to {topic} at {answers.mqtt_host}:{answers.mqtt_port}",
    ):
        out.print(line, markup=False, soft_wrap=True)
