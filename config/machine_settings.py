"""The tables of the settings file that are about machines."""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, Strict

from config.types import Clock, FilePath, Host, Port, TimeZone, Topic, WebAddress


class Table(BaseModel):
    """A table of the file: frozen, strict about types, and no key that it does not know."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )


class Home(Table):
    """Where it runs."""

    time_zone: TimeZone = Field(default="UTC", description="IANA name; days are cut in it")
    data_dir: FilePath = Field(default=Path("data"), description="folder of the database")


class Mqtt(Table):
    """The broker that collars publish to."""

    host: Host = Field(default="127.0.0.1", description="host name or address")
    port: Port = Field(default=1883, description="1883, or 8883 with TLS")
    user: str | None = Field(default=None, description="user name", examples=["spryhound"])
    password: SecretStr | None = Field(
        default=None, description="password; better in a file", examples=["change me"]
    )
    password_file: FilePath | None = Field(
        default=None, description="file that holds the password", examples=["mqtt.password"]
    )
    tls: bool = Field(default=False, description="encrypt the connection")
    ca_file: FilePath | None = Field(
        default=None, description="certificate authority, PEM", examples=["ca.pem"]
    )
    root: Topic = Field(default="spryhound/v1", description="topic above all others")
    client_id: str = Field(
        default="spryhound", min_length=1, max_length=64, description="name of the session"
    )
    session_expiry_days: int = Field(
        default=7, ge=0, le=365, description="days for which the broker keeps what we missed"
    )
    receive_maximum: int = Field(
        default=50, ge=1, le=65535, description="messages in flight before we acknowledge"
    )

    @property
    def place(self) -> str:
        """Host and port as one word."""
        return f"{self.host}:{self.port}"


class Influx(Table):
    """The InfluxDB server, if there is one; without it everything is kept in the database here."""

    enabled: bool = Field(default=False, description="write to InfluxDB")
    url: WebAddress = Field(default="http://127.0.0.1:8086", description="address of the server")
    version: Literal["auto", "1", "2", "3"] = Field(
        default="auto", description="'1', '2' or '3'; 'auto' asks the server"
    )
    org: str = Field(default="spryhound", min_length=1, description="organisation, version 2")
    bucket: str = Field(default="spryhound", min_length=1, description="bucket or database")
    user: str | None = Field(
        default=None, description="user name, version 1", examples=["spryhound"]
    )
    password: SecretStr | None = Field(
        default=None, description="password, version 1; better in a file", examples=["change me"]
    )
    password_file: FilePath | None = Field(
        default=None, description="file that holds the password", examples=["influx.password"]
    )
    token: SecretStr | None = Field(
        default=None, description="token, versions 2 and 3; better in a file", examples=["secret"]
    )
    token_file: FilePath | None = Field(
        default=None, description="file that holds the token", examples=["influx.token"]
    )
    timeout_s: float = Field(
        default=10.0, gt=0, le=300, description="seconds to wait for an answer"
    )


class Notify(Table):
    """Who is told, and when not."""

    urls: Annotated[tuple[SecretStr, ...], Strict(strict=False)] = Field(
        default=(),
        description="Apprise URLs, docs/notifications.md; they hold secrets",
        examples=[("ntfys://ntfy.sh/a-topic-that-nobody-guesses",)],
    )
    urls_file: FilePath | None = Field(
        default=None, description="file with one Apprise URL a line", examples=["notify.urls"]
    )
    quiet_from: Clock = Field(
        default=time(22), description="local time from which only urgent alerts are told"
    )
    quiet_until: Clock = Field(
        default=time(7), description="local time; the same as quiet_from: never quiet"
    )
    repeat_urgent_min: float = Field(
        default=30.0,
        ge=1,
        le=1440,
        description="minutes until an urgent alert that nobody acknowledged is told again",
    )
    cooldown_min: float = Field(
        default=60.0,
        ge=0,
        le=1440,
        description="least minutes between two messages about the same kind of alert",
    )
    gather_stored_s: float = Field(
        default=120.0,
        ge=0,
        le=3600,
        description="quiet seconds before the alerts of a recording sent late are told as one",
    )


class Web(Table):
    """The page."""

    enabled: bool = Field(default=True, description="serve the page")
    host: Host = Field(default="127.0.0.1", description="address to listen on")
    port: Port = Field(default=8640, description="port to listen on")
    names: Annotated[tuple[str, ...], Strict(strict=False)] = Field(
        default=(),
        description="host names under which browsers ask for it, beside loopback and addresses",
        examples=[("hub.local",)],
    )
    password: SecretStr | None = Field(
        default=None,
        description="asked for by the page; must be set where host is not loopback",
        examples=["change me, 12 characters or more"],
    )
    password_file: FilePath | None = Field(
        default=None, description="file that holds the password", examples=["web.password"]
    )
    cert_file: FilePath | None = Field(
        default=None, description="certificate for HTTPS, PEM", examples=["web.crt"]
    )
    key_file: FilePath | None = Field(
        default=None, description="its key, PEM, without a password", examples=["web.key"]
    )


class Journal(Table):
    """How much is kept; the oldest goes first. Days, alerts and the diary are kept for ever."""

    keep_days: int = Field(default=14, ge=1, le=3660, description="days of the raw signal")
    max_mb: int = Field(
        default=2048, ge=1, le=10_000_000, description="megabytes of the raw signal"
    )
    details_days: int = Field(
        default=400,
        ge=90,
        le=36_600,
        description="days of minutes, windows of gait and events: 2 MB each, for a dog",
    )


Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Watch(Table):
    """When the home itself is told of: first shown, then sent as a warning.

    All are judgements, but for the 10 minutes and the 90 %. A walk out of reach of the house, or a
    collar that is charged, takes more than ten minutes every day, so those alone wake nobody.
    That a store refuses during a backup, or on a slow disk, is over within a minute.
    """

    silent_watch_min: float = Field(
        default=10.0, gt=0.0, description="minutes without data of a dog: shown"
    )
    silent_warning_min: float = Field(default=120.0, gt=0.0, description="the same: sent")
    battery_watch: Share = Field(
        default=0.20, description="share left of a collar's battery: shown"
    )
    battery_warning: Share = Field(default=0.10, description="the same: sent")
    unsent_watch_min: float = Field(
        default=10.0, gt=0.0, description="minutes that something waits to be delivered: shown"
    )
    unsent_warning_min: float = Field(default=60.0, gt=0.0, description="the same: sent")
    refused_warning_min: float = Field(
        default=1.0, gt=0.0, description="minutes that nothing can be stored: sent"
    )
    disk_watch: Share = Field(default=0.85, description="share of the disk that is used: shown")
    disk_warning: Share = Field(default=0.90, description="the same: sent")


class HomeAssistant(Table):
    """Discovery by Home Assistant."""

    enabled: bool = Field(default=True, description="announce each dog")
    prefix: Topic = Field(default="homeassistant", description="its discovery prefix")
