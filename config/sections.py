"""The tables of the settings file that are about machines."""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        message = "unknown time zone; expected an IANA name such as 'Europe/Berlin'"
        raise ValueError(message) from None
    return name


TimeZone = Annotated[str, AfterValidator(_known_zone)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Table(BaseModel):
    """A table of the file: frozen, and no key that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Home(Table):
    """Where it runs."""

    time_zone: TimeZone = Field(default="UTC", description="IANA name; days are cut in it")
    data_dir: Path = Field(default=Path("data"), description="folder of the database")


class Mqtt(Table):
    """The broker."""

    host: str = Field(default="127.0.0.1", description="host name or address")
    port: Port = Field(default=1883, description="1883, or 8883 with TLS")
    user: str | None = Field(default=None, description="user name")
    password: SecretStr | None = Field(default=None, description="password")
    password_file: Path | None = Field(default=None, description="file that holds the password")
    tls: bool = Field(default=False, description="encrypt the connection")
    ca_file: Path | None = Field(default=None, description="certificate authority, PEM")
    root: str = Field(default="spryhound/v1", min_length=1, description="topic above all others")
    client_id: str = Field(default="spryhound", min_length=1, description="name of the session")
    session_expiry_days: int = Field(
        default=7, ge=0, le=365, description="days the broker remembers us"
    )
    receive_maximum: int = Field(default=50, ge=1, le=65535, description="messages in flight")


class Influx(Table):
    """The InfluxDB server, if there is one."""

    enabled: bool = Field(default=False, description="write to InfluxDB")
    url: str = Field(default="http://127.0.0.1:8086", description="address of the server")
    version: Literal["auto", "1", "2", "3"] = Field(
        default="auto", description="auto asks the server"
    )
    org: str = Field(default="spryhound", description="organisation, version 2")
    bucket: str = Field(default="spryhound", min_length=1, description="bucket or database")
    user: str | None = Field(default=None, description="user name, version 1")
    password: SecretStr | None = Field(default=None, description="password, version 1")
    password_file: Path | None = Field(default=None, description="file that holds the password")
    token: SecretStr | None = Field(default=None, description="token, versions 2 and 3")
    token_file: Path | None = Field(default=None, description="file that holds the token")
    timeout_s: float = Field(
        default=10.0, gt=0, le=300, description="seconds to wait for an answer"
    )


class Notify(Table):
    """Who is told, and when not."""

    urls: tuple[SecretStr, ...] = Field(default=(), description="Apprise URLs; they hold secrets")
    urls_file: Path | None = Field(default=None, description="file with one Apprise URL a line")
    quiet_from: time = Field(
        default=time(22), description="local time; only urgent alerts pass after it"
    )
    quiet_until: time = Field(default=time(7), description="local time")
    repeat_urgent_min: float = Field(
        default=10.0, gt=0, description="minutes between urgent repeats"
    )
    digest: bool = Field(default=True, description="send what was held back as one digest")
    digest_at: time = Field(default=time(8), description="local time of the digest")


class Web(Table):
    """The page."""

    enabled: bool = Field(default=True, description="serve the page")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: Port = Field(default=8640, description="port to listen on")


class Journal(Table):
    """How much of the raw signal is kept."""

    keep_days: int = Field(default=14, ge=1, description="days")
    max_mb: int = Field(default=2048, ge=1, description="megabytes")


class HomeAssistant(Table):
    """Discovery by Home Assistant."""

    enabled: bool = Field(default=True, description="announce each dog")
    prefix: str = Field(default="homeassistant", min_length=1, description="discovery prefix")
