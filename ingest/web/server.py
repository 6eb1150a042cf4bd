"""The server of the page, in a thread of its own."""

import socket
import threading
from types import TracebackType
from typing import Self

import structlog
import uvicorn

from analysis.errors import SettingsError
from ingest.web.app import build_app
from ingest.web.auth import SHORTEST_PASSWORD
from ingest.web.context import Pages, WebSettings
from ingest.web.security import is_loopback
from ingest.web.timeouts import HurriedProtocol

log = structlog.get_logger(__name__)
_END_WITHIN_S = 2.0
_BACKLOG = 64


class WebServer:
    """Serves the page for the time of a ``with`` block.

    Raises
    ------
    SettingsError
        On entering, if the address cannot be listened on.
    """

    def __init__(self, settings: WebSettings, pages: Pages) -> None:
        self._settings = settings
        self._pages = pages
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        _check(self._settings)
        # Our own socket listens before the thread starts, so nobody is ever refused, and an
        # address in use is an error here and not in a thread.
        self._socket = _listen(self._settings)
        config = uvicorn.Config(
            build_app(self._settings, self._pages),
            http=HurriedProtocol,
            ssl_certfile=self._settings.cert_file,
            ssl_keyfile=self._settings.key_file,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
            limit_concurrency=100,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="web", daemon=True
        )
        self._thread.start()
        log.info("page_ready", url=self.url)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_END_WITHIN_S)
        if self._socket is not None:
            self._socket.close()
        self._socket = self._server = self._thread = None

    @property
    def url(self) -> str:
        """Where the page is, as somebody on this machine asks for it; valid inside ``with``."""
        if self._socket is None:
            msg = "the page is asked for its address outside of its with block"
            raise RuntimeError(msg)
        host = self._settings.host
        port = self._socket.getsockname()[1]
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 (not bound)
        if ":" in shown and not shown.startswith("["):
            shown = f"[{shown}]"
        return f"{'https' if self._settings.cert_file else 'http'}://{shown}:{port}"


def _check(settings: WebSettings) -> None:
    """Refuse to open the page to others without a password."""
    if (settings.cert_file is None) != (settings.key_file is None):
        msg = "web.cert_file and web.key_file: expected both or none"
        raise SettingsError(msg)
    if settings.password and len(settings.password) < SHORTEST_PASSWORD:
        msg = f"web.password: expected at least {SHORTEST_PASSWORD} characters"
        raise SettingsError(msg)
    if not settings.password and not is_loopback(settings.host):
        msg = (
            f"web.password: expected one, since web.host = {settings.host!r} lets others reach the"
            " page; `spryhound secret web.password` makes one"
        )
        raise SettingsError(msg)


def _listen(settings: WebSettings) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        msg = f"web.host: {settings.host!r} cannot be listened on: {error}"
        raise SettingsError(msg) from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        where = f"{settings.host}:{settings.port}"
        msg = f"web.port: {where} cannot be listened on: {error.strerror}; choose another port"
        raise SettingsError(msg) from error
    return listening
