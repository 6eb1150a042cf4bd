"""An InfluxDB server over HTTP: asks, writes lines, and says what went wrong."""

import gzip
import re
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlencode

import msgspec
import urllib3
from influxdb_client.client.exceptions import InfluxDBError
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS

from analysis.errors import DeliveryError
from ingest.storage.influx.influxql import Answer, identifier
from ingest.storage.influx.refusals import refusal
from ingest.storage.influx.settings import InfluxSettings

_VERSION = re.compile(r"v?([123])\.")
ResultT = TypeVar("ResultT")


class InfluxServer:
    """One server; sockets are opened when first needed and closed after ``with``."""

    def __init__(self, settings: InfluxSettings) -> None:
        self._settings = settings
        self._version = "" if settings.version == "auto" else settings.version
        self._url = settings.url.rstrip("/")
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=settings.timeout_s, read=settings.timeout_s),
            retries=False,
        )
        self._client: InfluxDBClient | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.clear()
        if self._client is not None:
            self._client.api_client.rest_client.pool_manager.clear()
            self._client.close()  # type: ignore[no-untyped-call]  # the library's own gap
            self._client = None

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
            msg = f"InfluxDB could not answer: {self._settings.without_secrets(answer.first_error)}"
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
            self._guarded(lambda: self._write_v2(body))

    def _write_v1(self, body: bytes) -> None:
        fields = {"db": self._settings.bucket, "precision": "ns"}
        packed = gzip.compress(body, compresslevel=5, mtime=0)
        response = self._send("POST", "/write", fields, packed)
        if response.status == 404:
            self.query(f"CREATE DATABASE {identifier(self._settings.bucket)}")
            response = self._send("POST", "/write", fields, packed)
        self._check(response)

    def _write_v2(self, body: bytes) -> None:
        if self._client is None:
            self._client = InfluxDBClient(
                url=self._url,
                token=self._settings.token,
                org=self._settings.org,
                timeout=round(self._settings.timeout_s * 1000),
                enable_gzip=True,
            )
        api = self._client.write_api(write_options=SYNCHRONOUS)
        api.write(bucket=self._settings.bucket, record=body)

    def _ask_version(self) -> str:
        """Return what ``/ping`` says in its header or, behind some proxies, ``/health``."""
        said = self._send("GET", "/ping").headers.get("X-Influxdb-Version", "")
        if not _VERSION.match(said):
            health = self._send("GET", "/health")
            found = re.search(r'"version"\s*:\s*"([^"]*)"', health.data.decode(errors="replace"))
            said = found[1] if found else said
            if health.status >= 500:
                self._check(health)
        version = _VERSION.match(said)
        if version is None:
            msg = (
                f"{self._url}: does not say that it is InfluxDB 1, 2 or 3 (version {said!r});"
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
            return {"Authorization": f"Token {self._settings.token}"}
        if self._settings.user:
            login = f"{self._settings.user}:{self._settings.password}"
            return urllib3.make_headers(basic_auth=login)
        return {}

    def _guarded(self, talk: Callable[[], ResultT]) -> ResultT:
        """Turn what the libraries raise into an error that names the server."""
        try:
            return talk()
        except InfluxDBError as error:
            said = getattr(error, "body", None) or error.message or ""
            headers = {name.lower(): value for name, value in (error.headers or {}).items()}
            status = getattr(error, "status", 0)
            raise refusal(status, headers, self._settings.without_secrets(str(said))) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            why = self._settings.without_secrets(str(error))
            msg = f"{self._url}: InfluxDB cannot be reached; is it running? ({why})"
            raise DeliveryError(msg) from error

    def _check(self, response: urllib3.BaseHTTPResponse) -> None:
        if response.status >= 300:
            headers = {name.lower(): value for name, value in response.headers.items()}
            text = response.data.decode(errors="replace")
            raise refusal(response.status, headers, self._settings.without_secrets(text))
