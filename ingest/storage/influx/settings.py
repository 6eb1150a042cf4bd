"""Where an InfluxDB is and how to get in."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from analysis.errors import SettingsError

VERSIONS = ("auto", "1", "2", "3")


@dataclass(frozen=True, slots=True, kw_only=True)
class InfluxSettings:
    """Where an InfluxDB is and how to get in.

    Attributes
    ----------
    url
        Its address, ``http://`` or ``https://``, without user and password.
    version
        ``"1"``, ``"2"`` or ``"3"``; ``"auto"`` asks the server.
    org
        The organisation, for version 2; version 3 ignores it.
    bucket
        The bucket, which versions 1 and 3 call database.
    user, password
        For version 1, if it asks for them.
    token
        For versions 2 and 3.
    timeout_s
        How long to wait for a connection, and for each piece of an answer.

    Raises
    ------
    SettingsError
        If the address or the version is none, or the address holds a password.
    """

    url: str
    version: str = "auto"
    org: str = "spryhound"
    bucket: str = "spryhound"
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    timeout_s: float = 10.0

    def __post_init__(self) -> None:
        """Refuse what could never work."""
        parts = urlsplit(self.url)
        if "@" in parts.netloc:
            msg = "influx.url: holds a password; use influx.user and influx.password for it"
            raise SettingsError(msg)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            msg = f"influx.url: {self.url!r} is not like http://127.0.0.1:8086"
            raise SettingsError(msg)
        if self.version not in VERSIONS:
            msg = f"influx.version: {self.version!r} is none of {', '.join(VERSIONS)}"
            raise SettingsError(msg)
        if not self.timeout_s > 0:
            msg = f"influx.timeout_s: {self.timeout_s} is not above 0"
            raise SettingsError(msg)

    def without_secrets(self, text: str) -> str:
        """Return a text for a log, with whatever is secret blotted out."""
        for secret in (self.token, self.password):
            if secret:
                text = text.replace(secret, "***")
        return text
