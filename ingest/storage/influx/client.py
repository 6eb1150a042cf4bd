"""An InfluxDB server over HTTP: requests, writes and refusals."""

import gzip
import re
from collections.abc import Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Protocol, Self, TypeVar
from urllib.parse import urlencode

import msgspec
import urllib3

from analysis.errors import DeliveryError, RejectedError
from config.machine_settings import Influx
from config.types import revealed
from ingest.storage.influx.influxql import Answer, identifier

_LONGEST_TEXT = 300

_ADVICE = {
    401: "not let in; check influx.token, or influx.user and influx.password",
    403: "let in but not allowed to; give the token or user the right to read and write the bucket",
    404: "has no such bucket, database or organisation; create it or check influx.bucket and org",
    408: "took too long",
    413: "says that this is too large",
    429: "asks to be left alone for a while",
}


class TooLargeError(DeliveryError):
    """A request was larger than the server takes; send less at once."""


def refusal(status: int, headers: Mapping[str, str], text: str) -> DeliveryError:
    """Return the error for an answer with some status.

    Parameters
    ----------
    headers
        Names in lower case.
    text
        What the server said, without secrets.
    """
    words = " ".join(_message(text).split())[:_LONGEST_TEXT]
    said = f" ({words})" if words else ""
    if status in {400, 422}:
        return RejectedError(f"InfluxDB refused it for good: {status}{said}")
    advice = _ADVICE.get(status, "has trouble; look at its log" if status >= 500 else "refused")
    message = f"InfluxDB {advice}: {status}{said}"
    if status == 413:
        return TooLargeError(message)
    return DeliveryError(message, retry_after_s=retry_after_s(headers))


