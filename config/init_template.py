"""The settings file that `spryhound init` writes: short, explained, and right at once."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.errors import SettingsError
from config.example import literal
from config.load import check
from config.machine_settings import Home, Mqtt
from config.plans import template_names

_TEXT = """\
# The settings of Spryhound. Lines that begin with '#' are remarks.
# Everything that can be set, with its default, is in config/example.toml;
# docs/configuration.md explains. `spryhound doctor` checks this file.

[home]
# Days and nights are cut in this time zone.
time_zone = {time_zone}

[mqtt]
# The broker that the collar sends to. With a password: write it alone into a file, and
#   user = "spryhound"
#   password_file = "mqtt.password"
host = {mqtt_host}
port = {mqtt_port}
# The name of the session there. A broker lets anybody in who comes under it, and throws out the
# one before, so it is made up and nobody guesses it.
client_id = {client_id}

[notify]
# Where alerts go, one Apprise URL for each service: docs/notifications.md.
# Such a URL is a secret: whoever knows it can write to you, or read what you are told.
{urls}

[dogs.{dog_id}]
name = {dog_name}
# Height at the withers in metres, and weight in kilograms: one of them is enough.
{withers}
{mass}

{plan}

# Which dog wears which collar. The id is what the collar calls itself. When the collar goes
# to another dog, give this one an 'until' and add the next table with a 'from'.
[[collars]]
id = {collar_id}
dog = {dog}
"""
_PLAN = """\
# What your vet allows. Phases and their limits are in config/plans; they are a starting point:
# talk them over with your vet, and replace the template by phases of your own if need be.
{mark}[dogs.{dog_id}.plan]
{mark}template = {template}  # {templates}
{mark}start = {start}"""

_HOME, _BROKER = Home(), Mqtt()


@dataclass(frozen=True, slots=True, kw_only=True)
class InitAnswers:
    """What the owner was asked.

    Attributes
    ----------
    dog_id
        ``[a-z0-9_-]{1,32}``.
    withers_m, mass_kg
        ``None`` if not known.
    notify_url
        An Apprise URL, or empty.
    plan_template, plan_start
        A template's name and its first day; empty and ``None`` for no plan.
    collar_id
        What the collar calls itself.
    client_id
        What the daemon calls itself at the broker; better if nobody guesses it.
    """

    dog_id: str = "dog"
    dog_name: str = "Dog"
    withers_m: float | None = None
    mass_kg: float | None = None
    time_zone: str = _HOME.time_zone
    mqtt_host: str = _BROKER.host
    mqtt_port: int = _BROKER.port
    client_id: str = _BROKER.client_id
    notify_url: str = ""
    plan_template: str = ""
    plan_start: date | None = None
    collar_id: str = "collar1"


def starter_toml(answers: InitAnswers) -> str:
    """Return a commented settings file that loads without an error.

    Raises
    ------
    SettingsError
        If an answer cannot be a setting; the message names the setting.
    """
    text = _TEXT.format(
        time_zone=literal(answers.time_zone),
        mqtt_host=literal(answers.mqtt_host),
        mqtt_port=literal(answers.mqtt_port),
        client_id=literal(answers.client_id),
        urls=_urls(answers.notify_url),
        dog_id=_key(answers.dog_id),
        dog_name=literal(answers.dog_name),
        withers=_number("withers_m", answers.withers_m, 0.45),
        mass=_number("mass_kg", answers.mass_kg, 16.0),
        plan=_plan(answers),
        collar_id=literal(answers.collar_id),
        dog=literal(answers.dog_id),
    )
    check(tomllib.loads(text), {}, folder=Path(), source="answers")
    return text


def dog_id_of(name: str) -> str:
    """Return an id made from a dog's name.

    Examples
    --------
    >>> dog_id_of("Old Rex II."), dog_id_of("Ünal"), dog_id_of("🐕")
    ('old-rex-ii', 'nal', 'dog')
    """
    kept = (each if each.isascii() and each.isalnum() else "-" for each in name.lower())
    words = [word for word in "".join(kept).split("-") if word]
    return "-".join(words)[:32].strip("-") or "dog"


def _key(dog_id: str) -> str:
    """Return an id as a key; a wrong one in quotes, so that the check can name it."""
    return dog_id if re.fullmatch(r"[A-Za-z0-9_-]+", dog_id) else literal(dog_id)


def _urls(url: str) -> str:
    if not url:
        return '#urls = ["ntfys://ntfy.sh/a-topic-that-nobody-guesses"]'
    return f"urls = {literal([url])}"


def _number(key: str, value: float | None, example: float) -> str:
    return f"#{key} = {example}" if value is None else f"{key} = {literal(value)}"


def _plan(answers: InitAnswers) -> str:
    has_plan = bool(answers.plan_template)
    if has_plan and answers.plan_start is None:
        message = f"plan {answers.plan_template!r} has no start, expected its first day"
        raise SettingsError(message)
    return _PLAN.format(
        mark="" if has_plan else "#",
        dog_id=_key(answers.dog_id),
        template=literal(answers.plan_template if has_plan else "after_surgery"),
        templates=", ".join(template_names()),
        start=literal(answers.plan_start if has_plan else date(2026, 11, 1)),
    )
