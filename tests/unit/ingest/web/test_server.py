"""The server starts, answers and ends."""

import http.client
import socket
import time
from urllib.parse import urlsplit

import pytest

from analysis.errors import SettingsError
from config.machine_settings import Web
from ingest.web.app import WebServer
from ingest.web.context import PageContext
from simulators.testing.fakes import PAGE


def test_it_ends_within_two_seconds_while_a_browser_holds_on(pages: PageContext) -> None:
    """Browsers keep connections open; the daemon must not wait for them."""
    with WebServer(PAGE, pages) as server:
        address = urlsplit(server.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        connection.request("GET", "/health")
        assert connection.getresponse().read()
        began_s = time.monotonic()
    took_s = time.monotonic() - began_s

    connection.close()
    assert took_s < 2.0
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((address.hostname, address.port), timeout=2)


def test_a_port_in_use_is_an_error_of_the_settings(pages: PageContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = WebServer(Web(port=port), pages)

        with pytest.raises(SettingsError, match=f"web.port: 127.0.0.1:{port} cannot"):
            server.__enter__()


def test_a_host_that_is_not_here_is_an_error_of_the_settings(pages: PageContext) -> None:
    server = WebServer(PAGE.model_copy(update={"host": "192.0.2.1"}), pages)

    with pytest.raises(SettingsError, match=r"192\.0\.2\.1"):
        server.__enter__()


def test_its_address_is_known_inside_the_block_only(pages: PageContext) -> None:
    server = WebServer(PAGE, pages)

    with pytest.raises(RuntimeError, match="outside of its with block"):
        _ = server.url
    with server:
        assert server.url.startswith("http://127.0.0.1:")
