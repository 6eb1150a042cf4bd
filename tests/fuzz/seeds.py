"""Good bytes for each target, from which the fuzzers begin."""

from functools import cache
from pathlib import Path

import numpy as np

from config.example import render_example
from ingest.packets.packet import Packet, encode_cbor, encode_json
from ingest.recordings.formats import specs

CORPUS = Path(__file__).resolve().parent / "corpus"
"""What was found, one folder a target: kept as regression tests."""

_ROUTES = (
    "/", "/dogs/rex?days=28", "/alerts?dog=rex&kind=jumping&status=open", "/alerts/x", "/health",
    "/metrics", "/system", "/static/page.css", "/login?to=/alerts", "/nowhere",
)  # fmt: skip
_COMMANDS = (
    b'{"ack": "abc"}',
    b'{"false_alarm": "abc"}',
    b'{"snooze": {"kind": "jumping", "until": "2026-12-01T07:00+01:00"}}',
    b'{"log": {"kind": "dose", "drug": "carprofen", "amount": "50 mg"}}',
    b'{"dog": "rex", "ack": "abc"}',
    b'{"log": {"kind": "circumstance", "what": "heat", "from": "2026-11-01"}}',
)


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    """Return a target's good bytes, and everything that was found for it."""
    folder = CORPUS / target
    found = tuple(each.read_bytes() for each in sorted(folder.glob("*"))) if folder.exists() else ()
    return (*_good(target), *found, b"")


def _good(target: str) -> tuple[bytes, ...]:
    if target in specs():
        example = specs()[target].example
        return () if example is None else (example,)
    good = {
        "packet": _packets(),
        "inbox": (*_packets(), *_COMMANDS, b'{"state": "online", "battery": 80}'),
        "command": _COMMANDS,
        "settings": (render_example().encode(), b"MQTT__HOST=hub", b"[dogs.rex]\nname = 'Rex'\n"),
        "scenario": tuple(each.read_bytes() for each in _scenarios()),
        "page": (*(_get(route) for route in _ROUTES), _POST, _BASIC),
    }
    return good.get(target, ())


def _packets() -> tuple[bytes, ...]:
    still = Packet(
        seq=7,
        boot="3",
        t_ms=1.795e12,
        rate_hz=50.0,
        acceleration_g=np.tile([0.0, 0.0, 1.0], (4, 1)),
        range_g=8.0,
        index=400,
        stored=True,
    )
    rows = b'{"seq":1,"boot":1,"t_ms":5,"rate_hz":50,"clock":"uptime","xyz":[[1,2,1000]]}'
    return (encode_json(still), encode_cbor(still), encode_cbor(still, lossless=True), rows)


def _scenarios() -> list[Path]:
    folder = Path(__file__).resolve().parents[2] / "simulators" / "scenarios"
    return sorted(folder.glob("*.toml"))[:4]


def _get(route: str) -> bytes:
    return f"GET {route} HTTP/1.1\r\nHost: localhost\r\nCookie: spryhound_token=a\r\n\r\n".encode()


_POST = (
    b"POST /alerts/x/ack HTTP/1.1\r\nHost: localhost\r\nCookie: spryhound_token=a\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 16\r\n\r\ntoken=a&back=now"
)
_BASIC = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic YTpi\r\n\r\n"