def _message(text: str) -> str:
    """Return what a body says: version 1 has it under ``error``, later ones under ``message``."""
    try:
        body = msgspec.json.decode(text, type=dict[str, object])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return text
    return str(body.get("message") or body.get("error") or text)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return how long the server asks to be left alone, in seconds, if it does.

    A date is taken against the server's own ``Date``, so that no clock here matters.

    Examples
    --------
    >>> retry_after_s({"retry-after": "7"})
    7.0
    """
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
        wait = until - parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())


def without_secrets(text: str, settings: Influx) -> str:
    """Return a text for a log, with whatever is secret blotted out."""
    for secret in (settings.token, settings.password):
        if secret:
            text = text.replace(revealed(secret), "***")
    return text


_VERSION = re.compile(r"v?([123])\.")

ResultT = TypeVar("ResultT")


class _WriteApi(Protocol):
    """What is needed of `ingest.storage.influx.write_api.WriteApi`."""

    def write(self, bucket: str, body: bytes) -> None:
        """Write lines of the line protocol."""

    def close(self) -> None:
        """Close the connections."""


class InfluxServer:
    """One server; sockets are opened when first needed and closed after ``with``."""

    def __init__(self, settings: Influx) -> None:
        self._settings = settings
        self._version: str = "" if settings.version == "auto" else settings.version
        self._url = settings.url
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=settings.timeout_s, read=settings.timeout_s),
            retries=False,
        )
        self._write_api: _WriteApi | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.clear()
        if self._write_api is not None:
            self._write_api.close()
            self._write_api = None

    def version(self) -> str:
        """Return ``"1"``, ``"2"`` or ``"3"``; the server is asked once.

        Raises
        ------
        DeliveryError
            If it cannot be asked, or says something else.
        """
        if not self._version:
            self._version = self._ask_version()
        return self._version

    def query(self, statement: str) -> Answer:
        """Return the answer to one statement, times in nanoseconds.

        Raises
        ------
        DeliveryError
            If there is none now.
        RejectedError
            If it is not understood.
        """
        # A change must be posted; everything else may be asked for.
        method = "POST" if statement.startswith("CREATE") else "GET"
        fields = {"db": self._settings.bucket, "epoch": "ns", "q": statement}
        response = self._request(method, "/query", fields)
        try:
            answer = msgspec.json.decode(response.data, type=Answer)
        except msgspec.DecodeError as error:
            msg = f"{self._url}/query: answered something that is no InfluxQL result: {error}"
            raise DeliveryError(msg) from error
        if answer.first_error and not self._is_missing(answer.first_error):
            msg = f"InfluxDB could not answer: {self._without_secrets(answer.first_error)}"
            raise DeliveryError(msg)
        return answer

    def write(self, lines: Sequence[str]) -> None:
        """Write lines and return once they are stored.

        Raises
        ------
        DeliveryError
            If they are not stored now; `TooLargeError` if fewer at once might be.
        RejectedError
            If at least one of them never will be; the others may be stored already.
        """
        body = "\n".join(lines).encode()
        if self.version() == "1":
            self._write_v1(body)
        else:
            self._write_v2(body)

    def _write_v1(self, body: bytes) -> None:
        fields = {"db": self._settings.bucket, "precision": "ns"}
        packed = gzip.compress(body, compresslevel=5, mtime=0)
        response = self._send("POST", "/write", fields, packed)
        if response.status == 404:
            self.query(f"CREATE DATABASE {identifier(self._settings.bucket)}")
            response = self._send("POST", "/write", fields, packed)
        self._check(response)

    def _write_v2(self, body: bytes) -> None:
        from ingest.storage.influx.write_api import WriteApi, WriteRefusedError

        if self._write_api is None:
            self._write_api = WriteApi(
                url=self._url,
                token=revealed(self._settings.token),
                org=self._settings.org,
                timeout_s=self._settings.timeout_s,
            )
        api = self._write_api
        try:
            self._guarded(lambda: api.write(self._settings.bucket, body))
        except WriteRefusedError as error:
            text = self._without_secrets(error.text)
            raise refusal(error.status, error.headers, text) from error

    def _ask_version(self) -> str:
        """Return what ``/ping`` says in its header or, behind some proxies, ``/health``."""
        version_text = self._send("GET", "/ping").headers.get("X-Influxdb-Version", "")
        if not _VERSION.match(version_text):
            health = self._send("GET", "/health")
            found = re.search(r'"version"\s*:\s*"([^"]*)"', health.data.decode(errors="replace"))
            version_text = found[1] if found else version_text
            if health.status >= 500:
                self._check(health)
        version = _VERSION.match(version_text)
        if version is None:
            msg = (
                f"{self._url}: does not say that it is InfluxDB 1, 2 or 3"
                f" (version {version_text!r});"
                " check influx.url, or set influx.version"
            )
            raise DeliveryError(msg)
        return version[1]

    def _is_missing(self, error: str) -> bool:
        """Return whether there is no such database yet where the first write makes it."""
        return "database not found" in error and self.version() != "2"

    def _request(
        self, method: str, path: str, fields: Mapping[str, str]
    ) -> urllib3.BaseHTTPResponse:
        response = self._send(method, path, fields)
        self._check(response)
        return response

    def _send(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str] | None = None,
        packed: bytes | None = None,
    ) -> urllib3.BaseHTTPResponse:
        """Return the answer to a request, whatever its status."""
        query = f"?{urlencode(fields)}" if fields else ""
        headers = self._credentials()
        if packed is not None:
            headers |= {"Content-Encoding": "gzip", "Content-Type": "text/plain; charset=utf-8"}
        return self._guarded(
            lambda: self._pool.request(
                method, f"{self._url}{path}{query}", body=packed, headers=headers
            )
        )

    def _credentials(self) -> dict[str, str]:
        if self._settings.token:
            return {"Authorization": f"Token {revealed(self._settings.token)}"}
        if self._settings.user:
            login = f"{self._settings.user}:{revealed(self._settings.password)}"
            return urllib3.make_headers(basic_auth=login)
        return {}

    def _guarded(self, talk: Callable[[], ResultT]) -> ResultT:
        """Turn what the libraries raise into an error that names the server."""
        try:
            return talk()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            why = self._without_secrets(str(error))
            msg = f"{self._url}: InfluxDB cannot be reached; is it running? ({why})"
            raise DeliveryError(msg) from error

    def _without_secrets(self, text: str) -> str:
        return without_secrets(text, self._settings)

    def _check(self, response: urllib3.BaseHTTPResponse) -> None:
        if response.status >= 300:
            headers = {name.lower(): value for name, value in response.headers.items()}
            text = response.data.decode(errors="replace")
            raise refusal(response.status, headers, self._without_secrets(text))
