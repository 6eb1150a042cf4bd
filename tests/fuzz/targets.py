"""Everything that reads bytes of others, each as a function that any bytes must leave unharmed.

A target returns if the bytes were taken, or refused in the way that its callers expect. Anything
else that it raises is a fault.
"""

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

import h11
import numpy as np
from pydantic import SecretStr
from starlette.applications import Starlette

from analysis.errors import InputError, PacketError, RecordingError, SettingsError, StoreError
from config.load import load
from config.machine_settings import Web
from ingest.packets.packet import decode, encode_json
from ingest.processing.commands import parse_command, stored_command
from ingest.processing.router import sort
from ingest.processing.stream_processor import StreamProcessor
from ingest.recordings.formats import specs
from ingest.recordings.formats.base import Block, ReadOptions
from ingest.recordings.reader import open_recording
from ingest.records import Delivery
from ingest.web.app import build_app
from simulators.scenarios.scenario import parse_scenario
from tests.fuzz.page import pages

Target = Callable[[bytes], None]

_FOLDER = Path(tempfile.mkdtemp(prefix="spryhound-fuzz-"))
_PASSWORD = "correct horse battery"  # noqa: S105  # of nobody
_TOPICS = ("collars/red/acceleration", "collars/red/status", "dogs/rex/command", "odd")
_LARGEST = 1 << 20


def packet(data: bytes) -> None:
    """Decode a batch of a collar; what is taken can be said again and is the same."""
    for content_type in ("", "application/json", "application/cbor"):
        with suppress(PacketError):
            taken = decode(data, content_type)
            again = decode(encode_json(taken))
            assert np.array_equal(again.acceleration_g, taken.acceleration_g)
            assert again.seq == taken.seq


def inbox(data: bytes) -> None:
    """Sort a message as the broker delivers it; nothing is refused here, but set aside."""
    deliveries = [
        Delivery(
            topic=f"spryhound/v1/{topic}",
            payload=data,
            content_type="",
            arrival_s=1.8e9,
            retained=False,
            generation=1,
            mid=1,
            qos=1,
        )
        for topic in _TOPICS
    ]
    box = sort(deliveries)
    n_known = len(box.packets) + len(box.statuses) + len(box.commands) + len(box.aside)
    assert n_known == len(deliveries) - 1


def command(data: bytes) -> None:
    """Read a command of MQTT and of the store; a topic may stand before."""
    topic, _, rest = data.partition(b"\0")
    with suppress(InputError):
        parse_command("spryhound/v1/dogs/rex/command", data)
    with suppress(InputError):
        parse_command(topic.decode(errors="replace"), rest)
    with suppress(InputError):
        stored_command(data)


def settings(data: bytes) -> None:
    """Load a settings file, and a variable of the environment."""
    path = _file("spryhound.toml", data)
    with suppress(SettingsError):
        load(path, {})
    name, _, value = data.decode(errors="replace").replace("\0", "").partition("=")
    with suppress(SettingsError):
        load(None, {f"SPRYHOUND_{name}": value})


def scenario(data: bytes) -> None:
    """Read a scenario of the simulator."""
    with suppress(SettingsError, InputError):
        parse_scenario(data.decode(errors="replace"), name="fuzz")


def memory(data: bytes) -> None:
    """Recall the daemon's saved state, as a failing card gives it back."""
    with suppress(StoreError):
        StreamProcessor({}, lambda _collar, _time_s: None).restore(data)


def page(data: bytes) -> None:
    """Answer a request to the page, raw, with and without a password before it."""
    request = _request(data)
    if request is not None:
        for app in _apps():
            _RUNNER.run(_answered(app, *request))


def recording(name: str) -> Target:
    """Return the target of one file format."""
    spec = specs()[name]

    def read(data: bytes) -> None:
        path = _file(f"any{spec.suffixes[0]}", data[:_LARGEST])
        with suppress(RecordingError):
            for piece in spec.read(path, ReadOptions()):
                if isinstance(piece, Block):
                    assert np.isfinite(piece.acceleration_g).all()
                    assert np.isfinite(piece.times_s).all()
        with suppress(RecordingError):
            for each in open_recording(path, ReadOptions(format=name)).packets():
                with suppress(PacketError):
                    decode(each.payload, each.content_type)

    return read


TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        "packet": packet,
        "inbox": inbox,
        "command": command,
        "settings": settings,
        "scenario": scenario,
        "memory": memory,
        "page": page,
        **{name: recording(name) for name in specs()},
    }
)


def _file(name: str, data: bytes) -> Path:
    path = _FOLDER / name
    path.write_bytes(data)
    return path


@cache
def _apps() -> tuple[Starlette, ...]:
    """Return the page without a password and with one."""
    return tuple(
        build_app(Web(host="0.0.0.0", password=SecretStr(password)), pages())  # noqa: S104  # not bound
        for password in ("", _PASSWORD)
    )


_RUNNER = asyncio.Runner()


def _request(data: bytes) -> tuple[h11.Request, bytes] | None:
    """Return the first request in some bytes as the server would see it, and its body."""
    connection, body = h11.Connection(h11.SERVER), b""
    with suppress(h11.RemoteProtocolError):
        connection.receive_data(data)
        request = connection.next_event()
        if not isinstance(request, h11.Request):
            return None
        while isinstance(event := connection.next_event(), h11.Data):
            body += bytes(event.data)
        return request, body
    return None


async def _answered(app: Starlette, request: h11.Request, body: bytes) -> None:
    """Ask an application as uvicorn does; it must answer, and never with a fault of ours."""
    raw_path, _, query = request.target.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8640),
        "client": ("127.0.0.1", 4711),
        "scheme": "http",
        "method": request.method.decode("ascii"),
        "root_path": "",
        "path": unquote(raw_path.decode("ascii")),
        "raw_path": raw_path,
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in request.headers],
        "state": {},
    }
    answers: list[int] = []
    has_asked: list[bool] = []

    async def receive() -> dict[str, object]:
        if has_asked:
            await asyncio.Event().wait()  # who asked stays, and says no more
        has_asked.append(True)
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answers.append(message["status"])
            names = {bytes(name).lower() for name, _ in message["headers"]}
            assert b"content-security-policy" in names

    await app(scope, receive, send)
    assert answers
    assert answers[0] < 500
