"""The write API of InfluxDB 2 and 3, by the official client.

A file of its own, since the client takes half a second to import: it is loaded by the first write.
"""

from collections.abc import Mapping

from influxdb_client.client.exceptions import InfluxDBError
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS


class WriteRefusedError(Exception):
    """The server answered that it did not store everything.

    Parameters
    ----------
    status
        HTTP status; 0 if there was none.
    headers
        Of the answer, names in lower case.
    text
        What the server said of it, secrets and all.
    """

    def __init__(self, status: int, headers: Mapping[str, str], text: str) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers
        self.text = text


class WriteApi:
    """Writes to one server, each call done when the points are stored."""

    def __init__(self, *, url: str, token: str, org: str, timeout_s: float) -> None:
        self._client = InfluxDBClient(
            url=url, token=token, org=org, timeout=round(timeout_s * 1000), enable_gzip=True
        )

    def write(self, bucket: str, body: bytes) -> None:
        """Write lines of the line protocol.

        Raises
        ------
        WriteRefusedError
            If the server did not store all of them.
        """
        api = self._client.write_api(write_options=SYNCHRONOUS)
        try:
            api.write(bucket=bucket, record=body)
        except InfluxDBError as error:
            text = getattr(error, "body", None) or error.message or ""
            headers = {name.lower(): value for name, value in (error.headers or {}).items()}
            raise WriteRefusedError(getattr(error, "status", 0), headers, str(text)) from error

    def close(self) -> None:
        """Close the connections."""
        self._client.api_client.rest_client.pool_manager.clear()
        self._client.close()  # type: ignore[no-untyped-call]  # the library's own gap
